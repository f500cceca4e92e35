"""Commands about the register: plain data like those of :mod:`app.commands`.

Things are named by their ids, mentions by document and mark key where one is in focus, else by annotation ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTo(Command):
    """Say which thing a mention is, None for none; an entity that is only suggested is accepted with it."""

    NAME: ClassVar[str] = "link"
    key: str
    thing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLink(LinkTo):
    """Say that a suggested link is right."""

    NAME: ClassVar[str] = "confirm-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectLink(Command):
    """Say that a mention is none of these things, so that they are not suggested for it again.

    An entity that is only suggested is accepted with it: who asks which thing it is takes it for one.
    """

    NAME: ClassVar[str] = "reject-link"
    key: str
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLinks(Command):
    """Link several of the present annotator's mentions, given as annotation ids, to a thing."""

    NAME: ClassVar[str] = "confirm-links"
    thing: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThing(Command):
    """Make a thing: from the mention ``key``, or with the name and label given; link ``mentions`` to it, too."""

    NAME: ClassVar[str] = "new-thing"
    key: str | None = None
    name: str = ""
    label: str = ""
    aliases: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameThing(Command):
    """Give a thing another name; the one before becomes an alias unless it only was spelt differently."""

    NAME: ClassVar[str] = "rename-thing"
    thing: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAliases(Command):
    """Say what else a thing is called."""

    NAME: ClassVar[str] = "aliases"
    thing: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetThingLinks(Command):
    """Say where a thing is described elsewhere: a Wikidata id (``wikidata``), a web address (``web``)."""

    NAME: ClassVar[str] = "thing-links"
    thing: str
    links: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeThings(Command):
    """Say that several things are one: mentions move, names and links join, and the ids stay known (``also``)."""

    NAME: ClassVar[str] = "merge-things"
    keep: str
    drop: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMentions(Command):
    """Move mentions of a thing, given as annotation ids, to another one; to a new one where ``into`` is None."""

    NAME: ClassVar[str] = "split-mentions"
    thing: str
    mentions: tuple[str, ...]
    into: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteThings(Command):
    """Take things out of the register; their mentions are mentions of nothing then."""

    NAME: ClassVar[str] = "delete-things"
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddThings(Command):
    """Take things over from a list: those with an id that the project knows gain names and links."""

    NAME: ClassVar[str] = "add-things"
    things: tuple[Mapping[str, Any], ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """Return how many there are: what they are stands in the register."""
        return {"things": len(self.things)}
