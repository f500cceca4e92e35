"""What is shown: sliders hide and show suggestions on screen, nothing is decided, and what is hidden can be seen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import set_language
from app.services.threshold_views import survey
from app.services.thresholds import peeking, thresholds
from models.suggestions import Proposal
from tests.ui.window.conftest import Hands, span, suggest
from ui.dialogs.shown import ShownDialog

SCORED = [
    Proposal("entity", "PERSON", (span("Signe Ström"),), score=0.9, source="rules/person:given-name"),
    Proposal("entity", "PERSON", (span("Bo Ek"),), score=0.4, source="rules/person:surname"),
    Proposal("entity", "DATE", (span("tolv"),), score=0.4, source="rules/date:year"),
]


@pytest.fixture
def dialog(hands: Hands, qtbot: QtBot) -> ShownDialog:
    """The sliders beside a text with three suggestions of known scores."""
    hands.workspace.prepare()
    suggest(hands.workspace, hands.document, SCORED)
    hands.press("Ctrl+Shift+V")
    found = hands.window.findChild(ShownDialog)
    assert found is not None
    qtbot.waitUntil(lambda: bool(found.lines))
    return found


def shown(hands: Hands) -> list[tuple[str, float | None]]:
    """Return label and score of what the text shows as waiting."""
    marks = hands.workspace.marks.marks(hands.document)
    return sorted((one.label, one.score) for one in marks if one.state == "suggested" and one.score != 0.7)


def test_a_slider_hides_what_scores_less_and_decides_nothing(hands: Hands, dialog: ShownDialog, qtbot: QtBot) -> None:
    assert ("PERSON", 0.4) in shown(hands)
    before = hands.workspace.reads.connection.execute("SELECT count(*) FROM decisions").fetchone()
    dialog.lines["PERSON"].slider.setValue(50)
    qtbot.waitUntil(lambda: ("PERSON", 0.4) not in shown(hands))
    assert shown(hands) == [("DATE", 0.4), ("PERSON", 0.9)]
    flow = hands.reader.flow
    assert flow is not None
    assert all(one.score != 0.4 for one in flow.content.marks.values() if one.label == "PERSON")
    assert hands.workspace.reads.connection.execute("SELECT count(*) FROM decisions").fetchone() == before
    assert hands.workspace.reads.document(hands.document).suggestions == 2
    assert thresholds(hands.workspace) == {"PERSON": 0.5}
    dialog.take("everything")
    qtbot.waitUntil(lambda: ("PERSON", 0.4) in shown(hands))
    assert thresholds(hands.workspace) == {}


def test_the_first_slider_moves_all(hands: Hands, dialog: ShownDialog, qtbot: QtBot) -> None:
    dialog.lines[""].slider.setValue(80)
    qtbot.waitUntil(lambda: shown(hands) == [("PERSON", 0.9)])
    assert {line.slider.value() for line in dialog.lines.values()} == {80}
    whole = sum(dialog.lines[""].row.waiting.values())
    assert str(whole) in dialog.lines[""].waiting.text()


def test_presets_go_by_the_scores_where_nothing_is_known(hands: Hands, dialog: ShownDialog, qtbot: QtBot) -> None:
    dialog.presets["precise"].click()
    qtbot.waitUntil(lambda: thresholds(hands.workspace).get("DATE") == 0.8)
    assert "not known yet" in dialog.known.text()


def test_what_is_hidden_can_be_seen_for_now(hands: Hands, dialog: ShownDialog, qtbot: QtBot) -> None:
    dialog.lines[""].slider.setValue(80)
    qtbot.waitUntil(lambda: shown(hands) == [("PERSON", 0.9)])
    dialog.hidden.click()
    assert len(shown(hands)) == 3 and peeking(hands.workspace)
    assert thresholds(hands.workspace)["PERSON"] == 0.8
    dialog.reject()
    hands.window.actions_by_id.run("view.peek")
    assert shown(hands) == [("PERSON", 0.9)]
    qtbot.waitUntil(lambda: hands.workspace.reads.document(hands.document).suggestions == 1, timeout=15_000)
    for _ in range(2):
        hands.window.actions_by_id.run("view.peek")
    assert [level for _, level in hands.said][-3:] == ["info"] * 3


def test_decisions_become_figures(hands: Hands) -> None:
    hands.workspace.prepare()
    suggest(hands.workspace, hands.document, SCORED)
    marks = hands.workspace.marks.marks(hands.document)
    for mark in marks:
        if mark.score == 0.9:
            hands.workspace.run(commands.Accept(document=hands.document, key=mark.key))
        elif mark.score == 0.4:
            hands.workspace.run(commands.Reject(document=hands.document, key=mark.key))
    rows = {row.label: row for row in survey(hands.workspace.reads)}
    expected = rows["PERSON"].record.at(0.0)
    assert expected.precision == (1, 2)
    assert rows["PERSON"].record.at(0.5).precision == (1, 1)
    assert rows[""].record.cases == 3
    assert rows["DATE"].shown(0.0) == (0, 0)


def test_it_is_said_in_swedish(hands: Hands, dialog: ShownDialog) -> None:
    dialog.reject()
    set_language("sv")
    swedish = ShownDialog(hands.window.bridge, hands.window)
    assert swedish.windowTitle() == "Vad som visas"
    swedish.reject()
