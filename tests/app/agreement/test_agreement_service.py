"""Agreement of a project and of the files that a team mails: who and what is compared, and the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import commands
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import ExchangeRefused
from app.services.agreement import (
    NOT_TWO,
    Cancelled,
    Selection,
    Source,
    disagreements,
    measured,
    project_source,
    source_of,
)
from app.services.agreement_files import OTHER_TEXT
from app.workspace import Workspace
from models.agreement.measure import Wishes
from models.agreement.records import AgreementReport
from models.errors import UserError

QUICK = Wishes(20)


def of_project(workspace: Workspace, selection: Selection = Selection()) -> AgreementReport:  # noqa: B008
    return measured(project_source(workspace.reads), selection, QUICK)


def of_files(files: list[Path], selection: Selection = Selection()) -> AgreementReport:  # noqa: B008
    source, left_out = source_of(files)
    return measured(source, selection, QUICK, left_out=left_out)


def numbers(report: AgreementReport) -> list[tuple[object, ...]]:
    """Return all figures with names for people, in an order of their own."""
    names: dict[str | None, str | None] = {one.id: one.name for one in report.annotators} | {None: None}
    return sorted(
        (
            (one.layer, one.measure, one.subject, [names[who] for who in one.pair or ()], one.value, one.units)
            for one in report.figures
        ),
        key=repr,
    )


def test_numbers_that_can_be_worked_out_by_hand(project: Workspace) -> None:
    report = of_project(project)
    assert [one.name for one in report.annotators] == ["Anna", "Bo", "Cilla"]
    assert [one.name for one in report.documents] == ["a.txt", "b.txt", "c.txt"]
    anna, bo, cilla = (one.id for one in report.annotators)
    for measure, common in (("f1-exact", 2), ("f1-overlap", 3)):
        figure = report.find("entity", measure, None, (anna, bo))  # type: ignore[arg-type]
        assert figure is not None
        assert (figure.value, figure.units) == (pytest.approx(2 * common / 8), 8)
    pooled = report.find("entity", "f1-exact")
    assert pooled is not None and pooled.value == pytest.approx(2 * (2 + 2 + 1) / (8 + 7 + 7))
    claims = report.find("claim", "f1-exact", None, (anna, cilla))
    assert claims is not None and (claims.value, claims.units) == (0.0, 1)


def test_files_of_three_laptops_give_the_numbers_of_one_project(project: Workspace, files: list[Path]) -> None:
    assert numbers(of_files(files)) == numbers(of_project(project))
    assert numbers(of_files(files[::-1])) == numbers(of_files(files))


def test_one_file_of_the_whole_project_too(project: Workspace, tmp_path: Path) -> None:
    export_exchange(project.reads, tmp_path / "alla.json")
    assert numbers(of_files([tmp_path / "alla.json"])) == numbers(of_project(project))
    export_exchange(project.reads, tmp_path / "utan.json", texts=False)
    report = of_files([tmp_path / "utan.json"])
    assert {one.reason for one in report.figures if one.layer == "entity" and one.measure == "cohen"} == {"no-text"}


def test_who_and_what_is_compared(project: Workspace) -> None:
    document = project.reads.document_by_name("b.txt")
    project.run(commands.SetDone(document=document, done=False))  # Cilla, who worked last
    report = of_project(project)
    anna, bo, cilla = (one.id for one in report.annotators)
    assert [one.annotators for one in report.documents] == [(anna, bo, cilla), (anna, bo), (anna, bo, cilla)]
    two = of_project(project, Selection(annotators=("Anna", cilla)))
    assert [one.name for one in two.documents] == ["a.txt", "c.txt"]
    assert two.left_out == {NOT_TWO: 1}
    worked = of_project(project, Selection(scope="worked", documents=("b.txt",)))
    assert [one.annotators for one in worked.documents] == [(anna, bo, cilla)]
    people = of_project(project, Selection(labels=("PERSON",)))
    assert people.labels["entity"] == ("PERSON",) and people.labels["claim"] == ()


def test_controls_are_reported_beside_the_others(project: Workspace) -> None:
    raw = project.file.connection
    raw.execute("UPDATE documents SET control = 1 WHERE name = 'b.txt'")
    report = of_project(project)
    control, other = (report.find("entity", "f1-exact", part=one) for one in ("control", "suggested"))
    assert control is not None and (control.value, control.documents) == (pytest.approx(2 * 4 / 12), 1)
    assert other is not None and (other.value, other.documents) == (pytest.approx(2 * 1 / 10), 2)
    assert [one.name for one in of_project(project, Selection(scope="controls")).documents] == ["b.txt"]
    assert [one.name for one in of_project(project, Selection(scope="others")).documents] == ["a.txt", "c.txt"]


def test_an_adjudicated_reading_is_compared_only_when_it_is_named(project: Workspace) -> None:
    raw = project.file.connection
    raw.execute("UPDATE annotators SET kind = 'adjudication' WHERE name = 'Cilla'")
    raw.execute("UPDATE statuses SET state = 'open' WHERE annotator_id = ?", (project.reads.me,))
    assert [one.name for one in of_project(project).annotators] == ["Anna", "Bo"]
    named = of_project(project, Selection(annotators=("Anna", "Cilla")))
    assert [one.name for one in named.documents] == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (Selection(annotators=("Anna",)), "agreement.too-few-annotators"),
        (Selection(annotators=("Anna", "Disa")), "agreement.unknown-annotator"),
        (Selection(documents=("x.txt",)), "agreement.unknown-document"),
        (Selection(labels=("DJUR",)), "agreement.unknown-label"),
        (Selection(scope="controls"), "agreement.nothing-shared"),
    ],
)
def test_what_cannot_be_compared_is_refused(project: Workspace, selection: Selection, code: str) -> None:
    with pytest.raises(UserError) as caught:
        of_project(project, selection)
    assert caught.value.code == code


def test_namesakes_are_told_apart_by_id(project: Workspace) -> None:
    project.file.connection.execute("UPDATE annotators SET name = 'Anna' WHERE name = 'Bo'")
    with pytest.raises(UserError) as caught:
        of_project(project, Selection(annotators=("Anna", "Cilla")))
    assert caught.value.code == "agreement.ambiguous-annotator"
    ids = tuple(one.id for one in project.reads.annotators() if one.name == "Anna")
    assert len(of_project(project, Selection(annotators=ids)).annotators) == 2


def test_it_can_be_called_off(project: Workspace) -> None:
    with pytest.raises(Cancelled):
        measured(project_source(project.reads), Selection(), QUICK, cancelled=lambda: True)
    told: list[tuple[int, int]] = []
    measured(project_source(project.reads), Selection(), QUICK, progress=lambda *one: told.append(one))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


# Files ------------------------------------------------------------------------------------------------------


def edited(path: Path, change: object) -> Path:
    data = json.loads(path.read_text("utf-8"))
    change(data)  # type: ignore[operator]
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def test_a_broken_file_is_refused_with_its_problems(files: list[Path]) -> None:
    edited(files[1], lambda data: data["documents"][0]["entities"][0].update(spans=[[0, 9999]]))
    with pytest.raises(ExchangeRefused) as caught:
        source_of(files)
    assert caught.value.problems


def test_another_text_under_the_same_id_is_not_compared(files: list[Path], tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "Bo.kurator") as workspace:
        document = workspace.reads.document_by_name("a.txt")
        assert document
        text = workspace.reads.text(document)
        workspace.run(commands.ReplaceText(document=document, text=text + " Till sist."))
        export_exchange(workspace.reads, files[1])
    report = of_files(files)
    assert [one.name for one in report.documents] == ["b.txt", "c.txt"]
    assert report.left_out == {OTHER_TEXT: 1}


def test_the_same_text_read_in_twice_is_the_same_document(files: list[Path]) -> None:
    def renumbered(data: dict[str, object]) -> None:
        text = json.dumps(data)
        for document in data["documents"]:  # type: ignore[attr-defined]
            text = text.replace(document["id"], f"0{document['id'][1:-4]}beef")
        data.clear()
        data.update(json.loads(text))

    before = numbers(of_files(files))
    edited(files[2], renumbered)
    assert numbers(of_files(files)) == before


def test_a_record_in_two_files_counts_once_as_it_was_changed_last(files: list[Path], tmp_path: Path) -> None:
    later = tmp_path / "senare.json"
    with Workspace.open(tmp_path / "Anna.kurator") as workspace:
        document = workspace.reads.document_by_name("b.txt")
        marks = workspace.marks.marks(document or "")
        place = next(one for one in marks if one.label == "PLACE")
        person = next(one for one in marks if one.label == "PERSON")
        workspace.run(commands.Relabel(document=document, key=place.key, label="EVENT"))
        workspace.run(commands.Delete(document=document, keys=(person.key,)))
        export_exchange(workspace.reads, later)
    report = of_files([files[0], later, files[1]])
    anna, bo = (one.id for one in report.annotators)
    assert "EVENT" in report.labels["entity"] and "PLACE" not in report.labels["entity"]
    person = report.find("entity", "f1-exact", "PERSON", (anna, bo))  # type: ignore[assignment]
    assert person is not None and person.units == 3  # type: ignore[attr-defined]
    assert numbers(of_files([later, files[1], files[0]])) == numbers(report)


# The places behind a number ---------------------------------------------------------------------------------


def test_the_places_behind_a_number(project: Workspace, files: list[Path]) -> None:
    sources: list[Source] = [project_source(project.reads), source_of(files)[0]]
    for source in sources:
        report = measured(source, Selection(), QUICK)
        anna, bo, _ = (one.id for one in report.annotators)
        figure = report.find("entity", "f1-exact", None, (anna, bo))
        assert figure is not None
        found = list(disagreements(source, report, figure))
        told = [(one.name, one.way, [said.label for said in one.said]) for one in found]
        assert told == [
            ("a.txt", "boundary", ["PERSON", "PERSON"]),
            ("b.txt", "missing", [None, "ORGANISATION"]),
            ("b.txt", "missing", ["PLACE", None]),
        ]
        first = next(one for one in report.by_document if one.layer == "entity" and one.document == found[-1].document)
        assert {one.name for one in disagreements(source, report, first)} == {"b.txt"}
