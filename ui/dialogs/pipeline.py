"""Choosing the pipeline that suggests, and what its labels are called in this project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.messages import language, sentence, tr
from app.pipeline.installed import resolve_pipeline
from app.services.analysis import chosen_mapping, chosen_pipeline
from app.services.pipeline_views import BUILT_IN, installed_pipelines, mapping_for, pipeline_facts
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, Trouble, dress_rows, form, plain, quiet


@dataclass(frozen=True, slots=True)
class PipelineRequest:
    """Which pipeline from now on (None: the built-in one), its mapping, and what to do with it at once.

    ``suggest``: for documents that it has not seen; with ``again`` for all of them.
    """

    pipeline: str | None
    mapping: dict[str, str | None] | None
    suggest: bool
    again: bool


class PipelineDialog(Dialog):
    """Gives back a :class:`PipelineRequest`; nothing of a foreign pipeline is loaded here."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, offered: str | None = None) -> None:
        super().__init__(parent, tr("dialog.pipeline"), tr("dialog.pipeline-intro"))
        workspace = bridge.workspace
        self._labels = workspace.reads.label_set()
        self._kept = chosen_mapping(workspace)
        self._standing = chosen_pipeline(workspace)
        self.choice = QComboBox()
        self.choice.setAccessibleName(plain(tr("dialog.pipeline-choice")))
        for name in dict.fromkeys([*installed_pipelines(), self._standing, offered or self._standing]):
            self._offer(name)
        self.choice.setCurrentIndex(self.choice.findData(offered or self._standing))
        self._folder = QPushButton(tr("dialog.pipeline-folder"))
        self._folder.setAutoDefault(False)
        self._folder.clicked.connect(self.ask_folder)
        self._about = quiet()
        self.warning = Trouble()
        self.table = self._table()
        self._table_title = QLabel(tr("dialog.mapping"))
        self._table_why = quiet(tr("dialog.mapping-why"))
        self.new_only = QRadioButton(tr("dialog.suggest-new"))
        self.all_again = QRadioButton(tr("dialog.suggest-all"))
        self.not_now = QRadioButton(tr("dialog.suggest-not"))
        self.new_only.setChecked(True)
        self._lay_out()
        self._accept = self.add_accept(tr("dialog.pipeline-use"))
        self.add_cancel()
        self.choice.currentIndexChanged.connect(self._show)
        self._show()
        self.choice.setFocus()

    def _offer(self, name: str) -> None:
        shown = tr("dialog.pipeline-built-in") if name == BUILT_IN else name
        self.choice.addItem(Path(shown).name if Path(name).is_absolute() else shown, name)
        self.choice.setItemData(self.choice.count() - 1, name, Qt.ItemDataRole.ToolTipRole)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([tr("dialog.mapping-from"), tr("dialog.mapping-to")])
        table.setAccessibleName(plain(tr("dialog.mapping")))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 18)
        table.setMinimumHeight(220)
        dress_rows(table)
        return table

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choice, 1)
        row.addWidget(self._folder)
        rows = form()
        rows.addRow(tr("dialog.pipeline-choice"), row)
        rows.labelForField(row).setBuddy(self.choice)
        rows.addRow("", self._about)
        self.body.addLayout(rows)
        for widget in (self.warning, self._table_title, self._table_why):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        for button in (self.new_only, self.all_again, self.not_now):
            self.body.addWidget(button)

    def ask_folder(self) -> None:
        """Ask for a folder with a pipeline and offer it."""
        folder = files.choose_folder(self, tr("dialog.pipeline-folder-title"))
        if folder is None:
            return
        try:
            name = resolve_pipeline(str(folder))
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        if self.choice.findData(name) < 0:
            self._offer(name)
        self.choice.setCurrentIndex(self.choice.findData(name))

    def _show(self, *_: object) -> None:
        name = str(self.choice.currentData())
        foreign = name != BUILT_IN
        title, labels = pipeline_facts(name)
        self.trouble.say(self._missing(name))
        self._accept.setEnabled(not self.trouble.text())
        said = [title, name if Path(name).is_absolute() else ""]
        words = "  ·  ".join(part for part in said if part)
        self._about.setText(words if foreign else tr("dialog.pipeline-about"))
        self.warning.say(tr("dialog.pipeline-warning") if foreign else "", grave=False)
        self._fill(labels)
        mapped = foreign and bool(labels)
        self.table.setVisible(mapped)
        self._table_title.setVisible(mapped)
        self._table_why.setVisible(foreign)
        self._table_why.setText(tr("dialog.mapping-why" if labels else "dialog.mapping-unknown"))
        self.all_again.setEnabled(name == self._standing)
        if self.all_again.isChecked() and name != self._standing:
            self.new_only.setChecked(True)
        self.fit(max(620, self.width() if self.isVisible() else 0))

    @staticmethod
    def _missing(name: str) -> str:
        try:
            resolve_pipeline(name)
        except KuratorError as error:
            return sentence(error)
        return ""

    def _fill(self, labels: list[str]) -> None:
        kept = self._kept if self.choice.currentData() == self._standing else None
        mapping = mapping_for(labels, kept, self._labels)
        self.table.setRowCount(len(labels))
        for row, label in enumerate(labels):
            self.table.setItem(row, 0, QTableWidgetItem(label))
            self.table.setCellWidget(row, 1, self._targets(label, mapping[label]))

    def _targets(self, label: str, target: str | None) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(f"{tr('dialog.mapping-from')}: {label}")
        box.addItem(tr("dialog.mapping-ignore"), None)
        for one in (*self._labels.entities, *self._labels.claims):
            if not one.retired or one.id == target:
                box.addItem(self._labels.title(one.id, language()), one.id)
        box.setCurrentIndex(max(0, box.findData(target)))
        return box

    def request(self) -> PipelineRequest:
        """Return what was asked for."""
        name = str(self.choice.currentData())
        mapping: dict[str, str | None] | None = None
        if name != BUILT_IN and self.table.rowCount():
            mapping = {}
            for row in range(self.table.rowCount()):
                box, item = self.table.cellWidget(row, 1), self.table.item(row, 0)
                assert isinstance(box, QComboBox) and item is not None
                mapping[item.text()] = box.currentData()
        suggest = not self.not_now.isChecked()
        pipeline = None if name == BUILT_IN else name
        return PipelineRequest(pipeline, mapping, suggest, self.all_again.isChecked())
