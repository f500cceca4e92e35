"""Asking for files and folders with the system's own dialogs; the one place that does: tests answer here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.messages import tr
from app.paths import documents_folder

PROJECT = ".kurator"
_IMPORTABLE = "*.txt *.md *.html *.htm *.docx *.odt *.pdf *.csv *.tsv *.jsonl *.json *.zip"
_last: dict[str, Path] = {}


def _start(what: str, near: Path | None = None) -> str:
    """Return the folder to begin in: where the last of this kind was found, else the user's documents."""
    folder = _last.get(what) or near or documents_folder()
    return str(folder if folder.exists() else Path.home())


def _kept(what: str, chosen: str) -> Path | None:
    if not chosen:
        return None
    _last[what] = Path(chosen).parent
    return Path(chosen)


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path with ``suffix`` at its end, as a person meant who left it out; a bare root as it is."""
    return path if not path.name or path.name.lower().endswith(suffix) else path.with_name(path.name + suffix)


def open_project(parent: QWidget | None) -> Path | None:
    """Ask for a project file; None where nothing was chosen."""
    chosen, _ = QFileDialog.getOpenFileName(
        parent, tr("dialog.open-project"), _start("project"), f"{tr('dialog.projects')} (*{PROJECT})"
    )
    return _kept("project", chosen)


def save_project(parent: QWidget | None, path: Path | None = None) -> Path | None:
    """Ask where to write a project, beginning beside ``path``; None where nothing was chosen."""
    suggestion = Path(_start("project")) / tr("dialog.project-file")
    if path is not None:
        suggestion = (
            path.with_name(tr("dialog.copy-name", name=path.stem) + PROJECT) if path.exists() else path
        )
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("dialog.save-project"), str(suggestion), f"{tr('dialog.projects')} (*{PROJECT})"
    )
    found = _kept("project", chosen)
    return with_suffix(found, PROJECT) if found else None


def import_files(parent: QWidget | None) -> list[Path]:
    """Ask for files to import; empty where nothing was chosen."""
    kinds = f"{tr('dialog.importable')} ({_IMPORTABLE});;{tr('dialog.all-files')} (*)"
    chosen, _ = QFileDialog.getOpenFileNames(parent, tr("dialog.import-files"), _start("import"), kinds)
    return [path for one in chosen if (path := _kept("import", one)) is not None]


def import_folder(parent: QWidget | None) -> Path | None:
    """Ask for a folder to import; None where nothing was chosen."""
    chosen = QFileDialog.getExistingDirectory(parent, tr("dialog.import-folder"), _start("import"))
    return _kept("import", chosen)


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    """Ask for a folder; None where nothing was chosen."""
    return _kept("folder", QFileDialog.getExistingDirectory(parent, title, _start("folder")))


def open_file(parent: QWidget | None, title: str, suffix: str) -> Path | None:
    """Ask for one file of a kind; None where nothing was chosen."""
    kinds = f"*{suffix} (*{suffix});;{tr('dialog.all-files')} (*)"
    chosen, _ = QFileDialog.getOpenFileName(parent, title, _start(suffix), kinds)
    return _kept(suffix, chosen)


def save_file(parent: QWidget | None, title: str, suggestion: Path | str, suffix: str) -> Path | None:
    """Ask where to write a file; the name gets ``suffix`` where it lacks it. None: nothing was chosen."""
    wanted = Path(suggestion)
    place = wanted if wanted.is_absolute() else Path(_start(suffix)) / wanted
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(place), f"*{suffix} (*{suffix})")
    found = _kept(suffix, chosen)
    return with_suffix(found, suffix) if found else None
