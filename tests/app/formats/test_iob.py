"""Words with tags: spaCy's converters see what we wrote, and we what others wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.training.converters import conll_ner_to_docs, iob_to_docs

from app.formats import gliner, iob
from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Losses, Refusal
from app.formats.simplify import simplifier
from app.formats.words import sentences, words

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "formats" / "conll"


def read(path: Path, made: Any) -> list[LayerDocument | Refusal]:
    return list(iob.read([path], ReadContext(made.LABELS)))


def simple(document: LayerDocument, made: Any, chosen: Any = iob.FORMAT) -> tuple[LayerDocument, Losses]:
    losses = Losses()
    return simplifier(chosen, {}, losses)(document), losses


def seen(document: LayerDocument | Refusal) -> list[tuple[str, str]]:
    assert isinstance(document, LayerDocument)
    return [(one.label, document.text[slice(*one.spans[0])]) for one in document.passages]


EXPECTED = [
    ("PERSON", ["Anna", "😀", "Ek"]),
    ("ORGANISATION", ["Region", "Norrby"]),
    ("CLAIM", ["vården", "blir", "bättre"]),
    ("CONDITION", ["cancer"]),
]


@pytest.mark.parametrize("style", ["iob2", "conll2003", "uner"])
def test_passages_come_back_as_words(tmp_path: Path, made: Any, style: str) -> None:
    document, losses = simple(made.one_of_everything(), made)
    path = tmp_path / "x.iob"
    assert (
        iob.write([document, replace(document, name="två")], path, replace(made.CONTEXT, choices={"style": style}))
        == ()
    )
    assert iob.recognises(path)
    first, second = read(path, made)
    assert seen(first) == seen(second) == [(label, " ".join(texts)) for label, texts in EXPECTED] or style == "uner"
    assert [(label, text.split()) for label, text in seen(first)] == EXPECTED
    counted = {one.code: one.count for one in losses.all()}
    assert counted == {
        "formats.lost-rejected": 1,
        "formats.lost-suggested": 1,
        "formats.lost-state": 2,
        "formats.lost-relation": 2,
        "formats.lost-discontinuous": 1,
        "formats.lost-overlap": 1,
        "formats.lost-facet": 2,
        "formats.lost-note": 1,
        "formats.lost-annotator": 4,
        "formats.lost-document-note": 1,
        "formats.lost-offsets": 1,
        "formats.lost-metadata": 5,
        "formats.lost-furniture": 1,
        "formats.lost-register": 1,
    }


def test_spacys_converters_see_the_same(tmp_path: Path, made: Any) -> None:
    document, _ = simple(made.one_of_everything(), made)
    for style, converter in (("conll2003", conll_ner_to_docs), ("iob2", conll_ner_to_docs)):
        path = tmp_path / "x.iob"
        iob.write([document], path, replace(made.CONTEXT, choices={"style": style}))
        docs = list(converter(path.read_text("utf-8"), no_print=True))
        found = [(ent.label_, [token.text for token in ent]) for doc in docs for ent in doc.ents]
        assert found == EXPECTED


def test_spacys_sentence_per_line(tmp_path: Path, made: Any) -> None:
    path = tmp_path / "x.iob"
    path.write_text("Anna|N|B-PERSON Ek|N|I-PERSON gick|V|O\nBo|N|B-PERSON i|P|O Å|N|B-PLACE\n", "utf-8")
    assert iob.recognises(path)
    (document,) = read(path, made)
    docs = iob_to_docs(path.read_text("utf-8"), no_print=True)
    peers = [(ent.label_, ent.text) for doc in docs for ent in doc.ents]
    assert seen(document) == peers == [("PERSON", "Anna Ek"), ("PERSON", "Bo"), ("PLACE", "Å")]


@pytest.mark.parametrize(
    ("tags", "runs"),
    [
        ("I-A I-A O I-B I-A", [(0, 1, "A"), (3, 3, "B"), (4, 4, "A")]),  # IOB1
        ("I-A B-A I-A", [(0, 0, "A"), (1, 2, "A")]),
        ("B-A I-A E-A S-B O", [(0, 2, "A"), (3, 3, "B")]),  # BIOES
        ("B-A L-A U-A U-A", [(0, 1, "A"), (2, 2, "A"), (3, 3, "A")]),  # BILOU
        ("B-x-y I-x-y I-z", [(0, 1, "x-y"), (2, 2, "z")]),
    ],
)
def test_every_scheme_of_tags(tags: str, runs: list[tuple[int, int, str]]) -> None:
    assert list(iob.runs(tags.split())) == runs


@given(data=st.data())
def test_any_flat_document_keeps_its_words(
    tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject
) -> None:
    document, _ = simple(data.draw(made.documents(discontinuous=False, simple=True)), made)
    style = data.draw(st.sampled_from(["iob2", "conll2003", "uner"]))
    path = tmp_path_factory.getbasetemp() / "x.iob"
    losses = iob.write([document], path, replace(made.CONTEXT, choices={"style": style}))
    expected = []
    for sentence in sentences(document, Losses()):
        texts = sentence.texts(document.text)
        expected += [(one.passage.label, texts[one.first : one.last + 1]) for one in sentence.passages]
    found = [one for one in read(path, made) if isinstance(one, LayerDocument)]
    if not expected:
        return
    back = [(label, "".join(text.split())) for label, text in seen(found[0])]
    assert back == [(label, "".join(texts)) for label, texts in expected]
    assert len(expected) + sum(one.count for one in losses) == len(document.passages)


@given(data=st.data())
def test_words_lose_nothing_but_blanks(made: Any, data: st.DataObject) -> None:
    document = data.draw(made.documents())
    found = words(document.text, [span for one in document.passages for span in one.spans])
    assert "".join(document.text[start:end] for start, end in found) == "".join(document.text.split())
    bounds = {place for one in document.passages for span in one.spans for place in span}
    assert not any(start < place < end for start, end in found for place in bounds)
    together = [word for sentence in sentences(document, Losses()) for word in sentence.words]
    assert together == found


def test_gliner_takes_what_we_wrote(tmp_path: Path, made: Any) -> None:
    import json

    document, _ = simple(made.one_of_everything(), made, gliner.FORMAT)
    path = tmp_path / "x.json"
    assert gliner.write([document, document], path, made.CONTEXT) == ()
    records = json.loads(path.read_text("utf-8"))
    found = []
    for record in records[: len(records) // 2]:
        assert set(record) == {"tokenized_text", "ner"}
        for first, last, label in record["ner"]:
            assert 0 <= first <= last < len(record["tokenized_text"])
            found.append((label, record["tokenized_text"][first : last + 1]))
    assert found == [EXPECTED[0], EXPECTED[1], ("PLACE", ["Norrby"]), EXPECTED[2], EXPECTED[3]]
    gliner.write([], path, made.CONTEXT)
    assert json.loads(path.read_text("utf-8")) == []


@given(
    lines=st.lists(st.text(st.sampled_from("aB-IO\t |#=1\r😀 "), max_size=12), max_size=8), raw=st.binary(max_size=30)
)
def test_rubbish_is_refused(tmp_path_factory: pytest.TempPathFactory, made: Any, lines: list[str], raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "x.iob"
    for content in ("\n".join(lines).encode(), raw):
        path.write_bytes(content)
        iob.recognises(path)
        assert all(isinstance(one, LayerDocument | Refusal) for one in read(path, made))


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
@pytest.mark.parametrize(
    ("name", "documents", "passages", "first"),
    [
        ("doccano-example.conll", 1, 2, ("LOC", "JAPAN")),
        ("ner-sent-per-line.iob", 1, 7, ("PERSON", "Sebastian Thrun")),
        ("ner-token-per-line-conll2003.iob", 1, 7, ("PERSON", "Sebastian Thrun")),
        ("uner-sv-pud-15.iob2", 5, 16, ("LOC", "USA")),
        ("wnut17-emoji.conll", 1, 3, ("group", "Anti fascist")),
    ],
)
def test_other_tools_files(made: Any, name: str, documents: int, passages: int, first: tuple[str, str]) -> None:
    path = SHARED / name
    assert iob.recognises(path)
    found = read(path, made)
    assert len(found) == documents and all(isinstance(one, LayerDocument) for one in found)
    every = [passage for one in found for passage in seen(one)]
    begun = re.findall(r"[\t |]B-", path.read_text("utf-8"))
    assert len(every) == passages == len(begun)
    assert every[0] == first
