"""Sources and scores in words: every rule has a name in both languages, and a score says from how many cases."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.messages import LANGUAGES, set_language
from models.calibration import Calibration, Case, Knot
from models.recalibration import recalibrated
from ui.source_words import rule_words, source_words

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "app" / "pipeline" / "rules"

DYNAMIC = {
    "amounts.py": {"percent", "part", "unit", "time", "age"},
    "lexicon.py": {"provinces", "places", "towns", "countries", "capitals"},
    "evidence.py": set(re.findall(r'\(_[A-Z]+, "[A-Z]+", "([a-z-]+)"\)', (RULES / "evidence.py").read_text())),
    "works.py": {"year", "national", "strategy"},
    "institutions.py": set(re.findall(r'_mention\(page, [^"]*"([a-z-]+)"\)', (RULES / "institutions.py").read_text())),
    "dates.py": {*re.findall(r"\(\?P<(\w+)>", (RULES / "dates.py").read_text()), "date"},
}
"""File → what its rules put in place of a name that only running tells."""


def emitted(path: Path) -> Iterator[str]:
    """Yield the names of rules that a module's proposals go by."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
            if not (isinstance(parts[0], str) and parts[0].startswith("rules/")):
                continue
            if isinstance(parts[-1], str):
                yield f"rules/x{parts[-1]}"
            else:
                assert path.name in DYNAMIC, f"{path.name}: {ast.unparse(node)} is named while it runs"
                yield from (f"rules/x:{one}" for one in DYNAMIC[path.name])
        elif isinstance(node, ast.Constant) and re.fullmatch(r"rules/[a-z-]+(:[a-z-]+)?", str(node.value)):
            yield str(node.value)


def test_every_rule_has_a_name_in_both_languages() -> None:
    rules = {rule.rpartition(":")[2].removeprefix("rules/") for path in RULES.glob("*.py") for rule in emitted(path)}
    assert {"given-name", "towns", "percent", "weekday", "owned", "attributed-to"} <= rules
    for spoken in LANGUAGES:
        catalogue = json.loads((ROOT / "resources" / "translations" / spoken / "source.json").read_text("utf-8"))
        missing = sorted(rule for rule in rules if f"source.rule-{rule}" not in catalogue)
        assert not missing, spoken


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("sv_kurator_rules 1.2.5 · rules/person:given-name", "Regel: lista över förnamn"),
        ("sv_kurator_rules 1.2.5 · rules/repetition", "Regel: samma ord som på annan plats i texten"),
        ("sv_kurator_rules 1.2.5 · rules/person:from-the-future", "Regel: person:from-the-future"),
        ("sv_kurator_rules 1.2.5 · names", "Inlärda namn i den inbyggda pipelinen"),
        ("kurator_vård 3 · learned", "Inlärt av projektets etiketter"),
        ("memory 1 · memory/pair", "samma par"),
        ("sv_core_news 3.8.0 · ents", "sv_core_news 3.8.0 · pipelinens entiteter"),
        ("sv_core_news 3.8.0 · spans/sc", "sv_core_news 3.8.0 · pipelinens spann (sc)"),
        ("BRAT –", "BRAT –"),
    ],
)
def test_sources_are_told_in_words(source: str, words: str) -> None:
    set_language("sv")
    assert source_words(source) == words
    set_language("en")
    assert source_words(source)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    set_language("en")


def test_a_rule_that_nobody_named_keeps_its_own_name() -> None:
    assert rule_words("rules/x:no-such-rule") == "x:no-such-rule"


def test_decisions_come_before_held_out_pages() -> None:
    from app.services.probabilities import Probabilities

    shipped = Calibration({("rules", "DATE"): [Knot(0.6, 0.8, 40.0), Knot(0.9, 0.95, 200.0)]})
    new = Probabilities(Calibration({}), 0, shipped)
    assert new.known("DATE", "rules/date:year", 0.8, built_in=True) == (0.8, "shipped", 40)
    assert new.known("DATE", "rules/date:year", 0.8) == (0.8, "unknown", 0)
    assert new.known("DATE", "rules/date:year", 0.3, built_in=True).basis == "unknown"
    decided = recalibrated(Case("rules/date:year", "DATE", 0.8, number % 2 == 0) for number in range(40))
    used = Probabilities(decided, 40, shipped).known("DATE", "rules/date:year", 0.8, built_in=True)
    assert used.basis == "decided" and used.cases == 40
    assert used.probability == pytest.approx(0.5, abs=0.1)
