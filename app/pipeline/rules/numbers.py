"""How Swedish writes numbers, as parts of patterns."""

from __future__ import annotations

SMALL = (
    "två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|"
    "tjugo|tjugofem|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio"
)
DIGITS = r"\d+(?:[  ]\d{3})*(?:[.,]\d+)?"
TENS = "(?:tjugo|trettio|fyrtio|femtio|sextio|sjuttio|åttio|nittio)"
NUMBER = (
    rf"(?:{DIGITS}|(?i:{TENS}(?:en|ett|två|tre|fyra|fem|sex|sju|åtta|nio)|"
    rf"{SMALL}|hundra|tusen|ett hundra|ett par hundra|några hundra|flera hundra|ett par tusen|"
    rf"flera tusen|ett tusen|(?:{SMALL}) ?(?:hundra|tusen))\b)"
)
ABOUT = (
    r"(?i:omkring|cirka|ca\.?|ungefär|runt|drygt|knappt|nästan|närmare|nära|uppemot|över|under|minst|"
    r"högst|mer än|fler än|mindre än|färre än|upp till|uppåt|närmast|kring|totalt|hela|inemot|"
    r"så många som|inte mindre än|bortåt|som mest|som minst|åtminstone) "
)
