"""What merging a file would change, before it is done: counts, every change on a line, people, the common origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QWidget,
)

from app.messages import tr
from app.services.bases_views import kept_bases
from app.services.merging_views import CHANGES, count_sentences, notice_sentence, stored_base_sentence
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, dress_rows, heading, plain, quiet

AGAIN = 2
"""How the dialog ends where the merge is to be planned again with another common origin."""
_Index = QModelIndex | QPersistentModelIndex
_FILE = "file"


class Changes(QAbstractTableModel):
    """The changes of a plan: document, words, what happens to them. Conflicts come first, with a sign."""

    HEADERS = ("merging.column-document", "merging.column-words", "merging.column-change")

    def __init__(self, remarks: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.rows = [
            (
                str(one["name"] or tr("merging.in-project")),
                str(one["quote"]),
                ("⚠ " if one["change"] == "conflict" else "") + str(one["what"]),
            )
            for one in remarks
        ]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(self.HEADERS[section])
        return None


class MergeDialog(Dialog):
    """Asks whether to merge. Ends with accepted, rejected, or :data:`AGAIN` (see :meth:`base_arguments`)."""

    def __init__(
        self, bridge: Bridge, plan: Mapping[str, Any], chosen: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        name = Path(plan["path"]).name
        super().__init__(parent, tr("merging.title", name=name), tr("merging.intro"))
        self._bridge = bridge
        self._plan = plan
        self._chosen = tuple(chosen)
        self.same: dict[str, QCheckBox] = {}
        self.base = QComboBox()
        self.body.addLayout(self._figures())
        self.body.addWidget(quiet(" · ".join(count_sentences(plan["changes"]))))
        self.model = Changes(plan["remarks"])
        self.model.setParent(self)
        self.whole = quiet()
        self.whole.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.table = self._table()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.whole)
        self._show_people()
        self.body.addLayout(self._origin())
        self.trouble.say(" ".join(notice_sentence(code, details) for code, details in plan["notices"]), grave=False)
        self.add_action(tr("dialog.copy-list"), self.copy)
        self.add_cancel()
        self.add_accept(tr("merging.do-merge"))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table, self.copy)
        self.resize(880, 620)
        self.table.setFocus()

    # What changes -----------------------------------------------------------------------------------------

    def _figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        told = self._plan["changes"].values()
        figures = {f"merging.figure-{one}": sum(each.get(one, 0) for each in told) for one in CHANGES}
        figures["merging.figure-conflicts"] = self._plan["conflicts"]
        figures["merging.figure-documents"] = self._plan["documents"]
        for key, count in figures.items():
            number: QLabel = heading(str(count), 1.5)
            number.setWordWrap(False)
            number.setEnabled(count > 0)
            number.setAccessibleName(f"{tr(key)}: {count}")
            row.addWidget(number)
            row.addWidget(quiet(tr(key), wrap=False))
            row.addSpacing(24)
        row.addStretch(1)
        return row

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("merging.table"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        dress_rows(table)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        letter = table.fontMetrics().averageCharWidth()
        table.setColumnWidth(0, letter * 34)
        table.setColumnWidth(1, letter * 36)
        table.selectionModel().currentRowChanged.connect(self._say_whole)
        if self.model.rowCount():
            table.selectRow(0)
        return table

    def _say_whole(self, index: QModelIndex) -> None:
        """Show a line wholly, which may be too long for its columns."""
        row = self.model.rows[index.row()] if index.isValid() else ()
        self.whole.setText(" · ".join(filter(None, row)))

    def copy(self) -> None:
        """Put the whole list on the clipboard, as a spreadsheet takes it."""
        lines = [[tr(key) for key in Changes.HEADERS], *self.model.rows]
        clean = ("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText("\n".join(clean))

    # People -----------------------------------------------------------------------------------------------

    def _show_people(self) -> None:
        """Ask about each newcomer who is called like somebody here."""
        strangers = [one["name"] or one["id"] for one in self._plan["newcomers"] if not one["namesake"]]
        if strangers:
            self.body.addWidget(quiet(tr("merging.newcomers", names=", ".join(strangers), count=len(strangers))))
        for one in self._plan["newcomers"]:
            if one["namesake"]:
                box = QCheckBox(tr("merging.same-person", name=one["name"]))
                self.same[one["id"]] = box
                self.body.addWidget(box)

    def same_people(self) -> list[tuple[str, str]]:
        """Return (who stays, who they are in the file) for everybody who was said to be one person."""
        known = {one["id"]: one["namesake"] for one in self._plan["newcomers"]}
        return [(known[one], one) for one, box in self.same.items() if box.isChecked()]

    # The common origin ------------------------------------------------------------------------------------

    def _origin(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        title = QLabel(tr("merging.origin"))
        title.setBuddy(self.base)
        self.base.setAccessibleName(plain(tr("merging.origin")))
        self.base.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._fill_origins()
        self.base.activated.connect(self._origin_chosen)
        row.addWidget(title)
        row.addWidget(self.base, 1)
        return row

    def _fill_origins(self) -> None:
        base = self._plan["base"]
        standing = stored_base_sentence(base, self._plan["base_file"])
        self.base.addItem(standing, None)
        if self._chosen:
            self.base.addItem(tr("merging.origin-found"), [])
        for one in kept_bases(self._bridge.workspace):
            if base is None or one.seq != base["seq"]:
                self.base.addItem(stored_base_sentence(one._asdict(), None), [f"--kept-base={one.seq}"])
        if base is not None or self._plan["base_file"]:
            self.base.addItem(tr("merging.origin-none"), ["--base=none"])
        self.base.addItem(tr("merging.origin-file"), _FILE)

    def _origin_chosen(self, number: int) -> None:
        wanted = self.base.itemData(number)
        if wanted is None:
            return
        if wanted == _FILE:
            path = files.choose_exchange(self)
            if path is None:
                self.base.setCurrentIndex(0)
                return
            wanted = [f"--base={path}"]
        self._chosen = tuple(wanted)
        self.done(AGAIN)

    def base_arguments(self) -> list[str]:
        """Return the common origin that was chosen, as the command line takes it; nothing: let it be found."""
        return list(self._chosen)
