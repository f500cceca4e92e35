"""Writing a project in a format: one moment of it, narrowed, simplified, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from app.formats.atomic import replacing_folder, replacing_path
from app.formats.contract import (
    SPLITS,
    Cancelled,
    ExportOptions,
    ExportReport,
    Format,
    Progress,
    WriteContext,
)
from app.formats.data_card import Tally, write_card
from app.formats.layers import LayerDocument, Losses
from app.formats.reading import LayerSource
from app.formats.simplify import simplifier
from models.errors import UserError
from models.store.export_reads import ExportReads
from models.store.layer_reads import LayerReads
from models.store.reads import Reads


class _Stopped(Exception):
    """The user wants no more."""


def export(
    chosen: Format,
    reads: Reads,
    target: Path,
    options: ExportOptions | None = None,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> ExportReport:
    """Write the project, or what ``options`` ask of it, as ``target``, which is replaced in one move.

    A split makes ``target`` a folder with a part each and a data card. A folder is replaced only where an export
    made it.

    Raises:
        UserError: ``formats.only-read``, ``formats.no-such-choice``, ``formats.nothing-split``,
            ``formats.folder-of-others``, ``document.unknown``, ``exchange.target-is-project``.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``; what was there is as it was.
    """
    options = options or ExportOptions()
    if chosen.exporter is not None:
        return chosen.exporter(reads, target, options, progress, cancelled)
    if chosen.write is None:
        raise UserError("formats.only-read", format=chosen.id)
    rows = ExportReads(reads, options.documents, False)
    if rows.is_project(target):
        raise UserError("exchange.target-is-project", path=str(target))
    export_ = _Export(chosen, reads, options, progress, cancelled)
    with rows.snapshot():
        ids = rows.documents()
        for wanted in set(options.documents or ()).difference(ids):
            raise UserError("document.unknown", document=wanted)
        try:
            return export_.write(ids, target)
        except _Stopped:
            return ExportReport(target, cancelled=True)


def complete_choices(chosen: Format, given: Mapping[str, str]) -> dict[str, str]:
    """Return a format's own settings, those not given at their habit.

    Raises:
        UserError: ``formats.no-such-choice``.
    """
    for name, value in given.items():
        allowed = chosen.choices.get(name)
        if allowed is None or value not in allowed:
            known = "; ".join(f"{one}={'|'.join(values)}" for one, values in chosen.choices.items()) or "–"
            raise UserError("formats.no-such-choice", choice=f"{name}={value}", format=chosen.id, known=known)
    return {name: given.get(name, allowed[0]) for name, allowed in chosen.choices.items()}


class _Export:
    def __init__(
        self, chosen: Format, reads: Reads, options: ExportOptions, progress: Progress, cancelled: Cancelled
    ) -> None:
        self._format = chosen
        self._reads = reads
        self._options = options
        self._progress = progress
        self._cancelled = cancelled
        self._losses = Losses()
        self._source = LayerSource(reads, options, self._losses, far_links=chosen.far_links)
        self._simplified = simplifier(chosen, self._source.rank, self._losses)
        self._choices = complete_choices(chosen, options.choices)
        self._tally = Tally()
        self._done = self._total = 0

    def write(self, ids: Sequence[str], target: Path) -> ExportReport:
        """Write these documents; the caller holds the moment."""
        chosen, options = self._format, self._options
        splits = LayerReads(self._reads).splits() if options.split else {}
        parts: list[tuple[str | None, list[str]]] = [(None, list(ids))]
        if options.split:
            parts = [(part, [one for one in ids if splits.get(one) == part]) for part in SPLITS]
            if not any(documents for _, documents in parts):
                raise UserError("formats.nothing-split")
        self._total = sum(len(documents) for _, documents in parts)
        folder = chosen.folder or options.split
        if options.split and chosen.own_split:
            parts = [(None, [one for _, documents in parts for one in documents])]
        with ExitStack() as stack:
            place = replacing_folder(target, chosen.id) if folder else replacing_path(target)
            beside = stack.enter_context(place)
            for part, documents in parts:
                self._part(part, documents, self._place(beside, part))
            if options.split or chosen.card:
                write_card(beside / "README.md", self._reads, self._tally, options)
            size = sum(one.stat().st_size for one in beside.rglob("*")) if folder else beside.stat().st_size
        return ExportReport(target, self._done, self._tally.counts(), size, losses=self._losses.all())

    def _place(self, beside: Path, part: str | None) -> Path:
        if part is None:
            return beside
        place = beside / f"{part}{self._format.suffix}"
        if self._format.folder:
            place.mkdir()
        return place

    def _part(self, part: str | None, ids: Sequence[str], place: Path) -> None:
        assert self._format.write is not None
        context = WriteContext(
            labels=self._reads.label_set(),
            annotators=self._source.annotators,
            project=self._reads.meta("name") or "",
            choices=self._choices,
            split=part,
            licence=self._options.licence,
            rank=self._source.rank,
        )
        for loss in self._format.write(self._documents(ids), place, context):
            self._losses.join(loss)

    def _documents(self, ids: Sequence[str]) -> Iterator[LayerDocument]:
        for document in self._source.documents(ids):
            if self._cancelled():
                raise _Stopped
            self._tally.add(document)
            yield self._simplified(document)
            self._done += 1
            self._progress(self._done, self._total)
