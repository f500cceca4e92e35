"""The spaCy component ``kurator_learned``: the rules, judged by weights that were learned from curators' labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from app.pipeline.calibrated import with_probabilities
from app.pipeline.components import RULES_LABELS, candidates, entities_of, tokens_of
from app.pipeline.learner.documents import Read, read
from app.pipeline.learner.model import Found, SpanModel
from app.pipeline.names.reading import SOURCE
from app.pipeline.rules.reading import read_text
from app.pipeline.rules.records import Mention
from models.spans import Span
from models.suggestions import Analysis, Proposal

FACTORY = "kurator_learned"
LEARNED = "learned"
"""The source of what the weights propose and no rule did."""
_JUDGED = "judged.json"
_SPANS = "sc"


@Language.factory(
    FACTORY, assigns=["doc.ents", "doc._.kurator"], default_config={"rules": True, "take": 0.7, "keep": 0.1}
)
class LearnedComponent:
    """Finds entities by learned weights that hear what the rules and other components propose.

    With ``rules`` it stands in the place of ``kurator_rules`` and does its work: the weights decide which of the rules'
    entities stand and add others, then the rules read claims and relations. Without, it judges the entities that
    components before it have set.
    """

    def __init__(self, nlp: Language, name: str, rules: bool, take: float, keep: float) -> None:
        """Know nothing, until weights are read or learned.

        Args:
            rules: whether the Swedish rules run.
            take: how probable an entity must be that nothing else proposes.
            keep: how probable one must be that a rule or another component proposes.
        """
        self.name, self.rules, self.take, self.keep = name, rules, take, keep
        self.judged: tuple[str, ...] = ()
        """The labels that curators judged; proposals with others pass."""
        self.model: SpanModel | None = None
        self.judging = True
        """Off while it is learned from the texts: then the proposals of the others stand as they are."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the entities that it finds."""
        return tuple(sorted({*self.judged, *(RULES_LABELS if self.rules else ())}))

    def __call__(self, doc: Doc) -> Doc:
        """Set the analysis and the entities of one document."""
        judging = self.model is not None and self.judging
        if self.rules:
            judge = (lambda mentions: self.decide(doc, mentions)) if judging else None
            analysis = read_text(doc.text, candidates(doc), judge)
            doc._.kurator = with_probabilities(analysis, self.judged if judging else ())
        elif judging:
            doc._.kurator = _analysis(self.decide(doc, proposed(doc)))
        else:
            return doc
        doc.ents = entities_of(doc, doc._.kurator)
        return doc

    def decide(self, doc: Doc, mentions: Sequence[Mention]) -> list[Mention]:
        """Return the mentions that stand, with their probabilities, and those that the weights add."""
        assert self.model is not None
        text = read_doc(doc, mentions)
        asked: dict[tuple[int, int, int, str], Mention] = {}
        passing = []
        for mention in mentions:
            place = text.places.words(mention.start, mention.end)
            if mention.label in self.judged and place is not None:
                asked[*place, mention.label] = mention
            else:
                passing.append(mention)
        words = [[token.text for token in sentence] for sentence in text.sentences]
        found = self.model.spans(words, text.hints, asked) if words else []
        return _chosen([*passing, *self._believed(text, found, asked)])

    def _believed(
        self, text: Read, found: Iterable[Found], asked: dict[tuple[int, int, int, str], Mention]
    ) -> Iterable[Mention]:
        """Yield what is probable enough; what a rule proposed keeps its source."""
        for one in found:
            mention = asked.get((one.sentence, one.start, one.end, one.label))
            if one.label not in self.judged or one.score < (self.take if mention is None else self.keep):
                continue
            words = text.sentences[one.sentence]
            end = words[one.end - 1].start + len(words[one.end - 1].text)
            source = mention.source if mention else LEARNED
            yield Mention(words[one.start].start, end, one.label, round(one.score, 2), source)

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the weights and which labels they judge into a folder."""
        place = Path(path)
        place.mkdir(parents=True, exist_ok=True)
        if self.model is not None:
            self.model.save(place)
        (place / _JUDGED).write_text(json.dumps(self.judged, ensure_ascii=False), "utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> LearnedComponent:
        """Read weights from a folder."""
        place = Path(path)
        self.judged = tuple(json.loads((place / _JUDGED).read_text("utf-8")))
        self.model = SpanModel(place) if self.judged else None
        return self


def read_doc(doc: Doc, mentions: Iterable[Mention], furniture: Iterable[Span] = ()) -> Read:
    """Return what the learner sees of a document in which others propose ``mentions`` and learned names."""
    names = [mention for mention in candidates(doc) if mention.source == SOURCE]
    return read(tokens_of(doc)[0], mentions, names, furniture)


def proposed(doc: Doc) -> list[Mention]:
    """Return what components without rules propose: entities, and spans with their scores."""
    places = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    found = {place: Mention(*place, 0.5, "ents") for place in places}
    if (group := doc.spans.get(_SPANS)) is not None:
        for span, score in zip(group, group.attrs.get("scores") or [0.5] * len(group), strict=True):
            place = (span.start_char, span.end_char, span.label_)
            found[place] = Mention(*place, float(score), f"spans/{_SPANS}")
    return sorted(found.values())


def _chosen(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the surest mentions that do not overlap, in order."""
    chosen: list[Mention] = []
    taken = bytearray()
    for mention in sorted(mentions, key=lambda one: (-one.score, one.start - one.end, one)):
        if len(taken) < mention.end:
            taken.extend(bytes(mention.end - len(taken)))
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            chosen.append(mention)
    return sorted(chosen)


def _analysis(mentions: Iterable[Mention]) -> Analysis:
    spans = ((one, (Span(one.start, one.end),)) for one in mentions)
    return Analysis(tuple(Proposal("entity", m.label, s, score=m.score, source=m.source) for m, s in spans), ())
