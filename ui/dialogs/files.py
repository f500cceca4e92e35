"""Asking for files and folders with the system's own dialogs; the one place that does: tests answer here."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.messages import tr
from app.paths import documents_folder
from ui.dialogs.plain_icons import PlainIcons

PROJECT = ".kurator"
_IMPORTABLE = "*.txt *.md *.html *.htm *.docx *.odt *.pdf *.csv *.tsv *.jsonl *.json *.zip"
_ANNOTATED = "*.spacy *.jsonl *.json *.parquet *.xmi *.tsv *.ann *.iob *.iob2 *.conll *.zip"
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


def _ask(
    parent: QWidget | None, title: str, start: str, kinds: str, mode: QFileDialog.FileMode, save: bool
) -> list[str]:
    """Ask with a file dialog and return what was chosen; empty where nothing was.

    On Linux it is Qt's own: the desktop's may look into the open project (see :mod:`ui.dialogs.plain_icons`).
    """
    place = Path(start)
    dialog = QFileDialog(parent, title, str(place if place.is_dir() else place.parent), kinds)
    dialog.setFileMode(mode)
    if save:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if mode == QFileDialog.FileMode.Directory:
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if sys.platform.startswith("linux"):
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    icons = PlainIcons()
    dialog.setIconProvider(icons)
    if not place.is_dir():
        dialog.selectFile(place.name)
    chosen = dialog.selectedFiles() if dialog.exec() == QFileDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    return chosen


def _one(parent: QWidget | None, title: str, start: str, kinds: str, *, save: bool = False) -> str:
    mode = QFileDialog.FileMode.AnyFile if save else QFileDialog.FileMode.ExistingFile
    return next(iter(_ask(parent, title, start, kinds, mode, save)), "")


def _folder(parent: QWidget | None, title: str, start: str) -> str:
    return next(iter(_ask(parent, title, start, "", QFileDialog.FileMode.Directory, False)), "")


def with_suffix(path: Path, suffix: str) -> Path:
    """Return the path with ``suffix`` at its end, as a person meant who left it out; a bare root as it is."""
    return path if not path.name or path.name.lower().endswith(suffix) else path.with_name(path.name + suffix)


def open_project(parent: QWidget | None) -> Path | None:
    """Ask for a project file; None where nothing was chosen."""
    chosen = _one(parent, tr("dialog.open-project"), _start("project"), f"{tr('dialog.projects')} (*{PROJECT})")
    return _kept("project", chosen)


def save_project(parent: QWidget | None, path: Path | None = None) -> Path | None:
    """Ask where to write a project, beginning beside ``path``; None where nothing was chosen."""
    suggestion = Path(_start("project")) / tr("dialog.project-file")
    if path is not None:
        suggestion = path.with_name(tr("dialog.copy-name", name=path.stem) + PROJECT) if path.exists() else path
    kinds = f"{tr('dialog.projects')} (*{PROJECT})"
    chosen = _one(parent, tr("dialog.save-project"), str(suggestion), kinds, save=True)
    found = _kept("project", chosen)
    return with_suffix(found, PROJECT) if found else None


def import_files(parent: QWidget | None, *, annotations: bool = False) -> list[Path]:
    """Ask for files to import, texts or other tools' ``annotations``; empty where nothing was chosen."""
    title, shown = (
        ("transfer_window.annotated-files", _ANNOTATED) if annotations else ("dialog.importable", _IMPORTABLE)
    )
    kinds = f"{tr(title)} ({shown});;{tr('dialog.all-files')} (*)"
    several = QFileDialog.FileMode.ExistingFiles
    heading = tr("transfer_window.import" if annotations else "dialog.import-files")
    chosen = _ask(parent, heading, _start("import"), kinds, several, False)
    return [path for one in chosen if (path := _kept("import", one)) is not None]


def choose_exchange(parent: QWidget | None) -> Path | None:
    """Ask for an exchange file; None where nothing was chosen."""
    kinds = f"{tr('exchange.title')} (*.json);;{tr('dialog.all-files')} (*)"
    return _kept("import", _one(parent, tr("merging.choose-origin"), _start("import"), kinds))


def import_folder(parent: QWidget | None) -> Path | None:
    """Ask for a folder to import; None where nothing was chosen."""
    chosen = _folder(parent, tr("dialog.import-folder"), _start("import"))
    return _kept("import", chosen)


def choose_folder(parent: QWidget | None, title: str) -> Path | None:
    """Ask for a folder; None where nothing was chosen."""
    return _kept("folder", _folder(parent, title, _start("folder")))


def open_file(parent: QWidget | None, title: str, suffix: str) -> Path | None:
    """Ask for one file of a kind; None where nothing was chosen."""
    kinds = f"*{suffix} (*{suffix});;{tr('dialog.all-files')} (*)"
    chosen = _one(parent, title, _start(suffix), kinds)
    return _kept(suffix, chosen)


def save_file(parent: QWidget | None, title: str, suggestion: Path | str, suffix: str) -> Path | None:
    """Ask where to write a file; the name gets ``suffix`` where it lacks it. None: nothing was chosen."""
    wanted = Path(suggestion)
    place = wanted if wanted.is_absolute() else Path(_start(suffix)) / wanted
    chosen = _one(parent, title, str(place), f"*{suffix} (*{suffix})", save=True)
    found = _kept(suffix, chosen)
    return with_suffix(found, suffix) if found else None
