"""The report on suggestions: what became of them, what they cost, whether they help or mislead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.formats.atomic import replacing
from app.messages import sentence, tr
from app.services.usage import LabelUsage, Usage, usage
from app.services.usage_report import COLUMNS, as_csv, as_html, as_json, finding, sentences, titled
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, plain, quiet
from ui.dialogs.team_table import TableCell, TeamTable

WRITERS: dict[str, Callable[[Usage], str]] = {".csv": as_csv, ".json": as_json}


class UsageDialog(Dialog):
    """Shows the report on everybody or one annotator; it can be saved as a page to print, CSV or JSON."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("team.usage"), tr("team.usage-intro"))
        self._bridge = bridge
        self.who = QComboBox()
        self.who.setAccessibleName(plain(tr("team.annotator")))
        self.who.addItem(tr("team.everybody"), None)
        for one in bridge.workspace.reads.annotators():
            if one.kind == "human":
                self.who.addItem(one.name or tr("team.nameless"), one.id)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.table = TeamTable(tr("team.usage"), words=2)
        self.how = quiet(tr("team.how-counted"))
        self._lay_out()
        self.add_action(tr("team.save-page"), lambda: self.save(".html"))
        self.add_action(tr("team.save-csv"), lambda: self.save(".csv"))
        self.add_action(tr("team.save-json"), lambda: self.save(".json"))
        self.add_close()
        self.report = self._read()
        self.who.currentIndexChanged.connect(self._read)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 178, letter * 95)
        self.table.setFocus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        label = QLabel(tr("team.annotator"))
        label.setBuddy(self.who)
        row.addWidget(label)
        row.addWidget(self.who)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.how)

    def _read(self) -> Usage:
        reads = self._bridge.workspace.reads
        self.report, labels = usage(reads, self.who.currentData()), reads.label_set()
        self.said.setText("\n".join(f"•\u2002{line}" for line in sentences(self.report, labels)))
        heads = [tr("team.label"), tr("team.column-finding"), *(tr(f"team.column-{one.id}") for one in COLUMNS)]
        self.table.fill(heads, [self._row(one) for one in (self.report.whole, *self.report.labels)], whole=True)
        return self.report

    def _row(self, one: LabelUsage) -> list[TableCell]:
        labels = self._bridge.workspace.reads.label_set()
        counted = [TableCell(column.words(one), column.number(one)) for column in COLUMNS]
        return [TableCell(titled(one.label, labels)), TableCell(finding(one)), *counted]

    def save(self, suffix: str) -> None:
        """Ask for a place and write the report there."""
        workspace = self._bridge.workspace
        name = workspace.reads.meta("name") or workspace.path.stem
        suggestion = workspace.path.with_name(f"{workspace.path.stem} {tr('team.usage').lower()}{suffix}")
        path = files.save_file(self, tr("team.usage"), suggestion, suffix)
        if path is None:
            return
        if suffix == ".html":
            who = self.who.currentText() if self.who.currentData() else None
            content = as_html(self.report, workspace.reads.label_set(), name, who)
        else:
            content = WRITERS[suffix](self.report)
        self._write(path, content)

    def _write(self, path: Path, content: str) -> None:
        try:
            with replacing(path) as file:
                file.write(content.encode())
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self.trouble.say("")
        self._bridge.notice.emit(tr("team.written", path=str(path)), "done")
