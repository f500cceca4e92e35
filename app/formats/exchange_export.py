"""Writing the exchange file: line by line in constant memory, the same bytes for the same content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.formats.atomic import replacing
from app.formats.exchange import ID, TOP_LISTS, VERSION, is_records, line_of
from app.formats.exchange_records import (
    SuggestionRecords,
    annotation_line,
    document_fields,
    named,
    relation_line,
)
from models.errors import UserError
from models.store.export_reads import EXCHANGE_META, ExportReads
from models.store.reads import Reads

Progress = Callable[[int, int], None]

_PATIENCE = 2000
"""After how many records of one list a wish to stop is looked for again."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: counts by list, size in bytes. A cancelled export leaves the target as it was."""

    path: Path
    documents: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    size: int = 0
    cancelled: bool = False


class _Cancelled(Exception):
    pass


def export_exchange(
    reads: Reads,
    target: Path,
    *,
    suggestions: bool = True,
    documents: Sequence[str] | None = None,
    texts: bool = True,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """Write the project, or some of its documents, as an exchange file.

    Args:
        reads: the project; nothing may be written through its connection meanwhile.
        target: replaced in one move when all is written.
        suggestions: whether to include those that nobody judged.
        documents: ids; None is the whole corpus.
        texts: whether to include the texts; without them the fingerprints stay.
        progress: told (documents done, documents in all).
        cancelled: asked now and then.

    Raises:
        UserError: ``document.unknown``, ``exchange.target-is-project``.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``; the old file is as it was.
    """
    rows = ExportReads(reads, documents, suggestions)
    if rows.is_project(target):
        raise UserError("exchange.target-is-project", path=str(target))
    with rows.snapshot():
        ids = rows.documents()
        for wanted in set(documents or ()).difference(ids):
            raise UserError("document.unknown", document=wanted)
        try:
            with replacing(target) as file:
                writer = _Writer(rows, file, ids, texts, suggestions, cancelled)
                writer.write(progress)
                size = file.tell()
        except _Cancelled:
            return ExportReport(target, cancelled=True)
    return ExportReport(target, len(ids), writer.counts, size)


class _Writer:
    def __init__(
        self,
        rows: ExportReads,
        file: BinaryIO,
        ids: list[str],
        texts: bool,
        suggestions: bool,
        cancelled: Callable[[], bool],
    ) -> None:
        self._rows = rows
        self._file = file
        self._ids = ids
        self._inside = frozenset(ids)
        self._texts = texts
        self._suggestions = suggestions
        self._cancelled = cancelled
        self._runs = rows.runs()
        self._records = SuggestionRecords(self._runs)
        self.counts: dict[str, int] = {}

    def write(self, progress: Progress) -> None:
        """Write everything, beginning to end."""
        kept = json.loads(self._rows.meta(EXCHANGE_META) or "{}")
        lists = {
            "annotators": list(named("id kind name", self._rows.annotators())),
            "runs": list(named("id pipeline version hash started", [run[1:] for run in self._runs])),
            "register": list(named("id label name aliases links", self._rows.register())),
            "deleted": list(named("id kind annotator at revision", self._rows.removed())),
        }
        self._write_header(kept, {name: len(lines) for name, lines in lists.items()})
        for name in TOP_LISTS[:-1]:
            self._list(name, lists[name])
            self._file.write(b",\n")
        for name, value in sorted(kept.get("top", {}).items()):
            self._unknown(name, value)
            self._file.write(b",\n")
        self._file.write(b'"documents":[')
        for done, document in enumerate(self._ids):
            self._file.write(b",\n" if done else b"\n")
            self._document(document)
            progress(done + 1, len(self._ids))
        self._file.write(b"]}\n")

    def _write_header(self, kept: dict[str, Any], outer: dict[str, int]) -> None:
        inner = self._rows.counts()
        inner["deleted"] += outer.pop("deleted")
        self.counts = {"documents": len(self._ids), **outer, **inner}
        project = {"id": self._rows.meta("id"), "name": self._rows.meta("name") or ""}
        header = {
            "counts": self.counts,
            "format": ID,
            "offsets": "code points",
            "project": kept.get("project", {}) | project,
            "version": kept.get("version", VERSION),
        }
        line = line_of(kept.get("kurator", {}) | header)
        labels = line_of(orjson.loads(self._rows.label_set()))
        self._file.write(b'{"kurator":' + line + b',\n"label_set":' + labels + b",\n")

    def _list(self, name: str, lines: Iterable[bytes]) -> None:
        write = self._file.write
        write(b'"' + name.encode() + b'":[')
        comma = b"\n"
        for number, line in enumerate(lines):
            if number % _PATIENCE == 0 and self._cancelled():
                raise _Cancelled
            write(comma + line)
            comma = b",\n"
        write(b"]")

    def _unknown(self, name: str, value: Any) -> None:
        if is_records(value):
            self._list(json.dumps(name, ensure_ascii=False)[1:-1], map(line_of, value))
        else:
            self._file.write(orjson.dumps(name) + b":" + orjson.dumps(value, option=orjson.OPT_SORT_KEYS))

    def _document(self, document: str) -> None:
        row = self._rows.document(document)
        text_seq, run, extra = row[15], row[17], json.loads(row[14] or "{}")
        analysed_by = self._records.ids.get(run) if self._suggestions else None
        fields = document_fields(row, analysed_by, self._texts)
        unknown = extra.get("fields", {})
        more = {name: value for name, value in unknown.items() if is_records(value)}
        scalars = {name: value for name, value in unknown.items() if name not in more}
        self._file.write(line_of(scalars | fields)[:-1])
        past = self._rows.past_suggestions(document)
        rows, records = self._rows, self._records
        lists: tuple[tuple[str, Iterable[bytes]], ...] = (
            ("entities", (annotation_line(one, "entity") for one in rows.annotations(document, "entity"))),
            ("claims", (annotation_line(one, "claim") for one in rows.annotations(document, "claim"))),
            ("relations", (relation_line(one, self._inside) for one in rows.relations(document))),
            ("suggestions", self._suggestion_lines(document, text_seq, past, extra.get("suggestions", {}))),
            ("decisions", (records.decision_line(one, past) for one in rows.decisions(document, text_seq))),
            ("status", named("annotator state at", rows.statuses(document))),
            ("deleted", named("id kind annotator at revision", rows.deleted(document))),
            ("notes", named("id annotator text created modified revision", rows.notes(document))),
        )
        for name, lines in lists:
            self._file.write(b",\n")
            self._list(name, lines)
        for name, value in sorted(more.items()):
            self._file.write(b",\n")
            self._unknown(name, value)
        self._file.write(b"}")

    def _suggestion_lines(
        self, document: str, text: int, past: Any, kept: dict[str, dict[str, Any]]
    ) -> Iterator[bytes]:
        for row in self._rows.suggestions(document, text):
            more = kept.get(row[0])
            yield line_of(self._records.present(row), json.dumps(more) if more else None)
        for identity, copied in past.items():
            more = kept.get(identity)
            yield line_of(self._records.past(identity, copied), json.dumps(more) if more else None)
