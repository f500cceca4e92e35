"""The one place that asks the system for files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QFileInfo
from PySide6.QtWidgets import QApplication

from app.messages import tr
from ui.dialogs import files
from ui.dialogs.plain_icons import PlainIcons


@pytest.fixture(autouse=True)
def _forget() -> None:
    files._last.clear()


def answer(monkeypatch: pytest.MonkeyPatch, *chosen: Path) -> list[tuple[object, ...]]:
    """Let file dialogs answer at once; holds what they were asked."""
    asked: list[tuple[object, ...]] = []

    def given(*arguments: object) -> list[str]:
        asked.append(arguments)
        return [str(path) for path in chosen]

    monkeypatch.setattr(files, "_ask", given)
    return asked


def test_a_project_is_saved_with_its_suffix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = answer(monkeypatch, tmp_path / "vård")
    there = tmp_path / "redan.kurator"
    there.write_bytes(b"")
    assert files.save_project(None, there) == tmp_path / "vård.kurator"
    assert Path(str(asked[0][2])).parent == tmp_path and Path(str(asked[0][2])) != there


def test_nothing_chosen_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch)
    assert files.save_project(None) is None
    assert files.save_file(None, "t", "a", ".json") is None
    assert files.open_project(None) is None
    assert files.open_file(None, "t", ".json") is None
    assert files.import_files(None) == []
    assert files.import_folder(None) is None


def test_the_next_dialog_begins_where_the_last_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = answer(monkeypatch, tmp_path / "a.txt", tmp_path / "b.txt")
    assert files.import_files(None) == [tmp_path / "a.txt", tmp_path / "b.txt"]
    files.import_files(None)
    assert asked[1][2] == str(tmp_path)


def test_a_suffix_is_added_once() -> None:
    assert files.with_suffix(Path("a.JSON"), ".json") == Path("a.JSON")
    assert files.with_suffix(Path("a.b"), ".json") == Path("a.b.json")


def test_icons_come_from_names_alone(qapp: QApplication, tmp_path: Path) -> None:
    icons = PlainIcons()
    assert icons.type(QFileInfo(str(tmp_path / "a.kurator"))) == "KURATOR"
    assert not icons.icon(QFileInfo(str(tmp_path))).isNull()


def test_the_title_says_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch)
    files.import_files(None)
    files.import_files(None, annotations=True)
    assert [one[1] for one in asked] == [tr("dialog.import-files"), tr("transfer_window.import")]
