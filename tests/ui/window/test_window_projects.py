"""Projects in the window: opening, switching, dropping, read-only, closing; and refusals as sentences."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import tr
from app.workspace import Workspace
from models.errors import EnvironmentFault, KuratorError, UserError
from tests.ui.window.conftest import Hands, make_project
from ui.collector import IDLE_MS


def made(folder: Path, name: str, documents: int = 2) -> Path:
    """Return a project's file."""
    path = folder / f"{name}.kurator"
    make_project(path, documents).close()
    return path


def test_opening_shows_the_first_document_and_the_name(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    window = empty_window.window
    assert window.windowTitle() == "Kurator"
    path = made(tmp_path, "vård")
    assert window.projects.open_path(path)
    assert window.windowTitle() == "vård – Kurator"
    assert empty_window.reader.hasFocus() and empty_window.document == window.corpus.model.ids[0]
    qtbot.waitUntil(lambda: str(path) in window.bridge.settings.recent)
    assert "writer" in vars(empty_window.workspace)  # what writes is loaded before the first key


def test_opening_it_again_keeps_it_writable(empty_window: Hands, tmp_path: Path) -> None:
    path = made(tmp_path, "vård")
    empty_window.window.projects.open_path(path)
    workspace = empty_window.workspace
    assert empty_window.window.projects.open_path(tmp_path / "." / "vård.kurator")
    assert empty_window.workspace is workspace and not workspace.read_only
    assert empty_window.said[-1] == (tr("window.already-open"), "info")


def test_another_project_leaves_nothing_behind(empty_window: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    window, bridge = empty_window.window, empty_window.window.bridge
    window.projects.open_path(made(tmp_path, "ett"))
    for pane in ("search", "claims", "relations", "history", "inspector"):
        window.side.show_pane(pane)
    window.side.search.field.setText("planen")
    window.corpus.bar.field.setText("Beslut 1")
    empty_window.look("claim")
    window.navigation.focus_reader()
    empty_window.press("R")
    first = empty_window.workspace
    window.projects.open_path(made(tmp_path, "två", 1))
    assert bridge.workspace is not first and len(window.corpus.model.ids) == 1
    assert bridge.mark is None and bridge.selection == () and not window.relating.active
    assert window.side.search.field.text() == "" and window.corpus.bar.field.text() == ""
    assert empty_window.reader.focused is None and empty_window.steps() == []
    qtbot.wait(500)  # whatever was waiting meets the new project
    with pytest.raises(Exception, match="closed"):
        first.reads.meta("name")
    with Workspace.open(first.path) as again:  # the lock is free
        assert not again.read_only


def test_closing_shows_the_page_to_begin_with(hands: Hands, qtbot: QtBot) -> None:
    hands.look("claim")
    hands.press("Ctrl+W")
    window = hands.window
    assert not window.bridge.is_open and window.windowTitle() == "Kurator"
    assert hands.reader.flow is None and window._start.isVisible()
    qtbot.wait(300)
    for keys in ("Ctrl+Z", "Ctrl+F", "Ctrl+PgDown", "F6"):
        hands.press(keys)


def test_a_write_protected_project_says_so_and_changes_nothing(
    empty_window: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, "arkiv")
    with monkeypatch.context() as protected:
        protected.setattr("models.store.project_file.os.access", lambda *_: False)
        assert empty_window.window.projects.open_path(path)
    assert empty_window.workspace.read_only
    assert empty_window.said[-1] == (tr("window.opened-read-only"), "warning")
    assert empty_window.window.windowTitle() == tr("window.read-only", name="arkiv")
    window = empty_window.window
    for act in (
        lambda: empty_window.press("Tab", "Return"),
        lambda: empty_window.press("X"),
        lambda: empty_window.press("D"),
        lambda: empty_window.press("Ctrl+Z"),
        window.suggesting.suggest,
        window.suggesting.choose_pipeline,
        lambda: window.transfer.import_paths([tmp_path]),
    ):
        empty_window.said.clear()
        act()
        assert empty_window.said and empty_window.said[-1][1] in ("error", "warning", "info")
    assert not window.jobs.busy and empty_window.steps() == []
    assert window.projects.open_path(path)  # now it may be written
    assert not empty_window.workspace.read_only


def test_what_cannot_be_opened_is_a_sentence(empty_window: Hands, tmp_path: Path) -> None:
    (tmp_path / "brev.kurator").write_text("Hej å 😀", "utf-8")
    for path in (tmp_path / "brev.kurator", tmp_path / "saknas.kurator", tmp_path):
        assert not empty_window.window.projects.open_path(path)
        assert empty_window.said[-1][1] == "error" and not empty_window.window.bridge.is_open
    good = made(tmp_path, "vård")
    empty_window.window.projects.open_path(good)
    empty_window.window.projects.open_path(tmp_path / "brev.kurator")
    assert empty_window.workspace.path == good  # the one that is open stays


@pytest.mark.parametrize("error", [UserError("annotation.held"), EnvironmentFault("job.cannot-start", reason="x")])
def test_every_refusal_is_a_notice(hands: Hands, error: KuratorError, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise error

    changes: list[object] = []
    hands.window.bridge.changed.connect(lambda *what: changes.append(what))
    for name in ("run", "undo", "redo"):
        monkeypatch.setattr(hands.workspace, name, refuse)
    hands.look("bo")
    hands.press("Return", "Ctrl+Z", "Ctrl+Y")
    assert [level for _, level in hands.said] == ["error"] * 3 and not changes
    assert hands.focused.key == hands.mark("bo").key  # it does not go on over what was refused
    monkeypatch.setattr(hands.window.navigation, "next_document", refuse)
    hands.window.actions_by_id.run("go.next-document")
    assert hands.said[-1][1] == "error"


def drop(hands: Hands, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, left, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(600, 400), action, data, left, held)
    hands.window.dragEnterEvent(entering)
    assert entering.isAccepted()
    hands.window.dropEvent(QDropEvent(QPointF(600, 400), action, data, left, held))


def test_a_dropped_project_is_opened_and_files_need_one(empty_window: Hands, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Å 😀", "utf-8")
    drop(empty_window, tmp_path / "a.txt")
    assert empty_window.said[-1] == (tr("window.open-first"), "info")
    path = made(tmp_path, "vård")
    drop(empty_window, path)
    assert empty_window.workspace.path == path
    started: list[object] = []
    empty_window.window.jobs.start = lambda *what: started.append(what)  # type: ignore[method-assign]
    drop(empty_window, tmp_path / "a.txt")
    assert started and started[0][0] == "import" and started[0][2] == [str(tmp_path / "a.txt")]  # type: ignore[index]


def test_a_removed_document_makes_room_for_another(hands: Hands) -> None:
    first, second, third = hands.window.corpus.model.ids
    hands.window.bridge.run(commands.RemoveDocuments(documents=(first,)))
    QApplication.processEvents()
    assert hands.window.bridge.document in (None, second, third)
    hands.press("Ctrl+Z") if QApplication.focusWidget() else hands.window.curation.undo()
    assert hands.workspace.reads.has_document(first)
    hands.window.bridge.open_document(first)
    assert hands.reader.flow is not None and hands.mark("bo").state == "suggested"


def test_the_window_keeps_its_place_for_next_time(hands: Hands) -> None:
    hands.window.resize(1100, 700)
    hands.window.close()
    assert {"geometry", "splitter"} <= set(hands.window.bridge.settings.window)
    assert not hands.window.bridge.is_open


def test_the_collector_stays_away_once_a_document_is_shown(hands: Hands, qtbot: QtBot) -> None:
    gc.unfreeze()
    hands.window.navigation.next_document()
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=IDLE_MS * 5)
    gc.unfreeze()
