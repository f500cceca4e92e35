"""Short ways to work with the register in tests."""

from __future__ import annotations

from typing import Any

from app import commands
from app import register_commands as about
from app.services import register_views as views
from models.marks import Mark
from models.register import Thing

ORG, PERSON = "ORGANISATION", "PERSON"
Desk = Any


def new(desk: Desk, name: str, label: str = ORG, **more: Any) -> str:
    """Make a thing and return its id."""
    before = {one.thing.id for one in views.listing(desk.workspace)}
    desk.run(about.NewThing(name=name, label=label, **more))
    (made,) = {one.thing.id for one in views.listing(desk.workspace)} - before
    return made


def which(desk: Desk, mark: Mark, document: str | None = None) -> views.Which:
    now = desk.now(mark, document)
    assert now is not None
    return views.which_thing(desk.workspace, document or desk.a, now)


def things(desk: Desk) -> dict[str, Thing]:
    return {one.thing.name: one.thing for one in views.listing(desk.workspace)}


def accept_all(desk: Desk, label: str = ORG) -> list[tuple[str, Mark]]:
    found = []
    for document in (desk.a, desk.b):
        for mark in desk.marks(document):
            if mark.label == label:
                desk.run(commands.Accept(document=document, key=mark.key))
                found.append((document, desk.now(mark, document)))
    return found
