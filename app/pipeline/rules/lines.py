"""Lines, paragraphs and sentences of Swedish news, where a heading is a line and a dash opens a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.pipeline.rules.gazetteers import word_group
from app.pipeline.rules.records import BlockRole, Line, Sentence

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_MARK = re.compile(r"(?:([–−—‒-])|([•·●▪◦*‣]))\s+")
_ENDING = re.compile(r"[.!?…]+[”\"»’)\]]*(?=\s+(?:[–−—-]\s+)?[”\"»(\[]?[A-ZÅÄÖÉÜÆØ0-9])")
_LAST_WORD = re.compile(r"[^\s(”\"]+$")
_TERMINAL = re.compile(r"[.!?…][”\"»’)\]]*$")
_CREDIT = re.compile(r"\b(?:Foto|Fotograf|Bild|Illustration|Bildkälla)(?:graf)?\s*:", re.IGNORECASE)
_CAPTION = re.compile(r"(?:Bild(?:text)?:|På bilden\b|Från vänster\b)")
_ABBREVIATIONS = word_group(
    "t.ex bl.a bl ca cirka dvs d.v.s m.m m.fl f.d s.k fr.o.m t.o.m o.s.v osv etc kl nr resp st tel tfn "
    "jfr inkl exkl prof dr doc med.dr fil.dr leg mfl max min s sid kap p pkt art prop bet dir skr fig "
    "tab ev eg enl ang forts obs vol red f.n i.o.m p.g.a pga mm el"
)
_WRAPPED = 48
"""A line at least this long that ends without a full stop goes on in the next line."""


def split_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that hold anything, bounds without blanks."""
    lines: list[Line] = []
    previous = 0
    for found in _LINE.finditer(text):
        body = found.group()
        inner = body.strip()
        if not inner:
            continue
        start = found.start() + len(body) - len(body.lstrip())
        end = start + len(inner)
        mark = _MARK.match(text, start, end)
        kind = "" if mark is None else "dash" if mark.group(1) else "bullet"
        between = text[previous:start]
        blank = not lines or between.replace("\r\n", "\n").count("\n") > 1 or "\u2029" in between
        lines.append(Line(start, end, mark.end() if mark else start, kind, blank))  # type: ignore[arg-type]
        previous = end
    return lines


def paragraphs(text: str, lines: Sequence[Line]) -> Iterator[tuple[list[Line], BlockRole]]:
    """Join hard-wrapped lines and say of each paragraph whether it is text, heading, quotation or caption."""
    block: list[Line] = []
    for line in lines:
        if block and not _continues(text, block[-1], line):
            yield block, _role(text, block)
            block = []
        block.append(line)
    if block:
        yield block, _role(text, block)


def _continues(text: str, last: Line, line: Line) -> bool:
    if line.after_blank or line.mark or _TERMINAL.search(text, max(last.start, last.end - 6), last.end):
        return False
    if text[line.start].islower():
        return text[last.end - 1] != ":"
    long = last.end - last.start >= _WRAPPED and line.end - line.start >= _WRAPPED // 2
    return long and text[last.end - 1] not in ':”"'


def _role(text: str, block: Sequence[Line]) -> BlockRole:
    first, last = block[0], block[-1]
    if first.mark:
        return first.mark
    body = text[first.start : last.end]
    if _CAPTION.match(body) or _CREDIT.search(body):
        return "caption"
    words = body.count(" ") + 1
    if len(block) == 1 and words <= 16 and not _TERMINAL.search(body) and (body[-1] != ":" or words <= 6):
        return "heading"
    if len(block) == 1 and words <= 12 and body[0] == body[-1] == "”" and body[-2] not in ".!…":
        return "heading"
    return "text"


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the sentences of one paragraph, bounds without blanks."""
    begin = start
    for ending in _ENDING.finditer(text, start, end):
        if ending.end() >= end:
            break
        if _is_abbreviation(text, begin, ending):
            continue
        yield begin, ending.end()
        begin = ending.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _is_abbreviation(text: str, begin: int, ending: re.Match[str]) -> bool:
    if text[ending.start()] != "." or len(ending.group()) > 1:
        return False
    last = _LAST_WORD.search(text, max(begin, ending.start() - 12), ending.start())
    if last is None:
        return False
    word = last.group()
    if len(word) == 1 and word.isupper():
        return True
    if word.isdigit() and len(word) <= 2:
        return last.start() == begin
    return word.lower() in _ABBREVIATIONS


def read_sentences(text: str, lines: Sequence[Line]) -> list[Sentence]:
    """Return the sentences of the given lines, in order, each with the role of its paragraph."""
    sentences: list[Sentence] = []
    for number, (block, role) in enumerate(paragraphs(text, lines)):
        start, end = block[0].content, block[-1].end
        if start < end:
            sentences += (Sentence(a, b, number, role) for a, b in split_sentences(text, start, end))
    return sentences
