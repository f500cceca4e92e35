"""Conflicts as people read them: what each side says, in the text where it has a place, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.formats.exchange_check import settled
from app.messages import language, tr
from app.services.conflicts import ANNOTATION_LISTS, choices
from app.services.merging_views import facet_value, field_title, kind_of, short, value_of
from app.services.people_views import shown_names
from app.workspace import Workspace
from models.annotations import Annotation
from models.errors import UserError
from models.spans import Span, Spans
from models.store import adjudication_reads, conflict_reads
from models.store.conflict_reads import StoredConflict

_AROUND = 70
"""Code points shown before and after a passage."""
_LONGEST = 400
Piece = tuple[str, str]
"""Words, and what they are: ``plain``, ``mark`` (the passage itself) or ``differs``."""


class ReadingView(NamedTuple):
    """One side of a conflict.

    ``who`` and ``when`` (UTC) may be unknown. ``value`` is what it says of the field in question. ``passage`` are the
    words where it stands (``spans``), ``said`` those of the value, where label and passage do not tell it already.
    ``label`` is the annotation's label, None where there is none. ``side`` says whether it was here before the merge
    or in which file it came, "" where that is not known. ``shown``: the project says this now.
    """

    number: int
    who: str | None
    when: str | None
    label: str | None
    value: str
    passage: tuple[Piece, ...]
    said: tuple[Piece, ...]
    spans: Spans
    side: str
    shown: bool


class ConflictLine(NamedTuple):
    """A conflict in the list: ``name`` of its document (None: the project), its words, and what it is about."""

    id: str
    document: str | None
    name: str | None
    quote: str
    what: str
    open: bool


class ConflictView(NamedTuple):
    """A conflict in full. ``key`` is the mark in the reader; ``base`` what both started from, in words."""

    line: ConflictLine
    hint: str
    readings: tuple[ReadingView, ...]
    base: str | None
    choices: tuple[int | str, ...]
    key: str | None
    settled: str | None


def open_count(workspace: Workspace) -> int:
    """Return how many conflicts wait."""
    return conflict_reads.open_conflicts(workspace.reads)


def has_conflicts(workspace: Workspace) -> bool:
    """Whether merging ever left conflicts here, settled by now or not."""
    return conflict_reads.any_conflicts(workspace.reads, adjudication_reads.KIND)


def conflict_lines(workspace: Workspace, *, settled_too: bool = False) -> list[ConflictLine]:
    """Return the conflicts that wait, or all, by document, those with a place in the order of the text."""
    # What adjudication turned down is kept as a settled conflict too, and shown there.
    found = (one for one in conflict_reads.conflicts(workspace.reads) if one.record["kind"] != adjudication_reads.KIND)
    stored = [one for one in found if one.open or settled_too]
    places: dict[str | None, int] = {}
    for one in stored:
        places.setdefault(one.document, len(places))
    order = [(places[one.document], _start(workspace, one), one.id) for one in stored]
    return [_line(workspace, one) for _, one in sorted(zip(order, stored, strict=True), key=lambda pair: pair[0])]


def conflict_view(workspace: Workspace, identity: str) -> ConflictView | None:
    """Return a conflict in full, None where it is gone."""
    found = conflict_reads.conflict(workspace.reads, identity)
    return _Conflict(workspace, found).view() if found is not None else None


def choice_words(choice: int | str, values: Sequence[str], most: int = 90) -> str:
    """Return what was chosen: a reading by its number with what it says, in ``most`` code points; both, or neither."""
    if isinstance(choice, str):
        return tr(f"merging.choice-{choice}")
    return tr("merging.choice-reading", number=choice + 1, value=short(values[choice], most))


def _start(workspace: Workspace, found: StoredConflict) -> int:
    """Return where a conflict stands in its text; 0 where it has no place."""
    annotation = _annotation(workspace, found.record)
    return annotation.spans[0].start if annotation and annotation.spans else 0


def _line(workspace: Workspace, found: StoredConflict) -> ConflictLine:
    record = found.record
    annotation = _annotation(workspace, record)
    quote = _quote(workspace, annotation) if annotation else _name_of(workspace, record)
    field = field_title(str(record["field"] or ""), workspace.reads.label_set())
    what = tr(f"merging.about-{kind_of(record)}", field=field, what=tr(f"merging.list-{_list(record)}"))
    return ConflictLine(found.id, found.document, found.name, quote, what, found.open)


def _list(record: Mapping[str, Any]) -> str:
    known = (
        "documents", "entities", "claims", "relations", "suggestions", "decisions", "status", "notes", "register",
        "annotators", "label_set",
    )  # fmt: skip
    return str(record["list"]) if record["list"] in known else "project"


def _name_of(workspace: Workspace, record: Mapping[str, Any]) -> str:
    """Return what a record without a place in the text is called, from what is known of it."""
    if record["list"] == "label_set":
        return workspace.reads.label_set().title(str(record["record"]), language())
    for reading in record["readings"]:
        value = reading["value"]
        if isinstance(value, dict) and value.get("name"):
            return str(value["name"])
        if record["list"] == "notes" and value:
            return value_of(value["text"] if isinstance(value, dict) else value)
    return ""


def _annotation(workspace: Workspace, record: Mapping[str, Any]) -> Annotation | None:
    if record["list"] not in ANNOTATION_LISTS:
        return None
    try:
        return workspace.reads.annotation(record["record"])
    except UserError:
        return None


def _quote(workspace: Workspace, annotation: Annotation) -> str:
    if annotation.kind != "relation":
        return value_of(" … ".join(annotation.exact))
    ends = []
    for end in (annotation.head, annotation.tail):
        try:
            ends.append(value_of(" … ".join(workspace.reads.annotation(end or "").exact)))
        except UserError:
            ends.append("…")
    return " → ".join(ends)


class _Conflict:
    def __init__(self, workspace: Workspace, found: StoredConflict) -> None:
        self._workspace = workspace
        self._found = found
        self._record = found.record
        self._annotation = _annotation(workspace, found.record)
        self._text = workspace.reads.text(found.document) if found.document else ""
        self._labels = workspace.reads.label_set()
        self._people = shown_names(workspace)
        self._sides = conflict_reads.sides(workspace.reads).get(found.id)

    def view(self) -> ConflictView:
        """Return the conflict in full."""
        record, annotation = self._record, self._annotation
        values = [one["value"] for one in record["readings"]]
        readings = tuple(self._reading(number, values) for number in range(len(values)))
        key = (annotation.suggestion or annotation.id) if annotation else None
        known = record["base"] is not None and record["field"] != "text"
        base = value_of(self._said(record["base"])) if known else None
        hint = tr(f"merging.hint-{kind_of(record)}")
        line = _line(self._workspace, self._found)
        return ConflictView(line, hint, readings, base, choices(record), key, self._settled())

    def _settled(self) -> str | None:
        resolution = self._record["resolution"]
        if resolution is None:
            return None
        at = resolution.get("at")
        when = datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M") if at else ""
        who = shown_names(self._workspace, mine=False).get(resolution["by"]) or tr("merging.somebody")
        said = choice_words(resolution["choice"], [self._said(one["value"]) for one in self._record["readings"]])
        return tr("merging.settled", who=who, when=when, choice=said)

    def _reading(self, number: int, values: Sequence[Any]) -> ReadingView:
        told, value = self._record["readings"][number], values[number]
        label, spans = self._label(value), self._spans(value)
        said = self._said(value)
        others = [self._said(one) for place, one in enumerate(values) if place != number]
        passage = self._in_text(spans, values) if spans else ()
        plain = bool(spans) and self._record["field"] in ("place", "label")
        who = self._people.get(told["by"] or "")
        words = () if plain else _differing(said, others)
        side = self._side(number)
        return ReadingView(number, who, told["at"], label, said, passage, words, spans, side, self._shown(value))

    def _side(self, number: int) -> str:
        if self._sides is None:
            return ""
        return tr("merging.side-here") if number == self._sides.here else tr("merging.side-file", name=self._sides.file)

    def _label(self, value: Any) -> str | None:
        if self._record["field"] == "label" and isinstance(value, str):
            return value
        if self._record["field"] is None and isinstance(value, dict):
            return value.get("label")
        return self._annotation.label if self._annotation and value is not None else None

    def _spans(self, value: Any) -> Spans:
        """Return where a reading stands in the present text; nothing where it has no place there."""
        annotation, field = self._annotation, self._record["field"]
        if annotation is None or annotation.kind == "relation" or (value is None and field is None):
            return ()
        if isinstance(value, dict) and "spans" in value:
            record, _ = settled({**value, "orphan": False}, self._text or None)
            return () if record["orphan"] else tuple(Span(*span) for span in record["spans"])
        return () if annotation.orphan else annotation.spans

    def _in_text(self, spans: Spans, values: Sequence[Any]) -> tuple[Piece, ...]:
        """Return a passage with its surroundings; what not every reading covers is marked as differing."""
        covered = [self._spans(value) for value in values]
        start, end = spans[0].start, spans[-1].end
        begin, stop = max(0, start - _AROUND), min(len(self._text), end + _AROUND)
        found: list[Piece] = [("…", "plain")] if begin else []
        for at in range(begin, stop):
            inside = _covers(spans, at)
            shared = all(_covers(one, at) for one in covered if one)
            how = "plain" if not inside else "mark" if shared else "differs"
            letter = " " if self._text[at].isspace() else self._text[at]
            if found and found[-1][1] == how:
                found[-1] = (found[-1][0] + letter, how)
            else:
                found.append((letter, how))
        return (*found, *([("…", "plain")] if stop < len(self._text) else []))

    def _said(self, value: Any) -> str:
        """Return what a side says of the field, in words."""
        field, record = self._record["field"], self._record
        if value is None and field is None:
            return tr("merging.deleted")
        if field == "label":
            return self._labels.title(str(value), language())
        if field in ("head", "tail"):
            return self._end(value)
        if str(field).startswith("facets.") and isinstance(value, str):
            return facet_value(self._labels, str(field).partition(".")[2], value)
        if isinstance(value, dict) and "verdict" in value:
            return tr(f"merging.verdict-{value['verdict']}")
        if isinstance(value, dict) and "fingerprint" in value and "text" in value:
            return str(value["text"] or "")
        if field is None and isinstance(value, dict) and record["list"] in ANNOTATION_LISTS:
            facets = value_of(value["facets"]) if value.get("facets") else ""
            title = self._labels.title(value["label"], language())
            return " · ".join(filter(None, (title, facets, value.get("note"))))
        if field is None and isinstance(value, dict):
            return str(value.get("text") or value.get("name") or value_of(value))
        return value if isinstance(value, str) else value_of(value)

    def _end(self, identity: str) -> str:
        try:
            return _quote(self._workspace, self._workspace.reads.annotation(identity))
        except UserError:
            return "…"

    def _shown(self, value: Any) -> bool:
        """Whether this is what the project says now, as far as that can be told."""
        annotation, field = self._annotation, str(self._record["field"] or "")
        if annotation is None:
            return False
        name, _, part = field.partition(".")
        if not field:
            return value is not None
        if name == "place":
            return bool(self._spans(value) == annotation.spans)
        if name == "facets":
            return bool(annotation.facets.get(part) == value)
        return bool(getattr(annotation, name, value) == value)


def _covers(spans: Spans, at: int) -> bool:
    return any(span.start <= at < span.end for span in spans)


def _differing(said: str, others: Sequence[str]) -> tuple[Piece, ...]:
    """Return a text with the part in which it differs from the others marked, and only what is near that."""
    head = min((_common(said, one) for one in others), default=len(said))
    tail = min((_common(said[head:][::-1], one[head:][::-1]) for one in others), default=0)
    middle = said[head : len(said) - tail]
    before = ("…" if head > _AROUND else "") + said[max(0, head - _AROUND) : head]
    after = said[len(said) - tail :]
    after = after[:_AROUND] + ("…" if len(after) > _AROUND else "")
    if len(middle) > _LONGEST:
        middle = f"{middle[: _LONGEST // 2]} … {middle[-_LONGEST // 2 :]}"
    found = ((before, "plain"), (middle, "differs"), (after, "plain"))
    return tuple(piece for piece in found if piece[0])


def _common(left: str, right: str) -> int:
    """Return how many code points two texts share at their beginning."""
    most = min(len(left), len(right))
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if left[:middle] == right[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
