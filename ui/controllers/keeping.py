"""Keeping the register: entries are made, renamed, merged, split and deleted, and their links confirmed."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from app import register_commands as commands
from app.commands import Command
from app.messages import tr
from app.services import register_views as views
from app.services.register_views import Group, MentionRow, Thing, ThingRow
from models.history import Outcome
from ui.bridge import Bridge
from ui.controllers.registering import ask_thing
from ui.dialogs.asking import confirm
from ui.panes.inspector_thing import reason_words
from ui.panes.register import RegisterPane
from ui.side_panes import SidePanes


class Keeping(QObject):
    """Acts on the entry in focus in the register's pane."""

    def __init__(self, bridge: Bridge, side: SidePanes, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._side, self._window = bridge, side, window
        side.made.connect(self._meet)

    @property
    def pane(self) -> RegisterPane:
        """The register's pane."""
        return cast(RegisterPane, self._side.pane("register"))

    def _meet(self, name: str) -> None:
        if name != "register":
            return
        card = self.pane.card
        card.command_wanted.connect(self._change)
        card.go_wanted.connect(self._go)
        card.open_wanted.connect(self.open_link)
        card.action_wanted.connect(self._act)
        self.pane.line_chosen.connect(self.go)

    def _act(self, wanted: str) -> None:
        acts = {
            "register.new": self.make,
            "register.confirm-all": self.confirm_all,
            "register.merge": self.merge,
            "register.split": self.split,
            "register.delete": self.delete,
        }
        acts[wanted]()

    def _change(self, command: Command) -> None:
        if self._bridge.is_open and self._bridge.writable():
            self._bridge.run(command, self)

    def _run(self, command: Command) -> Outcome | None:
        return self._bridge.run(command, self)

    def _tell(self, key: str) -> None:
        self._bridge.notice.emit(tr(key), "info")

    def _told(self, key: str, name: str) -> None:
        self._bridge.notice.emit(tr(key, name=name), "done")

    # Entries -----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Give the register the keyboard."""
        self._side.setVisible(True)
        self._side.show_pane("register")
        self.pane.refresh()

    def show_thing(self, identity: str) -> None:
        """Show an entry in the register."""
        self.begin()
        self.pane.show_thing(identity)

    def _thing(self) -> ThingRow | None:
        line = self.pane.line
        if line is None or not isinstance(line.value, ThingRow):
            self._tell("register_window.choose-an-entry")
            return None
        return line.value if self._bridge.writable() else None

    def go(self) -> None:
        """Show the first mention of the entry in focus in the text."""
        line = self.pane.line
        if line is None:
            return
        workspace, value = self._bridge.workspace, line.value
        if isinstance(value, Group):
            rows = views.group_mentions(workspace, value, self.pane.survey or views.Survey(), 1)
        else:
            rows = views.mentions(workspace, line.key, 1)
            if not rows and self.pane.survey is not None:
                rows = [one.mention for one in views.waiting(workspace, line.key, self.pane.survey, 1)]
        if rows:
            self._go(rows[0])
        else:
            self._tell("register_window.not-mentioned")

    def _go(self, mention: MentionRow) -> None:
        self._bridge.open_document(mention.document, mention.key)

    def rename(self) -> None:
        """Write another name for the entry in focus."""
        if self._thing() is not None:
            self.pane.card.name.setFocus()
            self.pane.card.name.selectAll()

    def confirm_all(self) -> None:
        """Show every link that is suggested to the entry in focus, and confirm those that stay ticked."""
        from ui.dialogs.register_mentions import MentionsDialog, Shown

        row, found = self._thing(), self.pane.survey
        if row is None or found is None:
            return
        rows = views.waiting(self._bridge.workspace, row.thing.id, found)
        if not rows:
            self._tell("register_window.nothing-suggested")
            return
        told = [Shown(one.mention, reason_words(one.candidate)) for one in rows]
        name = row.thing.name
        dialog = MentionsDialog(
            tr("register_window.confirm-title", name=name), tr("register_window.confirm-intro", name=name),
            tr("register_window.confirm-act"), told, parent=self._window,
        )  # fmt: skip
        if dialog.exec() == QDialog.DialogCode.Accepted:
            outcome = self._run(commands.ConfirmLinks(thing=row.thing.id, mentions=dialog.chosen))
            self._counted("register_window.confirmed", outcome)

    def make(self) -> None:
        """Make an entry: of the group in focus with the mentions that stay ticked, else with a name alone."""
        from ui.dialogs.register_mentions import MentionsDialog, Shown

        line = self.pane.line
        if line is None or not isinstance(line.value, Group):
            self._make_bare()
            return
        if not self._bridge.writable():
            return
        group = line.value
        rows = views.group_mentions(self._bridge.workspace, group, self.pane.survey or views.Survey())
        dialog = MentionsDialog(
            tr("register_window.make-title"), tr("register_window.make-intro"), tr("register_window.make-act"),
            [Shown(one) for one in rows], name=group.name, parent=self._window,
        )  # fmt: skip
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name = dialog.written_name
            aliases = tuple(one for one in (group.name, *group.aliases) if one != name)
            made = commands.NewThing(name=name, label=group.label, aliases=aliases, mentions=dialog.chosen)
            self._counted("register_window.confirmed", self._run(made))

    def _make_bare(self) -> None:
        from ui.dialogs.register_new import NewEntry

        if not self._bridge.writable():
            return
        label = str(self.pane.label.value or "")
        dialog = NewEntry(self._bridge, self.pane.field.text(), label, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name, label = dialog.request()
            if self._run(commands.NewThing(name=name, label=label)) is not None:
                self._told("register_window.made", name)

    def merge(self) -> None:
        """Make the entry in focus one with another, or those of one name."""
        line = self.pane.line
        if line is not None and isinstance(line.value, tuple) and not isinstance(line.value, ThingRow | Group):
            self._merge_twins(line.value)
            return
        row = self._thing()
        if row is None:
            return
        thing = row.thing
        title = tr("register_window.merge-title", name=thing.name)
        other = ask_thing(self._bridge, self._window, title, "", thing.label, without=(thing.id,))
        if not isinstance(other, Thing):
            return
        intro = tr("register_window.merge-sure", name=thing.name, other=other.name, count=row.mentions or 0)
        if confirm(self._window, tr("action.register.merge"), intro, tr("register_window.merge-act")):
            outcome = self._run(commands.MergeThings(keep=other.id, drop=(thing.id,)))
            if outcome is not None:
                self._told("register_window.merged", other.name)
                self.pane.show_thing(other.id)

    def _merge_twins(self, things: tuple[Thing, ...]) -> None:
        if not self._bridge.writable():
            return
        counted = views.counts(self._bridge.workspace)
        first, *rest = sorted(things, key=lambda one: (-counted.get(one.id, (0, 0))[0], one.id))
        if self._run(commands.MergeThings(keep=first.id, drop=tuple(one.id for one in rest))) is not None:
            self._told("register_window.merged", first.name)

    def split(self) -> None:
        """Move mentions of the entry in focus to a new one."""
        from ui.dialogs.register_mentions import MentionsDialog, Shown

        row = self._thing()
        if row is None:
            return
        rows = views.mentions(self._bridge.workspace, row.thing.id)
        if not rows:
            self._tell("register_window.not-mentioned")
            return
        dialog = MentionsDialog(
            tr("register_window.split-title", name=row.thing.name), tr("register_window.split-intro"),
            tr("register_window.split-act"), [Shown(one) for one in rows], ticked=False,
            name=row.thing.name, parent=self._window,
        )  # fmt: skip
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name = dialog.written_name
            outcome = self._run(commands.SplitMentions(thing=row.thing.id, mentions=dialog.chosen, name=name))
            self._counted("register_window.moved", outcome)

    def delete(self) -> None:
        """Take the entry in focus out of the register; ask where it has mentions."""
        row = self._thing()
        if row is None:
            return
        intro = tr("register_window.delete-sure", name=row.thing.name, count=row.mentions or 0)
        act = tr("register_window.delete")
        if not row.mentions or confirm(self._window, tr("action.register.delete"), intro, act):
            self._run(commands.DeleteThings(things=(row.thing.id,)))

    def open_link(self, name: str) -> None:
        """Open where the entry in focus is described, in the person's browser: only when asked for."""
        thing = self.pane.card.thing
        address = views.address_of(thing, name) if thing is not None else None
        if address is None:
            self._tell("register_window.no-address")
        else:
            QDesktopServices.openUrl(QUrl(address))

    def _counted(self, key: str, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._bridge.notice.emit(tr(key, count=outcome.count), "done")
