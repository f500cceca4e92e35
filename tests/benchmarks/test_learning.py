"""How long learning takes, and how fast a pipeline is that has learned."""

from __future__ import annotations

import time
from pathlib import Path

import spacy
from trained_corpus import corpus

from app.paths import resource
from app.pipeline.learner.tuning import tune
from app.pipeline.suggest import build_rules_pipeline

SAMPLES = [path.read_text("utf-8") for path in sorted(resource("samples").glob("*.txt"))]


def test_fine_tuning_on_two_hundred_sentences(benchmark) -> None:
    """Four sentences in each document; rehearsal on the samples. Reach: three minutes on two cores."""
    seen = benchmark.pedantic(lambda: tune(build_rules_pipeline(), corpus(50), SAMPLES), rounds=2)
    assert seen.sentences >= 200
    benchmark.extra_info["steps"] = seen.steps


def test_from_nothing_on_two_thousand_sentences(benchmark) -> None:
    documents = corpus(500)
    nlp = spacy.blank("sv")
    benchmark.pedantic(lambda: tune(nlp, documents), rounds=2)


def test_reading_with_what_was_learned(benchmark, tmp_path: Path) -> None:
    """Words a second of process time, beside the built-in pipeline's; loading."""
    nlp = build_rules_pipeline()
    tune(nlp, corpus(50), SAMPLES)
    nlp.to_disk(tmp_path / "learned")
    loaded = benchmark.pedantic(lambda: spacy.load(tmp_path / "learned"), rounds=3)
    for name, one in (("learned", loaded), ("built-in", build_rules_pipeline())):
        list(one.pipe(SAMPLES))
        began = time.process_time()
        for _ in range(3):
            list(one.pipe(SAMPLES))
        words = 3 * sum(len(text.split()) for text in SAMPLES)
        benchmark.extra_info[f"{name}, words a second"] = round(words / (time.process_time() - began))
