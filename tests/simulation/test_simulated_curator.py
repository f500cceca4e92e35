"""The simulated curator counts what a person would do, and ends where the gold is; a short stream shows the gain."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
TEXTS = (
    "Eva Ek bor i Sjövik 😀.\nRegion Sjövik sparar.\n",
    "I Sjövik talade Eva Ek.\nRegion Sjöviks plan är klar.\nBjo\u0308rn Ek kom.\n",
    "Eva Ek och Björn Ek reste till\u00a0Sjövik.\nSjö\u00advik är stort.\n",
)
WANTED = (
    (("Eva Ek", "PERSON"), ("Sjövik", "PLACE"), ("Region Sjövik", "ORGANISATION")),
    (("Sjövik", "PLACE"), ("Eva Ek", "PERSON"), ("Region Sjöviks", "ORGANISATION"), ("Bjo\u0308rn Ek", "PERSON")),
    (("Eva Ek", "PERSON"), ("Björn Ek", "PERSON"), ("Sjövik", "PLACE"), ("Sjö\u00advik", "PLACE")),
)


def load(name: str) -> ModuleType:
    """Return a module of the simulation, which is a script and no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec and spec.loader
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


curator, stream = load("curator"), load("stream")


def samples() -> list[object]:
    """Return three short documents with what should stand in them."""
    made = []
    for number, (text, found) in enumerate(zip(TEXTS, WANTED, strict=True)):
        places = frozenset((text.index(words), text.index(words) + len(words), label) for words, label in found)
        made.append(stream.Sample(f"{number}.txt", text, curator.Wanted(places)))
    return made


def test_actions_are_counted_and_the_memory_saves_most_of_them(tmp_path: Path) -> None:
    for name in ("exact", "memory", "one"):
        (tmp_path / name).mkdir()
    exact = stream.play(tmp_path / "exact", samples(), stream.ExactMemory)
    memory = stream.play(tmp_path / "memory", samples(), stream.Memory)
    assert [by_hand for _, by_hand in memory] == [6, 8, 8]
    assert [actions for actions, _ in memory] == [6, 3, 1]
    assert all(ours <= theirs for (ours, _), (theirs, _) in zip(memory, exact, strict=True)) and memory < exact
    singly = stream.play(tmp_path / "one", samples(), stream.Memory, None)
    assert [actions for actions, _ in singly] == [6, 5, 4]


def test_sentences_of_the_corpus_are_read_with_their_places(tmp_path: Path) -> None:
    words = "Eva\tPER\nEk\tPER\nbor\t0\ni\t0\nÅre\tLOC\n.\t0\n\nAB\tORG\nBo\tPER\n"
    (tmp_path / "a.txt").write_text(words, "utf-8")
    assert list(stream.sentences(tmp_path / "a.txt")) == [
        ("Eva Ek bor i Åre.", [(0, 6, "PERSON"), (13, 16, "PLACE")]),
        ("AB Bo", [(0, 2, "ORGANISATION"), (3, 5, "PERSON")]),
    ]


@pytest.mark.skipif(not SHARED.joinpath(*stream.TRAINING).is_file(), reason="needs the folder of training data")
def test_a_short_stream_takes_less_than_exact_strings_do(tmp_path: Path) -> None:
    some = stream.stream(SHARED, 200)
    for name in ("exact", "memory"):
        (tmp_path / name).mkdir()
    exact = sum(actions for actions, _ in stream.play(tmp_path / "exact", some, stream.ExactMemory))
    memory = sum(actions for actions, _ in stream.play(tmp_path / "memory", some, stream.Memory))
    assert memory < exact < sum(one.wanted.by_hand() for one in some)
