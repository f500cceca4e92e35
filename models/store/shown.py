"""The conditions, in SQL, on which suggestions are shown. They stand below every room that reads them."""

from __future__ import annotations

_ME = "(SELECT value FROM meta WHERE key = 'annotator')"

SEEN = (
    f"(EXISTS (SELECT 1 FROM statuses seen WHERE seen.document_id = d.id AND seen.annotator_id = {_ME}) "
    f"OR EXISTS (SELECT 1 FROM effort seen WHERE seen.document_id = d.id AND seen.annotator_id = {_ME} "
    "AND seen.label = '' AND seen.action = 'done'))"
)
"""Of a document ``d``: the present annotator has been done with it, and so has seen what was suggested."""

HIDDEN = f"(d.control = 1 AND NOT {SEEN})"
"""Of a document ``d``: its suggestions are hidden from the present annotator (:mod:`models.store.control_reads`)."""


def offered(alias: str) -> str:
    """Return the condition that a suggestion is offered: nothing better stands in front, its score is high enough."""
    least = f"(SELECT o.least FROM thresholds o WHERE o.label = {alias}.label)"
    return f"({alias}.covered = 0 AND {alias}.score >= coalesce({least}, 0))"


OFFERED = offered("s")
"""Of a suggestion ``s``: it is offered (:func:`offered`)."""
