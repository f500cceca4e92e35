"""A pipeline is loaded only after the user said so, and only as it was then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import spacy

from app.paths import data_folder
from app.pipeline.client import PipelineProcess
from app.pipeline.protocol import BUILT_IN
from app.services.trust import is_trusted, require_trust, trust
from models.errors import UserError


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    nlp = spacy.blank("sv")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PLACE", "pattern": "Skåne"}])
    nlp.to_disk(tmp_path / "främling")
    return tmp_path / "främling"


def test_the_built_in_pipeline_needs_no_word() -> None:
    assert is_trusted(BUILT_IN)
    trust(BUILT_IN)
    require_trust(BUILT_IN)


def test_a_stranger_is_refused_until_allowed_and_again_once_changed(stranger: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"training\.untrusted"):
        PipelineProcess().start(str(stranger))
    trust(stranger)
    require_trust(stranger)
    moved = tmp_path / "flyttad"
    shutil.copytree(stranger, moved)
    assert is_trusted(moved)
    (stranger / "tokenizer").write_bytes(b"another")
    assert not is_trusted(stranger) and is_trusted(moved)
    (moved / "extra.py").write_text("import os")
    assert not is_trusted(moved)
    trust(stranger)
    trust(stranger)
    assert is_trusted(stranger)


def test_a_list_that_cannot_be_read_allows_nothing(stranger: Path) -> None:
    trust(stranger)
    file = data_folder() / "trusted_pipelines.json"
    assert [one["path"] for one in json.loads(file.read_text("utf-8"))] == [str(stranger)]
    for broken in ("{", '"x"', '[{"path": 1}]', "[null]"):
        file.write_text(broken, "utf-8")
        assert not is_trusted(stranger)
    trust(stranger)
    assert is_trusted(stranger)


def test_what_is_no_pipeline_cannot_be_trusted(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"pipeline\.no-pipeline-folder"):
        trust(tmp_path)
    with pytest.raises(UserError, match=r"pipeline\.unknown"):
        is_trusted("sv_no_such_pipeline")
