"""Train the name model: ``PYTHONPATH=. python packaging/train_names.py DATA [--out FOLDER] [--report]``.

DATA is the folder with swedish-ner-corpus, Universal NER, svensktext and the raw texts, as the model card names them.
First a model is trained without the development parts and measured on them; then the one that ships is trained with
them too and measured on the test parts. Needs ``python-crfsuite`` (the extra ``train``).

A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) is fitted with L-BFGS and elastic net.
Nothing in it is random: the same data and the same library give the same weights.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pycrfsuite
from names_data import LABELS, Sentence, read_parts, tagged, word_classes

from app.pipeline.names.features import features
from app.pipeline.names.files import folder, read_classes, write_classes, write_weights
from app.pipeline.names.model import NameModel

SETTINGS = {"c1": 0.05, "c2": 0.02, "max_iterations": 100, "feature.minfreq": 2}
"""Chosen on the development parts, and on Talbanken's training part by a model that had seen only the news."""
TRAIN, TESTS = ("news-train", "talbanken-train"), ("news-test", "talbanken-test", "pud-test")
DEVELOPMENT = ("news-dev", "talbanken-dev")
LEAST = 0.02
"""A feature whose weights all lie below this is left out: it decides nothing."""


def main() -> None:
    """Make the word classes, train, write the model and print what it reaches."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=folder(), help="where the model is written")
    parser.add_argument("--report", action="store_true", help="only measure the model that is there")
    chosen = parser.parse_args()
    parts = {name: tagged(part) for name, part in read_parts(chosen.data).items()}
    if not chosen.report:
        chosen.out.mkdir(parents=True, exist_ok=True)
        write_classes(chosen.out, word_classes(chosen.data))
        train(chosen.out, [one for name in TRAIN for one in parts[name]])
        model = NameModel(chosen.out)
        for name in DEVELOPMENT:
            print(report(name, model, parts[name]))
        train(chosen.out, [one for name in (*TRAIN, *DEVELOPMENT) for one in parts[name]])
    model = NameModel(chosen.out)
    for name in TESTS:
        print(report(name, model, parts[name]))


def train(out: Path, sentences: Sequence[Sentence]) -> None:
    """Fit the weights to the sentences and write them to ``out``."""
    classes = read_classes(out)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=SETTINGS, verbose=False)
    for words, tags in sentences:
        trainer.append(features(words, classes), tags)
    with tempfile.TemporaryDirectory() as place:
        path = str(Path(place, "names.crfsuite"))
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        fitted = tagger.info()
        tagger.close()
    tags = ["O", *(f"{sign}-{label}" for label in LABELS for sign in "BI")]
    rows: dict[str, list[float]] = {}
    for (feature, tag), weight in fitted.state_features.items():
        rows.setdefault(feature, [0.0] * len(tags))[tags.index(tag)] = weight
    chain = np.zeros((len(tags), len(tags)))
    for (before, after), weight in fitted.transitions.items():
        chain[tags.index(before), tags.index(after)] = weight
    kept = {feature: row for feature, row in rows.items() if max(map(abs, row)) >= LEAST}
    write_weights(out, tags, kept, chain)
    print(f"{len(kept)} of {len(rows)} features kept")


def spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield ``(first word, end, label)`` of each entity in a row of tags."""
    start, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        if start >= 0 and (tag == "O" or tag[0] == "B" or tag[2:] != label):
            yield start, i, label
            start = -1
        if tag != "O" and start < 0:
            start, label = i, tag[2:]


def report(name: str, model: NameModel, sentences: Sequence[Sentence], least: float = 0.0) -> str:
    """Return precision, recall and F1 over exact spans and labels, and F1 of each label."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    there: Counter[str] = Counter()
    answers = model.read([words for words, _ in sentences])
    for (_, tags), answer in zip(sentences, answers, strict=True):
        mine = {(start, end, label) for start, end, label, score in answer if score >= least}
        gold = set(spans(tags))
        right.update(label for _, _, label in mine & gold)
        found.update(label for _, _, label in mine)
        there.update(label for _, _, label in gold)

    def f(hits: int, mine: int, gold: int) -> float:
        return 2 * hits / max(1, mine + gold)

    total = (right.total(), found.total(), there.total())
    each = " ".join(f"{label} {f(right[label], found[label], there[label]):.3f}" for label in LABELS)
    precision, recall = total[0] / max(1, total[1]), total[0] / max(1, total[2])
    return f"{name:15} P {precision:.3f} R {recall:.3f} F {f(*total):.3f}   {each}"


if __name__ == "__main__":
    main()
