"""What the readers of other tools' formats share: a document put together mark by mark, refusals beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from app.formats.beside import heard_of
from app.formats.contract import ReadContext
from app.formats.layers import DocumentNote, LayerDocument, Link, Passage, Refusal
from app.readers.source import FILE_LIMIT, foreign, too_large
from app.readers.zip_archive import is_hidden_name
from models.errors import UserError
from models.spans import Span, check_spans

Item = LayerDocument | Refusal


class Gathering:
    """One document being read.

    A mark that breaks a rule becomes a refusal and the rest goes on.
    """

    def __init__(self, file: str, context: ReadContext, name: str, text: str, **facts: Any) -> None:
        """``facts``: further fields of the :class:`LayerDocument`."""
        self.far_links = False
        """Whether links may end in other documents, by the ids that passages have there."""
        self.file = file
        self.name = name
        self.text = text
        self.notes: list[DocumentNote] = []
        self._context = context
        self._facts = facts
        self._passages: dict[str, Passage] = {}
        self._links: dict[str, Link] = {}
        self._links_at: dict[str, int | None] = {}
        self._refused: list[Refusal] = []
        self._taken: set[str] = set()

    @contextmanager
    def refusing(self, line: int | None = None) -> Iterator[None]:
        """Turn a ``UserError`` of the block into a refusal."""
        try:
            yield
        except UserError as error:
            self.refuse(error.code, line, **error.details)

    def refuse(self, code: str, line: int | None = None, **details: object) -> None:
        """Note what is not read, and why."""
        self._refused.append(Refusal(self.file, line, code, details))

    def facts(self, data: object, line: int | None = None) -> None:
        """Take in what an export of ours keeps about the document (:func:`app.formats.beside.told_of`)."""
        with self.refusing(line):
            self._facts |= heard_of(data, len(self.text))

    def passage(
        self,
        identity: str,
        label: str,
        spans: Sequence[Sequence[int]],
        origin: Mapping[str, object],
        line: int | None = None,
        **fields: Any,
    ) -> None:
        """Add a passage; fragments may come in any order.

        Args:
            identity: by which links name it; ``fields["id"]`` goes before it.
            spans: in code points.
        """
        with self.refusing(line):
            if not label:
                raise UserError("peers.no-label", place=identity)
            if identity in self._passages:
                raise UserError("peers.id-twice", id=identity)
            checked = check_spans(sorted((one[0], one[1]) for one in spans), len(self.text))
            fields["id"] = self._own(fields.get("id"), identity)
            kind = "claim" if self._context.labels.kinds.get(label) == "claim" else "entity"
            fields.setdefault("kind", kind)
            self._passages[identity] = Passage(label=label, spans=checked, origin=origin, **fields)

    def link(
        self,
        identity: str,
        label: str,
        head: str,
        tail: str,
        origin: Mapping[str, object],
        line: int | None = None,
        **fields: Any,
    ) -> None:
        """Add a link between passages named as they were added; they may come later."""
        with self.refusing(line):
            if not label:
                raise UserError("peers.no-label", place=identity)
            if identity in self._links:
                raise UserError("peers.id-twice", id=identity)
            if head == tail:
                raise UserError("peers.to-itself", label=label)
            fields["id"] = self._own(fields.get("id"), identity)
            self._links[identity] = Link(label=label, head=head, tail=tail, origin=origin, **fields)
            self._links_at[identity] = line

    def _own(self, wanted: str | None, identity: str) -> str:
        """Return the id that is wanted unless another mark has it: a copy made in the other tool."""
        if wanted == "":  # the file gives none
            return wanted
        own = identity if wanted is None or wanted in self._taken else wanted
        self._taken.add(own)
        return own

    def change(self, identity: str, **fields: Any) -> None:
        """Change a passage or link that is there.

        Raises:
            UserError: ``peers.end-missing``.
        """
        if identity in self._passages:
            self._passages[identity] = self._passages[identity]._replace(**fields)
        elif identity in self._links:
            self._links[identity] = self._links[identity]._replace(**fields)
        else:
            raise UserError("peers.end-missing", id=identity)

    def identify(self, identity: str, own: str) -> None:
        """Give a passage or link that is there the id that it has with us."""
        item = self.found(identity)
        if item is not None and item.id != own:
            self.change(identity, id=self._own(own, item.id))

    def found(self, identity: str) -> Passage | Link | None:
        """Return the passage or link of this name, if it is there."""
        return self._passages.get(identity) or self._links.get(identity)

    def items(self) -> Iterator[Item]:
        """Yield the document, then what of it was refused."""
        links = list(self._linked())
        passages = sorted(self._passages.values(), key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))
        yield LayerDocument(
            self.name,
            self.text,
            passages=tuple(passages),
            links=tuple(links),
            notes=tuple(self.notes),
            **self._facts,
        )
        yield from self._refused

    def _linked(self) -> Iterator[Link]:
        for identity, link in self._links.items():
            ends = [self._passages.get(end) for end in (link.head, link.tail)]
            if self.far_links or (ends[0] is not None and ends[1] is not None):
                head, tail = (end.id if end else far for end, far in zip(ends, link[2:4], strict=True))
                yield link._replace(head=head, tail=tail)
            else:
                missing = link.head if ends[0] is None else link.tail
                self.refuse("peers.end-missing", self._links_at[identity], id=missing)


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text, line ends as they stand; a byte order mark is no text.

    Raises:
        UserError: ``reading.too-large``, ``peers.cannot-read``, ``peers.not-utf8``.
    """
    return decoded(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        UserError: ``reading.too-large`` or ``peers.cannot-read``.
    """
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise too_large(FILE_LIMIT)
        return path.read_bytes()
    except OSError as error:
        raise UserError("peers.cannot-read", reason=error.strerror or str(error)) from error


def decoded(data: bytes, *, keep_mark: bool = False) -> str:
    """Return UTF-8 as text, without a byte order mark unless it is wanted.

    Raises:
        UserError: ``peers.not-utf8``.
    """
    try:
        return (data if keep_mark else data.removeprefix(b"\xef\xbb\xbf")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError("peers.not-utf8", offset=error.start) from error


def parsed(data: bytes | str) -> Any:
    """Return the value of a JSON text.

    Raises:
        UserError: ``reading.broken``.
    """
    with foreign():
        return orjson.loads(data)


def records(path: Path) -> Iterator[tuple[int, dict[str, Any] | Refusal]]:
    """Yield each line of a JSON-lines file with its number, a refusal in place of what is no object."""
    try:
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        yield 0, Refusal(str(path), None, "peers.cannot-read", {"reason": reason})
        return
    with file:
        for number, line in enumerate(_lines(file), 1):
            if line is None:
                limit = too_large(FILE_LIMIT)
                yield number, Refusal(str(path), number, limit.code, limit.details)
                return
            if not line.strip():
                continue
            try:
                value = parsed(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            except UserError as error:
                yield number, Refusal(str(path), number, error.code, error.details)
                continue
            if isinstance(value, dict):
                yield number, value
            else:
                yield number, Refusal(str(path), number, "peers.not-object", {})


def _lines(file: Any) -> Iterator[bytes | None]:
    while line := file.readline(FILE_LIMIT):
        yield line if len(line) < FILE_LIMIT else None


def files(paths: Sequence[Path], *suffixes: str) -> Iterator[Path]:
    """Yield the files themselves and, of folders, all files with these endings, in order of their names.

    Hidden ones are somebody's own business.
    """
    for path in paths:
        if path.is_dir():
            found = (one for one in path.rglob("*") if one.suffix.lower() in suffixes and one.is_file())
            yield from sorted(one for one in found if not is_hidden_name(one.name))
        else:
            yield path


def covering(spans: Iterable[Span]) -> Span:
    """Return the span from the first fragment's start to the last one's end."""
    found = tuple(spans)
    return Span(found[0].start, found[-1].end)
