"""kurator learn, as a user meets it: learning, taking, going back, too little, and being killed."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy

from app import commands
from app.cli import exit_codes
from app.paths import resource
from app.services import learning
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store.split_rows import set_splits

ILLS = ("alvidos", "bremitis", "corvalgi", "dumpasi", "ekvinom", "fuldros", "garmitis", "hevralgi")
PEOPLE = ("A\u030asa Ek", "Bo Lind", "Karin Östlund", "Nils Holm", "Ida Sjö")


def _annotate(workspace: Workspace, number: int) -> None:
    """Add a text about an illness that no list knows, mark it and who has it, and be done with it."""
    ill, person = f"{ILLS[number % 8][:-1]}{'aeiou'[number % 5]}", PEOPLE[number % 5]
    text = f"😀 Nummer {number}.\n\n{person} lider av {ill} och får\u00a0vård för {ill} i hem\u00admet.\n"
    (item,) = import_documents(workspace.writer, workspace.reads, [SourceDocument(f"{number}.txt", text)])
    assert item.document is not None
    second = text.index(ill, text.index(ill) + 1)
    places = [("PERSON", person, text.index(person)), ("CONDITION", ill, text.index(ill)), ("CONDITION", ill, second)]
    for label, words, start in places:
        spans = (Span(start, start + len(words)),)
        workspace.run(commands.CreateAnnotation(document=item.document, kind="entity", label=label, spans=spans))
    workspace.run(commands.SetDone(document=item.document))
    with workspace.writer.unrecorded() as work:
        set_splits(work, {item.document: "test" if number % 3 == 0 else "train"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "p.kurator"
    with Workspace.create(path, "sjukdomar", "Åsa") as workspace:
        for number in range(36):
            _annotate(workspace, number)
    return path.read_bytes()


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rehearse on one page: what is tested here is not how well it learns."""
    samples = sorted(resource("samples").glob("*.txt"))[:1]
    monkeypatch.setattr("app.cli.learning_commands._samples", lambda: (one.read_text("utf-8") for one in samples))


@pytest.fixture
def project(made: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "p.kurator"
    path.write_bytes(made)
    return path


def _status(kurator: Callable[..., Any], project: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(kurator("learn", project, "--status", "--json").out)
    return told


def test_it_learns_offers_is_taken_and_goes_back(kurator: Callable[..., Any], project: Path) -> None:
    said = kurator("learn", project)
    assert said.status == exit_codes.FINE, said.err
    told = _status(kurator, project)
    assert told["outcome"] == "better" and told["offer"]["number"] == 1 and told["in_use"] is None
    gained = {one["label"]: (one["before"], one["after"]) for one in told["offer"]["labels"]}
    assert (gained["CONDITION"][0] or 0) < 0.2 and gained["CONDITION"][1] > 0.8
    assert "CONDITION" in said.out and "--take" in said.out
    assert "better" in kurator("learn", project, "--if-due").out and _status(kurator, project)["offer"]["number"] == 1
    assert kurator("learn", project, "--take").status == exit_codes.FINE
    told = _status(kurator, project)
    assert told["in_use"] == 1 and told["before"] == "built-in"
    assert kurator("suggest", project, "--again").status == exit_codes.FINE
    with Workspace.open(project) as workspace:
        sources = {row[0] for row in workspace.reads.connection.execute("SELECT source FROM suggestions")}
    assert "learned" in sources
    assert kurator("learn", project, "--back").status == exit_codes.FINE
    assert _status(kurator, project)["pipeline"] == "built-in"


def test_what_is_surely_better_is_taken_where_that_is_wished(kurator: Callable[..., Any], project: Path) -> None:
    kurator("learn", project, "--mode", "take")
    said = kurator("learn", project)
    told = _status(kurator, project)
    assert told["last"]["sure"] and told["in_use"] == told["last"]["number"] == 1, said
    assert kurator("learn", project).status == exit_codes.FINE  # on from what it has learned
    told = _status(kurator, project)
    assert told["last"]["number"] == 2 and told["in_use"] == 1 and told["last"]["outcome"] in ("same", "worse")
    assert told["last"]["base"] == "built-in"


def test_too_little_is_said_and_not_tried_again_at_once(kurator: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "p.kurator"
    with Workspace.create(path, "lite", "Åsa") as workspace:
        _annotate(workspace, 1)
    said = kurator("learn", path)
    assert said.status == exit_codes.REFUSED and "60" in said.err
    assert _status(kurator, path)["outcome"] == "few"


@pytest.mark.parametrize("moment", ["random", "writing"])
def test_killed_at_any_moment_it_leaves_nothing_half_done(
    program: Callable[..., Any], kurator: Callable[..., Any], project: Path, moment: str
) -> None:
    with Workspace.open(project) as workspace:
        home = learning.home(workspace)
    running = program("learn", project, "--job")
    lines = random.Random(4).randrange(5, 25) if moment == "random" else 1
    for _ in range(lines):
        assert running.stdout.readline()
    while moment == "writing" and not any(home.glob(".*.tmp")):
        time.sleep(0.001)
        assert running.poll() is None or list(home.glob("1")), "it ended before anything was written"
    running.kill()
    running.communicate()
    told = _status(kurator, project)
    with Workspace.open(project) as workspace:
        assert workspace.reads.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert learning.numbers(workspace) in ([], [1])
        for number in learning.numbers(workspace):
            spacy.load(learning.folder_of(workspace, number))
        assert told["offer"] is None or told["offer"]["number"] == 1
        with learning.alone(home):
            assert not list(home.glob(".*.tmp"))


def test_it_can_be_stopped(program: Callable[..., Any], kurator: Callable[..., Any], project: Path) -> None:
    running = program("learn", project, "--job")
    assert running.stdout.readline()
    running.stdin.write(b'{"cancel": true}\n')
    running.stdin.flush()
    told = [json.loads(line) for line in running.stdout]
    assert told[-1]["report"]["cancelled"] and running.wait(60) == exit_codes.FINE
    running.communicate()
    assert _status(kurator, project)["history"] == []
