"""Three noisy copies of the gold pages, adjudicated by somebody who knows the gold, give the gold back."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from app import commands as c
from app.services.adjudication_views import DocumentCases
from app.workspace import Workspace
from models.adjudication import Case
from models.annotations import Annotation
from models.spans import Span
from models.store.adjudication_reads import adjudicator
from tests.app.services.readings import Said, give, project

SHARED = Path(__file__).resolve().parents[4] / "shared"
PEOPLE = ("bo", "cilla", "dan")
Key = tuple[Any, ...]


def gold() -> list[tuple[str, str, list[Said], list[tuple[str, int, int]]]]:
    """Return name, text, passages and links of each page, the speaker of a claim being a link."""
    pages = []
    for path in sorted((SHARED / "gold").glob("*.gold.json")):
        data = json.loads(path.read_text("utf-8"))
        text = (SHARED / "corpus" / data["document"]).read_bytes().decode("utf-8")
        passages = [Said(one["label"], (Span(one["start"], one["end"]),)) for one in data["entities"]]
        number = {tuple(one.spans[0]): n for n, one in enumerate(passages)}
        links = [(one["label"], number[tuple(one["head"])], number[tuple(one["tail"])]) for one in data["relations"]
                 if {tuple(one["head"]), tuple(one["tail"])} <= number.keys()]  # fmt: skip
        for one in data["claims"]:
            passages.append(
                Said("CLAIM", (Span(one["start"], one["end"]),), {"kind": one["kind"], "mode": one["mode"]})
            )
            if one["speaker"] and tuple(one["speaker"]) in number:
                links.append(("ATTRIBUTED_TO", len(passages) - 1, number[tuple(one["speaker"])]))
        pages.append((data["document"], text, passages, links))
    return pages


def noisy(
    chance: random.Random, text: str, passages: list[Said], links: list[tuple[str, int, int]]
) -> tuple[list[Said], list[tuple[str, int, int]]]:
    """Return a reading that misses, cuts, mislabels and adds a good part."""
    kept: dict[int, int] = {}
    found: list[Said] = []
    for number, one in enumerate(passages):
        (span,) = one.spans
        fate = chance.random()
        if fate < 0.12:
            continue
        if fate < 0.24 and span.end - span.start > 3:
            one = one._replace(spans=(Span(span.start + chance.randint(0, 2), span.end - chance.randint(0, 1)),))
        elif fate < 0.34:
            one = one._replace(facets={**one.facets, "kind": "goal"}) if one.facets else one._replace(label="EVENT")
        kept[number] = len(found)
        found.append(one)
    for _ in range(6):
        start = chance.randrange(len(text) - 12)
        found.append(Said("PROGRAMME", (Span(start, start + chance.randint(3, 9)),)))
    known = [link for link in links if {link[1], link[2]} <= kept.keys() and chance.random() < 0.85]
    return found, [(label, kept[head], kept[tail]) for label, head, tail in known]


class Judge:
    """Somebody who decides each case by the gold."""

    def __init__(self, workspace: Workspace, document: str, passages: list[Said], links: list[tuple[str, int, int]]):
        self.workspace, self.document = workspace, document
        self.wanted = {(one.label, one.spans, _facets(one.facets)) for one in passages}
        key = [(one.label, one.spans, _facets(one.facets)) for one in passages]
        self.links = {(label, key[head], key[tail]) for label, head, tail in links}
        self.standing: dict[Key, str] = {}

    def cases(self) -> DocumentCases:
        return DocumentCases(self.workspace.reads, self.document)

    def decide(self, kind: str) -> None:
        cases = self.cases()
        for case in cases.cases:
            if (case.kind == "relation") == (kind == "relation") and cases.ruling(case).open:
                self._decide(cases, case)
        for label, spans, facets in sorted(self.wanted - self.reached()) if kind != "relation" else ():
            self._run(label=label, spans=spans, facets=dict(facets))
        if kind == "relation":
            found = {key: one.id for one in self.reading() if (key := _key(one)) in self.wanted}
            for label, head, tail in sorted(self.links - self.related()):
                self._run(label=label, ends=(found[head], found[tail]))

    def _decide(self, cases: DocumentCases, case: Case) -> None:
        left = self.wanted - self.reached() if case.kind != "relation" else set()
        for one in case.members:
            for other in case.members:
                mixed: Key = (one.label, other.spans, _facets(other.facets))
                if mixed in left:
                    self._run(case=case.ids, taken=(one.id, other.id), spans=other.spans, facets=dict(other.facets))
                    return
        right = [one for one in case.members if case.kind == "relation" and self._relates(cases, one)]
        if right:
            self._run(case=case.ids, taken=(right[0].id,))
        else:
            self.workspace.run(c.AdjudicateWrong(document=self.document, case=case.ids))

    def _relates(self, cases: DocumentCases, one: Annotation) -> bool:
        ends = [cases.stands_for(end or "") for end in (one.head, one.tail)]
        if not all(ends):
            return False
        head, tail = (_key(self.workspace.reads.annotation(end or "")) for end in ends)
        return (one.label, head, tail) in self.links - self.related()

    def _run(self, **more: Any) -> None:
        self.workspace.run(c.AdjudicateCase(document=self.document, **more))

    def reading(self) -> list[Annotation]:
        judge = adjudicator(self.workspace.reads)
        return self.workspace.reads.annotations(self.document, judge) if judge else []

    def reached(self) -> set[Key]:
        return {_key(one) for one in self.reading() if one.kind != "relation"}

    def related(self) -> set[Key]:
        known = {one.id: _key(one) for one in self.reading()}
        return {(one.label, known[one.head or ""], known[one.tail or ""]) for one in self.reading() if one.head}


def _facets(facets: Any) -> Key:
    return tuple(sorted(facets.items()))


def _key(one: Annotation) -> Key:
    return (one.label, one.spans, _facets(one.facets))


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the gold pages are not here")
def test_three_noisy_readings_are_adjudicated_to_the_gold(tmp_path: Path) -> None:
    pages, chance = gold(), random.Random(3)
    with project(tmp_path / "p.kurator", {name: text for name, text, *_ in pages}, PEOPLE) as workspace:
        judges = []
        for name, text, passages, links in pages:
            document = workspace.reads.document_by_name(name) or ""
            for who in PEOPLE:
                give(workspace, document, who, *noisy(chance, text, passages, links))
            judges.append(Judge(workspace, document, passages, links))
        workspace.run(c.AdjudicateAll(least="all"))
        at_once = [len(judge.reached()) for judge in judges]
        assert all(at_once) and all(judge.reached() <= judge.wanted for judge in judges)
        for judge in judges:
            judge.decide("passages")
            judge.decide("relation")
            assert judge.reached() == judge.wanted
            assert judge.related() == judge.links
            cases = judge.cases()
            assert not any(cases.ruling(case).open for case in cases.cases)
