"""The inspector shows the mark in focus, changes it through commands, and keeps what was being written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app import commands
from app.messages import set_language
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.settings import Settings
from app.workspace import Workspace
from models.documents import SourceDocument
from models.history import Focus, Touched
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.suggestions import Analysis, PipelineInfo, Proposal
from ui.bridge import Bridge
from ui.panes.inspector import InspectorPane
from ui.panes.inspector_fields import ChoiceBox, TextField

TEXT = (
    "Region A\u030adalen 😀 bygger ut hemsjukvården.\n"
    "”Vi sparar tolv\u00a0procent”, säger Signe Ström\u00adberg vid Region A\u030adalen. Bo Ek håller med."
)


class Shown(NamedTuple):
    bridge: Bridge
    pane: InspectorPane
    document: str
    marks: dict[str, Mark]

    def look(self, name: str) -> None:
        """Give a mark the focus, as the reader would, and let the inspector show it."""
        key = self.marks[name].key
        found = self.bridge.workspace.marks.some(self.document, [key])
        self.bridge.set_mark(next((mark for mark in found if mark.key == key), None))
        self.pane.refresh()

    def now(self, name: str) -> Mark:
        key = self.marks[name].key
        return next(m for m in self.bridge.workspace.marks.some(self.document, [key]) if m.key == key)


def span(words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(at, at + len(words))


def write(field: QLineEdit | QPlainTextEdit, words: str) -> None:
    """Write as if typed; the test's keyboard knows no å, ä and ö."""
    field.setFocus()
    if isinstance(field, QLineEdit):
        field.insert(words)
    else:
        field.insertPlainText(words)


PROPOSALS = {
    "region": Proposal(
        "entity", "ORGANISATION", (span("Region A\u030adalen"),), score=0.91, source="names"
    ),
    "place": Proposal("entity", "PLACE", (span("A\u030adalen"),), score=0.4, source="rules/place:towns"),
    "claim": Proposal(
        "claim",
        "CLAIM",
        (span("Vi sparar tolv\u00a0procent"),),
        facets={"kind": "figure", "mode": "direct"},
    ),
    "signe": Proposal("entity", "PERSON", (span("Signe Ström\u00adberg"),), score=0.8, source="names"),
    "bo": Proposal("entity", "PERSON", (span("Bo Ek"),)),
    "said": Proposal("relation", "ATTRIBUTED_TO", (), 2, 3),
}


def project(folder: Path) -> tuple[Workspace, str]:
    """Return a project with one document and its suggestions."""
    workspace = Workspace.create(folder / "p.kurator", "p", "Maja")
    (done,) = import_documents(
        workspace.writer, workspace.reads, [SourceDocument("a.txt", TEXT, metadata={"diarienummer": "7"})]
    )
    document = done.document
    assert document is not None
    info = PipelineInfo("rules", "2", "h")
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        seq = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0]
        store_analysis(work, workspace.reads, document, seq, run, info, Analysis(tuple(PROPOSALS.values())))
    return workspace, document


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    workspace, document = project(tmp_path)
    bridge = Bridge(Settings())
    pane = InspectorPane(bridge)
    qtbot.addWidget(pane)
    pane.resize(340, 760)
    pane.show()
    bridge.set_workspace(workspace)
    bridge.open_document(document)
    pane.refresh()
    by_place = {(m.label, m.spans): m for m in workspace.marks.marks(document)}
    marks = {name: by_place[one.label, one.spans] for name, one in PROPOSALS.items()}
    yield Shown(bridge, pane, document, marks)
    bridge.set_workspace(None)
    workspace.close()


def words_of(pane: InspectorPane) -> str:
    page = pane.mark_page
    return " ".join((page.state.text(), page.quote.text(), page.source.text(), page.facts.text()))


def test_a_suggestion_is_told_in_words(shown: Shown) -> None:
    shown.look("region")
    said = words_of(shown.pane)
    assert "suggested" in said and "Region A\u030adalen" in said
    assert "91 %" in said and "Learned names" in said and "not known yet" in said
    page = shown.pane.mark_page
    assert (page.decide.wanted, page.undecide.wanted) == ("curate.accept", "curate.reject")
    assert page.claim.isHidden()
    shown.look("place")
    assert "Rule: list of towns" in words_of(shown.pane)


def test_after_accepting_it_says_who_and_when_and_offers_to_take_it_back(
    shown: Shown, qtbot: QtBot
) -> None:
    shown.look("region")
    shown.bridge.run(commands.Accept(document=shown.document, key=shown.marks["region"].key))
    qtbot.waitUntil(lambda: "accepted" in words_of(shown.pane))
    assert "Maja" in shown.pane.mark_page.facts.text() and "20" in shown.pane.mark_page.facts.text()
    wanted: list[str] = []
    shown.pane.action_wanted.connect(wanted.append)
    shown.pane.mark_page.decide.click()
    shown.pane.mark_page.undecide.click()
    assert wanted == ["curate.reopen", "curate.delete"]


def test_other_readings_of_the_place_are_listed_and_lead_there(shown: Shown) -> None:
    shown.look("place")
    lines = shown.pane.mark_page.others._lines
    assert [line.words for line in lines] == ["Region A\u030adalen"]
    sought: list[Focus] = []
    shown.bridge.focus_wanted.connect(sought.append)
    shown.pane.mark_page.others._rows[0][1].click()
    assert sought == [Focus(shown.document, shown.marks["region"].key)]


def test_relations_are_listed_from_both_ends_and_can_be_removed(shown: Shown) -> None:
    shown.look("signe")
    (line,) = shown.pane.mark_page.links._lines
    assert line.before.startswith("←") and line.words == "Vi sparar tolv\u00a0procent"
    shown.look("claim")
    (line,) = shown.pane.mark_page.links._lines
    assert line.before.startswith("→") and line.words == "Signe Ström\u00adberg"
    shown.pane.mark_page.links._rows[0][2].click()
    shown.look("claim")
    assert not [one for one in shown.pane.mark_page.links._lines if one.state != "rejected"]
    assert shown.pane.mark_page.claim.speaker.value is None


def test_a_relation_shows_its_ends(shown: Shown) -> None:
    relation = next(m for m in shown.bridge.workspace.marks.marks(shown.document) if m.kind == "relation")
    shown.bridge.set_mark(relation)
    shown.pane.refresh()
    ends = shown.pane.mark_page.ends._lines
    assert [line.words for line in ends] == ["Vi sparar tolv\u00a0procent", "Signe Ström\u00adberg"]
    offered = {option.value for option in shown.pane.mark_page.label._options}
    assert offered == {"ATTRIBUTED_TO", "ABOUT"}, "only what may lead from a claim to a person"


def test_facets_change_by_key_and_the_keyboard_goes_on(shown: Shown, qtbot: QtBot) -> None:
    shown.look("claim")
    fields = shown.pane.mark_page.claim.facets
    kind, mode = fields["kind"], fields["mode"]
    assert isinstance(kind, ChoiceBox) and kind.value == "figure"
    shown.pane.focus_facets()
    qtbot.keyClick(kind, Qt.Key.Key_4)
    assert shown.now("claim").facets["kind"] == "goal" and shown.now("claim").state == "corrected"
    assert shown.pane.focusWidget() is mode
    qtbot.keyClick(mode, Qt.Key.Key_0)
    assert "mode" not in shown.now("claim").facets
    negated, cue = fields["negated"], fields["cue"]
    assert isinstance(negated, QCheckBox) and isinstance(cue, TextField)
    negated.click()
    assert shown.now("claim").facets["negated"] is True
    cue.setFocus()
    write(cue, "säger")
    qtbot.keyClick(cue, Qt.Key.Key_Return)
    assert shown.now("claim").facets["cue"] == "säger"


def test_keys_that_scroll_never_change_a_choice(shown: Shown, qtbot: QtBot) -> None:
    shown.look("claim")
    kind = shown.pane.mark_page.claim.facets["kind"]
    assert isinstance(kind, ChoiceBox)
    before = shown.bridge.workspace.reads.history()
    qtbot.keyClick(kind, Qt.Key.Key_PageDown)
    qtbot.keyClick(kind, Qt.Key.Key_End)
    assert kind.value == "figure" and shown.bridge.workspace.reads.history() == before


def test_speakers_are_offered_nearest_first_and_nobody_too(shown: Shown) -> None:
    shown.look("claim")
    speaker = shown.pane.mark_page.claim.speaker
    assert speaker.value == shown.marks["signe"].key
    speaker.fill()
    offered = [option.value for option in speaker._options]
    assert offered[:2] == [None, shown.marks["signe"].key]
    assert set(offered) == {None, *(shown.marks[name].key for name in ("signe", "bo", "region"))}
    speaker.chosen.emit(shown.marks["bo"].key)
    shown.look("claim")
    assert shown.now("bo").state == "accepted" and speaker.value == shown.marks["bo"].key
    speaker.chosen.emit(None)
    shown.look("claim")
    assert speaker.value is None and shown.now("claim").annotation is not None


def test_the_label_can_be_chosen(shown: Shown, qtbot: QtBot) -> None:
    shown.look("bo")
    shown.pane.focus_label()
    qtbot.keyClick(shown.pane.mark_page.label, Qt.Key.Key_2)
    assert (shown.now("bo").label, shown.now("bo").state) == ("ROLE", "corrected")


def test_a_note_is_stored_with_ctrl_enter_and_when_the_mark_changes(shown: Shown, qtbot: QtBot) -> None:
    note = shown.pane.mark_page.note
    shown.look("bo")
    shown.pane.focus_note()
    assert shown.pane.focusWidget() is note
    write(note, "Vem är det?")
    with qtbot.waitSignal(shown.pane.reader_wanted):
        qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert shown.now("bo").note == "Vem är det?"
    shown.look("region")
    assert note.toPlainText() == ""
    write(note, "Kolla")
    shown.look("bo")
    assert (shown.now("region").note, note.toPlainText()) == ("Kolla", "Vem är det?")


def test_what_is_being_written_survives_a_refresh_and_closing(shown: Shown, qtbot: QtBot) -> None:
    workspace, note = shown.bridge.workspace, shown.pane.mark_page.note
    shown.look("bo")
    write(note, "Inte klar")
    shown.bridge.run(commands.Accept(document=shown.document, key=shown.marks["region"].key))
    shown.pane.refresh()
    assert note.toPlainText() == "Inte klar"
    shown.bridge.set_workspace(None)
    assert [one.note for one in workspace.reads.annotations(shown.document) if one.note] == ["Inte klar"]


def test_escape_gives_the_keyboard_back(shown: Shown, qtbot: QtBot) -> None:
    shown.look("claim")
    page = shown.pane.mark_page
    for field in (page.note, page.label, *page.claim.facets.values()):
        with qtbot.waitSignal(shown.pane.reader_wanted, timeout=500):
            qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_boundary_buttons_say_which_end_how_far(shown: Shown) -> None:
    shown.look("bo")
    asked: list[tuple[str, int, str]] = []
    shown.pane.boundary_wanted.connect(lambda *what: asked.append(what))
    for button in shown.pane.mark_page._boundaries:
        assert button.toolTip() and button.accessibleName()
        button.click()
    assert len(asked) == len(set(asked)) == 8
    assert ("start", -1, "word") in asked and ("end", 1, "character") in asked


def test_another_annotators_mark_cannot_be_changed(shown: Shown) -> None:
    key = shown.marks["claim"].key
    shown.bridge.run(commands.SetFacets(document=shown.document, key=key, facets={"topic": "x"}))
    workspace = shown.bridge.workspace
    with workspace.writer.unrecorded() as work:
        work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES ('other', 'human', 'Kim')")
        work.raw.execute("UPDATE annotations SET annotator_id = 'other'")
    mark = next(m for m in workspace.marks.marks(shown.document) if m.annotator == "other")
    shown.bridge.set_mark(mark)
    shown.pane.refresh()
    page = shown.pane.mark_page
    assert "Kim" in page.facts.text() and page.decide.isHidden() and page.undecide.isHidden()
    assert not page.note.isEnabled() and not page.claim.speaker.isEnabled()


def test_a_hidden_inspector_waits_and_then_catches_up(shown: Shown, qtbot: QtBot) -> None:
    shown.look("bo")
    shown.pane.hide()
    shown.bridge.run(commands.Accept(document=shown.document, key=shown.marks["bo"].key))
    qtbot.wait(20)
    assert "suggested" in words_of(shown.pane)
    shown.pane.show()
    qtbot.waitUntil(lambda: "accepted" in words_of(shown.pane))


def test_undo_of_a_manual_mark_leaves_the_document_on_show(shown: Shown, qtbot: QtBot) -> None:
    done = shown.bridge.run(
        commands.CreateAnnotation(document=shown.document, kind="entity", label="ROLE", spans=(Span(0, 6),))
    )
    assert done is not None
    mark = shown.bridge.workspace.marks.some(shown.document, [done.focus.mark or ""])[0]
    shown.bridge.set_mark(mark)
    shown.pane.refresh()
    assert "by hand" in words_of(shown.pane)
    shown.bridge.undo()
    qtbot.waitUntil(shown.pane.document_page.isVisible)


def test_it_speaks_swedish_at_once(shown: Shown) -> None:
    shown.look("claim")
    set_language("sv")
    shown.pane.retranslate()
    shown.pane.refresh()
    assert "förslag" in words_of(shown.pane)
    assert shown.pane.mark_page.decide.text() == "Godkänn"
    kind = shown.pane.mark_page.claim.facets["kind"]
    assert isinstance(kind, ChoiceBox) and kind.currentText().startswith("Siffra")
    assert kind.accessibleName() == "Slag"


def test_every_field_has_a_name_for_those_who_listen(shown: Shown) -> None:
    shown.look("claim")
    page = shown.pane.mark_page
    fields = [page.label, page.note, page.claim.speaker, *page.claim.facets.values(), *page._boundaries]
    fields += [*shown.pane.document_page.fields.values(), shown.pane.document_page.new_note]
    assert all(field.accessibleName() for field in fields)


def test_the_pane_gives_the_keyboard_to_its_first_field(shown: Shown) -> None:
    shown.pane.setFocus()
    assert shown.pane.focusWidget() is shown.pane.document_page.fields["title"]
    shown.look("bo")
    shown.pane.setFocus()
    assert shown.pane.focusWidget() is shown.pane.mark_page.label


def test_a_project_that_is_read_only_can_be_read_only(tmp_path: Path, qtbot: QtBot) -> None:
    made, document = project(tmp_path)
    made.close()
    workspace = Workspace.open(tmp_path / "p.kurator", read_only=True)
    bridge = Bridge(Settings())
    pane = InspectorPane(bridge)
    qtbot.addWidget(pane)
    pane.show()
    bridge.set_workspace(workspace)
    bridge.open_document(document)
    pane.refresh()
    assert pane.document_page.fields["title"].isReadOnly() and pane.document_page.new_note.isHidden()
    bridge.set_mark(next(mark for mark in workspace.marks.marks(document) if mark.kind == "claim"))
    pane.refresh()
    page = pane.mark_page
    assert page.decide.isHidden() and not page.label.isEnabled() and not page.note.isEnabled()
    assert not any(field.isEnabled() for field in page.claim.facets.values())
    bridge.set_workspace(None)
    workspace.close()


def test_suggestions_that_arrive_are_found_at_the_place(shown: Shown, qtbot: QtBot) -> None:
    shown.look("bo")
    assert shown.pane.mark_page.others.isHidden()
    workspace, info = shown.bridge.workspace, PipelineInfo("other", "1", "h")
    wider = Proposal("entity", "ROLE", (span("Bo Ek håller"),))
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        seq = work.raw.execute("SELECT text_seq FROM documents").fetchone()[0]
        found = Analysis((PROPOSALS["bo"], wider))
        store_analysis(work, workspace.reads, shown.document, seq, run, info, found)
    bo = next(m for m in workspace.marks.marks(shown.document) if m.label == "PERSON")
    arrived = Touched(documents=frozenset({shown.document}), subjects=frozenset({"documents", "suggestions"}))
    shown.bridge.changed.emit(arrived, None)
    shown.bridge.set_mark(bo)
    qtbot.waitUntil(lambda: not shown.pane.mark_page.others.isHidden())
    assert [line.words for line in shown.pane.mark_page.others._lines] == ["Bo Ek håller"]
