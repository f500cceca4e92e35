"""What trainers' formats looked like when they were written first: they still do, and are still read.

KURATOR_GOLDEN=write writes the files anew; then look at the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from app.formats import gliner, hf_parquet, iob, spacy_docbin, spacy_jsonl
from app.formats.contract import Format, ReadContext
from app.formats.layers import Losses
from app.formats.simplify import simplifier

GOLDEN = Path(__file__).resolve().parents[3] / "tests" / "golden" / "formats"


def as_bytes(path: Path) -> object:
    return path.read_bytes()


def as_docs(path: Path) -> object:
    """Return what the file holds: how it is packed depends on the version of zlib."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    return [
        (
            [(token.text, token.whitespace_, token.ent_iob_, token.ent_type_) for token in doc],
            {name: [(s.start, s.end, s.label_, s.id_) for s in group] for name, group in doc.spans.items()},
            doc.user_data,
        )
        for doc in DocBin().from_disk(path).get_docs(Vocab())
    ]


def as_data_set(path: Path) -> object:
    found: dict[str, object] = {}
    for one in sorted(path.rglob("*")):
        if one.suffix == ".parquet":
            table = parquet.read_table(one)
            found[one.relative_to(path).as_posix()] = (table.schema.to_string(), table.to_pylist())
        elif one.is_file():
            found[one.name] = one.read_text("utf-8")
    return found


CASES: list[tuple[str, Format, dict[str, str], Callable[[Path], object]]] = [
    ("trainers.spacy", spacy_docbin.FORMAT, {"boundaries": "cut"}, as_docs),
    ("trainers-spacy.jsonl", spacy_jsonl.FORMAT, {"boundaries": "cut"}, as_bytes),
    ("trainers-hf", hf_parquet.FORMAT, {"tokens": "with"}, as_data_set),
    ("trainers-iob2.iob", iob.FORMAT, {"style": "iob2"}, as_bytes),
    ("trainers-conll2003.iob", iob.FORMAT, {"style": "conll2003"}, as_bytes),
    ("trainers-uner.iob", iob.FORMAT, {"style": "uner"}, as_bytes),
    ("trainers-gliner.json", gliner.FORMAT, {}, as_bytes),
]


@pytest.mark.parametrize(("name", "chosen", "choices", "content"), CASES, ids=[case[0] for case in CASES])
def test_golden(
    tmp_path: Path, made: Any, name: str, chosen: Format, choices: dict[str, str], content: Callable[[Path], object]
) -> None:
    document = made.one_of_everything()
    simple = simplifier(chosen, {}, Losses())(document)
    target, golden = tmp_path / name, GOLDEN / name
    if os.environ.get("KURATOR_GOLDEN") == "write":
        target = golden
    if chosen.folder:
        target.mkdir(parents=True, exist_ok=True)
    assert chosen.write is not None
    chosen.write([simple], target, replace(made.CONTEXT, choices=choices))
    assert content(target) == content(golden)
    if chosen.read is not None:
        (read,) = chosen.read([golden], ReadContext(made.LABELS))
        if chosen.holds.offsets == "kept":
            expected = made.named(document)
            split = document.split if chosen is hf_parquet.FORMAT else read.split  # type: ignore[union-attr]
            assert read == replace(expected, split=split)
