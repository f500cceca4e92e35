"""Random work on the register: undone and done again step by step, no link dangles, what is held is what is stored."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from app import commands
from app import register_commands as about
from app.services import register_views as views
from models.errors import UserError
from tests.app.services.registering import Desk


def play(desk: Desk, chance: random.Random) -> bool:
    """Do one thing or another to the register; return whether it changed anything."""
    known = [one.thing.id for one in views.listing(desk.workspace)]
    document = chance.choice([desk.a, desk.b])
    mark = chance.choice([one for one in desk.marks(document) if one.kind == "entity" and one.state != "rejected"])
    some = tuple(chance.sample(known, min(len(known), chance.randint(1, 3))))
    acts: list[Callable[[], commands.Command]] = [
        lambda: about.NewThing(document=document, key=mark.key),
        lambda: about.LinkTo(document=document, key=mark.key, thing=chance.choice([None, *known])),
        lambda: about.RejectLink(document=document, key=mark.key, things=some),
        lambda: about.RenameThing(thing=some[0], name=chance.choice(["RH", "Anna", "Å 😀"])),
        lambda: about.SetAliases(thing=some[0], aliases=("Region Halland", "Anna Berg")),
        lambda: about.MergeThings(keep=some[0], drop=some[1:]),
        lambda: about.SplitMentions(thing=some[0], mentions=mentions(desk, some[0])[:1], into=chance.choice(known)),
        lambda: about.SplitMentions(thing=some[0], mentions=mentions(desk, some[0])[:1]),
        lambda: about.DeleteThings(things=some[:1]),
        lambda: commands.Reject(document=document, key=mark.key),
    ]
    weights = [5, 6, 3, 2, 2, 3, 2, 2, 1, 1]
    with_things = acts if known else acts[:2]
    try:
        return desk.run(chance.choices(with_things, weights[: len(with_things)])[0]()).change_set is not None
    except UserError as error:
        assert error.code in ("register.no-mentions", "annotation.held")
        return False


def mentions(desk: Desk, thing: str) -> tuple[str, ...]:
    return tuple(row.annotation for row in views.mentions(desk.workspace, thing))


def state(desk: Desk) -> list[Any]:
    execute = desk.workspace.file.connection.execute
    rows = "SELECT id, register, extra, revision, modified FROM annotations ORDER BY id"
    return [execute(rows).fetchall(), execute("SELECT * FROM register ORDER BY seq").fetchall()]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_to_the_register_can_be_undone_and_no_link_dangles(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    states = [state(desk)]
    for _ in range(40):
        if play(desk, chance):
            states.append(state(desk))
        known = {one.thing.id for one in views.listing(desk.workspace)}
        assert {row[1] for row in state(desk)[0]} <= {None, *known}
        found = views.survey(desk.workspace.reads)
        assert set(found.offers) <= known
        for thing in known:
            assert len(views.waiting(desk.workspace, thing, found)) == found.waiting(thing)
    for wanted in states[-2::-1]:
        desk.workspace.undo()
        assert state(desk) == wanted
        assert {one.thing.id for one in views.listing(desk.workspace)} == {row[1] for row in wanted[1]}
    for wanted in states[1:]:
        desk.workspace.redo()
        assert state(desk) == wanted


def test_the_register_that_is_held_is_the_one_that_is_stored(desk: Desk) -> None:
    from models.register import Register
    from models.store import register_reads

    chance = random.Random(7)
    for _ in range(40):
        play(desk, chance)
        if chance.random() < 0.3:
            desk.workspace.undo()
        held = register_reads.register(desk.workspace.reads)
        stored = register_reads.load(desk.workspace.reads).register
        assert isinstance(held, Register)
        assert vars(held) == vars(stored)
