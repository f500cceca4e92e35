"""The recipe of the name model: conversion, word classes, and one small training where the library is there."""

from __future__ import annotations

import importlib
import lzma
from pathlib import Path
from types import ModuleType

import pytest

from app.pipeline.names.model import NameModel

ROOT = Path(__file__).resolve().parents[2]
NEWS = (
    "Karin\tPER\nÖst\u00adlund\tPER\n,\t0\nfrån\t0\nFiktos\tORG\n,\t0\nlog\t0\n.\t0\n\n"
    "I\t0\nSkåne\tLOC\nregnar\t0\ndet\t0\n.\t0\n"
)
UNER = (
    "# sent_id = 1\n# text = ”Ja”, sa A\u030asa i\u00a0Visby 😀.\n"
    "1\t”\tO\n2\tJa\tO\n3\t”\tO\n4\t,\tO\n5\tsa\tO\n6\tA\u030asa\tB-PER\n7\ti\tO\n8\tVisby\tB-LOC\n9\t😀\tO\n10\t.\tO\n\n"
)
LISTS = {
    "namn/tilltalsnamn-kvinnor.csv": "name,persons\nKarin,900\nSällsynta,12\n",
    "namn/tilltalsnamn-man.csv": "name,persons\nErik,900\n",
    "namn/fornamn-kvinnor.csv": "name,persons\nKarin,900\nSällsynta,12\n",
    "namn/fornamn-man.csv": "name,persons\nErik,900\n",
    "namn/efternamn-1000.csv": '"lastname",frequency\n"Östlund",700\n',
    "platser/ortsnamn.csv": "city\nVisby\n",
    "platser/kommuner.csv": "code,name\n1,Luleå kommun\n",
    "platser/lan.csv": "name,residencetown\nSkåne län,Kristianstad\n",
    "platser/lander.csv": "country,capital,continent,alternative_name\nNorge,Oslo,Europa,\n",
    "organisationer/myndigheter.tsv": "type\tname\tcity\nverk\tFiktiva verket\tVisby\n",
    "yrken/vocations.csv": "vocation\nSjuksköterska\n",
}


@pytest.fixture
def names_data(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("names_data")


@pytest.fixture
def data(tmp_path: Path, names_data: ModuleType) -> Path:
    """Return a folder of sources, each of them tiny."""
    files = {f"svensktext_gazetteers/{name}": text for name, text in LISTS.items()}
    files |= {f"{names_data.NEWS}/{part}_corpus.txt": NEWS for part in ("train", "test")}
    files |= {f"{names_data.TALBANKEN}/sv_talbanken-ud-{part}.iob2": UNER for part in ("train", "dev", "test")}
    files[f"{names_data.PUD}/sv_pud-ud-test.iob2"] = UNER
    files[f"{names_data.NEWS}/train_corpus.txt"] = NEWS + "\n" + NEWS.replace("Karin", "Erik")
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "raw_text").mkdir()
    line = "Enligt Fiktos är vård i Visby en mässa . I Visby är vård .\n"
    raw = line + line + "De kan se att vård i Visby är här .\n"
    (tmp_path / "raw_text" / "a.txt.xz").write_bytes(lzma.compress(raw.encode()))
    return tmp_path


def test_corpora_become_words_and_tags(names_data: ModuleType, data: Path) -> None:
    parts = {name: names_data.tagged(part) for name, part in names_data.read_parts(data).items()}
    assert parts["news-test"][0] == (
        ["Karin", "Östlund", ",", "från", "Fiktos", ",", "log", "."],
        ["B-PER", "I-PER", "O", "O", "B-ORG", "O", "O", "O"],
    )
    words, tags = parts["talbanken-test"][0]
    assert [(word, tag) for word, tag in zip(words, tags, strict=True) if tag != "O"] == [
        ("A\u030asa", "B-PER"),
        ("Visby", "B-LOC"),
    ]


def test_nothing_that_is_tested_is_trained_on(names_data: ModuleType, data: Path) -> None:
    parts = names_data.read_parts(data)
    assert [text for text, _ in parts["news-train"]] == ["Erik Östlund, från Fiktos, log."]
    assert parts["talbanken-train"] == []


def test_word_classes_tell_capitals_frequency_and_lists(names_data: ModuleType, data: Path) -> None:
    classes = names_data.word_classes(data)
    assert {word: classes[word] for word in ("karin", "östlund", "sällsynta", "norge", "visby", "vård")} == {
        "karin": "?0f",
        "östlund": "?0s",
        "sällsynta": "?0r",
        "norge": "?0c",
        "visby": "C1p",
        "vård": "l1",
    }


def test_a_model_is_trained_and_the_same_each_time(
    names_data: ModuleType, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pycrfsuite", reason="the extra 'train' is not installed")
    recipe = importlib.import_module("train_names")
    monkeypatch.setattr(recipe, "SETTINGS", recipe.SETTINGS | {"feature.minfreq": 0})
    written = []
    for name in ("one", "two"):
        monkeypatch.setattr("sys.argv", ["train_names", str(data), "--out", str(data / name)])
        recipe.main()
        written.append([path.read_bytes() for path in sorted((data / name).iterdir())])
    assert written[0] == written[1]
    assert "news-test" in capsys.readouterr().out
    assert [name.label for name in NameModel(data / "one").read([["Erik", "Östlund", "log", "."]])[0]] == ["PER"]
