"""The help pages, with an index beside them. They ship with the program; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QBrush, QColor, QTextCursor, QTextFrameFormat, QTextLength, QTextTable
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.messages import language, tr
from app.paths import resource
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, dress_rows
from ui.theme import current_theme

ORDER = (
    "getting-started", "annotating", "suggestions", "training-window", "training", "label-sets",
    "projects-and-backups", "exchange", "merging", "adjudication", "agreement", "packages", "formats",
)  # fmt: skip
"""The pages in the order in which a newcomer reads them; others follow by name."""


def pages(spoken: str) -> list[Path]:
    """Return the help pages in a language, English where there are none."""
    found = sorted(resource("help", spoken).glob("*.md")) or sorted(resource("help", "en").glob("*.md"))
    place = {name: number for number, name in enumerate(ORDER)}
    return sorted(found, key=lambda path: (place.get(path.stem, len(ORDER)), path.stem))


def title_of(page: str) -> str:
    """Return the first heading of a page."""
    return next((line.lstrip("# ").strip() for line in page.splitlines() if line.startswith("#")), "")


class HelpViewer(Dialog):
    """Pages on the right, their titles on the left. It stays open beside the work, one at a time."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, page: str = ORDER[0]) -> None:
        super().__init__(parent, tr("dialog.help"), heading=False)
        self.setModal(False)
        for other in parent.findChildren(HelpViewer) if parent else ():
            if other is not self:
                other.close()
        self.index = QListWidget()
        self.index.setAccessibleName(tr("dialog.help-index"))
        self.index.setFixedWidth(max(200, self.index.fontMetrics().averageCharWidth() * 34))
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("dialog.help"))
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(20)
        self.text.anchorClicked.connect(self._follow)
        for path in pages(language()):
            item = QListWidgetItem(title_of(path.read_text("utf-8")))
            item.setData(Qt.ItemDataRole.UserRole, path)
            self.index.addItem(item)
        self.index.currentItemChanged.connect(self._show)
        dress_rows(self.index)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.index)
        across.addWidget(self.text, 1)
        self.body.addLayout(across)
        self.add_close()
        self.resize(960, 680)
        self.show_page(page)
        self.index.setFocus()

    def show_page(self, name: str) -> bool:
        """Show the page with this file name, without ``.md``; False where there is none."""
        for row in range(self.index.count()):
            if self.index.item(row).data(Qt.ItemDataRole.UserRole).stem == name:
                self.index.setCurrentRow(row)
                return True
        return False

    def _show(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        self.text.setMarkdown(item.data(Qt.ItemDataRole.UserRole).read_text("utf-8"))
        self._dress_tables()
        self._space_headings()

    def _dress_tables(self) -> None:
        """Give tables thin lines and room; markdown brings none."""
        theme = current_theme()
        for frame in self.text.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                looks = frame.format()
                looks.setBorder(1)
                looks.setBorderBrush(QBrush(QColor(theme.border)))
                looks.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                looks.setBorderCollapse(True)
                looks.setCellPadding(6)
                looks.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                frame.setFormat(looks)

    def _space_headings(self) -> None:
        """Put some air above headings and below them."""
        block = self.text.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            if level:
                looks = block.blockFormat()
                looks.setTopMargin(4 if level == 1 else 20)
                looks.setBottomMargin(8)
                QTextCursor(block).setBlockFormat(looks)
            block = block.next()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _follow(self, link: QUrl) -> None:
        """Go to another help page; links that lead out of the program are not followed."""
        self.show_page(Path(link.path()).stem)
