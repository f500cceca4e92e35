"""The sizes of everything the reader draws, in whole logical pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QTextOption

from ui.panes.reader.settings import ReaderSettings

GUTTER = 58
"""Pixels left of the text, kept free for claim bars and relation lines."""
MARGIN = 28
TOP = 14
BAR_PITCH = 7
LEVEL = 4
"""Pixels that one level of underlines takes."""


@dataclass(slots=True)
class Metrics:
    """Fonts and sizes that follow from the settings and the width of the viewport."""

    settings: ReaderSettings
    width: int
    font: QFont = field(init=False)
    tag_font: QFont = field(init=False)
    text_height: int = field(init=False)
    tag_height: int = field(init=False)
    tag_ascent: int = field(init=False)
    average: float = field(init=False)
    column: int = field(init=False)
    left: int = field(init=False)
    leading: int = field(init=False)
    option: QTextOption = field(init=False)
    _tags: QFontMetricsF = field(init=False)
    _widths: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self.font = QFont(settings.family) if settings.family else QFont(general)
        self.font.setPointSizeF(settings.points)
        self.tag_font = QFont(general)
        self.tag_font.setPointSizeF(max(5.5, settings.points * 0.66))
        self.tag_font.setWeight(QFont.Weight.Medium)
        text, self._tags = QFontMetricsF(self.font), QFontMetricsF(self.tag_font)
        self._widths = {}
        self.text_height = math.ceil(text.height())
        self.average = max(1.0, text.horizontalAdvance("abcdefghijklmnopqrstuvwxyzåäö ") / 30)
        self.tag_height = math.ceil(self._tags.height()) + 2
        self.tag_ascent = math.ceil(self._tags.ascent())
        self.leading = max(4, round(self.text_height * (settings.line_spacing - 1)))
        self.option = QTextOption()
        self.option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.option.setTabStopDistance(math.ceil(8 * self.average))
        self.resize(self.width)

    def resize(self, width: int) -> bool:
        """Fit the column into a viewport of ``width``; return whether lines have to be broken anew."""
        old = getattr(self, "column", None)
        self.width = width
        room = max(80, width - GUTTER - MARGIN)
        self.column = min(room, round(self.settings.line_width * self.average))
        self.left = GUTTER + (room - self.column) // 2
        return self.column != old

    @property
    def pad(self) -> int:
        """Free pixels at either side of a tag's text."""
        return max(4, self.tag_height // 3)

    @property
    def sign(self) -> int:
        """Side of the state's sign in a tag."""
        return max(6, self.tag_height - 7)

    def text_width(self, text: str) -> int:
        """Return the width of ``text`` in the tags' font."""
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = math.ceil(self._tags.horizontalAdvance(text))
        return width

    def tag_width(self, text: str) -> int:
        """Return the width of a tag that shows ``text`` and a state's sign."""
        return self.text_width(text) + 2 * self.pad + self.sign + 4

    def estimates(self, lengths: Iterable[int]) -> list[int]:
        """Return the likely heights of paragraphs of so many code points."""
        lines = self.average * 1.02 / self.column
        each = self.text_height + max(self.leading, self.tag_height // 2 + 6)
        below, blank = self.text_height // 3 + each, max(4, self.text_height // 2)
        return [int(length * lines) * each + below if length else blank for length in lengths]
