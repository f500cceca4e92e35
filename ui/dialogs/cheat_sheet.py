"""The cheat sheet: every key with what it does, on one page that can be printed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.messages import tr
from ui.dialogs.frame import Dialog
from ui.theme import LIGHT, Theme, current_theme

Line = tuple[str, str, str]
"""Group, what is done, the key as people write it."""

COLUMNS = 3
_WIDE = 1180
"""The sheet's width, in pixels."""
_LETTERS = 46
"""A column has room for so many letters, keys included; where type is large there are fewer columns."""
_HEAD = 2
"""Lines that a heading takes."""
_FEW = 3
"""Fewer lines of a group are not left alone at the foot of a column."""


def columns(lines: Sequence[Line], count: int = COLUMNS) -> list[list[tuple[str, list[Line]]]]:
    """Return the groups in order, spread over columns of about the same height.

    A long group goes on in the next column, under its name again.
    """
    groups: dict[str, list[Line]] = {}
    for entry in lines:
        groups.setdefault(entry[0], []).append(entry)
    most = -(-sum(len(found) + _HEAD for found in groups.values()) // count) + 1
    spread: list[list[tuple[str, list[Line]]]] = [[]]
    height = 0
    for name, found in groups.items():
        rest = found
        while rest:
            room = most - height - _HEAD if len(spread) < count else len(rest)
            if room < min(_FEW, len(rest)):
                spread.append([])
                height = 0
                continue
            spread[-1].append((name, rest[:room]))
            height += len(rest[:room]) + _HEAD
            rest = rest[room:]
    return [column for column in spread if column]


def as_html(lines: Sequence[Line], theme: Theme, count: int = COLUMNS) -> str:
    """Return the sheet as rich text in a theme's colours, in at most ``count`` columns."""
    cells = "".join(
        f'<td width="{100 // count}%" style="padding-right:28px">'
        + "".join(_group(name, found, theme) for name, found in column)
        + "</td>"
        for column in columns(lines, count)
    )
    return f'<table width="100%" cellspacing="0"><tr>{cells}</tr></table>'


def _group(name: str, found: Sequence[Line], theme: Theme) -> str:
    rows = "".join(
        f'<tr><td style="padding:3px 14px 3px 0; color:{theme.text}">{escape(title)}</td>'
        f'<td align="right" style="padding:3px 0; white-space:nowrap">'
        f'<span style="background-color:{theme.window if not theme.dark else theme.border};'
        f' color:{theme.text}; font-weight:600">&nbsp;{escape(keys)}&nbsp;</span></td></tr>'
        for _, title, keys in found
    )
    return (
        f'<p style="margin:14px 0 4px 0; color:{theme.accent}; font-weight:600">{escape(name)}</p>'
        f'<table width="100%" cellspacing="0">{rows}</table>'
    )


class CheatSheet(Dialog):
    """Shows all keys; Print puts them on paper or into a PDF."""

    def __init__(self, lines: Sequence[Line], parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("dialog.keys"), tr("dialog.keys-intro"))
        self._lines = lines
        self.page = QTextBrowser()
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setAccessibleName(tr("dialog.keys"))
        letters = _WIDE // self.fontMetrics().averageCharWidth()
        self.page.setHtml(as_html(lines, current_theme(), min(COLUMNS, max(1, letters // _LETTERS))))
        self.body.addWidget(self.page)
        self.add_action(tr("dialog.print"), self._print)
        self.add_close().setFocus()
        self.resize(_WIDE, 700)

    def paper(self) -> QTextDocument:
        """Return the sheet as it is printed: dark on white whatever the theme."""
        document = QTextDocument(self)
        document.setHtml(f"<h2>Kurator – {escape(tr('dialog.keys'))}</h2>{as_html(self._lines, LIGHT)}")
        return document

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.paper().print_(printer)
        dialog.deleteLater()
