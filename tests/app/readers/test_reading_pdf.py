"""PDF files, written by hand: pages, properties, locked and broken ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.documents import Skipped, SourceDocument

One = Callable[[str, bytes], SourceDocument]
None_ = Callable[[str, bytes], Skipped]


def pdf_file(pages: list[list[str]], extra: str = "") -> bytes:
    """Return a PDF of these pages of lines; ``extra`` goes to the trailer."""
    first = 5
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Ny v\\345rdapp) /Author (\\305sa L\\366v) /CreationDate (D:20240305101500+01'00') >>",
    ]
    for number, lines in enumerate(pages):
        shown = b"".join(b"(" + line.encode("cp1252") + b") Tj T* " for line in lines)
        content = b"BT /F1 12 Tf 50 750 Td 14 TL " + shown + b"ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {first + 2 * number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {extra} >>".encode()
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
    return out + b"\nstartxref\n%d\n%%%%EOF" % start


def test_pages_are_parted_by_a_blank_line(document: One) -> None:
    found = document(
        "a.pdf", pdf_file([["Vården i Växjö får", "5 miljoner kronor."], [], ["– Det är bra, säger hon."]])
    )
    assert found.text == "Vården i Växjö får\n5 miljoner kronor.\n\n– Det är bra, säger hon."
    assert (found.title, found.date) == ("Ny vårdapp", "2024-03-05")
    assert found.metadata == {"author": "Åsa Löv"}


def test_a_hyphen_at_a_line_end_stays(document: One) -> None:
    found = document("a.pdf", pdf_file([["Pengarna delas mellan hälso-", "centralerna i länet."]]))
    assert found.text == "Pengarna delas mellan hälso-\ncentralerna i länet."


def test_pages_without_text_are_told(skipped: None_) -> None:
    assert skipped("a.pdf", pdf_file([[], []])).code == "reading.no-text"


def test_a_locked_file_is_told(skipped: None_) -> None:
    rights = f"/Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}>"
    lock = f"/ID [<{'00' * 16}> <{'00' * 16}>] /Encrypt << {rights} >>"
    assert skipped("a.pdf", pdf_file([["Hemligt"]], lock)).code == "reading.encrypted"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\nskr\xc3\xa4p", pdf_file([["Text"]])[:300], b"<html>nej</html>"]
)
def test_a_broken_file_is_told(skipped: None_, data: bytes) -> None:
    assert skipped("a.pdf", data).code == "reading.broken"
