"""Differences between two files in sentences: "3 entities relabelled, 1 claim's speaker changed"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.merge.boundaries import bounded, is_place
from app.merge.diff import Difference
from app.merge.report import CHANGES, MergeReport
from app.messages import tr

_SPEAKS = "ATTRIBUTED_TO"
"""The relation from a claim to whoever says it."""
_UNTOLD = frozenset({"deleted", "runs", "effort", "suggestions"})
"""Lists of which people are told nothing: they follow from other changes, or from a pipeline."""
_ASPECTS: Mapping[str, Mapping[str, str]] = {
    "entities": {"label": "label", "place": "place", "note": "note", "register": "register", "annotator": "annotator"},
    "claims": {"label": "label", "place": "place", "note": "note", "annotator": "annotator"},
    "relations": {"label": "label", "head": "ends", "tail": "ends", "note": "note", "annotator": "annotator"},
    "documents": {"fingerprint": "text", "furniture": "furniture", "furniture_by": "furniture"},
    "conflicts": {"resolution": "resolved"},
}
"""List → field → what a change of it is called; other fields are called changed."""
_FIELDS = frozenset(
    ("label", "place", "note", "register", "head", "tail", "facets", "title", "name", "metadata", "furniture", "state")
)
"""Fields whose name people read; others are called what the file calls them."""
_ORDER = (
    "documents", "label_set", "entities", "claims", "relations", "decisions", "status", "notes", "register",
    "annotators", "conflicts",
)  # fmt: skip


def summary(differences: Iterable[Difference]) -> list[str]:
    """Return a sentence for each kind of change, with how often it happened, in a fixed order."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in _with_speakers(differences):
        counts.update(one)
    order = {name: number for number, name in enumerate(_ORDER)}
    return [
        tr(f"merge.{name}-{aspect}", count=count, facet=facet)
        for (name, aspect, facet), count in sorted(
            counts.items(), key=lambda one: (order.get(one[0][0], len(order)), one[0])
        )
    ]


def noting_boundaries(differences: Iterable[Difference], lines: list[str]) -> Iterator[Difference]:
    """Yield the differences; where boundaries moved, add to ``lines`` from where to where."""
    for one in differences:
        was, now = (one.fields or {}).get("place", (None, None))
        if is_place(was) and is_place(now):
            before, after = bounded([was, now])
            if before != after:
                place = one.name or tr("merge.project")
                lines.append(tr("merge.boundary", place=place, before=before, after=after))
        yield one


def _with_speakers(differences: Iterable[Difference]) -> Iterator[set[tuple[str, str, str]]]:
    """Yield what each difference is called; a claim that stays and whose speaker differs is one change."""
    fresh: set[str] = set()
    waiting: list[Difference] = []
    for one in differences:
        if one.list == "claims" and one.change != "changed":
            fresh.add(one.id)
        if one.list == "relations" and (one.after or one.before or {}).get("label") == _SPEAKS:
            waiting.append(one)
        else:
            yield set(_kinds(one))
    claims: dict[str, list[Difference]] = {}
    for one in waiting:
        claims.setdefault((one.after or one.before or {})["head"], []).append(one)
    for claim, relations in claims.items():
        if claim in fresh:
            for one in relations:
                yield set(_kinds(one))
        else:
            yield {("claims", "speaker", "")}


def _kinds(one: Difference) -> Iterator[tuple[str, str, str]]:
    if one.list in _UNTOLD:
        return
    if one.list in ("status", "annotators", "label_set") or one.list not in _ORDER:
        yield (one.list if one.list in _ORDER else "other"), "changed", ""
    elif one.change != "changed":
        yield one.list, one.change, ""
    else:
        for name in one.fields or ():
            if name.startswith("facets."):
                yield one.list, "facet", name.removeprefix("facets.")
            else:
                yield one.list, _ASPECTS.get(one.list, {}).get(name, "changed"), ""


def told(report: MergeReport) -> list[str]:
    """Return what a merge did to ours, a sentence for each kind of change."""
    found = []
    for name in _ORDER:
        changes: Mapping[Any, int] = report.changes.get(name, {})
        if name in ("status", "annotators", "label_set"):
            if count := sum(changes.values()):
                found.append(tr(f"merge.{name}-changed", count=count))
            continue
        found += [tr(f"merge.{name}-{one}", count=changes[one]) for one in CHANGES if changes.get(one)]
    if report.unified:
        found.append(tr("merge.unified", count=report.unified))
    return found


def conflict_sentence(conflict: Mapping[str, Any], name: str | None) -> str:
    """Return a conflict in a sentence: where, about what, and both readings."""
    values = [one["value"] for one in conflict["readings"]]
    readings = bounded(values) if all(map(is_place, values)) else [_shown(one) for one in values]
    place = name or tr("merge.project")
    if conflict["kind"] in ("deleted", "end"):
        quote = next((_quote(one["value"]) for one in conflict["readings"] if one["value"]), "")
        key = "merge.conflict-end" if conflict["kind"] == "end" else "merge.conflict-deleted"
        return tr(key, place=place, quote=quote)
    if conflict["kind"] == "text":
        return tr("merge.conflict-text", place=place)
    group, _, key = str(conflict["field"] or conflict["record"]).partition(".")
    known = tr(f"merge.field-{group}") if group in _FIELDS else group
    field = f"{known}: {key}" if key else known
    return tr("merge.conflict-field", place=place, field=field, readings=" | ".join(readings))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        value = _quote(value) or "…"
    text = "–" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _quote(value: Any) -> str:
    """Return the words by which a person knows a record."""
    if not isinstance(value, dict):
        return str(value)
    if exact := value.get("exact"):
        return " … ".join(exact)[:60]
    return str(value.get("name") or value.get("text") or value.get("label") or value.get("id") or "")[:60]
