"""UIMA CAS files as INCEpTION reads and writes them: CAS JSON 0.4 and XMI, both ways, through dkpro-cassis.

Offsets are UTF-16 in the files. A passage of several spans is written as several annotations that share a ``uid``
and are numbered in ``fragment``; relations end on the first. INCEpTION asks for the layers to be there before it
reads a file that uses them: ``TypeSystem.xml`` beside the files is what its project settings take in.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from app.formats.beside import standing, told, told_of
from app.formats.cas_marks import Views, json_views, xmi_views
from app.formats.cas_types import METADATA, own_types, types_beside
from app.formats.contract import Format, Holds, ReadContext, WriteContext
from app.formats.file_names import FileNames
from app.formats.gathering import Gathering, Item, files, read_bytes
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage, Refusal
from app.formats.uima import DOCUMENT, FRAGMENT, OURS, RELATION, SPAN, feature_name, is_structure, layered
from models.errors import UserError

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold in any spelling."""


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext, *, xmi: bool) -> tuple[Loss, ...]:
    """Write one file for each document into the folder ``target``, and ``TypeSystem.xml``."""
    losses = Losses()
    names = FileNames(losses)
    facets = {facet.id: facet.type == "flag" for facet in context.labels.facets}
    types = own_types(facets)
    for document in documents:
        if not document.text:
            losses.add("peers.lost-empty-document", document.name)
            continue
        if xmi and _NO_XML.search(document.text):
            losses.add("peers.lost-control-document", document.name)
            continue
        passages, links = standing(document, losses)
        if new := _facets([*passages, *links], facets):
            facets |= new
            types = own_types(facets)
        cas = _Writer(types, document, context.annotators, _cleaner(losses, document.name) if xmi else str).cas(
            passages, links
        )
        name = names.name(document.name)
        with _quiet():
            if xmi:
                cas.to_xmi(target / f"{name}.xmi")
            else:
                _to_json(cas, target / f"{name}.json")
    types.to_xml(target / "TypeSystem.xml")
    return losses.all()


def _to_json(cas: Any, path: Path) -> None:
    from cassis.typesystem import TypeSystemMode

    cas.to_json(path, type_system_mode=TypeSystemMode.MINIMAL)


def _facets(items: Sequence[Passage | Link], known: Mapping[str, bool]) -> dict[str, bool]:
    found = [(name, value) for item in items for name, value in item.facets.items() if name not in known]
    return {name: isinstance(value, bool) for name, value in found if value is not None}


def _cleaner(losses: Losses, name: str) -> Any:
    def clean(value: object) -> str:
        text = str(value)
        if _NO_XML.search(text):
            losses.add("peers.lost-control-character", name)
        return _NO_XML.sub("\ufffd", text)

    return clean


class _Writer:
    """Makes the CAS of one document."""

    def __init__(self, types: Any, document: LayerDocument, annotators: Mapping[str, str], clean: Any) -> None:
        from cassis import Cas

        self._types, self._document, self._annotators, self._clean = types, document, annotators, clean
        self._cas = Cas(typesystem=types, sofa_string=document.text, sofa_mime="text/plain")
        self._first: dict[str, Any] = {}

    def cas(self, passages: Iterable[Passage], links: Iterable[Link]) -> Any:
        document = self._document
        self._add(
            METADATA,
            begin=0,
            end=len(document.text),
            language=document.language or "x-unspecified",
            documentTitle=self._clean(document.name),
            documentId=document.id or None,
            documentUri=self._clean(document.source) if document.source else None,
        )
        if facts := told_of(document):
            self._add(DOCUMENT, begin=0, end=0, facts=self._clean(json.dumps(facts, ensure_ascii=False)))
        for note in document.notes:
            by = self._annotators.get(note.annotator, note.annotator)
            self._add(DOCUMENT, begin=0, end=0, note=self._clean(note.text), annotator=self._clean(by))
        for one in passages:
            self._passage(one)
        for link in links:
            tail = self._first[link.tail]
            ends = {"Governor": self._first[link.head], "Dependent": tail, "begin": tail.begin, "end": tail.end}
            self._add(RELATION, **ends, **self._features(link))
        return self._cas

    def _passage(self, passage: Passage) -> None:
        several = len(passage.spans) > 1
        for number, span in enumerate(passage.spans, 1):
            piece = {FRAGMENT: number} if several else {}
            made = self._add(SPAN, begin=span.start, end=span.end, **piece, **self._features(passage))
            self._first.setdefault(passage.id, made)

    def _features(self, item: Passage | Link) -> dict[str, object]:
        fields = told(item, self._annotators)
        features: dict[str, object] = {"label": self._clean(item.label)}
        for feature, field in OURS.items():
            if field in fields:
                features[feature] = self._clean(fields[field])
        of_type = self._types.get_type(SPAN)
        for facet, value in fields.get("facets", {}).items():
            name = feature_name(facet)
            flag = of_type.get_feature(name).rangeType.name == "uima.cas.Boolean"
            features[name] = value if flag and isinstance(value, bool) else self._clean(value)
        return features

    def _add(self, layer: str, **features: object) -> Any:
        made = self._types.get_type(layer)(**features)
        self._cas.add(made)
        return made


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's warnings from the log; what they warn of is looked for and told by us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_file(
    data: bytes, path: Path, context: ReadContext, form: str, types: Any = None, annotator: str = "", name: str = ""
) -> Iterator[Item]:
    """Yield the documents of one CAS file, a view each.

    Args:
        path: what it is called; XMI finds its type system beside it unless ``types`` are given.
        name: the document's name, where the surroundings know it.
    """
    file = str(path)
    try:
        with _quiet():
            if form == "cas-xmi":
                views = xmi_views(data, types if types is not None else types_beside(path))
            else:
                views = json_views(data)
    except UserError as error:
        yield Refusal(file, None, error.code, error.details)
        return
    yield from _documents(views, file, name or _name(views.title, path), context, form, annotator)


def _documents(views: Views, file: str, name: str, context: ReadContext, form: str, annotator: str) -> Iterator[Item]:
    for number, view in enumerate(views.views):
        if view.text is None:
            yield Refusal(file, None, "peers.no-text", {"name": view.name})
            continue
        gathering = Gathering(
            file,
            context,
            name if number == 0 else f"{name}#{view.name}",
            view.text,
            language=views.language,
            source=views.source,
        )
        for code, details in view.refused:
            gathering.refuse(code, None, **details)
        yield from layered(gathering, view.marks, context, form, annotator)
    for layer, count in views.unknown.items():
        if not is_structure(layer):
            yield Refusal(file, None, "peers.unknown-type", {"type": layer, "count": count})


def _name(title: str | None, path: Path) -> str:
    """Return the document's name: the title it has; INCEpTION's are names of the files that it took in."""
    if not title:
        return path.stem
    plain = title.removesuffix(".json").removesuffix(".xmi")
    return title if title == path.stem or not plain else plain


def read(paths: Sequence[Path], context: ReadContext, *, xmi: bool) -> Iterator[Item]:
    """Yield the documents of the files, of all such files where a folder is named."""
    form, suffix = ("cas-xmi", ".xmi") if xmi else ("cas-json", ".json")
    for path in files(paths, suffix):
        try:
            data = read_bytes(path)
        except UserError as error:
            yield Refusal(str(path), None, error.code, error.details)
            continue
        yield from read_file(data, path, context, form)


def _recognises(path: Path, *, xmi: bool) -> bool:
    if path.is_dir():
        found = next(files([path], ".xmi" if xmi else ".json"), None)
        return found is not None and _recognises(found, xmi=xmi)
    try:
        with path.open("rb") as file:
            beginning = file.read(4000)
    except OSError:
        return False
    if xmi:
        return b"http://www.omg.org/XMI" in beginning
    return b'"%TYPES"' in beginning or b'"%FEATURE_STRUCTURES"' in beginning


_BESIDE = frozenset({"metadata", "furniture", "register", "score"})
_HOLDS = Holds(
    entities="kept",
    overlaps="kept",
    discontinuous="convention",
    relations="kept",
    facets="kept",
    notes="convention",
    annotator="convention",
    decisions="convention",
    offsets="kept",
)

JSON = Format(
    id="cas-json",
    title="peers.cas-json",
    description="peers.cas-json-about",
    suffix="",
    folder=True,
    holds=_HOLDS,
    beside=_BESIDE,
    write=partial(write, xmi=False),
    read=partial(read, xmi=False),
    recognises=partial(_recognises, xmi=False),
)
XMI = Format(
    id="cas-xmi",
    title="peers.cas-xmi",
    description="peers.cas-xmi-about",
    suffix="",
    folder=True,
    holds=_HOLDS,
    beside=_BESIDE,
    write=partial(write, xmi=True),
    read=partial(read, xmi=True),
    recognises=partial(_recognises, xmi=True),
)
