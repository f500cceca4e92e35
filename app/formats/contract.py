"""What a file format is made of, and what it is told. Formats are listed in :mod:`app.formats.registry`.

A format of another tool is a module with two pure functions and a :class:`Format` named ``FORMAT``::

    def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]
    def read(paths: Sequence[Path], context: ReadContext) -> Iterator[LayerDocument | Refusal]
    FORMAT = Format(id="brat", title="peers.brat", description="peers.brat-about", suffix="", folder=True,
                    holds=Holds(...), write=write, read=read, recognises=recognises)

``write`` gets a path that does not exist yet (a folder that is empty, where ``folder``) and fills it; putting it in
the target's place in one move, progress and cancelling (an exception out of ``documents``, to be let through) is
done around it, by :func:`app.formats.exporting.export`. What the format cannot hold at all (``holds``: lost) has
been taken out of the documents and counted before (:func:`app.formats.simplify.simplified`), so ``write`` returns
only the losses that it alone knows of. Passages come ordered by start, end and id; every link's ends are among the
passages of its own document unless ``far_links``.

``read`` yields what can be read and a :class:`Refusal` for everything else, and raises nothing for what a file
holds. Putting it into a project (labels, annotators, ids, the same again) is :mod:`app.services.foreign`'s work.
Passages are read as entities where the format does not tell claims apart: the label set decides later.

Heavy libraries are imported inside ``write`` and ``read``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.formats.layers import LayerDocument, Loss, Refusal
from models.suggestions import Kind

if TYPE_CHECKING:
    from models.labels import LabelSet
    from models.store.reads import Reads

Holding = Literal["kept", "convention", "lost"]
"""kept: the format has a place of its own for it. convention: where only we, or who reads the format's help page,
know to look. lost: left out, and listed."""

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format can hold.

    ``overlaps``: passages that share text. ``discontinuous``: passages of several spans. ``decisions``: whether
    something was accepted, corrected, rejected or made by hand. ``offsets``: places after an emoji.
    """

    entities: Holding = "kept"
    overlaps: Holding = "lost"
    discontinuous: Holding = "lost"
    relations: Holding = "lost"
    facets: Holding = "lost"
    notes: Holding = "lost"
    annotator: Holding = "lost"
    decisions: Holding = "lost"
    offsets: Holding = "kept"


FEATURES = tuple(one.name for one in fields(Holds))
EVERYTHING = Holds("kept", "kept", "kept", "kept", "kept", "kept", "kept", "kept", "kept")


@dataclass(frozen=True, slots=True)
class WriteContext:
    """What a format may want to know beside the documents.

    Args:
        annotators: annotator's id → a name that no other has (the id itself where there is no such name).
        choices: the format's own settings, complete (see :attr:`Format.choices`).
        split: which part of a train/dev/test split is written, where one is.
        licence: under which one the texts may be used.
        rank: annotator's id → how early their reading counts where only one can be held, the lowest first
            (see :func:`app.formats.simplify.flattened`).
    """

    labels: LabelSet
    annotators: Mapping[str, str] = field(default_factory=dict)
    project: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None
    licence: str | None = None
    rank: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader may want to know: the project's label set, and the format's own settings, complete."""

    labels: LabelSet
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What of a project is written. None narrows nothing.

    Args:
        documents: ids.
        annotators: ids, whose work goes first where the format holds only one reading.
        adjudicated: only the adjudicated reading.
        labels: ids of labels.
        kinds: of entity, claim, relation.
        rejected: suggestions that were turned down, as negatives.
        suggestions: those that nobody judged; None is the format's own habit (the exchange file writes them).
        split: one file each for train, dev and test, as the documents are assigned.
        texts: the texts; only the exchange file can do without.
        licence: what the data card says about it.
        choices: the format's own settings, ``name → value``.
    """

    documents: Sequence[str] | None = None
    annotators: tuple[str, ...] | None = None
    adjudicated: bool = False
    labels: frozenset[str] | None = None
    kinds: frozenset[Kind] | None = None
    rejected: bool = False
    suggestions: bool | None = None
    split: bool = False
    texts: bool = True
    licence: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: counts by list, size in bytes, and what the format cannot hold.

    A cancelled export leaves the target as it was.
    """

    path: Path
    documents: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    size: int = 0
    cancelled: bool = False
    losses: tuple[Loss, ...] = ()


Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
Write = Callable[[Iterable[LayerDocument], Path, WriteContext], tuple[Loss, ...]]
Read = Callable[[Sequence[Path], ReadContext], Iterator[LayerDocument | Refusal]]
Exporter = Callable[["Reads", Path, ExportOptions, Progress, Cancelled], ExportReport]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Args:
        id: what the command line calls it.
        title: catalogue key of its name.
        description: catalogue key of a sentence about it.
        suffix: of the file with its dot; "" where ``folder``.
        holds: what it can hold.
        folder: it is a folder of files.
        far_links: links may end in another document.
        own_split: ``write`` divides the documents by their ``split`` itself; else it is called for each part.
        beside: which of ``simplify.BESIDE`` it holds as well: metadata (title, source, language, …), furniture,
            register, score.
        card: a data card goes with it (a folder's ``README.md``); with a split it always does.
        write: None where it is only read.
        read: None where it is only written.
        recognises: tells from the content of a file, or of a folder, whether ``read`` understands it.
        choices: its own settings: name → the values allowed, the first one is the habit. The names' sentences are
            the catalogue keys ``transfer_window.choice-NAME`` and ``transfer_window.NAME-VALUE``.
        exporter: takes the place of ``write`` (the exchange file has its own).
    """

    id: str
    title: str
    description: str
    suffix: str
    holds: Holds
    folder: bool = False
    far_links: bool = False
    own_split: bool = False
    beside: frozenset[str] = frozenset()
    card: bool = False
    write: Write | None = None
    read: Read | None = None
    recognises: Callable[[Path], bool] = lambda path: False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exporter: Exporter | None = None

    @property
    def writes(self) -> bool:
        """Whether projects can be written in it."""
        return self.write is not None or self.exporter is not None

    @property
    def reads(self) -> bool:
        """Whether projects can be filled from it."""
        return self.read is not None or self.exporter is not None
