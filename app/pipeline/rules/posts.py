"""HAS_ROLE and WORKS_FOR: titles and employers beside a person's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.pipeline.rules.records import Link, Mention
from app.pipeline.rules.scene import Scene

_NOUN = (
    r"(?: (?:det|den|deras|sin|företaget|bolaget|myndigheten|organisationen|stiftelsen|"
    r"[a-zåäö]+(?:bolaget|företaget)))?"
)
_AT = re.compile(rf",? (?:(?:på|vid|i|från|hos|för|inom|at)|[a-zåäö ]{{0,40}}(?:vid|på|hos)){_NOUN} ")
_ADVERBS = (
    r"(?: (?:i dag|också|även|nu|numera|tidigare|sedan|länge|senast|just nu|samtidigt|bland annat|tillsvidare|"
    r"dessutom|i grunden|(?:sedan|till) (?:i )?\w+))"
)
_IS = (
    rf"(?: (?:är|var|blir|blev|har{_ADVERBS}* (?:varit|blivit|arbetat som|utsetts till|valts till)|(?:utses|utsågs|"
    rf"valdes|"
    r"väljs|befordras) till|(?:arbetar|arbetade|jobbar|verkar|tillträder|tillträdde|anställs|fortsätter|börjar)"
    rf"{_ADVERBS}* som)){_ADVERBS}{{0,2}}"
)
_NAME_ROLE = re.compile(
    rf"(?:, |\n|,? som är |,? som (?:arbetar|jobbar) som | \(| – |,? (?:dessutom|tillika) | (?:blir )?ny(?: som)? |"
    rf" (?:[a-zåäö]+ ){0, 5}(?:rollen|uppdraget|tjänsten) som |{_IS} )"
    r"(?:(?:en|ny|nu|tidigare|dess|deras|vår|[a-zåäö]+ och|f\.d\.|[a-zåäö]+ens|[a-zåäö]+ets) )?"
)
_NEXT_ROLE = re.compile(
    r",? (?:och|samt|tillika|men också|och även)(?: (?:är|har varit))?(?: (?:tidigare|även|också))? |, "
)
_AFTER_TITLE = re.compile(r" | – |: ")
_OWN = re.compile(r" (?:(?:nya|nye|nyutsedda|tidigare|avgående|tillförordnade|biträdande|egen|egna|tf) )*")
_MANY = ("råden", "erna", "arna", "orna")
_APPOINTS = re.compile(
    r"\b(?:utse\w*|utsett|tillsät\w*|tillsatt\w*|förordna\w*|anställ\w*|rekryter\w*|välj\w*|valde|valt)\b"
)
_AS = re.compile(r" (?:till|som)(?: ny| sin| sin nya)? ")
_FROM = re.compile(r"(?:[^.]{0,30}\b)?(?:[Ff]rån|[Ff]ör) (?:\w+ )?$")
_JOINED = re.compile(
    r" (?:\w+ )?(?:deltog|deltar|medverkade|medverkar|kom|kommer|talade|talar|fanns|var|mötte|närvarade)\b"
)
_PRONOUN = re.compile(r"(Han|Hon)(?= )")
_GENITIVE = re.compile(r"\b\w+s (?:\w+ )?$")
_PARTY = re.compile(r"^ ?\([A-ZÅÄÖ]{1,3}\)")
_VISITED = re.compile(r"\b(?:[Bb]esök(?:te|tes|er|et|t)?|[Ss]tudiebesök(?:et)?)\b")
_HOST = re.compile(r"\b(?:mötte|möttes av|träffade|där|tog emot|togs emot av|av|med)(?: [a-zåäö]+){0,3} $")
_GUESTS = re.compile(r"minister|statsråd|statssekreterare|landshövding|borgmästare|kommissionär")
_AT_NAME = re.compile(
    r",? (?:från|på|vid|hos)(?: [a-zåäö]+(?:en|et))? |, | \(|,? som (?:arbetar|jobbar) (?:på|vid|för|hos) "
)


def find_posts(scene: Scene) -> Iterator[Link]:
    """Yield who has which title and who works for whom in a sentence."""
    found = scene.found
    for i, mention in enumerate(found):
        if mention.label == "PERSON":
            yield from _before(scene, i)
            yield from _after(scene, mention, i + 1)
    yield from _pronoun(scene)
    yield from _delegates(scene)
    yield from _hosts(scene)


def _before(scene: Scene, i: int) -> Iterator[Link]:
    if not i:
        return
    person, before = scene.found[i], scene.found[i - 1]
    between = scene.between(before, person)
    if before.label == "ROLE" and _AFTER_TITLE.fullmatch(between):
        yield Link("HAS_ROLE", person, before, 0.95, "rules/has-role:title")
        yield from _employer_before(scene, i, [person])
        if scene.surface(before).endswith(_MANY):
            for other in scene.listed(person, "PERSON"):
                yield Link("HAS_ROLE", other, before, 0.85, "rules/has-role:shared-title")
    elif before.label == "ROLE" and between == ", " and _GENITIVE.search(scene.before(before, 40)):
        if _PARTY.sub("", scene.after(person, 8), count=1)[:1] in (",", ".", ""):
            yield Link("HAS_ROLE", person, before, 0.8, "rules/has-role:name-after")
            yield from _employer_before(scene, i, [person])
    elif before.label == "ORGANISATION" and i > 1 and scene.found[i - 2].label == "ROLE":
        across = _AT.fullmatch(scene.between(scene.found[i - 2], before))
        if across and between in (", ", " "):
            yield Link("HAS_ROLE", person, scene.found[i - 2], 0.85, "rules/has-role:across-employer")
            yield Link("WORKS_FOR", person, before, 0.85, "rules/works-for:across-employer")


def _employer_before(scene: Scene, i: int, people: list[Mention]) -> Iterator[Link]:
    """``Region Xs direktör NN`` and ``Region X … via utredaren NN``."""
    role = scene.found[i - 1]
    if i < 2 or scene.found[i - 2].label != "ORGANISATION":
        return
    body, between = scene.found[i - 2], scene.between(scene.found[i - 2], role)
    owned = scene.surface(body)[-1] in "sz" and _OWN.fullmatch(between)
    if owned or (between.endswith((" via ", " genom ")) and len(between) < 40):
        for person in people:
            yield Link("WORKS_FOR", person, body, 0.85 if owned else 0.7, "rules/works-for:genitive")


def _after(scene: Scene, person: Mention, first: int) -> Iterator[Link]:
    """Walk over the titles and employers that follow a name, until something else stands between."""
    last = person
    for i, after in enumerate(scene.found[first:], first):
        between = scene.between(last, after)
        if after.label == "ROLE":
            following = scene.found[i + 1] if i + 1 < len(scene.found) else None
            if following is not None and following.label == "PERSON" and scene.between(after, following) == " ":
                return
            if not _follows(scene, person, last, after, between):
                return
            yield Link("HAS_ROLE", person, after, 0.93, "rules/has-role:apposition")
        elif after.label == "ORGANISATION":
            if last.label == "ORGANISATION":
                if between not in (" vid ", " på ", " i ", ", "):
                    return
            elif not _employs(last, between) or _is_next_ones(scene, i, between):
                return
            else:
                yield Link("WORKS_FOR", person, after, 0.9, "rules/works-for:at")
        elif last.label != "ORGANISATION" or between not in (" i ", " ("):
            return
        last = after


def _follows(scene: Scene, person: Mention, last: Mention, role: Mention, between: str) -> bool:
    """Whether a title belongs to the name, told by what stands between it and what came last."""
    if last is person:
        named = _NAME_ROLE.fullmatch(between)
        return bool(named) or bool(_AS.fullmatch(between) and _APPOINTS.search(scene.before(person, 120)))
    if last.label == "ORGANISATION" and between == " ":
        return scene.surface(last)[-1] in "sz" and scene.between(person, last) == ", "
    return _NEXT_ROLE.fullmatch(between) is not None


def _employs(last: Mention, between: str) -> bool:
    if last.label == "PERSON":
        return _AT_NAME.fullmatch(between) is not None
    return last.label == "ROLE" and (_AT.fullmatch(between) is not None or between in (", ", " ", " ("))


def _is_next_ones(scene: Scene, i: int, between: str) -> bool:
    """Whether an employer in the genitive belongs to the next name: ``NN, nämndens ordförande MM``."""
    labels = [mention.label for mention in scene.found[i + 1 : i + 3]]
    return between == ", " and scene.surface(scene.found[i])[-1] == "s" and labels == ["ROLE", "PERSON"]


def _pronoun(scene: Scene) -> Iterator[Link]:
    """``Hon är professor vid X``: of the person named last."""
    told = _PRONOUN.match(scene.text)
    if told is None or not scene.found or scene.found[0].label != "ROLE":
        return
    person = scene.meant(told.group(1))
    between = scene.page.text[scene.sentence.start + told.end() : scene.found[0].start]
    if person is None or not re.fullmatch(rf"{_IS} (?:en |ny )?", between):
        return
    stand_in = person._replace(start=scene.sentence.start, end=scene.sentence.start + told.end())
    for link in _after(scene, stand_in, 0):
        yield link._replace(head=person, score=0.8, source="rules/has-role:pronoun")


def _delegates(scene: Scene) -> Iterator[Link]:
    """``Från Region X deltog direktör NN och läkaren MM.``"""
    bodies = scene.of("ORGANISATION")
    if not bodies or not scene.of("PERSON"):
        return
    body = bodies[0]
    if not (_FROM.fullmatch(scene.before(body)) and _JOINED.match(scene.after(body))):
        return
    last = next((b for b in bodies[1:] if "från" in scene.before(b, 8)), None)
    for person in scene.of("PERSON"):
        if person.start > body.end and (last is None or person.end < last.start):
            yield Link("WORKS_FOR", person, body, 0.8, "rules/works-for:delegates")


def _hosts(scene: Scene) -> Iterator[Link]:
    """``Vid besöket på X mötte ministern generaldirektören NN``: who receives a guest works there."""
    titles = {mention.start for mention in scene.of("ROLE")}
    bodies = [b for b in scene.of("ORGANISATION") if scene.before(b, 1) != "(" and b.end + 1 not in titles]
    if len(bodies) != 1 or not _VISITED.search(scene.text):
        return
    for i, role in enumerate(scene.found[:-1]):
        person = scene.found[i + 1]
        if role.label != "ROLE" or person.label != "PERSON" or role.start < bodies[0].end:
            continue
        listed = role is not scene.found[0] and scene.found[i - 1].label == "PERSON"
        met = _HOST.search(scene.before(role, 60)) or (
            listed and _NEXT_ROLE.fullmatch(scene.between(scene.found[i - 1], role))
        )
        if met and scene.between(role, person) == " " and not _GUESTS.search(scene.surface(role).lower()):
            yield Link("WORKS_FOR", person, bodies[0], 0.65, "rules/works-for:host")


def find_entry(scene: Scene, name_line: Mention | None) -> Iterator[Link]:
    """Yield the title and employer in a line of its own below a line that is only a person's name."""
    if name_line is None or not scene.found or scene.found[0].start != scene.sentence.start:
        return
    first = scene.found[0]
    if first.label != "ROLE" or (len(scene.found) > 1 and scene.found[1].label == "PERSON"):
        return
    yield Link("HAS_ROLE", name_line, first, 0.85, "rules/has-role:entry")
    for body in scene.found[1:2]:
        if body.label == "ORGANISATION" and _employs(first, scene.between(first, body)):
            yield Link("WORKS_FOR", name_line, body, 0.85, "rules/works-for:entry")
