"""spaCy's own reader sees the spans, labels and relations that we wrote, and we what it wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from app.formats import spacy_docbin
from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Refusal

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "formats"
VOCAB = spacy.blank("sv").vocab


def written(document: LayerDocument, folder: Path, made: Any, **choices: str) -> tuple[Path, Any]:
    path = folder / "x.spacy"
    context = replace(made.CONTEXT, choices=choices)
    return path, spacy_docbin.write([document], path, context)


def peer(path: Path) -> Doc:
    (doc,) = DocBin().from_disk(path).get_docs(VOCAB)
    return doc


def test_spacy_sees_what_we_wrote(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    path, losses = written(document, tmp_path, made)
    assert losses == ()
    doc = peer(path)
    assert doc.text == document.text
    seen = {
        (group, span.id_, span.label_, span.start_char, span.end_char)
        for group in doc.spans
        for span in doc.spans[group]
    }
    groups = {"rejected": "incorrect", "suggested": "suggested"}
    assert seen == {
        (groups.get(one.state, "sc"), one.id, one.label, start, end)
        for one in document.passages
        for start, end in one.spans
    }
    assert [(one.id_, one.label_, one.text) for one in doc.ents] == [
        ("p2", "ORGANISATION", "Region\u00a0Norrby"),
        ("p5", "CONDITION", "cancer"),
    ]
    told = doc.user_data["kurator"]
    assert [(one["id"], one["label"], one["head"], one["tail"]) for one in told["relations"]] == [
        ("l1", "ATTRIBUTED_TO", "p4", "p1"),
        ("l2", "WORKS_FOR", "p1", "p2"),
    ]
    assert told["passages"]["p4"]["facets"] == {"kind": "forecast", "negated": False}
    assert told["passages"]["p1"]["annotator"] == "Anna"


@pytest.mark.parametrize("boundaries", ["cut", "snap"])
def test_round_trip(tmp_path: Path, made: Any, boundaries: str) -> None:
    document = made.one_of_everything()
    path, losses = written(document, tmp_path, made, boundaries=boundaries)
    (read,) = spacy_docbin.read([path], ReadContext(made.LABELS))
    assert read == made.named(document)
    cut = [(loss.code, loss.examples) for loss in losses]
    assert cut == ([] if boundaries == "cut" else [("formats.snapped", (f"{document.name}: CONDITION ”cancer”",))])


@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
@pytest.mark.parametrize("boundaries", ["cut", "snap"])
def test_any_document_comes_back(
    tmp_path_factory: pytest.TempPathFactory, made: Any, boundaries: str, data: st.DataObject
) -> None:
    document = data.draw(made.documents())
    path, _ = written(document, tmp_path_factory.getbasetemp(), made, boundaries=boundaries)
    (read,) = spacy_docbin.read([path], ReadContext(made.LABELS))
    assert isinstance(read, LayerDocument)
    assert replace(read, name="") == replace(made.named(document), name="")
    doc = peer(path)
    assert doc.text == document.text
    if boundaries == "cut":
        spans = [(s.id_, s.start_char, s.end_char) for group in doc.spans.values() for s in group]
        assert sorted(spans) == sorted((one.id, *span) for one in document.passages for span in one.spans)


@given(rubbish=st.binary(max_size=200), cut=st.integers(0, 400))
def test_rubbish_is_refused(tmp_path_factory: pytest.TempPathFactory, made: Any, rubbish: bytes, cut: int) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, _ = written(made.one_of_everything(), folder, made)
    whole = path.read_bytes()
    for content in (rubbish, whole[: min(cut, len(whole) - 1)], whole[:cut] + rubbish):
        path.write_bytes(content)
        spacy_docbin.recognises(path)
        found = list(spacy_docbin.read([path], ReadContext(made.LABELS)))
        assert found and all(isinstance(one, LayerDocument | Refusal) for one in found)


EXPECTED = SHARED / "nasty" / "expected.jsonl"


@pytest.mark.skipif(not EXPECTED.exists(), reason="the other tools' files are not here")
def test_nasty_is_read_as_it_is(made: Any) -> None:
    path = SHARED / "nasty" / "spacy" / "all.spacy"
    assert spacy_docbin.recognises(path)
    expected: dict[str, set[Any]] = {}
    for line in EXPECTED.read_text("utf-8").splitlines():
        record = json.loads(line)
        spans = expected.setdefault(record["doc"], set())
        if record["k"] == "span":
            spans.add((record["attrs"]["id"], record["label"], tuple(map(tuple, record["frags"]))))
    found = {
        one.name: {(p.id, p.label, tuple(map(tuple, p.spans))) for p in one.passages}
        for one in spacy_docbin.read([path], ReadContext(made.LABELS))
        if isinstance(one, LayerDocument)
    }
    assert found == expected


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
def test_a_trainers_file_is_read(made: Any) -> None:
    (read,) = spacy_docbin.read([SHARED / "spacy" / "demo.spacy"], ReadContext(made.LABELS))
    assert isinstance(read, LayerDocument)
    assert [(one.label, read.text[slice(*one.spans[0])]) for one in read.passages] == [("PERSON", "Ed Sheeran")]


def test_spacys_trainer_takes_it(tmp_path: Path, made: Any) -> None:
    from spacy.training import Corpus

    path, _ = written(made.one_of_everything(), tmp_path, made)
    (example,) = Corpus(path)(spacy.blank("sv"))
    assert [(ent.label_, ent.text) for ent in example.reference.ents] == [
        ("ORGANISATION", "Region\u00a0Norrby"),
        ("CONDITION", "cancer"),
    ]
    assert len(example.reference.spans["sc"]) == 6 and len(example.reference.spans["incorrect"]) == 1
