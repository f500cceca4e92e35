"""What comes out of shards beside what a project says of the same texts, and the way back into projects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import commands
from app.cli import main
from app.formats.exchange_export import export_exchange
from app.formats.exchange_read import read_exchange
from app.merge.files import merge_files
from app.services.analysis import Wishes, analyse_corpus
from app.services.corpus import import_documents
from app.services.merging import BaseChoice, merge_into
from app.workspace import Workspace, default_label_set
from models.documents import SourceDocument

Kurator = Callable[..., tuple[int, str, str]]
TEXTS = (
    "Åsa Öberg 😀, chef på Region Skåne, sa\u00a0att va\u030arden i Malmö räcker.\r\n– Det blir dyrare, säger hon.\n",
    "Karin Öst\u00adlund leder Socialstyrelsen. Hon vill att 12\u00a0miljoner kronor går till Lund.\n",
    "Ingenting här.\n",
)


@pytest.fixture
def project(bench: Any) -> Any:
    with Workspace.create(bench.folder / "p.kurator", "Policyer å", "Anna") as workspace:
        sources = [SourceDocument(f"{number}.txt", one) for number, one in enumerate(TEXTS)]
        sources.append(SourceDocument("9.txt", TEXTS[0], title="Tvilling"))
        list(import_documents(workspace.writer, workspace.reads, sources))
        yield workspace


def export(workspace: Workspace, path: Path, **choices: Any) -> Path:
    export_exchange(workspace.reads, path, **choices)
    return path


def without_run(documents: list[dict[str, Any]], run: str) -> str:
    return json.dumps(documents, ensure_ascii=False).replace(run, "RUN")


def test_shards_get_the_suggestions_that_the_project_gets(bench: Any, rules: Any, project: Workspace) -> None:
    """With decisions on what an earlier version proposed, with corrections, with furniture, and with twins."""
    analyse_corpus(project, rules("0"))
    document = project.reads.document_by_name("0.txt") or ""
    marks = [one for one in project.marks.marks(document) if one.kind == "entity"]
    project.run(commands.Accept(document=document, key=marks[0].key))
    project.run(commands.Reject(document=document, key=marks[1].key))
    project.run(commands.Relabel(document=document, key=marks[2].key, label="PROGRAMME"))
    project.run(commands.SetFurniture(document=project.reads.document_by_name("1.txt"), start=0, end=6))
    shard = export(project, bench.folder / "a.json")
    report = bench.suggest("ut", shard, pipeline=rules("1"))
    assert report.documents == 4
    analyse_corpus(project, rules("1"))
    wanted = bench.read(export(project, bench.folder / "b.json"))
    found = bench.read("ut/a.json")
    runs = [next(one["id"] for one in file["runs"] if one["version"] == "1") for file in (found, wanted)]
    assert without_run(found["documents"], runs[0]) == without_run(wanted["documents"], runs[1])
    assert any(one.get("past") for one in found["documents"][0]["suggestions"])
    assert found["kurator"] == wanted["kurator"] and found["label_set"] == wanted["label_set"]


def test_a_shard_of_a_run_that_it_knows_keeps_its_id_and_is_read_only_where_it_must(
    bench: Any, rules: Any, project: Workspace
) -> None:
    analyse_corpus(project, rules("1"), Wishes(only=[project.reads.document_by_name("1.txt") or ""]))
    shard = export(project, bench.folder / "a.json")
    seen = rules("1")
    assert bench.suggest("ut", shard, pipeline=seen).documents == 3 and len(seen.seen) == 3
    assert bench.suggest("alla", shard, pipeline=seen, again=True).documents == 4
    assert bench.documents("alla/a.json") == bench.documents("ut/a.json")
    analyse_corpus(project, rules("1"))
    whole = export(project, bench.folder / "b.json")
    assert (bench.folder / "ut" / "a.json").read_bytes() == whole.read_bytes()


def test_shards_merge_back_into_the_project_they_came_from(bench: Any, rules: Any, project: Workspace) -> None:
    analyse_corpus(project, rules("0"))
    known = [project.reads.document_by_name(name) or "" for name in ("0.txt", "1.txt", "2.txt", "9.txt")]
    shards = [
        export(project, bench.folder / f"{number}.json", documents=ids)
        for number, ids in enumerate((known[:2], known[2:]))
    ]
    bench.suggest("ut", *shards, pipeline=rules("1"))
    mark = next(one for one in project.marks.marks(known[0]) if one.kind == "entity")
    project.run(commands.Accept(document=known[0], key=mark.key))  # work goes on meanwhile
    for shard in shards:
        plan = merge_into(project, bench.folder / "ut" / shard.name)
        assert plan.done and not plan.conflicts and not plan.open
    found = bench.read(export(project, bench.folder / "efter.json"))
    run = next(one["id"] for one in found["runs"] if one["version"] == "1")
    assert {one["analysed_by"] for one in found["documents"]} == {run}
    assert len(found["documents"][0]["entities"]) == 1 and not found.get("conflicts")
    again = merge_into(project, bench.folder / "ut" / "0.json")
    assert not again.conflicts


@pytest.mark.parametrize("based", [True, False])
def test_a_later_pipeline_wins_with_a_base_and_without(bench: Any, rules: Any, project: Workspace, based: bool) -> None:
    analyse_corpus(project, rules("0"))
    bench.suggest("ut", export(project, bench.folder / "a.json"), pipeline=rules("1"))
    assert not merge_into(project, bench.folder / "ut" / "a.json", BaseChoice(none=not based)).conflicts
    found = bench.read(export(project, bench.folder / "efter.json"))
    runs = {one["id"]: one["version"] for one in found["runs"]}
    assert {runs[one["analysed_by"]] for one in found["documents"]} == {"1"}
    assert {runs[s["run"]] for one in found["documents"] for s in one["suggestions"]} == {"1"}


def test_shards_of_lines_merge_into_one_corpus_and_into_a_project(bench: Any, rules: Any, kurator: Kurator) -> None:
    a = bench.lines("a.jsonl", TEXTS[0], {"text": TEXTS[0], "title": "Tvilling"}, TEXTS[2])
    b = bench.lines("b.jsonl", TEXTS[1], TEXTS[0], {"text": TEXTS[0], "name": "tredje"})
    bench.suggest("ut", a, b)
    first, second = (bench.folder / "ut" / name for name in ("a.json", "b.json"))
    merged = bench.folder / "hel.json"
    report = merge_files(None, first, second, merged)
    assert not report.conflicts and not report.notices
    documents = bench.documents(merged)
    assert len(documents) == 5
    assert documents == sorted(
        {one["id"]: one for one in bench.documents(first, second)}.values(), key=lambda one: (one["name"], one["id"])
    )
    project = bench.folder / "ny.kurator"
    assert kurator("new", project, "--annotator", "Anna")[0] == 0
    for file in (first, second, first):
        status, out, err = kurator("import", project, file)
        assert status == 0, (out, err)
    assert kurator("check", project)[0] == 0
    with Workspace.open(project) as workspace:
        before = bench.documents(export(workspace, bench.folder / "före.json"))
        assert {one["id"] for one in before} == {one["id"] for one in documents}
        for document in (one["id"] for one in before):
            keys = tuple(one.key for one in workspace.marks.marks(document) if one.kind == "entity")
            workspace.run(commands.AcceptAll(document=document, keys=keys))  # twins' ids must not meet
        counts = [len(one["entities"]) for one in bench.documents(export(workspace, bench.folder / "ja.json"))]
        assert counts == [sum(s["kind"] == "entity" for s in one["suggestions"]) for one in before]


def test_what_a_curator_s_memory_suggests_stays(bench: Any, rules: Any, project: Workspace) -> None:
    analyse_corpus(project, rules("0"))
    shard = export(project, bench.folder / "a.json")
    told = bench.read(shard)
    run = {**told["runs"][0], "id": "0f0f0f0f-0f0f-7f0f-8f0f-0f0f0f0f0f0f", "pipeline": "memory"}
    own = {**told["documents"][0]["suggestions"][0], "id": "0f0f0f0f-0f0f-5f0f-8f0f-0f0f0f0f0f0f", "run": run["id"]}
    told["runs"].append(run)
    told["documents"][0]["suggestions"].append(own)
    shard.write_text(json.dumps(told), "utf-8")
    bench.suggest("ut", shard, pipeline=rules("1"))
    found = bench.documents("ut/a.json")[0]["suggestions"]
    assert own in found and {one["run"] for one in found} == {run["id"], found[-1]["run"]}
    assert not read_exchange(bench.folder / "ut" / "a.json").problems


def test_texts_that_were_left_out_go_through(bench: Any, rules: Any, project: Workspace) -> None:
    analyse_corpus(project, rules("0"))
    shard = export(project, bench.folder / "a.json", texts=False)
    report = bench.suggest("ut", shard, pipeline=rules("1"))
    assert report.documents == 0 and bench.documents("ut/a.json") == bench.documents(shard)


def test_a_shard_of_another_layout_gives_the_same(bench: Any, project: Workspace) -> None:
    shard = export(project, bench.folder / "a.json")
    bench.suggest("ut", shard)
    shard.write_text(json.dumps(json.loads(shard.read_text("utf-8")), indent=1), "utf-8")
    bench.suggest("två", shard)
    assert (bench.folder / "ut" / "a.json").read_bytes() == (bench.folder / "två" / "a.json").read_bytes()


@pytest.mark.usefixtures("at_once")
def test_the_command_writes_reports_and_skips(bench: Any, kurator: Kurator) -> None:
    good, broken = bench.lines("a.jsonl", *TEXTS), bench.lines("b.jsonl", TEXTS[0])
    broken.write_text(broken.read_text("utf-8") + "{\n", "utf-8")
    report, out = bench.folder / "rapport.txt", bench.folder / "ut" / "mapp"
    status, said, err = kurator(
        "suggest", good, broken, "--out", out, "--jobs", 1, "--name", "Min korpus", "--report", report
    )
    assert (status, err) == (1, "") and "3 documents" in said and "1 shard written" in said
    assert "b.jsonl: Line 2 is not valid JSON" in said
    told = json.loads(report.read_text("utf-8"))
    assert [Path(one).name for one in told["written"]] == ["a.json"] and "Line 2" in told["broken"][0]["text"]
    assert bench.read(out / "a.json")["kurator"]["project"]["name"] == "Min korpus"
    status, said, _ = kurator("suggest", good, "--out", out, "--jobs", 1, "--name", "Min korpus")
    assert status == 0 and "1 shard was finished already" in said
    assert kurator("suggest", good, "--out", out, "--jobs", 1, "--name", "Annan", "--quiet") == (0, "", "")
    assert bench.read(out / "a.json")["kurator"]["project"]["name"] == "Annan"


@pytest.mark.usefixtures("at_once")
def test_labels_of_ones_own_and_a_mapping(bench: Any, kurator: Kurator) -> None:
    own = default_label_set()
    own["entities"] = [{**own["entities"][0], "id": "PRS"}]
    own["relations"] = []
    own["claims"] = {**own["claims"], "labels": []}
    labels = bench.folder / "etiketter.json"
    labels.write_text(json.dumps(own), "utf-8")
    mapping = bench.folder / "karta.json"
    mapping.write_text('{"PERSON": "PRS"}', "utf-8")
    shard = bench.lines("a.jsonl", *TEXTS)
    out = bench.folder / "ut"
    told = kurator("suggest", shard, "--out", out, "--jobs", 1, "--label-set", labels, "--mapping", mapping)
    assert told[0] == 0, told
    kinds = {one["label"] for document in bench.documents(out / "a.json") for one in document["suggestions"]}
    assert kinds == {"PRS"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["a.jsonl"], "--out"),
        (["a.jsonl", "--out", "ut", "--jobs", "0"], "--jobs"),
        (["a.jsonl", "--out", "ut", "--document", "x"], "--document"),
        (["p.kurator", "--out", "ut"], "is a project"),
        (["a.jsonl", "--out", "ut", "--pipeline", "finns_inte"], "finns_inte"),
        (["a.jsonl", "--out", "ut", "--label-set", "a.jsonl"], "a.jsonl"),
    ],
)
def test_what_cannot_be_done_is_refused(
    bench: Any, kurator: Kurator, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: str
) -> None:
    monkeypatch.chdir(bench.folder)
    bench.lines("a.jsonl", "Hej å.", "Hej då.")
    (bench.folder / "p.kurator").touch()
    status, _, err = kurator("suggest", *arguments)
    assert status == 3 and code in err and not [one for one in bench.bytes(".") if one.startswith("ut")]


def test_the_help_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("en", "scheduler"), ("sv", "schemaläggarens")):
        assert main(["suggest", "--help", "--language", language]) == 0
        assert word in capsys.readouterr().out
