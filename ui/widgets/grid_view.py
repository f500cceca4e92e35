"""A table of figures, or a heat map: each cell is a place of its own for the keyboard and opens with Enter."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.colours import mix, readable
from ui.item_models.grid import CELL, Cell, Grid, GridModel
from ui.theme import current_theme

_PAD = 8
_LOOKED_AT = 40
"""Rows whose figures decide how wide a column is."""
_SIGN = 18
"""Room beside a column's title, for the sign that it is sorted by."""
_Index = QModelIndex | QPersistentModelIndex


def heat_colours(share: float) -> tuple[str, str]:
    """Return ground and ink of a cell that is coloured so strongly, in the theme in use."""
    theme = current_theme()
    ground = mix(theme.base, theme.accent, 0.06 + 0.74 * min(1.0, max(0.0, share)))
    return ground, readable(theme.text, ground)


class FigureDelegate(QStyledItemDelegate):
    """Paints a figure and, quieter and smaller below or beside it, its confidence interval."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        cell = index.data(CELL)
        wide = option.fontMetrics.horizontalAdvance(cell.text)
        high = option.fontMetrics.height() + 10
        if cell.interval:
            small = QFontMetrics(_smaller(option.font))
            wide = max(wide, small.horizontalAdvance(cell.interval))
            high += small.height()
        return QSize(max(wide + 2 * _PAD, 64), high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell: Cell = index.data(CELL)
        theme, colours = current_theme(), option.palette
        ground, ink = colours.color(QPalette.ColorRole.Base).name(), theme.text
        if self._view.heat and cell.heat is not None:
            ground, ink = heat_colours(cell.heat)
        quiet = ink if self._view.heat else readable(mix(ink, ground, 0.35), ground)
        painter.save()
        painter.fillRect(option.rect, QColor(ground))
        figure, below = self._places(option.rect, cell, option)
        painter.setFont(option.font)
        painter.setPen(QColor(ink if cell.value is not None else quiet))
        painter.drawText(figure, Qt.AlignmentFlag.AlignCenter, cell.text)
        if cell.interval:
            painter.setFont(_smaller(option.font))
            painter.setPen(QColor(quiet))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, cell.interval)
        if option.state & QStyle.StateFlag.State_Selected:
            active = bool(option.state & QStyle.StateFlag.State_HasFocus) or self._view.hasFocus()
            pen = painter.pen()
            pen.setColor(QColor(theme.text if self._view.heat and active else theme.accent if active else theme.muted))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        painter.restore()

    @staticmethod
    def _places(room: QRect, cell: Cell, option: QStyleOptionViewItem) -> tuple[QRect, QRect]:
        if not cell.interval:
            return room, room
        upper, lower = option.fontMetrics.height(), QFontMetrics(_smaller(option.font)).height()
        top = room.top() + (room.height() - upper - lower) // 2
        return (
            QRect(room.left(), top, room.width(), upper),
            QRect(room.left(), top + upper, room.width(), lower),
        )


class GridView(QTableView):
    """Shows a :class:`Grid`. ``chosen(Cell)`` when another cell is the current one, ``opened(Cell)`` on Enter.

    A click on a column's title sorts; the row titles go along.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = GridModel()
        self.figures.setParent(self)
        self.setModel(self.figures)
        self.setItemDelegate(FigureDelegate(self))
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet("QTableCornerButton::section { background: palette(window); border: 0; }")
        across, down = self.horizontalHeader(), self.verticalHeader()
        for header in (across, down):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        across.setFont(_smaller(across.font()))  # many measures stand beside each other
        across.setSortIndicatorClearable(True)
        across.setSectionsClickable(True)
        across.setResizeContentsPrecision(_LOOKED_AT)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        down.setTextElideMode(Qt.TextElideMode.ElideRight)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSortingEnabled(True)
        self.activated.connect(lambda index: self.opened.emit(index.data(CELL)))
        self.selectionModel().currentChanged.connect(self._tell)

    @property
    def heat(self) -> bool:
        """Whether the grid is a heat map."""
        return self.figures.grid.heat

    def show_grid(self, grid: Grid) -> None:
        """Show a grid; its first figure becomes the current one."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(not grid.heat)
        self.figures.show_grid(grid)
        self.setShowGrid(not grid.heat)
        self._fit()
        if grid.rows and grid.columns:
            self.setCurrentIndex(self.figures.index(*next(iter(grid.cells), (0, 0))))

    def _fit(self) -> None:
        """Give every column the room that its title's words and its figures want, alike in a heat map."""
        across, titles = self.horizontalHeader(), [title for title, _ in self.figures.grid.columns]
        metrics = across.fontMetrics()
        widths = []
        for column, title in enumerate(titles):
            longest = max((metrics.horizontalAdvance(word) for word in title.split()), default=0)
            two_lines = metrics.horizontalAdvance(title) * 6 // 10
            widths.append(max(longest + _SIGN, two_lines, self.sizeHintForColumn(column)))
        if self.heat and widths:
            widths = [max(widths)] * len(widths)
        lines = 1
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
            self.setColumnWidth(column, width)
            room = metrics.boundingRect(QRect(0, 0, width - _SIGN // 2, 1000), wrapped, title)
            lines = max(lines, round(room.height() / metrics.lineSpacing()))
        across.setFixedHeight(lines * metrics.lineSpacing() + 14)
        high = max((self.sizeHintForRow(row) for row in range(min(self.figures.rowCount(), _LOOKED_AT))), default=0)
        self.verticalHeader().setDefaultSectionSize(max(high, self.fontMetrics().height() + 10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the figures more room than the titles of the rows."""
        self.verticalHeader().setMaximumWidth(max(160, self.width() * 45 // 100))
        super().resizeEvent(event)

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(CELL))

    @property
    def current(self) -> Cell | None:
        """The cell that has the keyboard."""
        index = self.currentIndex()
        return index.data(CELL) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the whole grid as text with tabs, open with Enter; everything else as in any table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join("\t".join(one) for one in self.figures.lines()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)


def _smaller(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.82)
    return small
