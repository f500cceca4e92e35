"""Agreement: tables, heat maps, and the disagreements behind every number."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSplitter, QTabBar, QVBoxLayout, QWidget

from app.agreement_report.words import whole
from app.messages import tr
from app.services.agreement_views import (
    Confusion,
    Place,
    Source,
    as_shown,
    confused_places,
    confusion,
    people_to_compare,
    places,
)
from models.agreement.records import AgreementReport, Figure
from models.history import Touched
from ui.bridge import Bridge
from ui.dialogs import agreement_grids as grids
from ui.dialogs.agreement_choices import AgreementChoices
from ui.dialogs.agreement_narrowing import VIEWS, Narrowing
from ui.dialogs.agreement_places import FigureView, what_of, who_says_what
from ui.dialogs.agreement_search import Look, Searcher
from ui.dialogs.frame import Dialog, dress_primary, quiet
from ui.item_models.grid import Cell, Grid
from ui.jobs import JobState
from ui.widgets.grid_view import GridView

JOB = "agreement"
SHOWN = 1000
"""Places that are listed; the rest can be reached by a narrower figure."""
PAUSE_MS = 150
"""How long a figure is looked at before its places are searched for."""
ALL = sys.maxsize


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
        self.setWindowFlags(Qt.WindowType.Window)  # no dialog: the text may be in front of it
        self._bridge = bridge
        self.report: AgreementReport | None = None
        """What was calculated, its people by their names; ``shown`` calls them as the project does now."""
        self.shown: grids.Shown | None = None
        self.searcher = Searcher(bridge, self)
        self.choices = AgreementChoices(bridge, people_to_compare(bridge.workspace))
        self.views = QTabBar()
        self.narrowing = Narrowing()
        self.grid = GridView(tr("agreement.title"))
        self.figure = FigureView()
        self.state = quiet(wrap=False)
        self._bar = QProgressBar()
        self._stop = QPushButton(tr("dialog.cancel"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self.start = QPushButton(tr("agreement_window.calculate"))
        self._lay_out()
        self._exports = [
            self.add_action(tr(f"agreement_window.export-{kind}"), lambda kind=kind: self.export_wanted.emit(kind))
            for kind in ("csv", "json", "html")
        ]
        self.add_close()
        self.choices.go.setDefault(True)
        for keys, by in (("Ctrl+Tab", 1), ("Ctrl+PgDown", 1), ("Ctrl+Shift+Tab", -1), ("Ctrl+PgUp", -1)):
            QShortcut(QKeySequence(keys), self, partial(self._turn, by))
        self._connect()
        self.resize(1240, 700)
        self.show_report(None)

    def _lay_out(self) -> None:
        self.views.setExpanding(False)
        self.views.setDrawBase(False)
        self.views.setAccessibleName(tr("agreement_window.views"))
        for name in VIEWS:
            self.views.addTab(tr(f"agreement_window.view-{name}"))
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 10)
        self._stop.setAutoDefault(False)
        font = self.start.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.start.setFont(font)
        self.start.setMinimumSize(240, 56)
        self.start.setAutoDefault(False)
        dress_primary(self.start)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.narrowing)
        below.addStretch(1)
        for widget in (self.state, self._bar, self._stop):
            below.addWidget(widget)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.grid)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self._left)
        across.addWidget(self.figure)
        across.setStretchFactor(0, 7)
        across.setStretchFactor(1, 3)
        across.setChildrenCollapsible(False)
        self._across = across
        self.body.addWidget(self.choices)
        self.body.addWidget(self.views)
        self.body.addLayout(below)
        self.body.addWidget(across, 1)
        self.body.addWidget(self.start, 3, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.choices.wanted.connect(lambda: self.calculate_wanted.emit(self.choices.request()))
        self.start.clicked.connect(self.choices.go.click)
        self._stop.clicked.connect(self.cancel_wanted)
        self.views.currentChanged.connect(self._view_changed)
        self.narrowing.changed.connect(self._show_grid)
        self.grid.chosen.connect(self._cell_chosen)
        self.grid.opened.connect(lambda _: self.figure.list.setFocus())
        self.figure.place_wanted.connect(self.place_wanted)
        self._pause.timeout.connect(self._look)
        self.searcher.failed.connect(self.trouble.say)
        self._bridge.job_changed.connect(self._follow)
        self._bridge.changed.connect(self._changed)
        self._bridge.notice.connect(self._hear)
        self._bridge.project_changed.connect(self.reject)

    # The report -------------------------------------------------------------------------------------------

    def show_report(self, report: AgreementReport | None) -> None:
        """Show what was calculated; None: nothing yet."""
        self.report, self.shown = report, None
        if report is not None:
            workspace = self._bridge.workspace
            self.shown = grids.Shown.of(as_shown(workspace, report), workspace.reads.label_set())
        self._working(False)
        there = report is not None
        for widget in (self.views, self._left, self.narrowing):
            widget.setVisible(there)
        for button in self._exports:
            button.setEnabled(there)
        self.start.setVisible(not there and self.choices.enough)
        self.narrowing.offer(self.shown)
        self._view_changed()
        if report is None:
            said = "nothing-yet" if self.choices.enough else "too-few"
            self.figure.show_words(tr("agreement.title"), tr(f"agreement_window.{said}"))
            (self.start if self.choices.enough else self.choices).setFocus()
        else:
            self._across.setSizes([860, 330])  # all measures of an overview, on a screen of 1280 pixels
            self.grid.setFocus()

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

    def _turn(self, by: int) -> None:
        """Bring the next or the previous view to the top."""
        if self.shown is not None:
            self.views.setCurrentIndex((self.views.currentIndex() + by) % self.views.count())

    def _view_changed(self, *_: object) -> None:
        self.narrowing.show_for(self.view)
        self._show_grid()

    def _show_grid(self, *_: object) -> None:
        self._pause.stop()
        self.searcher.stop()
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
        pair, part, report = chosen.pair, chosen.part, shown.report
        self.figure.show_words(tr("agreement_window.view-confusions"), tr("agreement_window.counting"))

        def show(found: Sequence[Confusion], done: bool) -> None:
            if done:
                self._fill(grids.confusion_map(shown, layer, facet, found[-1]) if found else Grid())

        self.searcher.start(lambda reads, source: confusion(source, report, layer, facet, pair, part), ALL, show)

    # One figure -------------------------------------------------------------------------------------------

    def _cell_chosen(self, cell: Cell) -> None:
        self._pause.stop()
        self.searcher.stop()
        if isinstance(cell.key, Figure):
            assert self.shown is not None
            self.figure.show_figure(cell.key, what_of(self.shown, cell.key))
            self._pause.start()
        else:
            said = tr("agreement_window.confusions-about") if cell.text else ""
            self.figure.show_words(tr(f"agreement_window.view-{self.view}"), cell.told(), said)
            if cell.key is not None:
                self._pause.start()

    def _look(self) -> None:
        """Search for the places behind the cell that has the keyboard."""
        cell, shown = self.grid.current, self.shown
        if cell is None or shown is None or cell.key is None:
            return
        layer, facet, look = self._places_behind(cell, shown)
        self.figure.begin(lambda place: who_says_what(shown, layer, facet, place))
        self.searcher.start(look, SHOWN, self._show_places)

    def _places_behind(self, cell: Cell, shown: grids.Shown) -> tuple[grids.Layer, str | None, Look]:
        key, report, chosen = cell.key, shown.report, self.narrowing
        if isinstance(key, Figure):
            facet = key.subject if key.layer == "facet" else None
            return key.layer, facet, lambda reads, source: places(reads, source, report, key)
        layer, pair = chosen.layer, chosen.pair
        assert layer is not None and isinstance(key, tuple)
        facet = chosen.subject if layer == "facet" else None
        figure = grids.any_figure(layer, chosen.part, facet, pair)

        def look(reads: Any, source: Source) -> Iterator[Place]:
            return confused_places(places(reads, source, report, figure), facet, key[0], key[1], pair)

        return layer, facet, look

    def _show_places(self, found: Sequence[Place], done: bool) -> None:
        new = found[len(self.figure.model.rows) :]
        if new or done:
            self.figure.add(new, done=done, more=len(found) >= SHOWN)

    # Jobs and changes -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show that a calculation is under way."""
        self._working(True)

    def _working(self, busy: bool) -> None:
        for widget in (self._bar, self._stop):
            widget.setVisible(busy)
        self.choices.setEnabled(not busy)
        self.start.setEnabled(not busy)
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

    def _hear(self, words: str, level: str) -> None:
        """Say here what went wrong with a calculation: the main window's line may be out of sight."""
        if level == "error" and not self._bar.isHidden():
            self.trouble.say(words)

    def _changed(self, touched: Touched, _initiator: object) -> None:
        if touched.subjects == {"annotators"}:
            self.choices.name_people(self.choices.annotators.chosen)
            self.show_report(self.report)
        elif self.shown is not None and self._bar.isHidden():
            self.state.setText(tr("agreement_window.stale"))

    def done(self, result: int) -> None:
        """Stop searching and listening."""
        self._pause.stop()
        self.searcher.wait()
        self.cancel_wanted.emit()
        for signal, slot in (
            (self._bridge.job_changed, self._follow),
            (self._bridge.changed, self._changed),
            (self._bridge.notice, self._hear),
            (self._bridge.project_changed, self.reject),
        ):
            signal.disconnect(slot)
        super().done(result)
