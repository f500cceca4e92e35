"""A pipeline's folder as an installable wheel, made by hand: nothing is built, nothing is fetched.

A wheel is a zip archive of a set form (PEP 427): the package's files, and beside them METADATA, WHEEL, entry points
and RECORD with a hash of every file. The package is what ``spacy package`` would make: a module with ``load``, the
pipeline in a folder of its own, and an entry point by which spaCy finds it. Dates are fixed, so that the same folder
gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.formats.atomic import replacing
from app.pipeline.installed import resolve_pipeline
from app.training.folders import WORK
from models.errors import EnvironmentFault, UserError

_MOMENT = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_VERSION = re.compile(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?")
_MODULE = '''"""{title}"""

from pathlib import Path

from spacy.util import get_model_meta, load_model_from_init_py

__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides):
    """Load the pipeline."""
    return load_model_from_init_py(__file__, **overrides)
'''


def make_wheel(folder: Path, out: Path, name: str | None = None) -> Path:
    """Write the wheel of a pipeline's folder into ``out`` and return its path.

    Args:
        name: the package's name, ``sv_`` and a name; else as the pipeline is called.

    Raises:
        UserError: ``pipeline.no-pipeline-folder``, ``pipeline.unknown``, ``training.bad-package-name``,
            ``training.bad-version``.
        EnvironmentFault: ``exchange.disk-full``, ``exchange.cannot-write``.
    """
    place = Path(resolve_pipeline(str(folder)))
    if not place.is_dir():
        raise UserError("pipeline.no-pipeline-folder", path=str(folder))
    meta = _meta(place)
    package = name or f"{meta.get('lang', 'xx')}_{meta.get('name', 'pipeline')}".lower().replace("-", "_")
    version = str(meta.get("version", "0.0.0"))
    if not _NAME.fullmatch(package):
        raise UserError("training.bad-package-name", name=package)
    if not _VERSION.fullmatch(version):
        raise UserError("training.bad-version", version=version)
    meta = {**meta, "lang": package.partition("_")[0], "name": package.partition("_")[2]}
    target = out / f"{package}-{version}-py3-none-any.whl"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault("exchange.cannot-write", path=str(out), reason=error.strerror or str(error)) from error
    with replacing(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        record = f"{package}-{version}.dist-info/RECORD"
        lines = [_put(archive, path, data) for path, data in _files(place, package, version, meta)]
        lines.append(f"{record},,")
        _put(archive, record, ("\n".join(lines) + "\n").encode())
    return target


def _meta(place: Path) -> dict[str, Any]:
    try:
        found = json.loads((place / "meta.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError("pipeline.cannot-load", name=str(place), reason=str(error)) from error
    if not isinstance(found, dict):
        raise UserError("pipeline.cannot-load", name=str(place), reason="meta.json")
    return found


def _files(place: Path, package: str, version: str, meta: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file but RECORD, in order."""
    told = json.dumps(meta, ensure_ascii=False, indent=2).encode() + b"\n"
    yield f"{package}/__init__.py", _MODULE.format(title=f"{package} {version}").encode()
    yield f"{package}/meta.json", told
    for path in sorted(place.rglob("*")):
        inside = path.relative_to(place)
        if path.is_file() and WORK not in inside.parts and "__pycache__" not in inside.parts:
            content = told if inside == Path("meta.json") else path.read_bytes()
            yield f"{package}/{package}-{version}/{inside.as_posix()}", content
    about = f"{package}-{version}.dist-info"
    yield f"{about}/METADATA", "\n".join(_metadata(place, package, version, meta)).encode()
    yield f"{about}/WHEEL", b"Wheel-Version: 1.0\nGenerator: kurator\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    yield f"{about}/entry_points.txt", f"[spacy_models]\n{package} = {package}\n".encode()
    yield f"{about}/top_level.txt", f"{package}\n".encode()


def _metadata(place: Path, package: str, version: str, meta: Mapping[str, Any]) -> Iterator[str]:
    yield "Metadata-Version: 2.1"
    yield f"Name: {package.replace('_', '-')}"
    yield f"Version: {version}"
    for field, key in (("Summary", "description"), ("Author", "author"), ("License", "license")):
        if value := " ".join(str(meta.get(key) or "").split()):
            yield f"{field}: {value}"
    if wanted := meta.get("spacy_version"):
        yield f"Requires-Dist: spacy{wanted}"
    for one in meta.get("requirements") or ():
        yield f"Requires-Dist: {one}"
    card = place / "README.md"
    if card.is_file():
        yield "Description-Content-Type: text/markdown"
        yield ""
        yield card.read_text("utf-8", "replace")
    yield ""


def _put(archive: zipfile.ZipFile, path: str, data: bytes) -> str:
    """Add a file and return its line for RECORD."""
    entry = zipfile.ZipInfo(path, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(data)}"
