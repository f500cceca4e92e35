"""Changing the label set: what a change would do to annotations, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app import commands
from app.services.annotations import change as change_annotation
from app.services.annotations import remove
from app.services.context import Context
from app.services.judgements import turn_down
from models.annotations import Annotation
from models.errors import UserError
from models.labels import LabelSet, label_set
from models.store import writes
from models.store.label_reads import annotations_with, illegal_relations, label_usage
from models.store.reads import Reads


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


def effect(reads: Reads, new: LabelSet) -> LabelSetEffect:
    """Return what putting ``new`` in place would mean, changing nothing."""
    old, used = reads.label_set(), label_usage(reads)
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
        illegal=illegal_relations(reads, new),
    )


def change(context: Context, command: commands.ChangeLabelSet) -> None:
    """Put a new version in place; annotations of removed labels move as told, as part of the same step.

    Raises:
        UserError: ``label.in-use``: a used label is gone and no move is given; ``label.wrong-kind``;
            ``label.others-use``: another annotator's work would be deleted.
    """
    new = label_set(command.label_set)
    moves = dict(command.moves)
    for label, count in effect(context.reads, new).removed.items():
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
            if target is not None:
                change_annotation(context, annotation, label=target)
            else:
                _delete(context, annotation)
    context.look_at(None, None)


def _delete(context: Context, annotation: Annotation) -> None:
    if annotation.annotator != context.work.annotator:
        raise UserError("label.others-use", label=annotation.label)
    mark = context.mark(annotation.document, annotation.id)
    if mark.suggestion is not None:
        turn_down(context, annotation.document, mark)
    else:
        remove(context, annotation)
