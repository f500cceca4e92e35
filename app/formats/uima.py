"""What INCEpTION and WebAnno files have in common: layers of annotations with features and ends, whatever their names.

A layer whose annotations point at two others is one of relations; one that points at others in slots is a passage
with a relation for each slot. Tokens, sentences and what describes the document are its structure: they become
passages only where a relation ends on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.formats.beside import STATES
from app.formats.contract import ReadContext
from app.formats.gathering import Gathering, Item, parsed
from app.formats.layers import DocumentNote
from models.errors import UserError
from models.spans import check_spans

SPAN = "webanno.custom.KuratorSpan"
"""Entities and claims share a layer: INCEpTION's relations attach to one."""
RELATION = "webanno.custom.KuratorRelation"
DOCUMENT = "webanno.custom.KuratorDocument"
"""What is about the whole document stands at its beginning, without length: layers must have a place."""
OURS = {
    "category": "kind",
    "uid": "id",
    "annotator": "annotator",
    "decision": "state",
    "note": "note",
    "score": "score",
    "register": "register",
}
"""Our features → the fields of a passage or link that they hold."""
FRAGMENT = "fragment"
"""The feature that numbers, from 1, the pieces of a passage that is written in several."""
NAMES = ("label", "value", "DependencyType", "PosValue")
"""Features that hold what something is called, the first that is there; else the layer is its name."""

_SEGMENTATION = ".core.api.segmentation.type."
_STRUCTURE = (
    _SEGMENTATION,
    ".core.api.metadata.type.",
    "uima.tcas.DocumentAnnotation",
    "uima.cas.Sofa",
)
_SOURCES, _TARGETS = ("Governor", "source", "head", "from"), ("Dependent", "target", "tail", "to")


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation as it stands in a file.

    ``begin`` and ``end`` are code points; None where it has no place of its own. ``ends``: what it points at, by
    feature (and role).
    """

    key: str
    layer: str
    begin: int | None
    end: int | None
    features: Mapping[str, Any] = field(default_factory=dict)
    ends: tuple[tuple[str, str], ...] = ()


def is_structure(layer: str) -> bool:
    """Whether a layer describes the text rather than annotating it."""
    return _short(layer) in ("Token", "Sentence") or any(part in layer for part in _STRUCTURE)


def is_relation(mark: Mark) -> bool:
    """Whether an annotation leads from one to another."""
    roles = {role for role, _ in mark.ends}
    return len(mark.ends) == 2 and bool(roles & set(_SOURCES)) and bool(roles & set(_TARGETS))


def layered(
    gathering: Gathering, marks: Iterable[Mark], context: ReadContext, form: str, annotator: str = ""
) -> Iterator[Item]:
    """Yield the document that the marks make, then what is refused.

    Args:
        form: the format's id, kept in the origin.
        annotator: whose marks they are where they do not say.
    """
    reading = _Reading(gathering, {mark.key: mark for mark in marks}, context, form, annotator)
    reading.take()
    yield from gathering.items()


class _Reading:
    def __init__(
        self, gathering: Gathering, marks: Mapping[str, Mark], context: ReadContext, form: str, annotator: str
    ) -> None:
        self._gathering, self._marks, self._form, self._annotator = gathering, marks, form, annotator
        self._facets = {feature_name(facet.id): facet.id for facet in context.labels.facets}
        self._pieces: dict[str, str] = {}

    def take(self) -> None:
        held = {end for mark in self._marks.values() if not is_structure(mark.layer) for _, end in mark.ends}
        for mark in self._marks.values():
            if mark.layer == DOCUMENT:
                self._document(mark)
            elif (
                mark.begin is not None and not is_relation(mark) and (mark.key in held or not is_structure(mark.layer))
            ):
                self._passage(mark)
        for mark in self._marks.values():
            self._links(mark)

    def _document(self, mark: Mark) -> None:
        if (note := mark.features.get("note")) is not None:
            by = mark.features.get("annotator") or self._annotator
            self._gathering.notes.append(DocumentNote(str(by), str(note)))
        with self._gathering.refusing():
            self._gathering.facts(parsed(str(mark.features.get("facts") or "null")))

    def _passage(self, mark: Mark) -> None:
        with self._gathering.refusing():
            own = self._own(mark)
            piece = (own["id"], mark.layer) if FRAGMENT in mark.features and "id" in own else None
            first = self._pieces.get(repr(piece)) if piece else None
            spans = [(mark.begin or 0, mark.end or 0)]
            if first is not None and (found := self._gathering.found(first)) is not None:
                self._pieces[mark.key] = first
                self._join(first, [*getattr(found, "spans", ()), *spans])
                return
            if piece:
                self._pieces[repr(piece)] = mark.key
            self._gathering.passage(mark.key, self._label(mark), spans, self._origin(mark), **own)

    def _join(self, first: str, spans: list[Any]) -> None:
        self._gathering.change(first, spans=check_spans(sorted(spans), len(self._gathering.text)))

    def _links(self, mark: Mark) -> None:
        if not mark.ends or is_structure(mark.layer):
            return
        if is_relation(mark):
            with self._gathering.refusing():
                head, tail = sorted(mark.ends, key=lambda end: end[0] not in _SOURCES)
                own = self._own(mark)
                own.pop("register", None), own.pop("kind", None)
                self._link(mark.key, self._label(mark), head[1], tail[1], mark, own)
        elif mark.begin is not None:
            for number, (role, end) in enumerate(mark.ends, 1):
                label = role.partition(":")[2] or role
                label = _short(mark.layer) if label == "next" else label
                self._link(f"{mark.key}.{number}", label, mark.key, end, mark, {"annotator": self._annotator})

    def _link(self, key: str, label: str, head: str, tail: str, mark: Mark, own: dict[str, Any]) -> None:
        head, tail = self._pieces.get(head, head), self._pieces.get(tail, tail)
        self._gathering.link(key, label, head, tail, self._origin(mark), **own)

    def _origin(self, mark: Mark) -> dict[str, object]:
        origin: dict[str, object] = {"format": self._form, "id": mark.key}
        if mark.layer not in (SPAN, RELATION):
            origin["layer"] = mark.layer
        return origin

    def _label(self, mark: Mark) -> str:
        named = (mark.features.get(name) for name in NAMES)
        return next((name for name in named if isinstance(name, str) and name), _short(mark.layer))

    def _own(self, mark: Mark) -> dict[str, Any]:
        """Return the fields that the features hold; what is none of ours is a facet."""
        fields: dict[str, Any] = {"annotator": self._annotator}
        facets: dict[str, object] = {}
        name = next((one for one in NAMES if isinstance(mark.features.get(one), str) and mark.features[one]), None)
        for feature, value in mark.features.items():
            if value is None or feature in (name, FRAGMENT):
                continue
            if feature in OURS and mark.layer in (SPAN, RELATION):
                fields[OURS[feature]] = _field(feature, value)
            else:
                facets[self._facets.get(feature, feature)] = value if isinstance(value, bool) else str(value)
        return fields | {"facets": facets}


def _field(feature: str, value: object) -> object:
    text = str(value)
    allowed: dict[str, tuple[str, ...]] = {"decision": STATES, "category": ("entity", "claim")}
    if feature in allowed and text not in allowed[feature]:
        raise UserError("peers.bad-field", field=feature)
    if feature == "score":
        try:
            return float(text)
        except ValueError:
            raise UserError("peers.bad-field", field=feature) from None
    return text


def feature_name(facet: str) -> str:
    """Return a facet's id as a feature's name: letters and digits, none that has a meaning of its own."""
    name = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in facet) or "_"
    name = f"_{name}" if name[0].isdigit() else name
    reserved = {
        *OURS,
        *NAMES,
        FRAGMENT,
        "begin",
        "end",
        "sofa",
        "Governor",
        "Dependent",
        "self",
        "type",
        "id",
        "note",
        "facts",
    }
    return f"{name}_" if name in reserved or not name.strip("_") else name


def _short(layer: str) -> str:
    return layer.rpartition(".")[2]
