"""Conflicts: what two sides made different of one thing, kept as a record until a person has chosen.

A conflict's id follows from what it is about and from its readings, so that either order of the sides, and
merging again, finds the same one. Readings of one open question that come together in several merges are one
conflict. What a person chose is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.ids import derived_id
from models.merge.values import ABSENT, Record, Side, canonical, moment


class Question(NamedTuple):
    """What a conflict is about: a field of a record of a list, or (``field`` None) whether it is there."""

    list: str
    record: str
    field: str | None


class Reading(NamedTuple):
    """What one side says, whose it is, and when it was said."""

    value: Any
    by: str | None = None
    at: str | None = None

    def record(self) -> Record:
        """Return the reading as a file holds it."""
        return {"value": None if self.value is ABSENT else self.value, "by": self.by, "at": self.at}


def conflict_id(question: Question, values: Iterable[Any]) -> str:
    """Return the id of a conflict about ``question`` between ``values``, whatever their order."""
    return derived_id("conflict", question.record, question.field, sorted({canonical(value) for value in values}))


def question_of(conflict: Record) -> Question:
    """Return what a conflict is about."""
    return Question(conflict["list"], conflict["record"], conflict["field"])


def make_conflict(
    kind: str, question: Question, base: Any, readings: Iterable[Record], more: Mapping[str, Any] | None = None
) -> Record:
    """Return an open conflict, its readings by their value; of one value the earliest stays."""
    by_value: dict[str, Record] = {}
    for one in sorted(readings, key=_reading_order):
        by_value.setdefault(canonical(one["value"]), one)
    told = [by_value[key] for key in sorted(by_value)]
    return {
        **(more or {}),
        "base": None if base is ABSENT else base,
        "field": question.field,
        "id": conflict_id(question, [one["value"] for one in told]),
        "kind": kind,
        "list": question.list,
        "readings": told,
        "record": question.record,
        "resolution": None,
    }


def _reading_order(reading: Record) -> tuple[str, tuple[float, str], str]:
    return canonical(reading["value"]), moment(reading["at"]), canonical(reading)


def values_of(conflict: Record) -> set[str]:
    """Return the readings' values as canonical JSON."""
    return {canonical(one["value"]) for one in conflict["readings"]}


class Ledger:
    """The conflicts of one document, or of the project: those the sides brought, and those found now."""

    def __init__(self, base: Sequence[Record], ours: Sequence[Record], theirs: Sequence[Record]) -> None:
        self._base, self._ours, self._theirs = ({one["id"]: one for one in side} for side in (base, ours, theirs))
        self._found: list[Record] = []

    def chosen(self, question: Question, ours: Any, theirs: Any) -> Side | None:
        """Return the side on which a person has already decided this, with the other's value in view."""
        answers: list[tuple[tuple[float, str], str, Side]] = []
        sides: tuple[tuple[Side, dict[str, Record], Any, Any], ...] = (
            ("ours", self._ours, ours, theirs),
            ("theirs", self._theirs, theirs, ours),
        )
        for side, known, own, other in sides:
            for one in known.values():
                if one["resolution"] and question_of(one) == question and canonical(other) in values_of(one):
                    answers.append((moment(one["resolution"].get("at")), canonical(own), side))
        return max(answers)[2] if answers else None

    def add(
        self,
        kind: str,
        question: Question,
        base: Any,
        readings: tuple[Reading, Reading],
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a conflict that was found now."""
        self._found.append(make_conflict(kind, question, base, [one.record() for one in readings], more))

    def all(self) -> list[Record]:
        """Return the conflicts of the merged document by id."""
        known = self._known()
        resolved = [one for one in known if one["resolution"]]
        answered: dict[Question, list[set[str]]] = {}
        for one in resolved:
            answered.setdefault(question_of(one), []).append(values_of(one))
        open_: dict[Question, list[Record]] = {}
        for one in (*(one for one in known if not one["resolution"]), *self._found):
            question = question_of(one)
            if not any(values_of(one) <= values for values in answered.get(question, ())):
                open_.setdefault(question, []).append(one)
        joined = [_joined(question, ones) for question, ones in open_.items()]
        return sorted((*resolved, *joined), key=lambda one: str(one["id"]))

    def _known(self) -> list[Record]:
        """Return what the sides brought, united; what one side took away and the other left is gone."""
        known: list[Record] = []
        for identity in sorted({*self._ours, *self._theirs}):
            was, we, they = (side.get(identity) for side in (self._base, self._ours, self._theirs))
            if we is not None and they is not None:
                known.append(we if we == they else _united(we, they))
            elif (one := we if we is not None else they) is not None and one != was:
                known.append(one)
        return known


def _united(left: Record, right: Record) -> Record:
    """Return one conflict that two sides know: the later resolution stands."""
    order = sorted((left, right), key=lambda one: (moment((one["resolution"] or {}).get("at")), canonical(one)))
    merged = {**order[0], **order[1]}
    told = make_conflict(merged["kind"], question_of(merged), _known_base(order), _readings(order))
    return {**merged, "base": told["base"], "readings": told["readings"]}


def _joined(question: Question, ones: list[Record]) -> Record:
    """Return several open conflicts about one question as one with all their readings."""
    if len(ones) == 1:
        return ones[0]
    order = sorted(ones, key=canonical)
    more = {name: value for one in order for name, value in one.items()}
    told = make_conflict(min(one["kind"] for one in order), question, _known_base(order), _readings(order), more)
    if any("relations" in one for one in order):
        told["relations"] = sorted({end for one in order for end in one.get("relations", ())})
    return told


def _known_base(conflicts: Sequence[Record]) -> Any:
    return max((one["base"] for one in conflicts), key=lambda base: (base is not None, canonical(base)))


def _readings(conflicts: Sequence[Record]) -> list[Record]:
    return [reading for one in conflicts for reading in one["readings"]]
