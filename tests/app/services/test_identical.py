"""Doing to all identical passages what was done to one: the preview is what happens."""

from __future__ import annotations

from typing import Any

import pytest

from app import commands as c
from app.services.identical import plan
from models.spans import Span


def preview(desk: Any, mark: Any, scope: Any, create: bool) -> list[Any]:
    return list(plan(desk.workspace.reads, desk.workspace.marks, desk.a, mark, scope, create))


@pytest.mark.parametrize("scope", ["document", "corpus"])
@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("first", ["nothing", "accept", "relabel", "reject", "by hand"])
def test_the_preview_is_what_happens(desk: Any, scope: Any, create: bool, first: str) -> None:
    key = desk.mark("ORGANISATION").key
    if first == "accept":
        desk.run(c.Accept(document=desk.a, key=key))
    elif first == "relabel":
        desk.run(c.Relabel(document=desk.a, key=key, label="PLACE"))
    elif first == "reject":
        desk.run(c.Reject(document=desk.a, key=key))
    elif first == "by hand":
        key = desk.create("Anna", "PERSON")
    mark = next(one for one in desk.marks() if one.key == key)
    before = {d: {m.key: m for m in desk.marks(d)} for d in (desk.a, desk.b)}
    planned = preview(desk, mark, scope, create)
    outcome = desk.run(c.ApplyToIdentical(document=desk.a, key=key, scope=scope, create_missing=create))
    assert outcome.count == len(planned)
    changed = {
        (document, one.spans[0], one.label, one.state)
        for document in (desk.a, desk.b)
        for one in desk.marks(document)
        if before[document].get(one.key) != one and one.key != key
    }
    label = mark.label
    told = {
        "accept": (label, "accepted"),
        "correct": (label, "corrected"),
        "reject": (label, "rejected"),
        "create": (label, "manual"),
    }
    assert changed == {(one.document, one.span, *told[one.action]) for one in planned}
    if outcome.change_set:
        steps = len(desk.workspace.reads.history())
        desk.workspace.undo()
        assert {d: {m.key: m for m in desk.marks(d)} for d in (desk.a, desk.b)} == before
        assert len(desk.workspace.reads.history()) == steps


def test_case_and_spacing_do_not_count(desk: Any) -> None:
    planned = preview(desk, desk.mark("ORGANISATION"), "corpus", True)
    assert [(one.document == desk.a, one.action) for one in planned] == [
        (True, "create"), (True, "accept"), (False, "accept"), (False, "accept"),
    ]  # fmt: skip
    words = {desk.text(one.document)[one.span.start : one.span.end] for one in planned}
    assert words == {"Region\u00a0Halland", "Region Halland"}
    person = preview(desk, desk.mark("PERSON"), "corpus", True)
    assert [(one.document, one.action) for one in person] == [(desk.b, "create")]


def test_decomposed_letters_are_found_in_the_corpus(desk: Any) -> None:
    planned = preview(desk, desk.mark("PLACE"), "corpus", False)
    assert [(one.document, one.action) for one in planned] == [(desk.b, "accept")]


def test_part_of_a_decomposed_word_is_no_word(desk: Any) -> None:
    spans = desk.place("Ska")
    desk.run(c.CreateAnnotation(document=desk.a, kind="entity", label="EVENT", spans=spans))
    mark = desk.mark("EVENT")
    assert preview(desk, mark, "corpus", True) == []


def test_nothing_is_made_over_marks_or_furniture(desk: Any) -> None:
    (place,) = desk.place("Region\u00a0Halland")
    desk.run(c.SetFurniture(document=desk.a, start=place.start, end=place.end))
    planned = preview(desk, desk.mark("ORGANISATION"), "document", True)
    assert [one.action for one in planned] == ["accept"]


def test_only_one_passage_has_identical_ones(desk: Any) -> None:
    desk.refuses(
        "identical.needs-one-span",
        c.ApplyToIdentical(document=desk.a, key=desk.mark("WORKS_FOR").key, scope="corpus"),
    )
    two = c.CreateAnnotation(document=desk.a, kind="entity", label="EVENT", spans=(Span(0, 3), Span(5, 8)))
    key = desk.run(two).focus.mark
    desk.refuses("identical.needs-one-span", c.ApplyToIdentical(document=desk.a, key=key, scope="document"))
