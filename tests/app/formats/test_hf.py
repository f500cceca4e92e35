"""``datasets`` and Arrow see the spans, labels and relations that we wrote, and we what others wrote."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from app.formats import hf_parquet
from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Refusal

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "formats"


def read(path: Path, made: Any) -> list[LayerDocument | Refusal]:
    return list(hf_parquet.read([path], ReadContext(made.LABELS)))


def written(folder: Path, made: Any, documents: list[LayerDocument], **more: Any) -> Path:
    folder.mkdir()
    assert hf_parquet.write(documents, folder, replace(made.CONTEXT, **more)) == ()
    return folder


def test_arrow_sees_what_we_wrote(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    folder = written(tmp_path / "hf", made, [document])
    (row,) = parquet.read_table(folder / "data" / "validation-00000-of-00001.parquet").to_pylist()
    assert (row["name"], row["text"], row["id"]) == (document.name, document.text, document.id)
    states = {"entities": "entity", "claims": "claim"}
    for column, kind in states.items():
        for one in row[column]:
            passage = next(p for p in document.passages if p.id == one["id"])
            assert passage.kind == kind and passage.label == one["label"]
            assert [(f["start"], f["end"]) for f in one["fragments"]] == list(passage.spans)
            assert (one["start"], one["end"]) == (passage.spans[0].start, passage.spans[-1].end)
    assert [(one["id"], one["state"]) for one in row["suggestions"]] == [("p6", "rejected"), ("p7", "suggested")]
    links = [(one["label"], one["head"], one["tail"]) for one in row["relations"]]
    assert links == [("ATTRIBUTED_TO", "p4", "p1"), ("WORKS_FOR", "p1", "p2")]
    assert row["claims"][0]["facets"] == [
        {"name": "kind", "value": "forecast", "flag": None},
        {"name": "negated", "value": "false", "flag": False},
    ]
    assert read(folder, made) == [made.named(document)]


def test_datasets_loads_it_with_its_features(tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    document = made.one_of_everything()
    documents = [replace(document, split=part, name=f"{part}.txt") for part in ("train", "dev", "test")]
    folder = written(tmp_path / "hf", made, documents, licence="CC BY 4.0", project="Prov: ”ett”")
    whole = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {name: part.num_rows for name, part in whole.items()} == {"train": 1, "validation": 1, "test": 1}
    row = whole["test"][0]
    assert row["text"] == document.text and row["entities"][0]["fragments"] == [
        {"start": 0, "end": 4},
        {"start": 7, "end": 9},
    ]
    words = datasets.load_dataset(str(folder), "tokens", split="train", cache_dir=str(tmp_path / "cache"))
    names = words.features["ner_tags"].feature.names
    assert names[:3] == ["O", "B-PERSON", "I-PERSON"]
    tagged = [(names[tag], token) for one in words for tag, token in zip(one["ner_tags"], one["tokens"], strict=True)]
    assert [one for one in tagged if one[0] != "O"] == [
        ("B-ORGANISATION", "Region"),
        ("I-ORGANISATION", "Norrby"),
        ("B-CONDITION", "cancer"),
    ]
    assert 'license_name: "cc-by-4.0"' in (folder / "README.md").read_text("utf-8")


def test_the_view_of_words_is_read_where_it_is_all(tmp_path: Path, made: Any) -> None:
    folder = written(tmp_path / "hf", made, [made.one_of_everything()])
    found = read(folder / "tokens" / "validation-00000-of-00001.parquet", made)
    seen = [
        (one.label, document.text[slice(*one.spans[0])])
        for document in found
        if isinstance(document, LayerDocument)
        for one in document.passages
    ]
    assert seen == [("ORGANISATION", "Region Norrby"), ("CONDITION", "cancer")]


@settings(max_examples=settings.default.max_examples // 2)
@given(data=st.data())
def test_any_document_comes_back(tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    documents = data.draw(st.lists(made.documents(), max_size=2))
    folder = tmp_path_factory.mktemp("hf")
    hf_parquet.write(documents, folder, made.CONTEXT)
    expected = [replace(made.named(one), split="train") for one in documents]
    assert read(folder, made) == expected


CELLS = st.none() | st.integers(-5, 99) | st.text(max_size=4) | st.lists(st.integers(0, 9), max_size=3)
SPANS = st.lists(st.dictionaries(st.sampled_from(["start", "end", "label", "id"]), CELLS, max_size=4), max_size=2)
ROWS = st.dictionaries(st.sampled_from(["text", "entities", "relations", "tokens", "ner_tags", "id"]), CELLS | SPANS)


@given(row=ROWS, cut=st.integers(0, 4000), raw=st.binary(max_size=40))
def test_rubbish_is_refused(
    tmp_path_factory: pytest.TempPathFactory, made: Any, row: dict[str, Any], cut: int, raw: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "x.parquet"
    store = io.BytesIO()
    try:
        parquet.write_table(pa.Table.from_pylist([row]), store)
    except (pa.ArrowException, ValueError):  # no table can be made of it
        return
    whole = store.getvalue()
    for content in (whole, whole[:cut], raw, whole[: cut // 2] + raw + whole[cut // 2 :]):
        path.write_bytes(content)
        hf_parquet.recognises(path)
        assert all(isinstance(one, LayerDocument | Refusal) for one in read(path, made))


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
def test_other_peoples_files(made: Any) -> None:
    import json

    path = SHARED / "hf" / "docs.parquet"
    assert hf_parquet.recognises(path)
    rows = [json.loads(line) for line in (SHARED / "hf" / "docs.jsonl").read_text("utf-8").splitlines()]
    found = read(path, made)
    assert len(found) == len(rows)
    for document, row in zip(found, rows, strict=True):
        assert isinstance(document, LayerDocument) and document.text == row["note_text"]
        spans = sorted((e["start_char"], e["end_char"], e["note_nlp_source_value"]) for e in row["entities"])
        assert sorted((*one.spans[0], one.label) for one in document.passages) == spans
        for one in document.passages:
            quote = next(e["lexical_variant"] for e in row["entities"] if e["start_char"] == one.spans[0].start
                         and e["end_char"] == one.spans[0].end)  # fmt: skip
            assert document.text[slice(*one.spans[0])] == quote
    assert [one.text for one in read(SHARED / "hf" / "docs.jsonl", made)] == [row["note_text"] for row in rows]  # type: ignore[union-attr]


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
def test_relations_by_the_entities_places(made: Any) -> None:
    import json

    path = SHARED / "hf" / "pie-val.json"
    rows = json.loads(path.read_text("utf-8"))["data"]
    expected = [
        (one["label"], *(tuple(row["entities"][one[end]][key] for key in ("start", "end")) for end in ("head", "tail")))
        for row in rows
        for one in row["relations"]
    ]
    found = []
    for document in read(path, made):
        assert isinstance(document, LayerDocument)
        places = {one.id: tuple(one.spans[0]) for one in document.passages}
        found += [(one.label, places[one.head], places[one.tail]) for one in document.links]
    assert found == expected and found


@pytest.mark.skipif(not SHARED.exists(), reason="the other tools' files are not here")
def test_nasty_is_read_as_it_is(made: Any) -> None:
    import json

    (path,) = (SHARED / "nasty" / "hf").iterdir()
    expected: dict[str, tuple[set[Any], set[Any]]] = {}
    places: dict[tuple[str, Any], str] = {}
    for line in (SHARED / "nasty" / "expected.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        spans, links = expected.setdefault(record["doc"], (set(), set()))
        if record["k"] == "span":
            place = tuple(map(tuple, record["frags"]))
            spans.add((record["attrs"]["id"], record["label"], place))
            places[(record["doc"], (place, record["label"]))] = record["attrs"]["id"]
        elif record["k"] == "rel":
            ends = [places[(record["doc"], (tuple(map(tuple, arg[1])), arg[2]))] for arg in record["args"]]
            links.add((record["attrs"]["id"], record["label"], *ends))
    found = {
        one.name: (
            {(p.id, p.label, tuple(map(tuple, p.spans))) for p in one.passages},
            {(link.id, link.label, link.head, link.tail) for link in one.links},
        )
        for one in read(path, made)
        if isinstance(one, LayerDocument)
    }
    assert found == expected
