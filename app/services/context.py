"""What every service works with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from models.annotations import Annotation
from models.errors import UserError
from models.history import Focus
from models.labels import LabelSet
from models.marks import Mark
from models.store.mark_reads import MarkReads
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork


@dataclass
class Context:
    """The unit of work, and the project as it stands inside it."""

    work: UnitOfWork
    reads: Reads
    marks: MarkReads

    @cached_property
    def labels(self) -> LabelSet:
        """The label set in its latest version."""
        return self.reads.label_set()

    def mark(self, document: str | None, key: str) -> Mark:
        """Return one mark.

        Raises:
            UserError: ``mark.unknown``: it is gone, for instance because the document was analysed anew.
        """
        found = self.marks.some(document, [key]) if document else []
        for mark in found:
            if key in (mark.key, mark.annotation):
                return mark
        raise UserError("mark.unknown", key=key)

    def annotation(self, mark: Mark) -> Annotation | None:
        """Return the annotation behind a mark, None where it is only a suggestion.

        Raises:
            UserError: ``mark.not-yours``: another annotator's work is not changed, only adjudicated.
        """
        if mark.annotation is None:
            return None
        found = self.reads.annotation(mark.annotation)
        if found.annotator != self.work.annotator:
            raise UserError("mark.not-yours", label=self.labels.title(mark.label, "en"))
        return found

    def look_at(self, document: str | None, key: str | None) -> None:
        """Say where undo and redo of this step will take the eye."""
        self.work.focus = Focus(document, key)
