"""What remembered pairs are made from: relations between entities, and decisions against those that were proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from models.store.memory_reads import unpacked
from models.store.reads import Reads

PAGE = 400
"""Relations that are read at once."""

_RELATED = (
    "SELECT r.seq, r.label, h.exact, h.label, t.exact, t.label FROM annotations r JOIN annotations h ON h.id = r.head "
    "JOIN annotations t ON t.id = r.tail WHERE r.kind = 'relation' AND h.kind = 'entity' AND t.kind = 'entity' "
    "AND (?1 IS NULL OR r.annotator_id = ?1)"
)
_ENDS = (
    'SELECT x.value, s.label, substr(t.text, s.start + 1, s."end" - s.start) FROM json_each(?2) x '
    "JOIN suggestions s ON s.document_id = ?1 AND s.id = x.value JOIN texts t ON t.seq = s.text_seq"
)


class Related(NamedTuple):
    """A relation between two entities: its label, and quote and label of head and tail."""

    label: str
    head: str
    head_label: str
    tail: str
    tail_label: str


class PairReads:
    """Reads for one annotator's memory, or (None) for everybody's."""

    def __init__(self, reads: Reads, annotator: str | None) -> None:
        self._connection = reads.connection
        self._who = annotator

    def confirmed(self) -> Iterator[list[Related]]:
        """Yield the relations that stand between entities, a page at a time."""
        after = 0
        while True:
            rows = self._connection.execute(
                f"{_RELATED} AND r.seq > ?2 ORDER BY r.seq LIMIT ?3", (self._who, after, PAGE)
            ).fetchall()
            if not rows:
                return
            after = rows[-1][0]
            yield [found for row in rows if (found := _related(*row[1:]))]

    def times(self, item: str) -> tuple[Related | None, int]:
        """Return the relation that a task names, and how often it stands between entities with these quotes."""
        label, head, head_label, tail, tail_label = json.loads(item)
        (count,) = self._connection.execute(
            "SELECT count(*) FROM annotations h JOIN annotations r ON r.head = h.id "
            "JOIN annotations t ON t.id = r.tail WHERE h.exact = ?2 AND h.label = ?3 AND h.kind = 'entity' "
            "AND t.kind = 'entity' AND r.label = ?4 AND t.exact = ?5 AND t.label = ?6 "
            "AND (?1 IS NULL OR r.annotator_id = ?1)",
            (self._who, head, head_label, label, tail, tail_label),
        ).fetchone()
        return _related(label, head, head_label, tail, tail_label), count

    def refused(self) -> list[Related]:
        """Return the relations that the memory proposed and that were rejected, as far as their ends are known."""
        rows = self._connection.execute(
            "SELECT document_id, label, json_extract(suggestion, '$.head'), json_extract(suggestion, '$.tail') "
            "FROM decisions WHERE verdict = 'rejected' AND start IS NULL AND (?1 IS NULL OR annotator_id = ?1) "
            "AND json_extract(suggestion, '$.source') LIKE '%memory/pair'",
            (self._who,),
        ).fetchall()
        found = []
        for document, label, head, tail in rows:
            ends = {one: rest for one, *rest in self._connection.execute(_ENDS, (document, json.dumps([head, tail])))}
            if head in ends and tail in ends:
                found.append(Related(label, ends[head][1], ends[head][0], ends[tail][1], ends[tail][0]))
        return found


def _related(label: str, head: str, head_label: str, tail: str, tail_label: str) -> Related | None:
    one, other = unpacked(head), unpacked(tail)
    return Related(label, one, head_label, other, tail_label) if one and other else None
