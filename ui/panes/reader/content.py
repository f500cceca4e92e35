"""The marks of one document in reading order, found by key, by place and by what refers to them."""

from __future__ import annotations

import gc
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable
from itertools import repeat

from models.marks import STATES, Mark
from models.suggestions import Kind
from ui.panes.reader.paragraphs import Paragraphs

Place = tuple[int, int, str, str]
"""A mark's turn in reading order: start, end, its key, and for a relation its own key after its head's."""

KINDS: tuple[Kind, ...] = ("entity", "claim", "relation")
_FLAGS = {
    (kind, state): number
    for number, (kind, state) in enumerate(((kind, state) for kind in KINDS for state in STATES), start=1)
}
_SUGGESTED = {kind: _FLAGS[kind, "suggested"] for kind in KINDS}


class Content:
    """The marks of a document. Marks without a place in the text (orphans) are known but have no turn."""

    def __init__(self, paragraphs: Paragraphs, marks: Iterable[Mark]) -> None:
        self.paragraphs = paragraphs
        self.marks: dict[str, Mark] = {}
        self._alias: dict[str, str] | None = None
        self._referring: dict[str, list[str]] = {}
        self._order: list[Place] = []
        self._flags: bytearray | None = None
        self._crossing: list[tuple[int, int, str]] = []
        collecting = gc.isenabled()
        gc.disable()  # all that is made here stays: looking for garbage would take longer than the making
        try:
            self._fill(marks)
        finally:
            if collecting:
                gc.enable()

    def _fill(self, marks: Iterable[Mark]) -> None:
        listed = list(marks)
        self.marks = dict(zip([mark[0] for mark in listed], listed, strict=True))
        if len(self.marks) != len(listed):
            listed = list(self.marks.values())
        order = self._order = [(mark[3][0][0], mark[3][-1][1], mark[0], "") for mark in listed if mark[3]]
        order.sort()
        self._crossing = list(self._crossers())
        for mark in [mark for mark in listed if mark[1] == "relation"]:
            self._refer(mark)

    def _crossers(self) -> Iterable[tuple[int, int, str]]:
        edges, edge, last = self.paragraphs.starts, -1, len(self.paragraphs)
        for start, end, key, _ in self._order:
            if start >= edge:
                following = bisect_right(edges, start)
                edge = edges[following] if following < last else len(self.paragraphs.text) + 1
            if end > edge:
                yield start, end, key

    @property
    def _aliases(self) -> dict[str, str]:
        if self._alias is None:
            self._alias = {}
            for mark in self.marks.values():
                for name in (mark.annotation, mark.suggestion):
                    if name is not None and name != mark.key:
                        self._alias[name] = mark.key
        return self._alias

    def prepare(self) -> bytearray:
        """Give relations their turn and return one flag for each place: made once, worth an idle moment."""
        if self._flags is None:
            marks = self.marks
            self._order += [self.place(mark) for mark in marks.values() if mark[1] == "relation"]
            self._order.sort()
            self._flags = bytearray(
                [_FLAGS[mark[1], mark[4]] for mark in [marks[place[3] or place[2]] for place in self._order]]
            )
        return self._flags

    def _refer(self, mark: Mark) -> None:
        for end in (mark.head, mark.tail):
            if end is not None:
                self._referring.setdefault(end, []).append(mark.key)

    def place(self, mark: Mark) -> Place:
        """Return the mark's place in reading order; a relation follows its head, or else its tail."""
        if mark.spans:
            return mark.spans[0].start, mark.spans[-1].end, mark.key, ""
        for end in (self.resolve(mark.head), self.resolve(mark.tail)):
            if end is not None and end.spans:
                return end.spans[0].start, end.spans[-1].end, end.key, mark.key
        beyond = len(self.paragraphs.text) + 1
        return beyond, beyond, "", mark.key

    def resolve(self, end: str | None) -> Mark | None:
        """Return the mark that an annotation, suggestion or mark id names, None if it is not here."""
        if end is None:
            return None
        found = self.marks.get(end)
        return found if found is not None else self.marks.get(self._aliases.get(end, ""))

    def relations_of(self, mark: Mark) -> list[Mark]:
        """Return the relations that begin or end at ``mark``, or for a relation itself alone."""
        if mark.kind == "relation":
            return [mark]
        names = dict.fromkeys((mark.key, mark.annotation, mark.suggestion))
        keys = dict.fromkeys(key for name in names if name for key in self._referring.get(name, ()))
        return [self.marks[key] for key in keys if key in self.marks]

    def related(self, mark: Mark) -> bool:
        """Whether some relation begins or ends at ``mark``."""
        referring = self._referring
        if not referring:
            return False
        return any(name in referring for name in (mark.key, mark.annotation, mark.suggestion) if name)

    def relations(self) -> list[Mark]:
        """Return every relation in reading order."""
        self.prepare()
        return [self.marks[place[3]] for place in self._order if place[3]]

    def in_paragraph(self, paragraph: int) -> list[Mark]:
        """Return the entities and claims that touch ``paragraph``, in reading order."""
        edges = self.paragraphs.starts
        start = edges[paragraph]
        end = edges[paragraph + 1] if paragraph + 1 < len(edges) else len(self.paragraphs.text) + 1
        marks, order = self.marks, self._order
        before = self._crossing[: bisect_left(self._crossing, (start,))]
        found = [marks[key] for _, reach, key in before if reach > start]
        first, last = bisect_left(order, (start,)), bisect_left(order, (end,))
        found += [marks[place[2]] for place in order[first:last] if not place[3]]
        return found

    def paragraphs_of(self, mark: Mark) -> range:
        """Return the paragraphs that the mark touches; a relation touches none by itself."""
        if not mark.spans:
            return range(0)
        at = self.paragraphs.at
        return range(at(mark.spans[0].start), at(max(mark.spans[0].start, mark.spans[-1].end - 1)) + 1)

    def next(
        self, after: Mark | None, step: int, *, position: int = 0,
        only_suggested: bool = False, kinds: Collection[str] | None = None,
    ) -> Mark | None:  # fmt: skip
        """Return the ``step``-th mark after (before, if negative) ``after``, or else after ``position``.

        ``kinds`` narrows it to some kinds, ``only_suggested`` to what nobody judged. None at the end.
        """
        self.prepare()
        wanted = self._wanted(only_suggested, kinds)
        if after is not None:
            index = bisect_left(self._order, self.place(after))
            here = index < len(self._order) and self._order[index][2:] == self.place(after)[2:]
            index += 1 if here and step > 0 else 0
        else:
            index = bisect_left(self._order, (position,))
        for _ in range(abs(step)):
            index = self._seek(index, wanted, forward=step > 0)
            if index < 0:
                return None
            found = self._order[index]
            index += 1 if step > 0 else 0
        return self.marks[found[3] or found[2]]

    @staticmethod
    def _wanted(only_suggested: bool, kinds: Collection[str] | None) -> list[int]:
        chosen = [kind for kind in KINDS if kinds is None or kind in kinds]
        if only_suggested:
            return [_SUGGESTED[kind] for kind in chosen]
        return [_FLAGS[kind, state] for kind in chosen for state in STATES]

    def _seek(self, index: int, wanted: list[int], *, forward: bool) -> int:
        flags = self.prepare()
        if forward:
            found = [at for at in map(flags.find, wanted, repeat(index)) if at >= 0]
            return min(found, default=-1)
        return max((flags.rfind(flag, 0, index) for flag in wanted), default=-1)

    def in_order(self, keys: Iterable[str]) -> list[str]:
        """Return the keys that are here in reading order."""
        here = [self.marks[key] for key in dict.fromkeys(keys) if key in self.marks]
        return [mark.key for mark in sorted(here, key=self.place)]

    def update(self, removed: Iterable[str], upserted: Iterable[Mark]) -> set[int]:
        """Take marks out and put marks in, by key; return the paragraphs that may look different now."""
        self.prepare()
        gone = [key for key in removed if key in self.marks]
        fresh = list(upserted)
        touched = [mark for key in gone if (mark := self.marks.get(key))]
        touched += [mark for new in fresh if (mark := self.marks.get(new.key))]
        touched += fresh
        names = {
            name
            for mark in touched
            for name in (mark.key, mark.annotation, mark.suggestion)
            if name and name in self._referring
        }
        dependent = {key for name in names for key in self._referring[name]} - {mark.key for mark in touched}
        waiting = [self.marks[key] for key in dependent if key in self.marks]
        paragraphs = {index for mark in touched for index in self._shown_in(mark)}
        for mark in waiting:
            self._drop(mark.key)
        for key in (*gone, *(mark.key for mark in fresh if mark.key in self.marks)):
            if key in self.marks:
                self._drop(key)
        spanned = [mark for mark in fresh if mark.spans]
        for mark in (*spanned, *(mark for mark in fresh if not mark.spans), *waiting):
            self._insert(mark)
        paragraphs.update(index for mark in fresh for index in self._shown_in(mark))
        return paragraphs

    def _shown_in(self, mark: Mark) -> Iterable[int]:
        if mark.kind != "relation":
            return self.paragraphs_of(mark)
        ends = (self.resolve(mark.head), self.resolve(mark.tail))
        return [index for end in ends if end is not None for index in self.paragraphs_of(end)[:1]]

    def _drop(self, key: str) -> None:
        mark = self.marks[key]
        place = self.place(mark)
        index = bisect_left(self._order, place)
        if index < len(self._order) and self._order[index] == place:
            del self._order[index]
            del self.prepare()[index]
        elif mark.kind == "relation":
            self._drop_misplaced(key)
        crossing = place[:3]
        at = bisect_left(self._crossing, crossing)
        if at < len(self._crossing) and self._crossing[at] == crossing:
            del self._crossing[at]
        for name in (mark.annotation, mark.suggestion):
            if name and self._aliases.get(name) == key:
                del self._aliases[name]
        for end in {mark.head, mark.tail} - {None}:
            self._unrefer(str(end), key)
        del self.marks[key]

    def _drop_misplaced(self, key: str) -> None:
        for index, place in enumerate(self._order):
            if place[3] == key:
                del self._order[index]
                del self.prepare()[index]
                return

    def _unrefer(self, end: str, key: str) -> None:
        left = [other for other in self._referring.get(end, ()) if other != key]
        if left:
            self._referring[end] = left
        else:
            self._referring.pop(end, None)

    def _insert(self, mark: Mark) -> None:
        self.marks[mark.key] = mark
        for name in (mark.annotation, mark.suggestion):
            if name and name != mark.key:
                self._aliases[name] = mark.key
        if mark.kind == "relation":
            self._refer(mark)
        elif not mark.spans:
            return
        place = self.place(mark)
        index = bisect_left(self._order, place)
        self._order.insert(index, place)
        self.prepare().insert(index, _FLAGS[mark.kind, mark.state])
        if len(self.paragraphs_of(mark)) > 1:
            insort(self._crossing, place[:3])
