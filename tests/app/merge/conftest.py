"""Corpora as exchange files, and merges of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.merge.files import merge_files
from app.workspace import Workspace
from models.ids import accepted_id, new_id


def _worlds() -> ModuleType:
    """Return the module of corpora, wherever pytest has put it."""
    spec = importlib.util.spec_from_file_location("merge_worlds", Path(__file__).with_name("worlds.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


worlds = _worlds()


class Merging:
    """What tests use: worlds, and merges of them by file."""

    World = worlds.World
    ANN, BO = worlds.ANN, worlds.BO
    words = staticmethod(worlds.words)
    uuid = staticmethod(worlds.uuid)

    @staticmethod
    def accepted(suggestion: str) -> str:
        """Return the id of what Ann makes of a suggestion by accepting it."""
        return accepted_id(suggestion, worlds.ANN)

    at = staticmethod(worlds.at)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def base(self) -> Any:
        """Return the corpus that every copy starts from."""
        return worlds.base_world()

    def merge(self, base: Any, ours: Any, theirs: Any) -> bytes:
        """Return the merged file."""
        self.report = merge_files(
            None if base is None else self.file("base", base),
            self.file("ours", ours),
            self.file("theirs", theirs),
            self._folder / "out.json",
        )
        return (self._folder / "out.json").read_bytes()

    def through_a_project(self, raw: bytes) -> bytes:
        """Return a file as an empty project that took it in exports it."""
        project = self._folder / f"{new_id()}.kurator"
        with Workspace.create(project, "x", "y") as workspace:
            import_exchange(workspace.writer, workspace.reads, self.file("in", raw))
            export_exchange(workspace.reads, self._folder / "back.json")
        project.unlink()
        return (self._folder / "back.json").read_bytes()

    def file(self, name: str, content: Any) -> Path:
        """Write a file and return its path."""
        path = self._folder / f"{name}.json"
        path.write_bytes(content if isinstance(content, bytes) else content.raw())
        return path


@pytest.fixture(scope="session")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merging]:
    """Worlds, and merges of them."""
    yield Merging(tmp_path_factory.mktemp("merging"))
