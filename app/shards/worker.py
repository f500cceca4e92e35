"""What runs on the workers of a Dask cluster: one pipeline a process, the same function as anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from app.logs import version
from app.pipeline.protocol import Analysed, Failed, encode_answer
from models.errors import KuratorError, UserError

if TYPE_CHECKING:
    from app.pipeline.suggest import Suggester
    from models.suggestions import PipelineInfo

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


def answers(pipeline: str, hash_: str, texts: Sequence[tuple[str, str]]) -> list[bytes]:
    """Return the pipeline's answer to each ``(id, text)`` as a line of :mod:`app.pipeline.protocol`, in order.

    A worker whose pipeline cannot be loaded, or has another hash (it may have joined later), answers with a single
    line that says so and names no text.
    """
    with _lock:
        try:
            suggester = _suggester(pipeline)
        except KuratorError as error:
            return [encode_answer(Failed(None, error.code, error.details))]
        if suggester.info.hash != hash_:
            return [encode_answer(Failed(None, "shards.pipeline-changed"))]
        found = suggester.analyse(texts)
        return [
            encode_answer(Failed(name, one.code, one.details) if isinstance(one, UserError) else Analysed(name, one))
            for name, one in found
        ]
