"""Choosing an entry of the register while typing: its name or an alias, Enter takes the one in focus."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.messages import tr
from app.services.register_views import Thing, find
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, dress_rows, line, quiet
from ui.panes.inspector_parts import swatch

_SHOWN = 60
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class FindThing(Dialog):
    """Gives back ``thing``, the id of an entry, or ``new_name`` where ``makes`` offers to make one.

    Args:
        bridge: what the window shares.
        title: what the entry is chosen for.
        words: what is looked for first.
        label: entries with this label come first.
        without: entries that are not offered.
        makes: whether a new entry may be made of what was typed.
        parent: the window.
    """

    def __init__(
        self,
        bridge: Bridge,
        title: str,
        words: str = "",
        label: str = "",
        without: Collection[str] = (),
        makes: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, title, tr("register_window.find-intro"))
        self._bridge, self._label, self._without, self._makes = bridge, label, frozenset(without), makes
        self.thing: str | None = None
        self.new_name = ""
        self.field = line(tr("register_window.find"), words, tr("register_window.find-hint"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("register_window.entries"))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        dress_rows(self.list)
        self.nothing = quiet(tr("register_window.find-nothing"))
        self.body.addWidget(self.field)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.nothing)
        self._accept = self.add_accept(tr("register_window.choose-this"))
        self.add_cancel()
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemDoubleClicked.connect(lambda _: self.accept())
        self.list.currentRowChanged.connect(lambda row: self._accept.setEnabled(row >= 0))
        self._fill(words)
        self.resize(560, 520)
        self.field.setFocus()
        self.field.selectAll()

    def _fill(self, typed: str) -> None:
        found = [one for one in find(self._bridge.workspace, typed, self._label, _SHOWN) if one.id not in self._without]
        colours = {one.id: one.color for one in self._bridge.workspace.reads.label_set().entities}
        self.list.clear()
        for thing in found:
            self._add(self._words(thing), thing.id, colours.get(thing.label))
        name = " ".join(typed.split())
        if self._makes and name:
            self._add(tr("register_window.make-named", name=name), None, None)
        self.list.setVisible(self.list.count() > 0)
        self.nothing.setVisible(self.list.count() == 0)
        self.list.setCurrentRow(0 if self.list.count() else -1)
        self._accept.setEnabled(self.list.count() > 0)

    def _words(self, thing: Thing) -> str:
        told = [thing.name, self._bridge.title(thing.label)]
        if thing.aliases:
            told.append(", ".join(thing.aliases[:4]))
        return "  ·  ".join(told)

    def _add(self, words: str, thing: str | None, color: str | None) -> None:
        item = QListWidgetItem(words)
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.UserRole, thing)
        if color:
            item.setIcon(swatch(color))
        self.list.addItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows move in the list while the line has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def accept(self) -> None:
        """Take the entry in focus."""
        item = self.list.currentItem()
        if item is None:
            return
        self.thing = item.data(Qt.ItemDataRole.UserRole)
        self.new_name = "" if self.thing is not None else " ".join(self.field.text().split())
        super().accept()
