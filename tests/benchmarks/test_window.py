"""How quick the whole window is: keys, opening, paging, starting, and how it stays awake while jobs run.

Run on demand: ``pytest tests/benchmarks/test_window.py --benchmark-only -s``. A frame is the time from the key
event until everything it changed is painted, panes included.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.settings import Settings
from app.workspace import Workspace
from tests.benchmarks.test_store import filled
from ui.bridge import Bridge
from ui.main_window import MainWindow

SIZES = {"20 kB": (20_000, 400, 40), "1 MB": (1_000_000, 20_000, 2_000)}
ROOT = Path(__file__).resolve().parents[2]


def frame(act: Callable[[], object]) -> float:
    """Return the milliseconds until ``act`` is done and everything it asked for is laid out and painted."""
    begun = time.perf_counter()
    act()
    QApplication.sendPostedEvents()  # the text
    QApplication.processEvents()  # panes that follow in the same turn
    QApplication.sendPostedEvents()
    return (time.perf_counter() - begun) * 1000


def tell(benchmark: Any, name: str, frames: list[float]) -> None:
    """Write median, 99th percentile and longest beside the other figures, and show them."""
    frames.sort()
    figures = {
        "median_ms": round(frames[len(frames) // 2], 2),
        "p99_ms": round(frames[min(len(frames) - 1, int(len(frames) * 0.99))], 2),
        "longest_ms": round(frames[-1], 2),
        "count": len(frames),
    }
    benchmark.extra_info.update(figures)
    print(f"\n{name}: {figures}")


@pytest.fixture(params=list(SIZES))
def window(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    workspace, document = filled(tmp_path / "p.kurator", *SIZES[request.param])
    shown = MainWindow(Bridge(Settings(reduced_motion=True)))
    qtbot.addWidget(shown)
    shown.resize(1280, 800)
    shown.show()
    qtbot.waitExposed(shown)
    shown.bridge.set_workspace(workspace)
    shown.bridge.open_document(document)
    shown.navigation.focus_reader()
    qtbot.wait(1500)
    gc.collect()
    gc.freeze()
    yield shown
    gc.unfreeze()
    shown.bridge.set_workspace(None)
    workspace.close()


def test_accept_with_one_key(window: MainWindow, benchmark: Any, request: pytest.FixtureRequest) -> None:
    reader = window.document.reader
    QTest.keyClick(reader, Qt.Key.Key_Tab)
    frames: list[float] = []

    def accept() -> None:
        frames.append(frame(lambda: QTest.keyClick(reader, Qt.Key.Key_Return)))
        QTest.qWait(2)

    rounds = min(300, SIZES[request.node.callspec.params["window"]][1] - 10)
    benchmark.pedantic(accept, rounds=rounds, iterations=1)
    assert window.bridge.workspace.reads.document(window.bridge.document or "").decided >= rounds
    tell(benchmark, request.node.name, frames[5:])


def test_page_by_page(window: MainWindow, benchmark: Any, request: pytest.FixtureRequest) -> None:
    reader = window.document.reader
    frames: list[float] = []

    def page() -> None:
        frames.append(frame(lambda: QTest.keyClick(reader, Qt.Key.Key_PageDown)))
        QTest.qWait(4)

    benchmark.pedantic(page, rounds=150, iterations=1)
    tell(benchmark, request.node.name, frames)


def test_open_document(window: MainWindow, benchmark: Any, request: pytest.FixtureRequest) -> None:
    document = window.bridge.document
    frames: list[float] = []

    def reopen() -> None:
        window.bridge.open_document(None)
        QApplication.processEvents()
        begun = time.perf_counter()
        window.bridge.open_document(document)
        QApplication.sendPostedEvents()
        frames.append((time.perf_counter() - begun) * 1000)
        QTest.qWait(250)

    benchmark.pedantic(reopen, rounds=15, iterations=1)
    tell(benchmark, request.node.name, frames)


BARE = """
import os, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1280, 800); window.show()
app.processEvents(); app.processEvents()
print(time.monotonic(), flush=True); os._exit(0)
"""

OURS = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ui.__main__ import window
shown = window(); shown.projects.open_path(Path(sys.argv[1])); shown.show()
QApplication.processEvents(); QApplication.processEvents()
assert shown.bridge.document and shown.document.reader.flow is not None
print(time.monotonic(), flush=True); os._exit(0)
"""


def test_start_over_a_bare_window(benchmark: Any, tmp_path: Path) -> None:
    """Whole processes, in turn: python, imports, window, five documents, the first one painted."""
    from app.services.corpus import import_documents
    from models.documents import SourceDocument

    project = tmp_path / "fem.kurator"
    with Workspace.create(project, "fem", "Mia") as workspace:
        texts = [SourceDocument(f"{n}.txt", f"Text {n} 😀 om digital vård.\n" * 40) for n in range(5)]
        assert len(list(import_documents(workspace.writer, workspace.reads, texts))) == 5
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled

    def run(code: str) -> float:
        begun = time.monotonic()
        command = [sys.executable, "-c", code, str(project)]
        said = subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True, text=True)
        return float(said.stdout.split()[-1]) - begun

    run(BARE), run(OURS)
    ratios: list[float] = []

    def pair() -> None:
        bare, ours = run(BARE), run(OURS)
        ratios.append(ours / bare)
        print(f"bare {bare:.3f} s, ours {ours:.3f} s, ratio {ours / bare:.2f}")

    benchmark.pedantic(pair, rounds=9, iterations=1)
    ratios.sort()
    benchmark.extra_info["ratio_median"] = round(ratios[len(ratios) // 2], 2)
    print(f"\nstart: median ratio {ratios[len(ratios) // 2]:.2f}")


@pytest.mark.parametrize("kind", ["import", "suggest", "export"])
def test_longest_stall_while_a_job_runs(kind: str, benchmark: Any, tmp_path: Path, qtbot: QtBot) -> None:
    """The longest gap between two turns of a 1 ms timer while a job works and the curator pages."""
    folder = tmp_path / "texter"
    folder.mkdir()
    for number in range(1500):
        (folder / f"{number}.txt").write_text(
            f"Region Halland 😀 satsar {number} miljoner kronor, säger Anna Berg.\n" * 30
        )
    workspace = Workspace.create(tmp_path / "p.kurator", "p", "Mia")
    window = MainWindow(Bridge(Settings(suggest_at_import=False)))
    qtbot.addWidget(window)
    window.show()
    window.bridge.set_workspace(workspace)
    if kind != "import":
        window.transfer.import_paths([folder])
        qtbot.waitUntil(lambda: not window.jobs.busy, timeout=120_000)
        window.bridge.open_document(window.corpus.first_document())
    qtbot.wait(500)
    gaps: list[float] = []
    clock = QElapsedTimer()
    ticker = QTimer()
    ticker.setInterval(1)
    ticker.timeout.connect(lambda: gaps.append(clock.nsecsElapsed() / 1e6) or clock.start())

    def work() -> None:
        clock.start()
        ticker.start()
        if kind == "import":
            window.transfer.import_paths([folder])
        elif kind == "suggest":
            window.suggesting.suggest()
        else:
            target = str(tmp_path / "ut.json")
            window.jobs.start(
                "export", workspace.path, ["--format", "exchange", "-o", target], lambda _: None
            )
        qtbot.waitUntil(lambda: not window.jobs.busy, timeout=300_000)
        ticker.stop()

    benchmark.pedantic(work, rounds=1, iterations=1)
    tell(benchmark, f"stall during {kind}", gaps)
    window.bridge.set_workspace(None)
    workspace.close()
