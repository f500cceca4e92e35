"""Word and OpenDocument files: paragraphs, tables, notes, properties; locked, broken and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from odf.dc import Title
from odf.meta import CreationDate
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import H, LineBreak, Note, NoteBody, NoteCitation, P, S, Tab

from models.documents import Skipped, SourceDocument

One = Callable[[str, bytes], SourceDocument]
None_ = Callable[[str, bytes], Skipped]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(word: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def word_file(text: str) -> bytes:
    word = docx.Document()
    word.core_properties.title = "Ny vårdapp"
    word.core_properties.author = "Åsa Löv"
    word.core_properties.created = datetime(2024, 3, 5, 10, tzinfo=UTC)
    word.add_heading("Rubrik", 1)
    for line in text.split("\n"):
        word.add_paragraph(line)
    table = word.add_table(2, 2)
    for cell, value in zip(table._cells, ["År", "Belopp", "2024", "5 mnkr"], strict=True):
        cell.text = value
    table.cell(1, 0).merge(table.cell(1, 1))
    word.add_paragraph("Sista\tstycket\nmed brytning")
    return saved(word)


def odt_file(text: str) -> bytes:
    odt = OpenDocumentText()
    odt.meta.addElement(Title(text="Ny vårdapp"))
    odt.meta.addElement(CreationDate(text="2024-03-05T10:00:00"))
    odt.text.addElement(H(outlinelevel=1, text="Rubrik"))
    for line in text.split("\n"):
        odt.text.addElement(P(text=line))
    table = Table(name="T")
    for values in (("År", "Belopp"), ("2024", "5 mnkr")):
        row = TableRow()
        for value in values:
            cell = TableCell()
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    odt.text.addElement(table)
    last = P(text="Sista")
    last.addElement(Tab())
    last.addText("stycket")
    last.addElement(LineBreak())
    last.addText("med")
    last.addElement(S(c=2))
    last.addText("brytning")
    note = Note(noteclass="footnote", id="n1")
    note.addElement(NoteCitation(text="1"))
    body = NoteBody()
    body.addElement(P(text="En fotnot"))
    note.addElement(body)
    last.addElement(note)
    odt.text.addElement(last)
    stream = io.BytesIO()
    odt.write(stream)
    return stream.getvalue()


def changed(data: bytes, part: str, content: bytes) -> bytes:
    """Return an office file with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return stream.getvalue()


def test_word_paragraphs_and_table_cells(document: One, text: str) -> None:
    found = document("a.docx", word_file(text))
    lines = [line for line in text.split("\n") if line]
    assert found.text == "\n\n".join(
        ["Rubrik", *lines, "År\nBelopp\n2024\n5 mnkr", "Sista\tstycket\nmed brytning"]
    )
    assert (found.title, found.date) == ("Ny vårdapp", "2024-03-05")
    assert found.metadata["author"] == "Åsa Löv"


def test_word_keeps_insertions_and_controls_and_leaves_deletions(document: One) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("Vården ")
    for inside in (
        f"<w:ins {W}><w:r><w:t>är </w:t></w:r></w:ins>",
        f"<w:del {W}><w:r><w:delText>inte </w:delText></w:r></w:del>",
        f"<w:sdt {W}><w:sdtContent><w:r><w:t>bra</w:t><w:softHyphen/><w:noBreakHyphen/></w:r>"
        "</w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(inside))
    tabs = parse_xml(f'<w:pPr {W}><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>')
    paragraph._p.insert(0, tabs)
    assert document("a.docx", saved(word)).text == "Vården är bra\u00ad\u2011"


def test_word_without_properties_invents_none(document: One) -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file("Text"))) as old, zipfile.ZipFile(plain, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "_rels/.rels":
                start = content.index(b"<Relationship ", 0)
                kept = [
                    part for part in content[start:].split(b"<Relationship ")[1:] if b"core-prop" not in part
                ]
                content = content[:start] + b"".join(b"<Relationship " + part for part in kept)
                content = (
                    content
                    if content.rstrip().endswith(b"</Relationships>")
                    else content + b"</Relationships>"
                )
            if not info.filename.startswith("docProps/core"):
                new.writestr(info.filename, content)
    found = document("a.docx", plain.getvalue())
    assert (found.title, found.date, found.metadata) == (None, None, {})


def test_odt_paragraphs_table_cells_and_notes(document: One, text: str) -> None:
    found = document("a.odt", odt_file(text))
    lines = [line for line in text.split("\n") if line]
    head = "\n\n".join(["Rubrik", *lines, "År\nBelopp\n2024\n5 mnkr"])
    assert found.text in (
        head + "\n\nEn fotnot\n\nSista\tstycket\nmed  brytning",
        head + "\n\nSista\tstycket\nmed  brytning\n\nEn fotnot",
    )
    assert (found.title, found.date) == ("Ny vårdapp", "2024-03-05")


@pytest.mark.parametrize("suffix", ["docx", "odt"])
@pytest.mark.parametrize("data", [b"inget arkiv", b"PK\x03\x04" + b"x" * 200, b""])
def test_what_is_no_office_file_is_broken(skipped: None_, suffix: str, data: bytes) -> None:
    assert skipped(f"a.{suffix}", data).code == "reading.broken"


@pytest.mark.parametrize(("suffix", "make"), [("docx", word_file), ("odt", odt_file)])
def test_a_cut_or_foreign_file_is_broken(skipped: None_, suffix: str, make: Callable[[str], bytes]) -> None:
    whole = make("Text")
    assert skipped(f"a.{suffix}", whole[: len(whole) // 2]).code == "reading.broken"
    other = odt_file("Text") if suffix == "docx" else word_file("Text")
    assert skipped(f"b.{suffix}", other).code == "reading.broken"
    part = "word/document.xml" if suffix == "docx" else "content.xml"
    assert skipped(f"c.{suffix}", changed(whole, part, b"<a><b>")).code == "reading.broken"


@pytest.mark.parametrize(("suffix", "make"), [("docx", word_file), ("odt", odt_file)])
def test_an_entity_bomb_is_refused(skipped: None_, suffix: str, make: Callable[[str], bytes]) -> None:
    part = "word/document.xml" if suffix == "docx" else "content.xml"
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert skipped(f"a.{suffix}", changed(make("Text"), part, bomb)).code == "reading.unsafe-xml"


@pytest.mark.parametrize(("suffix", "make"), [("docx", word_file), ("odt", odt_file)])
def test_a_zip_bomb_is_refused(skipped: None_, suffix: str, make: Callable[[str], bytes]) -> None:
    part = "word/document.xml" if suffix == "docx" else "content.xml"
    bomb = changed(make("Text"), part, b" " * (80 * 1024 * 1024))
    assert skipped(f"a.{suffix}", bomb).code == "reading.bomb"


@pytest.mark.parametrize(("suffix", "make"), [("docx", word_file), ("odt", odt_file)])
def test_endless_nesting_does_no_harm(
    read: Callable[[str, bytes], list[object]], suffix: str, make: Callable[[str], bytes]
) -> None:
    part = "word/document.xml" if suffix == "docx" else "content.xml"
    with zipfile.ZipFile(io.BytesIO(make("Mitt i"))) as archive:
        xml = archive.read(part)
    paragraph = xml.index(b"Mitt i")
    start, end = (b"<w:r>", b"</w:r>") if suffix == "docx" else (b"<text:span>", b"</text:span>")
    if suffix == "docx":
        xml = xml.replace(b"<w:t>Mitt i</w:t>", start * 20_000 + b"<w:t>Mitt i</w:t>" + end * 20_000)
    else:
        xml = xml[:paragraph] + start * 20_000 + b"Mitt i" + end * 20_000 + xml[paragraph + 6 :]
    (found,) = read(f"a.{suffix}", changed(make("Mitt i"), part, xml))
    assert isinstance(found, SourceDocument) or (
        isinstance(found, Skipped) and found.code == "reading.broken"
    )


def test_locked_and_old_files_have_their_own_reasons(skipped: None_) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert skipped("a.docx", ole + "EncryptedPackage".encode("utf-16-le")).code == "reading.encrypted"
    assert skipped("b.docx", ole).code == "reading.old-format"
    with zipfile.ZipFile(io.BytesIO(odt_file("Text"))) as archive:
        manifest = archive.read("META-INF/manifest.xml")
    locked = manifest.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
    assert (
        skipped("a.odt", changed(odt_file("Text"), "META-INF/manifest.xml", locked)).code
        == "reading.encrypted"
    )


@pytest.mark.parametrize(("suffix", "make"), [("docx", word_file), ("odt", odt_file)])
def test_an_office_file_without_words_is_empty(
    skipped: None_, suffix: str, make: Callable[[str], bytes], tmp_path: Path
) -> None:
    word, odt = io.BytesIO(), io.BytesIO()
    docx.Document().save(word)
    OpenDocumentText().write(odt)
    data = word.getvalue() if suffix == "docx" else odt.getvalue()
    assert skipped(f"a.{suffix}", data).code == "reading.empty"
