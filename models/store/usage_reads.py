"""Counting how suggestions were used: in ordinary documents, and in controls that were annotated without them.

A control counts for an annotator who has been done with it, has judged none of its suggestions and has changed
nothing since they were shown. Only people count: adjudicated readings are made of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from models.store.reads import Reads
from models.store.shown import OFFERED

_PEOPLE = "SELECT id FROM annotators WHERE kind = 'human' AND (:who IS NULL OR id = :who)"
_WITH = f"""
WITH people AS ({_PEOPLE}),
seen AS (SELECT s.document_id, s.annotator_id,
  EXISTS (SELECT 1 FROM effort e WHERE e.document_id = s.document_id AND e.annotator_id = s.annotator_id
    AND e.action = 'revised')
  OR EXISTS (SELECT 1 FROM decisions c WHERE c.document_id = s.document_id AND c.annotator_id = s.annotator_id)
    AS revised
  FROM statuses s JOIN documents d ON d.id = s.document_id AND d.control = 1 AND d.removed IS NULL
  WHERE s.annotator_id IN people),
alone AS (SELECT document_id, annotator_id FROM seen WHERE NOT revised)"""

_JUDGED = f"""{_WITH}
SELECT c.label, c.verdict, count(*) FROM decisions c JOIN documents d ON d.id = c.document_id
WHERE d.control = 0 AND d.removed IS NULL AND c.annotator_id IN people GROUP BY 1, 2"""

_MANUAL = f"""{_WITH}
SELECT a.label, count(*) FROM annotations a JOIN documents d ON d.id = a.document_id
WHERE d.control = 0 AND d.removed IS NULL AND a.state = 'manual' AND a.annotator_id IN people GROUP BY 1"""

_ALONE = f"""{_WITH}
SELECT a.document_id, a.annotator_id, a.label, a.start, a."end", a.spans
FROM alone JOIN annotations a USING (document_id, annotator_id) WHERE a.orphan = 0 ORDER BY 1, 2"""

_SUGGESTED = f"""{_WITH}
SELECT s.document_id, s.label, s.start, s."end", s.spans FROM documents d
JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq
WHERE d.id IN (SELECT document_id FROM alone) AND s.kind != 'relation' AND {OFFERED} ORDER BY 1"""

_EFFORT = f"""{_WITH}
SELECT e.label, d.control, sum(e.keys), sum(e.ms) FROM effort e JOIN documents d ON d.id = e.document_id
WHERE d.removed IS NULL AND e.annotator_id IN people
  AND (d.control = 0 OR (e.document_id, e.annotator_id) IN alone) GROUP BY 1, 2"""

_MEASURED = f"""{_WITH},
measured AS (SELECT DISTINCT document_id, annotator_id FROM effort WHERE ms > 0 AND annotator_id IN people)
SELECT a.label, d.control, count(*) FROM measured JOIN annotations a USING (document_id, annotator_id)
JOIN documents d ON d.id = a.document_id
WHERE d.removed IS NULL AND (d.control = 0 OR (a.document_id, a.annotator_id) IN alone) GROUP BY 1, 2"""

_FINISHED = f"""{_WITH}
SELECT d.control, count(*), coalesce(sum(d.length), 0), coalesce(sum((SELECT count(*) FROM annotations a
  WHERE a.document_id = s.document_id AND a.annotator_id = s.annotator_id)), 0)
FROM statuses s JOIN documents d ON d.id = s.document_id
WHERE s.state = 'done' AND d.removed IS NULL AND s.annotator_id IN people
  AND (d.control = 0 OR (s.document_id, s.annotator_id) IN alone) GROUP BY 1"""

_CONTROLS = f"""{_WITH}
SELECT (SELECT count(*) FROM documents WHERE control = 1 AND removed IS NULL),
  (SELECT count(*) FROM alone), (SELECT count(*) FROM seen WHERE revised)"""


class Passage(NamedTuple):
    """A passage with its label. ``spans`` is JSON where there are several parts; relations have no place."""

    label: str
    start: int | None
    end: int | None
    spans: str | None


class Finished(NamedTuple):
    """Documents that were finished (once for each annotator): how many, their code points and annotations."""

    documents: int = 0
    length: int = 0
    annotations: int = 0


class UsageReads:
    """What is counted for one annotator, or (None) for everybody."""

    def __init__(self, reads: Reads, annotator: str | None = None) -> None:
        self._connection = reads.connection
        self._values = {"who": annotator}

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        return self._connection.execute(sql, self._values).fetchall()

    def judged(self) -> dict[tuple[str, str], int]:
        """Return (label, verdict) → how many suggestions of ordinary documents were judged so."""
        return {(str(label), str(verdict)): _number(n) for label, verdict, n in self._rows(_JUDGED)}

    def manual(self) -> dict[str, int]:
        """Return label → how many annotations of ordinary documents were made by hand."""
        return {str(label): _number(n) for label, n in self._rows(_MANUAL)}

    def alone(self) -> Iterator[tuple[list[Passage], list[Passage]]]:
        """Yield, for each control and annotator, what they annotated and what was suggested, hidden from them."""
        suggested: dict[str, list[Passage]] = {}
        for document, *place in self._connection.execute(_SUGGESTED, self._values):
            suggested.setdefault(document, []).append(Passage(*place))
        made: dict[tuple[str, str], list[Passage]] = {}
        for document, annotator in self._rows(f"{_WITH} SELECT document_id, annotator_id FROM alone"):
            made[str(document), str(annotator)] = []
        for document, annotator, *place in self._connection.execute(_ALONE, self._values):
            made[document, annotator].append(Passage(*place))
        for (document, _), passages in sorted(made.items()):
            yield passages, suggested.get(document, [])

    def effort(self) -> dict[tuple[str, bool], tuple[int, int]]:
        """Return (label, without suggestions) → key presses and milliseconds; no label: what has none."""
        return {
            (str(label), bool(alone)): (_number(keys), _number(ms)) for label, alone, keys, ms in self._rows(_EFFORT)
        }

    def measured(self) -> dict[tuple[str, bool], int]:
        """Return (label, without suggestions) → annotations in documents where effort was measured."""
        return {(str(label), bool(alone)): _number(count) for label, alone, count in self._rows(_MEASURED)}

    def finished(self) -> tuple[Finished, Finished]:
        """Return what was finished with suggestions, and without."""
        found = {bool(alone): Finished(*map(_number, counts)) for alone, *counts in self._rows(_FINISHED)}
        return found.get(False, Finished()), found.get(True, Finished())

    def controls(self) -> tuple[int, int, int]:
        """Return how many documents are controls, how often one counts, and how often one no longer does."""
        documents, alone, revised = self._rows(_CONTROLS)[0]
        return _number(documents), _number(alone), _number(revised)


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
