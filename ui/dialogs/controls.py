"""Asking how many documents are to be controls, with what that comes to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from app.commands import SetControls
from app.messages import tr
from app.services.controls import ControlPlan, plan_controls, share_of
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, form, plain, quiet
from ui.item_models.later import Later

PLAN_MS = 120
"""How long a number must stand before what it comes to is worked out, in milliseconds."""


class ControlsDialog(Dialog):
    """Gives back a :class:`SetControls`; the window runs it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("team.controls"), tr("team.controls-intro"))
        self._bridge = bridge
        self._plan: ControlPlan | None = None
        self.share, self.slider = QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        for widget in (self.share, self.slider):
            widget.setRange(0, 100)
            widget.setAccessibleName(plain(tr("team.share")))
        self.share.setSuffix(tr("team.percent-sign"))
        self.slider.setPageStep(10)
        self.share.valueChanged.connect(self.slider.setValue)
        self.slider.valueChanged.connect(self.share.setValue)
        self.words, self.more = quiet(), quiet(tr("team.controls-by-hand"))
        self._lay_out()
        self._accept = self.add_accept(tr("team.set-controls"))
        self.add_cancel()
        self._later = Later(self, self._work_out, PLAN_MS)
        self.share.setValue(round(100 * share_of(bridge.workspace.reads)))
        self.share.valueChanged.connect(self._later.ask)
        self._work_out()
        self.fit(560)
        self.share.setFocus()
        self.share.selectAll()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.share)
        row.addWidget(self.slider, 1)
        rows = form()
        rows.addRow(tr("team.share"), row)
        rows.labelForField(row).setBuddy(self.share)
        self.body.addLayout(rows)
        self.body.addWidget(self.words)
        self.body.addWidget(self.more)
        self.body.addStretch(1)

    def _work_out(self) -> None:
        plan = self._plan = plan_controls(self._bridge.workspace.reads, self.share.value() / 100)
        said = [tr("team.controls-come-to", count=plan.controls, documents=plan.documents)]
        if plan.add:
            said.append(tr("team.controls-new", count=len(plan.add)))
        if plan.drop:
            said.append(tr("team.controls-lifted", count=len(plan.drop)))
        if plan.missing:
            said.append(tr("team.controls-missing", count=plan.missing))
        self.words.setText(" ".join(said))
        standing = round(100 * share_of(self._bridge.workspace.reads))
        self._accept.setEnabled(bool(plan.add or plan.drop) or self.share.value() != standing)

    @property
    def planned(self) -> int:
        """How many documents are controls once this is carried out."""
        self._later.now()
        assert self._plan is not None
        return self._plan.controls

    def request(self) -> SetControls:
        """Return what was asked for."""
        return SetControls(share=self.share.value() / 100)
