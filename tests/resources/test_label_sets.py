"""The default label set: consistent, complete in both languages, tellable apart."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from app.paths import resource
from models.labels import label_set

RAW = resource("label_sets", "default.json").read_text("utf-8")
DATA: dict[str, Any] = json.loads(RAW)
LABELS = label_set(DATA)

ENTITIES = [
    "PERSON",
    "ROLE",
    "ORGANISATION",
    "PLACE",
    "PROGRAMME",
    "SERVICE",
    "DOCUMENT",
    "CONDITION",
    "EVENT",
    "DATE",
    "MONEY",
    "QUANTITY",
]
COMMAND_KEYS = set("jkxcrfsnad")


def _described(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with a title or a description, at any depth."""
    if isinstance(value, dict):
        if "title" in value or "description" in value:
            yield value
        for inner in value.values():
            yield from _described(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _described(inner)


def _shown(color: str) -> tuple[float, ...]:
    return tuple(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _lab(linear: tuple[float, ...]) -> tuple[float, float, float]:
    """Return CIE L*a*b* (D65) of linear RGB: distances there are near to what an eye sees."""
    rows = ((0.4124, 0.3576, 0.1805, 0.9505), (0.2126, 0.7152, 0.0722, 1.0), (0.0193, 0.1192, 0.9505, 1.089))
    x, y, z = (
        (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116)
        for value in (
            max(0.0, r * linear[0] + g * linear[1] + b * linear[2]) / white for r, g, b, white in rows
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


# How linear RGB is seen by full sight, and without the long or the middle cones (Machado et al. 2009).
SIGHTS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
}


def test_the_set_is_read_whole_and_written_back_alike() -> None:
    assert LABELS.to_json() == DATA


def test_the_labels_are_those_of_the_guideline() -> None:
    assert [label.id for label in LABELS.entities] == ENTITIES
    assert [label.id for label in LABELS.claims] == ["CLAIM"]
    assert {label.id for label in LABELS.relations} == {
        "HAS_ROLE", "WORKS_FOR", "PART_OF", "LOCATED_IN", "PARTICIPATES_IN", "COLLABORATES_WITH", "FUNDS",
        "RESPONSIBLE_FOR", "PUBLISHED", "SAME_AS", "ATTRIBUTED_TO", "ABOUT",
        "SUPPORTS", "CONTRADICTS", "UPDATES", "REPEATS",
    }  # fmt: skip
    assert {label.id for label in LABELS.relations if label.symmetric} == {
        "COLLABORATES_WITH", "SAME_AS", "CONTRADICTS", "REPEATS",
    }  # fmt: skip
    assert not any(label.retired for label in LABELS)


def test_the_id_is_a_uuid_made_once() -> None:
    assert uuid.UUID(LABELS.id).version == 7
    assert LABELS.version == 1


def test_the_facets_are_those_of_the_guideline() -> None:
    values = {
        facet.id: [value.id for value in facet.values] for facet in LABELS.facets if facet.type == "choice"
    }
    assert values["kind"] == ["fact", "figure", "cause", "goal", "forecast", "assessment"]
    assert values["mode"] == ["direct", "indirect", "author"]
    assert {facet.id: facet.type for facet in LABELS.facets if facet.id not in values} == {
        "cue": "text", "negated": "flag", "topic": "text", "wording": "text",
    }  # fmt: skip
    assert set(values) == {"kind", "mode", "certainty", "stance"}


def test_every_key_is_one_character_and_unique_in_its_group() -> None:
    groups = [LABELS.entities, LABELS.claims, LABELS.relations]
    groups += [facet.values for facet in LABELS.facets if facet.values]  # type: ignore[list-item]
    for group in groups:
        keys = [one.key for one in group]
        assert all(key is not None and len(key) == 1 and key == key.lower() for key in keys)
        assert len(set(keys)) == len(keys)
    assert not COMMAND_KEYS & {label.key for label in LABELS.entities}


def test_every_text_exists_in_both_languages() -> None:
    described = list(_described(DATA))
    assert len(described) == 12 + 1 + 16 + 8 + 16
    for one in described:
        for texts in (one["title"], one["description"]):
            assert set(texts) == {"sv", "en"}, one["id"]
            assert all(text.strip() for text in texts.values()), one["id"]
        assert one["description"]["sv"] != one["description"]["en"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_two_labels_are_called_alike(language: str) -> None:
    titles = [LABELS.title(label.id, language).casefold() for label in LABELS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("relation", "head", "tail"),
    [
        ("HAS_ROLE", "PERSON", "ROLE"),
        ("PART_OF", "PLACE", "PLACE"),
        ("LOCATED_IN", "EVENT", "PLACE"),
        ("PARTICIPATES_IN", "PERSON", "EVENT"),
        ("FUNDS", "ORGANISATION", "MONEY"),
        ("RESPONSIBLE_FOR", "PERSON", "ORGANISATION"),
        ("PUBLISHED", "ORGANISATION", "DOCUMENT"),
        ("ATTRIBUTED_TO", "CLAIM", "ORGANISATION"),
        ("UPDATES", "CLAIM", "CLAIM"),
        *(("SAME_AS", label, label) for label in ENTITIES),
        *(("ABOUT", "CLAIM", label) for label in ENTITIES),
    ],
)
def test_a_relation_is_allowed(relation: str, head: str, tail: str) -> None:
    assert LABELS.allows(relation, head, tail)


@pytest.mark.parametrize(
    ("relation", "head", "tail"),
    [
        ("HAS_ROLE", "ROLE", "PERSON"),
        ("PART_OF", "ORGANISATION", "PLACE"),
        ("LOCATED_IN", "PERSON", "PLACE"),
        ("FUNDS", "PERSON", "PROGRAMME"),
        ("SAME_AS", "PERSON", "ORGANISATION"),
        ("ATTRIBUTED_TO", "CLAIM", "ROLE"),
        ("ATTRIBUTED_TO", "PERSON", "CLAIM"),
        ("ABOUT", "CLAIM", "CLAIM"),
        ("SUPPORTS", "CLAIM", "PERSON"),
    ],
)
def test_a_relation_is_refused(relation: str, head: str, tail: str) -> None:
    assert not LABELS.allows(relation, head, tail)


def test_pairs_are_named_once_and_exist() -> None:
    known = {*ENTITIES, "CLAIM", "*"}
    for relation in LABELS.relations:
        assert relation.pairs
        assert len(set(relation.pairs)) == len(relation.pairs)
        assert {end for pair in relation.pairs for end in pair} <= known


@pytest.mark.parametrize("sight", SIGHTS)
def test_entity_and_claim_colours_stay_apart(sight: str) -> None:
    colors = {label.id: label.color for label in (*LABELS.entities, *LABELS.claims)}
    seen = {}
    for name, color in colors.items():
        linear = tuple(map(_linear, _shown(color)))
        mixed = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in SIGHTS[sight])
        seen[name] = _lab(tuple(min(1.0, max(0.0, part)) for part in mixed))
    near = {
        (one, other): sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        for one, other in itertools.combinations(seen, 2)
    }
    least = 30 if sight == "full" else 12
    assert not {pair: round(apart) for pair, apart in near.items() if apart < least}


def test_relation_colours_are_not_used_twice() -> None:
    colors = [label.color for label in LABELS.relations]
    assert len(set(colors)) == len(colors)
