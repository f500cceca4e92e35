"""The set-up: what it decides, with the package installer and the machine played by the test."""

from __future__ import annotations

import ast
import os
import re
import runpy
import socket
import subprocess
import sys
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LINUX = sys.platform.startswith("linux")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the modules of the set-up, loaded for this test alone."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    names = ("texts", "system", "environment", "commands")
    modules = {name: __import__(f"bootstrap_{name}") for name in names}
    yield types.SimpleNamespace(**modules)
    for name in names:
        del sys.modules[f"bootstrap_{name}"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a root with the files that the set-up reads, in a folder with a space and an å in its name."""
    root = tmp_path / "en mapp på å"
    (root / "packaging").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[project]", "utf-8")
    for name in ("build.lock", "requirements.lock", "requirements-test.lock"):
        (root / "packaging" / name).write_text(f"{name}==1", "utf-8")
    return root


class Installer:
    """Plays ``subprocess.call``: makes the environment's files and keeps what was asked for."""

    def __init__(self, fails_at: str = "") -> None:
        self.calls: list[list[str]] = []
        self.fails_at = fails_at

    def __call__(self, command: list[Any], **_options: Any) -> int:
        words = [str(word) for word in command]
        self.calls.append(words)
        if self.fails_at and any(self.fails_at in word for word in words):
            return 1
        if "venv" in words:
            (Path(words[-1]) / "bin").mkdir(parents=True)
            (Path(words[-1]) / "Scripts").mkdir()
            version = ".".join(map(str, sys.version_info[:3]))
            (Path(words[-1]) / "pyvenv.cfg").write_text(f"version = {version}\n", "utf-8")
            self._make(words[-1], "python")
        if "--editable" in words:
            self._make(f"{words[-1]}/.venv", "kurator")
        return 0

    def _make(self, folder: str, name: str) -> None:
        (Path(folder) / "bin" / name).write_text("", "utf-8")
        (Path(folder) / "Scripts" / f"{name}.exe").write_text("", "utf-8")

    @property
    def made(self) -> int:
        """How often an environment was made."""
        return sum("venv" in words for words in self.calls)


@pytest.fixture
def installer(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> Installer:
    played = Installer()
    monkeypatch.setattr(loaded.environment.subprocess, "call", played)
    monkeypatch.setattr(loaded.environment.Environment, "_is_sound", lambda self: self.python.exists())
    return played


def test_first_start_installs_by_hash_and_second_installs_nothing(
    loaded: Any, project: Path, installer: Installer
) -> None:
    loaded.environment.Environment(project).prepare("run")
    assert installer.made == 1
    lists = [words for words in installer.calls if "-r" in words]
    assert [Path(words[-1]).name for words in lists] == ["build.lock", "requirements.lock"]
    assert all("--require-hashes" in words for words in lists)
    assert "--no-deps" in installer.calls[-1]
    installer.calls.clear()
    loaded.environment.Environment(project).prepare("run")
    assert installer.calls == []


def test_what_was_installed_for_tests_also_runs_but_not_the_other_way(
    loaded: Any, project: Path, installer: Installer
) -> None:
    environment = loaded.environment.Environment(project)
    environment.prepare("run")
    installer.calls.clear()
    environment.prepare("test")
    assert installer.made == 0
    assert any("requirements-test.lock" in words[-1] for words in installer.calls)
    installer.calls.clear()
    environment.prepare("run")
    assert installer.calls == []


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/requirements.lock", "packaging/build.lock"])
def test_a_changed_list_is_installed(loaded: Any, project: Path, installer: Installer, changed: str) -> None:
    environment = loaded.environment.Environment(project)
    environment.prepare("run")
    installer.calls.clear()
    (project / changed).write_text("something==2", "utf-8")
    environment.prepare("run")
    assert installer.made == 0
    assert installer.calls


def test_an_installation_that_was_cut_off_is_taken_up_again(
    loaded: Any, project: Path, installer: Installer
) -> None:
    environment = loaded.environment.Environment(project)
    installer.fails_at = "requirements.lock"
    with pytest.raises(loaded.texts.SetUpError):
        environment.prepare("run")
    installer.fails_at = ""
    environment.prepare("run")
    assert installer.made == 1
    installer.calls.clear()
    installer.fails_at = "requirements-test.lock"
    with pytest.raises(loaded.texts.SetUpError):
        environment.prepare("test")
    installer.fails_at = ""
    installer.calls.clear()
    environment.prepare("run")
    assert installer.calls, "what a broken installation left may not pass for a sound one"


@pytest.mark.parametrize("harm", ["python", "kurator", "pyvenv.cfg", "kurator-stamp.json"])
def test_a_damaged_environment_is_repaired(
    loaded: Any, project: Path, installer: Installer, harm: str
) -> None:
    environment = loaded.environment.Environment(project)
    environment.prepare("run")
    for path in (environment.script(harm), environment.folder / harm):
        path.unlink(missing_ok=True)
    installer.calls.clear()
    environment.prepare("run")
    assert installer.made == (harm in ("python", "pyvenv.cfg"))
    assert environment.script("kurator").exists()


def test_a_moved_project_gets_a_new_environment(loaded: Any, project: Path, installer: Installer) -> None:
    loaded.environment.Environment(project).prepare("run")
    moved = project.rename(project.with_name("elsewhere"))
    loaded.environment.Environment(moved).prepare("run")
    assert installer.made == 2


def test_a_python_upgraded_in_place_gets_a_new_environment(
    loaded: Any, project: Path, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = loaded.environment.Environment(project)
    environment.prepare("run")
    monkeypatch.setattr(loaded.environment.sys, "executable", str(environment.python))
    environment.prepare("run")
    assert installer.made == 1
    (environment.folder / "pyvenv.cfg").write_text("version = 3.1.4\n", "utf-8")
    environment.prepare("run")
    assert installer.made == 2


def test_python_without_venv_names_the_command(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded.system, "_apt_install", lambda packages: False)
    loaded.system.ensure_venv_module(True)
    with pytest.raises(loaded.texts.SetUpError, match=r"sudo apt-get install .* python3\.\d+-venv"):
        loaded.system.ensure_venv_module(False)


@pytest.mark.skipif(not LINUX, reason="only Linux may be without a display")
@pytest.mark.parametrize("name", ["", "nonsense", ":64738", "unix:64738", "127.0.0.1:64000"])
def test_a_display_that_does_not_answer_is_none(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", name)
    monkeypatch.setenv("WAYLAND_DISPLAY", "no-such-socket")
    assert loaded.system.display() == "offscreen"


@pytest.mark.skipif(not LINUX, reason="only Linux has Wayland")
def test_a_wayland_display_that_answers_is_found(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("wayland-7")
        server.listen()
        assert loaded.system.display() == "wayland"


class Told:
    """Plays the environment of the library check: a Qt folder, and a stamp in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Any] = {}
        platforms = folder / "lib/python3.11/site-packages/PySide6/Qt/plugins/platforms"
        platforms.mkdir(parents=True)
        (platforms / "libqxcb.so").touch()

    def remembers(self, fact: str) -> Any:
        return self.facts.get(fact)

    def remember(self, **facts: Any) -> None:
        self.facts |= facts


@pytest.mark.skipif(not LINUX, reason="only Linux has these libraries")
def test_missing_libraries_are_named_with_the_one_command(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = "\tlibxcb-icccm.so.4 => not found\n\tlibc.so.6 => /lib/libc.so.6\n\tlibEGL.so.1 => not found\n"
    ldd = subprocess.CompletedProcess([], 0, stdout=lines)
    monkeypatch.setattr(loaded.system.subprocess, "run", lambda *_arguments, **_options: ldd)
    monkeypatch.setattr(loaded.system, "_apt_install", lambda packages: False)
    monkeypatch.setattr(loaded.system, "_has_fonts", lambda folder: True)
    commands = {
        "apt-get": "sudo apt-get install -y --no-install-recommends libegl1 libxcb-icccm4",
        "dnf": "sudo dnf install -y libglvnd-egl xcb-util-wm",
        "pacman": "sudo pacman -S --needed libglvnd xcb-util-wm",
        "zypper": "sudo zypper install libEGL1 libxcb-icccm4",
    }
    environment = Told(tmp_path)
    for manager, command in commands.items():
        there = {"ldd", manager}
        monkeypatch.setattr(loaded.system.shutil, "which", lambda name, there=there: name in there or None)
        with pytest.raises(loaded.texts.SetUpError, match=re.escape(command)):
            loaded.system.ensure_libraries(environment, "xcb")
    lines = "\tlibc.so.6 => /lib/libc.so.6\n"
    ldd.stdout = lines
    loaded.system.ensure_libraries(environment, "xcb")
    assert environment.facts == {"libraries": ["xcb"]}


@pytest.fixture
def started(loaded: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[list[str]]:
    """Return the commands that ``run`` and ``test`` start; nothing is installed."""
    commands: list[list[str]] = []
    status = getattr(request, "param", 0)
    monkeypatch.setattr(loaded.environment.Environment, "prepare", lambda self, kind: None)
    for name in ("ensure_libraries", "ensure_display_server"):
        monkeypatch.setattr(loaded.commands, name, lambda *_arguments: None)
    monkeypatch.setattr(loaded.commands.subprocess, "call", lambda words, **_: _keep(commands, words, status))
    return commands


def _keep(commands: list[list[str]], words: list[Any], status_of_window: int) -> int:
    commands.append([Path(str(words[0])).stem, *map(str, words[1:])])
    return status_of_window if "open" in words else 0


def test_run_without_a_display_says_so_and_does_the_job(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loaded.commands, "display", lambda: "offscreen")
    assert loaded.commands.main(["run"]) == 0
    assert [words[:3] for words in started] == [["kurator", "demo", "-o"]]
    assert loaded.texts.text("bootstrap.no-display") in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="an abort shows as a signal only there")
@pytest.mark.parametrize("started", [-6, 134, 250], indirect=True)
def test_run_goes_on_without_a_window_that_qt_cannot_open(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    monkeypatch.setattr(loaded.commands, "display", lambda: "xcb")
    assert loaded.commands.main(["run"]) == 0
    assert [words[:2] for words in started] == [["kurator", "open"], ["kurator", "demo"]]


@pytest.mark.parametrize("started", [0, 3], indirect=True)
def test_run_ends_with_the_window(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, started: list[list[str]], request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(loaded.commands, "display", lambda: "native")
    assert loaded.commands.main(["run"]) == request.node.callspec.params["started"]
    assert started == [["kurator", "open", "--sample"]]


def test_test_passes_arguments_on(
    loaded: Any, monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    monkeypatch.chdir(ROOT / "tests")
    assert loaded.commands.main(["test", "packaging", "-k", "offset", "-q"]) == 0
    assert started == [["python", "-m", "pytest", str(ROOT / "tests" / "packaging"), "-k", "offset", "-q"]]


def test_an_older_python_can_read_the_first_file_and_answers() -> None:
    text = (PACKAGING / "bootstrap.py").read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 4))
    guard = next(node for node in tree.body if isinstance(node, ast.If))
    later = [
        node.lineno
        for node in tree.body
        if isinstance(node, ast.Import) and "bootstrap" in node.names[0].name
    ]
    assert guard.lineno < min(later)
    answer = text.replace("sys.version_info", "(3, 9)")
    told = subprocess.run([sys.executable, "-X", "utf8", "-c", answer], capture_output=True, encoding="utf-8")
    assert told.returncode == 1
    assert "needs Python 3.11" in told.stderr
    assert "this is Python 3.9" in told.stderr


def test_the_locks_are_made_from_what_is_declared() -> None:
    """Each dependency is in each list, every line has its hashes, and no list names a server."""
    locks = {
        name: (PACKAGING / f"{name}.lock").read_text("utf-8")
        for name in ("requirements", "requirements-test")
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=;]", line)[0].lower() for line in project["dependencies"]}
    for text in locks.values():
        assert "://" not in text
        names = re.findall(r"^([a-z0-9-]+)==\S+", text, re.MULTILINE)
        blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(blocks) == len(names) > 30
        assert all("--hash=sha256:" in block for block in blocks)
        assert declared <= set(names)
    versions = set(re.findall(r"^\S+==\S+.*?(?= \\)", locks["requirements"], re.MULTILINE))
    assert versions <= set(re.findall(r"^\S+==\S+.*?(?= \\)", locks["requirements-test"], re.MULTILINE))


@pytest.mark.parametrize(
    ("arguments", "begun", "left"),
    [
        (["status", "p"], "app.cli", ["status", "p"]),
        (["--pipeline-worker", "x"], "app.pipeline.worker", ["x"]),
    ],
)
def test_a_frozen_build_starts_its_processes_by_an_argument(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], begun: str, left: list[str]
) -> None:
    monkeypatch.syspath_prepend(str(PACKAGING))
    monkeypatch.setattr(sys, "argv", ["kurator", *arguments])
    module = types.ModuleType(begun)
    monkeypatch.setattr(module, "main", lambda: sys.argv[1:], raising=False)
    monkeypatch.setitem(sys.modules, begun, module)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(PACKAGING / "frozen.py"), run_name="__main__")
    assert (ended.value.code or []) == left
