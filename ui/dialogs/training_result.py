"""What came of a training: scores and their change, confusion, learning curve, model card, and what to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.agreement_report.words import number, whole
from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs import training_grids as grids
from ui.dialogs.frame import dress_primary, heading, quiet
from ui.item_models.grid import Grid
from ui.widgets.grid_view import GridView
from ui.widgets.line_chart import Axis, Line, LineChart

VIEWS = ("scores", "confusion", "curve", "card")
_LAYERS = {"entities": "entity", "claims": "claim", "relations": "relation"}


class ResultPage(QWidget):
    """Shows one result. ``wanted(str)``: use, save, wheel or evaluate."""

    wanted = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._report: Mapping[str, Any] | None = None
        self._before: Mapping[str, Any] | None = None
        self._about = ""
        self.title = heading("", 1.1)
        self.said = quiet()
        self.views = QTabBar()
        self.views.setExpanding(False)
        self.views.setDrawBase(False)
        self.views.setAccessibleName(tr("training_window.views"))
        for name in VIEWS:
            self.views.addTab(tr(f"training_window.view-{name}"))
        self.grid = GridView(tr("training_window.view-scores"))
        across = Axis(tr("training_window.labels-learned"), lambda x: whole(round(x)), whole=True)
        self.curve = LineChart(tr("training_window.view-curve"), across, Axis("F1", number))
        self.card = QTextBrowser()
        self.card.setOpenLinks(False)
        self.card.setAccessibleName(tr("training_window.view-card"))
        self._stack = QStackedWidget()
        for widget in (self.grid, self.curve, self.card):
            self._stack.addWidget(widget)
        self.buttons = {name: QPushButton(tr(f"training_window.do-{name}")) for name in _DO}
        self._lay_out()
        self.views.currentChanged.connect(self._show)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, button in self.buttons.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, name=name: self.wanted.emit(name))
            row.addWidget(button)
        row.addStretch(1)
        dress_primary(self.buttons["use"])
        top = QHBoxLayout()
        top.addWidget(self.views)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.said):
            column.addWidget(widget)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(row)

    def show_report(self, report: Mapping[str, Any], before: Mapping[str, Any] | None, card: str) -> None:
        """Show what came of a training, and how it compares with ``before``, an evaluation of the one in use."""
        self._report, self._before = report, before
        self.card.setMarkdown(card)
        counts = report["documents"]
        self.title.setText(self._headline(report, before))
        shared = " " + tr("training.card-shared") if report.get("held_out_shared") else ""
        measured = tr("training.card-held-out", count=report["scores"]["documents"])
        trained = tr("training_window.trained-on", count=counts["train"])
        self._about = f"{trained} {measured}{shared}"
        there = {"confusion": bool(report["scores"]["confusion"]), "curve": bool(report.get("curve"))}
        for place, name in enumerate(VIEWS):
            self.views.setTabVisible(place, there.get(name, True))
        self._show()

    def _headline(self, report: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
        words = []
        known = before["scores"]["layers"] if before else {}
        for part in report["parts"]:
            layer = _LAYERS.get(part, "")
            if (found := report["scores"]["layers"].get(layer)) is not None:
                said = f"{tr(f'training_window.part-{part}')} F1 {number(found['all']['f1'])}"
                change = grids.change_cell(known[layer]["all"]["f1"] if layer in known else None, found["all"]["f1"])
                words.append(f"{said} ({change.text})" if change.text else said)
        return "  ·  ".join(words)

    @property
    def view(self) -> str:
        """The name of the view on top."""
        return VIEWS[self.views.currentIndex()]

    def _show(self, *_: object) -> None:
        if self._report is None:
            return
        scores, view = self._report["scores"], self.view
        labels = self._bridge.workspace.reads.label_set()
        self.said.setText(self._report["curve"]["verdict"] if view == "curve" else self._about)
        if view == "scores":
            self._show_grid(grids.scores_grid(scores, labels, self._before["scores"] if self._before else None))
        elif view == "confusion":
            self._show_grid(grids.confusion_grid(scores, labels))
        elif view == "curve":
            self._show_curve(self._report["curve"])
        else:
            self._stack.setCurrentWidget(self.card)

    def _show_grid(self, grid: Grid) -> None:
        self.grid.setAccessibleName(tr(f"training_window.view-{self.view}"))
        self.grid.show_grid(grid)
        self._stack.setCurrentWidget(self.grid)

    def _show_curve(self, told: Mapping[str, Any]) -> None:
        known = [one for one in told["points"] if one["f1"] is not None]
        points = tuple((float(one["labels"]), one["f1"]) for one in known)
        bars = tuple(tuple(one["interval"]) if one["interval"] else None for one in known)
        low = min((bar[0] for bar in bars if bar), default=min((y for _, y in points), default=0.0))
        self.curve.set_upward(Axis("F1", number, max(0.0, floor(10 * low - 0.5) / 10), 1.0))
        self.curve.show_lines([Line("F1", points, bars=bars)])  # type: ignore[arg-type]
        self._stack.setCurrentWidget(self.curve)


_DO = ("use", "evaluate", "save", "wheel")
