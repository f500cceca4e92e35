"""spaCy takes our lines with ``Doc.from_json``, and we its lines and the pairs that its tutorials train on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from app.formats import spacy_jsonl
from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Refusal

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "formats" / "spacy"
NLP = spacy.blank("sv")


def read(path: Path, made: Any) -> list[LayerDocument | Refusal]:
    return list(spacy_jsonl.read([path], ReadContext(made.LABELS)))


def test_spacy_takes_what_we_wrote(tmp_path: Path, made: Any) -> None:
    document, path = made.one_of_everything(), tmp_path / "x.jsonl"
    assert spacy_jsonl.write([document], path, made.CONTEXT) == ()
    assert spacy_jsonl.recognises(path)
    doc = Doc(NLP.vocab).from_json(json.loads(path.read_text("utf-8")), validate=True)
    assert doc.text == document.text
    true = [one for one in document.passages if one.state not in ("rejected", "suggested")]
    seen = sorted((span.label_, span.start_char, span.end_char) for span in doc.spans["sc"])
    assert seen == sorted((one.label, *span) for one in true for span in one.spans)
    assert [one.text for one in doc.spans["incorrect"]] == ["va\u030arlag"]
    assert read(path, made) == [made.named(document)]


def test_we_take_what_spacy_wrote(tmp_path: Path, made: Any) -> None:
    doc = NLP("Anna 😀 Ek i Va\u030arby.")
    doc.ents = [Span(doc, 0, 1, "PERSON")]
    doc.spans["other"] = [Span(doc, 0, 3, "PERSON"), Span(doc, 0, 1, "PERSON")]
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(doc.to_json()) + "\n\n" + json.dumps(doc.to_json()), "utf-8")
    first, second = read(path, made)
    assert isinstance(first, LayerDocument) and isinstance(second, LayerDocument)
    assert (first.name, second.name) == ("x#1", "x#3")
    assert [(one.label, one.spans) for one in first.passages] == [("PERSON", ((0, 4),)), ("PERSON", ((0, 9),))]


PAIRS = '[["Anna i Va\u030arby", {"entities": [[0, 4, "PERSON"], [99, 100, "PLACE"]]}], ["x"], 7]'
LINES = (
    '["Anna", {"entities": [[0, 4, "PERSON"]]}]\n{"text": 7}\n["Bo", {"entities": 3}]\n{"text": "Eva", "spans": {}}\n{'
)


def test_bad_records_are_refused_and_the_rest_is_read(tmp_path: Path, made: Any) -> None:
    path = tmp_path / "x.json"
    path.write_text(PAIRS, "utf-8")
    assert spacy_jsonl.recognises(path)
    document, *refused = read(path, made)
    assert isinstance(document, LayerDocument) and len(document.passages) == 1
    assert [(one.line, one.code) for one in refused if isinstance(one, Refusal)] == [
        (1, "span.outside-text"),
        (2, "peers.bad-field"),
        (3, "peers.bad-field"),
    ]
    path.write_text(LINES.partition("\n")[2], "utf-8")
    found = [one.code if isinstance(one, Refusal) else one.name for one in read(path, made)]
    assert found == ["peers.bad-field", "peers.not-object", "x#3", "reading.broken"]


@given(data=st.data())
def test_any_document_comes_back(tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    documents = data.draw(st.lists(made.documents(), max_size=2))
    path = tmp_path_factory.getbasetemp() / "x.jsonl"
    spacy_jsonl.write(documents, path, made.CONTEXT)
    back = [replace(one, name="") for one in read(path, made) if isinstance(one, LayerDocument)]
    assert back == [replace(made.named(one), name="") for one in documents]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("text", "ents", "spans", "tokens", "kurator", "meta", "entities")


@given(record=st.dictionaries(st.sampled_from(FIELDS), JSON) | JSON, tail=st.binary(max_size=20))
def test_rubbish_is_refused(tmp_path_factory: pytest.TempPathFactory, made: Any, record: Any, tail: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "x.jsonl"
    path.write_bytes(json.dumps(record).encode() + b"\n" + tail)
    spacy_jsonl.recognises(path)
    assert all(isinstance(one, LayerDocument | Refusal) for one in read(path, made))


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
def test_files_of_spacys_projects_are_read(made: Any) -> None:
    assert spacy_jsonl.recognises(SHARED / "ner_demo-train.json")
    train = read(SHARED / "ner_demo-train.json", made)
    seen = [
        (one.label, document.text[slice(*one.spans[0])])
        for document in train
        if isinstance(document, LayerDocument)
        for one in document.passages
    ]
    assert seen == [("PERSON", "Shaka Khan"), ("LOC", "London"), ("LOC", "Berlin")]
    (demo,) = read(SHARED / "demo.jsonl", made)
    assert isinstance(demo, LayerDocument)
    assert [demo.text[slice(*one.spans[0])] for one in demo.passages] == ["Ed Sheeran"]
