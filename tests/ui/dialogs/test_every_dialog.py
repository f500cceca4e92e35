"""What every dialog is held to: names, mnemonics, room for its words, Escape, the button under Enter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.messages import set_language
from app.services import projects, register_views
from app.services.packages import plan_packages
from app.services.training_views import stranger
from models.marks import Mark
from ui.bridge import Bridge
from ui.dialogs.about import AboutDialog
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.cheat_sheet import CheatSheet, as_html
from ui.dialogs.controls import ControlsDialog
from ui.dialogs.defect import DefectDialog
from ui.dialogs.evaluate import EvaluateWindow
from ui.dialogs.export import ExportDialog
from ui.dialogs.frame import Dialog
from ui.dialogs.help_viewer import HelpViewer
from ui.dialogs.identical import IdenticalDialog
from ui.dialogs.import_report import ImportReportDialog
from ui.dialogs.label_set import LabelSetDialog
from ui.dialogs.learning import LearningDialog
from ui.dialogs.merge import MergeDialog
from ui.dialogs.merge_package import PackageDialog
from ui.dialogs.merge_problems import ProblemsDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.packages import PackagesDialog
from ui.dialogs.pipeline import PipelineDialog
from ui.dialogs.preferences import PreferencesDialog
from ui.dialogs.register_find import FindThing
from ui.dialogs.register_mentions import MentionsDialog, Shown
from ui.dialogs.register_new import NewEntry
from ui.dialogs.shown import ShownDialog
from ui.dialogs.training import TrainingWindow
from ui.dialogs.trust import TrustDialog
from ui.dialogs.usage import UsageDialog
from ui.theme import LIGHT, apply_theme

LANGUAGES = ("sv", "en")
MERGE = {
    "path": "bo.json", "changes": {"entities": {"added": 12, "changed": 3, "deleted": 1}}, "documents": 4,
    "conflicts": 2, "base": {"seq": 1, "kind": "exported", "path": "start.json", "at": "2026-03-01T09:30:00.000Z",
    "documents": 9}, "base_file": None, "notices": [["merge.other-project", {"ours": "ett", "theirs": "ett annat"}]],
    "newcomers": [{"id": "b", "name": "Bo Ek", "kind": "human", "namesake": "a"},
                  {"id": "c", "name": "Eva", "kind": "human", "namesake": None}],
    "remarks": [{"document": "d", "name": "beslut.txt", "list": "entities", "id": "e", "change": "added",
                 "quote": "Region Halland 😀", "what": "Organisation tillkommer"}],
}  # fmt: skip
"""A plan as the job tells it."""
Make = Callable[[str], QDialog]
NAMES = (
    "new", "report", "export", "pipeline", "foreign", "identical", "backups", "general", "text", "help",
    "about", "keys", "defect", "entities", "claims", "facets", "relations", "effect",
    "controls", "usage", "packages", "progress", "merge", "package", "problems", "find", "mentions", "entry",
    "training", "measure", "learning", "trust", "shown",
)  # fmt: skip


def pipeline_folder(path: Path, labels: list[str]) -> Path:
    """Make what the dialog sees of a spaCy pipeline."""
    path.mkdir()
    (path / "config.cfg").write_text("[nlp]\n")
    meta = {"lang": "sv", "name": "prov", "version": "2.0", "labels": {"ner": labels, "tagger": ["NN"]}}
    (path / "meta.json").write_text(json.dumps(meta))
    return path


@pytest.fixture
def make(bridge: Bridge, region: Mark, tmp_path: Path, qtbot: QtBot) -> Make:
    """Make a dialog by its name, shown."""

    def made(name: str) -> QDialog:
        dialog = build(name)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    def build(name: str) -> QDialog:
        plain: dict[str, Callable[[], QDialog]] = {
            "new": lambda: NewProjectDialog(bridge),
            "export": lambda: ExportDialog(bridge),
            "pipeline": lambda: PipelineDialog(bridge),
            "help": lambda: HelpViewer(bridge),
            "about": lambda: AboutDialog(bridge),
            "keys": lambda: CheatSheet([("Gå", "Nästa", "Tab"), ("Gå", "Föregående", "Skift+Tab")]),
            "merge": lambda: MergeDialog(bridge, MERGE, ["--base=none"]),
            "package": lambda: PackageDialog("Omgång 1", "Bo Ek"),
            "problems": lambda: ProblemsDialog("bo.json", ["Rad 12: Etiketten ”OKÄND” finns inte."] * 3),
            "controls": lambda: ControlsDialog(bridge),
            "usage": lambda: UsageDialog(bridge),
            "shown": lambda: ShownDialog(bridge),
            "packages": lambda: PackagesDialog(bridge, [bridge.document or ""]),
            "report": lambda: ImportReportDialog(bridge, {"counts": {"added": 3}, "cancelled": True}),
            "find": lambda: FindThing(bridge, "Vilken post?", "region", "ORGANISATION", makes=True),
            "mentions": lambda: MentionsDialog("Ny post", "Kryssa i.", "Gör posten", mentions(bridge), name="Region"),
            "training": lambda: TrainingWindow(bridge),
            "measure": lambda: EvaluateWindow(bridge),
            "learning": lambda: LearningDialog(bridge),
            "trust": lambda: TrustDialog(stranger(str(pipeline_folder(tmp_path / "främling", ["ORG"])))),
            "entry": lambda: NewEntry(bridge, "Region", "ORGANISATION"),
        }
        if name == "progress":
            bridge.run(plan_packages(bridge.workspace.reads, ["Anna", "Bo"], 0.5).command())
            return PackagesDialog(bridge, None)
        if name in plain:
            return plain[name]()
        if name in ("general", "text"):
            preferences = PreferencesDialog(bridge)
            preferences.tabs.setCurrentIndex(("general", "text").index(name))
            return preferences
        if name in ("entities", "claims", "facets", "relations", "effect"):
            return label_set(name)
        if name == "foreign":
            folder = pipeline_folder(tmp_path / "pipeline", ["PRS", "ORG", "XYZ"])
            bridge.workspace.set_option("pipeline", str(folder))
            return PipelineDialog(bridge)
        if name == "identical":
            assert bridge.document is not None
            return IdenticalDialog(bridge, bridge.document, region)
        if name == "backups":
            projects.back_up(bridge.workspace.path)
            return BackupsDialog(bridge)
        report = tmp_path / "report.txt"
        report.write_text("Traceback")
        return DefectDialog(report)

    def label_set(name: str) -> QDialog:
        dialog = LabelSetDialog(bridge)
        if name == "effect":
            dialog.pages["entities"].labels.remove_wanted.emit("PERSON")
            dialog.go_on.click()
        else:
            dialog.tabs.setCurrentIndex(list(dialog.pages).index(name))
            dialog.pages[name].labels.list.setCurrentRow(1)
        dialog.draft.replace(dialog.draft.standing)  # so that leaving asks nothing
        return dialog

    return made


def mentions(bridge: Bridge) -> list[Shown]:
    """Return the mentions of what may become an entry."""
    found = register_views.survey(bridge.workspace.reads)
    rows = register_views.group_mentions(bridge.workspace, found.groups[0], found)
    return [Shown(row, "samma namn · 97 %") for row in rows]


def shown(dialog: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """Return the visible widgets of a kind, those inside others that Qt made left out."""
    found = [one for one in dialog.findChildren(kind) if one.isVisible()]
    inner = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    return [one for one in found if not one.objectName().startswith(inner)]


def mnemonics(dialog: QWidget) -> Counter[str]:
    """Return how often each letter is underlined."""
    texts: list[str] = []
    for button in shown(dialog, QAbstractButton):
        assert isinstance(button, QAbstractButton)
        texts.append(button.text())
    for label in shown(dialog, QLabel):
        assert isinstance(label, QLabel)
        if label.buddy() is not None:
            texts.append(label.text())
    for tabs in shown(dialog, QTabWidget):
        assert isinstance(tabs, QTabWidget)
        texts += [tabs.tabText(number) for number in range(tabs.count())]
    return Counter(found[1].lower() for text in texts if (found := re.search(r"&([^&\s])", text)))


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_no_letter_is_underlined_twice(make: Make, name: str, spoken: str) -> None:
    set_language(spoken)
    twice = {letter for letter, count in mnemonics(make(name)).items() if count > 1}
    assert not twice


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_name(make: Make, name: str) -> None:
    dialog = make(name)
    buddies = {label.buddy() for label in dialog.findChildren(QLabel) if label.buddy()}
    nameless = [
        one
        for one in shown(dialog, QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
        and one not in buddies
        and not isinstance(one, QScrollArea | QTabWidget)
        and not isinstance(one.parent(), QComboBox | QTabWidget)
    ]
    assert not nameless


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("larger", [1.0, 1.5])
@pytest.mark.parametrize("name", NAMES)
def test_no_words_are_cut_off(make: Make, name: str, spoken: str, larger: float, qapp: QApplication) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSizeF(font.pointSizeF() * larger)
    set_language(spoken)
    qapp.setFont(font)
    try:
        dialog = make(name)
        qapp.processEvents()
        cut = [one.text() for one in shown(dialog, QWidget) if is_cut(one)]
        assert not cut
    finally:
        qapp.setFont(before)


def is_cut(widget: QWidget) -> bool:
    """Whether a widget's own words have less room than they need."""
    if isinstance(widget, QLabel):
        if not widget.text():
            return False
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width()) - 1
        return widget.width() < widget.sizeHint().width() - 1
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton):
        return widget.width() < widget.minimumSizeHint().width() or widget.height() < 16
    return False


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_on_a_small_screen(make: Make, name: str) -> None:
    least = make(name).minimumSizeHint()
    assert least.width() <= 1280
    assert least.height() <= 700


def test_it_is_never_larger_than_the_screen(qtbot: QtBot) -> None:
    dialog = Dialog(None, "Prov")
    qtbot.addWidget(dialog)
    dialog.resize(9000, 9000)
    dialog.show()
    room = dialog.screen().availableSize()
    assert dialog.width() < room.width()
    assert dialog.height() < room.height()


def test_the_cheat_sheet_has_fewer_columns_for_large_type() -> None:
    lines = [("Projekt", f"Gör sak nummer {number}", f"Ctrl+{number}") for number in range(12)]
    assert as_html(lines, LIGHT).count("<td width=") == 3
    assert as_html(lines, LIGHT, 1).count("<td width=") == 1


@pytest.mark.parametrize("name", NAMES)
def test_escape_leaves_without_a_change(make: Make, name: str, bridge: Bridge, qtbot: QtBot) -> None:
    dialog = make(name)
    before = bridge.workspace.reads.history()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert bridge.workspace.reads.history() == before


@pytest.mark.parametrize("name", NAMES)
def test_exactly_one_button_is_under_enter(make: Make, name: str) -> None:
    dialog = make(name)
    buttons = dialog.findChildren(QPushButton)
    assert len([button for button in buttons if button.isDefault() and button.isVisible()]) == 1


@pytest.mark.parametrize("name", ["entities", "text", "keys", "new", "foreign"])
def test_it_opens_in_the_dark(make: Make, name: str, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    try:
        picture = make(name).grab().toImage()
        ground = picture.pixelColor(QPoint(3, 3))
        assert ground.lightness() < 60
    finally:
        apply_theme(qapp, "light")


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_every_control(make: Make, name: str, qtbot: QtBot) -> None:
    dialog = make(name)
    dialog.activateWindow()
    reached: set[QWidget] = set()
    at: QWidget | None = dialog
    for _ in range(400):
        at = at.nextInFocusChain() if at else None
        if at is None or at is dialog:
            break
        reached.add(at)
    wanted = [
        one for kind in (QLineEdit, QAbstractItemView, QComboBox, QToolButton) for one in shown(dialog, kind)
    ]
    missing = [one for one in wanted if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one not in reached]
    assert not missing
