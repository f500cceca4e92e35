"""Words a second for shards through one process, two, and a Dask cluster on this machine, against bare ``nlp.pipe``.

Run on a quiet machine with two cores: ``pytest tests/benchmarks/test_large_corpora.py --benchmark-only``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.pipeline.client import PipelineProcess
from app.pipeline.pool import PipelinePool
from app.pipeline.suggest import build_rules_pipeline
from app.shards.cluster import DaskPool
from app.shards.plan import Corpus, find_shards, make_plan
from app.shards.suggesting import suggest_shards
from app.workspace import default_label_set

PARAGRAPH = (
    "Region Skåne inför under hösten 2024 en ny app för patienter med hjärtsvikt. Satsningen kostar 12 "
    "miljoner kronor och leds av Karin Östlund, chef för digital utveckling på Region Skåne.\n\n"
    "– Vi ser att behovet har ökat de senaste åren, säger hon. Nu kan vi möta fler i tid.\n\n"
    "Enligt Socialstyrelsen har 18 procent av dem som söker vård i Malmö och Lund använt en digital tjänst. "
    "Läkaren Erik Holm menar att det inte räcker.\n\n"
)
TEXTS = [f"Nyhet {number}\n\n" + PARAGRAPH * 6 for number in range(100)]
WORDS = sum(len(text.split()) for text in TEXTS)


@cache
def bare() -> float:
    """Return words a second of the pipeline alone, in this process."""
    nlp = build_rules_pipeline()
    list(nlp.pipe(TEXTS[:20]))
    began = time.perf_counter()
    for _ in nlp.pipe(TEXTS):
        pass
    return WORDS / (time.perf_counter() - began)


MAKERS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "one": PipelineProcess,
    "two": lambda: PipelinePool(2),
    "dask": lambda: DaskPool("local", 2),
}


def seconds(make: str, folder: Path) -> float:
    """Return the seconds that four shards take, the quickest of two rounds; the pipeline is loaded before."""
    shards = []
    for number in range(4):
        shards.append(folder / f"{number}.jsonl")
        lines = [json.dumps({"text": text}, ensure_ascii=False) for text in TEXTS[number::4]]
        shards[-1].write_text("\n".join(lines) + "\n", "utf-8")
    out = folder / "ut"
    out.mkdir()
    taken = []
    with MAKERS[make]() as pipeline:
        info = pipeline.start("built-in")
        plan = make_plan(find_shards(shards, out), Corpus("prov", default_label_set()), info, None, again=True)
        list(pipeline.analyse((str(number), text) for number, text in enumerate(TEXTS)))
        for _ in range(2):
            began = time.perf_counter()
            suggest_shards(plan, pipeline, None)
            taken.append(time.perf_counter() - began)
    return min(taken)


@pytest.mark.parametrize("make", ["one", "two", "dask"])
def test_shards(benchmark: Any, tmp_path: Path, make: str) -> None:
    """In a process of its own: Dask leaves threads behind."""
    if make == "dask":
        pytest.importorskip("distributed")
    command = [sys.executable, __file__, make, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def run() -> str:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    taken = float(benchmark.pedantic(run, rounds=1))
    benchmark.extra_info["words a second"] = round(WORDS / taken)
    benchmark.extra_info["bare nlp.pipe, words a second"] = round(bare())
    benchmark.extra_info["of bare nlp.pipe"] = round(WORDS / taken / bare(), 2)


if __name__ == "__main__":
    print(seconds(sys.argv[1], Path(sys.argv[2])))
