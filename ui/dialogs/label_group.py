"""One tab of the label set editor: the list of a group, and the fields of what is picked in it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.messages import tr
from app.services.label_views import Draft, Group
from ui.dialogs.facet_form import FacetForm
from ui.dialogs.frame import plain, quiet
from ui.dialogs.label_form import LabelForm
from ui.dialogs.label_list import LabelList, line_of
from ui.dialogs.tints import farthest


class GroupPage(QWidget):
    """Edits one group of a draft; ``edited()`` after each change."""

    edited = Signal()

    def __init__(self, draft: Draft, group: Group, used: Mapping[str, int]) -> None:
        super().__init__()
        self._draft, self._group = draft, group
        self._faults: Mapping[str, str] = {}
        self.labels = LabelList(plain(tr(f"labelset.{group}")))
        self.form: LabelForm | FacetForm = (
            FacetForm(draft) if group == "facets" else LabelForm(draft, group, used)
        )
        self._empty = quiet(tr(f"labelset.empty-{group}"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.form)
        self._stack = QStackedWidget()
        self._stack.addWidget(area)
        self._stack.addWidget(self._empty)
        split = QSplitter()
        split.addWidget(self.labels)
        split.addWidget(self._stack)
        split.setSizes([280, 640])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(split)
        self.labels.picked.connect(self._pick)
        self.labels.add_wanted.connect(self._add)
        self.labels.remove_wanted.connect(self._remove)
        self.labels.shift_wanted.connect(self._shift)
        self.form.edited.connect(self._edited)
        self.form.renamed.connect(self._fill)
        self.refresh()

    def refresh(self, current: str | None = None) -> None:
        """Show the draft again, which something else has changed."""
        self._fill(current)
        wanted = self.labels.current
        self._stack.setCurrentIndex(0 if wanted else 1)
        if wanted:
            self.form.show_record(wanted)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Mark what is wrong: id → sentence."""
        if faults != self._faults:
            self._faults = dict(faults)
            self._fill(self.labels.current)

    def _fill(self, current: str | None = None) -> None:
        lines = [line_of(record, self._faults) for record in self._draft.records(self._group)]
        self.labels.show_lines(lines, current or self.labels.current)

    def _pick(self, wanted: str) -> None:
        self.form.show_record(wanted)

    def _edited(self) -> None:
        self._fill(self.labels.current)
        self.edited.emit()

    def _add(self) -> None:
        near: tuple[Group, ...] = ("relations",) if self._group == "relations" else ("entities", "claims")
        taken = [one["color"] for group in near for one in self._draft.records(group)]
        made = self._draft.add(self._group, tr(f"labelset.new-{self._group}"), farthest(taken))
        self.refresh(made)
        field = (
            self.form.name
            if isinstance(self.form, LabelForm)
            else next(iter(self.form.titles.fields.values()))
        )
        field.setFocus()
        field.selectAll()
        self.edited.emit()

    def _remove(self, wanted: str) -> None:
        if wanted:
            self._draft.remove(self._group, wanted)
            self.refresh()
            self.edited.emit()

    def _shift(self, wanted: str, step: int) -> None:
        if wanted and self._draft.shift(self._group, wanted, step):
            self._fill(wanted)
            self.edited.emit()
