"""Taking at once what annotators agree on: where, how many must agree, on what, and what would come of it."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.commands import AdjudicateAll
from app.messages import language, sentence, tr
from app.services.adjudication_views import Preview, previewed
from app.services.corpus_views import DocumentFilter, document_ids
from app.services.people_views import names_hidden
from models.errors import KuratorError
from models.labels import localised
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, quiet
from ui.panes.inspector_parts import grouped
from ui.widgets.choice_popup import swatch

SLICE_MS = 12.0
"""How long counting may hold the window at a time, in milliseconds."""
_LABELS_NAMED = 6


class TakeAtOnceDialog(Dialog):
    """Gives back an :class:`AdjudicateAll`; what it would take is counted in slices while nothing else is to do."""

    def __init__(
        self, bridge: Bridge, within: DocumentFilter, annotators: tuple[str, ...] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, tr("adjudication.at-once"), tr("adjudication.at-once-intro"))
        self._bridge = bridge
        self._annotators = annotators
        self._within = within
        self._counting: Iterator[Preview] | None = None
        self._labels, self._facets = QListWidget(), QListWidget()
        self.result_words = quiet("")
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        self._lay_out()
        self.take = self.add_accept(tr("adjudication.at-once-take"))
        self.add_cancel()
        self._count_anew()
        self.fit(620)

    # Questions --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(tr("adjudication.at-once-least"), self._least())
        form.addRow(tr("adjudication.at-once-where"), self._where())
        self.body.addLayout(form)
        lists = QHBoxLayout()
        lists.setSpacing(16)
        lists.addLayout(self._listed(self._labels, tr("adjudication.at-once-labels")))
        lists.addLayout(self._listed(self._facets, tr("adjudication.at-once-facets")))
        self.body.addLayout(lists)
        self._fill()
        self.result_words.setMinimumHeight(self.result_words.fontMetrics().lineSpacing() * 4)
        self.result_words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.result_words)

    def _least(self) -> QWidget:
        self.unanimous, self.majority = (
            QRadioButton(tr("adjudication.unanimous")),
            QRadioButton(tr("adjudication.majority")),
        )
        self.number, self.least = QRadioButton(tr("adjudication.at-least")), QSpinBox()
        self.least.setRange(1, 99)
        self.least.setValue(2)
        self.least.setAccessibleName(tr("adjudication.at-least"))
        self.unanimous.setChecked(True)
        self.least.valueChanged.connect(lambda _: (self.number.setChecked(True), self._count_anew()))
        counted = QHBoxLayout()
        counted.addWidget(self.number)
        counted.addWidget(self.least)
        counted.addStretch(1)
        return self._choices((self.unanimous, self.majority, counted))

    def _where(self) -> QWidget:
        self.here = QRadioButton(tr("adjudication.in-document"))
        self.listed = QRadioButton(tr("adjudication.in-listed"))
        self.everywhere = QRadioButton(tr("adjudication.in-corpus"))
        self.here.setEnabled(self._bridge.document is not None)
        self.listed.setEnabled(self._within != DocumentFilter())
        (self.here if self._bridge.document is not None else self.everywhere).setChecked(True)
        return self._choices((self.here, self.listed, self.everywhere))

    def _choices(self, choices: tuple[QRadioButton | QHBoxLayout, ...]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for one in choices:
            button = one if isinstance(one, QRadioButton) else self.number
            button.toggled.connect(lambda on: self._count_anew() if on else None)
            column.addWidget(one) if isinstance(one, QRadioButton) else column.addLayout(one)
        return box

    def _listed(self, choices: QListWidget, title: str) -> QVBoxLayout:
        label = QLabel(title)
        label.setBuddy(choices)
        label.setWordWrap(True)
        choices.setAccessibleName(title)
        choices.setMinimumHeight(120)
        choices.itemChanged.connect(lambda _: self._count_anew())
        column = QVBoxLayout()
        column.addWidget(label)
        column.addWidget(choices, 1)
        return column

    def _fill(self) -> None:
        labels = self._bridge.workspace.reads.label_set()
        for one in labels:
            item = QListWidgetItem(swatch(one.color), localised(one.title, language(), one.name))
            self._add(self._labels, item, one.id)
        for facet in labels.facets:
            self._add(self._facets, QListWidgetItem(localised(facet.title, language(), facet.id)), facet.id)

    @staticmethod
    def _add(choices: QListWidget, item: QListWidgetItem, value: str) -> None:
        item.setData(Qt.ItemDataRole.UserRole, value)
        item.setCheckState(Qt.CheckState.Checked)
        choices.blockSignals(True)
        choices.addItem(item)
        choices.blockSignals(False)

    # Answers ----------------------------------------------------------------------------------------------

    def command(self) -> AdjudicateAll:
        """Return what was asked for."""
        labels, facets = self._ticked(self._labels), self._ticked(self._facets)
        return AdjudicateAll(
            document=self._bridge.document if self.here.isChecked() else None,
            documents=self._documents(),
            annotators=self._annotators,
            least=self._how_many(),
            labels=labels or (),
            facets=facets,
            name_notes=not names_hidden(self._bridge.workspace),
        )

    def _documents(self) -> tuple[str, ...] | None:
        if self.here.isChecked() and self._bridge.document is not None:
            return (self._bridge.document,)
        if self.listed.isChecked():
            return tuple(document_ids(self._bridge.workspace.reads, self._within))
        return None

    def _how_many(self) -> Literal["all", "majority"] | int:
        if self.number.isChecked():
            return self.least.value()
        return "majority" if self.majority.isChecked() else "all"

    @staticmethod
    def _ticked(choices: QListWidget) -> tuple[str, ...] | None:
        """Return what is ticked, None where everything is."""
        items = [choices.item(row) for row in range(choices.count())]
        ticked = [one for one in items if one.checkState() == Qt.CheckState.Checked]
        return None if len(ticked) == len(items) else tuple(one.data(Qt.ItemDataRole.UserRole) for one in ticked)

    # What would come of it --------------------------------------------------------------------------------

    def _count_anew(self) -> None:
        if not hasattr(self, "take"):
            return
        self.take.setEnabled(False)
        if self._ticked(self._labels) == ():
            self._counting = None
            self._timer.stop()
            self.result_words.setText(tr("adjudication.at-once-no-label"))
            return
        self._counting = previewed(self._bridge.workspace, self.command())
        self.result_words.setText(tr("adjudication.at-once-counting", count=0))
        self._timer.start()

    def _go_on(self) -> None:
        until = perf_counter() + SLICE_MS / 1000
        found: Preview | None = None
        try:
            while self._counting is not None and perf_counter() < until:
                found = next(self._counting)
        except StopIteration as stop:
            self._timer.stop()
            self._counting = None
            self._say(stop.value)
            return
        except KuratorError as error:
            self._timer.stop()
            self.result_words.setText(sentence(error))
            return
        if found is not None:
            self.result_words.setText(tr("adjudication.at-once-counting", count=found.documents))

    def _say(self, found: Preview) -> None:
        labels, spoken = self._bridge.workspace.reads.label_set(), language()
        named = [
            f"{labels.title(one, spoken)} {grouped(count)}" for one, count in found.labels.most_common(_LABELS_NAMED)
        ]
        if len(found.labels) > _LABELS_NAMED:
            named.append("…")
        said = [
            tr("adjudication.would-take", count=found.taken, number=grouped(found.taken), cases=grouped(found.cases))
        ]
        said += [", ".join(named)] if named else []
        said.append(tr("adjudication.would-leave", decided=grouped(found.decided), left=grouped(found.left)))
        for key, count in (
            ("held", found.held),
            ("refused", found.refused),
            ("unsettled", found.unsettled),
            ("single", found.single),
        ):
            if count:
                said.append(tr(f"adjudication.would-{key}", count=count))
        self.result_words.setText("\n".join(said))
        self.take.setEnabled(found.taken > 0)
