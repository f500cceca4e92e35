"""What the name model sees of a word: one set of functions for training and for use.

Every feature belongs to one word (itself or as a neighbour) or to a pair of neighbours, so that its weights can be
summed once for each word form and looked up afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

OPENERS = frozenset('.?!:;–-"•…')
"""After one of these a capital letter says little."""
ENDINGS = frozenset(".?!…")
"""A sentence ends with one of these, at most followed by a quotation mark."""
NEAR = (-2, -1, 1, 2)
BESIDE = (-1, 1)
UNKNOWN = "-"
_SIGNS = str.maketrans(
    {
        "”": '"',
        "“": '"',
        "„": '"',
        "»": '"',
        "«": '"',
        "’": "'",
        "—": "–",
        "−": "–",
        "‒": "–",
    }
)
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"(.)\1+")

Classes = Mapping[str, str]


class Look:
    """How one word form looks: its lower-case form, shape and class (case in raw text, frequency, lists)."""

    __slots__ = ("capital", "form", "kind", "lists", "shape", "short", "sort")

    def __init__(self, word: str, classes: Classes) -> None:
        word = plain(word)
        self.form = _DIGIT.sub("0", word.lower())
        self.shape = "".join(_sign(letter) for letter in word[:8])
        self.short = _RUN.sub(r"\1", self.shape)
        self.capital = word[:1].isupper()
        self.kind = class_of(word.lower(), classes)
        self.sort = f"{self.kind} {self.shape[:3]}"
        self.lists = [letter + ("^" if self.capital else "") for letter in self.kind[2:]]


def plain(word: str) -> str:
    """Return a word composed, with one kind of quotation marks and dashes, without soft hyphens."""
    return unicodedata.normalize("NFC", word).translate(_SIGNS).replace("\u00ad", "")


def _sign(letter: str) -> str:
    if letter.isalpha():
        return "X" if letter.isupper() else "x"
    return "d" if letter.isdigit() else letter


def class_of(form: str, classes: Classes) -> str:
    """Return the class of a lower-case form, of its nominative, or of the first part of a double name."""
    found = classes.get(form)
    if found is None and form.endswith("s"):
        found = classes.get(form[:-1].removesuffix(":"))
    if found is None and "-" in form:
        found = classes.get(form.partition("-")[0])
    return found or UNKNOWN


def own(look: Look) -> Iterator[str]:
    """Yield the features of the word itself."""
    form, shape, kind = look.form, look.shape, look.kind
    yield "b"
    yield f"w={form}"
    yield f"s={shape}"
    yield f"h={look.short}"
    yield f"c={kind}"
    yield f"d={kind[0]}"
    for letter in look.lists:
        yield f"g={letter}"
    for size in (1, 2, 3, 4):
        yield f"p{size}={form[:size]}"
    for size in (1, 2, 3, 4, 5, 6):
        yield f"x{size}={form[-size:]}"


def placed(look: Look, first: bool) -> Iterator[str]:
    """Yield the features of the word in its place; ``first``: it opens a sentence or a quotation."""
    yield f"f={first:d}"
    yield f"k={look.kind[:2]}{look.shape[:2]}{first:d}"
    for letter in look.lists:
        yield f"l={letter}{look.kind[0]}{first:d}"


def near(look: Look, offset: int) -> Iterator[str]:
    """Yield what a word gives to its neighbour: it stands ``offset`` words from it."""
    yield f"w{offset}={look.form}"
    yield f"s{offset}={look.shape[:3]}"
    yield f"c{offset}={look.kind}"
    for letter in look.lists:
        yield f"g{offset}={letter}"
    if offset in BESIDE:
        yield f"x{offset}={look.form[-3:]}"
        yield f"y{offset}={look.form[-5:]}"


def edge(offset: int) -> str:
    """Return the feature of a word that has no neighbour at ``offset``."""
    return f"e{offset}"


def pair(look: Look, other: Look, offset: int) -> Iterator[str]:
    """Yield the features of a word and the form of its neighbour at ``offset`` (-1 or 1)."""
    yield f"ww{offset}={look.form}|{other.form}"
    yield f"cw{offset}={look.kind}|{other.form}"


def sorts(look: Look, other: Look, offset: int) -> Iterator[str]:
    """Yield the features of a word together with its neighbour at ``offset`` that tell only their ``sort``."""
    yield f"ss{offset}={look.shape[:3]}|{other.shape[:3]}"
    yield f"cc{offset}={look.kind}{look.shape[:2]}|{other.kind}{other.shape[:2]}"


def opens(words: Sequence[str], place: int) -> bool:
    """Whether a capital letter at ``place`` may be there for its place alone."""
    return place == 0 or plain(words[place - 1]) in OPENERS


def features(words: Sequence[str], classes: Classes) -> list[list[str]]:
    """Return the features of every word of one sentence."""
    looks = [Look(word, classes) for word in words]
    rows = []
    for i, look in enumerate(looks):
        row = [*own(look), *placed(look, opens(words, i))]
        for offset in NEAR:
            if not 0 <= i + offset < len(looks):
                row.append(edge(offset))
                continue
            row += near(looks[i + offset], offset)
            if offset in BESIDE:
                row += pair(look, looks[i + offset], offset)
                row += sorts(look, looks[i + offset], offset)
        rows.append(row)
    return rows
