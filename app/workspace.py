"""The workspace: an open project, and the one door through which every action goes.

``run`` opens a transaction, lets the command's service work, commits, and says what was touched. Views read
again what was touched; nothing else tells them anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import commands
from app.touched import BULK, touched_by
from models.errors import Defect, UserError
from models.history import HistoryEntry, Outcome, Touched
from models.store.mark_reads import MarkReads
from models.store.project_file import ProjectFile
from models.store.reads import Reads

if TYPE_CHECKING:
    from app.services.context import Context
    from app.services.memory import Remembering
    from models.effort import Effort
    from models.store.unit_of_work import Writer


_Services = Mapping[type[commands.Command], Callable[["Context", Any], None]]


def _services() -> _Services:
    return {**_annotating(), **_working_together(), **_registering()}


def _annotating() -> _Services:
    from app.services import documents, editing, identical, judgements, labels, relations, texts

    return {
        commands.Accept: judgements.accept,
        commands.AcceptAll: judgements.accept_all,
        commands.Reject: identical.reject,
        commands.Reopen: judgements.reopen,
        commands.CreateAnnotation: editing.create,
        commands.CreateRelation: relations.relate,
        commands.Relabel: editing.relabel,
        commands.MoveBoundaries: editing.move,
        commands.SetFacets: editing.set_facets,
        commands.SetSpeaker: relations.set_speaker,
        commands.SetNote: editing.set_note,
        commands.Delete: judgements.delete,
        commands.ApplyToIdentical: identical.apply,
        commands.SetDone: documents.set_done,
        commands.SetFurniture: documents.set_furniture,
        commands.SetDocumentNote: documents.set_note,
        commands.SetDocumentFields: documents.set_fields,
        commands.RemoveDocuments: documents.remove,
        commands.ReplaceText: texts.replace,
        commands.Reanchor: texts.place_orphan,
        commands.ChangeLabelSet: labels.change,
    }


def _working_together() -> _Services:
    from app.services import adjudication, conflicts, controls, packages, people

    return {
        commands.AdjudicateCase: adjudication.decide,
        commands.AdjudicateWrong: adjudication.turn_down,
        commands.AdjudicateReopen: adjudication.reopen,
        commands.AdjudicateAll: adjudication.take_all,
        commands.SetControls: controls.set_controls,
        commands.SetAssignments: packages.assign,
        commands.ResolveConflict: conflicts.resolve,
        commands.SamePerson: people.same_person,
    }


def _registering() -> _Services:
    from app import register_commands as about
    from app.services import register

    return {
        about.LinkTo: register.link,
        about.ConfirmLink: register.link,
        about.RejectLink: register.reject,
        about.ConfirmLinks: register.confirm_many,
        about.NewThing: register.new_thing,
        about.RenameThing: register.rename,
        about.SetAliases: register.set_aliases,
        about.SetThingLinks: register.set_links,
        about.MergeThings: register.merge,
        about.SplitMentions: register.split,
        about.DeleteThings: register.delete,
        about.AddThings: register.add,
    }


def load_writing() -> None:
    """Load the modules that the first command needs. May be called on any thread."""
    import_module("models.store.effort_writes")
    _services()


class Workspace:
    """An open project with its reads and its one writer.

    SQLAlchemy and the services are loaded at the first write (:meth:`prepare` does it earlier), so that a
    window can show documents at once.
    """

    def __init__(self, file: ProjectFile) -> None:
        self.file = file
        self.reads = Reads(file.connection)
        self.marks = MarkReads(self.reads)

    @classmethod
    def create(
        cls, path: Path, name: str, annotator: str = "", label_set: Mapping[str, Any] | None = None
    ) -> Workspace:
        """Make a project with the default label set, or another one, and open it.

        Raises:
            UserError, EnvironmentFault: see :meth:`ProjectFile.create`.
        """
        return cls(ProjectFile.create(path, name, dict(label_set or default_label_set()), annotator))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, share: bool = False) -> Workspace:
        """Open a project.

        Raises:
            UserError, EnvironmentFault: see :meth:`ProjectFile.open`.
        """
        return cls(ProjectFile.open(path, read_only=read_only, share=share))

    def close(self) -> None:
        """Close the project; everything is stored already."""
        if "writer" in self.__dict__:
            self.writer.dispose()
        self.file.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The project file."""
        return self.file.path

    @property
    def read_only(self) -> bool:
        """Whether the file is write-protected."""
        return self.file.read_only

    @cached_property
    def writer(self) -> Writer:
        """The way into the file; loads SQLAlchemy."""
        from models.store.unit_of_work import Writer

        return Writer(self.file)

    @cached_property
    def memory(self) -> Remembering:
        """What curators' decisions are remembered for."""
        from app.services.memory import Remembering

        return Remembering(self)

    @cached_property
    def _handlers(self) -> _Services:
        return _services()

    @property
    def prepared(self) -> bool:
        """Whether everything that writing needs is loaded."""
        return "writer" in self.__dict__

    def prepare(self) -> None:
        """Load everything that the first command needs."""
        load_writing()
        assert self.writer and self._handlers

    def option(self, key: str) -> str | None:
        """Return a setting that travels with the project: pipeline, label mapping."""
        return self.reads.meta(f"option.{key}")

    def set_option(self, key: str, value: str | None) -> None:
        """Keep a setting with the project; None forgets it. Not an undo step."""
        from models.store.writes import set_meta

        with self.writer.unrecorded() as work:
            set_meta(work, f"option.{key}", value)

    def run(self, command: commands.Command, effort: Effort | None = None) -> Outcome:
        """Carry out a command as one undo step, committed on return; ``effort`` is what it took, if measured.

        Raises:
            UserError: the command cannot be done; nothing has changed.
            EnvironmentFault: the file cannot be written; nothing has changed.
        """
        from app.services.context import Context
        from models.store.effort_writes import write_effort

        handler = self._handlers.get(type(command))
        if handler is None:
            raise Defect("command.unknown", command=command.NAME)
        if command.document is not None and not self.reads.has_document(command.document):
            raise UserError("document.unknown", document=command.document)
        with self.writer.step(command.NAME, command.data(), command.document, self.reads.me) as work:
            handler(Context(work, self.reads, self.marks), command)
            write_effort(work, command.document, effort)
        touched = self._touched(work.change_set) if work.change_set else Touched()
        return Outcome(work.change_set, touched, work.focus, command.NAME, work.count)

    def undo(self) -> Outcome | None:
        """Take back the latest step, whichever document it was in; None when there is none."""
        return self._moved(self.reads.next_step("done"), lambda: self.writer.undo())

    def redo(self) -> Outcome | None:
        """Do again what was taken back last; None when there is nothing."""
        return self._moved(self.reads.next_step("undone"), lambda: self.writer.redo())

    def _moved(self, entry: HistoryEntry | None, move: Callable[[], int | None]) -> Outcome | None:
        if entry is None or move() is None:
            return None
        return Outcome(entry.change_set, self._touched(entry.change_set), entry.focus, entry.command)

    def _touched(self, change_set: int) -> Touched:
        from models.store.register_reads import forget

        extent = self.writer.extent(change_set)
        if "register" in extent:
            forget(self.reads, change_set)
        if sum(extent.values()) > BULK:
            return Touched(subjects=frozenset(extent), everything=True)
        return touched_by(self.writer.changes(change_set), self.reads)


def default_label_set() -> dict[str, Any]:
    """Return the label set that ships with the program, as JSON data."""
    import json

    from app.paths import resource

    data: dict[str, Any] = json.loads(resource("label_sets", "default.json").read_text("utf-8"))
    return data
