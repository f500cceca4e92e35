"""What spaCy's documents have no place for, and where we put it: ``doc.user_data["kurator"]``.

- ``doc.spans["sc"]`` holds every passage that is true, a discontinuous one as several spans with the same
  ``span.id``; ``doc.spans["incorrect"]`` what was turned down (spaCy's ``incorrect_spans_key``),
  ``doc.spans["suggested"]`` what nobody judged. ``doc.ents`` holds the entities of one layer without overlaps.
- ``user_data["kurator"]``: ``{"id", "name", "title", "source", "language", "metadata", "furniture", "split",
  "passages": {span id: {"kind", "annotator", "state", "score", "note", "facets", "register", "origin", "spans"}},
  "relations": [{"id", "label", "head", "tail", …}], "notes": [{"annotator", "text"}]}``, what is empty left out.
  ``spans`` stands only where the passage was snapped to tokens: its place to the letter.

The lines of spaCy's JSON (``Doc.to_json``) carry the same object as ``"kurator"``, and ``"id"`` in each span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.formats.contract import WriteContext
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
    return _filled(
        {
            "id": document.id,
            "name": document.name,
            "title": document.title,
            "source": document.source,
            "language": document.language,
            "metadata": dict(document.metadata),
            "furniture": [list(span) for span in document.furniture],
            "split": document.split,
            "passages": {
                one.id: _filled(
                    {
                        "kind": one.kind,
                        **_shared(one, context),
                        "register": one.register,
                        "spans": [list(span) for span in snapped.get(one.id, ())],
                    }
                )
                for one in document.passages
            },
            "relations": [
                _filled({"id": one.id, "label": one.label, "head": one.head, "tail": one.tail, **_shared(one, context)})
                for one in document.links
            ],
            "notes": [{"annotator": named(one.annotator, context), "text": one.text} for one in document.notes],
        }
    )


def named(annotator: str, context: WriteContext) -> str:
    """Return an annotator by the name that no other has."""
    return context.annotators.get(annotator, annotator)


def _shared(one: Passage | Link, context: WriteContext) -> dict[str, Any]:
    return {
        "annotator": named(one.annotator, context),
        "state": one.state if one.state != "manual" else None,
        "score": one.score,
        "note": one.note,
        "facets": dict(one.facets),
        "origin": dict(one.origin) if one.origin != {"by": "human"} else None,
    }


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


# Reading ----------------------------------------------------------------------------------------------------

Found = tuple[int, int, str, str]
"""Start, end, label, id of one span."""


def layered(
    text: str,
    ents: Iterable[Found],
    groups: Mapping[str, Iterable[Found]],
    told: Any,
    where: tuple[str, int],
    name: str,
) -> Iterator[LayerDocument | Refusal]:
    """Yield the document that spaCy's spans make, with what ``user_data`` tells, then what was refused.

    ``where`` is the file and the number of the document in it, ``name`` what it is called if it does not say.
    """
    kept = told.get(KEY) if isinstance(told, Mapping) else None
    facts_: Mapping[str, Any] = kept if isinstance(kept, Mapping) else {}
    told = told if isinstance(told, Mapping) else {}
    refused: list[Refusal] = []
    passages = _passages(ents, groups, facts_)
    called = next((str(told[key]) for key in _NAMES if isinstance(told.get(key), str) and told[key]), name)
    try:
        document = LayerDocument(
            name=_text(facts_.get("name")) or called,
            text=text,
            id=_text(facts_.get("id")) or "",
            title=_text(facts_.get("title")),
            source=_text(facts_.get("source")),
            language=_text(facts_.get("language")),
            metadata={str(key): str(value) for key, value in _mapping(facts_.get("metadata")).items()},
            furniture=_spans(facts_.get("furniture")),
            split=_text(facts_.get("split")),
            passages=tuple(passages),
            links=tuple(_links(facts_.get("relations"), where, refused)),
            notes=tuple(
                DocumentNote(_text(one.get("annotator")) or "", str(one.get("text", "")))
                for one in _records(facts_.get("notes"))
            ),
        )
    except (TypeError, ValueError, KeyError) as error:
        yield Refusal(where[0], where[1], "formats.bad-record", {"reason": str(error)})
        return
    yield document
    yield from refused


def _passages(ents: Iterable[Found], groups: Mapping[str, Iterable[Found]], told: Mapping[str, Any]) -> list[Passage]:
    """Return the spans as passages: fragments with one id joined, entities that are spans as well only once."""
    more = _mapping(told.get("passages"))
    by_id: dict[tuple[str, str], list[Span]] = {}
    labels: dict[tuple[str, str], str] = {}
    loose = 0
    order = sorted(groups, key=lambda group: (group != TRUE, group))
    for group in order:
        for start, end, label, identity in groups[group]:
            span = Span(start, end)
            key = (group, f"{identity}\0{label}")
            apart = identity in more or not any(span.overlaps(other) for other in by_id.get(key, ()))
            if not identity or not apart:
                loose += 1
                key = (group, f"{key[1]}\0{loose}")
            by_id.setdefault(key, []).append(span)
            labels[key] = label
    passages = [_passage(key, tuple(sorted(spans)), labels[key], more) for key, spans in by_id.items()]
    standing = {(labels[key], span) for key, spans in by_id.items() if key[0] not in _STATES for span in spans}
    for start, end, label, identity in ents:
        if (label, Span(start, end)) not in standing:
            passages.append(_passage((TRUE, f"{identity}\0{label}"), (Span(start, end),), label, more))
    return sorted(passages, key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))


def _passage(key: tuple[str, str], spans: Spans, label: str, more: Mapping[str, Any]) -> Passage:
    group, identity = key[0], key[1].partition("\0")[0]
    told = _mapping(more.get(identity))
    passage = Passage(
        identity,
        "claim" if told.get("kind") == "claim" else "entity",
        label,
        _spans(told.get("spans")) or spans,
        register=_text(told.get("register")),
    )
    return passage._replace(**_marks(told, _STATES.get(group)))


def _marks(told: Mapping[str, Any], state: State | None) -> dict[str, Any]:
    """Return the fields that passages and links share."""
    score = told.get("score")
    known: Sequence[State] = ("manual", "accepted", "corrected", "rejected", "suggested")
    said = next((one for one in known if one == told.get("state")), "manual")
    return {
        "facets": dict(_mapping(told.get("facets"))),
        "annotator": _text(told.get("annotator")) or "",
        "note": _text(told.get("note")),
        "state": state or said,
        "score": float(score) if isinstance(score, int | float) else None,
        "origin": dict(_mapping(told.get("origin"))),
    }


def _links(records: Any, where: tuple[str, int], refused: list[Refusal]) -> Iterator[Link]:
    for one in _records(records):
        ends = [one.get(name) for name in ("label", "head", "tail")]
        if all(isinstance(end, str) and end for end in ends):
            yield Link(_text(one.get("id")) or "", str(ends[0]), str(ends[1]), str(ends[2]))._replace(
                **_marks(one, None)
            )
        else:
            refused.append(Refusal(*where, "formats.bad-record", {"reason": str(one)[:200]}))


def _records(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _spans(value: Any) -> Spans:
    pairs = value if isinstance(value, list | tuple) else ()
    return tuple(
        Span(int(pair[0]), int(pair[1])) for pair in pairs if isinstance(pair, list | tuple) and len(pair) == 2
    )


def unreadable(path: str, error: BaseException) -> Refusal:
    """Return the refusal of a whole file that is not what it seems."""
    if isinstance(error, UserError):
        return Refusal(path, None, error.code, error.details)
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return Refusal(path, None, "formats.broken", {"reason": reason})
