"""Agreement: its window, the job that measures, and the files that come of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.messages import tr
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs import files
from ui.jobs import JobBoard

if TYPE_CHECKING:
    from app.services.agreement_views import Place
    from ui.dialogs.agreement import AgreementWindow
    from ui.dialogs.agreement_choices import AgreementRequest

JOB = "agreement"


class Agreement(QObject):
    """Shows how well annotators agree.

    ``place_wanted(document, span, None)``: show this place in the text; then ``readings_wanted(ids)``: give the
    keyboard to what these annotations are about.
    """

    place_wanted = Signal(str, object, object)
    readings_wanted = Signal(object)

    def __init__(self, bridge: Bridge, jobs: JobBoard, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._window = window
        self.shown: AgreementWindow | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        if self.shown is None:
            from ui.dialogs.agreement import AgreementWindow

            self._folder = tempfile.TemporaryDirectory(prefix="kurator-", ignore_cleanup_errors=True)
            made = self.shown = AgreementWindow(self._bridge)
            made.calculate_wanted.connect(self._calculate)
            made.cancel_wanted.connect(lambda: self._jobs.cancel(JOB))
            made.export_wanted.connect(self._export)
            made.place_wanted.connect(self._go)
            made.finished.connect(self._closed)
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()

    def retranslate(self) -> None:
        """Show the window anew, in the window's language, with what it shows."""
        if self.shown is None:
            return
        report = self.shown.report
        self.shown.reject()
        self.open()
        self.shown.show_report(report)

    def _closed(self) -> None:
        self.shown = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _go(self, place: Place) -> None:
        """Show a place in the text; the same keys as before lead back to the list."""
        self.place_wanted.emit(place.document, place.span, None)
        self.readings_wanted.emit([one.annotation for one in place.voices if one.annotation is not None])
        if self.shown is not None:
            self._bridge.notice.emit(self.shown.figure.model.said(place), "info")
        self._window.raise_()
        self._window.activateWindow()

    def _calculate(self, wanted: AgreementRequest) -> None:
        if self._folder is None or self.shown is None:
            return
        target = Path(self._folder.name) / "agreement.json"

        def finished(report: dict[str, Any]) -> None:
            if not report.get("cancelled"):
                self._show(target)

        if self._jobs.start(JOB, self._bridge.workspace.path, wanted.arguments(target), finished):
            self.shown.begin()

    def _show(self, path: Path) -> None:
        from app.agreement_report.data import read_report

        if self.shown is None:
            return
        try:
            self.shown.show_report(read_report(path))
        except KuratorError as error:
            self._bridge.complain(error)

    def _export(self, kind: str) -> None:
        from app.agreement_report import write_report

        window = self.shown
        if window is None or window.shown is None:
            return
        suggestion = self._bridge.workspace.path.with_name(tr("agreement_window.file-name") + f".{kind}")
        path = files.save_file(window, tr(f"agreement_window.save-{kind}"), suggestion, f".{kind}")
        if path is None:
            return
        try:
            write_report(window.shown.report, window.shown.labels, path)
        except KuratorError as error:
            self._bridge.complain(error)
            return
        self._bridge.notice.emit(tr("agreement.written", path=str(path)), "done")
        if kind == "html":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
