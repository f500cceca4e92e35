"""Rows that other tools' annotations become; an import reads and writes them document by document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.annotations import Annotation
from models.spans import Spans
from models.store.reads import Reads
from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork, to_json
from models.store.writes import annotation_row, lift_tombstone, place
from models.suggestions import Kind


class StandingDocument(NamedTuple):
    """A document of the project that an import may add to."""

    id: str
    name: str
    fingerprint: str
    text_seq: int


_STANDING = "SELECT id, name, fingerprint, text_seq FROM documents WHERE removed IS NULL AND {} LIMIT 2"


def standing_document(reads: Reads, identity: str, name: str, print_: str) -> StandingDocument | None:
    """Return the document with this id, else with this name, else the only one with this text, else None."""
    for condition, value in (("id = ?", identity), ("name = ?", name), ("fingerprint = ?", print_)):
        rows = reads.connection.execute(_STANDING.format(condition), (value,)).fetchall()
        if len(rows) == 1:
            return StandingDocument(*rows[0])
    return None


def text_number(work: UnitOfWork, document: str) -> int:
    """Return the number of a document's present text."""
    return int(work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0])


def annotators(work: UnitOfWork) -> dict[str, str]:
    """Return annotator's id → name."""
    return dict(work.raw.execute("SELECT id, name FROM annotators ORDER BY id DESC"))


def insert_annotator(work: UnitOfWork, identity: str, name: str) -> None:
    """Add a human annotator."""
    work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (identity, name))


def register_ids(work: UnitOfWork) -> frozenset[str]:
    """Return the ids of the register."""
    return frozenset(row[0] for row in work.raw.execute("SELECT id FROM register"))


_NAMES = (
    "id", "kind", "document_id", "label", "start", "end", "spans", "exact", "prefix", "suffix", "head", "tail",
    "facets", "annotator_id", "state", "suggestion_id", "origin", "register", "note", "created", "modified",
    "revision", "orphan",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO annotations({','.join(f'{chr(34)}{name}{chr(34)}' for name in _NAMES)}) "
    f"VALUES ({','.join(f':{name}' for name in _NAMES)})"
)


def insert_annotations(work: UnitOfWork, annotations: Iterable[Annotation]) -> None:
    """Add annotations; one that was deleted before lives again, a revision further."""
    rows = []
    for one in annotations:
        reached = lift_tombstone(work, one.id)
        rows.append(annotation_row(one._replace(revision=reached + 1) if reached else one))
    work.raw.executemany(_INSERT, rows)


def insert_suggestion(
    work: UnitOfWork,
    document: str,
    identity: str,
    text: int,
    run: int,
    kind: Kind,
    label: str,
    spans: Spans,
    ends: tuple[str, str] | None,
    facets: Mapping[str, object],
    score: float | None,
    source: str,
) -> bool:
    """Add a suggestion for a document's text; False where it was there."""
    head, tail = ends or (None, None)
    cursor = work.raw.execute(
        'INSERT OR IGNORE INTO suggestions(document_id, id, text_seq, run_seq, kind, label, start, "end", spans, head, '
        "tail, facets, score, source) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            document, identity, text, run, kind, label, *place(spans).values(), head, tail,
            to_json(dict(facets)) if facets else None, round(1.0 if score is None else score, 6), source,
        ),
    )  # fmt: skip
    return cursor.rowcount > 0


def is_decided(work: UnitOfWork, decision: str, suggestion: str, annotator: str) -> bool:
    """Whether this decision is there, or the annotator has judged the suggestion some other time."""
    sql = "SELECT 1 FROM decisions WHERE id = ? OR (suggestion_id = ? AND annotator_id = ?)"
    return work.raw.execute(sql, (decision, suggestion, annotator)).fetchone() is not None


def count_suggestions(work: UnitOfWork, document: str, text: int, run: int) -> None:
    """Let the document's list know of suggestions that no analysis of its text brought."""
    work.raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, suggestions, at) VALUES (?1, ?2, ?3, "
        f"(SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 AND {OFFERED}), ?4) "
        "ON CONFLICT(document_id) DO UPDATE SET suggestions = excluded.suggestions, value = 0, "
        "run_seq = CASE text_seq WHEN excluded.text_seq THEN run_seq ELSE excluded.run_seq END, "
        "text_seq = excluded.text_seq",
        (document, text, run, work.now),
    )


def insert_note_of(work: UnitOfWork, identity: str, document: str, annotator: str, text: str) -> bool:
    """Add an annotator's note on a document; False where they wrote the same before."""
    known = "SELECT 1 FROM notes WHERE id = ?1 OR (document_id = ?2 AND annotator_id = ?3 AND text = ?4)"
    if work.raw.execute(known, (identity, document, annotator, text)).fetchone():
        return False
    work.raw.execute(
        "INSERT INTO notes(id, document_id, annotator_id, text, created, modified, revision) VALUES (?,?,?,?,?,?,1)",
        (identity, document, annotator, text, work.now, work.now),
    )
    return True


def set_split(work: UnitOfWork, document: str, part: str) -> None:
    """Put a new document into its part of the split."""
    work.raw.execute("UPDATE documents SET split = ? WHERE id = ?", (part, document))


def present_suggestions(reads: Reads, document: str) -> frozenset[str]:
    """Return the ids of what is suggested for a document."""
    rows: Sequence[Any] = reads.connection.execute(
        "SELECT id FROM suggestions WHERE document_id = ?", (document,)
    ).fetchall()
    return frozenset(row[0] for row in rows)
