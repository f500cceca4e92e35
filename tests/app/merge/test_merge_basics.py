"""A merge in plain cases: what each rule does, seen in the merged file."""

from __future__ import annotations

import json
from typing import Any

from app.formats.exchange_read import read_exchange


def test_the_corpus_of_the_tests_is_a_sound_file(merging: Any) -> None:
    found = read_exchange(merging.file("base", merging.base()))
    assert not [one.sentence() for one in (*found.problems, *found.notices)]
    assert found.by_lines
    assert json.loads(merging.base().raw())["kurator"]["counts"] == {
        name: found.counts.get(name, 0) for name in json.loads(merging.base().raw())["kurator"]["counts"]
    }


def test_three_times_the_same_is_the_same(merging: Any) -> None:
    base = merging.base()
    assert merging.merge(base, base, base) == base.raw()
