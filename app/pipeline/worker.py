"""The pipeline process: JSON lines in, JSON lines out, nothing else on standard output.

Run as ``python -m app.pipeline.worker``; a frozen build calls :func:`main` when it is given
``--pipeline-worker``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from app.pipeline.protocol import (  # noqa: E402
    Analyse,
    Analysed,
    Answer,
    Failed,
    Load,
    Ready,
    Request,
    Shutdown,
    decode_request,
    encode_answer,
)
from models.errors import KuratorError, UserError  # noqa: E402

if TYPE_CHECKING:
    from app.pipeline.suggest import Suggester

NICE = 10
_BATCH_TEXTS = 8
_BATCH_LENGTH = 50_000


class Worker:
    """Answers requests from a queue until it is told to shut down."""

    def __init__(self, requests: SimpleQueue[Request | ValueError], out: BinaryIO) -> None:
        self._requests = requests
        self._out = out
        self._suggester: Suggester | None = None

    def run(self) -> None:
        """Answer until Shutdown."""
        request: Request | ValueError | None = self._requests.get()
        while not isinstance(request, Shutdown):
            following: Request | ValueError | None = None
            match request:
                case Load(pipeline):
                    self._load(pipeline)
                case Analyse():
                    batch, following = self._batch(request)
                    self._analyse(batch)
                case _:
                    self._answer(Failed(None, "pipeline.bad-request", {"reason": str(request)}))
            request = following if following is not None else self._requests.get()

    def _answer(self, answer: Answer) -> None:
        self._out.write(encode_answer(answer))
        self._out.flush()

    def _load(self, pipeline: str) -> None:
        from app.pipeline.suggest import Suggester

        try:
            self._suggester = Suggester(pipeline)
        except KuratorError as error:
            self._answer(Failed(None, error.code, error.details))
        except Exception as error:
            reason = str(error) or type(error).__name__
            self._answer(Failed(None, "pipeline.cannot-load", {"name": pipeline, "reason": reason}))
        else:
            self._answer(Ready(self._suggester.info))

    def _batch(self, first: Analyse) -> tuple[list[Analyse], Request | ValueError | None]:
        """Collect what waits already, so that the pipeline can work on several short texts at once."""
        batch, length = [first], len(first.text)
        while len(batch) < _BATCH_TEXTS and length < _BATCH_LENGTH:
            try:
                request = self._requests.get_nowait()
            except Empty:
                break
            if not isinstance(request, Analyse):
                return batch, request
            batch.append(request)
            length += len(request.text)
        return batch, None

    def _analyse(self, batch: list[Analyse]) -> None:
        if self._suggester is None:
            for request in batch:
                self._answer(Failed(request.id, "pipeline.not-loaded"))
            return
        for name, found in self._suggester.analyse([(request.id, request.text) for request in batch]):
            if isinstance(found, UserError):
                self._answer(Failed(name, found.code, found.details))
            else:
                self._answer(Analysed(name, found))


def _read(source: BinaryIO, requests: SimpleQueue[Request | ValueError]) -> None:
    for line in source:
        try:
            requests.put(decode_request(line))
        except ValueError as error:
            requests.put(ValueError(str(error)))
    requests.put(Shutdown())


def _own_output() -> BinaryIO:
    """Keep standard output for answers; whatever else prints goes to standard error."""
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return out


def main() -> int:
    """Serve standard input until it ends or Shutdown; return the exit status."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    out = _own_output()
    requests: SimpleQueue[Request | ValueError] = SimpleQueue()
    Thread(target=_read, args=(sys.stdin.buffer, requests), name="requests", daemon=True).start()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        Worker(requests, out).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
