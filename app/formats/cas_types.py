"""The UIMA type systems that CAS files are written in and read with. Knows dkpro-cassis."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.formats.gathering import read_bytes
from app.formats.uima import DOCUMENT, FRAGMENT, OURS, RELATION, SPAN, feature_name
from app.readers.source import foreign
from models.errors import UserError

METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
STRING, BOOLEAN, INTEGER = "uima.cas.String", "uima.cas.Boolean", "uima.cas.Integer"
_ANNOTATION = "uima.tcas.Annotation"


def own_types(facets: Mapping[str, bool]) -> Any:
    """Return the type system of our layers.

    Args:
        facets: facet's id → whether it is a yes/no flag.
    """
    from cassis import TypeSystem

    types = TypeSystem()
    metadata = types.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"):
        types.create_feature(metadata, name, STRING)
    types.create_feature(metadata, "isLastSegment", BOOLEAN)
    document = types.create_type(DOCUMENT, _ANNOTATION)
    for name in ("facts", "note", "annotator"):
        types.create_feature(document, name, STRING)
    for layer in (SPAN, RELATION):
        made = types.create_type(layer, _ANNOTATION)
        for name in ("label", *OURS):
            types.create_feature(made, name, STRING)
        if layer == SPAN:
            types.create_feature(made, FRAGMENT, INTEGER)
        else:
            for name in ("Governor", "Dependent"):
                types.create_feature(made, name, SPAN)
        for name, flag in {feature_name(facet): flag for facet, flag in facets.items()}.items():
            types.create_feature(made, name, BOOLEAN if flag else STRING)
    return types


def types_beside(path: Path) -> Any:
    """Return the type system for the XMI file ``path`` that lies beside it; an empty one where none does.

    A file named after it goes before ``TypeSystem.xml``, and that before all type systems in the folder.

    Raises:
        UserError: a type system beside it cannot be read.
    """
    return _read_types(tuple(_candidates(path)))


@lru_cache(4)
def _read_types(files: tuple[Path, ...]) -> Any:
    """Return the types of these files; a folder of documents shares them."""
    from cassis import TypeSystem

    types = TypeSystem()
    for one in files:
        types = _merged(types, load_types(read_bytes(one)))
    return types


def with_usual(types: Any) -> Any:
    """Return the types and those of DKPro Core, which INCEpTION's own layers are made of."""
    return _merged(types, _usual())


@lru_cache(1)
def _usual() -> Any:
    from cassis import load_dkpro_core_typesystem

    return load_dkpro_core_typesystem()


def _merged(types: Any, more: Any) -> Any:
    """Return both together; ``types`` alone where they say different things of one type."""
    from cassis import merge_typesystems

    try:
        return merge_typesystems(types, more)
    except Exception:  # the library tells a contradiction by errors of several kinds
        return types


def _candidates(path: Path) -> Iterable[Path]:
    beside = [one for one in sorted(path.parent.glob("*.xml")) if is_type_system(one)]
    stems = {path.stem, *(path.name[: path.name.index(".")] for _ in (1,) if "." in path.name)}
    named = [one for one in beside if any(one.name.lower() == f"{stem}-typesystem.xml".lower() for stem in stems)]
    usual = [one for one in beside if one.name.lower() == "typesystem.xml"]
    return named[:1] or usual[:1] or beside


def is_type_system(path: Path) -> bool:
    """Whether a file's beginning looks like a UIMA type system's."""
    try:
        with path.open("rb") as file:
            return b"typeSystemDescription" in file.read(2000)
    except OSError:
        return False


def load_types(data: bytes) -> Any:
    """Return the type system in ``data``.

    Raises:
        UserError: ``reading.broken``, ``peers.doctype``.
    """
    from cassis import load_typesystem

    xml_root(data)
    with foreign():
        return load_typesystem(io.BytesIO(data))


def xml_root(data: bytes) -> Any:
    """Return the root element of an XML file without any entity of its own.

    Raises:
        UserError: ``reading.broken``; ``peers.doctype``: it declares a document type, through which a file can
            make a reader fetch others or fill its memory.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    with foreign():
        root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UserError("peers.doctype")
    return root
