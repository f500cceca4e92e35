"""The help pages: the same pages in both languages, saying the same about keys and commands."""

from __future__ import annotations

import json
import re

import pytest

from app.paths import resource

PAGES = [
    "adjudication",
    "agreement",
    "annotating",
    "exchange",
    "formats",
    "getting-started",
    "label-sets",
    "large-corpora",
    "merging",
    "packages",
    "projects-and-backups",
    "register",
    "suggestions",
    "training",
    "training-window",
]
KEYS = {
    "Skift": "Shift",
    "Ned": "Down",
    "Upp": "Up",
    "Vänster": "Left",
    "Höger": "Right",
    "PROJEKT": "PROJECT",
}


def _page(language: str, name: str) -> str:
    return resource("help", language, f"{name}.md").read_text("utf-8")


def _literals(text: str) -> list[str]:
    """Return what stands between backticks, in order of the alphabet, key names in English."""
    found = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    return sorted(re.sub(r"\w+", lambda word: KEYS.get(word[0], word[0]), literal) for literal in found)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_all_pages_exist(language: str) -> None:
    assert sorted(path.stem for path in resource("help", language).iterdir()) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_in_both_languages(name: str) -> None:
    swedish, english = _page("sv", name), _page("en", name)
    assert swedish != english
    for mark in ("# ", "## ", "| ", "- ", "```"):
        count = [sum(line.startswith(mark) for line in page.splitlines()) for page in (swedish, english)]
        assert count[0] == count[1], mark
    assert _literals(swedish) == _literals(english)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_its_one_title(language: str, name: str) -> None:
    text = _page(language, name)
    assert re.match(r"# \S.*\n\n\S", text)
    assert len(re.findall(r"(?m)^# ", text)) == 1
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(text) < 4_000


@pytest.mark.parametrize("name", PAGES)
def test_swedish_is_swedish(name: str) -> None:
    assert set("åäö") <= set(_page("sv", name).lower())
    assert not set("åäö") & set(re.sub(r"\*[^*]+\*", "", _page("en", name)).lower())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_label_page_names_every_entity_label(language: str) -> None:
    labels = json.loads(resource("label_sets", "default.json").read_text("utf-8"))
    rows = re.findall(r"(?m)^\| (\w+) \|", _page(language, "label-sets"))[1:]
    assert rows == [label["title"][language] for label in labels["entities"]]
