"""Reading and writing what adjudication needs beside annotations: whose readings there are, what was turned down.

A case that was turned down is a settled conflict (:mod:`resources.decisions.adjudication`): its readings are the
ids of the annotations, its resolution is ``neither``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from models.annotations import Annotation
from models.merge.conflicts import Question, conflict_id
from models.store.reads import Reads

if TYPE_CHECKING:
    from models.store.unit_of_work import UnitOfWork

KIND = "adjudication"
"""The kind of the annotator whose reading is adjudicated, and of conflicts that adjudication settled."""
AROUND = 1000
"""How many code points before a reading its answer is looked for first."""


def adjudicator(reads: Reads) -> str | None:
    """Return the id of the adjudicated reading's annotator, the oldest where several came together, or None."""
    row = reads.connection.execute("SELECT min(id) FROM annotators WHERE kind = ?", (KIND,)).fetchone()
    return row[0] if row else None


def insert_adjudicator(work: UnitOfWork, identity: str, name: str) -> None:
    """Add the annotator of the adjudicated reading."""
    work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES (?, ?, ?)", (identity, KIND, name))


_READERS = (
    "SELECT id FROM annotators WHERE kind != 'adjudication' "
    "OR id > (SELECT min(id) FROM annotators WHERE kind = 'adjudication')"
)


def readers(reads: Reads) -> list[str]:
    """Return whose readings are adjudicated: all people, and other adjudicated readings that came from elsewhere."""
    return [row[0] for row in reads.connection.execute(f"{_READERS} ORDER BY id")]


def voters(reads: Reads, document: str) -> list[str]:
    """Return the readers of a document: who annotated in it, decided on suggestions, or said done."""
    rows = reads.connection.execute(
        f"SELECT id FROM annotators WHERE id IN ({_READERS}) AND (id IN (SELECT annotator_id FROM annotations "
        "WHERE document_id = ?1) OR id IN (SELECT annotator_id FROM decisions WHERE document_id = ?1) "
        "OR id IN (SELECT annotator_id FROM statuses WHERE document_id = ?1 AND state = 'done')) ORDER BY id",
        (document,),
    )
    return [row[0] for row in rows]


def read_documents(reads: Reads, least: int = 1) -> list[str]:
    """Return the documents in which at least so many readers have annotated, by name."""
    rows = reads.connection.execute(
        "SELECT d.id FROM documents d JOIN (SELECT a.document_id, count(DISTINCT a.annotator_id) AS people "
        f"FROM annotations a WHERE a.annotator_id IN ({_READERS}) GROUP BY a.document_id) "
        "ON document_id = d.id WHERE d.removed IS NULL AND people >= ? ORDER BY d.name, d.id",
        (least,),
    )
    return [row[0] for row in rows]


def readings(reads: Reads, document: str) -> frozenset[str]:
    """Return the ids of all readers' annotations in a document."""
    rows = reads.connection.execute(
        f"SELECT id FROM annotations WHERE document_id = ? AND annotator_id IN ({_READERS})",
        (document,),
    )
    return frozenset(row[0] for row in rows)


def signature(reads: Reads, document: str, annotators: Collection[str]) -> list[tuple[object, ...]]:
    """Return what changes whenever an annotation of one of these annotators in a document does."""
    rows = reads.connection.execute(
        "SELECT annotator_id, count(*), max(seq), sum(revision), sum(orphan), max(modified) FROM annotations "
        "WHERE document_id = ? GROUP BY annotator_id ORDER BY annotator_id",
        (document,),
    )
    return [tuple(row) for row in rows if row[0] in annotators]


def documents_of(reads: Reads, annotations: Collection[str]) -> dict[str, str]:
    """Return annotation id → document, for those of these ids that the project holds."""
    rows = reads.connection.execute(
        "SELECT id, document_id FROM annotations WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(annotations)),),
    )
    return dict(rows)


def results_answering(reads: Reads, adjudicator: str, document: str, readings: Sequence[Annotation]) -> list[str]:
    """Return the ids of a document's adjudicated annotations whose origin names one of these readings.

    Looks around the readings first, where an answer almost always stands, and everywhere else only then.
    """
    places = [one.spans for one in readings if one.spans]
    if not places:
        return _answering(reads, adjudicator, document, readings, "start IS NULL")
    near = "start BETWEEN ? AND ?"
    around = min(spans[0].start for spans in places) - AROUND, max(spans[-1].end for spans in places)
    return _answering(reads, adjudicator, document, readings, near, *around) or _answering(
        reads, adjudicator, document, readings, "start IS NOT NULL"
    )


def _answering(
    reads: Reads, adjudicator: str, document: str, readings: Sequence[Annotation], where: str, *values: int
) -> list[str]:
    if not readings:
        return []
    named = " OR ".join(["instr(origin, ?)"] * len(readings))
    rows = reads.connection.execute(
        f"SELECT id FROM annotations WHERE document_id = ? AND {where} AND annotator_id = ? AND ({named}) ORDER BY id",
        (document, *values, adjudicator, *(one.id for one in readings)),
    )
    return [row[0] for row in rows]


def turned_down(reads: Reads, document: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the cases of a document whose readings are all wrong: conflict id, ids of the readings."""
    rows = reads.connection.execute(
        "SELECT id, body FROM conflicts WHERE document_id = ? AND json_extract(body, '$.kind') = ? "
        "AND json_extract(body, '$.resolution.choice') = 'neither'",
        (document, KIND),
    )
    return [
        (identity, tuple(one["value"] for one in json.loads(body)["readings"] if one["value"] is not None))
        for identity, body in rows
    ]


def turn_down(work: UnitOfWork, document: str, members: Sequence[Annotation], by: str, adjudicator: str) -> None:
    """Remember that all readings of a case are wrong. ``by`` is who said so."""
    from models.store.unit_of_work import to_json

    kinds = {"entity": "entities", "claim": "claims", "relation": "relations"}
    # Its own field: a merge that asks whether the record is there must not take this for the answer.
    question = Question(kinds[members[0].kind], min(one.id for one in members), KIND)
    said = sorted((one.id, one.annotator, one.modified) for one in members)
    readings = [
        {"value": value, "by": annotator, "at": at} for value, annotator, at in (*said, (None, adjudicator, None))
    ]
    body = {
        "id": conflict_id(question, [one["value"] for one in readings]),
        "kind": KIND,
        "list": question.list,
        "record": question.record,
        "field": question.field,
        "base": None,
        "readings": readings,
        "resolution": {"choice": "neither", "by": by, "at": work.now},
    }
    values = body["id"], document, to_json(body)
    work.raw.execute("INSERT INTO conflicts(id, document_id, body) VALUES (?, ?, ?)", values)


def take_up_again(work: UnitOfWork, conflicts: Collection[str]) -> None:
    """Forget that cases were turned down."""
    work.raw.executemany("DELETE FROM conflicts WHERE id = ?", [(one,) for one in conflicts])
