"""What kind of statement a sentence makes, by its words."""

from __future__ import annotations

import re

_GOAL = re.compile(
    r"\b(?:(?<!som )ska(?:ll)? kunna|måste|bör|borde|behöver|behövs|behövde|krävs|krävdes|kräver|"
    r"syfte[t]?\b|syftar|mål(?:et|en|sättning(?:en)?)?\b|"
    r"ambition(?:en)?|vill (?:nu |också |gärna |även )?[a-zåäö]+a\b|(?:viktigt|angeläget|nödvändigt|"
    r"avgörande|centralt) att|rätt till|är (?:därför )?att ta(?:ga)?\b|uppdrag(?:et)? (?:är )?att|"
    r"(?<!som )ska(?:ll)?\b|föreslår|uppmanar|vi vill|strävar)",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"\b(?:kommer (?:aldrig |inte |också |även |alltid |sannolikt |snart |arbetet |vi |det |de )?att|"
    r"kanske|väntas|förväntas|beräknas|planeras|prognos|framöver|"
    r"kan (?:i sin tur |också |på sikt |komma att )|lär\b|riskerar|skulle kunna|troligen|sannolikt|i "
    r"framtiden|kan vi\b)",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:eftersom|tack vare|på grund av|därför|leder till|ledde till|lett till|gör att|gjorde att|"
    r"gjort att|bidrar till|bidrog till|bidragit till|"
    r"beror på|orsak(?:en|as|ar)?|förklaring(?:en)?|resulterar|innebär att|medför att|gör oss|gav\b|"
    r"följd av|till följd|nyckel\b|svaret är att|drivit)",
    re.IGNORECASE,
)
_ASSESSMENT = re.compile(
    r"\b(?:positivt?|negativt?|viktig(?:t|a|aste)?|bra|bättre|bäst|dålig(?:t|a)?|stor(?:t|a)? "
    r"(?:framgång|betydelse|skillnad)|glädjande|tråkigt|oroande|"
    r"fantastisk(?:t|a)?|utmaning(?:en|ar)?|unik(?:t|a)?|svår(?:t|a)?|enkel|lätt|bekymmer|problem|"
    r"brist(?:er|en)?|styrka|svaghet|framkant|föregångare|steg i rätt riktning|"
    r"stolt(?:a)?|nöjd(?:a)?|tycker|anser|tror|känns|upplever|lyckat|lyckade|rimlig(?:t|a)?|orimligt|"
    r"självklar(?:t|a)?|nödvändig(?:t|a)?|avgörande|ständigt|"
    r"alltför|mycket|väldigt|tyvärr|god(?:a)?|gott|spännande|intressant|tidig med|ensam)\b",
    re.IGNORECASE,
)
_STRONG_FIGURE = re.compile(
    r"\b(?:procent|miljoner|miljarder|miljardbelopp|fördubbl\w+|dubbelt|halver\w+|mer än|fler än|färre "
    r"än|majoriteten|hälften)\b|%"
)
_NEGATED = re.compile(r"\b(?:inte|aldrig|ingen|inget|inga|ej|varken|knappast|utan att)\b", re.IGNORECASE)


def kind_of(text: str, mode: str, labels: set[str]) -> str:
    """Return the kind of the statement ``text``; ``labels`` are those of the mentions in it."""
    if labels & {"MONEY"} or (_STRONG_FIGURE.search(text) and ("QUANTITY" in labels or "än" in text)):
        return "figure"
    if _CAUSE.search(text):
        return "cause"
    if _FORECAST.search(text):
        return "forecast"
    if _GOAL.search(text):
        return "goal"
    if _ASSESSMENT.search(text):
        return "assessment"
    return "assessment" if mode == "direct" and not labels & {"DATE", "QUANTITY"} else "fact"


def is_negated(text: str) -> bool:
    """Whether the statement holds a negation."""
    return _NEGATED.search(text) is not None
