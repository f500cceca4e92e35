"""How quick the reader is at 1 MB with 20,000 spans and 2,000 relations, and at 20 kB.

Run with ``pytest tests/benchmarks/test_reader.py --benchmark-only``. Times are of the whole frame: from the
call until its paint event has returned.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.marks import Mark
from models.spans import Span
from ui.panes.reader.view import ReaderView

_TEXT = (
    "och i att det som en på är av för med till den har inte om regionen kommunen "
    "åtgärder ökade särskilt sjukvården förslag utredning beslutade ordförande enligt "
    "miljö forskare visar procent kronor miljoner eftersom myndigheten Försäkringskassan "
    "sam\u00adverkan e-hälsa a\u030alder 15\u00a0000 😀"
)
WORDS = _TEXT.split(" ")
LABELS = ("PERSON", "ORGANISATION", "PLACE", "DATE", "ROLE", "PROGRAMME", "MONEY", "QUANTITY")


class Document(NamedTuple):
    text: str
    marks: list[Mark]


def make(characters: int, spans: int, relations: int) -> Document:
    """Return a document with a fifth of its spans as claims, all of them suggested."""
    pick = random.Random(4)
    parts: list[str] = []
    words: list[Span] = []
    position, line = 0, 0
    while position < characters:
        word = pick.choice(WORDS)
        words.append(Span(position, position + len(word)))
        line += len(word) + 1
        end = "\n" if line > pick.randint(300, 1200) else " "
        line = 0 if end == "\n" else line
        parts.append(word + end)
        position += len(word) + 1
    marks = []
    step = len(words) / spans
    for number in range(spans):
        first = int(number * step)
        last = min(len(words) - 1, first + (pick.randint(5, 18) if number % 5 == 0 else pick.randint(0, 2)))
        kind, label = ("claim", "CLAIM") if number % 5 == 0 else ("entity", pick.choice(LABELS))
        key = f"{number:08}-m"
        span = Span(words[first].start, words[last].end)
        marks.append(Mark(key, kind, label, (span,), "suggested", suggestion=key, score=0.8))
    for number in range(relations):
        head = pick.randrange(spans - 40)
        ends = marks[head].key, marks[head + pick.randint(1, 30)].key
        key = f"{number:08}-r"
        marks.append(Mark(key, "relation", "WORKS_FOR", (), "suggested", None, key, *ends))
    return Document("".join(parts), marks)


@pytest.fixture(scope="module")
def large() -> Document:
    return make(1_000_000, 20_000, 2_000)


@pytest.fixture(scope="module")
def small() -> Document:
    return make(20_000, 400, 40)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ReaderView]:
    view = ReaderView()
    qtbot.addWidget(view)
    view.resize(1000, 760)
    view.show()
    qtbot.waitExposed(view)
    gc.collect()
    gc.freeze()
    yield view
    gc.unfreeze()
    view.clear()


def painted(view: ReaderView, action: Callable[[], object]) -> None:
    """Do something and return when its paint is done, before idle work goes on."""
    count = view.paints
    view._idle.blockSignals(True)
    action()
    while view.paints == count:
        QApplication.processEvents()


def rest(view: ReaderView) -> None:
    """Wait until no idle work is left."""
    view._idle.blockSignals(False)
    view._idle.start(0)
    QApplication.processEvents()
    while view._idle.isActive():
        QApplication.processEvents()


def percentiles(benchmark: Any) -> None:
    """Write the 50th and 99th percentile and the longest, in ms, beside the figures."""
    times = sorted(benchmark.stats.stats.data)
    for name, share in (("p50", 0.5), ("p99", 0.99), ("longest", 1.0)):
        at = min(len(times) - 1, int(share * len(times)))
        benchmark.extra_info[name] = round(times[at] * 1000, 2)
    print("\n", benchmark.name, benchmark.extra_info)


@pytest.mark.parametrize("size", ["small", "large"])
def test_open_to_first_paint(benchmark: Any, view: ReaderView, request: Any, size: str) -> None:
    document: Document = request.getfixturevalue(size)
    painted(view, lambda: view.show_document("w", "värm upp", [], ()))

    def show() -> None:
        painted(view, lambda: view.show_document("d", document.text, document.marks, ()))

    benchmark.pedantic(show, rounds=12, warmup_rounds=1)
    percentiles(benchmark)


@pytest.mark.parametrize("size", ["small", "large"])
def test_accept_and_go_on(benchmark: Any, view: ReaderView, request: Any, size: str) -> None:
    document: Document = request.getfixturevalue(size)
    view.show_document("d", document.text, document.marks, ())
    rest(view)
    view.focus_next(1, only_suggested=True)

    def accept() -> None:
        mark = view.focused
        assert mark is not None
        view.update_marks((), [mark._replace(state="accepted", annotation="a" + mark.key)])
        view.focus_next(1, only_suggested=True)

    benchmark.pedantic(
        lambda: painted(view, accept), setup=lambda: rest(view), rounds=300 if size == "small" else 1000
    )
    percentiles(benchmark)


def test_update_without_moving(benchmark: Any, view: ReaderView, large: Document) -> None:
    view.show_document("d", large.text, large.marks, ())
    rest(view)
    view.verticalScrollBar().setValue(30_000)
    rest(view)
    shown = [mark for p in view.flow.visible(view.y0 + 50, 400) for mark in view.flow.content.in_paragraph(p)]
    states = ("accepted", "rejected", "suggested")
    turn = iter(range(10**6))

    def update() -> None:
        number = next(turn)
        mark = shown[number % len(shown)]
        view.update_marks((), [mark._replace(state=states[number // len(shown) % 3])])

    benchmark.pedantic(lambda: (update(), QApplication.processEvents()), rounds=500)
    percentiles(benchmark)


def test_scroll_by_page(benchmark: Any, view: ReaderView, large: Document) -> None:
    view.show_document("d", large.text, large.marks, ())
    painted(view, lambda: view.viewport().update())
    bar = view.verticalScrollBar()

    def between() -> None:
        """What happens between two repeats of a held key."""
        view._idle.blockSignals(False)
        view._idle.start(0)
        for _ in range(4):
            QApplication.processEvents()

    def page() -> None:
        painted(view, lambda: bar.setValue(bar.value() + bar.pageStep()))

    benchmark.pedantic(page, setup=between, rounds=300)
    percentiles(benchmark)


def test_scroll_by_wheel(benchmark: Any, view: ReaderView, large: Document) -> None:
    view.show_document("d", large.text, large.marks, ())
    rest(view)
    bar = view.verticalScrollBar()
    benchmark.pedantic(lambda: painted(view, lambda: bar.setValue(bar.value() + 51)), rounds=300)
    percentiles(benchmark)


def test_jump_anywhere(benchmark: Any, view: ReaderView, large: Document) -> None:
    view.show_document("d", large.text, large.marks, ())
    painted(view, lambda: view.viewport().update())
    pick = random.Random(3)
    marks = [mark for mark in large.marks if mark.spans]
    benchmark.pedantic(lambda: painted(view, lambda: view.focus_mark(pick.choice(marks).key)), rounds=200)
    percentiles(benchmark)


def test_zoom(benchmark: Any, view: ReaderView, large: Document) -> None:
    view.show_document("d", large.text, large.marks, ())
    rest(view)
    steps = iter((110, 100) * 50)
    benchmark.pedantic(lambda: painted(view, lambda: view.set_zoom(next(steps))), rounds=20)
    percentiles(benchmark)


def test_one_line_of_ten_megabytes(benchmark: Any, view: ReaderView) -> None:
    text = "vård och omsorg i regionen " * 370_000

    def show() -> None:
        painted(view, lambda: view.show_document("d", text, (), ()))

    benchmark.pedantic(show, rounds=3)
    percentiles(benchmark)
