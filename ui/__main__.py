"""The window as a program: ``python -m ui open [PROJECT | --sample]`` and ``python -m ui picture PROJECT FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.messages import language, set_language, system_language
from app.settings import load_settings
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.panes.reader import accessible
from ui.surroundings import report_defects, speak
from ui.theme import apply_theme


def application(arguments: list[str]) -> QApplication:
    """Return the Qt application with the user's theme and language."""
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    app.setApplicationName("Kurator")
    app.setDesktopFileName("kurator")
    return app


def window() -> MainWindow:
    """Return the main window as the user's settings want it, no project open."""
    app = application(sys.argv[:1])
    settings = load_settings()
    set_language(system_language() if settings.language == "system" else settings.language)
    apply_theme(app, settings.theme)
    accessible.install()
    speak(app, language())
    shown = MainWindow(Bridge(settings))
    shown.bridge.settings_changed.connect(lambda: speak(app, language()))
    return shown


def main(argv: list[str] | None = None) -> int:
    """Open the window, or save a picture of it; return the exit code."""
    import argparse

    parser = argparse.ArgumentParser(prog="kurator-window")
    kinds = parser.add_subparsers(dest="what", required=True)
    opening = kinds.add_parser("open")
    opening.add_argument("project", nargs="?", type=Path)
    opening.add_argument("--sample", action="store_true")
    picture = kinds.add_parser("picture")
    picture.add_argument("project", type=Path)
    picture.add_argument("file", type=Path)
    wanted = parser.parse_args(argv)
    if wanted.what == "picture":
        from ui.snapshot import save_picture

        return 0 if save_picture(wanted.project, wanted.file) else 1
    shown = window()
    report_defects(shown)
    if wanted.sample:
        shown.projects.open_sample()
    elif wanted.project is not None:
        shown.projects.open_path(wanted.project)
    shown.show()
    return QApplication.exec()


if __name__ == "__main__":
    sys.exit(main())
