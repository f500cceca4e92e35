"""Writing down what an action took, in the transaction of the action. Undo leaves it: undoing is work too."""

from __future__ import annotations

from collections import Counter

from models.effort import Effort, Tally, shared
from models.store.shown import SEEN
from models.store.unit_of_work import UnitOfWork

_ADD = (
    "INSERT INTO effort(document_id, annotator_id, label, action, count, keys, ms) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET count = count + excluded.count, keys = keys + excluded.keys, ms = ms + excluded.ms"
)
_SEEN_CONTROL = f"SELECT 1 FROM documents d WHERE d.id = ? AND d.control = 1 AND {SEEN}"
_MARKERS = ("done", "revised")
"""What is kept of controls even where nobody measured: it tells whether they were annotated without suggestions."""


def write_effort(work: UnitOfWork, document: str | None, effort: Effort | None) -> None:
    """Share ``effort`` (None: not measured) among what the step did so far; a step that did nothing leaves none.

    ``document`` is where an action that names no annotation happened, None for the whole project.
    """
    tallies = work.tallies or ({(document, "", "other"): 1} if document else {})
    if not tallies or not _changed(work):
        return
    places = dict.fromkeys(tally[0] for tally in tallies)
    seen = {place for place in places if work.raw.execute(_SEEN_CONTROL, (place,)).fetchone()}
    if effort is None and not seen:
        return
    found: Counter[Tally] = Counter()
    for (place, label, action), count in tallies.items():
        found[place, label, "revised" if place in seen and action != "done" else action] += count
    if effort is None:
        found = Counter({tally: n for tally, n in found.items() if tally[0] in seen and tally[2] in _MARKERS})
    rows = [(*tally, count, *part) for tally, count, part in shared(effort or Effort(), found)]
    work.raw.executemany(_ADD, [(place, work.annotator, *rest) for place, *rest in rows])


def _changed(work: UnitOfWork) -> bool:
    row = work.raw.execute("SELECT 1 FROM changes WHERE change_set = ? LIMIT 1", (work.change_set,)).fetchone()
    return row is not None
