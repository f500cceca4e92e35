"""A small corpus of our own with entities, claims and relations, made by a pattern: enough to train something on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app import commands
from app.services.corpus import import_documents
from app.services.training import Marked, Part, Related, TrainingDocument
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store.split_rows import set_splits

PEOPLE = ("Anna Berg", "Bo Lind", "A\u030asa Ek", "Karin Östlund", "Nils Holm", "Ida Sjö", "Per Dal", "Eva Ask")
BODIES = ("Region Halland", "Region Skåne", "Vårdbolaget", "Inera", "Region\u00a0Kronoberg")
ROLES = ("direktör", "strateg", "chef", "läkare")
PARTS: tuple[Part, ...] = ("train", "train", "train", "dev", "test")


def text_of(number: int) -> tuple[str, str, str, str]:
    """Return one text with who, what and where."""
    person, body, role = PEOPLE[number % 8], BODIES[number // 5 % 5], ROLES[number % 4]
    text = (
        f"{person}, {role} på {body}, arbetar med hälso\u00advård 😀. "
        f"Under år {2000 + number} växte antalet besök kraftigt. "
        f"{body} satsar {number} miljoner kronor på digital vård.\n\n"
        f"– Det är mycket bra för alla patienter, säger {person}.\n"
    )
    return text, person, body, role


def document(number: int) -> TrainingDocument:
    """Return one document with everything in it marked."""
    text, person, body, role = text_of(number)
    places = [("PERSON", person, 0), ("ROLE", role, 0), ("ORGANISATION", body, 0), ("ORGANISATION", body, 1)]
    places.append(("PERSON", person, 1))
    entities = []
    for count, (label, words, nth) in enumerate(places):
        start = -1
        for _ in range(nth + 1):
            start = text.index(words, start + 1)
        entities.append(Marked(f"e{count}", label, (Span(start, start + len(words)),)))
    claims = []
    for count, (begins, kind, mode) in enumerate(
        (("Under år", "fact", "author"), (f"{body} satsar", "figure", "author"), ("Det är", "assessment", "direct"))
    ):
        start = text.index(begins)
        end = text.index(",", start) if mode == "direct" else text.index(".", start) + 1
        claims.append(Marked(f"c{count}", "CLAIM", (Span(start, end),), {"kind": kind, "mode": mode}))
    relations = (
        Related("HAS_ROLE", "e0", "e1"),
        Related("WORKS_FOR", "e0", "e2"),
        Related("ATTRIBUTED_TO", "c2", "e4"),
    )
    return TrainingDocument(
        f"d{number}",
        text,
        PARTS[number % 5],
        tuple(entities),
        tuple(claims),
        relations,
        complete=True,
        name=f"{number}.txt",
        annotator="åsa",
        at="2026-03-01T10:00:00.000Z",
    )


def corpus(count: int) -> list[TrainingDocument]:
    """Return some documents."""
    return [document(number) for number in range(count)]


def make_project(path: Path, count: int) -> Workspace:
    """Make a project of the corpus in which everything is annotated, and open it."""
    workspace = Workspace.create(path, "övning", "Åsa")
    for one in corpus(count):
        source = SourceDocument(one.name, one.text)
        (item,) = import_documents(workspace.writer, workspace.reads, [source])
        _annotate(workspace, replace(one, id=item.document or ""))
    return workspace


def _annotate(workspace: Workspace, one: TrainingDocument) -> None:
    made: dict[str, Any] = {}
    kinds: tuple[tuple[Any, tuple[Marked, ...]], ...] = (("entity", one.entities), ("claim", one.claims))
    for kind, marks in kinds:
        for mark in marks:
            command = commands.CreateAnnotation(
                document=one.id, kind=kind, label=mark.label, spans=mark.spans, facets=mark.facets
            )
            made[mark.id] = workspace.run(command).focus.mark
    for link in one.relations:
        workspace.run(
            commands.CreateRelation(document=one.id, label=link.label, head=made[link.head], tail=made[link.tail])
        )
    workspace.run(commands.SetDone(document=one.id))
    with workspace.writer.unrecorded() as work:
        set_splits(work, {one.id: one.split})
