"""Changing the label set: what a change would do to annotations, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app import commands
from app.services import annotations
from app.services.context import Context
from models.errors import UserError
from models.labels import LabelSet, label_set
from models.store import writes
from models.store.label_reads import annotations_with, illegal_relations, label_usage


@dataclass(frozen=True, slots=True)
class LabelSetEffect:
    """What a new label set means for what is annotated: counts of annotations by label id.

    ``removed`` are used labels that the new set lacks and that need a move; ``retired`` used ones that are no
    longer offered; ``illegal`` relations that the new constraints do not allow (kept, but listed).
    """

    removed: Mapping[str, int]
    retired: Mapping[str, int]
    renamed: Mapping[str, int]
    illegal: Mapping[str, int]


def effect(context: Context, new: LabelSet) -> LabelSetEffect:
    """Return what putting ``new`` in place would mean, changing nothing."""
    old, used = context.labels, label_usage(context.reads)
    kept = {label.id: label for label in new}
    was = {label.id: label for label in old}
    return LabelSetEffect(
        removed={label: count for label, count in used.items() if label not in kept},
        retired={
            label: count
            for label, count in used.items()
            if label in kept and kept[label].retired and not (label in was and was[label].retired)
        },
        renamed={
            label: count
            for label, count in used.items()
            if label in kept and label in was and kept[label].name != was[label].name
        },
        illegal=illegal_relations(context.reads, new),
    )


def change(context: Context, command: commands.ChangeLabelSet) -> None:
    """Put a new version in place; annotations of removed labels move as told, as part of the same step.

    Raises:
        UserError: ``label.in-use``: a used label is gone and no move is given; ``label.wrong-kind``.
    """
    new = label_set(command.label_set)
    moves = dict(command.moves)
    for label, count in effect(context, new).removed.items():
        if label not in moves:
            raise UserError("label.in-use", label=label, count=count)
    old = context.labels
    for label, target in moves.items():
        if target is not None and new.kinds.get(target) != old.kinds.get(label):
            raise UserError("label.wrong-kind", label=target)
    version = max(new.version, old.version + 1)
    writes.insert_label_set(context.work, version, replace(new, version=version).to_json())
    for label, target in moves.items():
        for annotation in annotations_with(context.reads, label):
            context.work.count += 1
            if target is None:
                annotations.remove(context, annotation)
            else:
                annotations.change(context, annotation, label=target)
    context.look_at(None, None)
