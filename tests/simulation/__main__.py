"""Replay a curator: ``python tests/simulation gold|stream [options]``. Prints tables; writes nothing.

gold:   the gold pages, suggested by the built-in pipeline; entities alone, and with claims and relations.
stream: sentences of the NER training data as documents that come one after another, begun with a blank pipeline:
        with an exact-string memory (what is to be beaten), the memory alone, and the memory with background learning.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import gold_pages  # noqa: E402 - found beside this file
import learning  # noqa: E402
import stream  # noqa: E402

UNITS = ("document", "paragraph", "sentence", "one")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("gold", "stream"))
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="the folder of data and gold")
    parser.add_argument("--unit", choices=UNITS, action="append", help="what one key accepts once all in it is right")
    parser.add_argument("--sentences", type=int, default=stream.SENTENCES)
    parser.add_argument("--seed", type=int, default=stream.SEED, help="which sentences; -1 takes the first ones")
    parser.add_argument("--only", choices=sorted(HELPERS), action="append", help="which helpers (default: all)")
    chosen = parser.parse_args()
    (_gold if chosen.what == "gold" else _stream)(chosen)


def _background(**options: object) -> Callable[..., learning.Background]:
    return partial(learning.Background, **options)  # type: ignore[arg-type]


HELPERS: dict[str, Callable[..., stream.Learner]] = {
    "exact strings": stream.ExactMemory,
    "memory": stream.Memory,
    "memory + learning": _background(),
    "memory + learning without word classes": _background(classes=False),
    "memory + learning, offered from 0.5": _background(take=0.5),
    "memory + learning every 400 sentences": _background(every=400),
}


def _gold(chosen: argparse.Namespace) -> None:
    pages = gold_pages.pages(chosen.shared)
    alone = [gold_pages.entities_only(page) for page in pages]
    for unit in chosen.unit or UNITS:
        for title, samples in (("entities", alone), ("entities, claims, relations", pages)):
            with tempfile.TemporaryDirectory() as folder:
                worked = gold_pages.play(Path(folder), samples, None if unit == "one" else unit)
            print(f"\n{title}; one key accepts: {unit}")
            rows = [(one.name, one.actions.total(), one.by_hand, one.ratio, _told(one.actions)) for one in worked]
            actions, by_hand = sum(row[1] for row in rows), sum(row[2] for row in rows)
            _table(
                ("page", "actions", "by hand", "ratio", ""), [*rows, ("all", actions, by_hand, actions / by_hand, "")]
            )


def _stream(chosen: argparse.Namespace) -> None:
    samples = stream.stream(chosen.shared, chosen.sentences, None if chosen.seed < 0 else chosen.seed)
    print(
        f"{chosen.sentences} sentences, seed {chosen.seed}, {sum(len(one.wanted.entities) for one in samples)} entities"
    )
    rows = []
    for unit in chosen.unit or UNITS[:1]:
        for name in chosen.only or HELPERS:
            begun = time.perf_counter()
            with tempfile.TemporaryDirectory() as folder:
                result = stream.play(Path(folder), samples, HELPERS[name], None if unit == "one" else unit)
            whole = sum(one for one, _ in result) / sum(other for _, other in result)
            rows.append((name, unit, *stream.tenths(result), whole, f"{time.perf_counter() - begun:.0f} s"))
            print(f"{name}, {unit}: last tenth {rows[-1][-3]:.3f}", flush=True)
    _table(("helper", "accepts", *(f"{tenth}." for tenth in range(1, 11)), "all", "time"), rows)


def _told(actions: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(actions.items()))


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    cells = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in (heads, *cells)) for column in range(len(heads))]
    for row in (heads, *cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
