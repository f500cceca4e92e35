"""Several people's readings of documents, written as an import would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from app.services.corpus import import_documents
from app.workspace import Workspace
from models.annotations import Annotation
from models.documents import SourceDocument
from models.ids import new_id
from models.spans import Spans, anchor
from models.store import writes


class Said(NamedTuple):
    """A passage that somebody annotates."""

    label: str
    spans: Spans
    facets: Mapping[str, object] = {}
    note: str | None = None


def project(path: Path, texts: Mapping[str, str], people: Sequence[str]) -> Workspace:
    """Return a project of these texts by name; ``people`` beside its owner Åsa are ids and names at once."""
    workspace = Workspace.create(path, path.stem, "Åsa")
    sources = [SourceDocument(name, text, title=name) for name, text in texts.items()]
    list(import_documents(workspace.writer, workspace.reads, sources))
    with workspace.writer.unrecorded() as work:
        for one in people:
            work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES (?, 'human', ?)", (one, one))
    return workspace


def give(
    workspace: Workspace,
    document: str,
    annotator: str,
    passages: Sequence[Said],
    links: Sequence[tuple[str, int, int]] = (),
) -> list[str]:
    """Write an annotator's reading; links are label, number of the head and of the tail. Return all ids."""
    text, labels = workspace.reads.text(document), workspace.reads.label_set()
    ids = [new_id() for _ in (*passages, *links)]
    with workspace.writer.unrecorded(annotator) as work:
        for identity, one in zip(ids, passages, strict=False):
            found = anchor(text, one.spans)
            writes.insert_annotation(work, Annotation(
                identity, labels.kind_of(one.label), document, one.label, one.spans, found.exact, found.prefix,
                found.suffix, None, None, one.facets, annotator, "manual", None, {"by": "human"}, None, one.note,
                work.now, work.now, 1, False,
            ))  # fmt: skip
        for identity, (label, head, tail) in zip(ids[len(passages) :], links, strict=True):
            writes.insert_annotation(work, Annotation(
                identity, "relation", document, label, (), (), "", "", ids[head], ids[tail], {}, annotator, "manual",
                None, {"by": "human"}, None, None, work.now, work.now, 1, False,
            ))  # fmt: skip
    return ids
