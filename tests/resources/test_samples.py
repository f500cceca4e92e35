"""The sample corpus: enough texts, sound text, and something in it for every label."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.paths import resource

SAMPLES = sorted(path for path in resource("samples").iterdir() if path.name != "README.md")
WHOLE = "\n".join(path.read_text("utf-8") for path in SAMPLES)

ENTITIES = {
    "PERSON": r"\b[A-ZÅÄÖ][a-zåäö]+(?:-[A-Z][a-z]+)? [A-ZÅÄÖ][a-zåäö]+,",
    "ROLE": r"\b(?:verksamhetschef|digitaliseringsdirektör|enhetschef|utredaren)\b",
    "ORGANISATION": r"\bRegion [A-ZÅÄÖ][a-zåäö]+",
    "PLACE": r"\bi (?:Borås|Gävle|Nyköping|Lycksele)\b",
    "PROGRAMME": r"Smartare vård 2028|Nära dig 2030",
    "SERVICE": r"\b1177\.se\b|Nationell patientöversikt",
    "DOCUMENT": r"rapporten ”[^”]+”",
    "CONDITION": r"hjärtsvikt|diabetes|stroke",
    "EVENT": r"Nationella dagen för informationsdriven vård",
    "DATE": r"\bden \d{1,2} (?:maj|juni|mars|oktober)\b",
    "MONEY": r"\d+(?:,\d+)? miljoner kronor",
    "QUANTITY": r"\b\d+ (?:procent|patienter|regioner)\b",
}
SPEECH = {
    "direct, en dash": r"(?m)^– .+, (?:säger|sa) (?:hon|han|[A-ZÅÄÖ])",
    "direct, minus sign": r"(?m)^− .+, (?:säger|sa) (?:hon|han|[A-ZÅÄÖ])",
    "direct, quotation marks": r"”[^”]{20,}”, (?:sa|svarar|skriver) ",
    "indirect": r"[a-zåäö] (?:konstaterar|säger|menar|bedömer|anser) att ",
    "pronoun as speaker": r", (?:sa|säger) (?:hon|han)\b",
}
KINDS = {
    "figure": r"\d+ procent",
    "cause": r"leder till|beror på|därför att",
    "goal": r"\b(?:Målet är|bör|ska kunna)\b",
    "forecast": r"kommer (?:troligen )?att",
    "assessment": r"jag är (?:försiktigt )?optimistisk|välkommet|Det håller inte",
}
RELATIONS = {
    "PART_OF": r"Sjukvårdsregion Mellansverige, där Region Sörmland ingår",
    "LOCATED_IN": r"Huvudkontoret ligger i Borås",
    "PARTICIPATES_IN": r"I projektet deltar ",
    "COLLABORATES_WITH": r"i samarbete med|samarbete mellan",
    "FUNDS": r"finansierar|beviljat|bidrar med",
    "RESPONSIBLE_FOR": r"ansvarar för|leds av",
    "PUBLISHED": r"gavs ut av|publicerade i november",
    "SAME_AS": r"lungsjukdom \(KOL\)|Regioner \(SKR\)",
    "CONTRADICTS": r"högre än de 12 procent",
    "UPDATES": r"I februari hade 240 patienter",
    "REPEATS": r"Hon upprepar att",
}
FURNITURE = {
    "cookie notice": r"(?i)använder kakor",
    "navigation": r"(?m)^(?:Hoppa till|Till innehåll|Start /)",
    "publication line": r"(?m)^(?:Publicera[dt]|Senast)\b",
    "photo credit": r"\bFoto: [A-ZÅÄÖ]",
    "contact box": r"(?m)^(?:E-post|Telefon): ",
    "share links": r"(?m)^Dela ",
    "comment form": r"Obligatorisk uppgift",
    "comment rules": r"Regler för kommentarer",
}
CHARACTERS = {
    "emoji": "[\U0001f300-\U0001faff]",
    "no-break space": "\u00a0",
    "soft hyphen": "\u00ad",
    "decomposed å": "a\u030a",
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.closed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.closed.append(tag)


def test_there_are_enough_texts_of_several_formats() -> None:
    suffixes = [path.suffix for path in SAMPLES]
    assert len(SAMPLES) >= 12
    assert set(suffixes) == {".txt", ".md", ".html"}
    assert suffixes.count(".txt") >= 10


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_text_is_sound(path: Path) -> None:
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert 1_500 <= len(raw) <= 6_000
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert text.endswith("\n")
    odd = {char for char in text if unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs") and char != "\n"}
    assert not odd
    assert "\ufffd" not in text
    assert "Ã" not in text
    assert {"å", "ä", "ö"} <= set(text)


def test_no_two_texts_share_a_paragraph_of_the_article() -> None:
    seen: dict[str, str] = {}
    for path in SAMPLES:
        for line in set(path.read_text("utf-8").splitlines()):
            if len(line) > 200:
                assert line not in seen, (path.name, seen.get(line))
                seen[line] = path.name


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        pytest.param(what, pattern, id=f"{group}-{what}")
        for group, patterns in {
            "entity": ENTITIES,
            "speech": SPEECH,
            "kind": KINDS,
            "relation": RELATIONS,
            "furniture": FURNITURE,
            "character": CHARACTERS,
        }.items()
        for what, pattern in patterns.items()
    ],
)
def test_the_corpus_holds(what: str, pattern: str) -> None:
    assert re.search(pattern, WHOLE), f"{what}: nothing matches {pattern}"


def test_every_entity_label_is_looked_for() -> None:
    labels = json.loads(resource("label_sets", "default.json").read_text("utf-8"))
    assert set(ENTITIES) == {label["id"] for label in labels["entities"]}


def test_quotation_marks_come_in_pairs() -> None:
    for path in SAMPLES:
        for line in path.read_text("utf-8").splitlines():
            assert line.count("”") % 2 == 0, (path.name, line)


def test_the_web_page_has_an_article_among_furniture() -> None:
    page = next(path for path in SAMPLES if path.suffix == ".html")
    tags = _Tags()
    tags.feed(page.read_text("utf-8"))
    assert {"nav", "header", "article", "aside", "footer", "script", "style"} <= set(tags.opened)
    void = {"meta", "link", "img", "br"}
    assert sorted(tag for tag in tags.opened if tag not in void) == sorted(tags.closed)


def test_the_markdown_page_has_front_matter() -> None:
    page = next(path for path in SAMPLES if path.suffix == ".md")
    opening, matter, _body = page.read_text("utf-8").split("---\n", 2)
    keys = {line.partition(":")[0] for line in matter.splitlines()}
    assert opening == ""
    assert keys == {"title", "source", "publisher", "date", "language"}


def test_addresses_and_numbers_reach_nobody() -> None:
    hosts = re.findall(r"(?:@|https?://(?:www\.)?)([\w.-]+\.\w+)", WHOLE)
    assert set(hosts) == {"example.org"}
    numbers = re.findall(r"(?<![\d-])0\d{1,3}-[\d ]+\d", WHOLE)
    assert numbers
    assert all(not number.partition("-")[2].replace(" ", "").strip("0") for number in numbers)


def test_the_readme_says_that_all_is_made_up() -> None:
    readme = resource("samples", "README.md").read_text("utf-8")
    assert "made up" in readme
    assert "MIT" in readme
    assert resource("..", "LICENSE").read_text("utf-8").startswith("MIT License")
