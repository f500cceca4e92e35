"""Whole trainings: from a project's labels to a folder that spaCy loads, stopped and gone on with, refused politely."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from trained_corpus import corpus, text_of

from app.paths import resource
from app.pipeline.protocol import BUILT_IN
from app.pipeline.suggest import Suggester
from app.services.training import LabelChoice, TrainingDocument
from app.training import folders
from app.training.card import Told
from app.training.curve import Point, verdict
from app.training.fitting.examples import overlapping, pieces
from app.training.fitting.run import train
from app.training.progress import FILE, Progress
from app.training.recipe import LEARNER, Material, Recipe, Setting, chosen_parts, gather
from app.training.scores import Scores
from app.training.scoring import Count, DocumentCounts
from models.errors import UserError
from models.labels import label_set
from models.spans import Span

LABELS = label_set(json.loads(resource("label_sets", "default.json").read_text("utf-8")))
TOLD = Told("övning", {"åsa": "Åsa"})
BLANK = Recipe("blank", parts=("entities",), epochs=3, licence="CC BY 4.0")


def run(
    out: Path,
    recipe: Recipe,
    documents: Sequence[TrainingDocument],
    *,
    resume: bool = False,
    raw: Sequence[str] = (),
    cancelled: Callable[[list[dict[str, Any]]], bool] = lambda events: False,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Train; return the report and what was told meanwhile."""
    material = gather(documents, raw)
    setting = Setting(recipe, LABELS, chosen_parts(material, recipe.parts))
    folders.begin(out, recipe.identity(), resume=resume)
    events: list[dict[str, Any]] = []
    progress = Progress(out, lambda done, of, told: events.append(dict(told)), lambda: cancelled(events))
    return train(material, setting, out, TOLD, progress), events


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], list[dict[str, Any]]]:
    """Everything trained from nothing, with a curve of one share."""
    out = tmp_path_factory.mktemp("trained") / "allt"
    recipe = replace(BLANK, parts=None, shares=(0.5,), names=True, epochs=5)
    return out, *run(out, recipe, corpus(40))


def test_the_folder_is_a_pipeline_that_suggests_all_that_it_learned(whole) -> None:
    out, report, _ = whole
    assert report["parts"] == ["entities", "claims", "relations"]
    assert report["documents"] == {"train": 24, "dev": 8, "test": 8}
    nlp = spacy.load(out)
    assert nlp.pipe_names == ["ner", "kurator_claims", "kurator_relations"]
    suggester = Suggester(str(out))
    assert {"PERSON", "ORGANISATION", "ROLE", "CLAIM"} <= set(suggester.info.labels)
    ((_, found),) = suggester.analyse([("a", text_of(63)[0])])
    kinds = [one.kind for one in found.proposals]  # type: ignore[union-attr]
    assert {"entity", "claim", "relation"} == set(kinds)
    layers = report["scores"]["layers"]
    assert layers["entity"]["all"]["f1"] > 0.8 and layers["claim"]["all"]["f1"] > 0.9


def test_the_card_and_the_meta_say_what_it_is(whole) -> None:
    out, report, _ = whole
    meta = json.loads((out / "meta.json").read_text("utf-8"))
    card = (out / "README.md").read_text("utf-8")
    assert meta["license"] == "CC BY 4.0" and meta["requirements"] == ["kurator"]
    assert meta["kurator"]["labels"]["PERSON"] == 48 and meta["kurator"]["annotators"] == ["Åsa"]
    assert meta["performance"]["ents_f"] == report["scores"]["layers"]["entity"]["all"]["f1"]
    for words in ("CC BY 4.0", "Åsa", "övning", "| PERSON | 48 |", "label set Kurator", "2026-03-01", "spacy 3.8"):
        assert words in card
    assert report["curve"]["verdict"] in card
    assert not (out / folders.WORK).exists()


def test_progress_is_told_and_kept(whole) -> None:
    out, _, events = whole
    lines = [json.loads(line) for line in (out / FILE).read_text("utf-8").splitlines()]
    assert [{**line, "line": event["line"]} for line, event in zip(lines, events, strict=True)] == events
    epochs = [one for one in lines if one["part"] == "entities" and one["share"] == 1]
    assert [one["epoch"] for one in epochs] == list(range(1, len(epochs) + 1))
    assert epochs[0]["loss"] > epochs[-1]["loss"] and {"PERSON", "ROLE"} <= epochs[0]["labels"].keys()
    assert "entities: epoch 1 of 5" in events[0]["line"]


def test_the_curve_has_the_share_and_the_whole(whole) -> None:
    _, report, _ = whole
    points = report["curve"]["points"]
    assert [(one["share"], one["documents"]) for one in points] == [(0.5, 12), (1.0, 24)]
    assert points[1]["f1"] == report["scores"]["layers"]["entity"]["all"]["f1"]


def test_one_that_was_stopped_and_went_on_is_the_one_that_ran_through(tmp_path: Path) -> None:
    through, _ = run(tmp_path / "hel", BLANK, corpus(20))
    stopped, events = run(
        tmp_path / "bruten", BLANK, corpus(20), cancelled=lambda events: sum("epoch" in one for one in events) >= 2
    )
    assert stopped["stopped"] and sum("epoch" in one for one in events) == 2
    assert spacy.load(tmp_path / "bruten").pipe_names == ["ner"]  # the best so far is there
    with pytest.raises(UserError, match=r"training\.unfinished"):
        run(tmp_path / "bruten", BLANK, corpus(20))
    with pytest.raises(UserError, match=r"training\.other-recipe"):
        run(tmp_path / "bruten", replace(BLANK, seed=2), corpus(20), resume=True)
    resumed, _ = run(tmp_path / "bruten", BLANK, corpus(20), resume=True)
    assert resumed["scores"] == through["scores"] and not resumed["stopped"]
    weights = [(tmp_path / name / "ner" / "model").read_bytes() for name in ("hel", "bruten")]
    assert weights[0] == weights[1]
    again, _ = run(tmp_path / "hel", replace(BLANK, seed=3), corpus(20))  # our own folder may be replaced
    assert again["seed"] == 3 and (tmp_path / "hel" / "ner" / "model").read_bytes() != weights[0]


def test_an_installed_pipeline_goes_on_learning_and_does_not_forget(whole, tmp_path: Path) -> None:
    from app.services.trust import trust

    out, *_ = whole
    recipe = replace(BLANK, base=str(out), epochs=1)
    with pytest.raises(UserError, match=r"training\.untrusted"):
        run(tmp_path / "a", recipe, corpus(20))
    trust(out)
    report, events = run(tmp_path / "b", recipe, corpus(20))
    assert events[0]["f1"] > 0.9  # it knew already
    assert spacy.load(tmp_path / "b").pipe_names == ["ner", "kurator_claims", "kurator_relations"]
    assert report["base"] == str(out)
    # In documents where only titles are marked, and are called something else, it goes on knowing people.
    few = [replace(one, entities=(one.entities[1]._replace(label="EVENT"),)) for one in corpus(40)]
    run(tmp_path / "minns", replace(recipe, epochs=2), few, raw=[text_of(number)[0] for number in range(80, 90)])
    docs = list(spacy.load(tmp_path / "minns").pipe(text_of(number)[0] for number in range(100, 110)))
    assert [sum(one.label_ == label for doc in docs for one in doc.ents) for label in ("PERSON", "EVENT")] == [20, 10]
    trust(tmp_path / "b")
    anew = replace(BLANK, base=str(tmp_path / "b"), parts=("claims",))
    report, _ = run(tmp_path / "c", anew, corpus(20))
    assert spacy.load(tmp_path / "c").pipe_names == ["ner", "kurator_claims", "kurator_relations"]
    assert report["before"]["claim"]["f1"] > 0.9


def test_the_learner_alone_learns_from_little(tmp_path: Path) -> None:
    report, _ = run(tmp_path / "ut", replace(BLANK, base=LEARNER), corpus(20))
    assert spacy.load(tmp_path / "ut").pipe_names == ["kurator_learned"]
    assert report["scores"]["layers"]["entity"]["all"]["f1"] > 0.9 and report["before"] is None


def test_the_built_in_pipeline_goes_on_learning_and_says_what_it_could_before(tmp_path: Path) -> None:
    def otherwise(one: TrainingDocument) -> TrainingDocument:
        """Titles are called events here, which no rule would guess."""
        marks = (mark._replace(label="EVENT") if mark.label == "ROLE" else mark for mark in one.entities)
        return replace(one, entities=tuple(marks))

    recipe, documents = replace(BLANK, base=BUILT_IN), [otherwise(one) for one in corpus(20)]
    report, events = run(tmp_path / "ut", recipe, documents)
    before, after = report["before"]["entity"]["f1"], report["scores"]["layers"]["entity"]["all"]["f1"]
    assert before < after and f"{before:.3f}" in (tmp_path / "ut" / "README.md").read_text("utf-8")
    assert events[0]["loss"] > events[-3]["loss"]
    assert spacy.load(tmp_path / "ut").pipe_names == ["kurator_names", "kurator_learned"]
    ((_, found),) = Suggester(str(tmp_path / "ut")).analyse([("a", text_of(63)[0])])
    assert {"entity", "claim"} <= {one.kind for one in found.proposals}  # type: ignore[union-attr]
    stopped, _ = run(tmp_path / "s", recipe, documents, cancelled=lambda events: len(events) > 1)
    assert stopped["stopped"] and stopped["scores"]["layers"]["entity"]["all"]["f1"] == before


def test_labels_that_overlap_are_told_to_a_span_categorizer(tmp_path: Path) -> None:
    def nested(one: TrainingDocument) -> TrainingDocument:
        person = one.entities[0]
        first = one.text.index(" ")
        more = person._replace(id="x", label="PLACE", spans=(Span(0, first),))
        return replace(one, entities=(*one.entities, more))

    documents = [nested(one) for one in corpus(20)]
    assert overlapping(corpus(5)) == 0 and overlapping(documents) > 0.3
    report, _ = run(tmp_path / "spans", replace(BLANK, epochs=1), documents)
    assert "spancat" in report["notes"][0] and spacy.load(tmp_path / "spans").pipe_names == ["spancat"]


def test_too_little_is_refused_with_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"training\.nothing\b"):
        gather([])
    with pytest.raises(UserError, match=r"training\.nothing-held-out"):
        gather([replace(one, split="train") for one in corpus(10)])
    few = gather(corpus(5))
    with pytest.raises(UserError) as caught:
        chosen_parts(few, None)
    assert caught.value.code == "training.too-little-entities"
    assert caught.value.details == {"train": 15, "held": 5, "least": 20, "least_held": 5}
    enough = gather(corpus(20))
    assert chosen_parts(enough, None) == ("entities", "claims", "relations")
    without = gather([replace(one, relations=()) for one in corpus(20)])
    assert chosen_parts(without, None) == ("entities", "claims")
    with pytest.raises(UserError, match=r"training\.too-little-relations"):
        chosen_parts(without, ("relations",))
    (tmp_path / "annat").mkdir()
    (tmp_path / "annat" / "dagbok.txt").write_text("mitt")
    with pytest.raises(UserError, match=r"training\.folder-of-others"):
        folders.begin(tmp_path / "annat", "", resume=False)
    with pytest.raises(UserError, match=r"training\.nothing-to-resume"):
        folders.begin(tmp_path / "annat", "", resume=True)


def test_what_is_trained_on_is_never_measured_on() -> None:
    documents = corpus(10)
    twin = replace(documents[0], id="twin", split="test")
    material = gather([*documents, twin, replace(documents[3], id="other", split="test")])
    trained = {one.text for one in material.train}
    assert not trained & {one.text for one in (*material.dev, *material.test)}
    assert not {one.text for one in material.dev} & {one.text for one in material.test}
    shared = gather([one for one in documents if one.split != "dev"])
    assert shared.shared and shared.dev == shared.test
    shares = [{one.id for one in material.share(part).train} for part in (0.25, 0.5, 1.0)]
    assert shares[0] < shares[1] < shares[2]


def test_of_unfinished_documents_only_what_was_looked_at_is_learned_from() -> None:
    one = corpus(1)[0]
    half = replace(one, complete=False, entities=one.entities[:1], claims=(), relations=())
    assert [piece.text.strip() for piece in pieces([half])] == [one.text[: one.text.index(" Under")].strip()]
    (piece,) = pieces([half])
    assert piece.entities == ((0, 9, "PERSON"),)
    long = replace(one, text=one.text * 40)
    assert max(len(piece.text) for piece in pieces([long])) <= 2000


def point(share: float, right: list[int]) -> Point:
    counts = [DocumentCounts({("entity", "PERSON"): Count(one, 10, 10)}) for one in right]
    return Point(share, 10, round(share * 200), Scores(tuple(counts)))


@pytest.mark.parametrize(
    ("half", "full", "words"),
    [
        ([4] * 20, [6] * 20, "will probably help"),
        ([6] * 20, [6] * 20, "will hardly help"),
        ([4, 6] * 4, [9, 3] * 4, "too few to be sure"),
    ],
)
def test_the_curve_says_whether_more_labels_would_help(half: list[int], full: list[int], words: str) -> None:
    assert words in verdict([point(0.5, half), point(1.0, full)], "entity")


def test_the_choice_of_labels_is_part_of_what_must_be_the_same() -> None:
    other = replace(BLANK, choice=LabelChoice(labels=frozenset({"PERSON"})))
    assert BLANK.identity() != other.identity()
    assert BLANK.identity() == replace(BLANK, minutes=3.0, epochs=9, licence="").identity()
    assert isinstance(gather(corpus(10)), Material)
