"""The main window: where the panes stand, and the actions that concern the window itself."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QWidget

from app.messages import language, set_language, system_language, tr
from app.settings import change_settings
from ui.action_map import ActionMap
from ui.bridge import Bridge
from ui.curation import Curation
from ui.jobs import JobBoard
from ui.panes.corpus import CorpusPane
from ui.panes.document import DocumentPane
from ui.projects import Projects
from ui.relating import Relating
from ui.side_panes import SidePanes
from ui.status_line import StatusLine
from ui.theme import apply_theme, resolve


class MainWindow(QMainWindow):
    """Documents on the left, the text in the middle, everything about it on the right."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.jobs = JobBoard(bridge, self)
        self.corpus = CorpusPane(bridge)
        self.document = DocumentPane(bridge)
        self.side = SidePanes(bridge)
        self.curation = Curation(bridge, self.document.reader, self)
        self.relating = Relating(bridge, self.document, self.curation)
        self.projects = Projects(bridge, self.jobs, self)
        self.status = StatusLine(bridge, self.jobs)
        self._stack = QStackedWidget()
        self._start: QWidget | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.actions_by_id = ActionMap(self, self.document.reader)
        self._connect()
        self.retranslate()
        self.setAcceptDrops(True)
        self._restore_geometry()
        self._project_changed()

    def _lay_out(self) -> None:
        for pane in (self.corpus, self.document, self.side):
            self._splitter.addWidget(pane)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([270, 640, 370])
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._stack.addWidget(self._splitter)
        self.setCentralWidget(self._stack)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.project_changed.connect(self._project_changed)
        bridge.settings_changed.connect(self._settings_changed)
        self.corpus.import_wanted.connect(self.projects.import_files)
        self.corpus.files_dropped.connect(self.projects.import_paths)
        self.curation.inspector_wanted.connect(self._inspect)
        self.curation.identical_wanted.connect(self.projects.identical)
        self.curation.document_finished.connect(self._after_done)
        self.document.reader.zoom_changed.connect(lambda percent: self.change_settings(zoom=percent / 100))
        self.side.action_wanted.connect(lambda wanted: self.actions_by_id.run(wanted))
        self.side.boundary_wanted.connect(self.curation.boundary)
        self.side.reader_wanted.connect(self.focus_reader)
        self.side.hit_wanted.connect(self._show_hit)

    # The project ------------------------------------------------------------------------------------------

    def _project_changed(self) -> None:
        is_open = self.bridge.is_open
        if not is_open and self._start is None:
            self._start = self.projects.start_page()
            self._stack.addWidget(self._start)
        self._stack.setCurrentWidget(self._splitter if is_open else self._start)
        self._name_window()
        self.actions_by_id.refresh()
        if is_open:
            first = self.corpus.first_document()
            if first is not None:
                self.bridge.open_document(first)
            self.focus_reader() if first else self.focus_documents()

    def _name_window(self) -> None:
        if not self.bridge.is_open:
            self.setWindowTitle("Kurator")
            return
        workspace = self.bridge.workspace
        name = workspace.reads.meta("name") or workspace.path.stem
        self.setWindowTitle(tr("window.read-only", name=name) if workspace.read_only else f"{name} – Kurator")

    # Going about ------------------------------------------------------------------------------------------

    def next_document(self) -> None:
        """Show the next document of the list."""
        self.corpus.step(1)

    def previous_document(self) -> None:
        """Show the previous document of the list."""
        self.corpus.step(-1)

    def next_open_document(self) -> None:
        """Show the next document that is not done."""
        found = self.corpus.next_open_document()
        if found is None:
            self.bridge.notice.emit(tr("window.all-done"), "done")
        else:
            self.bridge.open_document(found)

    def _after_done(self) -> None:
        self.next_open_document()
        self.focus_reader()

    def focus_reader(self) -> None:
        """Give the text the keyboard."""
        self.document.reader.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_documents(self) -> None:
        """Give the document list the keyboard."""
        self.corpus.setVisible(True)
        self.corpus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_inspector(self) -> None:
        """Give the inspector the keyboard."""
        self._show_side("inspector")

    def focus_claims(self) -> None:
        """Give the table of claims the keyboard."""
        self._show_side("claims")

    def focus_relations(self) -> None:
        """Give the table of relations the keyboard."""
        self._show_side("relations")

    def focus_history(self) -> None:
        """Give the history the keyboard."""
        self._show_side("history")

    def search(self) -> None:
        """Give the search field the keyboard."""
        self._show_side("search")

    def _show_side(self, name: str) -> None:
        self.side.setVisible(True)
        self.side.show_pane(name)

    def next_pane(self) -> None:
        """Give the keyboard to the next of documents, text and side panes."""
        panes = [self.corpus, self.document, self.side]
        shown = [pane for pane in panes if pane.isVisible()]
        at = next(
            (n for n, pane in enumerate(shown) if pane.isAncestorOf(QApplication.focusWidget() or self)), -1
        )
        follow = shown[(at + 1) % len(shown)]
        if follow is self.document:
            self.focus_reader()
        elif follow is self.side:
            self.side.show_pane(self.side.current)
        else:
            self.focus_documents()

    def next_hit(self) -> None:
        """Go to the next hit of the search."""
        self.side.search.step(1)

    def previous_hit(self) -> None:
        """Go to the previous hit of the search."""
        self.side.search.step(-1)

    def _show_hit(self, document: str, span: object, key: str | None) -> None:
        self.bridge.open_document(document, key)
        reader = self.document.reader
        if span is not None:
            reader.set_hits([span])
            reader.reveal(span)

    def _inspect(self, part: str) -> None:
        self._show_side("inspector")
        self.side.inspect(part)

    def note_document(self) -> None:
        """Write a note on the document."""
        self.document.reader.focus_mark(None)
        self._inspect("document-note")

    # Looks ------------------------------------------------------------------------------------------------

    def change_settings(self, **changes: object) -> None:
        """Keep changed settings and let every pane take them over."""
        self.bridge.settings = change_settings(**changes)
        self.bridge.settings_changed.emit()

    def _settings_changed(self) -> None:
        settings = self.bridge.settings
        wanted = system_language() if settings.language == "system" else settings.language
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, settings.theme)
        if wanted != language():
            set_language(wanted)
            self.retranslate()

    def zoom_in(self) -> None:
        """Make the text larger."""
        self._zoom(1.1)

    def zoom_out(self) -> None:
        """Make the text smaller."""
        self._zoom(1 / 1.1)

    def zoom_reset(self) -> None:
        """Give the text its natural size."""
        self.change_settings(zoom=1.0)

    def _zoom(self, factor: float) -> None:
        self.change_settings(zoom=round(min(3.0, max(0.5, self.bridge.settings.zoom * factor)), 2))

    def cycle_arcs(self) -> None:
        """Draw the relations of the mark in focus, all, or none."""
        order = ("focused", "all", "none")
        wanted = order[(order.index(self.bridge.settings.arcs) + 1) % len(order)]
        self.change_settings(arcs=wanted)
        self.bridge.notice.emit(tr(f"window.arcs-{wanted}"), "info")

    def toggle_rejected(self) -> None:
        """Show or hide rejected suggestions."""
        self.change_settings(show_rejected=not self.bridge.settings.show_rejected)

    def toggle_documents(self) -> None:
        """Show or hide the document list."""
        self.corpus.setVisible(not self.corpus.isVisible())

    def toggle_side(self) -> None:
        """Show or hide the side panes."""
        self.side.setVisible(not self.side.isVisible())

    def toggle_theme(self) -> None:
        """Change between light and dark."""
        self.change_settings(theme="light" if resolve(self.bridge.settings.theme).dark else "dark")

    def toggle_language(self) -> None:
        """Change between Swedish and English."""
        self.change_settings(language="en" if language() == "sv" else "sv")

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.actions_by_id.retranslate()
        for pane in (self.corpus, self.document, self.side, self.status):
            pane.retranslate()
        self.projects.retranslate()
        self._name_window()

    # Help -------------------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """Show every key."""
        from ui.dialogs.cheat_sheet import CheatSheet

        CheatSheet(self.actions_by_id.cheat_sheet(), self).exec()

    def show_palette(self) -> None:
        """Show every action to choose from by typing."""
        from ui.dialogs.palette import CommandPalette

        CommandPalette(self.actions_by_id.palette(), self.actions_by_id.run, self).show()

    def show_help(self) -> None:
        """Show the help pages."""
        self.projects.show_help()

    def show_about(self) -> None:
        """Say what this program is."""
        self.projects.show_about()

    # Window events ----------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        kept = self.bridge.settings.window
        if "geometry" in kept:
            self.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
            self._splitter.restoreState(QByteArray.fromBase64(kept["splitter"].encode()))
        else:
            self.resize(1280, 800)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place and close the project; everything in it is stored already."""
        kept = {
            "geometry": bytes(self.saveGeometry().toBase64().data()).decode(),
            "splitter": bytes(self._splitter.saveState().toBase64().data()).decode(),
        }
        self.bridge.settings = change_settings(window={**self.bridge.settings.window, **kept})
        self.projects.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped project, import anything else."""
        self.projects.dropped([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()
