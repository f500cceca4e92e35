"""What a pipeline shall learn from, and how: the first page of the training window, with counts that follow."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.agreement_report.words import whole
from app.messages import language, sentence, tr
from app.pipeline.installed import installed_pipelines, resolve_pipeline
from app.pipeline.protocol import BUILT_IN
from app.services.training_views import Survey, survey, transformers_available
from app.training import EPOCHS, PARTS, PartName
from app.training.recipe import BLANK, LEARNER, TRANSFORMER
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.agreement_search import Searcher
from ui.dialogs.frame import Trouble, dress_primary, form, heading, line, plain, quiet
from ui.dialogs.training_grids import counts_grid
from ui.dialogs.training_labels import LabelFields, WantedLabels
from ui.widgets.grid_view import GridView
from ui.widgets.scrolled import Scrolled

PAUSE_MS = 250
"""How long a choice stands before it is counted."""
_ALL = 10**9


class TrainingRequest(NamedTuple):
    """What shall be trained, as :class:`app.training.recipe.Recipe` takes it. ``minutes`` 0: as long as it takes."""

    labels: WantedLabels
    parts: tuple[PartName, ...]
    base: str
    name: str
    licence: str
    names: bool
    curve: bool
    seed: int
    epochs: int
    minutes: float

    def arguments(self) -> list[str]:
        """Return it as ``kurator train`` takes it, without project and folder."""
        found = [f"--base={self.base}", f"--name={self.name}", f"--seed={self.seed}", f"--epochs={self.epochs}"]
        found += [f"--part={part}" for part in self.parts]
        found += [f"--minutes={self.minutes:g}"] if self.minutes else []
        found += [f"--licence={self.licence}"] if self.licence else []
        found += ["--names"] if self.names else []
        found += ["--curve"] if self.curve else []
        return [*found, *self.labels.arguments()]


class SetupPage(QWidget):
    """Choices left, what they come to right. ``start_wanted(TrainingRequest)``."""

    start_wanted = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.survey: Survey | None = None
        self.searcher = Searcher(bridge, self)
        self.labels = LabelFields(bridge, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._count)
        self._busy = False
        self._make_fields()
        self._lay_out()
        self._connect()
        self.more.toggled.emit(False)
        self.count_soon()

    def _make_fields(self) -> None:
        self.parts = {part: QCheckBox(tr(f"training_window.part-{part}")) for part in PARTS}
        self._touched: set[PartName] = set()
        self.base = QComboBox()
        self.base.setAccessibleName(plain(tr("training_window.base-title")))
        for name in (BUILT_IN, LEARNER, BLANK, *(one for one in installed_pipelines() if one != BUILT_IN)):
            self._offer(name)
        self.folder = QPushButton(tr("training_window.folder"))
        self.transformer = QPushButton(tr("training_window.transformer"))
        self.transformer.setVisible(transformers_available())
        self._about_base = quiet()
        self.name = line(plain(tr("training_window.name-title")), "kurator")
        self.more = QToolButton()
        self.more.setText(tr("training_window.more"))
        self.more.setCheckable(True)
        self.more.setAutoRaise(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.curve = QCheckBox(tr("training_window.curve"))
        self.curve.setToolTip(tr("training_window.curve-why"))
        self.names = QCheckBox(tr("training_window.names"))
        self.licence = line(plain(tr("training_window.licence-title")), "", "CC BY 4.0")
        self.seed, self.epochs = _number("seed", 1, 0, 999_999), _number("epochs", EPOCHS, 1, 1000)
        self.minutes = QDoubleSpinBox()
        self.minutes.setAccessibleName(plain(tr("training_window.minutes-title")))
        self.minutes.setRange(0, 10_000)
        self.minutes.setDecimals(0)
        self.minutes.setSpecialValueText(tr("training_window.no-limit"))
        self.minutes.setMinimumHeight(self.base.sizeHint().height())
        self.start = QPushButton(tr("training_window.start"))
        dress_primary(self.start)
        self.trouble = Trouble()
        self.sums = heading("", 1.1)
        self.counts = GridView(tr("training_window.counts"))
        self.warning = Trouble()

    def _offer(self, name: str) -> None:
        if self.base.findData(name) < 0:
            own = name in (BUILT_IN, LEARNER, BLANK)
            shown = tr(f"training_window.base-{name}") if own else Path(name.removeprefix(TRANSFORMER)).name
            self.base.addItem(shown, name)
            self.base.setItemData(self.base.count() - 1, name, Qt.ItemDataRole.ToolTipRole)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(2, 8, 16, 8)
        column.setSpacing(10)
        rows = form()
        self.labels.add_to(rows)
        self._add_parts(rows)
        self._add_base(rows)
        rows.addRow(tr("training_window.name-title"), self.name)
        column.addLayout(rows)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._folded = self._more_rows()
        column.addWidget(self._folded)
        column.addStretch(1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 8, 0, 0)
        for widget in (self.sums, self.warning):
            right.addWidget(widget)
        right.addWidget(self.counts, 1)
        below = QHBoxLayout()
        below.addWidget(self.trouble, 1)
        below.addWidget(self.start, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        right.addLayout(below)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        self._scrolled = Scrolled(left)
        across.addWidget(self._scrolled, 5)
        across.addLayout(right, 6)

    def _add_parts(self, rows: QFormLayout) -> None:
        boxes = QVBoxLayout()
        boxes.setSpacing(4)
        for part, box in self.parts.items():
            box.setChecked(True)
            box.clicked.connect(lambda _=False, part=part: self._touched.add(part))
            boxes.addWidget(box)
        rows.addRow(tr("training_window.parts-title"), boxes)

    def _add_base(self, rows: QFormLayout) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.base, 1)
        for button in (self.folder, self.transformer):
            button.setAutoDefault(False)
            row.addWidget(button)
        rows.addRow(tr("training_window.base-title"), row)
        rows.labelForField(row).setBuddy(self.base)
        rows.addRow("", self._about_base)

    def _more_rows(self) -> QWidget:
        page = QWidget()
        rows = form()
        rows.setContentsMargins(0, 0, 0, 0)
        page.setLayout(rows)
        rows.addRow("", self.curve)
        for name, field in (("minutes", self.minutes), ("epochs", self.epochs), ("seed", self.seed)):
            rows.addRow(tr(f"training_window.{name}-title"), field)
        rows.addRow(tr("training_window.licence-title"), self.licence)
        rows.addRow("", self.names)
        return page

    def _connect(self) -> None:
        self.labels.changed.connect(self.count_soon)
        self.searcher.failed.connect(self.trouble.say)
        self.folder.clicked.connect(self.ask_folder)
        self.transformer.clicked.connect(self.ask_transformer)
        self.start.clicked.connect(lambda: self.start_wanted.emit(self.request()))
        self.more.toggled.connect(self._fold)
        self.base.currentIndexChanged.connect(self._check)
        self.name.textChanged.connect(self._check)
        for box in self.parts.values():
            box.toggled.connect(self._check)

    def _fold(self, open_: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self._folded.setVisible(open_)
        self._scrolled.settle()

    def ask_folder(self) -> None:
        """Ask for a folder with a pipeline to go on from."""
        folder = files.choose_folder(self, tr("dialog.pipeline-folder-title"))
        if folder is None:
            return
        try:
            self.choose_base(resolve_pipeline(str(folder)))
        except KuratorError as error:
            self.trouble.say(sentence(error))

    def ask_transformer(self) -> None:
        """Ask for a folder with a transformer as it was published."""
        folder = files.choose_folder(self, tr("training_window.transformer-folder"))
        if folder is not None:
            self.choose_base(f"{TRANSFORMER}{folder}")

    def choose_base(self, name: str) -> None:
        """Start from this pipeline."""
        self._offer(name)
        self.base.setCurrentIndex(self.base.findData(name))

    # Counting ---------------------------------------------------------------------------------------------

    def count_soon(self) -> None:
        """Count anew once the choices have stood for a moment."""
        self.searcher.stop()
        self._pause.start()
        self.sums.setText(tr("training_window.counting"))
        self.survey = None
        self._check()

    def _count(self) -> None:
        choice = self.labels.wanted().choice()
        try:
            choice.check()
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self.searcher.start(lambda reads, source: survey(reads, choice), _ALL, self._counted)

    def _counted(self, found: object, done: bool) -> None:
        if done and isinstance(found, list) and found and isinstance(found[-1], Survey):
            self.show_survey(found[-1])

    def show_survey(self, found: Survey) -> None:
        """Show what the choices come to."""
        self.survey = found
        train, dev, test = (found.documents[part] for part in ("train", "dev", "test"))
        documents = tr("training_window.documents", count=train + dev + test, number=whole(train + dev + test))
        sentences = tr("training_window.sentences", count=found.sentences, number=whole(found.sentences))
        split = tr("training_window.split", train=whole(train), dev=whole(dev), test=whole(test))
        self.sums.setText(f"{documents}, {sentences}. {split}")
        self.counts.show_grid(counts_grid(found, self._bridge.workspace.reads.label_set()))
        for part, box in self.parts.items():
            if part not in self._touched:
                box.setChecked(found.enough(part))
        self._check()

    def _warn(self, found: Survey | None) -> None:
        words = []
        if found is not None and found.refusal is None:
            titles = self._bridge.workspace.reads.label_set()
            for name, labels in (("few", found.few), ("unmeasured", found.unmeasured)):
                if labels:
                    shown = ", ".join(titles.title(one, language()) for one in labels)
                    words.append(tr(f"training_window.warn-{name}", labels=shown))
        self.warning.say(" ".join(words), grave=False)

    def _check(self, *_: object) -> None:
        base, found = str(self.base.currentData()), self.survey
        own = base in (BUILT_IN, LEARNER, BLANK)
        kind = base if own else "transformer" if base.startswith(TRANSFORMER) else "other"
        self._about_base.setText(tr(f"training_window.about-{kind}"))
        self._warn(found)
        wanted = [part for part, box in self.parts.items() if box.isChecked()]
        trouble = ""
        if found is not None:
            if found.refusal is not None:
                trouble = sentence(found.refusal)
            elif not wanted:
                trouble = tr("training_window.nothing-chosen")
            elif lacking := [part for part in wanted if not found.enough(part)]:
                trouble = tr(f"training_window.lacks-{lacking[0]}")
        name = self.name.text()
        if not (name.isascii() and name.replace("_", "").isalnum()):
            trouble = tr("training.bad-name", name=name)
        self.trouble.say(trouble)
        self.start.setEnabled(found is not None and not trouble and not self._busy)

    def set_busy(self, busy: bool) -> None:
        """Let nothing be begun while a training runs."""
        self._busy = busy
        self._check()

    def request(self) -> TrainingRequest:
        """Return what was asked for."""
        return TrainingRequest(
            self.labels.wanted(),
            tuple(part for part, box in self.parts.items() if box.isChecked()),
            str(self.base.currentData()),
            self.name.text(),
            self.licence.text().strip(),
            self.names.isChecked(),
            self.curve.isChecked(),
            self.seed.value(),
            self.epochs.value(),
            self.minutes.value(),
        )


def _number(name: str, now: int, least: int, most: int) -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(plain(tr(f"training_window.{name}-title")))
    box.setRange(least, most)
    box.setValue(now)
    box.setMinimumHeight(QComboBox().sizeHint().height())
    return box
