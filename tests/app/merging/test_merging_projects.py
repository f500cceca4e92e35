"""Copies of a project that people work on and mail to each other: merged by the service, base found by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.merge.files import merge_files
from app.services import bases
from app.services.merging import merge_into, plan_merge

MOVES = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 2**16)), max_size=8)
SLOWLY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None, max_examples=8
)


def mail(laptop: Any) -> Path:
    """Export as the program does: the file is a base from then on."""
    path = laptop.file()
    bases.remember(laptop.workspace, path, "exported")
    return path


@SLOWLY
@given(first=MOVES, second=MOVES, third=MOVES, again=MOVES)
def test_three_laptops_come_to_the_same_project_in_whatever_order_they_mail(
    laptops: Callable[..., Any], first: Any, second: Any, third: Any, again: Any
) -> None:
    people = [laptops(), laptops("Andra"), laptops("Tredje")]
    start = people[0].file()
    for one, moves in zip(people, (first, second, third), strict=True):
        bases.remember(one.workspace, start, "imported")
        one.play(moves)
    files = [one.file() for one in people]
    merged = start.with_name("merged.json")
    merge_files(start, files[0], files[1], merged, partial=True)
    was = people[0].dump()
    plan = merge_into(people[0].workspace, files[1])
    assert plan.done and plan.base is not None
    assert people[0].bytes() == merged.read_bytes()
    people[0].sound()
    if not plan.empty:
        people[0].workspace.undo()
        assert people[0].dump() == was
        people[0].workspace.redo()
        assert people[0].bytes() == merged.read_bytes()
    assert plan_merge(people[0].workspace, files[1]).empty
    for one in people:
        one.close()
