"""GLiNER's training list: words and, in them, passages by index, the last word included. Written only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from app.formats.contract import Format, Holds, WriteContext
from app.formats.layers import LayerDocument, Loss, Losses
from app.formats.words import sentences


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write one JSON list with a record for each sentence."""
    losses = Losses()
    with target.open("wb") as file:
        comma = b"[\n"
        for document in documents:
            for sentence in sentences(document, losses):
                ner = [[one.first, one.last, one.passage.label] for one in sentence.passages]
                record = {"tokenized_text": sentence.texts(document.text), "ner": ner}
                file.write(comma + orjson.dumps(record))
                comma = b",\n"
        file.write(b"[]\n" if comma == b"[\n" else b"\n]\n")
    return losses.all()


FORMAT = Format(
    id="gliner",
    title="formats.gliner",
    description="formats.gliner-about",
    suffix=".json",
    holds=Holds(overlaps="kept", offsets="lost"),
    write=write,
)
