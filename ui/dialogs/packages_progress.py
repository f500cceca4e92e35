"""How far everybody is with their documents, and whose files are to be written."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.messages import tr
from app.services.packages import PackageProgress, team_progress
from ui.bridge import Bridge
from ui.dialogs.frame import quiet
from ui.dialogs.team_table import TableCell, TeamTable

HEADS = (
    "team.annotator-column",
    "team.assigned",
    "team.done",
    "team.annotations",
    "team.conflicts",
    "team.shared-done",
    "team.last",
)


class ProgressPage(QWidget):
    """A line for everybody who was given documents."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.people: tuple[PackageProgress, ...] = ()
        self.table = TeamTable(tr("team.progress"))
        self.said = quiet()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)
        self.refresh()

    def refresh(self) -> None:
        """Read again how far everybody is."""
        found = team_progress(self._bridge.workspace.reads)
        self.people = found.people
        self.table.fill([tr(head) for head in HEADS], [self._row(one) for one in found.people])
        said = [] if found.people else [tr("team.cli-nobody")]
        if found.overlap:
            said.append(tr("team.overlap-done", done=found.overlap_done, count=found.overlap))
        if found.unassigned:
            said.append(tr("team.unassigned", count=found.unassigned))
        self.said.setText(" ".join(said))

    @staticmethod
    def _row(one: PackageProgress) -> list[TableCell]:
        share = f"{one.done / one.assigned:.0%}".replace("%", tr("team.percent-sign"))
        return [
            TableCell(one.name),
            TableCell(str(one.assigned), one.assigned),
            TableCell(f"{one.done} ({share})", one.done / one.assigned),
            TableCell(str(one.made), one.made),
            TableCell(str(one.conflicts), one.conflicts),
            TableCell(tr("team.of", part=one.shared_done, whole=one.shared), one.shared_done),
            TableCell(day(one.last), -1.0 if one.last is None else float(one.last[:10].replace("-", ""))),
        ]

    def chosen(self) -> list[str]:
        """Return the ids of the people whose lines are selected; none stands for all."""
        names = {self.table.item(index.row(), 0).text() for index in self.table.selectedIndexes()}
        return [one.id for one in self.people if one.name in names]


def day(moment: str | None) -> str:
    """Return the day of a moment, as both languages write it in tables."""
    if moment is None:
        return tr("team.never")
    return moment[:10]
