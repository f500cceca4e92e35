"""Sharing documents out: exact overlap, even loads, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UserError
from models.packages import Portion, Wish, shares, split
from models.proportions import Share, difference
from models.sampling import place_of

LENGTHS = st.lists(st.tuples(st.integers(1, 5000), st.booleans()), min_size=1, max_size=60)
WISHES = st.integers(2, 6).flatmap(
    lambda people: st.builds(
        Wish,
        st.just(tuple(f"person {n}" for n in range(people))),
        st.sampled_from((0.0, 0.1, 0.25, 1 / 3, 0.5, 1.0)),
        st.none() | st.integers(2, people),
        st.sampled_from(("", "å😀", "annat")),
    )
)


def portions(lengths: list[tuple[int, bool]]) -> list[Portion]:
    return [Portion(f"document {n}", length, control) for n, (length, control) in enumerate(lengths)]


@given(LENGTHS, WISHES)
def test_every_document_gets_its_annotators_and_the_overlap_is_exact(
    lengths: list[tuple[int, bool]], wish: Wish
) -> None:
    found = portions(lengths)
    given_ = split(found, wish)
    assert given_.keys() == {one.id for one in found}
    each = wish.each or len(wish.annotators)
    counts = Counter(len(set(people)) for people in given_.values())
    overlapping = round(wish.overlap * len(found))
    assert counts == Counter({1: len(found) - overlapping, each: overlapping})
    assert all(set(people) <= set(wish.annotators) and len(set(people)) == len(people) for people in given_.values())


@given(LENGTHS, WISHES)
def test_loads_are_even(lengths: list[tuple[int, bool]], wish: Wish) -> None:
    found = portions(lengths)
    got = shares(found, split(found, wish), wish)
    controls = [one.controls for one in got]
    assert max(controls) - min(controls) <= 1
    loads = [one.length for one in got]
    # Without controls the longest document bounds the difference; controls go by number first.
    bound = max(one.length for one in found) * (2 if any(one.control for one in found) else 1)
    assert max(loads) - min(loads) <= bound
    if not wish.overlap:
        assert sum(loads) == sum(one.length for one in found)
        assert sum(one.documents for one in got) == len(found)


@given(LENGTHS, WISHES, st.randoms(use_true_random=False))
def test_the_order_in_which_documents_come_does_not_matter(
    lengths: list[tuple[int, bool]], wish: Wish, chance: object
) -> None:
    found = portions(lengths)
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert split(found, wish) == split(mixed, wish)


@given(LENGTHS.filter(lambda found: sum(control for _, control in found) >= 4))
def test_controls_take_part_in_the_overlap_in_proportion(lengths: list[tuple[int, bool]]) -> None:
    found = portions(lengths)
    wish = Wish(("a", "b", "c"), 0.5, 2)
    given_ = split(found, wish)
    controls = [one.id for one in found if one.control]
    others = len(found) - len(controls)
    overlapping = sum(len(given_[one]) > 1 for one in controls)
    wanted = round(0.5 * len(controls))
    assert max(wanted, round(0.5 * len(found)) - others) == overlapping


def test_another_seed_shares_out_otherwise() -> None:
    found = portions([(100, False)] * 40)
    plain, other = (split(found, Wish(("a", "b"), 0.25, None, seed)) for seed in ("", "2"))
    assert plain != other
    assert split(found, Wish(("a", "b"), 0.25, None, "2")) == other


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(()), "team.no-annotators"),
        (Wish(("a", "b"), 1.5), "team.no-overlap"),
        (Wish(("a", "b"), -0.1), "team.no-overlap"),
        (Wish(("a",), 0.5), "team.too-few-annotators"),
        (Wish(("a", "b"), 0.5, 3), "team.too-few-annotators"),
        (Wish(("a", "b"), 0.5, 1), "team.too-few-annotators"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(wish: Wish, code: str) -> None:
    with pytest.raises(UserError) as caught:
        split(portions([(10, False)]), wish)
    assert caught.value.code == code


@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_keeps_what_a_smaller_one_has(document: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    place = place_of("control", document)
    assert 0 <= place < 1
    assert not place < small or place < large


def test_places_are_spread_evenly() -> None:
    share = sum(place_of("control", f"document {n}") < 0.1 for n in range(20_000)) / 20_000
    assert abs(share - 0.1) < 0.01  # five standard deviations


def test_intervals_are_those_that_were_published() -> None:
    """Newcombe, *Statistics in Medicine* 17 (1998): 857-872, table I, and 873-890, table II, method 10."""
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Share(0, 20).interval == pytest.approx((0.0000, 0.1611), abs=5e-5)
    assert difference(Share(56, 70), Share(48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference(Share(9, 10), Share(3, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert difference(Share(1, 2), Share(0, 0)) is None
