"""The audit trail as Qt reads it: newest first, older steps as one scrolls down."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.messages import language, tr
from app.services.annotation_views import Step, steps
from app.workspace import Workspace

PAGE = 60
"""Steps read at once."""
_AGAIN = 2 * PAGE
"""After a change at most so many steps are read anew; older ones when they are scrolled to."""

StepRole = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


def command_words(command: str) -> str:
    """Return what a command is called; one of a later version by its own name."""
    try:
        return tr(f"history.command.{command}")
    except KeyError:
        return command


def step_words(step: Step, workspace: Workspace) -> str:
    """Return what a step did, with the label and the quote it did it to."""
    words = command_words(step.entry.command)
    label, quote = step.detail
    if label:
        words += f" · {workspace.reads.label_set().title(label, language())}"
    return tr("history.of", what=words, quote=" ".join(quote.split())) if quote else words


class HistoryModel(QAbstractListModel):
    """Steps of a project or of one document."""

    def __init__(self) -> None:
        super().__init__()
        self._workspace: Workspace | None = None
        self._document: str | None = None
        self._steps: list[Step] = []
        self._complete = True

    def show_history(self, workspace: Workspace | None, document: str | None) -> None:
        """Show the steps of a project, or only those of one of its documents."""
        same = workspace is self._workspace and document == self._document
        self._workspace, self._document = workspace, document
        if same and workspace is not None:
            self._read_again(workspace)
            return
        self.beginResetModel()
        self._steps = steps(workspace, PAGE, None, document) if workspace is not None else []
        self._complete = len(self._steps) < PAGE
        self.endResetModel()

    def _read_again(self, workspace: Workspace) -> None:
        """Take over new steps and changed states; what is shown stays where it is."""
        wanted = max(PAGE, min(len(self._steps) + PAGE, _AGAIN))
        known = {one.entry.change_set: one.detail for one in self._steps}
        found = steps(workspace, wanted, None, self._document, known)
        old = [one.entry.change_set for one in self._steps]
        new = [one.entry.change_set for one in found]
        fresh = sum(number > (old[0] if old else -1) for number in new)
        if old[: len(new) - fresh] != new[fresh : fresh + len(old)]:
            self.beginResetModel()
            self._steps, self._complete = found, len(found) < wanted
            self.endResetModel()
            return
        if fresh:
            self.beginInsertRows(QModelIndex(), 0, fresh - 1)
            self._steps[:0] = found[:fresh]
            self.endInsertRows()
        if not old:
            self._complete = len(found) < wanted
        changed = [n for n, one in enumerate(found) if n < len(self._steps) and one != self._steps[n]]
        for number in changed:
            self._steps[number] = found[number]
            self.dataChanged.emit(self.index(number), self.index(number))

    def step(self, number: int) -> Step | None:
        """Return a step that has been read."""
        return self._steps[number] if 0 <= number < len(self._steps) else None

    # Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many steps have been read."""
        return 0 if parent.isValid() else len(self._steps)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are older steps."""
        return not parent.isValid() and not self._complete

    def fetchMore(self, parent: Index) -> None:
        """Read older steps."""
        if self._workspace is None or not self._steps:
            return
        found = steps(self._workspace, PAGE, self._steps[-1].entry.change_set, self._document)
        self._complete = len(found) < PAGE
        if found:
            self.beginInsertRows(QModelIndex(), len(self._steps), len(self._steps) + len(found) - 1)
            self._steps += found
            self.endInsertRows()

    def data(self, index: Index, role: int = 0) -> object:
        """Return a step, or its words."""
        step = self.step(index.row())
        if step is None or self._workspace is None:
            return None
        if role == StepRole:
            return step
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return step_words(step, self._workspace)
        return None
