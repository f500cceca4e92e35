"""Reading across documents: the list, its filters and counts, and what searches and tables give."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from models.store.reads import Reads
from models.store.shown import HIDDEN

Order = Literal["name", "title", "date", "publisher", "open", "length", "value"]

_PRESENT = "a.document_id = d.id AND a.text_seq = d.text_seq"
_SUGGESTED = f"CASE WHEN {HIDDEN} THEN 0 ELSE coalesce((SELECT a.suggestions FROM analyses a WHERE {_PRESENT}), 0) END"
_DECIDED = "(SELECT count(*) FROM decisions c WHERE c.document_id = d.id AND c.annotator_id = :me)"
_DONE = "EXISTS (SELECT 1 FROM statuses s WHERE s.document_id = d.id AND s.annotator_id = :me AND s.state = 'done')"

_ORDERS: dict[str, str] = {
    "name": "d.name",
    "title": "coalesce(d.title, d.name) COLLATE NOCASE",
    "date": "d.date",
    "publisher": "d.publisher COLLATE NOCASE",
    "length": "d.length",
    "value": "coalesce(a.value, 0)",
    "open": f"max(0, CASE WHEN {HIDDEN} THEN 0 ELSE coalesce(a.suggestions, 0) END - {_DECIDED})",
}


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows. Empty fields do not narrow.

    ``words`` are looked for in name, title and publisher; ``state`` is open or done; ``label`` keeps
    documents with an annotation so labelled; ``unjudged`` those with open suggestions; ``mine`` those that are
    assigned to the present annotator; ``unassigned`` those that nobody has been given.
    """

    words: str = ""
    state: str | None = None
    publisher: str | None = None
    language: str | None = None
    label: str | None = None
    unjudged: bool = False
    mine: bool = False
    unassigned: bool = False
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
    clauses, values = filter_clauses(reads, wanted)
    direction = "DESC" if wanted.descending else "ASC"
    join = f"LEFT JOIN analyses a ON {_PRESENT} " if wanted.order in ("open", "value") else ""
    order = _ORDERS[wanted.order]
    by_name = "" if order == "d.name" else "d.name, "
    last = direction if order == "d.name" else "ASC"
    sql = f"SELECT d.id FROM documents d {join}WHERE {' AND '.join(clauses)} "
    rows = reads.connection.execute(f"{sql}ORDER BY {order} {direction}, {by_name}d.id {last}", values)
    return [row[0] for row in rows]


def filter_clauses(reads: Reads, wanted: DocumentFilter) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions on ``documents d`` that a filter means, and the values they name."""
    clauses: list[str] = ["d.removed IS NULL"]
    values: dict[str, Any] = {"me": reads.me}
    named = "(d.name || ' ' || coalesce(d.title,'') || ' ' || coalesce(d.publisher,''))"
    for number, word in enumerate(wanted.words.split()):
        forms = dict.fromkeys(_forms(word))
        tests = (f"{named} LIKE :w{number}_{form} ESCAPE '\\'" for form in range(len(forms)))
        clauses.append(f"({' OR '.join(tests)})")
        values |= {f"w{number}_{form}": f"%{_escaped(spelt)}%" for form, spelt in enumerate(forms)}
    for column in ("publisher", "language"):
        if (value := getattr(wanted, column)) is not None:
            clauses.append(f"d.{column} = :{column}")
            values[column] = value
    if wanted.state:
        clauses.append(_DONE if wanted.state == "done" else f"NOT {_DONE}")
    if wanted.label:
        clauses.append("EXISTS (SELECT 1 FROM annotations n WHERE n.document_id = d.id AND n.label = :label)")
        values["label"] = wanted.label
    if wanted.unjudged:
        clauses.append(f"{_SUGGESTED} > {_DECIDED}")
    if wanted.mine:
        clauses.append("EXISTS (SELECT 1 FROM json_each(d.assigned) WHERE value = :me)")
    if wanted.unassigned:
        clauses.append("d.assigned IS NULL")
    return clauses, values


_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _forms(word: str) -> Iterator[str]:
    """Yield the spellings of a word that LIKE, which knows the case of a to z only, must try."""
    for form in ("NFC", "NFD"):
        spelt = unicodedata.normalize(form, word)
        for cased in (spelt, spelt.lower(), spelt.upper(), spelt.capitalize()):
            yield cased.translate(_SMALL)


def _escaped(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return word


class Listed(NamedTuple):
    """What a list shows of a document; counts and ``state`` (open or done) are the present annotator's.

    ``suggestions`` counts what was proposed for the present text, ``decided`` the decisions in the document,
    ``annotations`` what anybody stands behind. Of a ``control`` that the annotator has yet to be done with, no
    suggestion counts.
    """

    id: str
    name: str
    title: str | None
    publisher: str | None
    date: str | None
    length: int
    suggestions: int
    decided: int
    annotations: int
    state: str
    control: bool = False

    @property
    def open(self) -> int:
        """How many suggestions wait for a decision."""
        return max(0, self.suggestions - self.decided)


_LISTED = f"""
SELECT d.id, d.name, d.title, d.publisher, d.date, d.length,
  {_SUGGESTED}, {_DECIDED},
  (SELECT count(*) FROM annotations n WHERE n.document_id = d.id),
  CASE WHEN {_DONE} THEN 'done' ELSE 'open' END, d.control
FROM documents d WHERE d.removed IS NULL
""".replace(":me", "?1")


def listed(reads: Reads, ids: Collection[str]) -> dict[str, Listed]:
    """Return what a list shows of these documents, by id; unknown or removed ones are left out."""
    places = ",".join("?" * len(ids))
    rows = reads.connection.execute(f"{_LISTED} AND d.id IN ({places})", (reads.me, *ids))
    return {row[0]: Listed._make((*row[:-1], bool(row[-1]))) for row in rows}


def done_documents(reads: Reads) -> set[str]:
    """Return the documents that the present annotator is done with."""
    rows = reads.connection.execute(
        "SELECT document_id FROM statuses WHERE annotator_id = ? AND state = 'done'", (reads.me,)
    )
    return {row[0] for row in rows}


def facets(reads: Reads, column: Literal["publisher", "language"]) -> list[tuple[str, int]]:
    """Return the values a filter can offer for a metadata column, with counts, the most common first."""
    rows = reads.connection.execute(
        f"SELECT {column}, count(*) FROM documents WHERE removed IS NULL AND {column} IS NOT NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return rows.fetchall()


class Progress(NamedTuple):
    """How far the present annotator has come in the corpus; what is hidden from them does not count."""

    documents: int
    done: int
    suggestions: int
    decided: int
    annotations: int


def progress(reads: Reads) -> Progress:
    """Return the corpus-wide counts; removed documents do not count.

    Counted once for all who ask until something changes: in a big corpus it takes some 50 ms.
    """
    connection = reads.connection
    seen = (connection.total_changes, connection.execute("PRAGMA data_version").fetchone()[0], reads.me)
    known: tuple[object, Progress] | None = reads.__dict__.get("_progress")
    if known is None or known[0] != seen:
        known = reads.__dict__["_progress"] = (seen, _count(reads))
    return known[1]


_HIDDEN_COUNTS = f"""
WITH hidden AS MATERIALIZED (SELECT id FROM documents d WHERE d.removed IS NULL AND {HIDDEN})
SELECT (SELECT coalesce(sum(suggestions), 0) FROM analyses WHERE document_id IN hidden),
  (SELECT count(*) FROM decisions WHERE document_id IN hidden AND annotator_id = :me)"""


def _count(reads: Reads) -> Progress:
    gone = "SELECT id FROM documents WHERE removed IS NOT NULL"
    some_gone = reads.connection.execute(f"{gone} LIMIT 1").fetchone() is not None
    hidden, decided = reads.connection.execute(_HIDDEN_COUNTS, {"me": reads.me}).fetchone()

    def one(sql: str) -> int:
        return int(reads.connection.execute(sql, {"me": reads.me}).fetchone()[0])

    def there(what: str, table: str, condition: str = "1") -> int:
        """Count over all documents, then take off the few removed ones: joining all would be slow."""
        total = one(f"SELECT {what} FROM {table} WHERE {condition}")
        if some_gone:
            total -= one(f"SELECT {what} FROM {table} WHERE document_id IN ({gone}) AND {condition}")
        return total

    return Progress(
        one("SELECT count(*) FROM documents WHERE removed IS NULL"),
        there("count(*)", "statuses", "annotator_id = :me AND state = 'done'"),
        there("coalesce(sum(suggestions), 0)", "analyses") - hidden,
        there("count(*)", "decisions", "annotator_id = :me") - decided,
        there("count(*)", "annotations", "annotator_id = :me"),
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
    """A place where a search found its words: context left, the words, context right; spans in code points.

    ``key`` is the mark's key where an annotation was found, with its ``label`` and ``note``, else None.
    """

    document: str
    name: str
    start: int
    end: int
    left: str
    match: str
    right: str
    key: str | None
    title: str | None = None
    label: str | None = None
    note: str | None = None
