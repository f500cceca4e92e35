"""The places behind a number: all that differ, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from models.agreement.disagreements import Disagreement, disagreements
from models.agreement.measure import Wishes, measure_agreement
from models.agreement.records import ComparedDocument, Figure, Layer, Link, Measure, Passage, Reading
from models.annotations import Annotator
from models.labels import label_set
from models.spans import Span

LABELS = label_set(json.loads((Path(__file__).parents[3] / "resources/label_sets/default.json").read_text("utf-8")))
PEOPLE = (Annotator("a", "human", "Anna"), Annotator("b", "human", "Bo"), Annotator("c", "human", "Cilla"))
TEXT = "Anna Berg 😀 leder Region Halland. Regionen va\u030axer, säger hon om hälso\u00advården.\u00a0Slut."


def entity(name: str, label: str, start: int, end: int) -> Passage:
    return Passage(name, "entity", label, (Span(start, end),))


def claim(name: str, **facets: object) -> Passage:
    return Passage(name, "claim", "CLAIM", (Span(34, 50),), facets)


ANNA = Reading(
    (entity("a1", "PERSON", 0, 9), entity("a2", "ORGANISATION", 18, 32), claim("a3", kind="fact", topic="Tillväxt")),
    (Link("a4", "WORKS_FOR", "a1", "a2"), Link("a5", "ATTRIBUTED_TO", "a3", "a1")),
)
BO = Reading(
    (entity("b1", "PERSON", 0, 4), entity("b2", "ORGANISATION", 18, 32), claim("b3", kind="goal", topic="tillväxt ")),
    (Link("b4", "WORKS_FOR", "b1", "b2"), Link("b5", "ATTRIBUTED_TO", "b3", "b2")),
)
CILLA = Reading((entity("c2", "PLACE", 25, 32), claim("c3", kind="fact")))
DOCUMENT = ComparedDocument("d", "d.txt", len(TEXT), TEXT, {"a": ANNA, "b": BO, "c": CILLA})
REPORT = measure_agreement([DOCUMENT], PEOPLE, LABELS, Wishes(0))


def behind(
    layer: Layer, measure: Measure, subject: str | None = None, pair: tuple[str, str] | None = ("a", "b")
) -> list[Disagreement]:
    figure = REPORT.find(layer, measure, subject, pair)
    assert figure is not None
    return list(disagreements(DOCUMENT, figure, "abc", LABELS))


def told(found: list[Disagreement]) -> list[tuple[str, Span | None, list[str | None]]]:
    return [(one.way, one.extent, [said.annotation for said in one.said]) for one in found]


def test_boundaries_count_where_they_are_measured() -> None:
    assert told(behind("entity", "f1-exact")) == [("boundary", Span(0, 9), ["a1", "b1"])]
    assert behind("entity", "f1-overlap") == []
    assert behind("entity", "cohen", "ORGANISATION") == []


def test_all_three_are_told_with_what_each_says() -> None:
    assert told(behind("entity", "alpha", pair=None)) == [
        ("missing", Span(0, 9), ["a1", "b1", None]),
        ("label", Span(18, 32), ["a2", "b2", "c2"]),
    ]
    labels = [said.label for said in behind("entity", "alpha", "PLACE", pair=None)[0].said]
    assert labels == ["ORGANISATION", "ORGANISATION", "PLACE"]


def test_facets_by_value_and_speakers_by_whom_they_mean() -> None:
    (kind,) = behind("facet", "share", "kind")
    assert [said.value for said in kind.said] == ["fact", "goal"]
    assert behind("facet", "share", "topic") == []
    (speaker,) = behind("facet", "share", "speaker")
    assert [said.value for said in speaker.said] == [((Span(0, 9),),), ((Span(18, 32),),)]


def test_relations_with_their_ends() -> None:
    assert told(behind("relation-ends", "f1")) == [
        ("missing", Span(0, 50), ["a5", None]),
        ("missing", Span(18, 50), [None, "b5"]),
    ]
    exact = behind("relation", "f1-exact", "WORKS_FOR")
    assert told(exact) == [("relation", Span(0, 32), ["a4", "b4"])]
    assert exact[0].said[1].head == (Span(0, 4),)
    assert behind("relation", "f1-overlap", "WORKS_FOR") == []


def test_as_many_as_the_figure_counts() -> None:
    """What F1 misses of both annotators' passages stands in the list."""
    for measure in ("f1-exact", "f1-overlap"):
        figure = REPORT.find("entity", measure, None, ("a", "c"))  # type: ignore[arg-type]
        assert figure is not None and figure.value is not None
        missed = figure.units - round(figure.value * figure.units)
        found = behind("entity", measure, None, ("a", "c"))  # type: ignore[arg-type]
        assert sum(said.annotation is not None for one in found for said in one.said) == missed


def test_who_did_not_read_it_says_nothing() -> None:
    short = ComparedDocument("d", "d.txt", len(TEXT), TEXT, {"a": ANNA})
    figure: Figure = REPORT.figures[0]
    assert list(disagreements(short, figure, "abc", LABELS)) == []
