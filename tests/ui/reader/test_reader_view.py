"""The reader from outside: what has focus, what keys and mouse select, and texts at the extremes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from models.marks import STATES, Mark
from models.spans import Span
from ui.panes.reader.content import Content
from ui.panes.reader.paragraphs import Paragraphs
from ui.panes.reader.view import ReaderView

Open = Callable[..., ReaderView]
Idle = Callable[[ReaderView], None]


def entity(key: str, start: int, end: int, state: str = "suggested", label: str = "PLACE") -> Mark:
    facts = {"annotation": "a-" + key} if state == "manual" else {"suggestion": key}
    return Mark(key, "entity", label, (Span(start, end),), state, **facts)  # type: ignore[arg-type]


def point_of(view: ReaderView, position: int, *, inside: bool = True) -> QPoint:
    place = view.flow.caret(position).translated(3 if inside else 0, -view.y0)
    return QPoint(place.left(), place.center().y())


# marks


def test_reading_order_with_nesting_and_relations() -> None:
    text = "Region Halland och SKR"
    outer, inner = entity("b", 0, 14), entity("a", 7, 14)
    twin, last = entity("c", 0, 14), entity("d", 19, 22)
    late = Mark("r2", "relation", "PART_OF", (), "suggested", head="d", tail="b")
    early = Mark("r1", "relation", "PART_OF", (), "suggested", head="a", tail="d")
    lost = Mark("r0", "relation", "PART_OF", (), "suggested", head="elsewhere", tail="nowhere")
    tail = Mark("r3", "relation", "PART_OF", (), "suggested", head="elsewhere", tail="b")
    marks = [lost, late, early, tail, twin, last, inner, outer]
    expected = ["b", "r3", "c", "a", "r1", "d", "r2", "r0"]
    whole = Content(Paragraphs(text), marks)
    grown = Content(Paragraphs(text), [])
    for mark in marks:
        grown.update((), [mark])
    for content in (whole, grown):
        order, mark = [], None
        while (mark := content.next(mark, 1)) is not None:
            order.append(mark.key)
        assert order == expected
        assert [content.next(content.marks["d"], -step).key for step in (1, 2, 3)] == ["r1", "a", "c"]
        assert content.next(None, 1, kinds={"relation"}).key == "r3"


def test_updates_leave_what_a_fresh_start_would(new_sample: Callable[..., object]) -> None:
    sample, other = new_sample(5, 20), new_sample(5, 20, 0.3)
    pick = random.Random(2)
    content = Content(Paragraphs(sample.text), sample.marks)
    marks = {mark.key: mark for mark in sample.marks}
    for _ in range(200):
        gone = pick.sample(sorted(marks), pick.randrange(3))
        fresh = [mark._replace(state=pick.choice(STATES)) for mark in pick.sample(other.marks, 3)]
        content.update(gone, fresh)
        for key in gone:
            del marks[key]
        marks |= {mark.key: mark for mark in fresh}
    again = Content(Paragraphs(sample.text), marks.values())
    assert content.marks == again.marks
    content.prepare(), again.prepare()
    assert content._order == again._order
    assert content._flags == again._flags
    assert content._crossing == again._crossing
    assert content._aliases == again._aliases


def test_ends_of_relations_are_found_by_any_of_their_ids(open_text: Open) -> None:
    head = Mark("s1", "entity", "PERSON", (Span(0, 3),), "accepted", annotation="a1", suggestion="s1")
    tail = Mark("a2", "entity", "PLACE", (Span(8, 11),), "manual", annotation="a2")
    by_annotation = Mark("r1", "relation", "PART_OF", (), "manual", annotation="r1", head="a1", tail="a2")
    view = open_text("Lisa på Öland", (head, tail, by_annotation))
    view.focus_mark("a1")
    assert view.focused == head
    assert [arc.relation.key for arc in view._arcs_shown] == ["r1"]
    view.update_marks(["a2"], ())
    assert view._arcs_shown[0].leads_to == "a2"
    with QtBotSignals(view.end_requested) as asked:
        click(view, view._arcs_shown[0].pill.center())
    assert asked == [("a2",)]


class QtBotSignals:
    """Collects what a signal says."""

    def __init__(self, signal: object) -> None:
        self.signal, self.said = signal, []

    def hear(self, *values: object) -> None:
        self.said.append(values)

    def __enter__(self) -> list[tuple[object, ...]]:
        self.signal.connect(self.hear)
        return self.said

    def __exit__(self, *_: object) -> None:
        self.signal.disconnect(self.hear)


def test_an_arc_to_a_far_end_leads_there(open_text: Open, idle: Idle) -> None:
    text = "Halland\n" + "rad\n" * 400 + "Öland"
    far = len(text) - 5
    relation = Mark("r", "relation", "PART_OF", (), "suggested", head="near", tail="far")
    view = open_text(text, (entity("near", 0, 7), entity("far", far, far + 5), relation))
    view.focus_mark("near")
    idle(view)
    assert "Öland" in view._arcs_shown[0].text
    click(view, view._arcs_shown[0].pill.center())
    assert view.focused.key == "far"
    assert 0 < view.flow.caret(far).top() - view.y0 < view.viewport().height()
    view.clear()


def test_removing_the_focused_mark_takes_the_focus(view: ReaderView) -> None:
    mark = view.focus_next(1)
    with QtBotSignals(view.focus_changed) as said:
        view.update_marks([mark.key], ())
    assert said == [(None,)]
    assert view.focused is None


# mouse and keys


def click(
    view: ReaderView, point: QPoint, *, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, point)
    view._clicks = (0.0, 0)


def send(
    view: ReaderView, kind: QEvent.Type, point: QPoint, pressed: Qt.MouseButton, held: Qt.MouseButton,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:  # fmt: skip
    place = QPointF(view.viewport().mapToGlobal(point))
    QApplication.sendEvent(view.viewport(), QMouseEvent(kind, QPointF(point), place, pressed, held, keys))


def drag(
    view: ReaderView, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    button, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, point, pressed, held in (
        (QEvent.Type.MouseButtonPress, start, button, button),
        (QEvent.Type.MouseMove, (start + end) / 2, none, button),
        (QEvent.Type.MouseMove, end, none, button),
        (QEvent.Type.MouseButtonRelease, end, button, none),
    ):
        send(view, kind, point, pressed, held, keys)
    view._clicks = (0.0, 0)


NASTY = "Region a\u030aker och 👩‍👩‍👧‍👦 på sam\u00adverkan i 15\u00a0000 fall\r\nאב גד nästa rad"


def test_a_drag_takes_whole_words(open_text: Open) -> None:
    view = open_text(NASTY)
    drag(view, point_of(view, 2), point_of(view, 10))
    assert NASTY[slice(*view.selection)] == "Region a\u030aker"
    drag(view, point_of(view, NASTY.index("👩")), point_of(view, NASTY.index("och") + 1))
    assert NASTY[slice(*view.selection)] == "och 👩‍👩‍👧‍👦"
    drag(view, point_of(view, NASTY.index("sam") + 1), point_of(view, NASTY.index("rad") + 1))
    assert NASTY[slice(*view.selection)] == NASTY[NASTY.index("sam") :]


def test_alt_takes_characters_and_control_adds(open_text: Open) -> None:
    view = open_text(NASTY)
    alt, control = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    drag(view, point_of(view, 1, inside=False), point_of(view, 4, inside=False), alt)
    assert NASTY[slice(*view.selection)] == "egi"
    drag(view, point_of(view, NASTY.index("och")), point_of(view, NASTY.index("och") + 2), control)
    assert [NASTY[slice(*span)] for span in view.fragments] == ["egi", "och"]
    view.clear_selection()
    assert view.fragments == ()


def test_a_drag_held_outside_scrolls_on(view: ReaderView, qtbot: QtBot, idle: Idle) -> None:
    start, outside = QPoint(view.metrics.left + 40, 200), QPoint(view.metrics.left + 40, 700)
    button, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    send(view, QEvent.Type.MouseButtonPress, start, button, button)
    for point in (start + QPoint(0, 30), outside):
        send(view, QEvent.Type.MouseMove, point, none, button)
    qtbot.waitUntil(lambda: view.y0 > 300, timeout=5000)
    end = view.selection.end
    qtbot.waitUntil(lambda: view.selection.end > end, timeout=5000)
    send(view, QEvent.Type.MouseButtonRelease, outside, button, none)
    assert not view._auto.isActive()
    idle(view)


def test_two_three_and_four_clicks(open_text: Open, qtbot: QtBot) -> None:
    text = "En mening till. Och en annan här."
    view = open_text(text)
    where, button = point_of(view, 5), Qt.MouseButton.LeftButton
    qtbot.mouseDClick(view.viewport(), button, pos=where)
    assert text[slice(*view.selection)] == "mening"
    qtbot.mousePress(view.viewport(), button, pos=where)
    qtbot.mouseRelease(view.viewport(), button, pos=where)
    assert text[slice(*view.selection)] == "En mening till."
    qtbot.mousePress(view.viewport(), button, pos=where)
    qtbot.mouseRelease(view.viewport(), button, pos=where)
    assert text[slice(*view.selection)] == text


def test_keys_move_and_extend_and_let_the_rest_through(open_text: Open, qtbot: QtBot) -> None:
    view = open_text(NASTY)
    shift, alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
    view.select(Span(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    qtbot.keyClick(view, Qt.Key.Key_Right, shift)
    assert NASTY[slice(*view.selection)] == "Region a\u030aker"
    qtbot.keyClick(view, Qt.Key.Key_Left, shift | alt)
    assert NASTY[slice(*view.selection)] == "Region a\u030ake"
    qtbot.keyClick(view, Qt.Key.Key_End, shift)
    assert view.selection.end == NASTY.index("\r")
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.flow.paragraphs.at(view.accents.caret) == 1
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.accents.caret == 0
    passed = []
    window = view.window()
    window.keyPressEvent = None if window is view else passed.append
    for key in (Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        type(view).keyPressEvent(view, event)
        assert not event.isAccepted()


def test_clicks_go_through_overlaps_from_the_inside(open_text: Open) -> None:
    text = "Region Halland beslutade om vården."
    claim = Mark("claim", "claim", "CLAIM", (Span(0, len(text)),), "suggested", suggestion="claim")
    view = open_text(text, (entity("outer", 0, 14), entity("inner", 7, 14), claim))
    seen = []
    for _ in range(4):
        click(view, point_of(view, 9))
        seen.append(view.focused.key)
    assert seen == ["inner", "outer", "claim", "inner"]
    view.focus_mark(None)
    assert [view.focus_at(9).key for _ in range(3)] == ["inner", "outer", "claim"]
    flow = view.flow
    block, row, tag = flow.tag_of(flow.content.marks["outer"])
    y = flow.top(block.paragraph) + flow.tag_top(row, tag.lane) + 3 - view.y0
    click(view, QPoint(view.metrics.left + tag.x + 4, y))
    assert view.focused.key == "outer"


def test_choosing_the_other_end(open_text: Open, idle: Idle) -> None:
    text = "Lisa i Halland och Öland" + "\nrad" * 300 + "\nGotland"
    last = len(text) - 7
    marks = (entity("p", 0, 4), entity("h", 7, 14), entity("o", 19, 24), entity("g", last, last + 7))
    view = open_text(text, marks)
    view.focus_mark("p")
    view.begin_targets(["g", "h", "unknown"])
    assert view.target == "h"
    assert [view.move_target(step) for step in (1, 1, -1)] == ["g", "h", "g"]
    idle(view)
    assert 0 < view.flow.caret(last).top() - view.y0 < view.viewport().height()
    view.verticalScrollBar().setValue(0)
    with QtBotSignals(view.target_chosen) as chosen:
        click(view, point_of(view, 20))
        click(view, point_of(view, 9))
    assert chosen == [("h",)]
    assert view.focused.key == "p"
    view.end_targets()
    assert view.target is None and view.accents.legal is None


def test_tool_tip_tells_what_is_there(open_text: Open) -> None:
    view = open_text("Region Halland", (entity("k", 0, 14)._replace(score=0.834, source="regler"),))
    where = point_of(view, 3)
    event = QHelpEvent(QEvent.Type.ToolTip, where, view.viewport().mapToGlobal(where))
    QApplication.sendEvent(view.viewport(), event)
    assert QToolTip.text() == "Place, suggested, score 83 %, regler: Region Halland"
    QToolTip.hideText()


# extremes


@pytest.mark.parametrize(
    "text", ["", "\n", "\r\n\r\n", "\x00", "\ufeffx", "x" * 9000, "\u0301", "a\u2028b\u2029c"]
)
def test_odd_texts_open_and_can_be_walked(open_text: Open, text: str) -> None:
    marks = (entity("k", 0, len(text)),) if text else ()
    view = open_text(text, marks)
    for unit in ("word", "character", "line", "paragraph", "page", "document"):
        for step in (1, -1):
            view.move_caret(step, unit, True)
            assert view.selection is None or 0 <= view.selection.start < view.selection.end <= len(text)
    view.reveal(Span(0, len(text)))
    view.focus_next(1)
    view.grab()


def test_ten_megabytes_in_one_line(empty_view: ReaderView) -> None:
    text = "vård och omsorg 😀 " * 530_000
    end = len(text)
    empty_view.show_document("d", text, (entity("last", end - 5, end - 2),), ())
    QApplication.processEvents()
    assert len(empty_view.flow.blocks) < 20
    empty_view.focus_mark("last")
    QApplication.processEvents()
    assert 0 < empty_view.flow.caret(end - 5).top() - empty_view.y0 < empty_view.viewport().height()
    assert len(empty_view.flow.blocks) < 400


def test_another_document_starts_afresh(view: ReaderView, idle: Idle) -> None:
    view.focus_next(1)
    view.select(Span(0, 8))
    view.set_hits([Span(0, 4)])
    view.show_document("d2", "kort", (), ())
    idle(view)
    assert view.focused is None and view.selection is None and view.accents.hits == ()
    assert view.verticalScrollBar().maximum() == 0
    view.clear()
    assert view.flow is None and view.focus_next(1) is None and view.selection is None


def test_settings_that_move_nothing_lay_nothing_out(view: ReaderView) -> None:
    blocks = dict(view.flow.blocks)
    view.apply_settings(replace(view.settings, arcs="all", reduced_motion=False))
    assert dict(view.flow.blocks) == blocks
    view.apply_settings(replace(view.settings, line_width=40))
    assert dict(view.flow.blocks) != blocks
