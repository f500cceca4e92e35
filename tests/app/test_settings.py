"""Settings: kept whole, kept for newer versions, never in the way."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings as module
from app.settings import (
    RECENT,
    Settings,
    change_settings,
    forget_project,
    last_project,
    load_settings,
    recent_projects,
    remember_project,
    save_settings,
    settings_path,
)


def test_nothing_there_means_defaults() -> None:
    assert load_settings() == Settings()
    assert not settings_path().exists()


def test_what_is_saved_is_loaded() -> None:
    wanted = Settings(
        language="sv", font_family="Åå 😀", zoom=1.25, window={"geometry": "AAA="}, recent=("/x",)
    )
    save_settings(wanted)
    assert load_settings() == wanted
    assert [path.name for path in settings_path().parent.iterdir()] == ["settings.json"]


def test_fields_of_a_newer_version_are_kept() -> None:
    settings_path().write_text(json.dumps({"language": "sv", "hologram": {"depth": 3}}), "utf-8")
    assert change_settings(theme="dark").unknown == {"hologram": {"depth": 3}}
    assert json.loads(settings_path().read_text("utf-8"))["hologram"] == {"depth": 3}
    assert load_settings().language == "sv"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe\x00", b"", b"[" * 100_000])
def test_a_broken_file_is_put_aside(content: bytes) -> None:
    settings_path().write_bytes(content)
    assert load_settings() == Settings()
    assert settings_path().with_suffix(".broken.json").read_bytes() == content
    assert change_settings(language="sv").language == "sv"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "fr"),
        ("theme", 3),
        ("zoom", 100),
        ("zoom", True),
        ("line_width", "wide"),
        ("reduced_motion", 1),
        ("recent", "x"),
        ("window", []),
        ("annotator", None),
        ("backups_kept", -1),
    ],
)
def test_a_value_that_makes_no_sense_gives_way(name: str, value: object) -> None:
    settings_path().write_text(json.dumps({name: value, "font_size": 20}), "utf-8")
    assert load_settings() == replace(Settings(), font_size=20.0)


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANYTHING = SIMPLE | st.lists(SIMPLE) | st.dictionaries(st.text(), SIMPLE)


@given(st.dictionaries(st.sampled_from([one.name for one in fields(Settings)]), ANYTHING))
def test_any_json_gives_settings_of_the_right_types(data: dict[str, Any]) -> None:
    found = module._understood(data)
    for one in fields(Settings):
        assert isinstance(getattr(found, one.name), type(getattr(Settings(), one.name)))


def test_a_folder_that_cannot_be_written_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Settings) -> None:
        raise OSError("full")

    monkeypatch.setattr(module, "save_settings", full)
    assert change_settings(zoom=2.0).zoom == 2.0


def test_a_failed_save_leaves_the_old_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(Settings(language="sv"))
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        save_settings(Settings(language="en"))
    assert load_settings().language == "sv"
    assert [path.name for path in settings_path().parent.iterdir()] == ["settings.json"]


def test_changes_at_the_same_time_all_count(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.kurator" for number in range(RECENT)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(remember_project, paths))
    assert set(load_settings().recent) == {str(path) for path in paths}


def test_recent_projects_latest_first(tmp_path: Path) -> None:
    here, gone = tmp_path / "här.kurator", tmp_path / "borta.kurator"
    here.touch()
    for path in (here, gone, here):
        remember_project(path)
    assert [(one.path, one.exists) for one in recent_projects()] == [(here, True), (gone, False)]
    assert last_project() == here
    assert forget_project(here).recent == (str(gone),)
    assert last_project() is None


def test_no_more_than_enough_are_remembered(tmp_path: Path) -> None:
    for number in range(RECENT + 3):
        remember_project(tmp_path / f"{number}.kurator")
    assert len(recent_projects()) == RECENT
    assert recent_projects()[0].path.stem == str(RECENT + 2)
