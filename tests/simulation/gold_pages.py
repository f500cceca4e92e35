"""The gold pages: the built-in pipeline suggests, a curator brings each page to the gold."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from curator import SimulatedCurator, Wanted
from stream import Memory, Sample

from app.pipeline.client import PipelineProcess
from app.services.analysis import analyse_corpus
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.sentences import Unit

Place = tuple[int, int]


class Worked(NamedTuple):
    """What a page took: its actions by what they were, and what it would have taken by hand."""

    name: str
    actions: Counter[str]
    by_hand: int

    @property
    def ratio(self) -> float:
        """Actions against actions by hand."""
        return self.actions.total() / self.by_hand


def pages(shared: Path) -> list[Sample]:
    """Return the gold pages with all that should stand in them."""
    found = []
    for path in sorted((shared / "gold").glob("*.gold.json")):
        data = json.loads(path.read_text("utf-8"))
        text = (shared / "corpus" / data["document"]).read_bytes().decode("utf-8")
        found.append(Sample(data["document"], text, _wanted(data)))
    return found


def _wanted(data: dict[str, Any]) -> Wanted:
    entities = frozenset((one["start"], one["end"], one["label"]) for one in data["entities"])
    places = {(start, end) for start, end, _ in entities}
    claims = {(one["start"], one["end"]): {"kind": one["kind"], "mode": one["mode"]} for one in data["claims"]}
    relations: set[tuple[str, Place, Place]] = set()
    for one in data["relations"]:
        head, tail = tuple(one["head"]), tuple(one["tail"])
        if {head, tail} <= places:
            relations.add((one["label"], head, tail))
    for one in data["claims"]:
        if one["speaker"] and tuple(one["speaker"]) in places:
            relations.add(("ATTRIBUTED_TO", (one["start"], one["end"]), tuple(one["speaker"])))
    return Wanted(entities, claims, frozenset(relations))


def entities_only(sample: Sample) -> Sample:
    """Return a page of which only the entities are wanted."""
    return sample._replace(wanted=Wanted(sample.wanted.entities))


def play(folder: Path, samples: list[Sample], unit: Unit | None = "document", learning: bool = True) -> list[Worked]:
    """Let the built-in pipeline suggest and a curator work each page; ``learning`` lets the memory help."""
    worked = []
    with Workspace.create(folder / "gold.kurator", "gold", "Simulerad") as workspace:
        sources = [SourceDocument(one.name, one.text) for one in samples]
        items = list(import_documents(workspace.writer, workspace.reads, sources))
        with PipelineProcess() as process:
            process.start()
            analyse_corpus(workspace, process)
        settle = Memory(workspace).settle if learning else lambda document: None
        for sample, item in zip(samples, items, strict=True):
            assert item.document is not None
            if not sample.wanted.claims:
                _only_entities(workspace, item.document)
            curator = SimulatedCurator(workspace, settle, unit)
            curator.annotate(item.document, sample.wanted)
            _check(workspace, item.document, sample.wanted)
            worked.append(Worked(sample.name, curator.effort.actions, sample.wanted.by_hand()))
    return worked


def _only_entities(workspace: Workspace, document: str) -> None:
    """Let nothing but entities be suggested."""
    with workspace.writer.unrecorded() as work:
        work.raw.execute("DELETE FROM suggestions WHERE document_id = ? AND kind != 'entity'", (document,))


def _check(workspace: Workspace, document: str, wanted: Wanted) -> None:
    """Make sure that the page came to what is wanted: a count of actions that lead elsewhere is worth nothing."""
    standing = workspace.reads.annotations(document, workspace.reads.me)
    found = {(*one.spans[0], one.label) for one in standing if one.kind == "entity"}
    assert found == wanted.entities, (found ^ wanted.entities, document)
    claims = {tuple(one.spans[0]) for one in standing if one.kind == "claim"}
    assert claims == wanted.claims.keys()
    assert sum(one.kind == "relation" for one in standing) == len(wanted.relations)
