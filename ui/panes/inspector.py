"""The inspector: everything about the mark in focus, or about the document while no mark has it."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedLayout, QWidget

from app.commands import Command
from app.messages import language, tr
from app.services.annotation_views import DocumentViews
from app.workspace import Workspace
from models.errors import KuratorError
from models.history import Outcome, Touched
from models.labels import LabelSet
from models.marks import Mark
from ui.bridge import Bridge
from ui.panes.inspector_document import DocumentPage
from ui.panes.inspector_mark import MarkPage
from ui.panes.inspector_parts import label_palette
from ui.theme import Palette

_AHEAD_MS = 150
"""When a document has been shown for so long, what every mark asks for is read."""


class InspectorPane(QWidget):
    """Follows the bridge's mark and document; refreshes once per turn of the event loop, when it is seen.

    ``action_wanted(id)`` asks for an action of :mod:`ui.actions`; ``boundary_wanted(end, step, unit)`` for a
    boundary to move; ``reader_wanted()`` gives the keyboard back to the text.
    """

    TITLE_KEY = "window.pane-inspector"
    action_wanted = Signal(str)
    boundary_wanted = Signal(str, int, str)
    reader_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._views: DocumentViews | None = None
        self._palette = Palette()
        self._palette_of: tuple[LabelSet, str] | None = None
        self._again = False
        self._workspace: Workspace | None = None
        self.mark_page, self.document_page = MarkPage(bridge, self._run), DocumentPage(bridge, self._run)
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setEnabled(False)
        self._mark_area, self._document_area = _scrolled(self.mark_page), _scrolled(self.document_page)
        self._stack = QStackedLayout(self)
        for page in (self._empty, self._mark_area, self._document_area):
            self._stack.addWidget(page)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.refresh)
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_MS)
        self._ahead.timeout.connect(self._read_ahead)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        bridge = self._bridge
        bridge.project_changed.connect(self._leave_project)
        bridge.document_changed.connect(self._forget)
        bridge.mark_changed.connect(lambda _: self._soon())
        bridge.changed.connect(self._follow)
        self.mark_page.action_wanted.connect(self.action_wanted)
        self.mark_page.boundary_wanted.connect(self.boundary_wanted)
        self.mark_page.reader_wanted.connect(self.reader_wanted)
        self.document_page.reader_wanted.connect(self.reader_wanted)

    # Following --------------------------------------------------------------------------------------------

    def _leave_project(self) -> None:
        """Store what is being written while the project that was left is still open."""
        self.commit()
        self.mark_page.forget()
        self.document_page.forget()
        self._workspace = self._bridge.workspace if self._bridge.is_open else None
        self._forget()

    def _run(self, command: Command) -> Outcome | None:
        workspace = self._workspace
        if self._bridge.is_open and workspace in (None, self._bridge.workspace):
            return self._bridge.run(command, self)
        with suppress(KuratorError):
            return workspace.run(command) if workspace is not None else None
        return None

    def _forget(self, *_: object) -> None:
        self._views = None
        self._ahead.start()
        self._soon()

    def _read_ahead(self) -> None:
        """Find the places of a long document's suggestions before the first key press asks for them."""
        if self.isVisible() and self._bridge.is_open and self._bridge.document is not None:
            self._document_views(self._bridge.document).prepare()

    def _document_views(self, document: str) -> DocumentViews:
        if self._views is None or self._views.document != document:
            self._views = DocumentViews(self._bridge.workspace, document)
        return self._views

    def _follow(self, touched: Touched, _initiator: object) -> None:
        document = self._bridge.document
        if touched.everything or (document in touched.documents and "suggestions" in touched.subjects):
            self._views = None
        here = document in touched.documents or document in touched.marks
        if touched.everything or here or "register" in touched.subjects:
            self._again = True
            self._soon()

    def _soon(self) -> None:
        """Refresh when the event loop comes round; a hidden pane waits until it is shown."""
        self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self._soon()

    def refresh(self) -> None:
        """Show the present mark or document now."""
        self._timer.stop()
        if not self.isVisible():
            return
        bridge = self._bridge
        if not bridge.is_open or bridge.document is None:
            self._stack.setCurrentWidget(self._empty)
            return
        self._workspace = bridge.workspace
        labels = bridge.workspace.reads.label_set()
        self._dress(labels)
        mark = self._mark()
        if mark is None:
            self._show_document(bridge.document)
            return
        views = self._document_views(bridge.document)
        self.mark_page.show_view(views, views.view(mark), self._palette, labels)
        self._show(self._mark_area)

    def _show_document(self, document: str) -> None:
        records = self._bridge.workspace.reads.documents([document])
        if records:
            self.document_page.show_document(records[0], self._palette)
            self._show(self._document_area)
        else:
            self._stack.setCurrentWidget(self._empty)

    def _show(self, area: QWidget) -> None:
        """Bring a page to the top; what was being written on the other one is stored."""
        if self._stack.currentWidget() is not area:
            (self.document_page if area is self._mark_area else self.mark_page).flush()
            self._stack.setCurrentWidget(area)
        first: QWidget = self.mark_page.label if area is self._mark_area else self.document_page.fields["title"]
        if self.focusProxy() is not first:
            self.setFocusProxy(first)

    def _mark(self) -> Mark | None:
        """Return the mark in focus as it is now."""
        mark, document = self._bridge.mark, self._bridge.document
        if mark is None or document is None or not self._again:
            return mark
        self._again = False
        found = self._bridge.workspace.marks.some(document, [mark.key])
        return next((one for one in found if one.key == mark.key), None)

    def _dress(self, labels: LabelSet) -> None:
        wanted = labels, language()
        if self._palette_of is None or self._palette_of[0] is not labels or self._palette_of[1] != wanted[1]:
            self._palette_of = wanted
            self._palette = label_palette(labels)

    # Keyboard ---------------------------------------------------------------------------------------------

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # type: ignore[override]
        """Give the keyboard to the first field of the page shown, as it is now."""
        self.refresh()
        super().setFocus(reason)

    def focus_label(self) -> None:
        """Give the keyboard to the mark's label."""
        self._focus(self.mark_page.label)

    def focus_facets(self) -> None:
        """Give the keyboard to the first facet of the claim."""
        self.refresh()
        self.mark_page.claim.focus_facets()
        self._reveal()

    def focus_speaker(self) -> None:
        """Give the keyboard to the speaker of the claim, its list open."""
        self.refresh()
        self._mark_area.ensureWidgetVisible(self.mark_page.claim.speaker)
        self.mark_page.claim.focus_speaker()

    def focus_note(self) -> None:
        """Give the keyboard to the note on the mark, or to a new note on the document."""
        self.refresh()
        shown = self._stack.currentWidget() is self._mark_area
        self._focus(self.mark_page.note if shown else self.document_page.new_note)

    def _focus(self, field: QWidget) -> None:
        self.refresh()
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._reveal()

    def _reveal(self) -> None:
        area = self._stack.currentWidget()
        field = area.focusWidget() if isinstance(area, QScrollArea) else None
        if isinstance(area, QScrollArea) and field is not None:
            area.ensureWidgetVisible(field)

    def commit(self) -> None:
        """Store what is being written, before the project is closed."""
        self.mark_page.flush()
        self.document_page.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the keyboard back to the text."""
        if event.key() == Qt.Key.Key_Escape:
            self.reader_wanted.emit()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.setAccessibleName(tr("inspector.name"))
        self._empty.setText(tr("inspector.empty"))
        self.mark_page.retranslate()
        self.document_page.retranslate()
        self._soon()


def _scrolled(page: QWidget) -> QScrollArea:
    """Return a page that scrolls up and down only."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
