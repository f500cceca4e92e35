"""The register: linking mentions to things, and making, naming, merging, splitting and deleting things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app import register_commands as commands
from app.services.annotations import change
from app.services.context import Context
from app.services.judgements import stand
from app.services.register_links import full_name
from models.annotations import Annotation
from models.errors import UserError
from models.ids import new_id
from models.marks import Mark
from models.register import Thing, base_forms, form, merged
from models.store import register_reads, register_writes
from models.text import written


def link(context: Context, command: commands.LinkTo) -> None:
    """Link a mention to a thing, or to nothing.

    Raises:
        UserError: ``register.no-such-thing``, ``register.not-an-entity``, ``mark.not-yours``.
    """
    if command.thing is not None:
        _thing(context, command.thing)
    mark, annotation = _entity(context, command.document, command.key)
    _link(context, annotation, command.thing)
    context.look_at(command.document, mark.key)


def reject(context: Context, command: commands.RejectLink) -> None:
    """Say what a mention is not; a link to one of these is taken away.

    Raises:
        UserError: as :func:`link`.
    """
    mark, annotation = _entity(context, command.document, command.key)
    if annotation.register in command.things:
        annotation = change(context, annotation, register=None)
    known = register_reads.refused(context.reads, annotation.id)
    register_writes.set_refused(context.work, annotation.id, {*known, *command.things})
    context.look_at(command.document, mark.key)


def confirm_many(context: Context, command: commands.ConfirmLinks) -> None:
    """Link mentions to a thing; those that were linked or deleted meanwhile are left as they are."""
    _thing(context, command.thing)
    context.work.count = register_writes.link_mentions(context.work, command.mentions, command.thing)


def new_thing(context: Context, command: commands.NewThing) -> None:
    """Make a thing, and link the mentions that it is made from.

    Raises:
        UserError: ``register.no-name``, ``label.wrong-kind``; as :func:`link`.
    """
    label, name = command.label, written(command.name)
    if command.key is not None:
        assert command.document is not None
        mark, annotation = _entity(context, command.document, command.key)
        label, name = label or mark.label, name or full_name(context.reads, command.document, mark)
    if context.labels.kind_of(label) != "entity":
        raise UserError("label.wrong-kind", label=label)
    thing = _add(context, label, name, command.aliases)
    if command.key is not None:
        _link(context, annotation, thing.id)
        context.look_at(command.document, mark.key)
    context.work.count = register_writes.link_mentions(context.work, command.mentions, thing.id)


def rename(context: Context, command: commands.RenameThing) -> None:
    """Give a thing another name.

    Raises:
        UserError: ``register.no-such-thing``, ``register.no-name``.
    """
    thing = _thing(context, command.thing)
    name = _named(command.name)
    aliases = [one for one in thing.aliases if one != name]
    if form(name) != form(thing.name):
        aliases.insert(0, thing.name)
    register_writes.put_thing(context.work, thing._replace(name=name, aliases=_distinct(aliases)))


def set_aliases(context: Context, command: commands.SetAliases) -> None:
    """Say what else a thing is called; blank ones and its own name are left out."""
    thing = _thing(context, command.thing)
    aliases = [one for one in map(written, command.aliases) if one and one != thing.name]
    register_writes.put_thing(context.work, thing._replace(aliases=_distinct(aliases)))


def set_links(context: Context, command: commands.SetThingLinks) -> None:
    """Say where a thing is described elsewhere; empty ones are taken away."""
    thing = _thing(context, command.thing)
    told = {name: written(one) if isinstance(one, str) else one for name, one in command.links.items()}
    register_writes.put_thing(context.work, thing._replace(links={name: one for name, one in told.items() if one}))


def merge(context: Context, command: commands.MergeThings) -> None:
    """Let one thing stand for others.

    Raises:
        UserError: ``register.no-such-thing``, ``register.merge-with-itself``.
    """
    if command.keep in command.drop:
        raise UserError("register.merge-with-itself")
    kept = _thing(context, command.keep)
    for identity in dict.fromkeys(command.drop):
        kept = merged(kept, _thing(context, identity))
        context.work.count += register_writes.move_mentions(context.work, identity, kept.id)
        register_writes.delete_thing(context.work, identity)
    register_writes.put_thing(context.work, kept)


def split(context: Context, command: commands.SplitMentions) -> None:
    """Move mentions of a thing to another one, made now with ``name`` (else what they say) where none is given.

    A new thing takes along the aliases that only its mentions are written like.

    Raises:
        UserError: ``register.no-such-thing``, ``register.no-mentions``: none of these is a mention of the thing.
    """
    thing = _thing(context, command.thing)
    rows = {one.annotation: one for one in register_reads.mentions_of(context.reads, thing.id)}
    moving = [rows[one] for one in dict.fromkeys(command.mentions) if one in rows]
    if not moving:
        raise UserError("register.no-mentions")
    target = command.into
    if target is None:
        name = written(command.name) or " ".join(moving[0].words.split())
        gone = {one.annotation for one in moving}
        staying = _forms(one.words for one in rows.values() if one.annotation not in gone)
        theirs = _forms(one.words for one in moving) - staying
        leaving = [one for one in thing.aliases if form(one) in theirs]
        target = _add(context, thing.label, name, [one for one in leaving if form(one) != form(name)]).id
        register_writes.put_thing(
            context.work, thing._replace(aliases=tuple(one for one in thing.aliases if one not in leaving))
        )
    else:
        _thing(context, target)
    moved = [one.annotation for one in moving]
    context.work.count = register_writes.split_mentions(context.work, thing.id, moved, target)


def delete(context: Context, command: commands.DeleteThings) -> None:
    """Take things out of the register.

    Raises:
        UserError: ``register.no-such-thing``.
    """
    for identity in dict.fromkeys(command.things):
        _thing(context, identity)
        register_writes.move_mentions(context.work, identity, None)
        register_writes.delete_thing(context.work, identity)
        context.work.count += 1


def add(context: Context, command: commands.AddThings) -> None:
    """Take things over from a list; ``count`` is how many are new or say more than before.

    One with an id that is known, or with the same label and name as exactly one thing here, adds its names and links
    to that thing; what is there stays.

    Raises:
        UserError: ``label.wrong-kind``, ``register.no-name``.
    """
    known = register_reads.register(context.reads)
    by_name: dict[tuple[str, str], list[Thing]] = {}
    for one in known.things.values():
        by_name.setdefault((one.label, form(one.name)), []).append(one)
    for record in command.things:
        thing = _from_record(context, record)
        same = known.find(thing.id)
        named = by_name.get((thing.label, form(thing.name)), [])
        here = same or (named[0] if len(named) == 1 else None)
        if here is None:
            register_writes.put_thing(context.work, thing)
            context.work.count += 1
            continue
        both = merged(here, thing)
        more = here._replace(aliases=_distinct(both.aliases), links=both.links)
        register_writes.put_thing(context.work, more)
        context.work.count += more != here


def _from_record(context: Context, record: Mapping[str, Any]) -> Thing:
    label = str(record["label"])
    if context.labels.kind_of(label) != "entity":
        raise UserError("label.wrong-kind", label=label)
    aliases = _distinct(one for one in map(written, record.get("aliases", ())) if one)
    return Thing(record.get("id") or new_id(), label, _named(record["name"]), aliases, record.get("links") or {})


# Parts ------------------------------------------------------------------------------------------------------


def _thing(context: Context, identity: str) -> Thing:
    found = register_reads.thing(context.reads, identity)
    if found is None:
        raise UserError("register.no-such-thing")
    return found


def _entity(context: Context, document: str | None, key: str) -> tuple[Mark, Annotation]:
    """Return a mark and the annotation behind it, made now where it is only suggested."""
    assert document is not None
    mark = context.mark(document, key)
    if mark.kind != "entity":
        raise UserError("register.not-an-entity")
    return mark, stand(context, document, mark)


def _link(context: Context, annotation: Annotation, thing: str | None) -> None:
    if annotation.register != thing:
        change(context, annotation, register=thing)
    known = register_reads.refused(context.reads, annotation.id)
    if thing in known:
        register_writes.set_refused(context.work, annotation.id, {*known} - {thing})


def _add(context: Context, label: str, name: str, aliases: Iterable[str]) -> Thing:
    name = _named(name)
    told = _distinct(one for one in map(written, aliases) if one and one != name)
    thing = Thing(new_id(), label, name, told)
    register_writes.put_thing(context.work, thing)
    return thing


def _named(name: str) -> str:
    name = " ".join(written(name).split())
    if not form(name):
        raise UserError("register.no-name")
    return name


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _forms(words: Iterable[str]) -> set[str]:
    found = {form(one) for one in words}
    return found | {base for one in found for base in base_forms(one)}
