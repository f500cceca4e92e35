"""What both sides of a merge started from: states of the project that were mailed out or taken in.

A base keeps the records of a file, compressed, document by document. Texts are in the project anyway, and
suggestions that nobody judged come back from whichever side still has that pipeline's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from app.formats.exchange import line_of
from app.formats.exchange_parts import Part, own_layout, parts
from app.workspace import Workspace
from models.store import base_writes
from models.store.base_writes import Base
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork

_CHUNK = 1000
_JUDGED = re.compile(rb'"suggestion":"([^"]+)"')


def stripped(part: Part) -> bytes:
    """Return a document's records without its text and without suggestions that no decision names."""
    if not part.document:
        return part.content
    head = {**part.fields(), "text": None}
    begin = end = 0
    for number, line in enumerate(part.lines):
        if line.startswith(b'"suggestions":['):
            begin = end = number
        elif begin and end == begin and line.startswith(b'"'):
            end = number
    if begin == end:  # no suggestions, or nothing behind them
        return b"\n".join([line_of(head)[:-1] + b",", *part.lines[1:]])
    judged = set(_JUDGED.findall(b"\n".join(part.lines[end:])))
    kept = _kept(part.lines[begin + 1 : end], judged) if judged else []
    lists = b'"suggestions":[' + (b"\n" if kept else b"") + b",\n".join(kept) + b"],"
    return b"\n".join([line_of(head)[:-1] + b",", *part.lines[1:begin], lists, *part.lines[end:]])


def _kept(lines: list[bytes], judged: set[bytes]) -> list[bytes]:
    """Return the suggestions that were judged, and the ends of the relations among them."""
    found: dict[bytes, tuple[dict[str, Any], bytes]] = {}
    for line in lines:
        bare = line.removesuffix(b",").removesuffix(b"]")
        record = orjson.loads(bare)
        found[record["id"].encode()] = record, bare
    ends = {
        end.encode()
        for one in judged & found.keys()
        for end in (found[one][0].get("head"), found[one][0].get("tail"))
        if end is not None
    }
    return [bare for one, (_, bare) in found.items() if one in judged or one in ends]


def print_of(content: bytes) -> str:
    """Return the hash by which a content is kept."""
    return blake2b(content, digest_size=16).hexdigest()


def prints(path: Path) -> dict[str, str]:
    """Return document → hash of what a base would keep of a file laid out by lines."""
    return {part.document: print_of(stripped(part)) for part in parts(path)}


def remember(
    workspace: Workspace,
    path: Path,
    kind: str,
    *,
    by_lines: bool = True,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Keep a file that was just exported or taken in as a base; nothing happens where the project is read-only.

    Args:
        workspace: the project.
        path: a sound exchange file.
        kind: ``exported`` or ``imported``.
        by_lines: whether it is laid out as the program does it.
        cancelled: asked now and then; then no base is kept.
    """
    if workspace.read_only:
        return
    with own_layout(path, by_lines) as laid_out:
        named = store(workspace, laid_out, cancelled)
    if named is not None:
        with workspace.writer.unrecorded() as work:
            note_base(work, workspace.reads, kind, path, named)


def store(workspace: Workspace, path: Path, cancelled: Callable[[], bool]) -> dict[str, str] | None:
    """Keep the contents of a file laid out by lines, a few at a time; return document → hash, None if cancelled."""
    named: dict[str, str] = {}
    found = parts(path)
    while chunk := list(islice(found, _CHUNK)):
        if cancelled():
            return None
        fresh: dict[str, bytes] = {}
        for part in chunk:
            content = stripped(part)
            print_ = named[part.document] = print_of(content)
            if not base_writes.has_content(workspace.reads, print_):
                fresh[print_] = zlib.compress(content, 1)
        if fresh:
            with workspace.writer.unrecorded() as work:
                base_writes.store_contents(work, fresh.items())
    return named


def note_base(work: UnitOfWork, reads: Reads, kind: str, path: Path, named: dict[str, str]) -> int:
    """Add a base whose contents were stored, as part of a unit of work, and return its number.

    The latest base once more is not kept twice.
    """
    latest = base_writes.bases(reads)[:1]
    if latest and base_writes.base_parts(reads, latest[0].seq) == named:
        return latest[0].seq
    return base_writes.insert_base(work, kind, str(path), named.items())


# Reading and writing out ------------------------------------------------------------------------------------


def content(reads: Reads, print_: str) -> Part:
    """Return what a base keeps of a document, or of the head of its file."""
    lines = zlib.decompress(base_writes.base_content(reads, print_)).split(b"\n")
    head = lines[0].startswith(b'{"kurator":')
    return Part("" if head else orjson.loads(lines[0][:-1] + b"}")["id"], lines)


def runs_of(head: Part) -> set[str]:
    """Return the ids of the pipeline runs that the head of a file lists."""
    return {one["id"] for one in orjson.loads(head.content + b"]}")["runs"]}


class BaseFile:
    """A base as a file again; what did not change since is taken from the side that still has it, bytes and all."""

    def __init__(self, reads: Reads, base: Base, ours: Path, theirs: Path, known: dict[str, str]) -> None:
        """Take the base, both sides laid out by lines, and the :func:`prints` of theirs."""
        self._reads = reads
        self._named = base_writes.base_parts(reads, base.seq)
        self._ours = ours
        self._theirs = theirs
        self._known = known
        self._runs = runs_of(content(reads, self._named[""]))

    def write(self, target: Path) -> None:
        """Write the file."""
        with target.open("wb") as file:
            file.write(content(self._reads, self._named.pop("")).content)
            comma = b"\n"
            for document in self._documents():
                file.write(comma + document)
                comma = b",\n"
            # A file without documents ends its list where it begins.
            file.write(b"]}\n" if comma == b",\n" else b"")

    def _documents(self) -> Iterator[bytes]:
        left = self._named
        known_runs = False
        for part in parts(self._ours):
            if not part.document:
                known_runs = runs_of(part) <= self._runs
            print_ = left.get(part.document)
            if not part.document or print_ is None or print_ == self._known.get(part.document):
                continue
            if known_runs and print_of(stripped(part)) == print_:
                yield part.content
            elif (made := self._made(content(self._reads, print_), part)) is not None:
                yield made
            else:
                continue
            del left[part.document]
        for part in parts(self._theirs):
            if not part.document:
                known_runs = runs_of(part) <= self._runs
            print_ = left.pop(part.document, None) if part.document else None
            if known_runs and print_ is not None and print_ == self._known[part.document]:
                yield part.content
            elif print_ is not None:
                kept = content(self._reads, print_)
                yield self._made(kept, part) or self._whole(kept, None)
        for print_ in left.values():
            yield self._whole(content(self._reads, print_), None)

    def _made(self, kept: Part, side: Part) -> bytes | None:
        """Return a document with the suggestions of a side, None where that has another pipeline's or text's."""
        was, now = kept.fields(), side.fields()
        same = all(was.get(name) == now.get(name) for name in ("analysed_by", "fingerprint"))
        return self._whole(kept, side) if same else None

    def _whole(self, kept: Part, side: Part | None) -> bytes:
        fields = kept.fields()
        texts = dict(base_writes.known_texts(self._reads, kept.document))
        fields["text"] = texts.get(fields["fingerprint"])
        if fields["text"] is None and side is not None:
            fields["text"] = side.fields()["text"]
        lines = [line_of(fields)[:-1]]
        for name, records in kept.lists():
            if name == "suggestions" and side is not None:
                judged = {orjson.loads(one)["id"] for one in records}
                offered = next((one for list_, one in side.lists() if list_ == name), [])
                more = [(orjson.loads(one), one) for one in offered]
                records = records + [
                    line
                    for one, line in more
                    if one["id"] not in judged and not one.get("past") and one["run"] in self._runs
                ]
            lines.append(orjson.dumps(name) + b":[" + (b"\n" if records else b"") + b",\n".join(records) + b"]")
        return b",\n".join(lines) + b"}"
