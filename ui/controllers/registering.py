"""Which entry of the register the mark in focus is: confirmed, chosen, refused or made with single keys."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app import register_commands as commands
from app.messages import tr
from app.services import register_views as views
from app.services.register_views import BackgroundRegister, Thing, Which
from models.marks import Mark
from ui.bridge import Bridge
from ui.controllers.going import Going
from ui.controllers.on_text import OnText
from ui.panes.reader.view import ReaderView

_LOOK_MS = 50


class Registering(OnText):
    """Links the mark in focus. ``thing_wanted(str)``: an entry is to be shown in the register."""

    thing_wanted = Signal(str)

    def __init__(self, bridge: Bridge, reader: ReaderView, going: Going, parent: QObject) -> None:
        super().__init__(bridge, reader, parent)
        self._going = going
        self._reading: BackgroundRegister | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_at_register)
        bridge.project_changed.connect(self._read_ahead)

    # A large register -------------------------------------------------------------------------------------

    def _read_ahead(self) -> None:
        """Read a large register in the background, before the first mark asks for it."""
        self._look.stop()
        if self._reading is not None:
            self._reading.give(None)
            self._reading = None
        if self._bridge.is_open and BackgroundRegister.wanted(self._bridge.workspace):
            self._reading = BackgroundRegister(self._bridge.workspace)
            self._look.start()

    def _look_at_register(self) -> None:
        if self._reading is not None and self._reading.done:
            self._look.stop()
            self._reading.give(self._bridge.workspace)
            self._reading = None

    # The mark in focus ------------------------------------------------------------------------------------

    def _focused(self) -> tuple[str, Mark] | None:
        mark, document = self._reader.focused, self._document
        if mark is None or document is None or mark.kind != "entity":
            self._tell("register_window.choose-an-entity")
            return None
        return document, mark

    def _which(self, document: str, mark: Mark) -> Which:
        return views.which_thing(self._bridge.workspace, document, mark)

    def confirm(self) -> None:
        """Confirm the link that is suggested for the mark in focus, and go on."""
        if (found := self._focused()) is None:
            return
        document, mark = found
        which = self._which(document, mark)
        if which.thing is not None:
            self._told("register_window.linked", which.thing.name)
        elif which.best is None:
            self.choose()
        elif self._run(commands.ConfirmLink(document=document, key=mark.key, thing=which.best[1].id)) is not None:
            self._told("register_window.linked", which.best[1].name)
            self._go_on(mark)

    def choose(self) -> None:
        """Choose the entry that the mark in focus is by typing its name, or make one."""
        if (found := self._focused()) is None:
            return
        document, mark = found
        which = self._which(document, mark)
        words = which.name if which.thing is None else ""
        if not self._bridge.writable():
            return
        title = tr("register_window.which-entry", words=which.name)
        chosen = ask_thing(self._bridge, self._reader.window(), title, words, mark.label, makes=True)
        if chosen is None:
            return
        if isinstance(chosen, Thing):
            if self._run(commands.LinkTo(document=document, key=mark.key, thing=chosen.id)) is not None:
                self._told("register_window.linked", chosen.name)
        elif self._run(commands.NewThing(document=document, key=mark.key, name=chosen)) is not None:
            self._told("register_window.made", chosen)

    def refuse(self) -> None:
        """Say that the mark in focus is none of the entries that are suggested, or not the one it is linked to."""
        if (found := self._focused()) is None:
            return
        document, mark = found
        which = self._which(document, mark)
        things = [which.thing] if which.thing is not None else [one for _, one in which.candidates]
        if not things:
            self._tell("register_window.nothing-suggested")
            return
        ids = tuple(one.id for one in things if one is not None)
        self._run(commands.RejectLink(document=document, key=mark.key, things=ids))

    def new(self) -> None:
        """Make an entry of the mark in focus."""
        if (found := self._focused()) is None:
            return
        document, mark = found
        name = self._which(document, mark).name
        if self._run(commands.NewThing(document=document, key=mark.key)) is not None:
            self._told("register_window.made", name)
            self._go_on(mark)

    def unlink(self) -> None:
        """Take the link of the mark in focus away; it may be suggested again."""
        if (found := self._focused()) is not None:
            self._run(commands.LinkTo(document=found[0], key=found[1].key, thing=None))

    def show(self) -> None:
        """Show the entry of the mark in focus in the register."""
        if (found := self._focused()) is None:
            return
        which = self._which(*found)
        thing = which.thing or (which.best[1] if which.best is not None else None)
        if thing is None:
            self._tell("register_window.nothing-suggested")
            return
        self.thing_wanted.emit(thing.id)

    def _go_on(self, mark: Mark) -> None:
        """Go on where the entity was waiting too; else stay, so that the link can be seen."""
        if mark.state == "suggested":
            self._going.go_on()

    def _told(self, key: str, name: str) -> None:
        self._bridge.notice.emit(tr(key, name=name), "done")


def ask_thing(
    bridge: Bridge,
    parent: QWidget,
    title: str,
    words: str,
    label: str,
    *,
    without: tuple[str, ...] = (),
    makes: bool = False,
) -> Thing | str | None:
    """Return the entry that was chosen, the name of a new one where that is offered (``makes``), or None."""
    from ui.dialogs.register_find import FindThing

    dialog = FindThing(bridge, title, words, label, without, makes, parent)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    if dialog.thing is not None:
        return views.thing(bridge.workspace, dialog.thing)
    return dialog.new_name or None
