"""A big project: 100,000 documents (300 MB of text), 3,000,000 suggestions, 100,000 annotations.

Building it takes some minutes; KURATOR_BIG_PROJECT names a file to keep it in between runs.
"""

from __future__ import annotations

import gc
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from app.workspace import Workspace, default_label_set
from models.ids import fingerprint, new_id
from models.store.corpus_reads import DocumentFilter, document_ids, listed, progress
from models.store.project_file import ProjectFile
from models.store.search_reads import search

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = int(os.environ.get("KURATOR_BIG_DOCUMENTS", "100000"))
PER_DOCUMENT = 30
LETTERS = 3_000
ANNOTATED = 10
LABELS = ("ORGANISATION", "PERSON", "AMOUNT", "PLACE", "CLAIM")


# Building -------------------------------------------------------------------------------------------

HEADS = "hälso sjuk vård region digital kommun läkar patient primär akut barn äldre social fram data om på"
TAILS = "vården huset planen mötet stödet rådet apparna å et en arna ning skap het ligt ande ö s"
COMMON = "och att i på för som en av den till är med det har inte 🙂 ra\u030ad sjuk\u00advård"


def vocabulary(chance: random.Random) -> list[str]:
    """Return 40,000 words that look Swedish, the common ones first."""
    heads, tails, found = HEADS.split(), TAILS.split(), dict.fromkeys(COMMON.split())
    while len(found) < 40_000:
        middle = "".join(
            chance.choice("bdfgklmnprstv") + chance.choice("aeiouyåäö") for _ in range(chance.randint(1, 3))
        )
        found[chance.choice(heads) + middle + chance.choice(tails)] = None
    return list(found)


def texts(chance: random.Random, count: int) -> Iterator[str]:
    """Yield texts of 3,000 code points whose words are spread as in real language (Zipf)."""
    words = vocabulary(chance)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    for number in range(count):
        chosen = chance.choices(words, cum_weights=weights, k=480)
        lines = [" ".join(chosen[start : start + 60]) for start in range(0, 480, 60)]
        rare = f"Ärende {number} i Exempelby\u00a0{number % 1000}."
        yield (rare + "\n" + ".\n".join(lines))[:LETTERS]


def fill(connection: sqlite3.Connection, count: int) -> None:
    """Put everything in with plain inserts."""
    chance = random.Random(20)
    me = connection.execute("SELECT value FROM meta WHERE key = 'annotator'").fetchone()[0]
    connection.execute(
        "INSERT INTO runs VALUES (1, 'run', 'rules', '1', 'h', '2024-01-01T00:00:00.000Z', NULL)"
    )
    for number, text in enumerate(texts(chance, count)):
        document, seq = new_id(), number + 1
        connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", (seq, document, fingerprint(text), text))
        connection.execute("INSERT INTO text_search(rowid, text) VALUES (?, ?)", (seq, text))
        name = f"region-{number * 20 // count:02}/{number:06}-nyhet-om-vården.txt"
        title, region = f"Nyhet {number}: vården i {chance.choice('ÅÄÖ')}köping", number * 20 // count
        date, furniture = f"20{number % 25:02}-0{1 + number % 9}-11", "[[0,40],[2900,2990]]"
        connection.execute(
            "INSERT INTO documents(id, name, title, source, publisher, date, language, metadata, "
            "fingerprint, length, text_seq, furniture, furniture_by, imported) "
            "VALUES (?, ?, ?, 'https://a.example/b', ?, ?, 'sv', '{}', ?, ?, ?, ?, 'run', '2024')",
            (document, name, title, f"Region {region}", date, fingerprint(text), len(text), seq, furniture),
        )
        suggest(connection, document, seq, text, number < count // ANNOTATED, me)
        if number % 7 == 0:
            connection.execute(
                "INSERT INTO statuses(document_id, annotator_id, state, at) VALUES (?, ?, 'done', '2024')",
                (document, me),
            )


def suggest(
    connection: sqlite3.Connection, document: str, seq: int, text: str, judged: bool, me: str
) -> None:
    """Give a document its suggestions; accept ten of them where it is ``judged``."""
    keys = [new_id() for _ in range(PER_DOCUMENT)]
    places = [(90 * number + 5, 90 * number + 25) for number in range(PER_DOCUMENT)]
    connection.executemany(
        "INSERT INTO suggestions VALUES (?,?,?,1,'entity',?,?,?,NULL,NULL,NULL,NULL,0.8,'rule',0)",
        [(document, key, seq, LABELS[n % 5], *places[n]) for n, key in enumerate(keys)],
    )
    connection.execute("INSERT INTO analyses VALUES (?, ?, 1, ?, '2024', 0)", (document, seq, PER_DOCUMENT))
    for key, (start, end) in zip(keys[:10] if judged else (), places, strict=False):
        made = new_id()
        connection.execute(
            'INSERT INTO annotations(id, kind, document_id, label, start, "end", exact, prefix, suffix, '
            "annotator_id, state, suggestion_id, origin, created, modified) "
            "VALUES (?, 'entity', ?, ?, ?, ?, json_array(?), ?, ?, ?, 'accepted', ?, '{}', '2024', '2024')",
            (
                made, document, LABELS[0], start, end, text[start:end], text[start - 5 : start],
                text[end : end + 32], me, key,
            ),
        )  # fmt: skip
        connection.execute(
            'INSERT INTO decisions(id, document_id, suggestion_id, suggestion, label, start, "end", verdict, '
            "scope, result, annotator_id, at) "
            "VALUES (?, ?, ?, '{}', ?, ?, ?, 'accepted', 'here', ?, ?, '2024')",
            (new_id(), document, key, LABELS[0], start, end, made, me),
        )  # fmt: skip


def build(path: Path, count: int = DOCUMENTS) -> None:
    """Make the project at ``path``."""
    with ProjectFile.create(path, "Big", dict(default_label_set()), "Me") as file:
        connection = file.connection
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("BEGIN")
        fill(connection, count)
        connection.execute("COMMIT")
        connection.execute("PRAGMA optimize")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the big project, built where there is none yet."""
    kept = os.environ.get("KURATOR_BIG_PROJECT")
    path = Path(kept) if kept else tmp_path_factory.mktemp("big") / "big.kurator"
    if not path.exists():
        build(path)
    return path


@pytest.fixture(scope="module")
def project(big: Path) -> Iterator[Workspace]:
    with Workspace.open(big) as workspace:
        yield workspace


def share(times: list[float], part: float) -> float:
    """Return the time in ms that ``part`` of the measurements stay below."""
    return round(sorted(times)[min(len(times) - 1, int(len(times) * part))] * 1000, 2)


def timed(act: Any) -> float:
    """Return how long something took, in seconds."""
    since = time.perf_counter()
    act()
    return time.perf_counter() - since


# The store ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        DocumentFilter(),
        DocumentFilter(words="nyhet 77"),
        DocumentFilter(words="vården åköping"),
        DocumentFilter(state="open"),
        DocumentFilter(publisher="Region 3"),
        DocumentFilter(label="ORGANISATION"),
        DocumentFilter(unjudged=True),
        DocumentFilter(order="open", descending=True),
        DocumentFilter(order="date"),
    ],
    ids=lambda wanted: str(wanted)[15:].split(", order")[0] if wanted.order == "name" else wanted.order,
)
def test_filter(benchmark: Any, project: Workspace, wanted: DocumentFilter) -> None:
    ids = benchmark.pedantic(lambda: document_ids(project.reads, wanted), rounds=5, warmup_rounds=1)
    benchmark.extra_info["documents"] = len(ids)


def test_progress(benchmark: Any, project: Workspace) -> None:
    def count() -> None:
        project.reads.__dict__.pop("_progress", None)  # it is counted once until something changes
        progress(project.reads)

    benchmark.pedantic(count, rounds=5, warmup_rounds=1)


def queries(chance: random.Random) -> list[str]:
    """Return queries of every kind: common and rare words, several, phrases, prefixes, exclusions."""
    words = vocabulary(random.Random(20))
    common, rare = words[:200], words[5000:]
    found: list[str] = []
    for _ in range(40):
        one, two, three = chance.choice(common), chance.choice(common), chance.choice(rare)
        found += [
            one,
            three,
            f"{one} {two}",
            f"{one} {three}",
            f'"{one} {two}"',
            f"{one} -{two}",
            f"{three[:4]}*",
        ]
        found += [f"{one} {three[:3]}*", f"Ärende {chance.randrange(DOCUMENTS)}", f"{chance.choice('abhs')}*"]
    return found


@pytest.mark.parametrize("scope", ["text", "annotations", "both"])
def test_search_first_page(benchmark: Any, project: Workspace, scope: Any) -> None:
    asked = queries(random.Random(5))
    times: list[float] = []

    def every_query() -> None:
        times.extend(timed(lambda query=query: search(project.reads, query, scope=scope)) for query in asked)

    benchmark.pedantic(every_query, rounds=1)
    benchmark.extra_info |= {"p50": share(times, 0.5), "p95": share(times, 0.95), "worst": share(times, 1.0)}
    print(f"\nsearch {scope}: {benchmark.extra_info} ms over {len(times)} queries")


# The list -------------------------------------------------------------------------------------------

WINDOW = """
import sys, time
since = time.perf_counter()
from pathlib import Path
from PySide6.QtWidgets import QApplication
qt = QApplication([])
from app.settings import Settings
from app.workspace import Workspace
from ui.bridge import Bridge
from ui.panes.corpus import CorpusPane
from ui.theme import apply_theme
apply_theme(qt, "light")
began = time.perf_counter()
bridge = Bridge(Settings())
pane = CorpusPane(bridge)
pane.resize(300, 800)
pane.show()
workspace = Workspace.open(Path(sys.argv[1]), share=True)
bridge.set_workspace(workspace)
bridge.open_document(pane.first_document())
qt.processEvents()
ready = time.perf_counter()
pane.bar.change(words="nyhet")
for _ in range(200):
    bar = pane.list.verticalScrollBar()
    bar.setValue((bar.value() + bar.maximum() // 150) % max(1, bar.maximum()))
    qt.processEvents()
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
resident = int(status["VmRSS"].split()[0]) / 1024
print(ready - began, ready - since, resident, len(pane.model.ids))
pane.hide()
workspace.close()
"""


def test_open_to_a_usable_list(benchmark: Any, big: Path) -> None:
    """Time from opening the file to the painted list, memory after scrolling; in a process of its own."""
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc")
    found: list[list[float]] = []

    def open_it() -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", WINDOW, str(big)]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.append([float(word) for word in told.stdout.split()])

    benchmark.pedantic(open_it, rounds=5, warmup_rounds=1)
    assert all(line[3] == DOCUMENTS for line in found)
    names = ("open_s", "with_imports_s", "resident_mb")
    benchmark.extra_info |= {name: round(max(line[n] for line in found), 3) for n, name in enumerate(names)}
    print(f"\nopen to a usable list, worst of {len(found)}: {benchmark.extra_info}")


def test_scroll_by_page(benchmark: Any, project: Workspace, qtbot: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from app.settings import Settings
    from ui.bridge import Bridge
    from ui.panes.corpus import CorpusPane

    bridge = Bridge(Settings())
    pane = CorpusPane(bridge)
    qtbot.addWidget(pane)
    pane.resize(300, 800)
    pane.show()
    bridge.set_workspace(project)
    gc.collect()
    gc.freeze()
    times: list[float] = []
    busy: list[float] = []

    def page() -> None:
        since = time.process_time()
        QTest.keyClick(pane.list, Qt.Key.Key_PageDown)
        QApplication.processEvents()
        busy.append(time.process_time() - since)

    def pages() -> None:
        times.extend(timed(page) for _ in range(600))

    benchmark.pedantic(pages, rounds=1)
    benchmark.extra_info |= {
        "p50": share(times, 0.5),
        "p99": share(times, 0.99),
        "cpu_p99": share(busy, 0.99),
    }
    print(f"\npage down: {benchmark.extra_info} ms")
    bridge.set_workspace(None)


def test_read_a_page_of_rows(benchmark: Any, project: Workspace) -> None:
    ids = document_ids(project.reads)
    benchmark(lambda: listed(project.reads, ids[5_000:5_064]))
