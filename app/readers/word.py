"""Word files: paragraphs, tables cell by cell, foot- and endnotes at the end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.readers.blocks import LINE, PARAGRAPH, Blocks
from app.readers.container import check_container
from app.readers.fields import tidy_language
from app.readers.source import FILE_LIMIT, Source, document, foreign, read_bytes, tidy
from models.documents import SourceDocument
from models.errors import UserError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _CELL, _TABLE = _W + "p", _W + "tc", _W + "tbl"
_LEFT_OUT = {_FALLBACK, _W + "pPr", _W + "rPr", _W + "del", _W + "moveFrom", _W + "tblPr", _W + "sectPr"}
_SIGNS = {
    _W + "tab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "\u2011",
    _W + "softHyphen": "\xad",
}
_NOTES = ("/footnotes", "/endnotes")
_CORE = "/metadata/core-properties"


def read_word(source: Source) -> Iterator[SourceDocument]:
    """Read a ``.docx`` file.

    Raises:
        UserError: ``reading.encrypted``, ``reading.broken`` or another of :func:`check_container`.
    """
    import docx

    data = read_bytes(source, FILE_LIMIT)
    check_container(data)
    with foreign():
        word = docx.Document(io.BytesIO(data))
        notes = _notes(word)
        core = word.core_properties if _has_core(word) else None
        facts = _facts(core) if core is not None else {}
    blocks = Blocks()
    for root in (word.element.body, *notes):
        _add(root, blocks)
    text = blocks.text()
    if not text:
        raise UserError("reading.empty")
    metadata = {key: facts[key] for key in ("author", "subject", "keywords") if facts.get(key)}
    yield document(
        source.name,
        text,
        title=facts.get("title"),
        date=facts.get("date"),
        language=tidy_language(facts.get("language")),
        metadata=metadata,
    )


def _has_core(word: Any) -> bool:
    """Whether the file has properties; the library would make some up."""
    return any(relation.reltype.endswith(_CORE) for relation in word.part.package.rels.values())


def _facts(core: Any) -> dict[str, str]:
    found = {
        name: tidy(getattr(core, name)) for name in ("title", "author", "subject", "keywords", "language")
    }
    when = core.created or core.modified
    found["date"] = when.date().isoformat() if isinstance(when, datetime) else None
    return {name: value for name, value in found.items() if value}


def _notes(word: Any) -> list[Any]:
    from docx.oxml.parser import parse_xml

    wanted = [
        relation.target_part.blob
        for relation in word.part.rels.values()
        if not relation.is_external and relation.reltype.endswith(_NOTES)
    ]
    return [parse_xml(blob) for blob in wanted]


def _add(root: Any, blocks: Blocks) -> None:
    """Append each paragraph below ``root``; one inside another (a text box) comes before the outer one."""
    from lxml import etree

    blocks.gap(PARAGRAPH)
    open_paragraphs: list[list[str]] = []
    tables = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _LEFT_OUT:
                walk.skip_subtree()
            elif tag == _PARAGRAPH:
                open_paragraphs.append([])
            elif tag == _TABLE:
                tables += 1
                blocks.gap(PARAGRAPH)
            elif open_paragraphs and tag == _W + "t":
                open_paragraphs[-1].append(element.text or "")
            elif open_paragraphs and tag in _SIGNS:
                open_paragraphs[-1].append(_SIGNS[tag])
        elif tag == _PARAGRAPH:
            text = "".join(open_paragraphs.pop()).strip("\n")
            if text.strip():
                blocks.add(text)
                blocks.gap(LINE if tables else PARAGRAPH)
        elif tag == _TABLE:
            tables -= 1
            blocks.gap(PARAGRAPH)
