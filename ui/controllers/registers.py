"""The register as a whole: taken over from files, written to files, and whether sure links need a key of their own."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app import register_commands as commands
from app.messages import tr
from app.services import register_files
from app.services import register_views as views
from app.services.register_views import CONFIRM_OPTION
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files


class Registers(QObject):
    """Imports and exports entries."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._window = bridge, window

    def import_file(self) -> None:
        """Take entries over from a file."""
        path = files.open_file(self._window, tr("action.register.import"), ".json")
        if path is None or not self._bridge.writable():
            return
        try:
            self._take(register_files.read_register(path))
        except KuratorError as error:
            self._bridge.complain(error)

    def import_starter(self) -> None:
        """Take over the list of Sweden's regions, authorities and services that ships."""
        if self._bridge.writable():
            self._take(register_files.starter("sweden"))

    def _take(self, records: list[register_files.Record]) -> None:
        kept, strange = register_files.fitting(records, self._bridge.workspace.reads.label_set())
        outcome = self._bridge.run(commands.AddThings(things=tuple(kept)), self)
        if outcome is not None:
            said = [tr("register.imported", count=outcome.count)]
            if strange:
                said.append(tr("register.strange-labels", count=strange))
            self._bridge.notice.emit(". ".join(said), "done")

    def export_file(self) -> None:
        """Write the register to a file that it can be imported from."""
        self._export("action.register.export", ".json")

    def export_table(self) -> None:
        """Write the register to a table for spreadsheets."""
        self._export("action.register.export-table", ".csv")

    def _export(self, title: str, suffix: str) -> None:
        name = f"{self._bridge.workspace.path.stem}-{tr('register_window.file')}{suffix}"
        path = files.save_file(self._window, tr(title), name, suffix)
        if path is None:
            return
        try:
            rows = views.listing(self._bridge.workspace)
            register_files.write_register(path, rows)
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._bridge.notice.emit(tr("register.exported", count=len(rows), path=str(path)), "done")

    def toggle_sure(self) -> None:
        """Let sure links be confirmed together with their entity, or no longer."""
        if not self._bridge.writable():
            return
        workspace = self._bridge.workspace
        on = workspace.option(CONFIRM_OPTION) != "1"
        workspace.set_option(CONFIRM_OPTION, "1" if on else None)
        self._bridge.notice.emit(tr("register_window.sure-on" if on else "register_window.sure-off"), "info")
