"""Any spaCy pipeline becomes analyses: entities, scored spans, failures, long texts."""

from __future__ import annotations

import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from app.pipeline.suggest import Suggester, analysis_of, build_rules_pipeline, cut, join
from models.errors import UserError
from models.spans import Span
from models.suggestions import Analysis, Proposal


@Language.component("stumbles")
def stumbles(doc: Doc) -> Doc:
    """Fail on the texts that ask for it."""
    if "stumble" in doc.text:
        raise RuntimeError("stumbled")
    return doc


def test_a_text_that_fails_is_told_and_the_rest_goes_on(tmp_path) -> None:
    nlp = spacy.blank("sv")
    nlp.add_pipe("stumbles")
    nlp.add_pipe("kurator_rules")
    nlp.to_disk(tmp_path / "stumbling")
    suggester = Suggester(str(tmp_path / "stumbling"))
    texts = [("a", "Karin Östlund"), ("b", "stumble"), ("c", "stumble"), ("d", "Luleå"), ("e", "stumble")]
    found = dict(suggester.analyse(texts))
    assert [isinstance(found[key], UserError) for key in "abcde"] == [False, True, True, False, True]
    assert isinstance(found["b"], UserError)
    assert "stumbled" in str(found["b"].details["reason"])


def test_scored_spans_carry_their_score() -> None:
    nlp = spacy.blank("sv")
    doc = nlp("Karin Östlund bor i Luleå.")
    doc.spans["sc"] = SpanGroup(doc, name="sc", spans=[doc[0:2], doc[4:5]], attrs={"scores": [0.876, 0.4]})
    for span, label in zip(doc.spans["sc"], ("PER", "LOC"), strict=True):
        span.label_ = label
    analysis = analysis_of(doc)
    assert {p.score for p in analysis.proposals} == {0.88, 0.4}
    assert all(p.source == "spans/sc" for p in analysis.proposals)


def test_the_rules_take_a_recognisers_entities_as_candidates() -> None:
    nlp = spacy.blank("sv")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "ORGANISATION", "pattern": "Blåbärsgänget"}, {"label": "PLACE", "pattern": "Skåne"}]
    )
    nlp.add_pipe("kurator_rules")
    analysis = analysis_of(nlp("a\u030a Region Skåne och Blåbärsgänget växer."))
    assert {(p.label, p.source) for p in analysis.proposals if p.kind == "entity"} == {
        ("ORGANISATION", "rules/organisation:list"),
        ("ORGANISATION", "ner"),
    }


def test_the_document_carries_the_entities_for_other_components() -> None:
    doc = build_rules_pipeline()("Karin Östlund bor i Luleå.")
    assert [(e.text, e.label_) for e in doc.ents] == [("Karin Östlund", "PERSON"), ("Luleå", "PLACE")]


def test_the_sentence_component_serves_other_pipelines() -> None:
    nlp = spacy.blank("sv")
    nlp.add_pipe("kurator_sentences")
    doc = nlp("Rubrik utan punkt\n\n– Det är bra, säger hon. Vi ses kl. 10.\n– Ja.")
    assert [s.text.strip() for s in doc.sents] == [
        "Rubrik utan punkt",
        "– Det är bra, säger hon.",
        "Vi ses kl. 10.",
        "– Ja.",
    ]


@given(st.text(st.sampled_from("ab .\n"), max_size=200), st.integers(2, 40))
def test_pieces_are_the_text(text: str, limit: int) -> None:
    pieces = list(cut(text, limit))
    assert "".join(piece for _, piece in pieces) == text
    assert all(len(piece) <= limit for _, piece in pieces)
    assert all(text[offset : offset + len(piece)] == piece for offset, piece in pieces)


def test_pieces_end_at_paragraphs() -> None:
    assert [piece for _, piece in cut("aaaa\n\nbb b\n\ncc", 9)] == ["aaaa\n\n", "bb b\n\ncc"]


def test_joined_pieces_are_shifted() -> None:
    part = Analysis(
        (
            Proposal("entity", "PERSON", (Span(0, 2),)),
            Proposal("entity", "ROLE", (Span(3, 4),)),
            Proposal("relation", "HAS_ROLE", head=0, tail=1),
        ),
        (Span(5, 6),),
    )
    joined = join([(0, part), (10, part)])
    assert joined.proposals[3].spans == (Span(10, 12),)
    assert (joined.proposals[5].head, joined.proposals[5].tail) == (3, 4)
    assert joined.furniture == (Span(5, 6), Span(15, 16))
