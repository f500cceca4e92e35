"""A look at another tool's file before it is imported: what it holds, what is known of it here, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.cli import exit_codes, main
from app.formats.layers import LayerDocument, Link, Passage, Refusal
from app.services.foreign_views import MOST_REFUSALS, FoundLabel, Survey, survey
from app.workspace import Workspace
from models.spans import Span

TEXT = "Åsa Öberg 😀 leder vård\u00adrummet i A\u030adalen."


def document(name: str, text: str = TEXT) -> LayerDocument:
    passages = (
        Passage("1", "entity", "PERSON", (Span(0, 9),), annotator="Maja"),
        Passage("2", "entity", "Ställe", (Span(len(TEXT) - 8, len(TEXT) - 1),), annotator="Maja"),
    )
    return LayerDocument(name, text, passages=passages, links=(Link("3", "leder", "1", "2"),))


def project(path: Path) -> Workspace:
    from app.services.corpus import import_documents
    from models.documents import SourceDocument

    made = Workspace.create(path, "Vård", "Åsa")
    list(import_documents(made.writer, made.reads, [SourceDocument("a.txt", TEXT), SourceDocument("b.txt", "Annat.")]))
    return made


def test_what_a_file_holds(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found: list[LayerDocument | Refusal] = [
        document("a.txt"),
        document("b.txt"),
        document("ny.txt", TEXT + " Ny."),
        Refusal("fil.jsonl", 4, "peers.no-text", {"name": "x"}),
    ]
    with project(tmp_path / "p.kurator") as workspace:
        seen = survey(workspace.reads, found, progress=lambda done, total: told.append((done, total)))
        labels = list(workspace.reads.connection.execute("SELECT count(*) FROM annotations"))
    assert (seen.added, seen.there, seen.other_text) == (1, 1, ["b.txt"])
    assert (seen.passages, seen.links, seen.notes, seen.refusals) == (6, 3, 0, 1)
    assert seen.labels == (
        FoundLabel("PERSON", False, 3, "PERSON"),
        FoundLabel("Ställe", False, 3, None),
        FoundLabel("leder", True, 3, None),
    )
    assert seen.signed == {"Maja": 6, "": 3}
    assert seen.refused[0].line == 4 and not seen.cancelled
    assert told == [(1, 0), (2, 0), (3, 0), (4, 0)]
    assert labels == [(0,)]
    again = Survey.from_json(json.loads(json.dumps(seen.to_json())))
    assert again == seen


def test_many_refusals_are_counted_but_not_all_listed(tmp_path: Path) -> None:
    refusals = [Refusal("f", number, "peers.no-text", {}) for number in range(MOST_REFUSALS + 5)]
    with project(tmp_path / "p.kurator") as workspace:
        seen = survey(workspace.reads, refusals)
        stopped = survey(workspace.reads, refusals, cancelled=lambda: True)
    assert seen.refusals == MOST_REFUSALS + 5 and len(seen.refused) == MOST_REFUSALS
    assert stopped.cancelled and stopped.refusals == 0


def doccano(path: Path) -> Path:
    line: dict[str, Any] = {"text": TEXT, "entities": [], "relations": [], "name": "a.txt"}
    line["entities"] = [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 9}]
    path.write_text(json.dumps(line) + "\n{trasig\n", "ascii")
    return path


def test_from_the_command_line(tmp_path: Path, capsys: Any) -> None:
    project(tmp_path / "p.kurator").close()
    file, report = doccano(tmp_path / "d.jsonl"), tmp_path / "rapport.json"
    arguments = ["import", str(tmp_path / "p.kurator"), str(file), "--dry-run", "--report", str(report)]
    assert main([*arguments, "--set", "offsets=utf-16"]) == exit_codes.REMARKS
    assert "PER: 1" in capsys.readouterr().out
    seen = Survey.from_json(json.loads(report.read_text("utf-8"))["survey"])
    assert (seen.there, seen.passages, seen.refusals) == (1, 1, 1)
    with Workspace.open(tmp_path / "p.kurator") as workspace:
        assert not workspace.reads.annotations(workspace.reads.document_by_name("a.txt") or "")


def test_a_mapping_can_be_written_out(tmp_path: Path, capsys: Any) -> None:
    project(tmp_path / "p.kurator").close()
    file = doccano(tmp_path / "d.jsonl")

    def run(mapping: str) -> int:
        given = ["--as", "doccano", "--set", "offsets=utf-16", f"--mapping={mapping}"]
        return main(["import", str(tmp_path / "p.kurator"), str(file), *given])

    assert run('{"PER": 3}') == exit_codes.REFUSED
    assert run("{") == exit_codes.REFUSED
    assert run('{"PER": "PERSON"}') == exit_codes.REMARKS  # the broken line
    with Workspace.open(tmp_path / "p.kurator") as workspace:
        made = workspace.reads.annotations(workspace.reads.document_by_name("a.txt") or "")
    assert [one.label for one in made] == ["PERSON"]


def test_texts_have_no_dry_run(tmp_path: Path, capsys: Any) -> None:
    project(tmp_path / "p.kurator").close()
    text = tmp_path / "c.txt"
    text.write_text("Bara text.", "utf-8")
    assert main(["import", str(tmp_path / "p.kurator"), str(text), "--dry-run"]) == exit_codes.REFUSED
    assert capsys.readouterr().err
