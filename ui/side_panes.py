"""The panes on the right, as tabs: inspector, search, claims, relations, register, history, adjudication, conflicts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.messages import tr
from app.services.corpus_views import DocumentFilter
from ui.bridge import Bridge
from ui.widgets.wrapped_tabs import WrappedTabs

if TYPE_CHECKING:
    from ui.panes.inspector import InspectorPane
    from ui.panes.search import SearchPane

_PANES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "inspector": ("ui.panes.inspector", "InspectorPane", ()),
    "search": ("ui.panes.search", "SearchPane", ()),
    "claims": ("ui.panes.annotation_table", "AnnotationTablePane", ("claim",)),
    "relations": ("ui.panes.annotation_table", "AnnotationTablePane", ("relation",)),
    "register": ("ui.panes.register", "RegisterPane", ()),
    "history": ("ui.panes.history", "HistoryPane", ()),
    "adjudication": ("ui.panes.adjudication", "AdjudicationPane", ()),
    "conflicts": ("ui.panes.conflicts", "ConflictsPane", ()),
}
"""Name → module, class and further arguments. Made when first shown, so that the window stands sooner."""


SOON_MS = 100
"""When the pane on top is made, in milliseconds after the window: its first paint goes before."""
LEAST_WIDTH = 300


class SidePanes(QWidget):
    """Everything that is said about the document beside its text.

    ``action_wanted(id)``, ``boundary_wanted(end, step, unit)``, ``reader_wanted()`` come from the inspector;
    ``hit_wanted(document, span, key)`` from the search. ``made(name)``: a pane is there now.
    """

    action_wanted = Signal(str)
    boundary_wanted = Signal(str, int, str)
    reader_wanted = Signal()
    hit_wanted = Signal(str, object, object)
    made = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._made: dict[str, QWidget] = {}
        self._within = DocumentFilter()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(lambda: self.pane(self.current))
        self._tabs = WrappedTabs()
        self._holders: dict[str, tuple[QWidget, QVBoxLayout]] = {}
        for name in _PANES:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            self._holders[name] = holder, column
            self._tabs.addTab(holder)
        self._tabs.currentChanged.connect(lambda number: self.pane(list(_PANES)[number]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)
        self.setMinimumWidth(LEAST_WIDTH)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the pane on top soon after the window's first paint."""
        super().showEvent(event)
        if not self._made:
            self._soon.start()

    def pane(self, name: str) -> QWidget:
        """Return a pane, made now if this is the first time it is wanted."""
        if name not in self._made:
            module, kind, more = _PANES[name]
            made: Any = getattr(import_module(module), kind)(self._bridge, *more)
            self._made[name] = made
            holder, column = self._holders[name]
            column.addWidget(made)
            made.show()  # now, not in a later turn: it may be asked for its focus next
            holder.setFocusProxy(made)
            if name == "inspector":
                made.action_wanted.connect(self.action_wanted)
                made.boundary_wanted.connect(self.boundary_wanted)
                made.reader_wanted.connect(self.reader_wanted)
            elif name == "search":
                made.hit_wanted.connect(self.hit_wanted)
                made.set_within(self._within)
            self.made.emit(name)
        return self._made[name]

    def holder(self, name: str) -> QWidget:
        """Return what holds a pane, also before the pane is made."""
        return self._holders[name][0]

    @property
    def inspector(self) -> InspectorPane:
        """The inspector."""
        return cast("InspectorPane", self.pane("inspector"))

    @property
    def search(self) -> SearchPane:
        """The search."""
        return cast("SearchPane", self.pane("search"))

    def offer(self, name: str, wanted: bool) -> None:
        """Show or hide a pane's tab: some have something to show only now and then."""
        number = list(_PANES).index(name)
        if self._tabs.isTabVisible(number) != wanted:
            self._tabs.setTabVisible(number, wanted)

    @property
    def current(self) -> str:
        """The name of the pane on top."""
        return list(_PANES)[self._tabs.currentIndex()]

    def show_pane(self, name: str) -> None:
        """Bring a pane to the top and give it the keyboard."""
        pane = self.pane(name)
        self._tabs.setCurrentIndex(list(_PANES).index(name))
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def within(self) -> DocumentFilter:
        """The filter of the document list."""
        return self._within

    def search_within(self, wanted: DocumentFilter) -> None:
        """Let the search be narrowed to the documents that pass a filter."""
        self._within = wanted
        if "search" in self._made:
            self.search.set_within(wanted)

    def inspect(self, part: str) -> None:
        """Give the keyboard to a part of the inspector: facets, speaker, note, label or document-note."""
        {
            "facets": self.inspector.focus_facets,
            "speaker": self.inspector.focus_speaker,
            "note": self.inspector.focus_note,
            "document-note": self.inspector.focus_note,
            "label": self.inspector.focus_label,
        }[part]()

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        for number, name in enumerate(_PANES):
            self._tabs.setTabText(number, tr(f"window.pane-{name}"))
        for pane in self._made.values():
            cast(Any, pane).retranslate()
