"""Things and mentions: what is compared, what is proposed and how likely, and what becomes of merged things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.naming import Naming
from models.register import (
    CERTAIN,
    LEAST,
    Mention,
    Register,
    Seen,
    Thing,
    form,
    is_abbreviation,
    merged,
    proposed,
    stands_for,
)

ORG, PERSON = "ORGANISATION", "PERSON"
HALLAND = Thing("t1", ORG, "Region Halland", ("Landstinget Halland",))
SKR = Thing("t2", ORG, "Sveriges Kommuner och Regioner", ("SKR", "SKL"), {"wikidata": "Q1"}, ("t9",))


def register(*things: Thing) -> Register:
    return Register(things or (HALLAND, SKR))


@pytest.mark.parametrize(
    "words",
    [
        "region  halland",
        "Region\u00a0Halland",
        "Region-Halland",
        "Region Hal\u00adland",
        "REGION HALLAND",
        "Region Halland.",
        "Region\u2010Halland",
    ],
)
def test_case_blanks_hyphens_and_soft_hyphens_do_not_count(words: str) -> None:
    assert form(words) == form("Region Halland")


def test_a_decomposed_letter_and_an_emoji_are_compared_as_they_are_read() -> None:
    assert form("Ska\u030ane 😀") == form("Skåne 😀") != form("Skane 😀")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Region Halland", "name"),
        ("Landstinget\u00a0Halland", "alias"),
        ("Region Hallands", "genitive"),
        ("SKR:s", "genitive"),
        ("SKL’s", "genitive"),
        ("skr", "alias"),
    ],
)
def test_a_mention_is_recognised_and_told_why(words: str, why: str) -> None:
    (found,) = register().candidates(ORG, words, {})
    assert (found.thing, found.why) == ("t1" if "alland" in words else "t2", why)
    assert found.score == CERTAIN[found.why]


@pytest.mark.parametrize("words", ["Halland", "Hallands läns landsting", "Region Hall", "s", "", "😀", "–"])
def test_what_nobody_calls_it_is_no_candidate(words: str) -> None:
    assert not register().candidates(ORG, words, {})


def test_a_label_of_another_kind_is_another_thing() -> None:
    assert not register().candidates("PLACE", "Region Halland", {})


def test_a_name_that_ends_in_s_wins_over_a_genitive() -> None:
    known = register(Thing("a", "PLACE", "Borås"), Thing("b", "PLACE", "Borå"))
    assert [one.thing for one in known.candidates("PLACE", "Borås", {})] == ["a"]


def test_two_things_of_one_name_share_the_certainty_and_neither_is_proposed() -> None:
    known = register(Thing("a", PERSON, "Anna Ek"), Thing("b", PERSON, "Anna  Ek"))
    found = known.candidates(PERSON, "Anna Ek", {})
    assert [one.thing for one in found] == ["a", "b"]
    assert found[0].score == found[1].score <= LEAST
    assert proposed(found) is None
    assert known.twins() == [("a", "b")]


def test_what_people_linked_decides_between_two_of_one_name() -> None:
    known = register(Thing("a", PERSON, "Anna Ek"), Thing("b", PERSON, "Anna Ek"))
    found = known.candidates(PERSON, "Anna Ek", {"b": Seen(8)})
    best = proposed(found)
    assert best is not None and best.thing == "b"
    assert best.score + found[1].score <= 1


def test_a_form_that_people_linked_is_proposed_by_laplaces_rule() -> None:
    known = register()
    for linked, refused in ((1, 0), (3, 0), (3, 2)):
        (found,) = known.candidates(ORG, "Halland", {"t1": Seen(linked, refused)})
        assert found.why == "elsewhere"
        assert found.score == pytest.approx((linked + 1) / (linked + refused + 2))
    assert not known.candidates(ORG, "Halland", {"t1": Seen(0, 3)})


def test_refusals_of_the_same_words_make_a_link_less_likely_and_a_refused_one_goes() -> None:
    (plain,), (doubted,) = (register().candidates(ORG, "SKR", {"t2": Seen(0, no)}) for no in (0, 9))
    assert doubted.score < plain.score
    assert not register().candidates(ORG, "SKR", {}, refused=("t9",))  # by the id of one merged into it


def test_a_thing_is_found_by_the_ids_merged_into_it() -> None:
    known = register()
    assert known.find("t9") == known.find("t2") == SKR
    assert known.find("t0") is known.find(None) is None
    (found,) = known.candidates(ORG, "Kommunförbundet", {"t9": Seen(2)})
    assert found.thing == "t2"


counts = st.builds(Seen, st.integers(0, 50), st.integers(0, 50))


@given(
    st.dictionaries(st.sampled_from(["t1", "t2", "t3", "t9", "gone"]), counts), st.sampled_from(["SKR", "X", "SKRs"])
)
def test_scores_are_probabilities_however_much_was_seen(seen: dict[str, Seen], words: str) -> None:
    known = register(HALLAND, SKR, Thing("t3", ORG, "SKR"))
    found = known.candidates(ORG, words, seen)
    assert all(0 <= one.score <= 1 for one in found)
    assert sum(one.score for one in found) <= 1 + 1e-9
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.thing for one in found}) == len(found)


# Abbreviations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("SKR", "Sveriges Kommuner och Regioner"),
        ("SKR:s", "Sveriges Kommuner och Regioner"),
        ("IVO", "Inspektionen för vård och omsorg"),
        ("FoHM", "Folkhälsomyndigheten"),
        ("eHM", "E-hälsomyndigheten"),
        ("MSB", "Myndigheten för samhällsskydd och beredskap"),
        ("TLV", "Tandvårds- och läkemedelsförmånsverket"),
        ("IMY", "Integritetsskyddsmyndigheten"),
        ("PTS", "Post- och telestyrelsen"),
        ("VGR", "Västra Götalandsregionen"),
    ],
)
def test_an_abbreviation_can_stand_for_its_name(short: str, full: str) -> None:
    assert is_abbreviation(short)
    assert stands_for(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [("SKR", "Region Halland"), ("RSK", "Sveriges Kommuner och Regioner"), ("SKR", "SKR"), ("S", "Socialstyrelsen")],
)
def test_an_abbreviation_of_something_else_cannot(short: str, full: str) -> None:
    assert not stands_for(short, full)


@pytest.mark.parametrize("words", ["Skåne", "Region Halland", "s", "S", "1177", "SVERIGES KOMMUNER"])
def test_names_are_no_abbreviations(words: str) -> None:
    assert not is_abbreviation(words)


def mentions(text: str, *told: tuple[str, str, str | None]) -> list[Mention]:
    """Return (words, label, thing) as mentions where they stand in the text, one after the other."""
    found, at = [], 0
    for number, (words, label, thing) in enumerate(told):
        at = text.index(words, at)
        end = at + len(words)
        found.append(Mention(f"m{number}", label, at, end, words, thing, text[:at].rstrip().endswith("(")))
        at = end
    return found


def test_brackets_explain_an_abbreviation_in_the_whole_document() -> None:
    text = "SKR 😀 säger. Skåningars Kultur\u00adråd (SKR) växer. Det gläder SKR:s ordförande."
    known = mentions(
        text, ("SKR", ORG, None), ("Skåningars Kultur\u00adråd", ORG, "k"), ("SKR", ORG, None), ("SKR:s", ORG, None)
    )
    things = register(SKR, Thing("k", ORG, "Skåningars kulturråd"))
    naming = Naming(known)
    for number in (0, 2, 3):
        (told,) = naming.told(known[number], things)
        assert (told.thing, told.why, told.of) == ("k", "abbreviation", known[1].words)
    found = things.candidates(ORG, "SKR", {}, (), naming.told(known[0], things))
    assert [one.thing for one in found] == ["k", "t2"]  # what the document says goes before what is so elsewhere
    assert sum(one.score for one in found) <= 1


def test_brackets_that_hold_something_else_explain_nothing() -> None:
    text = "Region Halland (SKR) växer. SKR"
    known = mentions(text, ("Region Halland", ORG, "t1"), ("SKR", ORG, None), ("SKR", ORG, None))
    assert not Naming(known).told(known[2], register())


def test_a_relation_explains_what_brackets_do_not() -> None:
    text = "RH hör till Region Halland. RH"
    known = mentions(text, ("RH", ORG, None), ("Region Halland", ORG, None), ("RH", ORG, None))
    assert not Naming(known).told(known[2], register())
    (told,) = Naming(known, [("m1", "m0")]).told(known[2], register())
    assert told.thing == "t1"
    assert told.score == pytest.approx(CERTAIN["abbreviation"] * CERTAIN["name"])


# Persons ----------------------------------------------------------------------------------------------------


def test_one_name_means_the_person_named_in_full_before() -> None:
    text = "Ek 😀. Anna Ek kom. Ek sa, och Anna log åt Eks ord."
    names = [("Ek", PERSON, None), ("Anna Ek", PERSON, "a"), ("Ek", PERSON, None), ("Anna", PERSON, None)]
    known = mentions(text, *names, ("Eks", PERSON, None))
    naming, things = Naming(known), register(Thing("a", PERSON, "Anna Ek"))
    assert naming.full_name(known[0]) is None  # she has yet to be named
    assert [naming.told(known[number], things)[0].why for number in (2, 3, 4)] == ["surname", "given", "surname"]
    assert {naming.told(known[number], things)[0].thing for number in (2, 3, 4)} == {"a"}


def test_two_of_one_surname_are_not_told_apart() -> None:
    text = "Anna Ek och Bo Ek. Ek teg, Bo inte."
    known = mentions(text, ("Anna Ek", PERSON, "a"), ("Bo Ek", PERSON, "b"), ("Ek", PERSON, None), ("Bo", PERSON, None))
    naming = Naming(known)
    things = register(Thing("a", PERSON, "Anna Ek"), Thing("b", PERSON, "Bo Ek"))
    assert naming.full_name(known[2]) is None
    told = naming.told(known[2], things)
    assert {one.thing for one in told} == {"a", "b"}
    assert proposed(told) is None
    assert naming.told(known[3], things)[0].thing == "b"


def test_a_person_in_the_genitive_is_the_same_person() -> None:
    text = "Anna Eks bok. Anna Ek skrev. Anna läser."
    known = mentions(text, ("Anna Eks", PERSON, None), ("Anna Ek", PERSON, "a"), ("Anna", PERSON, None))
    found = Naming(known).full_name(known[2])
    assert found is not None and found[0].thing == "a"


# Merging ----------------------------------------------------------------------------------------------------

names = st.sampled_from(["Ek", "Al", "Ask", "Ek 😀", "Björk", "Lönn"])
links = st.dictionaries(st.sampled_from(["wikidata", "web"]), st.sampled_from(["1", "2"]), max_size=2)


def things_of(count: int) -> st.SearchStrategy[list[Thing]]:
    one = st.tuples(names, st.lists(names, unique=True, max_size=3), links)
    return st.lists(one, min_size=count, max_size=count).map(
        lambda told: [
            Thing(f"t{number}", ORG, name, tuple(one for one in aliases if one != name), links)
            for number, (name, aliases, links) in enumerate(told)
        ]
    )


@given(things_of(3))
def test_merging_is_associative_and_loses_no_name(told: list[Thing]) -> None:
    first, second, third = told
    left = merged(merged(first, second), third)
    assert left == merged(first, merged(second, third))
    assert {left.name, *left.aliases} == {name for one in told for name in (one.name, *one.aliases)}
    assert left.also == ("t1", "t2")
    assert left.name not in left.aliases
    assert all(left.links[key] == first.links[key] for key in first.links)


@given(things_of(2))
def test_whatever_was_found_before_is_found_after_a_merge(told: list[Thing]) -> None:
    first, second = told
    known = register(merged(first, second))
    for name in (first.name, *first.aliases, second.name, *second.aliases):
        assert known.candidates(ORG, name, {})[0].thing == "t0"
    assert known.find("t1") == known.find("t0")
