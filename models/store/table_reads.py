"""The tables of claims and relations: one document's or a whole corpus's, sorted and filtered by SQLite.

A :class:`Listing` keeps the order of its rows in a temporary table of a connection of its own, so that a
corpus with a million annotations can be sorted in another thread while the window goes on reading, and costs
no memory here. Rows are read a page at a time.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from models.store.project_file import explained
from models.store.shown import HIDDEN, OFFERED, offered
from models.store.table_rows import AnnotationRow, Page, claim_row, relation_row
from models.suggestions import Kind


class Word(NamedTuple):
    """A word of a filter: its text, labels whose titles hold it, and (facet, value) pairs called so."""

    text: str
    labels: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableQuery:
    """Which rows a table shows and in which order.

    ``document`` None is the corpus; ``suggestions`` adds those that nobody judged; each of ``words`` must
    occur. ``sort`` is text (the order of the text), quote, speaker, document, state, note, head, label, tail,
    or ``facet:`` and a facet's id. ``me`` is the present annotator, ``speaker`` the relation that names a
    claim's speaker.
    """

    kind: Kind
    me: str
    document: str | None = None
    suggestions: bool = False
    words: tuple[Word, ...] = ()
    sort: str = "text"
    descending: bool = False
    speaker: str = "ATTRIBUTED_TO"


_SLICE = 'substr(t.text, {0}.start + 1, {0}."end" - {0}.start)'
_LIKE_EXACT = "'[\"' || {0} || '\"]'"
"""Suggestions sort among annotations, whose quotes are JSON lists."""
_SPOKEN = (
    "(SELECT x.exact FROM annotations r JOIN annotations x ON x.id = r.tail "
    "WHERE r.head = a.id AND r.label = :speaker LIMIT 1)"
)
_SUGGESTED_SPEAKER = (
    f"(SELECT {_LIKE_EXACT.format(_SLICE.format('y'))} FROM attributions r JOIN suggestions y "
    "ON y.document_id = {0} AND y.id = r.tail JOIN texts t ON t.seq = y.text_seq WHERE r.head = {1} LIMIT 1)"
)
_OPEN_SPEAKER = _SUGGESTED_SPEAKER.format("s.document_id", "s.id")
_SPEAKER = f"coalesce({_SPOKEN}, {_SUGGESTED_SPEAKER.format('a.document_id', 'a.suggestion_id')})"

_MADE = """
SELECT a.document_id AS document,
  CASE WHEN a.annotator_id = :me THEN coalesce(a.suggestion_id, a.id) ELSE a.id END AS key,
  {sort} AS wanted, d.name AS name, {start} AS start
FROM documents d {cross} JOIN annotations a ON a.document_id = d.id {ends}
WHERE d.removed IS NULL AND a.kind = :kind {more}"""
_MADE_ENDS = "LEFT JOIN annotations h ON h.id = a.head LEFT JOIN annotations x ON x.id = a.tail"

_OPEN = f"""
SELECT s.document_id, s.id, {{sort}}, d.name, {{start}}
FROM documents d CROSS JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq {{ends}}
JOIN texts t ON t.seq = d.text_seq
WHERE d.removed IS NULL AND NOT {HIDDEN} AND {OFFERED} AND s.kind = :kind
  AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id = s.id AND c.annotator_id = :me)
  AND {{free}} {{more}}"""
_OPEN_ENDS = (
    "LEFT JOIN suggestions h ON h.document_id = s.document_id AND h.id = s.head "
    "LEFT JOIN suggestions x ON x.document_id = s.document_id AND x.id = s.tail"
)

_FREE_PLACE = """NOT EXISTS (SELECT 1 FROM annotations n WHERE n.document_id = s.document_id
    AND n.start = s.start AND n."end" = s."end" AND n.label = s.label AND n.annotator_id = :me)
  AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.document_id = s.document_id AND c.annotator_id = :me
    AND c.start = s.start AND c."end" = s."end" AND c.label = s.label AND c.verdict = 'rejected')"""
_ENDS = f"""(SELECT count(*) FROM suggestions e WHERE e.document_id = s.document_id AND e.id IN (s.head, s.tail)
    AND ({offered("e")} OR EXISTS (SELECT 1 FROM annotations a WHERE a.suggestion_id = e.id)))"""
_FREE_RELATION = f"""NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id IN (s.id, s.head, s.tail)
    AND c.annotator_id = :me AND c.verdict = 'rejected')
  AND {_ENDS} = 1 + (s.head != s.tail)"""

_MADE_ORDERS = {
    "quote": "a.exact",
    "speaker": _SPEAKER,
    "document": "coalesce(d.title, d.name)",
    "state": "a.state",
    "note": "a.note",
    "head": "h.exact",
    "label": "a.label",
    "tail": "x.exact",
}
_OPEN_ORDERS = {
    "quote": _LIKE_EXACT.format(_SLICE.format("s")),
    "speaker": _OPEN_SPEAKER,
    "document": "coalesce(d.title, d.name)",
    "state": "'suggested'",
    "head": _LIKE_EXACT.format(_SLICE.format("h")),
    "label": "s.label",
    "tail": _LIKE_EXACT.format(_SLICE.format("x")),
}


class Listing:
    """The rows of one query, in order. Fill it in any thread, then read it from one thread; close it."""

    def __init__(self, path: Path, query: TableQuery) -> None:
        self.query = query
        self.count = 0
        self._cancelled = False
        self._path = path
        with explained(path):
            self._connection = second_connection(path)
        # Interrupting reaches only a statement that runs already; this one is asked by all of them.
        self._connection.set_progress_handler(lambda: self._cancelled, 200_000)

    def fill(self) -> bool:
        """Find and sort the rows; return False where :meth:`cancel` came first.

        Raises:
            EnvironmentFault: the file cannot be read.
        """
        values = {name: getattr(self.query, name) for name in ("me", "kind", "document", "speaker")}
        with explained(self._path):
            try:
                self._gather_attributions(values)
                self._list(values)
            except sqlite3.OperationalError:
                if self._cancelled:
                    return False
                raise
        self._connection.set_progress_handler(None, 0)
        return not self._cancelled

    def _gather_attributions(self, values: Mapping[str, Any]) -> None:
        """Suggested speakers have no index of their own: read them once."""
        execute = self._connection.execute
        execute("CREATE TEMP TABLE attributions (head TEXT, tail TEXT)")
        if self.query.suggestions and self.query.kind == "claim":
            narrowed = "AND s.document_id = :document" if self.query.document else ""
            execute(
                "INSERT INTO attributions SELECT head, tail FROM suggestions s JOIN documents d "
                f"ON d.id = s.document_id AND NOT {HIDDEN} "
                f"WHERE s.kind = 'relation' AND {OFFERED} AND s.label = :speaker {narrowed} AND {_FREE_RELATION}",
                values,
            )
        execute("CREATE INDEX temp.attributions_by_head ON attributions(head)")

    def _list(self, values: dict[str, Any]) -> None:
        execute = self._connection.execute
        direction = "DESC" if self.query.descending else "ASC"
        # What has no value stays at the end whichever way a column is sorted.
        order = f"wanted IS NULL OR wanted = '', wanted COLLATE NOCASE {direction}, name, start, key"
        if self.query.sort == "text":
            order = f"name {direction}, start {direction}, key"
        execute("CREATE TEMP TABLE listing (document TEXT, key TEXT)")
        selects = [self._made(values)]
        if self.query.suggestions:
            selects.append(self._open(values))
        execute(
            f"INSERT INTO listing SELECT document, key FROM ({' UNION ALL '.join(selects)}) ORDER BY {order}",
            values,
        )
        self.count = execute("SELECT count(*) FROM listing").fetchone()[0]

    @property
    def _narrowed(self) -> str:
        return "AND d.id = :document" if self.query.document else ""

    def _made(self, values: dict[str, Any]) -> str:
        relation = self.query.kind == "relation"
        own = ("h.exact", "x.exact") if relation else ("a.exact", _SPEAKER)
        searched = (*own, "a.note", "d.name", "d.title")
        return _MADE.format(
            sort=_order(self.query.sort, "a", _MADE_ORDERS),
            start="h.start" if relation else "a.start",
            cross="CROSS" if self.query.document else "",
            ends=_MADE_ENDS if relation else "",
            more=f"{self._narrowed} {_filter(self.query.words, 'a', searched, values)}",
        )

    def _open(self, values: dict[str, Any]) -> str:
        relation = self.query.kind == "relation"
        own = (_SLICE.format("s"), _OPEN_SPEAKER)
        if relation:
            own = (_SLICE.format("h"), _SLICE.format("x"))
        searched = (*own, "d.name", "d.title")
        return _OPEN.format(
            sort=_order(self.query.sort, "s", _OPEN_ORDERS),
            start="h.start" if relation else "s.start",
            ends=_OPEN_ENDS if relation else "",
            free=_FREE_RELATION if relation else _FREE_PLACE,
            more=f"{self._narrowed} {_filter(self.query.words, 's', searched, values)}",
        )

    def cancel(self) -> None:
        """Stop :meth:`fill` soon; may be called from another thread."""
        self._cancelled = True
        self._connection.interrupt()

    def close(self) -> None:
        """Let go of the project file."""
        self._connection.close()

    def rows(self, first: int, count: int) -> list[AnnotationRow | None]:
        """Return the rows from number ``first`` (0 is the first), as they are now; None where one is gone."""
        listed = self._connection.execute(
            "SELECT l.document, l.key, coalesce(d.title, d.name, '') FROM listing l "
            "LEFT JOIN documents d ON d.id = l.document WHERE l.rowid > ? AND l.rowid <= ? ORDER BY l.rowid",
            (first, first + count),
        ).fetchall()
        page = Page(self._connection, self.query.me, self.query.speaker)
        raws = page.raw({key: document for document, key, _ in listed})
        if self.query.kind == "relation":
            ends = page.ends(raws.values())
            return [relation_row(key, name, raws[key], ends) if key in raws else None for _, key, name in listed]
        speakers = page.speakers(raws, self._attributions([*raws]))
        return [claim_row(key, name, raws[key], speakers.get(key)) if key in raws else None for _, key, name in listed]

    def _attributions(self, claims: Sequence[str]) -> list[tuple[str, str]]:
        places = ",".join("?" * len(claims))
        return self._connection.execute(
            f"SELECT head, tail FROM attributions WHERE head IN ({places})", claims
        ).fetchall()

    def number_of(self, key: str) -> int | None:
        """Return the number of the row with this mark's key, or None."""
        row = self._connection.execute("SELECT rowid FROM listing WHERE key = ? LIMIT 1", (key,)).fetchone()
        return row[0] - 1 if row else None


def _order(sort: str, table: str, orders: Mapping[str, str]) -> str:
    return _facet_value(table, sort[6:]) if sort.startswith("facet:") else orders.get(sort, "NULL")


def _facet_value(table: str, facet: str) -> str:
    path = json.dumps(facet, ensure_ascii=False).replace("'", "''")
    return f"json_extract({table}.facets, '$.{path}')"


def _filter(words: Iterable[Word], table: str, searched: Iterable[str], values: dict[str, Any]) -> str:
    """Return the conditions that each word occurs; the values they name are added to ``values``."""
    fields = " || ' ' || ".join(f"coalesce({field}, '')" for field in searched)
    clauses = []
    for number, word in enumerate(words):
        like = f"({fields}) LIKE {{0}} ESCAPE '\\'"
        offered = [(like, f"%{_escaped(form)}%") for form in _spellings(word.text)]
        offered += [(f"{table}.label = {{0}}", label) for label in word.labels]
        offered += [(f"{_facet_value(table, facet)} = {{0}}", value) for facet, value in word.facets]
        choices = []
        for each, (clause, value) in enumerate(dict.fromkeys(offered)):
            name = f"{table}{number}_{each}"
            values[name] = value
            choices.append(clause.replace("{0}", f":{name}"))
        clauses.append(f"AND ({' OR '.join(choices)})")
    return " ".join(clauses)


def _spellings(word: str) -> Iterator[str]:
    """Yield the spellings of a word that LIKE, which knows the case of a to z only, must try."""
    for form in ("NFC", "NFD"):
        spelt = unicodedata.normalize(form, word)
        yield from (spelt, spelt.lower(), spelt.upper(), spelt.capitalize())


def _escaped(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return word


def second_connection(path: Path) -> sqlite3.Connection:
    """Open the project a second time, for reading, usable from one thread after another."""
    for options in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(
            f"{path.as_uri()}?{options}", uri=True, isolation_level=None, timeout=10, check_same_thread=False
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # A write-protected folder has no room for the shared-memory file that write-ahead mode needs.
            connection.close()
            continue
        connection.execute("PRAGMA cache_size = -16000")
        return connection
    raise sqlite3.OperationalError("unable to open database file")
