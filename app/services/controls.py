"""Controls: a share of the documents, or chosen ones, is annotated before suggestions are seen.

What an annotator finds there alone is what the others' acceptance is compared with (:mod:`app.services.usage`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app import commands
from app.services.context import Context
from models.errors import UserError
from models.sampling import place_of
from models.store.control_reads import candidates, controls, is_hidden
from models.store.package_writes import set_control
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork
from models.store.writes import set_meta

__all__ = ["ControlPlan", "add_controls", "controls", "is_hidden", "plan_controls", "set_controls", "share_of"]

SHARE = "option.controls"
"""The project's option that keeps the share, as a number between 0 and 1: documents to come take part in it."""


@dataclass(frozen=True, slots=True)
class ControlPlan:
    """What a share comes to: documents that become controls and that no longer are, and the counts after.

    ``missing`` counts controls that are wanting because somebody has begun everything else.
    """

    add: tuple[str, ...]
    drop: tuple[str, ...]
    controls: int
    missing: int
    documents: int


def share_of(reads: Reads) -> float:
    """Return the share of controls that was asked for last, 0 before any."""
    return float(reads.meta(SHARE) or 0)


def _turn(document: str) -> tuple[float, str]:
    """Return where a document stands in the order in which documents become controls: told from its id alone."""
    return place_of("control", document), document


def plan_controls(reads: Reads, share: float) -> ControlPlan:
    """Return what setting this share would change; what there is stays as far as the share allows.

    Those chosen by hand count. Whatever somebody has begun stays as it is: who has seen suggestions cannot
    annotate as if they had not, and a control that was annotated is evidence.

    Raises:
        UserError: ``team.no-share``: not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise UserError("team.no-share", share=f"{100 * share:g}")
    known = candidates(reads)
    wanted, standing = round(share * len(known)), [one for one in known if one.control]
    fresh = sorted((one.id for one in known if not one.control and not one.begun), key=_turn)
    idle = sorted((one.id for one in standing if not one.begun), key=_turn)
    add = fresh[: max(0, wanted - len(standing))]
    drop = idle[max(0, wanted - (len(standing) - len(idle))) :]
    missing = max(0, wanted - len(standing) - len(add))
    return ControlPlan(tuple(add), tuple(drop), len(standing) + len(add) - len(drop), missing, len(known))


def set_controls(context: Context, command: commands.SetControls) -> None:
    """Set the share of controls, or make documents controls by hand."""
    work = context.work
    if command.share is not None:
        plan = plan_controls(context.reads, command.share)
        work.count = set_control(work, plan.add, True) + set_control(work, plan.drop, False)
        set_meta(work, SHARE, repr(command.share) if command.share else None)
    for document in command.documents:
        context.reads.document(document)
    work.count += set_control(work, command.documents, command.on)
    context.look_at(command.documents[0] if len(command.documents) == 1 else None, None)


def add_controls(work: UnitOfWork, reads: Reads, documents: Iterable[str]) -> None:
    """Let documents that have just come take part in the share."""
    share = share_of(reads)
    if share:
        controls_, documents_ = work.raw.execute(
            "SELECT coalesce(sum(control), 0), count(*) FROM documents WHERE removed IS NULL"
        ).fetchone()
        missing = max(0, round(share * documents_) - controls_)
        set_control(work, sorted(documents, key=_turn)[:missing], True)
