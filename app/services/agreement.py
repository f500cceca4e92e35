"""Agreement between annotators, of a project or of exchange files, and the places behind each number."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from models.annotations import Annotator
from models.errors import UserError
from models.labels import LabelSet
from models.store import agreement_reads
from models.store.agreement_reads import Readers
from models.store.reads import Reads

if TYPE_CHECKING:
    from models.agreement.disagreements import Disagreement
    from models.agreement.measure import Wishes
    from models.agreement.records import AgreementReport, ComparedDocument, Figure

Scope = Literal["done", "worked", "controls", "others"]
"""Documents that two are done with; that two worked on; of those done the controls; the others."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

NOT_TWO = "agreement.left-out-not-two"
"""Why a document is left out: fewer than two of the annotators are done with it, or worked on it."""


class Selection(NamedTuple):
    """What is compared: annotators, documents and labels by id or name, None for all; of those, the scope."""

    annotators: tuple[str, ...] | None = None
    scope: Scope = "done"
    documents: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None


class Cancelled(Exception):
    """Measuring was called off."""


class Source(NamedTuple):
    """What can be compared: of a project, or of exchange files.

    ``annotators`` are everybody known; ``people`` those that are compared where nobody is named.
    ``document`` returns one document with some annotators' readings of it.
    """

    annotators: Sequence[Annotator]
    people: Sequence[Annotator]
    labels: LabelSet
    readers: Sequence[Readers]
    document: Callable[[str, Sequence[str], frozenset[str] | None], ComparedDocument]


def project_source(reads: Reads) -> Source:
    """Return what a project has to compare."""

    def document(one: str, annotators: Sequence[str], labels: frozenset[str] | None) -> ComparedDocument:
        return agreement_reads.compared(reads, one, annotators, labels)

    return Source(
        reads.annotators(),
        agreement_reads.people_with_work(reads),
        reads.label_set(),
        list(agreement_reads.readers(reads)),
        document,
    )


def measured(
    source: Source,
    selection: Selection,
    wishes: Wishes,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    left_out: dict[str, int] | None = None,
) -> AgreementReport:
    """Return every measure on what is selected.

    Raises:
        UserError: ``agreement.too-few-annotators``, ``agreement.unknown-annotator``,
            ``agreement.unknown-document``, ``agreement.unknown-label``, ``agreement.nothing-shared``.
        Cancelled: ``cancelled`` said so.
    """
    from models.agreement.measure import measure_agreement

    annotators = _annotators(source, selection)
    chosen = _chosen(source, selection, {one.id for one in annotators})
    labels = _labels(source, selection)
    counted = Counter(left_out or {})
    counted[NOT_TWO] += sum(len(who) < 2 for who in chosen.values())
    compared = {document: who for document, who in chosen.items() if len(who) > 1}
    if not compared:
        raise UserError("agreement.nothing-shared")

    def documents() -> Iterator[ComparedDocument]:
        for number, (document, who) in enumerate(compared.items()):
            if cancelled():
                raise Cancelled
            progress(number, len(compared))
            yield source.document(document, sorted(who), labels)

    with _collector_at_rest():
        missing = {code: count for code, count in counted.items() if count}
        report = measure_agreement(documents(), annotators, source.labels, wishes, missing)
    if cancelled():
        raise Cancelled
    progress(len(compared), len(compared))
    return report


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the collector of cycles from looking again and again at records that hold none: a quarter of the time."""
    works = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if works:
            gc.enable()


def _annotators(source: Source, selection: Selection) -> list[Annotator]:
    if selection.annotators is None:
        found = list(source.people)
    else:
        found = [_annotator(source, wanted) for wanted in dict.fromkeys(selection.annotators)]
    if len(found) < 2:
        raise UserError("agreement.too-few-annotators", count=len(found))
    return found


def _annotator(source: Source, wanted: str) -> Annotator:
    found = [one for one in source.annotators if wanted == one.id] or [
        one for one in source.annotators if wanted == one.name
    ]
    if len(found) != 1:
        known = ", ".join(sorted(f"{one.name} ({one.id})" for one in source.annotators))
        raise UserError(
            "agreement.ambiguous-annotator" if found else "agreement.unknown-annotator", name=wanted, known=known
        )
    return found[0]


def _chosen(source: Source, selection: Selection, annotators: set[str]) -> dict[str, set[str]]:
    """Return each selected document with those of the annotators whose readings of it count.

    An adjudicated reading is never done by anybody: it counts where there is any of it.
    """
    unknown = set(selection.documents or ()) - {name for one in source.readers for name in (one.document, one.name)}
    if unknown:
        raise UserError("agreement.unknown-document", name=min(unknown))
    made = {one.id for one in source.annotators if one.kind != "human"}
    found = {}
    for one in source.readers:
        if selection.documents is not None and not {one.document, one.name} & set(selection.documents):
            continue
        if selection.scope in ("controls", "others") and one.control != (selection.scope == "controls"):
            continue
        who = one.worked if selection.scope == "worked" else one.done | (one.worked & made)
        found[one.document] = annotators & who
    return found


def _labels(source: Source, selection: Selection) -> frozenset[str] | None:
    if selection.labels is None:
        return None
    names = {name: label.id for label in source.labels for name in (label.name, label.id)}
    unknown = [one for one in selection.labels if one not in names]
    if unknown:
        raise UserError("agreement.unknown-label", label=unknown[0])
    return frozenset(names[one] for one in selection.labels)


def disagreements(source: Source, report: AgreementReport, figure: Figure) -> Iterator[Disagreement]:
    """Yield the places behind a figure, document by document, as the source stands now."""
    from models.agreement.disagreements import disagreements as found_in

    labels = {subject for layer, subjects in report.labels.items() if layer != "facet" for subject in subjects}
    known = {one.document for one in source.readers}
    for one in report.documents:
        part = figure.part == "all" or one.control == (figure.part == "control")
        if one.id in known and part and figure.document in (None, one.id):
            document = source.document(one.id, one.annotators, frozenset(labels))
            yield from found_in(document, figure, one.annotators, source.labels)


def source_of(paths: Sequence[Path], cancelled: Callable[[], bool] = lambda: False) -> tuple[Source, dict[str, int]]:
    """Return what exchange files have to compare, taken together, and what cannot be compared, by message code.

    Raises:
        UserError: see :func:`app.services.agreement_files.gathered`.
    """
    from app.services.agreement_files import gathered

    return gathered(paths, cancelled)
