"""PUBLISHED: who has written or issued which document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.pipeline.rules.records import Link, Mention
from app.pipeline.rules.scene import Scene

_PRINT = (
    r"(?:rapport|bok|skrift|debattartikel|studie|handbok|artikel|promemoria|utredning|betänkande|avhandling|vägledning|"
    r"kartläggning|strategi|proposition|handlingsplan|undersökning|granskning|analys|översikt|riktlinje)"
)
_IN_PRINT = re.compile(
    rf"(?: [\w()]+){{0,3}} i (?:sin |en |den |betänkandet |det )?(?:nya |senaste )?(?:{_PRINT}\w* )?”?"
)
_PUBLISH = re.compile(
    r"\b(?:publicera\w*|g(?:e|er|av|ett) ut|givit ut|släpp\w*|presentera\w*|lansera\w*|skriv\w*|skrev|tagit fram|"
    r"tar fram|tog fram|"
    r"överlämna\w*|författa\w*|lägger fram|lade fram|lagt fram|utfärda\w*|antog|antagit|lämnade|lämnar|lämnat|"
    r"ligger bakom|står bakom)\b"
)
_ISSUED = re.compile(
    r"\b(?:gavs ut|ges ut|publicerades|publiceras|publicerats|togs fram|har tagits fram|är framtagen|är framtaget|"
    r"skrevs|"
    r"lanserades|är skriven|har skrivits|är författad|tas fram)\b"
)
_GENITIVE = re.compile(r" (?:nya |senaste |egen |egna |färska )*(?:\w+ )?”?")
_BY = re.compile(
    rf"”?(?:, som)?(?: \([^()]*\))?,?(?: (?:{_PRINT}\w*|är|har|skriven|skrivits|publicerad|publicerades|publicerats|"
    rf"utgiven|framtagen|togs fram|"
    r"tas fram|gavs ut|ges ut|nyligen|den \d+ \w+|\d{4}|i \w+)){0,4} (?:av|från) (?:[a-zåäö]+ ){0,2}”?"
)
_TAKEN_UP = re.compile(rf"(?:Den|Denna|Det|\w*{_PRINT}(?:en|et|n))\b", re.IGNORECASE)
_ANNOUNCED = re.compile(rf"\b\w*{_PRINT}\w*(?: som gjorts)? (?:från|av) (?:[a-zåäö]+ ){{0,2}}$", re.IGNORECASE)
_ANNOUNCES = re.compile(rf"[^.;:]{{0,90}} i (?:en|sin|ett) (?:ny |nytt |färsk |kommande )?\w*{_PRINT}\b", re.IGNORECASE)
_TITLED = re.compile(rf"\b\w*{_PRINT}(?:en|et|n):? ”?$", re.IGNORECASE)
_ENTRY = re.compile(r"(?:, [A-ZÅÄÖ]\.(?: ?[A-ZÅÄÖ]\.)*)?,? \((?:19|20)\d\d\)[.:]? ”?")
_ACTORS = ("PERSON", "ORGANISATION")


def find_publishing(scene: Scene) -> Iterator[Link]:
    """Yield who published which document, named in this sentence or taken up by a noun."""
    documents = [m for m in scene.of("DOCUMENT") if m.source != "rules/document:law"]
    for document in documents:
        yield from _before(scene, document)
        yield from _after(scene, document)
        if scene.earlier.author is not None and _TITLED.search(scene.before(document)):
            yield Link("PUBLISHED", scene.earlier.author, document, 0.65, "rules/published:announced")
            scene.earlier.author = None
    if not documents:
        scene.earlier.author = _announced(scene) or scene.earlier.author
    last = scene.earlier.last.get("DOCUMENT")
    if not documents and last is not None and _ISSUED.search(scene.text) and _TAKEN_UP.match(scene.text):
        for actor in scene.of(*_ACTORS):
            yield Link("PUBLISHED", actor, last, 0.7, "rules/published:issued")


def _announced(scene: Scene) -> Mention | None:
    """Return whose report a sentence tells of without its title: ``visar en kartläggning från X``."""
    for actor in scene.of(*_ACTORS):
        if _ANNOUNCED.search(scene.before(actor)) or _ANNOUNCES.match(scene.after(actor, 120)):
            return actor
    return None


def _before(scene: Scene, document: Mention) -> Iterator[Link]:
    actors: Sequence[Mention] = [m for m in scene.of(*_ACTORS) if m.end <= document.start]
    if not actors:
        return
    author = ([m for m in actors if m.label == "PERSON"] or actors)[-1]
    between = scene.between(author, document)
    if scene.before(author, 5) == "till ":
        return
    if _ENTRY.fullmatch(between) and author.label == "PERSON":
        yield Link("PUBLISHED", author, document, 0.75, "rules/published:entry")
    elif scene.surface(actors[-1])[-1] in "sz" and _GENITIVE.fullmatch(scene.between(actors[-1], document)):
        yield Link("PUBLISHED", actors[-1], document, 0.75, "rules/published:genitive")
    elif len(between) < 100 and (_PUBLISH.search(scene.before(author, 40) + between) or _IN_PRINT.fullmatch(between)):
        yield Link("PUBLISHED", author, document, 0.8, "rules/published:verb")


def _credited(scene: Scene, document: Mention, actor: Mention) -> bool:
    """Whether an entry of a list of publications names who wrote a title: ``”X”, A, B m.fl.``"""
    marked = scene.page.text[document.start - 1 : document.start] == "”" or scene.before(document, 1) == ""
    return (
        marked and actor.label == "PERSON" and re.fullmatch(r"”?[.,]?”? ", scene.between(document, actor)) is not None
    )


def _after(scene: Scene, document: Mention) -> Iterator[Link]:
    """``rapporten X från Y``, ``X är skriven av A och B``; ``I rapporten X skriver Y``."""
    actor = next((m for m in scene.of(*_ACTORS) if m.start >= document.end), None)
    if actor is None:
        return
    if _BY.fullmatch(scene.between(document, actor)) or _credited(scene, document, actor):
        for author in (actor, *scene.listed(actor, *_ACTORS)):
            yield Link("PUBLISHED", author, document, 0.75, "rules/published:by")
    elif re.fullmatch(r"I [^,.]{0,40}”?", scene.before(document, 60)) and re.fullmatch(
        r"”? (?:\(.{3,20}\) )?(?:skriver|konstaterar|visar|föreslår|beskriver|bedömer|redovisar|har|analyserar|pekar|"
        r"lyfter|presenterar) (?:[a-zåäö]+ )?",
        scene.between(document, actor),
    ):
        yield Link("PUBLISHED", actor, document, 0.75, "rules/published:in")
