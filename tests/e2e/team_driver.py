"""A coordinator's sitting in the real window, by keyboard: a file by mail, adjudication, agreement.

``python team_driver.py PROJECT FILE PICTURES``, run by ``test_team_window.py``: the project holds two annotators'
readings, the file brings a third. Facts go to standard output as one JSON object.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from session_driver import Driver, Step, play

from ui.__main__ import application, window
from ui.dialogs.agreement import AgreementWindow
from ui.dialogs.merge import MergeDialog
from ui.dialogs.take_at_once import TakeAtOnceDialog


def _people(d: Driver) -> int:
    return sum(one.kind == "human" for one in d.window.bridge.workspace.reads.annotators())


def sitting(d: Driver, file: Path) -> Iterator[Step]:
    """Merge the file, take at once what all agree on, decide three cases, look at the agreement."""
    d.window.transfer.import_paths([file])
    yield lambda: isinstance(d.dialog, MergeDialog) and d.ready()
    d.picture("merging")
    d.press("Return")
    yield lambda: d.calm() and _people(d) > 2  # the merge is a job: it begins a moment after the key
    d.facts["people"] = _people(d)
    d.press("Ctrl+7")
    pane = d.window.adjudicating.pane
    yield lambda: pane.isVisible() and pane.case is not None
    d.facts["open"] = pane.open_left
    d.press("T")
    yield lambda: isinstance(d.dialog, TakeAtOnceDialog) and d.dialog.take.isEnabled()
    d.picture("take-at-once")
    d.press("Return")
    yield lambda: d.calm() and pane.open_left < int(str(d.facts["open"]))
    d.facts["left"] = pane.open_left
    d.press("Space")
    yield lambda: pane.case is not None
    d.picture("adjudication")
    for key in ("1", "X"):
        left = pane.open_left
        d.press(key)
        yield lambda left=left: pane.open_left < left
        yield lambda: pane.case is not None
    d.facts["decided"] = d.done()[-3:]
    d.press("Ctrl+Shift+A")
    yield lambda: isinstance(QApplication.activeWindow(), AgreementWindow)
    shown = QApplication.activeWindow()
    assert isinstance(shown, AgreementWindow)
    d.press("Return")
    yield lambda: shown.shown is not None
    yield lambda: not d.window.jobs.busy
    shown.grab().save(str(d.pictures / "agreement.png"))
    d.facts["agreement"] = True
    shown.close()
    yield d.calm


def main() -> int:
    """Play the sitting and print its facts."""
    project, file, pictures = map(Path, sys.argv[1:4])
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application(sys.argv[:1])
    shown = window()
    shown.resize(1280, 800)
    shown.show()
    shown.activateWindow()
    QTest.qWaitForWindowActive(shown, 5000)
    shown.projects.open_path(project)
    driver = Driver(shown, pictures)
    first = next(iter(driver.documents()))
    shown.bridge.open_document(first.id)  # type: ignore[attr-defined]
    result = play(driver, sitting(driver, file))
    print(json.dumps(driver.facts, ensure_ascii=False))
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
