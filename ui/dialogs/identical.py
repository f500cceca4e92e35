"""What applying a mark to all identical passages would do, place by place, before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.messages import sentence, tr
from app.services.identical import Match, plan
from models.errors import KuratorError
from models.marks import Mark
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, dress_rows, quiet

SHOWN = 500
"""Places that are listed; the rest are counted."""
SLICE_MS = 8.0
"""How long the search may hold the window at a time, in milliseconds."""
_AROUND = 60
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class IdenticalRequest:
    """Where identical passages are treated alike, and whether bare places are annotated too."""

    scope: Literal["document", "corpus"]
    create_missing: bool


class Place(NamedTuple):
    """One place as it is listed: document, words before, the words, words after, what happens."""

    document: str
    before: str
    words: str
    after: str
    action: str


class Places(QAbstractTableModel):
    """The places found so far: document, keyword in context, what happens there."""

    HEADERS = ("dialog.report-document", "dialog.identical-place", "dialog.identical-action")

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Place] = []

    def extend(self, found: list[Place]) -> None:
        """Put places at the end."""
        if found:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
            self.rows += found
            self.endInsertRows()

    def clear(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self.rows = []
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        place = self.rows[index.row()]
        in_context = place.before + place.words + place.after
        return (place.document, in_context, tr(f"dialog.will-{place.action}"))[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(self.HEADERS[section])
        return None


class IdenticalDialog(Dialog):
    """Lists what would be done and gives back an :class:`IdenticalRequest`. Enter does it.

    The search runs in slices while nothing else is to do; it may go on when the answer is given.
    """

    def __init__(self, bridge: Bridge, document: str, mark: Mark, parent: QWidget | None = None) -> None:
        words = " … ".join(mark.quote) or _words(bridge, document, mark)
        key = "dialog.identical-rejecting" if mark.state == "rejected" else "dialog.identical-intro"
        shown = tr(key, words=_short(words, 80), label=bridge.title(mark.label))
        super().__init__(parent, tr("dialog.identical"), shown)
        self._bridge, self._document, self._mark = bridge, document, mark
        self._steps: Iterator[Match] = iter(())
        self._found = 0
        self._names: dict[str, str] = {}
        self.here = QRadioButton(tr("dialog.identical-document"))
        self.corpus = QRadioButton(tr("dialog.identical-corpus"))
        self.create_missing = QCheckBox(tr("dialog.identical-create"))
        self.create_missing.setVisible(mark.state != "rejected")
        self.corpus.setChecked(True)
        self.model = Places()
        self.model.setParent(self)
        self.table = self._table()
        self.count = quiet(wrap=False)
        scope = QHBoxLayout()
        scope.setSpacing(16)
        for widget in (self.here, self.corpus, self.create_missing):
            scope.addWidget(widget)
        scope.addStretch(1)
        self.body.addLayout(scope)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.count)
        self.apply = self.add_accept("")
        self._cancel = self.add_cancel()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self.finished.connect(self._timer.stop)
        self.here.toggled.connect(self._begin)
        self.create_missing.toggled.connect(self._begin)
        self.resize(920, 540)
        self._begin()
        self.table.setFocus()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("dialog.identical"))
        table.setItemDelegateForColumn(1, _InContext(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        dress_rows(table)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        letter = table.fontMetrics().averageCharWidth()
        table.setColumnWidth(0, letter * 30)
        table.setColumnWidth(2, letter * 24)
        return table

    # Searching --------------------------------------------------------------------------------------------

    def request(self) -> IdenticalRequest:
        """Return what was asked for."""
        create = self.create_missing.isChecked() and self._mark.state != "rejected"
        return IdenticalRequest("document" if self.here.isChecked() else "corpus", create)

    def _begin(self, *_: object) -> None:
        wanted, workspace = self.request(), self._bridge.workspace
        self._steps = plan(
            workspace.reads, workspace.marks, self._document, self._mark, wanted.scope, wanted.create_missing
        )
        self._found = 0
        self.model.clear()
        self._timer.start(0)
        self._say()

    def _go_on(self) -> None:
        """Look a little further."""
        until = perf_counter() + SLICE_MS / 1000
        places: list[Place] = []
        try:
            while perf_counter() < until:
                match = next(self._steps, None)
                if match is None:
                    self._timer.stop()
                    break
                self._found += 1
                if len(self.model.rows) + len(places) < SHOWN:
                    places.append(self._place(match))
        except KuratorError as error:
            self._timer.stop()
            self.trouble.say(sentence(error))
        self.model.extend(places)
        self._say()

    def _place(self, match: Match) -> Place:
        reads = self._bridge.workspace.reads
        text = reads.text(match.document)
        if match.document not in self._names:
            record = reads.document(match.document)
            self._names[match.document] = record.title or record.name
        start, end = match.span
        before, words, after = (
            " ".join(("|" + part + "|").split())[1:-1]
            for part in (text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND])
        )
        return Place(self._names[match.document], before, words, after, match.action)

    def _say(self) -> None:
        looking = self._timer.isActive()
        key = "looking" if looking else "more" if self._found > SHOWN else "found" if self._found else "none"
        self.count.setText(tr(f"dialog.identical-{key}", count=self._found, shown=SHOWN))
        self.apply.setText(tr("dialog.identical-apply", count=self._found))
        self.apply.setEnabled(self._found > 0)
        (self.apply if looking or self._found else self._cancel).setDefault(True)
        if self.model.rows and not self.table.selectionModel().hasSelection():
            self.table.selectRow(0)


def _words(bridge: Bridge, document: str, mark: Mark) -> str:
    text = bridge.workspace.reads.text(document)
    return " … ".join(text[start:end] for start, end in mark.spans)


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


class _InContext(QStyledItemDelegate):
    """Paints the words in the middle of the column, what stands around them on both sides."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, Places)
        place, colours = model.rows[index.row()], option.palette
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        active = bool(option.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        if selected:
            painter.fillRect(option.rect, colours.color(group, QPalette.ColorRole.Highlight))
        strong = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        weak = strong if selected else QPalette.ColorRole.PlaceholderText
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        metrics, heavy = QFontMetrics(option.font), QFontMetrics(bold)
        room = option.rect.adjusted(6, 0, -6, 0)
        words = heavy.elidedText(place.words, Qt.TextElideMode.ElideMiddle, room.width() * 2 // 3)
        wide = heavy.horizontalAdvance(words)
        side = (room.width() - wide) // 2
        middle, left = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignLeft
        painter.setFont(option.font)
        painter.setPen(QColor(colours.color(group, weak)))
        before = metrics.elidedText(place.before, Qt.TextElideMode.ElideLeft, side)
        after = metrics.elidedText(place.after, Qt.TextElideMode.ElideRight, side)
        painter.drawText(room.adjusted(0, 0, -(wide + side), 0), middle | Qt.AlignmentFlag.AlignRight, before)
        painter.drawText(room.adjusted(wide + side, 0, 0, 0), middle | left, after)
        painter.setFont(bold)
        painter.setPen(QColor(colours.color(group, strong)))
        painter.drawText(room.adjusted(side, 0, 0, 0), middle | left, words)
