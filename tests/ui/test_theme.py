"""Colours stay readable in both themes, and labels and states can be told apart without colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.marks import STATES
from ui.colours import contrast, mix, readable
from ui.panes.reader.legend import Legend
from ui.theme import DARK, LIGHT, STATE_STYLES, LabelStyle, Palette, Theme, apply_theme, current_theme

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@BOTH
def test_text_reaches_aa_on_every_ground(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.alternate, theme.button):
        for text in (theme.text, theme.muted, theme.accent, theme.success, theme.warning, theme.error):
            assert contrast(text, ground) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.text, theme.selection) >= 4.5
    assert contrast(theme.text, theme.hit) >= 4.5


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_any_label_colour_becomes_readable(colour: str, theme: Theme) -> None:
    found = Palette([LabelStyle("X", "X", colour)]).colours("X", theme)
    assert contrast(found.stroke, theme.base) >= 4.5
    assert contrast(found.on_stroke, found.stroke) >= 4.5
    assert contrast(theme.text, found.strong) >= 4.5
    assert contrast(theme.text, found.soft) >= 4.5


def test_arithmetic() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert round(contrast("#000000", "#ffffff")) == 21
    assert readable("#000000", "#ffffff") == "#000000"


def test_states_differ_in_line_and_sign() -> None:
    assert set(STATE_STYLES) == set(STATES)
    assert len({style.line for style in STATE_STYLES.values()}) == len(STATES)
    assert len({style.glyph for style in STATE_STYLES.values()}) == len(STATES)


def test_labels_of_a_like_hue_get_different_patterns() -> None:
    palette = Palette([LabelStyle(f"L{n}", f"L{n}", "#2f6fed") for n in range(7)])
    assert len({palette.pattern(f"L{n}") for n in range(7)}) == 7
    assert palette.title("UNKNOWN") == "UNKNOWN"
    assert palette.colours("UNKNOWN", LIGHT) == Palette().colours("UNKNOWN", LIGHT)


@BOTH
def test_the_application_is_dressed(qapp: QApplication, theme: Theme) -> None:
    before = qapp.palette(), qapp.styleSheet(), current_theme().name
    assert apply_theme(qapp, theme.name) is theme
    assert current_theme() is theme
    assert qapp.palette().window().color().name() == theme.window
    apply_theme(qapp, before[2])
    qapp.setStyleSheet(before[1])
    qapp.setPalette(before[0])


@BOTH
def test_the_legend_names_states_and_used_labels(qtbot: QtBot, theme: Theme) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    empty = legend.sizeHint().height()
    palette = Palette([LabelStyle("A", "Plats", "#1f8a4c", "p"), LabelStyle("B", "Roll", "#7a52cc", "r")])
    legend.show_labels(palette, {"A"}, theme)
    legend.resize(legend.sizeHint())
    assert "Plats" in legend.accessibleDescription() and "Roll" not in legend.accessibleDescription()
    assert legend.sizeHint().height() > empty
    picture = legend.grab().toImage()
    assert picture.pixelColor(0, 0).name() == theme.base
    assert len({picture.pixel(x, y) for x in range(0, 60, 2) for y in range(0, legend.height(), 2)}) > 8
