"""The line at the bottom: what just happened, and what is under way."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.jobs import JobBoard, JobState

SHOWN_MS = {"info": 5000, "done": 7000, "warning": 15000, "error": 0}
"""How long a notice stays, in milliseconds; 0 until the next one."""
_SIGNS = {"info": "", "done": "✓ ", "warning": "⚠ ", "error": "✕ "}


_QUIET = {"learn"}
"""Jobs that nobody waits for: they are named, and that is all."""


class StatusLine(QStatusBar):
    """Notices left, running jobs and the conflicts that wait right. An error stays until something follows it.

    ``conflicts_wanted()``: a click on those.
    """

    conflicts_wanted = Signal()

    def __init__(self, bridge: Bridge, jobs: JobBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states: dict[str, JobState] = {}
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self.notice.setObjectName("notice")
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.timeout.connect(self.notice.clear)
        self.conflicts = QToolButton()
        self.conflicts.setAutoRaise(True)
        self.conflicts.clicked.connect(self.conflicts_wanted)
        self._waiting = 0
        self._job = QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedSize(120, 10)
        self._bar.setTextVisible(False)
        self._cancel = QToolButton()
        self._cancel.clicked.connect(lambda: jobs.cancel())
        self._lay_out()
        bridge.notice.connect(self.say)
        bridge.job_changed.connect(self._follow_job)
        bridge.conflicts_counted.connect(self._say_conflicts)
        self._show_jobs()

    def _lay_out(self) -> None:
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 2, 8, 2)
        for widget in (self._job, self._bar, self._cancel, self.conflicts):
            row.addWidget(widget)
        self.addWidget(self.notice, 1)
        self.addPermanentWidget(right)

    def say(self, sentence: str, level: str) -> None:
        """Show a notice."""
        self.notice.setText(_SIGNS[level] + sentence)
        self.notice.setProperty("level", level)
        self.notice.style().polish(self.notice)
        self._fade.stop()
        if SHOWN_MS[level]:
            self._fade.start(SHOWN_MS[level])

    def _say_conflicts(self, waiting: int) -> None:
        self._waiting = waiting
        self.conflicts.setText("⚠ " + tr("merging.conflicts", count=waiting))
        self.conflicts.setToolTip(tr("action.conflict.begin"))
        self.conflicts.setVisible(waiting > 0)

    def _follow_job(self, state: JobState) -> None:
        if state.ended:
            self._states.pop(state.kind, None)
        else:
            self._states[state.kind] = state
        self._show_jobs()

    def _show_jobs(self) -> None:
        loud = [state for state in self._states.values() if state.kind not in _QUIET]
        self._job.setVisible(bool(self._states))
        for widget in (self._bar, self._cancel):
            widget.setVisible(bool(loud))
        for state in loud or self._states.values():
            self._job.setText(tr(f"jobs.{state.kind}", done=state.done, total=state.total or "…"))
            self._bar.setRange(0, state.total)
            self._bar.setValue(state.done)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._cancel.setText(tr("jobs.cancel"))
        self._say_conflicts(self._waiting)
        self._show_jobs()
