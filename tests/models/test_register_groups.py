"""Mentions gathered into new things, and the corpus surveyed: whatever the order, each mention once."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from models.naming import PERSON
from models.register import Mention, Register, Seen, Thing, form
from models.register_groups import Group, Grouping, group_of
from models.register_survey import Survey, Surveying

ORG = "ORGANISATION"
PEOPLE = ("Anna Ek", "Anna Eks", "Bo Ek", "Ek", "Eks", "Anna", "Bo", "Cecilia Ask 😀", "Ask", "Ska\u030ane")
BODIES = ("Region Halland", "Region\u00a0Halland", "Region Hallands", "Vårdrådet", "Hälso\u00advårdsrådet", "HVR", "VR")

Document = list[Mention]


def people(number: int, names: list[tuple[str, str | None]]) -> Document:
    return [
        Mention(f"{number}-{place}", PERSON, 40 * place, 40 * place + len(name), name, thing)
        for place, (name, thing) in enumerate(names)
    ]


names = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from([None, None, None, "p"])), max_size=8)
corpora = st.lists(names, min_size=1, max_size=4).map(lambda told: [people(n, one) for n, one in enumerate(told)])
writings = st.dictionaries(st.sampled_from(BODIES), st.integers(1, 5), max_size=6)


def gathered(documents: list[tuple[str, Document]], written: list[tuple[str, int]]) -> Grouping:
    grouping = Grouping()
    for document, mentions in documents:
        grouping.add(document, mentions)
    for words, count in written:
        grouping.count(ORG, words, count)
    return grouping


@given(corpora, writings, st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(corpus: list[Document], written: dict[str, int], chance: random.Random) -> None:
    documents = [(f"d{number}", mentions) for number, mentions in enumerate(corpus)]
    first = gathered(documents, list(written.items())).groups()
    again = [(name, chance.sample(mentions, len(mentions))) for name, mentions in documents]
    chance.shuffle(again)
    assert gathered(again, chance.sample(list(written.items()), len(written))).groups() == first


@given(corpora, writings)
def test_every_mention_is_in_one_group_or_its_document_says_which_thing_it_is(
    corpus: list[Document], written: dict[str, int]
) -> None:
    documents = [(f"d{number}", mentions) for number, mentions in enumerate(corpus)]
    grouping = gathered(documents, list(written.items()))
    groups, sizes = grouping.groups(), Counter[str]()
    for document, mentions in documents:
        for one in mentions:
            found = group_of(groups, grouping.places, document, one)
            if one.thing is None:
                assert len(found) == 1 or (not found and (document, one.key) in grouping.places)
                sizes.update(group.name for group in found)
    for group in groups:
        assert group.size == sizes[group.name] + sum(written.get(words, 0) for words in group.written)
        assert group.name and form(group.name) not in {form(one) for one in group.aliases}


def group(groups: list[Group], name: str) -> Group:
    (found,) = (one for one in groups if one.name == name)
    return found


def test_spellings_and_genitives_make_one_thing_named_after_the_commonest() -> None:
    found = gathered([], [("Region Halland", 3), ("Region Hallands", 9), ("Region\u00a0Halland", 1)]).groups()
    assert found == [Group(ORG, "Region Halland", (), 13, ("Region Halland", "Region Hallands", "Region\u00a0Halland"))]


def bracketed(number: int, full: str, short: str) -> tuple[str, Document]:
    end = len(full)
    inner = Mention(f"{number}-b", ORG, end + 2, end + 2 + len(short), short, None, True)
    return f"d{number}", [Mention(f"{number}-a", ORG, 0, end, full), inner]


def test_an_abbreviation_that_brackets_explain_belongs_to_its_name_everywhere() -> None:
    found = gathered(
        [bracketed(0, "Hälso\u00advårdsrådet", "HVR")], [("Hälso\u00advårdsrådet", 1), ("HVR", 7), ("VR", 2)]
    )
    assert group(found.groups(), "Hälso\u00advårdsrådet").aliases == ("HVR",)
    assert group(found.groups(), "VR").size == 2


def test_an_abbreviation_of_two_names_stays_alone() -> None:
    documents = [bracketed(0, "Vårdrådet", "VR"), bracketed(1, "Vägrådet", "VR")]
    found = gathered(documents, [("Vårdrådet", 1), ("Vägrådet", 1), ("VR", 4)]).groups()
    assert [(one.name, one.size) for one in found] == [("VR", 4), ("Vägrådet", 1), ("Vårdrådet", 1)]


def test_surnames_follow_the_full_name_of_their_own_document() -> None:
    first = people(0, [("Anna Ek", None), ("Ek", None)])
    second = people(1, [("Bo Ek", None), ("Eks", None), ("Ask", None)])
    found = gathered([("d0", first), ("d1", second)], []).groups()
    assert group(found, "Anna Ek").explained == (("d0", "0-1"),)
    assert group(found, "Bo Ek").explained == (("d1", "1-1"),)
    assert group(found, "Ask").written == ("Ask",)


# A survey ---------------------------------------------------------------------------------------------------


def survey(things: list[Thing], documents: list[tuple[str, Document]], written: list[tuple[str, str, int]]) -> Survey:
    work = Surveying(Register(things), {(ORG, "Vårdrådet"): {"h": Seen(3)}})
    work.documents(documents)
    work.written((label, words, (), count) for label, words, count in written)
    return work.result()


def test_a_survey_tells_links_from_new_things() -> None:
    things = [Thing("h", ORG, "Region Halland"), Thing("a", PERSON, "Anna Ek")]
    documents = [("d0", people(0, [("Anna Ek", None), ("Eks", None), ("Bo Ask", None)]))]
    written = [(ORG, "Region Hallands", 4), (ORG, "Vårdrådet", 2), (ORG, "Byn", 1), (PERSON, "Anna Ek", 1)]
    found = survey(things, documents, written)
    assert [(one.words, one.size, one.candidate.why) for one in found.offers["h"]] == [
        ("Region Hallands", 4, "genitive"),
        ("Vårdrådet", 2, "elsewhere"),
    ]
    assert found.waiting("h") == 6
    assert [(one.place, one.words, one.candidate.why) for one in found.offers["a"]] == [
        (("d0", "0-1"), "Eks", "surname"),
        (None, "Anna Ek", "name"),
    ]
    assert [one.name for one in found.groups] == ["Bo Ask", "Byn"]


def test_what_is_not_meant_is_no_link_and_an_abbreviation_of_a_known_thing_is_one() -> None:
    work = Surveying(Register([Thing("r", ORG, "Vårdrådet")]), {})
    work.documents([bracketed(0, "Vårdrådet", "VR")])
    work.written([(ORG, "VR", (), 3), (ORG, "Vårdrådet", ("r",), 2)])
    found = work.result()
    assert [(one.words, one.candidate.why) for one in found.offers["r"]] == [("VR", "abbreviation")]
    assert [(one.name, one.size) for one in found.groups] == [("Vårdrådet", 2)]
