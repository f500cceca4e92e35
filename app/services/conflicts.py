"""Settling a conflict that merging left: one reading, the other, both, or neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app import commands
from app.formats.exchange_check import settled
from app.services.context import Context
from app.services.texts import replace_text
from models.annotations import Annotation
from models.documents import SourceDocument
from models.errors import UserError
from models.ids import new_id
from models.labels import label_set
from models.spans import Span
from models.store import conflict_reads, note_writes, writes
from models.store.conflict_reads import StoredConflict
from models.store.label_reads import label_usage
from models.store.unit_of_work import values

ANNOTATION_LISTS = ("entities", "claims", "relations")
_SEPARABLE = ("place", "label", "head", "tail", "facets")
_FIELDS = ("title", "source", "language", "publisher", "date", "split")
Record = Mapping[str, Any]


def choices(record: Record) -> tuple[int | str, ...]:
    """Return what a conflict may be settled by: numbers of readings, ``both`` and ``neither`` where they make sense.

    Both: a second annotation, or note, with the other reading. Neither: as it was before; deleted where there was
    nothing before.
    """
    numbers = tuple(range(len(record["readings"])))
    field = str(record["field"] or "").partition(".")[0]
    separable = record["list"] in ANNOTATION_LISTS and field in _SEPARABLE
    both = separable or (record["list"] == "notes" and field == "text")
    deletable = record["list"] in ANNOTATION_LISTS and (separable or not field)
    neither = record["base"] is not None or deletable or (record["list"] in ANNOTATION_LISTS and bool(field))
    if record["list"] in ("label_set", "project", "documents", "kurator") and record["base"] is None:
        neither = False
    return (*numbers, *(("both",) if both else ()), *(("neither",) if neither else ()))


def resolve(context: Context, command: commands.ResolveConflict) -> None:
    """Settle a conflict, or one that was settled anew; the choice is kept with it and travels: nobody is asked again.

    Raises:
        UserError: ``merging.no-such-conflict``; ``merging.no-such-choice``; ``merging.record-gone``;
            ``merging.needs-label``: the label that should go is in use.
    """
    found = conflict_reads.conflict(context.reads, command.conflict)
    if found is None:
        raise UserError("merging.no-such-conflict")
    record = found.record
    if command.choice not in choices(record):
        raise UserError("merging.no-such-choice")
    if not found.open and record["resolution"]["choice"] == command.choice:
        raise UserError("merging.chosen-already")
    if command.choice == "both":
        _both(context, found)
    else:
        _apply(context, found, _wanted(record, command.choice), neither=command.choice == "neither")
    _settle(context, found, command.choice)
    if isinstance(command.choice, int):
        _settle_related(context, found, command.choice)
    context.look_at(found.document, _mark(context, found))


def _wanted(record: Record, choice: int | str) -> Any:
    return record["base"] if isinstance(choice, str) else record["readings"][choice]["value"]


def _settle(context: Context, found: StoredConflict, choice: int | str) -> None:
    work = context.work
    resolution = {"choice": choice, "by": work.annotator, "at": work.now}
    conflict_reads.write_conflict(work, found.id, {**found.record, "resolution": resolution})


def _settle_related(context: Context, found: StoredConflict, choice: int) -> None:
    """Take the same side in the other conflicts about one suggestion: verdict, result and annotation go together."""
    about = _suggestion(context, found)
    if about is None:
        return
    readings = found.record["readings"]
    for other in conflict_reads.conflicts(context.reads):
        if other.id == found.id or not other.open or _suggestion(context, other) != about:
            continue
        number = _same_side(readings, choice, other.record["readings"])
        if number is not None:
            _apply(context, other, other.record["readings"][number]["value"])
            _settle(context, other, number)


def _suggestion(context: Context, found: StoredConflict) -> str | None:
    """Return the suggestion whose judgement a conflict is about, None where it is about anything else."""
    record = found.record
    if record["list"] == "decisions":
        row = conflict_reads.decision_row(context.reads, record["record"])
        return row["suggestion_id"] if row else None
    if record["list"] not in ANNOTATION_LISTS or record["field"] is not None:
        return None
    values = [reading["value"] for reading in record["readings"] if reading["value"] is not None]
    return values[0]["origin"].get("suggestion") if values else None


def _same_side(readings: Sequence[Record], choice: int, others: Sequence[Record]) -> int | None:
    """Return the number of the reading that was said together with the one chosen; None where that is not certain."""
    said = [(one["by"], one["at"]) for one in others]
    chosen = (readings[choice]["by"], readings[choice]["at"])
    if said.count(chosen) == 1:
        return said.index(chosen)
    rest = [(one["by"], one["at"]) for number, one in enumerate(readings) if number != choice]
    left = [number for number, one in enumerate(said) if one not in rest]
    return left[0] if len(left) == 1 else None


def _mark(context: Context, found: StoredConflict) -> str | None:
    if found.record["list"] not in ANNOTATION_LISTS:
        return None
    try:
        annotation = context.reads.annotation(found.record["record"])
    except UserError:
        return None
    return annotation.suggestion or annotation.id


def _apply(context: Context, found: StoredConflict, value: Any, *, neither: bool = False) -> None:
    """Make the record that a conflict is about say ``value``."""
    name = found.record["list"]
    if name in ANNOTATION_LISTS:
        _annotation(context, found, value, neither)
    elif name in _APPLIERS:
        _APPLIERS[name](context, found, value)


# Annotations ------------------------------------------------------------------------------------------------


def _standing(context: Context, found: StoredConflict) -> Annotation:
    try:
        return context.reads.annotation(found.record["record"])
    except UserError:
        raise UserError("merging.record-gone") from None


def _annotation(context: Context, found: StoredConflict, value: Any, neither: bool) -> None:
    standing, field = _standing(context, found), found.record["field"]
    separable = field is None or str(field).partition(".")[0] in ("place", "label", "head", "tail")
    if value is None and separable:
        _delete(context, standing)
        return
    changed = standing
    told = {field: value} if field is not None else dict(value) | _placed(value)
    for name, one in told.items():
        changed = _with(context, changed, name, one)
    if changed != standing:
        writes.update_annotation(context.work, changed)


def _placed(record: Record) -> dict[str, Any]:
    """Return the place of a whole record as the one field that conflicts are about."""
    return {"place": record} if "spans" in record else {}


def _delete(context: Context, annotation: Annotation) -> None:
    """Delete an annotation with every relation on it, whoever made them: that is what was chosen."""
    for relation in context.reads.relations_of(annotation.id):
        writes.delete_annotation(context.work, relation)
    writes.delete_annotation(context.work, annotation)


def _with(context: Context, annotation: Annotation, field: str, value: Any) -> Annotation:
    """Return an annotation with one field as a reading has it. Fields that only files know stay as they are."""
    name, _, part = field.partition(".")
    if name == "place":
        return _at(context, annotation, value)
    if name == "label":
        context.labels.kind_of(value)
        return annotation._replace(label=value)
    if name == "facets":
        facets = dict(annotation.facets)
        if part:
            facets = {key: one for key, one in {**facets, part: value}.items() if one is not None}
        return annotation._replace(facets=facets if part else dict(value))
    if name in ("head", "tail"):
        context.reads.annotation(value)
        return annotation._replace(**{name: value})
    if name in ("note", "register"):
        return annotation._replace(**{name: value})
    return annotation


def _at(context: Context, annotation: Annotation, place: Record) -> Annotation:
    """Return an annotation at the place of a reading, looked for by its quote where the text is another one by now."""
    record, _ = settled({**place, "orphan": False}, context.reads.text(annotation.document) or None)
    return annotation._replace(
        spans=tuple(Span(*span) for span in record["spans"]),
        exact=tuple(record["exact"]),
        prefix=record["prefix"],
        suffix=record["suffix"],
        orphan=bool(record["orphan"]) or bool(place.get("orphan")),
    )


def _both(context: Context, found: StoredConflict) -> None:
    """Keep what stands, and make another annotation, or note, for each reading that does not."""
    if found.record["list"] == "notes":
        _both_notes(context, found)
        return
    standing, field = _standing(context, found), str(found.record["field"])
    for reading in found.record["readings"]:
        other = _with(context, standing, field, reading["value"]) if reading["value"] is not None else standing
        if other != standing:
            fresh = other._replace(id=new_id(), created=context.work.now, modified=context.work.now, revision=1)
            writes.insert_annotation(context.work, fresh._replace(suggestion=None, state="manual"))


def _both_notes(context: Context, found: StoredConflict) -> None:
    standing = {one.id: one for one in context.reads.notes(str(found.document))}.get(found.record["record"])
    if standing is None or found.document is None:
        raise UserError("merging.record-gone")
    for reading in found.record["readings"]:
        if reading["value"] not in (None, standing.text):
            note_writes.insert_note(context.work, new_id(), found.document, reading["value"])


# Everything else --------------------------------------------------------------------------------------------


def _decision(context: Context, found: StoredConflict, value: Any) -> None:
    identity, field = found.record["record"], found.record["field"]
    if conflict_reads.decision_row(context.reads, identity) is None:
        raise UserError("merging.record-gone")
    if field is None:
        if value is None:
            writes.delete_decision(context.work, identity)
    elif field in ("verdict", "scope"):
        told = value if isinstance(value, dict) else {field: value}
        writes.update_decision(context.work, identity, **told, at=context.work.now)


def _status(context: Context, found: StoredConflict, value: Any) -> None:
    annotator = str(found.record["field"]).partition("/")[0]
    if found.document is not None and value is not None:
        conflict_reads.set_status(context.work, found.document, annotator, str(value))


def _note(context: Context, found: StoredConflict, value: Any) -> None:
    identity, field = found.record["record"], found.record["field"]
    known = {one.id: one for one in context.reads.notes(str(found.document))}
    if identity not in known:
        raise UserError("merging.record-gone")
    text = value["text"] if isinstance(value, dict) else value
    if value is None:
        note_writes.delete_note(context.work, identity)
    elif field in (None, "text") and known[identity].text != text:
        note_writes.update_note(context.work, identity, text)


def _document(context: Context, found: StoredConflict, value: Any) -> None:
    identity, field = str(found.record["record"]), found.record["field"]
    if not context.reads.has_document(identity):
        raise UserError("merging.record-gone")
    document = context.reads.document(identity)
    name, _, part = str(field or "").partition(".")
    if field is None:
        if value is None:
            writes.update_document(context.work, identity, removed=context.work.now)
    elif name == "text":
        if value["text"] is not None:
            replace_text(context, identity, SourceDocument(name=document.name, text=value["text"]))
    elif name == "furniture":
        writes.update_document(context.work, identity, **values(value))
    elif name == "metadata" and part in ("publisher", "date"):
        writes.update_document(context.work, identity, **{part: value})
    elif name == "metadata":
        own = {key: one for key, one in {**document.metadata, part: value}.items() if one is not None}
        writes.update_document(context.work, identity, metadata=own)
    elif name in (*_FIELDS, "name"):
        writes.update_document(context.work, identity, **{name: value})
    elif name == "control":
        writes.update_document(context.work, identity, control=int(bool(value)))


def _label_set(context: Context, found: StoredConflict, value: Any) -> None:
    data = context.labels.to_json()
    changed = _relabelled(data, str(found.record["record"]), found.record["field"], value)
    if value is None and found.record["field"] is None:
        label = str(found.record["record"]).partition("=")[0]
        if count := label_usage(context.reads).get(label, 0):
            raise UserError("merging.needs-label", label=context.labels.title(label, "en"), count=count)
    if changed:
        labels = label_set({**data, "version": context.labels.version + 1})
        writes.insert_label_set(context.work, labels.version, labels.to_json())


def _relabelled(data: dict[str, Any], name: str, field: str | None, value: Any) -> bool:
    """Change a label, a facet or a facet's value (``facet=value``) in a label set's data; False where nothing does."""
    owner, _, inner = name.partition("=")
    groups = [data["entities"], data["claims"]["labels"], data["claims"]["facets"], data["relations"]]
    if inner:
        groups = [one["values"] for one in data["claims"]["facets"] if one["id"] == owner]
    wanted = inner or owner
    for group in groups:
        for number, one in enumerate(group):
            if one["id"] != wanted:
                continue
            if field is None:
                if value is not None:
                    return False
                del group[number]
                return True
            head, _, part = field.partition(".")
            target, key = (one.setdefault(head, {}), part) if part else (one, head)
            if target.get(key) == value:
                return False
            target[key] = value
            return True
    return False


def _register(context: Context, found: StoredConflict, value: Any) -> None:
    field = found.record["field"]
    if field in ("label", "name", "aliases", "links"):
        conflict_reads.update_register(context.work, found.record["record"], field, value)


def _project(context: Context, found: StoredConflict, value: Any) -> None:
    if found.record["field"] == "name":
        writes.set_meta(context.work, "name", str(value))


_APPLIERS: Mapping[str, Callable[[Context, StoredConflict, Any], None]] = {
    "decisions": _decision,
    "status": _status,
    "notes": _note,
    "documents": _document,
    "label_set": _label_set,
    "register": _register,
    "project": _project,
}
