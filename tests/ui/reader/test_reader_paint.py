"""Where lines, tags and arcs stand, and what a change repaints."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from models.marks import STATES, Mark
from models.spans import Span
from ui.panes.reader.block import Row
from ui.panes.reader.view import ReaderView

Open = Callable[..., ReaderView]
Idle = Callable[[ReaderView], None]


def entity(key: str, start: int, end: int, state: str = "suggested", label: str = "PLACE") -> Mark:
    facts = {"annotation": "a-" + key} if state == "manual" else {"suggestion": key}
    return Mark(key, "entity", label, (Span(start, end),), state, **facts)  # type: ignore[arg-type]


def rows(view: ReaderView) -> list[tuple[int, Row]]:
    flow = view.flow
    assert flow is not None
    return [(flow.top(at), row) for at in flow.visible(0, 2000) for row in flow.block(at).rows]


# geometry


def test_nothing_overlaps_anything(view: ReaderView) -> None:
    flow, metrics = view.flow, view.metrics
    seen, low = 0, 0
    for top, row in rows(view):
        assert top + row.top >= low - 1
        low = top + row.bottom
        areas = [QRect(tag.x, flow.tag_top(row, tag.lane), tag.width, metrics.tag_height) for tag in row.tags]
        for number, area in enumerate(areas):
            assert area.bottom() < row.text_top
            assert area.top() >= row.lanes_top - 1
            assert area.left() >= 0 and area.right() <= metrics.column
            assert not any(area.intersects(other) for other in areas[:number])
            seen += 1
        for level in {box.level for box in row.boxes}:
            here = sorted((box.x0, box.x1) for box in row.boxes if box.level == level)
            assert all(a[1] <= b[0] for a, b in pairwise(here))
    assert seen > 50


def test_arc_lane_is_free_above_tags(view: ReaderView, idle: Idle) -> None:
    view.set_arcs("all")
    idle(view)
    texts = [
        QRect(0, top + row.text_top - view.y0, view.metrics.width, row.text_bottom - row.text_top)
        for top, row in rows(view)
    ]
    assert view._arcs_shown
    for arc in view._arcs_shown:
        assert arc.pill.isValid()
        assert not any(arc.pill.intersects(text) for text in texts)


def test_every_place_is_in_whole_pixels(view: ReaderView) -> None:
    for _, row in rows(view):
        numbers = [row.top, row.lanes_top, row.text_top, row.text_bottom, row.bottom]
        numbers += [part for box in row.boxes for part in (box.x0, box.x1)]
        assert all(isinstance(number, int) for number in numbers)


def test_mixed_directions_get_their_own_pieces(open_text: Open) -> None:
    text = "ab שלום עולם cd"
    view = open_text(text, (entity("k", 3, 12),))
    block = view.flow.block(0)
    (first, last) = block.pieces(0, 3, 7)[0]
    assert last - first > 15
    whole = block.pieces(0, 3, 12)
    assert min(piece[0] for piece in whole) >= block.pieces(0, 0, 2)[0][1] - 2
    assert max(piece[1] for piece in whole) <= block.pieces(0, 13, 15)[0][0] + 2


# painting


def test_one_paint_for_a_decision(view: ReaderView, idle: Idle) -> None:
    mark = view.focus_next(1, only_suggested=True)
    idle(view)
    before = view.paints
    view.update_marks((), [mark._replace(state="accepted", annotation="new")])
    view.focus_next(1, only_suggested=True)
    idle(view)
    assert view.paints == before + 1


def test_a_change_of_state_gives_the_rows_that_placing_anew_gives(view: ReaderView) -> None:
    pick = random.Random(8)
    for _ in range(60):
        mark = pick.choice([mark for mark in view.flow.content.marks.values() if mark.spans])
        state = pick.choice(STATES)
        view.update_marks((), [mark._replace(state=state, annotation=mark.annotation or "a" + mark.key)])
    for block in list(view.flow.blocks.values()):
        patched = block.rows
        view.flow.placer.place(block)
        assert block.rows == patched


def test_nothing_runs_when_nothing_happens(view: ReaderView, idle: Idle) -> None:
    before = view.paints
    idle(view)
    assert view.paints == before
    assert not view._idle.isActive() and not view._fade.isActive() and not view._auto.isActive()
    assert all(view.flow.heights.known)


def test_states_differ_without_colour(open_text: Open) -> None:
    text = "\n".join(["Halland"] * len(STATES))
    marks = tuple(entity(f"k{n}", n * 8, n * 8 + 7, state) for n, state in enumerate(STATES))
    view = open_text(text, marks)
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    seen = set()
    for top, row in rows(view):
        left = view.metrics.left + row.tags[0].x
        area = QRect(left, top + row.lanes_top, 90, row.bottom - row.lanes_top)
        seen.add(bytes(picture.copy(area).convertToFormat(QImage.Format.Format_Mono).constBits()))
    assert len(seen) == len(STATES)


def test_furniture_is_dimmed(open_text: Open) -> None:
    view = open_text("Meny Meny\nMeny Meny", furniture=(Span(0, 9),))
    picture = view.grab().toImage()

    def darkest(paragraph: int) -> int:
        row = view.flow.block(paragraph).rows[0]
        top = view.flow.top(paragraph) + row.text_top
        return min(
            picture.pixelColor(x, y).lightness()
            for x in range(view.metrics.left, view.metrics.left + 60)
            for y in range(top, top + 14)
        )

    assert darkest(0) > darkest(1) + 60


def test_theme_and_zoom_keep_the_line_in_sight(view: ReaderView, idle: Idle) -> None:
    view.verticalScrollBar().setValue(700)
    idle(view)
    position, y = view.anchor_row()
    view.set_theme("dark")
    assert view.anchor_row() == (position, y)
    view.set_zoom(170)
    idle(view)
    paragraph, row, _ = view.flow.locate(position)
    shown = view.flow.top(paragraph) + view.flow.block(paragraph).rows[row].text_top - view.y0
    assert abs(shown - y) <= 1
    view.set_zoom(1000)
    assert view.settings.zoom == 300


def test_growing_lines_above_do_not_move_the_focused_line(view: ReaderView, idle: Idle) -> None:
    view.verticalScrollBar().setValue(600)
    idle(view)
    here = [m for p in view.flow.visible(view.y0 + 200, 200) for m in view.flow.content.in_paragraph(p)]
    view.focus_mark(here[-1].key)
    idle(view)
    _, y = view.anchor_row()
    start = view.flow.paragraphs.starts[view.flow.at(view.y0 + 20)]
    view.update_marks((), [entity(f"n{n}", start, start + 2 + n, "manual") for n in range(3)])
    idle(view)
    assert view.anchor_row()[1] == y
