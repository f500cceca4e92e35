"""Ways to put bytes in a file and read it back, and the text that holds what breaks offsets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.messages import tr
from app.readers import read_paths
from models.documents import Skipped, SourceDocument

Item = SourceDocument | Skipped
TEXT = (
    "Ny vårdapp i Region Exempel\n\n"
    "Regionra\u030adet Åsa Löv är nöjd 🙂 med de 5\u00a0miljoner kronor som sjuk\u00advården får.\n"
    "– Det gör skillnad − för alla, säger hon.\n"
)


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes], list[Item]]:
    """Write ``data`` to a file of this name and return all that reading it yields."""

    def write_and_read(name: str, data: bytes) -> list[Item]:
        path = tmp_path / name
        path.write_bytes(data)
        found = list(read_paths([path]))
        for item in found:
            if isinstance(item, Skipped):
                assert tr(item.code, **item.details)
        return found

    return write_and_read


@pytest.fixture
def document(read: Callable[[str, bytes], list[Item]]) -> Callable[[str, bytes], SourceDocument]:
    """Read a file that holds exactly one document."""

    def only(name: str, data: bytes) -> SourceDocument:
        (item,) = read(name, data)
        assert isinstance(item, SourceDocument), item
        return item

    return only


@pytest.fixture
def skipped(read: Callable[[str, bytes], list[Item]]) -> Callable[[str, bytes], Skipped]:
    """Read a file that is skipped as a whole."""

    def only(name: str, data: bytes) -> Skipped:
        (item,) = read(name, data)
        assert isinstance(item, Skipped), item
        return item

    return only
