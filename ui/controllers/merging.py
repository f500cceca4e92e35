"""A colleague's exchange file: taken over by an empty project, else planned, shown, and merged in a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app import commands
from app.messages import tr
from ui.bridge import Bridge
from ui.controllers.settling import Settling
from ui.jobs import JobBoard

_KIND = "merge"
_PLANNING = "compare"


class Merging(QObject):
    """Takes exchange files in. ``taken`` is told the report of a file that an empty project took over."""

    def __init__(
        self,
        bridge: Bridge,
        jobs: JobBoard,
        settling: Settling,
        taken: Callable[[dict[str, Any]], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._jobs = jobs
        self._settling = settling
        self._taken = taken
        self._window = window

    def takes(self, paths: Sequence[Path]) -> bool:
        """Take in what is one exchange file; return False where it is anything else."""
        from app.formats.exchange import is_exchange

        if len(paths) != 1 or paths[0].suffix.lower() != ".json" or not is_exchange(paths[0]):
            return False
        from app.services.first_import import is_empty

        if is_empty(self._bridge.workspace):
            self._take_over(paths[0])
        else:
            self._plan(paths[0], [])
        return True

    # Into an empty project --------------------------------------------------------------------------------

    def _take_over(self, path: Path) -> None:
        from app.services.first_import import package_of, read_annotators

        arguments = [str(path)]
        package = package_of(path)
        if package is not None:
            from ui.dialogs.merge_package import PackageDialog

            name = read_annotators(path).get(package["annotator"]) or package["annotator"]
            dialog = PackageDialog(package["name"], name, self._window)
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return
            arguments.append(f"--annotator={package['annotator'] if dialog.becomes() else ''}")
        self._jobs.start("import", self._bridge.workspace.path, arguments, self._took_over)

    def _took_over(self, report: dict[str, Any]) -> None:
        if self._refused(report):
            return
        self._taken(report)

    def _refused(self, report: Mapping[str, Any]) -> bool:
        """Show what is wrong with a file; False where nothing is."""
        if not report.get("problems"):
            return False
        from ui.dialogs.merge_problems import ProblemsDialog

        ProblemsDialog(str(report.get("name", "")), report["problems"], self._window).open()
        return True

    # Into a project with documents ------------------------------------------------------------------------

    def _plan(self, path: Path, base: Sequence[str]) -> None:
        arguments = [str(path), "--dry-run", *base]
        self._jobs.start(
            _PLANNING,
            self._bridge.workspace.path,
            arguments,
            lambda report: self._planned(path, base, report),
            command="import",
        )

    def _planned(self, path: Path, base: Sequence[str], report: dict[str, Any]) -> None:
        plan = report.get("merge")
        if self._refused(report) or plan is None:
            return
        if plan["cancelled"]:
            self._bridge.notice.emit(tr("merging.cancelled"), "info")
            return
        if plan["empty"]:
            self._bridge.notice.emit(tr("merging.nothing"), "done")
            return
        self._ask(path, base, plan)

    def _ask(self, path: Path, base: Sequence[str], plan: Mapping[str, Any]) -> None:
        from ui.dialogs.merge import AGAIN, MergeDialog

        dialog = MergeDialog(self._bridge, plan, base, self._window)

        def ended(result: int) -> None:
            if result == AGAIN:
                self._plan(path, dialog.base_arguments())
            elif result == QDialog.DialogCode.Accepted:
                self._merge(path, dialog.base_arguments(), dialog.same_people())

        dialog.finished.connect(ended)
        dialog.open()

    def _merge(self, path: Path, base: Sequence[str], same: Sequence[tuple[str, str]]) -> None:
        self._jobs.start(
            _KIND,
            self._bridge.workspace.path,
            [str(path), *base],
            lambda report: self._merged(same, report),
            command="import",
        )

    def _merged(self, same: Sequence[tuple[str, str]], report: dict[str, Any]) -> None:
        plan = report.get("merge")
        if self._refused(report) or plan is None:
            return
        if plan["cancelled"]:
            self._bridge.notice.emit(tr("merging.cancelled"), "info")
            return
        for keep, drop in same:
            self._bridge.run(commands.SamePerson(keep=keep, drop=drop), self)
        if plan["conflicts"]:
            self._bridge.notice.emit(tr("merging.done-with-conflicts", count=plan["open"]), "warning")
            self._settling.begin()
        else:
            self._bridge.notice.emit(tr("merging.done"), "done")
