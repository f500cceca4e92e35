"""CSV and JSON lines: columns found in both languages, rows that are broken, rows that are huge."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from app.readers import read_paths
from app.readers.fields import tidy_date, tidy_language
from models.documents import Skipped, SourceDocument

Read = Callable[[str, bytes], list[SourceDocument | Skipped]]
One = Callable[[str, bytes], SourceDocument]
None_ = Callable[[str, bytes], Skipped]


def table(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue().encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_become_fields(document: One, text: str, delimiter: str, end: str) -> None:
    header = ["id", "Rubrik", "Källa", "Utgivare", "Datum", "Språk", "Brödtext", "Län", "tom"]
    row = [
        "7",
        "Ny; app, nu|\t",
        "https://exempel.se/a",
        "Region Exempel",
        "5 mars 2024",
        "sv-SE",
        text,
        "Exempel",
        "",
    ]
    found = document("a.csv", table([header, row], delimiter, end))
    assert found.name == "a.csv#1"
    assert found.text == text
    assert (found.title, found.date, found.language) == ("Ny; app, nu|", "2024-03-05", "sv")
    assert (found.source, found.publisher) == ("https://exempel.se/a", "Region Exempel")
    assert found.metadata == {"encoding": "utf-8", "id": "7", "Län": "Exempel"}


def test_english_columns_and_their_order_of_preference(document: One) -> None:
    found = document(
        "a.csv",
        table([["url", "Content", "published_at", "source"], ["u", "Vård", "2024-03-05T10:00Z", "s"]]),
    )
    assert (found.text, found.source, found.date) == ("Vård", "s", "2024-03-05")
    assert found.metadata == {"encoding": "utf-8", "url": "u"}


def test_a_date_that_cannot_be_told_stays_as_metadata(document: One) -> None:
    found = document("a.csv", table([["text", "datum"], ["Vård", "02/05/2019"]]))
    assert found.date is None
    assert found.metadata["datum"] == "02/05/2019"


def test_without_a_known_name_the_longest_column_is_the_text(read: Read) -> None:
    rows = [["kod", "yttrande"], ["a1", "Vården behöver mer resurser."], ["a2", "Det gör den."]]
    first, second = read("a.csv", table(rows, ";"))
    assert isinstance(first, SourceDocument) and isinstance(second, SourceDocument)
    assert (first.text, second.text) == (rows[1][1], rows[2][1])
    assert first.metadata["kod"] == "a1"


def test_old_encodings_and_marks(document: One) -> None:
    data = "text;län\r\nVården på Öland;Kalmar län\r\n"
    for codec, named in (("cp1252", "cp1252"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")):
        found = document("a.csv", data.encode(codec))
        assert (found.text, found.metadata["encoding"]) == ("Vården på Öland", named)
        assert found.metadata["län"] == "Kalmar län"


def test_broken_rows_are_skipped_with_their_line(read: Read) -> None:
    data = (
        'text,a\r\nett,1\r\n"två\r\nrader",2\r\ntre\r\n"fy"ra,4\r\nfem,5,5\r\n\r\n ,6\r\nsju,7\r\n"åtta,8\r\n'
    )
    found = read("a.csv", data.encode())
    assert [item.name for item in found] == [f"a.csv#{number}" for number in range(1, 9 + 0)]
    assert [item.text for item in found if isinstance(item, SourceDocument)] == ["ett", "två\r\nrader", "sju"]
    skipped = [(item.code, item.details["line"]) for item in found if isinstance(item, Skipped)]
    assert skipped == [
        ("reading.csv-columns", 5),
        ("reading.csv-broken", 6),
        ("reading.csv-columns", 7),
        ("reading.empty", 9),
        ("reading.csv-broken", 11),
    ]


def test_a_table_needs_a_header_and_rows(skipped: None_) -> None:
    assert skipped("a.csv", b"").code == "reading.csv-header"
    assert skipped("b.csv", b",,\r\na,b,c\r\n").code == "reading.csv-header"
    assert skipped("c.csv", b"text,titel\r\n").code == "reading.empty"


def test_columns_of_the_same_or_no_name_are_kept(document: One) -> None:
    found = document("a.csv", table([["text", "a", "a", ""], ["Vård", "1", "2", "3"]]))
    assert found.metadata == {"encoding": "utf-8", "a": "1", "a 3": "2", "column 4": "3"}


def test_a_field_of_ten_megabytes(document: One) -> None:
    long = 'vård och "omsorg", ' * 550_000
    assert document("a.csv", table([["text"], [long]])).text == long


def test_a_nul_in_a_table_is_told(skipped: None_) -> None:
    assert skipped("a.csv", b"text\nV\0rd\n").code == "reading.binary"


def test_a_bad_byte_late_in_a_table_is_found_first(read: Read) -> None:
    rows = "text\n" + "Vården är öppen för alla på Öland.\n" * 60_000
    (found,) = read("a.csv", rows.encode() + b"V\xe5rd\n")
    assert isinstance(found, Skipped)
    assert found.code == "reading.damaged-utf8"
    assert found.details["position"] == len(rows.encode()) + 1


def test_a_table_cut_within_a_letter_is_told(read: Read) -> None:
    whole = "text\nVården är öppen för alla på Ö".encode()
    (found,) = read("a.csv", whole[:-1])
    assert isinstance(found, Skipped)
    assert (found.code, found.details) == ("reading.damaged-utf8", {"position": len(whole) - 2})


def test_a_table_that_ends_in_an_old_letter_is_no_damage(document: One) -> None:
    found = document("a.csv", b"text\nEn vacker \xf6")
    assert (found.text, found.metadata["encoding"]) == ("En vacker ö", "cp1252")


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_rows_are_read_in_constant_memory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    words = "vård " * 2_000
    with path.open("w", encoding="utf-8") as stream:
        if suffix == "csv":
            stream.write("text\n")
        for _ in range(3_000):
            stream.write(words + "\n" if suffix == "csv" else json.dumps({"text": words}) + "\n")
    tracemalloc.start()
    try:
        count = sum(isinstance(item, SourceDocument) for item in read_paths([path]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 3_000
    assert peak < path.stat().st_size / 2


def test_json_lines_become_documents(read: Read, text: str) -> None:
    records = [
        {
            "text": text,
            "titel": "Ny app",
            "url": "u",
            "språk": "svenska",
            "antal": 3,
            "etiketter": ["a", "å"],
            "x": None,
        },
        {"text": "Två", "meta": {"datum": "2024-03", "utgivare": "Region Exempel", "nivå": 1}},
    ]
    lines = "\r\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    first, second = read("a.jsonl", ("\n" + lines).encode())
    assert isinstance(first, SourceDocument) and isinstance(second, SourceDocument)
    assert (first.name, first.text, first.title, first.source, first.language) == (
        "a.jsonl#2",
        text,
        "Ny app",
        "u",
        "sv",
    )
    assert first.metadata == {"encoding": "utf-8", "antal": "3", "etiketter": '["a","å"]'}
    assert (second.name, second.date, second.publisher) == ("a.jsonl#3", "2024-03", "Region Exempel")
    assert second.metadata == {"encoding": "utf-8", "nivå": "1"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"text": "avbruten', "reading.json-broken"),
        ("inte json", "reading.json-broken"),
        ("[" * 100_000, "reading.json-broken"),
        ('{"text": ' + "1" * 10_000 + "}", "reading.json-broken"),
        ('["text"]', "reading.json-not-object"),
        ('"text"', "reading.json-not-object"),
        ("null", "reading.json-not-object"),
        ('{"titel": "Utan text"}', "reading.json-no-text"),
        ('{"text": null}', "reading.json-no-text"),
        ('{"text": 5}', "reading.json-text-not-string"),
        ('{"text": ["Vård"]}', "reading.json-text-not-string"),
        ('{"text": " "}', "reading.empty"),
        ('{"text": "V\\u0000rd"}', "reading.binary"),
        ('{"text": "V\\ud800rd"}', "reading.not-unicode"),
        ('{"text": "Vård", "titel": "\\udfff"}', "reading.not-unicode"),
        ('{"text": "Vård", "annat": {"\\udfff": 1}}', "reading.not-unicode"),
    ],
)
def test_a_bad_line_is_skipped_with_its_number(read: Read, line: str, code: str) -> None:
    before, found, after = read("a.jsonl", ('{"text": "Före"}\n' + line + '\n{"text": "Efter 🙂"}').encode())
    assert isinstance(before, SourceDocument) and isinstance(after, SourceDocument)
    assert isinstance(found, Skipped)
    assert (found.name, found.code, found.details["line"]) == ("a.jsonl#2", code, 2)


def test_a_surrogate_pair_is_one_character(document: One) -> None:
    assert document("a.jsonl", b'{"text": "\\ud83d\\ude42"}').text == "🙂"


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2019-05-02", "2019-05-02"), ("2019-05-02T10:15:00+02:00", "2019-05-02"), ("2019/5/2", "2019-05-02"),
        ("20190502", "2019-05-02"), ("den 2 maj 2019", "2019-05-02"), ("2 May 2019", "2019-05-02"),
        ("maj 2019", "2019-05"), ("2019-05", "2019-05"), ("2019", "2019"), ("02/05/2019", None),
        ("2019-13-02", None), ("2019-02-31", None), ("0 maj 2019", None), ("igår", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_dates_are_iso_or_unknown(written: str | None, date: str | None) -> None:
    assert tidy_date(written) == date


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("sv-SE", "sv"),
        ("SV", "sv"),
        ("Svenska", "sv"),
        ("en_GB", "en"),
        ("vet inte", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_are_short_codes_or_unknown(written: str | None, language: str | None) -> None:
    assert tidy_language(written) == language
