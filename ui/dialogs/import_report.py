"""What became of an import: counts, and a table of what needs a look, with the reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTableView, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, dress_rows, heading, quiet

FATES = ("added", "updated", "unchanged", "duplicate", "skipped")
_Index = QModelIndex | QPersistentModelIndex


def reason(item: Mapping[str, Any]) -> str:
    """Return in words why an item needs a look."""
    if item.get("code"):
        return tr(str(item["code"]), **dict(item.get("details") or {}))
    if item.get("orphans"):
        return tr("dialog.report-orphans", count=int(item["orphans"]))
    if item.get("duplicate_of"):
        return tr("dialog.report-duplicate", name=item["duplicate_of"])
    return str(item.get("text") or "")


def fate(item: Mapping[str, Any]) -> str:
    """Return in a word what became of an item."""
    known = item.get("fate")
    return tr(f"dialog.was-{known}") if known in FATES else str(known or "")


class Remarks(QAbstractTableModel):
    """The notable items of an import: document, what became of it, why."""

    HEADERS = ("dialog.report-document", "dialog.report-fate", "dialog.report-why")

    def __init__(self, items: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.rows = [(str(item.get("name") or ""), fate(item), reason(item)) for item in items]
        self.documents = [item.get("document") for item in items]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(self.HEADERS[section])
        return None


class ImportReportDialog(Dialog):
    """Shows how an import went. Enter or a double click on a line opens the document, if it is there.

    ``figures``: what is counted at the top, in words; None for the fates of documents.
    """

    def __init__(
        self,
        bridge: Bridge,
        report: Mapping[str, Any],
        parent: QWidget | None = None,
        *,
        figures: Mapping[str, int] | None = None,
    ) -> None:
        intro = tr("dialog.report-intro") if figures is None else tr("transfer_window.report-intro")
        super().__init__(parent, tr("dialog.report"), intro)
        self._bridge = bridge
        counts = report.get("counts") or {}
        if figures is None:
            figures = {tr(f"dialog.fate-{name}"): int(counts.get(name, 0)) for name in FATES}
        self.body.addLayout(_figures(figures))
        if report.get("cancelled"):
            self.trouble.say(tr("dialog.report-cancelled"), grave=False)
        self.model = Remarks(report.get("notable") or [])
        self.model.setParent(self)
        self.order = QSortFilterProxyModel(self)
        self.order.setSourceModel(self.model)
        self.order.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.whole = quiet()
        self.whole.setTextFormat(Qt.TextFormat.PlainText)
        self.whole.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.table = self._table()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.whole)
        self.add_action(tr("dialog.copy-list"), self.copy)
        self.add_close()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy)
        self.resize(860, 560)
        self.table.setFocus()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.order)
        table.setAccessibleName(tr("dialog.report"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        dress_rows(table)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        letter = table.fontMetrics().averageCharWidth()
        table.setColumnWidth(0, letter * 36)
        table.setColumnWidth(1, max(letter * 20, header.sectionSizeHint(1) + letter * 2))
        table.activated.connect(self._open)
        table.selectionModel().currentRowChanged.connect(self._say_whole)
        if self.model.rowCount():
            table.selectRow(0)
        return table

    def _say_whole(self, index: QModelIndex) -> None:
        """Show the whole reason of a line, which may be too long for its column."""
        self.whole.setText(str(index.siblingAtColumn(2).data() or "") if index.isValid() else "")

    def _open(self, index: QModelIndex) -> None:
        document = self.model.documents[self.order.mapToSource(index).row()]
        if document and self._bridge.is_open and self._bridge.workspace.reads.has_document(document):
            self._bridge.open_document(document)
            self.accept()

    def copy(self) -> None:
        """Put the whole list on the clipboard, as a spreadsheet takes it."""
        shown = (
            self.order.mapToSource(self.order.index(row, 0)).row() for row in range(self.order.rowCount())
        )
        lines = [[tr(key) for key in Remarks.HEADERS], *(self.model.rows[row] for row in shown)]
        clean = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText("\n".join(clean))


def _figures(counts: Mapping[str, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(32)
    for name, count in counts.items():
        number: QLabel = heading(str(count), 1.5)
        number.setWordWrap(False)
        number.setEnabled(count > 0)
        number.setAccessibleName(f"{name}: {count}")
        words = quiet(name, wrap=False)
        row.addWidget(number)
        row.addSpacing(-24)
        row.addWidget(words)
    row.addStretch(1)
    return row
