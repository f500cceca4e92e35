"""How fast small text files are read."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import pytest

from app.readers import count_files, read_paths

FILES = 10_000
PARAGRAPH = (
    "Region Exempel inför en ny vårdapp 🙂 för 5\u00a0miljoner kronor – och sjuk\u00advården ra\u030ads.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("texts")
    text = (PARAGRAPH * 40).encode()[:3_000].decode("utf-8", "ignore")
    for number in range(FILES):
        (made / f"{number:05}.txt").write_text(f"Nyhet {number}\n{text}", "utf-8")
    return made


def test_read_ten_thousand_files(benchmark: Any, folder: Path) -> None:
    benchmark.extra_info["files"] = FILES
    benchmark.pedantic(lambda: deque(read_paths([folder]), maxlen=0), rounds=3, warmup_rounds=1)


def test_count_ten_thousand_files(benchmark: Any, folder: Path) -> None:
    assert benchmark.pedantic(lambda: count_files([folder]), rounds=3, warmup_rounds=1) == FILES
