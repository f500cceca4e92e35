"""Learning in the background: whether it does, what it has learned and what that is worth, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import sentence, tr
from app.services import learning
from app.services.analysis import used_pipelines
from app.services.learning_views import LearnedView, LearningView, learning_view
from models.errors import KuratorError
from ui.bridge import Bridge
from ui.dialogs.evaluate import called
from ui.dialogs.frame import Dialog, dress_primary, dress_rows, quiet
from ui.dialogs.training_grids import learned_grid
from ui.panes.inspector_parts import local_time
from ui.widgets.grid_view import GridView

MODES: tuple[learning.Mode, ...] = ("offer", "take", "off")
_USED = 6
"""Pipelines used before that are listed."""


class LearningDialog(Dialog):
    """``wanted(str, int | None)``: learn, back, decline, or take with the number of a learned pipeline."""

    wanted = Signal(str, object)

    def __init__(self, bridge: Bridge, *, busy: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("learning_window.title"), tr("learning_window.intro"))
        self._bridge = bridge
        self.state = quiet()
        self.modes = {name: QRadioButton(tr(f"learning_window.mode-{name}")) for name in MODES}
        self.learned = QListWidget()
        self.learned.setAccessibleName(tr("learning_window.learned"))
        dress_rows(self.learned)
        self.outcome = quiet()
        self.grid = GridView(tr("learning_window.worth"))
        self.used = quiet()
        self.take = QPushButton(tr("learning_window.use"))
        dress_primary(self.take)
        self.decline = QPushButton(tr("learning_window.not-now"))
        self.learn = QPushButton(tr("learning_window.learn-now"))
        self.back = QPushButton()
        self._lay_out()
        self.add_close()
        self._connect()
        self.view: LearningView | None = None
        self.show_now(busy=busy)
        self.resize(960, 620)

    def _lay_out(self) -> None:
        modes = QVBoxLayout()
        modes.setSpacing(4)
        self._group = QButtonGroup(self)
        for button in self.modes.values():
            self._group.addButton(button)
            modes.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(modes)
        left.addWidget(self.state)
        left.addWidget(self.learn, 0, Qt.AlignmentFlag.AlignLeft)
        title = QLabel(tr("learning_window.used"))
        left.addWidget(title)
        left.addWidget(self.used)
        left.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        names = self._names = QLabel(tr("learning_window.learned-title"))
        names.setBuddy(self.learned)
        self.learned.setFixedHeight(4 * (self.learned.fontMetrics().height() + 12))
        for widget in (names, self.learned, self.outcome):
            right.addWidget(widget)
        right.addWidget(self.grid, 1)
        right.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.decline, self.take):
            row.addWidget(button)
        right.addLayout(row)
        across = QHBoxLayout()
        across.setSpacing(24)
        across.addLayout(left, 2)
        across.addLayout(right, 3)
        self.body.addLayout(across, 1)
        for button in (self.take, self.decline, self.learn, self.back):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        for name, button in self.modes.items():
            button.clicked.connect(lambda _=False, name=name: self._set_mode(name))
        self.learned.currentRowChanged.connect(self._show_learned)
        self.take.clicked.connect(lambda: self.wanted.emit("take", self._number()))
        self.decline.clicked.connect(lambda: self.wanted.emit("decline", None))
        self.learn.clicked.connect(lambda: self.wanted.emit("learn", None))
        self.back.clicked.connect(lambda: self.wanted.emit("back", None))

    def _set_mode(self, wanted: learning.Mode) -> None:
        if self._bridge.writable():
            try:
                learning.set_mode(self._bridge.workspace, wanted)
            except KuratorError as error:
                self.trouble.say(sentence(error))
        self.show_now()

    # What is shown ----------------------------------------------------------------------------------------

    def show_now(self, *, busy: bool = False) -> None:
        """Show how learning stands now; ``busy``: it learns at this moment."""
        workspace = self._bridge.workspace
        view = self.view = learning_view(workspace)
        self.modes[view.mode].setChecked(True)
        words = tr("learning_window.busy") if busy else self._waits(view)
        self.state.setText(words)
        self.learn.setEnabled(not busy)
        used = used_pipelines(workspace)[-_USED:]
        lines = [tr("learning_window.used-now", name=called(workspace, view.pipeline))]
        lines += [
            tr("learning_window.used-since", name=called(workspace, one), at=local_time(at)) for one, at in used[::-1]
        ]
        self.used.setText("\n".join(lines))
        self.back.setVisible(view.before is not None)
        if view.before is not None:
            self.back.setText(tr("learning_window.back", name=called(workspace, view.before)))
        self._list(view)

    @staticmethod
    def _waits(view: LearningView) -> str:
        if view.mode == "off":
            return tr("learning_window.waits-for-you", judged=view.judged)
        return tr("learning_window.waits", count=view.missing, judged=view.judged)

    def _list(self, view: LearningView) -> None:
        self.learned.clear()
        for one in view.history:
            marks = [name for name, number in (("offered", view.offer and view.offer.number), ("in-use", view.in_use))
                     if number == one.number]  # fmt: skip
            state = f" – {tr(f'learning_window.{marks[0]}')}" if marks else ""
            words = tr("learning_window.learned-number", number=one.number, at=local_time(one.at))
            item = QListWidgetItem(words + state)
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.learned.addItem(item)
        wanted = [row for row, one in enumerate(view.history) if view.offer and one.number == view.offer.number]
        self.learned.setCurrentRow(wanted[0] if wanted else 0)
        self._show_learned()

    @property
    def shown(self) -> LearnedView | None:
        """The learned pipeline that is looked at."""
        item = self.learned.currentItem()
        found: LearnedView | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found

    def _number(self) -> int | None:
        return self.shown.number if self.shown is not None else None

    def _show_learned(self, *_: object) -> None:
        found, view = self.shown, self.view
        assert view is not None
        for widget in (self._names, self.learned, self.grid, self.take):
            widget.setVisible(found is not None)
        offered = found is not None and view.offer is not None and view.offer.number == found.number
        self.decline.setVisible(offered)
        if found is None:
            self.outcome.setText(tr("learning_window.nothing-yet"))
            return
        self.take.setEnabled(view.in_use != found.number)
        state = "unsure" if found.outcome == "better" and not found.sure else found.outcome
        learned = tr("learning_window.learned-from", count=found.sentences)
        measured = tr("learning_window.measured", count=found.cases)
        self.outcome.setText(f"{tr(f'learning_window.outcome-{state}')} {learned} {measured}")
        self.grid.show_grid(learned_grid(found, self._bridge.workspace.reads.label_set()))
