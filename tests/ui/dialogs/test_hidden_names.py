"""Names hidden in adjudication are hidden in the agreement window and in what it writes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.agreement_report import write_report
from app.messages import set_language
from app.services.agreement import Selection, measured, project_source
from app.services.agreement_views import as_shown
from app.services.people_views import hide_names
from app.settings import Settings
from models.agreement.measure import Wishes
from models.agreement.records import AgreementReport
from models.history import Touched
from models.spans import Span
from tests.app.services.readings import Said, give, project
from ui.bridge import Bridge
from ui.dialogs.agreement import AgreementWindow
from ui.dialogs.agreement_narrowing import VIEWS
from ui.item_models.grid import Grid

TEXT = "Region A\u030adalen 😀 sparar tolv\u00a0procent i hemsjuk\u00advården, säger Signe Ström."
PEOPLE = ["Maja Lind", "Nils Öst", "Sara Ek"]


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    """Three people who read one document, each in their own way."""
    workspace = project(tmp_path / "vård.kurator", {"a.txt": TEXT}, PEOPLE)
    document = workspace.reads.document_by_name("a.txt") or ""
    region, signe = at("Region A\u030adalen"), at("Signe Ström")
    for name, label, passages in zip(PEOPLE, ("ORGANISATION", "PLACE", "EVENT"), ([signe], [signe], []), strict=True):
        give(workspace, document, name, [Said(label, region), *(Said("PERSON", one) for one in passages)])
    made = Bridge(Settings())
    made.set_workspace(workspace)
    with workspace:
        yield made


@pytest.fixture
def report(bridge: Bridge) -> AgreementReport:
    return measured(project_source(bridge.workspace.reads), Selection(scope="worked"), Wishes(samples=0))


@pytest.fixture
def window(bridge: Bridge, report: AgreementReport, qtbot: QtBot) -> AgreementWindow:
    set_language("en")
    made = AgreementWindow(bridge)
    qtbot.addWidget(made)
    made.show()
    made.show_report(report)
    return made


def view(window: AgreementWindow, name: str) -> Grid:
    window.views.setCurrentIndex(VIEWS.index(name))
    return window.grid.figures.grid


def everything_said(window: AgreementWindow) -> str:
    """Return all words of the window: lists, figures in every view, places behind the first figure."""
    said = [name for _, name, _ in window.choices.annotators._entries]
    for name in VIEWS:
        grid = view(window, name)
        said += [words for row in grid.rows for words in (row.title, row.told)]
        said += [title for title, _ in grid.columns]
    boxes = window.narrowing.boxes.values()
    return "\n".join([*said, *(box.itemText(row) for box in boxes for row in range(box.count()))])


def test_hidden_names_stand_nowhere_in_the_window_nor_in_what_it_writes(
    window: AgreementWindow, bridge: Bridge, tmp_path: Path, qtbot: QtBot
) -> None:
    assert all(name in everything_said(window) for name in PEOPLE)
    hide_names(bridge.workspace, True)
    bridge.changed.emit(Touched(subjects=frozenset({"annotators"}), everything=True), None)
    told = everything_said(window)
    assert not [name for name in PEOPLE if name in told or name.split()[0] in told]
    assert len({f"Annotator {letter}" for letter in "ABCD"} & set(told.splitlines())) == len(PEOPLE) + 1  # Åsa too
    assert "stale" not in window.state.text() and window.state.text().startswith("Measured")
    view(window, "overview")
    qtbot.waitUntil(lambda: bool(window.figure.model.rows), timeout=5000)
    place = window.figure.model.rows[0]
    assert "Annotator " in window.figure.model.said(place)
    assert not [name for name in PEOPLE if name.split()[0] in window.figure.model.said(place)]
    assert window.shown is not None and window.report is not None
    page, table = tmp_path / "a.html", tmp_path / "a.csv"
    for path in (page, table):
        write_report(window.shown.report, window.shown.labels, path)
    assert "Annotator " in page.read_text("utf-8") and "Lind" not in page.read_text("utf-8")
    with table.open(encoding="utf-8", newline="") as file:
        called = {row["name_a"] for row in csv.DictReader(file)} - {""}
    assert called and all(name.startswith("Annotator ") for name in called)
    hide_names(bridge.workspace, False)
    bridge.changed.emit(Touched(subjects=frozenset({"annotators"}), everything=True), None)
    assert all(name in everything_said(window) for name in PEOPLE)


def test_the_order_of_hidden_annotators_and_pairs_is_that_of_their_letters(
    window: AgreementWindow, bridge: Bridge, report: AgreementReport
) -> None:
    hide_names(bridge.workspace, True)
    shown = as_shown(bridge.workspace, report)
    names = [one.name for one in shown.annotators]
    assert names == sorted(names) and len(set(names)) == 3
    order = [one.id for one in shown.annotators]
    pairs = list(dict.fromkeys(one.pair for one in shown.figures if one.pair))
    assert pairs == [(order[0], order[1]), (order[0], order[2]), (order[1], order[2])]
    values = sorted((one.layer, one.measure, str(one.value)) for one in report.figures)
    assert values == sorted((one.layer, one.measure, str(one.value)) for one in shown.figures)
