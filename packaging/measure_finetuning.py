"""What fine-tuning on some corrected sentences gives: ``PYTHONPATH=. python packaging/measure_finetuning.py DATA``.

A base is trained on one corpus alone (news, or Talbanken), then fine-tuned on sentences of the other one as a curator
leaves them: those in which the base proposes a name or one is. Told are F1 over exact spans and labels of people,
places and organisations of the whole pipeline, before and after, on text of the new kind that was not seen and on the
old corpus' test part, and the seconds. Nothing is trained on that is measured.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import spacy
from names_data import LABELS, Entity, read_parts, tagged
from spacy.language import Language

from app.pipeline.learner.training import Example, Settings, nothing, tags_of, train
from app.pipeline.learner.tuning import tune
from app.pipeline.names.files import folder, read_classes
from app.pipeline.names.model import NameModel
from app.pipeline.names.reading import LABELS as NAMES
from app.pipeline.suggest import analysis_of
from app.services.training import Marked, TrainingDocument
from models.spans import Span

Text = tuple[str, list[Entity]]
Counts = dict[str, Counter[str]]
KINDS = {
    "news": ("news-train", "talbanken-train", "news-test"),
    "talbanken": ("talbanken-train", "news-train", "talbanken-test"),
}
"""Base → what it is trained on, the new kind, the old test part."""
BASE = Settings(pull=1.0, steps=80)
REST = 2500


def main() -> None:
    """Print a table for each base, and the spread over the seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--bases", type=Path, default=Path("build/finetuning"), help="where the bases are kept")
    chosen = parser.parse_args()
    parts = read_parts(chosen.data)
    for base, (old, new, test) in KINDS.items():
        place = chosen.bases / base
        if not place.exists():
            make_base(place, parts[old])
        print(f"base {base}, fine-tuned on {chosen.sentences} sentences of {new}")
        before = f1(pipeline(place), parts[test])
        print(told("old before", before))
        for seed in range(1, chosen.seeds + 1):
            one_run(place, parts[new], parts[test], chosen.sentences, seed, before)


def make_base(place: Path, part: Sequence[Text]) -> None:
    """Train a name model on one corpus and write it."""
    tags, classes = tags_of(LABELS), read_classes(folder())
    examples = []
    for words, row in tagged(part):
        if words:
            examples.append(Example(words, np.array([[tag == one for tag in tags] for one in row])))
    place.mkdir(parents=True)
    NameModel(stored=(classes, train(examples, classes, nothing(tags), BASE))).save(place)


def pipeline(place: Path) -> Language:
    """Return the built-in pipeline with the name model of a base."""
    nlp = spacy.blank("sv")
    nlp.add_pipe("kurator_names").from_disk(place)  # type: ignore[attr-defined]
    nlp.add_pipe("kurator_rules")
    return nlp


def one_run(
    place: Path, new: Sequence[Text], test: Sequence[Text], count: int, seed: int, before: dict[str, float]
) -> None:
    """Fine-tune on ``count`` sentences drawn by ``seed`` and print what it gives."""
    texts = list(new)
    random.Random(seed).shuffle(texts)
    nlp = pipeline(place)
    proposed = [found(nlp, text) for text, _ in texts]
    judged = [i for i, (_, gold) in enumerate(texts) if gold or proposed[i]][:count]
    others = [one for i, one in enumerate(texts) if i not in set(judged)]
    raw, rest = others[:1000], others[1000 : 1000 + REST]
    fresh = f1(nlp, rest)
    began = time.perf_counter()
    seen = tune(nlp, [document(i, *texts[i]) for i in judged], (text for text, _ in raw))
    seconds = time.perf_counter() - began
    after, kept = f1(nlp, rest), f1(nlp, test)
    worst = min((kept[label] - before[label], label) for label in before)
    print(f"seed {seed}: {sum(seen.entities.values())} names, {seconds:.1f} s, {seen.steps} steps")
    print(told("  new before", fresh), told("  after", after), told("  old after", kept), sep="\n")
    print(f"  gain {after['all'] - fresh['all']:+.3f}; worst on the old test {worst[0]:+.3f} ({worst[1]})", flush=True)


def document(number: int, text: str, gold: Iterable[Entity]) -> TrainingDocument:
    """Return a sentence that a curator is done with."""
    marks = (Marked(str(i), NAMES[label], (Span(a, b),)) for i, (a, b, label) in enumerate(gold))
    return TrainingDocument(str(number), text, "train", tuple(marks), complete=True)


def found(nlp: Language, text: str) -> set[tuple[int, int, str]]:
    """Return the names that a pipeline proposes."""
    proposals = analysis_of(nlp(text)).proposals
    return {(*one.spans[0], one.label) for one in proposals if one.label in NAMES.values()}


def f1(nlp: Language, part: Iterable[Text]) -> dict[str, float]:
    """Return F1 over exact spans, of each label and of all."""
    right: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for text, gold in part:
        there, mine = {(a, b, NAMES[label]) for a, b, label in gold}, found(nlp, text)
        for place in (*there, *mine):
            both.update((place[2], "all"))
        for place in there & mine:
            right.update((place[2], "all"))
    return {label: 2 * right[label] / both[label] for label in ("all", *NAMES.values())}


def told(name: str, values: dict[str, float]) -> str:
    """Return a line of figures."""
    return f"{name:14}" + "  ".join(f"{label} {value:.3f}" for label, value in values.items())


if __name__ == "__main__":
    main()
