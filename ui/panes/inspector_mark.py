"""The inspector's page on the mark in focus."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from app import commands
from app.messages import tr
from app.services.annotation_views import DocumentViews, Link, MarkView, Other
from app.services.register_views import NO_THINGS, which_thing
from models.labels import Label, LabelSet, RelationLabel
from ui.actions import action
from ui.bridge import Bridge
from ui.memory_words import evidence_words
from ui.panes.inspector_claim import ClaimFields
from ui.panes.inspector_fields import ChoiceBox, NoteEdit, Option
from ui.panes.inspector_lines import Line, LineList
from ui.panes.inspector_parts import Chip, Muted, Run, ScoreBar, local_time, show_if, state_of
from ui.panes.inspector_thing import ThingFields
from ui.source_words import score_words, source_words
from ui.theme import Palette

LONGEST_QUOTE = 600
"""Code points of a quote that are shown; the text itself is beside it."""
_STEPS = (("«", -1, "word"), ("‹", -1, "character"), ("›", 1, "character"), ("»", 1, "word"))


class MarkPage(QWidget):
    """Shows a :class:`MarkView` and lets a person change what it shows.

    ``action_wanted(id)`` and ``boundary_wanted(end, step, unit)`` ask the window; ``reader_wanted()`` gives
    the keyboard back to the text. Everything else is done through the bridge.
    """

    action_wanted = Signal(str)
    boundary_wanted = Signal(str, int, str)
    reader_wanted = Signal()

    def __init__(self, bridge: Bridge, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run = run
        self._view: MarkView | None = None
        self._document = ""
        self._palette = Palette()
        self.chip, self.state = Chip(), QLabel()
        self.quote, self.bar, self.source, self.facts = QLabel(), ScoreBar(), Muted(), Muted()
        self.decide, self.undecide = ActionButton(), ActionButton()
        self.label = ChoiceBox()
        self.note = NoteEdit()
        self.thing = ThingFields()
        self.ends, self.links, self.others = LineList(), LineList(), LineList()
        self._boundaries: dict[QToolButton, tuple[str, int, str]] = {}
        self._form, self._note_form = _form(), _form()
        self.claim = ClaimFields(bridge, run, _form())
        self._lay_out()
        self._connect()

    # Laying out -------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.quote.setTextFormat(Qt.TextFormat.PlainText)
        self.quote.setWordWrap(True)
        self.quote.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.quote.font()
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self.quote.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(_row(self.chip, self.state))
        column.addWidget(self.quote)
        column.addLayout(_row(self.bar, self.source, last=True))
        column.addWidget(self.facts)
        column.addLayout(_row(self.decide, self.undecide))
        column.addWidget(self.ends)
        self._lay_out_form()
        column.addLayout(self._form)
        column.addWidget(self.claim)
        column.addWidget(self.thing)
        column.addLayout(self._note_form)
        column.addWidget(self.links)
        column.addWidget(self.others)
        column.addStretch(1)

    def _lay_out_form(self) -> None:
        form = self._form
        self._label_words, self._start_words, self._end_words = QLabel(), QLabel(), QLabel()
        self._note_words = QLabel()
        form.addRow(self._label_words, self.label)
        self._start, self._end = self._steps("start"), self._steps("end")
        form.addRow(self._start_words, self._start)
        form.addRow(self._end_words, self._end)
        self._note_form.addRow(self._note_words, self.note)
        self._label_words.setBuddy(self.label)
        self._note_words.setBuddy(self.note)

    def _steps(self, end: str) -> QWidget:
        box = QWidget()
        side = QHBoxLayout(box)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        for words, step, unit in _STEPS:
            button = QToolButton()
            button.setText(words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumWidth(32)
            button.clicked.connect(lambda _=False, say=(end, step, unit): self.boundary_wanted.emit(*say))
            self._boundaries[button] = (end, step, unit)
            side.addWidget(button)
        side.addStretch(1)
        return box

    def _connect(self) -> None:
        for button in (self.decide, self.undecide):
            button.clicked.connect(lambda _=False, button=button: self.action_wanted.emit(button.wanted))
        self.claim.built.connect(self._align)
        self.thing.action_wanted.connect(self.action_wanted)
        self.label.chosen.connect(self._relabel)
        self.note.committed.connect(self._write_note)
        self.note.finished.connect(self.reader_wanted)
        for listed in (self.ends, self.links, self.others):
            listed.go_wanted.connect(self._go)
            listed.remove_wanted.connect(self._remove)

    # Showing ----------------------------------------------------------------------------------------------

    def show_view(self, views: DocumentViews, view: MarkView, palette: Palette, labels: LabelSet) -> None:
        """Show a mark; what was being written about the one before is stored first."""
        if self._view is not None and self._view.mark.key != view.mark.key:
            self.flush()
        self._view, self._document, self._palette = view, views.document, palette
        mark = view.mark
        self.chip.show_label(palette, mark.label, mark.state)
        self.state.setText(tr(f"reader.state-{state_of(mark.state)}"))
        quote = view.quote if len(view.quote) <= LONGEST_QUOTE else view.quote[:LONGEST_QUOTE] + "…"
        self.quote.setText(quote)
        show_if(self.quote, bool(quote))
        self._show_source(view)
        self._show_facts(view)
        self._show_buttons(view)
        changeable = view.mine and not self._bridge.workspace.read_only
        placed = bool(mark.spans) and changeable
        if self._form.isRowVisible(self._start) != placed:
            self._form.setRowVisible(self._start, placed)
            self._form.setRowVisible(self._end, placed)
        self._offer_labels(view, labels)
        self.label.setEnabled(changeable)
        self.note.load(mark.note or "")
        self.note.setEnabled(changeable)
        self.claim.show_view(views, view, changeable)
        named = mark.kind == "entity" and mark.label not in NO_THINGS
        which = which_thing(self._bridge.workspace, views.document, mark) if named else None
        self.thing.show_which(which, changeable and mark.state != "rejected")
        self._show_lists(view, changeable)

    def _show_source(self, view: MarkView) -> None:
        mark = view.mark
        show_if(self.bar, mark.score is not None)
        if mark.score is not None:
            self.bar.show_score(mark.score)
        words = [f"{round(mark.score * 100)} %"] if mark.score is not None else []
        words.append(source_words(mark.source) if mark.source else "")
        words.append(score_words(self._bridge.workspace, mark))
        words.append(evidence_words(self._bridge.workspace, mark, view.quote))
        self.source.say(" · ".join(filter(None, words)))

    def _show_facts(self, view: MarkView) -> None:
        words = []
        if not view.mark.judged:
            words.append(tr("inspector.waiting"))
        else:
            words.append(view.annotator or (tr("inspector.you") if view.mine else tr("inspector.unknown")))
        if view.created:
            words.append(local_time(view.created))
        if view.modified and view.modified != view.created:
            words.append(tr("inspector.changed", when=local_time(view.modified)))
        if not view.mine:
            words.append(tr("inspector.not-yours"))
        self.facts.say(" · ".join(words))

    def _show_buttons(self, view: MarkView) -> None:
        """What is suggested is accepted or rejected, what is judged reopened or deleted."""
        mark, changeable = view.mark, view.mine and not self._bridge.workspace.read_only
        waiting = mark.state == "suggested"
        self.decide.show_action("curate.accept" if waiting else "curate.reopen")
        self.undecide.show_action("curate.reject" if waiting else "curate.delete")
        show_if(self.decide, changeable and (waiting or mark.suggestion is not None))
        show_if(self.undecide, changeable and (waiting or mark.annotation is not None))

    def _offer_labels(self, view: MarkView, labels: LabelSet) -> None:
        mark = view.mark
        offered: tuple[Label | RelationLabel, ...] = labels.entities
        if mark.kind == "claim":
            offered = labels.claims
        elif mark.kind == "relation":
            offered = labels.relations
            if len(view.ends) == 2:
                offered = labels.relations_between(view.ends[0].label, view.ends[1].label)
        options = [
            Option(one.id, self._palette.title(one.id), one.key, one.color)
            for one in offered
            if not one.retired or one.id == mark.label
        ]
        if mark.label not in {one.value for one in options}:
            options.append(Option(mark.label, self._palette.title(mark.label)))
        self.label.set_options(options)
        self.label.show_value(mark.label)

    def _show_lists(self, view: MarkView, changeable: bool) -> None:
        arrows = {True: "→", False: "←"}
        links = [
            Line(
                f"{arrows[one.outgoing]} {self._palette.title(one.label)}", one.other.quote, one.other.label,
                one.state, one.other, one if changeable and one.state != "rejected" else None,
            )
            for one in view.links
        ]  # fmt: skip
        self.links.show_lines(links, self._palette)
        names = (tr("inspector.from"), tr("inspector.to"))
        ends = [
            Line(name, end.quote, end.label, end.state, end)
            for name, end in zip(names, view.ends, strict=False)
        ]
        self.ends.show_lines(ends, self._palette)
        others = [
            Line(self._palette.title(one.label), one.quote, one.label, one.state, one) for one in view.others
        ]
        self.others.show_lines(others, self._palette)

    # Doing ------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Store what is being written."""
        self.note.flush()
        self.claim.flush()

    def forget(self) -> None:
        """Show nothing more: the project is another."""
        self._view = None
        self.claim.forget()

    def _relabel(self, label: object) -> None:
        if self._view is not None and label != self._view.mark.label:
            key = self._view.mark.key
            self._run(commands.Relabel(document=self._document, key=key, label=str(label)))

    def _write_note(self, text: str) -> None:
        if self._view is not None and text != (self._view.mark.note or ""):
            key = self._view.mark.key
            self._run(commands.SetNote(document=self._document, key=key, text=text))

    def _go(self, other: object) -> None:
        if isinstance(other, Other):
            self._bridge.open_document(other.document, other.key)

    def _remove(self, link: object) -> None:
        if isinstance(link, Link):
            self._run(commands.Delete(document=link.document, keys=(link.key,)))

    # Words ------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the window's language."""
        self._label_words.setText(tr("inspector.label"))
        self._start_words.setText(tr("inspector.start"))
        self._end_words.setText(tr("inspector.end"))
        self._note_words.setText(tr("inspector.note"))
        self.label.setAccessibleName(tr("inspector.label"))
        self.note.setAccessibleName(tr("inspector.note"))
        self.note.setPlaceholderText(tr("inspector.note-hint"))
        for step, (end, way, unit) in self._boundaries.items():
            side = "left" if way < 0 else "right"
            wanted = f"curate.{end}-{side}" + ("-character" if unit == "character" else "")
            step.setAccessibleName(tr(f"action.{wanted}"))
            step.setToolTip(f"{tr(f'action.{wanted}')}{_keys(wanted)}")
        self.links.say(tr("inspector.relations"), tr("inspector.remove-relation"))
        self.others.say(tr("inspector.others"), "")
        self.ends.say(tr("inspector.ends"), "")
        self.claim.retranslate()
        self.thing.retranslate()
        if self._view is not None:
            self._show_buttons(self._view)
        self._align()

    def _align(self) -> None:
        """Let the fields of all forms begin at the same place."""
        words = [self._label_words, self._start_words, self._end_words, self._note_words, *self.claim.words]
        widest = max(label.sizeHint().width() for label in words)
        for label in words:
            label.setMinimumWidth(widest)


class ActionButton(QPushButton):
    """A button for whichever action of :mod:`ui.actions` is the right one for the mark shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = ""
        self._said = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_action(self, wanted: str) -> None:
        """Stand for another action."""
        said = tr(f"inspector.{wanted.partition('.')[2]}")
        if (wanted, said) != (self.wanted, self._said):
            self.wanted, self._said = wanted, said
            self.setText(said)
            self.setToolTip(f"{tr(f'action.{wanted}')}{_keys(wanted)}")


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(6)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


@cache
def _keys(wanted: str) -> str:
    """Return an action's first keys in parentheses, as people here write them."""
    keys = action(wanted).keys
    native = QKeySequence.SequenceFormat.NativeText
    return f"  ({QKeySequence(keys[0]).toString(native)})" if keys else ""


def _row(*widgets: QWidget, last: bool = False) -> QHBoxLayout:
    """Return widgets side by side; the ``last`` one takes the room that is left."""
    side = QHBoxLayout()
    side.setSpacing(8)
    for widget in widgets:
        side.addWidget(widget, 1 if last and widget is widgets[-1] else 0)
    if not last:
        side.addStretch(1)
    return side

