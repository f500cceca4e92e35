"""What a mention may mean: the register, people's own links and the mention's document, put together."""

from __future__ import annotations

from collections.abc import Iterable

from models.marks import Mark
from models.naming import PERSON, Naming
from models.register import SURE, Candidate, Mention, Register, is_abbreviation, name_parts, proposed
from models.store import register_reads
from models.store.reads import Reads

CONFIRM_OPTION = "register.confirm"
"""The project's option: ``1`` where a sure link is confirmed together with its entity."""


def words_of(reads: Reads, document: str, mark: Mark) -> str:
    """Return what a mark's passage says; an orphan's as it said."""
    if not mark.spans:
        return " ".join(mark.quote)
    text = reads.text(document)
    return " ".join(text[start:end] for start, end in mark.spans)


def candidates(reads: Reads, document: str, mark: Mark) -> tuple[Candidate, ...]:
    """Return what an entity may mean, the likeliest first; none of what somebody said it does not mean."""
    words = words_of(reads, document, mark)
    register = register_reads.register(reads)
    told: tuple[Candidate, ...] = ()
    if mark.spans and needs_document(mark.label, words):
        naming, mention = naming_of(reads, document, mark, words)
        told = naming.told(mention, register)
    refused = register_reads.refused(reads, mark.annotation) if mark.annotation else ()
    return register.candidates(mark.label, words, register_reads.seen(reads, mark.label, words), refused, told)


def needs_document(label: str, words: str) -> bool:
    """Whether the rest of a document may say what a mention means: an abbreviation, or one name of a person."""
    return is_abbreviation(words) or (label == PERSON and len(name_parts(words)) == 1)


def naming_of(reads: Reads, document: str, mark: Mark, words: str) -> tuple[Naming, Mention]:
    """Return what the mentions of a document say about each other, and a mark as one of them."""
    known = register_reads.document_mentions(reads, document, mark.label)
    mention = next(
        (one for one in known if one.key == mark.key),
        Mention(mark.key, mark.label, mark.extent.start, mark.extent.end, words),
    )
    same: Iterable[tuple[str, str]] = register_reads.same_as(reads, document)
    return Naming([*(one for one in known if one.key != mark.key), mention], same), mention


def full_name(reads: Reads, document: str, mark: Mark) -> str:
    """Return the name that a thing made from a mention gets: the full name where its document tells it."""
    words = words_of(reads, document, mark)
    if mark.spans and needs_document(mark.label, words):
        naming, mention = naming_of(reads, document, mark, words)
        if (found := naming.full_name(mention)) is not None:
            words = found[0].words
    return " ".join(words.split())


def sure_thing(reads: Reads, document: str, mark: Mark) -> str | None:
    """Return the thing to link an entity to as it is accepted: where the project wants that and it is sure enough."""
    if mark.kind != "entity" or reads.meta(f"option.{CONFIRM_OPTION}") != "1":
        return None
    best = proposed(candidates(reads, document, mark))
    return best.thing if best is not None and best.score >= SURE else None


def register_of(reads: Reads) -> Register:
    """Return the register as it stands."""
    return register_reads.register(reads)
