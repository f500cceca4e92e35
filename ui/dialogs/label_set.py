"""The label set editor: what can be annotated in this project, and what a change of it would mean."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.commands import ChangeLabelSet
from app.messages import sentence, tr
from app.services.label_views import (
    GROUPS,
    Draft,
    Fault,
    lost_facets,
    read_label_set,
    usage,
    write_label_set,
)
from app.services.labels import effect
from models.errors import KuratorError
from models.labels import LabelSet
from ui.actions import ACTIONS
from ui.bridge import Bridge
from ui.dialogs import files
from ui.dialogs.asking import confirm
from ui.dialogs.frame import Dialog, line, plain
from ui.dialogs.label_effect import EffectPage
from ui.dialogs.label_group import GroupPage
from ui.dialogs.tints import distance


def reserved_keys() -> dict[str, str]:
    """Return the single keys that work on the text anyway, with what they do."""
    return {
        key.lower(): tr(entry.title_key)
        for entry in ACTIONS
        if entry.reader
        for key in entry.keys
        if len(key) == 1
    }


class LabelSetDialog(Dialog):
    """Edits a draft of the label set; a second page says what it means, and puts it in place as one step."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, tr("labelset.dialog"), heading=False)
        self._bridge = bridge
        reads = bridge.workspace.reads
        self.draft = Draft(reads.label_set())
        used = usage(reads)
        self._new: LabelSet | None = None
        self.name = line(plain(tr("labelset.set-name")), self.draft.data["name"])
        self.name.textEdited.connect(self._rename_set)
        self.pages = {group: GroupPage(self.draft, group, used) for group in GROUPS}
        self.tabs = QTabWidget()
        for page in self.pages.values():
            page.edited.connect(self._edited)
            self.tabs.addTab(page, "")
        self.effect = EffectPage()
        self.effect.decided.connect(self._enable)
        self._steps = QStackedWidget()
        self._lay_out()
        self.go_on = self.add_accept("")
        self.box.accepted.disconnect(self.accept)
        self.box.accepted.connect(self._go_on)
        self.back = self.add_action(tr("labelset.back"), self._go_back)
        self.add_cancel()
        bridge.notice.connect(self._hear)
        self._edited()
        self._go_back()
        self.resize(1060, 690)
        self.pages["entities"].labels.list.setFocus()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        title = QLabel(tr("labelset.set-name"))
        title.setBuddy(self.name)
        self.version = QLabel(tr("labelset.version", version=self.draft.standing.version))
        self.load = QPushButton(tr("labelset.import"))
        self.save = QPushButton(tr("labelset.export"))
        for button, act in ((self.load, self.load_file), (self.save, self.save_file)):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, act=act: act())
        top.addWidget(title)
        top.addWidget(self.name, 1)
        top.addWidget(self.version)
        top.addSpacing(16)
        top.addWidget(self.load)
        top.addWidget(self.save)
        editor = QWidget()
        column = QVBoxLayout(editor)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.tabs, 1)
        self._steps.addWidget(editor)
        self._steps.addWidget(self.effect)
        self.body.addWidget(self._steps, 1)

    # The draft --------------------------------------------------------------------------------------------

    def _rename_set(self, name: str) -> None:
        self.draft.data["name"] = name
        self._edited()

    def _edited(self) -> None:
        """Look what is wrong now, and say it where it is."""
        faults = self.draft.faults(reserved_keys(), distance)
        for group, page in self.pages.items():
            said = {one.id: in_words(one) for one in reversed(faults) if one.group == group}
            page.show_faults(said)
            row = list(self.pages).index(group)
            count = len(self.draft.records(group))
            self.tabs.setTabText(row, f"{tr(f'labelset.{group}')} ({count})" + (" ⚠" if said else ""))
        self._show_fault(faults)
        self._grave = any(one.grave for one in faults)
        self._enable()

    def _show_fault(self, faults: list[Fault]) -> None:
        if self._bridge.workspace.read_only:
            self.trouble.say(tr("labelset.read-only"))
            return
        page = self.tabs.currentWidget()
        here = page.labels.current if isinstance(page, GroupPage) else ""
        shown = next((one for one in faults if one.grave), None)
        shown = shown or next((one for one in faults if one.id == here), None)
        self.trouble.say(in_words(shown) if shown else "", grave=bool(shown and shown.grave))

    def _enable(self) -> None:
        editing = self._steps.currentIndex() == 0
        able = not self._bridge.workspace.read_only
        ready = self.draft.changed and not self._grave if editing else self.effect.complete
        self.go_on.setEnabled(able and ready)
        self.go_on.setText(tr("labelset.next" if editing else "labelset.apply"))
        self.back.setVisible(not editing)

    # Files ------------------------------------------------------------------------------------------------

    def load_file(self) -> None:
        """Ask for a file with a label set and take it into the draft."""
        path = files.open_file(self, tr("labelset.import-title"), ".json")
        if path is None:
            return
        try:
            self.draft.replace(read_label_set(path))
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self.name.setText(self.draft.data["name"])
        for page in self.pages.values():
            page.refresh()
        self._edited()

    def save_file(self) -> None:
        """Ask for a place and write the draft there."""
        name = f"{self.draft.data['name'].strip() or 'labels'}.json"
        path = files.save_file(self, tr("labelset.export-title"), name, ".json")
        if path is None:
            return
        try:
            write_label_set(self.draft.as_set() if self.draft.changed else self.draft.standing, path)
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        self._bridge.notice.emit(tr("labelset.exported", path=str(path)), "done")

    # Putting it in place ----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._steps.currentIndex() == 1:
            self._apply()
            return
        try:
            self._new = self.draft.as_set()
        except KuratorError as error:
            self.trouble.say(sentence(error))
            return
        reads = self._bridge.workspace.reads
        found, lost = effect(reads, self._new), lost_facets(reads, self._new)
        self.effect.show_effect(self.draft.standing, self._new, found, lost)
        self.trouble.say("")
        self._steps.setCurrentIndex(1)
        self._enable()
        first = next(iter(self.effect.choices.values()), None)
        (first or self.go_on).setFocus()

    def _go_back(self) -> None:
        self._steps.setCurrentIndex(0)
        self._edited()

    def _apply(self) -> None:
        assert self._new is not None
        command = ChangeLabelSet(label_set=self._new.to_json(), moves=self.effect.moves())
        if self._bridge.run(command, self) is not None:
            self.accept()

    def _hear(self, words: str, level: str) -> None:
        """Say here too what was refused: the window's own line is behind this dialog."""
        if level == "error":
            self.trouble.say(words)

    def reject(self) -> None:
        """Leave without a change; ask first where something would be lost."""
        if self.draft.changed and not confirm(
            self,
            tr("labelset.discard-title"),
            tr("labelset.discard"),
            tr("labelset.discard-yes"),
            careful=True,
        ):
            return
        super().reject()


def in_words(fault: Fault) -> str:
    """Return what is wrong as a sentence."""
    return tr(fault.code, **fault.details)
