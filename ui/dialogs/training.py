"""Training: what a pipeline learns from, how it goes, and what came of it. It stays open beside the main window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QWidget

from app.messages import tr
from app.services import training_runs
from app.services.training_runs import Run
from models.history import Touched
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, plain
from ui.dialogs.training_progress import ProgressPage
from ui.dialogs.training_result import ResultPage
from ui.dialogs.training_setup import SetupPage
from ui.jobs import JobState
from ui.panes.inspector_parts import local_time

JOB = "train"
_SETUP, _PROGRESS, _RESULT = range(3)


class TrainingWindow(Dialog):
    """Signals are for the controller.

    ``train_wanted(TrainingRequest)``, ``stop_wanted()``, ``resume_wanted(Run)``, ``forget_wanted(Run)``, and
    ``act_wanted(str, Run)``: use, evaluate, save or wheel.
    """

    train_wanted = Signal(object)
    stop_wanted = Signal()
    resume_wanted = Signal(object)
    forget_wanted = Signal(object)
    act_wanted = Signal(str, object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("training_window.title"), heading=False)
        self.setModal(False)
        self.setWindowFlags(Qt.WindowType.Window)  # no dialog: the text may be in front of it
        self._bridge = bridge
        self.run: Run | None = None
        self.choice = QComboBox()
        self.choice.setAccessibleName(plain(tr("training_window.which")))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setup, self.progress, self.result = SetupPage(bridge), ProgressPage(bridge), ResultPage(bridge)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, name in ((self.setup, "setup"), (self.progress, "progress"), (self.result, "result")):
            self.tabs.addTab(page, tr(f"training_window.tab-{name}"))
        self._lay_out()
        self._close = self.add_close()
        self._connect()
        self.resize(1240, 700)
        self._name_default(_SETUP)
        self.fill()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        title = QLabel(tr("training_window.which"))
        title.setBuddy(self.choice)
        row.addWidget(title)
        row.addWidget(self.choice)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        self.choice.activated.connect(lambda _: self.show_run(self.choice.currentData()))
        self.setup.start_wanted.connect(self.train_wanted)
        self.progress.stop_wanted.connect(self._stop)
        self.progress.resume_wanted.connect(lambda: self.resume_wanted.emit(self.run))
        self.progress.forget_wanted.connect(lambda: self.forget_wanted.emit(self.run))
        self.result.wanted.connect(lambda what: self.act_wanted.emit(what, self.run))
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self, lambda by=by: self._turn(by))
        self.tabs.currentChanged.connect(self._name_default)
        self._bridge.job_changed.connect(self._follow)
        self._bridge.changed.connect(self._changed)
        self._bridge.notice.connect(self._hear)
        self._bridge.project_changed.connect(self.reject)

    def _name_default(self, page: int) -> None:
        """Let Enter begin a training where one is set up."""
        (self.setup.start if page == _SETUP else self._close).setDefault(True)

    def _turn(self, by: int) -> None:
        for step in range(1, 3):
            place = (self.tabs.currentIndex() + by * step) % 3
            if self.tabs.isTabEnabled(place):
                self.tabs.setCurrentIndex(place)
                return

    # Trainings --------------------------------------------------------------------------------------------

    def fill(self, shown: Run | None = None, *, running: bool = False) -> None:
        """List the project's trainings and show one of them, a new one where none is named."""
        known = training_runs.runs(self._bridge.workspace)
        self.choice.clear()
        self.choice.addItem(tr("training_window.new"), None)
        for one in known:
            self.choice.addItem(self._called(one, running and shown is not None and one.number == shown.number), one)
        wanted = next((one for one in known if shown is not None and one.number == shown.number), None)
        self.choice.setCurrentIndex(1 + known.index(wanted) if wanted is not None else 0)
        self.show_run(wanted, running=running)

    @staticmethod
    def _called(run: Run, running: bool) -> str:
        state = "running" if running else "stopped" if run.stopped else "finished" if run.finished else "empty"
        return tr(f"training_window.run-{state}", number=run.number, at=local_time(run.at))

    def show_run(self, run: Run | None, *, running: bool = False) -> None:
        """Show a training: its result, else how far it came; None shows the page that begins a new one."""
        self.run = run
        report = training_runs.report(run) if run is not None and not running else None
        self.tabs.setTabEnabled(_PROGRESS, run is not None)
        self.tabs.setTabEnabled(_RESULT, report is not None)
        if run is None:
            self.tabs.setCurrentIndex(_SETUP)
            self.setup.labels.labels.setFocus()
            return
        self.progress.show_run(run, training_runs.events(run), running=running)
        if report is not None:
            self.show_result(report)
        wanted = _RESULT if report is not None and not run.stopped else _PROGRESS
        self.tabs.setCurrentIndex(wanted)
        (self.result.grid if wanted == _RESULT else self.progress.stop if running else self.progress.resume).setFocus()

    def show_result(self, report: Mapping[str, Any]) -> None:
        """Show what came of the training that is shown."""
        if self.run is not None:
            before, card = training_runs.before(self.run), training_runs.card(self.run.folder)
            self.result.show_report(report, before, card)

    def begin(self, run: Run) -> None:
        """Show a training that has just been begun, or gone on with."""
        self.trouble.say("")
        self.setup.set_busy(True)
        self.choice.setEnabled(False)
        self.fill(run, running=True)

    def _stop(self) -> None:
        self.progress.stopping()
        self.stop_wanted.emit()

    def ended(self, run: Run) -> None:
        """Show what a training came to that has ended, well or not."""
        self.setup.set_busy(False)
        self.choice.setEnabled(True)
        self.fill(run)

    # What happens elsewhere -------------------------------------------------------------------------------

    def _follow(self, state: JobState) -> None:
        if state.kind == JOB and state.details and self.progress.running:
            self.progress.take(state.details)

    def _hear(self, words: str, level: str) -> None:
        """Say here what went wrong: the main window's line may be out of sight."""
        if level == "error":
            self.trouble.say(words)

    def _changed(self, touched: Touched, _initiator: object) -> None:
        if not self.progress.running and touched.subjects & {"annotations", "decisions", "statuses", "documents"}:
            self.setup.count_soon()

    def done(self, result: int) -> None:
        """Stop counting and listening; a training goes on."""
        self.setup.searcher.wait()
        for signal, slot in (
            (self._bridge.job_changed, self._follow),
            (self._bridge.changed, self._changed),
            (self._bridge.notice, self._hear),
            (self._bridge.project_changed, self.reject),
        ):
            signal.disconnect(slot)
        super().done(result)
