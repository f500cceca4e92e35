"""Conflicts that merging left: the list by document, and the one in focus with all its readings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.messages import tr
from app.services.conflict_views import ConflictLine, ConflictView, conflict_lines, conflict_view
from models.history import Touched
from ui.bridge import Bridge
from ui.delegates.conflicts import ConflictDelegate
from ui.item_models.conflicts import ConflictModel
from ui.panes.conflict_readings import ConflictCard
from ui.panes.inspector_fields import ChoiceBox, Option
from ui.panes.queue import QueuePane

SHOWN = ("open", "settled", "all")


class ConflictsPane(QueuePane):
    """The conflicts that wait, or those that were settled. Keys are actions of their own.

    ``conflict_changed(ConflictView | None)``: another conflict has the focus, or it shows differently.
    ``choice_wanted(object)``: a way to settle was clicked.
    """

    TITLE_KEY = "window.pane-conflicts"
    conflict_changed = Signal(object)
    choice_wanted = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.view: ConflictView | None = None
        self._waiting: frozenset[str] | None = None
        self.model = ConflictModel(self)
        self.list.setModel(self.model)
        self.filter = ChoiceBox()
        self.card = ConflictCard()
        top = QVBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.filter)
        top.addWidget(self.count)
        self.lay_out(top, ConflictDelegate(self.list, self.model), self.card, (2, 5))
        bridge.project_changed.connect(self._forget_all)
        bridge.changed.connect(self._follow)
        self.filter.chosen.connect(lambda _: self.forget())
        self.card.choice_wanted.connect(self.choice_wanted)
        self.retranslate()

    # Following --------------------------------------------------------------------------------------------

    def _forget_all(self) -> None:
        self._waiting = None
        self.forget()

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if touched.everything or touched.subjects & {"conflicts", "annotations", "documents", "notes", "annotators"}:
            self.forget()

    def read_again(self) -> None:
        """Show what passes the filter; the focus stays at its conflict, or goes to what came in its place.

        A conflict that waits again, because settling it was undone, gets the focus: that is what the text shows.
        """
        every = conflict_lines(self._bridge.workspace, settled_too=True) if self._bridge.is_open else []
        waiting = frozenset(one.id for one in every if one.open)
        back = waiting - self._waiting if self._waiting is not None else frozenset()
        self._waiting = waiting
        lines = [one for one in every if self._passes(one)]
        row = self.list.currentIndex().row()
        kept = self.view.line.id if self.view is not None else None
        wanted = [number for number, one in enumerate(lines) if one.id in back] or [
            number for number, one in enumerate(lines) if one.id == kept
        ]
        self.model.show_lines(lines)
        self._count(len(waiting), len(every) - len(waiting))
        if lines:
            self.list.go_to(wanted[0] if wanted else min(max(row, 0), len(lines) - 1))
        self.show_focused()

    def _passes(self, line: ConflictLine) -> bool:
        shown = self.filter.value
        return shown == "all" or line.open == (shown == "open")

    def _count(self, waiting: int, settled: int) -> None:
        said = [tr("merging.open-conflicts", count=waiting) if waiting else tr("merging.none-open")]
        if settled:
            said.append(tr("merging.settled-conflicts", count=settled))
        self.count.say(" · ".join(said) if waiting or settled else tr("merging.no-conflicts"))
        self.filter.setVisible(settled > 0)
        for part in (self.parts, self.keys):
            part.setVisible(bool(self.model.lines))

    def show_focused(self) -> None:
        """Show the conflict in focus as it stands now."""
        bridge, row, lines = self._bridge, self.list.currentIndex().row(), self.model.lines
        self.view = conflict_view(bridge.workspace, lines[row].id) if bridge.is_open and 0 <= row < len(lines) else None
        changeable = bridge.is_open and not bridge.workspace.read_only
        self.card.show_conflict(self.view, self.palette_of_labels(), changeable)
        self.conflict_changed.emit(self.view)

    # Going ------------------------------------------------------------------------------------------------

    def show_only(self, shown: str) -> None:
        """Show the conflicts that wait, were settled, or all."""
        self.filter.show_value(shown)
        self.forget()

    def step(self, by: int) -> None:
        """Go to the next conflict or the one before; round at the ends."""
        count = len(self.model.lines)
        if count:
            self.list.go_to((self.list.currentIndex().row() + by) % count)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.list.setAccessibleName(tr("window.pane-conflicts"))
        self.filter.setAccessibleName(tr("merging.filter"))
        shown = self.filter.value or "open"
        self.filter.set_options(Option(one, tr(f"merging.show-{one}")) for one in SHOWN)
        self.filter.show_value(shown)
        self.keys.say(tr("merging.keys"))
        self.card.retranslate()
        super().retranslate()
