"""What runs on the workers of a Dask cluster: one pipeline a process, the same function as anywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from app.logs import version
from app.pipeline.protocol import Analysed, Failed, encode_answer
from app.services.analysis import Mapped
from app.shards.documents import Around, Done, Finisher, Sent
from models.errors import KuratorError, UserError

if TYPE_CHECKING:
    from app.pipeline.suggest import Suggester
    from models.suggestions import PipelineInfo

Refusal = tuple[str, dict[str, object]]
"""Code and details of why a worker that may have joined late cannot answer: it has no such pipeline, or another one."""
_lock = Lock()
"""A worker may have several threads; a pipeline has one."""


@cache
def _suggester(pipeline: str) -> Suggester:
    from app.pipeline.suggest import Suggester

    return Suggester(pipeline)


def introduce(pipeline: str) -> tuple[str, PipelineInfo]:
    """Return the version of the program and which pipeline a worker has under this name; loads the pipeline.

    Raises:
        RuntimeError: it cannot be loaded; a KuratorError would not survive the way.
    """
    with _lock:
        try:
            return version(), _suggester(pipeline).info
        except KuratorError as error:
            raise RuntimeError(str(error)) from None


def answers(pipeline: str, hash_: str, texts: Sequence[tuple[str, str]]) -> list[bytes] | Refusal:
    """Return the pipeline's answer to each ``(id, text)`` as a line of :mod:`app.pipeline.protocol`, in order."""
    with _lock:
        suggester = _checked(pipeline, hash_)
        if isinstance(suggester, tuple):
            return suggester
        found = suggester.analyse(texts)
        return [
            encode_answer(Failed(name, one.code, one.details) if isinstance(one, UserError) else Analysed(name, one))
            for name, one in found
        ]


def documents(
    pipeline: str, hash_: str, mapping: Mapped | None, around: Mapping[int, Around], sent: Sequence[Sent]
) -> list[Done] | Refusal:
    """Return documents of shards as they are written, in order."""
    with _lock:
        suggester = _checked(pipeline, hash_)
        if isinstance(suggester, tuple):
            return suggester
        finisher = Finisher(suggester.info, mapping, around)
        found = suggester.analyse([(str(place), one.text) for place, one in enumerate(sent)])
        return [finisher.finish(one, answer) for one, (_, answer) in zip(sent, found, strict=True)]


def _checked(pipeline: str, hash_: str) -> Suggester | Refusal:
    try:
        suggester = _suggester(pipeline)
    except KuratorError as error:
        return error.code, dict(error.details)
    return suggester if suggester.info.hash == hash_ else ("shards.pipeline-changed", {})
