"""What stands around the document list: the filter above, the progress below, the words where it is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import language, tr
from app.services.corpus_views import DocumentFilter, Order, Progress, facets
from ui.bridge import Bridge
from ui.item_models.later import Later
from ui.theme import current_theme

ORDERS: tuple[Order, ...] = ("name", "title", "date", "publisher", "open", "length", "value")
TYPING_MS = 150
MOST_CHOICES = 40


class FilterBar(QWidget):
    """A field for words, a menu of filters, a menu of orders, and a line that says what they leave.

    ``changed()``: the filter or the order is another. ``down()``: the keyboard goes on to the list.
    """

    changed = Signal()
    down = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.wanted = DocumentFilter()
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.setAcceptDrops(False)
        self.field.installEventFilter(self)
        self._typing = Later(self, self._take_words, TYPING_MS)
        self.field.textChanged.connect(self._typing.ask)
        self.filters, self.orders, self.clear = QToolButton(), QToolButton(), QToolButton()
        for button, build in ((self.filters, self._build_filters), (self.orders, self._build_orders)):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
            menu = QMenu(button)
            menu.aboutToShow.connect(build)
            button.setMenu(menu)
        self.clear.setAutoRaise(True)
        self.clear.clicked.connect(self.reset)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        for button in (self.filters, self.orders, self.clear):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons, said = QHBoxLayout(), QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.filters)
        buttons.addWidget(self.orders)
        buttons.addStretch(1)
        said.addWidget(self.count, 1)
        said.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addLayout(buttons)
        column.addLayout(said)

    @property
    def narrows(self) -> bool:
        """Whether the filter may leave documents out."""
        return replace(self.wanted, order="name", descending=False) != DocumentFilter()

    def reset(self) -> None:
        """Show all documents again, in the order chosen."""
        self.field.clear()
        self._typing.cancel()
        self.change(**_PLAIN)

    def change(self, **changes: Any) -> None:
        """Filter or sort otherwise."""
        wanted = replace(self.wanted, **changes)
        if wanted != self.wanted:
            self.wanted = wanted
            self._name_buttons()
            self.changed.emit()

    def _take_words(self) -> None:
        self.change(words=" ".join(self.field.text().split()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down and Enter in the field go on to the list, Escape empty it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._typing.now()
                self.down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                self._typing.now()
                return True
        return super().eventFilter(watched, event)

    # Menus ------------------------------------------------------------------------------------------------

    def _build_filters(self) -> None:
        menu = self.filters.menu()
        menu.clear()
        reads, wanted = self._bridge.workspace.reads, self.wanted
        states = [(tr(f"corpus.filter-state-{state}"), state) for state in ("open", "done")]
        self._choices(menu, tr("corpus.filter-state"), "state", states)
        for column in ("publisher", "language"):
            values = facets(reads, column)[:MOST_CHOICES]  # type: ignore[arg-type]
            offered = [(f"{_plain(value)}  ({count})", value) for value, count in values]
            self._choices(menu, tr(f"corpus.filter-{column}"), column, offered)
        labels = reads.label_set()
        used = [(_plain(labels.title(one.id, language())), one.id) for one in labels if not one.retired]
        self._choices(menu, tr("corpus.filter-label"), "label", used)
        unjudged = menu.addAction(tr("corpus.filter-unjudged"))
        unjudged.setCheckable(True)
        unjudged.setChecked(wanted.unjudged)
        unjudged.triggered.connect(lambda on: self.change(unjudged=on))
        for name in ("mine", "unassigned"):
            one = menu.addAction(tr(f"team.filter-{name}"))
            one.setCheckable(True)
            one.setChecked(getattr(wanted, name))
            one.triggered.connect(lambda on, name=name: self.change(**{name: on}))
        menu.addSeparator()
        menu.addAction(tr("corpus.filter-clear"), self.reset).setEnabled(self.narrows)

    def _choices(self, menu: QMenu, title: str, name: str, offered: list[tuple[str, str]]) -> None:
        """Add a menu of which one, or all, is chosen."""
        sub = menu.addMenu(title)
        sub.setEnabled(bool(offered))
        self._exclusive(sub, [(tr("corpus.filter-any"), None), *offered], getattr(self.wanted, name),
                        lambda value: self.change(**{name: value}))  # fmt: skip

    def _exclusive(
        self, menu: QMenu, offered: list[tuple[str, Any]], chosen: Any, take: Callable[[Any], None]
    ) -> None:
        group = QActionGroup(menu)
        for text, value in offered:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.triggered.connect(lambda _on, value=value: take(value))
            group.addAction(action)

    def _build_orders(self) -> None:
        menu = self.orders.menu()
        menu.clear()
        offered: list[tuple[str, Any]] = [(tr(f"corpus.order-{order}"), order) for order in ORDERS]
        self._exclusive(menu, offered, self.wanted.order, self._sort)
        menu.addSeparator()
        down = menu.addAction(tr("corpus.order-descending"))
        down.setCheckable(True)
        down.setChecked(self.wanted.descending)
        down.triggered.connect(lambda on: self.change(descending=on))

    def _sort(self, order: Order) -> None:
        """Sort otherwise; what is worth most is wanted first."""
        self.change(order=order, descending=self.wanted.descending or order == "value")

    # Words ------------------------------------------------------------------------------------------------

    def say_count(self, shown: int, documents: int) -> None:
        """Say how many documents of how many are listed, and what narrows the list."""
        if self.narrows:
            said = [tr("corpus.count-filtered", shown=shown, count=documents), *self._described()]
        else:
            said = [tr("corpus.count", count=documents)]
        self.count.setText(" · ".join(said))
        self.clear.setVisible(self.narrows)

    def _described(self) -> list[str]:
        wanted = self.wanted
        state = tr(f"corpus.filter-state-{wanted.state}") if wanted.state else None
        label = self._bridge.title(wanted.label) if wanted.label else None
        unjudged = tr("corpus.filter-unjudged") if wanted.unjudged else None
        given = [tr(f"team.filter-{name}") for name in ("mine", "unassigned") if getattr(wanted, name)]
        return [part for part in (state, wanted.publisher, wanted.language, label, unjudged, *given) if part]

    def _name_buttons(self) -> None:
        number = len(self._described())
        filters = tr("corpus.filters-on", count=number) if number else tr("corpus.filters")
        self.filters.setText(f"{filters} ▾")
        arrow = "↓" if self.wanted.descending else "↑"
        self.orders.setText(f"{tr(f'corpus.order-{self.wanted.order}')} {arrow} ▾")

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.field.setPlaceholderText(tr("corpus.field"))
        self.field.setAccessibleName(tr("corpus.field"))
        self.filters.setAccessibleName(tr("corpus.filters"))
        self.filters.setToolTip(tr("corpus.filters-tip"))
        self.orders.setAccessibleName(tr("corpus.orders"))
        self.orders.setToolTip(tr("corpus.orders"))
        self.clear.setText(tr("corpus.filter-clear"))
        self._name_buttons()


_PLAIN: dict[str, Any] = {
    "words": "", "state": None, "publisher": None, "language": None, "label": None, "unjudged": False,
    "mine": False, "unassigned": False,
}  # fmt: skip


def _plain(text: str) -> str:
    """Return a text as a menu shows it: an ampersand is no shortcut."""
    return text.replace("&", "&&")


class ProgressFooter(QWidget):
    """How far the corpus is: documents done and suggestions judged, as two lines with bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents, self.suggestions = QLabel(), QLabel()
        self._bars = (_Bar(), _Bar())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        for label, bar in zip((self.documents, self.suggestions), self._bars, strict=True):
            label.setWordWrap(True)
            column.addWidget(label)
            column.addWidget(bar)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line that parts it from the list."""
        QPainter(self).fillRect(0, 0, self.width(), 1, current_theme().border)

    def show_progress(self, now: Progress) -> None:
        """Show the counts."""
        decided = min(now.decided, now.suggestions)
        self.documents.setText(tr("corpus.progress-documents", done=now.done, count=now.documents))
        self.suggestions.setText(tr("corpus.progress-suggestions", decided=decided, count=now.suggestions))
        self._bars[0].show_share(now.done, now.documents)
        self._bars[1].show_share(decided, now.suggestions)


class _Bar(QWidget):
    """A thin bar."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, part: int, whole: int) -> None:
        """Fill the bar in proportion."""
        self._share = min(1.0, part / whole) if whole else 0.0
        self.update()

    def sizeHint(self) -> QSize:
        """Return a small size: the bar grows with its surroundings."""
        return QSize(60, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the track and how far it is filled."""
        painter, theme = QPainter(self), current_theme()
        painter.fillRect(self.rect(), theme.border)
        filled = self.rect()
        filled.setWidth(round(self.width() * self._share))
        painter.fillRect(filled, theme.success if self._share >= 1 else theme.accent)


class DropTarget(QFrame):
    """A frame that appears over a widget while files are dragged over it; ``take`` gets their paths."""

    def __init__(self, over: QWidget, take: Callable[[list[Path]], None]) -> None:
        super().__init__(over)
        self._over, self._take = over, take
        over.setAcceptDrops(True)
        over.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take part in the drags over the widget."""
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
            dropped = kind == QEvent.Type.Drop
            self.setGeometry(self._over.rect())
            self.raise_()
            self.setVisible(bool(paths) and not dropped)
            if paths:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                if dropped:
                    self._take(paths)
            return True
        if kind == QEvent.Type.DragLeave:
            self.hide()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a frame in the accent colour and say what dropping does."""
        painter, theme = QPainter(self), current_theme()
        ground, accent = QColor(theme.base), QColor(theme.accent)
        ground.setAlphaF(0.88)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(6, 6, -7, -7))
        painter.drawText(
            self.rect().adjusted(24, 0, -24, 0),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            tr("corpus.drop"),
        )


class EmptyPage(QWidget):
    """Friendly words where there is nothing to list, and what to do about it."""

    pressed = Signal()

    def __init__(self, title_key: str, text_key: str, button_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = (title_key, text_key, button_key)
        self._title, self._text, self.button = QLabel(), QLabel(), QPushButton()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self._title.setFont(font)
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 24, 16, 24)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        for widget, key in zip((self._title, self._text, self.button), self._keys, strict=True):
            widget.setText(tr(key))
