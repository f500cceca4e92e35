"""A window at the adjudication of three people's readings, and what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.settings import Settings
from models.annotations import Annotation
from models.spans import Span
from models.store.adjudication_reads import adjudicator
from tests.app.services.readings import Said, give, project
from tests.ui.window.conftest import Hands
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.panes.adjudication import AdjudicationPane

TEXT = (
    "Region A\u030adalen 😀 bygger ut hemsjuk\u00advården. ”Vi sparar tolv\u00a0procent”, säger Signe Ström vid "
    "Region A\u030adalen.\nBo Ek håller med om planen. Signe Ström ler.\nKontakta oss gärna."
)
PEOPLE = ("anna", "bo", "cilla")
GOAL, FACT = {"kind": "goal", "mode": "direct"}, {"kind": "fact", "mode": "direct"}


def place(words: str, start: int = 0) -> tuple[Span, ...]:
    at = TEXT.index(words, start)
    return (Span(at, at + len(words)),)


def readings() -> list[tuple[list[Said], list[tuple[str, int, int]]]]:
    """Anna and Bo name the region alike, Cilla a part of it as a place; all see Signe; facets differ."""
    region, signe, claim = place("Region A\u030adalen"), place("Signe Ström"), place("Vi sparar tolv\u00a0procent")
    return [
        ([Said("ORGANISATION", region), Said("PERSON", signe), Said("CLAIM", claim, GOAL)], [("ATTRIBUTED_TO", 2, 1)]),
        (
            [Said("ORGANISATION", region), Said("PERSON", signe), Said("CLAIM", claim, FACT, "Siffran är osäker.")],
            [("ATTRIBUTED_TO", 2, 1)],
        ),
        ([Said("PLACE", place("A\u030adalen")), Said("PERSON", signe), Said("PERSON", place("Bo Ek"))], []),
    ]


class Bench(Hands):
    """The window with its cases, and the adjudicated reading."""

    @property
    def pane(self) -> AdjudicationPane:
        return self.window.adjudicating.pane

    @property
    def words_in_focus(self) -> str:
        assert self.pane.case is not None
        return self.pane.model.quote(self.pane.case)

    def reading(self) -> list[Annotation]:
        judge = adjudicator(self.workspace.reads)
        found = self.workspace.reads.annotations(self.document, judge) if judge else []
        return sorted(found, key=lambda one: (one.kind == "relation", one.spans))

    def look_for(self, words: str, label: str) -> None:
        """Go to the case with a reading of these words and label."""
        cases = self.pane.cases
        assert cases is not None
        key = next(
            c.key for c in cases.cases for m in c.members if (words in " ".join(m.exact), m.label) == (True, label)
        )
        assert self.pane.go_to(key)

    def shown(self) -> set[str]:
        """Return the words of the marks that the text shows."""
        assert self.reader.flow is not None
        return {TEXT[m.spans[0].start : m.spans[0].end] for m in self.reader.flow.content.marks.values() if m.spans}


def make_bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    workspace = project(tmp_path / "p.kurator", {"a.txt": TEXT, "b.txt": TEXT + " "}, PEOPLE)
    for name in ("a.txt", "b.txt"):
        document = workspace.reads.document_by_name(name) or ""
        for who, (passages, links) in zip(PEOPLE, readings(), strict=True):
            give(workspace, document, who, passages, links)
    window = MainWindow(Bridge(Settings(reduced_motion=True, language="en")))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5000)
    window.bridge.set_workspace(workspace)
    found = Bench(window)
    found.press("Ctrl+7")
    yield found
    window.projects.close()
