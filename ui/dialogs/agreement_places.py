"""Beside the figures: what the chosen one means, and the disagreements behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.agreement_report.words import number, whole
from app.messages import tr
from app.services.agreement_views import Place, Voice
from models.agreement.records import Figure, Layer
from ui.delegates.places import PlaceDelegate
from ui.delegates.rows import RowView
from ui.dialogs.agreement_grids import Shown, said_words, told
from ui.dialogs.frame import heading, quiet
from ui.item_models.places import PlaceModel

_QUOTED = 60
"""Code points of a quote."""


class FigureView(QWidget):
    """Explains a figure and lists its places; ``place_wanted(Place)`` on Enter or a click."""

    place_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.title = heading("", 1.15)
        self.told, self.about, self.count = quiet(), quiet(), quiet()
        self.model = PlaceModel(self)
        self.list = RowView()
        self.list.setModel(self.model)
        self.list.setAccessibleName(tr("agreement_window.places"))
        delegate = PlaceDelegate(self.list, self.model)
        self.list.setItemDelegate(delegate)
        self.list.set_row_height(delegate.height)
        self.list.chosen.connect(lambda row: self.place_wanted.emit(self.model.rows[row]))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list, self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.title, self.told, self.about, self.count):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addStretch(0)

    def show_figure(self, figure: Figure, subject: str) -> None:
        """Explain a figure; ``subject`` says what of: a label, a document, two annotators."""
        title = f"{tr(f'agreement.measure-{figure.measure}')}: {number(figure.value)}"
        self.show_words(title, f"{subject}. {told(figure)}", tr(f"agreement.measure-{figure.measure}-about"))

    def show_words(self, title: str, words: str, about: str = "") -> None:
        """Show a title, a sentence below it, and an explanation; and no places."""
        for label, text in ((self.title, title), (self.told, words), (self.about, about), (self.count, "")):
            label.setText(text)
            label.setVisible(bool(text))
        self.model.show_rows((), lambda _: "")
        self.list.hide()

    def begin(self, words: Callable[[Place], str]) -> None:
        """Say that places are being looked for; ``words`` say who says what of one."""
        self.model.show_rows((), words)
        self.count.setText(tr("agreement_window.looking"))
        self.count.show()

    def add(self, rows: Sequence[Place], *, done: bool, more: bool = False) -> None:
        """List places behind those that are listed; ``more``: there are others that will not be."""
        first = not self.model.rows
        self.model.add(rows)
        count = len(self.model.rows)
        self.list.setVisible(count > 0)
        key = "more" if more else "count" if done else "so-far"
        self.count.setText(tr(f"agreement_window.places-{key}", count=count, number=whole(count)))
        if first and rows:
            self.list.go_to(0)

    def copy(self) -> None:
        """Put the list on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(self.model.lines()))


def what_of(shown: Shown, figure: Figure) -> str:
    """Return what a figure is about: layer, label, annotators, document."""
    words = shown.words
    said = [tr(f"agreement.layer-{figure.layer}")]
    if figure.subject is not None:
        said.append(words.subject(figure.layer, figure.subject))
    if figure.pair is not None:
        said.append(words.pair(figure.pair))
    if figure.document is not None:
        names = {one.id: one.name for one in shown.report.documents}
        said.append(names[figure.document])
    if figure.part != "all":
        said.append(tr(f"agreement.part-{figure.part}"))
    return ", ".join(said)


def who_says_what(shown: Shown, layer: Layer, facet: str | None, place: Place) -> str:
    """Return in one line what each annotator says of a place."""
    return "  ·  ".join(
        f"{shown.short_name(voice.annotator)}: {_said(shown, layer, facet, place, voice)}" for voice in place.voices
    )


def _said(shown: Shown, layer: Layer, facet: str | None, place: Place, voice: Voice) -> str:
    if voice.label is None:
        return tr("agreement_window.nothing-there")
    label = shown.words.subject("entity", voice.label)
    if layer == "facet":
        if voice.speakers:
            return ", ".join(_quoted(one) for one in voice.speakers)
        return said_words(shown, layer, facet, voice.value)
    if layer in ("relation", "relation-ends"):
        return f"{_quoted(voice.head)} {label} {_quoted(voice.tail)}"
    if place.way == "boundary":
        return _quoted(voice.words)
    return label if voice.words == place.words else f"{label} {_quoted(voice.words)}"


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    short = plain if len(plain) <= _QUOTED else f"{plain[: _QUOTED - 1]}…"
    return tr("agreement_window.quoted", words=short) if short else "…"
