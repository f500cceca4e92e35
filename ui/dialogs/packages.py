"""Work packages: documents shared out, files written, and how far everybody is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from app.messages import tr
from app.services.packages import Plan
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.asking import confirm
from ui.dialogs.frame import Dialog
from ui.dialogs.packages_plan import PlanPage
from ui.dialogs.packages_progress import ProgressPage


class PackagesDialog(Dialog):
    """Two pages: sharing out, and how things stand. ``write_wanted(folder, annotators)``: none stands for all."""

    write_wanted = Signal(object, object)

    def __init__(self, bridge: Bridge, shown: Sequence[str] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("team.packages"), tr("team.packages-intro"))
        self._bridge = bridge
        self._plan: Plan | None = None
        self.planning, self.progress = PlanPage(bridge, shown), ProgressPage(bridge)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.planning, tr("team.share-out"))
        self.tabs.addTab(self.progress, tr("team.progress"))
        self.body.addWidget(self.tabs, 1)
        self.assign: QPushButton = self.add_action(tr("team.do-assign"), self.carry_out)
        self.write: QPushButton = self.add_action(tr("team.write-files"), self.ask_folder)
        self.add_close()
        self.planning.planned.connect(self._take)
        self.tabs.currentChanged.connect(lambda _: self._offer())
        self.planning.work_out()
        self.tabs.setCurrentIndex(1 if self.progress.people else 0)
        self._offer()
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 170, letter * 92)

    def _take(self, plan: Plan | None, wrong: str) -> None:
        self._plan, self._wrong = plan, wrong
        self._offer()

    def _offer(self) -> None:
        """Offer what can be done on this page."""
        planning = self.tabs.currentIndex() == 0
        writable = not self._bridge.workspace.read_only
        self.assign.setVisible(planning)
        self.assign.setEnabled(self._plan is not None and writable)
        self.write.setVisible(not planning)
        self.write.setEnabled(bool(self.progress.people))
        self.trouble.say(self._wrong if planning else "", grave=False)

    def carry_out(self) -> None:
        """Share the documents out as planned, and show how things stand then."""
        self.planning.work_out()
        plan = self._plan
        if plan is None:
            return
        if self.planning.again.isChecked() and self.progress.people and not self._sure():
            return
        if self._bridge.run(plan.command(), self) is None:
            return
        self._bridge.notice.emit(tr("team.assigned-now", count=len(plan.assignments)), "done")
        self.progress.refresh()
        self.planning.again.setChecked(False)
        self.planning.work_out()
        self.tabs.setCurrentIndex(1)

    def _sure(self) -> bool:
        return confirm(self, tr("team.packages"), tr("team.again-sure"), tr("team.again-yes"), careful=True)

    def ask_folder(self) -> None:
        """Ask where to write the files, of those selected or of all."""
        folder = files.choose_folder(self, tr("team.choose-folder"))
        if folder is not None:
            self.write_wanted.emit(folder, self.progress.chosen())
