"""Label sets: to JSON and back, what is refused, and who may relate to whom."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workspace import default_label_set
from models.errors import UserError
from models.labels import LabelSet, check_facets, label_set, localised

DEFAULT = label_set(default_label_set())


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """Return the default set with one place of its JSON changed."""
    data = copy.deepcopy(default_label_set())
    inner: Any = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


def test_json_and_back() -> None:
    assert DEFAULT.to_json() == default_label_set()
    assert label_set(DEFAULT.to_json()) == DEFAULT


@pytest.mark.parametrize(
    ("code", "path", "value"),
    [
        ("label.twice", ["entities", 1, "id"], "PERSON"),
        ("label.twice", ["claims", "labels", 0, "id"], "PERSON"),
        ("label.twice", ["entities", 0, "id"], "*"), ("label.twice", ["claims", "facets", 1, "id"], "kind"),
        ("label.twice", ["claims", "facets", 0, "values", 1, "id"], "fact"),
        ("label.key-twice", ["entities", 1, "key"], "1"),
        ("label.bad-color", ["entities", 0, "color"], "red"),
        ("label.bad-color", ["relations", 0, "color"], "#12345"),
        ("label.unknown", ["relations", 0, "pairs"], [["PERSON", "INGEN"]]),
        ("label.unknown", ["relations", 0, "pairs"], [["PERSON", "WORKS_FOR"]]),
        ("label.bad-set", ["entities"], None), ("label.bad-set", ["entities", 0], "PERSON"),
        ("label.bad-set", ["entities", 0, "id"], ""), ("label.bad-set", ["entities", 0, "id"], 7),
        ("label.bad-set", ["entities", 0, "name"], " "), ("label.bad-set", ["entities", 0, "key"], 5),
        ("label.bad-set", ["entities", 0, "title"], ["sv"]),
        ("label.bad-set", ["entities", 0, "title"], {"sv": 1}),
        ("label.bad-set", ["version"], "1"), ("label.bad-set", ["version"], True),
        ("label.bad-set", ["claims"], []),
        ("label.bad-set", ["relations", 0, "pairs"], [["PERSON"]]),
        ("label.bad-set", ["relations", 0, "pairs"], 3),
        ("label.bad-set", ["claims", "facets", 0, "type"], "färg"),
        ("label.bad-set", ["claims", "facets", 0, "type"], []),
        ("label.bad-set", ["claims", "facets", 0, "id"], ""),
        ("label.bad-set", ["claims", "facets", 0, "values"], [{}]),
    ],
)  # fmt: skip
def test_what_is_refused(code: str, path: list[Any], value: Any) -> None:
    with pytest.raises(UserError) as caught:
        label_set(changed(path, value))
    assert caught.value.code == code


@pytest.mark.parametrize("data", [None, [], "x", 3, {}, {"id": "x"}])
def test_what_is_no_set_at_all(data: Any) -> None:
    with pytest.raises(UserError, match=r"label\.bad-set"):
        label_set(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "name", "claims", "labels", "pairs"]), inner)
        ),
        max_leaves=8,
    ),
    st.sampled_from([["entities"], ["entities", 0], ["claims"], ["claims", "facets"], ["relations", 2]]),
)
def test_any_data_is_a_set_or_refused(value: Any, path: list[Any]) -> None:
    try:
        assert isinstance(label_set(changed(path, value)), LabelSet)
    except UserError as error:
        assert error.code.startswith("label.")


def test_a_retired_label_frees_its_key() -> None:
    data = changed(["entities", 0, "retired"], True)
    data["entities"][1]["key"] = data["entities"][0]["key"]
    assert label_set(data).relations_between("PERSON", "ROLE")[0].id == "HAS_ROLE"


@pytest.mark.parametrize(
    ("relation", "head", "tail", "legal"),
    [
        ("WORKS_FOR", "PERSON", "ORGANISATION", True), ("WORKS_FOR", "ORGANISATION", "PERSON", False),
        ("COLLABORATES_WITH", "ORGANISATION", "ORGANISATION", True), ("SAME_AS", "PERSON", "PLACE", False),
        ("ABOUT", "CLAIM", "MONEY", True), ("ABOUT", "CLAIM", "CLAIM", False),
        ("ABOUT", "MONEY", "CLAIM", False),
        ("ABOUT", "CLAIM", "INGEN", False),
        ("ABOUT", "CLAIM", "WORKS_FOR", False),
        ("INGEN", "PERSON", "ROLE", False),
        ("PERSON", "PERSON", "ROLE", False), ("CONTRADICTS", "CLAIM", "CLAIM", True),
    ],
)  # fmt: skip
def test_who_may_relate_to_whom(relation: str, head: str, tail: str, legal: bool) -> None:
    assert DEFAULT.allows(relation, head, tail) is legal
    assert (relation in {one.id for one in DEFAULT.relations_between(head, tail)}) is legal


def test_a_symmetric_pair_holds_from_either_side() -> None:
    data = changed(["relations", 5, "pairs"], [["PERSON", "ORGANISATION"]])
    name = data["relations"][5]["id"]
    assert label_set(data).allows(name, "ORGANISATION", "PERSON")
    data["relations"][5]["symmetric"] = False
    assert not label_set(data).allows(name, "ORGANISATION", "PERSON")


def test_retired_relations_are_not_offered_but_stay_legal() -> None:
    retired = label_set(changed(["relations", 0, "retired"], True))
    assert retired.relations_between("PERSON", "ROLE") == ()
    assert retired.allows("HAS_ROLE", "PERSON", "ROLE")


def test_kinds_and_titles() -> None:
    assert [DEFAULT.kind_of(one) for one in ("PERSON", "CLAIM", "ABOUT")] == ["entity", "claim", "relation"]
    with pytest.raises(UserError, match=r"label\.unknown"):
        DEFAULT.kind_of("INGEN")
    assert DEFAULT.title("PLACE", "sv") == "Plats" and DEFAULT.title("PLACE", "fi") == "Place"
    assert DEFAULT.title("INGEN", "sv") == "INGEN"
    assert localised({"de": "Ort"}, "sv") == "Ort" and localised({}, "sv", "x") == "x"


@pytest.mark.parametrize("facets", [{"kind": "fact"}, {"kind": None}, {"negated": False}, {"topic": "å"}, {}])
def test_facets_that_fit(facets: dict[str, Any]) -> None:
    check_facets(DEFAULT, facets)


@pytest.mark.parametrize("facets", [{"kind": []}, {"kind": True}, {"negated": 1}, {"topic": 3}, {"kind": {}}])
def test_facets_that_do_not(facets: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"facet\.bad-value"):
        check_facets(DEFAULT, facets)
