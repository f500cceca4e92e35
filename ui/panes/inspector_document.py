"""The inspector's page on the document, shown while no mark has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app import commands
from app.messages import tr
from app.services.annotation_views import Orphan, document_notes, open_orphans
from models.annotations import Note
from models.documents import Document
from ui.bridge import Bridge
from ui.panes.inspector_fields import NoteEdit, TextField
from ui.panes.inspector_lines import Line, LineList
from ui.panes.inspector_parts import Heading, Muted, Run, grouped, local_time
from ui.theme import Palette

FIELDS = ("title", "source", "publisher", "date", "language")


class DocumentPage(QWidget):
    """What is known about a document, its notes, and annotations that lost their place in it.

    ``reader_wanted()`` gives the keyboard back to the text.
    """

    reader_wanted = Signal()

    def __init__(self, bridge: Bridge, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run = run
        self._document: Document | None = None
        self._orphan: Orphan | None = None
        self.name = Heading()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.fields = {field: TextField() for field in FIELDS}
        self._words = {field: QLabel() for field in FIELDS}
        self.facts, self.metadata = Muted(), Muted()
        self.metadata.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.orphans = LineList()
        self._orphan_hint = Muted()
        self.place = QPushButton()
        self._notes_heading = Heading()
        self.notes: list[NoteRow] = []
        self.new_note = NoteEdit(lines=2)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.name)
        column.addWidget(self.facts)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for field, widget in self.fields.items():
            self._words[field].setBuddy(widget)
            form.addRow(self._words[field], widget)
        column.addLayout(form)
        column.addWidget(self.metadata)
        column.addWidget(self.orphans)
        column.addWidget(self._orphan_hint)
        column.addWidget(self.place, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._notes_heading)
        column.addWidget(self.new_note)
        column.addStretch(1)

    def _connect(self) -> None:
        for field, widget in self.fields.items():
            widget.committed.connect(lambda text, field=field: self._change(field, text))
        self.orphans.go_wanted.connect(self._choose_orphan)
        self.orphans.remove_wanted.connect(self._delete_orphan)
        self.place.clicked.connect(self._place_orphan)
        self.new_note.committed.connect(lambda text: self._write_note(text, None))
        self.new_note.finished.connect(self.reader_wanted)
        self._bridge.selection_changed.connect(lambda _: self._allow_placing())

    # Showing ----------------------------------------------------------------------------------------------

    def show_document(self, document: Document, palette: Palette) -> None:
        """Show a document; what was being written about another one is stored first."""
        if self._document is not None and self._document.id != document.id:
            self.flush()
            self._orphan = None
        self._document = document
        changeable = not self._bridge.workspace.read_only
        self.name.setText(document.name)
        self.facts.say(_facts(document))
        for field, widget in self.fields.items():
            widget.load(getattr(document, field) or "")
            widget.setReadOnly(not changeable)
        self.metadata.say("\n".join(f"{_known(name)}: {value}" for name, value in document.metadata.items()))
        self._show_orphans(palette, changeable)
        self._show_notes(changeable)

    def _show_orphans(self, palette: Palette, changeable: bool) -> None:
        assert self._document is not None
        found = open_orphans(self._bridge.workspace, self._document.id)
        lines = []
        for one in found:
            mine = one if one.mine else None
            lines.append(Line(palette.title(one.label), one.quote or "…", one.label, "suggested", one, mine))
        self.orphans.show_lines(lines, palette)
        known = {one.annotation: one for one in found if one.mine}
        self._orphan = known.get(self._orphan.annotation) if self._orphan else None
        if self._orphan is None and known:
            self._orphan = next(iter(known.values()))
        self._orphan_hint.setVisible(bool(found) and changeable)
        self.place.setVisible(bool(known) and changeable)
        self._allow_placing()

    def _allow_placing(self) -> None:
        self.place.setEnabled(bool(self._bridge.selection) and self._orphan is not None)
        quote = self._orphan.quote if self._orphan else ""
        hint = tr("inspector.orphan-hint", quote=_short(quote))
        if self.orphans.count > 1:
            hint += " " + tr("inspector.orphan-other")
        self._orphan_hint.setText(hint)

    def _show_notes(self, changeable: bool) -> None:
        assert self._document is not None
        found = document_notes(self._bridge.workspace, self._document.id)
        while len(self.notes) < len(found):
            row = NoteRow()
            row.committed.connect(self._write_note)
            row.edit.finished.connect(self.reader_wanted)
            self._column.insertWidget(self._column.indexOf(self.new_note), row)
            self.notes.append(row)
        for number, row in enumerate(self.notes):
            row.setVisible(number < len(found))
            if number < len(found):
                note, writer, mine = found[number]
                row.show_note(note, writer or tr("inspector.you"), mine and changeable)
        self.new_note.setVisible(changeable)

    # Doing ------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Store what is being written."""
        for field in self.fields.values():
            field.flush()
        for row in self.notes:
            row.edit.flush()
        self.new_note.flush()

    def forget(self) -> None:
        """Show nothing more: the project is another."""
        self._document, self._orphan = None, None

    def _change(self, field: str, text: str) -> None:
        shown = self._document
        if shown is not None and text != (getattr(shown, field) or ""):
            changes = {field: text or None}
            self._run(commands.SetDocumentFields(document=shown.id, changes=changes))

    def _write_note(self, text: str, note: str | None) -> None:
        if self._document is None or (note is None and not text):
            return
        done = self._run(commands.SetDocumentNote(document=self._document.id, text=text, note=note))
        if done is not None and note is None:
            self.new_note.clear()
            self.new_note.document().setModified(False)

    def _choose_orphan(self, orphan: object) -> None:
        if isinstance(orphan, Orphan) and orphan.mine:
            self._orphan = orphan
            self._allow_placing()

    def _place_orphan(self) -> None:
        if self._orphan is not None and self._document is not None and self._bridge.selection:
            command = commands.Reanchor(
                document=self._document.id, annotation=self._orphan.annotation, spans=self._bridge.selection
            )
            self._run(command)

    def _delete_orphan(self, orphan: object) -> None:
        if isinstance(orphan, Orphan) and self._document is not None:
            self._run(commands.Delete(document=self._document.id, keys=(orphan.key,)))

    # Words ------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        for field in FIELDS:
            self._words[field].setText(tr(f"inspector.field-{field}"))
            self.fields[field].setAccessibleName(tr(f"inspector.field-{field}"))
        self.fields["date"].setPlaceholderText(tr("inspector.date-hint"))
        self.fields["language"].setPlaceholderText(tr("inspector.language-hint"))
        self.orphans.say(tr("inspector.orphans"), tr("inspector.delete-orphan"))
        self.place.setText(tr("inspector.place-orphan"))
        self._notes_heading.setText(tr("inspector.document-notes"))
        self.new_note.setPlaceholderText(tr("inspector.new-note"))
        self.new_note.setAccessibleName(tr("inspector.new-note"))
        for row in self.notes:
            row.retranslate()
        self._allow_placing()


class NoteRow(QWidget):
    """One note on a document: who wrote it and when, its words, and a cross. ``committed(text, note id)``."""

    committed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note: Note | None = None
        self.facts, self.edit, self.cross = Muted(), NoteEdit(lines=2), QToolButton()
        self.cross.setText("✕")
        self.cross.setAutoRaise(True)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.facts, 1)
        top.addWidget(self.cross)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.edit)
        self.edit.committed.connect(self._commit)
        self.cross.clicked.connect(lambda: self._commit(""))
        self.retranslate()

    def show_note(self, note: Note, writer: str, changeable: bool) -> None:
        """Show a note; what was being written in the one before is stored first."""
        if self._note is not None and self._note.id != note.id:
            self.edit.flush()
        self._note = note
        self.facts.say(f"{writer} · {local_time(note.modified)}")
        self.edit.load(note.text)
        self.edit.setReadOnly(not changeable)
        self.cross.setVisible(changeable)

    def _commit(self, text: str) -> None:
        if self._note is not None and text != self._note.text:
            self.edit.document().setModified(False)
            self.committed.emit(text, self._note.id)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.cross.setToolTip(tr("inspector.delete-note"))
        self.cross.setAccessibleName(tr("inspector.delete-note"))
        self.edit.setAccessibleName(tr("inspector.document-note"))


def _known(name: str) -> str:
    """Return what a piece of metadata is called: in the window's language where the readers gave it its name."""
    names = {"encoding": tr("inspector.metadata-encoding"), "author": tr("inspector.metadata-author")}
    return names.get(name, name)


def _facts(document: Document) -> str:
    waiting = max(0, document.suggestions - document.decided)
    parts = (
        tr("inspector.length", count=document.length, number=grouped(document.length)),
        tr("inspector.annotations", count=document.annotations, number=grouped(document.annotations)),
        tr("inspector.open-suggestions", count=waiting, number=grouped(waiting)),
        tr("inspector.is-done") if document.state == "done" else "",
    )
    return " · ".join(part for part in parts if part)


def _short(quote: str) -> str:
    return quote if len(quote) <= 60 else quote[:59] + "…"
