"""The history: every step that changed the project, newest first, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from models.history import HistoryEntry, Touched
from ui.actions import action
from ui.bridge import Bridge
from ui.item_models.history import HistoryModel, command_words
from ui.panes.history_delegate import HistoryDelegate
from ui.panes.inspector_parts import Muted, Segment

PAUSE_MS = 100
"""Steps that follow each other faster are shown together."""


class StepButton(QPushButton):
    """Says what a click would undo or redo, as far as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("text-align: left; padding: 4px 10px;")

    def minimumSizeHint(self) -> QSize:
        """Long words are cut."""
        return QSize(80, super().minimumSizeHint().height())


class HistoryPane(QWidget):
    """The audit trail of the document or the project; Enter or a double click goes to the place."""

    TITLE_KEY = "window.pane-history"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.undo, self.redo = StepButton(), StepButton()
        self.here, self.everywhere = Segment(), Segment()
        self.model = HistoryModel()
        self.list = QListView()
        self.empty = Muted()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.list)
        self.retranslate()

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(HistoryDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._scope = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(0)
        for button in (self.here, self.everywhere):
            self._scope.addButton(button)
            choices.addWidget(button)
        choices.addStretch(1)
        self.everywhere.setChecked(True)
        top = QVBoxLayout()
        top.setContentsMargins(12, 10, 12, 4)
        top.setSpacing(6)
        top.addWidget(self.undo)
        top.addWidget(self.redo)
        top.addLayout(choices)
        top.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.list, 1)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._leave_project)
        bridge.document_changed.connect(lambda _: self.here.isChecked() and self._soon(0))
        bridge.changed.connect(self._follow)
        self._timer.timeout.connect(self.refresh)
        self._scope.buttonClicked.connect(lambda _: self.refresh())
        self.undo.clicked.connect(lambda: bridge.undo())
        self.redo.clicked.connect(lambda: bridge.redo())
        self.list.activated.connect(self._go)

    def _leave_project(self) -> None:
        self.model.show_history(None, None)
        self._soon(0)

    def _follow(self, _touched: Touched, _initiator: object) -> None:
        self._soon(PAUSE_MS)

    def _soon(self, pause: int) -> None:
        if self.isVisible():
            self._timer.start(pause)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self._timer.start(0)

    def refresh(self) -> None:
        """Show the latest steps now."""
        self._timer.stop()
        if not self._bridge.is_open:
            self.model.show_history(None, None)
            self._say_steps(None, None)
            return
        workspace = self._bridge.workspace
        self.model.show_history(workspace, self._bridge.document if self.here.isChecked() else None)
        self.empty.say("" if self.model.rowCount() else tr("history.empty"))
        self._say_steps(workspace.reads.next_step("done"), workspace.reads.next_step("undone"))

    def _say_steps(self, undone: HistoryEntry | None, redone: HistoryEntry | None) -> None:
        changeable = self._bridge.is_open and not self._bridge.workspace.read_only
        for button, entry, key in (
            (self.undo, undone, "edit.undo"),
            (self.redo, redone, "edit.redo"),
        ):
            verb = tr("history.undo") if button is self.undo else tr("history.redo")
            words = f"{verb}: {command_words(entry.command)}" if entry else verb
            keys = QKeySequence(action(key).keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            button.setText(("↶  " if button is self.undo else "↷  ") + words)
            button.setAccessibleName(words)
            button.setToolTip(f"{words}  ({keys})")
            button.setEnabled(entry is not None and changeable)

    def _go(self, index: QModelIndex) -> None:
        step = self.model.step(index.row())
        if step is None:
            return
        document = step.entry.focus.document or step.entry.document
        if document is None or not self._bridge.workspace.reads.documents([document]):
            self._bridge.notice.emit(tr("history.nowhere"), "info")
        else:
            self._bridge.open_document(document, step.entry.focus.mark)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.here.setText(tr("history.here"))
        self.everywhere.setText(tr("history.everywhere"))
        self.list.setAccessibleName(tr("history.name"))
        self.refresh()
        self.list.viewport().update()
