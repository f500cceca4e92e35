"""What other tools have no place for, kept by convention in an object of ours beside each passage and relation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from app.formats.layers import DocumentNote, LayerDocument, Link, Losses, Passage, State
from app.formats.simplify import quoted
from models.errors import UserError
from models.spans import check_spans

KEY = "kurator"
"""The key of the object, where a format takes keys that it does not know."""

STATES: tuple[State, ...] = get_args(State)
STANDING: frozenset[State] = frozenset({"manual", "accepted", "corrected"})
_TEXTS = ("id", "annotator", "note", "register")


def told(item: Passage | Link, annotators: Mapping[str, str], *without: str) -> dict[str, Any]:
    """Return what ``item`` holds beside its label and its place, the empty left out.

    Args:
        annotators: annotator's id → name.
        without: fields that the format has a place of its own for.
    """
    fields: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind if isinstance(item, Passage) else None,
        "annotator": annotators.get(item.annotator, item.annotator),
        "state": None if item.state == "manual" else item.state,
        "note": item.note,
        "score": item.score,
        "register": item.register if isinstance(item, Passage) else None,
        "facets": {name: value for name, value in item.facets.items() if value is not None},
    }
    return {
        name: value
        for name, value in fields.items()
        if name not in without and value is not None and value != "" and value != {}
    }


def heard(data: object) -> dict[str, Any]:
    """Return what :func:`told` wrote, fit to be fields of a passage or link; no object is nothing.

    Raises:
        UserError: ``peers.bad-field``: a field that is there is not of its type.
    """
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise UserError("peers.bad-field", field=KEY)
    found: dict[str, Any] = {}
    for name in _TEXTS:
        if (value := data.get(name)) is not None:
            found[name] = string(value, name)
    if (kind := data.get("kind")) is not None:
        found["kind"] = _one_of(kind, "kind", ("entity", "claim"))
    if (state := data.get("state")) is not None:
        found["state"] = _one_of(state, "state", STATES)
    if (score := data.get("score")) is not None:
        found["score"] = number(score, "score")
    if (facets := data.get("facets")) is not None:
        found["facets"] = _facets(facets)
    return found


def _facets(data: object) -> dict[str, str | bool]:
    if not isinstance(data, Mapping) or not all(isinstance(value, str | bool) for value in data.values()):
        raise UserError("peers.bad-field", field="facets")
    return {string(name, "facets"): value for name, value in data.items()}


def _one_of(value: object, field: str, allowed: Iterable[str]) -> str:
    if value not in tuple(allowed):
        raise UserError("peers.bad-field", field=field)
    return str(value)


def string(value: object, field: str) -> str:
    """Return ``value`` if it is a text.

    Raises:
        UserError: ``peers.bad-field``.
    """
    if not isinstance(value, str):
        raise UserError("peers.bad-field", field=field)
    return value


def whole(value: object, field: str) -> int:
    """Return ``value`` if it is a whole number.

    Raises:
        UserError: ``peers.bad-field``.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise UserError("peers.bad-field", field=field)
    return value


def number(value: object, field: str) -> float:
    """Return ``value`` if it is a finite number.

    Raises:
        UserError: ``peers.bad-field``.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError("peers.bad-field", field=field)
    return float(value)


def items(value: object, field: str) -> list[Any]:
    """Return ``value`` if it is a list, an empty one for None.

    Raises:
        UserError: ``peers.bad-field``.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise UserError("peers.bad-field", field=field)
    return value


def record(value: object, field: str) -> dict[str, Any]:
    """Return ``value`` if it is an object.

    Raises:
        UserError: ``peers.bad-field``.
    """
    if not isinstance(value, dict):
        raise UserError("peers.bad-field", field=field)
    return value


def told_of(document: LayerDocument) -> dict[str, Any]:
    """Return what a document holds beside its name, text, passages, links and notes; the empty left out."""
    fields: dict[str, Any] = {
        "document": document.id,
        "title": document.title,
        "source": document.source,
        "language": document.language,
        "metadata": dict(document.metadata),
        "furniture": [list(span) for span in document.furniture],
    }
    return {name: value for name, value in fields.items() if value}


def heard_of(data: object, length: int) -> dict[str, Any]:
    """Return what :func:`told_of` wrote, fit to be fields of a document whose text has ``length`` code points.

    Raises:
        UserError: ``peers.bad-field``, or what :func:`~models.spans.check_spans` raises.
    """
    if data is None:
        return {}
    given = record(data, KEY)
    found: dict[str, Any] = {}
    for name in ("document", "title", "source", "language"):
        if (value := given.get(name)) is not None:
            found["id" if name == "document" else name] = string(value, name)
    if (metadata := given.get("metadata")) is not None:
        found["metadata"] = {name: string(value, "metadata") for name, value in record(metadata, "metadata").items()}
    if furniture := items(given.get("furniture"), "furniture"):
        found["furniture"] = check_spans(furniture, length)
    return found


def document_notes(data: object) -> list[DocumentNote]:
    """Return the notes on a document that an export of ours keeps as pairs of a name and a text.

    Raises:
        UserError: ``peers.bad-field``.
    """
    notes = items(data.get("notes") if isinstance(data, Mapping) else None, "notes")
    pairs = [items(one, "notes") for one in notes]
    if any(len(pair) != 2 for pair in pairs):
        raise UserError("peers.bad-field", field="notes")
    return [DocumentNote(string(by, "notes"), string(text, "notes")) for by, text in pairs]


def standing(document: LayerDocument, losses: Losses) -> tuple[list[Passage], list[Link]]:
    """Return the passages and links that a person stands behind, for a format in which every mark counts as true.

    The others, and links that end on them, are counted in ``losses``.
    """
    passages, links = [], []
    for one in document.passages:
        if one.state in STANDING:
            passages.append(one)
        else:
            losses.add(_lost(one.state), quoted(document, one))
    there = {one.id for one in passages}
    for link in document.links:
        if link.state not in STANDING:
            losses.add(_lost(link.state), f"{document.name}: {link.label}")
        elif link.head not in there or link.tail not in there:
            losses.add("formats.lost-link-end", f"{document.name}: {link.label}")
        else:
            links.append(link)
    return passages, links


def _lost(state: State) -> str:
    return "formats.lost-rejected" if state == "rejected" else "formats.lost-suggested"
