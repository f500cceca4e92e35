"""A small project to work in: two documents, what a fake pipeline suggests, and another annotator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import commands
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.history import Outcome
from models.marks import Mark
from models.spans import Span, Spans
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

FIRST = (
    "Region Halland 😀 satsar på e-hälsa, säger Anna Berg, direktör i Ska\u030ane. "
    "Region\u00a0Halland sparar. Hälso\u00advården i Region Halland kostar 3 miljoner."
)
SECOND = "ANNA BERG: Region Halland växer 😀. Region Halland krymper i Ska\u030ane, hälso\u00advården\u00a0också."


class Desk:
    """The project with short ways to do things in it; ``a`` and ``b`` are its documents."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace.create(path, "prov", "Åsa")
        sources = [SourceDocument("a.txt", FIRST), SourceDocument("b.txt", SECOND)]
        items = list(import_documents(self.workspace.writer, self.workspace.reads, sources))
        self.a, self.b = (item.document or "" for item in items)
        self.me = self.workspace.reads.me
        self.suggest()

    def suggest(self, version: str = "1", *more: Proposal) -> None:
        """Let a version of the fake pipeline look at both documents."""
        info = PipelineInfo("fejk", version, "0")
        with self.workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, info)
            for document in (self.a, self.b):
                row = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()
                proposals = self.proposals(self.text(document)) + (more if document == self.a else ())
                store_analysis(work, self.workspace.reads, document, row[0], run, info, Analysis(proposals))

    @staticmethod
    def proposals(text: str) -> tuple[Proposal, ...]:
        """Return organisations, persons, places, a claim and two relations where the text has them."""
        found: list[Proposal] = []
        for words, label in (
            ("Region Halland", "ORGANISATION"),
            ("Anna Berg", "PERSON"),
            ("Ska\u030ane", "PLACE"),
        ):
            at = text.find(words)
            while at >= 0:
                found.append(Proposal("entity", label, (Span(at, at + len(words)),), score=0.9, source="ord"))
                at = text.find(words, at + 1)
        numbers = {one.label: number for number, one in reversed(list(enumerate(found)))}
        if "PERSON" in numbers:
            found.append(Proposal("claim", "CLAIM", (Span(0, 34),), facets={"kind": "fact"}, score=0.7))
            found.append(Proposal("relation", "ATTRIBUTED_TO", (), len(found) - 1, numbers["PERSON"]))
            found.append(Proposal("relation", "WORKS_FOR", (), numbers["PERSON"], numbers["ORGANISATION"]))
        return tuple(found)

    def text(self, document: str) -> str:
        return self.workspace.reads.text(document)

    def marks(self, document: str | None = None) -> list[Mark]:
        """Return a document's marks in the order of the text, relations last."""
        found = self.workspace.marks.marks(document or self.a)
        return sorted(found, key=lambda mark: (not mark.spans, mark.spans, mark.label, mark.key))

    def mark(self, label: str, number: int = 0, document: str | None = None) -> Mark:
        """Return the mark with this label that comes at this place among them."""
        return [mark for mark in self.marks(document) if mark.label == label][number]

    def now(self, mark: Mark, document: str | None = None) -> Mark | None:
        """Return the mark as it is now, None where it is gone."""
        return next(iter(self.workspace.marks.some(document or self.a, [mark.key])), None)

    def run(self, command: commands.Command) -> Outcome:
        return self.workspace.run(command)

    def place(self, words: str, document: str | None = None, number: int = 0) -> Spans:
        """Return where words stand."""
        at = -1
        for _ in range(number + 1):
            at = self.text(document or self.a).index(words, at + 1)
        return (Span(at, at + len(words)),)

    def create(self, words: str, label: str, document: str | None = None, **more: Any) -> str:
        """Make an entity or claim by hand and return its key."""
        place = document or self.a
        kind: Any = "claim" if label == "CLAIM" else "entity"
        spans = self.place(words, place)
        made = self.run(commands.CreateAnnotation(document=place, kind=kind, label=label, spans=spans, **more))
        assert made.focus.mark
        return made.focus.mark

    def dump(self) -> list[str]:
        """Return everything that is stored."""
        return list(self.workspace.file.connection.iterdump())

    def refuses(self, code: str, command: commands.Command) -> None:
        """Check that a command is refused with this code and changes nothing at all."""
        before = self.dump()
        with pytest.raises(UserError) as caught:
            self.run(command)
        assert caught.value.code == code
        assert self.dump() == before

    def does_nothing(self, command: commands.Command) -> None:
        """Check that a command is let through and leaves no trace."""
        before = self.dump()
        assert self.run(command).change_set is None
        assert [line for line in self.dump() if "sqlite_sequence" not in line] == [
            line for line in before if "sqlite_sequence" not in line
        ]

    def become(self, name: str) -> str:
        """Work on as another annotator and return whose id that is."""
        raw = self.workspace.file.connection
        raw.execute("INSERT OR IGNORE INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (name, name))
        raw.execute("UPDATE meta SET value = ? WHERE key = 'annotator'", (name,))
        return name

    def annotations(self, document: str | None = None) -> dict[str, Any]:
        return {one.id: one for one in self.workspace.reads.annotations(document or self.a)}

    def decisions(self, document: str | None = None) -> dict[str, tuple[str, str]]:
        """Return suggestion id → (verdict, scope)."""
        found = self.workspace.reads.decisions(document or self.a)
        assert len({(one.suggestion_id, one.annotator) for one in found}) == len(found)
        return {one.suggestion_id: (one.verdict, one.scope) for one in found}

    def tombstones(self) -> dict[str, int]:
        rows = self.workspace.file.connection.execute("SELECT id, revision FROM tombstones WHERE kind != 'decision'")
        return dict(rows)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path / "p.kurator")
    yield found
    found.workspace.close()
