"""Which suggestions a merged document holds: those of its last run, and what was judged."""

from __future__ import annotations

from collections.abc import Mapping

from models.merge.values import Record, moment


def settle_suggestions(
    merged: Record, sides: tuple[Record, Record], base: Record | None, started: Mapping[str, str]
) -> None:
    """Choose the run that analysed the document, drop what nobody judged of others, and let no decision dangle."""
    analysed = _analysed(sides, base, started)
    if "analysed_by" in merged:
        merged["analysed_by"] = analysed
    judged = {one["suggestion"] for one in merged["decisions"]}
    judged |= _ends(merged["suggestions"], judged)
    stale = _stale(sides, analysed)
    kept = {
        one["id"]: one
        for one in merged["suggestions"]
        if one["id"] in judged or not (one.get("past") or one["id"] in stale)
    }
    for identity in sorted({one["suggestion"] for one in merged["decisions"]} - kept.keys()):
        kept[identity] = {**_found(identity, (*sides, base)), "past": True}
    merged["suggestions"] = _with_ends(list(kept.values()), {one["suggestion"] for one in merged["decisions"]})


def _analysed(sides: tuple[Record, Record], base: Record | None, started: Mapping[str, str]) -> str | None:
    was: str | None = (base or {}).get("analysed_by")
    ours: str | None = sides[0].get("analysed_by")
    theirs: str | None = sides[1].get("analysed_by")
    if ours is None or theirs is None:  # a file may leave suggestions out, which says nothing
        return theirs if ours is None else ours
    if ours == theirs or theirs == was:
        return ours
    if ours == was:
        return theirs
    return max((ours, theirs), key=lambda run: (run is not None, moment(started.get(run or "")), run or ""))


def _stale(sides: tuple[Record, Record], analysed: str | None) -> set[str]:
    """Return what only a side proposes that another run than the chosen one analysed."""
    chosen = {one["id"] for side in sides if side.get("analysed_by") == analysed for one in side["suggestions"]}
    if not any(side.get("analysed_by") == analysed for side in sides):
        return set()
    return {one["id"] for side in sides for one in side["suggestions"]} - chosen


def _ends(suggestions: list[Record], judged: set[str]) -> set[str]:
    """Return the ends of judged relations: they stay with them."""
    relations = (
        one for one in suggestions if one["id"] in judged and one["kind"] == "relation" and not one.get("past")
    )
    return {one[end] for one in relations for end in ("head", "tail")}


def _found(identity: str, sides: tuple[Record | None, ...]) -> Record:
    for side in sides:
        for one in (side or {}).get("suggestions", ()):
            if one["id"] == identity:
                found: Record = one
                return found
    raise KeyError(identity)


def _with_ends(suggestions: list[Record], judged: set[str]) -> list[Record]:
    """Return the suggestions without relations whose ends are gone; a judged one is past."""
    present = {one["id"] for one in suggestions if not one.get("past")}
    found = []
    for one in suggestions:
        if one["kind"] == "relation" and not one.get("past") and not {one["head"], one["tail"]} <= present:
            if one["id"] not in judged:
                continue
            one = {**one, "past": True}
        found.append(one)
    return found
