"""Reading what thresholds hide and what decisions say of scores."""

from __future__ import annotations

from collections import Counter

from models.calibration import Case
from models.store.reads import Reads
from models.store.shown import HIDDEN

LATEST = 5_000
"""So many decisions, the latest, tell how often suggestions are right: pipelines change."""

_CASES = """
SELECT suggestion ->> '$.source', label, suggestion ->> '$.score', verdict, suggestion ->> '$.kind'
FROM decisions WHERE annotator_id IN (SELECT id FROM annotators WHERE kind = 'human') ORDER BY seq DESC LIMIT ?"""

_OPEN = f"""
SELECT s.label, CAST(s.score * 100 + 0.000001 AS INTEGER), count(*)
FROM documents d CROSS JOIN suggestions s ON s.document_id = d.id AND s.text_seq = d.text_seq
WHERE d.removed IS NULL AND NOT {HIDDEN} AND s.covered = 0
  AND NOT EXISTS (SELECT 1 FROM decisions c WHERE c.suggestion_id = s.id AND c.annotator_id = ?) GROUP BY 1, 2"""

_MANUAL = """
SELECT label, count(*) FROM annotations WHERE state = 'manual'
AND annotator_id IN (SELECT id FROM annotators WHERE kind = 'human') GROUP BY 1"""


def thresholds(reads: Reads) -> dict[str, float]:
    """Return label → the least score with which its suggestions are shown, where there is one."""
    rows = reads.connection.execute("SELECT label, least FROM main.thresholds WHERE least > 0")
    return dict(rows.fetchall())


def decisions_made(reads: Reads) -> int:
    """Return the number of decisions, by anybody."""
    return int(reads.connection.execute("SELECT count(*) FROM decisions").fetchone()[0])


def cases(reads: Reads) -> list[Case]:
    """Return the latest judged suggestions with a score, rule or component as their source.

    A corrected claim counts as right: its words are found, which is what is measured of claims elsewhere too.
    """
    found = []
    for source, label, score, verdict, kind in reads.connection.execute(_CASES, (LATEST,)):
        if score is not None and kind in ("entity", "claim", "relation"):
            right = verdict == "accepted" or (verdict == "corrected" and kind == "claim")
            found.append(Case((source or "").partition(" · ")[2] or (source or ""), label, float(score), right))
    return found


def corrected(reads: Reads) -> Counter[str]:
    """Return label → passages and relations that stand otherwise than suggested: corrected, or made by hand."""
    found = Counter(dict(reads.connection.execute(_MANUAL).fetchall()))
    rows = reads.connection.execute(
        "SELECT label, count(*) FROM decisions WHERE verdict = 'corrected' AND suggestion ->> '$.kind' != 'claim' "
        "AND annotator_id IN (SELECT id FROM annotators WHERE kind = 'human') GROUP BY 1"
    )
    found.update(dict(rows.fetchall()))
    return found


def open_scores(reads: Reads) -> dict[str, dict[float, int]]:
    """Return label → score → how many suggestions with it wait for the annotator, shown or hidden.

    Scores are rounded down to whole hundredths, which thresholds are.
    """
    found: dict[str, dict[float, int]] = {}
    for label, score, count in reads.connection.execute(_OPEN, (reads.me,)):
        found.setdefault(label, {})[score / 100] = count
    return found


def peeking(reads: Reads) -> bool:
    """Whether thresholds count for nothing on this connection for now."""
    sql = "SELECT 1 FROM sqlite_temp_master WHERE name = 'thresholds'"
    return reads.connection.execute(sql).fetchone() is not None


def peek(reads: Reads, on: bool) -> None:
    """Let thresholds count for nothing on this connection, or count again; nothing is written to the file.

    An empty temporary table stands before the real one.
    """
    if on:
        reads.connection.execute("CREATE TEMP TABLE IF NOT EXISTS thresholds (label TEXT, least REAL)")
    else:
        reads.connection.execute("DROP TABLE IF EXISTS temp.thresholds")
