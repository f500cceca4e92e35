"""PARTICIPATES_IN, COLLABORATES_WITH, FUNDS and RESPONSIBLE_FOR: who has to do with which works and with whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.pipeline.rules.records import Link, Mention
from app.pipeline.rules.scene import Scene

_WORKS = ("PROGRAMME", "EVENT")
_ACTORS = ("ORGANISATION", "PERSON")
_TAKES_PART = re.compile(
    r"\b(?:ingår|deltar|medverkar|deltog|medverkade|ingick|deltagit|medverkat|medverkande|deltagande|parterna|"
    r"deltagare|"
    r"medlem(?:mar)?|anslutit|anslutna|ansluter|ansluten|samarbete(?:t)? mellan|samverkan mellan|talar|talade|"
    r"föreläser|"
    r"föreläste|inledningstalar\w*|invigningstalar\w*|partner|partners|en av (?:de )?\w+ (?:regioner|kommuner|"
    r"aktörer|parter)|"
    r"gått med|går med|är med|var med|presenterade|presenterar|ställer ut|på plats)\b"
)
_TAKEN_UP = {
    "EVENT": re.compile(
        r"\b(?:konferensen|mässan|toppmötet|kongressen|seminariet|eventet|konferensens)\b", re.IGNORECASE
    ),
    "PROGRAMME": re.compile(
        r"\b(?:projektet|programmet|satsningen|samarbetet|samverkan|initiativet|nätverket|piloten|strategin)\b",
        re.IGNORECASE,
    ),
}
_VISITS = re.compile(
    r" (?:besöker|besökte|invigde|inviger|öppnade|talar på|talade på|gästar)\b|"
    r"\b(?:sågs|ses|träffas|träffades|möttes|talade|föreläste|var|är) (?:[a-zåäö]+ )?(?:på|vid|under) (?:[a-zåäö]+ )?$"
)
_NOUN_OF_WORK = (
    r"(?:konferensen|mässan|toppmötet|kongressen|seminariet|projektet|programmet|satsningen|samarbetet|samverkan|"
    r"initiativet|nätverket|piloten|projektgruppen|pilotprojektet|forskningsprojektet)"
)
_TAKES_PART_IN_IT = re.compile(
    rf"\b(?:ingår|deltar|medverkar|deltog|medverkade|ingick|talade|talar|föreläste|med|partner|partners|presenterade)\b"
    rf"[^.]{{0,60}}\b(?:i|på|under|vid) (?:[a-zåäö]+ )?{_NOUN_OF_WORK}|\b(?:[Ii]|[Pp]å|[Uu]nder|"
    rf"[Vv]id) {_NOUN_OF_WORK} "
    r"(?:ingår|deltar|medverkar|deltog|medverkade|ingick|talade|talar|föreläste)"
)
_RUNS_IT = re.compile(
    rf" (?:\([^)]*\) )?(?:också |även |har )?(?:driver|leder|samordnar|ansvarar för|ledde|drev|drivit|lett|koordinerar|"
    rf"finansierar och driver) {_NOUN_OF_WORK}"
)
_BESIDE = re.compile(r"[^.]{0,20}\b(?:ihop|tillsammans) med (?:bland andra )?")
_PRODUCT = re.compile(
    r" (?:[a-zåäö]+ ){0,2}[a-zåäö-]*(?:system|tjänst|plattform|app|program|verktyg|journal|stöd|satsning|projekt|"
    r"portal)\b"
)
_CHARGE = re.compile(r"(?:Ansvarar för|Ansvarig för|Leder|Driver|Samordnar) (?:[a-zåäö]+ ){0,2}")
_GRANTED = re.compile(
    r" (?:har )?(?:också )?(?:beviljats|beviljades|beviljas|tilldelas|tilldelades|tilldelats|får|fick|fått|söker|"
    r"sökte)\b"
)
_JOINT = re.compile(
    r"\b(?:samarbet|tillsammans med|samverk|partnerskap|avtal|överenskommelse|ihop med|gemensam|samägs|samordnar|"
    r"i samråd med|i dialog med|gemensamt med|dialogen)"
)
_DECIDES = re.compile(r"\b(?:beslutar|beslutade|har beslutat|träffade|mötte|diskuterade)\b")
_AGREED = re.compile(
    r" (?:har |ska |kommer att )?(?:nu |också )?(?:teckna|inled|stärker dialog|fördjupar|samarbeta|samverka|ingå|"
    r"utvidga|förläng|starta|"
    r"driver gemensamt|utvecklar gemensamt|går samman|bygger)[^.]*"
)
_WITH = re.compile(
    r"\b(?:med|mellan)(?: bland (?:andra|annat))?(?: (?!(?:för|om|i|på|av|att|som|till|från) )[a-zåäö]+){0,3} $"
)
_BETWEEN = re.compile(r"(?:samarbete|samverkan|partnerskap|avtal|projekt)(?:et)? mellan [^.]*$")
_FUND = re.compile(
    r"\b(?:finansiera\w*|satsa\w*|satsning|investera\w*|anslå\w*|avsätt\w*|avsatt\w*|skjut\w* till|bidra\w* med|"
    r"tillför\w*|"
    r"tillskjut\w*|stöttade|bidrag|bevilja\w*|betala\w*|(?:ge|ger|gav|gett|fördela\w*|utlys\w*|"
    r"tilldela\w*)\b(?=.*(?:kronor|miljo|"
    r"miljard|stöd|medel|MSEK|euro))|stödjer|stöder|ekonomiskt stöd|lägger|lade|lagt)"
)
_PASSIVE = re.compile(
    r"\b(?:tillförs|tillfördes|tilldelas|tilldelades|beviljas|beviljades|får|fick|fått|"
    r"erhåller)\b(?! i uppdrag)"
)
_GIVES = re.compile(r" (?:har )?(?:nu |också )?(?:ger|gav|gett|bevilja\w*|tilldela\w*|tillför\w*) ")
_FUNDED_BY = re.compile(
    r"\b(?:finansieras|finansierat|finansierad|finansierats|finansierades|bekostas|betalas|statsbidrag|bidrag|stöd|"
    r"medel|pengar|"
    r"anslag|beviljats|delfinansieras|finansiär(?:er)?)\b[^.;]{0,60}\b(?:av|från|är)(?: bland annat)? $"
)
_RECEIVED = re.compile(r"\b(?:får|fick|fått|tilldelas|tilldelats|beviljas|beviljats|erhåller|erhållit)\b")
_TO = re.compile(
    r"[^.;]{0,60}\b(?:till|åt|i|på)(?: (?:den|det|projektet|satsningen|programmet|studien|[a-zåäö]+)){0,4} $"
)
_OWNS = re.compile(r"(?:som är|är|var) $")
_PLAN = re.compile(
    r" (?:gemensamma |nationella |egna |nya )?(?:plan|strategi|vision|satsning|program|projekt|system|tjänst|webbplats|"
    r"initiativ|handlingsplan)\b"
)
_LEAD = (
    r"(?:ansvarar|ansvarig|har ansvaret|har ansvar|(?:tar|tog) över ansvaret) för|driver|drev|drivit|förvaltar|leder|"
    r"ledde|lett|"
    r"samordnar|samordnade|står bakom|ligger bakom|koordinerar|tillhandahåller|äger|utvecklar|utvecklat|har utvecklat|"
    r"har tagit fram|lanserar|lanserade|säljer|levererar|har startat|startade|arrangerar|arrangerade"
)
_RESPONSIBLE = re.compile(
    rf"^(?: \([^()]*\))?(?:,? som)?(?: (?:också|även|nu|i dag|gemensamt|har|"
    rf"som))*? (?:{_LEAD})(?: [a-zåäö-]+){{0,4}} ”?$"
)
_RUN_BY = re.compile(
    r"\b(?:drivs|drevs|förvaltas|leds|leddes|samordnas|ägs|utvecklas|utvecklats|utvecklades|utvecklad|framtagen|"
    r"framtaget|"
    r"tillhandahålls|levereras|koordineras|arrangeras|arrangerades|administreras|driven|lett|byggd|tillverkas|sköts)"
    r"(?: [a-zåäö]+){0,3}? av(?: [a-zåäö]+){0,2} $"
)
_RUNS = re.compile(r",? (?:som )?(?:drivs|leds|förvaltas|ägs|samordnas) (?:\w+ )?av ")
_FROM_MAKER = re.compile(r" från (?:[a-zåäö]+ )?")


def find_undertakings(scene: Scene) -> Iterator[Link]:
    """Yield who takes part in, works with, pays and runs what, in a sentence."""
    yield from _membership(scene)
    yield from _responsibility(scene)
    if len(scene.found) > 1:
        yield from _cooperation(scene)
        yield from _funding(scene)


def _work_taken_up(scene: Scene, *labels: str) -> Mention | None:
    """Return the work named before that a noun of this sentence takes up: ``projektet``, ``konferensen``."""
    for label in labels:
        told = _TAKEN_UP.get(label)
        if told is not None and label in scene.earlier.last and told.search(scene.text):
            return scene.earlier.last[label]
    return None


def _membership(scene: Scene) -> Iterator[Link]:
    text = scene.text
    yield from _visitors(scene)
    if not _TAKES_PART.search(text):
        return
    works = scene.of(*_WORKS)
    if works:
        for actor in scene.of(*_ACTORS):
            if _is_owner(scene, actor):
                continue
            work = min(works, key=lambda w: abs(w.start - actor.start))
            low, high = sorted((actor, work))[0].end, sorted((actor, work))[1].start
            near = scene.page.text[max(scene.sentence.start, low - 60) : min(scene.sentence.end, high + 60)]
            if _TAKES_PART.search(near):
                yield Link("PARTICIPATES_IN", actor, work, 0.75, "rules/participates-in:verb")
        return
    taken_up = _work_taken_up(scene, "EVENT", "PROGRAMME")
    if taken_up is not None and _TAKES_PART_IN_IT.search(text):
        for actor in scene.of(*_ACTORS):
            if not _is_owner(scene, actor):
                yield Link("PARTICIPATES_IN", actor, taken_up, 0.6, "rules/participates-in:taken-up")


def _visitors(scene: Scene) -> Iterator[Link]:
    """``NN besöker Vitalis``; ``när vi träffade NN på Vitalis``."""
    for event in scene.of("EVENT"):
        for person in scene.of("PERSON"):
            between = scene.between(person, event)
            if person.end <= event.start and len(between) < 70 and _VISITS.search(between):
                yield Link("PARTICIPATES_IN", person, event, 0.7, "rules/participates-in:visit")


def _is_owner(scene: Scene, actor: Mention) -> bool:
    """Whether a body stands in the genitive, as employer of a person named, or in brackets."""
    name = scene.surface(actor)
    if scene.before(actor, 1) == "(":
        return True
    if actor.label != "ORGANISATION":
        return False
    genitive = name.endswith("s") and scene.after(actor, 2)[1:2].islower()
    employer = any(
        m.label in ("ROLE", "PERSON") and re.fullmatch(r",? (?:på|vid|från|hos|i|för) |, ", scene.between(m, actor))
        for m in scene.found
        if m.end <= actor.start
    )
    return employer or (genitive and any(m.label == "ROLE" and m.start - actor.end == 1 for m in scene.found))


def _cooperation(scene: Scene) -> Iterator[Link]:
    text = scene.text
    if not _JOINT.search(text):
        return
    bodies = scene.of("ORGANISATION")
    if not bodies:
        return
    if _BETWEEN.search(scene.before(bodies[0])):
        yield from _all_pairs([bodies[0], *scene.listed(bodies[0], "ORGANISATION")])
        return
    for i, partner in enumerate(bodies[1:]):
        with_them = _WITH.search(scene.before(partner, 60))
        head = next((b for b in reversed(bodies[: i + 1]) if scene.before(b, 1) != "("), bodies[0])
        between = scene.between(head, partner)
        owned = scene.surface(partner)[-1] == "s" and re.match(r" [a-zåäö]{3,}", scene.after(partner, 12))
        if not with_them or owned or not _JOINT.search(between + " ") or len(between) > 140:
            continue
        listed = list(scene.listed(partner, "ORGANISATION"))
        if "mellan" in with_them.group():
            yield from _all_pairs([partner, *listed])
        elif not (_DECIDES.search(scene.before(head) + between) and "tillsammans med" in between):
            for other in (partner, *listed):
                yield Link("COLLABORATES_WITH", head, other, 0.8, "rules/collaborates-with:verb")
        return
    chain = [bodies[0], *scene.listed(bodies[0], "ORGANISATION")]
    if len(chain) > 1 and _AGREED.match(scene.after(chain[-1])):
        yield from _all_pairs(chain)


def _all_pairs(chain: Sequence[Mention]) -> Iterator[Link]:
    for i, left in enumerate(chain):
        for right in chain[i + 1 :]:
            yield Link("COLLABORATES_WITH", left, right, 0.8, "rules/collaborates-with:between")


def _funding(scene: Scene) -> Iterator[Link]:
    for body in scene.of("ORGANISATION"):
        if _FUNDED_BY.search(scene.before(body, 140)):
            yield from _funded(scene, body)
        elif _GRANTED.match(scene.after(body, 30)) and "i uppdrag" not in scene.text:
            yield from _granted(scene, body)
        elif scene.before(body, 12).endswith((" av ", " från ")) and _RECEIVED.search(scene.before(body, 140)):
            yield from _received(scene, body)
        else:
            yield from _pays(scene, body)


def _funded(scene: Scene, body: Mention) -> Iterator[Link]:
    """``X finansieras av A, B och C``; ``varav en miljon är bidrag från A``."""
    before = [m for m in scene.of("PROGRAMME", "SERVICE", "MONEY") if m.end <= body.start]
    after = [m for m in scene.of("MONEY") if m.start > body.end]
    named = [m for m in before if m.label != "MONEY"] or before or after
    if not named:
        taken_up = _work_taken_up(scene, "PROGRAMME")
        named = [taken_up] if taken_up is not None else []
    for target in named[-1:] if named and named[0].label == "MONEY" else named[:1]:
        for funder in (body, *scene.listed(body, "ORGANISATION")):
            yield Link("FUNDS", funder, target, 0.75, "rules/funds:by")


def _received(scene: Scene, body: Mention) -> Iterator[Link]:
    """``X fick 3 miljoner kronor av Y``: Y pays X, or the sum where X is no name."""
    money = [m for m in scene.of("MONEY") if m.end <= body.start + 200]
    takers = [m for m in scene.of("ORGANISATION", "PROGRAMME") if m.end <= body.start]
    if money:
        yield Link("FUNDS", body, takers[0] if takers else money[0], 0.75, "rules/funds:received")


def _granted(scene: Scene, body: Mention) -> Iterator[Link]:
    """``X beviljades 3 miljoner kronor för projektet P``: X takes part in P."""
    if not scene.of("MONEY"):
        return
    for work in scene.of("PROGRAMME"):
        if work.start > body.end and re.search(r"\b(?:för|till) (?:[a-zåäö]+ )?”?$", scene.before(work, 40)):
            yield Link("PARTICIPATES_IN", body, work, 0.65, "rules/participates-in:granted")


def _pays(scene: Scene, body: Mention) -> Iterator[Link]:
    """``A satsar 40 miljoner kronor på X``: A pays X where it is named, else the sum."""
    targets = [m for m in scene.of("MONEY", "PROGRAMME", "SERVICE") if m.start >= body.end]
    others = [m for m in scene.of("ORGANISATION") if m.start >= body.end]
    money = next((m for m in targets if m.label == "MONEY"), None)
    stop = min((m.start for m in others), default=scene.sentence.end)
    if money is not None and money.start < stop:
        between = scene.between(body, money)
        if _PASSIVE.search(between):
            return
        giver = next((m for m in scene.of("ORGANISATION") if m.end < body.start), None)
        if between == " " and giver is not None and _GIVES.fullmatch(scene.between(giver, body)):
            yield Link("FUNDS", giver, body, 0.75, "rules/funds:gives")
            return
        if len(between) > 100 or not _FUND.search(scene.before(body, 40) + between + scene.surface(money)):
            return
        taker = next(
            (m for m in scene.found if m.start >= money.end and m.label in ("ORGANISATION", "PROGRAMME", "SERVICE")),
            None,
        )
        if taker is not None and _TO.fullmatch(scene.between(money, taker)):
            yield Link("FUNDS", body, taker, 0.75, "rules/funds:to")
        else:
            yield Link("FUNDS", body, money, 0.75, "rules/funds:verb")
        return
    for taker in (m for m in scene.found if m.start >= body.end and m.label in ("ORGANISATION", "PROGRAMME")):
        between = scene.between(body, taker)
        if len(between) < 80 and re.search(
            r"\b(?:finansierar|finansierade|bekostar|ekonomiskt stöd till|bidrag till)\b", between
        ):
            yield Link("FUNDS", body, taker, 0.75, "rules/funds:verb")
        return


def _responsibility(scene: Scene) -> Iterator[Link]:
    found = scene.found
    works = scene.of("PROGRAMME", "SERVICE", "EVENT")
    for i, body in enumerate(found):
        if body.label not in _ACTORS:
            continue
        yield from _run_by(scene, body, [work for work in works if work.end <= body.start])
        before = found[i - 1] if i else None
        if (
            before is not None
            and before.label == body.label == "ORGANISATION"
            and _RUNS.fullmatch(scene.between(before, body))
        ):
            yield Link("RESPONSIBLE_FOR", body, before, 0.8, "rules/responsible-for:by")
        yield from _runs_taken_up(scene, body)
        after = next((m for m in found[i + 1 :] if m.label not in ("ROLE", "DATE", "QUANTITY")), None)
        if after in works and after is not None and _RESPONSIBLE.search(scene.between(body, after)):
            yield Link("RESPONSIBLE_FOR", body, after, 0.8, "rules/responsible-for:verb")


def _runs_taken_up(scene: Scene, body: Mention) -> Iterator[Link]:
    """``X driver projektet ihop med A och B``: X runs the project named before, A and B take part."""
    run = _RUNS_IT.match(scene.page.text, body.end, scene.sentence.end)
    work = _work_taken_up(scene, "PROGRAMME", "EVENT") if run else None
    named = (
        any(m.start - run.end() <= 2 for m in scene.of("PROGRAMME", "EVENT") if m.start >= run.end()) if run else False
    )
    if run is None or work is None or named:
        return
    yield Link("RESPONSIBLE_FOR", body, work, 0.75, "rules/responsible-for:taken-up")
    partner = next((m for m in scene.of("ORGANISATION") if m.start >= run.end()), None)
    if partner is not None and _BESIDE.fullmatch(scene.page.text[run.end() : partner.start]):
        for other in (partner, *scene.listed(partner, "ORGANISATION")):
            yield Link("PARTICIPATES_IN", other, work, 0.7, "rules/participates-in:partner")


def find_charge(scene: Scene, person: Mention) -> Iterator[Link]:
    """Yield what the entry of a person says: ``Ansvarar för X``."""
    told = _CHARGE.match(scene.text)
    first = scene.found[0] if scene.found else None
    if told is None or first is None or first.label not in ("PROGRAMME", "SERVICE", "ORGANISATION"):
        return
    if first.start == scene.sentence.start + told.end():
        yield Link("RESPONSIBLE_FOR", person, first, 0.75, "rules/responsible-for:entry")


def _run_by(scene: Scene, body: Mention, works: Sequence[Mention]) -> Iterator[Link]:
    if body.label == "PERSON" and not _RUN_BY.search(scene.before(body, 60)):
        return
    if _RUN_BY.search(scene.before(body, 80)):
        work = works[-1] if works else _work_taken_up(scene, "PROGRAMME")
        if work is not None:
            for owner in (body, *scene.listed(body, *_ACTORS)):
                yield Link("RESPONSIBLE_FOR", owner, work, 0.8, "rules/responsible-for:by")
        return
    for work in works[-1:]:
        between = scene.between(work, body)
        owners = [body, *scene.listed(body, "ORGANISATION")]
        if _OWNS.search(between) and _PLAN.match(scene.after(owners[-1])):
            for owner in owners:
                yield Link("RESPONSIBLE_FOR", owner, work, 0.75, "rules/responsible-for:plan")
        elif work.label == "SERVICE" and between == ", " and scene.surface(body)[-1] in "sz":
            if _PRODUCT.match(scene.after(body)):
                yield Link("RESPONSIBLE_FOR", body, work, 0.7, "rules/responsible-for:product")
        elif work.label == "SERVICE" and _FROM_MAKER.fullmatch(between):
            yield Link("RESPONSIBLE_FOR", body, work, 0.6, "rules/responsible-for:maker")
