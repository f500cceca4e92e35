"""What to decide next: values of documents, the most uncertain suggestions, and probabilities from decisions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import commands
from app.services import thresholds
from app.services.corpus import import_documents
from app.services.doubts import Doubts
from app.services.probabilities import probabilities
from app.services.suggestions import store_analysis
from app.services.worth import Valuing, most_valuable
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import worth_reads, writes
from models.store.corpus_reads import DocumentFilter, document_ids
from models.suggestions import Analysis, PipelineInfo, Proposal
from models.worth import LEAST, weight, worth

WORDS = "Orust 😀 och Tja\u030ader\u00a0med vård\u00adrum " * 8
SCORES = ((0.97, 0.99), (0.5, 0.55, 0.45), (0.5,), ())


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Four documents: sure ones, three doubts, one doubt, nothing."""
    with Workspace.create(tmp_path / "kö.kurator", "Kö", "Åsa") as made:
        sources = [SourceDocument(f"{n}.txt", WORDS + "." * n) for n in range(len(SCORES))]
        items = list(import_documents(made.writer, made.reads, sources))
        for item, scores in zip(items, SCORES, strict=True):
            suggest(made, item.document or "", scores)
        yield made


def suggest(workspace: Workspace, document: str, scores: tuple[float, ...], version: str = "1") -> None:
    info = PipelineInfo("prov", version, "h" + version)
    found = [
        Proposal("entity", "PLACE", (Span(8 * n, 8 * n + 5),), score=score, source="rules/place:towns")
        for n, score in enumerate(scores)
    ]
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        seq = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()[0]
        store_analysis(work, workspace.reads, document, seq, run, info, Analysis(tuple(found)))


def valued(workspace: Workspace, valuing: Valuing | None = None) -> dict[str, float]:
    """Let everything be valued; return name → value."""
    valuing = valuing or Valuing(workspace)
    while valuing.work(0.05):
        pass
    sql = "SELECT d.name, a.value FROM analyses a JOIN documents d ON d.id = a.document_id ORDER BY 1"
    return dict(workspace.reads.connection.execute(sql).fetchall())


def named(workspace: Workspace, name: str) -> str:
    found = workspace.reads.document_by_name(name)
    assert found is not None
    return found


def test_doubts_give_a_document_its_value(workspace: Workspace) -> None:
    values = valued(workspace)
    assert values["1.txt"] > values["2.txt"] > values["0.txt"] > values["3.txt"] == LEAST
    assert not worth_reads.unvalued(workspace.reads, 9)
    wanted = document_ids(workspace.reads, DocumentFilter(order="value", descending=True))
    assert [workspace.reads.document(one).name for one in wanted] == ["1.txt", "2.txt", "0.txt", "3.txt"]


def test_long_documents_and_known_labels_are_worth_less() -> None:
    assert worth([(0.5, 1.0, 3)], 500) > worth([(0.5, 1.0, 3)], 5000)
    assert weight(0) == 1.0 and weight(30) < 0.75 and weight(300) < weight(30)
    assert worth([(1.0, 1.0, 9), (0.0, 1.0, 9)], 100) == LEAST


def test_the_most_valuable_document_is_another_one_that_is_open(workspace: Workspace) -> None:
    valued(workspace)
    first, second = named(workspace, "1.txt"), named(workspace, "2.txt")
    assert most_valuable(workspace) == first
    assert most_valuable(workspace, beside=first) == second
    workspace.run(commands.SetDone(document=first, done=True))
    assert most_valuable(workspace) == second


def test_what_is_decided_teaches_no_more(workspace: Workspace) -> None:
    first = named(workspace, "1.txt")
    before = valued(workspace)["1.txt"]
    key = workspace.marks.marks(first)[0].key
    workspace.run(commands.Reject(document=first, key=key))
    valuing = Valuing(workspace)
    valuing.touch([first])
    assert 0 < valued(workspace, valuing)["1.txt"] < before


def test_a_new_analysis_is_valued_anew(workspace: Workspace) -> None:
    valued(workspace)
    suggest(workspace, named(workspace, "3.txt"), (0.5, 0.5, 0.5, 0.5, 0.5), version="2")
    assert worth_reads.unvalued(workspace.reads, 9) == [named(workspace, "3.txt")]
    values = valued(workspace)
    assert max(values, key=lambda one: values[one]) == "3.txt"


def test_thresholds_hide_from_values_counts_and_doubts(workspace: Workspace) -> None:
    valued(workspace)
    thresholds.set_thresholds(workspace, {"PLACE": 0.9})
    valuing = Valuing(workspace)
    valuing.again()
    values = valued(workspace, valuing)
    assert values["1.txt"] == values["2.txt"] == LEAST < values["0.txt"]
    assert workspace.reads.document(named(workspace, "1.txt")).suggestions == 0
    assert workspace.reads.document(named(workspace, "0.txt")).suggestions == 2
    assert Doubts(workspace).next() is None


def test_doubts_come_nearest_to_one_half_first_each_once_a_round(workspace: Workspace) -> None:
    valued(workspace)
    doubts, met = Doubts(workspace), []
    while (found := doubts.next(named(workspace, "0.txt"))) is not None and found.key not in [one.key for one in met]:
        met.append(found)
    assert [round(one.probability, 2) for one in met] in ([0.5, 0.5, 0.55, 0.45], [0.5, 0.5, 0.45, 0.55])
    assert [one.left for one in met] == [3, 2, 1, 0]
    assert len({one.document for one in met}) == 2


def test_doubts_that_were_decided_do_not_come(workspace: Workspace) -> None:
    valued(workspace)
    doubts = Doubts(workspace)
    first = doubts.next()
    assert first is not None
    one, two = named(workspace, "1.txt"), named(workspace, "2.txt")
    for document in (one, two):
        for mark in workspace.marks.marks(document):
            if mark.key != first.key:
                workspace.run(commands.Accept(document=document, key=mark.key))
    again = doubts.next()
    assert again is not None and again.key == first.key
    workspace.run(commands.Accept(document=first.document, key=first.key))
    assert doubts.next() is None


def test_decisions_move_the_probability(workspace: Workspace, tmp_path: Path) -> None:
    source = SourceDocument("många.txt", WORDS * 8)
    (item,) = import_documents(workspace.writer, workspace.reads, [source])
    document = item.document or ""
    suggest(workspace, document, (0.5,) * 40)
    before = probabilities(workspace.reads).probability("PLACE", "rules/place:towns", 0.5)
    for mark in workspace.marks.marks(document)[:30]:
        workspace.run(commands.Accept(document=document, key=mark.key))
    after = probabilities(workspace.reads)
    assert before == 0.5 and after.probability("PLACE", "rules/place:towns", 0.5) > 0.85
    known = after.known("PLACE", "rules/place:towns", 0.5)
    assert known.basis == "decided" and known.cases >= 25
