"""Whose labels count: annotators, readings, days, labels. Above what is trained, and above what is measured."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit

from app.messages import language, tr
from app.services.people_views import shown_names
from app.services.training import LabelChoice
from ui.bridge import Bridge
from ui.dialogs.frame import line, plain
from ui.widgets.checks import ChecksButton

READINGS = ("best", "adjudicated", "done")


class WantedLabels(NamedTuple):
    """Whose labels count; None takes all. ``reading`` is one of :data:`READINGS`, days are ``2026-03-01`` or empty."""

    annotators: tuple[str, ...] | None
    labels: tuple[str, ...] | None
    reading: str
    since: str
    until: str

    def choice(self) -> LabelChoice:
        """Return it as services take it."""
        return LabelChoice(
            annotators=self.annotators,
            adjudicated=self.reading == "adjudicated",
            since=self.since or None,
            until=self.until or None,
            labels=None if self.labels is None else frozenset(self.labels),
            done=self.reading == "done",
        )

    def arguments(self) -> list[str]:
        """Return it as ``kurator train`` and ``kurator evaluate`` take it."""
        found = [f"--annotator={one}" for one in self.annotators or ()]
        found += [f"--label={one}" for one in self.labels or ()]
        found += [f"--{self.reading}"] if self.reading != "best" else []
        found += [f"--since={self.since}"] if self.since else []
        return [*found, *([f"--until={self.until}"] if self.until else [])]


class LabelFields(QObject):
    """The fields themselves, ready for a form. ``changed()`` when something else was chosen."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        reads = bridge.workspace.reads
        names = shown_names(bridge.workspace)
        adjudications = [one.id for one in reads.annotators() if one.kind == "adjudication"]
        self.annotators = ChecksButton(tr("training_window.annotators"), tr("training_window.all-annotators"))
        entries = [(one, name or one, None) for one, name in names.items() if one not in adjudications]
        self.annotators.set_entries(sorted(entries, key=lambda one: one[1].casefold()))
        labels = reads.label_set()
        self.labels = ChecksButton(tr("training_window.labels"), tr("training_window.all-labels"))
        self.labels.set_entries([(one.id, labels.title(one.id, language()), one.color) for one in labels])
        self.reading = QComboBox()
        for name in READINGS:
            self.reading.addItem(tr(f"training_window.reading-{name}"), name)
        self.since = self._day("since")
        self.until = self._day("until")
        self.annotators.changed.connect(self.changed)
        self.labels.changed.connect(self.changed)
        self.reading.currentIndexChanged.connect(lambda _: self.changed.emit())
        for field in (self.since, self.until):
            field.textChanged.connect(lambda _: self.changed.emit())

    @staticmethod
    def _day(name: str) -> QLineEdit:
        field = line(tr(f"training_window.{name}"), "", "2026-03-01")
        field.setMaxLength(10)
        return field

    def add_to(self, rows: QFormLayout) -> None:
        """Put the fields into a form, each with its title."""
        for name, field in (("labels", self.labels), ("annotators", self.annotators), ("reading", self.reading)):
            title = tr(f"training_window.{name}-title")
            field.setAccessibleName(plain(title))
            rows.addRow(title, field)
        days = QHBoxLayout()
        days.setSpacing(8)
        until = QLabel(tr("training_window.until"))
        until.setBuddy(self.until)
        for widget in (self.since, until, self.until):
            days.addWidget(widget)
        rows.addRow(tr("training_window.since-title"), days)
        rows.labelForField(days).setBuddy(self.since)

    def wanted(self) -> WantedLabels:
        """Return what was chosen."""
        return WantedLabels(
            None if self.annotators.all_chosen else self.annotators.chosen,
            None if self.labels.all_chosen else self.labels.chosen,
            str(self.reading.currentData()),
            self.since.text().strip(),
            self.until.text().strip(),
        )
