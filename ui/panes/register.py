"""The register: things that mentions point to, new ones that may be made, and doubles; all about the one in focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.messages import tr
from app.services import register_views as views
from app.services.register_views import BackgroundSurvey, Group, Order, Survey, Thing, ThingRow
from models.errors import KuratorError
from models.history import Touched
from ui.bridge import Bridge
from ui.delegates.register import RegisterDelegate
from ui.item_models.later import Later
from ui.item_models.register import RegisterLine, RegisterModel
from ui.panes.inspector_fields import ChoiceBox, Option
from ui.panes.inspector_parts import grouped
from ui.panes.queue import QueuePane
from ui.panes.register_card import OFFERED, SHOWN, RegisterCard

MODES = ("entries", "waiting", "new", "twins")
ORDERS: tuple[Order, ...] = ("name", "mentions", "documents", "waiting", "label")
TYPING_MS = 150
_LOOK_MS = 20
_PATIENCE = 3.0
"""After a change the corpus is looked through again when nothing has changed for so many times as long as it takes."""


class RegisterPane(QueuePane):
    """Lists entries with what is said of them. Keys are actions of their own; a letter in the list goes to them.

    ``line_chosen()``: the entry in focus was chosen by Enter or a click.
    """

    TITLE_KEY = "window.pane-register"
    line_chosen = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, bridge=bridge)
        self.survey: Survey | None = None
        self._counts: dict[str, tuple[int, int]] | None = None
        self._wanted: str | None = None
        self._surveying: BackgroundSurvey | None = None
        self._seconds = 0.0
        self.model = RegisterModel(self)
        self.list.setModel(self.model)
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.mode, self.label, self.order = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.card = RegisterCard()
        self._lay_out()
        self._typing = Later(self, self._list, TYPING_MS)
        self._again = Later(self, self._survey, 0)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_at_survey)
        self._connect()
        self.setFocusProxy(self.field)
        self.retranslate()

    def _lay_out(self) -> None:
        side = QHBoxLayout()
        side.setSpacing(6)
        side.addWidget(self.label)
        side.addWidget(self.order)
        top = QVBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.field)
        top.addWidget(self.mode)
        top.addLayout(side)
        top.addWidget(self.count)
        self.lay_out(top, RegisterDelegate(self.list, self.model, self.palette_of_labels), self.card, (3, 4))

    def _connect(self) -> None:
        self._bridge.project_changed.connect(self._forget_all)
        self._bridge.changed.connect(self._follow)
        self.field.textChanged.connect(self._typing.ask)
        for box in (self.mode, self.label, self.order):
            box.chosen.connect(lambda _: self._list())
        self.list.chosen.connect(lambda _: self.line_chosen.emit())
        self.list.above.connect(self.field.setFocus)

    # Following --------------------------------------------------------------------------------------------

    def _forget_all(self) -> None:
        self._stop()
        self.survey, self._counts, self._seconds = None, None, 0.0
        self.card.forget()
        self.model.show_lines(())
        self.field.clear()
        self.forget()

    def _follow(self, touched: Touched, _initiator: object) -> None:
        if touched.everything or touched.subjects & {"register", "annotations", "documents", "label_sets"}:
            self.forget()

    def _stop(self) -> None:
        self._look.stop()
        self._again.cancel()
        if self._surveying is not None:
            self._surveying.cancel()
            self._surveying = None

    def read_again(self) -> None:
        """Show what the project holds now; what is suggested follows when the corpus has been looked through."""
        self._stop()
        if not self._bridge.is_open:
            self.model.show_lines(())
            self.show_focused()
            return
        at_once = views.counts_at_once(self._bridge.workspace)
        self._counts = at_once if at_once is not None else self._counts
        self._offer_labels()
        self._list()
        self._again.quiet = round(_PATIENCE * 1000 * self._seconds)
        self._again.ask()

    def _survey(self) -> None:
        """Look through the corpus in the background: at once, or after a while where the last time took long."""
        self._stop()
        if self._bridge.is_open:
            self._surveying = BackgroundSurvey(self._bridge.workspace.path)
            self._look.start()

    def _look_at_survey(self) -> None:
        if self._surveying is None:
            return
        if self._counts is None and self._surveying.counts is not None:
            self._counts = self._surveying.counts
            self._list()
        if not self._surveying.done:
            return
        self._look.stop()
        done, self._surveying = self._surveying, None
        self._seconds = done.seconds
        try:
            self.survey = done.take()
            self._counts = done.counts
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._list()

    @property
    def settled(self) -> bool:
        """Whether everything that is shown is as the project stands."""
        return not (self._stale or self._surveying is not None or self._typing.waiting or self._again.waiting)

    # The list ---------------------------------------------------------------------------------------------

    def _list(self) -> None:
        """Show what passes the filter; the focus stays at its entry, or goes to what came in its place."""
        self._typing.cancel()
        at, lines = self.list.currentIndex().row(), self._lines()
        kept = self._wanted or (self.model.lines[at].key if 0 <= at < len(self.model.lines) else None)
        self._wanted = None
        self.model.show_lines(lines)
        rows = [number for number, one in enumerate(lines) if one.key == kept]
        if lines:
            self.list.go_to(rows[0] if rows else min(max(at, 0), len(lines) - 1))
        self._say(len(lines))
        self.show_focused()

    def _lines(self) -> list[RegisterLine]:
        if not self._bridge.is_open:
            return []
        workspace, mode = self._bridge.workspace, self.mode.value
        labels = (str(self.label.value),) if self.label.value else ()
        if mode == "new":
            return self._groups(labels)
        order: Order = self.order.value or "name"  # type: ignore[assignment]
        falling = order in ("mentions", "documents", "waiting")
        rows = views.listing(
            workspace, self.field.text(), labels, order,
            descending=falling, found=self.survey, counted=self._counts, count=False,
        )  # fmt: skip
        if mode == "twins":
            shown = {row.thing.id for row in rows}
            return [
                RegisterLine(
                    one[0].id, one[0].name, tr("register_window.same-name", count=len(one)), one[0].label, 0, one
                )
                for one in views.twins(workspace)
                if any(thing.id in shown for thing in one)
            ]
        return [self._entry(row) for row in rows if mode != "waiting" or row.waiting]

    def _entry(self, row: ThingRow) -> RegisterLine:
        thing = row.thing
        below = [self.palette_of_labels().title(thing.label)]
        if row.mentions and row.documents:
            below.append(tr("register_window.mentioned", count=row.mentions, documents=row.documents))
        elif thing.aliases:
            below.append(", ".join(thing.aliases[:3]))
        return RegisterLine(thing.id, thing.name, " · ".join(below), thing.label, row.waiting or 0, row)

    def _groups(self, labels: tuple[str, ...]) -> list[RegisterLine]:
        words = self.field.text().casefold().split()
        found = self.survey.groups if self.survey is not None else ()
        return [
            RegisterLine(
                f"{one.label}/{one.name}", one.name,
                f"{self.palette_of_labels().title(one.label)} · {tr('register_window.unlinked', count=one.size)}",
                one.label, 0, one,
            )
            for one in found
            if (not labels or one.label in labels)
            and all(word in " ".join((one.name, *one.aliases)).casefold() for word in words)
        ]  # fmt: skip

    def _say(self, count: int) -> None:
        mode = str(self.mode.value or "entries")
        if self._surveying is not None and mode in ("waiting", "new") and self.survey is None:
            self.count.say(tr("register_window.looking"))
        elif count:
            self.count.say(tr(f"register_window.count-{mode}", count=count, number=grouped(count)))
        else:
            self.count.say(tr(f"register_window.empty-{mode}"))
        self.keys.setVisible(count > 0)

    # The one in focus -------------------------------------------------------------------------------------

    @property
    def line(self) -> RegisterLine | None:
        """The line in focus."""
        at = self.list.currentIndex().row()
        return self.model.lines[at] if 0 <= at < len(self.model.lines) else None

    def show_focused(self) -> None:
        """Show all about the line in focus."""
        line = self.line
        self.area.setVisible(line is not None)
        if line is None or not self._bridge.is_open:
            return
        workspace, palette = self._bridge.workspace, self.palette_of_labels()
        free, found = not workspace.read_only, self.survey or Survey()
        value = line.value
        if isinstance(value, ThingRow):
            identity = value.thing.id
            waiting = views.waiting(workspace, identity, found, OFFERED)
            self.card.show_thing(value, waiting, views.mentions(workspace, identity, SHOWN), palette, free)
        elif isinstance(value, Group):
            self.card.show_group(value, views.group_mentions(workspace, value, found, SHOWN), palette, free)
        else:
            self.card.show_twins(value, palette, free)

    def show_thing(self, identity: str) -> None:
        """Show an entry, whatever the filter says."""
        self.mode.show_value("entries")
        self.label.show_value(None)
        self.field.clear()
        self._wanted = identity
        if self._stale:
            self.refresh()
        else:
            self._list()

    def show_mode(self, mode: str) -> None:
        """Show entries, those with suggested links, new ones or doubles."""
        self.mode.show_value(mode)
        self._list()

    # Keyboard ---------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down and Enter in the field go to the list."""
        keys = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys:
            if self._typing.waiting:
                self._list()
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _offer_labels(self) -> None:
        palette, labels = self.palette_of_labels(), self._bridge.workspace.reads.label_set()
        kept = self.label.value
        options = [Option(None, tr("register_window.all-labels"))]
        options += [Option(one.id, palette.title(one.id), None, one.color) for one in labels.entities]
        self.label.set_options(options)
        self.label.show_value(kept)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self.list.setAccessibleName(tr("register_window.entries"))
        self.field.setPlaceholderText(tr("register_window.filter"))
        self.field.setAccessibleName(tr("register_window.filter"))
        for name, box, values in (("mode", self.mode, MODES), ("order", self.order, ORDERS)):
            shown = box.value or values[0]
            box.setAccessibleName(tr(f"register_window.{name}"))
            box.set_options(Option(one, tr(f"register_window.{name}-{one}")) for one in values)
            box.show_value(shown)
        self.label.setAccessibleName(tr("register_window.label"))
        self.keys.say(tr("register_window.keys"))
        self.card.retranslate()
        super().retranslate()


def _twins(things: tuple[Thing, ...]) -> RegisterLine:
    words = tr("register_window.same-name", count=len(things))
    return RegisterLine(things[0].id, things[0].name, words, things[0].label, 0, things)
