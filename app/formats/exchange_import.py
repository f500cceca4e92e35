"""An exchange file into an empty project: everything, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.exchange import MAJOR, TOP_LISTS, VERSION
from app.formats.exchange_check import Problem
from app.formats.exchange_lines import Piece
from app.formats.exchange_read import ExchangeFile, read_exchange
from app.formats.exchange_rows import TABLES, DocumentRows, top_row, unknown
from models.errors import UserError
from models.store import exchange_writes
from models.store.reads import Reads
from models.store.unit_of_work import UnitOfWork, Writer

_CHUNK = 1000


class ExchangeRefused(UserError):
    """The file has problems, so nothing was changed; ``problems`` lists them all."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        first = problems[0].sentence()
        super().__init__("exchange.refused", path=str(path), count=len(problems), first=first)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ExchangeImport:
    """What was read: the file, counts by list, and the annotations whose place was mended or lost."""

    path: Path
    counts: dict[str, int]
    notices: tuple[Problem, ...]
    cancelled: bool = False
    file: ExchangeFile | None = None

    @property
    def documents(self) -> int:
        """How many documents came in."""
        return self.counts.get("documents", 0)


class _Cancelled(Exception):
    pass


def import_exchange(
    writer: Writer,
    reads: Reads,
    path: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExchangeImport:
    """Read an exchange file into a project without documents, which takes over its name, id and label set.

    The present annotator stays who they are. What was done in the project before can no longer be undone.

    Raises:
        UserError: ``exchange.not-empty``: the project holds documents.
        ExchangeRefused: the file has problems.
        EnvironmentFault: the project cannot be written. In all cases nothing has changed.
    """
    if not exchange_writes.is_empty(reads):
        raise UserError("exchange.not-empty", path=str(path))
    file = read_exchange(path, cancelled=cancelled)
    if file.problems and file.problems[0].code == "exchange.cancelled":
        return ExchangeImport(path, {}, (), cancelled=True)
    if file.problems:
        raise ExchangeRefused(path, file.problems)
    try:
        with writer.unrecorded(reads.me) as work:
            if not exchange_writes.is_empty(reads):
                raise UserError("exchange.not-empty", path=str(path))
            writer.close_history(work)
            exchange_writes.clear(work)
            _Import(work, file, progress, cancelled).carry_out()
    except _Cancelled:
        return ExchangeImport(path, {}, (), cancelled=True)
    return ExchangeImport(path, file.counts, file.notices, file=file)


def kept_of(header: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a project keeps of the file itself beside its lists: what this version does not know of it."""
    assert header["version"].startswith(f"{MAJOR}.")
    kept = {
        "version": header["version"] if header["version"] != VERSION else None,
        "kurator": unknown("header", header),
        "package": header.get("package"),
        "project": {k: v for k, v in header["project"].items() if k not in ("id", "name")},
        "top": {name: value for name, value in top.items() if name not in ("kurator", "label_set")},
    }
    return {name: value for name, value in kept.items() if value}


class _Import:
    """One pass through a sound file, writing as it goes."""

    def __init__(
        self,
        work: UnitOfWork,
        file: ExchangeFile,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._work = work
        self._file = file
        self._progress = progress
        self._cancelled = cancelled
        self._top: dict[str, Any] = {}
        self._runs: dict[str, tuple[int, str, str]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._waiting = 0
        self._document = DocumentRows({"id": ""}, {}, "")
        self._text_seq = 0

    def carry_out(self) -> None:
        """Write everything; the caller commits."""
        total = self._file.counts.get("documents", 0)
        takes: dict[str, Callable[[Piece], None]] = {
            "value": self._value,
            "list": self._list,
            "record": self._record,
            "document": self._begin,
            "child-list": self._child_list,
            "child": self._child,
            "end": self._end,
        }
        for number, piece in enumerate(self._file.pieces()):
            takes[piece.tells](piece)
            if piece.tells == "end":
                self._progress(piece.number + 1, total)
            if number % _CHUNK == 0 and self._cancelled():
                raise _Cancelled
        self._flush()
        kept = kept_of(self._file.header, self._top)
        project, labels = self._file.header["project"], self._top["label_set"]
        exchange_writes.take_over(self._work, project["id"], project["name"], labels, kept)

    # The file itself --------------------------------------------------------------------------------------

    def _value(self, piece: Piece) -> None:
        self._top[piece.name] = piece.content

    def _list(self, piece: Piece) -> None:
        if piece.name == "documents":
            self._flush()
            self._runs = exchange_writes.run_numbers(self._work)
        elif piece.name not in TOP_LISTS:
            self._top[piece.name] = []

    def _record(self, piece: Piece) -> None:
        name, record = piece.name, piece.content
        if name not in TOP_LISTS:
            self._top[name].append(record)
            return
        self._add(*top_row(name, record))

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self._rows.setdefault(table, []).append(row)
        self._waiting += 1
        if self._waiting >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            exchange_writes.insert(self._work, table, rows)
        self._rows = {}
        self._waiting = 0

    # Documents --------------------------------------------------------------------------------------------

    def _begin(self, piece: Piece) -> None:
        self._document = DocumentRows(piece.content, self._runs, self._work.now)
        self._text_seq = exchange_writes.insert_document(self._work, self._document.document(), piece.content["text"])

    def _child_list(self, piece: Piece) -> None:
        self._document.begin_list(piece.name)

    def _child(self, piece: Piece) -> None:
        row = self._document.row(piece.name, piece.content, self._text_seq)
        if row is not None:
            self._add(TABLES[piece.name], row)

    def _end(self, piece: Piece) -> None:
        document = self._document
        if document.beside:
            exchange_writes.set_document_extra(self._work, document.id, document.beside)
        run = document.fields.get("analysed_by")
        if run is not None:
            self._flush()
            number, _, started = self._runs[run]
            exchange_writes.insert_analysis(self._work, document.id, self._text_seq, number, started)
