"""Row-level writing inside a unit of work. What the rows mean is the services' business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, update

from models.annotations import Annotation
from models.documents import SourceDocument
from models.ids import fingerprint, new_id
from models.spans import Span, Spans
from models.store import tables
from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork, to_json, values
from models.suggestions import PipelineInfo, Proposal


def place(spans: Spans) -> dict[str, Any]:
    """Return spans as columns: the extent, and ``spans`` where there are several."""
    if not spans:
        return {"start": None, "end": None, "spans": None}
    return {
        "start": spans[0].start,
        "end": spans[-1].end,
        "spans": to_json([list(span) for span in spans]) if len(spans) > 1 else None,
    }


# Annotations ------------------------------------------------------------------------------------------------


def annotation_row(annotation: Annotation) -> dict[str, Any]:
    """Return the annotation as a row of the table."""
    row = annotation._asdict()
    spans = row.pop("spans")
    row["document_id"] = row.pop("document")
    row["annotator_id"] = row.pop("annotator")
    row["suggestion_id"] = row.pop("suggestion")
    row["exact"] = list(annotation.exact) if annotation.exact else None
    row["facets"] = dict(annotation.facets) or None
    row["origin"] = dict(annotation.origin)
    row["orphan"] = int(annotation.orphan)
    return values(row) | place(spans)


def _insertion(table: Table) -> str:
    names = [column.name for column in table.columns if column.name != "seq"]
    columns, places = ",".join(f'"{name}"' for name in names), ",".join(f":{name}" for name in names)
    return f"INSERT INTO {table.name}({columns}) VALUES ({places})"


_INSERT_ANNOTATION = _insertion(tables.annotations)
_INSERT_DECISION = _insertion(tables.decisions)
"""Written out because these run at every key press: composing them each time costs more than running them."""


def insert_annotation(work: UnitOfWork, annotation: Annotation, extra: Mapping[str, Any] | None = None) -> None:
    """Add an annotation."""
    row = annotation_row(annotation)
    row["extra"] = to_json(extra) if extra else None
    work.raw.execute(_INSERT_ANNOTATION, row)


def update_annotation(work: UnitOfWork, annotation: Annotation) -> None:
    """Write an annotation over the one with its id, modified now, one revision further."""
    row = annotation_row(annotation._replace(modified=work.now, revision=annotation.revision + 1))
    row.pop("id")
    statement = update(tables.annotations).where(tables.annotations.c.id == bindparam("which"))
    work.connection.execute(statement.values({name: bindparam(name) for name in row}), row | {"which": annotation.id})


def delete_annotation(work: UnitOfWork, annotation: Annotation) -> None:
    """Take an annotation away and leave the tombstone that merging needs."""
    work.connection.execute(delete(tables.annotations).where(tables.annotations.c.id == annotation.id))
    work.raw.execute(
        "INSERT INTO tombstones(id, kind, document_id, annotator_id, at, revision) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET at = excluded.at, revision = excluded.revision",
        (
            annotation.id,
            annotation.kind,
            annotation.document,
            work.annotator,
            work.now,
            annotation.revision + 1,
        ),
    )


def lift_tombstone(work: UnitOfWork, annotation: str) -> int:
    """Forget that an id was deleted, since it lives again; return the revision it had reached, 0 if none."""
    row = work.raw.execute("SELECT revision FROM tombstones WHERE id = ?", (annotation,)).fetchone()
    if row:
        work.raw.execute("DELETE FROM tombstones WHERE id = ?", (annotation,))
    return int(row[0]) if row else 0


# Decisions --------------------------------------------------------------------------------------------------


def insert_decision(work: UnitOfWork, row: Mapping[str, Any]) -> None:
    """Add a decision; ``row`` names the table's columns."""
    work.raw.execute(_INSERT_DECISION, {"extra": None} | values(row))


def update_decision(work: UnitOfWork, decision: str, **changes: Any) -> None:
    """Change columns of one decision."""
    work.connection.execute(update(tables.decisions).where(tables.decisions.c.id == decision).values(**values(changes)))


def delete_decision(work: UnitOfWork, decision: str) -> None:
    """Take a decision back and leave the tombstone that merging needs."""
    work.raw.execute(
        "INSERT INTO tombstones(id, kind, document_id, annotator_id, at, revision) "
        "SELECT id, 'decision', document_id, ?, ?, 1 FROM decisions WHERE id = ?",
        (work.annotator, work.now, decision),
    )
    work.connection.execute(delete(tables.decisions).where(tables.decisions.c.id == decision))


# Documents --------------------------------------------------------------------------------------------------


def insert_text(work: UnitOfWork, document: str, text: str | None, print_: str, *, searchable: bool = True) -> int:
    """Store a text of a document and return its number; put it into the search index if ``searchable``."""
    cursor = work.raw.execute(
        "INSERT INTO texts(document_id, fingerprint, text) VALUES (?, ?, ?)", (document, print_, text)
    )
    assert cursor.lastrowid is not None
    if searchable:
        make_searchable(work, cursor.lastrowid)
    return cursor.lastrowid


def make_searchable(work: UnitOfWork, since: int) -> None:
    """Put the texts from number ``since`` on into the search index.

    Many at once, after all other writing: each statement that fires a trigger makes the index write out what
    it gathered, and as many small pieces as documents cost four times the rest of an import.
    """
    work.raw.execute(
        "INSERT INTO text_search(rowid, text) SELECT seq, coalesce(text, '') FROM texts WHERE seq >= ?", (since,)
    )


_DOCUMENT_COLUMNS = (
    "id, name, title, source, publisher, date, language, metadata, fingerprint, length, text_seq, furniture, "
    "furniture_by, imported, revision, extra"
)


def insert_document(work: UnitOfWork, source: SourceDocument, *, searchable: bool = True) -> tuple[str, int]:
    """Add a document with its text and return its id and the text's number (see :func:`insert_text`)."""
    document, print_ = new_id(), fingerprint(source.text)
    text = insert_text(work, document, source.text, print_, searchable=searchable)
    furniture = [list(span) for span in source.furniture]
    work.raw.execute(
        f"INSERT INTO documents({_DOCUMENT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,NULL)",
        (
            document, source.name, source.title, source.source, source.publisher, source.date,
            source.language, to_json(dict(source.metadata)), print_, len(source.text), text,
            to_json(furniture),
            "source" if furniture else "none", work.now,
        ),
    )  # fmt: skip
    return document, text


def update_document(work: UnitOfWork, document: str, **changes: Any) -> None:
    """Change columns of one document, one revision further."""
    columns = tables.documents.c
    work.connection.execute(
        update(tables.documents).where(columns.id == document).values(**values(changes), revision=columns.revision + 1)
    )


def set_status(work: UnitOfWork, document: str, state: str) -> None:
    """Say whether the present annotator is done with a document."""
    work.raw.execute(
        "INSERT INTO statuses(document_id, annotator_id, state, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(document_id, annotator_id) DO UPDATE SET state = excluded.state, at = excluded.at",
        (document, work.annotator, state, work.now),
    )


# Suggestions ------------------------------------------------------------------------------------------------


def ensure_run(work: UnitOfWork, info: PipelineInfo) -> int:
    """Return the number of this pipeline's run, made at its first sight."""
    found = work.raw.execute(
        "SELECT seq FROM runs WHERE pipeline = ? AND version = ? AND hash = ?",
        (info.name, info.version, info.hash),
    ).fetchone()
    if found:
        return int(found[0])
    cursor = work.raw.execute(
        "INSERT INTO runs(id, pipeline, version, hash, started) VALUES (?, ?, ?, ?, ?)",
        (new_id(), info.name, info.version, info.hash, work.now),
    )
    return int(cursor.lastrowid or 0)


SuggestionRow = tuple[Any, ...]
"""A row of the table of suggestions; its second column is the id."""


def suggestion_rows(
    document: str,
    text: int,
    run: int,
    identified: Iterable[tuple[str, Proposal, str | None, str | None]],
) -> list[SuggestionRow]:
    """Return what a run proposes for a text, ``(id, proposal, head id, tail id)`` each, as rows."""
    return [
        (
            document, identity, text, run, one.kind, one.label, *place(one.spans).values(), head, tail,
            to_json(dict(one.facets)) if one.facets else None, round(one.score, 6), one.source,
        )
        for identity, one, head, tail in identified
    ]  # fmt: skip


_PUT_SUGGESTION = (
    'INSERT OR REPLACE INTO suggestions(document_id, id, text_seq, run_seq, kind, label, start, "end", spans, head, '
    "tail, facets, score, source) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


def put_suggestions(work: UnitOfWork, rows: Sequence[SuggestionRow]) -> None:
    """Write suggestions, over those with the same ids."""
    work.raw.executemany(_PUT_SUGGESTION, rows)


def delete_suggestions(work: UnitOfWork, document: str, ids: Sequence[str] | None = None) -> None:
    """Take away a document's suggestions, or some of them. Decisions are kept: they hold copies."""
    if ids is None:
        work.raw.execute("DELETE FROM suggestions WHERE document_id = ?", (document,))
    else:
        work.raw.executemany(
            "DELETE FROM suggestions WHERE document_id = ? AND id = ?", [(document, one) for one in ids]
        )


def suggested_by_others(work: UnitOfWork, document: str) -> list[str]:
    """Return the ids of a document's suggestions that are not the memory's own, which an analysis leaves alone."""
    rows = work.raw.execute(
        "SELECT id FROM suggestions WHERE document_id = ? AND run_seq NOT IN "
        "(SELECT seq FROM runs WHERE pipeline = 'memory' AND hash = (SELECT value FROM meta WHERE key = 'annotator'))",
        (document,),
    )
    return [identity for (identity,) in rows]


def forget_analysis(work: UnitOfWork, document: str) -> None:
    """Let a document count as one that no pipeline has seen."""
    work.raw.execute("DELETE FROM analyses WHERE document_id = ?", (document,))


def note_analysis(work: UnitOfWork, document: str, text: int, run: int) -> None:
    """Say that a run has looked at a text of a document, and count what it left there."""
    work.raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, suggestions, at) VALUES (?1, ?2, ?3, "
        f"(SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 AND {OFFERED}), ?4) "
        "ON CONFLICT(document_id) DO UPDATE SET text_seq = excluded.text_seq, run_seq = excluded.run_seq, "
        "suggestions = excluded.suggestions, at = excluded.at, value = 0",
        (document, text, run, work.now),
    )


# The rest ---------------------------------------------------------------------------------------------------


def set_meta(work: UnitOfWork, key: str, value: str | None) -> None:
    """Keep one fact about the project; None forgets it."""
    if value is None:
        work.raw.execute("DELETE FROM meta WHERE key = ?", (key,))
    else:
        work.raw.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def insert_label_set(work: UnitOfWork, version: int, body: Mapping[str, Any]) -> None:
    """Add a version of the label set."""
    work.raw.execute(
        "INSERT INTO label_sets(version, body, created) VALUES (?, ?, ?)", (version, to_json(body), work.now)
    )


def furniture_json(spans: Iterable[Span]) -> str:
    """Return furniture as the column holds it."""
    return to_json([list(span) for span in spans])
