"""The main window: where the panes and the controllers of the actions stand."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.messages import tr
from app.settings import change_settings
from ui.action_map import ActionMap
from ui.bridge import Bridge
from ui.collector import Collector
from ui.controllers.accepting import Accepting
from ui.controllers.adjudicating import Adjudicating
from ui.controllers.agreement import Agreement
from ui.controllers.boundaries import Boundaries
from ui.controllers.curation import Curation
from ui.controllers.going import Going
from ui.controllers.keeping import Keeping
from ui.controllers.labelling import Labelling
from ui.controllers.learning import OFFER, TRUST, Learning
from ui.controllers.linking import Linking
from ui.controllers.looks import Looks
from ui.controllers.manual import Manual
from ui.controllers.merging import Merging
from ui.controllers.mixing import Mixing
from ui.controllers.navigation import Navigation
from ui.controllers.projects import Projects
from ui.controllers.queueing import Queueing
from ui.controllers.registering import Registering
from ui.controllers.registers import Registers
from ui.controllers.relating import Relating
from ui.controllers.remembering import Remembering
from ui.controllers.settling import Settling
from ui.controllers.showing import Showing
from ui.controllers.suggesting import Suggesting
from ui.controllers.team import Team
from ui.controllers.training import Training
from ui.controllers.transfer import Transfer
from ui.effort import EffortMeter
from ui.jobs import JobBoard
from ui.panes.corpus import CorpusPane
from ui.panes.document import DocumentPane
from ui.side_panes import SidePanes
from ui.status_line import StatusLine
from ui.widgets.notice_bar import NoticeBar


class MainWindow(QMainWindow):
    """Documents on the left, the text in the middle, everything about it on the right.

    Its controllers are attributes under the names that ``do`` in :mod:`ui.actions` begins with.
    """

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.jobs = JobBoard(bridge, self)
        self.corpus = CorpusPane(bridge)
        self.document = DocumentPane(bridge)
        self.side = SidePanes(bridge)
        self.status = StatusLine(bridge, self.jobs)
        self.notices = NoticeBar((TRUST, OFFER))
        self._stack = QStackedWidget()
        self._start: QWidget | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._make_controllers()
        self._connect()
        self.retranslate()
        self.setAcceptDrops(True)
        self._restore_geometry()
        self.actions_by_id.refresh()

    def _make_controllers(self) -> None:
        bridge, reader = self.bridge, self.document.reader
        self.relating = Relating(bridge, self.document)
        self.going = Going(bridge, reader, self.relating)
        self.curation = Curation(bridge, reader, self.relating, self.going, self)
        self.accepting = Accepting(bridge, reader, self.going)
        self.labelling = Labelling(bridge, reader, self.curation)
        self.boundaries = Boundaries(bridge, reader, self)
        self.navigation = Navigation(bridge, self.corpus, self.document, self.side, self)
        self.adjudicating = Adjudicating(bridge, self.jobs, self.document, self.side, self)
        self.mixing = Mixing(bridge, reader, self.adjudicating)
        self.linking = Linking(bridge, self.document, self.adjudicating)
        self.settling = Settling(bridge, self.document, self.side, self)
        self.registering = Registering(bridge, reader, self.going, self)
        self.keeping = Keeping(bridge, self.side, self)
        self.registers = Registers(bridge, self)
        self.looks = Looks(bridge, reader, self)
        self.suggesting = Suggesting(bridge, self.jobs, self)
        self.training = Training(bridge, self.jobs, self.suggesting, self)
        self.learning = Learning(bridge, self.jobs, self.suggesting, self.notices, self)
        self.remembering = Remembering(bridge, self)
        self.showing = Showing(bridge, self)
        self.queueing = Queueing(bridge, reader, self)
        self.agreement = Agreement(bridge, self.jobs, self)
        self.transfer = Transfer(bridge, self.jobs, self.suggesting, self)
        self.merging = Merging(bridge, self.jobs, self.settling, self.transfer.took_over, self)
        self.transfer.takes = self.merging.takes
        self.projects = Projects(bridge, self.jobs, self.suggesting, self)
        self.team = Team(bridge, self.jobs, self.corpus, self)
        self.actions_by_id = ActionMap(self, reader)
        self.manual = Manual(bridge, self.actions_by_id, self)
        self._collector = Collector(bridge, self)
        bridge.meter = EffortMeter(self, (self.document, self.side))

    def _lay_out(self) -> None:
        for pane in (self.corpus, self.document, self.side):
            self._splitter.addWidget(pane)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([270, 640, 370])
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._stack.addWidget(self._splitter)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.notices)
        self.setCentralWidget(centre)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        self.bridge.project_changed.connect(self._project_changed)
        self.corpus.import_wanted.connect(self.transfer.import_files)
        self.document.others_wanted.connect(self.looks.toggle_others)
        self.corpus.files_dropped.connect(self.transfer.import_paths)
        self.projects.files_dropped.connect(self.transfer.import_paths)
        self.agreement.place_wanted.connect(self.navigation.show_hit)
        self.agreement.readings_wanted.connect(self.adjudicating.focus_readings)
        self.transfer.imported.connect(self.navigation.first_document)
        self.status.conflicts_wanted.connect(self.settling.begin)
        self.curation.inspector_wanted.connect(self.navigation.inspect)
        self.curation.document_finished.connect(self.navigation.after_done)
        self.registering.thing_wanted.connect(self.keeping.show_thing)
        self.labelling.facets_wanted.connect(lambda: self.navigation.inspect("facets"))
        self.side.action_wanted.connect(self.actions_by_id.run)
        self.side.boundary_wanted.connect(self.boundaries.move)
        self.looks.language_changed.connect(self.retranslate)

    # The project ------------------------------------------------------------------------------------------

    def _project_changed(self) -> None:
        self._name_window()
        self.actions_by_id.refresh()
        if self.bridge.is_open:
            self._stack.setCurrentWidget(self._splitter)
            self.navigation.begin()
        else:
            self._stack.setCurrentWidget(self._start_page())

    def _start_page(self) -> QWidget:
        if self._start is None:
            self._start = self.projects.start_page()
            self._stack.addWidget(self._start)
        return self._start

    def _name_window(self) -> None:
        if not self.bridge.is_open:
            self.setWindowTitle("Kurator")
            return
        workspace = self.bridge.workspace
        name = workspace.reads.meta("name") or workspace.path.stem
        self.setWindowTitle(tr("window.read-only", name=name) if workspace.read_only else f"{name} – Kurator")

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.actions_by_id.retranslate()
        for pane in (self.corpus, self.document, self.side, self.status):
            pane.retranslate()
        self.projects.retranslate()
        self.agreement.retranslate()
        self.training.retranslate()
        self.learning.retranslate()
        self._name_window()

    # Window events ----------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        kept = self.bridge.settings.window
        if "geometry" in kept:
            self.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
            self._splitter.restoreState(QByteArray.fromBase64(kept["splitter"].encode()))
        else:
            self.resize(1280, 800)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the page that offers projects, unless one is open already."""
        super().showEvent(event)
        if not self.bridge.is_open:
            self._project_changed()

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
