"""What annotators are called on screen: by name, or by a letter while the project hides whose reading is whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.messages import tr
from models.store.adjudication_reads import readers

if TYPE_CHECKING:
    from app.workspace import Workspace

HIDE_NAMES = "adjudication.hide-names"
"""The project's option that hides whose reading is whose; ``1`` where they are hidden."""


class Reader(NamedTuple):
    """An annotator as shown: ``name`` is a letter's where names are hidden; ``number`` from 1 is their key."""

    id: str
    number: int
    name: str


def people(workspace: Workspace, voters: Sequence[str] | None = None) -> list[Reader]:
    """Return annotators, all readers unless said, in the order shown: by name, or shuffled where names are hidden."""
    reads = workspace.reads
    every = readers(reads)
    voters = every if voters is None else voters
    if names_hidden(workspace):
        from models.adjudication import shuffled

        order = shuffled(every, reads.meta("id") or "")
        letters = {one: tr("adjudication.letter", letter=_letter(number)) for number, one in enumerate(order)}
        shown = [one for one in order if one in voters]
        return [Reader(one, number, letters[one]) for number, one in enumerate(shown, 1)]
    names = {one.id: one.name for one in reads.annotators()}
    shown = sorted(voters, key=lambda one: (names.get(one, "").casefold(), one))
    return [Reader(one, number, names.get(one) or one) for number, one in enumerate(shown, 1)]


def shown_names(workspace: Workspace, *, mine: bool = True) -> dict[str, str]:
    """Return annotator id → what they are called on screen.

    ``mine``: whether the present annotator has a letter too. Where they know that something is theirs, their own name
    tells nothing and the letter would tell which reading is theirs.
    """
    reads = workspace.reads
    names = {one.id: one.name for one in reads.annotators()}
    if not names_hidden(workspace):
        return names
    return names | {one.id: one.name for one in people(workspace) if mine or one.id != reads.me}


def _letter(number: int) -> str:
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def names_hidden(workspace: Workspace) -> bool:
    """Whether the project hides whose reading is whose."""
    return workspace.option(HIDE_NAMES) == "1"


def hide_names(workspace: Workspace, hidden: bool) -> None:
    """Hide whose reading is whose, or show it. Travels with the project; not an undo step."""
    workspace.set_option(HIDE_NAMES, "1" if hidden else None)
