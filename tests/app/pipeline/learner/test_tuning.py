"""Fine-tuning: labels of one's own, what is partly known, what stands before, and a folder that gives the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language

from app.pipeline.components import tokens_of
from app.pipeline.learner.component import LearnedComponent
from app.pipeline.learner.documents import examples, read
from app.pipeline.learner.training import Example, tags_of
from app.pipeline.learner.tuning import Tuned, tune
from app.pipeline.rules.records import Mention
from app.pipeline.suggest import analysis_of, build_rules_pipeline, load_pipeline
from app.services.training import Marked, TrainingDocument
from app.training.judged import looked_at
from models.spans import Span

CURES = ("Alvidon", "Iprex", "Waranil", "Trombylan", "Panodex", "Voltarin", "Omepron", "Sepalin")
TEXT = "😀 Patienten fick {} mot va\u030arken\u00a0i Luleå. Sedan åt hon mat."


def _document(
    number: int,
    text: str,
    marks: Sequence[tuple[str, str]],
    *,
    complete: bool = True,
    wrong: Sequence[tuple[str, str]] = (),
) -> TrainingDocument:
    """Return a document in which these words have these labels, and others were judged not to have theirs."""
    places = [(text.index(words), text.index(words) + len(words), label) for words, label in (*marks, *wrong)]
    entities = tuple(Marked(f"{start}", label, (Span(start, end),)) for start, end, label in places[: len(marks)])
    rejected = tuple((Span(start, end), label) for start, end, label in places[len(marks) :])
    return TrainingDocument(str(number), text, "train", entities, rejected=rejected, complete=complete)


def _cures(count: int = 8) -> list[TrainingDocument]:
    return [
        _document(i, TEXT.format(cure), [(cure, "LÄKEMEDEL"), ("Luleå", "PLACE")])
        for i, cure in enumerate(CURES[:count])
    ]


def _entities(nlp: Language, text: str) -> dict[str, tuple[str, str]]:
    found = (one for one in analysis_of(nlp(text)).proposals if one.kind == "entity")
    return {text[one.spans[0].start : one.spans[0].end]: (one.label, one.source) for one in found}


@pytest.fixture(scope="module")
def taught() -> Language:
    """Return the built-in pipeline after it learned a label of its own."""
    nlp = build_rules_pipeline()
    tune(nlp, _cures(), ["Karin Östlund är strateg på Region Skåne."])
    return nlp


def test_a_label_of_ones_own_is_learned_and_the_rules_still_speak(taught: Language) -> None:
    found = _entities(
        taught, TEXT.format("Kestrin") + " Karin Östlund, strateg på Region Skåne, fick 12 miljoner kronor."
    )
    assert found["Kestrin"] == ("LÄKEMEDEL", "learned")
    assert found["Luleå"][0] == "PLACE" and found["Luleå"][1].startswith("rules/")
    assert found["Karin Östlund"][0] == "PERSON"
    assert found["12 miljoner kronor"][0] == "MONEY"
    assert [name for name, _ in taught.pipeline] == ["kurator_names", "kurator_learned"]


def test_a_folder_gives_the_same(taught: Language, tmp_path: Path) -> None:
    taught.to_disk(tmp_path / "learned")
    nlp, info = load_pipeline(str(tmp_path / "learned"))
    text = TEXT.format("Kestrin")
    assert analysis_of(nlp(text)) == analysis_of(taught(text))
    assert "LÄKEMEDEL" in info.labels and "ROLE" in info.labels
    assert isinstance(spacy.load(tmp_path / "learned").get_pipe("kurator_learned"), LearnedComponent)


def test_a_blank_pipeline_learns_too_and_goes_on_where_it_stands() -> None:
    nlp = spacy.blank("sv")
    first = tune(nlp, _cures())
    assert first.entities == {"LÄKEMEDEL": 8, "PLACE": 8} and first.rehearsed == 0
    text = TEXT.format("Kestrin")
    assert _entities(nlp, text) == {"Kestrin": ("LÄKEMEDEL", "learned"), "Luleå": ("PLACE", "learned")}
    assert tune(nlp, _cures()).steps < first.steps
    assert nlp.pipe_names == ["kurator_learned"]


def test_the_same_documents_give_the_same_pipeline(tmp_path: Path) -> None:
    for name in ("one", "two"):
        nlp = spacy.blank("sv")
        tune(nlp, _cures())
        nlp.to_disk(tmp_path / name)
    one, two = ((tmp_path / name / "kurator_learned" / "weights.npz").read_bytes() for name in ("one", "two"))
    assert one == two


def test_too_little_changes_nothing() -> None:
    nlp = build_rules_pipeline()
    assert tune(nlp, _cures(3)) == Tuned(0, 0, {}, 0)
    assert _entities(nlp, "Karin Östlund bor i Luleå.")["Karin Östlund"][0] == "PERSON"
    assert tune(spacy.blank("sv"), []).sentences == 0


def test_what_is_rejected_again_and_again_stays_away() -> None:
    """A rule that curators do not believe here is believed less where it says the same again."""
    texts = [f"Laget i grupp {i} heter Luleå i år." for i in range(14)]
    text = "Laget i grupp 77 heter Luleå i år."
    nlp = build_rules_pipeline()
    assert _entities(nlp, text)["Luleå"][0] == "PLACE"
    wrong = [_document(i, one, [], wrong=[("Luleå", "PLACE")]) for i, one in enumerate(texts)]
    tune(nlp, wrong, labels={"CONDITION", "PLACE"})
    assert "Luleå" not in _entities(nlp, text)
    assert _entities(nlp, "Karin Östlund flyttade från Visby till Kiruna.")["Visby"][0] == "PLACE"


def test_a_pipeline_of_somebody_elses_is_judged() -> None:
    nlp = spacy.blank("sv")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PLACE", "pattern": "Luleå"}, {"label": "THING", "pattern": "mat"}])  # type: ignore[attr-defined]
    tune(nlp, _cures())
    found = _entities(nlp, TEXT.format("Kestrin"))
    assert found == {"Kestrin": ("LÄKEMEDEL", "learned"), "Luleå": ("PLACE", "ents"), "mat": ("THING", "ents")}


# What is known of a document's words ------------------------------------------------------------------------

TAGS = tags_of(["PERSON", "PLACE", "ROLE"])


def _examples(
    document: TrainingDocument, *mentions: Mention, labels: Sequence[str] = ("PERSON", "PLACE")
) -> list[Example]:
    text = read(tokens_of(spacy.blank("sv")(document.text))[0], mentions, ())
    return list(examples(text, document, looked_at(document), labels, TAGS))


def _may(example: Example, word: str) -> set[str]:
    place = list(example.words).index(word)
    return {tag for tag, may in zip(TAGS, example.allowed[place], strict=True) if may}


def test_a_complete_document_is_known_throughout() -> None:
    text = "A\u030asa Öst\u00adlund bor här. Hon är glad 😀."
    one, two = _examples(_document(1, text, [("A\u030asa Öst\u00adlund", "PERSON")]))
    assert _may(one, "A\u030asa") == {"B-PERSON"} and _may(one, "Öst\u00adlund") == {"I-PERSON"}
    assert _may(one, "bor") == {"O", "B-ROLE", "I-ROLE"}
    assert _may(two, "glad") == {"O", "B-ROLE", "I-ROLE"}


def test_of_an_incomplete_document_only_what_was_judged_counts() -> None:
    text = "Åsa bor i Luleå med Bo. Eva bor i Visby."
    mention = Mention(text.index("Bo."), text.index("Bo.") + 2, "PERSON", 0.8, "rules/x")
    (only,) = _examples(_document(1, text, [("Åsa", "PERSON")], complete=False, wrong=[("Luleå", "PLACE")]), mention)
    assert next(iter(only.words)) == "Åsa"
    assert _may(only, "Bo") == set(TAGS)
    assert _may(only, "Luleå") == _may(only, "med") == {"O", "B-ROLE", "I-ROLE"}


def test_what_no_tag_can_say_stays_open() -> None:
    text = "Åsa-gruppen åkte. Till Luleå. Bo kom."
    split = TrainingDocument("1", text, "train", (Marked("a", "PERSON", (Span(0, 3),)), Marked("b", "PLACE", (Span(18, 22), Span(23, 28)))), complete=True)  # fmt: skip  # noqa: E501
    one, two, three = _examples(split)
    assert _may(one, "Åsa-gruppen") == _may(two, "Luleå") == set(TAGS)
    assert _may(three, "Bo") == {"O", "B-ROLE", "I-ROLE"}


def test_furniture_and_nested_entities() -> None:
    text = "Dela på Luleå.\nBo Ek kom hit."
    document = _document(1, text, [("Bo Ek", "PERSON"), ("Ek", "PLACE")])
    furnished = TrainingDocument("1", text, "train", document.entities, complete=True, furniture=(Span(0, 14),))
    (only,) = _examples(furnished)
    assert _may(only, "Ek") == {"I-PERSON"}
    assert np.array(only.allowed).any(1).all()
