"""SAME_AS, LOCATED_IN and PART_OF: what neighbouring names say of each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from app.pipeline.rules.gazetteers import word_set
from app.pipeline.rules.records import Link, Mention
from app.pipeline.rules.scene import Scene

_ABBREVIATION = re.compile(r"(?=.*[A-ZÅÄÖ].*[A-ZÅÄÖ])[\w-]{2,12}(?: [\w-]{2,8})?")
_OBLIQUE = re.compile(r" (?:till|för|om|av|med|mot) $")
_GENITIVE = re.compile(r" (?!(?:och|samt|som|har|är|ska|för|med|deltar|deltog) )[a-zåäö]{3,}")
_ALSO_CALLED = (", ", ", förkortat ", " eller ", ", i dagligt tal ")
_UNIT_OF = re.compile(r",? (?:vid|på|inom|under) (?:[a-zåäö]+(?:en|et) )?")
_PART = re.compile(
    r"(?:,? som)? (?:är|utgör|ingår som) en (?:del|avdelning|enhet) (?:av|i|inom) |, (?:en (?:del|enhet|"
    r"avdelning) (?:av|i|"
    r"inom)|dotterbolag till|som ägs av|ett bolag inom|ett dotterbolag till) |,? som (?:tillhör|lyder under|"
    r"sorterar under|"
    r"ingår i|hör till) | (?:tillhör|hör till|lyder under|ingår i|är ett dotterbolag till) "
)
_ONE_OF = re.compile(r"(?: i [A-ZÅÄÖ][\wåäö-]+)?, en av [^,.]{3,40} (?:i|inom) ")
_LIES = re.compile(
    r"(?:,(?: som)?)? (?:ligger|finns|har sitt säte|med säte|har sitt huvudkontor|med huvudkontor|har kontor|"
    r"grundades(?: \d{4})?|"
    r"hålls|hölls|äger rum|ägde rum|arrangeras|arrangerades|går av stapeln)(?: [^,.]{0,30})? (?:i|på) "
)
_AN_EVENT_IN = re.compile(r"(?: \d{4})?(?: [a-zåäö-]+){0,2} i ")
_FIELD = re.compile(r"(?:Plats|Lokal|Var|Adress)\s*:")
_RELATIVE = re.compile(r"^, (?:där|som|vars)\b[^,]{2,90}(?=, )")
_OWNERS = re.compile(r"(?:Region |.*(?:regionen|kommun)$)")
_UNITS = re.compile(
    r"(?:Institutionen|Avdelningen|Enheten|Sektionen|Centrum|Kompetenscent\w+|Klinik\w*|Fakultet\w*)\b", re.IGNORECASE
)


@cache
def _wide() -> frozenset[str]:
    return word_set("countries") | word_set("provinces")


def find_neighbours(scene: Scene) -> Iterator[Link]:
    """Yield what two neighbouring names say of each other: abbreviation, place, part."""
    event = scene.earlier.last.get("EVENT")
    if event is not None and _FIELD.match(scene.text) and scene.found and scene.found[0].label == "PLACE":
        yield Link("LOCATED_IN", event, scene.found[0], 0.7, "rules/located-in:field")
    for left, right in itertools.pairwise(scene.found):
        between = scene.between(left, right)
        if left.label == right.label and left.label not in ("PLACE", "PERSON"):
            yield from _same(scene, left, right, between)
        if right.label == "PLACE" and left.label in ("ORGANISATION", "PLACE", "EVENT"):
            yield from _placed(scene, left, right, between)
    for left, right in itertools.pairwise(scene.of("ORGANISATION", "EVENT", "PLACE")):
        between = _RELATIVE.sub("", scene.between(left, right))
        if right.label == "PLACE" and left.label != "PLACE" and _LIES.fullmatch(between):
            yield Link("LOCATED_IN", left, right, 0.75, "rules/located-in:verb")
            town = next((m for m in scene.of("PLACE") if m.start == right.end + 3), None)
            if town is not None and scene.between(right, town) == " i ":
                yield Link("LOCATED_IN", left, town, 0.7, "rules/located-in:verb")
    for left, right in itertools.pairwise(scene.of("ORGANISATION")):
        yield from _part(scene, left, right)


def _same(scene: Scene, left: Mention, right: Mention, between: str) -> Iterator[Link]:
    """An abbreviation in brackets or between commas after the full name, or the other way round."""
    closed = scene.after(right, 1) == ")"
    long, short = (left, right) if left.end - left.start >= right.end - right.start else (right, left)
    if between == " (" and closed:
        if _may_stand_for(scene.surface(short), scene.surface(long)) or _is_known_as(scene, long, short):
            yield Link("SAME_AS", long, short, 0.95, "rules/same-as:brackets")
        elif left.label == "ORGANISATION" and scene.surface(right).lower().endswith("departementet"):
            yield Link("PART_OF", right, left, 0.7, "rules/part-of:brackets")
    elif between in _ALSO_CALLED and short is right and _ABBREVIATION.fullmatch(scene.surface(short)):
        told = _initials(scene.surface(short), scene.surface(long))
        yield from (Link("SAME_AS", long, short, 0.85, "rules/same-as:comma"),) if told else ()


def _may_stand_for(short: str, long: str) -> bool:
    """Whether one name may be the other's abbreviation: capitals, few letters, its first letter in the long name."""
    if re.search(r"\d{4}", short):
        return False
    if re.fullmatch(r"[A-ZÅÄÖ][a-zåäö]{2,5}", short) and long.count(" ") > 1:
        return _initials(short, long)
    return _ABBREVIATION.fullmatch(short) is not None and short[0].lower() in long.lower()


def _is_known_as(scene: Scene, long: Mention, short: Mention) -> bool:
    """Whether two names of a body stand for each other: one short word, and one of three words and more."""
    name, whole = scene.surface(short), scene.surface(long)
    short_name = re.fullmatch(r"[A-ZÅÄÖ][\wåäö-]{1,6}", name) is not None
    return long.label == "ORGANISATION" and short_name and whole.count(" ") > 1


def _initials(short: str, long: str) -> bool:
    """Whether the letters of ``short`` stand in ``long`` in this order, the first one at a word's beginning."""
    letters, place = short.removesuffix("s").lower(), 0
    low = long.lower()
    if not re.search(rf"\b{re.escape(letters[0])}", low):
        return False
    for letter in letters:
        place = low.find(letter, place) + 1
        if not place:
            return False
    return True


def _placed(scene: Scene, left: Mention, right: Mention, between: str) -> Iterator[Link]:
    if left.label == "PLACE":
        inside = _is_wide(scene, right) and not _is_wide(scene, left)
        if between == ", " and _is_list(scene, left, right):
            return
        if inside and between in (", ", " i "):
            yield Link("PART_OF", left, right, 0.75, "rules/part-of:place")
            return
        if between == ", " and not _is_town(scene, left) and _is_town(scene, right):
            yield Link("LOCATED_IN", left, right, 0.7, "rules/located-in:comma")
        if re.fullmatch(r" (?:huvudstad|huvudort|residensstad) ", between):
            yield Link("PART_OF", right, left, 0.85, "rules/part-of:capital")
        near = between in (" i ", " på ") and not _is_wide(scene, left)
        if near and (between == " i " or not _is_wide(scene, right)):
            yield Link("LOCATED_IN", left, right, 0.75, "rules/located-in:i")
        return
    genitive = left.label == "ORGANISATION" and scene.surface(left)[-1] == "s" and not scene.surface(left)[0].isupper()
    if left.label == "EVENT" and between not in (" i ", " på ") and _AN_EVENT_IN.fullmatch(between):
        yield Link("LOCATED_IN", left, right, 0.75, "rules/located-in:event")
    stands = between in (" i ", " på ") or (between == " (" and scene.after(right, 1) == ")")
    if stands and not genitive and not _is_country(scene, right):
        yield Link("LOCATED_IN", left, right, 0.8, "rules/located-in:i")


def _is_wide(scene: Scene, place: Mention) -> bool:
    return scene.surface(place) in _wide() or place.source == "rules/place:county"


def _is_list(scene: Scene, left: Mention, right: Mention) -> bool:
    """Whether two places between commas are members of a longer list rather than town and country."""
    return (
        scene.before(left, 2) == ", "
        or re.match(
            r",? (?:och|samt|eller) |"
            r", [A-ZÅÄÖ]",
            scene.after(right, 8),
        )
        is not None
    )


def _is_town(scene: Scene, place: Mention) -> bool:
    return scene.surface(place) in word_set("towns") or scene.surface(place) in word_set("capitals")


def _is_country(scene: Scene, place: Mention) -> bool:
    return scene.surface(place) in word_set("countries")


def _part(scene: Scene, left: Mention, right: Mention) -> Iterator[Link]:
    between = scene.page.text[left.end : right.start]
    name, whole = scene.surface(left), scene.surface(right)
    if whole[-1] == "s" and not whole.endswith("hus") and _GENITIVE.match(scene.after(right, 30)):
        return
    member = _PART.fullmatch(between) and not _OBLIQUE.search(scene.before(left, 12))
    if member or _ONE_OF.fullmatch(between):
        yield Link("PART_OF", left, right, 0.85, "rules/part-of:is-part")
    elif _UNIT_OF.fullmatch(between) and name[-1] != "s":
        yield Link("PART_OF", left, right, 0.75, "rules/part-of:unit")
    elif (between == " i " and _OWNERS.match(whole)) or (between in (" i ", ", ") and _UNITS.match(name)):
        yield Link("PART_OF", left, right, 0.7, "rules/part-of:unit")
