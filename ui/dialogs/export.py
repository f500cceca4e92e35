"""Asking what to export, in which format, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, form, line, plain, quiet


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported where; ``suggestions`` that nobody judged; names of ``documents``, empty for all."""

    format: str
    path: Path
    suggestions: bool
    documents: list[str]


class ExportDialog(Dialog):
    """Gives back an :class:`ExportRequest`; the window's job board writes the file."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        from app.formats.registry import FORMATS

        super().__init__(parent, tr("dialog.export"), tr("dialog.export-intro"))
        self._bridge = bridge
        self._formats = FORMATS
        self.format = QComboBox()
        self.format.setAccessibleName(plain(tr("dialog.format")))
        for one in FORMATS:
            self.format.addItem(f"{tr(one.title)} ({one.suffix})", one.id)
        self._about = quiet()
        self.place = line(plain(tr("dialog.place")))
        self._browse = QPushButton(tr("dialog.browse"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._ask_place)
        self.whole = QRadioButton(tr("dialog.whole-corpus"))
        self.only = QRadioButton(tr("dialog.only-document"))
        self.suggestions = QCheckBox(tr("dialog.with-suggestions"))
        self.suggestions.setChecked(True)
        self.whole.setChecked(True)
        self._lay_out()
        self._accept = self.add_accept(tr("dialog.do-export"))
        self.add_cancel()
        self._name_document()
        self._propose()
        self.format.currentIndexChanged.connect(self._propose)
        self.place.textChanged.connect(self._check)
        self._check()
        self.fit(600)
        self.place.setFocus()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(self._browse)
        scope = QVBoxLayout()
        scope.setSpacing(6)
        for widget in (self.whole, self.only, self.suggestions):
            scope.addWidget(widget)
        rows = form()
        rows.addRow(tr("dialog.format"), self.format)
        rows.addRow("", self._about)
        rows.addRow(tr("dialog.place"), where)
        rows.labelForField(where).setBuddy(self.place)
        rows.addRow(tr("dialog.content"), scope)
        self.body.addLayout(rows)
        self.body.addStretch(1)

    def _name_document(self) -> None:
        document = self._bridge.document
        self.only.setEnabled(document is not None)
        if document is not None:
            record = self._bridge.workspace.reads.document(document)
            self.only.setToolTip(record.name)
            self.only.setAccessibleDescription(record.name)

    def _propose(self) -> None:
        """Suggest a name beside the project, with the format's suffix."""
        chosen = self._formats[self.format.currentIndex()]
        self._about.setText(tr(chosen.description))
        written = self.place.text().strip()
        base = Path(written) if written else self._bridge.workspace.path
        self.place.setText(str(base.with_suffix(chosen.suffix)))

    def _ask_place(self) -> None:
        chosen = self._formats[self.format.currentIndex()]
        suggestion = self._path() or self._bridge.workspace.path.with_suffix(chosen.suffix)
        path = files.save_file(self, tr("dialog.export"), suggestion, chosen.suffix)
        if path is not None:
            self.place.setText(str(path))

    def _path(self) -> Path | None:
        written = self.place.text().strip()
        if not written:
            return None
        path = Path(written).expanduser()
        return path if path.is_absolute() else self._bridge.workspace.path.parent / path

    def _check(self) -> None:
        path = self._path()
        wrong = ""
        if path is not None and not path.parent.is_dir():
            wrong = tr("dialog.no-folder", path=str(path.parent))
        elif path is not None and (path.is_dir() or path == self._bridge.workspace.path):
            wrong = tr("dialog.place-taken", path=str(path))
        self._accept.setEnabled(path is not None and not wrong)
        if wrong or path is None or not path.exists():
            self.trouble.say(wrong)
        else:
            self.trouble.say(tr("dialog.will-replace", path=path.name), grave=False)

    def request(self) -> ExportRequest:
        """Return what was asked for."""
        path, document = self._path(), self._bridge.document
        assert path is not None
        names = []
        if self.only.isChecked() and document is not None:
            names = [self._bridge.workspace.reads.document(document).name]
        return ExportRequest(self.format.currentData(), path, self.suggestions.isChecked(), names)
