"""Icons for file dialogs that come from a file's name and kind alone: no file is opened to find out.

A file dialog that looks into files also looks into the open project. On POSIX systems, closing that look takes
away the locks by which SQLite tells other processes that the project is in use.
"""

from __future__ import annotations

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QApplication, QFileIconProvider, QStyle


class PlainIcons(QFileIconProvider):
    """Knows folders and files, nothing more."""

    def icon(self, asked: QAbstractFileIconProvider.IconType | QFileInfo) -> QIcon:  # type: ignore[override]
        """Return the icon of a folder or a file."""
        folder = isinstance(asked, QFileInfo) and asked.isDir()
        if isinstance(asked, QAbstractFileIconProvider.IconType):
            folder = asked == QAbstractFileIconProvider.IconType.Folder
        kind = QStyle.StandardPixmap.SP_DirIcon if folder else QStyle.StandardPixmap.SP_FileIcon
        return QApplication.style().standardIcon(kind)

    def type(self, asked: QFileInfo) -> str:
        """Return what kind of file a name says it is."""
        return asked.suffix().upper()
