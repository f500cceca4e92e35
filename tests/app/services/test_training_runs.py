"""What the training window asks of services: counts, strangers, trainings that are gone on with, time left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from trained_corpus import make_project

from app.services import training_runs
from app.services.analysis import BEFORE, choose_pipeline, used_pipelines
from app.services.learning import go_back, home
from app.services.training import LabelChoice
from app.services.training_views import Survey, stranger, survey
from app.services.trust import is_trusted, trust
from app.training.estimate import Estimate
from app.workspace import Workspace
from models.errors import UserError


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("räknat") / "övning.kurator"
    make_project(made, 20).close()
    return made


@pytest.fixture
def workspace(path: Path) -> Iterator[Workspace]:
    with Workspace.open(path) as opened:
        yield opened


EVERYTHING = LabelChoice()


def counted(workspace: Workspace, choice: LabelChoice = EVERYTHING) -> Survey:
    *nothing, last = survey(workspace.reads, choice)
    assert last is not None and not any(nothing)
    return last


def test_what_there_is_to_learn_from_is_counted_by_part_and_label(workspace: Workspace) -> None:
    found = counted(workspace)
    assert found.documents == {"train": 12, "dev": 4, "test": 4} and found.refusal is None
    assert found.parts == ("entities", "claims", "relations")
    counts = {one.label: (one.train, one.dev, one.test) for one in found.labels}
    assert counts["PERSON"] == (24, 8, 8) and counts["CLAIM"] == (36, 12, 12) and counts["HAS_ROLE"] == (12, 4, 4)
    assert found.sentences == 4 * 12
    assert all(found.enough(part) for part in found.parts) and not found.few and not found.unmeasured


def test_too_little_is_said_label_by_label(workspace: Workspace) -> None:
    few = counted(workspace, LabelChoice(labels=frozenset({"ROLE"})))
    assert not few.enough("entities") and few.parts == ()
    assert few.refusal is not None and few.refusal.code == "training.too-little-entities"
    ids = [row[0] for row in workspace.reads.connection.execute("SELECT id FROM documents WHERE split = 'train'")]
    alone = counted(workspace, LabelChoice(documents=frozenset(ids[:3])))
    assert set(alone.few) == {"PERSON", "ORGANISATION", "ROLE", "CLAIM", "HAS_ROLE", "WORKS_FOR", "ATTRIBUTED_TO"}
    assert alone.refusal is not None and alone.refusal.code == "training.nothing-held-out"
    with pytest.raises(UserError, match=r"training\.bad-day"):
        counted(workspace, LabelChoice(since="i våras"))


def folder(path: Path, name: str = "främling") -> Path:
    path.mkdir(parents=True)
    (path / "config.cfg").write_text("[nlp]\n")
    (path / "meta.json").write_text(
        json.dumps({"lang": "sv", "name": name, "version": "1.0", "author": " Bo ", "x": 3})
    )
    return path


def test_a_stranger_is_described_without_being_loaded(tmp_path: Path) -> None:
    made = folder(tmp_path / "p")
    (made / "kod").mkdir()
    (made / "kod" / "extra.py").write_text("raise SystemExit")
    who = stranger(str(made))
    assert (who.title, who.author, who.url, who.place) == ("sv_främling 1.0", "Bo", "", str(made))
    assert who.code == ("kod/extra.py",) and who.hash.startswith("sha256:")
    (made / "kod" / "extra.py").write_text("import os")
    assert stranger(str(made)).hash != who.hash
    with pytest.raises(UserError, match=r"pipeline\.no-pipeline-folder"):
        stranger(str(tmp_path))


def test_a_training_is_found_again_gone_on_with_saved_and_thrown_away(workspace: Workspace, tmp_path: Path) -> None:
    run = training_runs.begin(workspace, ["--base=blank", "--curve"])
    assert run.command() == ["--out", str(run.folder), "--base=blank", "--curve"]
    assert not run.finished and not run.stopped and training_runs.events(run) == []
    (run.folder / ".training").mkdir(parents=True)
    (run.folder / ".training" / "recipe.json").write_text("{}")
    (run.folder / "progress.jsonl").write_text('{"part": "entities", "epoch": 1}\n{"part": "ent')  # cut off
    (found,) = training_runs.runs(workspace)
    assert found.stopped and found.command()[-1] == "--resume"
    assert [one["epoch"] for one in training_runs.events(found)] == [1]
    assert training_runs.report(found) is None and training_runs.before(found) is None
    folder(run.folder / "inre").rename(tmp_path / "inre")
    for one in (tmp_path / "inre").iterdir():
        one.rename(run.folder / one.name)
    (run.folder / "scores.json").write_text('{"scores": {}}')
    training_runs.keep_before(found, {"scores": {"documents": 1}})
    found = training_runs.now_of(workspace, found)
    assert found.finished and training_runs.before(found) == {"scores": {"documents": 1}}
    target = tmp_path / "ut"
    training_runs.save_copy(found, target)
    assert (target / "meta.json").is_file() and not (target / ".training").exists() and is_trusted(target)
    with pytest.raises(UserError, match=r"training\.folder-of-others"):
        training_runs.save_copy(found, target)
    assert training_runs.begin(workspace, []).number == 2
    (home(workspace) / "trained" / "2.json").write_text("{")  # damaged: not shown
    assert [one.number for one in training_runs.runs(workspace)] == [1]
    training_runs.forget(found)
    assert training_runs.runs(workspace) == [] and not run.folder.exists()
    with pytest.raises(UserError, match=r"training_window\.gone"):
        training_runs.now_of(workspace, found)


def test_whatever_was_chosen_can_be_gone_back_from(workspace: Workspace, tmp_path: Path) -> None:
    made = folder(tmp_path / "p")
    trust(made)
    choose_pipeline(workspace, str(made), {"ORG": "ORGANISATION"})
    choose_pipeline(workspace, str(made), {"ORG": None})  # the same one with other names is no other one
    assert workspace.option(BEFORE) == "built-in"
    assert [name for name, _ in used_pipelines(workspace)] == [str(made)]
    assert go_back(workspace) == "built-in"
    assert [name for name, _ in used_pipelines(workspace)] == [str(made), "built-in"]
    choose_pipeline(workspace, "built-in")


def test_the_time_left_follows_from_the_epochs() -> None:
    estimate = Estimate()
    assert estimate.left() is None
    for number in range(1, 5):
        estimate.feed({"part": "entities", "epoch": number, "epochs": 10}, 100 + 2.0 * number)
    assert estimate.left() == 12.0
    curve = Estimate((0.25, 0.5, 0.75))
    for number in range(1, 4):
        curve.feed({"part": "entities", "epoch": number, "epochs": 3}, 10.0 * number)
    curve.feed({"part": "test"}, 40.0)
    assert curve.left() == pytest.approx(30 * 1.5)
    curve.feed({"part": "entities", "epoch": 1, "epochs": 3, "share": 0.25}, 41.0)
    curve.feed({"part": "entities", "epoch": 2, "epochs": 3, "share": 0.25}, 43.0)
    assert curve.left() == pytest.approx(2 + 30 * 1.25)
