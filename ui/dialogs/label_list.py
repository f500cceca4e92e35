"""The records of one group of a label set, as a list that can be added to, reordered and shortened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPalette, QPen, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import language, tr
from models.labels import localised
from ui.theme import current_theme

_LINE = Qt.ItemDataRole.UserRole


class Line(NamedTuple):
    """What the list shows of a record; ``colour`` is empty for facets."""

    id: str
    title: str
    colour: str
    key: str
    retired: bool
    fault: str


def line_of(record: Mapping[str, Any], faults: Mapping[str, str]) -> Line:
    """Return how a record is listed; ``faults`` maps ids to what is wrong."""
    title = localised(record["title"], language(), record.get("name") or record["id"])
    return Line(
        record["id"],
        title,
        record.get("color", ""),
        record.get("key") or "",
        bool(record.get("retired")),
        faults.get(record["id"], ""),
    )


class LabelList(QWidget):
    """Signals: ``picked(id)``, ``add_wanted``, ``remove_wanted(id)``, ``shift_wanted(id, step)``."""

    picked = Signal(str)
    add_wanted = Signal()
    remove_wanted = Signal(str)
    shift_wanted = Signal(str, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setUniformItemSizes(True)
        self.list.currentItemChanged.connect(self._pick)
        self.add = QPushButton(tr("labelset.add"))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self.add_wanted)
        self.remove = QPushButton(tr("labelset.remove"))
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.current))
        self.up = self._arrow(Qt.ArrowType.UpArrow, "labelset.up", -1, "Alt+Up")
        self.down = self._arrow(Qt.ArrowType.DownArrow, "labelset.down", 1, "Alt+Down")
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list, self.remove.click).setContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.add, 1)
        buttons.addWidget(self.remove, 1)
        buttons.addWidget(self.up)
        buttons.addWidget(self.down)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    def _arrow(self, arrow: Qt.ArrowType, key: str, step: int, keys: str) -> QToolButton:
        button = QToolButton()
        button.setArrowType(arrow)
        button.setAccessibleName(tr(key))
        button.setToolTip(f"{tr(key)} ({keys})")
        button.clicked.connect(lambda: self.shift_wanted.emit(self.current, step))
        shortcut = QShortcut(QKeySequence(keys), self.list, button.click)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        return button

    @property
    def current(self) -> str:
        """The id of the record that is picked, empty where there is none."""
        item = self.list.currentItem()
        return item.data(_LINE).id if item is not None else ""

    def show_lines(self, lines: list[Line], current: str | None = None) -> None:
        """Show these records, and pick one: the named, else the one at the same place."""
        row = self.list.currentRow()
        ids = [one.id for one in lines]
        self.list.blockSignals(True)
        while self.list.count() > len(lines):
            self.list.takeItem(self.list.count() - 1)
        for number, one in enumerate(lines):
            item = self.list.item(number) or QListWidgetItem(self.list)
            item.setData(_LINE, one)
            said = ", ".join(part for part in (one.title, one.key, one.fault) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(one.fault or one.id)
        row = ids.index(current) if current in ids else min(max(row, 0), len(lines) - 1)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.remove.setEnabled(bool(lines))
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < len(lines) - 1)
        self.list.viewport().update()

    def _pick(self, item: QListWidgetItem | None) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
        if item is not None:
            self.picked.emit(item.data(_LINE).id)


class _Lines(QStyledItemDelegate):
    """Paints a label's colour, title and key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, option.fontMetrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        one: Line = index.data(_LINE)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        active = bool(option.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        if selected:
            painter.fillRect(option.rect, option.palette.color(group, QPalette.ColorRole.Highlight))
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        colour = QColor(option.palette.color(group, role))
        if one.retired and not selected:
            colour = option.palette.color(QPalette.ColorRole.PlaceholderText)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(10, 0, -8, 0)
        if one.colour:
            painter.setPen(QPen(QColor(option.palette.color(QPalette.ColorRole.Base)), 1.5))
            painter.setBrush(QColor(one.colour))
            painter.drawRoundedRect(QRectF(room.left(), room.center().y() - 7, 15, 15), 4, 4)
            room.adjust(25, 0, 0, 0)
        painter.setPen(colour)
        if one.key:
            room.adjust(0, 0, -self._badge(painter, option, room, one.key.upper()), 0)
        if one.fault:
            painter.setPen(QColor(current_theme().warning) if not selected else colour)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "⚠")
            room.adjust(0, 0, -20, 0)
            painter.setPen(colour)
        font = QFont(option.font)
        font.setStrikeOut(one.retired)
        painter.setFont(font)
        title = QFontMetrics(font).elidedText(one.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()

    @staticmethod
    def _badge(painter: QPainter, option: QStyleOptionViewItem, room: Any, key: str) -> int:
        wide = max(20, option.fontMetrics.horizontalAdvance(key) + 12)
        box = QRectF(room.right() - wide + 0.5, room.center().y() - 9.5, wide, 20)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = painter.pen()
        thin = QColor(pen.color())
        thin.setAlphaF(0.45)
        painter.setPen(QPen(thin, 1))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(pen)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        return int(wide) + 8
