"""A project made equal to a file, record by record, as one step that can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.formats.exchange_match import match_project

KINDS = st.integers(0, 30)
LABEL_SET = 24
MOVES = st.lists(st.tuples(KINDS, st.integers(0, 2**16)), max_size=14)
MOVES_WITHIN_LABELS = st.lists(
    st.tuples(KINDS.filter(lambda kind: kind != LABEL_SET), st.integers(0, 2**16)), max_size=14
)
"""A merged file never holds an older label set than the project it goes into."""


def match(laptop: Any, merged: Path) -> int | None:
    ours = laptop.file()
    with laptop.workspace.writer.step("merge", {}, None, laptop.workspace.reads.me) as work:
        match_project(work, ours, merged)
    return work.change_set


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None, max_examples=10
)
@given(before=MOVES_WITHIN_LABELS, here=MOVES_WITHIN_LABELS, there=MOVES)
def test_a_project_becomes_what_the_file_says_and_undo_takes_it_back(
    laptops: Callable[..., Any], before: Any, here: Any, there: Any
) -> None:
    first = laptops()
    first.play(before)
    second = laptops("Andra", of=_closed(first))
    first = laptops(of=first.workspace.path)
    first.play(here)
    second.play(there)
    mailed = second.file()
    ours, was = first.bytes(), first.dump()
    # A run that only this project knows stays: a merge never asks for less.
    known, told = ({one["id"] for one in json.loads(one)["runs"]} for one in (ours, mailed.read_bytes()))
    assume(known <= told)
    step = match(first, mailed)
    assert first.bytes() == mailed.read_bytes()
    first.sound()
    assert match(first, mailed) is None
    if step is not None:
        first.workspace.undo()
        assert first.dump() == was
        first.sound()
        first.workspace.redo()
        assert first.bytes() == mailed.read_bytes()
        first.sound()
    assert (ours == mailed.read_bytes()) <= (step is None)
    first.close()
    second.close()


def _closed(laptop: Any) -> Path:
    laptop.close()
    return laptop.workspace.path
