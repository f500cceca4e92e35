"""Logs rotate and stay quiet; defects leave a report."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs
from app.logs import report_unhandled, start_logging, stop_logging, write_report
from app.paths import log_folder


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    stop_logging()
    root.setLevel(level)


def test_records_go_to_the_file_and_nowhere_else(capfd: pytest.CaptureFixture[str]) -> None:
    path = start_logging("x")
    assert start_logging("x") == path
    logging.getLogger("kurator").info("Åsa 😀")
    stop_logging()
    assert path.read_text("utf-8").count("Åsa 😀") == 1
    assert capfd.readouterr() == ("", "")


def test_old_logs_are_kept_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SIZE", 2000)
    path = start_logging("x")
    for number in range(500):
        logging.getLogger("kurator").info("record %d", number)
    assert sorted(one.name for one in log_folder().iterdir()) == ["x.log", "x.log.1", "x.log.2", "x.log.3"]
    assert "record 499" in path.read_text("utf-8")


def test_a_log_that_cannot_turn_over_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SIZE", 200)
    path = start_logging("x")

    def held(*_: object) -> None:
        raise PermissionError("held by another process")

    monkeypatch.setattr("os.rename", held)
    for number in range(50):
        logging.getLogger("kurator").info("record %d", number)
    assert "record 49" in path.read_text("utf-8") and path.stat().st_size > 200


@pytest.mark.expects_log("defect: ZeroDivisionError")
def test_a_report_tells_what_happened() -> None:
    try:
        print(1 / 0)
    except ZeroDivisionError as error:
        path = write_report(error, "status")
    assert path is not None
    text = path.read_text("utf-8")
    assert "ZeroDivisionError" in text and "status" in text and "test_logs.py" in text


@pytest.mark.expects_log("defect: ValueError")
def test_only_the_latest_reports_are_kept() -> None:
    for number in range(logs.REPORTS_KEPT + 3):
        write_report(ValueError(f"nummer {number}"))
    reports = sorted(log_folder().glob("report-*.txt"))
    assert len(reports) == logs.REPORTS_KEPT
    assert f"nummer {logs.REPORTS_KEPT + 2}" in reports[-1].read_text("utf-8")


@pytest.mark.expects_log("defect: ValueError")
def test_a_report_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError("full")

    monkeypatch.setattr(Path, "write_text", full)
    assert write_report(ValueError("x")) is None


@pytest.mark.expects_log("defect: ValueError: i tråden")
@pytest.mark.expects_log("defect: ValueError: i huvudet")
def test_what_nobody_caught_ends_in_reports(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    report_unhandled()

    def fail() -> None:
        raise ValueError("i tråden")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError("i huvudet"), None)
    assert len(list(log_folder().glob("report-*.txt"))) == 2
    assert capsys.readouterr() == ("", "")
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(list(log_folder().glob("report-*.txt"))) == 2
