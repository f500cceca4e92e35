"""The list of formats, and that trainers' tools can use what is written."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.formats.exporting import export
from app.formats.registry import FORMATS, format_named, format_of
from app.messages import LANGUAGES, set_language, tr
from app.workspace import Workspace
from models.errors import UserError

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "exchange-1.0.json"
SCORE = ROOT.parent / "shared" / "gold" / "score.py"


def test_formats_have_names_in_both_languages() -> None:
    assert len({one.id for one in FORMATS}) == len(FORMATS)
    for language in LANGUAGES:
        set_language(language)
        assert all(tr(one.title) and tr(one.description) for one in FORMATS)


def test_a_format_is_found_by_id_and_by_content(tmp_path: Path) -> None:
    assert format_named("exchange").suffix == ".json"
    found = format_of(GOLDEN)
    assert found is not None and found.id == "exchange"
    assert format_of(ROOT / "pyproject.toml") is None
    with pytest.raises(UserError) as caught:
        format_named("papyrus")
    assert caught.value.code == "exchange.no-such-format"


def test_a_format_writes_and_reads(tiny: Workspace, tmp_path: Path) -> None:
    chosen, target = format_named("exchange"), tmp_path / "out.json"
    told: list[tuple[int, int]] = []
    report = export(chosen, tiny.reads, target, progress=lambda *counts: told.append(counts))
    assert told == [(1, 2), (2, 2)] and report.size == target.stat().st_size
    with Workspace.create(tmp_path / "other.kurator", "x", "y") as other:
        told.clear()
        read = import_exchange(other.writer, other.reads, target, progress=lambda *c: told.append(c))
        assert read.documents == 2
        assert told == [(1, 2), (2, 2)]


@pytest.mark.skipif(os.name == "nt", reason="no such permissions or links")
def test_the_file_is_an_ordinary_one(tiny: Workspace, tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    export_exchange(tiny.reads, real)
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(real.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    real.chmod(0o600)
    link.symlink_to(real)
    real.write_text("", "utf-8")
    export_exchange(tiny.reads, link)
    assert link.is_symlink() and real.stat().st_size
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


@pytest.mark.skipif(not SCORE.exists(), reason="the gold pages are not here")
def test_a_trainers_script_reads_it(tmp_path: Path) -> None:
    document = json.loads(GOLDEN.read_bytes())["documents"][0]
    gold: dict[str, Any] = {
        "document": document["name"],
        "sha256": document["fingerprint"].removeprefix("sha256:"),
        "entities": [
            {"start": one["spans"][0][0], "end": one["spans"][-1][1], "label": one["label"]}
            for one in document["suggestions"]
            if one["kind"] == "entity"
        ],
        "claims": [],
        "relations": [],
        "boilerplate": document["furniture"],
    }
    path = tmp_path / "gold.json"
    path.write_text(json.dumps(gold), "utf-8")
    done = subprocess.run(
        [sys.executable, str(SCORE), str(GOLDEN), str(path)], capture_output=True, check=True, text=True
    )
    told = json.loads(done.stdout)
    assert told["entities"]["f"] == 1.0 and told["furniture"]["f"] == 1.0
