"""Export to ``.spacy``, Parquet and JSON against the bare library writing the same. Run on demand:

pytest tests/benchmarks/test_formats.py --benchmark-only -s   (KURATOR_DOCUMENTS=100000 for the full size)

Both in processor time. The library (spaCy, datasets, json) begins with the rows that are to be written ready in
memory; tokens it has to cut as well.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.formats.contract import ExportOptions
from app.formats.exporting import export
from app.formats.registry import format_named
from app.workspace import Workspace
from models.ids import fingerprint, new_id
from models.spans import CONTEXT
from models.store.unit_of_work import to_json

DOCUMENTS = int(os.environ.get("KURATOR_DOCUMENTS", "10000"))
EACH = 10
"""Annotations in a document: seven entities, two claims, a relation."""
TEXT = "Region Häradsbo 😀 satsar på va\u030ardrum, säger Anna\u00a0Ek i lyft\u00adprojektet. " * 6
WORDS = ("Region Häradsbo", "Anna\u00a0Ek", "lyft\u00adprojektet", "va\u030ardrum")


def fill(workspace: Workspace, documents: int) -> None:
    me, places = workspace.reads.me, _places()
    with workspace.writer.unrecorded() as work:
        for number in range(documents):
            document, text = new_id(), f"{TEXT}{number}."
            print_ = fingerprint(text)
            work.raw.execute(
                "INSERT INTO texts(seq, document_id, fingerprint, text) VALUES (?, ?, ?, ?)",
                (number + 1, document, print_, text),
            )
            work.raw.execute(
                "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, "
                "furniture_by, imported, language) VALUES (?, ?, '{}', ?, ?, ?, '[]', 'none', ?, 'sv')",
                (document, f"{number:06}.txt", print_, len(text), number + 1, work.now),
            )
            ids = [new_id() for _ in range(EACH)]
            work.raw.executemany(
                "INSERT INTO annotations(id, kind, document_id, label, start, end, exact, prefix, suffix, "
                "head, tail, facets, annotator_id, state, origin, note, created, modified) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [_row(ids, one, places, document, text, me, work.now) for one in range(EACH)],
            )


def _places() -> list[tuple[int, int]]:
    found, at = [], 0
    for number in range(7):
        word = WORDS[number % len(WORDS)]
        at = TEXT.index(word, at)
        found.append((at, at + len(word)))
        at += len(word)
    return [*found, (18, 60), (100, 150)]


def _row(
    ids: list[str], one: int, places: list[tuple[int, int]], document: str, text: str, me: str, now: str
) -> tuple[Any, ...]:
    if one == EACH - 1:
        made = (None, None, None, None, None, ids[7], ids[0], None)
        return (
            ids[one],
            "relation",
            document,
            "ATTRIBUTED_TO",
            *made,
            me,
            "manual",
            to_json({"by": "human"}),
            None,
            now,
            now,
        )
    kind, label = ("entity", ("PERSON", "PLACE", "ORGANISATION")[one % 3]) if one < 7 else ("claim", "CLAIM")
    start, end = places[one]
    context = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    origin = {"by": "pipeline", "score": 0.912345, "source": "regler 1.2 · namn", "suggestion": ids[one]}
    facets = '{"kind":"fact","mode":"direct"}' if kind == "claim" else None
    place = (start, end, to_json([text[start:end]]), *context, None, None, facets)
    told = to_json(origin if one % 2 else {"by": "human"})
    return (ids[one], kind, document, label, *place, me, "accepted" if one % 2 else "manual", told, None, now, now)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("formats") / "big.kurator", "Stort", "Bo") as workspace:
        fill(workspace, DOCUMENTS)
        yield workspace


def compared(benchmark: Any, project: Workspace, target: Path, name: str, bare: Callable[[Path], float]) -> None:
    """Time the export, then the library alone, both in processor time: it may take twice as long."""
    chosen = format_named(name)
    first = project.file.connection.execute("SELECT id FROM documents LIMIT 1").fetchone()
    export(chosen, project.reads, target.with_name("first"), ExportOptions(documents=first))  # loads the library
    started = time.process_time()
    report = benchmark.pedantic(export, (chosen, project.reads, target), rounds=1, iterations=1)
    took = time.process_time() - started
    assert report.documents == DOCUMENTS
    plain = bare(target)
    benchmark.extra_info |= {"bare library s": round(plain, 2), "of its speed": round(plain / took, 2)}
    print(
        f"\n{name}: {DOCUMENTS} documents, {DOCUMENTS * EACH} annotations, {report.size / 1e6:.0f} MB: {took:.1f} s; ",
        end="",
    )
    print(f"bare library {plain:.1f} s: {plain / took:.2f} of its speed")
    assert plain / took >= 0.5


def test_spacy(benchmark: Any, project: Workspace, tmp_path: Path) -> None:
    def bare(target: Path) -> float:
        """Tokenise, place the spans, add and write: what a script with spaCy alone does for the same file."""
        import spacy
        from spacy.tokens import DocBin

        nlp = spacy.blank("sv")
        kept = [
            (
                doc.text,
                [(span.start_char, span.end_char, span.label_, span.id_) for span in doc.spans["sc"]],
                [(ent.start_char, ent.end_char, ent.label_, ent.id_) for ent in doc.ents],
                dict(doc.user_data),
            )
            for doc in DocBin().from_disk(target).get_docs(nlp.vocab)
        ]
        started = time.process_time()
        nlp = spacy.blank("sv")
        store = DocBin(attrs=("ENT_IOB", "ENT_TYPE", "ENT_ID"), store_user_data=True)
        for text, spans, ents, told in kept:
            doc = nlp.make_doc(text)
            doc.spans["sc"] = [
                doc.char_span(start, end, label=label, span_id=identity, alignment_mode="expand")
                for start, end, label, identity in spans
            ]
            doc.ents = [
                doc.char_span(start, end, label=label, span_id=identity, alignment_mode="expand")
                for start, end, label, identity in ents
            ]
            doc.user_data.update(told)
            store.add(doc)
        store.to_disk(tmp_path / "bare.spacy")
        return time.process_time() - started

    compared(benchmark, project, tmp_path / "x.spacy", "spacy", bare)


def test_parquet(benchmark: Any, project: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    import pyarrow as pa
    from pyarrow import parquet

    datasets.disable_progress_bars()

    def bare(target: Path) -> float:
        """Make data sets of rows, a thousand documents at a time, and write them; cut the words and tag them."""
        paths = [target / view / "train-00000-of-00001.parquet" for view in ("data", "tokens")]
        data, tokens = (parquet.ParquetFile(path) for path in paths)
        shapes = [datasets.Features.from_arrow_schema(one.schema_arrow) for one in (data, tokens)]
        took = arrow = 0.0
        for batch in data.iter_batches(1000):
            rows = batch.to_pylist()
            started = time.process_time()
            datasets.Dataset.from_list(rows, features=shapes[0]).to_parquet(tmp_path / "data")
            tagged = [one for row in rows for one in sentences_of(row)]
            datasets.Dataset.from_list(tagged, features=shapes[1]).to_parquet(tmp_path / "tokens")
            took += time.process_time() - started
            started = time.process_time()
            parquet.write_table(pa.Table.from_pylist(rows, data.schema_arrow), tmp_path / "arrow")
            parquet.write_table(pa.Table.from_pylist(tagged, tokens.schema_arrow), tmp_path / "arrow")
            arrow += time.process_time() - started
        print(f"\nhf: Arrow alone, words ready: {arrow:.1f} s", end="")
        return took

    compared(benchmark, project, tmp_path / "hf", "hf", bare)


WORD = re.compile(r"\w+|[^\w\s]")


def sentences_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a document's sentences with tags, as a short script does it: words by a regular expression."""
    tags = {"PERSON": 1, "PLACE": 7, "ORGANISATION": 5}
    entities, number, at = sorted((one["start"], one["end"], one["label"]) for one in row["entities"]), 0, 0
    for sentence in row["text"].split(". "):
        words, found = [], []
        for match in WORD.finditer(sentence):
            start, end = match.start() + at, match.end() + at
            while entities and entities[0][1] <= start:
                entities.pop(0)
            inside = bool(entities) and entities[0][0] < end
            found.append(tags[entities[0][2]] + (start > entities[0][0]) if inside else 0)
            words.append(match[0])
        yield {"id": f"{row['id']}-{number}", "document": row["id"], "tokens": words, "ner_tags": found}
        number, at = number + 1, at + len(sentence) + 2


def test_json(benchmark: Any, project: Workspace, tmp_path: Path) -> None:
    def bare(target: Path) -> float:
        data = json.loads(target.read_bytes())
        started = time.process_time()
        with (tmp_path / "bare.json").open("w", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False, sort_keys=True))
        return time.process_time() - started

    compared(benchmark, project, tmp_path / "x.json", "exchange", bare)
