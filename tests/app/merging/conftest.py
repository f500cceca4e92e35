"""Laptops: copies of one project on which people do random things and mail each other files."""

from __future__ import annotations

import importlib.util
import itertools
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.ids import new_id
from models.store import writes


def _fuzz() -> ModuleType:
    """Return the module that makes random commands, wherever pytest has put it."""
    name = "random_sessions"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "test_undo_fuzz.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class Laptop:
    """A copy of a project in somebody's hands."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace.open(path)
        self.fuzz = _fuzz()
        self._files = itertools.count()
        self.closed = False

    @property
    def ids(self) -> list[str]:
        rows = self.sql("SELECT id FROM documents WHERE removed IS NULL ORDER BY name, id")
        return [row[0] for row in rows] * 2

    @property
    def people(self) -> list[str]:
        return [row[0] for row in self.sql("SELECT id FROM annotators ORDER BY seq")] * 2

    @property
    def view(self) -> dict[str, dict[str, Any]]:
        return {one: {mark.key: mark for mark in self.workspace.marks.marks(one)} for one in self.ids}

    def sql(self, statement: str) -> list[Any]:
        return self.workspace.file.connection.execute(statement).fetchall()

    def run(self, command: c.Command) -> bool:
        """Carry out a command; False where it was refused."""
        try:
            self.workspace.run(command)
        except UserError:
            return False
        return True

    def play(self, moves: list[tuple[int, int]]) -> None:
        """Do random things: commands, undo, redo, another pipeline."""
        for kind, seed in moves:
            chance = random.Random(seed)
            if not self.ids:
                return
            if kind < self.fuzz.KINDS:
                self.run(self.fuzz.command(self, kind, chance.randrange))
            elif kind == self.fuzz.KINDS:
                self.workspace.undo()
            elif kind == self.fuzz.KINDS + 1:
                self.workspace.redo()
            else:
                for document in set(self.ids):
                    self.fuzz.analyse(self.workspace, document, chance.randrange(3))

    def file(self) -> Path:
        """Return the project as a file to mail."""
        path = self.workspace.path.with_name(f"{self.workspace.path.stem}-{next(self._files)}.json")
        export_exchange(self.workspace.reads, path)
        return path

    def bytes(self) -> bytes:
        return self.file().read_bytes()

    def dump(self) -> dict[str, list[Any]]:
        """Return what undo brings back."""
        return {one.name: self.sql(f"SELECT * FROM {one.name} ORDER BY seq") for one in self.fuzz.RECORDED}

    def close(self) -> None:
        """Put the laptop away; nothing happens to one that is away already."""
        if not self.closed:
            self.closed = True
            self.workspace.close()

    def sound(self) -> None:
        """Check the whole project."""
        from app.services.checks import check_project

        found = [one for one in check_project(self.workspace.path) if one.code != "check.label"]
        assert not found, found


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two documents, suggestions, and something done in both."""
    fuzz = _fuzz()
    path = tmp_path_factory.mktemp("laptops") / "mall.kurator"
    with Workspace.create(path, "prov 😀", "Första") as workspace:
        sources = [SourceDocument(f"{n}.txt", text) for n, text in enumerate(fuzz.TEXTS)]
        found = [item.document or "" for item in import_documents(workspace.writer, workspace.reads, sources)]
        for document in found:
            fuzz.analyse(workspace, document, 0)
            keys = [mark.key for mark in workspace.marks.marks(document)]
            workspace.run(c.AcceptAll(document=document, keys=tuple(keys[::2])))
        with workspace.writer.unrecorded() as work:  # nobody takes back what the others have, too
            workspace.writer.close_history(work)
    return path


_numbers = itertools.count()


@pytest.fixture
def laptops(template: Path, tmp_path: Path) -> Iterator[Callable[..., Laptop]]:
    """Return a maker of laptops with copies of the template (or of another project), closed in the end."""
    made: list[Laptop] = []

    def make(name: str = "", of: Path | None = None) -> Laptop:
        path = tmp_path / f"{next(_numbers)}.kurator"
        shutil.copy(of or template, path)
        laptop = Laptop(path)
        made.append(laptop)
        if name:
            me = new_id()
            with laptop.workspace.writer.unrecorded() as work:
                work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (me, name))
                writes.set_meta(work, "annotator", me)
        return laptop

    yield make
    for laptop in made:
        laptop.close()
