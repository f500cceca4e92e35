"""Writing what the memory proposes, and how far it has come with what it has to look at. Never recorded for undo."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.store.memory_reads import Task
from models.store.shown import OFFERED
from models.store.unit_of_work import UnitOfWork


def cover(work: UnitOfWork, document: str, ids: Collection[str], on: bool) -> None:
    """Say that something better stands in front of suggestions, or no longer does."""
    work.raw.executemany(
        "UPDATE suggestions SET covered = ? WHERE document_id = ? AND id = ?", [(int(on), document, one) for one in ids]
    )


def recount(work: UnitOfWork, document: str, text: int, run: int) -> None:
    """Count anew what is offered in a document; ``run`` is named where no pipeline has looked at it."""
    work.raw.execute(
        "INSERT INTO analyses(document_id, text_seq, run_seq, at) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT(document_id) DO UPDATE SET text_seq = excluded.text_seq "
        "WHERE run_seq = excluded.run_seq AND text_seq != excluded.text_seq",
        (document, text, run, work.now),
    )
    work.raw.execute(
        "UPDATE analyses SET value = 0, suggestions = (SELECT count(*) FROM suggestions s WHERE s.document_id = ?1 "
        f"AND s.text_seq = analyses.text_seq AND {OFFERED}) WHERE document_id = ?1",
        (document,),
    )


def begun(work: UnitOfWork, tasks: Sequence[Task]) -> int:
    """Say that the memory knows of these forms now and goes through the texts; return for how many it does."""
    work.raw.executemany(
        "UPDATE recall SET passed = 1 WHERE subject = ? AND item = ? AND passed = 0",
        [(one.subject, one.item) for one in tasks],
    )
    return int(work.raw.execute("SELECT count(*) FROM recall WHERE passed > 0").fetchone()[0])


def passed(work: UnitOfWork, task: Task, text: int) -> None:
    """Say that all texts before number ``text`` were looked at for a task, unless it came anew meanwhile."""
    work.raw.execute(
        "UPDATE recall SET passed = ? WHERE subject = ? AND item = ? AND passed = ?",
        (text, task.subject, task.item, task.passed),
    )


def finished(work: UnitOfWork, tasks: Sequence[Task]) -> None:
    """Forget tasks, unless they came anew since they were read."""
    work.raw.executemany("DELETE FROM recall WHERE subject = ? AND item = ? AND passed = ?", tasks)


def look_for(work: UnitOfWork, task: Task) -> None:
    """Let the memory go through the texts that hold a form."""
    work.raw.execute("INSERT OR REPLACE INTO recall(subject, item, passed) VALUES (?, ?, ?)", task)


def look_at_everything(work: UnitOfWork) -> None:
    """Let the memory look at the whole corpus again, which does for every form that it was going through texts for."""
    work.raw.execute("DELETE FROM recall WHERE subject = 'document' OR passed > 0")
    work.raw.execute(
        "INSERT INTO recall(subject, item, passed) SELECT 'document', id, 0 FROM documents WHERE removed IS NULL"
    )
