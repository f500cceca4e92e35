"""What each format holds, as the help page shows it; a test compares it with what writing and reading show."""

from __future__ import annotations

from collections.abc import Mapping

from app.formats.contract import FEATURES, Format, Holding
from app.formats.registry import FORMATS
from app.messages import tr

SIGNS: Mapping[Holding, str] = {"kept": "●", "convention": "○", "lost": "–"}


def table() -> list[str]:
    """Return the matrix of format × feature as lines of Markdown, in the language in use."""
    heads = [tr("formats.matrix-format"), tr("formats.matrix-ways"), *(_feature(name) for name in FEATURES)]
    return [_cells(heads), _cells(["---"] * len(heads)), *(_row(one) for one in FORMATS)]


def _feature(name: str) -> str:
    return {
        "entities": tr("formats.matrix-entities"),
        "overlaps": tr("formats.matrix-overlaps"),
        "discontinuous": tr("formats.matrix-discontinuous"),
        "relations": tr("formats.matrix-relations"),
        "facets": tr("formats.matrix-facets"),
        "notes": tr("formats.matrix-notes"),
        "annotator": tr("formats.matrix-annotator"),
        "decisions": tr("formats.matrix-decisions"),
        "offsets": tr("formats.matrix-offsets"),
    }[name]


def ways(one: Format) -> str:
    """Return whether a format is written, read, or both, in words."""
    if one.writes and one.reads:
        return tr("formats.both-ways")
    return tr("formats.out") if one.writes else tr("formats.in")


def _row(one: Format) -> str:
    return _cells([f"`{one.id}`", ways(one), *(SIGNS[getattr(one.holds, name)] for name in FEATURES)])


def _cells(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
