"""What is shown while no project is open: the ways in, and the projects that were open last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.settings import forget_project, recent_projects
from ui.bridge import Bridge
from ui.dialogs.files import PROJECT
from ui.dialogs.frame import dress_primary, heading, quiet

_PATH = Qt.ItemDataRole.UserRole
_WIDEST = 720


class StartPage(QWidget):
    """New, open, sample, or one of the recent projects; a project file may be dropped on it."""

    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    path_wanted = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setAcceptDrops(True)
        self._title = heading("Kurator", 2.4)
        self._words = quiet()
        self.new, self.open, self.sample = QPushButton(), QPushButton(), QPushButton()
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        for button in (self.new, self.open, self.sample):
            button.setMinimumHeight(40)
            button.setAutoDefault(True)
            button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._recent_title = QLabel()
        self.recent = _Recent()
        self.recent.setItemDelegate(_TwoLines(self.recent))
        self.recent.setAlternatingRowColors(False)
        self.recent.itemActivated.connect(self._open)
        self.recent.forget_wanted.connect(self._forget)
        self._recent_title.setBuddy(self.recent)
        self._drop = quiet()
        self._lay_out()
        bridge.settings_changed.connect(self._dress)
        self.setFocusProxy(self.new)
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        for button in (self.new, self.open, self.sample):
            buttons.addWidget(button, 1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addSpacing(16)
        column.addLayout(buttons)
        column.addSpacing(24)
        column.addWidget(self._recent_title)
        column.addWidget(self.recent, 1)
        column.addWidget(self._drop)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(_WIDEST)
        across = QHBoxLayout(self)
        across.setContentsMargins(32, 56, 32, 32)
        across.addStretch(1)
        across.addWidget(middle, 100)
        across.addStretch(1)

    def retranslate(self) -> None:
        """Say everything in the window's language, and look again which projects there are."""
        self._words.setText(tr("start.words"))
        for button, name in ((self.new, "new"), (self.open, "open"), (self.sample, "sample")):
            button.setText(tr(f"start.{name}"))
            button.setToolTip(tr(f"start.{name}-tip"))
        self._recent_title.setText(tr("start.recent"))
        self.recent.setAccessibleName(tr("start.recent").replace("&", ""))
        self._drop.setText(tr("start.drop"))
        self._dress()
        self._fill()

    def _dress(self) -> None:
        self.new.setPalette(QPalette())
        dress_primary(self.new)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again which projects there are; Enter opens the latest, or begins a new one."""
        self._fill()
        super().showEvent(event)
        first = self.recent.item(0)
        there = first is not None and bool(first.flags() & Qt.ItemFlag.ItemIsEnabled)
        (self.recent if there else self.new).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        self.recent.clear()
        for project in recent_projects():
            item = QListWidgetItem(project.path.stem)
            item.setData(_PATH, project.path)
            item.setToolTip(
                str(project.path) if project.exists else tr("start.missing", path=str(project.path))
            )
            if not project.exists:
                item.setFlags(Qt.ItemFlag.ItemIsSelectable)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, tr("start.missing", path=str(project.path)))
            self.recent.addItem(item)
        some = self.recent.count() > 0
        self.recent.setVisible(some)
        self._recent_title.setVisible(some)
        column = self._drop.parentWidget().layout()
        assert isinstance(column, QVBoxLayout)
        column.setStretchFactor(self._drop, 0 if some else 1)
        self._drop.setAlignment(Qt.AlignmentFlag.AlignTop)
        if some:
            self.recent.setCurrentRow(0)

    def _open(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.path_wanted.emit(item.data(_PATH))

    def _forget(self, path: Path) -> None:
        self._bridge.settings = forget_project(path)
        self._fill()

    # Dropping ---------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project file; say what to do first with anything else."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        project = next((path for path in paths if path.suffix == PROJECT), None)
        if project is not None:
            self.path_wanted.emit(project)
        else:
            self._bridge.notice.emit(tr("start.only-projects"), "info")


class _Recent(QListWidget):
    """The recent projects; Delete and the menu take one out of the list."""

    forget_wanted = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Delete take the project out of the list."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.forget_wanted.emit(item.data(_PATH))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to take the project out of the list."""
        item = self.itemAt(event.pos()) if event.reason() != event.Reason.Keyboard else self.currentItem()
        if item is None:
            return
        menu = QMenu(self)
        path = item.data(_PATH)
        menu.addAction(tr("start.forget"), lambda: self.forget_wanted.emit(path))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class _TwoLines(QStyledItemDelegate):
    """Paints a project's name with its folder below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + 16)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        there = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        active = current and bool(option.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if there else QPalette.ColorGroup.Disabled
        if current:
            ground = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
            painter.fillRect(option.rect, option.palette.color(ground, QPalette.ColorRole.Highlight))
        on = QPalette.ColorRole.HighlightedText if active and there else QPalette.ColorRole.Text
        below = on if active and there else QPalette.ColorRole.PlaceholderText
        path: Path = index.data(_PATH)
        room = option.rect.adjusted(12, 8, -12, -8)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(option.palette.color(group, on)))
        name = QFontMetrics(bold).elidedText(path.stem, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(option.font)
        painter.setPen(QColor(option.palette.color(group, below)))
        words = str(path.parent) if there else tr("start.missing", path=str(path.parent))
        place = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, place)
