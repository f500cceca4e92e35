"""What agreement is measured on: annotators, documents, labels, and whether intervals are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QPushButton, QWidget

from app.messages import language, tr
from app.services.people_views import shown_names
from ui.bridge import Bridge
from ui.dialogs.frame import dress_primary, plain
from ui.widgets.checks import ChecksButton

SCOPES = ("done", "worked", "controls", "others")


class AgreementRequest(NamedTuple):
    """What is wanted: ids of annotators and labels (None for all), documents, and intervals or not."""

    annotators: tuple[str, ...] | None
    scope: str
    labels: tuple[str, ...] | None
    intervals: bool

    def arguments(self, target: Path) -> list[str]:
        """Return the request as ``kurator agreement`` takes it, without the project; the report goes to ``target``."""
        found = [f"--output={target}", f"--scope={self.scope}", *([] if self.intervals else ["--samples=0"])]
        found += [f"--annotator={one}" for one in self.annotators or ()]
        return [*found, *(f"--label={one}" for one in self.labels or ())]


class AgreementChoices(QWidget):
    """One row of choices above the figures; ``people`` are ticked to begin with. ``wanted()``: calculate."""

    wanted = Signal()

    def __init__(self, bridge: Bridge, people: Sequence[str]) -> None:
        super().__init__()
        reads = bridge.workspace.reads
        self._people = tuple(people)
        self.annotators = ChecksButton(tr("agreement_window.annotators"), tr("agreement_window.all-annotators"))
        self._bridge = bridge
        self.scope = QComboBox()
        for name in SCOPES:
            self.scope.addItem(tr(f"agreement_window.scope-{name}"), name)
        labels = reads.label_set()
        self.labels = ChecksButton(tr("agreement_window.labels"), tr("agreement_window.every-label"))
        self.labels.set_entries([(one.id, labels.title(one.id, language()), one.color) for one in labels])
        self.intervals = QCheckBox(tr("agreement_window.intervals"))
        self.intervals.setChecked(True)
        self.intervals.setToolTip(tr("agreement_window.intervals-why"))
        self.go = QPushButton(tr("agreement_window.calculate"))
        self.go.setDefault(True)
        dress_primary(self.go)
        self.go.clicked.connect(self.wanted)
        self.name_people(people)
        for field in (self.annotators, self.labels):
            field.changed.connect(self._check)
        self._lay_out()
        self._check()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        fields = (("annotators", self.annotators), ("documents", self.scope), ("labels", self.labels))
        for column, (name, field) in enumerate(fields):
            title = QLabel(tr(f"agreement_window.{name}"))
            title.setBuddy(field)
            field.setAccessibleName(plain(title.text()))
            grid.addWidget(title, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.intervals, 1, len(fields))
        grid.addWidget(self.go, 1, len(fields) + 1)

    def name_people(self, chosen: Sequence[str]) -> None:
        """Offer the annotators as they are called now, these ticked."""
        entries = [(one, name or one, None) for one, name in shown_names(self._bridge.workspace).items()]
        self.annotators.set_entries(sorted(entries, key=lambda one: (one[0] not in self._people, one[1])), chosen)

    @property
    def enough(self) -> bool:
        """Whether two people have worked in the project."""
        return len(self._people) > 1

    def _check(self) -> None:
        self.go.setEnabled(len(self.annotators.chosen) > 1 and bool(self.labels.chosen))

    def request(self) -> AgreementRequest:
        """Return what was chosen."""
        chosen = self.annotators.chosen
        return AgreementRequest(
            None if set(chosen) == set(self._people) else chosen,
            str(self.scope.currentData()),
            None if self.labels.all_chosen else self.labels.chosen,
            self.intervals.isChecked(),
        )
