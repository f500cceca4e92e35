"""Documents for the tests of formats: one with everything, and a strategy for any."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.formats.contract import WriteContext
from app.formats.layers import DocumentNote, LayerDocument, Link, Passage
from app.workspace import default_label_set
from models.labels import label_set
from models.spans import Span

LABELS = label_set(default_label_set())
CONTEXT = WriteContext(LABELS, {"a1": "Anna", "b2": "Bo"}, "Prov", {})

TEXT = (
    "Anna 😀 Ek i va\u030arlag vid Region\u00a0Norrby sa\u00adde:\r\n"
    "vården blir bättre, tror Region\u00a0Norrbys chef.\n"
    "Brö­st- och lungcancer\u2028följs upp 👩\u200d🔬."
)


def at(words: str, text: str = TEXT, after: int = 0) -> Span:
    """Return where words stand."""
    start = text.index(words, after)
    return Span(start, start + len(words))


def one_of_everything() -> LayerDocument:
    """Return a document with each feature of the matrix, and a boundary inside a token."""
    claim = at("vården blir bättre")
    passages = [
        Passage("p1", "entity", "PERSON", (at("Anna"), at("Ek")), annotator="a1", note="säker? 😀", register="r1"),
        Passage("p2", "entity", "ORGANISATION", (at("Region\u00a0Norrby"),), annotator="a1"),
        Passage("p3", "entity", "PLACE", (at("Norrby"),), annotator="b2", state="accepted", score=0.75),
        Passage("p4", "claim", "CLAIM", (claim,), {"kind": "forecast", "negated": False}, "b2", state="corrected"),
        Passage("p5", "entity", "CONDITION", (at("cancer"),), annotator="b2", origin={"by": "pipeline", "rule": "x"}),
        Passage("p6", "entity", "EVENT", (at("va\u030arlag"),), annotator="b2", state="rejected", score=0.25),
        Passage("p7", "entity", "ROLE", (at("chef"),), state="suggested", score=0.5),
    ]
    links = [
        Link("l1", "ATTRIBUTED_TO", "p4", "p1", annotator="a1", note="indirekt"),
        Link("l2", "WORKS_FOR", "p1", "p2", annotator="b2", state="accepted", score=0.5),
    ]
    return LayerDocument(
        name="mapp/sida 😀.txt",
        text=TEXT,
        id="0190",
        title="Va\u030arlaget",
        source="https://exempel.se/sida",
        language="sv",
        metadata={"publisher": "Region Norrby", "licens": "CC0"},
        furniture=(at("följs upp"),),
        split="dev",
        passages=tuple(sorted(passages, key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))),
        links=tuple(links),
        notes=(DocumentNote("b2", "Läs om 😀"),),
    )


def named(document: LayerDocument) -> LayerDocument:
    """Return the document as a reader gives it back: annotators by the names that the file was given."""
    from dataclasses import replace

    def called(one: Any) -> Any:
        return one._replace(annotator=CONTEXT.annotators.get(one.annotator, one.annotator))

    return replace(
        document,
        passages=tuple(map(called, document.passages)),
        links=tuple(map(called, document.links)),
        notes=tuple(map(called, document.notes)),
    )


LETTERS = st.sampled_from("abÅö 😀\u030a\u00a0\u00ad.-\n\r\t\u2028👩\u200d1'\"|<&,;")
_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
STATES = st.sampled_from(["manual", "accepted", "corrected", "rejected", "suggested"])


@st.composite
def spans_in(draw: Any, length: int, most: int) -> tuple[Span, ...]:
    """Return one or more disjoint, rising spans."""
    count = draw(st.integers(1, most)) if length >= 2 * most else 1
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2 * count, max_size=2 * count, unique=True)))
    return tuple(Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True))


@st.composite
def documents(draw: Any, *, discontinuous: bool = True, simple: bool = False) -> LayerDocument:
    """Return any document; ``simple``: only entities made by hand, which say no more than label and place."""
    text = draw(st.text(LETTERS, max_size=60))
    passages = []
    for number in range(draw(st.integers(0, 5)) if text else 0):
        kind = "entity" if simple else draw(st.sampled_from(["entity", "claim"]))
        state = "manual" if simple else draw(STATES)
        facets = {} if simple else draw(st.dictionaries(st.sampled_from(["kind", "topic"]), _WORDS.filter(bool)))
        passage = Passage(
            f"p{number}",
            kind,
            draw(st.sampled_from(["PERSON", "PLACE", "CLAIM 2"])) if not simple else draw(st.sampled_from("AB")),
            draw(spans_in(len(text), 3 if discontinuous else 1)),
            facets,
            "" if simple else draw(st.sampled_from(["", "a1", "b2"])),
            None if simple else draw(st.none() | _WORDS.filter(bool)),
            state,
            None if simple else draw(st.none() | st.floats(0, 1, allow_nan=False, width=32)),
            None if simple else draw(st.sampled_from([None, "r1"])),
            {} if simple else draw(st.sampled_from([{}, {"by": "pipeline", "source": "x"}])),
        )
        passages.append(passage)
    links = []
    if len(passages) > 1 and not simple:
        ends = st.sampled_from([one.id for one in passages])
        for number in range(draw(st.integers(0, 3))):
            head, tail = draw(ends), draw(ends)
            if head != tail:
                links.append(Link(f"l{number}", "ABOUT", head, tail, annotator=draw(st.sampled_from(["", "a1"]))))
    passages.sort(key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))
    name = draw(st.text(LETTERS.filter(str.isprintable), min_size=1, max_size=8))
    return LayerDocument(name=name, text=text, passages=tuple(passages), links=tuple(links))
