"""Writing what came out of a shard: an exchange file as an export would write it, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from app.formats.atomic import explained, replacing
from app.merge.layout import outline_bytes
from app.merge.sides import outline_of
from app.shards.documents import Done
from app.shards.plan import Shard

_ALWAYS = ("claims", "decisions", "deleted", "entities", "notes", "relations", "status", "suggestions")
_AROUND = ("annotators", "runs", "register")
_PIECE = 1 << 20


class ShardWriter:
    """Takes a shard's documents in any order; they wait on the disk until :meth:`finish` puts the file in place.

    Raises:
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``; the old file is as it was.
    """

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self._places: list[tuple[str, str, int, int]] = []
        self._counts: Counter[str] = Counter()
        with explained(shard.target):
            self._spool: Any = TemporaryFile(dir=shard.target.parent)  # noqa: SIM115

    def add(self, done: Done) -> None:
        """Take a document."""
        with explained(self._shard.target):
            start = self._spool.tell()
            self._spool.write(done.raw)
        self._places.append((done.name, done.id, start, start + len(done.raw)))
        self._counts.update(done.counts)

    def finish(self, *, complete: bool = True) -> None:
        """Put the file in place; where it is ``complete``, note what it was made from, so that it is not made again."""
        digest = hashlib.sha256()
        with replacing(self._shard.target) as file:
            for piece in self._pieces():
                digest.update(piece)
                file.write(piece)
        mark = self._shard.mark
        with explained(mark):
            if not complete:
                mark.unlink(missing_ok=True)
                return
            mark.parent.mkdir(exist_ok=True)
        told = {"file": digest.hexdigest(), "key": self._shard.key}
        with replacing(mark) as file:
            file.write(json.dumps(told).encode() + b"\n")

    def close(self) -> None:
        """Let go of what waits."""
        self._spool.close()

    def _pieces(self) -> Iterator[bytes]:
        outline = outline_of(self._shard.head)
        told = {name: self._counts[name] for name in {*self._counts, *_ALWAYS}}
        told |= {name: len(outline.lists[name]) for name in _AROUND} | {"documents": len(self._places)}
        for name in ("deleted", "conflicts"):
            if more := len(outline.lists[name]):
                told[name] = told.get(name, 0) + more
        yield outline_bytes(outline, told)
        for number, (_, _, start, end) in enumerate(sorted(self._places)):
            yield b",\n" if number else b"\n"
            self._spool.seek(start)
            while start < end:
                piece = self._spool.read(min(_PIECE, end - start))
                start += len(piece)
                yield piece
        yield b"]}\n"
