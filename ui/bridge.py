"""The bridge: all that crosses between panes, and the only way from a widget to the workspace.

Panes never call panes. They ask the bridge to run a command, to open a document or to look at a mark, and
they listen to its signals. State lives in the workspace and here, never in a widget.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.commands import Command
from app.messages import language, sentence, tr
from app.settings import Settings
from app.workspace import Workspace
from models.errors import KuratorError
from models.history import Focus, Outcome, Touched
from models.marks import Mark
from models.spans import Spans
from ui.effort import Meter


class Bridge(QObject):
    """Signals and requests that panes share.

    ``changed(Touched, initiator)``: the project changed; ``initiator`` is the object that asked for it.
    ``project_changed()``: another project is open, or none. ``document_changed(str | None)``: another document
    is shown. ``mark_changed(Mark | None)``: another mark has the focus. ``selection_changed(Spans)``: other
    words are selected. ``focus_wanted(Focus)``: show this place. ``notice(str, str)``: a sentence and its
    level: info, done, warning or error. ``settings_changed()``: language, theme or reader settings changed.
    ``job_changed(object)``: a :class:`ui.jobs.JobState`. ``conflicts_counted(int)``: so many wait to be settled.
    """

    changed = Signal(object, object)
    project_changed = Signal()
    document_changed = Signal(object)
    mark_changed = Signal(object)
    selection_changed = Signal(object)
    focus_wanted = Signal(object)
    notice = Signal(str, str)
    settings_changed = Signal()
    job_changed = Signal(object)
    conflicts_counted = Signal(int)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._workspace: Workspace | None = None
        self.document: str | None = None
        self.mark: Mark | None = None
        self.selection: Spans = ()
        self.held = False
        """Whether a job is storing so much at once that nobody else can change the project meanwhile."""
        self.meter: Meter | None = None

    # The project ------------------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """The open project; panes are only asked for content while there is one."""
        assert self._workspace is not None
        return self._workspace

    @property
    def is_open(self) -> bool:
        """Whether a project is open."""
        return self._workspace is not None

    def writable(self) -> bool:
        """Whether the project may be changed; a notice says so where it may not."""
        if self.workspace.read_only:
            self.notice.emit(tr("window.opened-read-only"), "warning")
            return False
        return True

    def set_workspace(self, workspace: Workspace | None) -> None:
        """Show another project, or none; the one before must be closed by whoever opened it."""
        self._workspace = workspace
        self.document, self.mark, self.selection = None, None, ()
        self.document_changed.emit(None)
        self.project_changed.emit()

    # Doing ------------------------------------------------------------------------------------------------

    def run(self, command: Command, initiator: object = None) -> Outcome | None:
        """Carry out a command and tell everybody; a refusal becomes a notice and None is returned."""
        return self._announce(lambda: self._measured(command), initiator)

    def _measured(self, command: Command) -> Outcome:
        """Carry out a command with what it took; what changes nothing leaves the count running."""
        if self.meter is None:
            return self.workspace.run(command)
        outcome = self.workspace.run(command, self.meter.so_far())
        if outcome.change_set is not None:
            self.meter.begin()
        return outcome

    def undo(self) -> Outcome | None:
        """Take the latest step back and take the eye there."""
        return self._travel(self.workspace.undo, "history.undone", "history.nothing-to-undo")

    def redo(self) -> Outcome | None:
        """Do again what was taken back last and take the eye there."""
        return self._travel(self.workspace.redo, "history.redone", "history.nothing-to-redo")

    def _travel(self, step: Callable[[], Outcome | None], said: str, nothing: str) -> Outcome | None:
        outcome = self._announce(step, None)
        if outcome is None:
            return None
        if outcome.command == "":
            self.notice.emit(tr(nothing), "info")
            return None
        self.notice.emit(tr(said, what=tr(f"history.command.{outcome.command}")), "info")
        if outcome.focus.document:
            self.focus_wanted.emit(outcome.focus)
        return outcome

    def _announce(self, act: Callable[[], Outcome | None], initiator: object) -> Outcome | None:
        if self.held:
            self.notice.emit(tr("merging.held"), "warning")
            return None
        try:
            outcome = act()
        except KuratorError as error:
            self.complain(error)
            return None
        if outcome is None:
            return Outcome(None, Touched(), Focus(), "")
        if outcome.change_set is not None:
            self.changed.emit(outcome.touched, initiator)
        return outcome

    def complain(self, error: KuratorError) -> None:
        """Show what went wrong and what to do next."""
        self.notice.emit(sentence(error), "error")

    # Looking ----------------------------------------------------------------------------------------------

    def open_document(self, document: str | None, mark: str | None = None) -> None:
        """Show a document, and in it a mark if one is named."""
        if document != self.document:
            if self.meter is not None:
                self.meter.begin()
            self.document, self.mark, self.selection = document, None, ()
            self.document_changed.emit(document)
        if document is not None and mark is not None:
            self.focus_wanted.emit(Focus(document, mark))

    def set_mark(self, mark: Mark | None) -> None:
        """The reader's focus moved."""
        if mark != self.mark:
            self.mark = mark
            self.mark_changed.emit(mark)

    def set_selection(self, spans: Spans) -> None:
        """The reader's selection changed."""
        if spans != self.selection:
            self.selection = spans
            self.selection_changed.emit(spans)

    # Words ------------------------------------------------------------------------------------------------

    def title(self, label: str) -> str:
        """Return how a label is called in the window's language."""
        return self.workspace.reads.label_set().title(label, language())
