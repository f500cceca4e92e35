"""Annotations: the entities, claims and relations that a human stands behind, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.spans import Spans
from models.suggestions import Kind, Scope, Verdict


class Annotation(NamedTuple):
    """One entity, claim or relation of one annotator.

    Entities and claims have ``spans`` with their quote (``exact``) and context; relations have ``head`` and
    ``tail``, ids of annotations. ``origin`` tells who made it: ``{"by": "human"}`` or the pipeline's name,
    version, score and rule, and ids of other tools. An orphan lost its place in a corrected text.
    """

    id: str
    kind: Kind
    document: str
    label: str
    spans: Spans
    exact: tuple[str, ...]
    prefix: str
    suffix: str
    head: str | None
    tail: str | None
    facets: Mapping[str, object]
    annotator: str
    state: str
    suggestion: str | None
    origin: Mapping[str, object]
    register: str | None
    note: str | None
    created: str
    modified: str
    revision: int
    orphan: bool


class Decision(NamedTuple):
    """The judgement on a suggestion, with a copy of what was judged; ``result`` is the annotation."""

    id: str
    document: str
    suggestion_id: str
    suggestion: Mapping[str, object]
    verdict: Verdict
    scope: Scope
    result: str | None
    annotator: str
    at: str


class Note(NamedTuple):
    """A curator's note on a document. Notes on annotations are a field of theirs."""

    id: str
    document: str
    annotator: str
    text: str
    created: str
    modified: str


class Annotator(NamedTuple):
    """Whose judgement it is: ``kind`` is human or adjudication."""

    id: str
    kind: str
    name: str
