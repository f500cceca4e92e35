"""Keys that go to what teaches the most: the most uncertain suggestion, the most valuable document."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from models.suggestions import Proposal
from tests.ui.window.conftest import Hands, span, suggest

WAIT_MS = 15_000


def scored(hands: Hands, document: str, *scores: float) -> None:
    """Let other suggestions stand in a document."""
    places = (span("Signe Ström"), span("Bo Ek"), span("planen"))
    found = [
        Proposal("entity", "PERSON", (place,), score=score, source="x")
        for place, score in zip(places, scores, strict=False)
    ]
    suggest(hands.workspace, document, found, version="2")


def values(hands: Hands) -> dict[str, float]:
    rows = hands.workspace.reads.connection.execute("SELECT document_id, value FROM analyses")
    return dict(rows.fetchall())


def test_keys_go_to_doubts_and_to_what_is_worth_most(hands: Hands, qtbot: QtBot) -> None:
    hands.workspace.prepare()
    one, two, three = hands.window.corpus.model.ids
    scored(hands, one, 0.99)
    scored(hands, two, 0.55, 0.98)
    scored(hands, three, 0.5, 0.6, 0.6)
    qtbot.waitUntil(lambda: all(values(hands).values()), timeout=WAIT_MS)
    hands.press("T")
    assert hands.document == three
    assert hands.focused.score == 0.5
    assert hands.said[-1] == ("Right in about 5 of 10 cases. 3 more doubtful suggestions wait.", "info")
    before = values(hands)[three]
    hands.press("Return")
    qtbot.waitUntil(lambda: 0 < values(hands)[three] < before, timeout=WAIT_MS)
    hands.press("T")
    assert hands.document == two and hands.focused.score == 0.55
    hands.press("Shift+T")
    assert hands.document == three


def test_nothing_uncertain_is_said(hands: Hands, qtbot: QtBot) -> None:
    hands.workspace.prepare()
    for document in hands.window.corpus.model.ids:
        scored(hands, document, 0.99)
    qtbot.waitUntil(lambda: all(values(hands).values()), timeout=WAIT_MS)
    hands.press("T")
    assert hands.said[-1] == ("No doubtful suggestion waits.", "done")
