"""OpenDocument texts: paragraphs, tables cell by cell, notes after the paragraph that they belong to."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from app.readers.blocks import LINE, PARAGRAPH, Blocks
from app.readers.container import check_container
from app.readers.fields import tidy_date, tidy_language
from app.readers.source import FILE_LIMIT, Source, document, foreign, read_bytes, tidy
from models.documents import SourceDocument
from models.errors import UserError

_PARAGRAPHS = {"p", "h"}
_LEFT_OUT = {"annotation", "annotation-end", "tracked-changes", "note-citation", "sequence-decls", "forms"}
_SIGNS = {"tab": "\t", "line-break": "\n"}
_MOST_BLANKS = 1000
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_DC = "http://purl.org/dc/elements/1.1/"


def read_odt(source: Source) -> Iterator[SourceDocument]:
    """Read an ``.odt`` file.

    Raises:
        UserError: ``reading.encrypted``, ``reading.broken`` or another of :func:`check_container`.
    """
    from odf import opendocument

    data = read_bytes(source, FILE_LIMIT)
    check_container(data)
    with foreign(), contextlib.redirect_stdout(io.StringIO()):
        loaded = opendocument.load(io.BytesIO(data))
    body = getattr(loaded, "text", None)
    if body is None:
        raise UserError("reading.broken", reason=loaded.mimetype if isinstance(loaded.mimetype, str) else "")
    blocks = Blocks()
    _add(body, blocks)
    text = blocks.text()
    if not text:
        raise UserError("reading.empty")
    facts = _facts(loaded.meta)
    yield document(
        source.name,
        text,
        title=facts.get((_DC, "title")),
        date=tidy_date(facts.get((_META, "creation-date"))) or tidy_date(facts.get((_DC, "date"))),
        language=tidy_language(facts.get((_DC, "language"))),
        metadata=_kept(facts),
    )


def _kept(facts: dict[tuple[str, str], str]) -> dict[str, str]:
    author = facts.get((_META, "initial-creator")) or facts.get((_DC, "creator"))
    named = {
        "author": author,
        "subject": facts.get((_DC, "subject")),
        "keywords": facts.get((_META, "keyword")),
    }
    return {key: value for key, value in named.items() if value}


def _facts(meta: Any) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for node in meta.childNodes:
        value = tidy("".join(str(part.data) for part in node.childNodes if part.nodeType == part.TEXT_NODE))
        if value and node.qname not in found:
            found[node.qname] = value
    return found


class _Paragraph:
    """The text of one paragraph in the making: blanks collapse as OpenDocument says."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._blank = True

    def text(self, raw: str) -> None:
        for sign in raw:
            if sign in " \t\r\n":
                if not self._blank:
                    self.parts.append(" ")
                self._blank = True
            else:
                self.parts.append(sign)
                self._blank = False

    def sign(self, kept: str) -> None:
        self.parts.append(kept)
        self._blank = False


def _add(body: Any, blocks: Blocks) -> None:
    """Append every paragraph; the walk keeps its own stack, however deep the nesting."""
    paragraphs: list[_Paragraph] = []
    tables = 0
    stack = [(body, False)]
    while stack:
        node, leaving = stack.pop()
        if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
            if paragraphs:
                paragraphs[-1].text(str(node.data))
            continue
        kind = node.qname[1]
        if leaving:
            tables -= kind == "table"
            _leave(kind, paragraphs, tables, blocks)
        elif kind not in _LEFT_OUT:
            tables += kind == "table"
            _enter(node, kind, paragraphs, blocks)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.childNodes))


def _enter(node: Any, kind: str, paragraphs: list[_Paragraph], blocks: Blocks) -> None:
    if kind in _PARAGRAPHS:
        paragraphs.append(_Paragraph())
    elif kind == "table":
        blocks.gap(PARAGRAPH)
    elif paragraphs and kind in _SIGNS:
        paragraphs[-1].sign(_SIGNS[kind])
    elif paragraphs and kind == "s":
        count = str(node.getAttribute("c") or 1)
        paragraphs[-1].sign(" " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS))


def _leave(kind: str, paragraphs: list[_Paragraph], tables: int, blocks: Blocks) -> None:
    if kind in _PARAGRAPHS and paragraphs:
        text = "".join(paragraphs.pop().parts).strip("\n")
        if text.strip():
            blocks.add(text)
            blocks.gap(LINE if tables else PARAGRAPH)
    elif kind == "table":
        blocks.gap(PARAGRAPH)
