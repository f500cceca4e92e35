"""The backups of a project: what there is, one more now, and going back to one."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.jobs import Job, JobEvent
from app.messages import language, tr
from app.services import projects
from app.services.projects import Backup
from models.errors import EnvironmentFault
from ui.bridge import Bridge
from ui.dialogs.asking import confirm
from ui.dialogs.frame import Dialog, dress_rows, quiet


class _Ending(QObject):
    """Brings the end of a backup, which comes on a thread of the job's, to the window's own thread."""

    ended = Signal(str)

    def take(self, event: JobEvent) -> None:
        """Take an event of the job."""
        if event.kind == "ended":
            with suppress(RuntimeError):  # the program is ending, and this object has gone before
                self.ended.emit(event.state)


class BackupsDialog(Dialog):
    """Lists the backups, latest first. Gives back the one to restore, which the window does."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("dialog.backups"), tr("dialog.backups-intro"))
        self._bridge = bridge
        self._chosen: Path | None = None
        self._found: list[Backup] = []
        self.list = QListWidget()
        self.list.setAccessibleName(tr("dialog.backups"))
        dress_rows(self.list)
        self.list.itemActivated.connect(lambda _: self._restore())
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self._none = quiet(tr("dialog.backups-none"))
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._none)
        self.restore = self.add_action(tr("dialog.restore"), self._restore)
        self.now = self.add_action(tr("dialog.back-up-now"), self._back_up)
        self.folder = self.add_action(tr("dialog.open-folder"), self._open_folder)
        self.add_close()
        self._fill()
        self.resize(620, 420)
        self.list.setFocus()

    def request(self) -> Path | None:
        """Return the backup to restore, None where nothing is to be restored."""
        return self._chosen

    def _fill(self) -> None:
        self._found = projects.backups(self._bridge.workspace.path)
        self.list.clear()
        for backup in self._found:
            item = QListWidgetItem(describe(backup))
            item.setToolTip(str(backup.path))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if self._found else -1)
        self.list.setVisible(bool(self._found))
        self._none.setVisible(not self._found)
        self._enable()

    def _enable(self) -> None:
        self.restore.setEnabled(self.list.currentRow() >= 0)
        self.folder.setEnabled(bool(self._found))

    def _restore(self) -> None:
        if self.list.currentRow() < 0:
            return
        backup = self._found[self.list.currentRow()]
        words = tr("dialog.restore-confirm", when=moment(backup.at))
        if confirm(self, tr("dialog.restore-title"), words, tr("dialog.restore-yes")):
            self._chosen = backup.path
            self.accept()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._found[0].path.parent)))

    def _back_up(self) -> None:
        """Let a process of its own write a backup; the dialog may be closed meanwhile."""
        ending = _Ending(self._bridge)
        ending.ended.connect(self._backed_up, Qt.ConnectionType.QueuedConnection)
        ending.ended.connect(ending.deleteLater, Qt.ConnectionType.QueuedConnection)
        kept = max(1, self._bridge.settings.backups_kept)
        try:
            Job.start("backup", self._bridge.workspace.path, ["--keep", str(kept)], ending.take)
        except EnvironmentFault as error:
            self._bridge.complain(error)
            return
        self.now.setEnabled(False)
        self.trouble.say(tr("dialog.backing-up"), grave=False)

    def _backed_up(self, state: str) -> None:
        self.now.setEnabled(True)
        self.trouble.say("" if state == "finished" else tr("dialog.backup-failed"))
        self._fill()


def moment(at: datetime) -> str:
    """Return a time as people here write it, in their own time zone."""
    here = at.astimezone()
    return _locale().toString(here.replace(tzinfo=None), QLocale.FormatType.ShortFormat)


def _locale() -> QLocale:
    """Return the system's habits where it speaks the window's language, else those of its home country."""
    system = QLocale.system()
    wanted = QLocale("sv_SE" if language() == "sv" else "en_GB")
    return system if system.language() == wanted.language() else wanted


def describe(backup: Backup) -> str:
    """Return a backup in a line: when, how large, and what it was kept for."""
    size = _locale().formattedDataSize(backup.size, 1)
    kind = backup.path.stem.partition("-")[2]
    why = tr(f"dialog.backup-{kind}") if kind in ("replaced", "damaged") else ""
    weekday = _locale().standaloneDayName(backup.at.astimezone().isoweekday())
    return "  ·  ".join(part for part in (f"{weekday} {moment(backup.at)}", size, why) if part)
