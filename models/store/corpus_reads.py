"""Reading across documents: the list, its filters and counts, search, and the tables of claims and relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from models.store.reads import Reads

Order = Literal["name", "title", "date", "publisher", "open", "length"]

_ORDERS: dict[str, str] = {
    "name": "d.name",
    "title": "coalesce(d.title, d.name) COLLATE NOCASE",
    "date": "d.date",
    "publisher": "d.publisher COLLATE NOCASE",
    "length": "d.length",
    "open": "coalesce(a.suggestions, 0) - "
    "(SELECT count(*) FROM decisions c WHERE c.document_id = d.id AND c.annotator_id = :me)",
}


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows. Empty fields do not narrow.

    ``words`` are looked for in name, title and publisher; ``state`` is open or done; ``label`` keeps documents
    with an annotation so labelled; ``unjudged`` those with open suggestions.
    """

    words: str = ""
    state: str | None = None
    publisher: str | None = None
    language: str | None = None
    label: str | None = None
    unjudged: bool = False
    order: Order = "name"
    descending: bool = False


def known_documents(reads: Reads) -> dict[str, tuple[str, str]]:
    """Return name → (id, fingerprint) of every document of the corpus."""
    rows = reads.connection.execute("SELECT name, id, fingerprint FROM documents WHERE removed IS NULL")
    return {name: (document, print_) for name, document, print_ in rows}


def with_fingerprint(reads: Reads, print_: str) -> str | None:
    """Return the name of a document with this text, or None."""
    row = reads.connection.execute(
        "SELECT name FROM documents WHERE fingerprint = ? AND removed IS NULL ORDER BY seq LIMIT 1", (print_,)
    ).fetchone()
    return row[0] if row else None


def document_ids(reads: Reads, wanted: DocumentFilter | None = None) -> list[str]:
    """Return the ids of the documents that pass the filter, in its order."""
    wanted = wanted or DocumentFilter()
    clauses, values = ["d.removed IS NULL"], {"me": reads.me}
    for number, word in enumerate(wanted.words.split()):
        clauses.append(
            f"(d.name || ' ' || coalesce(d.title,'') || ' ' || coalesce(d.publisher,'')) LIKE :w{number} ESCAPE '\\'"
        )
        values[f"w{number}"] = f"%{_escaped(word)}%"
    for column in ("publisher", "language"):
        if (value := getattr(wanted, column)) is not None:
            clauses.append(f"d.{column} = :{column}")
            values[column] = value
    done = "EXISTS (SELECT 1 FROM statuses s WHERE s.document_id = d.id AND s.annotator_id = :me AND s.state = 'done')"
    if wanted.state:
        clauses.append(done if wanted.state == "done" else f"NOT {done}")
    if wanted.label:
        clauses.append("EXISTS (SELECT 1 FROM annotations n WHERE n.document_id = d.id AND n.label = :label)")
        values["label"] = wanted.label
    if wanted.unjudged:
        clauses.append(f"({_ORDERS['open']}) > 0")
    direction = "DESC" if wanted.descending else "ASC"
    sql = (
        "SELECT d.id FROM documents d LEFT JOIN analyses a ON a.document_id = d.id AND a.text_seq = d.text_seq "
        f"WHERE {' AND '.join(clauses)} ORDER BY {_ORDERS[wanted.order]} {direction}, d.name, d.id"
    )
    if "a.suggestions" not in sql:
        sql = sql.replace("LEFT JOIN analyses a ON a.document_id = d.id AND a.text_seq = d.text_seq ", "")
    return [row[0] for row in reads.connection.execute(sql, values)]


def _escaped(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return word


def facets(reads: Reads, column: Literal["publisher", "language"]) -> list[tuple[str, int]]:
    """Return the values a filter can offer for a metadata column, with counts, the most common first."""
    rows = reads.connection.execute(
        f"SELECT {column}, count(*) FROM documents WHERE removed IS NULL AND {column} IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return rows.fetchall()


class Progress(NamedTuple):
    """How far the present annotator has come in the corpus."""

    documents: int
    done: int
    suggestions: int
    decided: int
    annotations: int


def progress(reads: Reads) -> Progress:
    """Return the corpus-wide counts."""
    me = reads.me
    one = reads.connection.execute
    return Progress(
        one("SELECT count(*) FROM documents WHERE removed IS NULL").fetchone()[0],
        one(
            "SELECT count(*) FROM statuses s JOIN documents d ON d.id = s.document_id AND d.removed IS NULL "
            "WHERE s.annotator_id = ? AND s.state = 'done'",
            (me,),
        ).fetchone()[0],
        one("SELECT coalesce(sum(suggestions), 0) FROM analyses").fetchone()[0],
        one("SELECT count(*) FROM decisions WHERE annotator_id = ?", (me,)).fetchone()[0],
        one("SELECT count(*) FROM annotations WHERE annotator_id = ?", (me,)).fetchone()[0],
    )


class Unanalysed(NamedTuple):
    """A document whose present text a pipeline run has not looked at."""

    document: str
    text_seq: int


def unanalysed(reads: Reads, run: int | None, first: Sequence[str] = ()) -> list[Unanalysed]:
    """Return the documents that run ``run`` (None: any run) has yet to analyse, those in ``first`` first."""
    rows = reads.connection.execute(
        "SELECT d.id, d.text_seq FROM documents d LEFT JOIN analyses a ON a.document_id = d.id "
        "WHERE d.removed IS NULL AND (a.document_id IS NULL OR a.text_seq != d.text_seq "
        "OR (?1 IS NOT NULL AND a.run_seq != ?1)) ORDER BY d.name, d.id",
        (run,),
    ).fetchall()
    rank = {document: number for number, document in enumerate(first)}
    return sorted((Unanalysed(*row) for row in rows), key=lambda one: rank.get(one.document, len(rank)))


class Hit(NamedTuple):
    """A place where a search found its words: context left, the words, context right; spans in code points."""

    document: str
    name: str
    start: int
    end: int
    left: str
    match: str
    right: str
    key: str | None


class AnnotationRow(NamedTuple):
    """A line of the claims or relations table."""

    document: str
    name: str
    key: str
    annotation: str
    kind: str
    label: str
    quote: str
    facets: dict[str, Any]
    speaker: str | None
    head: str | None
    head_label: str | None
    tail: str | None
    tail_label: str | None
    tail_document: str | None
    state: str
    annotator: str
    note: str | None
    start: int | None
