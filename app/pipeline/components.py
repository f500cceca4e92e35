"""The spaCy components of the built-in pipeline, to be added to other pipelines as well.

Importing this module registers them (an installed program does it through spaCy's entry points).
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from app.pipeline.names.reading import SOURCE, Token, find_names
from app.pipeline.rules.reading import read_text, sentence_starts
from app.pipeline.rules.records import Mention
from models.suggestions import Analysis

EXTENSION = "kurator"
"""``doc._.kurator`` is the Analysis of the document, or None."""
_FOREIGN_SCORE = 0.55
"""What a component's entity counts in the rules' decisions: it loses to a rule of the same length."""

if not Doc.has_extension(EXTENSION):
    Doc.set_extension(EXTENSION, default=None)


@Language.component("kurator_names", assigns=["doc.spans"])
def kurator_names(doc: Doc) -> Doc:
    """Find people, places and organisations by the learned model: ``doc.spans["names"]``, with their scores."""
    places = doc.to_array(["IDX", "LENGTH", "SPACY"]).tolist()
    text = doc.text
    tokens = [Token(text[start : start + length], start, bool(blank)) for start, length, blank in places]
    starts = {token.start: i for i, token in enumerate(tokens)}
    ends = {token.start + len(token.text): i for i, token in enumerate(tokens, 1)}
    found = list(find_names(tokens))
    spans = [Span(doc, starts[name.start], ends[name.end], label=name.label) for name in found]
    scores = [round(name.score, 4) for name in found]
    doc.spans[SOURCE] = SpanGroup(doc, name=SOURCE, spans=spans, attrs={"scores": scores})
    return doc


@Language.component("kurator_rules", assigns=["doc.ents", "doc._.kurator"])
def kurator_rules(doc: Doc) -> Doc:
    """Read the document by the Swedish rules; entities and learned names set before take part as candidates."""
    extra = [Mention(e.start_char, e.end_char, e.label_, _FOREIGN_SCORE, "ner") for e in doc.ents]
    if (names := doc.spans.get(SOURCE)) is not None:
        for span, score in zip(names, names.attrs.get("scores", ()), strict=False):
            extra.append(Mention(span.start_char, span.end_char, span.label_, round(score, 2), SOURCE))
    analysis = read_text(doc.text, extra)
    doc._.kurator = analysis
    doc.ents = _entities(doc, analysis)
    return doc


def _entities(doc: Doc, analysis: Analysis) -> list[Span]:
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
