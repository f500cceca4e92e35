"""The learned names: features, sums, decoding, and how the rules take them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.names.decode import best_tags, span_scores
from app.pipeline.names.features import class_of, features
from app.pipeline.names.files import read_classes, read_weights, write_classes, write_weights
from app.pipeline.names.model import NameModel
from app.pipeline.names.reading import SOURCE, Token, find_names, name_model, split
from app.pipeline.rules.reading import read_text
from app.pipeline.rules.records import Mention
from app.pipeline.suggest import analysis_of, build_rules_pipeline

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
CLASSES = {"karin": "C2f", "östlund": "C1s", "skåne": "C3p", "bor": "l3", "i": "l3"}
SENTENCES = [
    ["Karin", "Östlund", "bor", "i", "Skåne", "."],
    ["”", "A\u030asa", "😀", "i", "Ska\u030ane", "\u00adSkånes", "!"],
    ["Skåne"],
    ["–", "bor", "Karin", "12", "i", "SKÅNE-Öst", "?"],
]


@pytest.fixture
def small(tmp_path: Path) -> NameModel:
    """Return a model with a weight, of its own for each tag, for every feature of the sentences."""
    draw = np.random.default_rng(5)
    names = sorted({name for words in SENTENCES for row in features(words, CLASSES) for name in row})
    rows = {name: draw.normal(size=len(TAGS)).tolist() for name in names}
    write_classes(tmp_path, CLASSES)
    write_weights(tmp_path, TAGS, rows, draw.normal(size=(len(TAGS), len(TAGS))))
    return NameModel(tmp_path)


def test_training_and_use_see_the_same(small: NameModel, tmp_path: Path) -> None:
    """The sums kept per word form and pair are those of the features that training is given."""
    stored = read_weights(tmp_path)
    for words, rows in zip(SENTENCES, small.emissions(SENTENCES), strict=True):
        for row, names in zip(rows, features(words, CLASSES), strict=True):
            expected = sum(stored.weights[stored.rows[name]] for name in names)
            assert row == pytest.approx(expected, abs=1e-4)


def test_files_hold_what_was_written(small: NameModel, tmp_path: Path) -> None:
    assert read_classes(tmp_path) == CLASSES == small.classes
    before = (tmp_path / "weights.npz").read_bytes()
    stored = read_weights(tmp_path)
    write_weights(tmp_path, TAGS, {n: stored.weights[r].tolist() for n, r in stored.rows.items()}, stored.chain)
    again = read_weights(tmp_path)
    assert again.weights == pytest.approx(stored.weights, abs=1e-3)
    assert len((tmp_path / "weights.npz").read_bytes()) == pytest.approx(len(before), rel=0.2)


def _score(tags: tuple[int, ...], rows: np.ndarray, chain: np.ndarray) -> float:
    """Return a tagging's weight; nothing goes on inside a name that did not begin."""
    total, before = 0.0, "O"
    for i, tag in enumerate(tags):
        if TAGS[tag][0] == "I" and before[1:] != TAGS[tag][1:]:
            return -np.inf
        total += rows[i, tag] + (chain[tags[i - 1], tag] if i else 0)
        before = TAGS[tag]
    return float(total)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_decoding_agrees_with_trying_every_tagging(seed: int, lengths: list[int]) -> None:
    draw = np.random.default_rng(seed)
    chain = draw.normal(size=(5, 5)).astype(np.float32)
    sentences = [draw.normal(size=(length, 5)).astype(np.float32) * 2 for length in lengths]
    found = best_tags(sentences, chain, TAGS)
    for number, rows in enumerate(sentences):
        ways = {tags: _score(tags, rows, chain) for tags in product(range(5), repeat=len(rows))}
        assert ways[tuple(found[number])] == pytest.approx(max(ways.values()), abs=1e-4)
        whole = sum(np.exp(score) for score in ways.values())
        for start, end in ((0, 1), (0, len(rows)), (len(rows) - 1, len(rows))):
            mine = (1, *(2,) * (end - start - 1))
            hits = [
                score
                for tags, score in ways.items()
                if tags[start:end] == mine and (end == len(rows) or tags[end] != 2)
            ]
            expected = sum(np.exp(score) for score in hits) / whole
            scored = list(span_scores(sentences, chain, TAGS, [(number, start, end, "PER")]))
            assert scored == [pytest.approx(expected, abs=1e-4)]


def test_nothing_to_read_is_read_as_nothing(small: NameModel) -> None:
    assert small.read([]) == []
    assert small.read([[], ["Skåne"], []])[::2] == [[], []]


def test_sums_are_the_same_after_they_were_forgotten(small: NameModel, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small.read(SENTENCES)
    monkeypatch.setattr("app.pipeline.names.model._MOST_WORDS", 0)
    assert small.read(SENTENCES) == small.read(SENTENCES) == before


@pytest.mark.parametrize(
    ("form", "kind"),
    [("skåne", "C3p"), ("skånes", "C3p"), ("skåne:s", "C3p"), ("karin-maja", "C2f"), ("tromb", "-")],
)
def test_a_word_has_the_class_of_its_nominative(form: str, kind: str) -> None:
    assert class_of(form, CLASSES) == kind


def _tokens(text: str) -> list[Token]:
    return [Token(token.text, token.idx, bool(token.whitespace_)) for token in spacy.blank("sv")(text)]


def test_sentences_end_where_the_model_expects_it() -> None:
    text = "Rubrik här\n”Det är bra.” Hon log, t.ex. igår. och så\u00a0vidare 😀! Slut"
    assert [" ".join(t.text for t in one) for one in split(_tokens(text))] == [
        "Rubrik här",
        "” Det är bra . ”",
        "Hon log , t.ex. igår . och så vidare 😀 !",
        "Slut",
    ]


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(one) for one in split(_tokens("ord " * 450))] == [200, 200, 50]


def test_names_that_no_list_holds_are_found_where_they_stand() -> None:
    """In code points of the text, behind an emoji, a decomposed å, a no-break space and a soft hyphen."""
    text = "😀 Ga\u030ang på\u00a0gång öpp\u00adnade Tobbel Ristvaara ett kontor i Väster\u00adfja\u0308llby."
    found = {(text[n.start : n.end], n.label) for n in find_names(_tokens(text))}
    assert found == {("Tobbel Ristvaara", "PERSON"), ("Väster\u00adfja\u0308llby", "PLACE")}


def _entities(text: str) -> dict[str, tuple[str, str]]:
    """Return the label and the source of each entity that the built-in pipeline finds."""
    found = analysis_of(build_rules_pipeline()(text)).proposals
    return {text[p.spans[0].start : p.spans[0].end]: (p.label, p.source) for p in found if p.kind == "entity"}


def test_the_pipeline_takes_what_the_rules_leave() -> None:
    found = _entities("Projektet i Väster\u00adfja\u030allby leds av Karin Östlund.")
    assert found["Karin Östlund"] == ("PERSON", "rules/person:given-name")
    assert found["Väster\u00adfja\u030allby"] == ("PLACE", SOURCE)


def _read(text: str, *names: tuple[str, str, float]) -> set[tuple[str, str]]:
    """Return the entities of a text in which the model found ``names``: (passage, label, score)."""
    extra = [Mention(at := text.index(n), at + len(n), label, score, SOURCE) for n, label, score in names]
    found = read_text(text, extra).proposals
    return {(text[p.spans[0].start : p.spans[0].end], p.label) for p in found if p.kind == "entity"}


def test_the_rules_decide() -> None:
    text = "Mötet hölls i Luleå hos Brukarnas vänner."
    assert _read(text, ("Luleå hos", "ORGANISATION", 0.99)) == {("Luleå", "PLACE")}
    assert ("Brukarnas vänner", "ORGANISATION") in _read(text, ("Brukarnas vänner", "ORGANISATION", 0.85))
    assert _read(text, ("Brukarnas vänner", "ORGANISATION", 0.3)) == {("Luleå", "PLACE")}
    assert _read(text, ("vänner", "ORGANISATION", 0.99)) == {("Luleå", "PLACE")}


def test_a_sure_organisation_is_kept_whole() -> None:
    text = "Ärendet togs upp av Västmanlands läns granskningsenhet i går."
    whole = "Västmanlands läns granskningsenhet"
    assert (whole, "ORGANISATION") in _read(text, (whole, "ORGANISATION", 0.95))
    assert ("Västmanlands läns", "PLACE") in _read(text, (whole, "ORGANISATION", 0.89))
    assert ("Västmanlands läns", "PLACE") in _read(text, (whole, "PLACE", 0.95))
    assert ("Västmanlands läns", "PLACE") in _read(text, ("läns granskningsenhet", "ORGANISATION", 0.95))


@pytest.mark.parametrize(
    ("name", "label"), [("AI", "PERSON"), ("KBT", "ORGANISATION"), ("Vård-", "PLACE"), ("Nimba  Tuva", "PERSON")]
)
def test_what_is_no_name_is_not_believed(name: str, label: str) -> None:
    assert not _read(f"Vi har talat om {name} och annat här.", (name, label, 0.99))


def test_furniture_holds_no_names() -> None:
    text = "Vi ses igen i höst, det blir bra.\n\nDela på Vårdnätet\nSkriv ut\n"
    assert "ORGANISATION" not in {label for _, label in _read(text, ("Vårdnätet", "ORGANISATION", 0.99))}
    whole = text.replace("Dela på Vårdnätet", "De skrev på Vårdnätet i går.")
    assert ("Vårdnätet", "ORGANISATION") in _read(whole, ("Vårdnätet", "ORGANISATION", 0.99))


def test_the_model_that_ships_is_small_and_whole() -> None:
    model = name_model()
    assert model.tags[0] == "O"
    assert len(model.classes) > 50_000
