"""What an export could not take along: what, how often, and the first of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from app.messages import tr
from ui.dialogs.frame import Dialog, dress_rows


class ExportReportDialog(Dialog):
    """Lists what the format cannot hold. What was left out is still in the project."""

    def __init__(self, report: Mapping[str, Any], parent: QWidget | None = None) -> None:
        path = Path(str(report.get("path") or ""))
        count = int(report.get("documents") or 0)
        super().__init__(
            parent, tr("transfer_window.losses"), tr("transfer_window.losses-intro", count=count, path=path.name)
        )
        self._path = path
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setAccessibleName(tr("transfer_window.losses"))
        self.list.setUniformRowHeights(True)
        dress_rows(self.list)
        for loss in report.get("losses") or ():
            self._add(loss)
        self.list.expandAll()
        self.list.setCurrentItem(self.list.topLevelItem(0))
        self.body.addWidget(self.list, 1)
        self.add_action(tr("dialog.copy-list"), self.copy)
        self.add_action(tr("dialog.open-folder"), self._open_folder)
        self.add_close()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list, self.copy)
        self.resize(720, 480)
        self.list.setFocus()

    def _add(self, loss: Mapping[str, Any]) -> None:
        item = QTreeWidgetItem([str(loss.get("text") or loss.get("code") or "")])
        font = self.list.font()
        font.setBold(True)
        item.setFont(0, font)
        examples = [" ".join(str(one).split()) for one in loss.get("examples") or ()]
        for example in examples:
            item.addChild(_line(example))
        more = int(loss.get("count") or 0) - len(examples)
        if more > 0 and examples:
            item.addChild(_line(tr("transfer_window.and-more", count=more)))
        self.list.addTopLevelItem(item)

    def lines(self) -> list[str]:
        """Return the list as text, examples indented."""
        found = []
        for number in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(number)
            found.append(item.text(0))
            found += [f"\t{item.child(row).text(0)}" for row in range(item.childCount())]
        return found

    def copy(self) -> None:
        """Put the whole list on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(self.lines()))

    def _open_folder(self) -> None:
        folder = self._path if self._path.is_dir() else self._path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _line(text: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setToolTip(0, text)
    return item
