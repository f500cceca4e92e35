"""Projects and what goes in and out of them: the actions of the group ``project`` and their dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from app import commands
from app.messages import tr
from app.workspace import Workspace
from models.errors import KuratorError
from models.marks import Mark
from ui.bridge import Bridge
from ui.dialogs import files
from ui.jobs import JobBoard

if TYPE_CHECKING:
    from ui.main_window import MainWindow


_SOON_MS = 150
"""How long after a project's first paint the rest is loaded, in milliseconds."""


class Projects(QObject):
    """Opens and closes projects, and starts the jobs that fill and empty them."""

    def __init__(self, bridge: Bridge, jobs: JobBoard, window: MainWindow) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._window = window

    # Opening and closing ----------------------------------------------------------------------------------

    def start_page(self) -> QWidget:
        """Return the page that is shown while no project is open."""
        from ui.dialogs.start_page import StartPage

        page = StartPage(self._bridge)
        page.new_wanted.connect(self.new)
        page.open_wanted.connect(self.open)
        page.sample_wanted.connect(self.open_sample)
        page.path_wanted.connect(self.open_path)
        self._start = page
        return page

    def new(self) -> None:
        """Ask for a name and a place, and make a project."""
        from ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            self._show(lambda: Workspace.create(wanted.path, wanted.name, wanted.annotator, wanted.label_set))

    def open(self) -> None:
        """Ask for a project and open it."""
        path = files.open_project(self._window)
        if path is not None:
            self.open_path(path)

    def open_sample(self) -> None:
        """Open the sample project, made at its first opening, with suggestions."""
        from app.services import projects

        self._show(lambda: Workspace.open(projects.sample_project()))
        if self._bridge.is_open:
            self.suggest()

    def open_path(self, path: Path) -> bool:
        """Open a project; a sentence says why where it cannot be opened."""
        return self._show(lambda: Workspace.open(Path(path)))

    def _show(self, make: Callable[[], Workspace]) -> bool:
        try:
            workspace = make()
        except KuratorError as error:
            self._bridge.complain(error)
            return False
        self.close()
        self._bridge.set_workspace(workspace)
        if workspace.read_only:
            self._bridge.notice.emit(tr("window.opened-read-only"), "warning")
        QTimer.singleShot(_SOON_MS, lambda: self._settle(workspace))
        return True

    def _settle(self, workspace: Workspace) -> None:
        """Do what can wait until the window stands: load what writes, remember the project, back it up."""
        if not self._bridge.is_open or self._bridge.workspace is not workspace:
            return
        from app.services import projects
        from app.settings import remember_project

        self._bridge.settings = remember_project(workspace.path)
        if not workspace.read_only:
            workspace.prepare()
            projects.back_up_if_due(workspace, self._bridge.settings.backups_kept)

    def close(self) -> None:
        """Close the project; running jobs stop where they are, what they stored stays."""
        if not self._bridge.is_open:
            return
        self._jobs.stop_all()
        workspace = self._bridge.workspace
        self._bridge.set_workspace(None)
        workspace.close()

    def dropped(self, paths: Sequence[str]) -> None:
        """Open a dropped project; import anything else."""
        found = [Path(path) for path in paths]
        if len(found) == 1 and found[0].suffix == ".kurator":
            self.open_path(found[0])
        elif self._bridge.is_open:
            self.import_paths(found)
        else:
            self._bridge.notice.emit(tr("window.open-first"), "info")

    # In ---------------------------------------------------------------------------------------------------

    def import_files(self) -> None:
        """Ask for files and import them."""
        self.import_paths(files.import_files(self._window))

    def import_folder(self) -> None:
        """Ask for a folder and import it."""
        folder = files.import_folder(self._window)
        if folder is not None:
            self.import_paths([folder])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders in a job of their own."""
        if paths and self._writable():
            workspace = self._bridge.workspace
            self._jobs.start("import", workspace.path, [str(path) for path in paths], self._imported)

    def _writable(self) -> bool:
        if self._bridge.workspace.read_only:
            self._bridge.notice.emit(tr("window.opened-read-only"), "warning")
            return False
        return True

    def _imported(self, report: dict[str, Any]) -> None:
        counts = report.get("counts", {})
        self._bridge.notice.emit(
            tr("window.imported", added=counts.get("added", 0), skipped=counts.get("skipped", 0)), "done"
        )
        if self._bridge.document is None:
            self._bridge.open_document(self._window.corpus.first_document())
        if report.get("notable"):
            from ui.dialogs.import_report import ImportReportDialog

            ImportReportDialog(self._bridge, report, self._window).open()
        if self._bridge.settings.suggest_at_import and counts.get("added", 0) + counts.get("updated", 0):
            self.suggest()

    # Suggestions ------------------------------------------------------------------------------------------

    def suggest(self) -> None:
        """Let the project's pipeline suggest for every document it has not seen."""
        self._suggest([])

    def _suggest(self, more: list[str]) -> None:
        if not self._writable():
            return
        self._jobs.start("suggest", self._bridge.workspace.path, more, self._suggested)

    def _suggested(self, report: dict[str, Any]) -> None:
        count = int(report.get("suggestions", 0))
        self._bridge.notice.emit(tr("window.suggested", count=count), "done")

    def choose_pipeline(self) -> None:
        """Ask which pipeline suggests, and how its labels are called here."""
        from ui.dialogs.pipeline import PipelineDialog

        dialog = PipelineDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            from app.pipeline.protocol import BUILT_IN
            from app.services.analysis import choose_pipeline

            choose_pipeline(self._bridge.workspace, wanted.pipeline or BUILT_IN, wanted.mapping)
            if wanted.suggest:
                self._suggest(["--again"] if wanted.again else [])

    def identical(self, mark: Mark) -> None:
        """Show what would be done to identical passages, and do it if wanted."""
        from ui.dialogs.identical import IdenticalDialog

        document = self._bridge.document
        if document is None:
            return
        dialog = IdenticalDialog(self._bridge, document, mark, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            outcome = self._bridge.run(
                commands.ApplyToIdentical(
                    document=document, key=mark.key, scope=wanted.scope, create_missing=wanted.create_missing
                ),
                self,
            )
            if outcome is not None:
                self._bridge.notice.emit(tr("curation.applied", count=outcome.count), "done")

    # Labels, out, copies ----------------------------------------------------------------------------------

    def edit_labels(self) -> None:
        """Edit the label set."""
        from ui.dialogs.label_set import LabelSetDialog

        LabelSetDialog(self._bridge, self._window).exec()

    def export(self) -> None:
        """Ask for a format and a place, and write the file in a job of its own."""
        from ui.dialogs.export import ExportDialog

        dialog = ExportDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            arguments = ["--format", wanted.format, "-o", str(wanted.path)]
            arguments += [] if wanted.suggestions else ["--no-suggestions"]
            for name in wanted.documents:
                arguments += ["--document", name]
            project = self._bridge.workspace.path
            self._jobs.start("export", project, arguments, lambda _: self._exported(wanted.path))

    def _exported(self, path: Path) -> None:
        self._bridge.notice.emit(tr("window.exported", path=str(path)), "done")

    def save_copy(self) -> None:
        """Ask for a place and save a copy of the project there."""
        path = files.save_project(self._window, self._bridge.workspace.path)
        if path is not None:
            from app.services import projects

            try:
                projects.save_copy(self._bridge.workspace, path)
            except KuratorError as error:
                self._bridge.complain(error)
                return
            self._bridge.notice.emit(tr("window.copied", path=str(path)), "done")

    def backups(self) -> None:
        """Show the backups, and restore one if wanted."""
        from ui.dialogs.backups import BackupsDialog

        dialog = BackupsDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and (backup := dialog.request()) is not None:
            from app.services import projects

            path = self._bridge.workspace.path
            self.close()
            try:
                projects.restore(path, backup)
            except KuratorError as error:
                self._bridge.complain(error)
            self.open_path(path)

    def settings(self) -> None:
        """Change settings."""
        from ui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._window.change_settings(**dialog.request())

    def show_help(self) -> None:
        """Show the help pages."""
        from ui.dialogs.help_viewer import HelpViewer

        HelpViewer(self._bridge, self._window).show()

    def show_about(self) -> None:
        """Say what this program is."""
        from ui.dialogs.about import AboutDialog

        AboutDialog(self._bridge, self._window).exec()

    def retranslate(self) -> None:
        """Say the start page in the window's language."""
        if "_start" in self.__dict__:
            self._start.retranslate()
