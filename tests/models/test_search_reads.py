"""Search: what a query means, where its hits are, and that pages follow each other."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import commands
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.spans import Span
from models.store import search_reads
from models.store.corpus_reads import DocumentFilter, Hit, document_ids, done_documents, listed, progress
from models.store.search_reads import Scope, search, searchable, terms

TEXTS = {
    "a.txt": (
        "Regionen 🙂 satsar på vården. Ra\u030adet i Umeå\u00a0säger nej.\n"
        "Sjuk\u00advård och VÅRDEN på plats."
    ),
    "b.txt": "Rådet säger ja till e-hälsa på vården. Vård, vård och vårdplan.",
    "c.txt": "Ingenting här\x00 utom ett tecken och kommunen.",
    "d.txt": "ŞİŞLİ på vården: Rådet igen.",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.create(tmp_path_factory.mktemp("search") / "p.kurator", "Sök", "Kim") as workspace:
        fill(workspace)
        yield workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "Sök", "Kim") as made:
        fill(made)
        yield made


def fill(workspace: Workspace) -> None:
    sources = [
        SourceDocument(name, text, title=f"Titel {name}", publisher="Ö-regionen" if name < "c" else None)
        for name, text in TEXTS.items()
    ]
    list(import_documents(workspace.writer, workspace.reads, sources))


def found(workspace: Workspace, query: str, scope: Scope = "text") -> list[tuple[str, str]]:
    """Return (name, the words as they stand in the text) of each hit."""
    hits = search(workspace.reads, query, scope=scope)
    return [(hit.name, TEXTS[hit.name][hit.start : hit.end]) for hit in hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("regionen", [("a.txt", "Regionen")]),
        ("på vården", [
            ("a.txt", "på"), ("a.txt", "vården"), ("a.txt", "VÅRDEN"), ("a.txt", "på"),
            ("b.txt", "på"), ("b.txt", "vården"), ("d.txt", "på"), ("d.txt", "vården"),
        ]),
        ('"på vården"', [("a.txt", "på vården"), ("b.txt", "på vården"), ("d.txt", "på vården")]),
        ("”på vården” -nej", [("b.txt", "på vården"), ("d.txt", "på vården")]),
        ('"på vården" -ne*', [("b.txt", "på vården"), ("d.txt", "på vården")]),
        ("vårdp*", [("b.txt", "vårdplan")]),
        ("ingen* -kommunen", []),
        ("kom* ut*", [("c.txt", "utom"), ("c.txt", "kommunen")]),
        ("tecken kom*", [("c.txt", "tecken"), ("c.txt", "kommunen")]),
        ("rådet", [("a.txt", "Ra\u030adet"), ("b.txt", "Rådet"), ("d.txt", "Rådet")]),
        ("ra\u030adet", [("a.txt", "Ra\u030adet"), ("b.txt", "Rådet"), ("d.txt", "Rådet")]),
        ("radet", []),
        ("vard", []),
        ("VÅRD vårdplan", [("b.txt", "Vård"), ("b.txt", "vård"), ("b.txt", "vårdplan")]),
        ("sjuk\u00advård", [("a.txt", "Sjuk\u00advård")]),
        ("Umeå säger", [("a.txt", "Umeå"), ("a.txt", "säger")]),
        ('"umeå säger"', [("a.txt", "Umeå\u00a0säger")]),
        ("e-hälsa", [("b.txt", "e-hälsa")]),
        ("igen", [("d.txt", "igen")]),
        ("vården saknas", []),
        ("-vården", []),
        ("🙂", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_query_finds(project: Workspace, query: str, expected: list[tuple[str, str]]) -> None:
    assert found(project, query) == expected


def test_prefixes_find_the_same_behind_the_first_look(
    project: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = ("vår*", "vår* -ne*", "kom* ut*", "s* -ja", "zz*")
    before = [search(project.reads, query, scope="text") for query in queries]
    assert any(before)
    monkeypatch.setattr(search_reads, "_LOOK_INTO", 10)
    assert [search(project.reads, query, scope="text") for query in queries] == before


def test_context_stands_on_one_line_beside_the_words(project: Workspace) -> None:
    hit = search(project.reads, "sjuk\u00advård", scope="text")[0]
    assert hit.left.endswith("säger nej. ")
    assert hit.match == "Sjuk\u00advård"
    assert hit.right == " och VÅRDEN på plats."
    assert (hit.key, hit.label, hit.title) == (None, None, "Titel a.txt")


def test_only_what_excludes_asks_for_nothing() -> None:
    assert searchable("a -b")
    assert not searchable("-b – …")
    assert [term.unwanted for term in terms("a -b a-b")] == [False, True, False]


@given(st.text(st.sampled_from("ab åä\u030a\"*-:^()+,.{}'\\ \x00\ud800😀ANDORNTE–”"), max_size=20))
def test_no_query_is_an_error(project: Workspace, query: str) -> None:
    for hit in search(project.reads, query, limit=3):
        assert 0 <= hit.start <= hit.end <= len(TEXTS[hit.name])


@given(st.sampled_from(["på", "vår*", "rådet", "och -nej", "s* på"]), st.integers(1, 4))
def test_pages_follow_each_other(project: Workspace, query: str, size: int) -> None:
    whole = search(project.reads, query)
    pages: list[Hit] = []
    while page := search(project.reads, query, limit=size, after=pages[-1] if pages else None):
        assert len(page) <= size
        pages += page
    assert pages == whole
    assert len(whole) > 1


@given(st.data())
def test_every_word_of_a_text_finds_itself(project: Workspace, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    word = data.draw(st.sampled_from([word for word in TEXTS[name].split() if searchable(word)]))
    form = data.draw(st.sampled_from(["NFC", "NFD"]))
    assert name in {hit[0] for hit in found(project, unicodedata.normalize(form, word))}


def annotate(workspace: Workspace, name: str, words: str, label: str = "ORGANISATION") -> str:
    """Make an entity on the first place of ``words`` and return its id."""
    document = workspace.reads.document_by_name(name)
    assert document
    start = TEXTS[name].index(words)
    spans = (Span(start, start + len(words)),)
    workspace.run(commands.CreateAnnotation(document=document, kind="entity", label=label, spans=spans))
    return next(mark.key for mark in workspace.marks.marks(document) if mark.spans == spans)


def test_annotations_are_found_by_quote_label_and_note(workspace: Workspace) -> None:
    key = annotate(workspace, "b.txt", "Rådet")
    other = annotate(workspace, "a.txt", "Umeå", "PLACE")
    document = workspace.reads.document_by_name("a.txt")
    workspace.run(commands.SetNote(document=document, key=other, text="Kolla länet"))
    for query, expected in (("ra\u030adet", key), ("organisation", key), ("länet", other), ("lä*", other)):
        (hit,) = search(workspace.reads, query, scope="annotations")
        assert hit.key == expected, query
    (hit,) = search(workspace.reads, "länet", scope="annotations")
    assert (hit.match, hit.label, hit.note) == ("Umeå", "PLACE", "Kolla länet")
    assert TEXTS["a.txt"][hit.start : hit.end] == "Umeå"
    assert hit.left.endswith("Ra\u030adet i ")
    workspace.undo()
    assert search(workspace.reads, "länet", scope="annotations") == []


def test_both_scopes_go_through_a_document_together(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "d.txt"):
        annotate(workspace, name, TEXTS[name].split()[-1].strip("."), "PLACE")
        annotate(workspace, name, "vården")
    hits = search(workspace.reads, "vården", scope="both")
    assert [(hit.name, hit.key is None) for hit in hits] == [
        ("a.txt", True), ("a.txt", False), ("a.txt", True), ("b.txt", True), ("b.txt", False),
        ("d.txt", True), ("d.txt", False),
    ]  # fmt: skip
    assert [hit.start for hit in hits if hit.name == "a.txt"] == sorted(
        hit.start for hit in hits if hit.name == "a.txt"
    )
    monkeypatch.setattr(search_reads, "_FEW", 1)
    assert search(workspace.reads, "vården", scope="both") == hits
    assert search(workspace.reads, "vården", after=hits[3]) == hits[4:]


def test_a_relation_is_found_at_its_head(workspace: Workspace) -> None:
    head, tail = annotate(workspace, "b.txt", "Rådet"), annotate(workspace, "b.txt", "e-hälsa")
    document = workspace.reads.document_by_name("b.txt")
    workspace.run(commands.CreateRelation(document=document, label="COLLABORATES_WITH", head=head, tail=tail))
    (hit,) = search(workspace.reads, "collaborates", scope="annotations")
    assert (hit.start, hit.end, hit.match, hit.right) == (0, 5, "Rådet", " → e-hälsa")
    assert hit.label == "COLLABORATES_WITH"


def test_removed_and_replaced_texts_are_not_found(workspace: Workspace) -> None:
    a, b = (workspace.reads.document_by_name(name) for name in ("a.txt", "b.txt"))
    assert a and b
    workspace.run(commands.RemoveDocuments(documents=(a,)))
    assert {hit.document for hit in search(workspace.reads, "vården")} == {
        b, workspace.reads.document_by_name("d.txt"),
    }  # fmt: skip
    workspace.run(commands.ReplaceText(document=b, text="Helt annat."))
    assert b not in {hit.document for hit in search(workspace.reads, "vården")}
    assert [hit.document for hit in search(workspace.reads, "annat")] == [b]
    workspace.undo()
    workspace.undo()
    assert len({hit.document for hit in search(workspace.reads, "vården")}) == 3


def test_a_filter_narrows_a_search(project: Workspace) -> None:
    within = DocumentFilter(publisher="Ö-regionen")
    assert {hit.name for hit in search(project.reads, "vården", within=within)} == {"a.txt", "b.txt"}
    assert {hit.name for hit in search(project.reads, "vår*", within=DocumentFilter(words="d.txt"))} == {
        "d.txt"
    }


def test_the_list_is_filtered_in_any_case_and_spelling(project: Workspace) -> None:
    def names(words: str) -> list[str]:
        ids = document_ids(project.reads, DocumentFilter(words=words))
        rows = listed(project.reads, ids)
        return [rows[one].name for one in ids]

    assert names("ö-REG a.txt") == ["a.txt"]
    assert names("o\u0308-reg") == ["a.txt", "b.txt"]
    assert names("Ö-REGIONEN") == ["a.txt", "b.txt"]
    assert names("100%") == names("_") == []


def test_counts_follow_what_is_done(workspace: Workspace) -> None:
    a, b = (workspace.reads.document_by_name(name) for name in ("a.txt", "b.txt"))
    assert a and b
    annotate(workspace, "a.txt", "Umeå", "PLACE")
    workspace.run(commands.SetDone(document=a))
    assert done_documents(workspace.reads) == {a}
    row = listed(workspace.reads, [a, "unknown"])[a]
    assert (row.annotations, row.state, row.open) == (1, "done", 0)
    assert progress(workspace.reads) == (4, 1, 0, 0, 1)
    workspace.run(commands.RemoveDocuments(documents=(a,)))
    assert progress(workspace.reads) == (3, 0, 0, 0, 0)
    assert listed(workspace.reads, [a, b]).keys() == {b}


def test_counts_follow_what_another_process_does(workspace: Workspace) -> None:
    assert progress(workspace.reads) is progress(workspace.reads), "counted once"
    with Workspace.open(workspace.path, share=True) as other:
        other.run(commands.SetDone(document=other.reads.document_by_name("b.txt")))
    assert progress(workspace.reads).done == 1


def test_the_lists_in_every_order_hold_everything(project: Workspace) -> None:
    everything = set(document_ids(project.reads))
    for order in ("name", "title", "date", "publisher", "open", "length"):
        for descending in (False, True):
            wanted = DocumentFilter(order=order, descending=descending)  # type: ignore[arg-type]
            assert set(document_ids(project.reads, wanted)) == everything
    lengths = DocumentFilter(order="length", descending=True)
    first = document_ids(project.reads, lengths)[0]
    assert project.reads.text(first) == max(TEXTS.values(), key=len)


def test_the_indexes_are_used(project: Workspace) -> None:
    """Without them every search would look at all documents: hold the plans, not the time."""
    connection: sqlite3.Connection = project.file.connection
    plans = {
        "SELECT id FROM documents WHERE removed IS NULL ORDER BY name, id": "INDEX documents_by_name",
        "SELECT id FROM documents WHERE text_seq = 1": "documents_by_text",
        "SELECT count(*) FROM annotations WHERE document_id = '' AND annotator_id = ''": "COVERING INDEX",
    }
    for sql, expected in plans.items():
        assert expected in str(connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
