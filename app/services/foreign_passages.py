"""One document of another tool's file: its passages, links and notes as annotations, suggestions and notes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from app.formats.layers import LayerDocument, Link, Passage
from app.services.foreign_labels import ForeignLabels
from models.annotations import Annotation
from models.errors import UserError
from models.ids import derived_id, suggestion_id
from models.spans import Spans, anchor, check_spans
from models.store import foreign_rows, writes
from models.store.foreign_rows import StandingDocument
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork
from models.suggestions import Kind
from models.text import surface

Key = tuple[Any, ...]


class Import(Protocol):
    """What a document needs of the import that it is part of (see :mod:`app.services.foreign`)."""

    @property
    def labels(self) -> ForeignLabels: ...
    @property
    def format(self) -> str: ...
    def count(self, what: str) -> None: ...
    def refuse(self, document: LayerDocument, code: str, **details: object) -> None: ...
    def knows(self, register: str | None) -> str | None: ...
    def annotator(self, named: str) -> str: ...
    def run(self, pipeline: str) -> int: ...


class DocumentImport:
    """Takes in what one document holds. ``ends``: id in the file → annotation (or suggestion) and its label."""

    def __init__(
        self,
        work: UnitOfWork,
        reads: Reads,
        whole: Import,
        document: LayerDocument,
        standing: StandingDocument,
        *,
        new: bool,
    ) -> None:
        self._work = work
        self._reads = reads
        self._whole = whole
        self._document = document
        self._standing = standing
        self._there = _Standing(reads.annotations(standing.id)) if not new else _Standing(())
        self._suggested = frozenset() if new else foreign_rows.present_suggestions(reads, standing.id)
        self._seen: Counter[Key] = Counter()
        self._rows: list[Annotation] = []
        self._run: int | None = None
        self._changed = False
        self.ends: dict[str, tuple[str, str]] = {}
        self._suggestion_ends: dict[str, tuple[str, str]] = {}
        self.waiting: list[Link] = []

    def carry_out(self) -> bool:
        """Take everything in; return whether anything came. Links to documents still to come are ``waiting``."""
        for passage in self._document.passages:
            self._passage(passage)
        for link in self._document.links:
            self._link(link, {})
        self._write()
        for note in self._document.notes:
            self._note(note.annotator, note.text)
        if self._run is not None:
            foreign_rows.count_suggestions(self._work, self._standing.id, self._standing.text_seq, self._run)
        return self._changed

    def take_waiting(self, far: Mapping[str, tuple[str, str] | None]) -> bool:
        """Take in the links that end in other documents of the file; return whether anything came."""
        self._changed = False
        for link in self.waiting:
            self._link(link, far, last=True)
        self._write()
        self.waiting = []
        return self._changed

    def _write(self) -> None:
        self._changed = self._changed or bool(self._rows)
        foreign_rows.insert_annotations(self._work, self._rows)
        self._rows = []

    # Passages ---------------------------------------------------------------------------------------------

    def _passage(self, passage: Passage) -> None:
        whole, document = self._whole, self._document
        found = whole.labels.passage(passage.label, passage.kind)
        if found is None:
            return
        label, kind = found
        try:
            spans = check_spans(sorted(passage.spans), len(document.text))
        except (UserError, TypeError) as error:
            code = error.code if isinstance(error, UserError) else "span.not-a-span"
            details = error.details if isinstance(error, UserError) else {"span": passage.spans}
            whole.refuse(document, code, **details)
            return
        where = f"{document.name}: {passage.label}"
        passage = passage._replace(
            label=label, kind=kind, spans=spans, facets=whole.labels.facets(passage.facets, kind, where)
        )
        if passage.state in ("suggested", "rejected"):
            identity = self._suggest(kind, passage, [list(span) for span in spans], spans, None)
            self._suggestion_ends[passage.id] = (identity, label)
        else:
            self.ends[passage.id] = (self._annotate(passage), label)

    def _annotate(self, passage: Passage) -> str:
        annotator = self._whole.annotator(passage.annotator)
        place = [list(span) for span in passage.spans]
        key = (annotator, passage.kind, passage.label, passage.spans)
        same = self._there.take(key, passage)
        if same is not None:
            self._whole.count("same")
            return same
        made = self._annotation(passage.kind, key, place, passage, annotator)
        if self._there.has(made.id):
            self._whole.count("same")
            return made.id
        quote = anchor(self._document.text, passage.spans)
        made = made._replace(
            spans=passage.spans, exact=quote.exact, prefix=quote.prefix, suffix=quote.suffix,
            register=self._whole.knows(passage.register),
        )  # fmt: skip
        self._rows.append(made)
        self._whole.count("entities" if passage.kind == "entity" else "claims")
        return made.id

    def _annotation(
        self, kind: Kind, key: Key, place: Sequence[object], one: Passage | Link, annotator: str
    ) -> Annotation:
        """Return an annotation without a place, under an id that the same file gives again.

        So what was moved or relabelled here since is found by its id, and not taken in once more.
        """
        number = self._seen[key]
        self._seen[key] += 1
        whole, document = self._whole, self._standing.id
        identity = derived_id("foreign", whole.format, document, annotator, kind, one.label, place, number)
        origin = {"by": "human"} | dict(one.origin) | {"format": whole.format}
        if one.id:
            origin["id"] = one.id
        if one.score is not None and "score" not in origin:
            origin["score"] = one.score
        moment = self._work.now
        return Annotation(
            identity, kind, document, one.label, (), (), "", "", None, None, one.facets, annotator, one.state, None,
            origin, None, one.note, moment, moment, 1, False,
        )  # fmt: skip

    # Links ------------------------------------------------------------------------------------------------

    def _link(self, link: Link, far: Mapping[str, tuple[str, str] | None], *, last: bool = False) -> None:
        whole, judged = self._whole, link.state in ("suggested", "rejected")
        near = self.ends | self._suggestion_ends if judged else self.ends
        ends = near.get(link.head) or far.get(link.head), near.get(link.tail) or far.get(link.tail)
        if ends[0] is None or ends[1] is None:
            if last or judged:
                missing = link.head if ends[0] is None else link.tail
                whole.refuse(self._document, "formats.end-missing", label=link.label, end=missing)
            else:
                self.waiting.append(link)
            return
        (head, head_label), (tail, tail_label) = ends[0], ends[1]
        label = whole.labels.link(link.label, head_label, tail_label)
        if label is None:
            return
        if head == tail:
            whole.refuse(self._document, "formats.link-to-itself", label=link.label)
            return
        where = f"{self._document.name}: {link.label}"
        link = link._replace(label=label, facets=whole.labels.facets(link.facets, "relation", where))
        if judged:
            self._suggest("relation", link, [head, tail], (), (head, tail))
            return
        annotator = whole.annotator(link.annotator)
        key = (annotator, "relation", label, head, tail)
        if self._there.take(key, link) is not None:
            whole.count("same")
            return
        made = self._annotation("relation", key, [head, tail], link, annotator)
        if self._there.has(made.id):
            whole.count("same")
            return
        self._rows.append(made._replace(head=head, tail=tail))
        whole.count("relations")

    # Suggestions and notes --------------------------------------------------------------------------------

    def _suggest(
        self, kind: Kind, one: Passage | Link, place: Sequence[object], spans: Spans, ends: tuple[str, str] | None
    ) -> str:
        """Keep what a tool proposed, with the decision where somebody turned it down; return the suggestion's id."""
        whole, document = self._whole, self._standing.id
        source = str(one.origin.get("source") or whole.format)
        known = str(one.origin.get("suggestion") or one.id)
        if known in self._suggested:
            identity = known
            whole.count("same")
        else:
            run = whole.run(whole.format)
            identity = suggestion_id((whole.format, "–", ""), self._standing.fingerprint, kind, one.label, place)
            new = foreign_rows.insert_suggestion(
                self._work, document, identity, self._standing.text_seq, run, kind, one.label, spans, ends,
                one.facets, one.score, source if source != whole.format else "",
            )  # fmt: skip
            whole.count("suggestions" if new else "same")
            self._run = run
            self._changed = self._changed or new
        if one.state == "rejected":
            self._reject(kind, one, spans, ends, identity, source)
        return identity

    def _reject(
        self, kind: Kind, one: Passage | Link, spans: Spans, ends: tuple[str, str] | None, suggestion: str, source: str
    ) -> None:
        annotator = self._whole.annotator(one.annotator)
        decision = derived_id("foreign", "rejected", suggestion, annotator)
        if foreign_rows.is_decided(self._work, decision, suggestion, annotator):
            return
        words = " ".join(self._document.text[start:end] for start, end in spans)
        head, tail = ends or (None, None)
        copy = {
            "id": suggestion, "kind": kind, "label": one.label, "spans": [list(span) for span in spans], "head": head,
            "tail": tail, "facets": dict(one.facets), "score": one.score, "source": source,
        }  # fmt: skip
        row = {
            "id": decision, "document_id": self._standing.id, "suggestion_id": suggestion, "suggestion": copy,
            "label": one.label, **writes.place(spans), "surface": surface(words) if spans else None,
            "verdict": "rejected", "scope": "here", "result": None, "annotator_id": annotator, "at": self._work.now,
        }  # fmt: skip
        writes.insert_decision(self._work, row)
        self._whole.count("decisions")
        self._changed = True

    def _note(self, named: str, text: str) -> None:
        annotator = self._whole.annotator(named)
        identity = derived_id("foreign", "note", self._standing.id, annotator, text)
        if foreign_rows.insert_note_of(self._work, identity, self._standing.id, annotator, text):
            self._whole.count("notes")
            self._changed = True
        else:
            self._whole.count("same")


class _Standing:
    """What a document holds already, each annotation to be found once."""

    def __init__(self, annotations: Sequence[Annotation]) -> None:
        self._ids = frozenset(one.id for one in annotations)
        self._by_key: defaultdict[Key, list[Annotation]] = defaultdict(list)
        for one in annotations:
            if not one.orphan:
                place: Key = (one.head, one.tail) if one.kind == "relation" else (one.spans,)
                self._by_key[(one.annotator, one.kind, one.label, *place)].append(one)

    def has(self, identity: str) -> bool:
        """Whether an annotation has this id."""
        return identity in self._ids

    def take(self, key: Key, wanted: Passage | Link) -> str | None:
        """Return the annotation that says at least what ``wanted`` says, the one with its id first; None: none does."""
        found = [
            one
            for one in self._by_key.get(key, ())
            if dict(wanted.facets).items() <= dict(one.facets).items()
            and (wanted.note is None or wanted.note == one.note)
        ]
        if not found:
            return None
        best = min(found, key=lambda one: (one.id != wanted.id, one.origin.get("id") != wanted.id, one.id))
        self._by_key[key].remove(best)
        return best.id
