"""The tables of claims and relations, over the document or the whole corpus."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.messages import language, tr
from app.services.annotation_views import BackgroundListing, TableQuery, filter_words
from models.errors import KuratorError
from models.history import Touched
from models.suggestions import Kind
from ui.bridge import Bridge
from ui.item_models.annotations import AnnotationModel
from ui.panes.inspector_parts import Muted, Segment, grouped

PAUSE_MS = 300
"""After a change the rows are sorted anew when nothing has changed for so long."""
TYPING_MS = 150
_LOOK_MS = 15
_COPIED_AT_MOST = 20_000


class AnnotationTable(QTableView):
    """A table whose rows can be copied as text with tabs."""

    def __init__(self, model: AnnotationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._model = model
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected rows; everything else as in any table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            numbers = sorted(index.row() for index in self.selectionModel().selectedRows())[:_COPIED_AT_MOST]
            QGuiApplication.clipboard().setText("\n".join(self._model.lines(numbers)))
        else:
            super().keyPressEvent(event)


class AnnotationTablePane(QWidget):
    """Claims or relations as rows; Enter or a double click goes to the place."""

    def __init__(self, bridge: Bridge, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.TITLE_KEY = f"window.pane-{kind}s"
        self._bridge = bridge
        self._kind: Kind = kind
        self._stale = True
        self._job: BackgroundListing | None = None
        self._seconds = 0.0
        self._sort = ("text", False)
        self.model = AnnotationModel(kind)
        self.table = AnnotationTable(self.model)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.here, self.everywhere = Segment(), Segment()
        self.open = QCheckBox()
        self.count = Muted()
        self._later, self._look = QTimer(self), QTimer(self)
        self._later.setSingleShot(True)
        self._look.setInterval(_LOOK_MS)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.filter)
        self.retranslate()

    def _lay_out(self) -> None:
        self._scope = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(0)
        for button in (self.here, self.everywhere):
            self._scope.addButton(button)
            choices.addWidget(button)
        self.here.setChecked(True)
        choices.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(12, 10, 12, 4)
        top.setSpacing(8)
        top.addWidget(self.filter)
        top.addLayout(choices)
        top.addWidget(self.open)  # beside the others its words are cut where the pane is narrow
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.count.setContentsMargins(12, 2, 12, 6)
        column.addWidget(self.count)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._forget)
        bridge.document_changed.connect(lambda _: self._scope_changed())
        bridge.changed.connect(self._follow)
        self._later.timeout.connect(self.refresh)
        self._look.timeout.connect(self._take)
        self.filter.textChanged.connect(lambda _: self._soon(TYPING_MS))
        self.filter.returnPressed.connect(self._enter_table)
        self._scope.buttonClicked.connect(lambda _: self.refresh())
        self.open.clicked.connect(lambda _: self.refresh())
        self.model.sort_wanted.connect(self._sort_by)
        self.table.activated.connect(self._go)

    # Following --------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._cancel()
        self.model.set_listing(None)
        self._stale = True
        if self._bridge.is_open:
            self._soon(0)

    def _scope_changed(self) -> None:
        if self.here.isChecked() and self._bridge.is_open:
            self._soon(0)

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if not touched.everything and not self._concerned(touched):
            return
        if self.isVisible():
            keys = None if touched.everything else frozenset().union(*touched.marks.values())
            self.model.read_again(keys)
        # While a pipeline works, changes never pause: what waits already goes on waiting.
        if "suggestions" not in touched.subjects or not self._later.isActive():
            self._soon(max(PAUSE_MS, min(5000, round(self._seconds * 10_000))))

    def _concerned(self, touched: Touched) -> bool:
        if not touched.subjects & {"annotations", "decisions", "documents", "suggestions"}:
            return False
        here = self._bridge.document
        return self.everywhere.isChecked() or here in touched.documents or here in touched.marks

    def _soon(self, pause: int) -> None:
        """Sort anew after a pause; a hidden pane waits until it is shown."""
        self._stale = True
        if self.isVisible():
            self._later.start(pause)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        if self._stale:
            self._later.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Work for nobody."""
        super().hideEvent(event)
        self._later.stop()
        if self._job is not None:
            self._cancel()
            self._stale = True

    # Filling ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Find and sort the rows anew, in a thread; the ones there are shown until then."""
        self._later.stop()
        self._cancel()
        if not self._bridge.is_open or (self.here.isChecked() and self._bridge.document is None):
            self.model.set_listing(None)
            self.count.setText("")
            return
        self._stale = False
        self._dress()
        try:
            self._job = BackgroundListing(self._bridge.workspace, self._query())
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._look.start()

    def _query(self) -> TableQuery:
        workspace, (sort, descending) = self._bridge.workspace, self._sort
        return TableQuery(
            kind=self._kind,
            me=workspace.reads.me,
            document=self._bridge.document if self.here.isChecked() else None,
            suggestions=self.open.isChecked(),
            words=filter_words(workspace, self._kind, self.filter.text(), language()),
            sort=sort,
            descending=descending,
        )

    def _dress(self) -> None:
        """Give the columns their titles and, where they are new, their widths."""
        before = len(self.model.columns)
        unit = self.table.fontMetrics().averageCharWidth() / 7
        self.model.set_labels(self._bridge.workspace.reads.label_set())
        for number, column in enumerate(self.model.columns):
            if before != len(self.model.columns):
                self.table.setColumnWidth(number, round(column.width * unit))
            self.table.setColumnHidden(number, column.sort == "document" and self.here.isChecked())

    def _take(self) -> None:
        """Show the rows once they are there, at the same place as before."""
        if self._job is None or not self._job.done:
            if self._job is not None and not self.count.text():
                self.count.setText(tr("table.counting"))
            return
        self._look.stop()
        job, self._job = self._job, None
        self._seconds = job.seconds
        try:
            found = job.take()
        except KuratorError as error:
            self._bridge.complain(error)
            return
        index = self.table.currentIndex()
        current = self.model.row(index.row()) if index.isValid() else None
        place = self.table.verticalScrollBar().value()
        self.model.set_listing(found)
        self.table.verticalScrollBar().setValue(place)
        if current is not None and (number := self.model.number_of(current.key)) is not None:
            self._select(number)
        words = tr(f"table.{self._kind}s", count=found.count, number=grouped(found.count))
        self.count.setText(words)

    def _select(self, number: int) -> None:
        """Make a row the current one without scrolling to it."""
        flags = QItemSelectionModel.SelectionFlag
        self.table.setAutoScroll(False)
        index = self.model.index(number, 0)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.setAutoScroll(True)

    def _cancel(self) -> None:
        self._look.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _sort_by(self, sort: str, descending: bool) -> None:
        if (sort, descending) != self._sort:
            self._sort = (sort, descending)
            if self.isVisible():
                self.refresh()

    # Going ------------------------------------------------------------------------------------------------

    def _enter_table(self) -> None:
        """Enter in the filter leads into the rows."""
        if self.model.rowCount():
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self._select(0)

    def _go(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None:
            self._bridge.open_document(row.document, row.key)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.filter.setPlaceholderText(tr(f"table.filter-{self._kind}s"))
        self.filter.setAccessibleName(tr(f"table.filter-{self._kind}s"))
        self.here.setText(tr("table.here"))
        self.everywhere.setText(tr("table.everywhere"))
        self.open.setText(tr("table.open"))
        self.table.setAccessibleName(tr(f"window.pane-{self._kind}s"))
        if self._bridge.is_open:
            self._soon(0)
