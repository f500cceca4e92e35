"""The places behind a figure with their words, and who confuses what, held against counting by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.agreement import Selection, measured, project_source
from app.services.agreement_views import Search, confused_places, confusion, people_to_compare, places
from app.services.projects import open_for_reading
from app.workspace import Workspace
from models.agreement.measure import Wishes
from models.agreement.records import AgreementReport, Figure
from models.spans import Span
from tests.app.services.readings import Said, give, project

TEXT = "Region A\u030adalen 😀 sparar tolv\u00a0procent i hemsjuk\u00advården, säger Signe Ström till Bo Ek."
SCOPE = Selection(scope="worked")


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


REGION, SIGNE, BO = at("Region A\u030adalen"), at("Signe Ström"), at("Bo Ek")
CLAIM = at("sparar tolv\u00a0procent")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Maja, Nils and Sara on two documents: they differ on labels, boundaries, facets, speakers and what is there."""
    made = project(tmp_path / "vård.kurator", {"a.txt": TEXT, "b.txt": TEXT + " Igen."}, ["Maja", "Nils", "Sara"])
    first, second = (made.reads.document_by_name(name) or "" for name in ("a.txt", "b.txt"))
    fact, figure = {"kind": "fact"}, {"kind": "figure"}
    give(made, first, "Maja", [Said("ORGANISATION", REGION), Said("PERSON", SIGNE), Said("CLAIM", CLAIM, fact)],
         [("ATTRIBUTED_TO", 2, 1)])  # fmt: skip
    give(made, first, "Nils", [Said("PLACE", REGION), Said("PERSON", SIGNE), Said("CLAIM", CLAIM, figure),
                               Said("PERSON", BO)], [("ATTRIBUTED_TO", 2, 3)])  # fmt: skip
    give(made, second, "Maja", [Said("ORGANISATION", REGION), Said("PERSON", BO)])
    give(made, second, "Nils", [Said("ORGANISATION", at("A\u030adalen"))])
    give(made, second, "Sara", [Said("ORGANISATION", REGION), Said("PERSON", BO)])
    with made:
        yield made


def report_of(workspace: Workspace) -> AgreementReport:
    return measured(project_source(workspace.reads), SCOPE, Wishes(samples=0))


def figure(report: AgreementReport, layer: str, measure: str, subject: str | None = None) -> Figure:
    found = report.find(layer, measure, subject)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_place_says_who_says_what(workspace: Workspace) -> None:
    report = report_of(workspace)
    source = project_source(workspace.reads)
    found = list(places(workspace.reads, source, report, figure(report, "entity", "f1-exact")))
    said = [(one.name, one.way, one.words, {v.annotator: (v.label, v.words) for v in one.voices}) for one in found]
    nothing = (None, "")
    region = ("ORGANISATION", "Region A\u030adalen")
    assert said == [
        ("a.txt", "label", "Region A\u030adalen", {"Maja": region, "Nils": ("PLACE", "Region A\u030adalen")}),
        ("a.txt", "missing", "Bo Ek", {"Maja": nothing, "Nils": ("PERSON", "Bo Ek")}),
        ("b.txt", "boundary", "Region A\u030adalen",
         {"Maja": region, "Nils": ("ORGANISATION", "A\u030adalen"), "Sara": region}),
        ("b.txt", "missing", "Bo Ek", {"Maja": ("PERSON", "Bo Ek"), "Nils": nothing, "Sara": ("PERSON", "Bo Ek")}),
    ]  # fmt: skip
    assert found[0].after.startswith(" 😀 sparar")
    for one in found:
        assert one.span is not None
        assert workspace.reads.text(one.document)[one.span.start : one.span.end] == one.words


def test_facets_and_relations_are_said_too(workspace: Workspace) -> None:
    report, source = report_of(workspace), project_source(workspace.reads)
    kind = next(places(workspace.reads, source, report, figure(report, "facet", "share", "kind")))
    assert [voice.value for voice in kind.voices] == ["fact", "figure"]
    speaker = next(places(workspace.reads, source, report, figure(report, "facet", "share", "speaker")))
    assert [voice.speakers for voice in speaker.voices] == [("Signe Ström",), ("Bo Ek",)]
    relation = next(places(workspace.reads, source, report, figure(report, "relation", "f1-exact")))
    drawn = [(voice.head, voice.tail) for voice in relation.voices if voice.label]
    assert ("sparar tolv\u00a0procent", "Signe Ström") in drawn or ("sparar tolv\u00a0procent", "Bo Ek") in drawn


def test_confusions_are_counted(workspace: Workspace) -> None:
    report, source = report_of(workspace), project_source(workspace.reads)
    pair = ("Maja", "Nils")
    *_, found = confusion(source, report, "entity", None, pair, "all")
    counted = {key: count for key, count in found.counts.items() if count}
    assert counted == {
        ("ORGANISATION", "PLACE"): 1,
        ("ORGANISATION", "ORGANISATION"): 1,
        ("PERSON", "PERSON"): 1,
        (None, "PERSON"): 1,
        ("PERSON", None): 1,
    }
    assert found.names[-1] is None and set(found.names) == {"PERSON", "ORGANISATION", "PLACE", None}
    *_, everybody = confusion(source, report, "entity", None, None, "all")
    assert all(everybody.counts[b, a] == count for (a, b), count in everybody.counts.items())
    *_, facets = confusion(source, report, "facet", "kind", pair, "all")
    assert dict(facets.counts) == {("fact", "figure"): 1}


def test_a_confusion_leads_to_its_places(workspace: Workspace) -> None:
    report, source = report_of(workspace), project_source(workspace.reads)
    pair = ("Maja", "Nils")
    whole = Figure("all", "entity", None, pair, None, "f1-exact", None, None, None, 0, 0, None)

    def behind(one: str | None, other: str | None) -> list[str]:
        found = places(workspace.reads, source, report, whole)
        return [place.words for place in confused_places(found, None, one, other, pair)]

    assert behind("ORGANISATION", "PLACE") == ["Region A\u030adalen"]
    assert behind("PLACE", "ORGANISATION") == []  # the order of the pair counts
    assert behind(None, "PERSON") == ["Bo Ek"] and behind("PERSON", None) == ["Bo Ek"]


def test_a_search_runs_beside_and_can_be_stopped(workspace: Workspace) -> None:
    report = report_of(workspace)
    wanted = figure(report, "entity", "f1-exact")
    whole = Search(workspace.path, lambda reads, source: places(reads, source, report, wanted), 100)
    whole.wait()
    assert whole.done and whole.error is None and len(whole.found) == 4
    some = Search(workspace.path, lambda reads, source: places(reads, source, report, wanted), 2)
    some.wait()
    assert len(some.found) == 2
    stopped = Search(workspace.path, lambda reads, source: iter(range(10**9)), 10**9)
    stopped.cancel()
    stopped.wait()
    assert stopped.done and len(stopped.found) < 10**9


def test_only_who_worked_is_compared(workspace: Workspace) -> None:
    assert people_to_compare(workspace) == ["Maja", "Nils", "Sara"]
    with open_for_reading(workspace.path) as other:
        assert people_to_compare(other) == ["Maja", "Nils", "Sara"]
