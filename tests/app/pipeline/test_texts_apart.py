"""What a pipeline says of a text does not depend on the texts beside it, even where one of them breaks a component."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from app.pipeline import suggest
from app.pipeline.protocol import BUILT_IN
from app.pipeline.suggest import Suggester
from models.errors import UserError
from models.suggestions import Analysis

SIZES: list[int] = []


class Fragile:
    """Names every text whole; a batch with FEL in it is lost as one, as in spaCy's trainable components."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.handler: Any = None

    def set_error_handler(self, handler: Any) -> None:
        self.handler = handler

    def get_error_handler(self) -> Any:
        return self.handler

    def __call__(self, doc: Doc) -> Doc:
        doc.set_ents([doc[0:1].char_span(0, len(doc[0]), label="X")])
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        for batch in spacy.util.minibatch(docs, size=batch_size):
            SIZES.append(len(batch))
            if any("FEL" in doc.text for doc in batch):
                self.handler(self.name, self, batch, ValueError("a bad text"))
            else:
                yield from map(self, batch)


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Suggester]:
    Language.factory("fragile_for_tests", func=Fragile)
    nlp = spacy.blank("sv")
    nlp.add_pipe("fragile_for_tests")
    known = suggest.load_pipeline(BUILT_IN)[1]
    monkeypatch.setattr(suggest, "load_pipeline", lambda name: (nlp, known))
    SIZES.clear()
    yield Suggester("prov")


def test_one_bad_text_takes_no_other_with_it(fragile: Suggester) -> None:
    texts = [("a", "Åsa 😀"), ("b", "FEL"), ("c", "Va\u030ard"), ("d", "Lund"), ("e", "FEL igen")]
    found = dict(fragile.analyse(texts))
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert {name for name, one in found.items() if isinstance(one, UserError)} == {"b", "e"}
    for name in "acd":
        analysis = found[name]
        assert isinstance(analysis, Analysis) and len(analysis.proposals) == 1
    assert "a bad text" in str(found["b"])


def test_texts_go_one_by_one_through_what_fills_them_up(fragile: Suggester, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("a", "Åsa"), ("b", "Bo"), ("c", "Cilla")]
    together = list(fragile.analyse(texts))
    assert SIZES == [3]
    monkeypatch.setattr(suggest, "_PADDING", {"fragile_for_tests"})
    alone = Suggester("prov")
    SIZES.clear()
    assert list(alone.analyse(texts)) == together and SIZES == [1, 1, 1]


def test_neighbours_change_nothing(tmp_path: Path) -> None:
    texts = [(str(number), f"Karin Östlund {number} 😀 bor i Va\u030axjö. " * (1 + number % 4)) for number in range(12)]
    suggester = Suggester(BUILT_IN)
    alone = [next(iter(suggester.analyse([one]))) for one in texts]
    assert list(suggester.analyse(texts)) == alone
    assert list(suggester.analyse(texts[::-1]))[::-1] == alone
