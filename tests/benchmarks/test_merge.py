"""How long merging takes, and how much memory, measured in a process of its own.

``KURATOR_MERGE_DOCUMENTS`` sets how many documents of ten annotations each (5,000 unless told).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models.ids import fingerprint
from models.spans import Span, anchor

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = int(os.environ.get("KURATOR_MERGE_DOCUMENTS", "5000"))
ANN = "01970000-0000-7000-8000-0000000000a1"
SENTENCES = (
    "Region Häradsbo 😀 satsar på va\u030ardrum i Mårdby. ",
    "Det kostar 12\u00a0miljoner kronor och lyft\u00adprojektet börjar i höst. ",
    "Anna Ek säger att patienterna har väntat länge på detta. ",
)
EMPTY = ("claims", "relations", "suggestions", "decisions", "status", "deleted", "notes")


def line(record: Any) -> str:
    """Return a record as canonical JSON."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def uuid(space: int, number: int) -> str:
    """Return an id."""
    return f"0197{space:04x}-0000-7000-8000-{number:012x}"


def document(number: int, side: int, changed: bool) -> str:
    """Return a document of ten annotations; in a changed one a side relabels one and adds another."""
    draw = random.Random(number)
    text = "".join(draw.choice(SENTENCES) for _ in range(40)) + f"Sida {number}."
    marks = []
    for one in range(10):
        start = draw.randrange(len(text) - 40)
        marks.append((uuid(1, number * 10 + one), "PERSON", Span(start, start + draw.randrange(3, 30)), 1))
    if changed:
        identity, _, place, _ = marks[side]
        marks[side] = (identity, "PLACE", place, 2)
        place = Span(side * 10, side * 10 + 8)
        marks.append((uuid(2 + side, number), "PERSON", place, 1))
    records = []
    for identity, label, place, revision in sorted(marks, key=lambda one: (*one[2], one[0])):
        found = anchor(text, (place,))
        record = {
            "id": identity, "label": label, "annotator": ANN, "origin": {"by": "human"}, "register": None,
            "note": None, "created": "2026-03-01T09:00:00.000Z", "revision": revision, "spans": [list(place)],
            "modified": f"2026-03-01T09:00:0{revision + side}.000Z" if revision > 1 else "2026-03-01T09:00:00.000Z",
            "exact": list(found.exact), "prefix": found.prefix, "suffix": found.suffix,
        }  # fmt: skip
        records.append(line(record))
    fields = {
        "id": uuid(0, number), "name": f"{number:06}.txt", "title": None, "source": None, "language": "sv",
        "metadata": {}, "text": text, "fingerprint": fingerprint(text), "length": len(text), "furniture": [],
        "furniture_by": "none", "imported": "2026-03-01T09:00:00.000Z", "revision": 1, "analysed_by": None,
    }  # fmt: skip
    rest = "".join(
        f',\n"{name}":[]' for name in ["claims", "relations", "suggestions", "decisions", "status", "deleted", "notes"]
    )
    return line(fields)[:-1] + ',\n"entities":[\n' + ",\n".join(records) + "]" + rest + "}"


def write(path: Path, side: int, share: float) -> Path:
    """Write a file in which a share of the documents is changed by a side; side 0 is the base."""
    labels = json.loads((ROOT / "resources" / "label_sets" / "default.json").read_text("utf-8"))
    annotators = [{"id": ANN, "kind": "human", "name": "Ann"}]
    every = round(1 / share) if share else 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        head = {"counts": {}, "format": "exchange", "offsets": "code points", "version": "1.0"}
        file.write('{"kurator":' + line({**head, "project": {"id": uuid(0, 0xABC), "name": "Stor"}}))
        file.write(f',\n"label_set":{line(labels)},\n"annotators":[\n{line(annotators[0])}],\n"runs":[],\n')
        file.write('"register":[],\n"deleted":[],\n"documents":[')
        for number in range(DOCUMENTS):
            changed = bool(side) and (number + (side if every > 1 else 0)) % every == 0
            file.write((",\n" if number else "\n") + document(number, side, changed))
        file.write("]}\n")
    return path


CHILD = """
import json, resource, sys, time
from pathlib import Path
from app.merge.files import merge_files
began = time.perf_counter()
report = merge_files(*(Path(one) if one else None for one in sys.argv[1:]))
print(json.dumps({"seconds": time.perf_counter() - began, "changes": report.changes,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


@pytest.mark.parametrize("share", [0.1, 1.0], ids=["a tenth changed", "all changed"])
def test_a_merge(tmp_path: Path, benchmark: Any, share: float) -> None:
    """Three files of as many annotations; both sides change the share of documents, not the same ones of a tenth."""
    files = [write(tmp_path / f"{side}.json", side, share) for side in range(3)]
    command = [sys.executable, "-c", CHILD, *map(str, files), str(tmp_path / "out.json")]

    def merge() -> dict[str, Any]:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    told = benchmark.pedantic(merge, rounds=1)
    benchmark.extra_info.update(told)
    assert told["changes"]["entities"]["added"] == DOCUMENTS * share
    print(f"\n{DOCUMENTS * 10:,} annotations, {share:.0%} changed: {told['seconds']:.2f} s, {told['megabytes']:.0f} MB")


def main() -> None:
    """Write the three files of a share into a folder."""
    folder, share = Path(sys.argv[1]), float(sys.argv[2])
    for side in range(3):
        write(folder / f"{side}.json", side, share)
    print(time.process_time(), resource.getpagesize())


if __name__ == "__main__":
    main()
