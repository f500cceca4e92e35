"""``Enligt NN X`` and ``X är enligt NN Y``: what somebody is said to hold."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.pipeline.rules.records import Mention, Page, Sentence
from app.pipeline.rules.speakers import BODY_NOUN, PRONOUNS, Speakers

_OPENING = re.compile(r"Enligt (?:den |det |en |sin )?(?:[a-zåäö-]+ ){0,3}?$")
_PRONOUN = re.compile(rf"\b[Ee]nligt (honom|henne|{BODY_NOUN})\b")
_PRINT = re.compile(
    r"[’”]? (?:nya |senaste |egna |årliga )?[a-zåäö-]*(?:rapport|analys|undersökning|kartläggning|studie|lag|"
    r"föreskrift|"
    r"riktlinje|beslut|strategi|plan|register|statistik|webbplats|webbsida|rekommendation|utredning|direktiv|"
    r"definition|"
    r"handling|årsredovisning|enkät|mätning|avtal|modell|kriteri|vägledning|budget|sammanställning)\w*\b"
)
_NOUN = re.compile(r" [a-zåäö-]+(?:ning|ningar|er|en|ar|or)\b")
_JOIN = re.compile(r" | \(|, | (?:på|vid|i|från|hos) |\) ")


class According(NamedTuple):
    """Where the statement begins, and who holds it."""

    start: int
    speaker: Mention


def find_according(page: Page, speakers: Speakers, sentence: Sentence) -> According | None:
    """Return who holds what a sentence says by ``enligt``, or None: reports, laws and decisions hold nothing."""
    told = _PRONOUN.search(page.text, sentence.start, sentence.end)
    if told is not None:
        word = told.group(1)
        if word in PRONOUNS:
            speaker = speakers.last_person(told.start(), PRONOUNS[word])
        else:
            speaker = speakers.last_body(told.start(), word)
        if speaker is None:
            return None
        opening = told.start() == sentence.start
        return According(told.end() if opening else sentence.start, speaker)
    if page.text.startswith("Enligt ", sentence.start):
        return _at_start(page, speakers, sentence)
    return _within(page, speakers, sentence)


def _at_start(page: Page, speakers: Speakers, sentence: Sentence) -> According | None:
    """Follow the names after ``Enligt``: ``Enligt Region Xs direktör NN``; a person counts before a body."""
    text = page.text
    named = speakers.mentions(sentence.start, min(sentence.end, sentence.start + 160))
    if not named or not _OPENING.match(text, sentence.start, named[0].start):
        return None
    if not _OPENING.fullmatch(text[sentence.start : named[0].start]):
        return None
    chain = [named[0]]
    for mention in named[1:]:
        between = text[chain[-1].end : mention.start]
        if chain[-1].label == "PERSON" or not _JOIN.fullmatch(between):
            break
        if mention.label not in ("PERSON", "ROLE", "ORGANISATION"):
            break
        chain.append(mention)
    people = [mention for mention in chain if mention.label == "PERSON"]
    bodies = [mention for mention in chain if mention.label == "ORGANISATION"]
    if people:
        return According(_after_title(text, people[0], named, sentence), people[0])
    if not bodies or bodies[0] is not chain[0] or _PRINT.match(text, bodies[0].end):
        return None
    noun = _NOUN.match(text, bodies[0].end) if text[bodies[0].end - 1] == "s" else None
    bracket = re.compile(r" ?\([^)]*\)").match(text, bodies[0].end)
    return According(max(bodies[0].end, noun.end() if noun else 0, bracket.end() if bracket else 0), bodies[0])


def _after_title(text: str, person: Mention, named: list[Mention], sentence: Sentence) -> int:
    """Return where an apposition after the name ends: ``Enligt NN, professor vid X, är``."""
    title = next((m for m in named if m.start == person.end + 2 and m.label == "ROLE"), None)
    comma = text.find(",", title.end, sentence.end) if title is not None else -1
    return comma + 1 if comma > 0 else person.end


def _within(page: Page, speakers: Speakers, sentence: Sentence) -> According | None:
    """``X är enligt NN Y``; ``X pekar enligt NN på att Y``; ``X, enligt Y.``"""
    text = page.text
    place = text.find(" enligt ", sentence.start, sentence.end)
    if place < 0:
        return None
    named = speakers.mentions(place, min(sentence.end, place + 120))
    person = next((m for m in named[:3] if m.label == "PERSON"), None)
    if person is not None:
        lead = text[place + 8 : person.start]
        if len(lead) < 60 and "," not in lead and "." not in lead:
            clause = re.compile(r"[^.]{0,160}?\bpå att ").match(text, person.end, sentence.end)
            return According(clause.end() if clause else sentence.start, person)
        return None
    body = named[0] if named else None
    if body is None or body.label != "ORGANISATION" or body.start != place + 8 or text[place - 1] != ",":
        return None
    return According(sentence.start, body) if text[body.end : body.end + 1] in ".,;" else None
