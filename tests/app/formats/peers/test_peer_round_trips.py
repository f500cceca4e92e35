"""What goes out to another tool's format and comes back is the same, but for what was listed as lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.formats import brat, cas, doccano, label_studio, prodigy
from app.formats.beside import STANDING
from app.formats.contract import Format, ReadContext
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage, Refusal
from app.formats.simplify import simplifier

FORMS = [cas.JSON, cas.XMI, brat.FORMAT, doccano.FORMAT, label_studio.FORMAT, prodigy.FORMAT]
BY_ID = [pytest.param(one, id=one.id) for one in FORMS]


def out_and_in(
    form: Format, document: LayerDocument, folder: Path, made: Any, **choices: str
) -> tuple[list[Any], tuple[Loss, ...]]:
    """Write a document as the program does, read it again; give what was read and what was lost."""
    assert form.write is not None and form.read is not None
    losses = Losses()
    simple = simplifier(form, {}, losses)(document)
    target = folder / f"out{form.suffix}"
    if form.folder:
        target.mkdir()
    complete = {name: values[0] for name, values in form.choices.items()} | choices
    more = form.write([simple], target, replace(made.CONTEXT, choices=complete))
    assert target.exists()
    return list(form.read([target], ReadContext(made.LABELS, complete))), (*losses.all(), *more)


def bare(item: Any) -> Any:
    return item._replace(origin={})


def comparable(document: LayerDocument) -> LayerDocument:
    """Return the document in a form in which order and origin do not count."""
    passages = sorted(map(bare, document.passages), key=lambda one: one.id)
    links = sorted(map(bare, document.links), key=lambda one: one.id)
    return replace(document, passages=tuple(passages), links=tuple(links), split=None)


def kept_of(document: LayerDocument, keep: Callable[[Passage | Link], bool]) -> LayerDocument:
    """Return the document without the passages and links that are not kept, and links that end on those."""
    passages = tuple(one for one in document.passages if keep(one))
    there = {one.id for one in passages}
    links = tuple(
        one for one in document.links if keep(one) and one.head in there and one.tail in there and one.head != one.tail
    )
    return replace(document, passages=passages, links=links)


def standing(item: Passage | Link) -> bool:
    return item.state in STANDING


@pytest.mark.parametrize("form", BY_ID)
def test_one_of_everything(form: Format, tmp_path: Path, made: Any) -> None:
    document = made.named(made.one_of_everything())
    items, losses = out_and_in(form, made.one_of_everything(), tmp_path, made)
    assert not [one for one in items if isinstance(one, Refusal)]
    lost = {loss.code: loss.count for loss in losses}
    found = [one for one in items if isinstance(one, LayerDocument)]
    if form.id.startswith("cas"):
        (read,) = found
        assert comparable(read) == comparable(replace(kept_of(document, standing), name=document.name))
        assert lost == {"formats.lost-rejected": 1, "formats.lost-suggested": 1, "peers.lost-name": 1}
    elif form is brat.FORMAT:
        (read,) = found
        plain = replace(kept_of(document, standing), name="mapp_sida 😀.txt", notes=())
        assert comparable(read) == comparable(bare_of_facts(plain))
        assert lost == {
            "formats.lost-metadata": 5,
            "formats.lost-furniture": 1,
            "formats.lost-rejected": 1,
            "formats.lost-suggested": 1,
            "formats.lost-document-note": 1,
            "peers.lost-name": 1,
        }
    elif form is label_studio.FORMAT:
        (read,) = found
        turned_down = kept_of(document, lambda one: one.state != "rejected")
        assert comparable(read) == comparable(kept_links(turned_down, {"l1", "l2"} - lost_links(losses)))
        assert lost == {"formats.lost-rejected": 1, "peers.lost-between-annotators": 1}
    elif form is prodigy.FORMAT:
        assert [[one.id for one in read.passages] for read in found] == [
            ["p1", "p2"],
            ["p3", "p4", "p5"],
            ["p7"],
            ["p6"],
        ]
        passages = [one for read in found for one in read.passages]
        assert sorted(map(bare, passages)) == sorted(map(bare, document.passages))
        assert [bare(link) for read in found for link in read.links] == [bare(document.links[1])]
        assert lost == {"peers.lost-between-annotators": 1}
    else:
        (read,) = found
        assert [(one.label, one.spans) for one in read.passages] == [
            (one.label, (covering(one),)) for one in document.passages if standing(one)
        ]
        assert len(read.links) == 2 and read.metadata == document.metadata and read.furniture == document.furniture
        assert lost["formats.lost-discontinuous"] == 1 and lost["formats.lost-facet"] == 2


def covering(one: Passage) -> Any:
    return one.spans[0]._replace(end=one.spans[-1].end)


def lost_links(losses: Iterable[Loss]) -> set[str]:
    examples = [example for loss in losses if loss.code == "peers.lost-between-annotators" for example in loss.examples]
    return {"l1" for one in examples if one.endswith("ATTRIBUTED_TO")} | {
        "l2" for one in examples if one.endswith("WORKS_FOR")
    }


def kept_links(document: LayerDocument, keep: set[str]) -> LayerDocument:
    return replace(document, links=tuple(one for one in document.links if one.id in keep))


def bare_of_facts(document: LayerDocument) -> LayerDocument:
    return LayerDocument(
        document.name, document.text, passages=document.passages, links=document.links, notes=document.notes
    )


@pytest.mark.parametrize("form", [pytest.param(one, id=one.id) for one in FORMS if one not in (doccano.FORMAT,)])
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_any_document_comes_back(
    form: Format, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject
) -> None:
    document = data.draw(made.documents())
    items, losses = out_and_in(form, document, tmp_path_factory.mktemp("out"), made)
    codes = {loss.code for loss in losses}
    links_to_themselves = any(one.head == one.tail for one in document.links)
    assert {one.code for one in items if isinstance(one, Refusal)} <= (
        {"peers.to-itself"} if links_to_themselves else set()
    )
    found = [one for one in items if isinstance(one, LayerDocument)]
    if {"peers.lost-empty-document", "peers.lost-control-document"} & codes:
        assert found == []
        return
    assert {one.text for one in found} == {document.text}
    assume(
        not codes
        & {
            "peers.lost-line-break",
            "peers.lost-only-line-breaks",
            "peers.lost-blanks",
            "peers.lost-control-character",
            "formats.lost-facet",
        }
    )
    wanted = made.named(document)
    if form is not prodigy.FORMAT:
        (read,) = found
        wanted = kept_of(wanted, standing if form is not label_studio.FORMAT else lambda one: one.state != "rejected")
        if form is label_studio.FORMAT:
            wanted = kept_links(wanted, {one.id for one in read.links})
            assert len(read.links) + sum(
                loss.count for loss in losses if loss.code == "peers.lost-between-annotators"
            ) >= len(kept_of(made.named(document), lambda one: one.state != "rejected").links)
        read = replace(read, name=wanted.name)
        assert comparable(read) == comparable(wanted)
    else:
        passages = [one for read in found for one in read.passages]
        assert sorted(map(repr, map(bare, passages))) == sorted(map(repr, map(bare, wanted.passages)))


@pytest.mark.parametrize("unit", ["auto", "utf-16", "graphemes", "code-points"])
@given(data=st.data())
def test_doccano_in_every_unit(
    unit: str, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject
) -> None:
    document = data.draw(made.documents(simple=True, discontinuous=False))
    folder = tmp_path_factory.mktemp("out")
    items, losses = out_and_in(doccano.FORMAT, document, folder, made, offsets=unit)
    if not document.text:
        assert items == [] and [loss.code for loss in losses] == ["peers.lost-empty-document"]
        return
    if unit == "auto":
        (read,) = doccano.read([folder / "out.jsonl"], ReadContext(made.LABELS, {"offsets": "utf-16"}))
    else:
        (read,) = items
    lost = sum(loss.count for loss in losses if loss.code == "peers.lost-inside-character")
    assert unit == "graphemes" or not lost
    told = [(one.spans, one.label) for one in read.passages]
    wanted = [(one.spans, one.label) for one in document.passages]
    assert len(told) == len(wanted) - lost
    assert sorted(told) == sorted(wanted) if not lost else set(told) <= set(wanted)
