"""A partial repaint leaves the same pixels as painting everything afresh, also on screens of 1.5 pixels."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from models.marks import STATES, Mark
from models.spans import Span
from ui.panes.reader.view import ReaderView

ROUNDS = int(os.environ.get("KURATOR_FUZZ_ROUNDS", "40"))


def on_screen(view: ReaderView) -> QImage:
    width, ratio = view.viewport().width(), view.devicePixelRatioF()
    image = view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image.copy(0, 0, int(width * ratio), image.height())


class Fuzzer:
    def __init__(self, view: ReaderView, seed: int) -> None:
        self.view, self.pick = view, random.Random(seed)
        self.actions: dict[str, Callable[[], object]] = {
            "decide": self.decide, "next": self.next, "hover": lambda: self.mouse(QEvent.Type.MouseMove),
            "wheel": self.wheel, "click": self.click, "drag": self.drag, "caret": self.caret,
            "add": self.add, "remove": self.remove, "relate": self.relate, "flash": self.flash,
            "targets": self.targets, "page": self.page,
        }  # fmt: skip

    def any_mark(self) -> Mark:
        assert self.view.flow is not None
        marks = [mark for mark in self.view.flow.content.marks.values() if mark.spans]
        return self.pick.choice(marks)

    def decide(self) -> None:
        mark = self.view.focused or self.any_mark()
        self.view.update_marks((), [mark._replace(state=self.pick.choice(STATES))])
        self.view.focus_next(1)

    def next(self) -> None:
        self.view.focus_next(self.pick.choice((1, 1, 3, -1)), only_suggested=self.pick.random() < 0.5)

    def point(self) -> QPointF:
        rect = self.view.viewport().rect()
        return QPointF(self.pick.randrange(rect.width()), self.pick.randrange(rect.height()))

    def mouse(self, kind: QEvent.Type, *, down: bool = False) -> None:
        point, button = self.point(), Qt.MouseButton.LeftButton
        here = QPointF(self.view.viewport().mapToGlobal(point.toPoint()))
        none = Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, point, here, none if kind == QEvent.Type.MouseMove else button,
            button if down else none, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(self.view.viewport(), event)

    def click(self) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, down=True)
        self.mouse(QEvent.Type.MouseButtonRelease)

    def drag(self) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, down=True)
        for _ in range(3):
            self.mouse(QEvent.Type.MouseMove, down=True)
            QApplication.processEvents()
        self.mouse(QEvent.Type.MouseButtonRelease)

    def wheel(self) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.value() + self.pick.choice((-120, -33, 1, 47, 120)))

    def page(self) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.value() + self.pick.choice((-1, 1)) * bar.pageStep())

    def caret(self) -> None:
        unit = self.pick.choice(("word", "character", "line", "paragraph"))
        self.view.move_caret(self.pick.choice((-2, 1, 5)), unit, self.pick.random() < 0.6)

    def add(self) -> None:
        mark = self.any_mark()
        start = mark.extent.start + self.pick.randrange(3)
        key = f"n{self.pick.randrange(10**9)}"
        span = Span(start, start + self.pick.randrange(1, 40))
        self.view.update_marks((), [Mark(key, "entity", "PLACE", (span,), "manual", key)])

    def remove(self) -> None:
        self.view.update_marks([self.any_mark().key], ())

    def relate(self) -> None:
        key, ends = f"x{self.pick.randrange(10**9)}", (self.any_mark().key, self.any_mark().key)
        self.view.update_marks(
            (), [Mark(key, "relation", "PART_OF", (), "manual", key, head=ends[0], tail=ends[1])]
        )

    def flash(self) -> None:
        self.view.flash(self.any_mark().key)

    def targets(self) -> None:
        if self.view.target is None:
            self.view.begin_targets([self.any_mark().key for _ in range(5)])
        else:
            self.pick.choice((self.view.end_targets, lambda: self.view.move_target(1)))()


@pytest.mark.parametrize(("seed", "arcs"), [(1, "focused"), (2, "all"), (3, "none")])
def test_partial_repaint_equals_full_repaint(
    view: ReaderView, seed: int, arcs: str, idle: Callable[[ReaderView], None]
) -> None:
    view.apply_settings(replace(view.settings, arcs=arcs))
    view.setFocus()
    idle(view)
    fuzzer, wrong = Fuzzer(view, seed), Counter[str]()
    for number in range(ROUNDS):
        name = fuzzer.pick.choice(list(fuzzer.actions))
        fuzzer.actions[name]()
        idle(view)
        partial, lit = on_screen(view), view.accents.flash_strength
        view.viewport().update()
        idle(view)
        if partial != on_screen(view) and lit == view.accents.flash_strength:
            wrong[name] += 1
            if folder := os.environ.get("KURATOR_FUZZ_PICTURES"):
                partial.save(f"{folder}/{seed}-{number}-{name}-partial.png")
                on_screen(view).save(f"{folder}/{seed}-{number}-{name}-whole.png")
    view.end_targets()
    assert not wrong


def test_the_comparison_sees_a_single_stale_line(view: ReaderView) -> None:
    before = on_screen(view)
    mark = next(mark for mark in view.flow.content.in_paragraph(3) if mark.state != "manual")
    view.flow.content.marks[mark.key] = mark._replace(state="manual")
    view.flow.replace([3])
    view.viewport().repaint()
    assert on_screen(view) != before


@pytest.mark.skipif("QT_SCALE_FACTOR" in os.environ, reason="is what this test starts")
def test_partial_repaints_are_exact_at_one_and_a_half_pixels() -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "1.5", "QT_QPA_PLATFORM": "offscreen"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        __file__,
        "-k",
        "full_repaint or ratio",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.skipif("QT_SCALE_FACTOR" not in os.environ, reason="tells whether the scale took effect")
def test_ratio_is_what_was_asked_for(view: ReaderView) -> None:
    assert view.devicePixelRatioF() == float(os.environ["QT_SCALE_FACTOR"])
    assert on_screen(view).width() == int(view.viewport().width() * view.devicePixelRatioF())
    assert QPoint() == view.mapTo(view.window(), QPoint())
