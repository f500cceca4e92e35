"""The readings of one case side by side: a line for each annotator, and what was decided or is being mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.messages import tr
from app.services.adjudication_views import Case, DocumentCases
from app.services.people_views import Reader
from models.annotations import Annotation
from models.labels import LabelSet
from models.spans import Spans
from ui import case_words
from ui.mixture import Mixture, attributes
from ui.panes.inspector_parts import Chip, Muted, show_if
from ui.theme import Palette, current_theme
from ui.voices import voice_colour, voice_line
from ui.widgets.elided_label import ElidedLabel

_PENS = {"solid": Qt.PenStyle.SolidLine, "dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine}


class VoiceSign(QWidget):
    """A short piece of the line that the text shows for an annotator."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 1
        self.setFixedSize(QSize(26, 12))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        pen = QPen(QColor(voice_colour(self.number, current_theme())), 2, _PENS[voice_line(self.number)])
        painter.setPen(pen)
        painter.drawLine(1, 7, 25, 7)


class RichText(QLabel):
    """Words with emphasis, broken over lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, html: str) -> None:
        """Show ``html``; nothing at all where it is empty."""
        if html != self.text():
            self.setText(html)
        show_if(self, bool(html))


class Block(QFrame):
    """A label chip, the passage in its context, facets and note."""

    def __init__(self) -> None:
        super().__init__()
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.name = ElidedLabel()
        self.chip = Chip()
        self.words, self.facets, self.note = RichText(), RichText(), Muted()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(2)
        column.addLayout(self.head)
        for part in (self.words, self.facets, self.note):
            column.addWidget(part)

    def show_words(self, palette: Palette, label: str | None, words: str, facets: str, note: str | None) -> None:
        """Show what is said; no chip without a label."""
        show_if(self.chip, label is not None)
        if label is not None:
            self.chip.show_label(palette, label, "manual")
        self.words.say(words)
        self.facets.say(facets)
        self.note.say(note or "")


class ReadingLine(Block):
    """One annotator's reading. ``wanted()``: a click on its number takes it."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.key = QToolButton()
        self.key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.key.clicked.connect(self.wanted)
        self.sign = VoiceSign()
        self.tick = QLabel("✓")
        for part in (self.key, self.sign, self.name, self.tick, self.chip):
            self.head.addWidget(part)
        self.head.setStretchFactor(self.name, 1)

    def show_reader(self, reader: Reader, taken: bool) -> None:
        """Say whose reading it is, and whether it was taken."""
        self.key.setText(str(reader.number))
        self.key.setAccessibleName(tr("adjudication.take", name=reader.name))
        self.key.setToolTip(tr("adjudication.take", name=reader.name))
        self.sign.number = reader.number
        self.sign.update()
        self.name.setText(reader.name)
        font = self.name.font()
        font.setWeight(QFont.Weight.DemiBold)
        self.name.setFont(font)
        show_if(self.tick, taken)
        self.tick.setAccessibleName(tr("adjudication.taken"))


class CaseView(QWidget):
    """Everything about one case. ``reading_wanted(number)`` takes an annotator's reading, by number from 1."""

    reading_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.state = RichText()
        self.mixture = Block()
        self.mixture.head.addWidget(self.mixture.name, 1)
        self.mixture.head.addWidget(self.mixture.chip)
        self.mixture.setFrameShape(QFrame.Shape.StyledPanel)
        self.lines: list[ReadingLine] = []
        self.taken: ReadingLine | None = None
        """The reading that was taken, if it is one."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self.state)
        self._column.addWidget(self.mixture)
        self._column.addStretch(1)

    def _line(self, number: int) -> ReadingLine:
        while len(self.lines) <= number:
            line = ReadingLine()
            self.lines.append(line)
            line.wanted.connect(partial(self.reading_wanted.emit, len(self.lines)))
            self._column.insertWidget(self._column.count() - 1, line)
        return self.lines[number]

    def show_case(
        self, case: Case, cases: DocumentCases, readers: Sequence[Reader], palette: Palette, labels: LabelSet
    ) -> None:
        """Show a case's readings in the order of the readers."""
        names = {one.id: one.name for one in readers}
        by_reader = dict(zip(cases.voters, case.readings, strict=True))
        ruling = cases.ruling(case)
        self.state.say(f"<b>{escape(case_words.state(case, cases, names, labels))}</b>")
        made = ruling.result.origin.get("from") if ruling.result is not None else None
        taken = made if isinstance(made, list) else []
        differing = case_words.differing_facets(case.members)
        said: dict[Spans, int] = {}
        self.taken = None
        for place, reader in enumerate(readers):
            line, one = self._line(place), by_reader[reader.id]
            line.show_reader(reader, one is not None and one.id in taken)
            if one is None:
                nothing = f"<i>{escape(tr('adjudication.nothing'))}</i>" if case.members else ""
                line.show_words(palette, None, nothing, "", None)
            elif one.kind == "claim" and one.spans in said:  # long words once: all readings are to be seen together
                same = tr("adjudication.same-words", number=said[one.spans])
                told = {name: value for name, value in one.facets.items() if name in differing}
                facets = case_words.facets(labels, one, differing, told)
                line.show_words(palette, one.label, f"<i>{escape(same)}</i>", facets, one.note)
            else:
                said.setdefault(one.spans, reader.number)
                words = self._words(one, case, cases, palette)
                told_all = case_words.facets(labels, one, differing, one.facets)
                line.show_words(palette, one.label, words, told_all, one.note)
            if one is not None and one.id in taken:
                self.taken = line
            show_if(line, bool(case.members))
        for line in self.lines[len(readers) :]:
            line.hide()

    def _words(self, one: Annotation, case: Case, cases: DocumentCases, palette: Palette) -> str:
        theme = current_theme()
        if one.kind == "relation":
            return escape(case_words.quote(cases, one))
        ground = palette.colours(one.label, theme).strong
        others = [other.spans for other in case.members]
        return case_words.passage(cases.text, one.spans, others, ground, theme.text)

    def show_mixture(
        self,
        mixture: Mixture | None,
        pending: str,
        cases: DocumentCases,
        names: Mapping[str, str],
        palette: Palette,
        labels: LabelSet,
    ) -> None:
        """Show what is being put together, and what a number would add to it now."""
        show_if(self.mixture, mixture is not None or bool(pending))
        self.mixture.name.setText(pending or tr("adjudication.mixture"))
        if mixture is None:
            self.mixture.show_words(palette, None, "", "", None)
            return
        ground = palette.colours(mixture.label, current_theme()).strong
        words = ""
        if mixture.spans:
            words = case_words.passage(cases.text, mixture.spans, [mixture.spans], ground, "")
        told = case_words.facets(labels, None, (), mixture.facets)
        self.mixture.show_words(palette, mixture.label, words, told, self._sources(mixture, names))

    @staticmethod
    def _sources(mixture: Mixture, names: Mapping[str, str]) -> str:
        said = [
            tr(f"adjudication.source-{one}", name=names.get(mixture.sources.get(one, ""), tr("adjudication.by-hand")))
            for one in attributes(mixture.kind)
            if one != "boundary" or mixture.spans
        ]
        return " · ".join([*said, tr("adjudication.enter-takes")])
