"""Asking whether a pipeline from somebody else may be loaded: who it is, where it lies, and what that allows it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QWidget

from app.messages import tr
from app.services.training_views import Stranger, stranger
from app.services.trust import is_trusted, trust
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, Trouble, form

_FILES = 4
"""Files with program code that are named; more are counted."""


class TrustDialog(Dialog):
    """Yes only by the button that says so: Enter and Escape mean no."""

    def __init__(self, who: Stranger, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("training_window.trust-title"), tr("training_window.trust-intro"))
        warning = Trouble()
        self.body.addWidget(warning)
        warning.say(tr("training_window.trust-warning"), grave=False)
        rows = form()
        code = ", ".join(who.code[:_FILES]) + (f" +{len(who.code) - _FILES}" if len(who.code) > _FILES else "")
        told = {
            "name": who.title,
            "author": who.author,
            "url": who.url,
            "licence": who.licence,
            "about": who.description,
            "place": who.place,
            "hash": who.hash,
            "code": code or tr("training_window.trust-no-code"),
        }
        for name, words in told.items():
            if words:
                rows.addRow(tr(f"training_window.trust-{name}"), self._fact(words))
        self.body.addLayout(rows)
        self.body.addStretch(1)
        self.allow = self.box.addButton(tr("training_window.trust-allow"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.allow.setAutoDefault(False)
        self.allow.setDefault(False)
        self.box.accepted.connect(self.accept)
        cancel = self.add_cancel()
        cancel.setDefault(True)
        cancel.setFocus()
        self.fit(680)

    @staticmethod
    def _fact(words: str) -> QLabel:
        # Room to break a long path or hash at.
        label = QLabel(words.replace("/", "/\u200b") if "/" in words else _in_groups(words))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


def _in_groups(words: str) -> str:
    kind, colon, digits = words.partition("sha256:")
    if kind or not colon:
        return words
    return "SHA-256 " + " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def may_load(bridge: Bridge, pipeline: str, parent: QWidget | None) -> bool:
    """Return whether a pipeline may be loaded, after asking where nobody has said so before."""
    try:
        if is_trusted(pipeline):
            return True
        if TrustDialog(stranger(pipeline), parent).exec() != QDialog.DialogCode.Accepted:
            bridge.notice.emit(tr("training_window.not-allowed"), "info")
            return False
        trust(pipeline)
    except KuratorError as error:
        bridge.complain(error)
        return False
    return True
