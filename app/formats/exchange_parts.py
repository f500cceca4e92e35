"""An exchange file cut into its documents without reading them: what merging and its bases work with.

Works on the program's own layout, line by line; :func:`own_layout` brings any other sound file into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

import orjson

from app.formats.exchange import TOP_LISTS, line_of
from app.formats.exchange_lines import OtherLayout, Piece, pieces


class Part(NamedTuple):
    """A document's bytes, from its opening to its closing brace; the head of the file has an empty id."""

    document: str
    lines: list[bytes]
    """Without line ends; the last one without what follows the document."""

    @property
    def content(self) -> bytes:
        """The lines as they stand in the file."""
        return b"\n".join(self.lines)

    def fields(self) -> dict[str, Any]:
        """Return the document's fields, its lists left out."""
        found: dict[str, Any] = orjson.loads(self.lines[0][:-1] + b"}")
        return found

    def lists(self) -> Iterator[tuple[str, list[bytes]]]:
        """Yield each list of the document with its records, a line each, commas taken off."""
        name = ""
        records: list[bytes] = []
        for line in self.lines[1:]:
            if line.startswith(b'"'):
                if name:
                    yield name, records
                name, records = orjson.loads(line[: line.index(b'":') + 1]), []
            else:
                records.append(_bare(line))
        if name:
            yield name, records

    def records(self, begin: Callable[[str], None] = lambda name: None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield list and content of each record; ``begin`` is told each list, empty ones too."""
        for name, lines in self.lists():
            begin(name)
            for line in lines:
                yield name, orjson.loads(line)


def _bare(line: bytes) -> bytes:
    """Return a record's line without what follows it in its list or document."""
    if line.endswith(b"},"):
        return line[:-1]
    for ending in (b"],", b"]}"):
        if line.endswith(b"}" + ending) and not _sound(line):
            return line[: -len(ending)]
    return line


def _sound(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def parts(path: Path) -> Iterator[Part]:
    """Yield the head of a file laid out by lines, up to where the documents begin, then each document.

    Raises:
        OtherLayout: the file is not laid out as the program does it.
    """
    with path.open("rb", buffering=1 << 20) as file:
        head = []
        for line in file:
            head.append(line.rstrip(b"\r\n"))
            if line.startswith(b'"documents":['):
                break
        else:
            raise OtherLayout
        yield Part("", head)
        if not head[-1].endswith(b"["):
            return
        while (found := _document(file)) is not None:
            yield Part(orjson.loads(found[0][:-1] + b"}")["id"], found)


def _document(file: BinaryIO) -> list[bytes] | None:
    """Return the lines of the next document; None behind the last one."""
    lines: list[bytes] = []
    for raw in file:
        line = raw.rstrip(b"\r\n")
        lines.append(line)
        if len(lines) == 1:  # the document's fields
            continue
        if line.endswith(b"]},") and not (line.startswith(b"{") and _sound(line[:-1])):
            lines[-1] = line[:-1]
            return lines
        if line.endswith(b"]}]}"):
            lines[-1] = line[:-2]
            return lines
    if lines:
        raise OtherLayout
    return None


@contextmanager
def own_layout(path: Path, by_lines: bool) -> Iterator[Path]:
    """Give the path of a file with the same content that is laid out by lines: the file itself, or a passing copy.

    Args:
        path: a sound exchange file.
        by_lines: whether it is laid out by lines already.
    """
    if by_lines:
        yield path
        return
    with TemporaryDirectory(prefix="kurator-") as folder:
        copy = Path(folder) / "file.json"
        copy.write_bytes(_laid_out(pieces(path, by_lines)))
        yield copy


def _laid_out(found: Iterator[Piece]) -> bytes:
    """Return the file anew. All of it is in memory anyway where it is not laid out by lines."""
    outer: list[tuple[str, bytes]] = []
    documents: list[bytes] = []
    fields, lists = b"", list[tuple[str, list[bytes]]]()
    for piece in found:
        if piece.tells == "value":
            outer.append((piece.name, orjson.dumps(piece.content, option=orjson.OPT_SORT_KEYS)))
        elif piece.tells in ("list", "child-list"):
            lists.append((piece.name, []))
        elif piece.tells in ("record", "child"):
            lists[-1][1].append(line_of(piece.content))
        else:
            if piece.tells == "end":
                documents.append(b",\n".join([fields, *(_named(*one) for one in lists)]) + b"}")
            else:
                fields = line_of(piece.content)[:-1]
                if not documents:
                    outer += [(name, _list(records)) for name, records in lists if name != "documents"]
            lists = []
    if not documents:
        outer += [(name, _list(records)) for name, records in lists if name != "documents"]
    outer.sort(key=lambda one: TOP_LISTS.index(one[0]) if one[0] in TOP_LISTS else -1)
    head = b",\n".join(orjson.dumps(name) + b":" + content for name, content in outer)
    return b"{" + head + b',\n"documents":' + _list(documents) + b"}\n"


def _named(name: str, records: list[bytes]) -> bytes:
    return orjson.dumps(name) + b":" + _list(records)


def _list(records: list[bytes]) -> bytes:
    return b"[" + (b"\n" if records else b"") + b",\n".join(records) + b"]"
