"""Page furniture in plain text: navigation, cookie notices, publication lines, contact boxes, forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.pipeline.rules.gazetteers import entries, word_group
from app.pipeline.rules.lexicon import is_given_name
from app.pipeline.rules.records import Line
from models.spans import Span

_MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_DATE_ONLY = re.compile(
    rf"(?:\w+dag(?:en)? (?:den )?)?(?:\d{{1,2}} (?:{_MONTHS}),? \d{{4}}|\d{{4}}-\d\d-\d\d)(?:[ "
    rf",]+(?:kl\.? ?)?\d\d[.:]\d\d)?\.?"
)
_PHONE = re.compile(r"(?:\+46|\b0\d{1,3})[\s-]*(?:\(0\)\s*)?\d{2,3}(?:[\s-]*\d{2,3}){1,3}\b")
_MAIL = re.compile(r"[\w.+-]+(?:@|\s?\(at\)\s?)[\w-]+\.[\w.]+")
_SITE_AT_END = re.compile(r"\s[–|-]\s[\w.-]+\.(?:se|com|nu|org|eu)$", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:debattartikel|krönika|replik|debatt|gästkrönika|debattinlägg|text|skribent|intervju)(?:n|"
    r"en)? av \S+ \S+.{0,90}"
    r"|(?:.{3,60}[,.] )?(?:publicerad|införd|publicerades|ursprungligen publicerad) i .{3,80}"
)
_COLUMNS = re.compile(r"\s{3,}|\t|\s[|•·]\s")
_TRAIL = re.compile(r"\s(?:/|>|›|»|→)\s")
_DATES = re.compile(
    rf"\d{{1,2}}:?e? (?:{_MONTHS}|jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec)\.?,?(?: \d{{4}})?|\d{{4}}-\d\d-\d\d"
    rf"|(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|oct|okt|nov|dec)\w* \d{{1,2}},? \d{{4}}|"
    rf"\d{{1,2}}/\d{{1,2}}(?: \d{{4}})?"
)
_CLOCK = re.compile(r"(?:kl\.?|klockan)?\s*\d{1,2}[.:]\d\d(?:\s?ce?s?t)?")
_DATELINE = word_group(
    "nyhet nyheter pressmeddelande artikel reportage debatt publicerad publicerat publicerades "
    "uppdaterad uppdaterat den "
    "senast ändrad granskad skapad aktuellt notis blogg blogginlägg krönika intervju av måndag "
    "tisdag onsdag torsdag fredag "
    "lördag söndag kl klockan text lästid min minuter läsning forskning projekt arkiv pressrelease"
)
_DAY = re.compile(rf"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)? (?:den )?\d{{1,2}} (?:{_MONTHS})")
"""A weekday with its date, without a year, heads a day of a programme."""
_INQUIRIES = re.compile(
    r"(?:(?:för (?:mer|ytterligare) information|frågor|förfrågningar|"
    r"intervju\w*|pressfrågor|journalister|media|för medieförfrågningar)\b.{0,90})"
    r"\b(?:kontakta|kontakt|hör av dig|ring|mejla)\b.{0,120}"
)
_ADDRESS_ONLY = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE_END = re.compile(r"[.!?][”\"»]?$")
_FORM_WORDS = (
    "kommentar",
    "formulär",
    "cookie",
    "webbredaktion",
    "blogg",
    "inlägg",
    "spam",
    "personuppgift",
    "prenumer",
)
_SHORT = 12


class _Wording(NamedTuple):
    whole: frozenset[str]
    begins: tuple[str, ...]
    parts: re.Pattern[str]
    tails: tuple[str, ...]


@cache
def _wording() -> _Wording:
    kinds: dict[str, list[str]] = {"=": [], "^": [], "~": [], ">": []}
    for entry in entries("furniture"):
        kinds[entry[0]].append(entry[2:])
    parts = re.compile("|".join(map(re.escape, kinds["~"])))
    return _Wording(frozenset(kinds["="]), tuple(kinds["^"]), parts, tuple(kinds[">"]))


class _Look(NamedTuple):
    """What one line looks like: ``state`` is F furniture, A article, N neither."""

    state: str
    words: int
    tail: bool
    quote: bool
    frame: bool = False
    """Surely of the page's frame: what stands in the same block belongs to it too."""


def find_furniture(text: str, lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether it is furniture."""
    looks = [_look(text, line) for line in lines]
    marks = [look.state == "F" for look in looks]
    _swallow_tail(text, lines, looks, marks)
    _fill_gaps(text, lines, looks, marks)
    _blocks(text, lines, looks, marks)
    _menus(text, lines, looks, marks)
    return marks


def furniture_spans(lines: Sequence[Line], marks: Sequence[bool]) -> list[Span]:
    """Return the runs of furniture lines as spans."""
    spans: list[Span] = []
    running = False
    for line, mark in zip(lines, marks, strict=True):
        if mark and running:
            spans[-1] = Span(spans[-1].start, line.end)
        elif mark:
            spans.append(Span(line.start, line.end))
        running = mark
    return spans


def _look(text: str, line: Line) -> _Look:
    wording = _wording()
    body = text[line.content : line.end]
    if len(body) > 600:
        return _Look("A", 100, False, line.mark == "dash")
    low = body.lower()
    words = low.count(" ") + 1
    bare = low.strip(" .:!?*›»«<>|-–")
    ended = bool(_SENTENCE_END.search(body))
    if line.mark != "dash":
        if (words <= 20 and _BYLINE.fullmatch(low)) or (words <= 30 and _INQUIRIES.match(low)):
            return _Look("F", words, False, False)
        if _is_dateline(low):
            return _Look("F", words, False, False)
        if _is_row(body, ended):
            return _Look("F", words, _is_tail(low, words), False, True)
        if bare in wording.whole or _DATE_ONLY.fullmatch(low) or _ADDRESS_ONLY.fullmatch(low):
            return _Look("F", words, _is_tail(low, words), False, bare in wording.whole)
        credited = low.startswith("bild") and " foto" in low
        if words <= _SHORT + 4 and (not ended or words <= 8) and low.startswith(wording.begins) and not credited:
            return _Look("F", words, _is_tail(low, words), False, _is_tail(low, words))
        if words <= 40 and wording.parts.search(low):
            return _Look("F", words, False, False, words <= _SHORT)
        if words <= _SHORT + 4 and (_MAIL.search(body) or _PHONE.search(body) or _SITE_AT_END.search(body)):
            return _Look("F", words, False, False)
    article = (line.mark == "dash" and words > 3) or (words >= 8 and ended) or words > 20
    return _Look("A" if article else "N", words, _is_tail(low, words), line.mark == "dash" and words > 5)


def _is_tail(low: str, words: int) -> bool:
    return words <= 5 and low.startswith(_wording().tails)


def _swallow_tail(text: str, lines: Sequence[Line], looks: Sequence[_Look], marks: list[bool]) -> None:
    """Mark everything after a closing section's heading, unless the article goes on after it."""
    rest_articles = 0
    first = None
    for number in range(len(lines) - 1, -1, -1):
        look = looks[number]
        if look.tail and rest_articles <= 1:
            first = number
        if look.quote:
            break
        if look.state == "A" and look.words >= 14 and not _is_form(text, lines[number]):
            rest_articles += 1
            if rest_articles > 2:
                break
    if first is not None and first > 0:
        while first > 1 and _DATE_ONLY.fullmatch(text[lines[first - 1].start : lines[first - 1].end].lower()):
            first -= 1
        marks[first:] = [True] * (len(marks) - first)


def _is_form(text: str, line: Line) -> bool:
    low = text[line.content : line.end].lower()
    return any(word in low for word in _FORM_WORDS)


def _fill_gaps(text: str, lines: Sequence[Line], looks: Sequence[_Look], marks: list[bool]) -> None:
    """Mark up to two short lines between furniture on both sides, longer ones in a contact box."""
    last = -1
    for number, mark in enumerate(list(marks)):
        if not mark:
            continue
        between = range(last + 1, number)
        title = lines[number].after_blank and _is_published(text[lines[number].start : lines[number].end].lower())
        if title and len(between) == 1 and lines[number - 1].after_blank:
            last = number
            continue
        if last >= 0 and 0 < len(between) <= 3:
            opening = text[lines[last].content : lines[last].end].lower()
            limit = 12 if "kontakt" in opening or "information" in opening else 4
            if len(between) <= 2 + (limit > 4) and all(
                _is_small(looks[i], limit) and ": " not in text[lines[i].start : lines[i].end] for i in between
            ):
                for i in between:
                    marks[i] = True
        last = number


def _is_small(look: _Look, limit: int) -> bool:
    return look.state == "N" and look.words <= limit


def _is_dateline(low: str) -> bool:
    """Whether nothing but dates, clock times and words of a publication line stands in a line."""
    rest, dates = _DATES.subn(" ", low)
    words = re.findall(r"[^\W\d_]+", _CLOCK.sub(" ", rest))
    return dates > 0 and not _DAY.fullmatch(low) and len(words) <= 7 and all(word in _DATELINE for word in words)


def _is_published(low: str) -> bool:
    """Whether a line tells when the page was published: what stands right above it is the title."""
    return _is_dateline(low) or low.startswith(("publicer", "senast ", "uppdater"))


def _is_row(body: str, ended: bool) -> bool:
    """Whether a line is a row of links (``Start   Om oss   Press``) or a trail (``Start / Nyheter / 2031``)."""
    items = body.split("  ")
    if len(items) >= 4 and not ended and all(0 < len(item.split()) <= 3 for item in items):
        return True
    for pattern, least in ((_COLUMNS, 2), (_TRAIL, 2)):
        items = pattern.split(body)
        if len(items) >= least and not ended and all(0 < len(item.split()) <= 6 for item in items):
            return len(items) > 2 or len(body.split()) <= 8
    return False


def _blocks(text: str, lines: Sequence[Line], looks: Sequence[_Look], marks: list[bool]) -> None:
    """Mark the small lines that stand in one block, without a blank line between, with a line of the page's frame."""
    begin = 0
    articles = [number for number, look in enumerate(looks) if look.state == "A" and not marks[number]]
    last = articles[-1] if articles else len(lines)
    for number in range(1, len(lines) + 1):
        if number < len(lines) and not lines[number].after_blank:
            continue
        block = range(begin, number)
        limit = 14 if looks[begin].frame or begin > last else 6
        framed = any(looks[i].frame or (begin > last and marks[i]) for i in block)
        told = any(not marks[i] and _SENTENCE_END.search(text, lines[i].start, lines[i].end) for i in block)
        if framed and not told and all(marks[i] or _is_small(looks[i], limit) for i in block):
            for i in block:
                marks[i] = True
        begin = number


def _menus(text: str, lines: Sequence[Line], looks: Sequence[_Look], marks: list[bool]) -> None:
    """Mark runs of at least four tiny lines before the first and after the last paragraph of the article."""
    articles = [number for number, look in enumerate(looks) if look.state == "A" and not marks[number]]
    if not articles:
        return
    for region in (range(articles[0]), range(articles[-1] + 1, len(lines))):
        run: list[int] = []
        for number in [*region, -1]:
            if number >= 0 and (marks[number] or _is_entry(text, lines[number], looks[number])):
                run.append(number)
                continue
            if len(run) >= 4 and any(not marks[i] for i in run):
                for i in run:
                    marks[i] = True
            run = []


def _is_entry(text: str, line: Line, look: _Look) -> bool:
    """Whether a line looks like an entry of a menu: tiny, no list item, nobody's name or title."""
    if not _is_small(look, 3) or line.mark:
        return False
    body = text[line.start : line.end]
    return not re.search(r",|: ", body) and not is_given_name(body.split(" ")[0])
