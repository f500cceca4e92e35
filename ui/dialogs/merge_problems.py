"""Why an exchange file was not read: every problem, to be copied and sent back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QWidget

from app.messages import tr
from ui.dialogs.frame import Dialog, dress_rows


class ProblemsDialog(Dialog):
    """Lists the problems; nothing was changed."""

    def __init__(self, name: str, problems: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("merging.problems", name=name), tr("merging.problems-intro"))
        self._problems = list(problems)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("merging.problems", name=name))
        self.list.setWordWrap(True)
        self.list.addItems(self._problems)
        self.list.setCurrentRow(0)
        dress_rows(self.list)
        self.body.addWidget(self.list, 1)
        self.add_action(tr("dialog.copy-list"), self.copy)
        self.add_close()
        self.resize(760, 440)
        self.list.setFocus()

    def copy(self) -> None:
        """Put the list on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(self._problems))
