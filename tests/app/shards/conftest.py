"""Shards in a folder, and a pipeline that answers in this process."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.pipeline.rules.reading import read_text
from app.shards.plan import Corpus, Plan, find_shards, make_plan
from app.shards.suggesting import ShardReport, suggest_shards
from app.workspace import default_label_set
from models.errors import UserError
from models.suggestions import Analysis, PipelineInfo

TEXT = (
    "Regionråd Åsa Öberg 😀 sa\u00a0att vård\u00adplatserna i Va\u030axjö räcker.\r\n"
    "– Det blir dyrare, säger hon. Region Skåne betalar 12\u00a0miljoner kronor.\n"
)
LABELS = ("PERSON", "PLACE", "ROLE", "ORGANISATION", "MONEY")


class Rules:
    """The rules as a pipeline, some texts ahead of its answers; a text with FEL in it fails."""

    def __init__(self, version: str = "1", ahead: int = 3) -> None:
        self.info = PipelineInfo("prov", version, f"sha256:{version}", LABELS)
        self.ahead = ahead
        self.seen: list[str] = []

    def start(self, pipeline: str) -> PipelineInfo:
        """Be ready."""
        return self.info

    def __enter__(self) -> Rules:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was started."""

    def analyse(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]:
        flying: deque[tuple[str, str]] = deque()
        source = iter(texts)
        while True:
            while len(flying) < self.ahead and (item := next(source, None)) is not None:
                flying.append(item)
            if not flying:
                return
            name, text = flying.popleft()
            if text:
                self.seen.append(text)
            yield name, UserError("pipeline.text-failed", reason="x") if "FEL" in text else read_text(text)


class Bench:
    """A folder with shards, and what is done with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: dict[str, Any] = {}

    def lines(self, name: str, *records: dict[str, Any] | str) -> Path:
        """Write a shard of JSON lines; a string is a record with that text."""
        told = [json.dumps({"text": one} if isinstance(one, str) else one, ensure_ascii=False) for one in records]
        path = self.folder / name
        path.write_text("".join(f"{one}\n" for one in told), "utf-8")
        return path

    def plan(self, out: str, *shards: Path, pipeline: Rules | None = None, again: bool = False) -> Plan:
        """Return what is to do."""
        target = self.folder / out
        target.mkdir(exist_ok=True)
        info = (pipeline or Rules()).info
        return make_plan(find_shards(shards, target), Corpus("prov", default_label_set()), info, None, again=again)

    def suggest(self, out: str, *shards: Path, pipeline: Rules | None = None, again: bool = False) -> ShardReport:
        """Let the rules propose."""
        pipeline = pipeline or Rules()
        return suggest_shards(self.plan(out, *shards, pipeline=pipeline, again=again), pipeline, None, again=again)

    def bytes(self, out: str) -> dict[str, bytes]:
        """Return every file below a folder with its bytes."""
        folder = self.folder / out
        return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}

    def read(self, path: Path | str) -> dict[str, Any]:
        """Return an exchange file."""
        found: dict[str, Any] = json.loads((self.folder / path).read_text("utf-8"))
        return found

    def documents(self, *paths: Path | str) -> list[dict[str, Any]]:
        """Return the documents of exchange files."""
        return [one for path in paths for one in self.read(path)["documents"]]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def rules() -> type[Rules]:
    return Rules


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands ask the rules in this process, which need no start."""
    monkeypatch.setattr("app.cli.shard_commands.answering", lambda arguments, monitor: Rules())


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def kurator(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; return its status and what it said."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(one) for one in arguments])
        return (status, *capsys.readouterr())

    return run
