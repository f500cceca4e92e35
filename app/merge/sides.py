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
_AT_EASE = 1 << 25
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
    """An exchange file. Close it, or use it as a context, before its path is written to.

    What stands around the documents is checked at once, each document when it is first asked for, the rest by
    :meth:`finish`; nothing unsound is ever handed out.

    Args:
        path: the file.
        known: what was found out about documents in other files of the same merge; added to.
        cancelled: asked now and then.

    Raises:
        FileRefused: the file has problems; later also from whatever reads it.
        Cancelled: as was asked for.
    """

    def __init__(
        self, path: Path, known: Known | None = None, *, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self.path = path
        self.outline: Outline
        self.documents: dict[str, Place] = {}
        self.counts: dict[str, int] = {}
        """List → how many records; complete after :meth:`finish`."""
        self._map: mmap.mmap | bytes = _mapped(path)
        self._cancelled = cancelled
        self._check: QuickCheck | None = QuickCheck(Known() if known is None else known)
        self._checked: set[str] = set()
        self._annotations: set[str] = set()
        if not (self._scan() and self._check.outline_is_sound(self._whole)):
            self._read()

    def finish(self) -> None:
        """Check what was not asked for."""
        for number, identity in enumerate(self.documents):
            if number % _PATIENCE == 0 and self._cancelled():
                raise Cancelled
            if self._check is not None and identity not in self._checked:
                self._take(identity, None)
        if self._check is not None:
            if self._check.ends_are_sound():
                self.counts, self._annotations, self._check = self._check.counts, self._check.annotations, None
            else:
                self._read()

    def holds_the_same(self, other: SideFile) -> bool:
        """Whether two files have the same content, counts aside."""
        digests = [{name: place.digest for name, place in one.documents.items()} for one in (self, other)]
        return digests[0] == digests[1] and self.outline.same_as(other.outline)

    def has_annotation(self, identity: str) -> bool:
        """Whether the file holds an entity, claim or relation with this id."""
        self.finish()
        return identity in self._annotations

    def _take(self, identity: str, document: Record | None) -> None:
        """Check one document, parsed or not."""
        assert self._check is not None
        self._checked.add(identity)
        if not self._check.document_is_sound(self.documents[identity].digest, self.raw(identity), document):
            self._read()

    def _read(self) -> None:
        """Read the file as an import would, which knows what is wrong with it."""
        self._check = None
        file = read_exchange(self.path, cancelled=self._cancelled)
        if file.problems and file.problems[0].code == "exchange.cancelled":
            raise Cancelled
        if file.problems:
            raise FileRefused(self.path, file.problems)
        self.counts = file.counts
        if not self._laid_out:
            self._load()
        documents = map(self.document, self.documents)
        self._annotations = {one["id"] for document in documents for name in ANNOTATIONS for one in document[name]}

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
        self._read_since += place.end - place.start
        if self._read_since > _AT_EASE:
            self._let_pages_go()
        return self._map[place.start : place.end]

    def _let_pages_go(self) -> None:
        """Let the system have back the memory in which it shows the file, where it can be told so."""
        self._read_since = 0
        if isinstance(self._map, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def document(self, identity: str) -> Record:
        """Return a document with all its records."""
        raw = self.raw(identity)
        try:
            found: Record = orjson.loads(raw)
        except orjson.JSONDecodeError:
            self._read()
            raise
        if self._check is not None and identity not in self._checked:
            self._take(identity, found)
        return found

    def find(self, needle: bytes) -> Iterator[int]:
        """Yield where some bytes stand."""
        at = self._map.find(needle)
        while at >= 0:
            yield at
            at = self._map.find(needle, at + 1)
        self._let_pages_go()

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
            self.outline = outline_of(self._whole)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return False
        self._let_pages_go()
        self._laid_out = {*seams} <= {b",\n"} and len(self.documents) == len(marks)
        return self._laid_out

    _laid_out = False
    _read_since = 0
    """Bytes since pages were let go."""
    _whole: Record

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
        self.outline = outline_of(whole)


def _mapped(path: Path) -> mmap.mmap | bytes:
    """Return a file's bytes without reading them, none where that cannot be done."""
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return b""


def outline_of(whole: Mapping[str, Any]) -> Outline:
    """Return what stands around the documents of a file; ``whole`` is the parsed file, its documents do not count."""
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
