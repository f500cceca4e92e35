"""The other tools' files: each known for what it is; the nasty ones through every format that keeps places."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.formats.contract import Format, ReadContext
from app.formats.layers import LayerDocument, Link, Losses, Passage
from app.formats.registry import FORMATS
from app.formats.simplify import simplifier
from models.spans import Span

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "formats"
needs_them = pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")

KNOWN = {
    "brat/*.ann": "brat",
    "conll/*": "iob",
    "doccano/*": "doccano",
    "hf/*.parquet": "hf",
    "label_studio/*.json": "label-studio",
    "prodigy/*": "prodigy",
    "spacy/*.spacy": "spacy",
    "spacy/*.iob": "iob",
    "spacy/ner_demo-train.json": "spacy-jsonl",
    "uima_json/*.data.json": "cas-json",
    "uima_xmi/*.xmi": None,
    "webanno_tsv/*.tsv": "webanno-tsv",
    "nasty/*.txt": None,
    "conllu/*": None,
    "w3c/*": None,
}


@needs_them
@pytest.mark.parametrize("pattern", KNOWN)
def test_a_file_is_known_for_one_thing_only(pattern: str) -> None:
    files = sorted(SHARED.glob(pattern))
    assert files
    for path in files:
        found = [one.id for one in FORMATS if one.recognises(path)]
        assert len(found) <= 1
        if KNOWN[pattern] is not None:
            assert found == [KNOWN[pattern]], path
        elif pattern != "uima_xmi/*.xmi":
            assert not found, path


def nasty() -> list[LayerDocument]:
    """Return the nasty documents as the truth has them."""
    folder = SHARED / "nasty"
    found: dict[str, LayerDocument] = {}
    ids: dict[tuple[str, Any], str] = {}
    for line in (folder / "expected.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        name = record["doc"]
        if record["k"] == "doc":
            text = (folder / f"{name}.txt").read_bytes().decode("utf-8")
            assert len(text) == record["len"]
            found[name] = LayerDocument(name, text, id=name)
            continue
        document, identity = found[name], record["attrs"]["id"]
        if record["k"] == "span":
            spans = tuple(Span(*one) for one in record["frags"])
            ids[(name, (spans, record["label"]))] = identity
            passage = Passage(identity, "entity", record["label"], spans)
            found[name] = replace(document, passages=(*document.passages, passage))
        else:
            ends = [ids[(name, (tuple(Span(*span) for span in arg[1]), arg[2]))] for arg in record["args"]]
            found[name] = replace(document, links=(*document.links, Link(identity, record["label"], *ends)))
    return [
        replace(one, passages=tuple(sorted(one.passages, key=lambda p: (p.spans[0].start, p.spans[-1].end, p.id))))
        for one in found.values()
    ]


BOTH = [one for one in FORMATS if one.write and one.read and one.holds.offsets == "kept"]


@needs_them
@pytest.mark.parametrize("chosen", BOTH, ids=lambda one: one.id)
def test_nasty_documents_come_back(chosen: Format, tmp_path: Path, made: Any) -> None:
    documents = nasty()
    simple = [simplifier(chosen, {}, Losses())(one) for one in documents]
    target = tmp_path / f"x{chosen.suffix}"
    if chosen.folder:
        target.mkdir()
    choices = {name: values[0] for name, values in chosen.choices.items()}
    assert chosen.write is not None and chosen.read is not None
    losses = chosen.write(simple, target, replace(made.CONTEXT, choices=choices))
    found = list(chosen.read([target], ReadContext(made.LABELS, choices)))
    back = {one.text: seen(one) for one in found if isinstance(one, LayerDocument)}
    without_empty = any("empty" in example for loss in losses for example in loss.examples)
    expected = {one.text: seen(one) for one in simple if one.text or not without_empty}
    assert back == expected


def seen(document: LayerDocument) -> tuple[Any, ...]:
    places = {one.id: (one.label, tuple(one.spans)) for one in document.passages}
    links = sorted((one.label, places[one.head], places[one.tail]) for one in document.links)
    return sorted(places.values()), links
