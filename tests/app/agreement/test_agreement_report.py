"""``kurator agreement`` and its reports: what is printed, and what is written and read back."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.agreement_report import write_report
from app.agreement_report.data import as_json, read_report
from app.agreement_report.page import as_html
from app.agreement_report.table import COLUMNS, as_csv
from app.agreement_report.words import Words, interval, number, whole
from app.cli import exit_codes
from app.messages import set_language
from app.services.agreement import Selection, measured, project_source
from app.workspace import Workspace
from models.agreement.measure import Wishes
from models.agreement.records import AgreementReport
from models.errors import UserError

Kurator = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def report(project: Workspace) -> AgreementReport:
    project.file.connection.execute("UPDATE documents SET control = 1 WHERE name = 'b.txt'")
    return measured(project_source(project.reads), Selection(), Wishes(30))


def test_json_is_read_back_as_it_was(report: AgreementReport, project: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "tal.json"
    write_report(report, project.reads.label_set(), path)
    again = read_report(path)
    assert as_json(again) == as_json(report) == path.read_text("utf-8")
    assert (again.annotators, again.documents, again.labels) == (report.annotators, report.documents, report.labels)
    for one, other in zip(again.figures, report.figures, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-6)
        assert one._replace(value=None, low=None, high=None) == other._replace(value=None, low=None, high=None)


@pytest.mark.parametrize("text", ["", "{}", '{"kurator":{"report":"agreement","version":2}}', "[1]", '{"kurator":1}'])
def test_what_is_no_report_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        read_report(path)
    assert caught.value.code == "agreement.not-a-report"


def test_csv_has_a_line_for_every_number(report: AgreementReport) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == len(report.figures) + len(list(report.by_document))
    wanted = {"part": "all", "layer": "entity", "measure": "f1-exact", "name_a": "Anna", "name_b": "Bo", "subject": ""}
    (line,) = (one for one in rows if {key: one[key] for key in wanted} == wanted)
    assert (float(line["value"]), line["units"], line["documents"]) == (0.5, "8", "3")
    assert all((one["value"] == "") == (one["reason"] != "") for one in rows)


class Tags(HTMLParser):
    """Checks that tags close in order, and gathers the words of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.rows and self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


@pytest.mark.parametrize(("language", "half", "title"), [("sv", "0,50", "Entiteter"), ("en", "0.50", "Entities")])
def test_the_page_is_whole_and_in_the_language(
    report: AgreementReport, project: Workspace, language: str, half: str, title: str
) -> None:
    set_language(language)
    project.file.connection.execute("UPDATE annotators SET name = '<b>Bo & Co</b>' WHERE name = 'Bo'")
    named = measured(project_source(project.reads), Selection(), Wishes(30))
    text = as_html(named, project.reads.label_set())
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert f'lang="{language}"' in text and title in tags.words
    assert "<b>" not in text and any("<b>Bo & Co</b>" in words for words in tags.words)
    assert any(row[1:2] == [half] for row in tags.rows)
    assert not re.search(r"https?://|<script|@import|url\(|nan\b|None", text)
    lengths = {len(row) for row in tags.rows if row and row[0] == title}
    assert lengths == {8}, "the overview has a cell for each measure"


def test_a_report_without_anything_to_compare_still_is_a_page(project: Workspace) -> None:
    found = measured(project_source(project.reads), Selection(documents=("c.txt",)), Wishes(0))
    assert "–" in as_html(found, project.reads.label_set())


def test_numbers_and_names_for_people(report: AgreementReport, project: Workspace) -> None:
    assert [number(one) for one in (0.456, -0.001, -0.5, 1.0, None)] == ["0.46", "0.00", "−0.50", "1.00", "–"]
    assert (whole(1234567), interval(0.1, 0.2), interval(-0.1, 0.2)) == (
        "1\u00a0234\u00a0567",
        "0.10–0.20",
        "−0.10 … 0.20",
    )
    set_language("sv")
    words = Words(report, project.reads.label_set())
    assert number(0.5) == "0,50"
    assert words.subject("entity", "PLACE") == "Plats" and words.subject("facet", "speaker") == "Talare"


# The command ------------------------------------------------------------------------------------------------


def test_the_command_prints_and_writes(project: Workspace, tmp_path: Path, kurator: Kurator) -> None:
    project.close()
    targets = [tmp_path / name for name in ("r.html", "r.csv", "r.json")]
    options = [word for target in targets for word in ("-o", target)]
    status, out, err = kurator("agreement", project.path, "--samples", 20, "--language", "sv", *options)
    assert (status, err) == (exit_codes.FINE, "")
    assert "F1, exakt" in out and "3 dokument, jämförda mellan Anna, Bo, Cilla." in out
    assert all(target.stat().st_size > 1000 for target in targets)
    assert read_report(targets[2]).samples == 20


def test_files_are_compared_and_told_as_json(files: list[Path], kurator: Kurator) -> None:
    status, out, _ = kurator("agreement", *files, "--samples", 0, "--json")
    assert status == exit_codes.FINE
    data = json.loads(out)
    assert data["samples"] == 0 and [one["name"] for one in data["annotators"]] == ["Anna", "Bo", "Cilla"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "rapport.pdf"), ".html, .csv"),
        (("--samples", "-1"), "-1 samples"),
        (("--level", "100"), "100.0 %"),
        (("--annotator", "Disa", "--annotator", "Bo"), "no annotator Disa"),
    ],
)
def test_what_cannot_be_done_is_said(project: Workspace, kurator: Kurator, options: tuple[str, ...], said: str) -> None:
    project.close()
    status, out, err = kurator("agreement", project.path, *options)
    assert (status, out) == (exit_codes.REFUSED, "")
    assert said in err


def test_a_project_stands_alone(project: Workspace, files: list[Path], kurator: Kurator) -> None:
    project.close()
    status, _, err = kurator("agreement", files[0], project.path)
    assert status == exit_codes.REFUSED and "is a project" in err


def test_as_a_job_it_tells_where_the_report_is(project: Workspace, tmp_path: Path) -> None:
    """Beside a window that holds the project."""
    target = tmp_path / "tal.json"
    command = [sys.executable, "-m", "app.cli", "agreement", str(project.path), "-o", str(target), "--job"]
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as job:
        assert job.stdout and job.stderr  # stdin stays open: its end would mean that the window is gone
        lines = [json.loads(line) for line in job.stdout]
        told = job.stderr.read()
    assert job.returncode == 0, told
    assert lines[-1] == {"report": {"paths": [str(target)], "documents": 3, "cancelled": False}}
    assert {"progress": 3, "total": 3, "document": None} in lines
    assert len(read_report(target).documents) == 3
