"""Web pages: all the visible text in document order, what is not the article marked as furniture."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from app.readers.encoding import decode
from app.readers.fields import tidy_date, tidy_language
from app.readers.page_text import PageText, strip_tags, without_controls
from app.readers.source import MEGABYTE, Source, document, foreign, read_bytes, tidy
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span

PAGE_LIMIT = 32 * MEGABYTE
_ARTICLE_LIMIT = 2 * MEGABYTE
_ELEMENT_LIMIT = 20_000
_DEPTH_LIMIT = 200
"""Code points of markup, elements and their nesting up to which the article is looked for: beyond, the
library takes many seconds."""
_DECLARED = re.compile(rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_KNOWN_CODEC = re.compile(
    r"windows-?\d{3,4}|cp\d{3,4}|iso[-_]?8859[-_]?\d+|latin[-_]?\d|macintosh|mac[-_]?roman|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5|shift[-_]jis|euc[-_](?:jp|kr)|us-ascii",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "latin-1": "cp1252", "latin1": "cp1252"}
_CHATTY = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer")
_LEAST_QUOTE = 25
"""Code points: a shorter paragraph whose mark was lost is not recognised by its words alone."""


class _Facts(NamedTuple):
    title: str | None = None
    source: str | None = None
    publisher: str | None = None
    date: str | None = None
    author: str | None = None


def read_web_page(source: Source) -> Iterator[SourceDocument]:
    """Read an ``.html`` file. Scripts, styles and what is hidden are no text.

    A page too large, too deeply nested or too odd for the library is read without furniture.

    Raises:
        UserError: ``reading.empty`` and what reading text may raise.
    """
    data = read_bytes(source, PAGE_LIMIT)
    markup, encoding = decode(data, _declared(data))
    markup = without_controls(markup)
    tree = _parse(markup)
    if tree is None:
        yield document(source.name, strip_tags(markup), metadata={"encoding": encoding})
        return
    page = PageText(tree)
    text = page.blocks.text()
    facts = _Facts(title=tidy(tree.findtext(".//title")))
    furniture: tuple[Span, ...] = ()
    if (
        text
        and len(markup) <= _ARTICLE_LIMIT
        and page.elements <= _ELEMENT_LIMIT
        and page.depth <= _DEPTH_LIMIT
    ):
        facts = _facts(tree)
        furniture = _furniture(page, _article(tree, page), facts.title)
    metadata = {"encoding": encoding, **({"author": facts.author} if facts.author else {})}
    yield document(
        source.name,
        text,
        title=facts.title,
        source=facts.source,
        publisher=facts.publisher,
        date=facts.date,
        language=tidy_language(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")),
        metadata=metadata,
        furniture=furniture,
    )


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, 4096)
    name = match[1].decode("ascii", "replace").lower() if match else ""
    return _AS_BROWSERS_DO.get(name, name) if _KNOWN_CODEC.fullmatch(name) else None


def _parse(markup: str) -> Any | None:
    """Return the page's root element, None where the parser had to give up on a part of it."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    if tree is None or any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        return None
    return tree


def _quiet() -> None:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _facts(tree: Any) -> _Facts:
    """Return what the library finds in the page's head and text; nothing where it stumbles."""
    import trafilatura.metadata

    _quiet()
    dates = {"original_date": True, "extensive_search": False}
    try:
        with foreign():
            found = trafilatura.metadata.extract_metadata(tree, date_config=dates)
    except UserError:
        return _Facts()
    return _Facts(
        tidy(found.title), tidy(found.url), tidy(found.sitename), tidy_date(found.date), tidy(found.author)
    )


def _article(tree: Any, page: PageText) -> set[int] | None:
    """Return which paragraphs the library holds as article, None where it finds none.

    Every paragraph carries a mark through the library, so that what it keeps is known even where it tidies
    the words. The tree is spent afterwards.
    """
    import trafilatura

    _quiet()
    marks = page.mark()
    try:
        with foreign():
            found = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True)
    except UserError:
        return None
    body = getattr(found, "body", None)
    if body is None:
        return None
    kept = "\n".join(body.itertext())
    article = {marks.number(match) for match in marks.pattern.finditer(kept)}
    lines = {_key(marks.pattern.sub("", line)) for line in kept.splitlines()}
    text = page.blocks.text()
    for number, span in enumerate(page.blocks.spans):
        if span.end - span.start >= _LEAST_QUOTE and _key(text[span.start : span.end]) in lines:
            article.add(number)
    return article or None


def _key(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _furniture(page: PageText, article: set[int] | None, title: str | None) -> tuple[Span, ...]:
    """Return the stretches of paragraphs that are not the article; the page's own heading belongs to it."""
    if article is None:
        return ()
    text, spans = page.blocks.text(), page.blocks.spans
    heading = _key(title or "")
    kept = article | {n for n in page.headings if heading and _key(text[slice(*spans[n])]) == heading}
    return _stretches([n for n in range(len(spans)) if n not in kept], spans)


def _stretches(numbers: Sequence[int], spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    last = -2
    for number in numbers:
        if number == last + 1:
            found[-1] = Span(found[-1].start, spans[number].end)
        else:
            found.append(spans[number])
        last = number
    return tuple(found)
