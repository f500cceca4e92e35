"""Cases in words: how their readings differ, what was decided, and each reading in its context."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

from app.messages import language, tr
from app.services.adjudication_views import Case, DocumentCases, Ruling
from models.adjudication import DIFFERENCES, differs_from
from models.annotations import Annotation
from models.labels import LabelSet, localised
from models.spans import Span, Spans

CONTEXT = 36
"""Code points shown at either side of a passage."""
LONGEST = 420
"""Longer passages are shown with their middle left out."""


def differences(case: Case) -> str:
    """Return how a case's readings differ, in a few words."""
    if not case.differences:
        return tr("adjudication.agree")
    return ", ".join(tr(f"adjudication.differs-{one}") for one in DIFFERENCES if one in case.differences)


def differences_from(case: Case, ruling: Ruling, voter: int) -> str:
    """Return how what was decided differs from one annotator's reading; empty where it does not."""
    found = differs_from(case.readings[voter], case, ruling)
    order = ("missing", "extra", "boundary", "label", "facets", "ends")
    return ", ".join(tr(f"adjudication.yours-{one}") for one in order if one in found)


def state(case: Case, cases: DocumentCases, people: Mapping[str, str], labels: LabelSet) -> str:
    """Return what was decided on a case, or what it waits for."""
    ruling = cases.ruling(case)
    said = _decided(case, ruling, people)
    if not ruling.open:
        return said
    if ruling.rivals:
        return f"{said} {tr('adjudication.rivals')}"
    if ruling.unsettled:
        return tr("adjudication.unsettled", facets=", ".join(facet_title(labels, one) for one in ruling.unsettled))
    if ruling.result is not None or ruling.wrong:
        return f"{said} {tr('adjudication.came-since')}"
    ends = cases.open_ends(case)
    return tr("adjudication.end-open", count=len(ends)) if ends else tr("adjudication.open")


def _decided(case: Case, ruling: Ruling, people: Mapping[str, str]) -> str:
    if ruling.wrong:
        return tr("adjudication.all-wrong")
    if ruling.result is None:
        return ""
    if not case.members:
        return tr("adjudication.added")
    taken = ruling.result.origin.get("from")
    ids = taken if isinstance(taken, list) else []
    names = [people.get(one.annotator, "?") for one in case.members if one.id in ids]
    if not names:
        return tr("adjudication.written")
    return tr("adjudication.taken-from", names=joined(names))


def joined(names: Sequence[str]) -> str:
    """Return names as people list them."""
    if len(names) < 2:
        return "".join(names)
    return tr("adjudication.and", first=", ".join(names[:-1]), last=names[-1])


def facet_title(labels: LabelSet, facet: str) -> str:
    """Return what a facet is called."""
    found = labels.facet(facet)
    return localised(found.title, language(), facet) if found else facet


def facet_value(labels: LabelSet, facet: str, value: object) -> str:
    """Return what a facet's value is called."""
    found = labels.facet(facet)
    if isinstance(value, bool):
        return tr("adjudication.yes") if value else tr("adjudication.no")
    for one in found.values if found else ():
        if one.id == value:
            return localised(one.title, language(), one.id)
    return str(value)


def quote(cases: DocumentCases, one: Annotation) -> str:
    """Return a reading's words; of a relation the words at its ends."""
    if one.kind != "relation":
        return _plain(" … ".join(one.exact))
    head, tail = (cases.annotation(end) for end in (one.head, one.tail))
    words = [_plain(" … ".join(end.exact)) if end else "…" for end in (head, tail)]
    return " → ".join(words)


def _plain(words: str) -> str:
    return " ".join(words.split())


# Readings in their context, as rich text --------------------------------------------------------------------


def passage(text: str, spans: Spans, others: Iterable[Spans], ground: str, accent: str) -> str:
    """Return a passage with its context: what not all readings cover stands out by weight and a line."""
    covered = [set(_positions(one)) for one in others]
    shared = set.intersection(*covered) if covered else set()
    first, last = max(0, spans[0].start - CONTEXT), min(len(text), spans[-1].end + CONTEXT)
    own = set(_positions(spans))
    pieces: list[tuple[str, str]] = []
    hole = _hole(spans)
    for at in range(first, last):
        if at in hole:
            if not pieces or pieces[-1][0] != "hole":
                pieces.append(("hole", " […] "))
            continue
        look = ("shared" if at in shared else "differs") if at in own else "context"
        letter = " " if text[at].isspace() else text[at]
        if pieces and pieces[-1][0] == look:
            pieces[-1] = (look, pieces[-1][1] + letter)
        else:
            pieces.append((look, letter))
    dress = {
        "shared": f'<span style="background-color:{ground}">{{}}</span>',
        "differs": f'<span style="background-color:{ground};font-weight:600;color:{accent}"><u>{{}}</u></span>',
    }
    said = "".join(dress.get(look, "{}").format(escape(words)) for look, words in pieces)
    return ("…" if first > 0 else "") + said + ("…" if last < len(text) else "")


def _positions(spans: Spans) -> Iterable[int]:
    return (at for start, end in spans for at in range(start, end))


def _hole(spans: Spans) -> range:
    """Return what is left out in the middle of a long passage."""
    whole = Span(spans[0].start, spans[-1].end)
    if whole.end - whole.start <= LONGEST:
        return range(0)
    return range(whole.start + LONGEST // 2, whole.end - LONGEST // 2)


def facets(labels: LabelSet, one: Annotation | None, differing: Collection[str], values: Mapping[str, object]) -> str:
    """Return the facets of a claim; those in which readings differ stand out."""
    said = []
    for facet in labels.facets:
        if facet.id in values:
            words = escape(f"{facet_title(labels, facet.id)}: {facet_value(labels, facet.id, values[facet.id])}")
        elif facet.id in differing and one is not None:
            words = escape(f"{facet_title(labels, facet.id)}: –")
        else:
            continue
        said.append(f"<b>{words}</b>" if facet.id in differing else words)
    return " · ".join(said)


def differing_facets(members: Sequence[Annotation]) -> frozenset[str]:
    """Return the facets in which readings differ."""
    names = {name for one in members for name in one.facets}
    return frozenset(name for name in names if len({repr(one.facets.get(name)) for one in members}) > 1)
