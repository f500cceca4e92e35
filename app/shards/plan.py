"""What has to be done: which shards lead to which files, what tells twins apart, and what is finished already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from app.formats.exchange import ID, VERSION
from app.messages import tr
from app.services.analysis import Mapped
from app.shards.documents import Around
from app.shards.sources import JSON_LINES, SUFFIXES, Broken, Contents, Record, file_digest, look_into
from models.errors import UserError
from models.ids import derived_id
from models.labels import label_set
from models.suggestions import PipelineInfo

MARKS = ".kurator-shards"
"""The folder beside the written files that tells from what each was made."""
LAYOUT = 1
"""Raised where the same shard and pipeline lead to another file than before."""
_MEMORY = "memory"
"""The pipeline that stands for what an annotator's own decisions suggest."""
NO_TIME = "1970-01-01T00:00:00.000Z"
"""When a pipeline first ran, where the shard tells of no time at all: the present one would differ on every run."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What files made from JSON lines say of where they belong: the corpus' name and its label set."""

    name: str
    label_set: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard and where its suggestions go.

    ``head`` is what stands around the documents in the written file. ``twins``: number of a document → how many others
    have the same text and come before it. ``key`` changes with everything that the written file follows from.
    """

    path: Path
    target: Path
    contents: Contents
    head: Record
    around: Around
    twins: Mapping[int, int]
    key: str

    @property
    def mark(self) -> Path:
        """The file that tells what ``target`` was made from."""
        return self.target.parent / MARKS / self.target.name

    def is_finished(self) -> bool:
        """Whether ``target`` is what this shard and pipeline lead to."""
        try:
            told = json.loads(self.mark.read_text("utf-8"))
            return bool(told["key"] == self.key and told["file"] == file_digest(self.target))
        except (OSError, ValueError, TypeError, KeyError):
            return False


@dataclass(slots=True)
class Plan:
    """The shards to do, those that are finished, and those that cannot be read, with the reason."""

    todo: list[Shard] = field(default_factory=list)
    finished: list[Shard] = field(default_factory=list)
    broken: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """How many documents there are to do."""
        return sum(one.contents.documents for one in self.todo)


def find_shards(paths: Iterable[Path], out: Path) -> list[tuple[Path, Path]]:
    """Return the shards at or directly below ``paths`` and the file that each leads to, in an order of their own.

    Raises:
        UserError: ``shards.is-project``, ``shards.not-a-shard``, ``shards.none``, ``shards.same-name``,
            ``shards.over-itself``, or ``cli.cannot-read``.
    """
    found = sorted(set(_files(paths)), key=lambda path: (path.name, str(path)))
    if not found:
        raise UserError("shards.none")
    targets: dict[Path, Path] = {}
    for path in found:
        target = out / f"{path.stem}.json"
        if target in targets:
            raise UserError("shards.same-name", path=str(path), other=str(targets[target]))
        if target.exists() and any(target.samefile(one) for one in found):
            raise UserError("shards.over-itself", path=str(target))
        targets[target] = path
    return [(path, target) for target, path in targets.items()]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and one.is_file())
        elif not path.exists():
            raise UserError("cli.cannot-read", path=str(path), reason=tr("shards.not-there"))
        elif path.suffix.lower() == ".kurator":
            raise UserError("shards.is-project", path=str(path))
        elif path.suffix.lower() not in SUFFIXES:
            raise UserError("shards.not-a-shard", path=str(path))
        else:
            yield path


def make_plan(
    shards: Sequence[tuple[Path, Path]], corpus: Corpus, info: PipelineInfo, mapping: Mapped | None, *, again: bool
) -> Plan:
    """Read all shards once and return what has to be done.

    Args:
        shards: from :func:`find_shards`.
        corpus: for shards of JSON lines.
        info: the pipeline.
        mapping: from its labels to label ids, None for a guess.
        again: whether finished shards are done once more.
    """
    plan = Plan()
    sound: list[tuple[Path, Path, Contents]] = []
    for path, target in shards:
        try:
            sound.append((path, target, look_into(path)))
        except Broken as broken:
            plan.broken.append((path, broken.reason))
    refused = dict(_crossing([(path, contents) for path, _, contents in sound if path.suffix.lower() in JSON_LINES]))
    plan.broken += refused.items()
    sound = [one for one in sound if one[0] not in refused]
    for (path, target, contents), twins in zip(sound, twin_numbers([one[2] for one in sound]), strict=True):
        shard = _shard(path, target, contents, twins, corpus, info, mapping)
        (plan.finished if not again and shard.is_finished() else plan.todo).append(shard)
    return plan


def _crossing(shards: Sequence[tuple[Path, Contents]]) -> Iterator[tuple[Path, str]]:
    """Yield shards with a document whose id another shard before it gives to something else."""
    import numpy

    if not shards:
        return
    values, counts = numpy.unique(numpy.concatenate([one.ids for _, one in shards]), return_counts=True)
    several = values[counts > 1]
    first: dict[int, tuple[int, Path, int]] = {}
    for path, contents in shards:
        for at in numpy.flatnonzero(numpy.isin(contents.ids, several)).tolist():
            here = (contents.bodies[at], path, contents.lines[at])
            body, other, line = first.setdefault(contents.ids[at], here)
            if body != contents.bodies[at]:
                yield path, tr("shards.id-elsewhere", line=contents.lines[at], path=other.name, other=line)
                break


def twin_numbers(shards: Sequence[Contents]) -> list[dict[int, int]]:
    """Return for each shard: number of a document → how many others before it have the same text, where any do.

    The same document in several shards is one. As in a project, the number keeps the ids of suggestions apart.
    """
    import numpy

    if not shards:
        return []
    values, counts = numpy.unique(numpy.concatenate([one.prints for one in shards]), return_counts=True)
    several = values[counts > 1]
    seen: dict[int, dict[int, int]] = {}
    found: list[dict[int, int]] = []
    for contents in shards:
        numbers: dict[int, int] = {}
        for at in numpy.flatnonzero(numpy.isin(contents.prints, several)).tolist():
            among = seen.setdefault(contents.prints[at], {})
            if number := among.setdefault(contents.ids[at], len(among)):
                numbers[at] = number
        found.append(numbers)
    return found


# What a written file says around its documents --------------------------------------------------------------


def _shard(
    path: Path,
    target: Path,
    contents: Contents,
    twins: Mapping[int, int],
    corpus: Corpus,
    info: PipelineInfo,
    mapping: Mapped | None,
) -> Shard:
    head = dict(_new_head(corpus) if contents.head is None else contents.head)
    who = (info.name, info.version, info.hash)
    mine = [one for one in head["runs"] if (one["pipeline"], one["version"], one["hash"]) == who]
    run = min((one["id"] for one in mine), default=None)
    if run is None:
        run = derived_id("run", *who)
        told = {"hash": info.hash, "id": run, "pipeline": info.name, "version": info.version}
        told["started"] = _started(head["runs"], contents.latest)
        head["runs"] = sorted([*head["runs"], told], key=lambda one: str(one["id"]))
    since = [LAYOUT, contents.digest, who, sorted(info.labels), mapping and sorted(mapping.items()), run]
    since += [sorted(twins.items()), _digest(head)]
    memories = frozenset(one["id"] for one in head["runs"] if one["pipeline"] == _MEMORY)
    around = Around(run, memories, dict(label_set(head["label_set"]).kinds))
    return Shard(path, target, contents, head, around, twins, _digest(since))


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def _new_head(corpus: Corpus) -> Record:
    project = {"id": derived_id("corpus", corpus.name), "name": corpus.name}
    header = {"counts": {}, "format": ID, "offsets": "code points", "project": project, "version": VERSION}
    lists: Record = {name: [] for name in ("annotators", "runs", "register", "deleted")}
    return {"kurator": header, "label_set": dict(corpus.label_set)} | lists


def _started(runs: Sequence[Record], latest: str) -> str:
    """Return when a run first ran as far as its shard tells: right after everything else in it.

    A merge that has no common origin prefers what the later run proposes.
    """
    times = [*(one["started"] for one in runs), *([latest] if latest else [])]
    if not times:
        return NO_TIME
    last = max(datetime.fromisoformat(one) for one in times).astimezone(UTC) + timedelta(milliseconds=1)
    return last.isoformat(timespec="milliseconds").replace("+00:00", "Z")
