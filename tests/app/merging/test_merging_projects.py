"""Copies of a project that people work on and mail to each other: merged by the service, base found by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.merge.files import merge_files
from app.services import bases
from app.services.merging import merge_into, plan_merge
from app.workspace import Workspace
from models.store import base_writes

MOVES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2**16)), max_size=8)
REMOVE_DOCUMENTS = 21
WITHIN_DOCUMENTS = MOVES.map(lambda moves: [one for one in moves if one[0] != REMOVE_DOCUMENTS])
SLOWLY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=5,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making an example small would take minutes
)


@SLOWLY
@given(first=MOVES, second=MOVES)
def test_a_project_is_the_merged_file_and_undo_takes_it_back(
    laptops: Callable[..., Any], first: Any, second: Any
) -> None:
    people = [laptops(), laptops("Andra")]
    start = people[0].file()
    for one, moves in zip(people, (first, second), strict=True):
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
    step = people[0].workspace.reads.next_step("done")
    if step is not None and step.command == "merge":  # what pipelines suggest is no step
        people[0].workspace.undo()
        assert people[0].dump() == was
        people[0].workspace.redo()
        assert people[0].bytes() == merged.read_bytes()
    assert plan_merge(people[0].workspace, files[1]).empty
    for one in people:
        one.close()


def content(laptop: Any) -> str:
    """Return what a project holds; how often a document was merged depends on the order."""
    whole = json.loads(laptop.bytes())
    for document in whole["documents"]:
        del document["revision"]
    return json.dumps(whole)


@SLOWLY
@given(first=WITHIN_DOCUMENTS, second=WITHIN_DOCUMENTS, third=WITHIN_DOCUMENTS)
def test_three_laptops_come_to_the_same_project_in_whatever_order_they_mail(
    laptops: Callable[..., Any], template: Path, first: Any, second: Any, third: Any
) -> None:
    people = [laptops("Första"), laptops("Andra"), laptops("Tredje")]
    for one, moves in zip(people, (first, second, third), strict=True):
        one.play(moves)
    start = laptops()
    files = [start.file(), *(one.file() for one in people)]
    results = set()
    for order in ((1, 2, 3), (3, 1, 2), (2, 3, 1)):
        reader = laptops()
        bases.remember(reader.workspace, files[0], "imported")
        for number in order:
            assert merge_into(reader.workspace, files[number]).done
        reader.sound()
        results.add(content(reader))
        reader.close()
    assert len(results) == 1
    for one in (*people, start):
        one.close()


def test_what_was_undone_or_done_meanwhile_is_no_base(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    document = here.ids[0]
    place = c.SetDocumentNote(document=document, text="Från Andra.")
    assert there.run(place)
    mailed = there.file()
    assert merge_into(here.workspace, mailed).done
    here.workspace.undo()
    assert here.workspace.reads.notes(document) == []
    again = merge_into(here.workspace, mailed)
    assert again.base is None and len(here.workspace.reads.notes(document)) == 1


def test_work_of_another_process_meanwhile_is_merged_too(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    document = here.ids[0]
    assert there.run(c.SetDocumentNote(document=document, text="Från Andra."))
    window = Workspace.open(here.workspace.path, share=True)
    left = [True]

    def meanwhile(begins: bool) -> None:
        if begins and left:
            left.pop()
            window.run(c.SetDocumentNote(document=document, text="Från fönstret."))

    assert merge_into(here.workspace, there.file(), writing=meanwhile).done
    assert {one.text for one in here.workspace.reads.notes(document)} == {"Från Andra.", "Från fönstret."}
    window.file.connection.close()
    here.sound()


def test_a_cancelled_merge_changes_nothing(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    assert there.run(c.SetDocumentNote(document=here.ids[0], text="Från Andra."))
    mailed, was = there.file(), here.dump()
    asked = [0]

    def cancelled() -> bool:
        asked[0] += 1
        return asked[0] > limit

    for limit in range(0, 40, 3):  # noqa: B007
        asked[0] = 0
        if merge_into(here.workspace, mailed, cancelled=cancelled).done:
            break
        assert here.dump() == was
    else:
        raise AssertionError("never done")
    assert limit > 3


def test_a_part_of_the_corpus_takes_nothing_away(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    bases.remember(here.workspace, here.file(), "exported")
    assert there.run(c.SetDocumentNote(document=there.ids[0], text="Från Andra."))
    part = there.workspace.path.with_name("del.json")
    export_exchange(there.workspace.reads, part, documents=[there.ids[0]])
    count = len(set(here.ids))
    assert merge_into(here.workspace, part).base is not None
    assert len(set(here.ids)) == count
    here.sound()


def test_a_base_is_the_file_it_was_made_of(laptops: Callable[..., Any]) -> None:
    """Whatever changed since on both sides: the records are those of then."""
    here, there = laptops(), laptops("Andra")
    start = here.file()
    bases.remember(here.workspace, start, "exported")
    for one in (here, there):
        for document in set(one.ids):
            assert one.run(c.SetDocumentNote(document=document, text="Nytt."))
    assert here.run(c.ReplaceText(document=here.ids[0], text="Rättat 😀. " + here.workspace.reads.text(here.ids[0])))
    ours, theirs = here.file(), there.file()
    (base,) = base_writes.bases(here.workspace.reads)
    target = start.with_name("base.json")
    bases.BaseFile(here.workspace.reads, base, ours, theirs, bases.prints(theirs)).write(target)
    then, now = (json.loads(path.read_bytes()) for path in (start, target))
    for side in (then, now):
        side["documents"].sort(key=lambda one: one["name"])
        for one in side["documents"]:
            one["suggestions"].sort(key=lambda suggestion: suggestion["id"])
    assert now == then


def test_only_the_last_bases_are_kept_and_what_did_not_change_once(laptops: Callable[..., Any]) -> None:
    here = laptops()
    for number in range(base_writes.KEPT + 5):
        assert here.run(c.SetDocumentNote(document=here.ids[0], text=f"Nummer {number}"))
        bases.remember(here.workspace, here.file(), "exported")
    assert len(base_writes.bases(here.workspace.reads)) == base_writes.KEPT
    (contents,) = here.sql("SELECT count(*) FROM base_contents")
    assert contents[0] <= 2 * base_writes.KEPT + 1  # the head of the file counts the notes
    assert here.sql("SELECT count(*) FROM base_contents WHERE hash NOT IN (SELECT hash FROM base_parts)") == [(0,)]
