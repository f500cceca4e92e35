"""What a change means to views, computed from the rows that changed: which marks to read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.history import Touched
from models.store.reads import Reads

if TYPE_CHECKING:
    from models.store.recorder import Change

BULK = 500
"""From this many changed rows on, views read everything again instead of row by row."""

Image = dict[str, Any]


def touched_by(changes: list[Change], reads: Reads) -> Touched:
    """Return what a list of row changes means to views; for at most some :data:`BULK` of them."""
    subjects = frozenset(change.table for change in changes)
    if subjects & {"label_sets", "annotators"}:
        return Touched(subjects=subjects, everything=True)
    if any(_other_text(change) for change in changes):
        return Touched(subjects=subjects | {"texts"}, everything=True)
    if any(_shows_or_hides(change, reads) for change in changes):
        return Touched(subjects=subjects | {"suggestions"}, everything=True)
    marks: dict[str, set[str]] = {}
    documents: set[str] = set()
    around = _Neighbours(reads)
    for change in changes:
        images = [image for image in (change.before, change.after) if image is not None]
        if change.table == "decisions" and any(_reaches_further(image, reads) for image in images):
            return Touched(subjects=subjects, everything=True)
        for image in images:
            document = image["id"] if change.table == "documents" else image.get("document_id")
            if document is not None:
                documents.add(document)
                marks.setdefault(document, set()).update(_keys(change.table, image))
        if change.table == "annotations" and not _as_suggested(change, reads):
            for image in images:
                marks[image["document_id"]] |= around(image)
    return Touched(
        {document: frozenset(keys) for document, keys in marks.items() if keys},
        frozenset(documents),
        subjects,
    )


def _other_text(change: Change) -> bool:
    """Whether a document's row now shows another text, or shows or hides the document."""
    if change.table != "documents":
        return False
    if change.before is None or change.after is None:
        return True
    return any(change.before[name] != change.after[name] for name in ("text_seq", "removed"))


def _shows_or_hides(change: Change, reads: Reads) -> bool:
    """Whether a change may show a document's suggestions, or hide them: it became a control, or was one and is done."""
    if change.table == "statuses":
        image = change.after or change.before
        return image is not None and any(one.control for one in reads.documents([image["document_id"]]))
    if change.table != "documents" or change.before is None or change.after is None:
        return False
    return bool(change.before.get("control") != change.after.get("control"))


def _reaches_further(decision: Image, reads: Reads) -> bool:
    """Whether a decision decides on more than its own suggestion.

    It does where it has a wider scope, and where its suggestion has gone since: then it decides on whatever
    is suggested now in the same place.
    """
    return decision["scope"] != "here" or not reads.is_suggested(
        decision["document_id"], decision["suggestion_id"]
    )


def _keys(table: str, image: Image) -> set[str]:
    if table == "annotations":
        return {image["suggestion_id"] or image["id"], image["id"]}
    return {image["suggestion_id"]} if table == "decisions" else set()


def _as_suggested(change: Change, reads: Reads) -> bool:
    """Whether an annotation came or went just as it is suggested, so that nothing else shows differently."""
    image = change.after if change.before is None else change.before if change.after is None else None
    if image is None or image["state"] != "accepted" or image["kind"] == "relation":
        return _same_place(change)
    return reads.is_suggested(image["document_id"], image["suggestion_id"])


def _same_place(change: Change) -> bool:
    watched = ("label", "start", "end", "spans", "head", "tail", "orphan")
    if change.before is None or change.after is None:
        return False
    return all(change.before[name] == change.after[name] for name in watched)


class _Neighbours:
    """Finds what may show differently because a label came to a place or left it; looks at a place once."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._known: dict[tuple[object, ...], set[str]] = {}

    def __call__(self, image: Image) -> set[str]:
        """Return the keys of suggestions at an annotation's place, and of suggested relations on them."""
        document, reads = image["document_id"], self._reads
        if image["kind"] == "relation":
            ends = reads.with_neighbours(document, {image["head"], image["tail"]})
            return set(reads.suggested_relations(document, ends))
        own = image["suggestion_id"] or image["id"]
        place = (document, image["start"], own)
        if place not in self._known:
            keys = {*reads.keys_at(document, image["start"]), own}
            self._known[place] = keys | set(reads.suggested_relations(document, keys))
        return self._known[place]
