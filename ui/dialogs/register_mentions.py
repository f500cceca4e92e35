"""Mentions in their context, to be chosen from before something is done to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.messages import tr
from app.services.register_views import MentionRow
from ui.dialogs.frame import Dialog, dress_rows, form, line, plain, quiet
from ui.theme import current_theme

_Index = QModelIndex | QPersistentModelIndex
_HEADERS = ("register_window.in-context", "register_window.document", "register_window.reason")


class Shown(NamedTuple):
    """A mention and why it is here, in words."""

    mention: MentionRow
    reason: str = ""


class MentionModel(QAbstractTableModel):
    """Mentions with a tick each."""

    def __init__(self, rows: Sequence[Shown], ticked: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = list(rows)
        self.ticks = [ticked] * len(self.rows)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the annotations that are ticked."""
        return tuple(row.mention.annotation for row, tick in zip(self.rows, self.ticks, strict=True) if tick)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else (3 if any(row.reason for row in self.rows) else 2)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        known = super().flags(index)
        return known | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else known

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        one = row.mention
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            return Qt.CheckState.Checked if self.ticks[index.row()] else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return (f"{one.left}{one.words}{one.right}", one.name, row.reason)[index.column()]
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column():
            return False
        self.ticks[index.row()] = Qt.CheckState(value) == Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        return True

    def tick_all(self, ticked: bool) -> None:
        """Tick every mention, or none."""
        self.ticks = [ticked] * len(self.rows)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(_HEADERS[section])
        return None


class InContext(QStyledItemDelegate):
    """Paints a mention in the middle of what stands around it."""

    def __init__(self, model: MentionModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the tick as any list does, then the words."""
        row = self._model.rows[index.row()].mention
        bare = QStyleOptionViewItem(option)
        self.initStyleOption(bare, index)
        bare.text = ""  # type: ignore[attr-defined]
        view: QTableView = self.parent()  # type: ignore[assignment]
        style = view.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, bare, painter, view)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, bare, view).adjusted(4, 0, -4, 0)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        theme = current_theme()
        muted, text = QColor(theme.muted), QColor(theme.text)
        if selected:
            muted = text = option.palette.color(QPalette.ColorRole.HighlightedText)  # type: ignore[attr-defined]
        bold = QFont(option.font)  # type: ignore[attr-defined]
        bold.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setFont(bold)
        words = painter.fontMetrics().elidedText(_flat(row.words), Qt.TextElideMode.ElideRight, room.width())
        wide = painter.fontMetrics().horizontalAdvance(words)
        side = max(0, (room.width() - wide) // 2)
        upright = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setPen(text)
        painter.drawText(room.adjusted(side, 0, 0, 0), upright | Qt.AlignmentFlag.AlignLeft, words)
        painter.setFont(option.font)  # type: ignore[attr-defined]
        painter.setPen(muted)
        metrics = painter.fontMetrics()
        left = metrics.elidedText(_flat(row.left), Qt.TextElideMode.ElideLeft, side)
        painter.drawText(room.adjusted(0, 0, side - room.width(), 0), upright | Qt.AlignmentFlag.AlignRight, left)
        right = metrics.elidedText(_flat(row.right), Qt.TextElideMode.ElideRight, room.width() - side - wide)
        painter.drawText(room.adjusted(side + wide, 0, 0, 0), upright | Qt.AlignmentFlag.AlignLeft, right)
        painter.restore()


def _flat(words: str) -> str:
    return words.replace("\n", " ").replace("\t", " ")


class MentionsDialog(Dialog):
    """Lists mentions with ticks and gives back those chosen; with ``name`` it also asks what an entry is called."""

    def __init__(
        self,
        title: str,
        intro: str,
        act: str,
        rows: Sequence[Shown],
        *,
        ticked: bool = True,
        name: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, title, intro)
        self.model = MentionModel(rows, ticked, self)
        self.table = QTableView()
        self.name: QLineEdit | None = None
        if name is not None:
            self.name = line(plain(tr("register_window.name")), name)
            self.name.textChanged.connect(self._count)
            rows_of_form = form()
            rows_of_form.addRow(tr("register_window.name"), self.name)
            self.body.addLayout(rows_of_form)
        self._dress()
        self.count = quiet(wrap=False)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.count)
        self.all = self.add_action(tr("register_window.tick-all"), lambda: self.model.tick_all(True))
        self.none = self.add_action(tr("register_window.tick-none"), lambda: self.model.tick_all(False))
        self._accept = self.add_accept(act)
        self.add_cancel()
        self.model.dataChanged.connect(self._count)
        self._count()
        self.resize(820, 560)
        (self.name or self.table).setFocus()

    def _dress(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegateForColumn(0, InContext(self.model, table))
        table.setAccessibleName(tr("register_window.mentions"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, self.model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, 170)
        dress_rows(table)
        if self.model.rows:
            table.setCurrentIndex(self.model.index(0, 0))

    def _count(self, *_: object) -> None:
        chosen = len(self.model.chosen)
        self.count.setText(tr("register_window.chosen", count=chosen, of=len(self.model.rows)))
        named = self.name is None or bool(self.name.text().strip())
        self._accept.setEnabled(named and (chosen > 0 or not self.model.rows))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the annotations that are ticked."""
        return self.model.chosen

    @property
    def written_name(self) -> str:
        """What the entry is to be called."""
        return self.name.text().strip() if self.name is not None else ""
