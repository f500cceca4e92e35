"""Learning in the background: when, what is offered, taking it, going back, and what is cleared away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from trained_corpus import make_project

from app.services import learning
from app.services.analysis import choose_pipeline, chosen_mapping, chosen_pipeline
from app.services.learning_views import learning_view
from app.services.trust import is_trusted
from app.training.scoring import Count
from app.training.verdict import verdict
from app.workspace import Workspace
from models.errors import UserError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a project's file, made once: everything in it is annotated."""
    path = tmp_path_factory.mktemp("made") / "p.kurator"
    make_project(path, 12).close()
    return path.read_bytes()


@pytest.fixture
def project(made: bytes, tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "p.kurator").write_bytes(made)
    with Workspace.open(tmp_path / "p.kurator") as workspace:
        yield workspace


def _put(project: Workspace, **more: Any) -> int:
    """Put a folder in place that looks like a learned pipeline."""

    def write(place: Path) -> None:
        (place / "config.cfg").write_text("[nlp]\n", "utf-8")
        (place / "meta.json").write_text("{}", "utf-8")
        found = verdict({"PERSON": Count(30, 40, 40)}, {"PERSON": Count(38, 40, 40)})
        told = {
            "at": "2026-03-01T10:00:00.000Z",
            "base": "built-in",
            "sentences": 90,
            "verdict": found.to_json(),
            **more,
        }
        (place / learning.SCORES).write_text(json.dumps(told), "utf-8")

    return learning.put(project, write)


def _offer(project: Workspace) -> int:
    number = _put(project)
    learning.note(project, 100, "2026-03-01T10:00:00.000Z", "better", number, better=True)
    return number


def test_it_is_time_after_enough_judgements(project: Workspace) -> None:
    found = learning.due(project)
    assert found.now and found.judged >= learning.LEAST and found.missing == 0
    learning.note(project, found.judged, "2026-03-01", "same", None, better=False)
    assert not learning.due(project).now
    assert learning.due(project).missing == learning.AGAIN
    learning.note(project, 5000, "2026-03-01", "same", None, better=False)
    assert learning.due(project).missing == 5500 - found.judged
    learning.note(project, 1, "2026-03-01", "same", None, better=False)
    learning.set_mode(project, "off")
    assert learning.mode(project) == "off" and not learning.due(project).now


def test_taking_and_going_back(project: Workspace) -> None:
    choose_pipeline(project, "built-in", {"PERSON": "PERSON"})
    number = _offer(project)
    view = learning_view(project)
    assert view.offer is not None and view.offer.number == number and view.in_use is None and view.before is None
    assert (view.offer.labels[0].before, view.offer.labels[0].after) == (0.75, 0.95)
    place = learning.take(project)
    assert Path(chosen_pipeline(project)) == place == learning.folder_of(project, number)
    assert chosen_mapping(project) == {"PERSON": "PERSON"} and is_trusted(place)
    view = learning_view(project)
    assert view.offer is None and view.in_use == number and view.before == "built-in"
    assert learning.go_back(project) == chosen_pipeline(project) == "built-in"
    with pytest.raises(UserError, match=r"learning\.nothing-before"):
        learning.go_back(project)
    assert learning.take(project, number) == place


def test_what_is_declined_is_offered_no_longer(project: Workspace) -> None:
    number = _offer(project)
    learning.decline(project)
    assert learning_view(project).offer is None
    with pytest.raises(UserError, match=r"learning\.no-offer"):
        learning.take(project)
    assert [one.number for one in learning_view(project).history] == [number]
    with pytest.raises(UserError, match=r"learning\.gone"):
        learning.take(project, 77)


def test_old_ones_are_cleared_away_but_not_what_is_used(project: Workspace) -> None:
    first = _offer(project)
    learning.take(project)
    second = _offer(project)
    learning.take(project)
    for _ in range(5):
        _put(project)
    learning.prune(project)
    assert learning.numbers(project) == [first, second, 5, 6, 7]
    assert learning.go_back(project) == str(learning.folder_of(project, first))


def test_nothing_half_written_is_ever_there(project: Workspace) -> None:
    def stumble(place: Path) -> None:
        (place / "config.cfg").write_text("", "utf-8")
        raise RuntimeError("stumbled")

    with pytest.raises(RuntimeError):
        learning.put(project, stumble)
    home = learning.home(project)
    (home / ".killed.tmp").mkdir()
    (home / "3").mkdir()  # of another version, or damaged
    assert learning.numbers(project) == []
    with learning.alone(home):
        assert [one.name for one in home.iterdir() if one.name.endswith(".tmp")] == []
        with pytest.raises(UserError, match=r"learning\.already"), learning.alone(home):
            pass
    assert _put(project) == 4
    assert learning_view(project).history[0].number == 4


def test_an_offer_whose_folder_is_gone_is_none(project: Workspace) -> None:
    number = _offer(project)
    (learning.folder_of(project, number) / learning.SCORES).unlink()
    assert learning.state(project).offer is None
