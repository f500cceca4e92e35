"""A stream of documents made of the training sentences of swedish-ner-corpus, and what learns from it as it comes."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from curator import SimulatedCurator, Wanted

from app.services.corpus import import_documents
from app.services.memory import Remembering
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.sentences import Unit
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal

TRAINING = ("data", "klintan_swedish-ner-corpus", "train_corpus.txt")
LABELS = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORGANISATION"}
SENTENCES, PER_DOCUMENT, SEED = 2_000, 20, 20
_CLOSING = {*",.;:!?)]}", "..."}


class Sample(NamedTuple):
    """A document of the stream."""

    name: str
    text: str
    wanted: Wanted


def sentences(path: Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield the sentences with their entities of three classes; a word and its label a line."""
    block: list[tuple[str, str]] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.strip():
            word, _, tag = line.rpartition("\t" if "\t" in line else " ")
            if word.strip():
                block.append((word.strip(), tag.strip()))
        elif block:
            yield _spaced(block)
            block = []


def _spaced(block: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[int, int, str]]]:
    text, found, before = "", [], ""
    for word, tag in block:
        if text and word not in _CLOSING:
            text += " "
        start = len(text)
        text += word
        if tag in LABELS and tag == before:
            found[-1] = (found[-1][0], len(text), LABELS[tag])
        elif tag in LABELS:
            found.append((start, len(text), LABELS[tag]))
        before = tag
    return text, found


def stream(shared: Path, count: int = SENTENCES, seed: int | None = SEED) -> list[Sample]:
    """Return documents of some twenty sentences each; ``seed`` None takes the first sentences as they come."""
    known = list(sentences(shared.joinpath(*TRAINING)))
    if seed is None:
        chosen = known[:count]
    else:
        chosen = random.Random(seed).sample(known, count)
    documents = []
    for first in range(0, count, PER_DOCUMENT):
        text, entities = "", set()
        for sentence, found in chosen[first : first + PER_DOCUMENT]:
            entities |= {(len(text) + start, len(text) + end, label) for start, end, label in found}
            text += sentence + "\n"
        documents.append(Sample(f"{first:05}.txt", text, Wanted(frozenset(entities))))
    return documents


class ExactMemory:
    """What is to be beaten: strings as confirmed, with the label that each was given most often."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._info = PipelineInfo("exact", "1", "")

    def begin(self, document: str, number: int) -> None:
        """Nothing learns between documents."""

    def settle(self, document: str) -> None:
        """Suggest anew in a document what was confirmed anywhere."""
        reads = self._workspace.reads
        known: dict[str, Counter[str]] = defaultdict(Counter)
        rows = reads.connection.execute("SELECT json_extract(exact, '$[0]'), label FROM annotations")
        for quote, label in rows:
            known[quote][label] += 1
        text = reads.text(document)
        taken = [one.extent for one in self._workspace.marks.marks(document) if one.judged and one.state != "rejected"]
        proposals = []
        if known:
            pattern = "|".join(re.escape(quote) for quote in sorted(known, key=len, reverse=True))
            for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
                span = Span(*match.span())
                if not any(span.overlaps(one) for one in taken):
                    proposals.append(Proposal("entity", known[match[0]].most_common(1)[0][0], (span,)))
        (number,) = reads.connection.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()
        with self._workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, self._info)
            store_analysis(work, reads, document, number, run, self._info, Analysis(tuple(proposals)))


class Memory:
    """The program's own memory, and nothing else."""

    def __init__(self, workspace: Workspace) -> None:
        self._memory = Remembering(workspace)

    def settle(self, document: str) -> None:
        """Let the memory learn what was just done."""
        self._memory.catch_up([document])

    def begin(self, document: str, number: int) -> None:
        """Nothing learns between documents."""


class Learner(Protocol):
    """What helps the curator: ``begin`` when document ``number`` has come, ``settle`` after each action."""

    def begin(self, document: str, number: int) -> None: ...

    def settle(self, document: str) -> None: ...


def play(
    folder: Path, samples: Sequence[Sample], learner: Callable[[Workspace], Learner], unit: Unit | None = "document"
) -> list[tuple[int, int]]:
    """Let a curator work the stream through; return actions and actions by hand of each document."""
    result = []
    with Workspace.create(folder / "stream.kurator", "stream", "Simulerad") as workspace:
        helper = learner(workspace)
        for number, sample in enumerate(samples):
            source = SourceDocument(sample.name, sample.text)
            (item,) = import_documents(workspace.writer, workspace.reads, [source])
            assert item.document is not None
            helper.begin(item.document, number)
            curator = SimulatedCurator(workspace, helper.settle, unit)
            curator.annotate(item.document, sample.wanted)
            result.append((curator.effort.total, sample.wanted.by_hand()))
    return result


def tenths(result: Sequence[tuple[int, int]]) -> list[float]:
    """Return actions against actions by hand, per tenth of the stream."""
    size = max(1, len(result) // 10)
    parts = [result[first : first + size] for first in range(0, len(result), size)]
    return [sum(one for one, _ in part) / max(1, sum(other for _, other in part)) for part in parts]
