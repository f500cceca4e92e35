"""A pipeline over a corpus: order, staleness, failures and stopping; the pipeline is a fake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app import commands
from app.services import analysis as analysis_module
from app.services import suggestions as suggestions_module
from app.services.analysis import Wishes, analyse_corpus, choose_pipeline, chosen_mapping, chosen_pipeline
from app.services.checks import check_workspace
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span
from models.store import writes
from models.store.unit_of_work import UnitOfWork
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXT = "Åsa 😀 Va\u030axjö\u00a0och vård\u00adplats"


class FakePipeline:
    """Answers every text with one person and one foreign label; ``meanwhile`` happens before each answer."""

    def __init__(self, meanwhile: Callable[[str], None] = lambda document: None, ahead: int = 1) -> None:
        self.info = PipelineInfo("fake", "1", "h", ("PERSON", "PRS", "XYZ"))
        self.meanwhile = meanwhile
        self.ahead = ahead
        self.seen: list[str] = []

    def analyse(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]:
        source, flying = iter(texts), []
        while True:
            while len(flying) < self.ahead and (item := next(source, None)) is not None:
                flying.append(item)
            if not flying:
                return
            document, text = flying.pop(0)
            self.seen.append(document)
            self.meanwhile(document)
            if "FEL" in text:
                yield document, UserError("pipeline.text-failed", reason="x")
                continue
            found = (("PERSON", 0), ("PRS", 1), ("XYZ", 2), ("CLAIM", 3))
            yield document, Analysis(tuple(Proposal("entity", one, (Span(at, at + 1),)) for one, at in found))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "p", "Anna") as made:
        add(made, *(f"{letter}.txt" for letter in "abcdef"))
        yield made


def add(workspace: Workspace, *names: str, text: str = TEXT) -> None:
    sources = [SourceDocument(name, f"{text} {name}") for name in names]
    list(import_documents(workspace.writer, workspace.reads, sources))


def id_of(workspace: Workspace, name: str) -> str:
    found = workspace.reads.document_by_name(name)
    assert found is not None
    return found


def names(workspace: Workspace, ids: Iterable[str]) -> str:
    rows = {one.id: one.name for one in workspace.reads.documents(list(ids))}
    return "".join(rows[one][0] for one in ids)


def suggestions(workspace: Workspace, name: str) -> list[str]:
    rows = workspace.reads.connection.execute(
        "SELECT label FROM suggestions WHERE document_id = ? ORDER BY start", (id_of(workspace, name),)
    )
    return [label for (label,) in rows]


def test_every_document_once_in_order(workspace: Workspace) -> None:
    told: list[tuple[int, int]] = []
    pipeline = FakePipeline()
    report = analyse_corpus(workspace, pipeline, progress=lambda done, total, _: told.append((done, total)))
    assert names(workspace, pipeline.seen) == "abcdef"
    assert (report.documents, report.suggestions, report.stale, report.failed) == (6, 12, 0, [])
    assert told == [(number, 6) for number in range(1, 7)]
    assert analyse_corpus(workspace, FakePipeline()).documents == 0


def test_another_version_of_the_pipeline_looks_again(workspace: Workspace) -> None:
    analyse_corpus(workspace, FakePipeline())
    newer = FakePipeline()
    newer.info = replace(newer.info, version="2")
    assert analyse_corpus(workspace, newer).documents == 6


def test_what_is_on_screen_goes_first_whenever_it_comes_there(workspace: Workspace) -> None:
    on_screen = [id_of(workspace, "d.txt")]
    pipeline = FakePipeline(lambda document: on_screen.insert(0, id_of(workspace, "f.txt")))
    analyse_corpus(workspace, pipeline, Wishes(first=lambda: on_screen))
    assert names(workspace, pipeline.seen) == "dfabce"


def test_labels_are_mapped_and_foreign_ones_left_out(workspace: Workspace) -> None:
    analyse_corpus(workspace, FakePipeline())
    # PRS is guessed, XYZ is nobody's, and an entity cannot be called CLAIM.
    assert suggestions(workspace, "a.txt") == ["PERSON", "PERSON"]
    wishes = Wishes(again=True, mapping={"XYZ": "PLACE", "PERSON": None, "PRS": "NO_SUCH"})
    analyse_corpus(workspace, FakePipeline(), wishes)
    assert suggestions(workspace, "a.txt") == ["PLACE"]


def test_only_some_documents(workspace: Workspace) -> None:
    wanted = [id_of(workspace, "b.txt"), id_of(workspace, "e.txt")]
    pipeline = FakePipeline()
    analyse_corpus(workspace, pipeline, Wishes(only=wanted))
    assert names(workspace, pipeline.seen) == "be"
    analyse_corpus(workspace, pipeline, Wishes(only=wanted, again=True))
    assert names(workspace, pipeline.seen) == "bebe"


def test_an_answer_to_a_replaced_text_is_dropped_and_the_new_text_analysed(workspace: Workspace) -> None:
    document = id_of(workspace, "c.txt")

    def replaced(seen: str) -> None:
        if seen == document and pipeline.seen.count(document) == 1:
            workspace.run(commands.ReplaceText(document=document, text="Ny text, helt annan."))

    pipeline = FakePipeline(replaced)
    report = analyse_corpus(workspace, pipeline)
    assert report.stale == 1 and report.documents == 6
    assert names(workspace, pipeline.seen) == "abcdefc"


def test_a_removed_document_is_left_out(workspace: Workspace) -> None:
    gone = (id_of(workspace, "c.txt"), id_of(workspace, "d.txt"))

    def remove(seen: str) -> None:
        if len(pipeline.seen) == 3:
            workspace.run(commands.RemoveDocuments(documents=gone))

    pipeline = FakePipeline(remove)
    report = analyse_corpus(workspace, pipeline)
    assert (report.documents, report.stale) == (4, 1)
    assert gone[1] not in pipeline.seen


def test_documents_that_come_meanwhile_are_taken_too(workspace: Workspace) -> None:
    pipeline = FakePipeline(lambda _: add(workspace, "g.txt") if len(pipeline.seen) == 2 else None)
    told: list[tuple[int, int]] = []
    analyse_corpus(workspace, pipeline, progress=lambda done, total, _: told.append((done, total)))
    assert names(workspace, pipeline.seen) == "abcdefg"
    assert told[-1] == (7, 7)


def test_a_text_that_fails_is_reported_and_not_tried_twice(workspace: Workspace) -> None:
    add(workspace, "x.txt", text="FEL")
    pipeline = FakePipeline(ahead=3)
    report = analyse_corpus(workspace, pipeline, Wishes(gentle=True))
    assert [(document, error.code) for document, error in report.failed] == [
        (id_of(workspace, "x.txt"), "pipeline.text-failed")
    ]
    assert report.documents == 6 and len(pipeline.seen) == 7


def test_a_text_left_out_of_an_exchange_keeps_its_suggestions(workspace: Workspace) -> None:
    analyse_corpus(workspace, FakePipeline())
    document = id_of(workspace, "a.txt")
    workspace.reads.connection.execute("UPDATE texts SET text = NULL WHERE document_id = ?", (document,))
    pipeline = FakePipeline()
    analyse_corpus(workspace, pipeline, Wishes(again=True))
    assert document not in pipeline.seen and suggestions(workspace, "a.txt") == ["PERSON", "PERSON"]


def test_stopping_keeps_what_is_stored(workspace: Workspace) -> None:
    pipeline = FakePipeline()
    report = analyse_corpus(workspace, pipeline, cancelled=lambda: len(pipeline.seen) >= 2)
    assert report.cancelled and report.documents == 2
    rest = FakePipeline()
    analyse_corpus(workspace, rest)
    assert names(workspace, rest.seen) == "cdef"


class ManyPipeline(FakePipeline):
    """Proposes the same letters under several labels, many hundreds of them, one label more in version 2."""

    def analyse(self, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Analysis | UserError]]:
        labels = ("PERSON", "PLACE", "ROLE") if self.info.version == "1" else ("PERSON", "EVENT")
        for document, text in texts:
            self.meanwhile(document)
            found = [Proposal("entity", label, (Span(at, at + 1),)) for label in labels for at in range(len(text))]
            relation = Proposal("relation", "SAME_AS", head=0, tail=1)
            yield document, Analysis((*found, found[0], relation), (Span(0, 3),))


def dumped(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return everything that an analysis leaves, but for when."""
    one = workspace.reads.connection.execute
    rows = one("SELECT * FROM suggestions ORDER BY document_id, id").fetchall()
    rows += one("SELECT document_id, text_seq, run_seq, suggestions FROM analyses").fetchall()
    return rows + one("SELECT furniture, furniture_by FROM documents ORDER BY id").fetchall()


def many(version: str = "1") -> ManyPipeline:
    pipeline = ManyPipeline()
    pipeline.info = replace(pipeline.info, version=version)
    return pipeline


def test_much_is_stored_in_pieces_with_the_same_result(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    wishes = Wishes(again=True)
    analyse_corpus(workspace, many(), wishes)
    analyse_corpus(workspace, many("2"), wishes)
    whole = dumped(workspace)
    monkeypatch.setattr(suggestions_module, "PIECE", 7)
    monkeypatch.setattr(analysis_module, "PIECE", 7)
    analyse_corpus(workspace, many(), wishes)
    assert dumped(workspace) != whole
    analyse_corpus(workspace, many("2"), wishes)
    assert dumped(workspace) == whole
    assert check_workspace(workspace) == []


def test_pieces_cut_off_anywhere_are_done_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions_module, "PIECE", 7)
    monkeypatch.setattr(analysis_module, "PIECE", 7)
    analyse_corpus(workspace, many())
    whole, put = dumped(workspace), writes.put_suggestions
    for pieces in (0, 1, 3):
        left = [pieces]

        def failing(work: UnitOfWork, rows: Sequence[writes.SuggestionRow], left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            put(work, rows)

        with monkeypatch.context() as patched:
            patched.setattr(writes, "put_suggestions", failing)
            with pytest.raises(KeyboardInterrupt):
                analyse_corpus(workspace, many(), Wishes(again=True))
        assert check_workspace(workspace) == []
        assert analyse_corpus(workspace, many()).documents == 1
        assert dumped(workspace) == whole


def test_the_choice_is_kept_with_the_project(workspace: Workspace) -> None:
    assert (chosen_pipeline(workspace), chosen_mapping(workspace)) == ("built-in", None)
    choose_pipeline(workspace, "sv_x", {"PRS": "PERSON", "TME": None})
    assert chosen_pipeline(workspace) == "sv_x"
    assert chosen_mapping(workspace) == {"PRS": "PERSON", "TME": None}
    choose_pipeline(workspace, "sv_x")
    assert chosen_mapping(workspace) is None
