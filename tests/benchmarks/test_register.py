"""A register of 20,000 things in a corpus of 100,000 documents with 1,000,000 entities, half of them linked.

Run on demand: ``pytest tests/benchmarks/test_register.py --benchmark-only``. KURATOR_REGISTER_DOCUMENTS makes it
smaller. What the search and the memory note of each annotation is left out while the corpus is made.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest

from app import register_commands as about
from app.services import register_views as views
from app.services.register_views import Survey
from app.workspace import Workspace
from models.ids import new_id
from models.marks import Mark
from models.spans import Span
from models.store import register_reads

DOCUMENTS = int(os.environ.get("KURATOR_REGISTER_DOCUMENTS", "100000"))
THINGS = DOCUMENTS // 5
LABELS = ("ORGANISATION", "PERSON", "PLACE", "SERVICE", "PROGRAMME")
FIRST = ("Anna", "Bo", "Cecilia", "David", "Elin", "Fatima", "Göran", "Hanna", "Ivar", "Åsa")


def name_of(number: int) -> str:
    """Return the name of a thing: persons have two parts."""
    if LABELS[number % 5] == "PERSON":
        return f"{FIRST[number // 5 % 10]} Släkt{number:05}"
    return f"Enheten för område {number:05}"


def fill(workspace: Workspace) -> None:
    """Put things in, and documents with ten entities each: five are linked, one is a surname alone."""
    connection, me = workspace.file.connection, workspace.reads.me
    things = [new_id() for _ in range(THINGS)]
    noting = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'annotations'"
    )
    triggers = noting.fetchall()
    connection.execute("BEGIN")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.executemany(
        "INSERT INTO register(id, label, name, aliases, links) VALUES (?, ?, ?, ?, '{}')",
        [(one, LABELS[n % 5], name_of(n), f'["OMR {n}","Område {n:05}"]') for n, one in enumerate(things)],
    )
    for number in range(DOCUMENTS):
        _document(connection, me, number, things)
    for _, sql in triggers:
        connection.execute(sql)
    connection.execute("COMMIT")


def _document(connection: Any, me: str, number: int, things: list[str]) -> None:
    document = new_id()
    connection.execute(
        "INSERT INTO documents(id, name, metadata, fingerprint, length, text_seq, furniture, furniture_by, imported) "
        "VALUES (?, ?, '{}', 'x', 900, ?, '[]', 'none', '2024')",
        (document, f"{number:06}.txt", number),
    )
    rows = []
    for place in range(10):
        which = (number * 7 + place * 131) % (THINGS * 2)  # every other name has no thing yet
        label, words = LABELS[which % 5], name_of(which)
        if place == 9 and label == "PERSON":
            words = words.split()[1]
        thing = things[which] if which < THINGS and place % 4 else None
        rows.append((new_id(), document, label, 60 * place, 60 * place + len(words), f'["{words}"]', me, thing))
    connection.executemany(
        'INSERT INTO annotations(id, kind, document_id, label, start, "end", exact, prefix, suffix, annotator_id, '
        "state, origin, register, created, modified) VALUES (?, 'entity', ?, ?, ?, ?, ?, 'före ', ' efter', ?, "
        "'manual', '{\"by\":\"human\"}', ?, '2024', '2024')",
        rows,
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("register") / "p.kurator", "p", "Anna") as made:
        fill(made)
        made.prepare()
        yield made


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Survey:
    return views.survey(workspace.reads)


def test_what_the_pane_shows_when_it_opens(benchmark: Any, workspace: Workspace) -> None:
    """Reach: 0.5 s. Things, their names, and how many mentions each has in how many documents."""

    def opened() -> int:
        workspace.reads.__dict__.pop("_register", None)
        return len(views.listing(workspace, counted=views.counts_at_once(workspace), count=False))

    assert benchmark.pedantic(opened, rounds=5) == THINGS


def test_an_entry_renamed(benchmark: Any, workspace: Workspace) -> None:
    """What the register costs after one thing of it has changed."""
    identity = views.listing(workspace)[0].thing.id
    names = itertools.count()

    def rename() -> None:
        workspace.run(about.RenameThing(thing=identity, name=f"Namn {next(names)}"))
        register_reads.register(workspace.reads)

    benchmark.pedantic(rename, rounds=20)


def test_mentions_counted(benchmark: Any, workspace: Workspace) -> None:
    """In the same thread as the survey, before it."""
    assert benchmark.pedantic(lambda: views.counts(workspace), rounds=3)


def test_filtering(benchmark: Any, workspace: Workspace) -> None:
    counted = views.counts(workspace)
    assert benchmark(lambda: views.listing(workspace, "område 00042", counted=counted))


def test_choosing_by_typing(benchmark: Any, workspace: Workspace) -> None:
    assert benchmark(lambda: views.find(workspace, "släkt0001", "PERSON"))


def test_which_entry_a_mark_is(benchmark: Any, workspace: Workspace) -> None:
    """What every step to another entity asks for."""
    row = workspace.reads.connection.execute(
        'SELECT document_id, id, label, start, "end", exact FROM annotations WHERE register IS NULL LIMIT 1 OFFSET 500'
    ).fetchone()
    mark = Mark(row[1], "entity", row[2], (Span(0, 0),), "manual", row[1], quote=(row[5][2:-2],))._replace(spans=())
    assert benchmark(lambda: views.which_thing(workspace, row[0], mark)).name


def test_one_entry_with_its_mentions(benchmark: Any, workspace: Workspace, found: Survey) -> None:
    identity = next(one.thing.id for one in views.listing(workspace, found=found, order="waiting", descending=True))
    benchmark(lambda: (views.mentions(workspace, identity, 40), views.waiting(workspace, identity, found, 5)))


def test_the_whole_corpus_looked_through(benchmark: Any, workspace: Workspace) -> None:
    """In a thread of its own, after the pane has opened."""
    result = benchmark.pedantic(lambda: views.survey(workspace.reads), rounds=1)
    assert result.groups and result.offers


def test_a_link_confirmed(benchmark: Any, workspace: Workspace) -> None:
    rows = workspace.reads.connection.execute(
        "SELECT document_id, id, label FROM annotations WHERE register IS NULL AND label != 'PERSON' LIMIT 400"
    ).fetchall()
    things = {one.thing.label: one.thing.id for one in views.listing(workspace)}
    todo = iter(rows)

    def confirm() -> None:
        document, key, label = next(todo)
        workspace.run(about.ConfirmLink(document=document, key=key, thing=things[label]))

    benchmark.pedantic(confirm, rounds=200)
