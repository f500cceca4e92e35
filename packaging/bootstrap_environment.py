"""The program's own environment: ``.venv`` at the root, filled from the hash-locked lists."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bootstrap_system import ensure_venv_module
from bootstrap_texts import SetUpError, say

LOCKS = {
    "run": "requirements.lock",
    "test": "requirements-test.lock",
    "freeze": "requirements-freeze.lock",
}
# What was installed for tests or for freezing can also run.
INCLUDES = {"run": ("run", "test", "freeze"), "test": ("test",), "freeze": ("freeze",)}
PIP_SETTINGS_THAT_MISLEAD = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT", "PIP_NO_DEPS")
SOUND = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


class Environment:
    """The folder ``.venv`` under ``root``. A stamp in it, written last, says what was wholly installed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        windows = os.name == "nt"
        self._scripts = self.folder / ("Scripts" if windows else "bin")
        self._suffix = ".exe" if windows else ""
        self.python = self.script("python")
        self._stamp_file = self.folder / "kurator-stamp.json"

    def script(self, name: str) -> Path:
        """Return the path of a command installed in the environment."""
        return self._scripts / f"{name}{self._suffix}"

    def prepare(self, kind: str) -> None:
        """Make the environment fit for ``run``, ``test`` or ``freeze``; change nothing when it already is.

        Raises:
            SetUpError: Python's venv is missing, or something could not be installed.
        """
        stamp = self._stamp()
        if self._is_current(stamp, kind):
            return
        ensure_venv_module(importlib.util.find_spec("ensurepip") is not None)
        moved = stamp.get("root", str(self.root)) != str(self.root)
        if moved or self._interpreter_changed() or not self._is_sound():
            self._make()
        self._stamp_file.unlink(missing_ok=True)
        self._install(kind)
        self.remember(installed=kind, digest=self._digest(kind), root=str(self.root))

    def remember(self, **facts: Any) -> None:
        """Write ``facts`` into the stamp, beside those already there."""
        content = json.dumps({**self._stamp(), **facts}, indent=1)
        unfinished = self._stamp_file.with_suffix(".part")
        unfinished.write_text(content, "utf-8")
        unfinished.replace(self._stamp_file)

    def remembers(self, fact: str) -> Any:
        """Return what the stamp says about ``fact``, None when nothing."""
        return self._stamp().get(fact)

    def _stamp(self) -> dict[str, Any]:
        try:
            stamp: dict[str, Any] = json.loads(self._stamp_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp

    def _is_current(self, stamp: dict[str, Any], kind: str) -> bool:
        installed = stamp.get("installed")
        return (
            installed in INCLUDES[kind]
            and stamp.get("digest") == self._digest(installed)
            and stamp.get("root") == str(self.root)
            and self.python.exists()
            and self.script("kurator").exists()
            and not self._interpreter_changed()
        )

    def _interpreter_changed(self) -> bool:
        """Say whether the Python behind the environment was upgraded in place since."""
        try:
            written = (self.folder / "pyvenv.cfg").read_text("utf-8")
        except OSError:
            return True
        ours = self.python.resolve() == Path(sys.executable).resolve()
        return ours and re.search(rf"^version\s*=\s*{re.escape(_version())}\b", written, re.MULTILINE) is None

    def _digest(self, kind: str) -> str:
        digest = hashlib.sha256()
        for path in ("pyproject.toml", "packaging/build.lock", f"packaging/{LOCKS[kind]}"):
            digest.update((self.root / path).read_bytes().replace(b"\r\n", b"\n"))
        return digest.hexdigest()

    def _is_sound(self) -> bool:
        if not self.python.exists():
            return False
        try:
            return subprocess.run([self.python, "-c", SOUND], capture_output=True, timeout=60).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def _make(self) -> None:
        say("bootstrap.making", folder=self.folder, python=_version())
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        base = getattr(sys, "_base_executable", None) or sys.executable
        if subprocess.call([base, "-m", "venv", self.folder]) != 0:
            raise SetUpError("bootstrap.venv-failed", folder=self.folder)

    def _install(self, kind: str) -> None:
        locks = self.root / "packaging"
        say("bootstrap.installing", list=locks / LOCKS[kind])
        self._pip("--require-hashes", "-r", locks / "build.lock")
        self._pip("--require-hashes", "--no-build-isolation", "-r", locks / LOCKS[kind])
        say("bootstrap.installing-project")
        self._pip("--no-deps", "--no-build-isolation", "--editable", self.root)

    def _pip(self, *arguments: str | Path) -> None:
        settings = {key: value for key, value in os.environ.items() if key not in PIP_SETTINGS_THAT_MISLEAD}
        settings |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        command = [self.python, "-m", "pip", "install", "--no-warn-script-location", *arguments]
        if subprocess.call(command, env=settings, cwd=self.root) != 0:
            raise SetUpError("bootstrap.install-failed")


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
