"""The visible text of a parsed page, paragraph by paragraph, and a plain way for pages no parser takes."""

from __future__ import annotations

import html
import re
from typing import Any, NamedTuple

from app.readers.blocks import LINE, PARAGRAPH, Blocks

_INVISIBLE = frozenset(
    ("head", "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "audio", "video",
     "canvas", "datalist", "title", "meta", "link", "base", "area", "map", "applet", "embed",
     "noframes", "noembed")
)  # fmt: skip
_GROUPS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "article",
     "section", "nav", "header", "footer", "aside", "main", "form", "fieldset", "figure", "hr", "address",
     "details", "dialog", "search", "menu", "hgroup")
)  # fmt: skip
_LINES = frozenset(
    ("div", "li", "dt", "dd", "tr", "td", "th", "caption", "thead", "tbody", "tfoot", "figcaption", "legend",
     "label", "option", "optgroup", "select", "textarea", "button", "summary", "body", "html", "center",
     "dir", "frameset", "colgroup")
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2"))
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SPACES_ONLY = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *\n *")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DIGITS = tuple(chr(0x2801 + value) for value in range(16))
"""Braille signs: no letters, so that rules about words skip them, and printable, so that they are kept."""
_PLACES = 5
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127, 0xFFFE, 0xFFFF])
"""What no page shows and no tree takes back; numeric references can still bring it in."""
_NOT_IN_WORDS = _CONTROLS | dict.fromkeys((12, *map(ord, _DIGITS)))
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>?|<[!?/][^<>]*>?")
_RAW = {
    name: re.compile(rf"</{name}[^<>]*>?", re.IGNORECASE)
    for name in ("script", "style", "template", "svg", "title")
}


class _Carrier(NamedTuple):
    """Where the first words of a paragraph stand in the tree."""

    element: Any
    is_tail: bool


class Marks(NamedTuple):
    """How the marks look that :meth:`PageText.mark` has set."""

    pattern: re.Pattern[str]

    def number(self, match: re.Match[str]) -> int:
        """Return the number of the paragraph that the mark belongs to."""
        number = 0
        for sign in match[0]:
            number = number * len(_DIGITS) + _DIGITS.index(sign)
        return number


class PageText:
    """The text of a page as a browser would show it, in :attr:`blocks`; walks without recursion.

    ``headings`` are the indices of paragraphs in a first or second level heading, ``elements`` counts the
    elements that were visited, ``depth`` is how deep they are nested.
    """

    def __init__(self, tree: Any) -> None:
        self.blocks = Blocks()
        self.headings: list[int] = []
        self.elements = 0
        self.depth = 0
        self._carriers: list[_Carrier] = []
        self._parts: list[str] = []
        self._carrier: _Carrier | None = None
        self._verbatim = 0
        self._heading = 0
        self._walk(tree)

    def mark(self) -> Marks:
        """Write each paragraph's number before its first words in the tree, in signs that no page uses."""
        for number, carrier in enumerate(self._carriers):
            sign = "".join(_DIGITS[number >> 4 * place & 15] for place in reversed(range(_PLACES)))
            if carrier.is_tail:
                carrier.element.tail = sign + _unmarked(carrier.element.tail)
            else:
                carrier.element.text = sign + _unmarked(carrier.element.text)
        return Marks(re.compile(f"[{''.join(_DIGITS)}]{{{_PLACES}}}"))

    def _walk(self, tree: Any) -> None:
        from lxml import etree

        level = 0
        walk = etree.iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                level += 1
                self.elements += 1
                self.depth = max(self.depth, level)
                if not tag or tag in _INVISIBLE or _is_unseen(element):
                    walk.skip_subtree()
                else:
                    self._enter(element, tag)
            else:
                level -= 1
                if tag and tag not in _INVISIBLE and not _is_unseen(element):
                    self._leave(tag)
                self._words(element, element.tail, True)
        self._flush()

    def _enter(self, element: Any, tag: str) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag in _GROUPS or tag in _LINES:
            self._flush()
            self.blocks.gap(PARAGRAPH if tag in _GROUPS else LINE)
        self._verbatim += tag == "pre"
        self._heading += tag in _HEADINGS
        self._words(element, element.text, False)

    def _leave(self, tag: str) -> None:
        if tag in _GROUPS or tag in _LINES:
            self._flush()
            self.blocks.gap(PARAGRAPH if tag in _GROUPS else LINE)
        self._verbatim -= tag == "pre"
        self._heading -= tag in _HEADINGS

    def _words(self, element: Any, text: str | None, is_tail: bool) -> None:
        if not text:
            return
        if self._carrier is None and not text.isspace():
            self._carrier = _Carrier(element, is_tail)
        self._parts.append(text if self._verbatim else _SPACES.sub(" ", text))

    def _flush(self) -> None:
        joined = "".join(self._parts).translate(_CONTROLS)
        if self._verbatim:
            text = joined.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        else:
            text = _AROUND_BREAK.sub("\n", _SPACES_ONLY.sub(" ", joined)).strip(" \n")
        if text.strip() and self._carrier is not None:
            number = self.blocks.add(text)
            self._carriers.append(self._carrier)
            if self._heading:
                self.headings.append(number)
        self._parts.clear()
        self._carrier = None


def _unmarked(text: str) -> str:
    return text.translate(_NOT_IN_WORDS)


def _is_unseen(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _UNSEEN.search(style) is not None)


def without_controls(markup: str) -> str:
    """Return ``markup`` without the control characters that a page never shows."""
    return markup.translate(_CONTROLS)


def strip_tags(markup: str) -> str:
    """Return the text of a page that no parser takes, in time that grows with its length only."""
    blocks = Blocks()
    parts: list[str] = []
    place = 0
    while place < len(markup):
        start = markup.find("<", place)
        start = len(markup) if start < 0 else start
        parts.append(_SPACES.sub(" ", html.unescape(markup[place:start])))
        place = _after_tag(markup, start, parts, blocks)
    _end_line(parts, blocks)
    return blocks.text()


def _after_tag(markup: str, start: int, parts: list[str], blocks: Blocks) -> int:
    if start == len(markup):
        return start
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return len(markup) if end < 0 else end + 3
    tag = _TAG.match(markup, start)
    if tag is None:
        parts.append("<")
        return start + 1
    name = (tag[2] or "").lower()
    if not tag[1] and name in _RAW:
        closing = _RAW[name].search(markup, tag.end())
        return closing.end() if closing else len(markup)
    if name == "br" or name in _GROUPS or name in _LINES:
        _end_line(parts, blocks)
        blocks.gap(PARAGRAPH if name in _GROUPS else LINE)
    return tag.end()


def _end_line(parts: list[str], blocks: Blocks) -> None:
    text = _SPACES_ONLY.sub(" ", "".join(parts).translate(_CONTROLS)).strip(" ")
    if text.strip():
        blocks.add(text)
    parts.clear()
