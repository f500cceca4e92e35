"""Learning in the background: when it begins, what is offered, and that no pipeline is loaded that nobody allowed."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.messages import tr
from app.pipeline.protocol import BUILT_IN
from models.errors import KuratorError
from models.history import Touched
from ui.bridge import Bridge
from ui.controllers.suggesting import Suggesting
from ui.jobs import JobBoard, JobState
from ui.widgets.notice_bar import Notice, NoticeBar

if TYPE_CHECKING:
    from app.services.learning_views import LearnedView
    from app.workspace import Workspace
    from ui.dialogs.learning import LearningDialog

JOB = "learn"
IDLE_MS = 8000
"""How long nobody has decided anything before it is looked whether there is enough to learn from."""
SOON_MS = 1500
"""When a project that was opened is looked at, in milliseconds: its first paint goes before."""
OFFER, TRUST = "offer", "trust"
_NAMED = 3
"""Labels whose change the offer names."""


class Learning(QObject):
    """Starts the job that learns, shows what it offers, takes and goes back. ``bar`` is where notices stand."""

    _known = Signal(object, object)

    def __init__(self, bridge: Bridge, jobs: JobBoard, suggesting: Suggesting, bar: NoticeBar, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._suggesting = suggesting
        self._window = window
        self.bar = bar
        self.shown: LearningDialog | None = None
        self.allowed = True
        """Whether the project's pipeline may be loaded."""
        self._tried = -1
        self._offered: LearnedView | None = None
        self._unknown: tuple[str, str] | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._look)
        self._known.connect(self._heard)
        bridge.project_changed.connect(self._begin)
        bridge.changed.connect(self._changed)
        bridge.job_changed.connect(self._follow)
        bridge.settings_changed.connect(self.retranslate)

    # The project's pipeline -------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._idle.stop()
        self.bar.clear()
        self._tried, self.allowed, self._offered, self._unknown = -1, True, None, None
        if self._bridge.is_open:
            self.check_trust()
            self._idle.start(SOON_MS)

    def check_trust(self) -> None:
        """Look on a thread whether the project's pipeline may be loaded: its files are read for that."""
        from app.services.analysis import chosen_pipeline

        workspace = self._bridge.workspace
        pipeline = chosen_pipeline(workspace)
        if pipeline == BUILT_IN:
            self._heard(workspace, None)
            return
        self.allowed = False

        def look() -> None:
            from app.services.trust import is_trusted

            try:
                found = None if is_trusted(pipeline) else (pipeline, "strange")
            except KuratorError:
                found = (pipeline, "missing")
            with suppress(RuntimeError):  # the window may be gone
                self._known.emit(workspace, found)

        Thread(target=look, name="trust").start()

    def _heard(self, workspace: Workspace, unknown: tuple[str, str] | None) -> None:
        if not self._bridge.is_open or self._bridge.workspace is not workspace:
            return
        self._unknown, self.allowed = unknown, unknown is None
        self._show_trust()

    def _show_trust(self) -> None:
        if self._unknown is None:
            self.bar.put(TRUST, None)
            return
        pipeline, why = self._unknown
        first = (tr("learning_window.allow"), self.allow)
        if why == "missing":
            first = (tr("learning_window.choose"), self._choose)
        buttons = (first, (tr("learning_window.use-built-in"), self.use_built_in))
        self.bar.put(TRUST, Notice(tr(f"learning_window.{why}", name=pipeline), buttons))

    def allow(self) -> None:
        """Show who the project's pipeline is, and let it be loaded if the user says so."""
        from ui.dialogs.trust import may_load

        if self._unknown is not None and may_load(self._bridge, self._unknown[0], self._window):
            self._unknown, self.allowed = None, True
            self._show_trust()

    def _choose(self) -> None:
        self._suggesting.choose_pipeline()
        self.check_trust()

    def use_built_in(self) -> None:
        """Let the project use the built-in pipeline."""
        from app.services.analysis import choose_pipeline

        if self._try(lambda: choose_pipeline(self._bridge.workspace, BUILT_IN)):
            self.check_trust()
            self._suggesting.suggest()

    def _try(self, act: Any) -> bool:
        if not self._bridge.writable():
            return False
        try:
            act()
        except KuratorError as error:
            self._bridge.complain(error)
            return False
        return True

    # When to learn ----------------------------------------------------------------------------------------

    def _changed(self, touched: Touched, _initiator: object) -> None:
        if touched.subjects & {"annotations", "decisions", "statuses"}:
            self._idle.start(IDLE_MS)

    def _look(self) -> None:
        """Learn if enough was judged; costs one short query."""
        bridge = self._bridge
        if not bridge.is_open or bridge.workspace.read_only:
            return
        if bridge.held or self._jobs.busy or not bridge.workspace.prepared:
            self._idle.start(IDLE_MS)
            return
        self.show_offer()
        if not self.allowed:
            return
        from app.services.learning import due

        wanted = due(bridge.workspace)
        if wanted.now and wanted.judged != self._tried:
            self._tried = wanted.judged
            self._jobs.start(JOB, bridge.workspace.path, ["--if-due"], self._learned, quiet=True)

    def learn(self) -> None:
        """Learn now, because the user asked."""
        from app.services.analysis import chosen_pipeline
        from ui.dialogs.trust import may_load

        bridge = self._bridge
        if bridge.writable() and may_load(bridge, chosen_pipeline(bridge.workspace), self.shown or self._window):
            self._jobs.start(JOB, bridge.workspace.path, [], self._asked)
            self._refresh()

    def _asked(self, report: dict[str, Any]) -> None:
        self._learned(report)
        if not report.get("cancelled") and not report.get("taken") and report.get("offer") is None:
            self._bridge.notice.emit(tr(f"learning_window.outcome-{report.get('outcome') or 'few'}"), "info")

    def _learned(self, report: dict[str, Any]) -> None:
        if report.get("cancelled") or not self._bridge.is_open:
            return
        if report.get("taken"):
            self._bridge.notice.emit(tr("learning_window.taken"), "done")
            self._suggesting.suggest()
        self.show_offer()

    def _follow(self, state: JobState) -> None:
        if state.kind == JOB and state.ended:
            self._refresh()

    # Offers -----------------------------------------------------------------------------------------------

    def show_offer(self) -> None:
        """Show what is on offer, if anything is."""
        from app.services.learning_views import learning_view

        self._offered = learning_view(self._bridge.workspace).offer
        self._say_offer()

    def _say_offer(self) -> None:
        found = self._offered
        if found is None:
            self.bar.put(OFFER, None)
            return
        words = (
            (tr("learning_window.use"), lambda: self.take(found.number)),
            (tr("learning_window.not-now"), self.decline),
            (tr("learning_window.details"), self.open),
        )
        self.bar.put(OFFER, Notice(offer_words(self._bridge, found), words))

    def take(self, number: int | None = None) -> None:
        """Use the learned pipeline on offer, or the one with this number, and suggest with it."""
        from app.services import learning

        if self._try(lambda: learning.take(self._bridge.workspace, number)):
            self._bridge.notice.emit(tr("learning_window.taken"), "done")
            self._after()

    def decline(self) -> None:
        """Take the offer away; the pipeline can still be chosen."""
        from app.services import learning

        if self._try(lambda: learning.decline(self._bridge.workspace)):
            self.show_offer()
            self._refresh()

    def back(self) -> None:
        """Go back to the pipeline that was in use before, and let it suggest again."""
        from app.services import learning
        from app.services.analysis import BEFORE, chosen_pipeline
        from ui.dialogs.evaluate import called
        from ui.dialogs.trust import may_load

        workspace = self._bridge.workspace
        before = workspace.option(BEFORE)
        if before is not None and not may_load(self._bridge, before, self.shown or self._window):
            return
        if self._try(lambda: learning.go_back(workspace)):
            name = called(workspace, chosen_pipeline(workspace))
            self._bridge.notice.emit(tr("learning_window.gone-back", name=name), "done")
            self._after()

    def _after(self) -> None:
        self.show_offer()
        self._refresh()
        self.check_trust()
        self._suggesting.suggest()

    # The dialog -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show how learning stands."""
        from ui.dialogs.learning import LearningDialog

        made = self.shown = LearningDialog(self._bridge, busy=self._jobs.running(JOB), parent=self._window)
        made.wanted.connect(self._do)
        made.exec()
        self.shown = None

    def _do(self, what: str, number: int | None) -> None:
        if what == "take":
            self.take(number)
        else:
            {"learn": self.learn, "back": self.back, "decline": self.decline}[what]()

    def _refresh(self) -> None:
        if self.shown is not None and self._bridge.is_open:
            self.shown.show_now(busy=self._jobs.running(JOB))

    def retranslate(self) -> None:
        """Say what is shown in the window's language, and in its colours."""
        self.bar.setAccessibleName(tr("learning_window.notices"))
        self._show_trust()
        self._say_offer()


def offer_words(bridge: Bridge, found: LearnedView) -> str:
    """Return the offer in a sentence: how much better, and which labels moved most, on how many cases."""
    from app.agreement_report.words import number
    from ui.dialogs.training_grids import change_cell

    def said(before: float | None, after: float | None) -> str:
        return f"{number(before)} → {number(after)}"

    moved = [one for one in found.labels if None not in (one.before, one.after) and one.before != one.after]
    moved.sort(key=lambda one: -abs((one.after or 0) - (one.before or 0)) * one.there)
    labels = "  ".join(
        f"{bridge.title(one.label)} {change_cell(one.before, one.after).text} ({one.there})" for one in moved[:_NAMED]
    )
    whole = said(found.whole.before, found.whole.after)
    return tr("learning_window.offer", whole=whole, count=found.cases, labels=labels or "–")
