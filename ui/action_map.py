"""From actions as data to Qt: menus, shortcuts, palette entries and the cheat sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.messages import language, tr
from models.errors import KuratorError
from models.history import Touched
from models.labels import localised
from ui.actions import ACTIONS, GROUPS, Action
from ui.panes.reader.view import ReaderView

if TYPE_CHECKING:
    from ui.main_window import MainWindow

Line = tuple[str, str, str]
"""Group, title and keys of one line of the cheat sheet."""


class ActionMap:
    """The window's :class:`QAction` objects, one for each entry of :data:`ACTIONS` and for each label's key.

    Reader keys work only while the text has the keyboard, a side pane's only while that has it.
    """

    def __init__(self, window: MainWindow, reader: ReaderView) -> None:
        self._window = window
        self._reader = reader
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._label_actions: list[QAction] = []
        for group in GROUPS:
            self._menus[group] = window.menuBar().addMenu("")
        for entry in ACTIONS:
            self._actions[entry.id] = self._make(entry)
        window.bridge.project_changed.connect(self.refresh)
        window.bridge.document_changed.connect(self.refresh)
        window.bridge.changed.connect(self._follow)

    def _make(self, entry: Action) -> QAction:
        qt = QAction(self._window)
        qt.setShortcuts([QKeySequence(keys) for keys in entry.keys])
        qt.triggered.connect(lambda: self.run(entry.id))
        if entry.pane is not None:
            qt.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._window.side.holder(entry.pane).addAction(qt)
        elif entry.reader:
            qt.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._reader.addAction(qt)
        else:
            self._window.addAction(qt)
        if entry.menu:
            menu = self._menus[entry.group]
            if entry.separator:
                menu.addSeparator()
            menu.addAction(qt)
        return qt

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if touched.everything:
            self.refresh()

    def run(self, wanted: str) -> None:
        """Carry out an action; a refusal becomes a notice."""
        entry = next(one for one in ACTIONS if one.id == wanted)
        if not self._possible(entry):
            return
        try:
            self._method(entry.do)()
        except KuratorError as error:
            self._window.bridge.complain(error)

    def _method(self, path: str) -> Callable[[], object]:
        place, name = path.split(".")
        owner = self._window if place == "window" else getattr(self._window, place)
        found: Callable[[], object] = getattr(owner, name)
        return found

    def _possible(self, entry: Action) -> bool:
        bridge = self._window.bridge
        if entry.needs == "nothing":
            return True
        return bridge.is_open and (entry.needs == "project" or bridge.document is not None)

    def refresh(self, *_: object) -> None:
        """Enable what can be done now, and give labels their keys."""
        for entry in ACTIONS:
            self._actions[entry.id].setEnabled(self._possible(entry))
        self._give_label_keys()

    def _give_label_keys(self) -> None:
        for qt in self._label_actions:
            self._reader.removeAction(qt)
            qt.deleteLater()
        self._label_actions = []
        if not self._window.bridge.is_open:
            return
        labels = self._window.bridge.workspace.reads.label_set()
        taken = {keys.lower() for entry in ACTIONS if entry.reader for keys in entry.keys}
        for label in (*labels.entities, *labels.claims):
            if label.retired or not label.key or label.key.lower() in taken:
                continue
            qt = QAction(localised(label.title, language(), label.name), self._reader)
            qt.setShortcut(QKeySequence(label.key.upper()))
            qt.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            qt.triggered.connect(lambda _=False, label=label.id: self._window.labelling.by_key(label))
            self._reader.addAction(qt)
            self._label_actions.append(qt)

    def retranslate(self) -> None:
        """Say every action in the window's language."""
        for group, menu in self._menus.items():
            menu.setTitle(tr(f"action.group.{group}"))
        for entry in ACTIONS:
            self._actions[entry.id].setText(tr(entry.title_key))
        self._give_label_keys()

    # Lists ------------------------------------------------------------------------------------------------

    def qt(self, wanted: str) -> QAction:
        """Return the Qt action with this id."""
        return self._actions[wanted]

    def keys(self, wanted: str) -> str:
        """Return an action's first keys as people write them."""
        found = self._actions[wanted].shortcuts()
        return found[0].toString(QKeySequence.SequenceFormat.NativeText) if found else ""

    def cheat_sheet(self) -> list[Line]:
        """Return every key with what it does, labels included, group by group."""
        lines: list[Line] = []
        for group in GROUPS:
            name = tr(f"action.group.{group}").replace("&", "")
            lines += [
                (name, tr(entry.title_key), self.keys(entry.id))
                for entry in ACTIONS
                if entry.group == group and entry.keys
            ]
            if group == "curate":
                labels = tr("window.label-keys")
                lines += [(labels, qt.text(), qt.shortcut().toString()) for qt in self._label_actions]
        return lines

    def palette(self) -> list[tuple[str, str, str, bool]]:
        """Return every action as (id, title with its group, keys, enabled) for the command palette."""
        found: list[tuple[str, str, str, bool]] = []
        for entry in ACTIONS:
            group = tr(f"action.group.{entry.group}").replace("&", "")
            title = f"{group}: {tr(entry.title_key)}"
            found.append((entry.id, title, self.keys(entry.id), self._possible(entry)))
        return found
