"""Documents: one text with its metadata, as read from a source and as kept in a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.spans import Span


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document as a reader found it, before it enters a project.

    ``name`` identifies it within its corpus: the path below the imported folder, ``/`` as separator, with
    ``#`` and a row number where one file holds several. ``date`` is ISO 8601 as far as known: ``2019-05-02``.
    Unknown is None, never invented. ``furniture`` are sorted, disjoint spans of ``text``.
    """

    name: str
    text: str
    title: str | None = None
    source: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    furniture: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or row that was not read, and why: ``code`` and ``details`` as in a UserError."""

    name: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


class Document(NamedTuple):
    """A document of a project, without its text.

    ``length`` counts code points. ``suggestions`` counts what pipelines proposed for the present text,
    ``decided`` how many of those the present annotator judged, ``annotations`` what humans stand behind.
    ``state`` is ``open`` or ``done`` for the present annotator. ``split`` is ``train``, ``dev`` or ``test``
    where the document was given a part. ``control`` hides suggestions until done. ``assigned`` are the ids of
    the annotators who are to annotate it.
    """

    id: str
    name: str
    title: str | None
    source: str | None
    publisher: str | None
    date: str | None
    language: str | None
    metadata: Mapping[str, str]
    fingerprint: str
    length: int
    furniture: tuple[Span, ...]
    revision: int
    suggestions: int
    decided: int
    annotations: int
    state: str
    split: str | None = None
    control: bool = False
    assigned: tuple[str, ...] = ()
