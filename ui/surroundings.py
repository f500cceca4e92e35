"""What the program as a whole owes its user: Qt's own words in their language, and a report where it breaks."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

_translators: list[QTranslator] = []


def speak(app: QApplication, language: str) -> None:
    """Let Qt's own dialogs and menus speak ``language``, ``sv`` or ``en``."""
    for old in _translators:
        app.removeTranslator(old)
    _translators.clear()
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language}", folder):
        app.installTranslator(translator)
        _translators.append(translator)


def report_defects(window: QWidget) -> None:
    """Show a report, once at a time, for whatever nobody caught; what was confirmed is stored already."""
    from app.logs import report_unhandled, write_report

    report_unhandled()
    showing: list[QWidget] = []

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        path = write_report(error, "window")
        if not showing:
            # Not from inside the event that broke: its handler is still on the stack.
            QTimer.singleShot(0, lambda: _show(path))

    def _show(path: object) -> None:
        from ui.dialogs.defect import DefectDialog

        if not showing:
            dialog = DefectDialog(path, window)  # type: ignore[arg-type]
            showing.append(dialog)
            dialog.exec()
            showing.clear()

    sys.excepthook = caught
