"""What spaCy's documents have no place for, and where we put it: ``doc.user_data["kurator"]``.

- ``doc.spans["sc"]`` holds every passage that is true, a discontinuous one as several spans with the same
  ``span.id``; ``doc.spans["incorrect"]`` what was turned down (spaCy's ``incorrect_spans_key``),
  ``doc.spans["suggested"]`` what nobody judged. ``doc.ents`` holds the entities of one layer without overlaps.
- ``user_data["kurator"]``: ``{"name", "facts": {"document", "title", "source", "language", "metadata",
  "furniture"}, "split", "passages": {span id: {"kind", "annotator", "state", "score", "note", "facets", "register",
  "origin", "spans"}}, "relations": [{"id", "label", "head", "tail", …}], "notes": [{"annotator", "text"}]}``, what
  is empty left out. ``spans`` stands only where the passage was snapped to tokens: its place to the letter.

The lines of spaCy's JSON (``Doc.to_json``) carry the same object as ``"kurator"``, and ``"id"`` in each span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.formats.beside import heard, items, record, string, told, told_of
from app.formats.contract import SPLITS, ReadContext, WriteContext
from app.formats.gathering import Gathering
from app.formats.layers import DocumentNote, LayerDocument, Link, Passage, Refusal, State
from models.errors import UserError
from models.spans import Span, Spans

KEY = "kurator"
GROUPS: Mapping[State, str] = {"rejected": "incorrect", "suggested": "suggested"}
"""State → span group of what is not true; everything else is in ``TRUE``."""
TRUE = "sc"
_STATES: Mapping[str, State] = {group: state for state, group in GROUPS.items()}
_NAMES = ("name", "doc", "doc_id", "id")


def group_of(passage: Passage) -> str:
    """Return the span group that a passage goes into."""
    return GROUPS.get(passage.state, TRUE)


def facts(document: LayerDocument, context: WriteContext, snapped: Mapping[str, Spans]) -> dict[str, Any]:
    """Return what goes into ``user_data["kurator"]``; ``snapped``: passage → its place to the letter."""
    names = context.annotators
    found = {
        "name": document.name,
        "facts": told_of(document),
        "split": document.split,
        "passages": {
            one.id: told(one, names, "id") | origin_of(one) | place_of(snapped.get(one.id, ()))
            for one in document.passages
        },
        "relations": [
            {"label": one.label, "head": one.head, "tail": one.tail} | told(one, names) | origin_of(one)
            for one in document.links
        ],
        "notes": [{"annotator": names.get(one.annotator, one.annotator), "text": one.text} for one in document.notes],
    }
    return {name: value for name, value in found.items() if value}


def origin_of(one: Passage | Link) -> dict[str, Any]:
    """Return where something comes from, where that is not simply a human."""
    return {"origin": dict(one.origin)} if one.origin and one.origin != {"by": "human"} else {}


def place_of(spans: Spans) -> dict[str, Any]:
    """Return a place to the letter, where there is one to tell."""
    return {"spans": [list(span) for span in spans]} if spans else {}


# Reading ----------------------------------------------------------------------------------------------------

Found = tuple[int, int, str, str]
"""Start, end, label, id of one span."""


def layered(
    where: tuple[str, int, str],
    context: ReadContext,
    text: str,
    ents: Iterable[Found],
    groups: Mapping[str, Iterable[Found]],
    told: Any,
) -> Iterator[LayerDocument | Refusal]:
    """Yield the document that spaCy's spans make, with what ``user_data`` tells, then what was refused.

    Args:
        where: the file, the number of the document in it, and what it is called if it does not say.
    """
    file, number, name = where
    data: Mapping[Any, Any] = told if isinstance(told, Mapping) else {}
    known = plain(data.get(KEY))
    kept: Mapping[str, Any] = known if isinstance(known, dict) else {}
    called = next((str(data[key]) for key in _NAMES if isinstance(data.get(key), str) and data[key]), name)
    gathering = Gathering(file, context, str(kept.get("name") or called), text, split=_part(kept.get("split")))
    gathering.far_links = True
    gathering.facts(kept.get("facts"), number)
    _gather_passages(gathering, ents, groups, kept, number)
    with gathering.refusing(number):
        for place, one in enumerate(items(kept.get("relations"), "relations")):
            with gathering.refusing(number):
                _gather_link(gathering, record(one, "relations"), place, number)
        for one in items(kept.get("notes"), "notes"):
            note = record(one, "notes")
            gathering.notes.append(
                DocumentNote(string(note.get("annotator", ""), "annotator"), string(note.get("text"), "text"))
            )
    yield from gathering.items()


def plain(value: Any) -> Any:
    """Return a value with lists where MessagePack gave tuples."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return {key: plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def _part(value: object) -> str | None:
    return value if isinstance(value, str) and value in SPLITS else None


def _gather_passages(
    gathering: Gathering,
    ents: Iterable[Found],
    groups: Mapping[str, Iterable[Found]],
    kept: Mapping[str, Any],
    number: int,
) -> None:
    """Add the spans as passages: fragments with one id joined, entities that are spans as well only once."""
    told = kept.get("passages")
    more: Mapping[str, Any] = told if isinstance(told, dict) else {}
    fragments: dict[tuple[str, str, str, int], list[Span]] = {}
    loose = 0
    for group in sorted(groups, key=lambda one: (one != TRUE, one)):
        for start, end, label, identity in groups[group]:
            span, key = Span(start, end), (group, identity, label, 0)
            apart = identity in more or not any(span.overlaps(other) for other in fragments.get(key, ()))
            if not identity or not apart:
                loose += 1
                key = (group, identity, label, loose)
            fragments.setdefault(key, []).append(span)
    standing = {(key[2], span) for key, spans in fragments.items() if key[0] not in _STATES for span in spans}
    for start, end, label, identity in ents:
        if (label, Span(start, end)) not in standing:
            loose += 1
            fragments[(TRUE, identity, label, loose)] = [Span(start, end)]
    for (group, identity, label, copy), spans in fragments.items():
        with gathering.refusing(number):
            fields = record(more.get(identity) or {}, "passages")
            places = items(fields.get("spans"), "spans") or spans
            marks = {"id": identity} | heard(fields)
            if group in _STATES:
                marks["state"] = _STATES[group]
            name = f"{identity}#{copy}" if copy or not identity else identity
            gathering.passage(name, label, places, _origin(fields), number, **marks)


def _gather_link(gathering: Gathering, one: Mapping[str, Any], place: int, number: int) -> None:
    label, head, tail = (string(one.get(name), name) for name in ("label", "head", "tail"))
    gathering.link(f"#{place}", label, head, tail, _origin(one), number, **{"id": ""} | heard(one))


def _origin(one: Mapping[str, Any]) -> Mapping[str, object]:
    return record(one.get("origin") or {}, "origin")


def unreadable(path: str, error: BaseException) -> Refusal:
    """Return the refusal of a whole file that is not what it seems."""
    if isinstance(error, UserError):
        return Refusal(path, None, error.code, error.details)
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return Refusal(path, None, "formats.broken", {"reason": reason})
