"""What is encoded on one side of the pipe is decoded on the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.protocol import (
    Analyse,
    Analysed,
    Failed,
    Load,
    Ready,
    Shutdown,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
)
from models.spans import Span
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = st.text(st.characters())  # lone surrogates too
PLACE = st.integers(0, 10**7)
SPANS = st.lists(st.builds(Span, PLACE, PLACE), max_size=3).map(tuple)
FACETS = st.dictionaries(TEXT, st.one_of(TEXT, st.booleans()), max_size=3)
PROPOSALS = st.builds(
    Proposal,
    st.sampled_from(["entity", "claim", "relation"]),
    TEXT,
    SPANS,
    st.none() | PLACE,
    st.none() | PLACE,
    FACETS,
    st.floats(0, 1),
    TEXT,
)
REQUESTS = st.one_of(st.builds(Load, TEXT), st.builds(Analyse, TEXT, TEXT), st.just(Shutdown()))
ANSWERS = st.one_of(
    st.builds(Ready, st.builds(PipelineInfo, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=3).map(tuple))),
    st.builds(Analysed, TEXT, st.builds(Analysis, st.lists(PROPOSALS, max_size=4).map(tuple), SPANS)),
    st.builds(Failed, st.none() | TEXT, TEXT, st.dictionaries(TEXT, TEXT | st.integers(), max_size=2)),
)


@given(REQUESTS)
def test_requests_come_back_on_one_line(request_: Load | Analyse | Shutdown) -> None:
    line = encode_request(request_)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request_


@given(ANSWERS)
def test_answers_come_back_on_one_line(answer: Ready | Analysed | Failed) -> None:
    line = encode_answer(answer)
    assert line.count(b"\n") == 1
    assert decode_answer(line) == answer


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"do":"dance"}', b'{"do":"analyse","id":1,"text":"a"}'])
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        decode_request(line)
