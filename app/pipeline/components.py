"""The spaCy components of the built-in pipeline, to be added to other pipelines as well.

Importing this module registers them (an installed program does it through spaCy's entry points).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from app.pipeline.calibrated import with_probabilities
from app.pipeline.names.files import folder
from app.pipeline.names.model import NameModel
from app.pipeline.names.reading import LABELS, SOURCE, Token, find_names, name_model
from app.pipeline.rules.reading import read_text, sentence_starts
from app.pipeline.rules.records import Mention
from models.suggestions import Analysis

EXTENSION = "kurator"
"""``doc._.kurator`` is the Analysis of the document, or None."""
RULES_LABELS = (
    *("CONDITION", "DATE", "DOCUMENT", "EVENT", "MONEY", "ORGANISATION", "PERSON", "PLACE", "PROGRAMME"),
    *("QUANTITY", "ROLE", "SERVICE"),
)
"""The labels of the entities that the rules find."""
_FOREIGN_SCORE = 0.55
"""What a component's entity counts in the rules' decisions: it loses to a rule of the same length."""

if not Doc.has_extension(EXTENSION):
    Doc.set_extension(EXTENSION, default=None)


@Language.factory("kurator_names", assigns=["doc.spans"])
class NamesComponent:
    """Finds people, places and organisations by a learned model: ``doc.spans["names"]``, with their scores."""

    def __init__(self, nlp: Language, name: str) -> None:
        """Use the model that ships, until another one is loaded."""
        self.name = name
        self._loaded: NameModel | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the names that it finds."""
        return tuple(sorted(LABELS.values()))

    @property
    def model(self) -> NameModel:
        """The model in use, loaded when it is first asked for."""
        if self._loaded is None:
            self._loaded = name_model()
        return self._loaded

    def __call__(self, doc: Doc) -> Doc:
        """Add the names of one document."""
        tokens, starts, ends = tokens_of(doc)
        found = list(find_names(tokens, self.model))
        spans = [Span(doc, starts[name.start], ends[name.end], label=name.label) for name in found]
        scores = [round(name.score, 4) for name in found]
        doc.spans[SOURCE] = SpanGroup(doc, name=SOURCE, spans=spans, attrs={"scores": scores})
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model's files into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        self.model.save(Path(path))

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> NamesComponent:
        """Read the model from a folder."""
        place = Path(path)
        self._loaded = name_model() if place.resolve() == folder().resolve() else NameModel(place)
        return self


def tokens_of(doc: Doc) -> tuple[list[Token], dict[int, int], dict[int, int]]:
    """Return a document's tokens, and which of them begins, and which one ends before, at each code point."""
    text = doc.text
    places = doc.to_array(["IDX", "LENGTH", "SPACY"]).tolist()
    tokens = [Token(text[start : start + length], start, bool(blank)) for start, length, blank in places]
    starts = {token.start: i for i, token in enumerate(tokens)}
    ends = {token.start + len(token.text): i for i, token in enumerate(tokens, 1)}
    return tokens, starts, ends


@Language.factory("kurator_rules", assigns=["doc.ents", "doc._.kurator"])
class RulesComponent:
    """Reads a document by the Swedish rules; entities and learned names set before take part as candidates.

    The rules and their word lists belong to the program: nothing of them is written with a pipeline.
    """

    labels = RULES_LABELS

    def __init__(self, nlp: Language, name: str) -> None:
        """Take no settings."""
        self.name = name
        self.calibrates = True
        """Whether scores are probabilities; without, they are what each rule says of itself."""

    def __call__(self, doc: Doc) -> Doc:
        """Set the analysis and the entities of one document."""
        analysis = read_text(doc.text, candidates(doc))
        if self.calibrates:
            analysis = with_probabilities(analysis)
        doc._.kurator = analysis
        doc.ents = entities_of(doc, analysis)
        return doc


def candidates(doc: Doc) -> list[Mention]:
    """Return what components before the rules have found: entities, and names with their scores."""
    extra = [Mention(e.start_char, e.end_char, e.label_, _FOREIGN_SCORE, "ner") for e in doc.ents]
    if (names := doc.spans.get(SOURCE)) is not None:
        for span, score in zip(names, names.attrs.get("scores", ()), strict=False):
            extra.append(Mention(span.start_char, span.end_char, span.label_, round(score, 2), SOURCE))
    return extra


def entities_of(doc: Doc, analysis: Analysis) -> list[Span]:
    """Return the entities that begin and end with a token; char_span would search for each anew."""
    places = doc.to_array(["IDX", "LENGTH"])
    firsts = places[:, 0].tolist()
    lasts = (places[:, 0] + places[:, 1]).tolist()
    starts = {place: i for i, place in enumerate(firsts)}
    ends = {place: i for i, place in enumerate(lasts, 1)}
    entities: list[Span] = []
    for proposal in analysis.proposals:
        if proposal.kind != "entity":
            continue
        place = proposal.spans[0]
        start, end = starts.get(place.start), ends.get(place.end)
        if start is not None and end is not None and (not entities or entities[-1].end <= start):
            entities.append(Span(doc, start, end, label=proposal.label))
    return entities


@Language.component("kurator_sentences", assigns=["token.is_sent_start"])
def kurator_sentences(doc: Doc) -> Doc:
    """Set sentence starts by the rules for Swedish news: lines, headings, dashes, abbreviations."""
    starts = set(sentence_starts(doc.text))
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc
