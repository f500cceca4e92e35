"""What a team does with suggestions and documents: controls, the usage report, work packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.jobs import JobBoard
from ui.panes.corpus import CorpusPane


class Team(QObject):
    """Opens the dialogs, and lets a job write the files of work packages."""

    def __init__(self, bridge: Bridge, jobs: JobBoard, corpus: CorpusPane, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._corpus = corpus
        self._window = window

    def controls(self) -> None:
        """Ask for the share of controls and set it."""
        if not self._bridge.writable():
            return
        from ui.dialogs.controls import ControlsDialog

        dialog = ControlsDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            outcome = self._bridge.run(dialog.request(), self)
            if outcome is not None:
                self._bridge.notice.emit(tr("team.controls-set", count=dialog.planned), "done")

    def usage(self) -> None:
        """Show how suggestions were used."""
        from ui.dialogs.usage import UsageDialog

        UsageDialog(self._bridge, self._window).exec()

    def packages(self) -> None:
        """Share documents out, write the files, see how far everybody is."""
        from ui.dialogs.packages import PackagesDialog

        shown = list(self._corpus.model.ids) if self._corpus.bar.narrows else None
        dialog = PackagesDialog(self._bridge, shown, self._window)
        dialog.write_wanted.connect(self.write)
        dialog.exec()

    def write(self, folder: Path, annotators: Sequence[str]) -> None:
        """Write the files of these annotators, none for all, into a folder in a job of its own."""
        arguments = ["write", "--to", str(folder)]
        for one in annotators:
            arguments += ["--annotator", one]
        self._jobs.start("packages", self._bridge.workspace.path, arguments, self._written)

    def _written(self, report: dict[str, Any]) -> None:
        files = report.get("files", [])
        folder = str(Path(files[0]["path"]).parent) if files else ""
        self._bridge.notice.emit(tr("team.files-written", count=len(files), folder=folder), "done")
