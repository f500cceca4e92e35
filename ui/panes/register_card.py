"""All about one entry of the register: its names and links, which mentions may be it, and which are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFormLayout, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import register_commands as commands
from app.commands import Command
from app.messages import tr
from app.services.register_views import Group, MentionRow, Thing, ThingRow, Waiting
from ui.actions import action
from ui.panes.inspector_fields import NoteEdit, TextField
from ui.panes.inspector_lines import Line, LineList
from ui.panes.inspector_parts import Chip, Muted, show_if
from ui.panes.inspector_thing import why_words
from ui.theme import Palette

SHOWN = 40
"""So many mentions are listed; the rest are counted."""
OFFERED = 5
"""So many suggested links are listed; all of them are shown before they are confirmed together."""
_NAME = 18
"""Code points of a document's title in a line."""
_ALL = "register.confirm-all"
_LINKS = ("wikidata", "web")
_BEFORE = 14
"""Code points of context before a mention in a line, cut at a word."""


class RegisterCard(QWidget):
    """Shows an entry, or what may become one.

    ``command_wanted(Command)``: something was changed in a field. ``action_wanted(id)``: a button asks for an action.
    ``go_wanted(MentionRow)``: show this mention. ``open_wanted(str)``: open this link of the entry.
    """

    command_wanted = Signal(object)
    action_wanted = Signal(str)
    go_wanted = Signal(object)
    open_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thing: Thing | None = None
        self.chip, self.facts = Chip(), Muted()
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.name, self.aliases = TextField(), NoteEdit(lines=3)
        self.links = {one: TextField() for one in _LINKS}
        self.opens = {one: QPushButton() for one in _LINKS}
        self.waiting, self.mentions = LineList(), LineList()
        self.more = Muted()
        self.buttons = {
            one: QPushButton(self)
            for one in ("register.new", "register.confirm-all", "register.merge", "register.split", "register.delete")
        }
        self._words = {one: QLabel() for one in ("name", "aliases", *_LINKS)}
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self._fields = QWidget()
        rows = QFormLayout(self._fields)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(6)
        rows.addRow(self._words["name"], self.name)
        rows.addRow(self._words["aliases"], self.aliases)
        for one in _LINKS:
            side = QHBoxLayout()
            side.setSpacing(6)
            side.addWidget(self.links[one], 1)
            side.addWidget(self.opens[one])
            rows.addRow(self._words[one], side)
            self._words[one].setBuddy(self.links[one])
        self._words["name"].setBuddy(self.name)
        self._words["aliases"].setBuddy(self.aliases)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        side = QHBoxLayout()
        side.addWidget(self.chip)
        side.addWidget(self.facts, 1)
        column.addLayout(side)
        confirming = QHBoxLayout()
        confirming.addStretch(1)
        confirming.addWidget(self.buttons["register.confirm-all"])
        for part in (self.title, self.waiting):
            column.addWidget(part)
        column.addLayout(confirming)
        column.addWidget(self._fields)
        column.addLayout(self._grid)
        for part in (self.mentions, self.more):
            column.addWidget(part)
        column.addStretch(1)

    def _connect(self) -> None:
        self.name.committed.connect(self._rename)
        self.aliases.committed.connect(self._alias)
        for one, field in self.links.items():
            field.committed.connect(lambda words, one=one: self._link(one, words))
            self.opens[one].clicked.connect(lambda _=False, one=one: self.open_wanted.emit(one))
        for wanted, button in self.buttons.items():
            button.clicked.connect(lambda _=False, wanted=wanted: self.action_wanted.emit(wanted))
        for listed in (self.waiting, self.mentions):
            listed.go_wanted.connect(self.go_wanted)
            listed.remove_wanted.connect(self.command_wanted)

    # Showing ----------------------------------------------------------------------------------------------

    def show_thing(
        self, row: ThingRow, waiting: Sequence[Waiting], mentions: Sequence[MentionRow], palette: Palette, free: bool
    ) -> None:
        """Show an entry, the links that are suggested to it and its mentions; ``free``: whether it may be changed."""
        thing = row.thing
        if self.thing is not None and self.thing.id != thing.id:
            self.flush()
        self.thing = thing
        count = len(mentions) if row.mentions is None else row.mentions
        facts = tr("register_window.mentioned", count=count, documents=row.documents or 0)
        self._head(
            thing.label, "" if row.mentions is None else facts if count else tr("register_window.not-yet"), palette
        )
        show_if(self.title, False)
        show_if(self._fields, True)
        self.name.load(thing.name)
        self.aliases.load("\n".join(thing.aliases))
        for one, field in self.links.items():
            field.load(str(thing.links.get(one) or ""))
            self.opens[one].setEnabled(bool(thing.links.get(one)))
        for field in (self.name, self.aliases, *self.links.values()):
            field.setReadOnly(not free)
        wanted = ["register.merge", "register.delete"] + ["register.confirm-all"] * bool(waiting)
        self._offer([*wanted, *["register.split"] * (count > 1)] if free else [])
        told = [self._line(one.mention, why_words(one.candidate), "suggested",
                           _refusal(one.mention, thing.id) if free else None) for one in waiting[:OFFERED]]  # fmt: skip
        self.waiting.say(tr("register_window.suggested", count=row.waiting or len(waiting)),
                         tr("register_window.not-this"))  # fmt: skip
        self.waiting.show_lines(told, palette)
        self._show_mentions(mentions, count, palette, free)

    def show_group(self, group: Group, mentions: Sequence[MentionRow], palette: Palette, free: bool) -> None:
        """Show what may become an entry."""
        self._bare(group.label, group.name, tr("register_window.unlinked", count=group.size), palette)
        self.facts.setToolTip("")
        if group.aliases:
            self.title.setText(tr("register_window.named-also", name=group.name, names=", ".join(group.aliases)))
        self._offer(["register.new"] if free else [])
        self._show_mentions(mentions, group.size, palette, False)

    def show_twins(self, things: Sequence[Thing], palette: Palette, free: bool) -> None:
        """Show entries that may be one."""
        words = tr("register_window.same-name", count=len(things))
        self._bare(things[0].label, things[0].name, words, palette)
        self._offer(["register.merge"] if free else [])
        self._show_mentions((), 0, palette, False)

    def _bare(self, label: str, title: str, facts: str, palette: Palette) -> None:
        self.flush()
        self.thing = None
        self._head(label, facts, palette)
        self.title.setText(title)
        show_if(self.title, True)
        show_if(self._fields, False)
        self.waiting.show_lines((), palette)

    def _head(self, label: str, facts: str, palette: Palette) -> None:
        self.chip.show_label(palette, label, "manual")
        self.facts.say(facts)

    def _offer(self, wanted: Sequence[str]) -> None:
        for one, button in self.buttons.items():
            show_if(button, one in wanted)
            if one != _ALL:
                self._grid.removeWidget(button)
        for number, one in enumerate(one for one in wanted if one != _ALL):
            self._grid.addWidget(self.buttons[one], number // 2, number % 2)

    def _show_mentions(self, mentions: Sequence[MentionRow], count: int, palette: Palette, free: bool) -> None:
        lines = [
            self._line(one, _short(one.name), "manual", _removal(one) if free and one.mine else None)
            for one in mentions[:SHOWN]
        ]
        self.mentions.say(tr("register_window.mentions-of", count=count), tr("register_window.take-out"))
        self.mentions.show_lines(lines, palette)
        self.more.say(tr("register_window.more", count=count - len(lines)) if count > len(lines) > 0 else "")

    def _line(self, one: MentionRow, before: str, state: str, remove: Command | None) -> Line:
        left = one.left[-_BEFORE:].partition(" ")[2] if len(one.left) > _BEFORE else one.left
        words = " ".join(f"{left}{one.words}{one.right}".split())
        return Line(before, words, one.label, state, one, remove)

    # Doing ------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Store what is being written."""
        for field in (self.name, self.aliases, *self.links.values()):
            field.flush()

    def forget(self) -> None:
        """Show nothing more: the project is another."""
        self.thing = None

    def _rename(self, name: str) -> None:
        if self.thing is not None and name != self.thing.name:
            if name:
                self.command_wanted.emit(commands.RenameThing(thing=self.thing.id, name=name))
            else:
                self.name.load(self.thing.name)

    def _alias(self, words: str) -> None:
        aliases = tuple(filter(None, (one.strip() for one in words.splitlines())))
        if self.thing is not None and aliases != self.thing.aliases:
            self.command_wanted.emit(commands.SetAliases(thing=self.thing.id, aliases=aliases))

    def _link(self, name: str, words: str) -> None:
        if self.thing is not None and words != str(self.thing.links.get(name) or ""):
            links = {**self.thing.links, name: words}
            self.command_wanted.emit(commands.SetThingLinks(thing=self.thing.id, links=links))

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        for one, label in self._words.items():
            label.setText(tr(f"register_window.{one}"))
        self.name.setAccessibleName(tr("register_window.name"))
        self.aliases.setAccessibleName(tr("register_window.aliases"))
        self.aliases.setPlaceholderText(tr("register_window.aliases-hint"))
        self.links["wikidata"].setPlaceholderText("Q42")
        self.links["web"].setPlaceholderText("https://")
        for one, field in self.links.items():
            field.setAccessibleName(tr(f"register_window.{one}"))
            self.opens[one].setText(tr("register_window.open"))
            self.opens[one].setToolTip(tr("register_window.open-tip"))
            self.opens[one].setAccessibleName(f"{tr('register_window.open')}: {tr(f'register_window.{one}')}")
        native = QKeySequence.SequenceFormat.NativeText
        for wanted, button in self.buttons.items():
            keys = action(wanted).keys
            button.setText(tr(f"register_window.{wanted.partition('.')[2]}"))
            button.setToolTip(
                tr(f"action.{wanted}") + (f"  ({QKeySequence(keys[0]).toString(native)})" if keys else "")
            )


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1].rstrip() + "…"


def _refusal(one: MentionRow, thing: str) -> Command:
    return commands.RejectLink(document=one.document, key=one.key, things=(thing,))


def _removal(one: MentionRow) -> Command:
    return commands.LinkTo(document=one.document, key=one.key, thing=None)
