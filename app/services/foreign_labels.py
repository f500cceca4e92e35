"""Labels and facets of other tools, and what they are in the project's label set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from app.formats.layers import Losses
from app.pipeline.mapping import guess_mapping
from models.errors import UserError
from models.labels import Facet, Label, LabelSet, RelationLabel, check_facets
from models.suggestions import Kind

PassageKind = Literal["entity", "claim"]
_TRUE, _FALSE = ("true", "1", "yes", "ja"), ("false", "0", "no", "nej")
_ALIKE = {"location": "PLACE", "disease": "CONDITION", "company": "ORGANISATION", "quote": "CLAIM"}
_COLOURS = ("#607080", "#7a5c2e", "#2e7a5c", "#5c2e7a", "#7a2e4b", "#2e4b7a")


class ForeignLabels:
    """Maps labels as they are met: by the mapping given, by id, by name; unknown ones are counted, or added.

    ``unknown``: label → how often it was left out. ``left``: facets that the label set has no place for.
    """

    def __init__(self, labels: LabelSet, mapping: Mapping[str, str | None], *, add: bool) -> None:
        for target in mapping.values():
            if target is not None:
                labels.kind_of(target)
        self.set = labels
        self._mapping = mapping
        self._add = add
        self._names = {one.name.casefold(): one.id for one in reversed(list(labels))}
        self._known: dict[tuple[str, bool], str | None] = {}
        self.unknown: Counter[str] = Counter()
        self.left = Losses()
        self.added: list[str] = []

    def passage(self, label: str, kind: PassageKind) -> tuple[str, PassageKind] | None:
        """Return label id and kind of a passage that a file calls ``label``, None where it is left out."""
        found = self._find(label, relation=False)
        if found is None and self._add and label not in self._mapping and _is_label(label):
            found = self._new(label, kind)
        if found is None:
            self.unknown[label] += 1
            return None
        return found, "claim" if self.set.kinds[found] == "claim" else "entity"

    def link(self, label: str, head: str, tail: str) -> str | None:
        """Return the label id of a relation between passages labelled ``head`` and ``tail``, None to leave it out."""
        found = self._find(label, relation=True)
        if found is None and self._add and label not in self._mapping and _is_label(label):
            found = self._new(label, "relation")
        if found is None:
            self.unknown[label] += 1
        elif found in self.added:
            self._allow(found, head, tail)
        return found

    def _find(self, label: str, *, relation: bool) -> str | None:
        key = (label, relation)
        if key not in self._known:
            target: str | None
            if label in self._mapping:
                target = self._mapping[label]
            elif label in self.set.kinds:
                target = label
            else:
                target = self._names.get(label.casefold())
            fits = target is not None and (self.set.kinds[target] == "relation") == relation
            self._known[key] = target if fits else None
        return self._known[key]

    def _new(self, label: str, kind: Kind) -> str | None:
        if label in self.set.kinds:  # of another kind
            return None
        colour = _COLOURS[len(self.added) % len(_COLOURS)]
        titles = {"en": label, "sv": label}
        if kind == "relation":
            made = RelationLabel(label, label, titles, color=colour)
            self.set = replace(self.set, relations=(*self.set.relations, made))
        elif kind == "claim":
            self.set = replace(self.set, claims=(*self.set.claims, Label(label, label, titles, color=colour)))
        else:
            self.set = replace(self.set, entities=(*self.set.entities, Label(label, label, titles, color=colour)))
        self.added.append(label)
        self._known[(label, kind == "relation")] = label
        return label

    def _allow(self, relation: str, head: str, tail: str) -> None:
        """Let an added relation join what it was seen to join."""
        if not self.set.allows(relation, head, tail):
            wider = (
                replace(one, pairs=(*one.pairs, (head, tail))) if one.id == relation else one
                for one in self.set.relations
            )
            self.set = replace(self.set, relations=tuple(wider))

    # Facets -----------------------------------------------------------------------------------------------

    def facets(self, facets: Mapping[str, object], kind: Kind, where: str) -> dict[str, object]:
        """Return the facets that the label set knows, in its own types; others are counted as left out."""
        kept: dict[str, object] = {}
        for name, value in facets.items():
            facet = self.set.facet(name) if kind == "claim" else None
            if value is None or value == "":
                continue
            fitting = _fitting(facet, value) if facet else None
            try:
                check_facets(self.set, {name: fitting})
            except UserError:
                fitting = None
            if fitting is None:
                self.left.add("formats.left-facet", f"{where}: {name}={value}")
            else:
                kept[name] = fitting
        return kept


def likely(found: Iterable[tuple[str, bool]], labels: LabelSet) -> dict[tuple[str, bool], str]:
    """Return (label of a file, whether of a relation) → the label id that is probably meant, where there is one.

    Told by id, name and titles in any language whatever the case and spelling (``Organization``), by what other
    pipelines call things (``PER``, ``GPE``), and by what the same is often called.
    """
    wanted = list(found)
    known: dict[tuple[str, bool], str] = {}
    for one in labels:
        if not one.retired:
            for name in (one.id, one.name, *one.title.values()):
                known.setdefault((_spelt(name), labels.kinds[one.id] == "relation"), one.id)
    guessed = guess_mapping(label for label, relation in wanted if not relation)
    likely_: dict[tuple[str, bool], str] = {}
    for label, relation in wanted:
        spelt = _spelt(label)
        other = None if relation else guessed.get(label) or _ALIKE.get(spelt)
        target = known.get((spelt, relation)) or known.get((_spelt(other or ""), False))
        if target is not None:
            likely_[label, relation] = target
    return likely_


def _spelt(name: str) -> str:
    """Return a label without what only tells one tool's or country's spelling from another's."""
    plain = re.sub(r"^[BI]-(?=\w)", "", name.strip()).casefold()
    return re.sub(r"[\s_-]+", " ", plain).replace("ization", "isation")


def _is_label(label: str) -> bool:
    return bool(label.strip()) and len(label) <= 100 and not re.search(r"[\x00-\x1f]", label)


def _fitting(facet: Facet, value: object) -> object:
    """Return the value in the facet's type, where tools that know only text have lost it."""
    if facet.type == "flag" and isinstance(value, str):
        plain = value.casefold()
        return True if plain in _TRUE else False if plain in _FALSE else None
    if facet.type == "text" and not isinstance(value, str):
        return None if isinstance(value, list | dict) else str(value)
    if facet.type == "choice" and isinstance(value, str):
        return next((one.id for one in facet.values if one.id.casefold() == value.casefold()), value)
    return value
