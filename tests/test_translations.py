"""Every sentence exists in both languages, with the same placeholders, wherever the code asks for it."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("en", "sv")
SUBJECTS = sorted({path.stem for path in FOLDER.glob("*/*.json")})
# Calls that name a key, and which argument it is.
CALLS = {
    "tr": 0,
    "UserError": 0,
    "EnvironmentFault": 0,
    "Defect": 0,
    "Skipped": 1,
    "text": 0,
    "say": 0,
    "SetUpError": 0,
}
OF_THE_SET_UP = {"text", "say", "SetUpError"}

Catalogue = dict[str, str | dict[str, str]]


@cache
def catalogue(language: str, subject: str) -> Catalogue:
    """Return one file's sentences by key; a key that stands twice is an error."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), f"{language}/{subject}: a key stands twice"
        return dict(pairs)

    text = (FOLDER / language / f"{subject}.json").read_text("utf-8")
    found: Catalogue = json.loads(text, object_pairs_hook=once)
    return found


def placeholders(sentence: str | dict[str, str]) -> set[str]:
    """Return the names a sentence wants filled, in any of its forms."""
    forms = [sentence] if isinstance(sentence, str) else list(sentence.values())
    fields = [name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None]
    return {name.partition(".")[0].partition("[")[0] for name in fields}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_both_languages_say_the_same(subject: str) -> None:
    english, swedish = (catalogue(language, subject) for language in LANGUAGES)
    assert english.keys() == swedish.keys()
    for key, sentence in english.items():
        assert key.startswith(f"{subject}.")
        assert isinstance(sentence, str) == isinstance(swedish[key], str), key
        assert placeholders(sentence) == placeholders(swedish[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_sentence_is_whole(language: str, subject: str) -> None:
    for key, sentence in catalogue(language, subject).items():
        forms = {"only": sentence} if isinstance(sentence, str) else sentence
        assert forms.keys() in ({"only"}, {"one", "other"}), key
        assert all(form.strip() for form in forms.values()), key
        assert "" not in placeholders(sentence), f"{key}: a placeholder without a name"


@dataclass(frozen=True)
class Asked:
    """One place in the code that asks for a sentence; ``given`` is None where the values cannot be read."""

    place: str
    key: str
    given: frozenset[str] | None


def asked_in(path: Path, tree: ast.Module) -> Iterator[Asked]:
    """Yield each call in a module that names its key as a literal."""
    of_the_set_up = path.parent.name == "packaging"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        position = CALLS.get(name)
        if position is None or len(node.args) <= position or (name in OF_THE_SET_UP) > of_the_set_up:
            continue
        for key in _literals(node.args[position]):
            names = [keyword.arg for keyword in node.keywords]
            given = (
                frozenset(name for name in names if name) if None not in names and name != "Skipped" else None
            )
            yield Asked(f"{path.name}:{node.lineno}", key, given)


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return []


def faults(asked: Asked) -> Iterator[str]:
    """Yield what is wrong with one place."""
    subject = asked.key.partition(".")[0]
    if subject not in SUBJECTS or asked.key not in catalogue("en", subject):
        yield f"{asked.place}: no sentence for {asked.key}"
    elif asked.given is not None:
        missing = placeholders(catalogue("en", subject)[asked.key]) - asked.given
        if missing:
            yield f"{asked.place}: {asked.key} wants {sorted(missing)}"


def test_every_key_in_the_code_has_its_sentence() -> None:
    wrong = []
    for house in ("models", "app", "ui", "packaging"):
        for path in sorted((ROOT / house).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            wrong += [fault for asked in asked_in(path, tree) for fault in faults(asked)]
    assert not wrong


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("say('bootstrap.opening')", True),
        ("say('bootstrap.no-such-key')", False),
        ("raise SetUpError('bootstrap.venv-missing')", False),
        ("raise SetUpError('bootstrap.venv-missing', command=1)", True),
        ("raise errors.UserError('nowhere.at-all')", False),
        ("tr('bootstrap.opening' if a else 'bootstrap.shutting')", False),
        ("Skipped(name, 'nowhere.at-all')", False),
    ],
)
def test_a_missing_sentence_is_seen(code: str, right: bool) -> None:
    found = list(asked_in(ROOT / "packaging" / "x.py", ast.parse(code)))
    assert found
    assert right is not any(fault for asked in found for fault in faults(asked))
