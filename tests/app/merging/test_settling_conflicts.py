"""Conflicts between two copies of one person's project: shown, settled in each way, undone, and mailed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app import commands as c
from app.messages import set_language
from app.services import bases
from app.services.conflict_views import conflict_lines, conflict_view, has_conflicts, open_count
from app.services.merging import merge_into, plan_merge
from models.errors import UserError
from models.spans import Span


class Pair:
    """Two copies of a project, made different, one merged into the other."""

    def __init__(self, laptops: Callable[..., Any]) -> None:
        self.here, self.there = laptops(), laptops()
        start = self.here.file()
        for one in (self.here, self.there):
            bases.remember(one.workspace, start, "exported")
        self.document = self.here.ids[0]
        self.text = self.here.workspace.reads.text(self.document)
        found = [one for one in self.here.workspace.reads.annotations(self.document) if one.kind == "entity"]
        self.entity = min(found, key=lambda one: one.spans)

    def do(self, here: c.Command, there: c.Command) -> str:
        """Do different things on the two, merge, and return the id of the one conflict."""
        assert self.here.run(here) and self.there.run(there)
        merge_into(self.here.workspace, self.there.file())
        (line,) = conflict_lines(self.here.workspace)
        return line.id

    def settle(self, conflict: str, choice: Any) -> None:
        assert self.here.run(c.ResolveConflict(document=self.document, conflict=conflict, choice=choice))

    def now(self) -> Any:
        return self.here.workspace.reads.annotation(self.entity.id)

    def all(self) -> list[Any]:
        return [one for one in self.here.workspace.reads.annotations(self.document) if one.kind == "entity"]


@pytest.fixture
def pair(laptops: Callable[..., Any]) -> Pair:
    return Pair(laptops)


def relabel(pair: Pair, label: str) -> c.Command:
    return c.Relabel(document=pair.document, key=pair.entity.id, label=label)


def move(pair: Pair, by: int) -> c.Command:
    span = pair.entity.spans[0]
    return c.MoveBoundaries(document=pair.document, key=pair.entity.id, spans=(Span(span.start, span.end + by),))


def test_each_reading_can_be_taken_undone_and_is_not_asked_for_again(pair: Pair) -> None:
    conflict = pair.do(relabel(pair, "PLACE"), relabel(pair, "EVENT"))
    view = conflict_view(pair.here.workspace, conflict)
    assert view is not None and {one.label for one in view.readings} == {"PLACE", "EVENT"}
    assert view.choices == (0, 1, "both", "neither") and view.key and view.base
    assert sum(one.shown for one in view.readings) == 1
    mailed = pair.there.file()
    for number, one in enumerate(view.readings):
        pair.settle(conflict, number)
        assert pair.now().label == one.label and open_count(pair.here.workspace) == 0
        assert plan_merge(pair.here.workspace, mailed).open == 0
        pair.here.sound()
        pair.here.workspace.undo()
        assert open_count(pair.here.workspace) == 1
    pair.settle(conflict, 0)
    merge_into(pair.there.workspace, pair.here.file())
    assert pair.there.bytes() == pair.here.bytes()
    assert open_count(pair.there.workspace) == 0


def test_both_makes_a_second_annotation(pair: Pair) -> None:
    before = len(pair.all())
    conflict = pair.do(move(pair, 4), move(pair, 9))
    pair.settle(conflict, "both")
    assert len(pair.all()) == before + 1
    view = conflict_view(pair.here.workspace, conflict)
    assert view is not None and view.settled
    assert {one.spans for one in view.readings} <= {one.spans for one in pair.all()}
    pair.here.sound()


def test_neither_is_as_it_was(pair: Pair) -> None:
    conflict = pair.do(move(pair, 4), move(pair, 9))
    pair.settle(conflict, "neither")
    assert (pair.now().spans, pair.now().exact) == (pair.entity.spans, pair.entity.exact)
    pair.here.sound()


def test_passages_are_shown_with_what_differs(pair: Pair) -> None:
    conflict = pair.do(move(pair, 4), move(pair, 9))
    view = conflict_view(pair.here.workspace, conflict)
    assert view is not None
    for one in view.readings:
        marked = "".join(words for words, how in one.passage if how != "plain")
        span = one.spans[0]
        assert marked == " ".join(pair.text[span.start : span.end].split("\n")).replace("\u00a0", " ")
    longer = max(view.readings, key=lambda one: one.spans[0].end)
    differs = "".join(words for words, how in longer.passage if how == "differs")
    start = pair.entity.spans[0].end + 4
    assert differs == pair.text[start : start + 5].replace("\u00a0", " ").replace("\n", " ")


@pytest.mark.parametrize("gone", [True, False])
def test_deleted_or_changed(pair: Pair, gone: bool) -> None:
    assert pair.here.run(relabel(pair, "PLACE"))
    assert pair.there.run(c.Delete(document=pair.document, keys=(pair.entity.id,)))
    merge_into(pair.here.workspace, pair.there.file())
    views = [conflict_view(pair.here.workspace, one.id) for one in conflict_lines(pair.here.workspace)]
    (view,) = (one for one in views if one and not one.line.what.endswith(("decision", "result")))
    conflict = view.line.id
    number = next(one.number for one in view.readings if (one.label is None) == gone)
    pair.settle(conflict, number)
    assert (pair.entity.id not in {one.id for one in pair.all()}) == gone
    assert open_count(pair.here.workspace) == 0
    pair.here.sound()
    mailed = pair.there.file()
    merge_into(pair.here.workspace, mailed)
    assert open_count(pair.here.workspace) == 0
    assert (pair.entity.id not in {one.id for one in pair.all()}) == gone


def test_two_corrected_texts(pair: Pair) -> None:
    texts = (pair.text.replace("satsar", "satsar stort"), f"Rättat 😀. {pair.text}")
    conflict = pair.do(*(c.ReplaceText(document=pair.document, text=one) for one in texts))
    view = conflict_view(pair.here.workspace, conflict)
    assert view is not None
    for reading in view.readings:
        pair.settle(conflict, reading.number)
        assert pair.here.workspace.reads.text(pair.document) == reading.value
        pair.here.sound()
        pair.here.workspace.undo()


def test_two_titles_of_a_label_and_a_label_in_use_that_one_side_removed(pair: Pair) -> None:
    def retitled(title: str) -> c.Command:
        data = pair.here.workspace.reads.label_set().to_json()
        data["entities"][0]["title"]["sv"] = title
        return c.ChangeLabelSet(label_set=data)

    conflict = pair.do(retitled("Människa"), retitled("Individ"))
    view = conflict_view(pair.here.workspace, conflict)
    assert view is not None and view.line.document is None
    for reading in view.readings:
        assert pair.here.run(c.ResolveConflict(conflict=conflict, choice=reading.number))
        labels = pair.here.workspace.reads.label_set()
        assert labels.entities[0].title["sv"] == reading.value
        pair.here.workspace.undo()


def test_notes_of_a_document(pair: Pair) -> None:
    assert pair.here.run(c.SetDocumentNote(document=pair.document, text="Läs om."))
    merge_into(pair.there.workspace, _mail(pair.here))
    (note,) = pair.here.workspace.reads.notes(pair.document)
    change = [c.SetDocumentNote(document=pair.document, text=one, note=note.id) for one in ("Läs om nu.", "Läs inte.")]
    conflict = pair.do(*change)
    pair.settle(conflict, "both")
    assert {one.text for one in pair.here.workspace.reads.notes(pair.document)} == {"Läs om nu.", "Läs inte."}
    pair.here.sound()


def test_verdict_and_result_are_settled_together(pair: Pair) -> None:
    workspace = pair.here.workspace
    marks = workspace.marks.marks(pair.document)
    judged = next(one for one in marks if one.state == "accepted" and one.kind == "entity")
    assert pair.here.run(c.Relabel(document=pair.document, key=judged.key, label="EVENT"))
    assert pair.there.run(c.Delete(document=pair.document, keys=(judged.key,)))
    merge_into(workspace, pair.there.file())
    for line in conflict_lines(workspace):
        view = conflict_view(workspace, line.id)
        if view is not None and view.line.open:
            pair.settle(line.id, 0)
    assert open_count(workspace) == 0


def test_what_is_gone_or_settled_or_no_choice_is_refused(pair: Pair) -> None:
    conflict = pair.do(relabel(pair, "PLACE"), relabel(pair, "EVENT"))
    for wanted, choice, code in (("inget", 0, "no-such-conflict"), (conflict, 7, "no-such-choice")):
        with pytest.raises(UserError) as caught:
            pair.here.workspace.run(c.ResolveConflict(conflict=wanted, choice=choice))  # type: ignore[arg-type]
        assert caught.value.code == f"merging.{code}"
    pair.settle(conflict, 1)
    assert not pair.here.run(c.ResolveConflict(conflict=conflict, choice=1))  # as it is settled already


def _mail(laptop: Any) -> Any:
    path = laptop.file()
    bases.remember(laptop.workspace, path, "exported")
    return path


def test_a_settled_conflict_is_listed_says_what_was_chosen_and_is_settled_anew(pair: Pair) -> None:
    set_language("en")
    conflict = pair.do(relabel(pair, "PLACE"), relabel(pair, "EVENT"))
    workspace = pair.here.workspace
    pair.settle(conflict, 0)
    assert conflict_lines(workspace) == [] and has_conflicts(workspace)
    (line,) = conflict_lines(workspace, settled_too=True)
    view = conflict_view(workspace, line.id)
    assert view is not None and view.settled and not line.open
    assert f"reading 1, {view.readings[0].value}" in view.settled
    merge_into(pair.there.workspace, pair.here.file())
    pair.settle(conflict, 1)
    assert pair.now().label == view.readings[1].label
    pair.here.sound()
    merge_into(pair.there.workspace, pair.here.file())
    told = conflict_view(pair.there.workspace, conflict)
    assert told is not None and told.settled and f"reading 2, {view.readings[1].value}" in told.settled
    assert pair.there.workspace.reads.annotation(pair.entity.id).label == view.readings[1].label
    assert pair.there.bytes() == pair.here.bytes()
    workspace.undo()
    again = conflict_view(workspace, conflict)
    assert again is not None and again.settled == view.settled and pair.now().label == view.readings[0].label
