"""A Dask cluster that answers like a pipeline process: one on this machine, or one that runs elsewhere.

Only documents travel: files are read and written here, so that workers need no common folder. A batch whose
worker is lost is given to another one by the scheduler.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.logs import version
from app.pipeline.client import PipelineProcess
from app.pipeline.installed import resolve_pipeline
from app.pipeline.pool import AHEAD, Answer, Text, batches
from app.pipeline.protocol import BUILT_IN, Analysed, Failed, decode_answer
from app.services.trust import require_trust
from models.errors import Defect, EnvironmentFault, UserError
from models.suggestions import PipelineInfo

if TYPE_CHECKING:
    from app.services.analysis import Mapped
    from app.shards.documents import Around, Done, Sent
    from app.shards.worker import Refusal

LOCAL = "local"
"""The address that stands for a cluster on this machine."""
PATIENCE_SECONDS = 30
"""How long a scheduler and its first worker are waited for."""


class DaskPool:
    """A pipeline on the workers of a Dask cluster.

    Args:
        address: of a scheduler, or ``local``.
        jobs: worker processes of a cluster on this machine.
    """

    def __init__(self, address: str, jobs: int) -> None:
        self._address = address
        self._jobs = jobs
        self._pipeline = BUILT_IN
        self._info: PipelineInfo | None = None
        self._cluster: Any = None
        self._client: Any = None

    def start(self, pipeline: str = BUILT_IN) -> PipelineInfo:
        """Connect, and see to it that every worker has the pipeline that this machine has under the same name.

        Raises:
            UserError: ``shards.no-dask``, or as :meth:`PipelineProcess.start`.
            EnvironmentFault: ``shards.no-scheduler``, ``shards.no-workers``, ``shards.workers-differ``, or as
                :meth:`PipelineProcess.start`.
        """
        distributed = _dask()
        self._pipeline = resolve_pipeline(pipeline)
        require_trust(self._pipeline)
        try:
            if self._address == LOCAL:
                self._cluster = distributed.LocalCluster(
                    n_workers=self._jobs,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            self._client = distributed.Client(self._cluster or self._address, timeout=PATIENCE_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise EnvironmentFault("shards.no-scheduler", address=self._address, reason=_first_line(error)) from error
        self._info = self._common_pipeline()
        return self._info

    def _common_pipeline(self) -> PipelineInfo:
        """Return which pipeline every worker has, and this machine too, which workers of its own speak for."""
        from app.shards.worker import introduce

        with suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        with self._reachable():
            told = self._client.run(introduce, self._pipeline, on_error="return")
        if not told:
            raise EnvironmentFault("shards.no-workers", address=self._address)
        known = [one[1] for one in told.values() if isinstance(one, tuple)]
        if self._address == LOCAL and known:
            info: PipelineInfo = known[0]
        else:
            with PipelineProcess() as here:
                info = here.start(self._pipeline)
        if others := differing(told, info):
            raise EnvironmentFault("shards.workers-differ", count=len(others), workers="; ".join(others))
        return info

    @property
    def info(self) -> PipelineInfo:
        """Which pipeline answers.

        Raises:
            Defect: ``pipeline.not-loaded``: ``start`` has not succeeded.
        """
        if self._info is None:
            raise Defect("pipeline.not-loaded")
        return self._info

    def analyse(self, texts: Iterable[Text]) -> Iterator[Answer]:
        """Yield ``(id, analysis)`` for each ``(id, text)`` in order, or the error that this text caused.

        ``texts`` is read a few batches ahead of the answers. Closing the generator ends the work.

        Raises:
            EnvironmentFault: ``pipeline.died``: several workers were lost over the same batch;
                ``shards.no-scheduler``: the scheduler is gone; ``shards.pipeline-changed`` or
                ``shards.workers-differ``: a worker that joined later has something else.
        """
        from app.shards.worker import answers

        for line in self._through(answers, ((batch,) for batch in batches(texts))):
            yield _outcome(line)

    def documents(self, sent: Iterable[Sent], around: Mapping[int, Around], mapping: Mapped | None) -> Iterator[Done]:
        """Yield documents of shards as they are to be written, in order; the workers do all of it.

        Args:
            sent: read a few batches ahead.
            around: for each shard.
            mapping: from the pipeline's labels to label ids, None for a guess.

        Raises:
            EnvironmentFault: as :meth:`analyse`.
        """
        from app.shards.worker import documents

        def work() -> Iterator[tuple[Any, ...]]:
            for batch in batches(sent, lambda one: len(one.text)):
                yield mapping, {one.shard: around[one.shard] for one in batch}, batch

        yield from self._through(documents, work())

    def _through(self, function: Callable[..., Any], work: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield what the workers make of batches of ``work``, in order; each is its arguments behind the pipeline."""
        flying: deque[Any] = deque()
        try:
            while True:
                room = AHEAD * self._threads() - len(flying)
                for one in islice(work, max(0, room)):
                    flying.append(self._client.submit(function, self._pipeline, self.info.hash, *one, pure=False))
                if not flying:
                    return
                yield from self._result(flying.popleft())
        finally:
            with suppress(Exception):  # the cluster may be gone
                self._client.cancel(list(flying))

    def _threads(self) -> int:
        """Return how many batches the workers that there are now can work on at once."""
        with self._reachable():
            threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def _result(self, future: Any) -> list[Any]:
        with self._reachable():
            found: list[Any] | Refusal = future.result()
        if isinstance(found, tuple):
            raise EnvironmentFault(found[0], **found[1])
        return found

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        """Say in a sentence that the scheduler is gone, that workers kept dying, or lack something."""
        distributed = _dask()
        try:
            yield
        except distributed.KilledWorker as error:
            raise EnvironmentFault("pipeline.died", reason=_first_line(error)) from error
        except (ImportError, RuntimeError) as error:  # a worker that joined later and has no Kurator
            raise EnvironmentFault("shards.workers-differ", count=1, workers=_first_line(error)) from error
        except (distributed.CancelledError, OSError, TimeoutError) as error:
            reason = _first_line(error)
            raise EnvironmentFault("shards.no-scheduler", address=self._address, reason=reason) from error

    def close(self) -> None:
        """Let go of the cluster; one on this machine ends."""
        for one in (self._client, self._cluster):
            if one is not None:
                with suppress(OSError, TimeoutError):
                    one.close()
        self._client = self._cluster = None

    def __enter__(self) -> DaskPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _dask() -> Any:
    """Return the library, which may or may not be there.

    Raises:
        UserError: ``shards.no-dask``.
    """
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UserError("shards.no-dask") from error


def differing(told: Mapping[str, Any], info: PipelineInfo) -> list[str]:
    """Return what is wrong with each worker that has not this program in this version, or not this pipeline.

    ``told``: worker → its :func:`app.shards.worker.introduce`, or the exception instead.
    """
    found = []
    for address, one in sorted(told.items()):
        if isinstance(one, BaseException):
            found.append(f"{address}: {_first_line(one)}")
            continue
        program, theirs = one
        if program != version():
            found.append(f"{address}: Kurator {program} ≠ {version()}")
        elif theirs != info:
            found.append(f"{address}: {_spelt(theirs)} ≠ {_spelt(info)}")
    return found


def _spelt(info: PipelineInfo) -> str:
    return f"{info.name} {info.version} ({info.hash[:18]}…)"


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _outcome(line: bytes) -> Answer:
    match decode_answer(line):
        case Analysed(name, analysis):
            return name, analysis
        case Failed(str(name), code, details):
            return name, UserError(code, **details)
    raise Defect("pipeline.bad-answer", answer="ready")
