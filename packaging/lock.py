"""Write the hash-locked lists from pyproject.toml: ``python packaging/lock.py [--upgrade]``.

Needs ``uv`` (``pip install uv``). One list serves every system and every Python from 3.11 on:

- build.lock: what builds the project and the few dependencies that come as source;
- requirements.lock: what the program needs to run;
- requirements-test.lock: the same versions, and what the tests need;
- requirements-freeze.lock: the same versions, and what frozen builds need.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
OPTIONS = [
    "--universal",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-config",
    "--python-version",
    "3.11",
]


def main() -> None:
    """Compile the lists, each held to the versions of those before it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    extra = ["--upgrade"] if parser.parse_args().upgrade else []
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder, "build.in")
        build.write_text("\n".join(tomllib.loads(PROJECT.read_text("utf-8"))["build-system"]["requires"]))
        _compile(build, "build.lock", extra)
    _compile(PROJECT, "requirements.lock", [*extra, *_held_to("build.lock")])
    for kind in ("test", "freeze"):
        options = [*extra, "--extra", kind, *_held_to("requirements.lock")]
        _compile(PROJECT, f"requirements-{kind}.lock", options)


def _held_to(lock: str) -> list[str]:
    return ["--constraint", str(HERE / lock)]


def _compile(source: Path, target: str, extra: list[str]) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing: pip install uv")
    command = [uv, "pip", "compile", "--quiet", *OPTIONS, *extra, "-o", str(HERE / target), str(source)]
    subprocess.run(command, check=True, cwd=HERE.parent)
    print(HERE / target)


if __name__ == "__main__":
    main()
