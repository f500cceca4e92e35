"""The workspace: an open project, and the one door through which every action goes.

``run`` opens a transaction, lets the command's service work, commits, and says what was touched. Views read
again what was touched; nothing else tells them anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import commands
from models.errors import Defect
from models.history import HistoryEntry, Outcome, Touched
from models.store.mark_reads import MarkReads
from models.store.project_file import ProjectFile
from models.store.reads import Reads

if TYPE_CHECKING:
    from app.services.context import Context
    from models.store.recorder import Change
    from models.store.unit_of_work import Writer

BULK = 500
"""From this many changed rows on, views read everything again instead of row by row."""


def _services() -> Mapping[type[commands.Command], Callable[[Context, Any], None]]:
    from app.services import annotations, documents, identical, labels, texts

    return {
        commands.Accept: annotations.accept,
        commands.AcceptAll: annotations.accept_all,
        commands.Reject: identical.reject,
        commands.Reopen: annotations.reopen,
        commands.CreateAnnotation: annotations.create,
        commands.CreateRelation: annotations.relate,
        commands.Relabel: annotations.relabel,
        commands.MoveBoundaries: annotations.move,
        commands.SetFacets: annotations.set_facets,
        commands.SetSpeaker: annotations.set_speaker,
        commands.SetNote: annotations.set_note,
        commands.Delete: annotations.delete,
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
    def _handlers(self) -> Mapping[type[commands.Command], Callable[[Context, Any], None]]:
        return _services()

    def prepare(self) -> None:
        """Load everything that the first command needs."""
        assert self.writer and self._handlers

    def option(self, key: str) -> str | None:
        """Return a setting that travels with the project: pipeline, label mapping."""
        return self.reads.meta(f"option.{key}")

    def set_option(self, key: str, value: str | None) -> None:
        """Keep a setting with the project; None forgets it. Not an undo step."""
        from models.store.writes import set_meta

        with self.writer.unrecorded() as work:
            set_meta(work, f"option.{key}", value)

    def run(self, command: commands.Command) -> Outcome:
        """Carry out a command as one undo step, committed on return.

        Raises:
            UserError: the command cannot be done; nothing has changed.
            EnvironmentFault: the file cannot be written; nothing has changed.
        """
        from app.services.context import Context

        handler = self._handlers.get(type(command))
        if handler is None:
            raise Defect("command.unknown", command=command.NAME)
        with self.writer.step(command.NAME, command.data(), command.document, self.reads.me) as work:
            handler(Context(work, self.reads, self.marks), command)
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
        return touched_by(self.writer.changes(change_set), self.reads)


def touched_by(changes: list[Change], reads: Reads) -> Touched:
    """Return what a list of row changes means to views."""
    subjects = frozenset(change.table for change in changes)
    if len(changes) > BULK or subjects & {"label_sets", "annotators"}:
        return Touched(subjects=subjects, everything=True)
    marks: dict[str, set[str]] = {}
    documents: set[str] = set()
    for change in changes:
        for image in (change.before, change.after):
            if image is None:
                continue
            document = image["id"] if change.table == "documents" else image.get("document_id")
            if document is None:
                continue
            documents.add(document)
            if change.table == "documents" and _other_text(change):
                return Touched(subjects=subjects | {"texts"}, everything=True)
            marks.setdefault(document, set()).update(_keys(change.table, image, reads))
        _add_neighbours(change, reads, marks)
    return Touched(
        {document: frozenset(keys) for document, keys in marks.items() if keys},
        frozenset(documents),
        subjects,
    )


def _other_text(change: Change) -> bool:
    """Whether a document's row now shows another text, or shows or hides the document."""
    watched = ("text_seq", "removed")
    return (change.before is None) != (change.after is None) or any(
        (change.before or {}).get(name) != (change.after or {}).get(name) for name in watched
    )


def _keys(table: str, image: dict[str, Any], reads: Reads) -> set[str]:
    if table == "annotations":
        return {image["suggestion_id"] or image["id"], image["id"]}
    return {image["suggestion_id"]} if table == "decisions" else set()


def _add_neighbours(change: Change, reads: Reads, marks: dict[str, set[str]]) -> None:
    """A label that comes to or leaves a place decides whether suggestions there are still open."""
    before, after = change.before or {}, change.after or {}
    if change.table != "annotations" or (change.before is None and after.get("state") == "accepted"):
        return
    if (before.get("label"), before.get("start"), before.get("end")) == (
        after.get("label"), after.get("start"), after.get("end"),
    ):  # fmt: skip
        return
    for image in (change.before, change.after):
        if image and image["start"] is not None:
            keys = reads.keys_at(image["document_id"], image["start"])
            marks.setdefault(image["document_id"], set()).update(keys)


def default_label_set() -> dict[str, Any]:
    """Return the label set that ships with the program, as JSON data."""
    import json

    from app.paths import resource

    data: dict[str, Any] = json.loads(resource("label_sets", "default.json").read_text("utf-8"))
    return data
