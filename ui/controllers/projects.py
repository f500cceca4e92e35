"""Opening, closing, copying and restoring projects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.messages import tr
from app.workspace import Workspace, load_writing
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.controllers.suggesting import Suggesting
from ui.dialogs import files
from ui.jobs import JobBoard

if TYPE_CHECKING:
    from ui.dialogs.new_project import NewProject
    from ui.dialogs.start_page import StartPage

_SOON_MS = 150
"""How long after a project's first paint the rest is loaded, in milliseconds."""


class Projects(QObject):
    """Opens and closes projects. ``files_dropped(list[Path])``: something to import was dropped."""

    files_dropped = Signal(list)
    _loaded = Signal(object)

    def __init__(self, bridge: Bridge, jobs: JobBoard, suggesting: Suggesting, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._suggesting = suggesting
        self._window = window
        self._page: StartPage | None = None
        self._loaded.connect(self._settle)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._load)

    # Opening and closing ----------------------------------------------------------------------------------

    def start_page(self) -> StartPage:
        """Return the page that is shown while no project is open."""
        from ui.dialogs.start_page import StartPage

        page = StartPage(self._bridge)
        page.new_wanted.connect(self.new)
        page.open_wanted.connect(self.open)
        page.sample_wanted.connect(self.open_sample)
        page.path_wanted.connect(self.open_path)
        self._page = page
        return page

    def new(self) -> None:
        """Ask for a name and a place, and make a project."""
        from ui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            wanted = dialog.request()
            self._show(lambda: _made(wanted))

    def open(self) -> None:
        """Ask for a project and open it."""
        path = files.open_project(self._window)
        if path is not None:
            self.open_path(path)

    def open_sample(self) -> None:
        """Open the sample project, made at its first opening, with suggestions."""
        from app.services import projects

        try:
            path = projects.sample_project()
        except KuratorError as error:
            self._bridge.complain(error)
            return
        if self.open_path(path) and not self._bridge.workspace.read_only:
            self._suggesting.suggest()

    def open_path(self, path: Path) -> bool:
        """Open a project; a sentence says why where it cannot be opened."""
        bridge = self._bridge
        if bridge.is_open and not bridge.workspace.read_only and bridge.workspace.path == Path(path).resolve():
            bridge.notice.emit(tr("window.already-open"), "info")
            return True
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
        self._soon.start()
        return True

    def _load(self) -> None:
        """Load what writing needs on a thread, since that takes longer than a frame; then settle."""
        if not self._bridge.is_open:
            return
        workspace = self._bridge.workspace
        if workspace.read_only:
            self._settle(workspace)
            return

        def load() -> None:
            load_writing()
            with suppress(RuntimeError):  # the window may be gone
                self._loaded.emit(workspace)

        Thread(target=load, name="load-writing").start()

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
            self.files_dropped.emit(found)
        else:
            self._bridge.notice.emit(tr("window.open-first"), "info")

    # Copies -----------------------------------------------------------------------------------------------

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

    def retranslate(self) -> None:
        """Say the start page in the window's language."""
        if self._page is not None:
            self._page.retranslate()


def _made(wanted: NewProject) -> Workspace:
    """Make a project as it was asked for and open it."""
    workspace = Workspace.create(wanted.path, wanted.name, wanted.annotator, wanted.label_set)
    if wanted.starter:
        from app.services.register_files import begin_with

        begin_with(workspace, "sweden")
    return workspace
