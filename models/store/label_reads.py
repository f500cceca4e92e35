"""Reading how labels are used across the corpus."""

from __future__ import annotations

from models.annotations import Annotation
from models.labels import LabelSet
from models.store.reads import Reads


def label_usage(reads: Reads) -> dict[str, int]:
    """Return label id → how many annotations carry it, of all annotators."""
    return dict(
        reads.connection.execute("SELECT label, count(*) FROM annotations GROUP BY label ORDER BY label")
    )


def annotations_with(reads: Reads, label: str) -> list[Annotation]:
    """Return every annotation that carries a label."""
    rows = reads.connection.execute(
        "SELECT id FROM annotations WHERE label = ? ORDER BY seq", (label,)
    ).fetchall()
    return [reads.annotation(row[0]) for row in rows]


def illegal_relations(reads: Reads, labels: LabelSet) -> dict[str, int]:
    """Return relation label → how many relations join labels that ``labels`` does not allow."""
    rows = reads.connection.execute(
        "SELECT r.label, h.label, t.label, count(*) FROM annotations r JOIN annotations h ON h.id = r.head "
        "JOIN annotations t ON t.id = r.tail WHERE r.kind = 'relation' GROUP BY 1, 2, 3"
    )
    found: dict[str, int] = {}
    for relation, head, tail, count in rows:
        if relation in labels.kinds and not labels.allows(relation, head, tail):
            found[relation] = found.get(relation, 0) + count
    return found


def facet_usage(reads: Reads) -> dict[tuple[str, str], int]:
    """Return (facet, value as text) → how many claims carry it, of all annotators."""
    rows = reads.connection.execute(
        "SELECT f.key, CAST(f.value AS TEXT), count(*) FROM annotations a, json_each(a.facets) f "
        "WHERE a.kind = 'claim' AND a.facets IS NOT NULL AND f.value IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return {(facet, value): count for facet, value, count in rows}
