"""What the name model learns from: annotated sentences and word classes, out of the folder of sources."""

from __future__ import annotations

import csv
import hashlib
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import spacy

from app.pipeline.rules.gazetteers import entries

Entity = tuple[int, int, str]
Sentence = tuple[list[str], list[str]]
"""The words as spaCy's tokenizer parts them, and a tag for each: O, B-PER, I-PER, …"""
LABELS = ("PER", "LOC", "ORG")
NEWS, TALBANKEN, PUD = "klintan_swedish-ner-corpus", "UNER_Swedish-Talbanken", "UNER_Swedish-PUD"
LISTS = Path(__file__).resolve().parent / "names"
_CLOSING = {*",.;:!?)]}", "...", "…"}
_OPENING = {*"([{"}
_QUOTES = {'"', "”", "“", "''", "»"}
_RAW_WORD = re.compile(r"\w+(?:[-:’]\w+)*|[^\w\s]")
_RAW_OPENERS = frozenset(".?!:;–-\"”'•")


def _spaced(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the words as a text with blanks as in print, and where each word stands."""
    text, places, inside, glue = "", [], False, True
    for word in words:
        quote = word in _QUOTES
        if not (glue or word in _CLOSING or (quote and inside)):
            text += " "
        places.append((len(text), len(text) + len(word)))
        text += word
        glue = word in _OPENING or (quote and not inside)
        if quote:
            inside = not inside
    return text, places


def _news(path: Path) -> Iterator[tuple[str, list[Entity]]]:
    """Yield the sentences of swedish-ner-corpus: a word and its label a line; MISC is left out."""
    block: list[tuple[str, str]] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.strip():
            word, _, tag = line.rpartition("\t" if "\t" in line else " ")
            if word := word.replace("\u00ad", "").strip():
                block.append((word, tag.strip()))
        elif block:
            text, places = _spaced([word for word, _ in block])
            yield text, _joined([tag for _, tag in block], places)
            block = []


def _joined(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> list[Entity]:
    found: list[Entity] = []
    before = ""
    for tag, (start, end) in zip(tags, places, strict=True):
        if tag in LABELS and tag == before:
            found[-1] = (found[-1][0], end, tag)
        elif tag in LABELS:
            found.append((start, end, tag))
        before = tag
    return found


def _uner(path: Path) -> Iterator[tuple[str, list[Entity]]]:
    """Yield the sentences of a Universal NER file with their text as printed."""
    for block in path.read_text("utf-8").split("\n\n"):
        head = re.search(r"^# text = (.*)$", block, re.MULTILINE)
        if head is None:
            continue
        text, at = head[1], 0
        found: list[Entity] = []
        for line in block.splitlines():
            number, word, tag, *_ = [*line.split("\t"), "", ""]
            if not number.isdigit():
                continue
            start = text.index(word, at)
            at = start + len(word)
            if tag.startswith("B-"):
                found.append((start, at, tag[2:]))
            elif tag.startswith("I-") and found:
                found[-1] = (found[-1][0], at, found[-1][2])
        yield text, found


def read_parts(data: Path) -> dict[str, list[tuple[str, list[Entity]]]]:
    """Return the parts: training and development of both corpora, and three test parts.

    Sentences of a test or development part are taken out of the training parts. swedish-ner-corpus has no development
    part: every tenth stretch of thirty sentences becomes it.
    """
    parts = {
        "news-test": list(_news(data / NEWS / "test_corpus.txt")),
        "talbanken-dev": list(_uner(data / TALBANKEN / "sv_talbanken-ud-dev.iob2")),
        "talbanken-test": list(_uner(data / TALBANKEN / "sv_talbanken-ud-test.iob2")),
        "pud-test": list(_uner(data / PUD / "sv_pud-ud-test.iob2")),
    }
    held = {_key(text) for part in parts.values() for text, _ in part}
    news = list(_unseen(_news(data / NEWS / "train_corpus.txt"), held))
    stretches = [news[i : i + 30] for i in range(0, len(news), 30)]
    parts["news-dev"] = [one for i, many in enumerate(stretches) if i % 10 == 3 for one in many]
    parts["news-train"] = [one for i, many in enumerate(stretches) if i % 10 != 3 for one in many]
    talbanken = _uner(data / TALBANKEN / "sv_talbanken-ud-train.iob2")
    parts["talbanken-train"] = list(_unseen(talbanken, held))
    return parts


def _key(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def _unseen(sentences: Iterable[tuple[str, list[Entity]]], held: set[str]) -> Iterator[tuple[str, list[Entity]]]:
    seen = set(held)
    for text, found in sentences:
        if (key := _key(text)) not in seen:
            seen.add(key)
            yield text, found


def tagged(sentences: Iterable[tuple[str, list[Entity]]]) -> list[Sentence]:
    """Return the sentences as words and tags; a word that an entity only touches belongs to it."""
    tokenizer = spacy.blank("sv").tokenizer
    rows: list[Sentence] = []
    for text, found in sentences:
        tokens = [token for token in tokenizer(text) if not token.is_space]
        tags = ["O"] * len(tokens)
        for start, end, label in found:
            inside = [i for i, t in enumerate(tokens) if t.idx < end and t.idx + len(t.text) > start]
            if inside and all(tags[i] == "O" for i in inside):
                for i in inside:
                    tags[i] = f"{'B' if i == inside[0] else 'I'}-{label}"
        rows.append(([token.text for token in tokens], tags))
    return rows


def word_classes(data: Path) -> dict[str, str]:
    """Return each known word's class: how often it has a capital inside sentences, how frequent it is, its lists.

    The first sign is the share of capitals in the raw texts (l < 3 % ≤ m < 30 % ≤ h < 90 % ≤ C, ? too rare to say),
    the second the frequency (0 below 3, 1 below 30, 2 below 300, 3), then a letter for each list of names.
    """
    small, capital = _raw_counts(data / "raw_text")
    lists = _lists(data / "svensktext_gazetteers")
    words = {word for word in small | capital if small[word] + capital[word] >= 3}
    classes = {}
    for word in sorted(words.union(*lists.values())):
        if " " in word or not word:
            continue
        count = small[word] + capital[word]
        share = capital[word] / count if count else 0.0
        case = "?" if count < 3 else "l" if share < 0.03 else "m" if share < 0.3 else "h" if share < 0.9 else "C"
        often = str(sum(count >= least for least in (3, 30, 300)))
        classes[word] = case + often + "".join(letter for letter, names in lists.items() if word in names)
    return classes


def _raw_counts(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word stands inside a sentence with a small and with a capital letter."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    seen: set[bytes] = set()
    for path in sorted(folder.glob("*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                digest = hashlib.blake2b(line.encode(), digest_size=8).digest()
                if digest in seen:
                    continue
                seen.add(digest)
                opening = True
                for word in _RAW_WORD.findall(line.replace("\u00ad", "")):
                    if not opening and word[0].isalpha():
                        (capital if word[0].isupper() else small)[word.lower()] += 1
                    opening = word in _RAW_OPENERS or word[0].isdigit()
    return small, capital


def _lists(folder: Path) -> dict[str, set[str]]:
    """Return the lists of names, lower case, each under its letter."""
    people, places = folder / "namn", folder / "platser"
    given = _column(people / "tilltalsnamn-kvinnor.csv", "name", 60)
    given |= _column(people / "tilltalsnamn-man.csv", "name", 60)
    rare = _column(people / "fornamn-kvinnor.csv", "name", 10) | _column(people / "fornamn-man.csv", "name", 10)
    municipalities = {name.removesuffix(" kommun") for name in _column(places / "kommuner.csv", "name")}
    towns = _column(places / "ortsnamn.csv", "city") | _column(places / "lan.csv", "residencetown")
    towns |= municipalities | {name.removesuffix("s") for name in municipalities}
    towns |= {entry.lower() for entry in entries("provinces")}
    kinds = ("country", "capital", "continent", "alternative_name")
    bodies = [line.split("\t")[1].lower() for line in _lines(folder / "organisationer" / "myndigheter.tsv")[1:]]
    known = {word for line in _lines(LISTS / "organisations.txt") for word in line.lower().split()}
    known |= {part.strip().lower() for entry in entries("organisations") for part in entry.split("|")}
    return {
        "f": given,
        "r": rare - given,
        "s": _column(people / "efternamn-1000.csv", "lastname"),
        "e": {word.lower() for line in _lines(LISTS / "surnames.txt") for word in line.split()},
        "p": towns,
        "c": {name for kind in kinds for name in _column(places / "lander.csv", kind)},
        "w": {word.lower() for line in _lines(LISTS / "places.txt") for word in line.split()},
        "o": {word for body in bodies for word in body.split() if len(word) > 3},
        "k": known,
        "v": {job for job in _column(folder / "yrken" / "vocations.csv", "vocation") if "Ã" not in job},
    }


def _column(path: Path, name: str, least: int = 0) -> set[str]:
    """Return a column of a table, lower case: only names that at least ``least`` people bear."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[name].lower() for row in csv.DictReader(file) if not least or int(row["persons"]) >= least}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
