"""Which sentences state something: those with a finite verb, but no headings, calls and captions."""

from __future__ import annotations

import re

from app.pipeline.rules.cues import clauses
from app.pipeline.rules.gazetteers import endings, word_group, word_set
from app.pipeline.rules.records import Sentence

_WORD = re.compile(r"[A-Za-zÅÄÖÉÜåäöéü]+")
_SUBORDINATE = re.compile(r"\b(?:som|där|vilket|vilka|att|när|om|eftersom)\b")
_VERB_ENDINGS = ("erar", "erade", "ades", "eras")
_BEFORE_VERB = frozenset(("jag", "vi", "ni", "hon", "han", "hen", "man", "du"))
_NO_STATEMENT = ("Foto:", "Bild:", "Bildtext:", "I bild:", "Fakta", "Källa:", "Läs mer", "Läs också", "Läs även")
_NOUNS_TOO = word_group("led steg drev val stöd svar krav såg lät var satt ställt lagt band fall håll delar")
_PREFIXES = endings("vidare genom under efter över till fram åter upp för väg ned sam ut in av an om be er")
"""What stands before a verb in a compound one, longer ones first."""
_CALLS = ("Så ", "Här ", "Hur ", "Vad ", "När ", "Vill du", "Har du")


def is_finite(word: str) -> bool:
    """Whether a word in small letters is a finite verb: listed, a listed one's passive, or by its ending."""
    if (word.endswith(_VERB_ENDINGS) and len(word) > 5) or _is_listed(word):
        return True
    prefix = next((prefix for prefix in _PREFIXES if word.startswith(prefix)), "")
    rest = word[len(prefix) :]
    return bool(prefix) and len(rest) > 3 and rest not in _NOUNS_TOO and _is_listed(rest)


def _is_listed(word: str) -> bool:
    """Whether a word is a listed finite verb or the passive of one."""
    finite = word_set("finite_verbs")
    if word in finite:
        return True
    stem = word[:-1]
    return word.endswith("s") and len(word) > 3 and (f"{stem}r" in finite or f"{stem}er" in finite or stem in finite)


def has_verb(body: str) -> bool:
    """Whether a passage holds a finite verb; names within it are none."""
    before = ""
    for found in _WORD.finditer(body):
        word = found.group().lower()
        if before and found.group()[0].isupper():
            before = word
            continue
        if is_finite(word) and (found.start() or not word.endswith("s")):
            return True
        if before and word.endswith("as") and not word.endswith(("nas", "ras")):
            return True
        if before in _BEFORE_VERB and word.endswith(("ar", "er", "de", "te")):
            return True
        before = word
    return False


def is_full_sentence(body: str) -> bool:
    """Whether a line without a full stop is a whole sentence: its main clause has a subject and then a finite verb."""
    mask = clauses(body.lower()) if len(body.lower()) == len(body) else bytearray(len(body))
    for number, found in enumerate(_WORD.finditer(body)):
        word = found.group()
        if number and not mask[found.start()] and word[0].islower() and word not in _NOUNS_TOO and is_finite(word):
            return True
    return False


def is_lead_in(body: str) -> bool:
    """Whether a short line that ends in a colon states something itself: ``Tre hinder återkommer i svaren:``."""
    return body.endswith(":") and body.count(" ") >= 3 and not body.startswith(_CALLS) and is_full_sentence(body)


def is_statement(text: str, sentence: Sentence) -> bool:
    """Whether a sentence states something, in a caption by its main clause."""
    body = text[sentence.start : sentence.end]
    if body.startswith(_NO_STATEMENT) or body.count(" ") < (3 if body[-1] == ":" else 2):
        return False
    if sentence.role == "bullet" and body[-1] not in ".!":
        return body.count(" ") >= 3 and body[-1] not in ":?" and is_full_sentence(body)
    if sentence.role == "caption":
        parts = [_SUBORDINATE.split(part)[0] for part in body.split(",")]
        return any(has_verb(part) for part in parts)
    return has_verb(body)
