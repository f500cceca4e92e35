"""Laptops, random work on each and random mail between them: nothing is lost, and all end with the same corpus.

``KURATOR_HYPOTHESIS=thorough`` plays long.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.formats.exchange_read import read_exchange
from app.merge.files import merge_files
from app.services import bases
from app.services.conflicts import choices
from app.services.corpus import import_documents
from app.services.merging import merge_into
from models.documents import SourceDocument
from models.merge.values import canonical
from models.store import conflict_reads

ANNOTATIONS = ("entities", "claims", "relations")
ROUNDS = 8
Values = dict[tuple[str, str], set[str]]
"""(record, field) → what it said, as far as is known."""


class Letter(NamedTuple):
    """A file on its way, with what whoever wrote it knew."""

    path: Path
    known: Values


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def live(data: dict[str, Any], *names: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for document in data["documents"] for name in names for one in document[name]}


def graves(data: dict[str, Any]) -> set[str]:
    return {one["id"] for owner in (data, *data["documents"]) for one in owner["deleted"]}


def judged(record: dict[str, Any]) -> dict[str, str]:
    """Return the fields of a record that somebody decided on, as canonical JSON."""
    plain = {name: record[name] for name in ("label", "note", "head", "tail", "text") if name in record}
    return {name: canonical(one) for name, one in plain.items()} | {
        f"facets.{name}": canonical(one) for name, one in (record.get("facets") or {}).items()
    }


def conflicts(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for owner in (data, *data["documents"]) for one in owner.get("conflicts", ())]


def aliases(*files: dict[str, Any]) -> dict[str, str]:
    """Return which annotations stand for others."""
    found = {}
    for data in files:
        for one in live(data, *ANNOTATIONS).values():
            found |= dict.fromkeys(one.get("also", ()), one["id"])
    return found


def difference(left: bytes, right: bytes) -> str:
    return "\n".join(line[:400] for line in unified_diff(*(one.decode().splitlines() for one in (left, right)), n=0))


class Post:
    """Several laptops, and the files that they have mailed."""

    def __init__(self, laptops: Callable[..., Any], names: tuple[str, ...]) -> None:
        self.laptops = [laptops(name) for name in names]
        self.known: list[Values] = [{} for _ in names]
        self.folder = self.laptops[0].workspace.path.parent
        self.numbers = itertools.count()
        start = self.laptops[0].file()
        self.letters = [Letter(start, {})]
        for number, one in enumerate(self.laptops):
            bases.remember(one.workspace, start, "exported")
            self.learn(number)

    def learn(self, number: int) -> dict[str, Any]:
        """Note what a laptop says now, and return all of it."""
        path = self.laptops[number].file()
        assert not (found := read_exchange(path).problems), found
        data = load(path)
        known = self.known[number]
        for one in live(data, *ANNOTATIONS, "notes").values():
            for name, value in judged(one).items():
                known.setdefault((one["id"], name), set()).add(value)
        for one in conflicts(data):
            for reading in one["readings"]:
                self._reading(known, one, reading["value"])
        return data

    @staticmethod
    def _reading(known: Values, conflict: dict[str, Any], value: Any) -> None:
        if conflict["field"] is not None:
            known.setdefault((conflict["record"], conflict["field"]), set()).add(canonical(value))
        elif isinstance(value, dict):
            for name, one in judged(value).items():
                known.setdefault((conflict["record"], name), set()).add(one)

    # Steps --------------------------------------------------------------------------------------------------

    def step(self, who: int, kind: int, seed: int) -> None:
        """Let something happen on a laptop."""
        number = who % len(self.laptops)
        one, chance = self.laptops[number], random.Random(seed)
        if kind < 40:
            self.work(one, kind, seed)
        elif kind < 44:
            self.adjudicate(one, chance)
        elif kind < 47:
            self.resolve(one, chance)
        elif kind < 48:
            text = f"Nytt dokument {seed % 3} 😀: Region Halland, säger Anna Berg i Ska\u030ane."
            import_documents(one.workspace.writer, one.workspace.reads, [SourceDocument(f"n{seed % 3}.txt", text)])
        elif kind < 56:
            self.mail(number, chance)
        elif kind < 58:
            self.meet(chance)
        elif self.letters:
            self.receive(number, self.letters[-1 - chance.randrange(len(self.letters))])
        self.learn(number)

    def work(self, one: Any, kind: int, seed: int) -> None:
        """Let somebody do what the program can do; people that are new to it get ids as it makes them."""
        if one.ids and kind < one.fuzz.KINDS:
            command = one.fuzz.command(one, kind, random.Random(seed).randrange)
            if isinstance(command, c.SetAssignments):
                third = "01970000-0000-7000-8000-000000000333"
                command = replace(command, people={third: "Tredje"})
            one.run(command)
        elif one.ids:
            one.play([(kind, seed)])

    def adjudicate(self, one: Any, chance: random.Random) -> None:
        document = one.ids[chance.randrange(len(one.ids))] if one.ids else None
        if document is None:
            return
        marks = sorted(mark.annotation for mark in one.workspace.marks.marks(document) if mark.annotation)
        some = tuple(chance.sample(marks, min(len(marks), 2)))
        made = (
            c.AdjudicateAll(least=chance.choice(("all", "majority", 1, 2))),
            c.AdjudicateWrong(document=document, case=some),
            c.AdjudicateCase(document=document, case=some, taken=some[:1]),
            c.AdjudicateReopen(document=document, case=some),
        )
        one.run(chance.choice(made))

    def resolve(self, one: Any, chance: random.Random) -> None:
        found = [found for found in conflict_reads.conflicts(one.workspace.reads) if found.open]
        if found:
            conflict = chance.choice(found)
            choice: Any = chance.choice(choices(conflict.record))
            one.run(c.ResolveConflict(document=conflict.document, conflict=conflict.id, choice=choice))

    def mail(self, number: int, chance: random.Random) -> None:
        one = self.laptops[number]
        path = self.folder / f"brev-{next(self.numbers)}.json"
        some: list[str] | None = sorted({*one.ids[:: chance.choice((1, 2, 3))]}) if chance.random() < 0.3 else None
        texts, suggestions = chance.random() < 0.8, chance.random() < 0.7
        export_exchange(one.workspace.reads, path, documents=some or None, texts=texts, suggestions=suggestions)
        bases.remember(one.workspace, path, "exported")
        self.learn(number)
        self.letters.append(Letter(path, {key: set(said) for key, said in self.known[number].items()}))

    def meet(self, chance: random.Random) -> None:
        """Merge two files by the command line's way, without a base."""
        first, second = (chance.choice(self.letters) for _ in range(2))
        path = self.folder / f"brev-{next(self.numbers)}.json"
        merge_files(None, first.path, second.path, path)
        known = {
            key: first.known.get(key, set()) | second.known.get(key, set()) for key in {*first.known, *second.known}
        }
        self.checked(load(first.path), load(second.path), load(path), first.known, second.known)
        self.letters.append(Letter(path, known))

    def receive(self, number: int, letter: Letter, *, closely: bool = True) -> bool:
        """Merge a file into a project; whether anything changed. ``closely``: undo it, redo it, and do it again."""
        one = self.laptops[number]
        before, was = one.file(), one.dump()
        merge_into(one.workspace, letter.path)
        after = one.file()
        assert not (found := read_exchange(after).problems), found
        if after.read_bytes() == before.read_bytes() and not closely:
            return False
        ours, merged = load(before), load(after)
        self.checked(ours, load(letter.path), merged, self.known[number], letter.known)
        step = one.workspace.reads.next_step("done")
        if merged != ours and closely and step is not None and step.command == "merge":
            one.workspace.undo()
            assert one.dump() == was, "undone"
            one.workspace.redo()
            assert one.bytes() == after.read_bytes()
        if closely:
            one.sound()
            assert merge_into(one.workspace, letter.path).empty
            assert one.bytes() == after.read_bytes(), "the same file again"
        for key, said in letter.known.items():
            self.known[number].setdefault(key, set()).update(said)
        return merged != ours

    def checked(self, ours: Any, theirs: Any, merged: Any, mine: Values, yours: Values) -> None:
        """Hold a merge to it that nothing vanished and nothing was taken back without a word."""
        stands, asked = live(merged, *ANNOTATIONS, "notes"), {one["record"] for one in conflicts(merged)}
        other = aliases(ours, theirs, merged)
        dead = graves(ours) | graves(theirs) | {one["id"] for data in (ours, theirs) for one in data["deleted"]}
        gone_documents = {one["id"] for data in (ours, theirs) for one in data["deleted"]}
        for side, against, whose in ((ours, theirs, yours), (theirs, ours, mine)):
            for document in side["documents"]:
                if document["id"] not in {one["id"] for one in merged["documents"]}:
                    assert document["id"] in gone_documents, "a document vanished"
                    continue
                for name in (*ANNOTATIONS, "notes"):
                    for one in document[name]:
                        self._one(name, one, stands, asked, other, dead, whose, live(against, name))

    def _one(
        self, name: str, one: Any, stands: Any, asked: set[str], other: Any, dead: set[str], whose: Values, theirs: Any
    ) -> None:
        identity = one["id"]
        while identity in other and identity not in stands:
            identity = other[identity]
        if identity in asked:
            return
        if identity not in stands:
            assert one["id"] in dead, f"{name} {one['id']} vanished"
            for field, value in judged(one).items():
                said = whose.get((one["id"], field), set())
                assert value in said, f"{name} {one['id']} {field}={value} was deleted by who had not seen it"
            return
        if identity != one["id"]:
            return
        now = judged(stands[identity])
        for field, value in judged(one).items():
            if now.get(field, "null") != value:
                assert value in whose.get((identity, field), set()), (
                    f"{name} {identity} {field}: {value} → {now.get(field)}"
                )

    # The end ------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Mail everything around until nothing changes: then all have the same."""
        for _ in range(ROUNDS):
            changed = False
            for number in range(len(self.laptops)):
                path = self.folder / f"runda-{next(self.numbers)}.json"
                export_exchange(self.laptops[number].workspace.reads, path)
                bases.remember(self.laptops[number].workspace, path, "exported")
                self.learn(number)
                letter = Letter(path, {key: set(said) for key, said in self.known[number].items()})
                for reader in range(len(self.laptops)):
                    if reader != number:
                        changed |= self.receive(reader, letter, closely=False)
            if not changed:
                break
        else:
            raise AssertionError("never at rest")
        for one in self.laptops:
            one.sound()
        first, *rest = (one.bytes() for one in self.laptops)
        for one in rest:
            assert one == first, difference(first, one)

    def close(self) -> None:
        for one in self.laptops:
            one.close()


MOVES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 70), st.integers(0, 2**16)), max_size=14)
CASTS = (("", "Andra", "Tredje"), ("", "", "Andra"), ("Första", "Andra", "", "Fjärde"))


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None,
    max_examples=max(4, settings.default.max_examples // 12),
)  # fmt: skip
@given(cast=st.sampled_from(CASTS), moves=MOVES)
def test_all_come_to_the_same_corpus_and_nothing_is_lost(
    laptops: Callable[..., Any], cast: tuple[str, ...], moves: list[tuple[int, int, int]]
) -> None:
    post = Post(laptops, cast)
    try:
        for move in moves:
            post.step(*move)
        post.settle()
    finally:
        post.close()
