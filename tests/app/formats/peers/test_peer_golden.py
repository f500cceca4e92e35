"""The bytes that go to other tools: looked at once, the same ever since, and read back as what they were."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.formats.contract import Format, ReadContext, WriteContext
from app.formats.layers import DocumentNote, LayerDocument, Link, Losses, Passage
from app.formats.registry import format_named
from app.formats.simplify import simplifier
from models.labels import Facet, FacetValue, Label, LabelSet, RelationLabel
from models.spans import Span

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "formats"
FORMS = ("cas-json", "cas-xmi", "brat", "doccano", "label-studio", "prodigy", "web-annotation", "graphml", "claims-csv")
TEXT = (
    "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna\u00a0Ek.\r\n"
    "Slut-\u00a0och öppen\u00advård får 12 miljoner\nredan i år."
)
LABELS = LabelSet(
    "set",
    "Prov",
    1,
    (Label("PERSON", "Person", color="#aa3355"), Label("ORGANISATION", "Organisation"), Label("SERVICE", "Tjänst")),
    (Label("CLAIM", "Påstående"),),
    (
        Facet("kind", type="choice", values=(FacetValue("fact"), FacetValue("plan"))),
        Facet("negated", type="flag"),
        Facet("topic"),
    ),
    (RelationLabel("ATTRIBUTED_TO", "Sagt av"), RelationLabel("ABOUT", "Om")),
)
CONTEXT = WriteContext(LABELS, {"a1": "Anna", "b2": "Bo"}, "Provprojekt")


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def documents() -> list[LayerDocument]:
    """Return a document with everything, one without marks, and one without text."""
    open_care = Span(at("öppen\u00advård").start + 6, at("öppen\u00advård").end)
    passages = [
        Passage("e1", "entity", "ORGANISATION", (at("Region Häradsbo"),), annotator="a1", register="r1"),
        Passage(
            "e2", "entity", "ORGANISATION", (at("Häradsbo"),), annotator="a1", note="Orten, inte regionen?\nFråga Bo."
        ),
        Passage("e3", "entity", "PERSON", (at("Anna\u00a0Ek"),), annotator="a1", state="accepted", score=0.875),
        Passage("e4", "entity", "SERVICE", (at("Slut"), open_care), annotator="a1", state="corrected"),
        Passage("e5", "entity", "SERVICE", (at("va\u030ardrum"),), annotator="b2", state="rejected", score=0.25),
        Passage("e6", "entity", "SERVICE", (at("😀"),), state="suggested", score=0.5),
        Passage(
            "k1",
            "claim",
            "CLAIM",
            (at("får 12 miljoner\nredan i år"),),
            {"kind": "plan", "negated": False, "topic": "pengar & vård"},
            "a1",
        ),
    ]
    links = (
        Link("l1", "ATTRIBUTED_TO", "k1", "e3", annotator="a1", note="indirekt"),
        Link("l2", "ABOUT", "k1", "e4", {"kind": "fact"}, "a1"),
    )
    whole = LayerDocument(
        "vardrum",
        TEXT,
        "d1",
        "Va\u030ardrum",
        "https://exempel.se/vardrum?a=1&b=2",
        "sv",
        {"publisher": "Region Häradsbo"},
        (at("redan i år"),),
        None,
        tuple(sorted(passages, key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))),
        links,
        (DocumentNote("b2", "Läs om den här."),),
    )
    return [whole, LayerDocument("utan-marken", "Bara text.", "d2"), LayerDocument("tom", "", "d3")]


def write(form: Format, target: Path) -> list[tuple[str, int, tuple[str, ...]]]:
    assert form.write is not None
    if form.folder:
        target.mkdir(parents=True)
    losses = Losses()
    simple = list(map(simplifier(form, {}, losses), documents()))
    choices = {name: values[0] for name, values in form.choices.items()}
    more = form.write(simple, target, replace(CONTEXT, choices=choices))
    return [(loss.code, loss.count, loss.examples) for loss in (*losses.all(), *more)]


def bytes_of(target: Path) -> dict[str, bytes]:
    if target.is_file():
        return {"": target.read_bytes()}
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("name", FORMS)
def test_the_bytes_are_those_that_were_looked_at(name: str, tmp_path: Path) -> None:
    """KURATOR_GOLDEN=write writes them anew, to be looked at before they are committed."""
    form = format_named(name)
    write(form, tmp_path / f"made{form.suffix}")
    made = bytes_of(tmp_path / f"made{form.suffix}")
    golden = GOLDEN / f"{name}{form.suffix}"
    if os.environ.get("KURATOR_GOLDEN") == "write":
        for place, data in made.items():
            path = golden / place if place else golden
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    assert made == bytes_of(golden)


@pytest.mark.parametrize("name", FORMS[:6])
def test_the_golden_files_are_read(name: str) -> None:
    form = format_named(name)
    assert form.read is not None
    golden = GOLDEN / f"{name}{form.suffix}"
    assert form.recognises(golden)
    choices = {name: values[0] for name, values in form.choices.items()}
    found = {}
    for item in form.read([golden], ReadContext(LABELS, choices)):
        assert isinstance(item, LayerDocument), item
        found.setdefault(item.name, []).append(item)
    wanted = documents()[0]
    fragments = {one.spans for one in wanted.passages if one.state not in ("rejected", "suggested")}
    if name == "doccano":
        fragments = {(Span(spans[0].start, spans[-1].end),) for spans in fragments}
    read = found["vardrum"]
    assert {one.text for one in read} == {TEXT}
    spans = {one.spans for item in read for one in item.passages if one.state not in ("rejected", "suggested")}
    assert spans == fragments
    assert {link.label for item in read for link in item.links} == {"ATTRIBUTED_TO", "ABOUT"}
    assert found["utan-marken"][0].passages == ()


LOSSES = {
    "cas-json": {"formats.lost-rejected": 1, "formats.lost-suggested": 1, "peers.lost-empty-document": 1},
    "brat": {
        "formats.lost-metadata": 4,
        "formats.lost-furniture": 1,
        "formats.lost-rejected": 1,
        "formats.lost-suggested": 1,
        "formats.lost-document-note": 1,
    },
    "doccano": {
        "formats.lost-rejected": 1,
        "formats.lost-suggested": 1,
        "formats.lost-state": 2,
        "formats.lost-discontinuous": 1,
        "formats.lost-facet": 4,
        "formats.lost-annotator": 7,
        "formats.lost-note": 2,
        "formats.lost-document-note": 1,
        "formats.lost-register": 1,
        "formats.lost-score": 1,
        "peers.lost-empty-document": 1,
    },
    "label-studio": {"formats.lost-rejected": 1},
    "prodigy": {},
    "web-annotation": {
        "formats.lost-rejected": 1,
        "formats.lost-suggested": 1,
        "formats.lost-state": 2,
        "formats.lost-metadata": 4,
        "formats.lost-furniture": 1,
        "formats.lost-score": 1,
        "peers.lost-text": 2,
    },
    "graphml": {"formats.lost-metadata": 4, "formats.lost-furniture": 1, "formats.lost-document-note": 1},
    "claims-csv": {
        "formats.lost-metadata": 4,
        "formats.lost-furniture": 1,
        "formats.lost-document-note": 1,
        "formats.lost-facet": 1,
    },
}
LOSSES["cas-xmi"] = LOSSES["cas-json"]


@pytest.mark.parametrize("name", FORMS)
def test_all_that_is_lost_is_listed(name: str, tmp_path: Path) -> None:
    form = format_named(name)
    losses = write(form, tmp_path / "made")
    assert {code: count for code, count, _ in losses} == LOSSES[name]
    assert all(examples and all(examples) for _, _, examples in losses)
