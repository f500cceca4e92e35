"""Reading a CAS with dkpro-cassis into marks, and finding what the library would take silently."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.formats.cas_types import METADATA, with_usual, xml_root
from app.formats.gathering import parsed
from app.formats.uima import Mark
from app.formats.units import Offsets
from app.readers.source import foreign
from models.errors import UserError

_XMI_ID = "{http://www.omg.org/XMI}id"
_CAS = "{http:///uima/cas.ecore}"
_TYPES: dict[bytes, Any] = {}
"""The type system of the CAS JSON file read last, by how it is written: files of one project repeat it, and making
it takes ten times as long as reading a file.
"""


@dataclass(slots=True)
class View:
    """One text of a CAS (most have one), its marks, and what of it is not read: codes with details."""

    name: str
    text: str | None
    marks: list[Mark] = field(default_factory=list)
    refused: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)


@dataclass(slots=True)
class Views:
    """One CAS. ``unknown``: types that the type system lacks, with how many annotations have them."""

    views: list[View]
    title: str | None = None
    source: str | None = None
    language: str | None = None
    unknown: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file says that something stands: the id of its text and two UTF-16 offsets."""

    key: str
    sofa: str
    begin: object
    end: object


def json_views(data: bytes) -> Views:
    """Return what a CAS JSON file holds.

    Raises:
        UserError: ``reading.broken``, ``peers.not-object``.
    """
    from cassis import load_cas_from_json

    raw = parsed(data)
    if not isinstance(raw, dict):
        raise UserError("peers.not-object")
    with foreign():
        texts, places = _json_places(raw)
        types = orjson.dumps(raw.get("%TYPES"))
        known = _TYPES.get(types)
        cas = load_cas_from_json(data.decode("utf-8-sig"), typesystem=known, merge_typesystem=known is None)
        if known is None:
            _TYPES.clear()
            _TYPES[types] = cas.typesystem
        return _views(cas, _displaced(texts, places), {})


def _json_places(raw: dict[str, Any]) -> tuple[dict[str, str], list[_Place]]:
    found = raw.get("%FEATURE_STRUCTURES") or []
    pairs = found.items() if isinstance(found, dict) else ((one.get("%ID"), one) for one in found)
    texts: dict[str, str] = {}
    places = []
    for key, one in pairs:
        if isinstance(one.get("sofaString"), str):
            texts[str(key)] = one["sofaString"]
        elif "begin" in one or "end" in one:
            places.append(_Place(str(key), str(one.get("@sofa")), one.get("begin"), one.get("end")))
    return texts, places


def xmi_views(data: bytes, types: Any) -> Views:
    """Return what an XMI file holds; what has a type that ``types`` lack is counted, not read.

    Raises:
        UserError: ``reading.broken``, ``peers.doctype``.
    """
    from cassis import load_cas_from_xmi

    root = xml_root(data)
    with foreign():
        texts, places, named = _xmi_places(root)
        if not all(map(types.contains_type, named)):
            types = with_usual(types)
        unknown = {name: count for name, count in named.items() if not types.contains_type(name)}
        del root
        cas = load_cas_from_xmi(io.BytesIO(data), typesystem=types, lenient=True, trusted=True)
        return _views(cas, _displaced(texts, places), unknown)


def _xmi_places(root: Any) -> tuple[dict[str, str], list[_Place], Counter[str]]:
    texts: dict[str, str] = {}
    places = []
    named: Counter[str] = Counter()
    for one in root:
        if not isinstance(one.tag, str):
            continue
        key = str(one.get(_XMI_ID))
        if one.tag == f"{_CAS}Sofa":
            texts[key] = one.get("sofaString") or ""
        elif one.tag not in (f"{_CAS}View", f"{_CAS}NULL"):
            named[_type_name(one.tag)] += 1
            if "begin" in one.attrib:
                places.append(_Place(key, str(one.get("sofa")), _int(one.get("begin")), _int(one.get("end"))))
    return texts, places, named


def _type_name(tag: str) -> str:
    package, _, name = tag.removeprefix("{http:///").partition(".ecore}")
    full = f"{package.replace('/', '.')}.{name}"
    return full.removeprefix("uima.noNamespace.")


def _int(value: str | None) -> object:
    try:
        return int(value or "")
    except ValueError:
        return value


def _displaced(texts: Mapping[str, str], places: list[_Place]) -> dict[str, tuple[str, Mapping[str, object]]]:
    """Return what stands nowhere: the library would take such offsets as they are."""
    offsets = {key: Offsets(text, "utf-16") for key, text in texts.items()}
    found: dict[str, tuple[str, Mapping[str, object]]] = {}
    for place in places:
        if place.sofa not in offsets:
            continue
        for offset in (place.begin, place.end):
            if isinstance(offset, bool) or not isinstance(offset, int):
                found[place.key] = ("peers.bad-field", {"field": "begin, end"})
                continue
            try:
                offsets[place.sofa].point(offset)
            except UserError as error:
                found[place.key] = (error.code, error.details)
    return found


def _views(cas: Any, displaced: Mapping[str, tuple[str, Mapping[str, object]]], unknown: Mapping[str, int]) -> Views:
    found = Views([], unknown=unknown)
    for one in cas.views:
        text = one.sofa.sofaString
        members = one.get_all_fs()
        if text is None and not members and len(cas.views) > 1:
            continue
        view = View(one.sofa.sofaID, text)
        for fs in _with_ends(members):
            if str(fs.xmiID) in displaced:
                view.refused.append(displaced[str(fs.xmiID)])
            elif fs.type.name != "uima.cas.Sofa":
                view.marks.append(_mark(fs))
            if fs.type.name == METADATA:
                found.title = found.title or fs.documentTitle
                found.source = found.source or fs.documentUri
            if getattr(fs, "language", None) not in (None, "x-unspecified"):
                found.language = found.language or fs.language
        found.views.append(view)
    return found


def _with_ends(members: list[Any]) -> list[Any]:
    """Return the members and what they point at, each once, in order of their ids."""
    found = {fs.xmiID: fs for fs in members}
    for fs in members:
        for _, target in _ends(fs):
            found.setdefault(target.xmiID, target)
    return [found[key] for key in sorted(found)]


def _mark(fs: Any) -> Mark:
    features = {}
    for feature in fs.type.all_features:
        value = getattr(fs, feature.name)
        if feature.name in ("begin", "end", "sofa") or value is None or hasattr(value, "xmiID"):
            continue
        features[feature.name] = value
    ends = tuple((role, str(target.xmiID)) for role, target in _ends(fs))
    return Mark(str(fs.xmiID), fs.type.name, getattr(fs, "begin", None), getattr(fs, "end", None), features, ends)


def _ends(fs: Any) -> Iterator[tuple[str, Any]]:
    """Yield the annotations that one points at, by feature, or by feature and role where it is a slot."""
    for feature in fs.type.all_features:
        if feature.name == "sofa":
            continue
        value = getattr(fs, feature.name)
        for one in _elements(value):
            if hasattr(one, "begin"):
                yield feature.name, one
            elif hasattr(getattr(one, "target", None), "begin"):
                yield f"{feature.name}:{getattr(one, 'role', None) or feature.name}", one.target


def _elements(value: Any) -> Iterator[Any]:
    if not hasattr(value, "xmiID"):
        return
    if hasattr(value, "elements"):
        yield from (one for one in value.elements or () if hasattr(one, "xmiID"))
    elif hasattr(value, "head") or "EmptyFSList" in value.type.name:
        while hasattr(value, "head"):
            yield value.head
            value = value.tail
    else:
        yield value
