"""Asking what to export, in which format, and where to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from app.formats.contract import FEATURES, Format
from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.export_content import ExportContent
from ui.dialogs.frame import Dialog, line, plain, quiet, rule
from ui.widgets.scrolled import Scrolled


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported where; what is None or empty narrows nothing.

    ``documents`` are names, ``annotators`` and ``labels`` ids; ``suggestions`` are those that nobody judged;
    ``shares`` are train, dev and test in per cent.
    """

    format: str
    path: Path
    suggestions: bool = True
    documents: list[str] = field(default_factory=list)
    rejected: bool = False
    adjudicated: bool = False
    annotators: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    shares: tuple[int, int, int] | None = None
    licence: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    def arguments(self) -> list[str]:
        """Return the request as ``kurator export`` takes it, without the project."""
        found = [f"--format={self.format}", f"--output={self.path}"]
        found.append("--suggestions" if self.suggestions else "--no-suggestions")
        found += [f"--document={one}" for one in self.documents]
        found += [f"--annotator={one}" for one in self.annotators or ()]
        found += [f"--label={one}" for one in self.labels or ()]
        found += [f"--kind={one}" for one in self.kinds or ()]
        found += [f"--set={name}={value}" for name, value in self.choices.items()]
        found += ["--rejected"] if self.rejected else []
        found += ["--adjudicated"] if self.adjudicated else []
        found += [f"--split={'/'.join(map(str, self.shares))}"] if self.shares else []
        found += [f"--licence={self.licence}"] if self.licence else []
        return found


def cannot_hold(chosen: Format) -> str:
    """Return in a sentence or two what a format leaves out, or keeps only by convention; "" where nothing."""
    words = []
    for how in ("lost", "convention"):
        what = [tr(f"transfer_window.feature-{one}") for one in FEATURES if getattr(chosen.holds, one) == how]
        if what:
            words.append(tr(f"transfer_window.holds-{how}", what=", ".join(what)))
    return " ".join(words)


class ExportDialog(Dialog):
    """Gives back an :class:`ExportRequest`; the window's job board writes the file."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        from app.formats.registry import FORMATS

        super().__init__(parent, tr("dialog.export"), tr("dialog.export-intro"))
        self._bridge = bridge
        self._formats = tuple(one for one in FORMATS if one.writes)
        self._edited = False
        self._titles: list[QLabel] = []
        self.format = QComboBox()
        self.format.setAccessibleName(plain(tr("dialog.format")))
        for one in self._formats:
            kind = one.suffix or tr("transfer_window.a-folder")
            self.format.addItem(f"{tr(one.title)} ({kind})", one.id)
        self._about = quiet()
        self.place = line(plain(tr("dialog.place")))
        self._browse = QPushButton(tr("dialog.browse"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._ask_place)
        self.content = ExportContent(bridge)
        self._scrolled = Scrolled(self.content)
        self._lay_out()
        self._accept = self.add_accept(tr("dialog.do-export"))
        self.add_cancel()
        self.format.currentIndexChanged.connect(self._format_changed)
        self.place.textEdited.connect(self._place_edited)
        self.place.textChanged.connect(self._check)
        self.content.split.toggled.connect(self._split_changed)
        self.content.changed.connect(self._check)
        self._format_changed()
        self.place.setFocus()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(self._browse)
        rows = QGridLayout()
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(10)
        rows.setColumnStretch(1, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (key, widget) in enumerate((("dialog.format", self.format), ("dialog.place", self.place))):
            title = QLabel(tr(key))
            title.setBuddy(widget)
            title.setAlignment(right)
            rows.addWidget(title, 2 * row, 0)
            self._titles.append(title)
        rows.addWidget(self.format, 0, 1)
        rows.addWidget(self._about, 1, 1)
        rows.addLayout(where, 2, 1)
        self.body.addLayout(rows)
        self.body.addWidget(rule())
        self.body.addWidget(self._scrolled, 1)

    @property
    def chosen(self) -> Format:
        """The format that is chosen."""
        return self._formats[self.format.currentIndex()]

    @property
    def _folder(self) -> bool:
        """Whether what is written is a folder."""
        return self.chosen.folder or (self.content.foreign and self.content.split.isChecked())

    def _format_changed(self) -> None:
        chosen = self.chosen
        self._about.setText(" ".join(filter(None, (tr(chosen.description), cannot_hold(chosen)))))
        self.content.show_format(chosen)
        self._propose()
        self._fit()
        QTimer.singleShot(0, self, self._fit)  # a row made just now is shown a moment later

    def _split_changed(self, *_: object) -> None:
        self._propose()
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Be as high as what is offered now."""
        wide = self.content.title_width(max(title.sizeHint().width() for title in self._titles))
        for title in self._titles:
            title.setMinimumWidth(wide)
        self._scrolled.settle()
        self.fit(max(680, self.width() if self.isVisible() else 0))
        self.resize(self.size().boundedTo(self.screen().availableSize() - QSize(16, 48)))

    def _propose(self) -> None:
        """Suggest a name beside the project, or beside what was written here, with the format's suffix."""
        written = self.place.text().strip() if self._edited else ""
        base = Path(written) if written else self._bridge.workspace.path
        if self._folder:
            plainly = base.with_suffix("")
            base = plainly if written else plainly.with_name(f"{plainly.name}-{self.chosen.id}")
        else:
            base = base.with_suffix(self.chosen.suffix)
        self.place.setText(str(base))
        self._check()

    def _place_edited(self) -> None:
        self._edited = True

    def _ask_place(self) -> None:
        suffix = "" if self._folder else self.chosen.suffix
        suggestion = self._path() or self._bridge.workspace.path.with_suffix(suffix)
        path = files.save_file(self, tr("transfer_window.choose-place"), suggestion, suffix)
        if path is not None:
            self._edited = True
            self.place.setText(str(path))

    def _path(self) -> Path | None:
        written = self.place.text().strip()
        if not written:
            return None
        path = Path(written).expanduser()
        return path if path.is_absolute() else self._bridge.workspace.path.parent / path

    def _check(self) -> None:
        path, folder = self._path(), self._folder
        wrong = self.content.wrong
        if path is not None and not path.parent.is_dir():
            wrong = tr("dialog.no-folder", path=str(path.parent))
        elif path is not None and ((path.is_dir() != folder and path.exists()) or path == self._bridge.workspace.path):
            wrong = tr("dialog.place-taken", path=str(path))
        self._accept.setEnabled(path is not None and not wrong)
        if wrong or path is None or not path.exists():
            self.trouble.say(wrong)
        else:
            key = "transfer_window.folder-replaced" if folder else "dialog.will-replace"
            self.trouble.say(tr(key, path=path.name), grave=False)

    def request(self) -> ExportRequest:
        """Return what was asked for."""
        path = self._path()
        assert path is not None
        return ExportRequest(self.format.currentData(), path, **self.content.answer())
