"""The documents of the corpus: list, filter, order, progress, and the way from one to the next."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from app.messages import tr
from app.services.corpus_views import DocumentFilter, Progress, document_ids, done_documents, progress
from models.history import Touched
from ui.bridge import Bridge
from ui.delegates.documents import DocumentDelegate
from ui.delegates.rows import RowView
from ui.item_models.documents import DocumentModel
from ui.item_models.later import Later
from ui.panes.corpus_menu import DocumentMenu
from ui.panes.corpus_parts import DropTarget, EmptyPage, FilterBar, ProgressFooter

ROWS_MS, LIST_MS, COUNT_MS = 60, 250, 400
LONGEST_MS = 2000
RARELY = 20
"""Counting takes at most one part in so many of the time."""


class CorpusPane(QWidget):
    """The list of documents. What it shows follows the project; where it stands follows the bridge.

    ``files_dropped(list[Path])``: files or folders were dropped on it. ``import_wanted()``: its button for
    importing was pressed. ``filter_changed(DocumentFilter)``: another filter narrows the list.
    """

    TITLE_KEY = "corpus.title"
    files_dropped = Signal(list)
    import_wanted = Signal()
    filter_changed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._stale = True
        self._touched: set[str] = set()
        self._progress = Progress(0, 0, 0, 0, 0)
        self.bar, self.footer = FilterBar(bridge), ProgressFooter()
        self.model = DocumentModel(bridge, self)
        self.list = RowView()
        self._delegate = DocumentDelegate(self.list, self.model, bridge)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.set_row_height(self._delegate.height)
        self.empty = EmptyPage("corpus.empty", "corpus.empty-text", "corpus.import")
        self.nothing = EmptyPage("corpus.no-match", "corpus.no-match-text", "corpus.filter-clear")
        self._rows_later = Later(self, self._refresh_rows, ROWS_MS, LONGEST_MS // 4)
        self._list_later = Later(self, self.reload, LIST_MS, LONGEST_MS)
        self._count_later = Later(self, self._count, COUNT_MS, LONGEST_MS)
        self._lay_out()
        self._connect()
        self._drops = DropTarget(self, self.files_dropped.emit)
        self.setFocusProxy(self.list)
        self.retranslate()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        for page in (self.list, self.empty, self.nothing):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._project_changed)
        bridge.document_changed.connect(self._follow_document)
        bridge.changed.connect(self._follow)
        bridge.settings_changed.connect(lambda: self.list.viewport().update())
        self.bar.changed.connect(self._filter)
        self.bar.down.connect(self._to_list)
        self.list.chosen.connect(self._open_row)
        self.list.typed.connect(self._type)
        self.list.above.connect(self.bar.field.setFocus)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.empty.pressed.connect(self.import_wanted)
        self.nothing.pressed.connect(self.bar.reset)

    # What is listed ---------------------------------------------------------------------------------------

    def _project_changed(self) -> None:
        for later in (self._rows_later, self._list_later, self._count_later):
            later.cancel()
        self._touched.clear()
        self.model.set_ids(())
        self.bar.reset()
        self._stale = True
        if self._bridge.is_open and self.isVisible():
            self.reload()

    def reload(self) -> None:
        """Read the list again, with its counts."""
        self._stale = False
        self._list_later.cancel()
        if self._bridge.is_open:
            self._read_list()
            self._count()

    def _read_list(self) -> None:
        ids = document_ids(self._bridge.workspace.reads, self.bar.wanted)
        if ids == self.model.ids:
            self.model.forget()
            return
        row = self.list.rowAt(0)
        top = self.model.ids[row] if row > 0 else None
        self.model.set_ids(ids)
        if (row := self.model.row_of(top)) >= 0:
            hint = QAbstractItemView.ScrollHint.PositionAtTop
            self.list.scrollTo(self.model.index(row, 0), hint)
        self._follow_document(self._bridge.document)

    def _fresh(self) -> None:
        """Read the list if something happened since it was read."""
        if self._stale or self._list_later.waiting:
            self.reload()

    def _filter(self) -> None:
        if self._bridge.is_open:
            self._list_later.cancel()
            self._read_list()
            self._show_counts()
            self.filter_changed.emit(self.bar.wanted if self.bar.narrows else DocumentFilter())

    def _count(self) -> None:
        self._count_later.cancel()
        since = perf_counter()
        self._progress = progress(self._bridge.workspace.reads)
        # What takes long in a big corpus is done the more rarely.
        self._count_later.quiet = max(COUNT_MS, round((perf_counter() - since) * 1000 * RARELY))
        self._show_counts()

    def _show_counts(self) -> None:
        shown = len(self.model.ids)
        documents = self._progress.documents if self.bar.narrows else shown
        self.bar.say_count(shown, documents)
        self.footer.show_progress(self._progress)
        self.footer.setVisible(self._progress.documents > 0)
        page = self.list if shown else self.nothing if self.bar.narrows else self.empty
        self._stack.setCurrentWidget(page)

    # Following --------------------------------------------------------------------------------------------

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if not self.isVisible():
            self._stale = True
            return
        unknown = any(self.model.row_of(one) < 0 for one in touched.documents)
        listed_anew = "documents" in touched.subjects and (unknown or "suggestions" not in touched.subjects)
        if touched.everything or listed_anew:
            self._list_later.ask()
        elif touched.documents:
            self._touched |= touched.documents
            self._rows_later.ask()
        self._count_later.ask()

    def _refresh_rows(self) -> None:
        touched, self._touched = self._touched, set()
        self.model.refresh(touched)

    def _follow_document(self, document: str | None) -> None:
        row = self.model.row_of(document)
        if row >= 0:
            self.list.go_to(row)
        elif document is not None:
            self.list.clearSelection()
        self.list.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    # Going about ------------------------------------------------------------------------------------------

    def first_document(self) -> str | None:
        """Return the first document of the list."""
        self._fresh()
        return self.model.ids[0] if self.model.ids else None

    def step(self, by: int) -> bool:
        """Open the document ``by`` places further in the list; False where there is none."""
        self._fresh()
        row = self.model.row_of(self._bridge.document)
        if row >= 0:
            row += by
        else:
            row = 0 if by > 0 else len(self.model.ids) - 1
        if not 0 <= row < len(self.model.ids):
            return False
        self._open_row(row)
        return True

    def next_open_document(self) -> str | None:
        """Return the next document that is not done, behind the one shown, then from the beginning."""
        self._fresh()
        ids, at = self.model.ids, self.model.row_of(self._bridge.document)
        done = done_documents(self._bridge.workspace.reads)
        around = (ids[row % len(ids)] for row in range(at + 1, at + 1 + len(ids)))
        return next((one for one in around if one not in done and one != self._bridge.document), None)

    def _open_row(self, row: int) -> None:
        self._bridge.open_document(self.model.ids[row])

    def _to_list(self) -> None:
        if self.model.ids:
            self.list.go_to(max(0, self.list.currentIndex().row()))
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _type(self, text: str) -> None:
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.setText(text)

    # What can be done to a document -----------------------------------------------------------------------

    def menu(self, row: int) -> DocumentMenu | None:
        """Return what can be done to the document of a row."""
        one = self.model.listed(row)
        return DocumentMenu(self._bridge, one, self._removed, self) if one else None

    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if index.isValid() and (menu := self.menu(index.row())):
            self.list.go_to(index.row())
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _removed(self, document: str) -> None:
        row = self.model.row_of(document)
        self.reload()
        if document == self._bridge.document:
            ids = self.model.ids
            self._bridge.open_document(ids[min(max(row, 0), len(ids) - 1)] if ids else None)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.bar.retranslate()
        self.empty.retranslate()
        self.nothing.retranslate()
        self.list.setAccessibleName(tr("corpus.list"))
        self.list.viewport().update()
        self._show_counts()
