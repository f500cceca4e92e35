"""How fast suggestions come through the process, against the same pipeline's bare ``nlp.pipe``."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.pipeline.client import PipelineProcess
from app.pipeline.suggest import build_rules_pipeline

PARAGRAPH = (
    "Region Skåne inför under hösten 2024 en ny app för patienter med hjärtsvikt. Satsningen kostar 12 "
    "miljoner kronor och leds av Karin Östlund, chef för digital utveckling på Region Skåne.\n\n"
    "– Vi ser att behovet har ökat de senaste åren, säger hon. Nu kan vi möta fler i tid.\n\n"
    "Enligt Socialstyrelsen har 18 procent av dem som söker vård i Malmö och Lund använt en digital tjänst. "
    "Läkaren Erik Holm menar att det inte räcker.\n\n"
)
TEXTS = [(str(number), f"Nyhet {number}\n\n" + PARAGRAPH * 6) for number in range(200)]
WORDS = sum(len(text.split()) for _, text in TEXTS)


@pytest.fixture(scope="module")
def process() -> Iterator[PipelineProcess]:
    with PipelineProcess() as started:
        started.start()
        yield started


def test_suggest_through_the_process(benchmark, process: PipelineProcess) -> None:
    nlp = build_rules_pipeline()
    list(nlp.pipe([text for _, text in TEXTS[:20]]))
    began = time.perf_counter()
    for _ in nlp.pipe(text for _, text in TEXTS):
        pass
    bare = time.perf_counter() - began
    benchmark.pedantic(lambda: sum(1 for _ in process.analyse(TEXTS)), rounds=3, warmup_rounds=1)
    taken = benchmark.stats.stats.min
    benchmark.extra_info["words a second"] = round(WORDS / taken)
    benchmark.extra_info["bare nlp.pipe, words a second"] = round(WORDS / bare)
    benchmark.extra_info["of bare nlp.pipe"] = round(bare / taken, 2)


def test_start_of_the_process(benchmark) -> None:
    def start() -> None:
        with PipelineProcess() as started:
            started.start()

    benchmark.pedantic(start, rounds=3)


def test_a_text_of_one_megabyte(benchmark, process: PipelineProcess) -> None:
    text = PARAGRAPH * (1_000_000 // len(PARAGRAPH))
    benchmark.pedantic(lambda: list(process.analyse([("long", text)])), rounds=2)
