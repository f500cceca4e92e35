"""The exchange file of a small corpus is the one that is kept, byte for byte, and comes back whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.formats.exchange import is_exchange
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.formats.exchange_read import read_exchange
from app.formats.exchange_schema import schema
from app.workspace import Workspace

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "exchange-1.0.json"


def test_the_golden_file_is_reproduced(tiny: Workspace, tmp_path: Path) -> None:
    """KURATOR_GOLDEN=write writes it anew, to be looked at before it is committed."""
    target = tmp_path / "out.json"
    export_exchange(tiny.reads, target)
    if os.environ.get("KURATOR_GOLDEN") == "write":
        GOLDEN.write_bytes(target.read_bytes())
    assert _plain(target.read_text("utf-8")) == _plain(GOLDEN.read_text("utf-8"))


def _plain(text: str) -> str:
    """Return a file's text with ids numbered as they come and times left out: those hang on how often a
    command looks at the clock."""
    numbers: dict[str, str] = {}
    ids = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    numbered = ids.sub(lambda found: numbers.setdefault(found[0], f"#{len(numbers)}"), text)
    return re.sub(r"2026-03-01T[0-9:.]+Z", "then", numbered)


def test_exporting_twice_gives_the_same_bytes(tiny: Workspace, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    export_exchange(tiny.reads, first)
    export_exchange(tiny.reads, second)
    assert first.read_bytes() == second.read_bytes()


def test_the_golden_file_holds_something_of_everything() -> None:
    data = json.loads(GOLDEN.read_bytes())
    assert all(data[name] for name in ("annotators", "runs", "register", "deleted", "documents"))
    for name in ("entities", "claims", "relations", "suggestions", "decisions", "status", "deleted", "notes"):
        assert any(document[name] for document in data["documents"]), name
    whole = GOLDEN.read_text("utf-8")
    for letter in ("😀", "a\u030a", "\u00a0", "\u00ad"):
        assert letter in whole
    entities = [one for document in data["documents"] for one in document["entities"]]
    assert any(len(one["spans"]) > 1 for one in entities)
    assert any(one.get("orphan") for one in entities)
    decisions = [one for document in data["documents"] for one in document["decisions"]]
    assert {one["scope"] for one in decisions} == {"here", "document", "corpus"}
    assert {one["verdict"] for one in decisions} == {"accepted", "corrected", "rejected"}
    assert len(data["annotators"]) == 2
    assert any(one.get("past") for document in data["documents"] for one in document["suggestions"])


def test_the_golden_file_comes_back_whole(empty: Callable[[], Workspace], tmp_path: Path) -> None:
    project, again = empty(), tmp_path / "again.json"
    assert read_exchange(GOLDEN).problems == ()
    report = import_exchange(project.writer, project.reads, GOLDEN)
    export_exchange(project.reads, again)
    assert again.read_bytes() == GOLDEN.read_bytes()
    assert report.documents == 2 and not report.notices
    assert project.reads.meta("name") == "Vårdrum 😀"
    assert [entry.change_set for entry in project.reads.history()] == []
    assert "Eva" in {one.name for one in project.reads.annotators() if one.id == project.reads.me}


def test_it_keeps_to_the_schema() -> None:
    jsonschema.Draft202012Validator(schema()).validate(json.loads(GOLDEN.read_bytes()))


def test_layout() -> None:
    raw = GOLDEN.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"]}]}\n")
    lines = raw.decode("utf-8").splitlines()
    assert lines[0].startswith('{"kurator":{') and lines[1].startswith('"label_set":{')
    for line in lines:
        body = re.fullmatch(r"(\{.*?\})(?:,|\],|\]\},|\]\}\]\})?", line)
        if line.startswith('{"kurator"') or not body or not line.startswith("{"):
            continue
        record = json.loads(body[1])
        plain = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert re.sub(r"([:,\[][0-9.]+e-)0", r"\1", plain) == body[1]


def test_order() -> None:
    data = json.loads(GOLDEN.read_bytes())
    assert data["documents"] == sorted(data["documents"], key=lambda one: (one["name"], one["id"]))
    for document in data["documents"]:
        for name in ("entities", "claims"):
            assert document[name] == sorted(document[name], key=_place)
        place = {one["id"]: _place(one) for one in document["entities"] + document["claims"]}
        heads = [(place[one["head"]][:2], one["id"]) for one in document["relations"]]
        assert heads == sorted(heads)


def _place(record: dict[str, Any]) -> tuple[int, int, str]:
    return record["spans"][0][0], record["spans"][-1][1], record["id"]


def test_scores_and_numbers() -> None:
    data = json.loads(GOLDEN.read_bytes())
    scores = [one["score"] for document in data["documents"] for one in document["suggestions"]]
    assert 0.912346 in scores and 0.000001 in scores
    assert not re.search(rb'"score":[0-9]+\.0\b', GOLDEN.read_bytes())
    assert any(isinstance(score, int) for score in scores)


def test_metadata_keeps_its_names() -> None:
    (first, *_) = json.loads(GOLDEN.read_bytes())["documents"]
    assert first["metadata"] == {
        "publisher": "Region Häradsbo",
        "date": "2019-05",
        "_publisher": "en annan",
        "__date": "x",
        "slag": "nyhet",
    }


def test_it_is_recognised(tmp_path: Path) -> None:
    assert is_exchange(GOLDEN)
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(json.loads(GOLDEN.read_bytes()), indent=4), "utf-8")
    assert is_exchange(pretty)
    other = tmp_path / "other.json"
    other.write_text('{"text": "kurator"}', "utf-8")
    assert not is_exchange(other) and not is_exchange(tmp_path / "missing") and not is_exchange(tmp_path)


@pytest.mark.parametrize("options", [{"indent": 2}, {"ensure_ascii": True}, {"indent": 1, "sort_keys": True}])
def test_other_layouts_are_read(options: dict[str, Any], empty: Callable[[], Workspace], tmp_path: Path) -> None:
    other, again = tmp_path / "other.json", tmp_path / "again.json"
    other.write_text(json.dumps(json.loads(GOLDEN.read_bytes()), **options), "utf-8", newline="\r\n")
    project = empty()
    import_exchange(project.writer, project.reads, other)
    export_exchange(project.reads, again)
    assert again.read_bytes() == GOLDEN.read_bytes()


@pytest.mark.parametrize("change", [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n")])
def test_what_mail_and_git_do_to_it_does_not_matter(
    change: Callable[[bytes], bytes], empty: Callable[[], Workspace], tmp_path: Path
) -> None:
    other, again = tmp_path / "other.json", tmp_path / "again.json"
    other.write_bytes(change(GOLDEN.read_bytes()))
    assert read_exchange(other).by_lines
    project = empty()
    import_exchange(project.writer, project.reads, other)
    export_exchange(project.reads, again)
    assert again.read_bytes() == GOLDEN.read_bytes()
