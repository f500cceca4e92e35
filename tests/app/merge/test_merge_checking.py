"""The quick check of a merge says yes only where the importer's reading does."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.exchange_check import DEFINITIONS
from app.formats.exchange_read import read_exchange
from app.formats.exchange_schema import fault_in
from app.merge.quick_schema import fits
from app.merge.sides import FileRefused, SideFile

JUNK = st.sampled_from(
    [
        None,
        True,
        0,
        1.0,
        -1,
        "",
        "x",
        "\0",
        [],
        [[]],
        [[3, 1]],
        [[0, 10**6]],
        {},
        {"kind": 1},
        10**17,
        "2026-01-01T00:00:00Z",
    ]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], junk: Any, *, drop: bool) -> Any:
    """Return a copy with one value replaced or taken out."""
    new = copy.deepcopy(value)
    inside = new
    for step in path[:-1]:
        inside = inside[step]
    if drop and isinstance(inside, dict):
        del inside[path[-1]]
    else:
        inside[path[-1]] = junk
    return new


def test_every_record_of_the_corpus_fits(merging: Any) -> None:
    whole = json.loads(merging.base().raw())
    for name, definition in DEFINITIONS.items():
        for part in (whole, *whole["documents"]):
            assert all(map(fits(definition), part.get(name, ()))), name
    assert all(map(fits("document_fields"), whole["documents"]))


@given(st.data())
def test_a_yes_about_a_record_is_a_yes_of_the_schema(merging: Any, data: Any) -> None:
    document = merging.base().documents[0]
    name = data.draw(st.sampled_from(["entities", "claims", "relations", "suggestions", "status", "notes"]))
    record = data.draw(st.sampled_from(document[name]))
    path = data.draw(st.sampled_from(places(record)[1:]))
    broken = changed(record, path, data.draw(JUNK), drop=data.draw(st.booleans()))
    assert fits(DEFINITIONS[name])(broken) == (fault_in(DEFINITIONS[name], broken) is None)


@given(st.data())
def test_a_yes_about_a_file_is_a_yes_of_its_reading(merging: Any, data: Any) -> None:
    world = merging.base()
    whole = json.loads(world.raw())
    path = data.draw(st.sampled_from(places(whole["documents"][:1])[2:]))
    document = changed(whole["documents"][:1], path, data.draw(JUNK), drop=data.draw(st.booleans()))[0]
    try:
        world.documents[0] = document
        raw = world.raw()
    except (KeyError, TypeError, AttributeError, IndexError):
        return  # what cannot be laid out cannot be read either
    file = merging.file("broken", raw)
    problems = read_exchange(file).problems
    try:
        with SideFile(file) as side:
            side.finish()
        assert not problems
    except FileRefused as refused:
        assert refused.problems == problems


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"]}]}\n", b"]}"),
        (b'"notes":[', b'"notes":[,'),
        (b"]},\n{", b"]},\n\n{"),
        (b"]},\n{", b"]},{}\n{"),
        (b'"documents":[\n', b'"documents":[{},\n'),
        (b'"runs":[', b'"runs":{},"x":['),
    ],
)
def test_what_stands_between_the_documents_counts_too(merging: Any, old: bytes, new: bytes) -> None:
    raw = merging.base().raw()
    assert old in raw
    file = merging.file("broken", raw.replace(old, new, 1))
    problems = read_exchange(file).problems
    if problems:
        with pytest.raises(FileRefused), SideFile(file) as side:
            side.finish()
    else:
        with SideFile(file) as side:
            side.finish()
            assert len(side.documents) == 3


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1,2]", b'{"kurator":{}}'])
def test_what_is_no_exchange_file_is_refused(merging: Any, content: bytes) -> None:
    with pytest.raises(FileRefused):
        SideFile(merging.file("broken", content))


def test_a_file_that_is_not_there_is_refused(merging: Any) -> None:
    with pytest.raises(FileRefused) as refused:
        SideFile(merging.file("x", b"").with_name("nowhere.json"))
    assert refused.value.problems[0].code == "exchange.cannot-read"
