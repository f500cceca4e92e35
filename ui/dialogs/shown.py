"""What is shown: a slider for each label, with what its threshold hides and what it buys."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QWidget,
)

from app.messages import sentence, tr
from app.services.threshold_views import Row, Surveying
from app.services.thresholds import peek, peeking, set_thresholds, thresholds
from app.services.usage_report import percent, titled
from models.errors import KuratorError
from models.history import Touched
from models.thresholds import STEPS, Preset
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, quiet
from ui.item_models.later import Later
from ui.widgets.line_chart import Axis, Line, LineChart

PRESETS: tuple[Preset, ...] = ("everything", "balanced", "precise")
_AT_ONCE, _LOOK_MS, _WRITE_MS = 0.1, 50, 120
_COLUMNS = ("label", "threshold", "least", "waiting", "precision", "recall")


def _percent(value: float) -> str:
    return f"{round(100 * value)}{tr('team.percent-sign')}"


class Slider(QSlider):
    """A slider in hundredths that says when it gets the keyboard: ``entered()``."""

    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setPageStep(10)
        self.setMinimumWidth(140)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusInEvent(event)
        self.entered.emit()


class ThresholdLine:
    """The widgets of one label: its slider, and in words what the slider's place comes to."""

    def __init__(self, row: Row, title: str, grid: QGridLayout, at: int) -> None:
        self.row = row
        self.title = title
        self.name, self.slider = QLabel(title), Slider(tr("shown.slider", label=title))
        self.name.setBuddy(self.slider)
        self.least, self.waiting, self.precision, self.recall = QLabel(), QLabel(), QLabel(), QLabel()
        if not row.label:
            font = self.name.font()
            font.setBold(True)
            self.name.setFont(font)
        for column, widget in enumerate((self.name, self.slider, self.least, *self._figures)):
            grid.addWidget(widget, at, column)
        for figure in (self.least, *self._figures):
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.say()

    @property
    def _figures(self) -> tuple[QLabel, QLabel, QLabel]:
        return self.waiting, self.precision, self.recall

    @property
    def value(self) -> float:
        """The threshold."""
        return self.slider.value() / STEPS

    def put(self, value: float) -> None:
        """Move the slider without telling anybody."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(value * STEPS))
        self.slider.blockSignals(False)
        self.say()

    def say(self, shown: tuple[int, int] | None = None) -> None:
        """Say what the threshold comes to; ``shown`` where it is not by this line's slider alone."""
        shown = shown or self.row.shown(self.value)
        expected = self.row.record.at(self.value)
        self.least.setText(_percent(self.value))
        self.waiting.setText(tr("shown.waiting", shown=shown[0], count=shown[1]))
        self.precision.setText(percent(expected.precision))
        self.recall.setText(percent(expected.recall))
        known = ", ".join(f"{tr(f'shown.column-{name}')}: {label.text()}" for name, label in (
            ("waiting", self.waiting), ("precision", self.precision), ("recall", self.recall)))  # fmt: skip
        self.slider.setAccessibleDescription(known)


class ShownDialog(Dialog):
    """Changes what the text shows while one moves a slider; stays open beside the text."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("shown.title"), tr("shown.intro"))
        self.setModal(False)
        self._bridge = bridge
        self.lines: dict[str, ThresholdLine] = {}
        self._chosen = ""
        self._surveying: Surveying | None = None
        self.hint = quiet(tr("shown.reading"))
        self.known = quiet()
        across = Axis(tr("shown.axis-score"), lambda score: str(round(100 * score)), 0.0, 1.0)
        self.chart = LineChart(tr("shown.chart"), across, Axis(tr("shown.axis-share"), _percent, 0.0, 1.0))
        self.hidden = QCheckBox(tr("shown.peek"))
        self.hidden.setChecked(peeking(bridge.workspace))
        self._lay_out()
        self.reset = self.add_action(tr("shown.reset"), lambda: self.take("everything"))
        self.add_close()
        self._later = Later(self, self._write, _WRITE_MS, _WRITE_MS)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._try)
        self.hidden.toggled.connect(self._peek)
        self.finished.connect(self._stop)
        bridge.project_changed.connect(self.reject)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 128, letter * 92)
        self._begin()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(QLabel(tr("shown.presets")))
        self.presets = {one: QPushButton(tr(f"shown.preset-{one}")) for one in PRESETS}
        for one, button in self.presets.items():
            button.setAutoDefault(False)
            button.setToolTip(tr(f"shown.preset-{one}.tip"))
            button.clicked.connect(partial(self.take, one))
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self.hidden)
        self.body.addLayout(top)
        self.body.addWidget(self.hint)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        page = QWidget()
        page.setLayout(self._grid)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(page)
        self.body.addWidget(self.area, 3)
        self.body.addWidget(self.known)
        self.body.addWidget(self.chart, 2)

    # Reading ----------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin to read; what is read at once is shown at once."""
        self._enable(False)
        try:
            self._surveying = Surveying(self._bridge.workspace)
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        if not self._surveying.wait(_AT_ONCE):
            self._look.start()
        self._try()

    def _try(self) -> None:
        if self._surveying is None or not self._surveying.wait(0):
            return
        self._look.stop()
        read, self._surveying = self._surveying, None
        try:
            self._fill(read.take())
        except KuratorError as error:
            self.trouble.say(sentence(error))

    def _stop(self, *_: object) -> None:
        self._look.stop()
        if self._later.waiting:
            self._later.now()
        if self._surveying is not None:
            self._surveying.cancel()
            self._surveying = None

    def _fill(self, rows: list[Row]) -> None:
        labels = self._bridge.workspace.reads.label_set()
        self.hint.setVisible(len(rows) < 2)
        self.hint.setText(tr("shown.none"))
        if len(rows) < 2:
            return
        for column, name in enumerate(_COLUMNS):
            head = quiet(tr(f"shown.column-{name}") if name != "least" else "", wrap=False)
            if column > 1:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(head, 0, column)
        standing = thresholds(self._bridge.workspace)
        for number, row in enumerate(rows, 1):
            line = self.lines[row.label] = ThresholdLine(row, titled(row.label, labels), self._grid, number)
            line.put(standing.get(row.label, 0.0))
            line.slider.valueChanged.connect(partial(self._moved, row.label))
            line.slider.entered.connect(partial(self._choose, row.label))
        self._grid.setRowStretch(len(rows) + 1, 1)
        self.lines[""].put(min(line.value for label, line in self.lines.items() if label))
        self._enable(not self._bridge.workspace.read_only)
        self._sum_up()
        self._choose("")
        self.lines[""].slider.setFocus()

    def _enable(self, on: bool) -> None:
        for widget in (*self.presets.values(), self.reset, *(line.slider for line in self.lines.values())):
            widget.setEnabled(on)

    # Changing ---------------------------------------------------------------------------------------------

    def take(self, preset: Preset, *_: object) -> None:
        """Move every slider to where a preset wants it."""
        for label, line in self.lines.items():
            if label:
                line.put(line.row.record.preset(preset))
        self.lines[""].put(min(line.value for label, line in self.lines.items() if label))
        self._after_move()

    def _moved(self, label: str, value: int) -> None:
        self.lines[label].say()
        if not label:
            for other, line in self.lines.items():
                if other:
                    line.put(value / STEPS)
        self._after_move()

    def _after_move(self) -> None:
        self._sum_up()
        self._draw()
        self._later.ask()

    def _sum_up(self) -> None:
        """Say what all labels' sliders come to together."""
        shown = [line.row.shown(line.value) for label, line in self.lines.items() if label]
        self.lines[""].say((sum(one for one, _ in shown), sum(whole for _, whole in shown)))

    def _write(self) -> None:
        wanted = {label: line.value for label, line in self.lines.items() if label}
        if not wanted or not self._bridge.is_open or self._bridge.workspace.read_only:
            return
        try:
            set_thresholds(self._bridge.workspace, wanted, self._bridge.document)
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self._tell("suggestions", "thresholds")

    def _peek(self, on: bool) -> None:
        if peeking(self._bridge.workspace) != on:
            peek(self._bridge.workspace, on)
            # What was counted meanwhile is counted anew.
            self._tell("suggestions", *(() if on else ("thresholds",)))

    def _tell(self, *subjects: str) -> None:
        self._bridge.changed.emit(Touched(subjects=frozenset(subjects), everything=True), self)

    # The label in focus -----------------------------------------------------------------------------------

    def _choose(self, label: str) -> None:
        self._chosen = label
        self.area.ensureWidgetVisible(self.lines[label].slider)
        self._draw()

    def _draw(self) -> None:
        line = self.lines[self._chosen]
        record = line.row.record
        self.known.setText(tr(f"shown.known-{record.basis}", label=line.title, count=record.cases))
        steps = [number / STEPS for number in range(0, STEPS + 1, 5)]
        steps = sorted({*steps, line.value}) if record.judged else []
        expected = [(one, record.at(one)) for one in steps]
        precise = tuple((one, at.precision.value) for one, at in expected if at.precision.value is not None)
        found = tuple((one, at.recall.value) for one, at in expected if at.recall.value is not None)
        self.chart.show_lines([
            Line(tr("shown.column-precision"), precise, marked=line.value),
            Line(tr("shown.column-recall"), found, faint=True, marked=line.value),
        ])  # fmt: skip
        self.chart.setVisible(bool(record.judged))
