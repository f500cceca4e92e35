"""The nasty set (emoji, CR LF, crossing and discontinuous spans, no text), in and out of every tool's format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.formats import brat, cas, doccano, label_studio, prodigy
from app.formats.contract import ReadContext, WriteContext
from app.formats.layers import LayerDocument, Link, Losses, Passage
from app.formats.simplify import simplifier
from models.spans import Span
from tests.app.formats.peers.peer_files import CONTEXT, HERE, SHARED, check_text, frags, same, taken

pytestmark = HERE
CAS_JSON, XMI = cas.JSON, cas.XMI

NASTY = SHARED / "nasty"
SPLIT_LAST, SPLIT_FIRST, COVERING, WHOLE = "split-last", "split-first", "covering", "whole"
# In pieces, the relation on one of them; as what covers them; as they are.
NASTY_FILES = [
    (brat.FORMAT, "brat", WHOLE),
    (CAS_JSON, "cas", SPLIT_LAST),
    (XMI, "cas", SPLIT_LAST),
    (doccano.FORMAT, "doccano/all-utf16.jsonl", COVERING),
    (label_studio.FORMAT, "label_studio/export.json", SPLIT_FIRST),
    (prodigy.FORMAT, "prodigy/export.jsonl", COVERING),
]


def nasty_rows(how: str) -> dict[str, list[Any]]:
    """Return the truth as a format can tell it: fragments as they are, one by one, or covered."""
    rows: dict[str, list[Any]] = {}
    for row in map(json.loads, (NASTY / "expected.jsonl").read_text("utf-8").splitlines()):
        own = rows.setdefault(row["doc"], [])
        if row["k"] == "span":
            own += [["span", place, row["label"]] for place in pieces(row["frags"], how)]
        elif row["k"] == "rel":
            ends = [(pieces(place, how)[0 if how == SPLIT_FIRST else -1], label) for _, place, label in row["args"]]
            own.append(["rel", row["label"], *ends])
    return rows


def pieces(fragments: list[list[int]], how: str) -> list[list[list[int]]]:
    if how in (SPLIT_LAST, SPLIT_FIRST):
        return [[one] for one in fragments]
    return [[[fragments[0][0], fragments[-1][1]]]] if how == COVERING else [fragments]


@pytest.mark.parametrize(("form", "place", "how"), NASTY_FILES, ids=lambda one: getattr(one, "id", ""))
def test_the_nasty_set(form: Any, place: str, how: str) -> None:
    documents, refused = taken(form, NASTY / place)
    assert refused == []
    truth = nasty_rows(how)
    if not place.startswith(("brat", "cas")):
        truth.pop("empty")  # the set has none there
    texts = {
        row["doc"]: row
        for row in map(json.loads, (NASTY / "expected.jsonl").read_text("utf-8").splitlines())
        if row["k"] == "doc"
    }
    assert {one.name for one in documents} == set(truth)
    for document in documents:
        check_text(document, [texts[document.name]])
        by_id = {one.id: one for one in document.passages}
        rows: list[Any] = [["span", frags(one), one.label] for one in document.passages]
        for link in document.links:
            ends = [by_id[link.head], by_id[link.tail]]
            rows.append(["rel", link.label, *((frags(one), one.label) for one in ends)])
        same(rows, truth[document.name])
        if form.id in ("brat", "cas-json", "cas-xmi"):
            facets = {one.label: dict(one.facets) for one in document.passages if one.facets}
            assert facets == {"disc": {"CLAIM": {"polarity": "asserted"}}, "emoji": {"MISC": {"certainty": "low"}}}.get(
                document.name, {}
            )


def nasty_documents() -> list[LayerDocument]:
    """Return the nasty set as the program holds it."""
    documents = []
    rows = list(map(json.loads, (NASTY / "expected.jsonl").read_text("utf-8").splitlines()))
    for name in [row["doc"] for row in rows if row["k"] == "doc"]:
        text = (NASTY / f"{name}.txt").read_bytes().decode("utf-8")
        own = [row for row in rows if row["doc"] == name]
        passages = []
        for row in own:
            if row["k"] == "span":
                facets = {key: value for key, value in row["attrs"].items() if key != "id"}
                spans = tuple(Span(*one) for one in row["frags"])
                passages.append(Passage(row["attrs"]["id"], "entity", row["label"], spans, facets))
        places = {(str(frags(one)), one.label): one.id for one in passages}
        links = []
        for row in own:
            if row["k"] == "rel":
                head, tail = (places[str(place), label] for _, place, label in row["args"])
                links.append(Link(row["attrs"]["id"], row["label"], head, tail))
        passages.sort(key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))
        documents.append(LayerDocument(name, text, passages=tuple(passages), links=tuple(links)))
    return documents


@pytest.mark.parametrize("form", [one for one, *_ in NASTY_FILES], ids=lambda form: form.id)
def test_the_nasty_set_goes_out_and_comes_back(form: Any, tmp_path: Path) -> None:
    target = tmp_path / f"out{form.suffix}"
    if form.folder:
        target.mkdir()
    choices = {name: values[0] for name, values in form.choices.items()}
    losses = Losses()
    simple = list(map(simplifier(form, {}, losses), nasty_documents()))
    more = form.write(simple, target, WriteContext(CONTEXT.labels, choices=choices))
    items = list(form.read([target], ReadContext(CONTEXT.labels, choices)))
    empty = form.id in ("cas-json", "cas-xmi", "doccano")
    assert [loss.code for loss in more] == (["peers.lost-empty-document"] if empty else [])
    lost = {loss.code: loss.count for loss in losses.all()}
    assert lost == ({"formats.lost-discontinuous": 1, "formats.lost-facet": 2} if form.id == "doccano" else {})
    truth = nasty_rows(COVERING if form.id == "doccano" else WHOLE)
    if empty:
        truth.pop("empty")
    found = {}
    for document in items:
        assert isinstance(document, LayerDocument), document
        by_id = {one.id: one for one in document.passages}
        rows: list[Any] = [["span", frags(one), one.label] for one in document.passages]
        for link in document.links:
            ends = [by_id[link.head], by_id[link.tail]]
            rows.append(["rel", link.label, *((frags(one), one.label) for one in ends)])
        found[document.name] = rows
    assert found.keys() == truth.keys()
    for name, rows in found.items():
        same(rows, truth[name])
