"""Screen readers find text and marks; in a process of its own, since a mistake here ends the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import gc
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from models.marks import Mark
from models.spans import Span
from ui.panes.reader import accessible
from ui.panes.reader.view import ReaderView

app = QApplication([])
accessible.install()
QAccessible.setActive(True)
text = "😀 Region a\\u030aker och sam\\u00adverkan i\\u00a0Halland"
marks = [Mark("k", "entity", "PLACE", (Span(2, 14),), "suggested", suggestion="k")]
for turn in range(3):
    view = ReaderView()
    view.show_document("d", text, marks, ())
    view.show()
    app.processEvents()
    face = QAccessible.queryAccessibleInterface(view)
    assert face.role() == QAccessible.Role.Document
    assert face.childCount() == 1, face.childCount()
    child = face.child(0)
    assert child.text(QAccessible.Text.Name) == "PLACE, suggested: Region a\\u030aker"
    assert child.rect().isValid() and face.indexOfChild(child) == 0 and face.child(5) is None
    spoken = face.textInterface()
    assert spoken.characterCount() == len(text) + 1
    assert spoken.text(0, 9) == text[:8]
    view.focus_next(1)
    assert face.text(QAccessible.Text.Description).startswith("PLACE, suggested")
    assert child.state().focused
    view.update_marks(["k"], ())
    assert not child.isValid() and face.childCount() == 0
    view.deleteLater()
    del view, face, child, spoken
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
    gc.collect()
    assert not accessible._alive
print("sound")
"""


def test_a_screen_reader_finds_text_and_marks_and_survives_the_reader() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "faulthandler", "-c", SCRIPT]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.stdout.strip() == "sound", done.stdout + done.stderr
    assert done.returncode == 0
