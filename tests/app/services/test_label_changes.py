"""Another version of the label set: what it would do, and doing it as one step."""

from __future__ import annotations

from typing import Any

import pytest

from app import commands as c
from app.services.labels import LabelSetEffect, effect
from models.labels import label_set


def changed(desk: Any, without: str = "", rename: str = "", retire: str = "", unpaired: str = "") -> dict[str, Any]:
    """Return the project's label set with a change."""
    data: dict[str, Any] = desk.workspace.reads.label_set().to_json()
    for group in (data["entities"], data["claims"]["labels"], data["relations"]):
        group[:] = [one for one in group if one["id"] != without]
        for one in group:
            one["name"] += "X" if one["id"] == rename else ""
            one["retired"] = one["retired"] or one["id"] == retire
    for relation in data["relations"]:
        gone = relation["id"] == unpaired
        relation["pairs"] = [pair for pair in relation["pairs"] if without not in pair and not gone]
    return data


@pytest.fixture
def used(desk: Any) -> Any:
    desk.run(c.Accept(document=desk.a, key=desk.mark("WORKS_FOR").key))
    desk.run(c.Accept(document=desk.b, key=desk.mark("ORGANISATION", 0, desk.b).key))
    return desk


def told(desk: Any, data: dict[str, Any]) -> LabelSetEffect:
    return effect(desk.workspace.reads, label_set(data))


def test_what_a_change_would_do_is_told(used: Any) -> None:
    before = used.dump()
    assert told(used, changed(used)) == LabelSetEffect({}, {}, {}, {})
    assert told(used, changed(used, without="ORGANISATION")).removed == {"ORGANISATION": 2}
    assert told(used, changed(used, retire="PERSON")).retired == {"PERSON": 1}
    assert told(used, changed(used, rename="PERSON")).renamed == {"PERSON": 1}
    assert told(used, changed(used, unpaired="WORKS_FOR")).illegal == {"WORKS_FOR": 1}
    assert told(used, changed(used, without="EVENT", rename="DATE")) == LabelSetEffect({}, {}, {}, {})
    assert used.dump() == before


def test_a_new_version_is_put_in_place_and_taken_back(used: Any) -> None:
    version = used.workspace.reads.label_set().version
    outcome = used.run(c.ChangeLabelSet(label_set=changed(used, rename="PERSON")))
    assert outcome.touched.everything
    assert used.workspace.reads.label_set().version == version + 1
    assert used.workspace.reads.label_set().get("PERSON").name == "PERSONX"
    used.workspace.undo()
    assert used.workspace.reads.label_set().version == version
    assert used.workspace.reads.label_set().get("PERSON").name == "PERSON"


def test_a_used_label_goes_only_with_a_move(used: Any) -> None:
    data = changed(used, without="ORGANISATION")
    used.refuses("label.in-use", c.ChangeLabelSet(label_set=data))
    used.refuses("label.wrong-kind", c.ChangeLabelSet(label_set=data, moves={"ORGANISATION": "CLAIM"}))
    used.refuses("label.wrong-kind", c.ChangeLabelSet(label_set=data, moves={"ORGANISATION": "INGEN"}))
    assert used.run(c.ChangeLabelSet(label_set=data, moves={"ORGANISATION": "PLACE"})).count == 2
    assert {one.label for one in used.annotations().values()} == {"PERSON", "PLACE", "WORKS_FOR"}
    used.workspace.undo()
    assert used.run(c.ChangeLabelSet(label_set=data, moves={"ORGANISATION": None})).count == 2
    assert {one.label for one in used.annotations().values()} == {"PERSON"}
    assert used.annotations(used.b) == {}
    assert ("rejected", "here") in used.decisions(used.b).values()
    used.workspace.undo()
    assert {one.label for one in used.annotations().values()} == {"PERSON", "ORGANISATION", "WORKS_FOR"}


def test_another_annotators_work_moves_but_is_not_deleted(used: Any) -> None:
    used.become("Bo")
    data = changed(used, without="PERSON")
    used.refuses("label.others-use", c.ChangeLabelSet(label_set=data, moves={"PERSON": None}))
    used.run(c.ChangeLabelSet(label_set=data, moves={"PERSON": "PLACE"}))
    moved = next(one for one in used.annotations().values() if one.label == "PLACE")
    assert (moved.annotator, moved.state) == (used.me, "corrected")
    assert used.decisions()[moved.suggestion] == ("corrected", "here")


@pytest.mark.parametrize("data", [{}, {"id": "x"}, {"entities": 3}, []])
def test_what_is_no_label_set_is_refused(used: Any, data: Any) -> None:
    used.refuses("label.bad-set", c.ChangeLabelSet(label_set=data))
