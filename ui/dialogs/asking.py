"""One question with yes or no, so that tests can answer it in one place."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from app.messages import tr


def confirm(parent: QWidget | None, title: str, text: str, yes: str, *, careful: bool = False) -> bool:
    """Ask whether to go on; ``yes`` is what the button that does it says. Escape and closing mean no.

    ``careful``: Enter means no too, for what cannot be taken back.
    """
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, QMessageBox.StandardButton.NoButton, parent)
    go_on = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(tr("dialog.cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay if careful else go_on)
    box.setEscapeButton(stay)
    box.exec()
    agreed = box.clickedButton() is go_on
    box.deleteLater()
    return agreed
