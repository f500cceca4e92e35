"""What can be done to one document of the list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from app.commands import RemoveDocuments, SetControls, SetDone
from app.messages import tr
from app.services.corpus_views import Listed
from ui.bridge import Bridge
from ui.item_models.documents import title


class DocumentMenu(QMenu):
    """Open, done or open again, control or not, copy the name, remove. ``removed(id)`` is called after a removal."""

    def __init__(self, bridge: Bridge, one: Listed, removed: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge, self._one, self._removed = bridge, one, removed
        writable = not bridge.workspace.read_only
        self.addAction(tr("corpus.open"), self._open)
        self.done = self.addAction(
            tr("corpus.mark-open" if self._is_done else "corpus.mark-done"), self._toggle
        )
        self.control = self.addAction(tr("team.control-this"), self._toggle_control)
        self.control.setCheckable(True)
        self.control.setChecked(one.control)
        self.copy = self.addAction(tr("corpus.copy-name"), self._copy)
        self.addSeparator()
        self.remove = self.addAction(tr("corpus.remove"), self._remove)
        self.done.setEnabled(writable)
        self.control.setEnabled(writable)
        self.remove.setEnabled(writable)

    @property
    def _is_done(self) -> bool:
        return self._one.state == "done"

    def _open(self) -> None:
        self._bridge.open_document(self._one.id)

    def _toggle(self) -> None:
        self._bridge.run(SetDone(document=self._one.id, done=not self._is_done), self)

    def _toggle_control(self) -> None:
        self._bridge.run(SetControls(documents=(self._one.id,), on=not self._one.control), self)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._one.name)

    def _remove(self) -> None:
        if self.confirmed() and self._bridge.run(RemoveDocuments(documents=(self._one.id,)), self):
            self._removed(self._one.id)

    def confirmed(self) -> bool:
        """Ask whether the document is to be removed."""
        box = QMessageBox(self.parentWidget())
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("corpus.remove-title"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("corpus.remove-ask", name=title(self._one)))
        box.setInformativeText(tr("corpus.remove-text"))
        yes = box.addButton(tr("corpus.remove-yes"), QMessageBox.ButtonRole.DestructiveRole)
        no = box.addButton(tr("corpus.remove-no"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.setEscapeButton(no)
        box.exec()
        chosen = box.clickedButton() is yes
        box.deleteLater()
        return chosen
