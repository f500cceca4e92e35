"""brat standoff, both ways: ``NAME.txt`` beside ``NAME.ann``, offsets in code points of the text as it stands.

A span over a line break is written as fragments split there and joined again when read: a gap that holds nothing but
line breaks. Facets are attributes; what brat has no place for are attributes named ``kurator-…``, and our ids are
normalisations of the database ``Kurator``. Events are read as relations from the trigger. What brat itself turns down
is refused here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from app.formats.beside import standing, told
from app.formats.brat_reading import ID, read_pair, rejoined
from app.formats.contract import Format, Holds, ReadContext, WriteContext
from app.formats.file_names import FileNames
from app.formats.gathering import Item
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage, Refusal
from app.formats.simplify import QUOTE, quoted
from models.labels import LabelSet
from models.spans import Span, Spans

_BREAK = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""Where brat's reader ends a line, in the text and in the annotations."""
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]")
_NOTATION = frozenset("|,<>:[]")
_MOST_VALUES = 200
"""Values of one attribute that annotation.conf lists."""
_BESIDE = {"annotator": "kurator-annotator", "state": "kurator-decision", "score": "kurator-score"}


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write two files for each document into the folder ``target``, and ``annotation.conf``."""
    losses = Losses()
    names = FileNames(losses)
    types = _Types(context.labels, losses)
    for document in documents:
        name = names.name(document.name)
        (target / f"{name}.txt").write_bytes(document.text.encode("utf-8", "replace"))
        lines = _Lines(document, types, context.annotators, losses).all()
        (target / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
        if document.notes:
            losses.add("formats.lost-document-note", document.name, len(document.notes))
    (target / "annotation.conf").write_bytes(types.conf().encode("utf-8"))
    return losses.all()


class _Types:
    """The names that labels and facets have in brat: ASCII letters, digits, - and _."""

    def __init__(self, labels: LabelSet, losses: Losses) -> None:
        self._labels, self._losses = labels, losses
        self._used: dict[str, dict[str, None]] = {}
        self._given: dict[str, dict[str, str]] = {"entities": {}, "relations": {}, "attributes": {}}
        for label in (*labels.entities, *labels.claims):
            self.name("entities", label.id)
        for relation in labels.relations:
            self.name("relations", relation.id)
        for facet in labels.facets:
            self.name("attributes", facet.id)

    def name(self, section: str, identity: str) -> str:
        """Return what ``identity`` is called in a section of ``annotation.conf``."""
        given = self._given[section]
        if identity not in given:
            plain = _NOT_A_NAME.sub("_", identity) or "_"
            name, number = plain, 1
            while name in given.values():
                number += 1
                name = f"{plain}-{number}"
            given[identity] = name
        return given[identity]

    def kind(self, label: str) -> str:
        """Return what a reader takes a passage of this label for."""
        return "claim" if self._labels.kinds.get(label) == "claim" else "entity"

    def conf(self) -> str:
        """Return ``annotation.conf``: everything may be marked and related."""
        relations = [f"{name}\tArg1:<ANY>, Arg2:<ANY>" for name in self._given["relations"].values()]
        relations.append("<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>")
        attributes = [f"{name}\t{self._arguments(facet, name)}" for facet, name in self._given["attributes"].items()]
        attributes += [f"{name}\t{_of(values)}" for name, values in self._used.items() if name.startswith("kurator-")]
        sections = {
            "entities": list(self._given["entities"].values()),
            "relations": relations,
            "events": [],
            "attributes": attributes,
        }
        return "\n".join("\n".join([f"[{section}]", *lines, ""]) for section, lines in sections.items())

    def use(self, attribute: str, value: str) -> None:
        """Note that an attribute has this value somewhere: brat keeps only those that it has been told of."""
        used = self._used.setdefault(attribute, {})
        if len(used) <= _MOST_VALUES:
            used[value] = None

    def _arguments(self, identity: str, name: str) -> str:
        facet = self._labels.facet(identity)
        values = dict.fromkeys(value.id for value in facet.values) if facet is not None else {}
        if facet is not None and facet.type == "flag":
            values = {"true": None, "false": None}
        return _of(values | self._used.get(name, {}))


def _of(values: Iterable[str]) -> str:
    """Return an attribute's arguments: its values, where brat's notation can spell them all."""
    spelt = list(values)
    if not spelt or len(spelt) > _MOST_VALUES or any(_NOTATION & set(value) for value in spelt):
        return "Arg:<ANY>"
    return f"Arg:<ANY>, Value:{'|'.join(spelt)}"


class _Lines:
    """The annotation lines of one document."""

    def __init__(self, document: LayerDocument, types: _Types, annotators: Mapping[str, str], losses: Losses) -> None:
        self._document, self._types, self._annotators, self._losses = document, types, annotators, losses
        self._counts = {"T": 0, "R": 0, "A": 0, "N": 0, "#": 0}
        self._names: dict[str, str] = {}

    def all(self) -> Iterator[str]:
        passages, links = standing(self._document, self._losses)
        for one in passages:
            fragments = _fragments(self._document.text, one.spans)
            if not fragments:
                self._losses.add("peers.lost-only-line-breaks", quoted(self._document, one))
                continue
            if rejoined(self._document.text, fragments) != list(one.spans):
                self._losses.add("peers.lost-line-break", quoted(self._document, one))
            yield from self._passage(one, fragments)
        for link in links:
            if link.head in self._names and link.tail in self._names:
                yield from self._link(link)
            else:
                self._losses.add("formats.lost-link-end", f"{self._document.name}: {link.label}")

    def _passage(self, one: Passage, fragments: Spans) -> Iterator[str]:
        name = self._next("T")
        self._names[one.id] = name
        text = " ".join(self._document.text[start:end] for start, end in fragments)
        place = ";".join(f"{start} {end}" for start, end in fragments)
        label = self._types.name("entities", one.label)
        yield f"{name}\t{label} {place}\t{text}"
        yield from self._beside(one, name, label, text)

    def _link(self, link: Link) -> Iterator[str]:
        name = self._next("R")
        label = self._types.name("relations", link.label)
        yield f"{name}\t{label} Arg1:{self._names[link.head]} Arg2:{self._names[link.tail]}"
        yield from self._beside(link, name, label, "")

    def _beside(self, item: Passage | Link, name: str, label: str, text: str) -> Iterator[str]:
        fields = told(item, self._annotators)
        if label != item.label:
            yield self._attribute("kurator-label", name, item.label)
        if isinstance(item, Passage) and item.kind != self._types.kind(item.label):
            yield self._attribute("kurator-kind", name, item.kind)
        for field, attribute in _BESIDE.items():
            if field in fields:
                yield self._attribute(attribute, name, str(fields[field]))
        for facet, value in fields.get("facets", {}).items():
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            if not shown.strip():
                self._losses.add("formats.lost-facet", f"{self._document.name}: {facet}")
                continue
            yield self._attribute(self._types.name("attributes", facet), name, shown)
        for database, field in (("Kurator", "id"), ("KuratorRegister", "register")):
            if field in fields:
                yield f"{self._next('N')}\tReference {name} {database}:{fields[field]}\t{text or label}"
        if item.note:
            lines = [line for line in _BREAK.split(item.note) if line]
            if "\n".join(lines) != item.note:
                self._losses.add("peers.lost-blanks", f"{self._document.name}: {item.note[:QUOTE]!r}")
            for line in lines:
                yield f"{self._next('#')}\tAnnotatorNotes {name}\t{line}"

    def _attribute(self, attribute: str, name: str, value: str) -> str:
        plain = _BREAK.sub(" ", value).replace("\t", " ").strip()
        if plain != value:
            self._losses.add("peers.lost-blanks", f"{self._document.name}: {attribute}")
        self._types.use(attribute, plain)
        return f"{self._next('A')}\t{attribute} {name} {plain}"

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{kind}{self._counts[kind]}"


def _fragments(text: str, spans: Spans) -> Spans:
    """Return the spans cut at line breaks, without the breaks."""
    found: list[Span] = []
    for span in spans:
        start = span.start
        for match in _BREAK.finditer(text, span.start, span.end):
            if match.start() > start:
                found.append(Span(start, match.start()))
            start = match.end()
        if start < span.end:
            found.append(Span(start, span.end))
    return tuple(found)


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[Item]:
    """Yield the documents of ``.ann`` files or the ``.txt`` beside them, of all pairs where a folder is named."""
    seen: set[Path] = set()
    for root, path in _pairs(paths):
        text, notes = path.with_suffix(".txt"), path.with_suffix(".ann")
        if notes in seen:
            continue
        seen.add(notes)
        if not text.is_file():
            yield Refusal(str(notes), None, "peers.no-txt", {"name": text.name})
        elif not notes.is_file():
            yield Refusal(str(text), None, "peers.no-ann", {"name": notes.name})
        else:
            name = text.relative_to(root).with_suffix("").as_posix()
            yield from read_pair(text, notes, name, context)


def _pairs(paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    for path in paths:
        if path.is_dir():
            found = (one for one in path.rglob("*") if one.suffix in (".ann", ".txt") and one.is_file())
            yield from ((path, one) for one in sorted(found))
        else:
            yield path.parent, path


def _recognises(path: Path) -> bool:
    if path.is_dir():
        return any(one.with_suffix(".txt").is_file() for one in path.rglob("*.ann"))
    return path.suffix in (".ann", ".txt") and all(path.with_suffix(end).is_file() for end in (".ann", ".txt"))


FORMAT = Format(
    id=ID,
    title="peers.brat",
    description="peers.brat-about",
    suffix="",
    folder=True,
    holds=Holds(
        entities="kept",
        overlaps="kept",
        discontinuous="kept",
        relations="kept",
        facets="kept",
        notes="kept",
        annotator="convention",
        decisions="convention",
        offsets="kept",
    ),
    beside=frozenset({"register", "score"}),
    write=write,
    read=read,
    recognises=_recognises,
)
