"""Controls and work packages in the window: hidden until done, chosen by hand, filtered, written by a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from app import commands
from app.services.packages import plan_packages
from ui.item_models.documents import described, subtitle


def make_control(hands: Any) -> None:
    hands.window.bridge.run(commands.SetControls(documents=(hands.document,)))


def test_a_controls_suggestions_show_once_it_is_done(hands: Any) -> None:
    window, reader = hands.window, hands.reader
    assert reader.flow.content.marks
    make_control(hands)
    assert not reader.flow.content.marks
    assert "suggestions show once done" in window.document._facts.text()
    assert window.document._count.isHidden()
    hands.press("Tab")
    assert reader.focused is None
    document = hands.document
    hands.press("D")
    assert hands.document != document
    hands.press("Ctrl+PgUp")
    assert hands.document == document
    assert reader.flow.content.marks
    assert "suggestions show once done" not in window.document._facts.text()
    hands.press("D")  # open it again
    assert reader.flow.content.marks


def test_marking_it_done_shows_them_at_once(hands: Any) -> None:
    make_control(hands)
    hands.window.bridge.run(commands.SetDone(document=hands.document))
    assert hands.reader.flow.content.marks
    hands.press("Ctrl+Z", "Ctrl+Z")
    assert hands.reader.flow.content.marks


def test_a_document_is_made_a_control_in_the_list(hands: Any) -> None:
    corpus = hands.window.corpus
    menu = corpus.menu(1)
    assert not menu.control.isChecked()
    menu.control.trigger()
    corpus.reload()
    one = corpus.model.listed(1)
    assert one.control
    assert subtitle(one).startswith("Control · ")
    assert "Control" in described(one)
    assert one.open == 0
    other = corpus.menu(1)
    assert other.control.isChecked()
    other.control.trigger()
    corpus.reload()
    assert not corpus.model.listed(1).control
    for one in (menu, other):
        one.deleteLater()


def test_documents_of_mine_and_of_nobody_are_filtered(hands: Any) -> None:
    reads, bar = hands.workspace.reads, hands.window.corpus.bar
    documents = list(hands.window.corpus.model.ids)
    plan = plan_packages(reads, ["Maja"], documents=documents[:2])
    hands.window.bridge.run(plan.command())
    bar.change(mine=True)
    assert set(hands.window.corpus.model.ids) == set(documents[:2])
    assert "Assigned to me" in bar.count.text()
    bar.change(mine=False, unassigned=True)
    assert list(hands.window.corpus.model.ids) == documents[2:]
    bar.reset()
    assert len(hands.window.corpus.model.ids) == 3


def test_packages_are_written_by_a_job(hands: Any, qtbot: QtBot, tmp_path: Path) -> None:
    plan = plan_packages(hands.workspace.reads, ["Anna", "Bo"], 0.5)
    hands.window.bridge.run(plan.command())
    bo = next(one for one, name in plan.names.items() if name == "Bo")
    hands.window.team.write(tmp_path, [bo])
    qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=60_000)
    (written,) = tmp_path.glob("*.json")
    assert json.loads(written.read_text("utf-8"))["kurator"]["package"]["annotator"] == bo
    assert f"1 work package was written to {tmp_path}" in hands.said[-1][0]
