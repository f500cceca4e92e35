"""Plain text and Markdown: exact text, encodings, titles, and what is no text at all."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.readers import Source, read_file, read_paths
from models.documents import Skipped, SourceDocument

One = Callable[[str, bytes], SourceDocument]
None_ = Callable[[str, bytes], Skipped]
CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
SWEDISH = "Vården på Öland får nya e-tjänster – säger Åsa Löv. ”Bra”, anser de åtta regionerna.\r\n"


def from_memory(name: str, data: bytes) -> list[SourceDocument | Skipped]:
    import io

    return list(read_file(Source(name, len(data), lambda: io.BytesIO(data))))


def test_text_is_stored_exactly(document: One, text: str) -> None:
    stored = "\r\n \t" + text.replace("\n", "\r\n") + "slut utan radslut\x0c\u2028\r"
    found = document("a.txt", stored.encode())
    assert found.text == stored
    assert found.name == "a.txt"
    assert found.metadata == {"encoding": "utf-8"}
    assert found.furniture == ()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_comes_back_exactly(text: str) -> None:
    (found,) = from_memory("a.txt", text.encode())
    if text.isspace():
        assert found == Skipped("a.txt", "reading.empty")
    elif text.startswith("\ufeff"):
        assert not isinstance(found, SourceDocument) or found.text == text[1:]
    elif text.encode().startswith(
        (b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"GIF8", b"Rar!", b"BZh", b"{\\rtf")
    ):
        assert isinstance(found, Skipped)
    else:
        assert isinstance(found, SourceDocument)
        assert found.text == text


@pytest.mark.parametrize(
    ("mark", "codec", "named"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_tells_and_is_not_text(
    document: One, text: str, mark: bytes, codec: str, named: str
) -> None:
    found = document("a.txt", mark + text.encode(codec))
    assert found.text == text
    assert found.metadata["encoding"] == named


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman"])
def test_old_swedish_encodings_are_told_apart(document: One, codec: str) -> None:
    found = document("a.txt", SWEDISH.encode(codec))
    assert found.text == SWEDISH
    assert found.metadata["encoding"] == codec


@pytest.mark.parametrize("word", ["åäö", "Region Skåne\n", "Malmö", "Vården i Växjö kostar 5 § mer"])
@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "mac_roman", "cp850"])
def test_a_few_swedish_letters_are_enough(document: One, word: str, codec: str) -> None:
    if codec == "cp850" and "§" in word:
        word = word.replace("§", "kr")
    assert document("a.txt", word.encode(codec)).text == word


def test_other_languages_are_left_to_the_library(document: One) -> None:
    russian = "Медицинская помощь становится доступнее благодаря цифровым услугам. " * 20
    assert document("a.txt", russian.encode("cp1251")).text == russian


def test_damaged_utf8_is_not_read_as_something_else(skipped: None_) -> None:
    data = SWEDISH.encode()
    cut = data[: data.index("ö".encode()) + 1] + b" " + data[30:]
    found = skipped("a.txt", cut)
    assert found.code == "reading.damaged-utf8"
    assert found.details == {"position": data.index("ö".encode())}


@pytest.mark.parametrize(
    "data",
    [
        b"Text med\0 noll",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"%PDF-1.7 utan nollor",
        b"PK\x03\x04 ett arkiv",
        "med märke och\0noll".encode("utf-16"),
        bytes([1, 2, 3, 200, 201, 5, 6, 7]) * 50,
    ],
)
def test_what_is_no_text_is_told(skipped: None_, data: bytes) -> None:
    assert skipped("a.txt", data).code == "reading.binary"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, "\u00a0\n".encode()])
def test_a_file_without_words_is_empty(skipped: None_, data: bytes) -> None:
    assert skipped("a.txt", data).code == "reading.empty"


def test_half_a_pair_in_utf16_is_refused(skipped: None_) -> None:
    assert skipped("a.txt", codecs.BOM_UTF16_LE + b"a\0\x00\xd8").code == "reading.unknown-encoding"


def test_one_line_of_ten_megabytes(document: One) -> None:
    line = "vård och omsorg 🙂 " * 600_000
    assert document("a.txt", line.encode()).text == line


def test_a_text_above_the_limit_is_named_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "stor.txt"
    with path.open("wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    assert list(read_paths([path])) == [Skipped("stor.txt", "reading.too-large", {"limit": 64})]


def test_a_file_that_changes_while_it_is_found_is_skipped() -> None:
    import io

    for now in (b"kort", b"mycket longre an forut"):
        source = Source("a.txt", 10, lambda now=now: io.BytesIO(now))  # type: ignore[misc]
        assert list(read_file(source)) == [Skipped("a.txt", "reading.changed")]


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Ny vårdapp i Region Exempel\n\nText.", "Ny vårdapp i Region Exempel"),
        ("\n\n  Direkt till innehållet\n\nNy vårdapp\nText", "Ny vårdapp"),
        (
            "Vi använder kakor på webbplatsen.\nHem / Nyheter / Vård\nMeny\n2024-01-02\nNy vårdapp",
            "Ny vårdapp",
        ),
        ("Sökmotor för vården\nText", "Sökmotor för vården"),
        ("Ny vårdapp\nRegionen inför en ny app för alla\n" + "Ordet " * 30, "Ny vårdapp"),
        (
            "Region Exempel\nMeny | Sök\nJag förstår\nNu kan alla få vård i mobilen\nText",
            "Nu kan alla få vård i mobilen",
        ),
        (
            "Program\nTalare\nAnmälan\nEn heldag om vårdens framtid i länet\nText",
            "En heldag om vårdens framtid i länet",
        ),
        ("Meny\nNy vårdapp\n" + "Ordet " * 30, "Ny vårdapp"),
        ("Ordet " * 21 + "\nNy vårdapp", None),
        ("– − –\n***\n", None),
    ],
)
def test_the_title_is_the_first_line_that_reads_like_one(
    document: One, first: str, title: str | None
) -> None:
    assert document("a.txt", first.encode()).title == title


def test_front_matter_is_metadata_and_furniture(document: One, text: str) -> None:
    head = (
        '---\r\ntitle: "Ny vårdapp: så går det"\r\ndatum: 2 maj 2019\r\nkälla: https://exempel.se/a\r\n'
        "utgivare: Region Exempel\r\nspråk: sv-SE\r\ntags:\r\n  - vård\r\n  - app\r\n"
        "nested:\r\n  a: 1\r\n---\r\n"
    )
    found = document("a.md", (head + "# Rubrik\r\n" + text).encode())
    assert found.text == head + "# Rubrik\r\n" + text
    assert (found.title, found.date) == ("Ny vårdapp: så går det", "2019-05-02")
    assert (found.source, found.publisher, found.language) == ("https://exempel.se/a", "Region Exempel", "sv")
    assert found.metadata == {"encoding": "utf-8", "tags": "vård, app"}
    (span,) = found.furniture
    assert found.text[span.start : span.end] == head.removesuffix("\r\n")


@pytest.mark.parametrize(
    ("stored", "title"),
    [
        ("Ingress\n\n# Rubriken #\n\nText", "Rubriken"),
        ("---\n\n# Efter en linje\n\n---\nText", "Efter en linje"),
        ("Bara en rad\n", "Bara en rad"),
        ("---\ntitle: aldrig avslutat\n", None),
    ],
)
def test_markdown_without_front_matter_has_no_furniture(
    document: One, stored: str, title: str | None
) -> None:
    found = document("a.md", stored.encode())
    assert found.text == stored
    assert found.furniture == ()
    assert title is None or found.title == title


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_the_shared_corpus_is_read_exactly() -> None:
    found = list(read_paths([CORPUS]))
    assert [item.name for item in found] == sorted(path.name for path in CORPUS.glob("*.txt"))
    assert len(found) == 3
    for item in found:
        assert isinstance(item, SourceDocument)
        assert item.text.encode() == (CORPUS / item.name).read_bytes()
        assert item.title
