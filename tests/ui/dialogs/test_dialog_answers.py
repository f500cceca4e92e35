"""What the dialogs give back: new project, export, pipeline, settings, backups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.services import projects
from app.services.analysis import chosen_mapping
from app.services.pipeline_views import mapping_for, pipeline_facts
from app.workspace import default_label_set
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.backups import BackupsDialog, describe
from ui.dialogs.export import ExportDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.pipeline import PipelineDialog
from ui.dialogs.preferences import PreferencesDialog

# New project ------------------------------------------------------------------------------------------------


@pytest.fixture
def new(bridge: Bridge, qtbot: QtBot) -> NewProjectDialog:
    made = NewProjectDialog(bridge)
    qtbot.addWidget(made)
    return made


def test_the_file_follows_the_name_until_it_is_edited(new: NewProjectDialog, qtbot: QtBot) -> None:
    assert not new._accept.isEnabled()
    qtbot.keyClicks(new.name, "Vård: 2024/25")
    assert Path(new.place.text()).name == "Vård- 2024-25.kurator"
    wanted = new.request()
    assert (wanted.name, wanted.annotator, wanted.label_set) == ("Vård: 2024/25", "Elin Norrbäck", None)
    assert wanted.path.parent.is_dir()
    new.place.selectAll()
    qtbot.keyClicks(new.place, "annan")
    qtbot.keyClicks(new.name, "x")
    assert new.request().path.name == "annan.kurator"


def test_a_project_that_exists_is_not_written_over(
    new: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    there = tmp_path / "redan.kurator"
    there.write_bytes(b"x")
    monkeypatch.setattr(files, "save_project", lambda *_: there)
    new._browse.click()
    assert new.name.text() == "redan"
    assert not new._accept.isEnabled()
    assert str(there) in new.trouble.text()


def test_labels_come_from_a_file(
    new: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "egna.json"
    path.write_text("[]")
    monkeypatch.setattr(files, "open_file", lambda *_: path)
    qtbot.keyClicks(new.name, "Egna")
    new.ask_labels()
    assert new.trouble.text() and new.default_labels.isChecked()
    path.write_text(json.dumps({**default_label_set(), "name": "Egna"}))
    new.ask_labels()
    labels = new.request().label_set
    assert labels is not None and labels["name"] == "Egna"


# Export -----------------------------------------------------------------------------------------------------


@pytest.fixture
def export(bridge: Bridge, qtbot: QtBot) -> ExportDialog:
    made = ExportDialog(bridge)
    qtbot.addWidget(made)
    return made


def test_everything_is_exported_beside_the_project(export: ExportDialog, bridge: Bridge) -> None:
    wanted = export.request()
    assert wanted.format == "exchange"
    assert wanted.path == bridge.workspace.path.with_suffix(".json")
    assert wanted.suggestions and wanted.documents == []


def test_one_document_can_be_exported(export: ExportDialog) -> None:
    export.content.only.click()
    export.content.suggestions.click()
    wanted = export.request()
    assert wanted.documents == ["0.txt"] and not wanted.suggestions


def test_without_a_document_on_screen_there_is_only_the_corpus(bridge: Bridge, qtbot: QtBot) -> None:
    bridge.document = None
    dialog = ExportDialog(bridge)
    qtbot.addWidget(dialog)
    assert not dialog.content.only.isEnabled()


def test_a_place_that_cannot_be_is_told(export: ExportDialog, bridge: Bridge, tmp_path: Path) -> None:
    for bad in (tmp_path / "saknas" / "a.json", tmp_path, bridge.workspace.path):
        export.place.setText(str(bad))
        assert export.trouble.text() and not export._accept.isEnabled(), bad
    there = tmp_path / "redan.json"
    there.write_text("x")
    export.place.setText(str(there))
    assert export.trouble.text() and export._accept.isEnabled()
    export.place.setText("ny.json")
    assert not export.trouble.text()
    assert export.request().path == bridge.workspace.path.parent / "ny.json"


# Pipeline ---------------------------------------------------------------------------------------------------


def pipeline_folder(path: Path) -> Path:
    """Make what the dialog sees of a spaCy pipeline."""
    path.mkdir()
    (path / "config.cfg").write_text("[nlp]\n")
    labels = {"ner": ["PRS", "ORG", "XYZ"], "tagger": ["NN"], "spancat": ["EVN"]}
    meta = {"lang": "sv", "name": "prov", "version": "2.0", "labels": labels}
    (path / "meta.json").write_text(json.dumps(meta))
    return path


def test_a_pipelines_labels_are_told_without_loading_it(tmp_path: Path) -> None:
    folder = pipeline_folder(tmp_path / "p")
    assert pipeline_facts(str(folder)) == ("sv_prov 2.0", ["EVN", "ORG", "PRS", "XYZ"])
    assert pipeline_facts("built-in") == ("", [])
    (folder / "meta.json").write_text("[")
    assert pipeline_facts(str(folder)) == ("", [])


def test_guesses_keep_to_the_projects_labels(bridge: Bridge) -> None:
    labels = bridge.workspace.reads.label_set()
    found = mapping_for(["PRS", "ORG", "XYZ", "PERSON", "LOC"], {"ORG": "GONE", "LOC": None}, labels)
    assert found == {"PRS": "PERSON", "ORG": None, "XYZ": None, "PERSON": "PERSON", "LOC": None}


def test_the_built_in_pipeline_needs_no_mapping(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = PipelineDialog(bridge)
    qtbot.addWidget(dialog)
    dialog.not_now.click()
    wanted = dialog.request()
    assert (wanted.pipeline, wanted.mapping, wanted.suggest, wanted.again) == (None, None, False, False)
    assert not dialog.warning.text()


def test_a_folder_is_warned_of_and_mapped(
    bridge: Bridge, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pipeline_folder(tmp_path / "p")
    dialog = PipelineDialog(bridge)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(files, "choose_folder", lambda *_: tmp_path)
    dialog.ask_folder()
    assert dialog.trouble.text()
    monkeypatch.setattr(files, "choose_folder", lambda *_: folder)
    dialog.ask_folder()
    assert not dialog.trouble.text() and dialog.warning.text()
    assert not dialog.all_again.isEnabled()
    box = dialog.table.cellWidget(3, 1)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("SERVICE"))
    wanted = dialog.request()
    assert wanted.pipeline == str(folder) and wanted.suggest
    assert wanted.mapping == {"EVN": "EVENT", "ORG": "ORGANISATION", "PRS": "PERSON", "XYZ": "SERVICE"}


def test_the_kept_mapping_comes_back(bridge: Bridge, qtbot: QtBot, tmp_path: Path) -> None:
    folder = pipeline_folder(tmp_path / "p")
    kept = {"EVN": None, "ORG": "PLACE", "PRS": "PERSON", "XYZ": None}
    bridge.workspace.set_option("pipeline", str(folder))
    bridge.workspace.set_option("mapping", json.dumps(kept))
    dialog = PipelineDialog(bridge)
    qtbot.addWidget(dialog)
    dialog.all_again.click()
    wanted = dialog.request()
    assert wanted.mapping == kept == chosen_mapping(bridge.workspace)
    assert wanted.again


def test_a_pipeline_that_has_gone_is_told(bridge: Bridge, qtbot: QtBot) -> None:
    bridge.workspace.set_option("pipeline", "sv_borta")
    dialog = PipelineDialog(bridge)
    qtbot.addWidget(dialog)
    assert "sv_borta" in dialog.trouble.text() and not dialog._accept.isEnabled()
    dialog.choice.setCurrentIndex(dialog.choice.findData("built-in"))
    assert not dialog.trouble.text() and dialog._accept.isEnabled()


# Settings ---------------------------------------------------------------------------------------------------


def test_only_what_was_changed_is_given_back(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = PreferencesDialog(bridge)
    qtbot.addWidget(dialog)
    assert dialog.request() == {}
    dialog.language.setCurrentIndex(dialog.language.findData("sv"))
    dialog.size_.setValue(13.5)
    dialog.backups.setValue(3)
    dialog.flags["reduced_motion"].click()
    dialog.annotator.setText(" Åsa ")
    assert dialog.request() == {
        "language": "sv",
        "font_size": 13.5,
        "backups_kept": 3,
        "reduced_motion": True,
        "annotator": "Åsa",
    }


def test_a_font_of_ones_own_is_chosen_and_shown(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = PreferencesDialog(bridge)
    qtbot.addWidget(dialog)
    dialog.own_font.click()
    chosen = dialog.family.currentFont().family()
    assert dialog.request() == {"font_family": chosen}
    assert dialog.sample.settings.family == chosen


# Backups ----------------------------------------------------------------------------------------------------


def test_a_backup_is_restored_after_a_question(bridge: Bridge, qtbot: QtBot, agree: list[str]) -> None:
    first = projects.back_up(bridge.workspace.path)
    latest = projects.back_up(bridge.workspace.path)
    dialog = BackupsDialog(bridge)
    qtbot.addWidget(dialog)
    assert dialog.list.count() == 2 and first != latest
    dialog.list.setCurrentRow(1)
    with qtbot.waitSignal(dialog.accepted):
        dialog.restore.click()
    assert dialog.request() == first
    assert len(agree) == 1


def test_without_backups_nothing_can_be_restored(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = BackupsDialog(bridge)
    qtbot.addWidget(dialog)
    assert not dialog.restore.isEnabled() and not dialog.list.isVisibleTo(dialog)
    assert dialog.request() is None


def test_a_backup_is_made_beside_the_window(bridge: Bridge, qtbot: QtBot) -> None:
    dialog = BackupsDialog(bridge)
    qtbot.addWidget(dialog)
    dialog.now.click()
    assert not dialog.now.isEnabled()
    qtbot.waitUntil(lambda: dialog.list.count() == 1, timeout=30_000)
    assert dialog.now.isEnabled() and not dialog.trouble.text()


def test_a_backup_tells_its_age_and_size(bridge: Bridge) -> None:
    projects.back_up(bridge.workspace.path)
    words = describe(projects.backups(bridge.workspace.path)[0])
    assert words.count("·") == 1 and "B" in words
