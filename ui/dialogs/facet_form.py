"""The fields of one facet of claims, with the values that it may have."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.services.label_views import Draft, label_id
from ui.dialogs.frame import form, plain, quiet
from ui.dialogs.label_form import Tongues

_COLUMNS = ("sv", "en", "key", "id")
TYPES = ("choice", "flag", "text")


class FacetForm(QWidget):
    """Edits one facet of a draft in place. ``edited()`` after each change, ``renamed(id)`` for another id."""

    edited = Signal()
    renamed = Signal(str)

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._id = ""
        self._known: set[str] = set()
        self._filling = False
        self.titles = Tongues(plain(tr("labelset.title")))
        self.titles.edited.connect(self._put_title)
        self.descriptions = Tongues(plain(tr("labelset.description")), tall=True)
        self.descriptions.edited.connect(self._put_description)
        self.type = QComboBox()
        self.type.setAccessibleName(plain(tr("labelset.type")))
        for kind in TYPES:
            self.type.addItem(tr(f"labelset.type-{kind}"), kind)
        self.type.activated.connect(self._put_type)
        self.values = self._table()
        self.add = QPushButton(tr("labelset.add-value"))
        self.remove = QPushButton(tr("labelset.remove-value"))
        for button, act in ((self.add, self._add), (self.remove, self._remove)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        self.facts = quiet(wrap=False)
        self._values_part = QWidget()
        self._lay_out()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, len(_COLUMNS))
        table.setAccessibleName(plain(tr("labelset.values")))
        table.setHorizontalHeaderLabels([tr(f"labelset.value-{column}") for column in _COLUMNS])
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(200)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(2, 84)
        table.itemChanged.connect(self._put_value)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), table, self._remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        return table

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        part = QVBoxLayout(self._values_part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(6)
        part.addWidget(self.values)
        part.addLayout(buttons)
        rows = form()
        rows.addRow(tr("labelset.title"), self.titles)
        rows.addRow("", self.facts)
        rows.addRow(tr("labelset.description"), self.descriptions)
        rows.addRow(tr("labelset.type"), self.type)
        rows.addRow(tr("labelset.values"), self._values_part)
        self._values_title = rows.labelForField(self._values_part)
        self._values_title.setBuddy(self.values)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 4, 4)
        column.addLayout(rows)
        column.addStretch(1)

    @property
    def _record(self) -> dict[str, Any]:
        return self._draft.record("facets", self._id)

    def show_record(self, wanted: str) -> None:
        """Show the facet with this id."""
        self._id = wanted
        standing = self._draft.standing.facet(wanted)
        self._known = {value.id for value in standing.values} if standing else set()
        record = self._record
        self.titles.show_texts(record["title"])
        self.descriptions.show_texts(record["description"])
        self.type.setCurrentIndex(TYPES.index(record["type"]))
        self._fill()

    def _fill(self, current: int = 0) -> None:
        record, self._filling = self._record, True
        values = record.get("values") or []
        choice = record["type"] == "choice"
        self.values.setRowCount(len(values))
        for row, value in enumerate(values):
            texts = (
                value["title"].get("sv", ""),
                value["title"].get("en", ""),
                value["key"] or "",
                value["id"],
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column == 3:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.values.setItem(row, column, item)
        self._filling = False
        if values:
            self.values.setCurrentCell(min(current, len(values) - 1), 0)
        self._values_part.setVisible(choice)
        self._values_title.setVisible(choice)
        self.remove.setEnabled(bool(values))
        fixed = "labelset.id-new" if self._draft.is_new("facets", self._id) else "labelset.id-fixed"
        self.facts.setText(tr(fixed, id=self._id))

    # Changing ---------------------------------------------------------------------------------------------

    def _put_title(self, spoken: str, text: str) -> None:
        titles = self._record["title"]
        titles[spoken] = text.strip()
        if not text.strip():
            titles.pop(spoken)
        name = titles.get("en") or titles.get("sv") or ""
        before, self._id = self._id, self._draft.rename("facets", self._id, name)
        if self._id != before:
            self.facts.setText(tr("labelset.id-new", id=self._id))
            self.renamed.emit(self._id)
        self.edited.emit()

    def _put_description(self, spoken: str, text: str) -> None:
        self._record["description"][spoken] = text.strip()
        self.edited.emit()

    def _put_type(self, row: int) -> None:
        record = self._record
        record["type"] = TYPES[row]
        record.setdefault("values", [])
        self._fill()
        self.edited.emit()

    def _put_value(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        value, column = self._record["values"][item.row()], _COLUMNS[item.column()]
        text = item.text().strip()
        if column == "key":
            value["key"] = text[:1].lower() or None
        else:
            value["title"][column] = text
            if value["id"] not in self._known and text:
                taken = {one["id"] for one in self._record["values"] if one is not value} | self._known
                name = value["title"].get("en") or value["title"].get("sv") or text
                value["id"] = label_id(name, taken, upper=False)
        self._filling = True
        item.setText((value["key"] or "") if column == "key" else text)
        self.values.item(item.row(), _COLUMNS.index("id")).setText(value["id"])
        self._filling = False
        self.edited.emit()

    def _add(self) -> None:
        values = self._record["values"]
        name = tr("labelset.new-value")
        made = label_id(name, {one["id"] for one in values} | self._known, upper=False)
        values.append({"id": made, "title": {"sv": name, "en": name}, "description": {}, "key": None})
        self._fill(len(values) - 1)
        self.values.setFocus()
        self.values.editItem(self.values.item(len(values) - 1, 0))
        self.edited.emit()

    def _remove(self) -> None:
        row = self.values.currentRow()
        if row >= 0:
            del self._record["values"][row]
            self._fill(row)
            self.edited.emit()
