"""Which cases are listed: by state and difference, by kind and label, and whose readings count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.messages import language, tr
from app.services.adjudication_views import Case, DocumentCases
from app.services.people_views import Reader
from models.adjudication import differs_from
from models.labels import LabelSet
from ui.panes.inspector_fields import ChoiceBox, Option

_SHOWN = ("all", "disagreements", "open", "decided", "questions", "agree", "some", "boundary", "label", "facets",
          "ends")  # fmt: skip
_KINDS = ("entity", "claim", "relation")


class CaseFilter(QWidget):
    """Three choices. ``changed()``: other cases pass; ``annotators_changed()``: other people's readings count."""

    changed = Signal()
    annotators_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown, self.labels = ChoiceBox(), ChoiceBox()
        self.people = QToolButton()
        self.people.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.people.setMenu(self._menu)
        self._everybody: list[Reader] = []
        self._offered: tuple[LabelSet | None, list[Reader]] = (None, [])
        self.annotators: tuple[str, ...] | None = None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.labels, 1)
        row.addWidget(self.people)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.shown)
        column.addLayout(row)
        self.shown.chosen.connect(lambda _: self.changed.emit())
        self.labels.chosen.connect(lambda _: self.changed.emit())

    def offer(self, labels: LabelSet, readers: Sequence[Reader], everybody: Sequence[Reader]) -> None:
        """Offer these labels, to compare with these readers, and everybody's readings."""
        self._offered = labels, list(readers)
        self._everybody = list(everybody)
        known = {one.id for one in everybody}
        if self.annotators is not None and not known.issuperset(self.annotators):
            self.annotators = None
        self._fill()

    def _fill(self) -> None:
        labels, readers = self._offered
        shown, label = self.shown.value or "all", self.labels.value
        compared = [Option(("told", one.id), tr("adjudication.show-told", name=one.name)) for one in readers]
        self.shown.set_options([*(Option(one, tr(f"adjudication.show-{one}")) for one in _SHOWN), *compared])
        self.shown.show_value(shown)
        if self.shown.value is None:
            self.shown.show_value("all")
        options = [Option(None, tr("adjudication.every-label"))]
        options += [Option(("kind", one), tr(f"adjudication.kind-{one}")) for one in _KINDS]
        for one in labels or ():
            options.append(Option(("label", one.id), labels.title(one.id, language()), None, one.color))  # type: ignore[union-attr]
        self.labels.set_options(options)
        self.labels.show_value(label)
        self._fill_people()

    def _fill_people(self) -> None:
        self._menu.clear()
        for one in self._everybody:
            entry = QAction(one.name, self._menu)
            entry.setCheckable(True)
            entry.setChecked(self.annotators is None or one.id in self.annotators)
            entry.toggled.connect(lambda on, annotator=one.id: self._choose(annotator, on))
            self._menu.addAction(entry)
        count = len(self._offered[1])
        self.people.setText(tr("adjudication.annotators", count=count) + "  ")  # room for the arrow

    def _choose(self, annotator: str, on: bool) -> None:
        every = [one.id for one in self._everybody]
        now = [one for one in every if (on if one == annotator else self.annotators is None or one in self.annotators)]
        if now:
            self.annotators = None if now == every else tuple(now)
        self.annotators_changed.emit()

    def show_all(self) -> None:
        """Let every case pass."""
        self.shown.show_value("all")
        self.labels.show_value(None)

    @property
    def told(self) -> str | None:
        """The annotator who is told where the adjudicated reading differs from theirs, if any."""
        value = self.shown.value
        return value[1] if isinstance(value, tuple) else None

    def passing(self, cases: DocumentCases) -> Iterator[int]:
        """Yield the numbers of the cases that pass."""
        shown, label, told = self.shown.value or "all", self.labels.value, self.told
        voter = cases.voters.index(told) if told in cases.voters else None
        for number, case in enumerate(cases.cases):
            if label is not None and not _named(case, cases, label):
                continue
            if voter is not None:
                if differs_from(case.readings[voter], case, cases.ruling(case)):
                    yield number
            elif _shows(case, cases, str(shown)):
                yield number

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.shown.setAccessibleName(tr("adjudication.show"))
        self.labels.setAccessibleName(tr("adjudication.labels"))
        self.people.setToolTip(tr("adjudication.annotators-tip"))
        self._fill()


def _named(case: Case, cases: DocumentCases, wanted: object) -> bool:
    assert isinstance(wanted, tuple)
    what, name = wanted
    if what == "kind":
        return bool(case.kind == name)
    result = cases.ruling(case).result
    return any(one.label == name for one in case.members) or (result is not None and result.label == name)


def _shows(case: Case, cases: DocumentCases, shown: str) -> bool:
    if shown == "all":
        return True
    if shown in ("open", "decided"):
        return cases.ruling(case).open == (shown == "open")
    if shown == "questions":
        return cases.ruling(case).open and bool(cases.open_ends(case))
    if shown == "agree":
        return not case.differences
    if shown == "disagreements":
        return bool(case.differences - {"new"})
    return shown in case.differences
