"""Full-text search: what to look for, where, and the hits as keywords in context."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.services.corpus_views import PAGE, DocumentFilter, Hit, Scope, search, searchable
from models.history import Touched
from models.spans import Span
from ui.bridge import Bridge
from ui.delegates.hits import HitDelegate
from ui.delegates.rows import RowView
from ui.item_models.hits import HitModel
from ui.item_models.later import Later

TYPING_MS, AGAIN_MS, LONGEST_MS = 150, 1000, 5000
SCOPES: tuple[Scope, ...] = ("both", "text", "annotations")


class SearchPane(QWidget):
    """A field and its hits. ``hit_wanted(document, Span, key | None)``: show this place in the reader."""

    TITLE_KEY = "search.title"
    hit_wanted = Signal(str, object, object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._stale = False
        self._asked = ""
        self._more_there = False
        self._within: DocumentFilter | None = None
        self.field, self.scope, self.within = QLineEdit(), QComboBox(), QCheckBox()
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        for scope in SCOPES:
            self.scope.addItem("", scope)
        self.count, self.hint, self.more = QLabel(), QLabel(), QPushButton()
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setContentsMargins(12, 12, 12, 12)
        self.model = HitModel(bridge, self)
        self.list = RowView()
        delegate = HitDelegate(self.list, self.model, bridge)
        self.list.setModel(self.model)
        self.list.setItemDelegate(delegate)
        self.list.set_row_height(delegate.height)
        self._typing = Later(self, self.run, TYPING_MS)
        self._again = Later(self, self._search_again, AGAIN_MS, LONGEST_MS)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.field)
        self.retranslate()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.addWidget(self.scope)
        where.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 6)
        top.setSpacing(6)
        top.addWidget(self.field)
        top.addLayout(where)
        top.addWidget(self.within)
        top.addWidget(self.count)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self.more)
        self.within.hide()

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._project_changed)
        bridge.changed.connect(self._follow)
        bridge.settings_changed.connect(lambda: self.list.viewport().update())
        self.field.textChanged.connect(self._typing.ask)
        self.scope.currentIndexChanged.connect(self.run)
        self.within.toggled.connect(self.run)
        self.more.clicked.connect(self.load_more)
        self.list.chosen.connect(self._go)
        self.list.typed.connect(self._type)
        self.list.above.connect(self.field.setFocus)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)

    # Searching --------------------------------------------------------------------------------------------

    def set_within(self, wanted: DocumentFilter) -> None:
        """Offer to search only the documents that pass a filter; an empty one offers nothing."""
        self._within = None if wanted == DocumentFilter() else wanted
        self.within.setVisible(self._within is not None)
        if self.within.isChecked():
            self.run()

    def run(self) -> None:
        """Search for what the field says."""
        self._typing.cancel()
        self._again.cancel()
        self._stale = False
        self._asked = self.field.text().strip()
        self._show(self._hits(PAGE))
        self.list.scrollToTop()

    def load_more(self) -> None:
        """Show the next page of hits."""
        if self._more_there and self.model.hits:
            found = self._hits(PAGE, self.model.hits[-1])
            self._more_there = len(found) == PAGE
            self.model.add(found)
            self._say()

    def _hits(self, limit: int, after: Hit | None = None) -> list[Hit]:
        if not self._bridge.is_open or not self._asked:
            return []
        within = self._within if self.within.isChecked() else None
        scope = cast(Scope, self.scope.currentData())
        reads = self._bridge.workspace.reads
        return search(reads, self._asked, scope=scope, limit=limit, after=after, within=within)

    def _show(self, hits: list[Hit]) -> None:
        self._more_there = len(hits) >= PAGE and len(hits) % PAGE == 0
        self.model.set_hits(hits)
        self._say()

    def _search_again(self) -> None:
        """Take over what a change made of the hits, and stay where the reader of the list is."""
        hits = self._hits(max(PAGE, len(self.model.hits)))
        if hits == self.model.hits:
            return
        row, place = self.list.currentIndex().row(), self.list.verticalScrollBar().value()
        self._show(hits)
        if 0 <= row < self.model.rowCount():
            self.list.go_to(row)
        self.list.verticalScrollBar().setValue(place)

    def _say(self) -> None:
        """Say how many hits there are, or why there are none."""
        hits, documents = len(self.model.hits), tr("search.documents", count=len(self.model.groups))
        if self._more_there:
            self.count.setText(tr("search.hits-more", count=hits, documents=documents))
        else:
            self.count.setText(tr("search.hits", count=hits, documents=documents))
        if not self._asked:
            self.hint.setText(tr("search.hint"))
        elif not searchable(self._asked):
            self.hint.setText(tr("search.only-excludes"))
        else:
            self.hint.setText(tr("search.nothing", query=self._asked))
        self.count.setVisible(bool(hits))
        self.more.setVisible(self._more_there)
        self._stack.setCurrentWidget(self.list if hits else self.hint)

    def _scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if value >= bar.maximum() - self.list.viewport().height() // 2 and bar.maximum():
            self.load_more()

    # Following --------------------------------------------------------------------------------------------

    def _project_changed(self) -> None:
        self.field.clear()
        self.run()

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if self._asked and (touched.everything or touched.subjects & {"annotations", "documents", "texts"}):
            self._stale = True
            if self.isVisible():
                self._again.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._again.ask()

    # Going about ------------------------------------------------------------------------------------------

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) hit, whether the pane is in sight or not; False at the end."""
        if self._typing.waiting:
            self.run()
        at = self.list.currentIndex().row()
        row = self.model.beside(at, by)
        if row < 0 and by > 0 and self._more_there:
            self.load_more()
            row = self.model.beside(at, by)
        if row < 0:
            self._bridge.notice.emit(tr("search.no-more-hits"), "info")
            return False
        self._go(row)
        return True

    def _go(self, row: int) -> None:
        """Show the place of a hit; a document's line stands for its first hit."""
        if not isinstance(self.model.row(row), Hit):
            row = self.model.beside(row, 1)
        self.list.go_to(row)
        hit = self.model.row(row)
        assert isinstance(hit, Hit)
        self._bridge.open_document(hit.document)
        self.hit_wanted.emit(hit.document, Span(hit.start, hit.end), hit.key)

    def _type(self, text: str) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter in the field go to the first hit, Down to the list; mark all words on a shortcut."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(1)
                return True
            if event.key() == Qt.Key.Key_Down:
                if self._typing.waiting:
                    self.run()
                self.list.go_to(max(self.list.currentIndex().row(), self.model.beside(-1, 1)))
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        elif isinstance(event, QFocusEvent) and event.reason() == Qt.FocusReason.ShortcutFocusReason:
            self.field.selectAll()
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.field.setPlaceholderText(tr("search.field"))
        self.field.setAccessibleName(tr("search.field"))
        self.field.setToolTip(tr("search.field-tip"))
        self.scope.setAccessibleName(tr("search.scope"))
        for number, scope in enumerate(SCOPES):
            self.scope.setItemText(number, tr(f"search.scope-{scope}"))
        self.within.setText(tr("search.within"))
        self.list.setAccessibleName(tr("search.hits-list"))
        self.more.setText(tr("search.more"))
        self.list.viewport().update()
        self._say()
