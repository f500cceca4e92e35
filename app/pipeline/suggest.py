"""From a loaded spaCy pipeline to analyses: the built-in rules or anybody's pipeline."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from app.paths import resource
from app.pipeline import calibrated, components
from app.pipeline.learner.component import FACTORY as LEARNED_FACTORY
from app.pipeline.names.files import fingerprint as names_fingerprint
from app.pipeline.protocol import BUILT_IN
from app.pipeline.rules.gazetteers import fingerprint
from app.pipeline.rules.lexicon import phrases
from app.pipeline.trained.answers import completed
from models.errors import UserError
from models.spans import Span
from models.suggestions import Analysis, PipelineInfo, Proposal

RULES_NAME = "sv_kurator_rules"
RULES_FOLDER = resource("pipelines", RULES_NAME)
"""The built-in pipeline as ``spacy.load`` reads it, made by ``packaging/train_pipeline.py``."""
RULES_VERSION = "1.2.14"
"""Raised with every change of a rule: it is part of every suggestion's identity."""
SPANS_KEY = "sc"
"""Where spaCy's span categorizer leaves its spans."""
NO_SCORE = 0.5
"""The score of an entity whose component does not say how sure it is."""
_STATISTICAL_PIECE = 100_000
"""Code points a statistical pipeline gets at once: its memory grows with them."""


def build_rules_pipeline() -> Language:
    """Return the built-in Swedish pipeline, loaded from its folder: learned names, then the rules, which decide."""
    nlp = spacy.load(RULES_FOLDER)
    phrases()
    return nlp


def load_pipeline(name: str) -> tuple[Language, PipelineInfo]:
    """Load ``built-in``, an installed package or a folder.

    Raises:
        UserError: ``pipeline.cannot-load``: what spaCy said is in ``reason``.
    """
    if name == BUILT_IN:
        nlp = build_rules_pipeline()
        digest = hashlib.sha256(f"{_rules_state()} {names_fingerprint()}".encode()).hexdigest()
        return nlp, PipelineInfo(RULES_NAME, RULES_VERSION, f"sha256:{digest}", components.RULES_LABELS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp = spacy.load(Path(name) if Path(name).is_dir() else name)
    except Exception as error:
        raise UserError("pipeline.cannot-load", name=name, reason=str(error) or type(error).__name__) from error
    meta = nlp.meta
    title = f"{meta.get('lang', 'xx')}_{meta.get('name', 'pipeline')}"
    return nlp, PipelineInfo(title, str(meta.get("version", "")), _hash(nlp), _labels(nlp))


def _rules_state() -> str:
    """Return what the answers of ``kurator_rules`` depend on."""
    return f"{RULES_VERSION} {fingerprint()} {calibrated.fingerprint()}"


def _hash(nlp: Language) -> str:
    digest = hashlib.sha256(nlp.config.to_str().encode())
    if {"kurator_rules", LEARNED_FACTORY} & {nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}:
        digest.update(_rules_state().encode())
    folder = nlp.path
    for path in sorted(folder.rglob("*")) if folder is not None else ():
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def _labels(nlp: Language) -> tuple[str, ...]:
    """Return the labels of the components that find entities or spans."""
    found: set[str] = set()
    for name, pipe in nlp.pipeline:
        assigns = nlp.get_pipe_meta(name).assigns
        if any(attribute in ("doc.ents", "doc.spans") for attribute in assigns):
            found.update(getattr(pipe, "labels", ()))
    return tuple(sorted(found))


_PADDING = {"transformer", "curated_transformer"}
"""Components whose numbers depend a little on what else is in a batch: each text goes through them by itself."""


class Suggester:
    """A loaded pipeline that analyses texts of any length, a batch at a time."""

    def __init__(self, name: str) -> None:
        self._nlp, self.info = load_pipeline(name)
        self._failures: dict[object, str] = {}
        self._handle_errors()
        light = all(
            pipe in ("kurator_names", "kurator_rules", LEARNED_FACTORY, "entity_ruler", "span_ruler", "sentencizer")
            for pipe in self._nlp.pipe_names
        )
        self._piece = self._nlp.max_length if light else min(self._nlp.max_length, _STATISTICAL_PIECE)
        factories = {self._nlp.get_pipe_meta(pipe).factory for pipe in self._nlp.pipe_names}
        self._alone = bool(factories & _PADDING)

    def _handle_errors(self) -> None:
        """Let components note which text they failed on; spaCy's recogniser and parser take no handler and raise."""
        handler: Any = self._note_failure
        self._nlp.default_error_handler = handler
        for _, pipe in self._nlp.pipeline:
            if hasattr(pipe, "set_error_handler"):
                with suppress(AttributeError):
                    pipe.set_error_handler(handler)

    def analyse(self, texts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]:
        """Yield for each ``(id, text)`` its analysis, or the error that the text caused; order is kept."""
        whole = [(text, key) for key, text in texts if len(text) <= self._piece]
        done: dict[str, Analysis | UserError] = {}
        if len(whole) == len(texts) and len({key for key, _ in texts}) == len(texts):
            for key, found in self._run(whole):
                yield str(key), found
            return
        for key, text in texts:
            pieces = list(cut(text, self._piece))
            parts: list[tuple[int, Analysis]] = []
            for number, found in self._run([(piece, n) for n, (_, piece) in enumerate(pieces)]):
                if isinstance(found, UserError):
                    done[key] = found
                    break
                parts.append((pieces[int(str(number))][0], found))
            yield key, done.pop(key) if key in done else join(parts)

    def _run(self, batch: Sequence[tuple[str, object]]) -> Iterator[tuple[object, Analysis | UserError]]:
        """Run the pipeline; a text that failed beside others is tried by itself, since it may be their fault."""
        texts = {key: text for text, key in batch}
        for key, found in self._run_together(batch):
            if isinstance(found, UserError) and len(batch) > 1:
                yield from self._run_together([(texts[key], key)])
            else:
                yield key, found

    def _run_together(self, batch: Sequence[tuple[str, object]]) -> Iterator[tuple[object, Analysis | UserError]]:
        """Run the pipeline; a text that a component fails on is missing in spaCy's stream."""
        waiting = [key for _, key in batch]
        size = 1 if self._alone else max(1, len(batch))
        try:
            for doc, key in self._nlp.pipe(batch, as_tuples=True, batch_size=size):
                while waiting[0] != key:
                    yield self._failure(waiting.pop(0))
                waiting.pop(0)
                try:
                    found: Analysis | UserError = analysis_of(doc)
                except Exception as error:
                    found = _failed(error)
                yield key, found
        except Exception as error:
            if waiting:
                yield waiting[0], _failed(error)
                rest = {str(key) for key in waiting[1:]}
                yield from self._run_together([(text, key) for text, key in batch if str(key) in rest])
            return
        while waiting:
            yield self._failure(waiting.pop(0))

    def _note_failure(self, name: str, _pipe: object, docs: Sequence[Doc], error: Exception) -> None:
        for doc in docs:
            self._failures[doc._context] = f"{name}: {error or type(error).__name__}"

    def _failure(self, key: object) -> tuple[object, UserError]:
        return key, UserError("pipeline.text-failed", reason=self._failures.pop(key, "no answer"))


def _failed(error: Exception) -> UserError:
    return UserError("pipeline.text-failed", reason=str(error) or type(error).__name__)


def analysis_of(doc: Doc) -> Analysis:
    """Return what a processed document holds: the rules' analysis, else its entities and spans; trained claims and
    relations in place of others."""
    return completed(doc, _analysis_of(doc))


def _analysis_of(doc: Doc) -> Analysis:
    ready = doc._.get(components.EXTENSION)
    if isinstance(ready, Analysis):
        return ready
    found: dict[tuple[int, int, str], Proposal] = {}
    for span in doc.ents:
        place = (span.start_char, span.end_char, span.label_)
        found[place] = _entity(place, NO_SCORE, "ents")
    group = doc.spans.get(SPANS_KEY)
    if group is not None:
        scores = group.attrs.get("scores")
        for number, span in enumerate(group):
            place = (span.start_char, span.end_char, span.label_)
            score = NO_SCORE if scores is None else min(1.0, max(0.0, float(scores[number])))
            found[place] = _entity(place, round(score, 2), f"spans/{SPANS_KEY}")
    return Analysis(tuple(found[place] for place in sorted(found) if place[0] < place[1]))


def _entity(place: tuple[int, int, str], score: float, source: str) -> Proposal:
    return Proposal("entity", place[2], (Span(place[0], place[1]),), score=score, source=source)


def cut(text: str, limit: int) -> Iterator[tuple[int, str]]:
    """Cut ``text`` into pieces of at most ``limit`` code points: at paragraph ends, lines, or blanks."""
    start = 0
    while len(text) - start > limit:
        earliest, latest = start + limit // 2, start + limit
        for end in ("\n\n", "\n", ". ", " "):
            found = text.rfind(end, earliest, latest)
            if found >= 0:
                stop = found + len(end)
                break
        else:
            stop = latest
        yield start, text[start:stop]
        start = stop
    yield start, text[start:]


def join(parts: Sequence[tuple[int, Analysis]]) -> Analysis:
    """Return one analysis of a text from those of its pieces and where each piece begins."""
    proposals: list[Proposal] = []
    furniture: list[Span] = []
    for offset, part in parts:
        base = len(proposals)
        for proposal in part.proposals:
            spans = tuple(Span(start + offset, end + offset) for start, end in proposal.spans)
            head = None if proposal.head is None else proposal.head + base
            tail = None if proposal.tail is None else proposal.tail + base
            proposals.append(replace(proposal, spans=spans, head=head, tail=tail))
        furniture += (Span(start + offset, end + offset) for start, end in part.furniture)
    return Analysis(tuple(proposals), tuple(furniture))
