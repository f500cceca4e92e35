"""How a training goes: curves of loss and F1, F1 per label, the time that is left, stopping and going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.agreement_report.words import number
from app.messages import tr
from app.services.training_runs import Run
from app.training.curve import SHARES
from app.training.estimate import Estimate
from ui.bridge import Bridge
from ui.dialogs.frame import heading, quiet
from ui.dialogs.training_grids import live_grid
from ui.widgets.grid_view import GridView
from ui.widgets.line_chart import Axis, Line, LineChart

PAINT_MS = 120
"""How often curves are drawn anew while events pour in, in milliseconds."""


def _epochs() -> Axis:
    return Axis(tr("training_window.epoch"), lambda x: f"{x:.0f}", whole=True)


class ProgressPage(QWidget):
    """Shows one training. ``stop_wanted()``, ``resume_wanted()`` and ``forget_wanted()`` are for the controller."""

    stop_wanted = Signal()
    resume_wanted = Signal()
    forget_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._events: list[Mapping[str, Any]] = []
        self._labels: dict[str, float | None] = {}
        self._estimate = Estimate()
        self._began = 0.0
        self.running = False
        self.title = heading("", 1.1)
        self.said = quiet()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName(tr("training_window.progress"))
        score = Axis("F1", number, 0.0, 1.0)
        self.loss = LineChart(tr("training_window.loss-chart"), _epochs(), Axis(tr("training_window.loss"), _loss))
        self.score = LineChart(tr("training_window.score-chart"), _epochs(), score)
        self.labels = GridView(tr("training_window.per-label"))
        self.stop = QPushButton(tr("training_window.stop"))
        self.resume = QPushButton(tr("training_window.resume"))
        self.forget = QPushButton(tr("training_window.forget"))
        self._paint = QTimer(self)
        self._paint.setSingleShot(True)
        self._paint.setInterval(PAINT_MS)
        self._paint.timeout.connect(self._show)
        self._lay_out()
        for button, signal in (
            (self.stop, self.stop_wanted),
            (self.resume, self.resume_wanted),
            (self.forget, self.forget_wanted),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(signal)

    def _lay_out(self) -> None:
        charts = QSplitter(Qt.Orientation.Vertical)
        charts.setChildrenCollapsible(False)
        charts.setHandleWidth(1)
        for chart in (self.score, self.loss):
            charts.addWidget(chart)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.setHandleWidth(1)
        across.addWidget(charts)
        across.addWidget(self.labels)
        across.setStretchFactor(0, 3)
        across.setStretchFactor(1, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.said, 1)
        for button in (self.stop, self.resume, self.forget):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.bar)
        column.addWidget(across, 1)
        column.addLayout(buttons)

    # What happens -----------------------------------------------------------------------------------------

    def show_run(self, run: Run, events: Sequence[Mapping[str, Any]], *, running: bool) -> None:
        """Show a training from what it has told so far."""
        self._events, self._labels = [], {}
        self._estimate = Estimate(SHARES if "--curve" in run.arguments else ())
        for event in events:
            self._take(event, _moment(event))
        if running:  # what was done before does not count for the time that is left
            self._estimate = Estimate(SHARES if "--curve" in run.arguments else ())
        self._began = monotonic()
        self.set_running(running, stopped=run.stopped, finished=run.finished)
        self._show()

    def set_running(self, running: bool, *, stopped: bool = False, finished: bool = False) -> None:
        """Show whether the training runs, was stopped, or is done."""
        self.running = running
        self.stop.setVisible(running)
        self.stop.setEnabled(running)
        self.resume.setVisible(not running and stopped)
        self.forget.setVisible(not running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        if not running:
            state = "stopped" if stopped else "done" if finished else "nothing"
            self.title.setText(tr(f"training_window.state-{state}"))
            self.said.setText(self._last())
        else:
            self.title.setText(tr("training_window.state-beginning"))

    def stopping(self) -> None:
        """Show that it will stop and keep the best."""
        self.stop.setEnabled(False)
        self.title.setText(tr("training_window.state-stopping"))
        self.bar.setRange(0, 0)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take an event of the training that runs."""
        self._take(event, monotonic())
        if not self._paint.isActive():
            self._paint.start()

    def _take(self, event: Mapping[str, Any], at: float) -> None:
        self._events.append(event)
        self._estimate.feed(event, at)
        if event.get("share", 1) == 1:
            self._labels |= dict(event.get("labels") or {})

    def _last(self) -> str:
        return str(self._events[-1].get("line", "")) if self._events else ""

    def _show(self) -> None:
        self._show_curves()
        if self._labels and self.labels.figures.grid != (found := self._grid()):
            self.labels.show_grid(found)
        self.labels.setVisible(bool(self._labels))
        if not self.running or not self._events or not self.stop.isEnabled():
            return
        event = self._events[-1]
        share = float(event.get("share", 1))
        part = tr(f"training.part-{event['part']}")
        words = tr("training_window.state-training", part=part)
        if share < 1:
            words = tr("training_window.state-share", percent=round(100 * share), part=part)
        left = self._estimate.left()
        self.title.setText(words if left is None else f"{words} · {time_left(left)}")
        if "epoch" in event:
            self.bar.setRange(0, int(event["epochs"]))
            self.bar.setValue(int(event["epoch"]))
        else:
            self.bar.setRange(0, 0)
        self.said.setText(self._last())

    def _grid(self) -> Any:
        return live_grid(self._labels, self._bridge.workspace.reads.label_set())

    def _show_curves(self) -> None:
        stages: dict[float, list[Mapping[str, Any]]] = {}
        for event in self._events:
            if "epoch" in event:
                stages.setdefault(float(event.get("share", 1)), []).append(event)
        loss, score = [], []
        for share, found in stages.items():
            name = tr("training_window.all-of-it") if share == 1 else f"{round(100 * share)} %"
            faint = share != 1
            best = next((one["epoch"] for one in reversed(found) if one.get("best")), None)
            loss.append(Line(name, tuple((one["epoch"], one["loss"]) for one in found), faint))
            known = tuple((one["epoch"], one["f1"]) for one in found if one.get("f1") is not None)
            score.append(Line(name, known, faint, marked=best))
        self.loss.show_lines(loss)
        self.score.show_lines(score)
        self.score.setVisible(any(one.points for one in score) or not loss)
        self.loss.setVisible(bool(loss))


def _loss(value: float) -> str:
    places = 0 if value >= 100 else 2 if value >= 1 or value == 0 else 4
    return number(value, places)


def _moment(event: Mapping[str, Any]) -> float:
    try:
        return datetime.fromisoformat(str(event.get("at", "")).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0


def time_left(seconds: float) -> str:
    """Return how long something may still take at most, in words."""
    if seconds < 90:
        return tr("training_window.left-seconds", count=max(5, 5 * round(seconds / 5)))
    return tr("training_window.left-minutes", count=round(seconds / 60))
