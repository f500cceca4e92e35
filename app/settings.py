"""The user's own settings: how the program looks and behaves here, apart from any project.

They live as JSON in the settings folder. Fields that this version does not know are kept; a value that makes
no sense gives way to the default; a file that is no JSON is put aside and replaced.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from app.paths import config_folder

RECENT = 12
"""How many projects are remembered."""

_CHOICES = {
    "language": ("system", "sv", "en"),
    "theme": ("system", "light", "dark"),
    "arcs": ("focused", "all", "none"),
}
_LIMITS: dict[str, tuple[float, float]] = {
    "font_size": (6, 48),
    "zoom": (0.25, 5),
    "line_width": (20, 400),
    "line_spacing": (0.8, 3),
    "backups_kept": (0, 1000),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has chosen.

    ``font_family`` empty is the system's; ``font_size`` in points; ``zoom`` 1 is natural size; ``line_width``
    in characters; ``line_spacing`` a factor on the font's own height; ``arcs`` which relations are drawn;
    ``show_others`` whether a text also shows what other annotators marked;
    ``annotator`` is the name that new projects are given; ``backups_kept`` 0 makes none; ``recent`` absolute
    paths, latest first; ``window`` what the window keeps for itself (geometry and the like) as text.
    """

    language: str = "system"
    theme: str = "system"
    font_family: str = ""
    font_size: float = 11.0
    zoom: float = 1.0
    line_width: int = 92
    line_spacing: float = 1.5
    arcs: str = "focused"
    show_tags: bool = True
    show_rejected: bool = True
    show_others: bool = False
    reduced_motion: bool = False
    dim_furniture: bool = True
    suggest_at_import: bool = True
    annotator: str = ""
    backups_kept: int = 10
    recent: tuple[str, ...] = ()
    window: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)


class RecentProject(NamedTuple):
    """A project that was open once; ``exists`` says whether the file is still there."""

    path: Path
    exists: bool


_FIELDS = {one.name: one for one in fields(Settings) if one.name != "unknown"}
_DEFAULTS = Settings()


def settings_path() -> Path:
    """Return the file that holds the settings."""
    return config_folder() / "settings.json"


def load_settings() -> Settings:
    """Return the settings; defaults where there is no file, or none that can be read."""
    path = settings_path()
    try:
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Settings()
    except OSError:
        return Settings()
    except (ValueError, RecursionError):
        with suppress(OSError):
            path.replace(path.with_suffix(".broken.json"))
        return Settings()
    return _understood(data)


def _understood(data: Mapping[str, Any]) -> Settings:
    known = {name: value for name, value in data.items() if name in _FIELDS}
    good = {name: sound for name, value in known.items() if (sound := _sound(name, value)) is not None}
    return Settings(**good, unknown={name: value for name, value in data.items() if name not in _FIELDS})


def _sound(name: str, value: Any) -> Any:
    """Return the value as its field wants it, None where it makes no sense."""
    default = getattr(_DEFAULTS, name)
    if name == "recent":
        return (
            tuple(one for one in value if isinstance(one, str))[:RECENT] if isinstance(value, list) else None
        )
    if name == "window":
        return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else None
    if name in _CHOICES:
        return value if value in _CHOICES[name] else None
    if name in _LIMITS:
        low, high = _LIMITS[name]
        number = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        return type(default)(value) if number else None
    return value if type(value) is type(default) else None


def save_settings(settings: Settings) -> None:
    """Write the settings, wholly or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    data = {name: getattr(settings, name) for name in _FIELDS}
    text = json.dumps({**settings.unknown, **data}, ensure_ascii=False, indent=2, default=list)
    path = settings_path()
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink()


def change_settings(**changes: Any) -> Settings:
    """Change some settings, whatever another process has changed meanwhile, and return all of them.

    Where the folder cannot be written, the change lasts as long as the caller keeps what is returned.
    """
    return _alter(lambda settings: replace(settings, **changes))


def _alter(change: Callable[[Settings], Settings]) -> Settings:
    with _alone():
        changed = change(load_settings())
        with suppress(OSError):
            save_settings(changed)
    return changed


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time read, change and write the settings; go on without where that fails."""
    from filelock import FileLock, Timeout

    lock = FileLock(settings_path().with_suffix(".lock"))
    with suppress(OSError, Timeout):
        lock.acquire(timeout=2)
    try:
        yield
    finally:
        lock.release(force=True)


def remember_project(path: Path) -> Settings:
    """Put a project at the head of the recent ones."""
    return _alter(lambda settings: _with_recent(settings, path, keep=True))


def forget_project(path: Path) -> Settings:
    """Take a project out of the recent ones; the file stays."""
    return _alter(lambda settings: _with_recent(settings, path, keep=False))


def _with_recent(settings: Settings, path: Path, *, keep: bool) -> Settings:
    it = str(path.resolve())
    others = tuple(one for one in settings.recent if one not in (it, str(path)))
    return replace(settings, recent=((it, *others) if keep else others)[:RECENT])


def recent_projects() -> list[RecentProject]:
    """Return the recent projects, latest first."""
    return [RecentProject(Path(one), Path(one).is_file()) for one in load_settings().recent]


def last_project() -> Path | None:
    """Return the project that was open last, None where it is gone."""
    found = recent_projects()
    return found[0].path if found and found[0].exists else None
