"""Reading a project for training: rows of some documents at a time, with who judged them and when."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from models.store.reads import Reads

Row = Sequence[Any]

_IN = "IN (SELECT value FROM json_each(?1))"

_WORKED = """
SELECT document_id, annotator_id, count(*), max(modified), 0 FROM annotations GROUP BY 1, 2
UNION ALL SELECT document_id, annotator_id, count(*), max(at), 0 FROM decisions WHERE verdict = 'rejected' GROUP BY 1, 2
UNION ALL SELECT document_id, annotator_id, 0, at, state = 'done' FROM statuses
"""


class TrainingReads:
    """What somebody who trains a pipeline asks of a project."""

    def __init__(self, reads: Reads) -> None:
        self._connection = reads.connection

    def _rows(self, sql: str, ids: Collection[str]) -> Iterator[Row]:
        return self._connection.execute(sql, (json.dumps(list(ids)),))

    def corpus(self) -> list[Row]:
        """Return id, name, fingerprint and assigned part (or None) of the documents, the oldest in the file first.

        Documents whose text was left out of an exchange are none of them.
        """
        return self._connection.execute(
            "SELECT d.id, d.name, d.fingerprint, d.split FROM documents d JOIN texts t ON t.seq = d.text_seq "
            "WHERE d.removed IS NULL AND t.text IS NOT NULL ORDER BY d.seq"
        ).fetchall()

    def worked(self) -> Iterator[Row]:
        """Yield document, annotator, judgements, time of the last, and whether this row says that they are done."""
        return self._connection.execute(_WORKED)

    def documents(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield id, name, furniture and text; furniture that only a pipeline has seen is none."""
        return self._rows(
            "SELECT d.id, d.name, "
            "CASE WHEN d.furniture_by IN ('none', 'pipeline') THEN '[]' ELSE d.furniture END, t.text FROM documents d "
            f"JOIN texts t ON t.seq = d.text_seq WHERE d.id {_IN}",
            ids,
        )

    def annotations(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, annotator, id, kind, label, start, end, spans, facets, head, tail and origin, by place."""
        return self._rows(
            'SELECT document_id, annotator_id, id, kind, label, start, "end", spans, facets, head, tail, origin '
            f'FROM annotations WHERE document_id {_IN} AND orphan = 0 ORDER BY start, "end", id',
            ids,
        )

    def rejected(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, annotator, label, start and end of passages that were judged wrong, by place."""
        return self._rows(
            'SELECT document_id, annotator_id, label, start, "end" FROM decisions '
            f"WHERE verdict = 'rejected' AND start IS NOT NULL AND document_id {_IN} ORDER BY start, \"end\", id",
            ids,
        )
