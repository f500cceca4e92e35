"""Words with IOB2 tags: two columns, the four of CoNLL-2003, or those of Universal NER, which keep the text.

Reading also knows IOB1, BIOES and BILOU, and spaCy's sentence per line (``word|tag word|POS|tag``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.formats.contract import Format, Holds, ReadContext, WriteContext
from app.formats.gathering import Gathering, read_text
from app.formats.layers import LayerDocument, Loss, Losses, Refusal
from app.formats.words import Sentence, sentences
from models.errors import UserError

_TAG = re.compile(r"O|[BIESLU]-\S.*")
_DOCUMENT = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(.*\S))?\s*")
_TEXT = re.compile(r"#\s*text\s*=\s?(.*)")
_BEGINNING = 1 << 16
_START = "-DOCSTART-"


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write the words of each document. Choice ``style``: iob2, conll2003 or uner."""
    losses, style = Losses(), context.choices.get("style", "iob2")
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            if style == "uner":
                file.write(f"# newdoc id = {' '.join(document.name.split())}\n")
            else:
                file.write(f"{_START} -X- -X- O\n\n" if style == "conll2003" else f"{_START}\tO\n\n")
            for number, sentence in enumerate(sentences(document, losses), 1):
                file.writelines(f"{line}\n" for line in _lines(document, number, sentence, style, losses))
                file.write("\n")
    return losses.all()


def _lines(document: LayerDocument, number: int, sentence: Sentence, style: str, losses: Losses) -> Iterator[str]:
    tags = ["O"] * len(sentence.words)
    for one in sentence.passages:
        label = "_".join(one.passage.label.split())
        if label != one.passage.label:
            losses.add("formats.label-changed", f"{one.passage.label} → {label}")
        for place in range(one.first, one.last + 1):
            tags[place] = f"{'B' if place == one.first else 'I'}-{label}"
    texts = sentence.texts(document.text)
    if style == "uner":
        plain = document.text[sentence.words[0][0] : sentence.words[-1][1]]
        yield f"# sent_id = {' '.join(document.name.split())}-{number:04}"
        yield f"# text = {' '.join(plain.split())}"
        for place, (word, tag) in enumerate(zip(texts, tags, strict=True), 1):
            yield f"{place}\t{word}\t{tag}\t-\t-"
    elif style == "conll2003":
        for word, tag in zip(texts, tags, strict=True):
            yield f"{word} -X- _ {tag}"
    else:
        for word, tag in zip(texts, tags, strict=True):
            yield f"{word}\t{tag}"


# Reading ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Words:
    """A sentence as it stands in the file."""

    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    text: str | None = None


@dataclass(slots=True)
class _Document:
    name: str
    sentences: list[_Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds the word, the tag, and the annotator, where one does."""

    word: int
    tag: int
    annotator: int | None


def read(paths: Sequence[Path], context: ReadContext) -> Iterator[LayerDocument | Refusal]:
    """Read files of tagged words; the text is what the file tells, else the words with blanks between."""
    for path in paths:
        try:
            text = read_text(path)
        except UserError as error:
            yield Refusal(str(path), None, error.code, error.details)
            continue
        found = list(_documents(path, text))
        columns = _columns(found)
        if columns is None:
            yield Refusal(str(path), None, "formats.no-tags", {})
            continue
        for document in found:
            yield from _read_one(path, document, columns, context)


def _documents(path: Path, text: str) -> Iterator[_Document]:
    document, sentence = _Document(path.stem), _Words()
    several = 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        started = _DOCUMENT.fullmatch(line)
        if started or line.startswith(_START):
            if document.sentences or sentence.rows:
                yield _with(document, sentence)
            several += 1
            named = started[1] if started else None
            document, sentence = _Document(named or f"{path.stem}#{several}"), _Words()
        elif not line.strip():
            _with(document, sentence)
            sentence = _Words()
        elif told := _TEXT.fullmatch(line):
            sentence.text = told[1]
        elif not (line.startswith("# ") and "=" in line and not sentence.rows):
            for row in _rows(line):
                sentence.rows.append((number, row))
    if _with(document, sentence).sentences or several:
        yield document


def _with(document: _Document, sentence: _Words) -> _Document:
    if sentence.rows:
        document.sentences.append(sentence)
    return document


def _rows(line: str) -> list[list[str]]:
    """Return the words of a line with their columns: one word, or several in spaCy's sentence per line."""
    if "\t" in line:
        return [line.split("\t")]
    cells = line.split(" ")
    parts = [cell.split("|") for cell in cells if cell]
    if all(len(one) > 1 and _TAG.fullmatch(one[-1]) for one in parts):
        return [[one[0] or "|", *one[1:]] for one in parts]
    return [[cell for cell in cells if cell]]


def _columns(documents: Iterable[_Document]) -> _Columns | None:
    """Return the columns of a file; the tag's is the last one that holds nothing but tags."""
    rows = [row for one in documents for sentence in one.sentences for _, row in sentence.rows]
    width = min((len(row) for row in rows), default=2)
    tag = next((at for at in range(width - 1, 0, -1) if all(_TAG.fullmatch(row[at]) for row in rows)), None)
    if tag is None:
        return None
    numbered = tag > 1 and all(row[0].replace("-", "").replace(".", "").isdigit() for row in rows)
    return _Columns(int(numbered), tag, tag + 2 if numbered and width > tag + 2 else None)


def _read_one(
    path: Path, document: _Document, columns: _Columns, context: ReadContext
) -> Iterator[LayerDocument | Refusal]:
    text, places = _text(document, columns)
    gathering = Gathering(str(path), context, document.name, text)
    at = 0
    for sentence in document.sentences:
        count = len(sentence.rows)
        for first, last, label in runs([row[columns.tag] for _, row in sentence.rows]):
            line, row = sentence.rows[first]
            named = row[columns.annotator] if columns.annotator is not None else "-"
            gathering.passage(
                f"#{line}.{first}",
                label,
                [(places[at + first][0], places[at + last][1])],
                {},
                line,
                id="",
                annotator="" if named in ("-", "_") else named,
            )
        at += count
    yield from gathering.items()


def _text(document: _Document, columns: _Columns) -> tuple[str, list[tuple[int, int]]]:
    """Return the document's text and where each word stands."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length = 0
    for sentence in document.sentences:
        texts = [row[columns.word] for _, row in sentence.rows]
        found = _aligned(sentence.text, texts) if sentence.text is not None else None
        plain = sentence.text if found is not None and sentence.text is not None else " ".join(texts)
        for start, end in found if found is not None else joined(texts):
            places.append((length + start, length + end))
        parts.append(plain)
        length += len(plain) + 1
    return "\n".join(parts), places


def _aligned(text: str, texts: Iterable[str]) -> list[tuple[int, int]] | None:
    """Return where the words stand in the sentence that the file tells, None where they are not its words."""
    found: list[tuple[int, int]] = []
    at = 0
    for word in texts:
        start = text.find(word, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(word)
        found.append((start, at))
    return found


def joined(texts: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand when a blank is put between them."""
    at = 0
    for word in texts:
        yield at, at + len(word)
        at += len(word) + 1


def runs(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield first and last word and label of each passage, whichever of the tag schemes it is."""
    begun: int | None = None
    label = ""
    for place, tag in enumerate([*tags, "O"]):
        kind, _, named = tag.partition("-")
        if begun is not None and (kind in "OBSU" or named != label):
            yield begun, place - 1, label
            begun = None
        if kind != "O" and begun is None:
            begun, label = place, named
        if kind in "ESLU" and begun is not None:
            yield begun, place, label
            begun = None


def recognises(path: Path) -> bool:
    """Whether a file's first lines are words with tags, some of which begin something."""
    try:
        with path.open("rb") as file:
            data = file.read(_BEGINNING)
        lines = data.decode("utf-8-sig", "ignore").split("\n")
    except OSError:
        return False
    if b"\0" in data or len(lines) < 2:
        return False
    found = list(_documents(path, "\n".join(lines[: 2000 if len(data) < _BEGINNING else -1])))
    columns = _columns(found)
    if columns is None:
        return False
    tags = {row[columns.tag][0] for one in found for sentence in one.sentences for _, row in sentence.rows}
    return bool(tags & set("BISU"))


FORMAT = Format(
    id="iob",
    title="formats.iob",
    description="formats.iob-about",
    suffix=".iob",
    holds=Holds(offsets="lost"),
    write=write,
    read=read,
    recognises=recognises,
    choices={"style": ("iob2", "conll2003", "uner")},
)
