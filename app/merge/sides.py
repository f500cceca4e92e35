"""One exchange file as a merge needs it: checked, its documents found but read only when asked for."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import orjson

from app.formats.exchange import TOP_LISTS
from app.formats.exchange_check import Problem
from app.formats.exchange_read import read_exchange
from app.merge.checking import Known, QuickCheck
from app.merge.layout import document_bytes
from models.errors import UserError
from models.merge.documents import ANNOTATIONS
from models.merge.outlines import Outline
from models.merge.values import Record

_FIRST_LIST = b'\n"entities":['
_DOCUMENTS = b'\n"documents":['
_HEADER = b'{"kurator":{'
_PATIENCE = 500
"""After how many documents a wish to stop is looked for again."""


class Place(NamedTuple):
    """Where a document stands in its file, what it is called, and a digest of its bytes."""

    name: str
    start: int
    end: int
    digest: bytes


class FileRefused(UserError):
    """A file has problems, so nothing was done; ``problems`` lists them all."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("merge.refused", path=str(path), count=len(problems), first=problems[0].sentence())
        self.problems = problems


class Cancelled(Exception):
    """The work was stopped; nothing was written."""


class SideFile:
    """A sound exchange file. Close it, or use it as a context, before its path is written to.

    Args:
        path: the file.
        known: what was found out about documents in other files of the same merge; added to.
        cancelled: asked now and then.

    Raises:
        FileRefused: the file has problems.
        Cancelled: as was asked for.
    """

    def __init__(
        self, path: Path, known: Known | None = None, *, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.path = path
        self.outline: Outline
        self.documents: dict[str, Place] = {}
        self._map: mmap.mmap | bytes = _mapped(path)
        self._cancelled = cancelled
        check = QuickCheck({} if known is None else known)
        laid_out = self._scan()
        if laid_out and self._is_sound(check):
            self.counts, self.annotation_ids = check.counts, check.annotations
        else:
            self._read(laid_out)

    def _is_sound(self, check: QuickCheck) -> bool:
        if not check.outline_is_sound(self._whole):
            return False
        for number, (identity, place) in enumerate(self.documents.items()):
            if number % _PATIENCE == 0 and self._cancelled():
                raise Cancelled
            if not check.document_is_sound(place.digest, self.raw(identity)):
                return False
        return check.ends_are_sound()

    def _read(self, laid_out: bool) -> None:
        """Read the file as an import would, which knows what is wrong with it."""
        file = read_exchange(self.path, cancelled=self._cancelled)
        if file.problems and file.problems[0].code == "exchange.cancelled":
            raise Cancelled
        if file.problems:
            raise FileRefused(self.path, file.problems)
        self.counts = file.counts
        if not laid_out:
            self._load()
        documents = map(self.document, self.documents)
        self.annotation_ids = {one["id"] for document in documents for name in ANNOTATIONS for one in document[name]}

    def __enter__(self) -> SideFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        if isinstance(self._map, mmap.mmap):
            self._map.close()
        self._map = b""

    def raw(self, identity: str) -> bytes:
        """Return a document as it stands in the file, canonical where the file is laid out otherwise."""
        place = self.documents[identity]
        return self._map[place.start : place.end]

    def document(self, identity: str) -> Record:
        """Return a document with all its records."""
        found: Record = orjson.loads(self.raw(identity))
        return found

    def find(self, needle: bytes) -> Iterator[int]:
        """Yield where some bytes stand."""
        at = self._map.find(needle)
        while at >= 0:
            yield at
            at = self._map.find(needle, at + 1)

    def line_at(self, at: int) -> bytes:
        """Return the line around a place."""
        end = self._map.find(b"\n", at)
        return self._map[self._map.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(self._map)]

    def annotations(self, identity: str) -> Iterator[Record]:
        """Yield the entity or claim with this id, if the file holds it."""
        for at in self.find(b'"id":"' + identity.encode() + b'"'):
            found = record_in(self.line_at(at))
            if found.get("id") == identity and "exact" in found:
                yield found

    def _scan(self) -> bool:
        """Find the documents by the program's own layout; False where the file does not keep to it."""
        data = self._map
        begin = data.find(_DOCUMENTS)
        if begin < 0 or data.find(b"\r") >= 0 or data[: len(_HEADER)] != _HEADER:
            return False
        marks = list(self._starts(begin + len(_DOCUMENTS)))
        ends = [start - len(b",\n") for start, _ in marks[1:]] + [data.rfind(b"]}")] if marks else []
        seams = [data[end:start] for end, (start, _) in zip(ends, marks[1:], strict=False)]
        first, last = (marks[0][0], ends[-1]) if marks else (len(data), begin + len(_DOCUMENTS))
        if data[begin:first] not in (_DOCUMENTS + b"\n", _DOCUMENTS + b"]}\n") or data[last:].rstrip() != b"]}":
            return False
        try:
            self._whole = orjson.loads(data[:begin].rstrip(b",") + b"}")
            for (start, line_end), end in zip(marks, ends, strict=True):
                fields = orjson.loads(data[start : line_end - 1] + b"}")
                digest = blake2b(data[start:end], digest_size=16).digest()
                self.documents[fields["id"]] = Place(fields["name"], start, end, digest)
            self.outline = _outline(self._whole)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return False
        return {*seams} <= {b",\n"} and len(self.documents) == len(marks)

    def _starts(self, begin: int) -> Iterator[tuple[int, int]]:
        """Yield where each document begins, and where its first line ends."""
        data = self._map
        at = data.find(_FIRST_LIST, begin)
        while at >= 0:
            yield data.rfind(b"\n", 0, at) + 1, at
            at = data.find(_FIRST_LIST, at + 1)

    def _load(self) -> None:
        """Read a file of another layout whole and lay its documents out."""
        self.close()
        whole = orjson.loads(self.path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        laid = bytearray()
        self.documents = {}
        for document in whole.pop("documents"):
            raw = document_bytes(document)
            start = len(laid)
            laid += raw + b"\n"
            digest = blake2b(raw, digest_size=16).digest()
            self.documents[document["id"]] = Place(document["name"], start, start + len(raw), digest)
        self._map = bytes(laid)
        self.outline = _outline(whole)


def _mapped(path: Path) -> mmap.mmap | bytes:
    """Return a file's bytes without reading them, none where that cannot be done."""
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return b""


def _outline(whole: Mapping[str, Any]) -> Outline:
    lists = {name: list(whole.get(name) or ()) for name in TOP_LISTS if name != "documents"}
    known = {"kurator", "label_set", *lists}
    more = {name: value for name, value in whole.items() if name not in known}
    return Outline(whole["kurator"], whole["label_set"], lists, more)


def record_in(line: bytes) -> Record:
    """Return the record that a line holds, empty where it holds none."""
    for end in (len(line), *(place + 1 for place in range(len(line) - 1, max(len(line) - 7, 0), -1))):
        with suppress(orjson.JSONDecodeError):
            found = orjson.loads(line[:end])
            return found if isinstance(found, dict) else {}
    return {}
