"""Importing another tool's annotations: the file is read first, and what would come of it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QListWidget, QPushButton, QWidget

from app.formats.contract import Format
from app.messages import tr
from app.services.foreign_views import FoundLabel, Survey
from ui.bridge import Bridge
from ui.dialogs.asking import confirm
from ui.dialogs.export_content import choice_words
from ui.dialogs.frame import Dialog, dress_rows, form, heading, plain, quiet
from ui.dialogs.import_labels import LabelsTable
from ui.jobs import JobBoard, JobState
from ui.panes.inspector_parts import grouped

SURVEY = "survey"
"""The job that reads a file without importing it."""
_UNCLEAR = "peers.offsets-unclear"
"""Why a file is refused that does not say how it counts: the user is asked."""
_NAMED = 4
"""How many annotators or labels of a file are named; more are counted."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How files are imported; see :class:`app.services.foreign.ForeignWishes`."""

    format: str
    paths: tuple[Path, ...]
    annotator: str = ""
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    add_labels: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    def arguments(self) -> list[str]:
        """Return the request as ``kurator import`` takes it, without the project."""
        found = [f"--as={self.format}", *(f"--set={name}={value}" for name, value in self.choices.items())]
        found += [f"--annotator={self.annotator}"] if self.annotator else []
        found += [f"--mapping={json.dumps(self.mapping, ensure_ascii=False)}"] if self.mapping else []
        found += ["--add-labels"] if self.add_labels else []
        return [*found, *(str(path) for path in self.paths)]


class ImportAnnotationsDialog(Dialog):
    """Gives back an :class:`ImportRequest`; the reading and the importing are jobs."""

    def __init__(
        self,
        bridge: Bridge,
        jobs: JobBoard,
        paths: Sequence[Path],
        recognised: Format | None,
        parent: QWidget | None = None,
    ) -> None:
        from app.formats.registry import FORMATS

        names = ", ".join(path.name for path in paths[:3]) + (" …" if len(paths) > 3 else "")
        super().__init__(parent, tr("transfer_window.import"), tr("transfer_window.import-intro", names=names))
        self._bridge, self._jobs, self._paths = bridge, jobs, tuple(paths)
        self._formats = tuple(one for one in FORMATS if one.read is not None)
        self._again = False
        self.survey: Survey | None = None
        self.choices: dict[str, QComboBox] = {}
        self.format = QComboBox()
        self.format.setAccessibleName(plain(tr("dialog.format")))
        for one in self._formats:
            self.format.addItem(tr(one.title), one.id)
        if recognised is not None:
            self.format.setCurrentIndex(max(0, self.format.findData(recognised.id)))
        self._make_fields()
        self._lay_out()
        self.go_on = self.add_accept(tr("transfer_window.do-import"))
        self._copy = self.add_action(tr("dialog.copy-list"), self.copy)
        self.add_cancel()
        self.format.currentIndexChanged.connect(self._format_changed)
        self.labels.changed.connect(self._check)
        bridge.job_changed.connect(self._follow)
        bridge.notice.connect(self._hear)
        self._format_changed()
        self.resize(760, 680)
        self.format.setFocus()

    def _make_fields(self) -> None:
        self.annotator = QComboBox()
        self.annotator.setEditable(True)
        self.annotator.setAccessibleName(plain(tr("transfer_window.unsigned")))
        reads = self._bridge.workspace.reads
        people = {one.id: one.name for one in reads.annotators() if one.name and one.kind == "human"}
        self._me = people.get(reads.me or "", "")
        self.annotator.addItems(sorted(people.values()))
        self.annotator.setCurrentText(self._me)
        field = self.annotator.lineEdit()
        assert field is not None
        field.setPlaceholderText(tr("transfer_window.yourself"))
        self.found = quiet()
        self.labels = LabelsTable(reads.label_set())
        self.add_all = QPushButton(tr("transfer_window.add-all"))
        self.add_all.setToolTip(tr("transfer_window.add-all-tip"))
        self.add_all.setAutoDefault(False)
        self.add_all.clicked.connect(self.labels.add_all)
        self._labels_title = heading("", 1.0)
        self._refusals_title = heading("", 1.0)
        self.refusals = QListWidget()
        self.refusals.setAccessibleName(tr("transfer_window.refusals"))
        self.refusals.setWordWrap(True)
        self.refusals.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.refusals.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.refusals.setMinimumHeight(36)
        dress_rows(self.refusals)

    def _lay_out(self) -> None:
        self._rows: QFormLayout = form()
        self._rows.addRow(tr("dialog.format"), self.format)
        self._choices_at = self._rows.rowCount()
        self._rows.addRow(tr("transfer_window.found"), self.found)
        self._rows.addRow(tr("transfer_window.unsigned"), self.annotator)
        self.body.addLayout(self._rows)
        above = QHBoxLayout()
        above.addWidget(self._labels_title, 1)
        above.addWidget(self.add_all)
        self.body.addLayout(above)
        self.body.addWidget(self.labels, 1)
        self.body.addWidget(self._refusals_title)
        self.body.addWidget(self.refusals)

    # The format -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Format:
        """The format that is chosen."""
        return self._formats[self.format.currentIndex()]

    def _format_changed(self, *_: object) -> None:
        for box in self.choices.values():
            self._rows.removeRow(box)
        self.choices = {}
        for name, values in self.chosen.choices.items():
            box = QComboBox()
            box.setAccessibleName(tr(f"transfer_window.choice-{name}"))
            for value in values:
                box.addItem(choice_words(name, value), value)
            box.currentIndexChanged.connect(self._read)
            self._rows.insertRow(self._choices_at + len(self.choices), f"{tr(f'transfer_window.choice-{name}')}:", box)
            self.choices[name] = box
        self._read()

    # Reading ----------------------------------------------------------------------------------------------

    def _read(self, *_: object) -> None:
        """Read the files anew, as they are now to be understood."""
        self._show(None)
        if self._jobs.running(SURVEY):
            self._again = True
            self._jobs.cancel(SURVEY)
            return
        self._again = False
        self.found.setText(tr("transfer_window.reading"))
        arguments = ["--dry-run", *self._request().arguments()]
        self._jobs.start(SURVEY, self._bridge.workspace.path, arguments, self._take, command="import")

    def _take(self, report: Mapping[str, Any]) -> None:
        if not report.get("cancelled") and not self._again:
            self._show(Survey.from_json(report["survey"]))

    def _follow(self, state: JobState) -> None:
        if state.kind != SURVEY:
            return
        if not state.ended and state.done and self.survey is None:
            self.found.setText(tr("transfer_window.reading-so-far", number=grouped(state.done)))
        elif state.ended:
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """Begin anew where that was asked for; say so where nothing came."""
        if self._again:
            self._read()
        elif self.survey is None:
            self.found.setText(tr("transfer_window.not-read"))

    def _hear(self, words: str, level: str) -> None:
        if level == "error":
            self.trouble.say(words)

    def _show(self, survey: Survey | None) -> None:
        self.survey = survey
        known = survey or Survey()
        self.labels.show_labels(known.labels)
        for widget in (self.labels, self._labels_title, self.add_all):
            widget.setVisible(bool(known.labels))
        self._rows.setRowVisible(self.annotator, "" in known.signed)
        if survey is not None:
            self.found.setText("\n".join(filter(None, (found_words(survey), signed_words(survey)))))
        self._show_refusals(known)
        self._check()
        if "offsets" in self.choices and any(one.code == _UNCLEAR for one in known.refused):
            self.choices["offsets"].setFocus()

    def _show_refusals(self, survey: Survey) -> None:
        self.refusals.clear()
        self.refusals.addItems(refusal_lines(survey))
        there = self.refusals.count() > 0
        count = tr("transfer_window.refusals-count", number=grouped(max(self.refusals.count(), survey.refusals)))
        self._refusals_title.setText(count)
        # A long list scrolls, so that the labels, about which something can be done, keep their room.
        self.refusals.setMaximumHeight(min(3, self.refusals.count() + 1) * (self.fontMetrics().height() + 18))
        for widget in (self.refusals, self._refusals_title, self._copy):
            widget.setVisible(there)

    def _check(self) -> None:
        survey = self.survey
        self.go_on.setEnabled(survey is not None and survey.added + survey.there > 0)
        labels, annotations = self.labels.left_out
        undecided = len(self.labels.undecided)
        self._labels_title.setText(tr("transfer_window.labels-unknown", count=undecided))
        self.add_all.setEnabled(undecided > 0)
        if survey is not None and any(one.code == _UNCLEAR for one in survey.refused):
            self.trouble.say(tr("transfer_window.offsets-unclear"))
        elif survey is None or not labels:
            self.trouble.say("")
        else:
            said = tr("transfer_window.left-out", count=annotations, number=grouped(annotations), labels=labels)
            self.trouble.say(said, grave=False)

    # The answer -------------------------------------------------------------------------------------------

    def _request(self) -> ImportRequest:
        annotator = self.annotator.currentText().strip()
        return ImportRequest(
            self.chosen.id,
            self._paths,
            annotator="" if annotator == self._me else annotator,
            mapping=self.labels.mapping(),
            add_labels=self.labels.adds,
            choices={name: str(box.currentData()) for name, box in self.choices.items()},
        )

    def accept(self) -> None:
        """Import; where labels would be left out that nobody chose to leave out, only after asking."""
        if not self.labels.undecided or self._leaves_out(self.labels.undecided):
            super().accept()

    def _leaves_out(self, labels: Sequence[FoundLabel]) -> bool:
        names = [tr("transfer_window.quoted", label=one.label) for one in labels[:_NAMED]]
        if len(labels) > _NAMED:
            names.append(tr("transfer_window.and-more", count=len(labels) - _NAMED))
        times = sum(one.times for one in labels)
        said = tr("transfer_window.without", count=times, number=grouped(times), labels=", ".join(names))
        return confirm(self, tr("transfer_window.import"), said, tr("transfer_window.do-without"), careful=True)

    def request(self) -> ImportRequest:
        """Return what was asked for."""
        return self._request()

    def copy(self) -> None:
        """Put the list of what is refused on the clipboard."""
        lines = (self.refusals.item(row).text() for row in range(self.refusals.count()))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def done(self, result: int) -> None:
        """Stop reading when it is over."""
        self._again = False
        self._jobs.cancel(SURVEY)
        self._bridge.job_changed.disconnect(self._follow)
        self._bridge.notice.disconnect(self._hear)
        super().done(result)


def found_words(survey: Survey) -> str:
    """Return what a file holds: documents, passages, relations, notes."""
    counts = (
        ("new", survey.added), ("there", survey.there), ("passages", survey.passages), ("links", survey.links),
        ("notes", survey.notes),
    )  # fmt: skip
    parts = [tr(f"transfer_window.found-{name}", count=count, number=grouped(count)) for name, count in counts if count]
    return ", ".join(parts) or tr("transfer_window.found-nothing")


def signed_words(survey: Survey) -> str:
    """Return who signed a file's annotations."""
    people = [(name, count) for name, count in survey.signed.items() if name]
    unsigned = survey.signed.get("", 0)
    said = []
    if people:
        names = ", ".join(f"{name} ({grouped(count)})" for name, count in people[:_NAMED])
        more = len(people) - _NAMED
        said.append(tr("transfer_window.signed-by", names=names))
        said += [tr("transfer_window.and-more", count=more)] if more > 0 else []
    if unsigned:
        said.append(tr("transfer_window.signed-by-nobody", count=unsigned, number=grouped(unsigned)))
    return " ".join(said)


def refusal_lines(survey: Survey) -> list[str]:
    """Return what is refused, in words: file, line, reason."""
    lines = [tr("formats.other-text", name=name) for name in survey.other_text]
    for file, line, code, details in survey.refused:
        reason = tr(code, **details)
        where = {"file": Path(file).name if Path(file).is_absolute() else file, "reason": reason}
        lines.append(
            tr("formats.refused-at", **where) if line is None else tr("formats.refused-at-line", line=line, **where)
        )
    more = survey.refusals - len(survey.refused)
    return [*lines, tr("transfer_window.and-more", count=more)] if more > 0 else lines
