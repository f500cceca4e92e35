"""Training and measuring: their windows, the jobs behind them, and what becomes of a pipeline that was trained."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.messages import tr
from app.services import training_runs
from app.services.analysis import choose_pipeline, chosen_pipeline
from app.services.training_runs import Run
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.controllers.suggesting import Suggesting
from ui.dialogs import files
from ui.jobs import JobBoard, JobState

if TYPE_CHECKING:
    from ui.dialogs.evaluate import EvaluateRequest, EvaluateWindow
    from ui.dialogs.training import TrainingWindow
    from ui.dialogs.training_setup import TrainingRequest

TRAIN, EVALUATE, PACKAGE = "train", "evaluate", "package"


class Training(QObject):
    """Carries out what the training window and the window that measures ask for."""

    def __init__(self, bridge: Bridge, jobs: JobBoard, suggesting: Suggesting, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._suggesting = suggesting
        self._window = window
        self.shown: TrainingWindow | None = None
        self.measuring: EvaluateWindow | None = None
        self._run: Run | None = None
        self._queue: deque[str] = deque()
        self._request: EvaluateRequest | None = None
        bridge.job_changed.connect(self._follow)
        bridge.project_changed.connect(self._forget)

    def _forget(self) -> None:
        self._run, self._request = None, None
        self._queue.clear()

    # The training window ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the training window, or bring it to the front."""
        if self.shown is None:
            from ui.dialogs.training import TrainingWindow

            made = self.shown = TrainingWindow(self._bridge)
            made.train_wanted.connect(self._begin)
            made.stop_wanted.connect(lambda: self._jobs.cancel(TRAIN))
            made.resume_wanted.connect(self._resume)
            made.forget_wanted.connect(self._throw_away)
            made.act_wanted.connect(self._act)
            made.finished.connect(self._closed)
            if self._run is not None:
                made.begin(self._run)
            else:
                stopped = [one for one in training_runs.runs(self._bridge.workspace)[:1] if one.stopped]
                made.fill(stopped[0] if stopped else None)
        self._bring(self.shown)

    @staticmethod
    def _bring(window: QWidget) -> None:
        window.show()
        window.raise_()
        window.activateWindow()

    def _closed(self) -> None:
        self.shown = None

    def retranslate(self) -> None:
        """Close the windows: they are made anew in the window's language when they are wanted again."""
        for one in (self.shown, self.measuring):
            if one is not None:
                one.reject()

    def _begin(self, wanted: TrainingRequest) -> None:
        from app.training.recipe import Recipe
        from ui.dialogs.trust import may_load

        foreign = Recipe(wanted.base).foreign
        if self._jobs.running(TRAIN) or (foreign and not may_load(self._bridge, wanted.base, self.shown)):
            return
        try:
            run = training_runs.begin(self._bridge.workspace, wanted.arguments())
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._start(run)

    def _resume(self, run: Run) -> None:
        self._start(training_runs.now_of(self._bridge.workspace, run))

    def _start(self, run: Run) -> None:
        project = self._bridge.workspace.path
        if self._jobs.start(TRAIN, project, run.command(), lambda report: self._trained(run, report)):
            self._run = run
            if self.shown is not None:
                self.shown.begin(run)

    def _trained(self, run: Run, report: dict[str, Any]) -> None:
        stopped = bool(report.get("stopped"))
        self._bridge.notice.emit(tr("training_window.stopped" if stopped else "training_window.trained"), "done")
        if not stopped:
            self._compare(run, report)

    def _compare(self, run: Run, report: dict[str, Any]) -> None:
        """Measure the pipeline in use on the same documents, to show what has changed."""
        from app.services.trust import is_trusted

        pipeline = chosen_pipeline(self._bridge.workspace)
        try:
            if not is_trusted(pipeline):
                return
        except KuratorError:
            return

        def measured(told: dict[str, Any]) -> None:
            try:
                training_runs.keep_before(run, told)
            except KuratorError as error:
                self._bridge.complain(error)
            if self.shown is not None and self.shown.run is not None and self.shown.run.number == run.number:
                self.shown.show_result(report)

        split = "held-out" if report.get("held_out_shared") else "test"
        whose = [one for one in run.arguments if one.startswith(_WHOSE)]
        arguments = [f"--pipeline={pipeline}", f"--split={split}", *whose]
        self._jobs.start(EVALUATE, self._bridge.workspace.path, arguments, measured)

    def _follow(self, state: JobState) -> None:
        if state.ended and state.kind == TRAIN and self._run is not None:
            run, self._run = self._run, None
            if not self._bridge.is_open:
                return
            run = training_runs.now_of(self._bridge.workspace, run)
            begun = run.finished or run.stopped or training_runs.events(run)
            if not begun:
                training_runs.forget(run)
            if self.shown is not None:
                self.shown.ended(run)
        elif state.ended and state.kind == EVALUATE and self._request is not None:
            QTimer.singleShot(0, self._next)

    def _throw_away(self, run: Run) -> None:
        from ui.dialogs.asking import confirm

        title, yes = tr("training_window.forget-title"), tr("training_window.forget-yes")
        if str(run.folder) == chosen_pipeline(self._bridge.workspace):
            self._bridge.notice.emit(tr("training_window.in-use"), "warning")
        elif confirm(self.shown, title, tr("training_window.forget-what", number=run.number), yes, careful=True):
            training_runs.forget(run)
            if self.shown is not None:
                self.shown.fill()

    # What to do with a trained pipeline -------------------------------------------------------------------

    def _act(self, what: str, run: Run) -> None:
        try:
            {"use": self.use, "save": self._save, "wheel": self._wheel, "evaluate": self._evaluate}[what](run)
        except KuratorError as error:
            self._bridge.complain(error)

    def use(self, run: Run) -> None:
        """Let the project use a trained pipeline; where its labels are called otherwise, ask what they mean."""
        from app.services.pipeline_views import pipeline_facts

        if not self._bridge.writable():
            return
        report, workspace = training_runs.report(run) or {}, self._bridge.workspace
        mapping: dict[str, str | None] = dict(report.get("mapping") or {})
        known = workspace.reads.label_set().kinds
        _, labels = pipeline_facts(str(run.folder))
        if any(one not in known and one not in mapping for one in labels):
            self._suggesting.choose_pipeline(str(run.folder))
            return
        choose_pipeline(workspace, str(run.folder), mapping or None)
        self._bridge.notice.emit(tr("training_window.used"), "done")
        self._suggesting.suggest()

    def _save(self, run: Run) -> None:
        folder = files.choose_folder(self.shown, tr("training_window.save-where"))
        if folder is None:
            return
        target = folder / str((training_runs.report(run) or {}).get("name") or "pipeline")
        training_runs.save_copy(run, target)
        self._bridge.notice.emit(tr("training_window.saved", path=str(target)), "done")

    def _wheel(self, run: Run) -> None:
        folder = files.choose_folder(self.shown, tr("training_window.wheel-where"))
        if folder is None:
            return

        def packed(report: dict[str, Any]) -> None:
            self._bridge.notice.emit(tr("training.packed", path=str(report["path"])), "done")

        self._jobs.start(PACKAGE, run.folder, [f"--out={folder}"], packed)

    def _evaluate(self, run: Run) -> None:
        self.evaluate((str(run.folder), chosen_pipeline(self._bridge.workspace)))

    # Measuring --------------------------------------------------------------------------------------------

    def evaluate(self, chosen: tuple[str, ...] = ()) -> None:
        """Show the window that measures, these pipelines ticked."""
        if self.measuring is not None and chosen:
            self.measuring.reject()
        if self.measuring is None:
            from ui.dialogs.evaluate import EvaluateWindow

            made = self.measuring = EvaluateWindow(self._bridge, tuple(dict.fromkeys(chosen)))
            made.measure_wanted.connect(self._measure)
            made.cancel_wanted.connect(self._cancel_measuring)
            made.export_wanted.connect(self._export)
            made.finished.connect(self._measuring_closed)
        self._bring(self.measuring)

    def _measuring_closed(self) -> None:
        self.measuring = None

    def _measure(self, wanted: EvaluateRequest) -> None:
        from ui.dialogs.trust import may_load

        window = self.measuring
        if window is None or self._jobs.running(EVALUATE):
            return
        self._queue = deque(one for one in wanted.pipelines if may_load(self._bridge, one, window))
        self._request = wanted
        if self._queue:
            window.begin()
            self._next()

    def _next(self) -> None:
        request = self._request
        if request is None or not self._queue:
            self._request = None
            if self.measuring is not None:
                self.measuring.working(False)
            return
        pipeline = self._queue.popleft()

        def measured(told: dict[str, Any]) -> None:
            if self.measuring is not None and "scores" in told:
                self.measuring.add(pipeline, told)

        if self._jobs.start(EVALUATE, self._bridge.workspace.path, request.arguments(pipeline), measured):
            if self.measuring is not None:
                self.measuring.working(True)
        else:
            self._queue.clear()

    def _cancel_measuring(self) -> None:
        if self._request is not None:
            self._queue.clear()
            self._request = None
            self._jobs.cancel(EVALUATE, 0.5)
            if self.measuring is not None:
                self.measuring.working(False)

    def _export(self, kind: str) -> None:
        from app.formats.atomic import replacing
        from app.training import report

        window = self.measuring
        told = window.shown if window is not None else None
        if told is None:
            return
        suggestion = self._bridge.workspace.path.with_name(tr("training_window.file-name") + f".{kind}")
        path = files.save_file(window, tr(f"training_window.save-{kind}"), suggestion, f".{kind}")
        if path is None:
            return
        made = {"csv": report.as_csv, "html": report.as_html, "json": _as_json}[kind](told)
        try:
            with replacing(Path(path)) as file:
                file.write(made.encode())
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._bridge.notice.emit(tr("training.written", path=str(path)), "done")
        if kind == "html":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


_WHOSE = ("--annotator", "--label", "--adjudicated", "--done", "--since", "--until")
"""How the arguments of a training begin that also narrow what is measured."""


def _as_json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
