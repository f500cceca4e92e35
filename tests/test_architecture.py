"""The houses and their doors: who may import whom, what is declared, and how long things may grow."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSES = ("models", "app", "ui")  # from the ground up
SPACY_ROOMS = tuple(
    f"app.pipeline.{room}"
    for room in ("worker", "suggest", "train", "docbin", "components", "rules", "names", "learner", "trained")
)
SPACY_ROOMS += ("app.shards.worker", "app.training.fitting")  # on the workers of a cluster; what trains
ONLY_IN = {
    "PySide6": ("ui",),
    "shiboken6": ("ui",),
    "sqlalchemy": ("models.store",),
    "sqlite3": ("models.store",),
    "spacy": SPACY_ROOMS,
    "thinc": SPACY_ROOMS,
}
NEVER = (("ui", "models.store"), ("app.commands", "models.store"), ("ui", SPACY_ROOMS))
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_CLASS, MOST_METHODS = 400, 40, 300, 25


@dataclass(frozen=True)
class Import:
    """One name that one module imports; ``early`` where importing the module imports it too."""

    module: str
    target: str
    line: int
    early: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def inside(name: str, rooms: str | tuple[str, ...]) -> bool:
    """Say whether a module is one of the rooms or lies in one."""
    rooms = (rooms,) if isinstance(rooms, str) else rooms
    return any(name == room or name.startswith(room + ".") for room in rooms)


@cache
def modules() -> dict[str, ast.Module]:
    """Return the parsed modules of the houses by their dotted names."""
    paths = (path for house in HOUSES for path in sorted((ROOT / house).rglob("*.py")))
    return {_dotted(path): ast.parse(path.read_text("utf-8"), str(path)) for path in paths}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(module: str, tree: ast.Module) -> Iterator[Import]:
    """Yield everything a module imports, inside functions too."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, early = waiting.pop()
        for target in _targets(node):
            yield Import(module, target, getattr(node, "lineno", 0), early)
        late = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _for_types_only(node)
        waiting.extend((child, early and not late) for child in ast.iter_child_nodes(node))


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


@cache
def imports() -> tuple[Import, ...]:
    """Return every import in the houses."""
    return tuple(found for module, tree in modules().items() for found in imports_of(module, tree))


def offences(found: Import) -> Iterator[str]:
    """Yield what is wrong with one import."""
    here, there = found.module.split(".")[0], found.target.split(".")[0]
    if not there:
        yield f"{found}: relative"
    if there in HOUSES and HOUSES.index(there) > HOUSES.index(here):
        yield f"{found}: up the stairs"
    for library, rooms in ONLY_IN.items():
        if inside(found.target, library) and not inside(found.module, rooms):
            yield f"{found}: only {', '.join(rooms)} may know it"
    for room, forbidden in NEVER:
        if inside(found.module, room) and inside(found.target, forbidden):
            yield f"{found}: that door stays shut"
    if found.early and inside(found.target, SPACY_ROOMS) and not inside(found.module, SPACY_ROOMS):
        yield f"{found}: spaCy would be loaded with it"


def test_every_import_respects_its_house() -> None:
    assert not [offence for found in imports() for offence in offences(found)]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("models.spans", "import app.commands"),
        ("models.spans", "from app import commands"),
        ("app.queue", "def f():\n    from ui.bridge import Bridge"),
        ("app.queue", "import PySide6.QtCore"),
        ("app.services.corpus", "import sqlite3"),
        ("app.services.corpus", "def f():\n    import spacy"),
        ("app.services.corpus", "import importlib\nimportlib.import_module('spacy')"),
        ("app.services.corpus", "from app.pipeline.worker import main"),
        ("app.pipeline.client", "import app.pipeline.rules.entities"),
        ("ui.bridge", "from models.store.reads import documents"),
        ("ui.bridge", "from models import store"),
        ("ui.bridge", "from . import context"),
    ],
)
def test_a_wrong_import_is_seen(module: str, line: str) -> None:
    assert [offence for found in imports_of(module, ast.parse(line)) for offence in offences(found)]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("ui.bridge", "from PySide6.QtCore import Signal\nfrom app.commands import Command"),
        ("models.store.tables", "import sqlalchemy"),
        ("app.pipeline.worker", "import spacy"),
        ("app.cli", "def f():\n    from app.pipeline.worker import main"),
    ],
)
def test_a_right_import_is_let_through(module: str, line: str) -> None:
    assert not [offence for found in imports_of(module, ast.parse(line)) for offence in offences(found)]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not circles(modules())


def test_a_circle_is_seen() -> None:
    texts = {
        "app.a": "import app.b",
        "app.b": "from app import c",
        "app.c": "import app.a",
        "app.d": "import app.a",
    }
    assert circles({name: ast.parse(text) for name, text in texts.items()}) == [
        "app.a → app.b → app.c → app.a"
    ]
    texts["app.c"] = "def f():\n    import app.a"
    assert not circles({name: ast.parse(text) for name, text in texts.items()})


def circles(trees: dict[str, ast.Module]) -> list[str]:
    """Return the import circles among the modules, each written out from its first module."""
    doors = {module: sorted(_early_neighbours(module, tree, trees)) for module, tree in trees.items()}
    found: list[str] = []
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> None:
        if module in path:
            found.append(" → ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for neighbour in doors[module]:
                walk(neighbour, [*path, module])
            done.add(module)

    for module in sorted(doors):
        walk(module, [])
    return found


def _early_neighbours(module: str, tree: ast.Module, trees: dict[str, ast.Module]) -> set[str]:
    targets = {found.target for found in imports_of(module, tree) if found.early}
    names = {target if target in trees else target.rpartition(".")[0] for target in targets}
    return {name for name in names if name in trees and name != module}


def test_every_library_that_is_imported_is_declared() -> None:
    """What another library happens to bring along may be gone with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dask"]]
    declared = {_plain(re.split(r"[<>=!;\[ ]", line)[0]) for line in lines}
    providers = packages_distributions()
    known = {*HOUSES, "resources", *sys.stdlib_module_names, "__future__"}
    # One that only comes along with a declared one, in the same versions.
    known |= {"shiboken6", "srsly", "thinc"}
    missing = {
        f"{found.module}: {top}"
        for found in imports()
        if (top := found.target.split(".")[0]) not in known
        and not declared & {_plain(name) for name in providers.get(top, [top])}
    }
    assert not missing


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def sources(*folders: str) -> list[Path]:
    """Return the Python files of the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_no_file_grows_too_long() -> None:
    lengths = {
        path: len(path.read_text("utf-8").splitlines()) for path in sources(*HOUSES, "packaging", "tests")
    }
    assert not {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE}


def test_no_function_or_class_grows_too_long() -> None:
    long = []
    for path in sources(*HOUSES, "packaging"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                long += [
                    f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {why}" for why in too_long(node)
                ]
    assert not long


def too_long(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    """Return in what way a function or class is too long."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if not isinstance(node, ast.ClassDef):
        return [f"has {lines} lines"] if lines > LONGEST_FUNCTION else []
    methods = sum(isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) for child in node.body)
    reasons = [f"has {lines} lines"] if lines > LONGEST_CLASS else []
    return reasons + ([f"has {methods} methods"] if methods > MOST_METHODS else [])
