"""Making relations by keyboard: only legal ends, narrowed by key, either way round, across documents."""

from __future__ import annotations

import pytest

from app import commands
from models.marks import Mark
from tests.ui.window.conftest import Hands


def relations(hands: Hands) -> list[Mark]:
    """Return the relations that people made in any document."""
    found = []
    for document in hands.window.corpus.model.ids:
        found += [m for m in hands.workspace.marks.marks(document) if m.kind == "relation" and m.annotation]
    return found


def offered(hands: Hands) -> set[str]:
    """Return the keys of the ends on offer."""
    return set(hands.reader.accents.legal or ())


def target(hands: Hands, name: str) -> None:
    """Walk to the named end with Tab."""
    wanted = hands.mark(name).key
    for _ in range(10):
        if hands.reader.target == wanted:
            return
        hands.press("Tab")
    raise AssertionError(f"{name} is not offered")


def test_only_legal_ends_are_offered(hands: Hands) -> None:
    labels = hands.workspace.reads.label_set()
    hands.look("place")
    hands.press("R")
    assert hands.window.relating.active and not hands.window.document.hint.isHidden()
    legal = {
        m.key
        for m in hands.workspace.marks.marks(hands.document)
        if m.spans
        and m.key != hands.focused.key
        and (labels.relations_between("PLACE", m.label) or labels.relations_between(m.label, "PLACE"))
    }
    assert offered(hands) == legal
    assert hands.mark("bo").key not in legal and hands.mark("claim").key in legal
    hands.press("Escape")
    assert not hands.window.relating.active and hands.window.document.hint.isHidden()
    assert hands.reader.accents.legal is None and hands.steps() == []


def test_rejected_marks_are_no_ends(hands: Hands) -> None:
    hands.window.bridge.run(commands.Reject(document=hands.document, key=hands.mark("region").key))
    hands.look("bo")
    hands.press("R")
    assert hands.mark("region").key not in offered(hands) and hands.mark("region again").key in offered(hands)


def test_a_relations_key_narrows_the_ends_and_enter_takes_one(hands: Hands) -> None:
    hands.look("bo")
    hands.press("R")
    everything = offered(hands)
    hands.press("W")  # works for; also the key of a label, which it must not give now
    assert offered(hands) == {hands.mark("region").key, hands.mark("region again").key} < everything
    hands.press("W")
    assert offered(hands) == everything
    hands.press("W")
    target(hands, "region again")
    hands.press("Return")
    (made,) = relations(hands)
    assert made.label == "WORKS_FOR"
    assert hands.mark("bo").annotation == made.head and hands.mark("region again").annotation == made.tail
    assert not hands.window.relating.active and hands.focused.key == hands.mark("bo").key
    assert hands.steps() == ["relate"] and hands.said[-1][1] == "done"


def test_a_relation_may_lead_back_from_the_chosen_end(hands: Hands) -> None:
    hands.look("region")
    hands.press("R", "W")
    target(hands, "signe")
    hands.press("Return")
    (made,) = relations(hands)
    assert (made.label, made.head, made.tail) == (
        "WORKS_FOR", hands.mark("signe").annotation, hands.mark("region").annotation
    )  # fmt: skip


def test_several_relations_are_a_choice_of_single_keys(hands: Hands) -> None:
    hands.look("signe")
    hands.press("R")
    target(hands, "region")
    hands.press("Return")
    lines = hands.popup()
    assert any("works for" in line for line in lines) and any("responsible for" in line for line in lines)
    hands.press("R")  # responsible for, not another relation
    (made,) = relations(hands)
    assert made.label == "RESPONSIBLE_FOR"


def test_leaving_the_choice_goes_on_relating(hands: Hands) -> None:
    hands.look("signe")
    hands.press("R")
    target(hands, "region")
    hands.press("Return", "Escape")
    assert hands.window.relating.active and not relations(hands)
    hands.press("Escape")
    assert not hands.window.relating.active


def test_the_end_may_be_in_another_document(hands: Hands) -> None:
    first, second, _ = hands.window.corpus.model.ids
    hands.look("bo")
    hands.press("R", "W", "Ctrl+PgDown")
    assert hands.document == second and hands.window.relating.active
    hands.reader.setFocus()
    target(hands, "region")
    hands.press("Return")
    (made,) = relations(hands)
    assert made.head == hands.mark("bo", first).annotation
    assert made.tail == hands.mark("region", second).annotation
    hands.press("Ctrl+Z")
    assert not relations(hands) and hands.document == first


@pytest.mark.parametrize("away", ["close", "label"])
def test_what_ends_the_mode(hands: Hands, away: str) -> None:
    hands.look("bo")
    hands.press("R")
    if away == "close":
        hands.window.projects.close()
        assert not hands.window.relating.active and hands.window.document.hint.isHidden()
    else:
        hands.press("Escape", "4")
        assert hands.mark("bo").label == "PLACE"


def test_a_mark_that_went_meanwhile_is_a_sentence(hands: Hands) -> None:
    hands.look("bo")
    hands.press("R", "W")
    target(hands, "region")
    hands.window.bridge.run(commands.Reject(document=hands.document, key=hands.mark("bo").key))
    hands.press("Return")
    assert hands.said[-1][1] in ("error", "done")
    assert not hands.window.relating.active


def test_the_far_end_of_a_relation_is_one_click_away(hands: Hands) -> None:
    first, second, _ = hands.window.corpus.model.ids
    outcome = hands.window.bridge.run(
        commands.CreateRelation(
            document=first,
            label="WORKS_FOR",
            head=hands.mark("bo", first).key,
            tail=hands.mark("region", second).key,
            tail_document=second,
        )
    )
    assert outcome is not None
    hands.reader.end_requested.emit(hands.mark("region", second).annotation)
    assert hands.document == second and hands.focused.key == hands.mark("region", second).key
    hands.reader.end_requested.emit(hands.mark("bo", first).key)
    assert hands.document == first and hands.focused.key == hands.mark("bo", first).key
    hands.reader.end_requested.emit("01a20078-5593-7960-be1c-8a2950d27cee")
    assert hands.document == first and hands.said[-1][1] == "info"
