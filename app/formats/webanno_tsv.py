"""WebAnno TSV 3, read only: one row a token with its UTF-16 offsets, a column or more for each layer's features.

``#Text=`` lines hold the sentences (a line break in one makes another such line; control characters are written as
in Java), rows ``1-3.1`` a part of a token. In a cell ``|`` stacks annotations, ``[n]`` tells them apart and joins the
rows of one, ``*`` is one without a value and ``_`` none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.formats.contract import Format, Holds, ReadContext
from app.formats.gathering import Gathering, Item, decoded, files, read_bytes
from app.formats.layers import Refusal
from app.formats.uima import Mark, layered
from app.formats.units import Offsets
from models.errors import UserError

ID = "webanno-tsv"
_TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
_ROW = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)\t(\d{1,12})-(\d{1,12})\t")
_NUMBERED = re.compile(r"(.*?)(?<!\\)\[(\d{1,9})\]", re.DOTALL)
_END = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)(?:\[(\d{1,9})(?:_(\d{1,9}))?\])?")
_CHAINED = re.compile(r"(.*?)->(\d{1,9})-(\d{1,9})(?:\[\d{1,9}\])?", re.DOTALL)
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|->|.)", re.DOTALL)
_CONTROLS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer and its columns; ``kind`` is SP (spans), RL (relations) or CH (chains)."""

    kind: str
    name: str
    columns: tuple[str, ...]
    first: int


@dataclass(slots=True)
class _Row:
    """One token or part of one; offsets in UTF-16."""

    line: int
    unit: str
    begin: int
    end: int
    words: str
    cells: Sequence[str]


@dataclass(slots=True)
class _Found:
    """One annotation being put together; offsets in UTF-16. ``slots``: role and the cell that names the target."""

    layer: str
    begin: int
    end: int
    line: int
    features: dict[str, Any] = field(default_factory=dict)
    slots: list[tuple[str, str, str]] = field(default_factory=list)
    next: str | None = None


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield the documents of the files, of all ``.tsv`` files where a folder is named."""
    for path in files(paths, ".tsv"):
        try:
            data = read_bytes(path)
        except UserError as error:
            yield Refusal(str(path), None, error.code, error.details)
            continue
        yield from read_file(data, str(path), context, path.stem)


def read_file(data: bytes, file: str, context: ReadContext, name: str, annotator: str = "") -> Iterator[Item]:
    """Yield the document in ``data`` and what of it is refused."""
    table = _Table()
    try:
        table.take(decoded(data))
        text = "".join(table.parts)
        gathering = Gathering(file, context, name, text)
        marks = list(_Marks(table, Offsets(text, "utf-16"), gathering).all())
    except UserError as error:
        yield Refusal(file, table.line or None, error.code, error.details)
        return
    yield from layered(gathering, marks, context, ID, annotator)


class _Table:
    """The header, the text and the rows of a file."""

    def __init__(self) -> None:
        self.line = 0
        self.layers: list[_Layer] = []
        self.parts: list[str] = []
        self.rows: list[_Row] = []
        self._length = 0
        self._sentence: list[str] = []
        self._columns = 0

    def take(self, content: str) -> None:
        """Read a whole file.

        Raises:
            UserError: ``peers.not-tsv``, ``peers.bad-row``, ``peers.text-disagrees``.
        """
        lines = content.split("\n")
        if not lines[0].startswith("#FORMAT=WebAnno TSV 3"):
            self.line = 1
            raise UserError("peers.not-tsv")
        for self.line, line in enumerate(lines, 1):
            line = line.removesuffix("\r")
            if line.startswith("#T_"):
                self._layer(line)
            elif line.startswith("#Text="):
                self._sentence.append(_unescaped(line[6:]))
            elif line and not line.startswith("#"):
                self._row(line)
        self._flush(None)
        self.line = 0

    def _layer(self, line: str) -> None:
        kind, _, rest = line[3:].partition("=")
        name, *columns = rest.split("|")
        if kind not in ("SP", "RL", "CH") or not name or not columns:
            raise UserError("peers.bad-row", row=line[:60])
        self.layers.append(_Layer(kind, name, tuple(columns), self._columns))
        self._columns += len(columns)

    def _row(self, line: str) -> None:
        match = _ROW.match(line)
        if match is None:
            raise UserError("peers.bad-row", row=line[:60])
        unit, begin, end = match[1], int(match[2]), int(match[3])
        words, *cells = line[match.end() :].split("\t")
        cells = cells[: self._columns] + ["_"] * (self._columns - len(cells))
        if self._sentence:
            self._flush(begin)
        self.rows.append(_Row(self.line, unit, begin, end, _unescaped(words), cells))

    def _flush(self, begin: int | None) -> None:
        """Put the sentence that waits into the text, from the offset of its first token."""
        if not self._sentence:
            return
        sentence = "\n".join(self._sentence)
        if begin is not None and begin != self._length:
            if begin < self._length and self.parts:
                raise UserError("peers.text-disagrees", place=begin)
            self._append(" " * min(begin - self._length, 1_000_000))
        self._append(sentence + "\n")
        self._sentence = []

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Marks:
    """The annotations in a table's cells."""

    def __init__(self, table: _Table, offsets: Offsets, gathering: Gathering) -> None:
        self._table, self._offsets, self._gathering = table, offsets, gathering
        self._found: dict[str, _Found] = {}
        self._units = {row.unit: row for row in table.rows}
        self._numbered: dict[str, str] = {}
        self._at: dict[tuple[str, str], list[str]] = {}
        self._links: list[Mark] = []

    def all(self) -> Iterator[Mark]:
        """Yield the annotations, ends resolved.

        Raises:
            UserError: ``peers.text-disagrees``: the tokens are not what stands in the text.
        """
        for row in self._table.rows:
            self._check(row)
            for layer in self._table.layers:
                cells = row.cells[layer.first : layer.first + len(layer.columns)]
                with self._gathering.refusing(row.line):
                    if layer.kind == "SP":
                        self._spans(row, layer, cells)
                    elif layer.kind == "CH":
                        self._chain(row, layer, cells)
        self._chain_up()
        for layer in self._table.layers:
            if layer.kind == "RL":
                for row in self._table.rows:
                    cells = row.cells[layer.first : layer.first + len(layer.columns)]
                    with self._gathering.refusing(row.line):
                        self._relations(row, layer, cells)
        for key, found in list(self._found.items()):
            with self._gathering.refusing(found.line):
                yield self._mark(key, found)
        yield from self._links

    def _check(self, row: _Row) -> None:
        self._table.line = row.line
        start, end = self._offsets.point(row.begin), self._offsets.point(row.end)
        if self._gathering.text[start:end] != row.words:
            raise UserError("peers.text-disagrees", place=row.begin)

    def _spans(self, row: _Row, layer: _Layer, cells: Sequence[str]) -> None:
        hosts: list[_Found] | None = None
        for column, cell in zip(layer.columns, cells, strict=True):
            if hosts is not None:  # the column after one of roles: their targets
                for host, (places, _) in zip(hosts, _stacked(cell, numbered=False), strict=False):
                    _aim(host.slots, _split(places, ";"))
                hosts = None
                continue
            if column.startswith("ROLE_"):
                hosts = []
            for number, (value, identity) in enumerate(_stacked(cell)):
                found = self._span(row, layer.name, number, identity)
                if hosts is not None and found.line == row.line:
                    feature = column.partition(":")[2].partition("_")[0]
                    found.slots += [(feature, _plain(role) or feature, "") for role in _split(value, ";")]
                    hosts.append(found)
                elif hosts is None and column and (plain := _plain(value)) is not None:
                    found.features[column] = plain

    def _span(self, row: _Row, layer: str, number: int, identity: str) -> _Found:
        """Return the annotation that a cell names, grown over the row's token."""
        key = f"{layer}[{identity}]" if identity else f"{layer}@{row.unit}#{number}"
        if identity:
            self._numbered.setdefault(identity, key)
        if key not in self._at.setdefault((layer, row.unit), []):
            self._at[layer, row.unit].append(key)
        return self._grown(key, layer, row)

    def _grown(self, key: str, layer: str, row: _Row) -> _Found:
        found = self._found.setdefault(key, _Found(layer, row.begin, row.end, row.line))
        found.begin, found.end = min(found.begin, row.begin), max(found.end, row.end)
        return found

    def _chain(self, row: _Row, layer: _Layer, cells: Sequence[str]) -> None:
        keys = []
        for relation, _ in _stacked(cells[0], numbered=False):
            match = _CHAINED.fullmatch(relation)
            if match is None:
                raise UserError("peers.bad-row", row=relation[:60])
            key = f"{layer.name}->{int(match[2])}-{int(match[3])}"
            found = self._grown(key, layer.name, row)
            if (plain := _plain(match[1])) is not None:
                found.features[layer.columns[0]] = plain
            keys.append(key)
        for key, (value, _) in zip(keys, _stacked(cells[1]) if len(cells) > 1 else (), strict=False):
            if (plain := _plain(value)) is not None:
                self._found[key].features[layer.columns[1]] = plain

    def _chain_up(self) -> None:
        chained = []
        for key in self._found:
            chain, arrow, place = key.rpartition("->")
            if arrow:
                number, _, index = place.partition("-")
                chained.append((chain, int(number), int(index), key))
        for one, after in pairwise(sorted(chained)):
            if one[:2] == after[:2]:
                self._found[one[3]].next = after[3]

    def _relations(self, row: _Row, layer: _Layer, cells: Sequence[str]) -> None:
        base = layer.columns[-1].removeprefix("BT_")
        columns = [[value for value, _ in _stacked(cell, numbered=False)] for cell in cells]
        for number, place in enumerate(columns[-1]):
            match = _END.fullmatch(place)
            if match is None:
                raise UserError("peers.bad-row", row=place[:60])
            governor = self._end(base, match[1], match[2], row.line)
            dependent = self._end(base, row.unit, match[3], row.line)
            values = zip(layer.columns[:-1], columns[:-1], strict=True)
            features = {name: _plain(stack[number]) for name, stack in values if name and number < len(stack)}
            ends = (("Governor", governor), ("Dependent", dependent))
            self._links.append(Mark(f"{layer.name}@{row.unit}#{number}", layer.name, None, None, features, ends))

    def _end(self, base: str, unit: str, identity: str | None, line: int) -> str:
        """Return the key of the annotation that a relation ends on; a token becomes one."""
        if unit not in self._units:
            raise UserError("peers.end-missing", id=unit)
        if identity and int(identity):
            key = f"{base}[{identity}]"
            return key if key in self._found else self._numbered.get(identity, key)
        if there := self._at.get((base, unit)):
            return there[0]
        if base and base != _TOKEN:
            raise UserError("peers.end-missing", id=unit)
        row = self._units[unit]
        self._found.setdefault(f"{_TOKEN}@{unit}", _Found(_TOKEN, row.begin, row.end, line))
        return f"{_TOKEN}@{unit}"

    def _mark(self, key: str, found: _Found) -> Mark:
        ends = [("next", found.next)] if found.next else []
        for feature, role, place in found.slots:
            match = _END.fullmatch(place)
            if match is None:
                raise UserError("peers.bad-row", row=place[:60])
            target = self._slot(match[1], match[2])
            ends.append((f"{feature}:{role}", target))
        begin, end = self._offsets.point(found.begin), self._offsets.point(found.end)
        return Mark(key, found.layer, begin, end, found.features, tuple(ends))

    def _slot(self, unit: str, identity: str | None) -> str:
        if identity and int(identity):
            found = self._numbered.get(identity)
        else:
            layers = (layer.name for layer in self._table.layers)
            found = next((self._at[name, unit][0] for name in layers if (name, unit) in self._at), None)
        if found is None:
            raise UserError("peers.end-missing", id=unit)
        return found


def _aim(slots: list[tuple[str, str, str]], places: list[str]) -> None:
    """Fill the targets into the slots that have none yet."""
    first = next((number for number, slot in enumerate(slots) if not slot[2]), len(slots))
    for number, place in enumerate(places, first):
        if number < len(slots):
            slots[number] = (*slots[number][:2], place)


def _stacked(cell: str, numbered: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the annotations in a cell: value and number ("" where it has none)."""
    if cell in ("_", ""):
        return
    for one in _split(cell, "|"):
        match = _NUMBERED.fullmatch(one) if numbered else None
        yield (match[1], match[2]) if match else (one, "")


def _split(cell: str, mark: str) -> list[str]:
    return re.split(rf"(?<!\\){re.escape(mark)}", cell)


def _plain(value: str) -> str | None:
    """Return a feature's value; None where there is none."""
    return None if value in ("*", "_", "") else _unescaped(value)


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        name = match[1]
        return chr(int(name[1:], 16)) if len(name) == 5 else _CONTROLS.get(name, name)

    return _ESCAPED.sub(one, text) if "\\" in text else text


def _recognises(path: Path) -> bool:
    if path.is_dir():
        found = next(files([path], ".tsv"), None)
        return found is not None and _recognises(found)
    try:
        with path.open("rb") as file:
            return file.read(40).removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV 3")
    except OSError:
        return False


FORMAT = Format(
    id=ID,
    title="peers.webanno-tsv",
    description="peers.webanno-tsv-about",
    suffix=".tsv",
    holds=Holds(overlaps="kept", relations="kept", facets="kept"),
    read=read,
    recognises=_recognises,
)
