"""The settings of the program, apart from any project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFontComboBox,
    QFormLayout,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.messages import tr
from app.settings import Settings
from ui.bridge import Bridge
from ui.dialogs.frame import Dialog, form, line, plain, quiet
from ui.dialogs.sample import SampleText

_FLAGS = ("show_tags", "show_rejected", "show_others", "reduced_motion", "suggest_at_import")


class PreferencesDialog(Dialog):
    """Gives back the settings that were changed; the text's looks are shown while one chooses."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("preferences.title"), heading=False)
        self._before: Settings = bridge.settings
        self._make_fields()
        self.tabs = QTabWidget()
        self.tabs.addTab(self._page_of(self._general()), tr("preferences.general"))
        self.tabs.addTab(self._text_page(), tr("preferences.text"))
        self.body.addWidget(self.tabs)
        self.add_accept(tr("preferences.save"))
        self.add_cancel()
        self._show_sample()
        self.fit(640)
        self.language.setFocus()

    def _make_fields(self) -> None:
        now = self._before
        self.language = _choice("language", ("system", "sv", "en"), now.language)
        self.theme = _choice("theme", ("system", "light", "dark"), now.theme)
        self.arcs = _choice("arcs", ("focused", "all", "none"), now.arcs)
        self.annotator = line(plain(tr("preferences.annotator")), now.annotator)
        self.backups = _number("backups", now.backups_kept, 0, 1000)
        self.own_font = QCheckBox(tr("preferences.own-font"))
        self.own_font.setChecked(not now.font_family)
        self.family = QFontComboBox()
        self.family.setEditable(False)
        self.family.setAccessibleName(plain(tr("preferences.family")))
        self.family.setCurrentFont(QFont(now.font_family) if now.font_family else self.font())
        self.family.setEnabled(bool(now.font_family))
        self.size_ = _decimal("size", now.font_size, 6, 48, 0.5, tr("preferences.points"))
        self.width_ = _number("width", now.line_width, 20, 400, tr("preferences.characters"))
        self.spacing = _decimal("spacing", now.line_spacing, 0.8, 3, 0.1, "")
        self.flags = {name: QCheckBox(tr(f"preferences.{name.replace('_', '-')}")) for name in _FLAGS}
        for name, box in self.flags.items():
            box.setChecked(bool(getattr(now, name)))
            box.toggled.connect(self._show_sample)
        self.own_font.toggled.connect(lambda own: self.family.setEnabled(not own))
        for signal in (self.own_font.toggled, self.family.currentFontChanged, self.size_.valueChanged):
            signal.connect(self._show_sample)
        for signal in (self.width_.valueChanged, self.spacing.valueChanged, self.arcs.currentIndexChanged):
            signal.connect(self._show_sample)

    def _general(self) -> QFormLayout:
        rows = form()
        for name, field in (
            ("language", self.language),
            ("theme", self.theme),
            ("annotator", self.annotator),
        ):
            rows.addRow(tr(f"preferences.{name}"), field)
        rows.addRow("", quiet(tr("preferences.annotator-why")))
        rows.addRow(tr("preferences.backups"), self.backups)
        rows.addRow("", self.flags["suggest_at_import"])
        rows.addRow("", self.flags["reduced_motion"])
        return rows

    def _text_page(self) -> QWidget:
        rows = form()
        rows.addRow(tr("preferences.family"), self.family)
        rows.addRow("", self.own_font)
        rows.addRow(tr("preferences.size"), self.size_)
        rows.addRow(tr("preferences.width"), self.width_)
        rows.addRow(tr("preferences.spacing"), self.spacing)
        rows.addRow(tr("preferences.arcs"), self.arcs)
        for name in ("show_tags", "show_rejected", "show_others"):
            rows.addRow("", self.flags[name])
        page = self._page_of(rows)
        self.sample = SampleText(tr("preferences.sample"))
        self.sample.setFixedHeight(150)
        layout = page.layout()
        assert layout is not None
        layout.addWidget(self.sample)
        return page

    @staticmethod
    def _page_of(rows: QFormLayout) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(rows)
        column.addStretch(1)
        return page

    def _show_sample(self, *_: object) -> None:
        self.sample.apply(self._chosen())

    def _chosen(self) -> dict[str, Any]:
        return {
            "language": self.language.currentData(),
            "theme": self.theme.currentData(),
            "arcs": self.arcs.currentData(),
            "annotator": self.annotator.text().strip(),
            "backups_kept": self.backups.value(),
            "font_family": "" if self.own_font.isChecked() else self.family.currentFont().family(),
            "font_size": round(self.size_.value(), 1),
            "line_width": self.width_.value(),
            "line_spacing": round(self.spacing.value(), 2),
            **{name: box.isChecked() for name, box in self.flags.items()},
        }

    def request(self) -> dict[str, Any]:
        """Return the settings that are not as before, by the names of their fields."""
        return {name: value for name, value in self._chosen().items() if value != getattr(self._before, name)}


def _choice(name: str, values: Sequence[str], now: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(plain(tr(f"preferences.{name}")))
    for value in values:
        box.addItem(tr(f"preferences.{name}-{value}"), value)
    box.setCurrentIndex(max(0, box.findData(now)))
    return box


def _number(name: str, now: int, least: int, most: int, unit: str = "") -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(plain(tr(f"preferences.{name}")))
    box.setRange(least, most)
    box.setMinimumHeight(QComboBox().sizeHint().height())
    box.setValue(now)
    box.setSuffix(f" {unit}" if unit else "")
    return box


def _decimal(name: str, now: float, least: float, most: float, step: float, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(plain(tr(f"preferences.{name}")))
    box.setDecimals(1)
    box.setMinimumHeight(QComboBox().sizeHint().height())
    box.setRange(least, most)
    box.setSingleStep(step)
    box.setValue(now)
    box.setSuffix(f" {unit}" if unit else "")
    return box
