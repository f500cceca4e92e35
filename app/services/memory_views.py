"""What the memory knows, for the inspector and for the list of what is remembered."""

from __future__ import annotations

from typing import NamedTuple

from app.services.memory import Remembering
from models.marks import Mark
from models.memory import FORM
from models.suggestions import Kind
from models.wording import form_of


class Evidence(NamedTuple):
    """What speaks for a label on some words and against it; ``last`` is UTC ISO 8601, None before any."""

    yes: int
    no: int
    last: str | None


class Remembered(NamedTuple):
    """A line of the list: words as they were annotated first, a label, and what speaks for and against it."""

    kind: Kind
    form: FORM
    words: str
    label: str
    yes: int
    no: int
    score: float
    forgotten: bool


def evidence(memory: Remembering, mark: Mark, quote: str) -> Evidence | None:
    """Return what the memory knows of a mark's words with its label; None where that is nothing."""
    known = memory.memories.get(mark.kind)
    form = known.find(form_of(quote)) if known is not None and len(mark.spans) == 1 else None
    tally = form.tallies().get(mark.label) if form is not None else None
    if form is None or tally is None:
        return None
    return Evidence(tally.yes, tally.no, memory.source.last(form, mark.label) if tally.yes else None)


def remembered(memory: Remembering, words: str = "") -> list[Remembered]:
    """Return what is remembered and ever was confirmed, the most often confirmed first.

    ``words`` narrows to forms that hold them, in any case.
    """
    wanted = words.casefold().split()
    found = []
    for kind, known in memory.memories.items():
        for key, form in known.forms.items():
            if not form.spellings or any(word not in " ".join(form.spellings).casefold() for word in wanted):
                continue
            silent = key in known.silent
            found += [
                Remembered(kind, key, form.spellings[0], label, *tally, round(tally.share, 4), silent)
                for label, tally in form.tallies().items()
                if tally.yes
            ]
    return sorted(found, key=lambda one: (-one.yes, one.words.casefold(), one.label))


def last_time(memory: Remembering, row: Remembered) -> str | None:
    """Return when a line's words were last given its label: UTC ISO 8601 with milliseconds."""
    known = memory.memories.get(row.kind)
    form = known.forms.get(row.form) if known is not None else None
    return memory.source.last(form, row.label) if form is not None else None
