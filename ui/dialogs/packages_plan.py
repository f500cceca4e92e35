"""Planning work packages: who takes part, which documents, how many of them several people get."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import sentence, tr
from app.services.packages import Plan, plan_packages, team_progress
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs.frame import form, plain, quiet
from ui.dialogs.team_table import TableCell, TeamTable
from ui.item_models.later import Later

PLAN_MS = 250
"""How long the wishes must stand before they are worked out, in milliseconds."""


class PlanPage(QWidget):
    """Wishes on the left, what they come to on the right. ``planned(Plan | None, str)``: a plan, or why there is none.

    ``shown`` are the documents that the list's filter leaves, None where it shows all.
    """

    planned = Signal(object, str)

    def __init__(self, bridge: Bridge, shown: Sequence[str] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._shown = bridge, shown
        self.names = QPlainTextEdit()
        self.names.setTabChangesFocus(True)
        self.names.setPlaceholderText(tr("team.names-placeholder"))
        self.known = QToolButton()
        self.known.setText(tr("team.add-person") + "  ")  # room for the arrow
        self.known.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.known.setMenu(QMenu(self.known))
        self.which = QComboBox()
        for key in ("unassigned", "shown") if shown is not None else ("unassigned",):
            self.which.addItem(tr(f"team.which-{key}"), key)
        self.again = QCheckBox(tr("team.again"))
        self.overlap, self.each = QSpinBox(), QSpinBox()
        self.overlap.setRange(0, 100)
        self.overlap.setSuffix(tr("team.percent-sign"))
        self.overlap.setValue(20)
        self.each.setRange(1, 1)
        self.each.setSpecialValueText(tr("team.each-all"))
        self.seed = QLineEdit()
        self.seed.setToolTip(tr("team.seed-tip"))
        self.table = TeamTable(tr("team.plan"))
        self.said = quiet()
        self._later = Later(self, self.work_out, PLAN_MS)
        self._lay_out()
        self._connect()
        self._propose()

    def _lay_out(self) -> None:
        rows = form()
        for key, field in (
            ("team.names", self.names),
            ("", self.known),
            ("team.which", self.which),
            ("", self.again),
            ("team.overlap", self.overlap),
            ("team.each", self.each),
            ("team.seed", self.seed),
        ):
            rows.addRow(tr(key) if key else "", field)
            if key:
                field.setAccessibleName(plain(tr(key)))
        self.names.setMinimumHeight(self.names.fontMetrics().lineSpacing() * 5)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(rows)
        left.addStretch(1)
        title = QLabel(tr("team.plan"))
        title.setBuddy(self.table)
        right.setSpacing(8)
        right.addWidget(title)
        right.addWidget(self.table, 1)
        right.addWidget(self.said)
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 12, 12, 12)
        across.setSpacing(24)
        across.addLayout(left, 2)
        across.addLayout(right, 3)

    def _connect(self) -> None:
        self.names.textChanged.connect(self._people_changed)
        for changed in (
            self.which.currentIndexChanged,
            self.again.toggled,
            self.overlap.valueChanged,
            self.each.valueChanged,
            self.seed.textChanged,
        ):
            changed.connect(self._later.ask)

    def _propose(self) -> None:
        """Name whoever has documents already, else whoever sits here."""
        reads = self._bridge.workspace.reads
        known = [one.name for one in team_progress(reads).people]
        mine = [one.name for one in reads.annotators() if one.id == reads.me]
        self.names.setPlainText("".join(f"{name}\n" for name in known or mine if name))

    def _offer_people(self) -> None:
        """Offer whoever the project knows and is not written yet."""
        menu, there = self.known.menu(), {name.casefold() for name in self.people}
        menu.clear()
        for one in self._bridge.workspace.reads.annotators():
            if one.kind == "human" and one.name and one.name.casefold() not in there:
                menu.addAction(one.name.replace("&", "&&"), partial(self._add_person, one.name))
        self.known.setEnabled(bool(menu.actions()))

    def _add_person(self, name: str) -> None:
        self.names.setPlainText("".join(f"{one}\n" for one in [*self.people, name]))

    @property
    def people(self) -> list[str]:
        """The names that were written, one to a line."""
        return [name for line in self.names.toPlainText().splitlines() if (name := line.strip())]

    def _people_changed(self) -> None:
        """Let as many share a document as take part; the least value stands for all of them."""
        self._offer_people()
        many = len(self.people)
        self.each.setRange(1, max(1, many - 1))
        self.each.setEnabled(many > 2)
        self._later.ask()

    def work_out(self) -> None:
        """Work out the plan and show it."""
        self._later.cancel()
        plan: Plan | None = None
        wrong = ""
        several = self.overlap.value() if len(self.people) > 1 else 0
        try:
            plan = plan_packages(
                self._bridge.workspace.reads,
                self.people,
                several / 100,
                self.each.value() if self.each.value() > 1 else None,
                documents=self._shown if self.which.currentData() == "shown" else None,
                again=self.again.isChecked(),
                seed=self.seed.text(),
            )
        except KuratorError as error:
            wrong = sentence(error)
        self._show(plan)
        self.planned.emit(plan, wrong)

    def _show(self, plan: Plan | None) -> None:
        heads = ("team.annotator-column", "team.documents", "team.shared", "team.controls-column", "team.characters")
        rows = [
            [
                TableCell(plan.names[one.annotator]),
                *(
                    TableCell(f"{number:,}".replace(",", "\u00a0"), number)
                    for number in (one.documents, one.overlapping, one.controls, one.length)
                ),
            ]
            for one in (plan.shares if plan else ())
        ]
        self.table.fill([tr(head) for head in heads], rows)
        said = []
        if plan is not None:
            said.append(tr("team.cli-split", count=len(plan.assignments), overlap=plan.overlap))
            if plan.people:
                said.append(tr("team.new-people", names=", ".join(plan.people.values()), count=len(plan.people)))
        self.said.setText(" ".join(said))
