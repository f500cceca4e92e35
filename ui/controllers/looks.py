"""How the window looks: language, theme, size of the text, what is drawn."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from app.messages import language, set_language, system_language, tr
from app.settings import change_settings
from ui.bridge import Bridge
from ui.panes.reader.view import ReaderView
from ui.theme import apply_theme, resolve


class Looks(QObject):
    """Carries out the group ``view`` and keeps what is chosen. ``language_changed()``: say everything anew."""

    language_changed = Signal()

    def __init__(self, bridge: Bridge, reader: ReaderView, window: QMainWindow) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        bridge.settings_changed.connect(self._settings_changed)
        reader.zoom_changed.connect(lambda percent: self.change(zoom=percent / 100))

    def settings(self) -> None:
        """Change settings in a dialog."""
        from ui.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._bridge, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.change(**dialog.request())

    def change(self, **changes: object) -> None:
        """Keep changed settings and let every pane take them over."""
        self._bridge.settings = change_settings(**changes)
        self._bridge.settings_changed.emit()

    def _settings_changed(self) -> None:
        settings = self._bridge.settings
        wanted = system_language() if settings.language == "system" else settings.language
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, settings.theme)
        if wanted != language():
            set_language(wanted)
            self.language_changed.emit()

    def zoom_in(self) -> None:
        """Make the text larger."""
        self._zoom(1.1)

    def zoom_out(self) -> None:
        """Make the text smaller."""
        self._zoom(1 / 1.1)

    def zoom_reset(self) -> None:
        """Give the text its natural size."""
        self.change(zoom=1.0)

    def _zoom(self, factor: float) -> None:
        self.change(zoom=round(min(3.0, max(0.5, self._bridge.settings.zoom * factor)), 2))

    def cycle_arcs(self) -> None:
        """Draw the relations of the mark in focus, all, or none."""
        order = ("focused", "all", "none")
        wanted = order[(order.index(self._bridge.settings.arcs) + 1) % len(order)]
        self.change(arcs=wanted)
        self._bridge.notice.emit(tr(f"window.arcs-{wanted}"), "info")

    def toggle_rejected(self) -> None:
        """Show or hide rejected suggestions."""
        self.change(show_rejected=not self._bridge.settings.show_rejected)

    def toggle_others(self) -> None:
        """Show or hide what other annotators marked."""
        self.change(show_others=not self._bridge.settings.show_others)

    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self.change(theme="light" if resolve(self._bridge.settings.theme).dark else "dark")

    def toggle_language(self) -> None:
        """Change between Swedish and English."""
        self.change(language="en" if language() == "sv" else "sv")

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()
