"""Asking what a new entry of the register is called, and what kind of thing it is."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, form, line, plain
from ui.panes.inspector_parts import swatch


class NewEntry(Dialog):
    """Gives back a name and the id of a label."""

    def __init__(self, bridge: Bridge, name: str = "", label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("register_window.make-title"), tr("register_window.bare-intro"))
        self.name = line(plain(tr("register_window.name")), name)
        self.label = QComboBox()
        self.label.setAccessibleName(tr("register_window.label"))
        for one in bridge.workspace.reads.label_set().entities:
            if not one.retired:
                self.label.addItem(swatch(one.color), bridge.title(one.id), one.id)
        self.label.setCurrentIndex(max(0, self.label.findData(label)))
        rows = form()
        rows.addRow(tr("register_window.name"), self.name)
        rows.addRow(tr("register_window.label"), self.label)
        self.body.addLayout(rows)
        self._accept = self.add_accept(tr("register_window.make-act"))
        self.add_cancel()
        self.name.textChanged.connect(self._check)
        self._check()
        self.fit(480)
        self.name.setFocus()

    def _check(self) -> None:
        self._accept.setEnabled(bool(self.name.text().strip()))

    def request(self) -> tuple[str, str]:
        """Return the name and the label."""
        return self.name.text().strip(), str(self.label.currentData())
