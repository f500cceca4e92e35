"""A line of text with marks, painted by the reader itself, to show how labels and settings look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.messages import tr
from models.marks import Mark, State
from models.spans import Span
from models.suggestions import Kind
from ui.panes.reader.settings import ReaderSettings
from ui.panes.reader.view import ReaderView
from ui.theme import LabelStyle, Palette, current_theme


class SampleText(ReaderView):
    """A reader that only shows: it takes neither the keyboard nor the mouse."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_theme(current_theme().name)
        self.set_palette(Palette(_styles()))
        self.say(text)

    def say(self, text: str) -> None:
        """Show a text in which ``[words|LABEL|state]`` are marks."""
        self.show_marks(*marked(text))

    def show_marks(self, words: str, marks: Sequence[Mark]) -> None:
        """Show a text with marks, from its beginning."""
        self.show_document("sample", words, marks, ())

    def apply(self, chosen: Mapping[str, Any]) -> None:
        """Look as these settings say; the theme stays, since the whole window would change with it."""
        self.apply_settings(
            ReaderSettings(
                family=chosen["font_family"],
                size=chosen["font_size"],
                line_width=chosen["line_width"],
                line_spacing=chosen["line_spacing"],
                arcs=chosen["arcs"],
                show_tags=chosen["show_tags"],
                show_rejected=chosen["show_rejected"],
                reduced_motion=True,
            )
        )


def _styles() -> list[LabelStyle]:
    return [
        LabelStyle("PERSON", tr("preferences.sample-person"), "#012aff", "1"),
        LabelStyle("ORGANISATION", tr("preferences.sample-organisation"), "#b23f0c", "3"),
        LabelStyle("DATE", tr("preferences.sample-date"), "#ff8b00", "0"),
    ]


def marked(text: str, kind: Kind = "entity") -> tuple[str, list[Mark]]:
    """Return a text without its brackets, and the marks of this kind that they mean."""
    words, marks = "", []
    for number, part in enumerate(text.replace("]", "[").split("[")):
        if number % 2 == 0:
            words += part
            continue
        shown, label, state = part.split("|")
        span = Span(len(words), len(words) + len(shown))
        words += shown
        key, decided = str(number), cast(State, state)
        judged = None if state == "suggested" else key
        marks.append(Mark(key, kind, label, (span,), decided, annotation=judged, suggestion=key))
    return words, marks
