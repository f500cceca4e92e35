"""The built-in pipeline is a folder that plain spaCy loads, and stays the same when it is written and read again."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

from app.pipeline.names.files import read_weights, write_weights
from app.pipeline.names.reading import name_model
from app.pipeline.suggest import RULES_FOLDER, RULES_VERSION, analysis_of, build_rules_pipeline, load_pipeline

ROOT = Path(__file__).resolve().parents[3]
TEXT = (
    "😀 Ga\u030ang på\u00a0gång öpp\u00adnade Tobbel Ristvaara, strateg på Region Skåne, ett kontor "
    "i Väster\u00adfja\u0308llby.\n\n"
    "– Vi är nöjda med de 12 miljoner kronor som vi fick 2024, säger hon."
)


def test_plain_spacy_loads_it() -> None:
    """In a Python that knows nothing of Kurator but what its installation tells."""
    program = (
        f"import spacy; print([e.text for e in spacy.load({str(RULES_FOLDER)!r})('Karin Östlund bor i Luleå.').ents])"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "['Karin Östlund', 'Luleå']", done.stderr


def test_written_and_read_again_it_answers_the_same(tmp_path: Path) -> None:
    built_in = build_rules_pipeline()
    built_in.to_disk(tmp_path / "copy")
    assert (tmp_path / "copy" / "kurator_names" / "weights.npz").is_file()
    nlp, info = load_pipeline(str(tmp_path / "copy"))
    assert nlp.get_pipe("kurator_names").model is not built_in.get_pipe("kurator_names").model
    assert analysis_of(nlp(TEXT)) == analysis_of(built_in(TEXT))
    assert (info.name, info.version) == ("sv_kurator_rules", RULES_VERSION)
    assert info.labels == load_pipeline("built-in")[1].labels


def _names(nlp: Language) -> list[str]:
    doc = nlp("Karin Östlund bor i Luleå.")
    return [span.text for span in doc.spans["names"]]


def test_names_of_other_weights_keep_them(tmp_path: Path) -> None:
    """A pipeline whose names were learned anew is not read back with those that ship."""
    name_model().save(tmp_path)
    stored = read_weights(tmp_path)
    write_weights(tmp_path, stored.tags, {"b": [9.0, *[0.0] * 6]}, stored.chain)
    nlp = spacy.blank("sv")
    nlp.add_pipe("kurator_names").from_disk(tmp_path)  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "other")
    assert _names(build_rules_pipeline()) == ["Karin Östlund", "Luleå"]
    assert _names(spacy.load(tmp_path / "other")) == []


def test_the_folder_is_what_the_recipe_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of the rules' version: ``PYTHONPATH=. python packaging/train_pipeline.py --folder``."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    recipe: Any = importlib.import_module("train_pipeline")
    recipe.write_folder(tmp_path)
    for name in ("config.cfg", "meta.json", "tokenizer"):
        assert (tmp_path / name).read_bytes() == (RULES_FOLDER / name).read_bytes(), name
    meta = json.loads((RULES_FOLDER / "meta.json").read_text("utf-8"))
    assert meta["license"] and meta["sources"] and "ROLE" in meta["labels"]["kurator_rules"]
