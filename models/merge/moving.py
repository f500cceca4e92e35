"""A document's records as they stand in another text, so that no offset ever counts in the wrong one."""

from __future__ import annotations

from typing import Any

from models.merge.values import Record
from models.reanchor import TextDifference, reanchor
from models.spans import Anchor, Span, anchor


def explicit(document: Record) -> Record:
    """Return a document whose decisions all say where the judged passage stands (see :func:`implicit`)."""
    suggestions = {one["id"]: one for one in document["suggestions"]}
    decisions = [
        one if "spans" in one else {**one, "spans": _standing(suggestions.get(one["suggestion"]), one)}
        for one in document["decisions"]
    ]
    return {**document, "decisions": decisions}


def implicit(document: Record) -> Record:
    """Return a document whose decisions leave out what their suggestion says anyway, as files do."""
    suggestions = {one["id"]: one for one in document["suggestions"]}
    decisions = []
    for one in document["decisions"]:
        rest = {name: value for name, value in one.items() if name != "spans"}
        if one["spans"] == _standing(suggestions.get(one["suggestion"]), rest):
            one = rest
        decisions.append(one)
    return {**document, "decisions": decisions}


def _standing(suggestion: Record | None, decision: Record) -> list[list[int]]:
    """Return where a judged passage stands, unless its decision says otherwise."""
    if suggestion is None or suggestion.get("past"):
        return []
    judged = decision.get("judged") or {}
    spans: list[list[int]] = judged["spans"] if "spans" in judged else suggestion.get("spans") or []
    return spans


def moved(document: Record, target: Record) -> Record:
    """Return ``document`` (with explicit decisions) as it stands in the text of ``target``.

    What is not found again is an orphan; what a pipeline proposed for the other text is past. Without the text
    there is nothing to look in.
    """
    old, new = document["text"], target["text"]
    difference = TextDifference(old, new) if old and new is not None else None
    moved = {**document, **{name: target[name] for name in ("text", "fingerprint", "length")}}
    for name in ("entities", "claims"):
        moved[name] = [_placed(one, new, difference) for one in document[name]]
    moved["suggestions"] = [{**one, "past": True} for one in document["suggestions"]]
    moved["decisions"] = [{**one, "spans": _moved(one["spans"], difference) or []} for one in document["decisions"]]
    moved["furniture"] = [span for one in document["furniture"] for span in _moved([one], difference) or ()]
    if "analysed_by" in moved:
        moved["analysed_by"] = None
    return moved


def _moved(spans: list[list[int]], difference: TextDifference | None) -> list[list[int]] | None:
    """Return where unchanged passages stand now, None where any of them changed."""
    if difference is None:
        return None
    found = [difference.move(Span(*span)) for span in spans]
    return [list(span) for span in found if span] if all(found) else None


def _placed(record: Record, text: str | None, difference: TextDifference | None) -> Record:
    if text is None:
        return {**record, "orphan": True}
    kept = Anchor(tuple(record["exact"]), record["prefix"], record["suffix"])
    spans = tuple(Span(*span) for span in record["spans"])
    found = reanchor(spans, kept, text, None if record.get("orphan") else difference)
    if found is None or any(span.start >= span.end for span in found):
        return {**record, "orphan": True}
    now = anchor(text, found)
    placed: dict[str, Any] = {"exact": list(now.exact), "prefix": now.prefix, "suffix": now.suffix}
    rest = {name: value for name, value in record.items() if name != "orphan"}
    return {**rest, **placed, "spans": [list(span) for span in found]}
