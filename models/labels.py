"""The label set: versioned labels, the facets of a claim, and who may relate to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

from models.errors import UserError
from models.suggestions import Kind

ANY = "*"
"""In a relation's pairs: any entity label."""

Titles = Mapping[str, str]
"""Language code → text; ``en`` is the fallback."""

FacetType = Literal["choice", "flag", "text"]
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def localised(titles: Titles, language: str, fallback: str = "") -> str:
    """Return the text in ``language``, else in English, else in any, else ``fallback``."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), fallback)


@dataclass(frozen=True, slots=True)
class Label:
    """What an entity or claim can be called.

    ``id`` never changes; ``name`` can; retired ones are not offered.
    """

    id: str
    name: str
    title: Titles = field(default_factory=dict)
    description: Titles = field(default_factory=dict)
    color: str = "#607080"
    key: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet."""

    id: str
    title: Titles = field(default_factory=dict)
    description: Titles = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A property of claims: one of several values, a yes/no flag, or free text."""

    id: str
    title: Titles = field(default_factory=dict)
    description: Titles = field(default_factory=dict)
    type: FacetType = "text"
    values: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationLabel:
    """What a relation can be called, and the ``(head label, tail label)`` pairs it may join."""

    id: str
    name: str
    title: Titles = field(default_factory=dict)
    description: Titles = field(default_factory=dict)
    color: str = "#607080"
    key: str | None = None
    retired: bool = False
    symmetric: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LabelSet:
    """All labels of a project at one version."""

    id: str
    name: str
    version: int
    entities: tuple[Label, ...]
    claims: tuple[Label, ...]
    facets: tuple[Facet, ...]
    relations: tuple[RelationLabel, ...]

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Label id → kind, retired labels included."""
        found: dict[str, Kind] = {label.id: "entity" for label in self.entities}
        found |= {label.id: "claim" for label in self.claims}
        found |= {label.id: "relation" for label in self.relations}
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, Label | RelationLabel]:
        return {label.id: label for label in self}

    def __iter__(self) -> Iterator[Label | RelationLabel]:
        yield from self.entities
        yield from self.claims
        yield from self.relations

    def get(self, label: str) -> Label | RelationLabel | None:
        """Return the label with this id, or None."""
        return self._by_id.get(label)

    def title(self, label: str, language: str) -> str:
        """Return how the label is called in ``language``; an unknown label by its id."""
        found = self._by_id.get(label)
        return localised(found.title, language, found.name) if found else label

    def facet(self, facet: str) -> Facet | None:
        """Return the facet with this id, or None."""
        return next((one for one in self.facets if one.id == facet), None)

    def kind_of(self, label: str) -> Kind:
        """Return the kind of a label.

        Raises:
            UserError: ``label.unknown``.
        """
        try:
            return self.kinds[label]
        except KeyError:
            raise UserError("label.unknown", label=label) from None

    def allows(self, relation: str, head: str, tail: str) -> bool:
        """Whether ``relation`` may lead from an annotation labelled ``head`` to one labelled ``tail``.

        A symmetric relation may be drawn from either side.
        """
        label = self._by_id.get(relation)
        if not isinstance(label, RelationLabel):
            return False
        ends = {(head, tail), (tail, head)} if label.symmetric else {(head, tail)}
        return any(self._matches(pair, end) for pair in label.pairs for end in ends)

    def _matches(self, pair: tuple[str, str], ends: tuple[str, str]) -> bool:
        return all(
            want == have or (want == ANY and self.kinds.get(have) == "entity")
            for want, have in zip(pair, ends, strict=True)
        )

    def relations_between(self, head: str, tail: str) -> tuple[RelationLabel, ...]:
        """Return the relations in use that may lead from ``head`` to ``tail``, in the set's order."""
        return tuple(one for one in self.relations if not one.retired and self.allows(one.id, head, tail))

    def to_json(self) -> dict[str, Any]:
        """Return the set as JSON data, the shape of ``resources/label_sets/default.json``."""
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "entities": [_label_json(label) for label in self.entities],
            "claims": {
                "labels": [_label_json(label) for label in self.claims],
                "facets": [_facet_json(facet) for facet in self.facets],
            },
            "relations": [
                _label_json(label)
                | {"symmetric": label.symmetric, "pairs": [list(pair) for pair in label.pairs]}
                for label in self.relations
            ],
        }


def _label_json(label: Label | RelationLabel) -> dict[str, Any]:
    return {
        "id": label.id,
        "name": label.name,
        "title": dict(label.title),
        "description": dict(label.description),
        "color": label.color,
        "key": label.key,
        "retired": label.retired,
    }


def _facet_json(facet: Facet) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": facet.id,
        "title": dict(facet.title),
        "description": dict(facet.description),
        "type": facet.type,
    }
    if facet.type == "choice":
        shown["values"] = [
            {"id": v.id, "title": dict(v.title), "description": dict(v.description), "key": v.key}
            for v in facet.values
        ]
    return shown


def label_set(data: Any) -> LabelSet:
    """Return the label set that JSON ``data`` describes, checked whole.

    Raises:
        UserError: ``label.bad-set`` (not the right shape), ``label.twice``, ``label.key-twice``,
            ``label.bad-color``, ``label.unknown`` (a pair names no label).
    """
    try:
        claims = data["claims"]
        read = LabelSet(
            id=_text(data["id"]),
            name=_text(data["name"]),
            version=_whole(data["version"]),
            entities=tuple(_label(one) for one in data["entities"]),
            claims=tuple(_label(one) for one in claims["labels"]),
            facets=tuple(_facet(one) for one in claims["facets"]),
            relations=tuple(_relation(one) for one in data["relations"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError("label.bad-set", reason=str(error)) from error
    check_label_set(read)
    return read


def check_label_set(labels: LabelSet) -> None:
    """Check that ids and keys are unique, colours are colours, and pairs name existing labels.

    Raises:
        UserError: see :func:`label_set`.
    """
    seen: set[str] = set()
    for label in labels:
        if not label.id or not label.name.strip():
            raise UserError("label.bad-set", reason="id, name")
        if label.id in seen or label.id == ANY:
            raise UserError("label.twice", label=label.id)
        seen.add(label.id)
        if not _COLOR.fullmatch(label.color):
            raise UserError("label.bad-color", label=label.name, color=label.color)
    for group in (labels.entities, labels.claims, labels.relations):
        keys = [label.key for label in group if label.key and not label.retired]
        for key in keys:
            if keys.count(key) > 1:
                raise UserError("label.key-twice", key=key)
    nodes = {label.id for label in (*labels.entities, *labels.claims)} | {ANY}
    for relation in labels.relations:
        for end in {end for pair in relation.pairs for end in pair}:
            if end not in nodes:
                raise UserError("label.unknown", label=end)
    for ids in (
        [facet.id for facet in labels.facets],
        *([v.id for v in one.values] for one in labels.facets),
    ):
        for one in ids:
            if not one:
                raise UserError("label.bad-set", reason="id")
            if ids.count(one) > 1:
                raise UserError("label.twice", label=one)


def check_facets(labels: LabelSet, facets: Mapping[str, object]) -> None:
    """Check that every facet exists in the label set and holds a value of its type.

    Raises:
        UserError: ``facet.unknown`` or ``facet.bad-value``.
    """
    for name, value in facets.items():
        facet = labels.facet(name)
        if facet is None:
            raise UserError("facet.unknown", facet=name)
        if value is None:
            continue
        if not _fits(facet, value):
            raise UserError("facet.bad-value", facet=name, value=value)


def _fits(facet: Facet, value: object) -> bool:
    if facet.type == "choice":
        return any(value == one.id for one in facet.values)
    if facet.type == "flag":
        return isinstance(value, bool)
    return isinstance(value, str) and "\0" not in value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r}")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r}")
    return value


def _key(data: Any) -> str | None:
    value = data.get("key") or None
    return None if value is None else _text(value)


def _titles(value: Any) -> Titles:
    return {_text(code): _text(text) for code, text in (value or {}).items()}


def _common(data: Any) -> dict[str, Any]:
    return {
        "id": _text(data["id"]),
        "name": _text(data.get("name") or data["id"]),
        "title": _titles(data.get("title")),
        "description": _titles(data.get("description")),
        "color": _text(data.get("color") or "#607080"),
        "key": _key(data),
        "retired": bool(data.get("retired", False)),
    }


def _label(data: Any) -> Label:
    return Label(**_common(data))


def _relation(data: Any) -> RelationLabel:
    pairs = tuple((_text(head), _text(tail)) for head, tail in data.get("pairs", ()))
    return RelationLabel(**_common(data), symmetric=bool(data.get("symmetric", False)), pairs=pairs)


def _facet(data: Any) -> Facet:
    kind = data.get("type", "text")
    if kind not in get_args(FacetType):
        raise ValueError(f"{kind!r}")
    values = tuple(
        FacetValue(
            _text(one["id"]),
            _titles(one.get("title")),
            _titles(one.get("description")),
            _key(one),
        )
        for one in data.get("values", ())
    )
    return Facet(
        _text(data["id"]), _titles(data.get("title")), _titles(data.get("description")), kind, values
    )
