"""Folders: order and names, links, what may not be opened, progress and cancelling."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.messages import tr
from app.readers import SUFFIXES, Source, count_files, find_files, read_paths
from app.readers import walk as walking
from models.documents import Skipped, SourceDocument

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and modes")


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text i {name}", "utf-8")


def names(*paths: Path, ignore_hidden: bool = True) -> list[str]:
    return [
        item.name
        for item in read_paths(paths, ignore_hidden=ignore_hidden)
        if isinstance(item, SourceDocument)
    ]


def codes(*paths: Path) -> dict[str, str]:
    found = {item.name: item for item in read_paths(paths) if isinstance(item, Skipped)}
    assert all(tr(item.code, **item.details) for item in found.values())
    return {name: item.code for name, item in found.items()}


def test_names_are_relative_and_sorted(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/ö.txt", "a/1/x.md", "Ä.TXT", "c.TXT")
    assert names(tmp_path) == ["a/1/x.md", "a/ö.txt", "b.txt", "c.TXT", "Ä.TXT"]
    assert names(tmp_path / "b.txt", tmp_path / "a") == ["b.txt", "1/x.md", "ö.txt"]


def test_a_relative_path_and_a_trailing_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "mapp/a.txt")
    monkeypatch.chdir(tmp_path / "mapp")
    assert names(Path()) == names(Path("..") / "mapp") == names(Path("a.txt")) == ["a.txt"]


def test_hidden_files_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    write(tmp_path, ".dold/a.txt", ".b.txt", "~$c.docx", "d.txt")
    assert names(tmp_path) == ["d.txt"]
    assert codes(tmp_path) == {}
    assert names(tmp_path, ignore_hidden=False) == [".b.txt", ".dold/a.txt", "d.txt"]
    assert names(tmp_path / ".b.txt") == [".b.txt"]


def test_unknown_kinds_are_told_with_their_suffix(tmp_path: Path) -> None:
    write(tmp_path, "a.xlsx", "LÄSMIG", "b.txt.bak")
    found = {item.name: item.details for item in read_paths([tmp_path]) if isinstance(item, Skipped)}
    assert found == {
        "a.xlsx": {"suffix": ".xlsx"},
        "LÄSMIG": {"suffix": "LÄSMIG"},
        "b.txt.bak": {"suffix": ".bak"},
    }
    assert set(codes(tmp_path).values()) == {"reading.unknown-format"}


def test_every_promised_suffix_is_known() -> None:
    promised = {".txt", ".md", ".html", ".htm", ".docx", ".odt", ".pdf", ".csv", ".jsonl", ".zip"}
    assert set(SUFFIXES) == promised


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path / "nej.txt") == {"nej.txt": "reading.not-found"}


@posix
def test_each_real_folder_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "rot/a/b.txt", "utanför/c.txt", "d.txt")
    root = tmp_path / "rot"
    (root / "a" / "upp").symlink_to(root)
    (root / "a" / "ovan").symlink_to(tmp_path)
    (root / "0").symlink_to(root / "a")
    (root / "ute").symlink_to(tmp_path / "utanför")
    (root / "ute igen").symlink_to(tmp_path / "utanför")
    (tmp_path / "utanför" / "tillbaka").symlink_to(root)
    assert names(root) == ["a/b.txt", "ute/c.txt"]
    twice = {"0", "a/ovan", "a/upp", "ute/tillbaka", "ute igen"}
    assert codes(root) == dict.fromkeys(twice, "reading.folder-twice")


@posix
def test_links_to_files_are_read_and_dead_ones_told(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "död.txt").symlink_to(tmp_path / "nej.txt")
    (tmp_path / "x.txt").symlink_to(tmp_path / "y.txt")
    (tmp_path / "y.txt").symlink_to(tmp_path / "x.txt")
    assert names(tmp_path) == ["a.txt", "b.txt"]
    assert codes(tmp_path) == {
        "död.txt": "reading.not-found",
        "x.txt": "reading.unreadable",
        "y.txt": "reading.unreadable",
    }


@posix
def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rör.txt")
    (tmp_path / "enhet.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            listening.bind("uttag.txt")
        finally:
            os.chdir(here)
        told = codes(tmp_path)
    assert told == dict.fromkeys(("rör.txt", "enhet.txt", "uttag.txt"), "reading.not-a-file")


@posix
def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (source,) = find_files([tmp_path])
    assert isinstance(source, Source)
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")
    from app.readers import read_file

    assert list(read_file(source)) == [Skipped("a.txt", "reading.not-a-file")]


@posix
def test_what_may_not_be_opened_is_told_and_the_rest_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "stängd/a.txt", "låst.txt", "öppen.txt")
    if os.geteuid() == 0:  # no mode keeps the superuser out
        real_scan, real_open = os.scandir, os.open

        def scan(path: str) -> object:
            if str(path).endswith("stängd"):
                raise PermissionError(13, "Permission denied")
            return real_scan(path)

        def deny(path: str, *rest: int) -> int:
            if str(path).endswith("låst.txt"):
                raise PermissionError(13, "Permission denied")
            return real_open(path, *rest)

        monkeypatch.setattr(walking.os, "scandir", scan)
        monkeypatch.setattr(os, "open", deny)
    else:
        (tmp_path / "stängd").chmod(0)
        (tmp_path / "låst.txt").chmod(0)
    try:
        assert names(tmp_path) == ["öppen.txt"]
        assert codes(tmp_path) == {"stängd": "reading.folder-unreadable", "låst.txt": "reading.unreadable"}
    finally:
        (tmp_path / "stängd").chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes only there")
def test_a_name_that_is_not_unicode_is_shown_as_far_as_it_is(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/v\xe5rd.txt")).write_text("Vård", "utf-8")
    (name,) = names(tmp_path)
    assert name == "v\ufffdrd.txt"


def test_progress_is_told_per_file_and_can_stop(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.csv", "c.txt", "d.xyz")
    (tmp_path / "b.csv").write_text("text\nett\ntvå\n", "utf-8")
    started: list[str] = []
    found = list(read_paths([tmp_path], started=lambda source: started.append(source.name)))
    assert started == ["a.txt", "b.csv", "c.txt", "d.xyz"]
    assert count_files([tmp_path]) == len(started)
    assert len(found) == 5

    reading = read_paths([tmp_path], started=lambda source: started.append(source.name))
    started.clear()
    next(reading)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert started == ["a.txt", "b.csv"]


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    reading = read_paths([tmp_path])
    next(reading)
    (tmp_path / "b.txt").write_text("Nyare text", "utf-8")
    (last,) = reading
    if isinstance(last, Skipped):  # where a folder lists the sizes with the names
        assert last == Skipped("b.txt", "reading.changed")
    else:
        assert last.text == "Nyare text"


def test_importing_the_readers_loads_no_heavy_library() -> None:
    heavy = ("trafilatura", "lxml", "docx", "odf", "pypdfium2", "charset_normalizer", "PySide6", "spacy")
    code = f"import sys, app.readers; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
