"""Pages behind tabs that wrap into further rows where they do not fit beside each other: none hides behind arrows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.theme import current_theme

_SIDE, _ABOVE, _LINE = 9, 6, 2


class Flow(QLayout):
    """Lays widgets out in rows as words are; hidden ones take no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(4, 0, 4, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item, as a layout must."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Return an item, None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many rows as are needed."""
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def sizeHint(self) -> QSize:
        """As wide as everything in one row."""
        shown = [one.sizeHint() for one in self._items if not one.isEmpty()]
        return QSize(sum(one.width() for one in shown) + 8, max((one.height() for one in shown), default=0))

    def minimumSize(self) -> QSize:
        """As wide as the widest."""
        widest = max((one.sizeHint().width() for one in self._items if not one.isEmpty()), default=0)
        return QSize(widest + 8, self.sizeHint().height())

    def setGeometry(self, rect: QRect) -> None:
        """Put the items into their rows."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        margins = self.contentsMargins()
        room = rect.marginsRemoved(margins)
        at, row = room.topLeft(), 0
        for one in self._items:
            if one.isEmpty():
                continue
            size = one.sizeHint()
            if at.x() > room.left() and at.x() + size.width() > room.left() + room.width():
                at, row = QPoint(room.left(), at.y() + row), 0
            if place:
                one.setGeometry(QRect(at, size))
            at, row = QPoint(at.x() + size.width(), at.y()), max(row, size.height())
        return at.y() + row - rect.top() + margins.bottom()


class Tab(QAbstractButton):
    """A word to click; the one on top is underlined. ``stepped(by)``: the arrow keys want the tab beside."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room that the word needs."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _SIDE, metrics.height() + 2 * _ABOVE + _LINE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step aside by the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stand out below the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Stand back again."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the word, the line below the one on top, and who has the keyboard."""
        theme, painter = current_theme(), QPainter(self)
        painter.setPen(QColor(theme.text if self.isChecked() or self.underMouse() else theme.muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.isChecked():
            painter.fillRect(self.rect().adjusted(4, self.height() - _LINE, -4, 0), QColor(theme.accent))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -_LINE - 2), 4, 4)


class WrappedTabs(QWidget):
    """Pages, one of them on top. ``currentChanged(number)``: another one came to the top."""

    currentChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs: list[Tab] = []
        self._pages = QStackedWidget()
        self._group = QButtonGroup(self)
        self._bar = QWidget()
        self._flow = Flow(self._bar)
        rows = self._bar.sizePolicy()
        rows.setHeightForWidth(True)
        rows.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self._bar.setSizePolicy(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        self._group.idClicked.connect(self.setCurrentIndex)

    def addTab(self, page: QWidget) -> None:
        """Add a page behind the others."""
        tab = Tab()
        tab.setFont(self.font())
        self._group.addButton(tab, len(self.tabs))
        self.tabs.append(tab)
        self._flow.addWidget(tab)
        self._pages.addWidget(page)
        tab.setChecked(len(self.tabs) == 1)
        tab.stepped.connect(self._step)

    def setTabText(self, number: int, text: str) -> None:
        """Name a page."""
        tab = self.tabs[number]
        tab.setText(text)
        tab.setAccessibleName(text)
        tab.updateGeometry()

    def isTabVisible(self, number: int) -> bool:
        """Whether a page is offered."""
        return not self.tabs[number].isHidden()

    def setTabVisible(self, number: int, visible: bool) -> None:
        """Offer a page or not; where it was on top the first one comes there."""
        self.tabs[number].setVisible(visible)
        if not visible and self.currentIndex() == number:
            self.setCurrentIndex(0)

    def currentIndex(self) -> int:
        """Return the number of the page on top."""
        return self._pages.currentIndex()

    def setCurrentIndex(self, number: int) -> None:
        """Bring a page to the top."""
        self.tabs[number].setChecked(True)
        if number != self._pages.currentIndex():
            self._pages.setCurrentIndex(number)
            self.currentChanged.emit(number)

    def _step(self, by: int) -> None:
        """Bring the next or the previous page that is offered to the top; its tab gets the keyboard."""
        shown = [number for number in range(len(self.tabs)) if self.isTabVisible(number)]
        wanted = shown[(shown.index(self.currentIndex()) + by) % len(shown)]
        self.setCurrentIndex(wanted)
        self.tabs[wanted].setFocus(Qt.FocusReason.TabFocusReason)
