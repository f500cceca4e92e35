"""Which reader reads which file, and the way from paths to documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from app.readers.csv_table import read_csv
from app.readers.json_lines import read_json_lines
from app.readers.markdown import read_markdown
from app.readers.odt import read_odt
from app.readers.pdf import read_pdf
from app.readers.plain import read_plain
from app.readers.source import Source
from app.readers.walk import find_files, why
from app.readers.web_page import read_web_page
from app.readers.word import read_word
from app.readers.zip_archive import entries
from models.documents import Skipped, SourceDocument
from models.errors import UserError

Reader = Callable[[Source], Iterator[SourceDocument | Skipped]]


def read_zip(source: Source) -> Iterator[SourceDocument | Skipped]:
    """Read every entry of a ``.zip`` file as if it were a file of its own."""
    for entry in entries(source):
        if isinstance(entry, Skipped):
            yield entry
        else:
            yield from read_file(entry)


READERS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    ((".txt",), read_plain),
    ((".md",), read_markdown),
    ((".html", ".htm"), read_web_page),
    ((".docx",), read_word),
    ((".odt",), read_odt),
    ((".pdf",), read_pdf),
    ((".csv",), read_csv),
    ((".jsonl",), read_json_lines),
    ((".zip",), read_zip),
)
_BY_SUFFIX = {suffix: reader for suffixes, reader in READERS for suffix in suffixes}
SUFFIXES = tuple(_BY_SUFFIX)
"""Every suffix that can be read, lower case, with its dot."""


def read_file(source: Source) -> Iterator[SourceDocument | Skipped]:
    """Yield the documents of one file, and a Skipped for each one that could not be read.

    Every file yields at least once. Nothing is raised for what a file holds; closing the iterator closes
    the file.
    """
    last = source.name.rpartition("/")[2]
    suffix = "." + last.rpartition(".")[2].lower() if "." in last else ""
    reader = _BY_SUFFIX.get(suffix)
    if reader is None:
        yield Skipped(source.name, "reading.unknown-format", {"suffix": suffix or last})
        return
    found = False
    try:
        for item in reader(source):
            found = True
            yield item
    except UserError as error:
        yield Skipped(source.name, error.code, error.details)
    except OSError as error:
        yield Skipped(source.name, "reading.unreadable", {"reason": why(error)})
    else:
        if not found:
            yield Skipped(source.name, "reading.empty")


def read_paths(
    paths: Iterable[Path], *, ignore_hidden: bool = True, started: Callable[[Source], None] | None = None
) -> Iterator[SourceDocument | Skipped]:
    """Yield every document at or below ``paths``, one file at a time, as :func:`find_files` orders them.

    ``started`` is called before each file is opened: for progress, or to raise and so cancel.
    """
    for source in find_files(paths, ignore_hidden=ignore_hidden):
        if isinstance(source, Skipped):
            yield source
            continue
        if started is not None:
            started(source)
        yield from read_file(source)


def count_files(paths: Iterable[Path], *, ignore_hidden: bool = True) -> int:
    """Return how many files :func:`read_paths` would open; an archive counts as one."""
    return sum(isinstance(found, Source) for found in find_files(paths, ignore_hidden=ignore_hidden))
