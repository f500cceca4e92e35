"""Writing thresholds. Never recorded for undo: nothing is decided by hiding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork


def set_thresholds(work: UnitOfWork, wanted: Mapping[str, float]) -> None:
    """Show the suggestions of each of these labels from a score on; 0 forgets the threshold."""
    work.raw.executemany("DELETE FROM main.thresholds WHERE label = ?", [(label,) for label in wanted])
    work.raw.executemany(
        "INSERT INTO main.thresholds(label, least) VALUES (?, ?)", [one for one in wanted.items() if one[1] > 0]
    )


def recount(work: UnitOfWork, documents: Iterable[str]) -> None:
    """Count anew what is offered in documents."""
    work.raw.executemany(
        "UPDATE analyses SET suggestions = (SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 "
        f"AND s.text_seq = analyses.text_seq AND {OFFERED}) WHERE document_id = ?1",
        [(one,) for one in documents],
    )
