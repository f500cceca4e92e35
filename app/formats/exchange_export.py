"""Writing the exchange file: line by line in constant memory, the same bytes for the same content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.formats.atomic import replacing
from app.formats.contract import ExportReport, Progress
from app.formats.exchange import ID, SPARE_LISTS, TOP_LISTS, VERSION, is_records, line_of
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

_PATIENCE = 2000
"""After how many records of one list a wish to stop is looked for again."""


def _effort_line(row: Sequence[Any]) -> bytes:
    return line_of(dict(zip(("annotator", "label", "action", "count", "keys", "ms"), row, strict=True)))


class _Cancelled(Exception):
    pass


def export_exchange(
    reads: Reads,
    target: Path,
    *,
    suggestions: bool = True,
    documents: Sequence[str] | None = None,
    texts: bool = True,
    package: Mapping[str, str] | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """Write the project, or some of its documents, as an exchange file.

    Args:
        reads: the project; nothing is written through its connection meanwhile.
        suggestions: whether to include those that nobody judged.
        documents: ids; None is the whole corpus.
        texts: whether to include them; the fingerprints stay.
        package: id, name and annotator of the work package that the file is; None keeps the project's own.
        progress: told documents done and in all.

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
                writer = _Writer(rows, file, ids, texts, suggestions, package, cancelled)
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
        package: Mapping[str, str] | None,
        cancelled: Callable[[], bool],
    ) -> None:
        self._rows = rows
        self._file = file
        self._ids = ids
        self._inside = frozenset(ids)
        self._texts = texts
        self._suggestions = suggestions
        self._package = package
        self._cancelled = cancelled
        self._runs = rows.runs()
        self._records = SuggestionRecords(self._runs)
        self.counts: dict[str, int] = {}

    def write(self, progress: Progress) -> None:
        """Write everything, beginning to end."""
        kept = json.loads(self._rows.meta(EXCHANGE_META) or "{}")
        lists = {
            "annotators": list(named("id kind name", self._rows.annotators(self._package_annotator(kept)))),
            "runs": list(named("id pipeline version hash started", [run[1:] for run in self._runs])),
            "register": list(named("id label name aliases links", self._rows.register())),
            "deleted": list(named("id kind annotator at revision", self._rows.removed())),
            "conflicts": [one.encode() for one in self._rows.conflicts(None)],
        }
        self._write_header(kept, {name: len(lines) for name, lines in lists.items()})
        for name in TOP_LISTS[:-1]:
            if lists[name] or name not in SPARE_LISTS:
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

    def _package_annotator(self, kept: dict[str, Any]) -> str | None:
        package = self._package or kept.get("package")
        return package["annotator"] if package else None

    def _write_header(self, kept: dict[str, Any], outer: dict[str, int]) -> None:
        inner = self._rows.counts()
        for name in ("deleted", "conflicts"):
            if count := outer.pop(name):
                inner[name] = inner.get(name, 0) + count
        self.counts = {"documents": len(self._ids), **outer, **inner}
        project = {"id": self._rows.meta("id"), "name": self._rows.meta("name") or ""}
        header = {
            "counts": self.counts,
            "format": ID,
            "offsets": "code points",
            "project": kept.get("project", {}) | project,
            "version": kept.get("version", VERSION),
        }
        if package := self._package or kept.get("package"):
            header["package"] = package
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
            ("conflicts", [one.encode() for one in rows.conflicts(document)]),
            ("effort", [_effort_line(one) for one in rows.effort(document)]),
        )
        for name, lines in lists:
            if lines or name not in SPARE_LISTS:
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
