"""Offsets in UTF-16 and grapheme clusters, to code points and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.units import UNITS, Offsets
from models.errors import UserError

LETTERS = (
    "aå1. \u00a0\u00ad\r\n\u2028\u0301\u030a\u200d\u200c\ufe0f😀👩🔬🏾♂❤🏴\U000e0062\U000e007f🇸🇪🇳한"
    "\u1100\u1161\u11a8\u0600\u0903\u0e01\u0e33\u20e3𝒳"
)
TEXTS = st.text(st.sampled_from(LETTERS), max_size=25)


@given(text=TEXTS)
def test_utf16_is_what_the_codec_counts(text: str) -> None:
    offsets = Offsets(text, "utf-16")
    units = [len(text[:point].encode("utf-16-le")) // 2 for point in range(len(text) + 1)]
    assert [offsets.unit(point) for point in range(len(text) + 1)] == units
    for unit in range(units[-1] + 1):
        if unit in units:
            assert offsets.point(unit) == units.index(unit)
        else:
            with pytest.raises(UserError, match=r"peers\.inside-character"):
                offsets.point(unit)


@given(text=TEXTS)
def test_clusters_are_those_of_the_standard(text: str) -> None:
    regex = pytest.importorskip("regex")
    clusters = regex.findall(r"\X", text)
    offsets = Offsets(text, "graphemes")
    assert offsets.length == len(clusters)
    points = [len("".join(clusters[:number])) for number in range(len(clusters) + 1)]
    assert [offsets.point(number) for number in range(len(points))] == points
    for point in range(len(text) + 1):
        if point in points:
            assert offsets.unit(point) == points.index(point)
        else:
            with pytest.raises(UserError, match=r"peers\.inside-character"):
                offsets.unit(point)


@pytest.mark.parametrize(
    ("text", "clusters"),
    [("a\r\nb", 3), ("va\u030ard", 4), ("👩\u200d🔬", 1), ("🇸🇪🇳🇴", 2), ("sa\u00adde", 5), ("e\u0301\u0302", 1)],
)
def test_what_counts_as_one(text: str, clusters: int) -> None:
    assert Offsets(text, "graphemes").length == clusters


@pytest.mark.parametrize("unit", UNITS)
def test_outside_and_empty_are_told(unit: str) -> None:
    offsets = Offsets("å😀e\u0301", unit)  # type: ignore[arg-type]
    assert offsets.span(0, offsets.length) == (0, 4)
    for bad in (-1, offsets.length + 1):
        with pytest.raises(UserError, match=r"peers\.outside-text"):
            offsets.point(bad)
    for bad in (-1, 5):
        with pytest.raises(UserError, match=r"peers\.outside-text"):
            offsets.unit(bad)
    with pytest.raises(UserError, match=r"span\.empty"):
        offsets.span(1, 1)
