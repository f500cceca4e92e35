"""A document of a shard with what a pipeline says of it, as it is written: the same here and on a cluster's workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.formats.exchange import number
from app.merge.layout import count_records, document_bytes
from app.services.analysis import Mapped, adapter
from app.services.suggestions import OPEN_FURNITURE, identified, in_article, told_apart
from app.shards.sources import Record
from models.errors import UserError
from models.merge.moving import explicit, implicit
from models.merge.sorting import sort_lists
from models.spans import Span
from models.suggestions import Analysis, Kind, PipelineInfo, Proposal


class Around(NamedTuple):
    """What a document's shard says of it: the pipeline's run, the runs of annotators' memories, labels with kinds."""

    run: str
    memories: frozenset[str]
    kinds: Mapping[str, Kind]


class Sent(NamedTuple):
    """A document on its way: its shard's number, its record, whether it is to be read, and its twins before it."""

    shard: int
    document: Record
    wanted: bool
    twins: int

    @property
    def text(self) -> str:
        """What the pipeline gets; nothing for a document that only goes through."""
        return self.document["text"] if self.wanted else ""


class Done(NamedTuple):
    """A document as it is written, with its shard's number.

    ``counts`` is how many records of each list it has. ``proposed`` counts suggestions, None where nothing was read;
    ``failure`` is code and details of why not.
    """

    shard: int
    name: str
    id: str
    raw: bytes
    counts: Mapping[str, int]
    proposed: int | None
    failure: tuple[str, Mapping[str, object]] | None


class Finisher:
    """Turns what a pipeline says of documents into what is written.

    Args:
        info: the pipeline.
        mapping: from its labels to label ids, None for a guess.
        around: for each shard.
    """

    def __init__(self, info: PipelineInfo, mapping: Mapped | None, around: Mapping[int, Around]) -> None:
        self._info = info
        self._mapping = mapping
        self._around = around
        self._adapters: dict[int, Callable[[Analysis], Analysis]] = {}

    def finish(self, sent: Sent, answer: Analysis | UserError) -> Done:
        """Return a document with the pipeline's answer; one that was not read, or failed, as it is."""
        document, proposed, failure = sent.document, None, None
        if sent.wanted and isinstance(answer, UserError):
            failure = answer.code, answer.details
        elif sent.wanted and isinstance(answer, Analysis):
            around = self._around[sent.shard]
            if sent.shard not in self._adapters:
                self._adapters = {sent.shard: adapter(around.kinds, self._info, self._mapping)}
            analysis = self._adapters[sent.shard](answer)
            document = with_suggestions(document, analysis, self._info, around, sent.twins)
            proposed = sum(1 for one in document["suggestions"] if not one.get("past"))
        raw, counts = document_bytes(document), count_records(document)
        return Done(sent.shard, document["name"], document["id"], raw, counts, proposed, failure)


def with_suggestions(document: Record, analysis: Analysis, info: PipelineInfo, around: Around, twins: int) -> Record:
    """Return a document of an exchange file with what a pipeline proposes in place of earlier suggestions.

    What was judged and is no longer proposed is past, as in an export.

    Args:
        document: all fields and lists.
        analysis: with the labels of the file's label set.
        info: the pipeline.
        around: what its shard says.
        twins: how many other documents have the same text and come before.
    """
    blocks = tuple(Span(*block) for block in document["furniture"])
    by = document.get("furniture_by") or ("source" if blocks else "none")
    inside, furniture = in_article(analysis, document["length"], blocks, by)
    found: dict[str, Record] = {}
    for identity, one, head, tail in identified(info, told_apart(document["fingerprint"], twins), inside):
        found.setdefault(identity, _record(identity, one, head, tail, around.run))
    document = explicit(document)
    judged = {one["suggestion"] for one in document["decisions"]}
    for old in document["suggestions"]:
        if old["run"] in around.memories and old["kind"] != "relation" and not old.get("past"):
            found.setdefault(old["id"], old)
        elif old["id"] in judged:
            found.setdefault(old["id"], {**old, "past": True})
    document |= {"suggestions": list(found.values()), "analysed_by": around.run}
    if by in OPEN_FURNITURE and furniture != blocks:
        document |= {"furniture": [list(block) for block in furniture]}
        document["furniture_by"] = "pipeline" if furniture else "none"
    ordered = sort_lists(document, lambda identity: None)
    return implicit(document | {name: ordered[name] for name in ("suggestions", "decisions")})


def _record(identity: str, one: Proposal, head: str | None, tail: str | None, run: str) -> Record:
    record: Record = {
        "id": identity,
        "kind": one.kind,
        "label": one.label,
        "run": run,
        "score": number(one.score),
        "source": one.source,
    }
    if one.kind == "relation":
        record |= {"head": head, "tail": tail}
    else:
        record["spans"] = [list(span) for span in one.spans]
    if one.facets or one.kind == "claim":
        record["facets"] = dict(one.facets)
    return record
