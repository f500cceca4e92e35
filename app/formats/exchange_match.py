"""Making a project equal to an exchange file, record by record: how a merge gets into a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from app.formats.exchange import TOP_LISTS
from app.formats.exchange_import import kept_of
from app.formats.exchange_lines import pieces
from app.formats.exchange_parts import Part, parts
from app.formats.exchange_rows import TABLES, DocumentRows, top_row
from models.store import merge_writes
from models.store.exchange_writes import run_numbers
from models.store.unit_of_work import UnitOfWork, to_json
from models.store.writes import make_searchable

Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """The work was to stop: whoever opened the unit of work lets it go."""


def changed_documents(ours: Path, merged: Path) -> Iterator[Part]:
    """Yield the documents of ``merged`` that ``ours`` has not, or not with the same bytes."""
    known = {part.document: _print(part) for part in parts(ours)}
    for part in parts(merged):
        if part.document and known.get(part.document) != _print(part):
            yield part


def _print(part: Part) -> bytes:
    return blake2b(part.content, digest_size=16).digest()


def match_project(
    work: UnitOfWork,
    ours: Path,
    merged: Path,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Make the project that ``ours`` was exported from equal to ``merged``: from then on it exports those bytes.

    Both files are whole, sound and laid out by lines. Rows that do not differ are not touched.

    Raises:
        Cancelled: ``cancelled`` said so.
    """
    changed = frozenset(part.document for part in changed_documents(ours, merged))
    _Match(work).carry_out(changed, merged, progress, cancelled)


class _Match:
    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._top: dict[str, Any] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._others: dict[str, str] = {}

    def carry_out(
        self, changed: frozenset[str], merged: Path, progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        work, since = self._work, merge_writes.last_text(self._work)
        self._read_head(merged)
        merge_writes.match_top(work, self._rows)
        merge_writes.set_label_set(work, self._top["label_set"])
        header = self._top["kurator"]
        merge_writes.set_project(work, header["project"]["name"], kept_of(header, self._top))
        runs, done = run_numbers(work), 0
        for part in parts(merged):
            if part.document not in changed:
                continue
            if cancelled():
                raise Cancelled
            self._document(part, runs)
            done += 1
            progress(done, len(changed))
        merge_writes.forget_annotators(work, self._others)
        merge_writes.match_removed(work, self._rows.get("tombstones", []))
        if runs.keys() != {row["id"] for row in self._rows.get("runs", [])}:
            merge_writes.forget_runs(work, self._rows.get("runs", []))
        make_searchable(work, since + 1)

    def _read_head(self, merged: Path) -> None:
        for piece in pieces(merged, True):
            if piece.tells == "list" and piece.name == "documents":
                break
            if piece.tells == "value":
                self._top[piece.name] = piece.content
            elif piece.tells == "list" and piece.name not in TOP_LISTS:
                self._top[piece.name] = []
            elif piece.tells == "record" and piece.name not in TOP_LISTS:
                self._top[piece.name].append(piece.content)
            elif piece.tells == "record":
                table, row = top_row(piece.name, piece.content)
                if table == "annotators":
                    self._others |= dict.fromkeys(piece.content.get("also", ()), piece.content["id"])
                self._rows.setdefault(table, []).append(row)

    def _document(self, part: Part, runs: dict[str, tuple[int, str, str]]) -> None:
        fields, work = part.fields(), self._work
        document = DocumentRows(fields, runs, work.now)
        text = merge_writes.store_text(work, document.id, fields["fingerprint"], fields["text"])
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, record in part.records(document.begin_list):
            row = document.row(name, record, text)
            if row is not None:
                rows.setdefault(TABLES[name], []).append(row)
        extra = to_json(document.beside) if document.beside else None
        merge_writes.place_document(work, {**document.document(), "text_seq": text, "extra": extra})
        merge_writes.fill_document(work, document.id, rows)
        run = runs.get(fields.get("analysed_by") or "")
        merge_writes.set_analysis(work, document.id, text, run[0] if run else None, run[2] if run else "")
