"""The report on suggestions: what became of them, what they cost, whether they help or mislead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.formats.atomic import replacing
from app.messages import sentence, tr
from app.services.people_views import shown_names
from app.services.usage import LabelUsage, Usage
from app.services.usage_report import (
    COLUMNS,
    CONTROLS_ONLY,
    Column,
    as_csv,
    as_html,
    as_json,
    finding,
    sentences,
    titled,
)
from app.services.usage_views import Counting
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, plain, quiet
from ui.dialogs.team_table import TableCell, TeamTable

AT_ONCE = 0.15
"""Seconds that the window waits before it says that it is counting."""
LOOK_MS = 50

WRITERS: dict[str, Callable[[Usage], str]] = {".csv": as_csv, ".json": as_json}


class UsageDialog(Dialog):
    """Shows the report on everybody or one annotator; it can be saved as a page to print, CSV or JSON."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("team.usage"), tr("team.usage-intro"))
        self._bridge = bridge
        self.who = QComboBox()
        self.who.setAccessibleName(plain(tr("team.annotator")))
        self.who.addItem(tr("team.everybody"), None)
        humans = {one.id for one in bridge.workspace.reads.annotators() if one.kind == "human"}
        for one, name in sorted(shown_names(bridge.workspace).items(), key=lambda one: (one[1].casefold(), one[0])):
            if one in humans:
                self.who.addItem(name or tr("team.nameless"), one)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.table = TeamTable(tr("team.usage"), words=2)
        self.how = quiet(tr("team.how-counted"))
        self._lay_out()
        self._savers = [
            self.add_action(tr("team.save-page"), lambda: self.save(".html")),
            self.add_action(tr("team.save-csv"), lambda: self.save(".csv")),
            self.add_action(tr("team.save-json"), lambda: self.save(".json")),
        ]
        self.add_close()
        self.report: Usage | None = None
        self._counting: Counting | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._try)
        self.who.currentIndexChanged.connect(self._begin)
        self.finished.connect(self._stop)
        self._begin()
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 205, letter * 110)
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

    def _begin(self) -> None:
        """Begin to count; what is counted at once is shown at once."""
        self._stop()
        self.report = None
        try:
            self._counting = Counting(self._bridge.workspace, self.who.currentData())
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        if not self._counting.wait(AT_ONCE):
            self.said.setText(tr("team.counting"))
            self._look.start()
        self._try()

    def _try(self) -> None:
        """Show the report if it is there."""
        if self._counting is not None and self._counting.wait(0):
            self._look.stop()
            counted, self._counting = self._counting, None
            try:
                self.report = counted.take()
            except KuratorError as error:
                self.said.clear()
                self.trouble.say(sentence(error))
            if self.report is not None:
                self._show(self.report)
        for button in self._savers:
            button.setEnabled(self.report is not None)

    def _stop(self, *_: object) -> None:
        self._look.stop()
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None

    def _show(self, report: Usage) -> None:
        labels = self._bridge.workspace.reads.label_set()
        self.said.setText("\n".join(f"•\u2002{line}" for line in sentences(report, labels)))
        columns = self._columns(report)
        heads = [tr("team.label"), tr("team.column-finding"), *(tr(f"team.column-{one.id}") for one in columns)]
        self.table.fill(heads, [self._row(one, report) for one in (report.whole, *report.labels)], whole=True)

    def _row(self, one: LabelUsage, report: Usage) -> list[TableCell]:
        labels = self._bridge.workspace.reads.label_set()
        # With the columns of controls a share's interval stands below it: they do not fit on a screen otherwise.
        between = "\n(" if report.alone else " ("
        columns = self._columns(report)
        counted = [TableCell(each.words(one).replace(" (", between), each.number(one)) for each in columns]
        return [TableCell(titled(one.label, labels)), TableCell(finding(one, report)), *counted]

    @staticmethod
    def _columns(report: Usage) -> list[Column]:
        """Return the columns with anything to tell: those of controls only where some were annotated."""
        return [one for one in COLUMNS if report.alone or one.id not in CONTROLS_ONLY]

    def save(self, suffix: str) -> None:
        """Ask for a place and write the report there."""
        if self.report is None:
            return
        workspace = self._bridge.workspace
        name = workspace.reads.meta("name") or workspace.path.stem
        suggestion = workspace.path.with_name(f"{workspace.path.stem} {tr('team.usage').lower()}{suffix}")
        path = files.save_file(self, tr("team.save-usage"), suggestion, suffix)
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
