"""What a person can set about the reader."""

from __future__ import annotations

from dataclasses import dataclass

ZOOM_LEAST, ZOOM_MOST = 50, 300


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """Settings of the reader, as kept between sessions.

    ``family`` is a font family, empty for the system's; ``size`` is in points at 100 % ``zoom``;
    ``line_width`` is the most characters in a line; ``line_spacing`` a factor on the font's own height.
    ``reduced_motion`` shows a change without fading it.
    """

    family: str = ""
    size: float = 11.0
    zoom: int = 100
    line_width: int = 92
    line_spacing: float = 1.5
    arcs: str = "focused"
    show_tags: bool = True
    show_rejected: bool = True
    reduced_motion: bool = False

    @property
    def points(self) -> float:
        """The size of the text in points, zoom included."""
        return max(4.0, self.size * min(max(self.zoom, ZOOM_LEAST), ZOOM_MOST) / 100)
