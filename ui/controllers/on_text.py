"""What all controllers of the text share: the mark in focus, running commands, and asking beside the text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.commands import Command
from app.messages import tr
from models.history import Outcome
from models.marks import Mark
from ui.bridge import Bridge
from ui.panes.reader.places import popup_place
from ui.panes.reader.view import ReaderView
from ui.widgets.choice_popup import Choice, ChoicePopup


class OnText(QObject):
    """A controller that acts on the document shown, through the reader and the bridge."""

    def __init__(self, bridge: Bridge, reader: ReaderView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._reader = reader

    @property
    def _document(self) -> str | None:
        return self._bridge.document

    def _run(self, command: Command) -> Outcome | None:
        return self._bridge.run(command, self)

    def _tell(self, key: str) -> None:
        """Say a sentence that needs no values."""
        self._bridge.notice.emit(tr(key), "info")

    def _on_mark(self, make: Callable[[str, Mark], Command]) -> Outcome | None:
        """Run a command on the mark in focus; without one, say so."""
        mark, document = self._reader.focused, self._document
        if mark is None or document is None:
            self._tell("curation.choose-a-mark")
            return None
        return self._run(make(document, mark))

    def _ask(self, title: str, choices: list[Choice], chosen: Callable[[object], None]) -> ChoicePopup:
        """Show a list of choices beside the mark in focus or the caret, while what it is about is shown."""
        # Not a child of the reader: its single-key shortcuts would reach into the list.
        popup = ChoicePopup(title, choices, chosen, self._reader.window())
        bridge = self._bridge
        for signal in (bridge.project_changed, bridge.document_changed, bridge.settings_changed):
            signal.connect(popup.close)
        popup.show_at(self._reader.viewport().mapToGlobal(popup_place(self._reader)))
        return popup
