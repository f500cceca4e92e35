"""Importing another tool's annotations: what the dialog says of a file, and what it asks of the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.cli.arguments import parser
from app.cli.foreign_import import _mapping
from app.formats.contract import Format
from app.formats.layers import Refusal
from app.formats.registry import format_named
from app.messages import set_language
from app.services.foreign_views import FoundLabel, Survey
from tests.ui.dialogs.test_every_dialog import is_cut, mnemonics, shown
from ui.bridge import Bridge
from ui.controllers.transfer import foreign_format
from ui.dialogs.import_annotations import SURVEY, ImportAnnotationsDialog
from ui.jobs import JobState

SEEN = Survey(
    added=2,
    there=1,
    other_text=["annan.txt"],
    passages=1240,
    links=3,
    notes=1,
    labels=(
        FoundLabel("PERSON", False, 900, "PERSON"),
        FoundLabel("ORG", False, 300, None),
        FoundLabel("Ställe", False, 40, None),
        FoundLabel("leder", True, 3, None),
    ),
    signed={"Maja": 1000, "": 243},
    refusals=2,
    refused=[
        Refusal("/någonstans/fil.jsonl", 4, "peers.no-text", {"name": "x"}),
        Refusal("b.ann", None, "peers.no-text", {"name": "y"}),
    ],
)


class Board(QObject):
    """A job board whose jobs end when the test says so."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.asked: list[list[str]] = []
        self.cancelled = 0
        self._finished: Callable[[dict[str, Any]], None] | None = None

    def running(self, kind: str) -> bool:
        return self._finished is not None

    def start(self, kind: str, project: Path, arguments: Sequence[str], finished: Any, command: str = "") -> bool:
        assert (kind, command) == (SURVEY, "import")
        self.asked.append(list(arguments))
        self._finished = finished
        return True

    def cancel(self, kind: str | None = None) -> None:
        self.cancelled += 1

    def end(self, survey: Survey | None, *, cancelled: bool = False) -> None:
        finished, self._finished = self._finished, None
        self._bridge.job_changed.emit(JobState(SURVEY, ended=True))
        if survey is not None and finished is not None:
            finished({"survey": survey.to_json(), "cancelled": cancelled})


@pytest.fixture
def board(bridge: Bridge) -> Board:
    return Board(bridge)


@pytest.fixture
def make(bridge: Bridge, board: Board, qtbot: QtBot) -> Callable[..., ImportAnnotationsDialog]:
    def made(recognised: Format | None = None) -> ImportAnnotationsDialog:
        dialog = ImportAnnotationsDialog(bridge, board, [Path("/tmp/fil.jsonl")], recognised)  # type: ignore[arg-type]
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


@pytest.fixture
def dialog(make: Callable[..., ImportAnnotationsDialog], board: Board) -> ImportAnnotationsDialog:
    set_language("en")
    made = make(format_named("doccano"))
    assert not made.go_on.isEnabled() and made.survey is None
    board.end(SEEN)
    return made


def box(dialog: ImportAnnotationsDialog, label: str) -> Any:
    row = next(row for row in range(dialog.labels.rowCount()) if dialog.labels.item(row, 0).text().startswith(label))
    return dialog.labels.boxes[row]


def test_the_file_is_read_in_the_format_that_was_recognised(dialog: ImportAnnotationsDialog, board: Board) -> None:
    given = parser().parse_args(["import", "p.kurator", *board.asked[0], "--job"])
    assert given.dry_run and given.as_format == "doccano" and given.choices == ["offsets=auto"]
    assert given.paths == [Path("/tmp/fil.jsonl")]


def test_what_is_found_is_said(dialog: ImportAnnotationsDialog) -> None:
    words = dialog.found.text()
    for part in ("2 new documents", "1 document", "1,240 passages", "3 relations", "1 note", "Maja (1,000)", "243"):
        assert part in words
    assert dialog.go_on.isEnabled() and dialog.annotator.isVisible()
    lines = [dialog.refusals.item(row).text() for row in range(dialog.refusals.count())]
    assert len(lines) == 3 and "annan.txt" in lines[0] and "fil.jsonl" in lines[1] and "4" in lines[1]
    assert "någonstans" not in lines[1]
    dialog.copy()
    assert QGuiApplication.clipboard().text().splitlines() == lines


def test_unknown_labels_are_left_out_until_they_are_mapped(dialog: ImportAnnotationsDialog) -> None:
    assert box(dialog, "PERSON").currentData() == "PERSON"
    assert box(dialog, "ORG").currentData() == "ORGANISATION"  # guessed
    assert box(dialog, "Ställe").currentData() is None and box(dialog, "leder").currentData() is None
    assert "43" in dialog.trouble.text()
    request = dialog.request()
    assert request.mapping == {"ORG": "ORGANISATION", "Ställe": None, "leder": None} and not request.add_labels
    box(dialog, "Ställe").setCurrentIndex(1)  # as a new label
    box(dialog, "leder").setCurrentIndex(box(dialog, "leder").findData("ATTRIBUTED_TO"))
    box(dialog, "PERSON").setCurrentIndex(0)
    request = dialog.request()
    assert request.add_labels
    assert request.mapping == {"ORG": "ORGANISATION", "PERSON": None, "leder": "ATTRIBUTED_TO"}
    given = parser().parse_args(["import", "p", *request.arguments()])
    assert _mapping(given.mapping) == request.mapping and given.add_labels


def test_unsigned_work_can_be_somebodys(dialog: ImportAnnotationsDialog) -> None:
    assert dialog.request().annotator == ""
    dialog.annotator.setCurrentText("  Nils ")
    assert parser().parse_args(["import", "p", *dialog.request().arguments()]).annotator == "Nils"


def test_another_setting_reads_the_file_anew(dialog: ImportAnnotationsDialog, board: Board) -> None:
    offsets = dialog.choices["offsets"]
    offsets.setCurrentIndex(offsets.findData("graphemes"))
    assert len(board.asked) == 2 and "--set=offsets=graphemes" in board.asked[1]
    assert dialog.survey is None and not dialog.go_on.isEnabled()
    offsets.setCurrentIndex(offsets.findData("utf-16"))  # while the job still reads
    assert len(board.asked) == 2 and board.cancelled == 1
    board.end(SEEN, cancelled=True)
    QApplication.processEvents()
    assert len(board.asked) == 3 and "--set=offsets=utf-16" in board.asked[2]
    board.end(SEEN)
    assert dialog.survey == SEEN


def test_a_file_that_does_not_say_how_it_counts_is_asked_about(
    make: Callable[..., ImportAnnotationsDialog], board: Board
) -> None:
    made = make(format_named("doccano"))
    made.activateWindow()
    unclear = Refusal("f", None, "peers.offsets-unclear", {"option": "offsets", "known": "utf-16"})
    board.end(Survey(refusals=1, refused=[unclear]))
    assert made.trouble.text() and not made.go_on.isEnabled()
    assert made.focusWidget() is made.choices["offsets"]


def test_a_file_that_cannot_be_read_is_said(
    make: Callable[..., ImportAnnotationsDialog], board: Board, bridge: Bridge
) -> None:
    made = make()
    before = made.found.text()
    bridge.job_changed.emit(JobState(SURVEY, 12, 0))
    assert "12" in made.found.text()
    bridge.notice.emit("The file is gone.", "error")
    board.end(None)
    QApplication.processEvents()
    assert "gone" in made.trouble.text() and made.found.text() != before and not made.go_on.isEnabled()


def test_leaving_stops_the_reading(make: Callable[..., ImportAnnotationsDialog], board: Board, bridge: Bridge) -> None:
    made = make()
    made.reject()
    assert board.cancelled == 1 and made.result() == QDialog.DialogCode.Rejected
    bridge.notice.emit("Later.", "error")
    assert not made.trouble.text()


@pytest.mark.parametrize("spoken", ["sv", "en"])
@pytest.mark.parametrize("larger", [1.0, 1.5])
def test_nothing_is_cut_and_no_letter_is_underlined_twice(
    make: Callable[..., ImportAnnotationsDialog], board: Board, qapp: QApplication, spoken: str, larger: float
) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    set_language(spoken)
    qapp.setFont(font)
    try:
        made = make(format_named("doccano"))
        board.end(SEEN)
        qapp.processEvents()
        assert not [one for one in shown(made, QWidget) if is_cut(one)]
        assert not {letter for letter, count in mnemonics(made).items() if count > 1}
        assert made.minimumSizeHint().height() <= 720
    finally:
        qapp.setFont(before)


def test_only_files_of_one_other_tool_are_asked_about(tmp_path: Path) -> None:
    text, line = tmp_path / "a.txt", tmp_path / "d.jsonl"
    text.write_text("Bara text.", "utf-8")
    line.write_text('{"text": "Åsa", "entities": [], "relations": []}\n', "utf-8")
    assert foreign_format([text]) is None
    found = foreign_format([line])
    assert found is not None and found.id == "doccano"
    assert foreign_format([line, text]) is None and foreign_format([]) is None


def test_a_large_folder_is_left_to_the_job(tmp_path: Path) -> None:
    for number in range(2001):
        (tmp_path / f"{number}.txt").touch()
    (tmp_path / "0.ann").touch()
    assert foreign_format([tmp_path]) is None


MANY = Survey(
    added=1,
    passages=900,
    labels=tuple(
        FoundLabel(label, relation, 10, target)
        for label, relation, target in (
            ("PERSON", False, "PERSON"), ("Organization", False, None), ("Location", False, None), ("PER", False, None),
            ("LOC", False, None), ("GPE", False, None), ("Läkemedel", False, None), ("Dos", False, None),
            ("Has role", True, None), ("Ger", True, None),
        )
    ),
    signed={"": 900},
    refusals=60,
    refused=[Refusal("b.ann", number, "peers.no-text", {"name": "y"}) for number in range(60)],
)  # fmt: skip


@pytest.fixture
def many(make: Callable[..., ImportAnnotationsDialog], board: Board) -> ImportAnnotationsDialog:
    set_language("en")
    made = make(format_named("doccano"))
    board.end(MANY)
    return made


def test_labels_that_are_alike_are_matched_and_the_others_stand_first(many: ImportAnnotationsDialog) -> None:
    found = {"Organization": "ORGANISATION", "Location": "PLACE", "PER": "PERSON", "LOC": "PLACE", "GPE": "PLACE",
             "Has role": "HAS_ROLE", "PERSON": "PERSON"}  # fmt: skip
    assert {label: box(many, label).currentData() for label in found} == found
    rows = [many.labels.item(row, 0).text() for row in range(many.labels.rowCount())]
    assert set(rows[:3]) == {"Läkemedel", "Dos", "Ger (relation)"} and rows[-1] == "PERSON"
    assert many.request().mapping["Has role"] == "HAS_ROLE"


def test_all_unknown_labels_are_added_by_one_button_save_those_left_out_on_purpose(
    many: ImportAnnotationsDialog,
) -> None:
    dos = box(many, "Dos")
    dos.activated.emit(0)  # chosen, though it stood there already
    many.add_all.click()
    request = many.request()
    assert request.add_labels and request.mapping["Dos"] is None
    assert not {"Läkemedel", "Ger"} & set(request.mapping)
    assert not many.labels.undecided and not many.add_all.isEnabled()


def test_enter_asks_before_labels_are_left_out(
    many: ImportAnnotationsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]

    def confirm(_parent: object, _title: str, text: str, _yes: str, *, careful: bool = False) -> bool:
        assert careful
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr("ui.dialogs.import_annotations.confirm", confirm)
    many.go_on.click()
    assert many.isVisible() and "30 annotations" in asked[0]
    assert all(f"“{label}”" in asked[0] for label in ("Läkemedel", "Dos", "Ger"))
    many.go_on.click()
    assert many.result() == QDialog.DialogCode.Accepted and len(asked) == 2


def test_a_long_list_of_problems_leaves_the_labels_their_room(many: ImportAnnotationsDialog) -> None:
    row = many.labels.verticalHeader().defaultSectionSize()
    assert many.labels.viewport().height() >= 4 * row
    assert many.refusals.height() < many.labels.height() and "60" in many._refusals_title.text()
    assert many.minimumSizeHint().height() <= 720
