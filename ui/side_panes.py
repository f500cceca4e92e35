"""The panes on the right, as tabs: inspector, search, claims, relations, history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.panes.annotation_table import AnnotationTablePane
from ui.panes.history import HistoryPane
from ui.panes.inspector import InspectorPane
from ui.panes.search import SearchPane


class SidePanes(QWidget):
    """Everything that is said about the document beside its text.

    ``action_wanted(id)``, ``boundary_wanted(end, step, unit)``, ``reader_wanted()`` come from the inspector;
    ``hit_wanted(document, span, key)`` from the search.
    """

    action_wanted = Signal(str)
    boundary_wanted = Signal(str, int, str)
    reader_wanted = Signal()
    hit_wanted = Signal(str, object, object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inspector = InspectorPane(bridge)
        self.search = SearchPane(bridge)
        self.claims = AnnotationTablePane(bridge, "claim")
        self.relations = AnnotationTablePane(bridge, "relation")
        self.history = HistoryPane(bridge)
        self._panes: dict[str, QWidget] = {
            "inspector": self.inspector,
            "search": self.search,
            "claims": self.claims,
            "relations": self.relations,
            "history": self.history,
        }
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        smaller = self._tabs.font()
        smaller.setPointSizeF(smaller.pointSizeF() * 0.9)
        self._tabs.tabBar().setFont(smaller)
        self._tabs.tabBar().setExpanding(False)
        for pane in self._panes.values():
            self._tabs.addTab(pane, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)
        self.inspector.action_wanted.connect(self.action_wanted)
        self.inspector.boundary_wanted.connect(self.boundary_wanted)
        self.inspector.reader_wanted.connect(self.reader_wanted)
        self.search.hit_wanted.connect(self.hit_wanted)

    @property
    def current(self) -> str:
        """The name of the pane on top."""
        return next(name for name, pane in self._panes.items() if pane is self._tabs.currentWidget())

    def show_pane(self, name: str) -> None:
        """Bring a pane to the top and give it the keyboard."""
        pane = self._panes[name]
        self._tabs.setCurrentWidget(pane)
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

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
        for number, (name, pane) in enumerate(self._panes.items()):
            self._tabs.setTabText(number, tr(f"window.pane-{name}"))
            pane.retranslate()  # type: ignore[attr-defined]
