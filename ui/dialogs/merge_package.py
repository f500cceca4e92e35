"""A work package into an empty project: whose it is."""

from __future__ import annotations

from PySide6.QtWidgets import QRadioButton, QWidget

from app.messages import tr
from ui.dialogs.frame import Dialog


class PackageDialog(Dialog):
    """Asks whether whoever works here is the annotator whom a package is for."""

    def __init__(self, package: str, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("merging.package", name=package), tr("merging.package-intro", annotator=annotator))
        self.become = QRadioButton(tr("merging.package-become", annotator=annotator))
        self.stay = QRadioButton(tr("merging.package-stay"))
        self.become.setChecked(True)
        self.body.addWidget(self.become)
        self.body.addWidget(self.stay)
        self.add_cancel()
        self.add_accept(tr("merging.package-read"))
        self.fit(520)
        self.become.setFocus()

    def becomes(self) -> bool:
        """Whether whoever works here becomes the package's annotator."""
        return self.become.isChecked()
