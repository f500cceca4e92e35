"""The data card that goes with training data: what is in it, who made it, how well they agree, what may be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.formats.contract import SPLITS, ExportOptions
from app.formats.layers import LayerDocument
from app.messages import language, tr
from models.errors import UserError
from models.labels import LabelSet, localised
from models.store.reads import Reads

if TYPE_CHECKING:
    from models.agreement.records import AgreementReport

LICENCE_KEYS = ("licence", "license", "licens", "rights")
"""Keys of a document's metadata that say under which licence it may be used."""
SHOWN_SOURCES = 20
STANDING = ("manual", "accepted", "corrected")
OPEN = ("rejected", "suggested")


class Tally:
    """Counts what goes by while documents are written."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        """Part of the split ("" where there is none) → documents."""
        self._marks: Counter[tuple[str, str, str, str, str]] = Counter()
        """(part, kind, label, state, annotator) → passages and links."""
        self.sources: Counter[str] = Counter()
        self.licences: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.characters = 0

    def add(self, document: LayerDocument) -> None:
        """Count one document as the project has it."""
        part = document.split or ""
        self.documents[part] += 1
        self.characters += len(document.text)
        marks = self._marks
        for one in document.passages:
            marks[part, one.kind, one.label, one.state, one.annotator] += 1
        for link in document.links:
            marks[part, "relation", link.label, link.state, link.annotator] += 1
        self._add_facts(document)

    def counted(self, place: int, *states: str) -> Counter[str]:
        """Return counts by part, kind, label, state or annotator (0 to 4), of marks in these states."""
        found: Counter[str] = Counter()
        for key, count in self._marks.items():
            if key[3] in states:
                found[key[place]] += count
        return found

    def labels(self, part: str) -> Counter[str]:
        """Return label → passages and links of a part that a human stands behind."""
        found: Counter[str] = Counter()
        for key, count in self._marks.items():
            if key[0] == part and key[3] in STANDING:
                found[key[2]] += count
        return found

    def _add_facts(self, document: LayerDocument) -> None:
        publisher = document.metadata.get("publisher")
        host = urlsplit(document.source or "").hostname if "://" in (document.source or "") else None
        if source := publisher or host:
            self.sources[source] += 1
        for key, value in document.metadata.items():
            if key.lower() in LICENCE_KEYS:
                self.licences[value] += 1
        self.languages[document.language or "–"] += 1

    def counts(self) -> dict[str, int]:
        """Return how much was written by list, as the exchange file names them."""
        kinds = self.counted(1, *STANDING)
        names = {"entity": "entities", "claim": "claims", "relation": "relations"}
        found = {name: kinds[kind] for kind, name in names.items()}
        return {"documents": self.documents.total(), **found, "suggestions": self.counted(3, *OPEN).total()}


def write_card(path: Path, reads: Reads, tally: Tally, options: ExportOptions) -> None:
    """Write the card, after what the file holds already (a format's own head)."""
    head = path.read_text("utf-8") if path.exists() else ""
    text = head + "\n".join(_lines(reads, tally, options)) + "\n"
    path.write_text(text, "utf-8", newline="\n")


def _lines(reads: Reads, tally: Tally, options: ExportOptions) -> Iterator[str]:
    labels = reads.label_set()
    yield f"# {reads.meta('name') or 'Kurator'}"
    yield ""
    yield tr("formats.card-intro", count=tally.documents.total(), characters=tally.characters)
    yield ""
    yield from _section("formats.card-labels", _label_table(tally, labels))
    yield from _section("formats.card-made", _made(tally))
    yield from _section("formats.card-annotators", _annotators(reads, tally))
    yield from _section("formats.card-agreement", _agreement(reads, options))
    yield from _section("formats.card-label-set", _label_set(labels))
    yield from _section("formats.card-licence", _licence(tally, options))
    yield from _section("formats.card-sources", _sources(tally))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"## {tr(title)}"
    yield ""
    yield from lines
    yield ""


def _cells(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _label_table(tally: Tally, labels: LabelSet) -> Iterator[str]:
    parts = [part for part in ("", *SPLITS) if part in tally.documents]
    names = [part or tr("formats.card-all") for part in parts]
    yield _cells(tr("formats.card-label"), *names, tr("formats.card-turned-down"))
    yield _cells(*["---"] * (len(parts) + 2))
    yield _cells(tr("formats.card-documents"), *(tally.documents[part] for part in parts), "")
    counted, negatives = {part: tally.labels(part) for part in parts}, tally.counted(2, "rejected")
    used = {label for counts in counted.values() for label in counts} | set(negatives)
    order = [label.id for label in labels]
    for label in sorted(used, key=lambda one: (order.index(one) if one in order else len(order), one)):
        yield _cells(label, *(counts[label] for counts in counted.values()), negatives[label])


def _made(tally: Tally) -> Iterator[str]:
    for state in ("accepted", "corrected", "manual", "rejected", "suggested"):
        yield f"- {tr(f'formats.card-{state}', count=tally.counted(3, state).total())}"


def _annotators(reads: Reads, tally: Tally) -> Iterator[str]:
    known = {one.id: one for one in reads.annotators()}
    unnamed = tr("formats.card-unnamed")
    for identity, count in sorted(tally.counted(4, *STANDING).items(), key=lambda item: (-item[1], item[0])):
        one = known.get(identity)
        name = (one.name if one else "") or unnamed
        role = f" ({tr('formats.card-adjudicated')})" if one and one.kind == "adjudication" else ""
        yield f"- {name}{role}: {count}"


_MEASURES = ("f1-exact", "f1-overlap", "f1", "alpha", "u-alpha")


def _agreement(reads: Reads, options: ExportOptions) -> Iterator[str]:
    """Yield how well the annotators agree, over all labels, where two of them did the same documents."""
    from app.services.agreement import NOT_TWO

    report = _measured(reads, options)
    if report is None:
        yield tr("formats.card-one-annotator")
        return
    names = ", ".join(one.name or tr("formats.card-unnamed") for one in report.annotators)
    yield tr("formats.card-agreed", count=len(report.documents), names=names, alone=report.left_out.get(NOT_TWO, 0))
    yield ""
    yield _cells(*(tr(f"formats.card-{name}") for name in ("layer", "measure", "value", "units")))
    yield _cells(*["---"] * 4)
    for one in report.figures:
        overall = (one.part, one.subject, one.pair, one.document) == ("all", None, None, None)
        if overall and one.measure in _MEASURES and one.value is not None:
            layer, measure = tr(f"agreement.layer-{one.layer}"), tr(f"agreement.measure-{one.measure}")
            yield _cells(layer, measure, f"{one.value:.3f}", one.units)


def _measured(reads: Reads, options: ExportOptions) -> AgreementReport | None:
    """Return agreement on what two are done with, else on what two worked on; None where there is nothing."""
    from app.services.agreement import Scope, Selection, measured, project_source
    from models.agreement.measure import Wishes

    documents = None if options.documents is None else tuple(options.documents)
    labels = None if options.labels is None else tuple(sorted(options.labels))
    scopes: tuple[Scope, ...] = ("done", "worked")
    for scope in scopes:
        with suppress(UserError):
            wanted = Selection(options.annotators, scope, documents, labels)
            return measured(project_source(reads), wanted, Wishes(samples=0))
    return None


def _label_set(labels: LabelSet) -> Iterator[str]:
    yield tr("formats.card-version", name=labels.name, version=labels.version, id=labels.id)
    yield ""
    for label in labels:
        if not label.retired:
            described = localised(label.description, language())
            yield f"- **{label.id}**" + (f": {described}" if described else "")


def _licence(tally: Tally, options: ExportOptions) -> Iterator[str]:
    if options.licence:
        yield options.licence
    elif not tally.licences:
        yield tr("formats.card-no-licence")
    else:
        yield from _counted(tally.licences)


def _sources(tally: Tally) -> Iterator[str]:
    if not tally.sources:
        yield tr("formats.card-no-sources")
        return
    yield from _counted(tally.sources)


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, count in found[:SHOWN_SOURCES]:
        yield f"- {' '.join(name.split())}: {count}"
    if len(found) > SHOWN_SOURCES:
        yield f"- {tr('formats.card-more', count=len(found) - SHOWN_SOURCES)}"
