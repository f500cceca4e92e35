"""What goes in and out of a project: importing and exporting, in jobs of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.controllers.suggesting import Suggesting
from ui.dialogs import files
from ui.jobs import JobBoard

if TYPE_CHECKING:
    from app.formats.contract import Format

_LOOKED_AT = 50
"""Files whose format is looked at before an import; what many files are is seen in the first ones."""
_LARGE_FOLDER = 2000
"""Entries from which on a folder is not looked into here: the job does that, and imports it without asking."""


def foreign_format(paths: Sequence[Path]) -> Format | None:
    """Return the format of another tool that all these files are in, told from their content, or None."""
    from app.formats.registry import format_of

    found = None
    for path in paths[:_LOOKED_AT]:
        one = None if _is_large(path) else format_of(path)
        if one is None or one.read is None or found not in (None, one):
            return None
        found = one
    return found


def _is_large(path: Path) -> bool:
    try:
        return path.is_dir() and any(True for _ in islice(path.iterdir(), _LARGE_FOLDER, None))
    except OSError:
        return False


class Transfer(QObject):
    """Imports and exports. ``imported()``: documents may have come while none is shown."""

    imported = Signal()

    def __init__(self, bridge: Bridge, jobs: JobBoard, suggesting: Suggesting, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._suggesting = suggesting
        self._window = window
        self.takes: Callable[[Sequence[Path]], bool] = lambda paths: False
        """Whoever takes exchange files in: asked first, True where they did."""

    def import_files(self) -> None:
        """Ask for files and import them."""
        self.import_paths(files.import_files(self._window))

    def import_folder(self) -> None:
        """Ask for a folder and import it."""
        folder = files.import_folder(self._window)
        if folder is not None:
            self.import_paths([folder])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders in a job of their own; about another tool's files the user is asked first."""
        if not paths or not self._bridge.writable() or self.takes(paths):
            return
        recognised = foreign_format(paths)
        if recognised is not None:
            self._ask_about(paths, recognised)
            return
        workspace = self._bridge.workspace
        self._jobs.start("import", workspace.path, [str(path) for path in paths], self._imported)

    def import_annotations(self) -> None:
        """Ask for files of another tool, recognised or not, and how they are imported."""
        paths = files.import_files(self._window, annotations=True) if self._bridge.writable() else []
        if paths:
            self._ask_about(paths, foreign_format(paths))

    def _ask_about(self, paths: Sequence[Path], recognised: Format | None) -> None:
        from ui.dialogs.import_annotations import ImportAnnotationsDialog

        dialog = ImportAnnotationsDialog(self._bridge, self._jobs, paths, recognised, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            arguments = dialog.request().arguments()
            self._jobs.start("import", self._bridge.workspace.path, arguments, self._imported_annotations)

    def _imported_annotations(self, report: dict[str, Any]) -> None:
        if report.get("cancelled"):
            self._bridge.notice.emit(tr("transfer_window.import-cancelled"), "info")
            return
        counts = report.get("counts", {})
        figures = {name: int(counts.get(name, 0)) for name in ("entities", "claims", "relations", "same")}
        self._bridge.notice.emit(tr("transfer_window.imported", **figures), "done")
        if self._bridge.document is None:
            self.imported.emit()
        if report.get("notable"):
            from ui.dialogs.import_report import ImportReportDialog

            shown = {tr(f"transfer_window.figure-{name}"): count for name, count in figures.items()}
            ImportReportDialog(self._bridge, report, self._window, counted=shown).open()

    def took_over(self, report: dict[str, Any]) -> None:
        """Tell what an empty project took over from an exchange file."""
        self._imported(report)

    def _imported(self, report: dict[str, Any]) -> None:
        if "format" in report:
            self._imported_annotations(report)
            return
        counts = report.get("counts", {})
        self._bridge.notice.emit(
            tr("window.imported", added=counts.get("added", 0), skipped=counts.get("skipped", 0)), "done"
        )
        if self._bridge.document is None:
            self.imported.emit()
        if report.get("notable"):
            from ui.dialogs.import_report import ImportReportDialog

            ImportReportDialog(self._bridge, report, self._window).open()
        if self._bridge.settings.suggest_at_import and counts.get("added", 0) + counts.get("updated", 0):
            self._suggesting.suggest()

    def export(self) -> None:
        """Ask for a format and a place, and write the file in a job of its own."""
        from ui.dialogs.export import ExportDialog

        dialog = ExportDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted, project = dialog.request(), self._bridge.workspace.path
            self._jobs.start("export", project, wanted.arguments(), lambda report: self._exported(wanted.path, report))

    def _exported(self, path: Path, report: Mapping[str, Any]) -> None:
        if report.get("cancelled"):
            self._bridge.notice.emit(tr("transfer_window.export-cancelled", path=str(path)), "info")
            return
        self._bridge.notice.emit(tr("window.exported", path=str(path)), "done")
        if report.get("losses"):
            from ui.dialogs.export_report import ExportReportDialog

            ExportReportDialog(report, self._window).open()
