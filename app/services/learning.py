"""A project's pipeline learns from its labels in the background: when, what is offered, taking it, and going back.

Each learned pipeline has a folder of its own, ``pipelines/PROJECT/NUMBER`` among the user's data. It is written beside
and put in place in one move; the project hears of it after that. So whatever is killed, nothing half-written is ever
offered. What spaCy is needed for is in ``app.training.fitting.background``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from app.paths import data_folder
from app.pipeline.protocol import BUILT_IN
from app.services.analysis import BEFORE, MAPPING_BEFORE, choose_pipeline, chosen_mapping, chosen_pipeline
from app.services.trust import trust
from app.workspace import Workspace
from models.errors import EnvironmentFault, UserError
from models.ids import new_id
from models.store.training_reads import TrainingReads

Mode = Literal["off", "offer", "take"]
MODE, STATE = "learning", "learning.state"
"""The project's options: what becomes of a better pipeline, and how learning stands, as JSON."""
LEAST = 60
"""Judgements before anything is learned: they stand in some thirty sentences, and below thirty nothing is gained
(measured with networks on news; the learner needs no more)."""
AGAIN, AGAIN_SHARE = 60, 0.1
"""Judgements since the last time before it learns again: so many, and this share of all. A pipeline that knows 5,000
does not change by 60 more."""
KEPT = 3
"""Learned pipelines that are kept, beside those in use and on offer."""
SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class State:
    """How learning stands.

    ``judged``: judgements there were when it last learned; ``at``: when that was; ``offer``: the number of the folder
    that is on offer; ``last``: the number of the one that was learned last; ``outcome``: what came of it.
    """

    judged: int = 0
    at: str = ""
    offer: int | None = None
    last: int | None = None
    outcome: str = ""


class Due(NamedTuple):
    """Whether it is time to learn, how many judgements there are, and how many more it takes."""

    now: bool
    judged: int
    missing: int


def mode(workspace: Workspace) -> Mode:
    """Return what becomes of a better pipeline: it is offered, unless somebody chose otherwise."""
    found = workspace.option(MODE)
    return next((one for one in get_args(Mode) if one == found), "offer")


def set_mode(workspace: Workspace, wanted: Mode) -> None:
    """Keep what becomes of a better pipeline."""
    workspace.set_option(MODE, None if wanted == "offer" else wanted)


def state(workspace: Workspace) -> State:
    """Return how learning stands; an offer whose folder is gone is none."""
    found = State(**json.loads(workspace.option(STATE) or "{}"))
    if found.offer is not None and not (folder_of(workspace, found.offer) / SCORES).is_file():
        return replace(found, offer=None)
    return found


def due(workspace: Workspace) -> Due:
    """Return whether so much was judged since the last time that learning is worth it. Costs one short query."""
    judged = sum(int(row[2]) for row in TrainingReads(workspace.reads).worked())
    known = state(workspace).judged
    wanted = LEAST if not known else known + max(AGAIN, round(AGAIN_SHARE * known))
    return Due(mode(workspace) != "off" and judged >= wanted, judged, max(0, wanted - judged))


# Folders ----------------------------------------------------------------------------------------------------


def home(workspace: Workspace) -> Path:
    """Return where the project's learned pipelines lie."""
    return data_folder() / "pipelines" / (workspace.reads.meta("id") or "project")


def folder_of(workspace: Workspace, number: int) -> Path:
    """Return the folder of a learned pipeline."""
    return home(workspace) / str(number)


def numbers(workspace: Workspace) -> list[int]:
    """Return the numbers of the learned pipelines that are whole, the oldest first."""
    return sorted(int(one.name) for one in home(workspace).glob("*") if one.name.isdigit() and (one / SCORES).is_file())


def number_in_use(workspace: Workspace) -> int | None:
    """Return the number of the learned pipeline in use, None where another one is."""
    place = Path(chosen_pipeline(workspace))
    return int(place.name) if place.parent == home(workspace) and place.name.isdigit() else None


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Let nobody else learn for the same project meanwhile, and clear away what one that was killed left behind.

    Raises:
        UserError: ``learning.already``.
        EnvironmentFault: ``exchange.cannot-write``.
    """
    from filelock import FileLock, Timeout

    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / ".lock", timeout=0):
            for rest in place.glob(".*.tmp"):
                shutil.rmtree(rest, ignore_errors=True)
            yield
    except Timeout as error:
        raise UserError("learning.already") from error
    except OSError as error:
        raise EnvironmentFault("exchange.cannot-write", path=str(place), reason=str(error)) from error


def put(workspace: Workspace, write: Callable[[Path], None]) -> int:
    """Let ``write`` fill a new folder and return its number, once it is whole and in place."""
    place = home(workspace)
    taken = [int(one.name) for one in place.glob("*") if one.name.isdigit()]
    number = max(taken, default=0) + 1
    beside = place / f".{new_id()}.tmp"
    beside.mkdir(parents=True)
    try:
        write(beside)
        beside.rename(place / str(number))
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return number


def prune(workspace: Workspace) -> None:
    """Remove old learned pipelines."""
    now = state(workspace)
    kept = {now.offer, now.last, number_in_use(workspace), *numbers(workspace)[-KEPT:]}
    before = Path(workspace.option(BEFORE) or "")
    for one in home(workspace).glob("*"):
        if one.name.isdigit() and int(one.name) not in kept and one != before:
            shutil.rmtree(one, ignore_errors=True)


# What was learned -------------------------------------------------------------------------------------------


def scores(workspace: Workspace, number: int) -> dict[str, Any]:
    """Return what is known of a learned pipeline: its verdict, base, counts.

    Raises:
        UserError: ``learning.gone``.
    """
    try:
        found: dict[str, Any] = json.loads((folder_of(workspace, number) / SCORES).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError("learning.gone", number=number) from error
    return found


def note(workspace: Workspace, judged: int, at: str, outcome: str, number: int | None, *, better: bool) -> State:
    """Keep what came of learning; a better pipeline is on offer from now on."""
    known = state(workspace)
    found = State(judged, at, number if better else known.offer, number or known.last, outcome)
    workspace.set_option(STATE, json.dumps(asdict(found)))
    return found


def take(workspace: Workspace, number: int | None = None) -> Path:
    """Let the project use a learned pipeline, the one on offer if none is named; return its folder.

    Suggestions come from it once the corpus is analysed again; decisions stay.

    Raises:
        UserError: ``learning.no-offer``, ``learning.gone``.
    """
    known = state(workspace)
    wanted = known.offer if number is None else number
    if wanted is None:
        raise UserError("learning.no-offer")
    if not (folder_of(workspace, wanted) / SCORES).is_file():
        raise UserError("learning.gone", number=wanted)
    place = folder_of(workspace, wanted)
    trust(place)
    choose_pipeline(workspace, str(place), chosen_mapping(workspace))
    workspace.set_option(STATE, json.dumps(asdict(replace(known, offer=None))))
    prune(workspace)
    return place


def decline(workspace: Workspace) -> None:
    """Offer the pipeline on offer no longer. It is kept for a while and can still be taken by its number."""
    workspace.set_option(STATE, json.dumps(asdict(replace(state(workspace), offer=None))))


def go_back(workspace: Workspace) -> str:
    """Let the project use the pipeline that it used before, and return its name; the one left can be taken again.

    Raises:
        UserError: ``learning.nothing-before``.
    """
    before = workspace.option(BEFORE)
    if before is None:
        raise UserError("learning.nothing-before")
    if before != BUILT_IN and Path(before).is_absolute() and not Path(before).is_dir():
        raise UserError("learning.before-gone", path=before)
    mapped: dict[str, str | None] | None = json.loads(workspace.option(MAPPING_BEFORE) or "null")
    choose_pipeline(workspace, before, mapped)
    workspace.set_option(BEFORE, None)
    workspace.set_option(MAPPING_BEFORE, None)
    return before
