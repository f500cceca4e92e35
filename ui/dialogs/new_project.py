"""Asking what a new project is called, where it lies, whose it is, and with which labels it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from app.messages import sentence, tr
from app.paths import documents_folder
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, form, line, plain, quiet


@dataclass(frozen=True, slots=True)
class NewProject:
    """What a new project begins with; ``label_set`` None is the one that ships with the program.

    ``starter``: whether its register begins with Sweden's regions, authorities and services.
    """

    path: Path
    name: str
    annotator: str
    label_set: Mapping[str, Any] | None
    starter: bool = False


class NewProjectDialog(Dialog):
    """Gives back a :class:`NewProject`. The file's name follows the project's until it is edited."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("dialog.new-project"), tr("dialog.new-project-intro"))
        self._own_place = False
        self._labels: Mapping[str, Any] | None = None
        self._folder = documents_folder()
        self.name = line(plain(tr("dialog.name")), placeholder=tr("dialog.name-example"))
        self.place = line(plain(tr("dialog.place")))
        self.annotator = line(plain(tr("dialog.annotator")), bridge.settings.annotator)
        self._browse = QPushButton(tr("dialog.browse"))
        self._browse.clicked.connect(self._ask_place)
        self.default_labels = QRadioButton(tr("dialog.default-labels"))
        self.default_labels.setChecked(True)
        self.file_labels = QRadioButton(tr("dialog.labels-from-file"))
        self._choose = QPushButton(tr("dialog.choose-file"))
        self._choose.clicked.connect(self.ask_labels)
        self._chosen_labels = quiet()
        self.starter = QCheckBox(tr("register_window.starter"))
        self.starter.setChecked(True)
        for button in (self._browse, self._choose):
            button.setAutoDefault(False)
        self._lay_out()
        self._accept = self.add_accept(tr("dialog.create"))
        self.add_cancel()
        self.name.textChanged.connect(self._follow_name)
        self.place.textEdited.connect(self._edited)
        self.place.textChanged.connect(self._check)
        self.default_labels.toggled.connect(self._check)
        self._follow_name("")
        self.fit(620)
        self.name.setFocus()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(self._browse)
        labels = QVBoxLayout()
        labels.setSpacing(6)
        from_file = QHBoxLayout()
        from_file.addWidget(self.file_labels)
        from_file.addWidget(self._choose)
        from_file.addStretch(1)
        labels.addWidget(self.default_labels)
        labels.addLayout(from_file)
        labels.addWidget(self._chosen_labels)
        rows = form()
        rows.addRow(tr("dialog.name"), self.name)
        rows.addRow(tr("dialog.place"), where)
        rows.labelForField(where).setBuddy(self.place)
        rows.addRow(tr("dialog.annotator"), self.annotator)
        rows.addRow("", quiet(tr("dialog.annotator-why")))
        rows.addRow(tr("dialog.labels"), labels)
        rows.addRow(tr("register_window.register"), self.starter)
        self.body.addLayout(rows)
        self.body.addStretch(1)

    def _edited(self, _text: str) -> None:
        self._own_place = True

    def _follow_name(self, name: str) -> None:
        if not self._own_place:
            plain_name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", name.strip()).strip(". ")
            self.place.setText(str(self._folder / f"{plain_name}{files.PROJECT}") if plain_name else "")
        self._check()

    def _ask_place(self) -> None:
        path = files.save_project(self, self._path() or self._folder / tr("dialog.project-file"))
        if path is not None:
            self._own_place = True
            self.place.setText(str(path))
            if not self.name.text().strip():
                self.name.setText(path.stem)

    def ask_labels(self) -> None:
        """Ask for a file with a label set and take it, if it is one."""
        from app.services.label_views import read_label_set

        path = files.open_file(self, tr("dialog.labels-title"), ".json")
        if path is None:
            return
        try:
            found = read_label_set(path)
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self._labels = found.to_json()
        counts = {"entities": len(found.entities), "relations": len(found.relations)}
        self._chosen_labels.setText(tr("dialog.labels-chosen", name=path.name, **counts))
        self.file_labels.setChecked(True)
        self._check()

    def _path(self) -> Path | None:
        written = self.place.text().strip()
        if not written:
            return None
        path = Path(written).expanduser()
        return files.with_suffix(path if path.is_absolute() else self._folder / path, files.PROJECT)

    def _check(self) -> None:
        path, wrong = self._path(), ""
        if path is not None and path.exists():
            wrong = tr("dialog.project-there", path=str(path))
        elif path is not None and not path.parent.is_dir() and path.parent != self._folder:
            wrong = tr("dialog.no-folder", path=str(path.parent))
        self.trouble.say(wrong)
        labels = self.default_labels.isChecked() or self._labels is not None
        named = bool(self.name.text().strip())
        self._accept.setEnabled(named and path is not None and not wrong and labels)

    def request(self) -> NewProject:
        """Return what was asked for; the user's own documents folder is made if it is missing."""
        path = self._path()
        assert path is not None
        if path.parent == self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        labels = self._labels if self.file_labels.isChecked() else None
        name, annotator = self.name.text().strip(), self.annotator.text().strip()
        return NewProject(path, name, annotator, labels, self.starter.isChecked())
