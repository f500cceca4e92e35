"""What merging a file would change, before it is done: counts, every change on a line, people, the common origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from app.messages import tr
from app.services.bases_views import kept_bases
from app.services.merging_views import CHANGES, count_sentences, notice_sentence, stored_base_sentence
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.frame import Dialog, plain, quiet
from ui.dialogs.remarks import RemarkList, figures

AGAIN = 2
"""How the dialog ends where the merge is to be planned again with another common origin."""
_HEADS = ("merging.column-document", "merging.column-words", "merging.column-change")
_FILE = "file"


class MergeDialog(Dialog):
    """Asks whether to merge. Ends with accepted, rejected, or :data:`AGAIN` (see :meth:`base_arguments`)."""

    def __init__(
        self, bridge: Bridge, plan: Mapping[str, Any], chosen: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        name = Path(plan["path"]).name
        super().__init__(parent, tr("merging.title", name=name), tr("merging.intro"))
        self._bridge = bridge
        self._plan = plan
        self._chosen = tuple(chosen)
        self.same: dict[str, QCheckBox] = {}
        self.base = QComboBox()
        self.body.addLayout(self._figures())
        self.body.addWidget(quiet(" · ".join(count_sentences(plan["changes"]))))
        self.remarks = self._remarks()
        self.body.addWidget(self.remarks, 1)
        self._show_people()
        self.body.addLayout(self._origin())
        self.trouble.say(" ".join(notice_sentence(code, details) for code, details in plan["notices"]), grave=False)
        self.add_action(tr("dialog.copy-list"), self.remarks.copy)
        self.add_cancel()
        self.add_accept(tr("merging.do-merge"))
        self.resize(880, 620)
        self.remarks.setFocus()

    # What changes -----------------------------------------------------------------------------------------

    def _figures(self) -> QHBoxLayout:
        told = self._plan["changes"].values()
        counts = {tr(f"merging.figure-{one}"): sum(each.get(one, 0) for each in told) for one in CHANGES}
        counts[tr("merging.figure-conflicts")] = self._plan["conflicts"]
        counts[tr("merging.figure-documents")] = self._plan["documents"]
        return figures(counts)

    def _remarks(self) -> RemarkList:
        """Return the list of changes; conflicts come first, with a sign."""
        rows = [
            (
                str(one["name"] or tr("merging.in-project")),
                str(one["quote"]),
                ("⚠ " if one["change"] == "conflict" else "") + str(one["what"]),
            )
            for one in self._plan["remarks"]
        ]
        return RemarkList(tr("merging.table"), [tr(one) for one in _HEADS], rows, (28, 30))

    # People -----------------------------------------------------------------------------------------------

    def _show_people(self) -> None:
        """Ask about each newcomer who is called like somebody here."""
        strangers = [one["name"] or one["id"] for one in self._plan["newcomers"] if not one["namesake"]]
        if strangers:
            self.body.addWidget(quiet(tr("merging.newcomers", names=", ".join(strangers), count=len(strangers))))
        for one in self._plan["newcomers"]:
            if one["namesake"]:
                box = QCheckBox(tr("merging.same-person", name=one["name"]))
                self.same[one["id"]] = box
                self.body.addWidget(box)

    def same_people(self) -> list[tuple[str, str]]:
        """Return (who stays, who they are in the file) for everybody who was said to be one person."""
        known = {one["id"]: one["namesake"] for one in self._plan["newcomers"]}
        return [(known[one], one) for one, box in self.same.items() if box.isChecked()]

    # The common origin ------------------------------------------------------------------------------------

    def _origin(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        title = QLabel(tr("merging.origin"))
        title.setBuddy(self.base)
        self.base.setAccessibleName(plain(tr("merging.origin")))
        self.base.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._fill_origins()
        self.base.activated.connect(self._origin_chosen)
        row.addWidget(title)
        row.addWidget(self.base, 1)
        return row

    def _fill_origins(self) -> None:
        base = self._plan["base"]
        standing = stored_base_sentence(base, self._plan["base_file"])
        self.base.addItem(standing, None)
        if self._chosen:
            self.base.addItem(tr("merging.origin-found"), [])
        for one in kept_bases(self._bridge.workspace):
            if base is None or one.seq != base["seq"]:
                self.base.addItem(stored_base_sentence(one._asdict(), None), [f"--kept-base={one.seq}"])
        if base is not None or self._plan["base_file"]:
            self.base.addItem(tr("merging.origin-none"), ["--base=none"])
        self.base.addItem(tr("merging.origin-file"), _FILE)

    def _origin_chosen(self, number: int) -> None:
        wanted = self.base.itemData(number)
        if wanted is None:
            return
        if wanted == _FILE:
            path = files.choose_exchange(self)
            if path is None:
                self.base.setCurrentIndex(0)
                return
            wanted = [f"--base={path}"]
        self._chosen = tuple(wanted)
        self.done(AGAIN)

    def base_arguments(self) -> list[str]:
        """Return the common origin that was chosen, as the command line takes it; nothing: let it be found."""
        return list(self._chosen)
