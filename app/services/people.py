"""Who is who: the same name on two laptops is two annotators until somebody says that they are one."""

from __future__ import annotations

from app import commands
from app.services.context import Context
from models.errors import UserError
from models.store import person_writes


def same_person(context: Context, command: commands.SamePerson) -> None:
    """Let ``keep`` stand for ``drop`` from now on; what both did alike is one annotation.

    Their ids stay known (``also``), so that files in which they still are two are understood.

    Raises:
        UserError: ``merging.not-mine``, ``merging.same-annotator``, ``merging.other-kind``.
    """
    known = {one.id: one for one in context.reads.annotators()}
    if command.keep == command.drop:
        raise UserError("merging.same-annotator")
    if not {command.keep, command.drop} <= known.keys():
        raise UserError("merging.not-mine")
    if known[command.keep].kind != known[command.drop].kind:
        raise UserError("merging.other-kind")
    for relations in (False, True):
        pairs = list(person_writes.equal_annotations(context.work, command.keep, command.drop, relations=relations))
        for stays, goes in pairs:
            person_writes.unite_annotations(context.work, stays, goes)
            context.work.count += 1
    person_writes.unite_annotators(context.work, command.keep, command.drop)
    context.look_at(None, None)
