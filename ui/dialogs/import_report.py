"""What became of an import: counts, and a table of what needs a look, with the reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.messages import tr
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog
from ui.dialogs.remarks import RemarkList, figures

FATES = ("added", "updated", "unchanged", "duplicate", "skipped")
_HEADS = ("dialog.report-document", "dialog.report-fate", "dialog.report-why")


def reason(item: Mapping[str, Any]) -> str:
    """Return in words why an item needs a look."""
    if item.get("code"):
        return tr(str(item["code"]), **dict(item.get("details") or {}))
    if item.get("orphans"):
        return tr("dialog.report-orphans", count=int(item["orphans"]))
    if item.get("duplicate_of"):
        return tr("dialog.report-duplicate", name=item["duplicate_of"])
    return str(item.get("text") or "")


def fate(item: Mapping[str, Any]) -> str:
    """Return in a word what became of an item."""
    known = item.get("fate")
    return tr(f"dialog.was-{known}") if known in FATES else str(known or "")


class ImportReportDialog(Dialog):
    """Shows how an import went. Enter or a double click on a line opens the document, if it is there.

    ``counted``: what is counted at the top, in words; None for the fates of documents.
    """

    def __init__(
        self,
        bridge: Bridge,
        report: Mapping[str, Any],
        parent: QWidget | None = None,
        *,
        counted: Mapping[str, int] | None = None,
    ) -> None:
        intro = tr("dialog.report-intro") if counted is None else tr("transfer_window.report-intro")
        super().__init__(parent, tr("dialog.report"), intro)
        self._bridge = bridge
        counts = report.get("counts") or {}
        if counted is None:
            counted = {tr(f"dialog.fate-{name}"): int(counts.get(name, 0)) for name in FATES}
        self.body.addLayout(figures(counted))
        if report.get("cancelled"):
            self.trouble.say(tr("dialog.report-cancelled"), grave=False)
        items: Sequence[Mapping[str, Any]] = report.get("notable") or []
        self._documents = [item.get("document") for item in items]
        rows = [(str(item.get("name") or tr("dialog.report-no-document")), fate(item), reason(item)) for item in items]
        self.remarks = RemarkList(tr("dialog.report"), [tr(one) for one in _HEADS], rows, (36, 20), sort=True)
        self.remarks.opened.connect(self._open)
        self.body.addWidget(self.remarks, 1)
        self.add_action(tr("dialog.copy-list"), self.remarks.copy)
        self.add_close()
        self.resize(860, 560)
        self.remarks.setFocus()

    def _open(self, number: int) -> None:
        document = self._documents[number]
        if document and self._bridge.is_open and self._bridge.workspace.reads.has_document(document):
            self._bridge.open_document(document)
            self.accept()
