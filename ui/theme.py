"""How everything looks: light and dark, the five states, and one colour family per label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import QApplication

from models.marks import State
from ui.colours import hue, invented, mix, readable


class Theme(NamedTuple):
    """One set of colours, ``#rrggbb`` each."""

    name: str
    window: str
    base: str
    alternate: str
    text: str
    muted: str
    border: str
    button: str
    accent: str
    on_accent: str
    selection: str
    hit: str
    success: str
    warning: str
    error: str

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"


LIGHT = Theme(
    name="light", window="#f4f5f7", base="#ffffff", alternate="#f8f9fb", text="#1d2026", muted="#5c6370",
    border="#d6dae1", button="#fbfbfd", accent="#2a5bd7", on_accent="#ffffff", selection="#b9d0ff",
    hit="#ffe08a", success="#1f7a45", warning="#8f5a00", error="#b3261e",
)  # fmt: skip
DARK = Theme(
    name="dark", window="#1a1c20", base="#202329", alternate="#24272e", text="#e6e8ec", muted="#a0a7b4",
    border="#3b404a", button="#2a2e36", accent="#82aaff", on_accent="#10131a", selection="#38548c",
    hit="#6d5712", success="#6fcf97", warning="#e5b567", error="#ff8a80",
)  # fmt: skip
THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK}

_current = [LIGHT]


@dataclass(frozen=True, slots=True)
class StateStyle:
    """How a state looks without its colour.

    ``glyph`` stands for it in running text; ``line`` is the underline: dashed, solid, double, dotted or
    thick; ``fill`` is the strength of the background in [0, 1]; ``tag`` is filled or outlined.
    """

    state: State
    glyph: str
    line: str
    fill: float
    tag: str
    strike: bool = False

    @property
    def title_key(self) -> str:
        """The catalogue key of the state's name."""
        return f"reader.state-{self.state}"


STATE_STYLES: Mapping[State, StateStyle] = {
    "suggested": StateStyle("suggested", "?", "dashed", 0.45, "outlined"),
    "accepted": StateStyle("accepted", "✓", "solid", 1.0, "filled"),
    "corrected": StateStyle("corrected", "✎", "double", 1.0, "filled"),
    "rejected": StateStyle("rejected", "✕", "dotted", 0.0, "outlined", strike=True),
    "manual": StateStyle("manual", "+", "thick", 1.0, "filled"),
}


class LabelStyle(NamedTuple):
    """What the screen needs to know of a label. ``color`` is ``#rrggbb``; ``key`` the key that sets it."""

    id: str
    title: str
    color: str
    key: str = ""
    kind: str = "entity"
    symmetric: bool = False


class Colours(NamedTuple):
    """A label's colours in one theme: ``stroke`` is readable on the base, ``on_stroke`` readable on it."""

    soft: str
    strong: str
    stroke: str
    on_stroke: str


PATTERNS = ("plain", "rising", "falling", "dots", "level", "upright", "grid")
"""What tells labels of a like hue apart where colour does not."""
_LIKE_HUE = 24.0


class Palette:
    """The looks of all labels of a label set, in both themes; a label it does not know gets an invented one.

    ``facets`` gives the titles of facet values (``figure`` → ``siffra``).
    """

    def __init__(self, styles: Iterable[LabelStyle] = (), facets: Mapping[str, str] | None = None) -> None:
        self._styles = {style.id: style for style in styles}
        self.facets = dict(facets or {})
        self._colours: dict[tuple[str, str], Colours] = {}
        self._patterns: dict[str, str] = {}
        seen: list[float] = []
        for style in self._styles.values():
            turn = hue(style.color)
            like = sum(min(abs(turn - other), 360 - abs(turn - other)) < _LIKE_HUE for other in seen)
            self._patterns[style.id] = PATTERNS[like % len(PATTERNS)]
            seen.append(turn)

    def __iter__(self) -> Iterator[LabelStyle]:
        return iter(self._styles.values())

    def __len__(self) -> int:
        return len(self._styles)

    def style(self, label: str) -> LabelStyle:
        """Return the label's style, an invented one for an unknown label."""
        found = self._styles.get(label)
        if found is None:
            found = self._styles[label] = LabelStyle(label, label, invented(label))
        return found

    def title(self, label: str) -> str:
        """Return the label's name as people read it."""
        return self.style(label).title

    def pattern(self, label: str) -> str:
        """Return the pattern that tells the label from others of a like hue, one of ``PATTERNS``."""
        return self._patterns.get(label, "plain")

    def colours(self, label: str, theme: Theme) -> Colours:
        """Return the label's colours in ``theme``; text stays readable on all of them."""
        key = label, theme.name
        found = self._colours.get(key)
        if found is None:
            color, share = self.style(label).color, (0.34 if theme.dark else 0.30)
            found = self._colours[key] = Colours(
                soft=mix(theme.base, color, share * 0.45),
                strong=mix(theme.base, color, share),
                stroke=readable(color, theme.base),
                on_stroke=theme.base,
            )
        return found


def paint_state(painter: QPainter, box: QRectF, state: State, colour: QColor) -> None:
    """Draw the state's small sign into ``box``, in strokes and so in any font's absence."""
    side = min(box.width(), box.height())
    left, top = box.center().x() - side / 2, box.center().y() - side / 2

    def at(x: float, y: float) -> QPointF:
        return QPointF(left + x * side, top + y * side)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(1.2, side * 0.16))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state == "accepted":
        painter.drawPolyline([at(0.12, 0.55), at(0.4, 0.82), at(0.88, 0.2)])
    elif state == "rejected":
        painter.drawLine(at(0.2, 0.2), at(0.8, 0.8))
        painter.drawLine(at(0.8, 0.2), at(0.2, 0.8))
    elif state == "corrected":
        painter.drawLine(at(0.3, 0.7), at(0.82, 0.18))
        painter.drawLine(at(0.12, 0.9), at(0.3, 0.7))
        painter.drawLine(at(0.5, 0.92), at(0.9, 0.92))
    elif state == "manual":
        painter.drawLine(at(0.5, 0.15), at(0.5, 0.85))
        painter.drawLine(at(0.15, 0.5), at(0.85, 0.5))
    else:
        painter.drawEllipse(at(0.5, 0.5), side * 0.34, side * 0.34)
    painter.restore()


def current_theme() -> Theme:
    """Return the theme that was applied last, light before any."""
    return _current[0]


def resolve(name: str) -> Theme:
    """Return the theme called ``light`` or ``dark``; anything else follows the system."""
    if name in THEMES:
        return THEMES[name]
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def application_palette(theme: Theme) -> QPalette:
    """Return the colours of ordinary widgets in ``theme``."""
    role, palette = QPalette.ColorRole, QPalette()
    shades = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.base, role.Text: theme.text,
        role.AlternateBase: theme.alternate, role.Button: theme.button, role.ButtonText: theme.text,
        role.ToolTipBase: theme.alternate, role.ToolTipText: theme.text, role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent, role.Link: theme.accent, role.LinkVisited: theme.accent,
        role.PlaceholderText: theme.muted, role.BrightText: theme.error, role.Accent: theme.accent,
        role.Light: mix(theme.button, "#ffffff", 0.06 if theme.dark else 0.6), role.Midlight: theme.window,
        role.Mid: theme.border, role.Dark: mix(theme.border, "#000000", 0.15),
        role.Shadow: mix(theme.border, "#000000", 0.4),
    }  # fmt: skip
    for which, colour in shades.items():
        palette.setColor(which, QColor(colour))
    faint = QColor(mix(theme.window, theme.muted, 0.62))
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(mix(theme.base, theme.accent, 0.3)))
    palette.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, QColor(theme.text))
    return palette


def style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot express: flat edges between panes, quiet headers."""
    return (
        f"QToolTip {{ color: {theme.text}; background: {theme.alternate}; border: 1px solid {theme.border};"
        " padding: 4px 6px; }"
        f"QSplitter::handle {{ background: {theme.border}; }}"
        "QSplitter::handle:horizontal { width: 1px; } QSplitter::handle:vertical { height: 1px; }"
        f"QHeaderView::section {{ color: {theme.muted}; background: {theme.window}; border: 0;"
        f" border-bottom: 1px solid {theme.border}; padding: 4px 6px; }}"
        "QStatusBar::item { border: 0; }"
        f"QTabBar::tab {{ color: {theme.muted}; padding: 6px 9px; border: 0;"
        " border-bottom: 2px solid transparent; }"
        f"QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}"
        f"QTabBar::tab:hover {{ color: {theme.text}; }} QTabWidget::pane {{ border: 0; }}"
        "QLabel#documentTitle { font-weight: 600; }"
        f"QLabel#documentFacts {{ color: {theme.muted}; }}"
    )


def apply_theme(app: QApplication, name: str) -> Theme:
    """Dress the whole application as ``light``, ``dark`` or ``system`` and return what that came to."""
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(name, Qt.ColorScheme.Unknown)
    app.styleHints().setColorScheme(scheme)
    theme = _current[0] = resolve(name)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(application_palette(theme))
    _outline_controls(app, theme)
    app.setStyleSheet(style_sheet(theme))
    return theme


_OUTLINED = ("QCheckBox", "QRadioButton", "QLineEdit", "QAbstractSpinBox", "QComboBox", "QPlainTextEdit")


def _outline_controls(app: QApplication, theme: Theme) -> None:
    """Give controls an outline that is seen.

    Fusion draws outlines in the window's colour, darker by 140 %, which on a dark ground nobody sees. These
    controls paint nothing else in that colour.
    """
    palette = application_palette(theme)
    if theme.dark:
        seen = QColor(mix(theme.window, theme.text, 0.4)).lighter(140)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Window, seen)
    for name in _OUTLINED:
        app.setPalette(palette, name)
