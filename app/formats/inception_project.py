"""A project as INCEpTION or WebAnno export it: a zip with one file for each document and annotator, read only.

``annotation/DOCUMENT/ANNOTATOR.*`` are the annotators' readings, ``curation/DOCUMENT/CURATION_USER.*`` the agreed
one: CAS JSON, XMI, WebAnno TSV, or a zip of an XMI file with its type system. Zips of one document are read too.
What only a Java program can read (``.ser``) is refused where nothing else tells the same.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from app.formats import cas, webanno_tsv
from app.formats.cas_types import load_types
from app.formats.contract import Format, Holds, ReadContext
from app.formats.gathering import Item, files, read_bytes
from app.formats.layers import Refusal
from app.readers.source import FILE_LIMIT, foreign, too_large
from models.errors import UserError

ID = "inception-project"
_FOLDERS = ("annotation", "curation")
_RATIO = 200
"""How many times its packed size an entry of more than a megabyte may have."""


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield every annotator's reading of every document."""
    for path in files(paths, ".zip"):
        try:
            yield from _archive(read_bytes(path), str(path), context)
        except UserError as error:
            yield Refusal(str(path), None, error.code, error.details)


def _archive(data: bytes, file: str, context: ReadContext) -> Iterator[Item]:
    with foreign():
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    readings = [name for name in names if _is_reading(name)]
    if not any(PurePosixPath(name).parts[0] in (*_FOLDERS, "annotation_ser") for name in names):
        yield from _loose(archive, names, file, context)
        return
    told = set()
    for name in readings:
        _, document, reader = PurePosixPath(name).parts
        annotator = reader.partition(".")[0]
        for item in _entry(archive, name, f"{file}/{name}", context, document, annotator):
            if not isinstance(item, Refusal):
                told.add((document, annotator))
            yield item
    for name in names:
        where = PurePosixPath(name).parts
        serialised = len(where) == 3 and where[0].endswith("_ser") and where[2] != "INITIAL_CAS.ser"
        if serialised and (where[1], where[2].partition(".")[0]) not in told:
            yield Refusal(f"{file}/{name}", None, "peers.java-only", {"document": where[1]})


def _is_reading(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 3 and parts[0] in _FOLDERS and not parts[2].startswith("INITIAL_CAS")


def _loose(archive: zipfile.ZipFile, names: list[str], file: str, context: ReadContext) -> Iterator[Item]:
    """Read the zip of one document: its CAS and, for XMI, the type system."""
    types = _types(archive, names)
    for name in names:
        if not name.lower().endswith("typesystem.xml"):
            yield from _entry(archive, name, f"{file}/{name}", context, "", "", types)


def _types(archive: zipfile.ZipFile, names: list[str]) -> Any:
    found = next((name for name in names if name.lower().endswith("typesystem.xml")), None)
    return None if found is None else load_types(_bytes(archive, found))


def _entry(
    archive: zipfile.ZipFile,
    name: str,
    file: str,
    context: ReadContext,
    document: str,
    annotator: str,
    types: Any = None,
) -> Iterator[Item]:
    suffix = PurePosixPath(name).suffix.lower()
    try:
        data = _bytes(archive, name)
        if suffix == ".zip":
            with foreign():
                inner = zipfile.ZipFile(io.BytesIO(data))
            names = sorted(info.filename for info in inner.infolist() if not info.is_dir())
            types = _types(inner, names)
            for one in names:
                if one.lower().endswith((".xmi", ".json", ".tsv")):
                    yield from _entry(inner, one, f"{file}/{one}", context, document, annotator, types)
        elif suffix == ".tsv":
            yield from webanno_tsv.read_file(data, file, context, document or PurePosixPath(name).stem, annotator)
        elif suffix in (".json", ".xmi"):
            form = f"cas-{suffix[1:]}"
            if suffix == ".xmi" and types is None:
                raise UserError("peers.no-types")
            yield from cas.read_file(data, Path(file), context, form, types, annotator, document)
        else:
            raise UserError("peers.no-annotations", suffix=suffix or name)
    except UserError as error:
        yield Refusal(file, None, error.code, error.details)


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > FILE_LIMIT:
        raise too_large(FILE_LIMIT)
    if info.file_size > 1 << 20 and info.file_size > _RATIO * max(1, info.compress_size):
        raise UserError("reading.bomb")
    with foreign():
        return archive.read(info)


def _recognises(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    tops = {PurePosixPath(name).parts[0] for name in names if name.strip("/")}
    if tops & {"annotation", "annotation_ser"}:
        return True
    return any(name.lower().endswith(".xmi") for name in names) and any("typesystem" in name.lower() for name in names)


FORMAT = Format(
    id=ID,
    title="peers.inception-project",
    description="peers.inception-project-about",
    suffix=".zip",
    holds=Holds(overlaps="kept", discontinuous="convention", relations="kept", facets="kept", annotator="kept"),
    read=read,
    recognises=_recognises,
)
