"""Texts with everything that goes wrong, marks over them, and a shown reader."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.marks import STATES, Mark
from models.spans import Span
from ui.panes.reader.settings import ReaderSettings
from ui.panes.reader.view import ReaderView
from ui.theme import LabelStyle, Palette

_TEXT = (
    "regionen och vården e-hälsa 1177.se a\u030alder sam\u00adverkan 15\u00a0miljoner "
    "👩‍👩‍👧‍👦 🇸🇪 SKL:s myndigheten beslutade om digitala tjänster för invånarna enligt "
    "projektet שלום עולם Örjan är glad 𝛼 \ttabb cafe\u0301"
)
WORDS = _TEXT.split(" ")
LABELS = ("PERSON", "ORGANISATION", "PLACE", "DATE", "ROLE")


@dataclass(frozen=True)
class Sample:
    """A document as the reader is given it."""

    text: str
    marks: tuple[Mark, ...]
    furniture: tuple[Span, ...]


def make_sample(seed: int = 1, paragraphs: int = 40, density: float = 0.12, ends: str = "\n") -> Sample:
    """Return a document with nested, overlapping, discontinuous marks in every state, and relations."""
    pick = random.Random(seed)
    words: list[Span] = []
    parts: list[str] = []
    position = 0
    for _ in range(paragraphs):
        for _ in range(pick.choice((0, 4, 12, 30, 70))):
            word = pick.choice(WORDS)
            words.append(Span(position, position + len(word)))
            parts.append(word + " ")
            position += len(word) + 1
        parts.append(ends)
        position += len(ends)
    marks: list[Mark] = []
    count = round(len(words) * density)
    for number in range(count):
        first = pick.randrange(len(words) - 4)
        last = first + pick.choice((0, 0, 0, 1, 3))
        spans = (Span(words[first].start, words[last].end),)
        if pick.random() < 0.05:
            spans = (words[first], words[first + 2])
        state = pick.choice(STATES)
        facts = {"suggestion": f"s{number:05}"} if state != "manual" else {"annotation": f"s{number:05}"}
        marks.append(Mark(f"s{number:05}", "entity", pick.choice(LABELS), spans, state, **facts))
    for number in range(count // 4):
        first = pick.randrange(len(words) - 20)
        span = Span(words[first].start, words[first + pick.randrange(4, 20)].end)
        facets = {"kind": "fact", "mode": "author"}
        marks.append(
            Mark(
                f"c{number:05}", "claim", "CLAIM", (span,), pick.choice(STATES), f"ca{number}", facets=facets
            )
        )
    for number in range(count // 4):
        head, tail = pick.choice(marks[:count]).key, pick.choice(marks[:count]).key
        marks.append(Mark(f"r{number:05}", "relation", "PART_OF", (), "suggested", head=head, tail=tail))
    return Sample("".join(parts), tuple(marks), (Span(0, min(30, position)),))


def make_palette() -> Palette:
    """Return the looks of the sample's labels."""
    colours = ("#2f6fed", "#c2410c", "#1f8a4c", "#5b6b7f", "#7a52cc")
    styles = [LabelStyle(label, label.title(), colour) for label, colour in zip(LABELS, colours, strict=True)]
    styles += [LabelStyle("CLAIM", "Claim", "#3a4a63", kind="claim")]
    return Palette([*styles, LabelStyle("PART_OF", "part of", "#667788", kind="relation")])


def settle() -> None:
    """Let every pending event and idle slice run."""
    for _ in range(40):
        QApplication.processEvents()


@pytest.fixture
def sample() -> Sample:
    """A document of some pages."""
    return make_sample()


@pytest.fixture
def new_sample() -> Callable[..., Sample]:
    """Make documents: seed, paragraphs, density, ends."""
    return make_sample


@pytest.fixture
def idle(qtbot: QtBot) -> Callable[[ReaderView], None]:
    """Wait until a view has nothing left to do."""

    def wait(view: ReaderView) -> None:
        QApplication.processEvents()
        qtbot.waitUntil(lambda: not view._idle.isActive(), timeout=20_000)
        settle()

    return wait


@pytest.fixture
def empty_view(qtbot: QtBot) -> Iterator[ReaderView]:
    """A shown reader without a document."""
    view = ReaderView()
    qtbot.addWidget(view)
    view.resize(880, 640)
    view.set_palette(make_palette())
    view.apply_settings(replace(ReaderSettings(), reduced_motion=True))
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.clear()


@pytest.fixture
def view(empty_view: ReaderView, sample: Sample, idle: Callable[[ReaderView], None]) -> ReaderView:
    """A shown reader with the sample, at rest."""
    empty_view.show_document("d1", sample.text, sample.marks, sample.furniture)
    idle(empty_view)
    return empty_view


@pytest.fixture
def open_text(empty_view: ReaderView, idle: Callable[[ReaderView], None]) -> Callable[..., ReaderView]:
    """Show a text with marks in the reader."""

    def show(text: str, marks: tuple[Mark, ...] = (), furniture: tuple[Span, ...] = ()) -> ReaderView:
        empty_view.show_document("d", text, marks, furniture)
        idle(empty_view)
        return empty_view

    return show
