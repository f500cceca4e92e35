"""What the label set editor needs: a draft to change, what is wrong with it, and what it would mean."""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from app.messages import language
from models.errors import UserError
from models.labels import ANY, LabelSet, label_set, localised
from models.store.label_reads import facet_usage, label_usage
from models.store.reads import Reads

Group = Literal["entities", "claims", "facets", "relations"]
GROUPS: tuple[Group, ...] = ("entities", "claims", "facets", "relations")
LABEL_GROUPS: tuple[Group, ...] = ("entities", "claims", "relations")

_SPELLED = str.maketrans({"Æ": "AE", "Ø": "O", "Þ": "TH", "Ð": "D", "ß": "SS", "Ł": "L"})


class Fault(NamedTuple):
    """What is wrong with one record of a draft. ``details`` fill the sentence behind ``code``.

    A draft with a ``grave`` fault cannot be put in place; others are worth a look.
    """

    group: Group
    id: str
    code: str
    details: Mapping[str, object]
    grave: bool = True


def label_id(name: str, taken: Iterable[str], *, upper: bool = True) -> str:
    """Return an id for a new label made from its name: letters A to Z, digits and ``_``, not in ``taken``."""
    plain = unicodedata.normalize("NFKD", name.upper().translate(_SPELLED))
    made = re.sub(r"[^A-Z0-9]+", "_", "".join(c for c in plain if not unicodedata.combining(c))).strip("_")
    made = made or ("LABEL" if upper else "FACET")
    made = made if upper else made.lower()
    others, found, number = set(taken), made, 2
    while found in others or found == ANY:
        found, number = f"{made}_{number}", number + 1
    return found


class Draft:
    """A label set while it is edited, as JSON data of the shape of ``LabelSet.to_json``.

    Ids of what the project has already never change; those of new records follow their names.
    """

    def __init__(self, standing: LabelSet) -> None:
        self.standing = standing
        self.data: dict[str, Any] = standing.to_json()
        self._fixed = {group: {one["id"] for one in self.records(group)} for group in GROUPS}

    def records(self, group: Group) -> list[dict[str, Any]]:
        """Return the records of a group, in order; changing them changes the draft."""
        claims: dict[str, list[dict[str, Any]]] = self.data["claims"]
        if group == "claims":
            return claims["labels"]
        if group == "facets":
            return claims["facets"]
        found: list[dict[str, Any]] = self.data[group]
        return found

    def record(self, group: Group, wanted: str) -> dict[str, Any]:
        """Return the record with this id.

        Raises:
            KeyError: there is none.
        """
        for one in self.records(group):
            if one["id"] == wanted:
                return one
        raise KeyError(wanted)

    def is_new(self, group: Group, wanted: str) -> bool:
        """Whether a record is not in the project yet, so that its id still follows its name."""
        return wanted not in self._fixed[group]

    @property
    def changed(self) -> bool:
        """Whether anything differs from the set in the project, its version apart."""
        return {**self.data, "version": 0} != {**self.standing.to_json(), "version": 0}

    def _taken(self, group: Group) -> set[str]:
        groups: tuple[Group, ...] = ("facets",) if group == "facets" else LABEL_GROUPS
        standing = set().union(*(self._fixed[one] for one in groups))
        return standing | {one["id"] for name in groups for one in self.records(name)}

    # Changing it ------------------------------------------------------------------------------------------

    def add(self, group: Group, name: str, colour: str = "") -> str:
        """Put a new record at the end of its group; return its id."""
        names = {one.get("name", one["id"]).casefold() for one in self.records(group)}
        plain, number = name, 2
        while name.casefold() in names:
            name, number = f"{plain} {number}", number + 1
        made = label_id(name, self._taken(group), upper=group != "facets")
        record: dict[str, Any] = {"id": made, "title": {}, "description": {}}
        if group == "facets":
            record |= {"title": {"sv": name, "en": name}, "type": "choice", "values": []}
        else:
            record |= {"name": name, "color": colour, "key": None, "retired": False}
        if group == "relations":
            record |= {"symmetric": False, "pairs": []}
        self.records(group).append(record)
        return made

    def rename(self, group: Group, wanted: str, name: str) -> str:
        """Give a record another name; return its id, which follows the name while the record is new."""
        record = self.record(group, wanted)
        if group != "facets":
            record["name"] = name
        if not self.is_new(group, wanted) or not name.strip():
            return wanted
        made = label_id(name, self._taken(group) - {wanted}, upper=group != "facets")
        record["id"] = made
        for relation in self.data["relations"]:
            pairs = relation["pairs"]
            relation["pairs"] = [[made if end == wanted else end for end in pair] for pair in pairs]
        return made

    def remove(self, group: Group, wanted: str) -> None:
        """Take a record out, and a label out of the pairs that relations may join."""
        self.records(group).remove(self.record(group, wanted))
        if group in ("entities", "claims"):
            for relation in self.data["relations"]:
                relation["pairs"] = [pair for pair in relation["pairs"] if wanted not in pair]

    def shift(self, group: Group, wanted: str, step: int) -> bool:
        """Move a record up (-1) or down (1); False where it stands at the edge."""
        records = self.records(group)
        at = records.index(self.record(group, wanted))
        if not 0 <= at + step < len(records):
            return False
        records[at], records[at + step] = records[at + step], records[at]
        return True

    def ends(self) -> list[str]:
        """Return what a relation may join: any entity, then entity and claim labels."""
        return [ANY, *(one["id"] for one in (*self.records("entities"), *self.records("claims")))]

    def replace(self, other: LabelSet) -> None:
        """Take over another label set's content; the project keeps its own set's id."""
        self.data = {**other.to_json(), "id": self.standing.id}

    def as_set(self) -> LabelSet:
        """Return the draft as a label set, one version on.

        Raises:
            UserError: see :func:`models.labels.label_set`.
        """
        data = copy.deepcopy(self.data)
        data["version"] = max(self.standing.version + 1, int(data["version"]))
        return label_set(data)

    # What is wrong with it --------------------------------------------------------------------------------

    def faults(self, reserved: Mapping[str, str], distance: Callable[[str, str], float]) -> list[Fault]:
        """Return what is wrong, grave things first.

        ``reserved`` maps keys that the window itself uses to what they do there; ``distance`` says how far
        apart two colours look, 0 to about 1.
        """
        found = [*self._name_faults(), *self._key_faults(reserved), *self._colour_faults(distance)]
        found += [
            Fault("relations", one["id"], "labelset.no-pairs", {"label": _title(one)}, grave=False)
            for one in self.records("relations")
            if not one["pairs"] and not one["retired"]
        ]
        return sorted(found, key=lambda fault: not fault.grave)

    def _name_faults(self) -> Iterable[Fault]:
        for group in LABEL_GROUPS:
            names: dict[str, str] = {}
            for one in self.records(group):
                name = one["name"].strip().casefold()
                if not name:
                    yield Fault(group, one["id"], "labelset.no-name", {"label": one["id"]})
                elif name in names:
                    yield Fault(group, one["id"], "labelset.name-twice", {"label": one["name"]})
                names[name] = one["id"]
        for facet in self.records("facets"):
            if facet["type"] == "choice" and not facet.get("values"):
                yield Fault("facets", facet["id"], "labelset.no-values", {"facet": facet["id"]}, grave=False)

    def _key_faults(self, reserved: Mapping[str, str]) -> Iterable[Fault]:
        groups: tuple[tuple[Group, ...], ...] = (("entities", "claims"), ("relations",))
        for together in groups:
            keys: dict[str, str] = {}
            for group in together:
                for one in self.records(group):
                    key = (one["key"] or "").lower()
                    if not key or one["retired"]:
                        continue
                    if key in keys:
                        details = {"key": key.upper(), "label": _title(one), "other": keys[key]}
                        yield Fault(group, one["id"], "labelset.key-twice", details)
                    elif group == "entities" and key in reserved:
                        details = {"key": key.upper(), "label": _title(one), "action": reserved[key]}
                        yield Fault(group, one["id"], "labelset.key-reserved", details, grave=False)
                    keys.setdefault(key, _title(one))

    def _colour_faults(self, distance: Callable[[str, str], float]) -> Iterable[Fault]:
        together: tuple[tuple[tuple[Group, ...], float], ...] = (
            (("entities", "claims"), TOO_CLOSE),
            (("relations",), TOO_CLOSE_ARCS),
        )
        for groups, least in together:
            seen: list[dict[str, Any]] = []
            for group in groups:
                for one in self.records(group):
                    if one["retired"]:
                        continue
                    twin = next((o for o in seen if distance(o["color"], one["color"]) < least), None)
                    seen.append(one)
                    if twin is not None:
                        details = {"label": _title(one), "other": _title(twin)}
                        yield Fault(group, one["id"], "labelset.colours-close", details, grave=False)


def _title(record: Mapping[str, Any]) -> str:
    return localised(record["title"], language(), record["name"])


TOO_CLOSE = 0.06
"""Distance of two colours in OKLab under which labels that stand side by side are hard to tell apart."""
TOO_CLOSE_ARCS = 0.035
"""The same for relations, which carry their name in words wherever they are drawn."""


class FacetLoss(NamedTuple):
    """Facets that claims carry and that a draft would no longer know; ``value`` None: the whole facet."""

    facet: str
    value: str | None
    claims: int


def lost_facets(reads: Reads, new: LabelSet) -> list[FacetLoss]:
    """Return which facets and values of existing claims ``new`` lacks, and how many claims carry them."""
    lost: dict[tuple[str, str | None], int] = {}
    for (name, value), count in facet_usage(reads).items():
        facet = new.facet(name)
        if facet is None:
            lost[name, None] = lost.get((name, None), 0) + count
        elif facet.type == "choice" and value not in {one.id for one in facet.values}:
            lost[name, value] = count
    return [FacetLoss(facet, value, count) for (facet, value), count in sorted(lost.items(), key=str)]


def usage(reads: Reads) -> dict[str, int]:
    """Return label id → how many annotations carry it, of all annotators."""
    return label_usage(reads)


# Files ------------------------------------------------------------------------------------------------------


def read_label_set(path: Path) -> LabelSet:
    """Return the label set in a JSON file; an exchange file's label set is taken out of it.

    Raises:
        UserError: ``label.bad-set`` and the others of :func:`models.labels.label_set`;
            ``labelset.cannot-read``.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UserError("labelset.cannot-read", path=str(path), reason=_why(error)) from error
    except (ValueError, RecursionError) as error:
        raise UserError("label.bad-set", reason=str(error)) from error
    if isinstance(data, dict) and "kurator" in data and isinstance(data.get("label_set"), dict):
        data = data["label_set"]
    return label_set(data)


def write_label_set(labels: LabelSet, path: Path) -> None:
    """Write a label set as JSON, wholly or not at all.

    Raises:
        UserError: ``labelset.cannot-write``.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(json.dumps(labels.to_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UserError("labelset.cannot-write", path=str(path), reason=_why(error)) from error


def _why(error: OSError) -> str:
    return error.strerror or str(error)
