"""A curator's session in the real window, by keyboard alone; ``test_session.py`` runs it in its own processes.

``python session_driver.py first|second PROJECT CORPUS OUTPUT PICTURES``: the first sitting makes a project,
imports, decides, corrects and undoes; the second, in a new process, undoes once more and exports. Facts go to
standard output as one JSON object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.messages import language
from models.marks import Mark
from ui.__main__ import application, window
from ui.main_window import MainWindow
from ui.theme import current_theme

Step = Callable[[], bool]
PATIENCE_MS = 60_000


class Driver:
    """Presses keys as a person does: each waits until what the one before asked for has happened."""

    def __init__(self, shown: MainWindow, pictures: Path) -> None:
        self.window = shown
        self.reader = shown.document.reader
        self.pictures = pictures
        self.facts: dict[str, object] = {}
        self.notices: list[str] = []
        shown.bridge.notice.connect(lambda sentence, level: self.notices.append(f"{level}: {sentence}"))

    # Keyboard

    def press(self, keys: str) -> None:
        """Press a key combination, written portably, where the keyboard is."""
        combination = QKeySequence(keys)[0]
        key, modifiers = combination.key(), combination.keyboardModifiers()
        # From a turn of the event loop of its own: a dialog that this opens runs its loop inside it.
        QTimer.singleShot(0, lambda: self._send(key, modifiers))

    def _send(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        if QApplication.activeWindow() is None and QApplication.activePopupWidget() is None:
            # There is no window manager here that gives the keyboard back when a dialog has closed.
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window, 5000)
        popup = QApplication.activePopupWidget()
        if popup is not None:  # its window finds the widget in it that has the keyboard; it may close at once
            QTest.keyPress(popup.windowHandle(), key, modifiers)
            return
        found = QApplication.focusWidget() or QApplication.activeWindow()
        assert found is not None, "nothing has the keyboard"
        QTest.keyClick(found, key, modifiers)

    def type(self, text: str) -> None:
        """Type a text where the keyboard is."""

        def write() -> None:
            for letter in text:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(
                        QApplication.focusWidget(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    )

        QTimer.singleShot(0, write)

    # Looking

    @property
    def dialog(self) -> QWidget | None:
        """The dialog that is open, if any."""
        return QApplication.activeModalWidget()

    def ready(self) -> bool:
        """Whether a dialog is open and has the keyboard."""
        focus = QApplication.focusWidget()
        return self.dialog is not None and focus is not None and self.dialog.isAncestorOf(focus)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        if self.dialog is not None:
            picture = self.window.screen().grabWindow(0)
        else:
            picture = self.window.grab()
        picture.save(str(self.pictures / f"{name}.png"))

    @property
    def decided(self) -> int:
        """How many suggestions the curator judged."""
        return sum(one.decided for one in self.documents())

    def documents(self) -> list[object]:
        reads = self.window.bridge.workspace.reads
        ids = [row[0] for row in reads.connection.execute("SELECT id FROM documents")]
        return reads.documents(ids)  # type: ignore[return-value]

    def done(self) -> list[str]:
        """Return the commands that stand, oldest first."""
        entries = self.window.bridge.workspace.reads.history()
        return [entry.command for entry in reversed(entries) if entry.state == "done"]

    def calm(self) -> bool:
        """Whether no job runs and no dialog is open."""
        return not self.window.jobs.busy and self.dialog is None

    def in_reader(self) -> bool:
        """Whether the text has the keyboard."""
        return self.reader.hasFocus() and self.dialog is None

    @property
    def focused(self) -> Mark:
        mark = self.reader.focused
        assert mark is not None, "no mark in focus"
        return mark


def first_sitting(d: Driver, project: Path, corpus: Path) -> Iterator[Step]:
    """Make a project, import, decide, correct, relate, undo three steps, close."""
    d.picture("start")
    d.press("Ctrl+N")
    yield d.ready
    d.type("Hälsotexter")
    yield lambda: True
    d.press("Tab")
    yield lambda: True
    d.press("Ctrl+A")
    yield lambda: True
    d.type(str(project))
    yield lambda: True
    d.press("Return")
    yield lambda: d.window.bridge.is_open and d.dialog is None
    d.press("Ctrl+Shift+I")
    yield d.ready
    d.type(str(corpus))
    yield lambda: True
    d.press("Return")
    yield lambda: d.dialog is None and d.window.bridge.document is not None
    yield lambda: d.calm() and sum(one.suggestions for one in d.documents()) > 20  # type: ignore[attr-defined]
    d.press("Ctrl+1")
    yield d.in_reader
    yield from decide(d)
    yield from claim_with_speaker(d)
    yield from relate(d)
    d.facts["before_undo"] = d.done()
    for _ in range(3):
        count = len(d.done())
        d.press("Ctrl+Z")
        yield lambda count=count: len(d.done()) == count - 1  # type: ignore[misc]
    d.facts["after_undo"] = d.done()
    d.press("Ctrl+Q")
    yield lambda: not d.window.isVisible()


def decide(d: Driver) -> Iterator[Step]:
    """Accept one suggestion, reject one, relabel one and move its end."""
    d.press("Tab")
    yield lambda: d.reader.focused is not None
    d.picture("suggestions")
    d.press("Return")
    yield lambda: d.done() == ["accept"]
    d.press("X")
    yield lambda: d.done() == ["accept", "reject"]
    while d.focused.kind != "entity":
        here = d.focused.key
        d.press("Tab")
        yield lambda here=here: d.focused.key != here  # type: ignore[misc]
    wanted = "6" if d.focused.label != "SERVICE" else "7"
    d.press(wanted)
    yield lambda: d.done()[-1] == "relabel"
    end = d.focused.extent.end
    d.press("Alt+Right")
    yield lambda: d.done()[-1] == "move" and d.focused.extent.end > end
    d.facts["relabelled"] = d.focused.label
    d.picture("corrected")


def claim_with_speaker(d: Driver) -> Iterator[Step]:
    """Select words by keyboard, make them a claim, and say whose it is."""
    d.press("Escape")
    yield lambda: d.reader.focused is None
    for _ in range(3):
        d.press("Right")
        yield lambda: True
    for count in range(4):
        d.press("Shift+Right")
        yield lambda count=count: sum(b - a for a, b in d.reader.fragments) > count  # type: ignore[misc]
    d.picture("selected")
    d.press("C")
    yield lambda: d.done()[-1] == "create"
    d.facts["claim"] = d.focused.key
    d.press("Escape")
    yield d.in_reader
    d.press("S")
    yield lambda: QApplication.activePopupWidget() is not None
    d.press("Down")
    yield lambda: True
    d.press("Return")
    yield lambda: d.done()[-1] == "speaker"
    d.picture("claim")
    d.press("Escape")
    yield d.in_reader


def relate(d: Driver) -> Iterator[Step]:
    """Begin a relation at the next entity and take the first end that is offered."""
    d.press("J")
    yield lambda: True
    while d.focused.kind != "entity" or d.focused.label not in ("PERSON", "ORGANISATION"):
        here = d.focused.key
        d.press("J")
        yield lambda here=here: d.focused.key != here  # type: ignore[misc]
    d.press("R")
    yield lambda: d.window.relating.active and d.reader.target is not None
    d.picture("relating")
    d.press("Tab")
    yield lambda: d.reader.target is not None
    d.press("Return")
    yield lambda: d.done()[-1] == "relate" or QApplication.activePopupWidget() is not None
    if QApplication.activePopupWidget() is not None:
        d.press("Return")
    yield lambda: d.done()[-1] == "relate"
    d.picture("related")


def second_sitting(d: Driver, output: Path) -> Iterator[Step]:
    """Undo once more what the first sitting did, and export."""
    d.facts["reopened"] = d.done()
    d.press("Ctrl+1")
    yield d.in_reader
    count = len(d.done())
    d.press("Ctrl+Z")
    yield lambda: len(d.done()) == count - 1
    d.facts["undone_after_reopening"] = d.done()
    d.press("Ctrl+6")
    yield lambda: d.window.side.current == "history"
    d.picture("history")
    d.press("Ctrl+1")
    yield d.in_reader
    d.press("Ctrl+E")
    yield d.ready
    while QApplication.focusWidget() is not d.dialog.place:  # type: ignore[union-attr]
        d.press("Tab")
        yield lambda: True
    d.press("Ctrl+A")
    yield lambda: True
    d.type(str(output))
    yield lambda: True
    d.picture("export")
    d.press("Return")
    yield lambda: d.calm() and output.exists()
    d.press("Ctrl+1")
    yield d.in_reader
    d.press("Ctrl+Shift+T")
    yield lambda: current_theme().dark
    d.press("Ctrl+P")
    yield lambda: isinstance(QApplication.focusWidget(), QLineEdit) and not d.in_reader()
    d.type("svenska")
    yield lambda: True
    d.press("Return")
    yield lambda: language() == "sv" and d.in_reader()
    d.press("Tab")
    yield lambda: d.reader.focused is not None
    d.window.status.notice.clear()  # names a folder of this run
    d.picture("swedish-dark")
    d.press("Ctrl+Q")
    yield lambda: not d.window.isVisible()


def line_of(steps: object) -> int:
    """Return the line where a generator, or the one it waits for, stands."""
    inner = getattr(steps, "gi_yieldfrom", None)
    return line_of(inner) if inner is not None else steps.gi_frame.f_lineno  # type: ignore[attr-defined]


def play(d: Driver, steps: Iterator[Step]) -> int:
    """Take the steps one after another; 1 where one does not come about in time."""
    state: dict[str, object] = {"wanted": lambda: True, "waited": 0, "result": 0}
    pulse = QTimer()
    pulse.setInterval(20)

    def beat() -> None:
        wanted = state["wanted"]
        state["waited"] = int(str(state["waited"])) + pulse.interval()
        try:
            if wanted():  # type: ignore[operator]
                state["wanted"], state["waited"] = next(steps), 0
            elif int(str(state["waited"])) > PATIENCE_MS:
                raise TimeoutError(f"line {line_of(steps)}")
        except StopIteration:
            pulse.stop()
            QApplication.quit()
        except Exception as error:
            import traceback

            traceback.print_exc()
            d.facts["failed"] = repr(error)
            d.facts["notices"] = d.notices
            d.window.screen().grabWindow(0).save(str(d.pictures / "failed.png"))
            state["result"] = 1
            pulse.stop()
            QTimer.singleShot(0, lambda: QApplication.exit(1))
            if d.dialog is not None:
                d.dialog.close()

    pulse.timeout.connect(beat)
    pulse.start()
    QApplication.setQuitOnLastWindowClosed(False)
    QApplication.exec()
    return int(str(state["result"]))


def main() -> int:
    """Play one sitting and print its facts."""
    sitting, project, corpus, output, pictures = sys.argv[1], *map(Path, sys.argv[2:6])
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application(sys.argv[:1])
    shown = window()
    shown.resize(1280, 800)
    shown.show()
    shown.activateWindow()
    QTest.qWaitForWindowActive(shown, 5000)
    driver = Driver(shown, pictures)
    if sitting == "first":
        result = play(driver, first_sitting(driver, project, corpus))
    else:
        shown.projects.open_path(project)
        result = play(driver, second_sitting(driver, output))
    print(json.dumps(driver.facts, ensure_ascii=False))
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
