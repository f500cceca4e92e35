"""Saying that the program broke its own rules, and where the report about it lies."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.messages import tr
from ui.dialogs.frame import Dialog, quiet


class DefectDialog(Dialog):
    """Shows a report; what was confirmed is stored, so work can go on."""

    def __init__(self, report: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("dialog.defect"), tr("dialog.defect-words"))
        self._report = report
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("dialog.defect-report"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlainText(_content(report))
        self.body.addWidget(self.text)
        if report is not None:
            self.body.addWidget(quiet(tr("dialog.defect-path", path=str(report))))
            self.add_action(tr("dialog.open-folder"), self._open_folder)
        self.add_action(tr("dialog.defect-copy"), self._copy)
        self.add_close().setFocus()
        self.resize(720, 460)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        assert self._report is not None
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report.parent)))


def _content(report: Path | None) -> str:
    if report is not None:
        with suppress(OSError):
            return report.read_text("utf-8", errors="replace")
    return tr("dialog.defect-none")
