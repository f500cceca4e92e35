"""What is remembered: the list, where one can forget a form, and where what is remembered counts."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget

from app.messages import tr
from app.services.memory import of_everybody, scope_of, set_scope
from app.services.memory_known import Scope
from app.services.memory_views import Remembered, last_time, remembered
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, dress_rows, form, line, quiet
from ui.panes.inspector_parts import local_time

_TYPING_MS = 150
_COLUMNS = ("words", "label", "yes", "no", "score", "last")
_FIGURES = ("yes", "no", "score")
_SCOPES: tuple[tuple[Scope, bool], ...] = (
    ("corpus", False),
    ("corpus", True),
    ("document", False),
    ("nothing", False),
)

Index = QModelIndex | QPersistentModelIndex


class MemoryModel(QAbstractTableModel):
    """The lines of the list; when something was confirmed last is looked up as a line is shown."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.rows: list[Remembered] = []
        self._last: dict[Remembered, str] = {}

    def show_rows(self, rows: list[Remembered]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.rows = rows
        self._last.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        """Return a column's title."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(f"memory.column-{_COLUMNS[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and _COLUMNS[section] in _FIGURES:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says, how it stands, and the whole words as its tip."""
        row, column = self.rows[index.row()], _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _FIGURES:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and column == "words":
            return row.words
        return None

    def _words(self, row: Remembered, column: str) -> str:
        if column == "words":
            return " ".join(row.words.split())
        if column == "label":
            return self._bridge.title(row.label)
        if column == "score":
            return tr("memory.forgotten") if row.forgotten else f"{round(100 * row.score)} %"
        if column == "last":
            if row not in self._last:
                found = last_time(self._bridge.workspace.memory, row)
                self._last[row] = local_time(found) if found else ""
            return self._last[row]
        return str(row.yes if column == "yes" else row.no)


class MemoryDialog(Dialog):
    """Lists what is remembered, the most often confirmed first."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("memory.title"), tr("memory.intro"))
        self._bridge = bridge
        workspace = bridge.workspace
        self.scope = QComboBox()
        self.scope.setAccessibleName(tr("memory.scope"))
        for scope, everybody in _SCOPES:
            self.scope.addItem(tr(f"memory.scope-{scope}{'-everybody' if everybody else ''}"))
        self.scope.setCurrentIndex(_SCOPES.index((scope_of(workspace), of_everybody(workspace))))
        self.scope.activated.connect(self._choose_scope)
        top = form()
        top.addRow(tr("memory.scope"), self.scope)
        self.body.addLayout(top)
        self.filter = line(tr("memory.filter"), placeholder=tr("memory.filter"))
        self.filter.setClearButtonEnabled(True)
        self.body.addWidget(self.filter)
        self.model = MemoryModel(bridge)
        self.table = self._make_table()
        self.body.addWidget(self.table, 1)
        self.none = quiet(tr("memory.none"))
        self.body.addWidget(self.none, 1, Qt.AlignmentFlag.AlignTop)
        self.forget = self.add_action(tr("memory.forget"), self._forget)
        self.add_close()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.timeout.connect(self._fill)
        self.filter.textChanged.connect(lambda: self._typing.start(_TYPING_MS))
        delete = QKeySequence(QKeySequence.StandardKey.Delete)
        QShortcut(delete, self.table, self._forget, context=Qt.ShortcutContext.WidgetShortcut)
        self.resize(max(820, 95 * self.fontMetrics().averageCharWidth()), 540)
        self._prepare()
        self._fill()
        (self.table if self.model.rows else self.scope).setFocus()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("memory.title"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        dress_rows(table)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setResizeContentsPrecision(0)  # what is in sight: each line's time is looked up
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        return table

    def _prepare(self) -> None:
        """Read the memory where nothing has asked for it yet."""
        try:
            while self._bridge.workspace.memory.loading and self._bridge.workspace.memory.work(0.05):
                pass
        except KuratorError as error:
            self.trouble.say(str(error))

    def _fill(self) -> None:
        """List what the filter leaves; the line in focus stays where it was."""
        at = max(0, self.table.currentIndex().row())
        self.model.show_rows(remembered(self._bridge.workspace.memory, self.filter.text()))
        some = bool(self.model.rows)
        self.table.setVisible(some)
        self.none.setVisible(not some)
        if some:
            self.table.selectRow(min(at, len(self.model.rows) - 1))
        self._enable()

    def _enable(self) -> None:
        row = self._current()
        self.forget.setEnabled(row is not None and not self._bridge.workspace.read_only)
        self.forget.setText(tr("memory.remember" if row is not None and row.forgotten else "memory.forget"))

    def _current(self) -> Remembered | None:
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _forget(self) -> None:
        row = self._current()
        if row is None or not self._bridge.writable():
            return
        try:
            self._bridge.workspace.memory.forget(row.kind, row.form, not row.forgotten)
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._fill()

    def _choose_scope(self, chosen: int) -> None:
        if not self._bridge.writable():
            return
        try:
            set_scope(self._bridge.workspace, *_SCOPES[chosen])
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._prepare()
        self._fill()
