"""A line of a search: the words found stand below each other, their context at both sides."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from app.messages import language
from app.services.corpus_views import Hit
from models.labels import LabelSet
from ui.bridge import Bridge
from ui.delegates.rows import SIDE, Index, RowDelegate, RowView
from ui.item_models.hits import Group, HitModel
from ui.theme import LabelStyle, Palette, current_theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_AXIS = 0.34
"""Where in a row the words found begin, as a share of its width."""


class HitDelegate(RowDelegate):
    """Paints documents as headings and hits as keywords in context, with the label where one was found."""

    def __init__(self, view: RowView, model: HitModel, bridge: Bridge) -> None:
        super().__init__(view)
        self._model = model
        self._bridge = bridge
        self._labels: tuple[LabelSet | None, str, Palette] = (None, "", Palette())
        self.set_font(view.font())

    def set_font(self, font: QFont) -> None:
        """Take over a font."""
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPointSizeF(max(6.0, font.pointSizeF() * 0.85))
        self._fonts = (font, bold, small)
        self._metrics = (QFontMetrics(font), QFontMetrics(bold), QFontMetrics(small))

    @property
    def height(self) -> int:
        """The height of a row in pixels."""
        return self._metrics[0].height() + 10

    def palette_of_labels(self) -> Palette:
        """Return the looks of the project's labels in the window's language."""
        labels, spoken = self._bridge.workspace.reads.label_set(), language()
        if self._labels[0] is not labels or self._labels[1] != spoken:
            styles = (LabelStyle(one.id, labels.title(one.id, spoken), one.color) for one in labels)
            self._labels = (labels, spoken, Palette(styles))
        return self._labels[2]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        row = self._model.row(index.row())
        rect = self.paint_ground(painter, option)
        line = rect.adjusted(SIDE, 0, -SIDE, 0)
        if isinstance(row, Group):
            self._paint_group(painter, rect, line, row)
        else:
            self._paint_hit(painter, line, row)

    def _paint_group(self, painter: QPainter, rect: QRect, line: QRect, group: Group) -> None:
        if rect.top() > 0:
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), self.colour("border"))
        count = str(group.count)
        wide = line.width() - self._metrics[2].horizontalAdvance(count) - 10
        self._text(
            painter, line, 1, "text", self._metrics[1].elidedText(group.title, _ELIDE_RIGHT, wide), _LEFT
        )
        self._text(painter, line, 2, "muted", count, _RIGHT)

    def _paint_hit(self, painter: QPainter, line: QRect, hit: Hit) -> None:
        axis = line.left() + round(line.width() * _AXIS)
        if hit.label:
            line = line.adjusted(0, 0, -self._paint_chip(painter, line, hit.label), 0)
        plain, bold = self._metrics[0], self._metrics[1]
        left = QRect(line.left(), line.top(), axis - line.left(), line.height())
        before = plain.elidedText(hit.left, Qt.TextElideMode.ElideLeft, left.width())
        self._text(painter, left, 0, "muted", before, _RIGHT)
        words = bold.elidedText(hit.match, _ELIDE_RIGHT, line.right() - axis)
        wide = bold.horizontalAdvance(words)
        marked = QRect(axis - 1, line.top() + 4, wide + 2, line.height() - 8)
        painter.fillRect(marked, self.colour("hit"))
        self._text(painter, QRect(axis, line.top(), wide + 4, line.height()), 1, "text", words, _LEFT)
        rest = QRect(axis + wide + 1, line.top(), line.right() - axis - wide, line.height())
        follows = f" – {hit.note}" if hit.note else hit.right
        self._text(painter, rest, 0, "muted", plain.elidedText(follows, _ELIDE_RIGHT, rest.width()), _LEFT)

    def _paint_chip(self, painter: QPainter, line: QRect, label: str) -> int:
        """Paint a label's tag at the right end and return the width that it takes."""
        palette, small = self.palette_of_labels(), self._metrics[2]
        title = small.elidedText(palette.title(label), _ELIDE_RIGHT, line.width() // 3)
        wide = small.horizontalAdvance(title) + 12
        box = QRectF(line.right() - wide + 0.5, line.top() + 3.5, wide, line.height() - 7)
        colours = palette.colours(label, current_theme())
        painter.setPen(QPen(QColor(colours.stroke), 1))
        painter.setBrush(QColor(colours.soft))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._fonts[2])
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
        return wide + 8

    def _text(
        self, painter: QPainter, rect: QRect, font: int, ink: str, text: str, where: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self.colour(ink))
        painter.drawText(rect, where, text)


_ELIDE_RIGHT = Qt.TextElideMode.ElideRight
