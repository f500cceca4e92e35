"""Commands: plain data, one per user action. ``Workspace.run`` is the only place that carries them out.

``key`` is a mark's key (see :class:`models.marks.Mark`). Every command names its document where it has one,
so that history and focus know where it happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from models.spans import Spans
from models.suggestions import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands; ``document`` is where it happens, None for the whole project."""

    NAME: ClassVar[str] = ""
    document: str | None = None

    def data(self) -> dict[str, Any]:
        """Return the command as JSON data for the audit trail."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """Accept a suggestion as it is, or corrected where spans, label or facets are given."""

    NAME: ClassVar[str] = "accept"
    key: str
    spans: Spans | None = None
    label: str | None = None
    facets: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAll(Command):
    """Accept several suggestions of one document as they are, as one step."""

    NAME: ClassVar[str] = "accept-all"
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    """Reject a suggestion: here, or everything with its label and surface in the document or the corpus."""

    NAME: ClassVar[str] = "reject"
    key: str
    scope: Scope = "here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Take back a decision: the suggestion is open again, what came of it is gone."""

    NAME: ClassVar[str] = "reopen"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAnnotation(Command):
    """Make an entity or a claim by hand; ``speaker`` is the key of the entity a claim is attributed to."""

    NAME: ClassVar[str] = "create"
    kind: Literal["entity", "claim"]
    label: str
    spans: Spans
    facets: Mapping[str, object] = field(default_factory=dict)
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRelation(Command):
    """Relate two marks; a suggestion at an end is accepted with it. ``document`` holds the head."""

    NAME: ClassVar[str] = "relate"
    label: str
    head: str
    tail: str
    tail_document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabel(Command):
    """Give a mark another label of its kind; on a suggestion this is a correction."""

    NAME: ClassVar[str] = "relabel"
    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBoundaries(Command):
    """Give a mark other spans; on a suggestion this is a correction."""

    NAME: ClassVar[str] = "move"
    key: str
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFacets(Command):
    """Change facets of a claim; None takes a facet away. On a suggestion this is a correction."""

    NAME: ClassVar[str] = "facets"
    key: str
    facets: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSpeaker(Command):
    """Attribute a claim to an entity, in place of whoever it was attributed to; None to nobody."""

    NAME: ClassVar[str] = "speaker"
    key: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNote(Command):
    """Write, change or (empty) take away the note on an annotation; a suggestion is accepted with it."""

    NAME: ClassVar[str] = "note"
    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Command):
    """Delete marks with the relations that end on them; one that came from a suggestion counts as rejected."""

    NAME: ClassVar[str] = "delete"
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyToIdentical(Command):
    """Do to every identical passage what was done to this mark (see ``services.identical``)."""

    NAME: ClassVar[str] = "identical"
    key: str
    scope: Literal["document", "corpus"]
    create_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDone(Command):
    """Say that the present annotator is done with the document, or not."""

    NAME: ClassVar[str] = "done"
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFurniture(Command):
    """Mark a passage as furniture, or lift the mark."""

    NAME: ClassVar[str] = "furniture"
    start: int
    end: int
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDocumentNote(Command):
    """Write (``note`` None), change, or with an empty text delete a note on the document."""

    NAME: ClassVar[str] = "document-note"
    text: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDocumentFields(Command):
    """Change title, source, publisher, date or language of a document; None means unknown."""

    NAME: ClassVar[str] = "metadata"
    changes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDocuments(Command):
    """Take documents out of the corpus; undo brings them back with everything in them."""

    NAME: ClassVar[str] = "remove"
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceText(Command):
    """Give a document a corrected text; its annotations are found again by quote and context."""

    NAME: ClassVar[str] = "replace-text"
    text: str

    def data(self) -> dict[str, Any]:
        """Return the data without the text, which the project keeps anyway."""
        return {"document": self.document, "length": len(self.text)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reanchor(Command):
    """Give an orphan a place again."""

    NAME: ClassVar[str] = "reanchor"
    annotation: str
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLabelSet(Command):
    """Put another version of the label set in place; ``moves`` says where annotations of gone labels go.

    ``moves`` maps label id → label id, or None to delete the annotations that carry it.
    """

    NAME: ClassVar[str] = "label-set"
    label_set: Mapping[str, Any]
    moves: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateCase(Command):
    """Decide a case: take a reading, mix several, or write a new one.

    ``case`` are the ids of its annotations (none for what no annotator has), ``taken`` those it is made of; the
    first gives whatever ``label``, ``spans``, ``facets`` and, for a relation, ``ends`` do not say. Ends are head and
    tail, ids of adjudicated annotations or of readings that one answers. ``standing`` are the adjudicated
    annotations that answer the case now, None lets the service look for them. Notes of all readings are joined,
    with their writers' names if ``name_notes``.
    """

    NAME: ClassVar[str] = "adjudicate"
    case: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    label: str | None = None
    spans: Spans | None = None
    facets: Mapping[str, object] | None = None
    ends: tuple[str, str] | None = None
    standing: tuple[str, ...] | None = None
    name_notes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateWrong(Command):
    """Decide that all readings of a case are wrong."""

    NAME: ClassVar[str] = "adjudicate-wrong"
    case: tuple[str, ...]
    standing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateReopen(Command):
    """Take back what was decided on a case, or what the adjudicator added (``case`` empty)."""

    NAME: ClassVar[str] = "adjudicate-reopen"
    case: tuple[str, ...]
    standing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjudicateAll(Command):
    """Take at once what so many annotators agree on (see :class:`models.adjudication.Rule`), as one step.

    ``documents`` None is the whole corpus, ``annotators`` None is everybody who has read the document.
    """

    NAME: ClassVar[str] = "adjudicate-all"
    documents: tuple[str, ...] | None = None
    annotators: tuple[str, ...] | None = None
    least: Literal["all", "majority"] | int = "all"
    labels: tuple[str, ...] = ()
    facets: tuple[str, ...] | None = None
    name_notes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetControls(Command):
    """Let a share (0 to 1) of the documents be controls, and make ``documents`` controls or (not ``on``) no longer."""

    NAME: ClassVar[str] = "controls"
    share: float | None = None
    documents: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssignments(Command):
    """Give documents to annotators, in place of whoever had them; ``people`` (id → name) are new to the project.

    ``assignments`` maps document → ids of annotators, none to give it to nobody.
    """

    NAME: ClassVar[str] = "assign"
    assignments: Mapping[str, tuple[str, ...]]
    people: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Return the counts: who has what stands with the documents."""
        return {"documents": len(self.assignments), "people": len(self.people)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveConflict(Command):
    """Settle a conflict that merging left: the number of a reading from 0, ``both``, or ``neither``."""

    NAME: ClassVar[str] = "resolve"
    conflict: str
    choice: int | Literal["both", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePerson(Command):
    """Say that two annotators are one person: what ``drop`` did is from now on what ``keep`` did."""

    NAME: ClassVar[str] = "same-person"
    keep: str
    drop: str
