"""What this program is: version, licence, and where it keeps things."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from app import logs
from app.messages import tr
from app.paths import config_folder, data_folder, log_folder
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, form, heading, quiet, rule


def facts() -> list[tuple[str, str]]:
    """Return what a report about the program should name: titles and values."""
    return [
        (tr("dialog.about-version"), logs.version()),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("spaCy", _installed("spacy")),
        (tr("dialog.about-system"), platform.platform(terse=True)),
        (tr("dialog.about-settings"), str(config_folder())),
        (tr("dialog.about-data"), str(data_folder())),
        (tr("dialog.about-logs"), str(log_folder())),
    ]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "–"


class AboutDialog(Dialog):
    """Says what the program is; the facts can be copied into a report."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("dialog.about"), heading=False)
        self.body.addWidget(heading("Kurator", 1.8))
        self.body.addWidget(quiet(tr("dialog.about-words")))
        self.body.addWidget(rule())
        rows = form()
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        rows.setVerticalSpacing(6)
        for title, value in facts():
            shown = QLabel(value)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setWordWrap(True)
            shown.setAccessibleName(title)
            rows.addRow(quiet(title, wrap=False), shown)
        self.body.addLayout(rows)
        self.body.addWidget(quiet(tr("dialog.about-licence")))
        self.add_action(tr("dialog.copy-details"), self._copy)
        self.add_close()
        self.fit(560)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{title}: {value}" for title, value in facts()))
