"""The spaCy components for claims and relations that ``kurator train`` makes. Importing registers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import srsly  # type: ignore[import-untyped]
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from app.pipeline.trained.clauses import Candidate, candidates
from app.pipeline.trained.linear import Floats, LinearModel
from app.pipeline.trained.pairs import Node, Pair, Pairs, Rule
from app.pipeline.trained.surroundings import Entity, Surroundings
from models.spans import Span

CLAIMS = "kurator_claims"
"""The factory's name, and the span group: ``attrs`` hold ``scores``, ``places`` (to the letter) and ``facets``."""
RELATIONS = "kurator_relations"
"""The factory's name, and the extension: a list of ``[label, head, tail, score]`` with ends ``[start, end, label]``."""
CUE = "cue"
NOTHING = ""
"""The class of what is no claim, and of pairs that nothing joins."""

if not Doc.has_extension(RELATIONS):
    Doc.set_extension(RELATIONS, default=None)


class _Stored:
    """Writing and reading: settings as JSON, models beside them."""

    cfg: dict[str, Any]

    def _models(self) -> dict[str, LinearModel]:
        raise NotImplementedError

    def _take(self, models: dict[str, LinearModel]) -> None:
        raise NotImplementedError

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return settings and weights."""
        models = {name: model.to_bytes() for name, model in self._models().items()}
        data: bytes = srsly.msgpack_dumps({"cfg": self.cfg, "models": models})
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> _Stored:
        """Take over settings and weights."""
        found = srsly.msgpack_loads(data)
        self.cfg = found["cfg"]
        self._take({name: LinearModel().from_bytes(model) for name, model in found["models"].items()})
        return self

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write one file into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "model").write_bytes(self.to_bytes())

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> _Stored:
        """Read what :meth:`to_disk` wrote."""
        return self.from_bytes((Path(path) / "model").read_bytes())


@Language.factory(CLAIMS, assigns=["doc.spans"], default_config={"threshold": 0.5})
class ClaimsComponent(_Stored):
    """Finds claims among sentences and content clauses, and says their facets. Needs entities in ``doc.ents``."""

    def __init__(self, nlp: Language, name: str, threshold: float = 0.5) -> None:
        """``threshold``: how probable a claim must be."""
        self.name = name
        self.cfg: dict[str, Any] = {"threshold": threshold, "cue": False, "flags": []}
        self.spans = LinearModel((NOTHING,))
        self.facets: dict[str, LinearModel] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of claims."""
        return tuple(label for label in self.spans.classes if label != NOTHING)

    def _models(self) -> dict[str, LinearModel]:
        return {"spans": self.spans, **{f"facet {name}": model for name, model in self.facets.items()}}

    def _take(self, models: dict[str, LinearModel]) -> None:
        self.spans = models.pop("spans")
        self.facets = {name.removeprefix("facet "): model for name, model in models.items()}

    def __call__(self, doc: Doc) -> Doc:
        """Add the claims of one document."""
        chosen = self.find(Surroundings(doc.text, entities_of(doc)), self.cfg["threshold"])
        spans, scores, facets, places = [], [], [], []
        for one, label, score, values in chosen:
            span = doc.char_span(one.span.start, one.span.end, label=label, alignment_mode="expand")
            if span is not None:
                spans.append(span)
                scores.append(round(score, 4))
                facets.append(values)
                places.append(list(one.span))
        attrs = {"scores": scores, "facets": facets, "places": places}
        doc.spans[CLAIMS] = SpanGroup(doc, name=CLAIMS, spans=spans, attrs=attrs)
        return doc

    def find(self, around: Surroundings, threshold: float) -> list[tuple[Candidate, str, float, dict[str, Any]]]:
        """Return candidates with label, probability and facets: the most probable without overlaps, by place."""
        every = candidates(around)
        if not every or not self.labels:
            return []
        rows = [one.features for one in every]
        found = self.spans.probabilities(rows)
        nothing = self.spans.classes.index(NOTHING)
        found[:, nothing], sure = 0.0, 1 - found[:, nothing]
        taken: list[int] = []
        for number in sorted(range(len(every)), key=lambda one: (-sure[one], one)):
            if sure[number] < threshold:
                break
            if not any(every[number].span.overlaps(every[other].span) for other in taken):
                taken.append(number)
        taken.sort(key=lambda number: every[number].span)
        facets = self._facets_of([every[number] for number in taken])
        labels = [self.spans.classes[int(found[number].argmax())] for number in taken]
        return [
            (every[number], label, float(sure[number]), values)
            for number, label, values in zip(taken, labels, facets, strict=True)
        ]

    def _facets_of(self, chosen: list[Candidate]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = [{} for _ in chosen]
        if not chosen:
            return told
        for name, model in self.facets.items():
            best = model.probabilities([one.features for one in chosen]).argmax(1)
            for values, row in zip(told, best, strict=True):
                value = model.classes[int(row)]
                if value != NOTHING:
                    values[name] = value == "true" if name in self.cfg["flags"] else value
        for values, one in zip(told, chosen, strict=True):
            if self.cfg["cue"] and one.cue:
                values[CUE] = one.cue
        return told


@Language.factory(
    RELATIONS, assigns=[f"doc._.{RELATIONS}"], default_config={"threshold": 0.35, "window": 2, "rules": []}
)
class RelationsComponent(_Stored):
    """Joins entities and claims that the label set lets join. Needs entities in ``doc.ents``; takes claims if there."""

    def __init__(
        self, nlp: Language, name: str, threshold: float = 0.35, window: int = 2, rules: list[Any] | None = None
    ) -> None:
        """Set up a component that finds nothing yet.

        Args:
            threshold: how probable a relation must be.
            window: sentences between its ends.
            rules: ``[label, [[head label, tail label], …], symmetric]`` of each relation.
        """
        self.name = name
        self.cfg: dict[str, Any] = {"threshold": threshold, "window": window, "rules": rules or []}
        self.pairs = LinearModel((NOTHING,))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of relations."""
        return tuple(label for label in self.pairs.classes if label != NOTHING)

    @property
    def rules(self) -> list[Rule]:
        """Which relations may join what."""
        told = self.cfg["rules"]
        return [Rule(label, tuple((a, b) for a, b in pairs), bool(symmetric)) for label, pairs, symmetric in told]

    def _models(self) -> dict[str, LinearModel]:
        return {"pairs": self.pairs}

    def _take(self, models: dict[str, LinearModel]) -> None:
        self.pairs = models["pairs"]

    def __call__(self, doc: Doc) -> Doc:
        """Set the relations of one document."""
        entities = entities_of(doc)
        nodes = [Node(Span(start, end), label) for start, end, label in entities]
        nodes += (Node(Span(*place), label, True, facets) for place, label, facets in claims_of(doc))
        found = [
            [label, _end(nodes[pair.head]), _end(nodes[pair.tail]), round(score, 4)]
            for pair, label, score in self.find(Surroundings(doc.text, entities), nodes, self.cfg["threshold"])
        ]
        doc._.set(RELATIONS, found)
        return doc

    def find(self, around: Surroundings, nodes: list[Node], threshold: float) -> list[tuple[Pair, str, float]]:
        """Return the pairs that are probably joined, with label and probability, by place."""
        every = list(Pairs(around, nodes, self.rules, self.cfg["window"]))
        if not every or not self.labels:
            return []
        found: Floats = self.pairs.probabilities([pair.features for pair in every])
        column = {label: place for place, label in enumerate(self.pairs.classes)}
        joined = []
        for pair, row in zip(every, found, strict=True):
            known = [(float(row[column[label]]), label) for label in pair.labels if label in column]
            score, label = max(known, default=(0.0, NOTHING))
            if score >= threshold and score > 0:
                joined.append((pair, label, score))
        return joined


def entities_of(doc: Doc) -> list[Entity]:
    """Return the document's entities, those of a span categorizer too."""
    found = {(one.start_char, one.end_char, one.label_) for one in doc.ents}
    if (group := doc.spans.get("sc")) is not None:
        found |= {(one.start_char, one.end_char, one.label_) for one in group}
    return sorted(one for one in found if one[0] < one[1])


def claims_of(doc: Doc) -> list[tuple[tuple[int, int], str, Mapping[str, Any]]]:
    """Return place, label and facets of the claims that :class:`ClaimsComponent` found, else those of the rules."""
    group = doc.spans.get(CLAIMS)
    if group is not None:
        attrs = group.attrs
        return [
            ((place[0], place[1]), span.label_, facets)
            for span, place, facets in zip(group, attrs["places"], attrs["facets"], strict=True)
        ]
    ready = doc._.get("kurator") if Doc.has_extension("kurator") else None
    if ready is None:
        return []
    claims = [one for one in ready.proposals if one.kind == "claim"]
    return [((one.spans[0].start, one.spans[-1].end), one.label, one.facets) for one in claims]


def _end(node: Node) -> list[Any]:
    return [node.span.start, node.span.end, node.label]
