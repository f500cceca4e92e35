"""The matrix of formats and features, filled by writing and reading; the help shows what is found here."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.formats import beside
from app.formats.contract import FEATURES, Format, ReadContext, WriteContext
from app.formats.layers import DocumentNote, LayerDocument, Link, Losses, Passage
from app.formats.matrix import table
from app.formats.registry import FORMATS
from app.formats.simplify import simplifier
from app.messages import set_language
from app.paths import resource
from app.workspace import default_label_set
from models.labels import label_set
from models.spans import Span

LABELS = label_set(default_label_set())
FOREIGN = [one for one in FORMATS if one.write is not None]
TEXT = "Brö\u00adst- och lungcancer följs 😀 i Va\u030arby.\nDet hjälper Region Norrby, säger Anna Ek."
NAMES = {"a1": "Anna", "b2": "Bo"}


def at(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


PLACE = Passage("p1", "entity", "PLACE", (at("Va\u030arby"),))
ORGANISATION = Passage("p2", "entity", "ORGANISATION", (at("Region Norrby"),))
INNER = Passage("p3", "entity", "PLACE", (at("Norrby"),))
PERSON = Passage("p4", "entity", "PERSON", (at("Anna Ek"),))
CLAIM = Passage("p5", "claim", "CLAIM", (at("Det hjälper Region Norrby"),))
PIECES = Passage("p6", "entity", "CONDITION", (at("Brö\u00adst"), at("cancer")))
LINK = Link("l1", "WORKS_FOR", "p4", "p2")
FACETS = {"kind": "assessment", "negated": True}


def document(*passages: Passage, links: tuple[Link, ...] = (), notes: tuple[DocumentNote, ...] = ()) -> LayerDocument:
    ordered = sorted(passages, key=lambda one: (one.spans[0].start, one.spans[-1].end, one.id))
    return LayerDocument("sida.txt", TEXT, id="0190", passages=tuple(ordered), links=links, notes=notes)


# With the feature, and what is left where a format has no place for it.
PAIRS: dict[str, tuple[LayerDocument, LayerDocument]] = {
    "entities": (document(PERSON), document()),
    "overlaps": (document(ORGANISATION, INNER), document(ORGANISATION)),
    "discontinuous": (
        document(PIECES),
        document(PIECES._replace(spans=(Span(PIECES.spans[0].start, PIECES.spans[1].end),))),
    ),
    "relations": (document(PERSON, ORGANISATION, links=(LINK,)), document(PERSON, ORGANISATION)),
    "facets": (document(CLAIM._replace(facets=FACETS)), document(CLAIM)),
    "notes": (document(PERSON._replace(note="säker? 😀")), document(PERSON)),
    "annotator": (document(PERSON._replace(annotator="a1"), PLACE._replace(annotator="b2")), document(PERSON, PLACE)),
    "decisions": (document(PERSON._replace(state="accepted", score=0.5)), document(PERSON)),
    "offsets": (document(PERSON), document(PERSON)),
}


def written(chosen: Format, what: LayerDocument, folder: Path) -> Path:
    assert chosen.write is not None
    target = folder / f"x{chosen.suffix}"
    if chosen.folder:
        target.mkdir(parents=True)
    else:
        folder.mkdir()
    choices = {name: values[0] for name, values in chosen.choices.items()}
    losses = Losses()
    simple = simplifier(chosen, {}, losses)(what)
    told = chosen.write([simple], target, WriteContext(LABELS, NAMES, "Prov", choices))
    lost.extend([*losses.all(), *told])
    return target


lost: list[Any] = []


def content(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {one.name: one.read_bytes() for one in files if one.is_file()}


def back(chosen: Format, path: Path) -> LayerDocument:
    assert chosen.read is not None
    choices = {name: values[0] for name, values in chosen.choices.items()}
    found = [one for one in chosen.read([path], ReadContext(LABELS, choices)) if isinstance(one, LayerDocument)]
    assert found
    together = found[0]
    for one in found[1:]:  # a document for each annotator
        assert one.text == together.text
        passages = (*together.passages, *one.passages)
        together = replace(together, passages=passages, links=(*together.links, *one.links))
    return together


def words(found: LayerDocument, one: Passage) -> list[str]:
    return " ".join(found.text[start:end] for start, end in one.spans).split()


def quotes(found: LayerDocument) -> list[tuple[str, list[str]]]:
    return sorted((one.label, words(found, one)) for one in found.passages)


def links(found: LayerDocument) -> list[tuple[str, list[str], list[str]]]:
    places = {one.id: words(found, one) for one in found.passages}
    return [(one.label, places[one.head], places[one.tail]) for one in found.links]


SEEN: dict[str, Callable[[LayerDocument], object]] = {
    "entities": quotes,
    "overlaps": quotes,
    "discontinuous": lambda found: [(one.label, len(one.spans)) for one in found.passages],
    "relations": links,
    "facets": lambda found: [sorted((n, str(v).lower()) for n, v in one.facets.items()) for one in found.passages],
    "notes": lambda found: [one.note for one in found.passages],
    "annotator": lambda found: sorted((NAMES.get(one.annotator, one.annotator), one.label) for one in found.passages),
    "decisions": lambda found: [one.state for one in found.passages],
    "offsets": lambda found: [(one.label, one.spans) for one in found.passages],
}


def holds(chosen: Format, feature: str, folder: Path) -> bool:
    """Write and read; where a format is only written, see whether the file tells the feature."""
    with_it, without = PAIRS[feature]
    path = written(chosen, with_it, folder / "with")
    if chosen.read is not None:
        return SEEN[feature](back(chosen, path)) == SEEN[feature](with_it)
    if feature == "offsets":
        place = re.compile(rb"(?<!\d)%d(?!\d)" % PERSON.spans[0].start)
        return any(place.search(data) for data in content(path).values())
    return content(path) != content(written(chosen, without, folder / "without"))


@pytest.fixture(autouse=True)
def _nothing_lost_yet() -> Iterator[None]:
    lost.clear()
    yield
    lost.clear()


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("chosen", FOREIGN, ids=lambda one: one.id)
def test_what_a_format_holds(chosen: Format, feature: str, tmp_path: Path) -> None:
    held = holds(chosen, feature, tmp_path)
    assert held == (getattr(chosen.holds, feature) != "lost")
    if not held:
        assert lost, "what is lost is listed"


@pytest.mark.parametrize("chosen", FOREIGN, ids=lambda one: one.id)
def test_notes_on_documents_come_back_or_are_listed(chosen: Format, tmp_path: Path) -> None:
    noted = document(PERSON, notes=(DocumentNote("a1", "läs om"),))
    path = written(chosen, noted, tmp_path / "with")
    if "formats.lost-document-note" in [one.code for one in lost]:
        return
    if chosen.read is not None:
        assert [(NAMES.get(one.annotator, one.annotator), one.text) for one in back(chosen, path).notes] == [
            ("Anna", "läs om")
        ]
    else:
        assert content(path) != content(written(chosen, document(PERSON), tmp_path / "without"))


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("chosen", [one for one in FOREIGN if one.read], ids=lambda one: one.id)
def test_what_is_kept_needs_no_convention(
    chosen: Format, feature: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that does not know our object still finds what has a place of its own."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app.formats.") and hasattr(module, "heard"):
            monkeypatch.setattr(module, "heard", lambda data: {})
    if getattr(chosen.holds, feature) != "kept":
        return
    if feature == "decisions":  # what matters to a trainer: that it was turned down
        turned_down = document(PERSON._replace(state="rejected", score=0.5))
        assert SEEN[feature](back(chosen, written(chosen, turned_down, tmp_path / "with"))) == ["rejected"]
    else:
        assert holds(chosen, feature, tmp_path)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_help_shows_what_was_found(language: str) -> None:
    set_language(language)
    page = resource("help", language, "formats.md").read_text("utf-8")
    shown = [line for line in page.splitlines() if line.startswith("|")]
    assert shown == table()


def test_the_convention_is_known_by_one_name() -> None:
    assert beside.KEY == "kurator"
