"""The part of the export dialog that says what of a project is written, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from app.formats.contract import Format
from app.messages import tr
from models.suggestions import Kind
from ui.bridge import Bridge
from ui.dialogs.frame import form, line, plain, quiet
from ui.widgets.checks import ChecksButton

KINDS: tuple[Kind, ...] = ("entity", "claim", "relation")
_WHOSE = ("everybody", "adjudicated", "some")


class ExportContent(QWidget):
    """Documents, annotators, labels, suggestions, the split and a format's own settings.

    Only what the chosen format can follow is shown. ``changed()`` after each choice.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._format: Format | None = None
        self.choices: dict[str, QComboBox] = {}
        self._rows: QFormLayout = form()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._rows)
        self._make_documents()
        self._make_whose()
        self._make_labels()
        self._make_suggestions()
        self._make_split()
        self._first_choice = self._rows.rowCount()

    # Fields -----------------------------------------------------------------------------------------------

    def _make_documents(self) -> None:
        self.whole = QRadioButton(tr("dialog.whole-corpus"))
        self.only = QRadioButton(tr("dialog.only-document"))
        self.whole.setChecked(True)
        document = self._bridge.document
        self.only.setEnabled(document is not None)
        if document is not None:
            record = self._bridge.workspace.reads.document(document)
            self.only.setToolTip(record.name)
            self.only.setAccessibleDescription(record.name)
        self._rows.addRow(tr("transfer_window.documents"), _beside(self.whole, self.only))

    def _make_whose(self) -> None:
        people = self._bridge.workspace.reads.annotators()
        self.whose = QComboBox()
        self.whose.setAccessibleName(plain(tr("transfer_window.whose")))
        adjudicated = any(one.kind == "adjudication" for one in people)
        for name in _WHOSE:
            if name != "adjudicated" or adjudicated:
                self.whose.addItem(tr(f"transfer_window.whose-{name}"), name)
        self.annotators = ChecksButton(plain(tr("transfer_window.whose")), tr("transfer_window.whose-everybody"))
        self.annotators.set_entries([(one.id, one.name or one.id, None) for one in people])
        self.annotators.setVisible(False)
        self._whose_row = _beside(self.whose, self.annotators, stretch=True)
        self._rows.addRow(tr("transfer_window.whose"), self._whose_row)
        self.whose.currentIndexChanged.connect(lambda: self.annotators.setVisible(self.whose.currentData() == "some"))
        for signal in (self.whose.currentIndexChanged, self.annotators.changed):
            signal.connect(lambda *_: self.changed.emit())

    def _make_labels(self) -> None:
        self.kinds = {kind: QCheckBox(tr(f"transfer_window.kind-{kind}")) for kind in KINDS}
        labels = self._bridge.workspace.reads.label_set()
        self.labels = ChecksButton(plain(tr("transfer_window.labels")), tr("transfer_window.all-labels"))
        self.labels.set_entries([(one.id, self._bridge.title(one.id), one.color) for one in labels])
        self.labels.changed.connect(self.changed)
        for box in self.kinds.values():
            box.setChecked(True)
            box.toggled.connect(lambda *_: self.changed.emit())
        self._kinds_row = _beside(*self.kinds.values())
        self._rows.addRow(tr("transfer_window.kinds"), self._kinds_row)
        self._rows.addRow(tr("transfer_window.labels"), self.labels)

    def _make_suggestions(self) -> None:
        self.suggestions = QCheckBox(tr("dialog.with-suggestions"))
        self.rejected = QCheckBox(tr("transfer_window.rejected"))
        self._rows.addRow(tr("transfer_window.suggestions"), self.suggestions)
        self._rows.addRow("", self.rejected)

    def _make_split(self) -> None:
        self.split = QCheckBox(tr("transfer_window.split"))
        self.dev, self.test = _percent("dev"), _percent("test")
        self._train = quiet(wrap=False)
        self._shares = QWidget()
        row = QHBoxLayout(self._shares)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part, field in (("dev", self.dev), ("test", self.test)):
            title = QLabel(tr(f"transfer_window.share-{part}"))
            row.addWidget(title)
            row.addWidget(field)
            field.valueChanged.connect(self._say_train)
        row.addWidget(self._train)
        row.addStretch(1)
        self.licence = line(plain(tr("transfer_window.licence")), "", tr("transfer_window.licence-example"))
        self._rows.addRow("", self.split)
        self._rows.addRow("", self._shares)
        self._rows.addRow(tr("transfer_window.licence"), self.licence)
        self.split.toggled.connect(self._fit_rows)
        self._say_train()

    def _say_train(self) -> None:
        self._train.setText(tr("transfer_window.share-train", share=self.shares[0]))

    def title_width(self, least: int) -> int:
        """Make the column of titles as wide as its widest, ``least`` at least, and return that in pixels."""
        titles = [self._rows.itemAt(row, QFormLayout.ItemRole.LabelRole) for row in range(self._rows.rowCount())]
        labels = [one.widget() for one in titles if one is not None]
        labels[0].setMinimumWidth(0)
        wide = max(least, *(one.sizeHint().width() for one in labels))
        labels[0].setMinimumWidth(wide)
        labels[0].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return wide

    # The format -------------------------------------------------------------------------------------------

    def show_format(self, chosen: Format) -> None:
        """Offer what this format can follow."""
        self._format = chosen
        self.suggestions.setChecked(chosen.exporter is not None)
        while self._rows.rowCount() > self._first_choice:
            self._rows.removeRow(self._first_choice)
        self.choices = {}
        for name, values in chosen.choices.items() if chosen.writes else ():
            box = QComboBox()
            box.setAccessibleName(tr(f"transfer_window.choice-{name}"))
            for value in values:
                box.addItem(choice_words(name, value), value)
            self._rows.addRow(f"{tr(f'transfer_window.choice-{name}')}:", box)
            self.choices[name] = box
        self._fit_rows()

    def _fit_rows(self, *_: object) -> None:
        chosen = self._format
        if chosen is None:
            return
        foreign = chosen.exporter is None
        judged = not foreign or chosen.holds.decisions != "lost"
        split = foreign and self.split.isChecked()
        for row, wanted in (
            (self._whose_row, foreign),
            (self._kinds_row, foreign),
            (self.labels, foreign),
            (self.suggestions, judged),
            (self.rejected, foreign and judged),
            (self.split, foreign),
            (self._shares, split),
            (self.licence, foreign and (chosen.card or split)),
        ):
            self._rows.setRowVisible(row, wanted)
        self.changed.emit()

    # The answer -------------------------------------------------------------------------------------------

    @property
    def foreign(self) -> bool:
        """Whether another tool's format is chosen."""
        return self._format is not None and self._format.exporter is None

    @property
    def shares(self) -> tuple[int, int, int]:
        """Train, dev and test in per cent."""
        dev, test = self.dev.value(), self.test.value()
        return max(0, 100 - dev - test), dev, test

    @property
    def wrong(self) -> str:
        """What has to be changed before anything can be written; "" where nothing has."""
        if not self.foreign:
            return ""
        if not any(box.isChecked() for box in self.kinds.values()) or not self.labels.chosen:
            return tr("transfer_window.nothing-chosen")
        if self.whose.currentData() == "some" and not self.annotators.chosen:
            return tr("transfer_window.nobody-chosen")
        return ""

    def answer(self) -> Mapping[str, Any]:
        """Return what was chosen, by the names of the fields of :class:`ui.dialogs.export.ExportRequest`."""
        names: list[str] = []
        if self.only.isChecked() and self._bridge.document is not None:
            names = [self._bridge.workspace.reads.document(self._bridge.document).name]
        answer: dict[str, Any] = {"documents": names, "suggestions": self.suggestions.isChecked()}
        if not self.foreign:
            return answer
        whose, ticked = self.whose.currentData(), [kind for kind in KINDS if self.kinds[kind].isChecked()]
        judged = self._format is not None and self._format.holds.decisions != "lost"
        return answer | {
            "suggestions": judged and self.suggestions.isChecked(),
            "rejected": judged and self.rejected.isChecked(),
            "adjudicated": whose == "adjudicated",
            "annotators": self.annotators.chosen if whose == "some" else None,
            "kinds": None if len(ticked) == len(KINDS) else tuple(ticked),
            "labels": None if self.labels.all_chosen else self.labels.chosen,
            "shares": self.shares if self.split.isChecked() else None,
            "licence": self.licence.text().strip(),
            "choices": {name: box.currentData() for name, box in self.choices.items()},
        }


def choice_words(name: str, value: str) -> str:
    """Return what a value of a format's own setting means."""
    return tr(f"transfer_window.{name}-{value}")


def _beside(*widgets: QWidget, stretch: bool = False) -> QWidget:
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    for widget in widgets:
        row.addWidget(widget, 1 if stretch else 0)
    if not stretch:
        row.addStretch(1)
    return place


def _percent(part: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, 45)
    box.setValue(10)
    box.setSuffix("\u00a0%")
    box.setAccessibleName(plain(tr(f"transfer_window.share-{part}")))
    return box
