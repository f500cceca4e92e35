"""Claims and relations learned from what people drew, as components of a plain spaCy pipeline."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from trained_corpus import corpus, document, text_of

from app.paths import resource
from app.pipeline.suggest import analysis_of
from app.pipeline.trained.clauses import candidates
from app.pipeline.trained.pairs import Node, Pairs, Rule
from app.pipeline.trained.surroundings import Surroundings
from app.training.fitting.structure import around, claims_f1, fit_claims, fit_relations, relations_f1
from app.training.progress import Progress
from app.training.recipe import Recipe, Setting, gather
from models.labels import label_set
from models.spans import Span

LABELS = label_set(json.loads(resource("label_sets", "default.json").read_text("utf-8")))
MATERIAL = gather(corpus(40))


def quiet(folder: Path) -> Progress:
    return Progress(folder, lambda done, of, told: None, lambda: False)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Language:
    """A pipeline that finds entities by patterns, claims and relations by what it learned."""
    folder = tmp_path_factory.mktemp("progress")
    nlp = spacy.blank("sv")
    ruler = nlp.add_pipe("entity_ruler")
    known = {(one.label, d.text[one.extent.start : one.extent.end]) for d in corpus(40) for one in d.entities}
    ruler.add_patterns([{"label": label, "pattern": words} for label, words in sorted(known)])
    setting = Setting(Recipe("blank"), LABELS, ("claims", "relations"))
    fit_claims(nlp, MATERIAL, setting, quiet(folder))
    fit_relations(nlp, MATERIAL, setting, quiet(folder))
    return nlp


def drawn(nlp: Language, text: str) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Return claims (words, kind, mode) and relations (label, words, words)."""
    analysis = analysis_of(nlp(text))

    def words(number: int | None) -> str:
        assert number is not None
        spans = analysis.proposals[number].spans
        return text[spans[0].start : spans[-1].end]

    claims, relations = set(), set()
    for number, one in enumerate(analysis.proposals):
        assert 0 <= one.score <= 1
        if one.kind == "claim":
            assert one.source == "learned"
            claims.add((words(number), str(one.facets["kind"]), str(one.facets["mode"])))
        elif one.kind == "relation":
            relations.add((one.label, words(one.head), words(one.tail)))
    return claims, relations


def expected(number: int) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    one = document(number)
    words = {mark.id: one.text[mark.extent.start : mark.extent.end] for mark in (*one.entities, *one.claims)}
    claims = {(words[c.id], str(c.facets["kind"]), str(c.facets["mode"])) for c in one.claims}
    return claims, {(link.label, words[link.head], words[link.tail]) for link in one.relations}


def test_what_was_drawn_is_found_in_a_text_never_seen(trained: Language) -> None:
    assert drawn(trained, text_of(57)[0]) == expected(57)
    assert drawn(trained, "") == (set(), set())
    assert drawn(trained, "Inget här 😀.")[1] == set()


def test_the_folder_says_the_same_in_a_plain_python(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path / "lärd")
    text = text_of(58)[0]
    code = (
        "import sys, json, spacy\n"
        "doc = spacy.load(sys.argv[1])(sys.argv[2])\n"
        "print(json.dumps([[s.text for s in doc.spans['kurator_claims']], doc._.kurator_relations]))"
    )
    run = [sys.executable, "-X", "utf8", "-c", code, str(tmp_path / "lärd"), text]
    claims, relations = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    doc = trained(text)
    assert claims == [span.text for span in doc.spans["kurator_claims"]] and len(claims) == 3
    assert relations == doc._.kurator_relations and len(relations) == 3
    for name in ("kurator_claims", "kurator_relations"):
        copied = spacy.blank("sv").add_pipe(name).from_bytes(trained.get_pipe(name).to_bytes())  # type: ignore[attr-defined]
        assert copied.to_bytes() == trained.get_pipe(name).to_bytes()  # type: ignore[attr-defined]
        assert copied.labels == trained.get_pipe(name).labels  # type: ignore[attr-defined]


def test_the_measures_of_training_know_right_from_wrong(trained: Language) -> None:
    claims, relations = trained.get_pipe("kurator_claims"), trained.get_pipe("kurator_relations")
    unseen = [document(number) for number in range(60, 66)]
    assert claims_f1(claims, unseen) == 1.0 and relations_f1(relations, unseen) == 1.0  # type: ignore[arg-type]
    nothing = trained.get_pipe("kurator_claims").cfg  # type: ignore[attr-defined]
    before, nothing["threshold"] = nothing["threshold"], 1.1
    try:
        assert claims_f1(claims, unseen) == 0.0  # type: ignore[arg-type]
    finally:
        nothing["threshold"] = before


def test_only_what_the_label_set_lets_join_is_asked_about() -> None:
    one = document(5)
    nodes = [Node(mark.extent, mark.label) for mark in one.entities]
    works = Rule("WORKS_FOR", (("PERSON", "ORGANISATION"),))
    same = Rule("SAME_AS", (("*", "*"),), symmetric=True)
    found = {(nodes[p.head].label, nodes[p.tail].label, p.labels) for p in Pairs(around(one), nodes, [works], 9)}
    assert found == {("PERSON", "ORGANISATION", ("WORKS_FOR",))}
    both = [(p.head, p.tail) for p in Pairs(around(one), nodes, [same], 9)]
    assert len(both) == len({frozenset(pair) for pair in both}) == 10  # each pair once
    near = [(nodes[p.head].span, nodes[p.tail].span) for p in Pairs(around(one), nodes, [works], 0)]
    assert near and all("\n" not in one.text[head.start : tail.end] for head, tail in near)


def test_places_survive_odd_letters() -> None:
    text = "A\u030asa Ek på Väst\u00adra Götalands\u00a0region 😀 säger att vården växer snabbt."
    person, body = Span(0, 6), Span(10, 36)
    seen = Surroundings(text, [(*person, "PERSON"), (*body, "ORGANISATION")])
    assert [seen.original(one.start, one.end) for one in sorted(seen.entities.values())] == [person, body]
    assert "vården växer snabbt." in {text[a:b] for (a, b), *_ in candidates(seen)}
