"""How good pipelines are at a project's labels: one, or several beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTabBar,
    QWidget,
)

from app.messages import sentence, tr
from app.pipeline.installed import installed_pipelines, resolve_pipeline
from app.pipeline.protocol import BUILT_IN
from app.services import learning, training_runs
from app.services.analysis import chosen_pipeline
from app.workspace import Workspace
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs import training_grids as grids
from ui.dialogs.frame import Dialog, dress_primary, plain, quiet
from ui.dialogs.training_labels import LabelFields
from ui.item_models.grid import Grid
from ui.jobs import JobState
from ui.widgets.checks import ChecksButton
from ui.widgets.grid_view import GridView

JOB = "evaluate"
SPLITS = ("test", "held-out", "dev", "train", "all")
VIEWS = ("scores", "compared", "confusion", "calibration")


class EvaluateRequest(NamedTuple):
    """Which pipelines are measured, one after the other, and on what."""

    pipelines: tuple[str, ...]
    more: tuple[str, ...]

    def arguments(self, pipeline: str) -> list[str]:
        """Return what ``kurator evaluate`` takes for one of them."""
        return [f"--pipeline={pipeline}", *self.more]


def called(workspace: Workspace, pipeline: str) -> str:
    """Return what a pipeline is called on screen."""
    if pipeline == BUILT_IN:
        return tr("training_window.built-in")
    place = Path(pipeline)
    if place.parent == learning.home(workspace):
        return tr("training_window.learned-number", number=place.name)
    if place.parent == learning.home(workspace) / training_runs.TRAINED:
        return tr("training_window.trained-number", number=place.name)
    return place.name if place.is_absolute() else pipeline


def known_pipelines(workspace: Workspace) -> list[str]:
    """Return the pipelines that there are for a project: in use, built in, installed, trained, learned."""
    trained = [str(one.folder) for one in training_runs.runs(workspace) if one.finished]
    learned = [str(learning.folder_of(workspace, one)) for one in reversed(learning.numbers(workspace))]
    return list(dict.fromkeys([chosen_pipeline(workspace), *installed_pipelines(), *trained, *learned]))


class EvaluateWindow(Dialog):
    """``measure_wanted(EvaluateRequest)``, ``cancel_wanted()`` and ``export_wanted(str)`` are for the controller."""

    measure_wanted = Signal(object)
    cancel_wanted = Signal()
    export_wanted = Signal(str)

    def __init__(self, bridge: Bridge, chosen: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("training_window.evaluate-title"), heading=False)
        self.setModal(False)
        self.setWindowFlags(Qt.WindowType.Window)
        self._bridge = bridge
        self.told: dict[str, Mapping[str, Any]] = {}
        """Pipeline → what ``kurator evaluate`` reported."""
        self._make_fields(chosen)
        self._lay_out()
        self._exports = [
            self.add_action(tr(f"training_window.export-{kind}"), lambda kind=kind: self.export_wanted.emit(kind))
            for kind in ("csv", "json", "html")
        ]
        self.add_close().setAutoDefault(False)
        self.measure.setDefault(True)
        self._connect()
        self.resize(1240, 700)
        self.working(False)
        self.show_told()
        self.measure.setFocus()

    def _make_fields(self, chosen: Sequence[str]) -> None:
        workspace = self._bridge.workspace
        self.pipelines = ChecksButton(tr("training_window.pipelines"), tr("training_window.all-pipelines"))
        self._known = list(dict.fromkeys([*known_pipelines(workspace), *chosen]))
        self._offer(chosen or [chosen_pipeline(workspace)])
        self.folder = QPushButton(tr("training_window.folder"))
        self.split = QComboBox()
        for name in SPLITS:
            self.split.addItem(tr(f"training_window.split-{name}"), name)
        self.fields = LabelFields(self._bridge, self)
        self.measure = QPushButton(tr("training_window.measure"))
        dress_primary(self.measure)
        self.views = QTabBar()
        self.views.setExpanding(False)
        self.views.setDrawBase(False)
        self.views.setUsesScrollButtons(False)
        self.views.setElideMode(Qt.TextElideMode.ElideNone)
        self.views.setAccessibleName(tr("training_window.views"))
        for name in VIEWS:
            self.views.addTab(tr(f"training_window.view-{name}"))
        self.which = QComboBox()
        self.which.setAccessibleName(tr("training_window.shown-pipeline"))
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.state = quiet(wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(160, 10)
        self.bar.setAccessibleName(tr("training_window.measuring"))
        self.stop = QPushButton(tr("dialog.cancel"))
        self.grid = GridView(tr("training_window.view-scores"))
        self.empty = quiet(tr("training_window.not-measured"))

    def _offer(self, chosen: Sequence[str]) -> None:
        entries = [(one, called(self._bridge.workspace, one), None) for one in self._known]
        self.pipelines.set_entries(entries, chosen)

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setHorizontalSpacing(12)
        top.setVerticalSpacing(4)
        fields = (
            ("pipelines", self.pipelines), ("split", self.split), ("labels", self.fields.labels),
            ("reading", self.fields.reading), ("annotators", self.fields.annotators),
            ("since", self.fields.since), ("until", self.fields.until),
        )  # fmt: skip
        places = ((0, 0), (0, 2), (0, 3), (0, 4), (2, 0), (2, 2), (2, 3))
        for (name, field), (row, column) in zip(fields, places, strict=True):
            title = QLabel(tr(f"training_window.{name}-title"))
            title.setBuddy(field)
            field.setAccessibleName(plain(title.text()))
            top.addWidget(title, row, column)
            top.addWidget(field, row + 1, column)
            top.setColumnStretch(column, 1)
        top.addWidget(self.folder, 1, 1)
        top.addWidget(self.measure, 3, 4, Qt.AlignmentFlag.AlignRight)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.views, 1)
        for widget in (self.which, self.state, self.bar, self.stop):
            below.addWidget(widget)
        for button in (self.folder, self.stop):
            button.setAutoDefault(False)
        self.body.addLayout(top)
        self.body.addLayout(below)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignCenter)

    def _connect(self) -> None:
        self.measure.clicked.connect(self._ask)
        self.stop.clicked.connect(self.cancel_wanted)
        self.folder.clicked.connect(self.ask_folder)
        self.views.currentChanged.connect(self.show_told)
        self.which.activated.connect(self.show_told)
        self.pipelines.changed.connect(lambda: self.measure.setEnabled(bool(self.pipelines.chosen)))
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self, lambda by=by: self._turn(by))
        self._bridge.job_changed.connect(self._follow)
        self._bridge.notice.connect(self._hear)
        self._bridge.project_changed.connect(self.reject)

    def _turn(self, by: int) -> None:
        self.views.setCurrentIndex((self.views.currentIndex() + by) % self.views.count())

    def ask_folder(self) -> None:
        """Ask for a folder with a pipeline and offer it, ticked."""
        folder = files.choose_folder(self, tr("dialog.pipeline-folder-title"))
        if folder is None:
            return
        try:
            name = resolve_pipeline(str(folder))
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        chosen = [*self.pipelines.chosen, name]
        self._known = list(dict.fromkeys([*self._known, name]))
        self._offer(chosen)

    def _ask(self) -> None:
        self.trouble.say("")
        self.measure_wanted.emit(self.request())

    def request(self) -> EvaluateRequest:
        """Return what was asked for."""
        wanted = self.fields.wanted().arguments()
        return EvaluateRequest(self.pipelines.chosen, (f"--split={self.split.currentData()}", *wanted))

    # What was measured ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Forget what was measured before: other documents may be measured now."""
        self.told = {}
        self.working(True)
        self.show_told()

    def add(self, pipeline: str, told: Mapping[str, Any]) -> None:
        """Show one more pipeline that was measured."""
        self.told[pipeline] = told
        self.show_told()

    def working(self, busy: bool) -> None:
        """Show whether anything is measured now."""
        for widget in (self.bar, self.stop):
            widget.setVisible(busy)
        self.measure.setEnabled(not busy and bool(self.pipelines.chosen))
        self.bar.setRange(0, 0)
        self.state.setText(tr("training_window.measuring") if busy else self._summary())

    def _summary(self) -> str:
        count = next((one["scores"]["documents"] for one in self.told.values()), 0)
        return tr("training_window.measured-on", count=count) if count else ""

    @property
    def view(self) -> str:
        """The name of the view on top."""
        return VIEWS[self.views.currentIndex()]

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """What was reported of the pipeline that is shown."""
        return self.told.get(str(self.which.currentData()))

    def show_told(self, *_: object) -> None:
        """Show what was measured in the view on top."""
        names = [called(self._bridge.workspace, one) for one in self.told]
        standing = self.which.currentData()
        self.which.clear()
        for pipeline, name in zip(self.told, names, strict=True):
            self.which.addItem(name, pipeline)
        self.which.setCurrentIndex(max(0, self.which.findData(standing)))
        several = len(self.told) > 1
        self.which.setVisible(several and self.view in ("scores", "confusion"))
        self.views.setTabVisible(VIEWS.index("compared"), several)
        for widget in (self.views, self.grid):
            widget.setVisible(bool(self.told))
        self.empty.setVisible(not self.told)
        for button in self._exports:
            button.setEnabled(bool(self.told))
        self.grid.setAccessibleName(tr(f"training_window.view-{self.view}"))
        self.grid.show_grid(self._grid())

    def _grid(self) -> Grid:
        labels, shown = self._bridge.workspace.reads.label_set(), self.shown
        if shown is None:
            return Grid()
        every = [(called(self._bridge.workspace, one), told["scores"]) for one, told in self.told.items()]
        if self.view == "compared":
            return grids.compared_grid(every, labels)
        if self.view == "calibration":
            return grids.calibration_grid(every, labels)
        if self.view == "confusion":
            return grids.confusion_grid(shown["scores"], labels)
        return grids.scores_grid(shown["scores"], labels)

    # Jobs -------------------------------------------------------------------------------------------------

    def _follow(self, state: JobState) -> None:
        if state.kind == JOB and not state.ended:
            self.bar.setRange(0, state.total)
            self.bar.setValue(state.done)

    def _hear(self, words: str, level: str) -> None:
        if level == "error":
            self.trouble.say(words)

    def done(self, result: int) -> None:
        """Stop measuring and listening."""
        self.cancel_wanted.emit()
        for signal, slot in (
            (self._bridge.job_changed, self._follow),
            (self._bridge.notice, self._hear),
            (self._bridge.project_changed, self.reject),
        ):
            signal.disconnect(slot)
        super().done(result)
