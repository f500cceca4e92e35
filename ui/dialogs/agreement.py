"""Agreement: tables, heat maps, and the disagreements behind every number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSplitter, QTabBar, QVBoxLayout, QWidget

from app.agreement_report.words import whole
from app.messages import sentence, tr
from app.services.agreement_views import Confusion, Place, confused_places, confusion, places, project_source
from models.agreement.records import AgreementReport, Figure
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import agreement_grids as grids
from ui.dialogs.agreement_choices import AgreementChoices
from ui.dialogs.agreement_narrowing import VIEWS, Narrowing
from ui.dialogs.agreement_places import FigureView, who_says_what
from ui.dialogs.frame import Dialog, quiet
from ui.item_models.grid import Cell, Grid
from ui.jobs import JobState
from ui.widgets.grid_view import GridView

JOB = "agreement"
SHOWN = 1000
"""Places that are listed; the rest can be reached by a narrower figure."""
PAUSE_MS = 150
"""How long a figure is looked at before its places are searched for."""
SLICE_MS = 8.0
"""How long a search may hold the window at a time."""


class AgreementWindow(Dialog):
    """Stays open beside the main window.

    ``place_wanted(Place)``: show this place in the text. ``calculate_wanted(AgreementRequest)``,
    ``cancel_wanted()`` and ``export_wanted(str)`` (csv, json or html) are for the controller.
    """

    place_wanted = Signal(object)
    calculate_wanted = Signal(object)
    cancel_wanted = Signal()
    export_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("agreement.title"), heading=False)
        self.setModal(False)
        self._bridge = bridge
        self._source = project_source(bridge.workspace.reads)
        self.shown: grids.Shown | None = None
        self._slice: Callable[[], bool] = lambda: True
        self.choices = AgreementChoices(bridge, [one.id for one in self._source.people])
        self.views = QTabBar()
        self.narrowing = Narrowing()
        self.grid = GridView(tr("agreement.title"))
        self.figure = FigureView()
        self.state = quiet(wrap=False)
        self._bar = QProgressBar()
        self._stop = QPushButton(tr("dialog.cancel"))
        self._pause, self._search = QTimer(self), QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._lay_out()
        self._exports = [
            self.add_action(tr(f"agreement_window.export-{kind}"), lambda kind=kind: self.export_wanted.emit(kind))
            for kind in ("csv", "json", "html")
        ]
        self.add_close()
        self.choices.go.setDefault(True)
        self._connect()
        self.resize(1160, 700)
        self.show_report(None)
        self.choices.go.setFocus()

    def _lay_out(self) -> None:
        self.views.setExpanding(False)
        self.views.setDrawBase(False)
        self.views.setAccessibleName(tr("agreement_window.views"))
        for name in VIEWS:
            self.views.addTab(tr(f"agreement_window.view-{name}"))
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 10)
        self._stop.setAutoDefault(False)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.narrowing)
        below.addStretch(1)
        for widget in (self.state, self._bar, self._stop):
            below.addWidget(widget)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.grid)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(left)
        across.addWidget(self.figure)
        across.setStretchFactor(0, 3)
        across.setStretchFactor(1, 2)
        across.setChildrenCollapsible(False)
        self.body.addWidget(self.choices)
        self.body.addWidget(self.views)
        self.body.addLayout(below)
        self.body.addWidget(across, 1)

    def _connect(self) -> None:
        self.choices.wanted.connect(lambda: self.calculate_wanted.emit(self.choices.request()))
        self._stop.clicked.connect(self.cancel_wanted)
        self.views.currentChanged.connect(self._view_changed)
        self.narrowing.changed.connect(self._show_grid)
        self.grid.chosen.connect(self._cell_chosen)
        self.grid.opened.connect(lambda _: self.figure.list.setFocus())
        self.figure.place_wanted.connect(self.place_wanted)
        self._pause.timeout.connect(self._look)
        self._search.timeout.connect(self._go_on)
        self._bridge.job_changed.connect(self._follow)
        self._bridge.changed.connect(self._changed)
        self._bridge.project_changed.connect(self.reject)

    # The report -------------------------------------------------------------------------------------------

    def show_report(self, report: AgreementReport | None) -> None:
        """Show what was calculated; None: nothing yet."""
        self.shown = None
        if report is not None:
            reads = self._bridge.workspace.reads
            self._source = project_source(reads)
            self.shown = grids.Shown.of(report, reads.label_set())
        self._working(False)
        there = report is not None
        for widget in (self.views, self.grid, self.narrowing):
            widget.setVisible(there)
        for button in self._exports:
            button.setEnabled(there)
        self.narrowing.offer(self.shown)
        self._view_changed()
        if report is None:
            self.figure.show_words(tr("agreement.title"), tr("agreement_window.nothing-yet"))

    def _summary(self) -> str:
        if self.shown is None:
            return ""
        report = self.shown.report
        count = len(report.documents)
        documents = tr("agreement_window.documents-count", count=count, number=whole(count))
        key = "agreement_window.summary-sampled" if report.samples else "agreement_window.summary"
        return tr(key, documents=documents, samples=whole(report.samples), level=round(report.level * 100))

    @property
    def view(self) -> str:
        """The name of the view on top."""
        return VIEWS[self.views.currentIndex()]

    def _view_changed(self, *_: object) -> None:
        self.narrowing.show_for(self.view)
        self._show_grid()

    def _show_grid(self, *_: object) -> None:
        self._search.stop()
        if self.shown is not None and self.view == "confusions":
            self._count_confusion(self.shown)
        else:
            self._fill(self._grid(self.shown) if self.shown is not None else Grid())

    def _fill(self, grid: Grid) -> None:
        self.grid.show_grid(grid)
        if not grid.rows and self.shown is not None:
            self.figure.show_words(tr(f"agreement_window.view-{self.view}"), tr("agreement_window.no-figures"))

    def _grid(self, shown: grids.Shown) -> Grid:
        chosen, view = self.narrowing, self.view
        layer, part = chosen.layer, chosen.part
        if view == "overview" or layer is None:
            return grids.overview(shown)
        if view == "labels":
            return grids.by_subject(shown, layer, part)
        if view == "documents":
            return grids.by_document(shown, layer, part, chosen.subject)
        if view == "pairs":
            return grids.by_pair(shown, layer, part, chosen.subject)
        if chosen.measure is None:
            return Grid()
        if view == "annotators-map":
            return grids.annotators_map(shown, layer, part, chosen.measure, chosen.subject)
        return grids.labels_map(shown, layer, part, chosen.measure)

    def _count_confusion(self, shown: grids.Shown) -> None:
        """Count who calls what how, a slice at a time."""
        chosen = self.narrowing
        self._fill(Grid())
        layer = chosen.layer
        if layer is None:
            return
        facet = chosen.subject if layer == "facet" else None
        steps = confusion(self._source, shown.report, layer, facet, chosen.pair, chosen.part)
        self.figure.show_words(tr("agreement_window.view-confusions"), tr("agreement_window.counting"))

        def finished(found: list[Confusion]) -> None:
            grid = grids.confusion_map(shown, layer, facet, found[-1]) if found else Grid()
            self._fill(grid)

        self._step_through(steps, finished, keep=1)

    # One figure -------------------------------------------------------------------------------------------

    def _cell_chosen(self, cell: Cell) -> None:
        self._search.stop()
        self._pause.stop()
        if isinstance(cell.key, Figure):
            self.figure.show_figure(cell.key, self._about(cell.key))
            self._pause.start()
        elif cell.key is not None:
            said = tr("agreement_window.confusions-about")
            self.figure.show_words(tr("agreement_window.view-confusions"), cell.told, said)
            self._pause.start()
        else:
            self.figure.show_words("", "")

    def _about(self, figure: Figure) -> str:
        """Return what a figure is about: layer, label, annotators, document."""
        assert self.shown is not None
        words = self.shown.words
        said = [tr(f"agreement.layer-{figure.layer}")]
        if figure.subject is not None:
            said.append(words.subject(figure.layer, figure.subject))
        if figure.pair is not None:
            said.append(words.pair(figure.pair))
        if figure.document is not None:
            names = {one.id: one.name for one in self.shown.report.documents}
            said.append(names[figure.document])
        if figure.part != "all":
            said.append(tr(f"agreement.part-{figure.part}"))
        return ", ".join(said)

    def _look(self) -> None:
        """Search for the places behind the cell that has the keyboard."""
        cell, shown = self.grid.current, self.shown
        if cell is None or shown is None or cell.key is None:
            return
        layer, facet, steps = self._places_behind(cell, shown)
        self.figure.wait()

        def finished(found: list[Place]) -> None:
            more = len(found) >= SHOWN
            self.figure.show_places(found, lambda place: who_says_what(shown, layer, facet, place), more=more)

        self._step_through(steps, finished, keep=SHOWN)

    def _places_behind(self, cell: Cell, shown: grids.Shown) -> tuple[grids.Layer, str | None, Iterator[Place]]:
        workspace, figure = self._bridge.workspace, cell.key
        if isinstance(figure, Figure):
            facet = figure.subject if figure.layer == "facet" else None
            return figure.layer, facet, places(workspace, self._source, shown.report, figure)
        chosen = self.narrowing
        assert chosen.layer is not None and isinstance(figure, tuple)
        facet = chosen.subject if chosen.layer == "facet" else None
        whole_ = grids.any_figure(chosen.layer, chosen.part, facet, chosen.pair)
        found = places(workspace, self._source, shown.report, whole_)
        return chosen.layer, facet, confused_places(found, facet, figure[0], figure[1], chosen.pair)

    def _step_through(self, steps: Iterator, finished: Callable[[list], None], keep: int) -> None:  # type: ignore[type-arg]
        """Take all there is, a slice at a time; ``finished`` gets the last ``keep``, or the first if that is more."""
        found: list[object] = []

        def go_on() -> bool:
            until = perf_counter() + SLICE_MS / 1000
            while perf_counter() < until:
                one = next(steps, None)
                if one is None or (keep > 1 and len(found) >= keep):
                    finished(found)
                    return True
                if keep == 1:
                    found.clear()
                found.append(one)
            return False

        self._slice = go_on
        self._search.start(0)

    def _go_on(self) -> None:
        try:
            over = self._slice()
        except KuratorError as error:
            self.trouble.say(sentence(error))
            over = True
        if over:
            self._search.stop()

    # Jobs and changes -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show that a calculation is under way."""
        self._working(True)

    def _working(self, busy: bool) -> None:
        for widget in (self._bar, self._stop):
            widget.setVisible(busy)
        self.choices.setEnabled(not busy)
        self.state.setText(tr("agreement_window.calculating") if busy else self._summary())
        if busy:
            self._bar.setRange(0, 0)
            self.trouble.say("")

    def _follow(self, state: JobState) -> None:
        if state.kind == JOB and state.ended:
            self._working(False)
        elif state.kind == JOB:
            self._bar.setRange(0, state.total)
            self._bar.setValue(state.done)

    def _changed(self, *_: object) -> None:
        if self.shown is not None and self._bar.isHidden():
            self.state.setText(tr("agreement_window.stale"))

    def done(self, result: int) -> None:
        """Stop searching and listening."""
        self._search.stop()
        self._pause.stop()
        self.cancel_wanted.emit()
        for signal, slot in (
            (self._bridge.job_changed, self._follow),
            (self._bridge.changed, self._changed),
            (self._bridge.project_changed, self.reject),
        ):
            signal.disconnect(slot)
        super().done(result)
