"""Archives: entries like files, and the archives that are made to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from app.readers import zip_archive
from models.documents import Skipped, SourceDocument

Read = Callable[[str, bytes], list[SourceDocument | Skipped]]
None_ = Callable[[str, bytes], Skipped]


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_entries_are_read_like_files(read: Read, text: str, method: int) -> None:
    entries = {
        "a.txt": text.encode(),
        "mapp/å.md": b"# Rubrik\n",
        "mapp/b.csv": b"text\nett\ntv\xc3\xa5\n",
        "bild.png": b"\x89PNG",
        "tom.txt": b"",
        ".dold.txt": b"dold",
        "__MACOSX/._a.txt": b"dold",
        "mapp/": b"",
    }
    found = read("a.zip", archive(entries, method))
    documents = {item.name: item.text for item in found if isinstance(item, SourceDocument)}
    assert documents == {
        "a.zip/a.txt": text,
        "a.zip/mapp/å.md": "# Rubrik\n",
        "a.zip/mapp/b.csv#1": "ett",
        "a.zip/mapp/b.csv#2": "två",
    }
    skipped = {item.name: item.code for item in found if isinstance(item, Skipped)}
    assert skipped == {"a.zip/bild.png": "reading.unknown-format", "a.zip/tom.txt": "reading.empty"}


@pytest.mark.parametrize(
    "name",
    [
        "../ut.txt",
        "a/../../ut.txt",
        "/rot.txt",
        "C:/ut.txt",
        "c:ut.txt",
        "a\\..\\ut.txt",
        "a\nb.txt",
        "a/..",
        "../",
    ],
)
def test_names_that_lead_out_are_refused(read: Read, name: str) -> None:
    found = read("a.zip", archive({name: b"ut", "b.txt": b"kvar"}))
    assert [item.code for item in found if isinstance(item, Skipped)] == ["reading.unsafe-name"] * (
        name != "../"
    )
    assert [item.text for item in found if isinstance(item, SourceDocument)] == ["kvar"]


def test_a_nul_cannot_hide_a_name(read: Read) -> None:
    data = archive({"aX.txt": b"text"}).replace(b"aX.txt", b"a\0.txt")
    (found,) = read("a.zip", data)
    assert isinstance(found, Skipped)
    assert found.code == "reading.unsafe-name"


def test_an_archive_inside_is_not_opened(read: Read) -> None:
    inner = archive({"a.txt": b"text"})
    (found,) = read("a.zip", archive({"inre.ZIP": inner}))
    assert found == Skipped("a.zip/inre.ZIP", "reading.nested-zip")


def test_an_entry_that_swells_is_refused_and_the_rest_read(read: Read) -> None:
    data = archive({"bomb.txt": b"a" * 20_000_000, "b.txt": b"text", "liten.txt": b"a" * 500_000})
    bomb, plain, small = read("a.zip", data)
    assert bomb == Skipped("a.zip/bomb.txt", "reading.bomb")
    assert isinstance(plain, SourceDocument) and isinstance(small, SourceDocument)


def test_a_lying_size_is_broken_and_not_followed(read: Read) -> None:
    whole = archive({"a.txt": b"abcdefgh" * 1_000})
    lie = whole.replace(struct.pack("<I", 8_000), struct.pack("<I", 10))
    assert lie != whole
    (found,) = read("a.zip", lie)
    assert isinstance(found, Skipped)
    assert found.code == "reading.broken"


def test_entries_that_share_their_bytes_are_a_bomb(skipped: None_) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("a.txt", b"vard " * 1_000)
        original = packed.infolist()[0]
        for number in range(50):
            twin = zipfile.ZipInfo(f"b{number}.txt")
            for name in ("header_offset", "CRC", "file_size", "compress_size"):
                setattr(twin, name, getattr(original, name))
            packed.filelist.append(twin)
    assert skipped("a.zip", stream.getvalue()).code == "reading.bomb"


def test_limits_hold_for_the_whole_archive(skipped: None_, monkeypatch: pytest.MonkeyPatch) -> None:
    data = archive({f"{number}.txt": b"text" for number in range(11)})
    monkeypatch.setattr(zip_archive, "TOTAL_LIMIT", 43)
    assert skipped("a.zip", data).code == "reading.bomb"
    monkeypatch.setattr(zip_archive, "ENTRY_LIMIT", 10)
    found = skipped("a.zip", data)
    assert (found.code, found.details) == ("reading.too-many-entries", {"limit": 10})
    monkeypatch.setattr(zip_archive, "_DIRECTORY_LIMIT", 100)
    assert skipped("a.zip", data).code == "reading.too-many-entries"


def test_a_locked_entry_is_told(read: Read) -> None:
    data = bytearray(archive({"a.txt": b"hemligt"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (found,) = read("a.zip", bytes(data))
    assert found == Skipped("a.zip/a.txt", "reading.encrypted")


def test_a_damaged_entry_does_not_spoil_the_next(read: Read) -> None:
    data = archive({"a.txt": b"f\xc3\xb6rst", "b.txt": b"sedan"}, zipfile.ZIP_STORED)
    first, second = read("a.zip", data.replace(b"f\xc3\xb6rst", b"f\xc3\xb6rSt", 1))
    assert isinstance(first, Skipped)
    assert first.code == "reading.broken"
    assert isinstance(second, SourceDocument)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_packing_is_broken(read: Read, text: str, method: int) -> None:
    data = bytearray(archive({"a.txt": text.encode() * 20}, method))
    data[60:90] = bytes(30)
    (found,) = read("a.zip", bytes(data))
    assert isinstance(found, Skipped)
    assert found.code == "reading.broken"


@pytest.mark.parametrize("data", [b"", b"inget arkiv", archive({"a.txt": b"text" * 100})[:80]])
def test_what_is_no_archive_is_broken(skipped: None_, data: bytes) -> None:
    assert skipped("a.zip", data).code == "reading.broken"


def test_an_archive_without_files_is_empty(skipped: None_) -> None:
    assert skipped("a.zip", archive({})).code == "reading.empty"
