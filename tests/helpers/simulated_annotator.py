"""An annotator who works through the real services towards a wanted reading, with slips of their own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from app import commands
from app.workspace import Workspace
from models.errors import UserError
from models.marks import Mark
from models.spans import Span

Place = tuple[int, int]
SLIP = 0.12
"""How often an annotator decides wrongly, or overlooks something."""


class Wanted(NamedTuple):
    """What should stand in a document: (start, end, label), claims with facets, (label, head, tail)."""

    entities: frozenset[tuple[int, int, str]]
    claims: dict[Place, dict[str, Any]]
    relations: frozenset[tuple[str, Place, Place]]


def gold(path: Path) -> Wanted:
    """Read a page of gold annotation."""
    data = json.loads(path.read_text("utf-8"))
    return Wanted(
        frozenset((one["start"], one["end"], one["label"]) for one in data["entities"]),
        {(one["start"], one["end"]): {"kind": one["kind"], "mode": one["mode"]} for one in data["claims"]},
        frozenset((one["label"], tuple(one["head"]), tuple(one["tail"])) for one in data["relations"]),
    )


def proposed(workspace: Workspace, document: str) -> Wanted:
    """Take what a pipeline proposes for what is right, where there is no gold."""
    marks = workspace.marks.marks(document)
    places: dict[str, Place] = {one.key: (one.extent.start, one.extent.end) for one in marks if one.spans}
    return Wanted(
        frozenset((*places[one.key], one.label) for one in marks if one.kind == "entity"),
        {places[one.key]: dict(one.facets) for one in marks if one.kind == "claim"},
        frozenset(
            (one.label, places[one.head], places[one.tail])
            for one in marks
            if one.kind == "relation" and one.head in places and one.tail in places
        ),
    )


class SimulatedAnnotator:
    """Judges every suggestion of a document, adds what is missing, relates, writes a note, and is done."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self._workspace = workspace
        self._chance = random.Random(seed)

    def annotate(self, document: str, wanted: Wanted) -> None:
        """Work through one document."""
        for mark in self._open(document, "entity"):
            self._judge(document, mark, wanted)
        for mark in self._open(document, "claim"):
            self._judge(document, mark, wanted)
        self._add_missing(document, wanted)
        self._relate(document, wanted)
        if self._chance.random() < 0.7:
            self._run(commands.SetDocumentNote(document=document, text=f"Läst av {self._chance.randrange(99)} 😀"))
        self._run(commands.SetDone(document=document))

    def _run(self, command: commands.Command) -> None:
        self._workspace.run(command)

    def _slips(self) -> bool:
        return self._chance.random() < SLIP

    def _marks(self, document: str) -> list[Mark]:
        return self._workspace.marks.marks(document)

    def _open(self, document: str, kind: Literal["entity", "claim", "relation"]) -> list[Mark]:
        return [mark for mark in self._marks(document) if mark.kind == kind and not mark.judged]

    def _judge(self, document: str, mark: Mark, wanted: Wanted) -> None:
        start, end = mark.extent
        facets = wanted.claims.get((start, end)) if mark.kind == "claim" else None
        right = facets is not None or (start, end, mark.label) in wanted.entities
        if right != self._slips():
            corrected = None if facets is None else dict.fromkeys(mark.facets) | facets
            self._run(commands.Accept(document=document, key=mark.key, facets=corrected))
            if self._chance.random() < 0.05:
                self._run(commands.SetNote(document=document, key=mark.key, text="osäker på gränsen"))
        else:
            self._run(commands.Reject(document=document, key=mark.key))

    def _mine(self, document: str) -> dict[tuple[Place, str], Mark]:
        me = self._workspace.reads.me
        found = (mark for mark in self._marks(document) if mark.annotator == me and mark.annotation and mark.spans)
        return {(tuple(mark.extent), mark.kind): mark for mark in found}

    def _add_missing(self, document: str, wanted: Wanted) -> None:
        mine = self._mine(document)
        missing: list[tuple[Literal["entity", "claim"], Place, str, dict[str, Any]]] = [
            *(("entity", (a, b), label, {}) for a, b, label in sorted(wanted.entities)),
            *(("claim", place, "CLAIM", facets) for place, facets in sorted(wanted.claims.items())),
        ]
        for kind, (start, end), label, facets in missing:
            if ((start, end), kind) in mine or self._slips():
                continue
            shift = 1 if self._slips() and end - start > 4 else 0
            self._run(
                commands.CreateAnnotation(
                    document=document, kind=kind, label=label, spans=(Span(start, end - shift),), facets=facets
                )
            )

    def _relate(self, document: str, wanted: Wanted) -> None:
        for mark in self._open(document, "relation"):
            self._run(commands.Reject(document=document, key=mark.key))
        ends = {place: mark for (place, kind), mark in self._mine(document).items() if kind == "entity"}
        for label, head, tail in sorted(wanted.relations):
            if head in ends and tail in ends and head != tail and not self._slips():
                try:
                    self._run(
                        commands.CreateRelation(
                            document=document, label=label, head=ends[head].key, tail=ends[tail].key
                        )
                    )
                except UserError as refused:  # a slip gave an end a label that may not stand there
                    assert refused.code.startswith("relation."), refused


def reading(workspace: Workspace, document: str, annotator: str) -> Iterator[tuple[Any, ...]]:
    """Yield what one annotator's reading of a document holds, ids left out."""
    standing = [one for one in workspace.reads.annotations(document) if one.annotator == annotator]
    place = {one.id: (one.spans, one.label) for one in standing}
    for one in standing:
        if one.kind == "relation":
            yield one.label, place[one.head or ""], place[one.tail or ""]
        else:
            yield one.kind, one.label, one.spans, json.dumps(dict(one.facets), sort_keys=True)
