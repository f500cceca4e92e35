"""The fields of one label, and how the reader shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.messages import LANGUAGES, language, tr
from app.services.label_views import Draft, Group
from models.labels import ANY, localised
from models.marks import STATES, Mark
from models.suggestions import Kind
from ui.dialogs.colour_field import ColourField
from ui.dialogs.frame import form, line, plain, quiet
from ui.dialogs.label_pairs import PairsField
from ui.dialogs.sample import SampleText, marked
from ui.theme import LabelStyle, Palette

KINDS: Mapping[Group, Kind] = {"entities": "entity", "claims": "claim", "relations": "relation"}


class Tongues(QWidget):
    """One text in each language, side by side; ``edited(language, text)``."""

    edited = Signal(str, str)

    def __init__(self, name: str, *, tall: bool = False) -> None:
        super().__init__()
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for spoken in LANGUAGES:
            field = self._field(spoken, tall)
            field.setAccessibleName(f"{name}, {tr(f'labelset.in-{spoken}')}")
            field.setPlaceholderText(tr(f"labelset.in-{spoken}"))
            self.fields[spoken] = field
            row.addWidget(field)
        self.setFocusProxy(self.fields[LANGUAGES[0]])

    def _field(self, spoken: str, tall: bool) -> QLineEdit | QPlainTextEdit:
        if not tall:
            short = QLineEdit()
            short.textEdited.connect(lambda text: self.edited.emit(spoken, text))
            return short
        long = QPlainTextEdit()
        long.setTabChangesFocus(True)
        long.setFixedHeight(long.fontMetrics().lineSpacing() * 3 + 14)
        long.textChanged.connect(lambda: self.edited.emit(spoken, long.toPlainText()))
        return long

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show texts without saying that they were edited."""
        self.blockSignals(True)
        for spoken, field in self.fields.items():
            text = texts.get(spoken, "")
            if isinstance(field, QLineEdit):
                field.setText(text)
            elif field.toPlainText() != text:
                field.setPlainText(text)
        self.blockSignals(False)


class LabelForm(QWidget):
    """Edits one label of a draft in place. ``edited()`` after each change, ``renamed(id)`` for another id."""

    edited = Signal()
    renamed = Signal(str)

    def __init__(self, draft: Draft, group: Group, used: Mapping[str, int]) -> None:
        super().__init__()
        self._draft, self._group, self._used = draft, group, used
        self._id = ""
        self.name = line(plain(tr("labelset.name")))
        self.name.textEdited.connect(self._rename)
        self.titles = Tongues(plain(tr("labelset.title")))
        self.titles.edited.connect(lambda spoken, text: self._put_text("title", spoken, text))
        self.descriptions = Tongues(plain(tr("labelset.description")), tall=True)
        self.descriptions.edited.connect(lambda spoken, text: self._put_text("description", spoken, text))
        self.colour = ColourField(self._other_colours)
        self.colour.chosen.connect(lambda colour: self._put("color", colour))
        self.key = line(plain(tr("labelset.key")))
        self.key.setMaxLength(1)
        self.key.setFixedWidth(48)
        self.key.textEdited.connect(lambda text: self._put("key", text.strip().lower() or None))
        self.retired = QCheckBox(tr("labelset.retired"))
        self.retired.toggled.connect(lambda on: self._put("retired", on))
        self.symmetric = QCheckBox(tr("labelset.symmetric"), self)
        self.symmetric.toggled.connect(lambda on: self._put("symmetric", on))
        self.pairs = PairsField(self)
        self.pairs.chosen.connect(lambda pairs: self._put("pairs", pairs))
        self.facts = quiet(wrap=False)
        self.preview = SampleText("")
        self.preview.setAccessibleName(tr("labelset.preview"))
        self.preview.set_arcs("all")
        self._lay_out()

    def _lay_out(self) -> None:
        keyed = QHBoxLayout()
        keyed.setSpacing(16)
        keyed.addWidget(self.key)
        keyed.addWidget(self.retired)
        keyed.addStretch(1)
        rows = form()
        rows.addRow(tr("labelset.name"), self.name)
        rows.addRow("", self.facts)
        rows.addRow(tr("labelset.title"), self.titles)
        rows.addRow(tr("labelset.description"), self.descriptions)
        rows.addRow(tr("labelset.colour"), self.colour)
        rows.addRow(tr("labelset.key"), keyed)
        rows.labelForField(keyed).setBuddy(self.key)
        if self._group == "relations":
            rows.addRow("", self.symmetric)
            rows.addRow(tr("labelset.pairs"), self.pairs)
        self.pairs.setVisible(self._group == "relations")
        self.symmetric.setVisible(self._group == "relations")
        self.preview.setFixedHeight(108 if self._group == "relations" else 76)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 4, 4)
        column.setSpacing(12)
        column.addLayout(rows)
        column.addWidget(self.preview)
        column.addStretch(1)

    # Showing ----------------------------------------------------------------------------------------------

    def show_record(self, wanted: str) -> None:
        """Show the label with this id."""
        self._id = wanted
        record = self._draft.record(self._group, wanted)
        for field in (self.retired, self.symmetric):
            field.blockSignals(True)
        self.name.setText(record["name"])
        self.titles.show_texts(record["title"])
        self.descriptions.show_texts(record["description"])
        self.colour.show_colour(record["color"])
        self.key.setText(record["key"] or "")
        self.retired.setChecked(record["retired"])
        self.symmetric.setChecked(record.get("symmetric", False))
        for field in (self.retired, self.symmetric):
            field.blockSignals(False)
        self._refresh()

    def _refresh(self) -> None:
        record = self._draft.record(self._group, self._id)
        count = self._used.get(self._id, 0)
        fixed = "labelset.id-new" if self._draft.is_new(self._group, self._id) else "labelset.id-fixed"
        self.facts.setText(f"{tr(fixed, id=self._id)}  ·  {tr('labelset.used', count=count)}")
        if self._group == "relations":
            ends = [(end, self._end_title(end)) for end in self._draft.ends()]
            self.pairs.show_pairs(record["pairs"], ends, symmetric=record["symmetric"])
        self._preview(record)

    def _end_title(self, end: str) -> str:
        if end == ANY:
            return tr("labelset.any-entity")
        groups: tuple[Group, ...] = ("entities", "claims")
        for group in groups:
            for one in self._draft.records(group):
                if one["id"] == end:
                    return localised(one["title"], language(), one["name"])
        return end

    def _preview(self, record: Mapping[str, Any]) -> None:
        kind = KINDS[self._group]
        title = localised(record["title"], language(), record["name"]) or record["id"]
        style = LabelStyle(record["id"], title, record["color"], record["key"] or "", kind)
        if kind == "relation":
            self._preview_relation(style, record)
            return
        self.preview.set_palette(Palette([style]))
        words = "   ".join(f"[{tr(f'reader.state-{state}')}|{style.id}|{state}]" for state in STATES)
        self.preview.show_marks(*marked(words, kind))

    def _preview_relation(self, style: LabelStyle, record: Mapping[str, Any]) -> None:
        pair = record["pairs"][0] if record["pairs"] else [ANY, ANY]
        colours = {one["id"]: one["color"] for one in self._draft.records("entities")}
        styles = [
            LabelStyle(f"{place}{end}", self._end_title(end), colours.get(end, "#607080"))
            for place, end in zip("ht", pair, strict=True)
        ]
        self.preview.set_palette(Palette([style, *styles]))
        first, second = (self._end_title(end) for end in pair)
        text = f"[{first}|{styles[0].id}|accepted]  …  [{second}|{styles[1].id}|accepted]"
        words, marks = marked(text)
        head, tail = (mark.key for mark in marks)
        relation = Mark("r", "relation", style.id, (), "accepted", annotation="r", head=head, tail=tail)
        self.preview.show_marks(words, [*marks, relation])

    # Changing ---------------------------------------------------------------------------------------------

    def _other_colours(self) -> list[str]:
        groups: tuple[Group, ...] = ("relations",) if self._group == "relations" else ("entities", "claims")
        return [
            one["color"]
            for group in groups
            for one in self._draft.records(group)
            if one["id"] != self._id and not one["retired"]
        ]

    def _rename(self, name: str) -> None:
        before, self._id = self._id, self._draft.rename(self._group, self._id, name)
        self._refresh()
        if self._id != before:
            self.renamed.emit(self._id)
        self.edited.emit()

    def _put(self, field: str, value: object) -> None:
        self._draft.record(self._group, self._id)[field] = value
        self._refresh()
        self.edited.emit()

    def _put_text(self, field: str, spoken: str, text: str) -> None:
        texts = self._draft.record(self._group, self._id)[field]
        if text.strip():
            texts[spoken] = text.strip()
        else:
            texts.pop(spoken, None)
        self._preview(self._draft.record(self._group, self._id))
        self.edited.emit()
