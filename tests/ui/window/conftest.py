"""A window on a project of three documents with suggestions, and hands to press its keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.widgets.choice_popup import ChoicePopup

if TYPE_CHECKING:
    from tests.ui.window.adjudication_bench import Bench

TEXT = (
    "Region A\u030adalen 😀 bygger ut hemsjuk\u00advården. ”Vi sparar tolv\u00a0procent”, säger Signe Ström vid "
    "Region A\u030adalen.\nBo Ek håller med om planen. Signe Ström ler.\nKontakta oss gärna."
)
PLACES = {
    "region": ("ORGANISATION", "Region A\u030adalen", 0),
    "place": ("PLACE", "A\u030adalen", 0),
    "claim": ("CLAIM", "Vi sparar tolv\u00a0procent", 0),
    "signe": ("PERSON", "Signe Ström", 0),
    "region again": ("ORGANISATION", "Region A\u030adalen", 20),
    "bo": ("PERSON", "Bo Ek", 0),
    "signe again": ("PERSON", "Signe Ström", 110),
}


def span(words: str, start: int = 0) -> Span:
    """Return where words stand in the text."""
    at = TEXT.index(words, start)
    return Span(at, at + len(words))


def proposals() -> list[Proposal]:
    found = [
        Proposal("claim" if label == "CLAIM" else "entity", label, (span(words, start),), score=0.7, source="prov")
        for label, words, start in PLACES.values()
    ]
    return [*found, Proposal("relation", "ATTRIBUTED_TO", (), 2, 3)]


def suggest(workspace: Workspace, document: str, wanted: list[Proposal], version: str = "1") -> None:
    """Let a pipeline have suggested something for a document."""
    info = PipelineInfo("prov", version, "h" + version)
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        seq = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0]
        store_analysis(work, workspace.reads, document, seq, run, info, Analysis(tuple(wanted)))


def make_project(path: Path, documents: int = 3) -> Workspace:
    """Return a project whose documents all hold the text, with suggestions."""
    workspace = Workspace.create(path, path.stem, "Maja")
    sources = [SourceDocument(f"{n}.txt", TEXT + " " * n, title=f"Beslut {n}") for n in range(documents)]
    for item in import_documents(workspace.writer, workspace.reads, sources):
        assert item.document is not None
        suggest(workspace, item.document, proposals())
    return workspace


class Hands:
    """The window as a person meets it: keys go where the keyboard is, and what it shows is read."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.reader = window.document.reader
        self.said: list[tuple[str, str]] = []
        window.bridge.notice.connect(lambda words, level: self.said.append((words, level)))

    @property
    def workspace(self) -> Workspace:
        return self.window.bridge.workspace

    @property
    def document(self) -> str:
        assert self.window.bridge.document is not None
        return self.window.bridge.document

    def press(self, *keys: str) -> None:
        """Press key combinations, written portably, one after another."""
        for one in keys:
            combination = QKeySequence(one)[0]
            focus = QApplication.activePopupWidget() or QApplication.focusWidget()
            if isinstance(focus, ChoicePopup):
                focus = focus.list
            assert focus is not None, "nothing has the keyboard"
            QTest.keyClick(focus, combination.key(), combination.keyboardModifiers())
            QApplication.processEvents()

    def look(self, name: str) -> Mark:
        """Give the named mark the focus."""
        self.reader.focus_mark(self.mark(name).key)
        return self.focused

    def mark(self, name: str, document: str | None = None) -> Mark:
        """Return a mark as the project holds it now, found by where it was suggested."""
        label, words, start = PLACES[name]
        place = (span(words, start),)
        info = PipelineInfo("prov", "1", "h1")
        assert info
        keys = [one for one, (had, spans) in self._suggested(document).items() if (had, spans) == (label, place)]
        return self.now(keys[0], document)

    def _suggested(self, document: str | None) -> dict[str, tuple[str, tuple[Span, ...]]]:
        rows = self.workspace.reads.connection.execute(
            'SELECT id, label, start, "end" FROM suggestions WHERE document_id = ? AND start IS NOT NULL',
            (document or self.document,),
        )
        return {key: (label, (Span(start, end),)) for key, label, start, end in rows}

    def now(self, key: str, document: str | None = None) -> Mark:
        """Return the mark with this key as the project holds it now."""
        return next(m for m in self.workspace.marks.some(document or self.document, [key]) if m.key == key)

    @property
    def focused(self) -> Mark:
        assert self.reader.focused is not None, "no mark in focus"
        return self.reader.focused

    def words(self, mark: Mark) -> str:
        """Return what a mark covers."""
        return " … ".join(TEXT[start:end] for start, end in mark.spans)

    def steps(self) -> list[str]:
        """Return the commands that stand, oldest first."""
        return [one.command for one in reversed(self.workspace.reads.history()) if one.state == "done"]

    def popup(self) -> list[str]:
        """Return the lines of the list that is open."""
        found = QApplication.activePopupWidget()
        assert isinstance(found, ChoicePopup), found
        lines: QListWidget = found.list
        return [lines.item(row).text() for row in range(lines.count())]


@pytest.fixture
def empty_window(qtbot: QtBot) -> Iterator[Hands]:
    """The window with no project open."""
    made = MainWindow(Bridge(Settings(reduced_motion=True, language="en")))
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made, 5000)
    yield Hands(made)
    made.projects.close()


@pytest.fixture
def hands(empty_window: Hands, tmp_path: Path) -> Hands:
    """The window on a project of three documents, the first one shown."""
    empty_window.window.bridge.set_workspace(make_project(tmp_path / "vård.kurator"))
    empty_window.said.clear()
    assert empty_window.reader.hasFocus()
    return empty_window


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """The window at the cases of three people's readings of two documents."""
    from tests.ui.window.adjudication_bench import make_bench

    yield from make_bench(qtbot, tmp_path)
