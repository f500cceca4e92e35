"""Reading the register and the mentions that point to it, or that point to nothing yet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from models.register import Mention, Register, Seen, Thing
from models.store.reads import Reads
from models.store.shown import HIDDEN, OFFERED
from models.store.table_rows import quoted

NOT_MEANT = "not_register"
"""The field of an entity that names the things it is not: kept with what newer versions may add to a record."""
_SAMPLE = 400
"""So many mentions with the same words are asked what they are linked to."""

_ALL = "SELECT seq, id, label, name, aliases, links, extra FROM register"
_SOME = f"{_ALL} WHERE seq IN (SELECT value FROM json_each(?))"
_THERE = "EXISTS (SELECT 1 FROM documents d WHERE d.id = a.document_id AND d.removed IS NULL)"

_MENTION = """
SELECT a.document_id, coalesce(d.title, d.name), CASE WHEN a.annotator_id = :me THEN coalesce(a.suggestion_id, a.id)
  ELSE a.id END, a.id, a.label, a.start, a."end", a.prefix, a.exact, a.suffix, a.annotator_id = :me, a.register
FROM annotations a CROSS JOIN documents d ON d.id = a.document_id AND d.removed IS NULL WHERE a.kind = 'entity' AND """
_ORDER = " ORDER BY coalesce(d.title, d.name), d.id, a.start, a.id LIMIT :limit"


class MentionRow(NamedTuple):
    """A mention in its context. ``name`` is its document's title; ``mine``: the present annotator made it."""

    document: str
    name: str
    key: str
    annotation: str
    label: str
    start: int
    end: int
    left: str
    words: str
    right: str
    mine: bool
    thing: str | None


def _row(row: Sequence[Any]) -> MentionRow:
    return MentionRow._make((*row[:8], quoted(row[8]), row[9], bool(row[10]), row[11]))


# Things -----------------------------------------------------------------------------------------------------


def thing_of(row: Sequence[Any]) -> Thing:
    """Return a row of the register as a thing."""
    identity, label, name, aliases, links, extra = row
    also = orjson.loads(extra).get("also", ()) if extra else ()
    known = orjson.loads(aliases) if aliases != "[]" else ()
    return Thing(identity, label, name, tuple(known), orjson.loads(links) if links != "{}" else {}, tuple(also))


def thing(reads: Reads, identity: str) -> Thing | None:
    """Return one thing as it is stored, None where it is not there."""
    sql = "SELECT id, label, name, aliases, links, extra FROM register WHERE id = ?"
    row = reads.connection.execute(sql, (identity,)).fetchone()
    return thing_of(row) if row else None


@dataclass(slots=True)
class Kept:
    """The register as it was last read: rows by their numbers. ``changed``: numbers of rows that a step changed.

    ``version`` is SQLite's count of other connections' changes, None where everything must be looked at again.
    """

    version: int | None
    rows: dict[int, Any]
    register: Register
    changed: set[int] = field(default_factory=set)

    def match(self, rows: dict[int, Any], numbers: Iterable[int]) -> None:
        """Make the rows with these numbers what they are among ``rows``, or gone."""
        for number in numbers:
            was, now = self.rows.get(number), rows.get(number)
            if was == now:
                continue
            if was is not None:
                del self.rows[number]
                self.register.take_out(was[0])
            if now is not None:
                self.rows[number] = now
                self.register.put(thing_of(now))


def register(reads: Reads) -> Register:
    """Return the register; what was changed since it was last read is read again, and only that.

    Steps tell what they changed (:func:`forget`); what other connections wrote is found by looking at everything.
    """
    execute = reads.connection.execute
    (version,) = execute("PRAGMA data_version").fetchone()
    kept: Kept | None = reads.__dict__.get("_register")
    if kept is None:
        kept = reads.__dict__["_register"] = load(reads)
    elif kept.version != version:
        rows = _rows(reads)
        kept.match(rows, kept.rows.keys() | rows.keys())
    elif kept.changed:
        rows = {row[0]: row[1:] for row in execute(_SOME, (json.dumps(list(kept.changed)),))}
        kept.match(rows, kept.changed)
    kept.changed, kept.version = set(), version
    return kept.register


def _rows(reads: Reads) -> dict[int, Any]:
    return {row[0]: row[1:] for row in reads.connection.execute(_ALL)}


def load(reads: Reads) -> Kept:
    """Return the register as it stands, read anew."""
    rows = _rows(reads)
    return Kept(None, rows, Register(thing_of(row) for row in rows.values()))


def take_over(reads: Reads, kept: Kept) -> None:
    """Let ``reads`` have a register that another connection read, unless they have one."""
    reads.__dict__.setdefault("_register", kept)


def forget(reads: Reads, change_set: int) -> None:
    """Read the things anew that a step changed, when the register is next asked for."""
    kept: Kept | None = reads.__dict__.get("_register")
    if kept is not None:
        sql = "SELECT row FROM changes WHERE change_set = ? AND tbl = 'register'"
        kept.changed.update(row[0] for row in reads.connection.execute(sql, (change_set,)))


def forget_all(reads: Reads) -> None:
    """Look at everything again when the register is next asked for: it was written without a step."""
    kept: Kept | None = reads.__dict__.get("_register")
    if kept is not None:
        kept.version = None


def thing_count(reads: Reads) -> int:
    """Return how many things there are."""
    return int(reads.connection.execute("SELECT count(*) FROM register").fetchone()[0])


# Mentions ---------------------------------------------------------------------------------------------------


FEW = 50_000
"""Up to so many linked mentions are counted while somebody waits."""


def has_many(reads: Reads) -> bool:
    """Whether counting the mentions of all things takes longer than somebody should wait."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM annotations WHERE register IS NOT NULL LIMIT {FEW})"
    return bool(reads.connection.execute(sql).fetchone()[0] == FEW)


def counts(reads: Reads) -> dict[str, tuple[int, int]]:
    """Return thing id → how many mentions it has, and in how many documents; removed ones do not count."""
    gone = json.dumps(
        [row[0] for row in reads.connection.execute("SELECT id FROM documents WHERE removed IS NOT NULL")]
    )
    rows = reads.connection.execute(
        "SELECT register, sum(n), count(*) FROM (SELECT register, document_id, count(*) AS n FROM annotations "
        "WHERE register IS NOT NULL GROUP BY register, document_id) "
        "WHERE ?1 = '[]' OR document_id NOT IN (SELECT value FROM json_each(?1)) GROUP BY register",
        (gone,),
    )
    return {identity: (mentions, documents) for identity, mentions, documents in rows}


def mentions_of(reads: Reads, identity: str, limit: int = -1) -> list[MentionRow]:
    """Return the mentions linked to a thing, whoever linked them, by document and place; ``limit`` -1 is all."""
    sql = f"{_MENTION} a.register = :thing {_ORDER}"
    rows = reads.connection.execute(sql, {"me": reads.me, "thing": identity, "limit": limit})
    return [_row(row) for row in rows]


def mention(reads: Reads, annotation: str) -> MentionRow | None:
    """Return one mention, None where it is gone."""
    row = reads.connection.execute(f"{_MENTION} a.id = :id", {"me": reads.me, "id": annotation}).fetchone()
    return _row(row) if row else None


def loose(
    reads: Reads, label: str, written: Collection[str], keys: Collection[str] = (), limit: int = -1
) -> list[MentionRow]:
    """Return the present annotator's mentions without a thing that are written so, or whose keys are these."""
    sql = (
        f"{_MENTION} a.register IS NULL AND a.orphan = 0 AND a.annotator_id = :me AND a.label = :label AND a.seq IN ("
        "SELECT seq FROM annotations WHERE exact IN (SELECT value FROM json_each(:written)) AND kind != 'relation' "
        "UNION SELECT seq FROM annotations WHERE id IN (SELECT value FROM json_each(:keys)) "
        f"UNION SELECT seq FROM annotations WHERE suggestion_id IN (SELECT value FROM json_each(:keys))) {_ORDER}"
    )
    exact = [json.dumps([words], ensure_ascii=False, separators=(",", ":")) for words in written]
    told = {"written": json.dumps(exact), "keys": json.dumps(list(keys)), "limit": limit}
    return [_row(row) for row in reads.connection.execute(sql, {"me": reads.me, "label": label, **told})]


def refused(reads: Reads, annotation: str) -> tuple[str, ...]:
    """Return the things that an entity was said not to mean."""
    row = reads.connection.execute(
        f"SELECT json_extract(extra, '$.{NOT_MEANT}') FROM annotations WHERE id = ?", (annotation,)
    ).fetchone()
    return tuple(json.loads(row[0])) if row and row[0] else ()


def seen(reads: Reads, label: str, words: str) -> dict[str, Seen]:
    """Return what people linked mentions of this form to, and what they said it is not, from a sample of them."""
    rows = reads.connection.execute(
        "SELECT register, extra FROM annotations WHERE exact = ? AND label = ? AND kind != 'relation' LIMIT ?",
        (json.dumps([words], ensure_ascii=False, separators=(",", ":")), label, _SAMPLE),
    )
    found: dict[str, Seen] = {}
    for linked, extra in rows:
        if linked is not None:
            one = found.get(linked, Seen())
            found[linked] = one._replace(linked=one.linked + 1)
        for identity in json.loads(extra).get(NOT_MEANT, ()) if extra and NOT_MEANT in extra else ():
            one = found.get(identity, Seen())
            found[identity] = one._replace(refused=one.refused + 1)
    return found


# One document -----------------------------------------------------------------------------------------------


def document_mentions(reads: Reads, document: str, label: str) -> list[Mention]:
    """Return the mentions with a label in a document: the present annotator's, and what is suggested and not judged."""
    me = reads.me
    made = reads.connection.execute(
        'SELECT coalesce(suggestion_id, id), label, start, "end", exact, register, prefix FROM annotations '
        "WHERE document_id = ? AND annotator_id = ? AND label = ? AND kind = 'entity' AND orphan = 0",
        (document, me, label),
    ).fetchall()
    open_ = reads.connection.execute(
        'SELECT s.id, s.start, s."end" FROM documents d CROSS JOIN suggestions s ON s.document_id = d.id '
        f"AND s.text_seq = d.text_seq WHERE d.id = ?1 AND s.label = ?2 AND s.kind = 'entity' AND {OFFERED} "
        f"AND NOT {HIDDEN} AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id = s.id "
        "AND c.annotator_id = ?3)",
        (document, label, me),
    ).fetchall()
    text = reads.text(document) if open_ else ""
    found = [
        Mention(key, label, start, end, quoted(exact), thing, (prefix or "").rstrip().endswith("("))
        for key, label, start, end, exact, thing, prefix in made
    ]
    return found + [
        Mention(key, label, start, end, text[start:end], None, text[:start][-2:].rstrip().endswith("("))
        for key, start, end in open_
    ]


def same_as(reads: Reads, document: str) -> list[tuple[str, str]]:
    """Return the keys of what the present annotator's SAME_AS relations in a document join."""
    rows = reads.connection.execute(
        "SELECT coalesce(h.suggestion_id, h.id), coalesce(t.suggestion_id, t.id) FROM annotations r "
        "JOIN annotations h ON h.id = r.head JOIN annotations t ON t.id = r.tail "
        "WHERE r.document_id = ? AND r.annotator_id = ? AND r.kind = 'relation' AND r.label = 'SAME_AS'",
        (document, reads.me),
    )
    return [(head, tail) for head, tail in rows]


# The corpus -------------------------------------------------------------------------------------------------


def written(reads: Reads) -> Iterator[tuple[str, str, tuple[str, ...], int]]:
    """Yield label, words, what these are not, and how many of the present annotator's entities without a thing
    are written so."""
    rows = reads.connection.execute(
        "SELECT a.label, a.exact, "
        f"CASE WHEN a.extra IS NOT NULL THEN json_extract(a.extra, '$.{NOT_MEANT}') END AS no, count(*) "
        "FROM annotations a WHERE a.kind = 'entity' AND a.annotator_id = ? AND a.spans IS NULL "
        f"AND a.register IS NULL AND a.orphan = 0 AND {_THERE} GROUP BY a.exact, a.label, no",
        (reads.me,),
    )
    for label, exact, no, count in rows:
        yield label, quoted(exact), tuple(json.loads(no)) if no else (), count


def linked(reads: Reads) -> dict[tuple[str, str], dict[str, Seen]]:
    """Return label and words → thing → how many mentions that are written so are linked to it."""
    rows = reads.connection.execute(
        "SELECT label, exact, register, count(*) FROM annotations "
        "WHERE register IS NOT NULL AND kind = 'entity' GROUP BY exact, label, register"
    )
    found: dict[tuple[str, str], dict[str, Seen]] = {}
    for label, exact, thing, count in rows:
        found.setdefault((label, quoted(exact)), {})[thing] = Seen(count)
    return found


def in_documents(reads: Reads, person: str) -> Iterator[tuple[str, list[Mention]]]:
    """Yield documents with their persons, and with what stands before or in brackets, in the order of documents.

    ``person``: the label of people. The present annotator's entities only.
    """
    rows = reads.connection.execute(
        'SELECT a.document_id, coalesce(a.suggestion_id, a.id), a.label, a.start, a."end", a.exact, a.register, '
        "a.prefix FROM annotations a WHERE a.kind = 'entity' AND a.annotator_id = ? AND a.orphan = 0 "
        f"AND (a.label = ? OR a.suffix LIKE ' (%' OR a.prefix LIKE '%(') AND {_THERE} ORDER BY a.document_id, a.start",
        (reads.me, person),
    )
    for document, members in groupby(rows, key=lambda row: str(row[0])):
        yield (
            document,
            [
                Mention(key, label, start, end, quoted(exact), linked, (prefix or "").rstrip().endswith("("))
                for _, key, label, start, end, exact, linked, prefix in members
            ],
        )
