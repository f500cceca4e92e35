"""The line at the bottom: what just happened, and what is under way."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.jobs import JobBoard, JobState

SHOWN_MS = {"info": 5000, "done": 7000, "warning": 15000, "error": 0}
"""How long a notice stays, in milliseconds; 0 until the next one."""
_SIGNS = {"info": "", "done": "✓ ", "warning": "⚠ ", "error": "✕ "}


class StatusLine(QStatusBar):
    """Notices left, running jobs right. An error stays until something follows it."""

    def __init__(self, bridge: Bridge, jobs: JobBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states: dict[str, JobState] = {}
        self.notice = QLabel()
        self.notice.setWordWrap(True)
        self.notice.setObjectName("notice")
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.timeout.connect(self.notice.clear)
        self._job = QLabel()
        self._bar = QProgressBar()
        self._bar.setFixedSize(120, 10)
        self._bar.setTextVisible(False)
        self._cancel = QToolButton()
        self._cancel.clicked.connect(lambda: jobs.cancel())
        self._lay_out()
        bridge.notice.connect(self.say)
        bridge.job_changed.connect(self._follow_job)
        self._show_jobs()

    def _lay_out(self) -> None:
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 2, 8, 2)
        for widget in (self._job, self._bar, self._cancel):
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

    def _follow_job(self, state: JobState) -> None:
        if state.ended:
            self._states.pop(state.kind, None)
        else:
            self._states[state.kind] = state
        self._show_jobs()

    def _show_jobs(self) -> None:
        for widget in (self._job, self._bar, self._cancel):
            widget.setVisible(bool(self._states))
        for state in self._states.values():
            self._job.setText(tr(f"jobs.{state.kind}", done=state.done, total=state.total or "…"))
            self._bar.setRange(0, state.total)
            self._bar.setValue(state.done)

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._cancel.setText(tr("jobs.cancel"))
        self._show_jobs()
