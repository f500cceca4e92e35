"""What all dialogs share: margins, a heading with a sentence below it, words for trouble, and buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from ui.theme import current_theme

_ROLES = QDialogButtonBox.ButtonRole


class Dialog(QDialog):
    """A dialog with a heading, a body to fill, a line for what is wrong, and its buttons.

    It goes away by itself once it has ended and the code that asked has looked at the answer.
    """

    def __init__(self, parent: QWidget | None, title: str, intro: str = "", *, heading: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 24, 16)
        outer.setSpacing(16)
        if heading:
            outer.addLayout(_head(title, intro))
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        outer.addLayout(self.body, 1)
        self.trouble = Trouble()
        outer.addWidget(self.trouble)
        self.box = QDialogButtonBox()
        self.box.setCenterButtons(False)
        outer.addWidget(self.box)
        self.finished.connect(self.deleteLater)

    def fit(self, width: int) -> None:
        """Be this wide, or as wide as need be, and as high as the words then want."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = max(width, layout.minimumSize().width())
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.resize(width, height)

    def showEvent(self, event: QShowEvent) -> None:
        """Be no larger than the screen, so that the buttons can be reached."""
        frame = QSize(16, 48)  # what a window's edges and title take at most, in pixels
        self.resize(self.size().boundedTo(self.screen().availableSize() - frame))
        super().showEvent(event)

    def done(self, result: int) -> None:
        """Give the keyboard back: where a question on top has just gone, the desktop may lose sight of the window."""
        super().done(result)
        parent = self.parentWidget()
        if parent is not None:
            parent.window().activateWindow()

    # Buttons ----------------------------------------------------------------------------------------------

    def add_accept(self, text: str) -> QPushButton:
        """Add the button that Enter presses and that ends the dialog with yes."""
        button = self.box.addButton(text, _ROLES.AcceptRole)
        button.setDefault(True)
        dress_primary(button)
        self.box.accepted.connect(self.accept)
        return button

    def add_cancel(self, text: str | None = None) -> QPushButton:
        """Add the button that changes nothing, as Escape does."""
        button = self.box.addButton(tr("dialog.cancel") if text is None else text, _ROLES.RejectRole)
        button.setAutoDefault(False)
        self.box.rejected.connect(self.reject)
        return button

    def add_close(self) -> QPushButton:
        """Add the only way out of a dialog that asks nothing."""
        button = self.box.addButton(tr("dialog.close"), _ROLES.RejectRole)
        button.setDefault(True)
        self.box.rejected.connect(self.reject)
        return button

    def add_action(self, text: str, act: Callable[[], object]) -> QPushButton:
        """Add a button that does something and leaves the dialog open."""
        button = self.box.addButton(text, _ROLES.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button


def dress_primary(button: QPushButton) -> None:
    """Give a button the accent colour: it is what one came for."""
    theme, palette = current_theme(), button.palette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        palette.setColor(group, QPalette.ColorRole.Button, QColor(theme.accent))
        palette.setColor(group, QPalette.ColorRole.ButtonText, QColor(theme.on_accent))
    button.setPalette(palette)


def _head(title: str, intro: str) -> QVBoxLayout:
    head = QVBoxLayout()
    head.setSpacing(4)
    head.addWidget(heading(title))
    if intro:
        head.addWidget(quiet(intro))
    return head


def heading(text: str, larger: float = 1.35) -> QLabel:
    """Return a heading; ``larger`` is its size against ordinary text."""
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * larger)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def quiet(text: str = "", *, wrap: bool = True) -> QLabel:
    """Return words that explain and stand back."""
    label = QLabel(text)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def form() -> QFormLayout:
    """Return a form whose fields stand in one column and grow."""
    layout = QFormLayout()
    layout.setHorizontalSpacing(16)
    layout.setVerticalSpacing(10)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return layout


def line(name: str, text: str = "", placeholder: str = "") -> QLineEdit:
    """Return a line to write in; ``name`` is what a screen reader calls it."""
    field = QLineEdit(text)
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    return field


def plain(text: str) -> str:
    """Return a title without its mnemonic, as a screen reader says it."""
    return text.replace("&", "").rstrip(":")


def rule() -> QFrame:
    """Return a thin line between two parts."""
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.HLine)
    frame.setForegroundRole(QPalette.ColorRole.Mid)
    frame.setFixedHeight(1)
    return frame


def dress_rows(view: QAbstractItemView) -> None:
    """Give the rows of a list or table some air."""
    side = 6 if isinstance(view, QTableView) else 8
    room = 0 if isinstance(view, QTableView) else 5
    view.setStyleSheet(f"QAbstractItemView::item {{ padding: {room}px {side}px; }}")


class Trouble(QLabel):
    """A line that says what is wrong, or what to be careful about; hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def say(self, text: str, *, grave: bool = True) -> None:
        """Show a sentence; an empty one hides the line."""
        theme, palette = current_theme(), self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.error if grave else theme.warning))
        self.setPalette(palette)
        self.setText(f"⚠\u2002{text}" if text else "")
        self.setAccessibleName(text)
        self.setVisible(bool(text))
