"""Code points ↔ UTF-16 units against Python's own encoder."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ui.offsets import OffsetMap

texts = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aåäö \u00a0\u00ad\u030a\u200d\ufe0f\r\n😀👩🇸🇪𝛼"),
    ),
    max_size=60,
)
NASTY = "a\u030a 15\u00a0000 sam\u00adverkan 👩‍👩‍👧‍👦😀"


def units_before(text: str, point: int) -> int:
    return len(text[:point].encode("utf-16-le", "surrogatepass")) // 2


@given(texts)
@example(NASTY)
@example("")
@example("\ud800 lone")
def test_every_code_point_has_its_unit(text: str) -> None:
    offsets = OffsetMap(text)
    for point in range(len(text) + 1):
        assert offsets.to_units(point) == units_before(text, point)
    assert offsets.units == units_before(text, len(text))


@given(texts)
@example(NASTY)
def test_there_and_back_is_the_same_place(text: str) -> None:
    offsets = OffsetMap(text)
    assert [offsets.to_points(offsets.to_units(point)) for point in range(len(text) + 1)] == list(
        range(len(text) + 1)
    )


@given(texts)
@example("x😀y")
def test_a_unit_inside_a_pair_is_its_character(text: str) -> None:
    offsets = OffsetMap(text)
    for point, character in enumerate(text):
        if ord(character) > 0xFFFF:
            assert offsets.to_points(units_before(text, point) + 1) == point


@given(texts)
def test_identity_is_claimed_only_where_it_holds(text: str) -> None:
    assert OffsetMap(text).identity == (units_before(text, len(text)) == len(text))
