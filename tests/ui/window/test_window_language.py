"""Language, theme and size change at once, everywhere; what is chosen is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTabBar, QWidget

from app.messages import language
from app.paths import resource
from app.settings import load_settings
from tests.ui.window.conftest import Hands

OTHER = ("action", "In English")
"""What the action is called that changes to the other language: it speaks that one."""


def sentences(spoken: str) -> set[str]:
    """Return every sentence without placeholders that a language has and the other has not."""

    def all_of(one: str) -> set[str]:
        found: set[str] = set()
        for path in resource("translations", one).glob("*.json"):
            for value in json.loads(path.read_text("utf-8")).values():
                found |= {value} if isinstance(value, str) else set(value.values())
        return found

    other = "en" if spoken == "sv" else "sv"
    return {one for one in all_of(spoken) - all_of(other) if "{" not in one and len(one) > 2}


def texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """Yield what every widget says, seen or not, with where it says it."""
    for widget in (window, *window.findChildren(QWidget)):
        where = f"{type(widget).__name__} {widget.objectName()}"
        for name in ("text", "title", "placeholderText", "toolTip", "accessibleName", "accessibleDescription",
                     "windowTitle"):  # fmt: skip
            value = getattr(widget, name, None)
            if callable(value) and not (name == "text" and isinstance(widget, QLineEdit)):
                yield f"{where}.{name}", str(value())
        if isinstance(widget, QTabBar):
            yield from ((f"{where} tab", widget.tabText(n)) for n in range(widget.count()))
        if isinstance(widget, QComboBox):
            yield from ((f"{where} item", widget.itemText(n)) for n in range(widget.count()))
    for action in window.findChildren(QAction):
        yield "action", action.text()


@pytest.mark.parametrize("focus", [None, "claim", "bo"])
def test_no_word_of_the_other_language_stays(hands: Hands, focus: str | None) -> None:
    window = hands.window
    for pane in ("search", "claims", "relations", "history", "inspector"):
        window.side.show_pane(pane)
        QApplication.processEvents()
    if focus:
        hands.look(focus)
    QApplication.processEvents()
    assert language() == "en"
    labels = {("action", title) for one in hands.workspace.reads.label_set() for title in one.title.values()}
    on_purpose = labels | {OTHER}
    for spoken, foreign in (("sv", "en"), ("en", "sv")):
        window.actions_by_id.run("view.language")
        QApplication.processEvents()
        assert language() == spoken
        strange = sentences(foreign)
        window.status.notice.clear()
        assert not {one for one in texts(window) if one[1].replace("&", "") in strange} - on_purpose


def test_the_page_to_begin_with_changes_too(empty_window: Hands) -> None:
    empty_window.window.looks.change(language="sv")
    strange = sentences("en")
    assert not {one for one in texts(empty_window.window) if one[1].replace("&", "") in strange} - {OTHER}
    assert load_settings().language == "sv"


def test_the_title_follows_the_language(hands: Hands) -> None:
    hands.window.looks.change(language="sv")
    assert hands.window.windowTitle() == "vård – Kurator"
    assert hands.window.menuBar().actions()[0].text() == "&Projekt"


def test_light_and_dark_change_at_once(hands: Hands) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    hands.window.looks.change(theme="light")
    light = app.palette().color(QPalette.ColorRole.Window)
    hands.press("Ctrl+Shift+T")
    assert app.palette().color(QPalette.ColorRole.Window).lightness() < light.lightness()
    assert hands.reader.theme.dark
    hands.press("Ctrl+Shift+T")
    assert app.palette().color(QPalette.ColorRole.Window) == light and not hands.reader.theme.dark
    assert load_settings().theme == "light"


def test_the_size_of_the_text_is_kept_by_key_and_by_wheel(hands: Hands) -> None:
    hands.press("Ctrl++", "Ctrl++")
    assert load_settings().zoom == pytest.approx(1.21) and hands.reader.settings.zoom == 121
    hands.press("Ctrl+-", "Ctrl+0")
    assert load_settings().zoom == 1.0 and hands.reader.settings.zoom == 100
    place = QPointF(100, 100)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(hands.reader.viewport(), wheel)
    assert load_settings().zoom == pytest.approx(1.1) and hands.reader.settings.zoom == 110
    for _ in range(30):
        hands.press("Ctrl++")
    assert load_settings().zoom == 3.0


def test_arcs_and_rejected_marks_are_kept(hands: Hands) -> None:
    modes = []
    for _ in range(3):
        hands.press("Shift+R")
        modes.append(hands.reader.settings.arcs)
    assert sorted(modes) == ["all", "focused", "none"] and len(hands.said) == 3
    shown = hands.reader.settings.show_rejected
    hands.press("Shift+V")
    assert hands.reader.settings.show_rejected is not shown is not load_settings().show_rejected


def test_panes_come_and_go_and_f6_walks_them(hands: Hands) -> None:
    window = hands.window
    seen = []
    for _ in range(3):
        hands.press("F6")
        focus = QApplication.focusWidget()
        seen.append(next(p for p in (window.corpus, window.document, window.side) if p.isAncestorOf(focus)))
    assert seen == [window.side, window.corpus, window.document]
    hands.press("F8")
    assert window.corpus.isHidden()
    hands.press("F9")
    assert window.side.isHidden()
    hands.press("F6")
    assert hands.reader.hasFocus()
    hands.press("Ctrl+F")
    assert window.side.isVisible() and window.side.current == "search"
    hands.press("Ctrl+2")
    assert window.corpus.isVisible()
    for keys, pane in (("Ctrl+3", "inspector"), ("Ctrl+4", "claims"), ("Ctrl+5", "relations"), ("Ctrl+6", "history")):
        hands.press(keys)
        focus = QApplication.focusWidget()
        assert window.side.current == pane and focus is not None and window.side.isAncestorOf(focus), pane
    hands.press("Ctrl+1")
    assert hands.reader.hasFocus()
