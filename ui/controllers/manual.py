"""Help: the keys, every action by name, the help pages, and what this program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.bridge import Bridge

if TYPE_CHECKING:
    from ui.action_map import ActionMap


class Manual(QObject):
    """Carries out the group ``help``."""

    def __init__(self, bridge: Bridge, actions: ActionMap, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._actions = actions
        self._window = window

    def keys(self) -> None:
        """Show every key."""
        from ui.dialogs.cheat_sheet import CheatSheet

        CheatSheet(self._actions.cheat_sheet(), self._window).exec()

    def palette(self) -> None:
        """Show every action to choose from by typing."""
        from ui.dialogs.palette import CommandPalette

        CommandPalette(self._actions.palette(), self._actions.run, self._window).show()

    def pages(self) -> None:
        """Show the help pages."""
        from ui.dialogs.help_viewer import HelpViewer

        HelpViewer(self._bridge, self._window).show()

    def about(self) -> None:
        """Say what this program is."""
        from ui.dialogs.about import AboutDialog

        AboutDialog(self._bridge, self._window).exec()
