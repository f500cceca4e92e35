"""Suggestions: letting the pipeline suggest, and choosing which one does."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.jobs import JobBoard


class Suggesting(QObject):
    """Starts the job that suggests, and keeps what the project says about its pipeline and labels."""

    def __init__(self, bridge: Bridge, jobs: JobBoard, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._window = window

    def suggest(self) -> None:
        """Let the project's pipeline suggest for every document it has not seen."""
        self._suggest([])

    def _suggest(self, more: list[str]) -> None:
        if not self._bridge.writable():
            return
        self._jobs.start("suggest", self._bridge.workspace.path, more, self._suggested)

    def _suggested(self, report: dict[str, Any]) -> None:
        count = int(report.get("suggestions", 0))
        self._bridge.notice.emit(tr("window.suggested", count=count), "done")

    def choose_pipeline(self, offered: str | None = None) -> None:
        """Ask which pipeline suggests, ``offered`` to begin with, and how its labels are called here."""
        if not self._bridge.writable():
            return
        from ui.dialogs.pipeline import PipelineDialog

        dialog = PipelineDialog(self._bridge, self._window, offered)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            from app.pipeline.protocol import BUILT_IN
            from app.services.analysis import choose_pipeline
            from ui.dialogs.trust import may_load

            if not may_load(self._bridge, wanted.pipeline or BUILT_IN, self._window):
                return
            choose_pipeline(self._bridge.workspace, wanted.pipeline or BUILT_IN, wanted.mapping)
            if wanted.suggest:
                self._suggest(["--again"] if wanted.again else [])

    def edit_labels(self) -> None:
        """Edit the label set."""
        from ui.dialogs.label_set import LabelSetDialog

        LabelSetDialog(self._bridge, self._window).exec()
