"""Reading one pair of brat files by the rules of brat's own reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.formats.beside import STATES
from app.formats.contract import ReadContext
from app.formats.gathering import Gathering, Item, decoded, read_bytes
from app.formats.layers import Refusal
from models.errors import UserError
from models.spans import Span

ID = "brat"
_SPAN = re.compile(r"(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)$")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)$")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (.+))?$")
_NORMALISATION = re.compile(r"(\S+) (\S+) ([^\s:]+):(\S+)$")
_NOTE = re.compile(r"(\S+) (\S+)$")
_ALLOWED = {"kurator-decision": ("state", STATES), "kurator-kind": ("kind", ("entity", "claim"))}
_BREAKS = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def read_pair(text: Path, notes: Path, name: str, context: ReadContext) -> list[Item]:
    """Return the document of a ``.txt`` and its ``.ann``, then what of it is refused.

    A file that brat itself does not open is refused whole.
    """
    file = notes
    try:
        file = text
        words = decoded(read_bytes(text), keep_mark=True)
        file = notes
        lines = decoded(read_bytes(notes)).split("\n")
    except UserError as error:
        return [Refusal(str(file), None, error.code, error.details)]
    plain = words.removeprefix("\ufeff")
    reading = _Pair(Gathering(str(notes), context, name, plain), context, len(words) - len(plain))
    try:
        reading.take([line.removesuffix("\r") for line in lines])
    except _Unreadable as broken:
        return [Refusal(str(notes), broken.line, "peers.event-without-trigger", {"event": broken.event})]
    return list(reading.gathering.items())


class _Unreadable(Exception):
    def __init__(self, line: int, event: str) -> None:
        super().__init__(event)
        self.line, self.event = line, event


class _Pair:
    def __init__(self, gathering: Gathering, context: ReadContext, mark: int) -> None:
        """``mark``: 1 where the text had a byte order mark, which brat counts."""
        self.gathering, self._mark = gathering, mark
        self._labels = context.labels
        self._facets = {re.sub(r"[^A-Za-z0-9_-]", "_", facet.id): facet.id for facet in context.labels.facets}
        self._events: dict[str, str] = {}
        self._types: dict[str, str] = {}

    def take(self, lines: list[str]) -> None:
        """Read the lines kind by kind, since one may name another that comes after it."""
        kinds: dict[str, Callable[[int, str, str, str], None]] = {
            "T": self._passage, "E": self._trigger, "R": self._relation, "*": self._equivalent,
            "A": self._attribute, "M": self._attribute, "N": self._normalisation, "#": self._note,
        }  # fmt: skip
        waiting: dict[str, list[tuple[int, str]]] = {kind: [] for kind in kinds}
        for number, line in enumerate(lines, 1):
            if line.strip():
                kind = "E" if line[0] == "E" else line[0]
                if kind in waiting:
                    waiting[kind].append((number, line))
                else:
                    self.gathering.refuse("peers.bad-row", number, row=line[:60])
        for kind, step in kinds.items():
            for number, line in waiting[kind]:
                identity, _, rest = line.partition("\t")
                data, _, tail = rest.partition("\t")
                with self.gathering.refusing(number):
                    step(number, identity, data.strip() if kind == "*" else data.rstrip(), tail)
        self._arguments(waiting["E"])

    def _passage(self, line: int, identity: str, data: str, tail: str) -> None:
        match = _matching(_SPAN, data)
        pairs = [tuple(int(end) - self._mark for end in pair.split(" ")) for pair in match[2].split(";")]
        text = self.gathering.text
        for start, end in pairs:
            if not 0 <= start < end <= len(text):
                raise UserError("peers.outside-text", offset=f"{start}–{end}", length=len(text))
        here = " ".join(text[start:end] for start, end in pairs)
        if tail.rstrip() != here.rstrip() and _flat(tail) != _flat(here):
            raise UserError("peers.quote-disagrees", quote=tail[:60], found=here[:60])
        self._types[identity] = match[1]
        self.gathering.passage(identity, match[1], rejoined(text, pairs), self._origin(identity), line)

    def _trigger(self, line: int, identity: str, data: str, tail: str) -> None:
        kind, _, trigger = data.partition(" ")[0].partition(":")
        if trigger not in self._types or self._types[trigger] != kind:
            raise _Unreadable(line, identity)
        self._events[identity] = trigger

    def _arguments(self, lines: list[tuple[int, str]]) -> None:
        count = 0
        for number, line in lines:
            identity, _, data = line.partition("\t")
            for place, argument in enumerate(data.split()[1:], 1):
                role, _, end = argument.partition(":")
                count += 1
                self.gathering.link(
                    f"{identity}.{place}",
                    role,
                    self._events.get(identity, identity),
                    self._events.get(end, end),
                    self._origin(identity),
                    number,
                )
        if lines:
            self.gathering.refuse("peers.events", None, count=len(lines), relations=count)

    def _relation(self, line: int, identity: str, data: str, tail: str) -> None:
        match = _matching(_RELATION, data)
        head, tail = self._events.get(match[2], match[2]), self._events.get(match[3], match[3])
        self.gathering.link(identity, match[1], head, tail, self._origin(identity), line)

    def _equivalent(self, line: int, identity: str, data: str, tail: str) -> None:
        label, *ends = data.split()
        for number, (head, one) in enumerate(pairwise(ends), 1):
            self.gathering.link(f"*{line}.{number}", label, head, one, self._origin(f"*{line}"), line)

    def _attribute(self, line: int, identity: str, data: str, tail: str) -> None:
        match = _matching(_ATTRIBUTE, data)
        name, value = match[1], match[3]
        target, found = self._target(match[2])
        if name == "kurator-label":
            self.gathering.change(target, label=value or found.label)
        elif name == "kurator-annotator":
            self.gathering.change(target, annotator=value or "")
        elif name in _ALLOWED:
            field, allowed = _ALLOWED[name]
            if value not in allowed or not hasattr(found, field):
                raise UserError("peers.bad-field", field=name)
            self.gathering.change(target, **{field: value})
        elif name == "kurator-score":
            self.gathering.change(target, score=_number(value))
        else:
            facet = self._facets.get(name, name)
            self.gathering.change(target, facets={**found.facets, facet: self._value(facet, value)})

    def _value(self, name: str, value: str | None) -> str | bool:
        if value is None:
            return True
        facet = self._labels.facet(name)
        flag = facet is not None and facet.type == "flag" and value in ("true", "false")
        return value == "true" if flag else value

    def _normalisation(self, line: int, identity: str, data: str, tail: str) -> None:
        match = _matching(_NORMALISATION, data)
        target, found = self._target(match[2])
        if match[3] == "Kurator":
            self.gathering.identify(target, match[4])
        elif match[3] == "KuratorRegister" and hasattr(found, "register"):
            self.gathering.change(target, register=match[4])
        else:
            norms = [*found.origin.get("norm", []), f"{match[3]}:{match[4]}"]
            self.gathering.change(target, origin={**found.origin, "norm": norms})

    def _note(self, line: int, identity: str, data: str, tail: str) -> None:
        match = _matching(_NOTE, data)
        target, found = self._target(match[2])
        self.gathering.change(target, note=tail if found.note is None else f"{found.note}\n{tail}")

    def _target(self, identity: str) -> tuple[str, Any]:
        """Return what a line is about, an event's trigger for an event."""
        target = self._events.get(identity, identity)
        found = self.gathering.found(target)
        if found is None:
            raise UserError("peers.end-missing", id=identity)
        return target, found

    def _origin(self, identity: str) -> dict[str, object]:
        return {"format": ID, "id": identity}


def _matching(pattern: re.Pattern[str], data: str) -> re.Match[str]:
    match = pattern.match(data)
    if match is None:
        raise UserError("peers.bad-row", row=data[:60])
    return match


def _flat(text: str) -> str:
    """Return the text with each run of line breaks as one blank, as other writers of the format spell them."""
    return _BREAKS.sub(" ", text).rstrip()


def rejoined(text: str, pairs: Iterable[Sequence[int]]) -> list[Span]:
    """Return the fragments, those with nothing but line breaks between them as one."""
    found: list[Span] = []
    for start, end in sorted((pair[0], pair[1]) for pair in pairs):
        if found and start > found[-1].end and _BREAKS.fullmatch(text, found[-1].end, start):
            found[-1] = Span(found[-1].start, end)
        else:
            found.append(Span(start, end))
    return found


def _number(value: str | None) -> float:
    try:
        return float(value or "")
    except ValueError:
        raise UserError("peers.bad-field", field="kurator-score") from None
