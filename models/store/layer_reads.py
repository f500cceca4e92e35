"""Reading a project for other tools' formats: rows of some documents at a time, whatever the corpus' size."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from models.store.reads import Reads

Row = Sequence[Any]

_IN = "IN (SELECT value FROM json_each(?1))"

_DOCUMENTS = (
    "SELECT d.id, d.name, d.title, d.source, d.publisher, d.date, d.language, d.metadata, d.furniture, d.split, "
    f"t.text, d.text_seq FROM documents d JOIN texts t ON t.seq = d.text_seq WHERE d.id {_IN}"
)
_ANNOTATIONS = (
    'SELECT document_id, id, kind, label, start, "end", spans, facets, annotator_id, note, state, origin, register, '
    f'head, tail, orphan, suggestion_id FROM annotations WHERE document_id {_IN} ORDER BY start, "end", id'
)
_REJECTED = (
    'SELECT document_id, id, suggestion_id, suggestion, start, "end", spans, annotator_id FROM decisions '
    f"WHERE verdict = 'rejected' AND document_id {_IN} ORDER BY id"
)
_OPEN = (
    'SELECT s.document_id, s.id, s.kind, s.label, s.start, s."end", s.spans, s.head, s.tail, s.facets, s.score, '
    "s.source, r.pipeline, r.version FROM suggestions s JOIN documents d ON d.id = s.document_id "
    f"AND d.text_seq = s.text_seq JOIN runs r ON r.seq = s.run_seq WHERE s.document_id {_IN} "
    "AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id = s.id AND c.document_id = s.document_id)"
)
_NOTES = f"SELECT document_id, annotator_id, text FROM notes WHERE document_id {_IN} ORDER BY id"


class LayerReads:
    """Rows of a project's documents, grouped by what they are."""

    def __init__(self, reads: Reads) -> None:
        self._connection = reads.connection

    def _rows(self, sql: str, ids: Collection[str]) -> Iterator[Row]:
        return self._connection.execute(sql, (json.dumps(list(ids)),))

    def splits(self) -> dict[str, str]:
        """Return document → train, dev or test of every document that is assigned."""
        return dict(
            self._connection.execute("SELECT id, split FROM documents WHERE split IS NOT NULL AND removed IS NULL")
        )

    def documents(self, ids: Collection[str]) -> list[Row]:
        """Return id, name, title, source, publisher, date, language, metadata, furniture, split, text, text number."""
        return list(self._rows(_DOCUMENTS, ids))

    def annotations(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, id, kind, label, start, end, spans, facets, annotator, note, state, origin, register,
        head, tail, orphan and suggestion of every annotation, by place, then id."""
        return self._rows(_ANNOTATIONS, ids)

    def rejected(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, decision, suggestion's id and copy, start, end, spans and annotator, rejections only."""
        return self._rows(_REJECTED, ids)

    def open_suggestions(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, id, kind, label, start, end, spans, head, tail, facets, score, rule, pipeline and version
        of what is suggested for the present text and judged by nobody."""
        return self._rows(_OPEN, ids)

    def notes(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield document, annotator and text of the notes on documents."""
        return self._rows(_NOTES, ids)

    def wide_rejections(self) -> list[Row]:
        """Return document (None: all), label, surface and annotator of rejections that reach further than a place."""
        return list(
            self._connection.execute(
                "SELECT CASE scope WHEN 'document' THEN document_id END, label, surface, annotator_id FROM decisions "
                "WHERE scope != 'here' AND verdict = 'rejected' AND surface IS NOT NULL ORDER BY id"
            )
        )

    def ends(self, ids: Collection[str]) -> Iterator[Row]:
        """Yield id, document, kind, label and annotator of annotations."""
        return self._rows(f"SELECT id, document_id, kind, label, annotator_id FROM annotations WHERE id {_IN}", ids)
