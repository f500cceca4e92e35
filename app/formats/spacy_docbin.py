"""spaCy's ``.spacy`` (``DocBin``), for training and from other spaCy tools."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.formats.contract import Format, Holds, ReadContext, WriteContext
from app.formats.layers import LayerDocument, Loss, Refusal

HOLDS = Holds(
    overlaps="kept",
    discontinuous="convention",
    relations="convention",
    facets="convention",
    notes="convention",
    annotator="convention",
    decisions="convention",
)


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write one ``DocBin``. Choice ``boundaries``: a passage's boundary inside a token cuts it, or snaps to it."""
    from app.pipeline.docbin import write_docbin

    return write_docbin(documents, target, context)


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    """Read ``DocBin`` files: span groups, entities, and what we put into ``user_data``."""
    from app.pipeline.docbin import read_docbin

    for path in paths:
        yield from read_docbin(path, context)


def recognises(path: Path) -> bool:
    """Whether a file is a ``DocBin``: zlib over a map that begins with its version."""
    try:
        with path.open("rb") as file:
            beginning = zlib.decompressobj().decompress(file.read(4096), 64)
    except (OSError, zlib.error):
        return False
    return b"\xa7version" in beginning


FORMAT = Format(
    id="spacy",
    title="formats.spacy",
    description="formats.spacy-about",
    suffix=".spacy",
    holds=HOLDS,
    far_links=True,
    beside=frozenset({"metadata", "furniture", "register", "score"}),
    write=write,
    read=read,
    recognises=recognises,
    choices={"boundaries": ("cut", "snap")},
)
