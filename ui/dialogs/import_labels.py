"""What a file's labels are called here: one line for each, to be left out, added, or one of the project's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from app.messages import language, tr
from app.services.foreign_labels import likely
from app.services.foreign_views import FoundLabel
from models.labels import LabelSet
from ui.dialogs.frame import dress_rows
from ui.panes.inspector_parts import grouped
from ui.widgets.choice_popup import swatch

_NEW = object()
"""The choice that adds a label."""


class LabelsTable(QTableWidget):
    """Label, how often, and what it is here. ``changed()`` after each choice."""

    changed = Signal()

    def __init__(self, labels: LabelSet) -> None:
        super().__init__(0, 3)
        self._labels = labels
        self._found: tuple[FoundLabel, ...] = ()
        self._decided: set[int] = set()
        self.boxes: list[QComboBox] = []
        self.setHorizontalHeaderLabels(
            [tr("transfer_window.label-in-file"), tr("transfer_window.label-count"), tr("transfer_window.label-here")]
        )
        self.setAccessibleName(tr("transfer_window.labels-found"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        row = self.fontMetrics().height() + 18
        self.verticalHeader().setDefaultSectionSize(row)
        self.setMinimumHeight(across.sizeHint().height() + 5 * row // 2)
        dress_rows(self)

    def show_labels(self, found: Sequence[FoundLabel]) -> None:
        """Show the labels of a file: those first that are nothing here, then those of which it was guessed."""
        guessed = likely([(one.label, one.relation) for one in found if one.target is None], self._labels)

        def turn(one: FoundLabel) -> int:
            return 2 if one.target is not None else int((one.label, one.relation) in guessed)

        self._found = tuple(sorted(found, key=turn))
        self._decided = set()
        self.boxes = []
        self.setRowCount(len(self._found))
        for row, one in enumerate(self._found):
            box = self._choices(one, one.target or guessed.get((one.label, one.relation)))
            box.activated.connect(lambda _, row=row: self._decided.add(row))
            title = tr("transfer_window.a-relation", label=one.label) if one.relation else one.label
            name, count = QTableWidgetItem(title), QTableWidgetItem(grouped(one.times))
            count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, 0, name)
            self.setItem(row, 1, count)
            self.setCellWidget(row, 2, box)
            self.boxes.append(box)
        self.changed.emit()

    def _choices(self, one: FoundLabel, target: str | None) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{tr('transfer_window.label-in-file')}: {one.label}")
        box.addItem(tr("transfer_window.label-left-out"), None)
        if one.target is None and one.label not in self._labels.kinds:
            box.addItem(tr("transfer_window.label-new"), _NEW)
        known = self._labels.relations if one.relation else (*self._labels.entities, *self._labels.claims)
        for label in known:
            if not label.retired or label.id == target:
                box.addItem(swatch(label.color), self._labels.title(label.id, language()), label.id)
        at = next((row for row in range(box.count()) if box.itemData(row) == target), 0)
        box.setCurrentIndex(at)
        box.currentIndexChanged.connect(self.changed)
        return box

    @property
    def undecided(self) -> list[FoundLabel]:
        """The labels that would be left out though nobody chose that."""
        return [
            one
            for row, (one, box) in enumerate(zip(self._found, self.boxes, strict=True))
            if box.currentData() is None and row not in self._decided
        ]

    def add_all(self) -> None:
        """Add every label that would be left out and that nobody chose to leave out."""
        for one, box in zip(self._found, self.boxes, strict=True):
            if one in self.undecided and (at := box.findData(_NEW)) >= 0:
                box.setCurrentIndex(at)

    @property
    def left_out(self) -> tuple[int, int]:
        """How many labels, and how many annotations, would be left out."""
        gone = [one.times for one, box in zip(self._found, self.boxes, strict=True) if box.currentData() is None]
        return len(gone), sum(gone)

    @property
    def adds(self) -> bool:
        """Whether a label would be added to the label set."""
        return any(box.currentData() is _NEW for box in self.boxes)

    def mapping(self) -> dict[str, str | None]:
        """Return what is not as the program would decide by itself: the file's label → a label id, None for out."""
        return {
            one.label: box.currentData()
            for one, box in zip(self._found, self.boxes, strict=True)
            if box.currentData() is not _NEW and (one.target is None or box.currentData() != one.target)
        }
