"""The agreement window: every table and map shows the report's figures, and each cell opens what is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import set_language
from app.services.agreement import Selection, measured, project_source
from app.services.agreement_views import Place
from app.settings import Settings
from app.workspace import Workspace
from models.agreement.measure import Wishes
from models.agreement.records import AgreementReport, Figure
from models.spans import Span
from tests.app.services.readings import Said, give, project
from tests.ui.dialogs.test_every_dialog import is_cut, mnemonics, shown
from ui.bridge import Bridge
from ui.dialogs import agreement_grids as grids
from ui.dialogs.agreement import AgreementWindow
from ui.dialogs.agreement_choices import AgreementRequest
from ui.dialogs.agreement_narrowing import VIEWS
from ui.item_models.grid import Cell, Grid, Row
from ui.jobs import JobState
from ui.theme import apply_theme
from ui.widgets.grid_view import GridView

TEXT = "Region A\u030adalen 😀 sparar tolv\u00a0procent i hemsjuk\u00advården, säger Signe Ström till Bo Ek."
PEOPLE = ["Maja Lind", "Nils Öst", "Sara Ek"]


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three people who read two documents, the second a control."""
    made = project(tmp_path / "vård.kurator", {"a.txt": TEXT, "b.txt": TEXT + " Igen."}, PEOPLE)
    region, signe, bo, claim = at("Region A\u030adalen"), at("Signe Ström"), at("Bo Ek"), at("sparar tolv\u00a0procent")
    maja, nils, sara = PEOPLE
    for name in ("a.txt", "b.txt"):
        document = made.reads.document_by_name(name) or ""
        give(made, document, maja, [Said("ORGANISATION", region), Said("PERSON", signe),
                                    Said("CLAIM", claim, {"kind": "fact"})], [("ATTRIBUTED_TO", 2, 1)])  # fmt: skip
        give(made, document, nils, [Said("PLACE", region), Said("PERSON", signe), Said("PERSON", bo),
                                    Said("CLAIM", claim, {"kind": "figure"})], [("ATTRIBUTED_TO", 3, 1)])  # fmt: skip
        give(made, document, sara, [Said("ORGANISATION", region)])
    control = made.reads.document_by_name("b.txt") or ""
    with made.writer.unrecorded() as work:
        work.raw.execute("UPDATE documents SET control = 1 WHERE id = ?", (control,))
    with made:
        yield made


@pytest.fixture
def bridge(workspace: Workspace, qtbot: QtBot) -> Bridge:
    made = Bridge(Settings())
    made.set_workspace(workspace)
    return made


@pytest.fixture
def report(workspace: Workspace) -> AgreementReport:
    return measured(project_source(workspace.reads), Selection(scope="worked"), Wishes(samples=40))


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


def cell(window: AgreementWindow, row: int, column: int) -> Cell:
    """Give a cell the keyboard and return it."""
    window.grid.setCurrentIndex(window.grid.model().index(row, column))
    found = window.grid.current
    assert found is not None
    return found


def listed(window: AgreementWindow, qtbot: QtBot) -> list[str]:
    """Wait for the places behind the current cell and return who says what of each."""
    qtbot.waitUntil(lambda: not window.searcher.busy and not window._pause.isActive(), timeout=5000)
    return [window.figure.model.said(place) for place in window.figure.model.rows]


def test_nothing_is_shown_before_it_is_measured(bridge: Bridge, qtbot: QtBot) -> None:
    window = AgreementWindow(bridge)
    qtbot.addWidget(window)
    window.show()
    assert not window.grid.isVisible() and not window.views.isVisible()
    assert all(not button.isEnabled() for button in window._exports)
    wanted: list[AgreementRequest] = []
    window.calculate_wanted.connect(wanted.append)
    window.choices.intervals.click()
    window.choices.scope.setCurrentIndex(1)
    window.choices.labels.choose({"PERSON"})
    window.choices.annotators.choose(PEOPLE[:2])
    window.choices.go.click()
    assert wanted == [AgreementRequest(tuple(PEOPLE[:2]), "worked", ("PERSON",), False)]
    window.choices.annotators.choose(PEOPLE[:1])
    assert not window.choices.go.isEnabled()
    window.reject()


def test_one_persons_work_is_not_enough(tmp_path: Path, qtbot: QtBot) -> None:
    set_language("en")
    with project(tmp_path / "ensam.kurator", {"a.txt": TEXT}, []) as alone:
        bridge = Bridge(Settings())
        bridge.set_workspace(alone)
        window = AgreementWindow(bridge)
        qtbot.addWidget(window)
        assert not window.choices.go.isEnabled() and "two people" in window.figure.told.text()


def test_the_request_is_what_the_command_line_takes(tmp_path: Path) -> None:
    from app.cli.arguments import parser

    request = AgreementRequest(("id-1", "-2"), "controls", ("PERSON",), False)
    given = parser().parse_args(["agreement", "p.kurator", *request.arguments(tmp_path / "r.json"), "--job"])
    assert (given.annotators, given.scope, given.labels) == (["id-1", "-2"], "controls", ["PERSON"])
    assert given.samples == 0 and given.output == [tmp_path / "r.json"]
    plain = parser().parse_args(["agreement", "p", *AgreementRequest(None, "done", None, True).arguments(tmp_path)])
    assert plain.annotators is None and plain.labels is None and plain.samples == 1000


def test_every_figure_of_the_report_can_be_reached(window: AgreementWindow, report: AgreementReport) -> None:
    reached: set[Figure] = set()

    def look(name: str) -> None:
        reached.update(one.key for one in view(window, name).cells.values() if isinstance(one.key, Figure))

    look("overview")
    boxes = window.narrowing.boxes
    for name in ("labels", "documents", "pairs"):
        view(window, name)
        for layer in range(boxes["layer"].count()):
            boxes["layer"].setCurrentIndex(layer)
            boxes["layer"].activated.emit(layer)
            for part in range(boxes["part"].count()):
                boxes["part"].setCurrentIndex(part)
                for subject in range(boxes["subject"].count()):
                    boxes["subject"].setCurrentIndex(subject)
                    boxes["subject"].activated.emit(subject)
                    look(name)
    missing = set(report.figures) | set(report.by_document)
    assert not {one for one in missing - reached if one.units or one.value is not None}


def test_controls_stand_beside_the_others(window: AgreementWindow) -> None:
    rows = [row.title for row in view(window, "overview").rows]
    assert rows[:3] == ["Entities", "\u2003Without suggestions (controls)", "\u2003With suggestions"]


@pytest.mark.parametrize(("spoken", "point"), [("en", "."), ("sv", ",")])
def test_numbers_are_written_as_people_write_them(
    bridge: Bridge, report: AgreementReport, qtbot: QtBot, spoken: str, point: str
) -> None:
    set_language(spoken)
    made = AgreementWindow(bridge)
    qtbot.addWidget(made)
    made.show_report(report)
    texts = {one.text for one in made.grid.figures.grid.cells.values() if one.value not in (None, 0, 1)}
    assert texts and all(point in text for text in texts)
    undefined = [one for one in made.grid.figures.grid.cells.values() if one.key and one.value is None]
    assert undefined and all(one.text == "–" and len(one.told()) > 12 for one in undefined)
    made.reject()


def test_a_cell_opens_the_disagreements_behind_it(window: AgreementWindow, qtbot: QtBot) -> None:
    view(window, "overview")
    cell(window, 2, 0)  # with suggestions: the first document only
    assert "F1, exact" in window.figure.title.text()
    said = listed(window, qtbot)
    assert said == [
        "Maja: Organisation  ·  Nils: Place  ·  Sara: Organisation",
        "Maja: Person  ·  Nils: Person  ·  Sara: nothing",
        "Maja: nothing  ·  Nils: Person  ·  Sara: nothing",
    ]
    assert "3" in window.figure.count.text()
    wanted: list[Place] = []
    window.place_wanted.connect(wanted.append)
    qtbot.keyClick(window.grid, Qt.Key.Key_Return)
    qtbot.keyClick(window.figure.list, Qt.Key.Key_Down)
    qtbot.keyClick(window.figure.list, Qt.Key.Key_Return)
    assert [one.words for one in wanted] == ["Signe Ström"]


def test_facets_and_relations_are_said_in_words(window: AgreementWindow, qtbot: QtBot) -> None:
    boxes = window.narrowing.boxes
    view(window, "documents")
    for layer, expected in (("facet", "Maja: Fact  ·  Nils: Figure"), ("claim", "Sara: nothing")):
        at_row = boxes["layer"].findData(layer)
        boxes["layer"].setCurrentIndex(at_row)
        boxes["layer"].activated.emit(at_row)
        if layer == "facet":
            boxes["subject"].setCurrentIndex(boxes["subject"].findData("kind"))
            boxes["subject"].activated.emit(0)
        cell(window, 0, 0)
        assert expected in " | ".join(listed(window, qtbot)), layer


def test_heat_maps_hold_the_same_figures(window: AgreementWindow, report: AgreementReport) -> None:
    found = view(window, "annotators-map")
    assert [row.title for row in found.rows] == [title for title, _ in found.columns] == PEOPLE
    assert (0, 0) not in found.cells and found.cells[0, 1].key == found.cells[1, 0].key
    one = found.cells[0, 1]
    assert isinstance(one.key, Figure) and one.key.pair == tuple(PEOPLE[:2])
    assert one.heat == pytest.approx(max(0.0, one.value or 0.0))
    labels = view(window, "labels-map")
    assert labels.heat and len(labels.columns) == 3
    assert "Person" in [row.title for row in labels.rows]
    assert next(row.color for row in labels.rows if row.title == "Person")


def test_confusions_open_their_places(window: AgreementWindow, qtbot: QtBot) -> None:
    view(window, "confusions")
    qtbot.waitUntil(lambda: bool(window.grid.figures.grid.rows), timeout=5000)
    found = window.grid.figures.grid
    titles = [row.title for row in found.rows]
    row, column = titles.index("Organisation"), titles.index("Place")
    assert found.cells[row, column].text == "4"  # two documents, Maja and Sara against Nils
    assert found.cells[row, row].key is None  # they agree there
    cell(window, row, column)
    assert listed(window, qtbot) == ["Maja: Organisation  ·  Nils: Place  ·  Sara: Organisation"] * 2


def test_a_search_that_is_left_is_not_shown(window: AgreementWindow, qtbot: QtBot) -> None:
    view(window, "overview")
    cell(window, 0, 0)
    qtbot.waitUntil(lambda: window.searcher.busy, timeout=5000)
    view(window, "pairs")
    cell(window, 1, 0)
    said = listed(window, qtbot)
    assert said and all("Sara" not in one for one in said)


def test_sorting_takes_the_rows_along_and_undefined_stands_last(qtbot: QtBot) -> None:
    table = GridView("Prov")
    qtbot.addWidget(table)
    rows = [Row(name) for name in "abcd"]
    values = [0.5, None, 0.9, 0.1]
    cells = {(row, 0): Cell(value, str(value), key=row) for row, value in enumerate(values)}
    table.show_grid(Grid(rows, [("F1", "")], cells))
    model = table.model()

    def order() -> list[str]:
        return [model.headerData(row, Qt.Orientation.Vertical) for row in range(4)]

    assert order() == list("abcd")
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert order() == list("dacb")
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert order() == list("cadb")
    table.setCurrentIndex(model.index(0, 0))
    assert table.current is not None and table.current.key == 2


def test_the_table_is_copied_for_a_spreadsheet(window: AgreementWindow, qtbot: QtBot) -> None:
    view(window, "pairs")
    qtbot.keyClick(window.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("\tF1, exact") and len(lines) == 1 + 4
    cell(window, 0, 0)
    listed(window, qtbot)
    window.figure.copy()
    assert "a.txt\tRegion A\u030adalen\tMaja: Organisation" in QGuiApplication.clipboard().text()


def test_a_change_says_that_the_numbers_are_old(window: AgreementWindow, bridge: Bridge) -> None:
    assert "2 documents" in window.state.text()
    bridge.run(commands.SetDone(document=bridge.workspace.reads.document_by_name("a.txt") or ""))
    assert "changed" in window.state.text()


def test_a_job_is_followed_and_its_error_is_said_here(window: AgreementWindow, bridge: Bridge) -> None:
    window.begin()
    assert window._stop.isVisible() and not window.choices.isEnabled()
    bridge.job_changed.emit(JobState("agreement", 3, 9))
    assert window._bar.value() == 3
    bridge.notice.emit("No document is shared.", "error")
    bridge.job_changed.emit(JobState("agreement", ended=True))
    assert window.trouble.text().endswith("No document is shared.") and window.choices.isEnabled()
    bridge.notice.emit("Something else.", "error")
    assert "else" not in window.trouble.text()


def test_it_goes_with_its_project(window: AgreementWindow, bridge: Bridge, qtbot: QtBot) -> None:
    view(window, "overview")
    with qtbot.waitSignal(window.finished):
        bridge.set_workspace(None)
    assert not window.searcher.busy


@pytest.mark.parametrize("spoken", ["sv", "en"])
@pytest.mark.parametrize("larger", [1.0, 1.5])
def test_nothing_is_cut_and_no_letter_is_underlined_twice(
    bridge: Bridge, report: AgreementReport, qtbot: QtBot, qapp: QApplication, spoken: str, larger: float
) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    set_language(spoken)
    qapp.setFont(font)
    try:
        made = AgreementWindow(bridge)
        qtbot.addWidget(made)
        made.show()
        made.show_report(report)
        qapp.processEvents()
        assert not [one for one in shown(made, QWidget) if is_cut(one)]
        assert not {letter for letter, count in mnemonics(made).items() if count > 1}
        assert made.minimumSizeHint().width() <= 1280 and made.minimumSizeHint().height() <= 720
        made.reject()
    finally:
        qapp.setFont(before)


def test_it_is_dark_in_the_dark(bridge: Bridge, report: AgreementReport, qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    try:
        made = AgreementWindow(bridge)
        qtbot.addWidget(made)
        made.show()
        made.show_report(report)
        view(made, "annotators-map")
        picture = made.grid.viewport().grab().toImage()
        box = made.grid.visualRect(made.grid.model().index(0, 1))
        assert picture.pixelColor(box.left() + 6, box.top() + 6).lightness() < 200
        assert made.grab().toImage().pixelColor(3, 3).lightness() < 60
        made.reject()
    finally:
        apply_theme(qapp, "light")


def test_names_are_short_where_that_is_clear(report: AgreementReport, workspace: Workspace) -> None:
    here = grids.Shown.of(report, workspace.reads.label_set())
    assert [here.short_name(one) for one in PEOPLE] == ["Maja", "Nils", "Sara"]
    alike = tuple(one._replace(name="Maja Ek") if one.name == "Sara Ek" else one for one in report.annotators)
    both = grids.Shown.of(replace(report, annotators=alike), workspace.reads.label_set())
    assert [both.short_name(one) for one in PEOPLE] == ["Maja Lind", "Nils", "Maja Ek"]


def test_it_begins_with_one_large_button_and_all_measures_are_on_the_screen(
    bridge: Bridge, report: AgreementReport, qtbot: QtBot
) -> None:
    made = AgreementWindow(bridge)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert made.start.isVisible() and made.focusWidget() is made.start
    with qtbot.waitSignal(made.calculate_wanted):
        qtbot.keyClick(made.start, Qt.Key.Key_Return)
    made.resize(1240, 700)  # as it begins on a screen of 1280 pixels; the test's own screen is smaller
    made.show_report(report)
    assert not made.start.isVisible()
    QApplication.processEvents()
    header = made.grid.horizontalHeader()
    assert header.length() <= made.grid.viewport().width()
    for number in range(1, len(VIEWS)):
        qtbot.keyClick(made.grid, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert made.view == VIEWS[number]
    qtbot.keyClick(made.grid, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert made.view == VIEWS[0]
