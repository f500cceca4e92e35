"""Tables sorted by SQLite, and what is read about a place, agree with the marks that the reader shows."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from app import commands
from app.services.annotation_views import DocumentViews, filter_words
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace
from models.documents import SourceDocument
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.store.inspector_reads import SuggestionIndex, annotations_overlapping, orphans
from models.store.table_reads import Listing, TableQuery, Word
from models.store.table_rows import AnnotationRow
from models.suggestions import Analysis, Kind, PipelineInfo, Proposal

WORDS = (
    "Region A\u030adalen 😀 säger nej\u00a0tack till hem\u00adsjukvård utan personal, menar Bo Ek"
)
SORTS = {
    "claim": ("text", "quote", "facet:kind", "speaker", "document", "state", "note"),
    "relation": ("text", "head", "label", "tail", "document", "state", "note"),
}


def analysis(text: str, seed: int) -> Analysis:
    """Return many overlapping proposals, no two of a label at one place."""
    chance, places = random.Random(seed), set()
    found: list[Proposal] = []
    while len(found) < 40:
        kind: Kind = "claim" if len(found) % 3 == 0 else "entity"
        start = chance.randrange(len(text) - 20)
        place = (kind, start, start + chance.randrange(3, 18))
        if place not in places:
            places.add(place)
            facets = {"kind": chance.choice(["fact", "figure"])} if kind == "claim" else {}
            label = "CLAIM" if kind == "claim" else "PERSON"
            found.append(Proposal(kind, label, (Span(*place[1:]),), facets=facets, score=0.5))
    claims = [n for n, one in enumerate(found) if one.kind == "claim"]
    people = [n for n, one in enumerate(found) if one.kind == "entity"]
    pairs = {(claim, chance.choice(people)) for claim in claims[::2]}
    relations = [Proposal("relation", "ATTRIBUTED_TO", (), *pair) for pair in sorted(pairs)]
    return Analysis((*found, *relations))


def project(folder: Path) -> tuple[Workspace, list[str]]:
    workspace = Workspace.create(folder / "p.kurator", "p", "Maja")
    texts = [SourceDocument(f"{n}.txt", f"{n}: " + " ".join([WORDS] * 4)) for n in range(3)]
    made = [item.document for item in import_documents(workspace.writer, workspace.reads, texts)]
    info = PipelineInfo("rules", "2", "h")
    for number, document in enumerate(made):
        assert document is not None
        with workspace.writer.unrecorded() as work:
            run = writes.ensure_run(work, info)
            query = "SELECT text_seq FROM documents WHERE id = ?"
            seq = work.raw.execute(query, (document,)).fetchone()[0]
            found = analysis(workspace.reads.text(document), number)
            store_analysis(work, workspace.reads, document, seq, run, info, found)
    return workspace, [document for document in made if document]


def judge(workspace: Workspace, documents: list[str], seed: int) -> None:
    """Accept, reject, note and change things here and there."""
    chance = random.Random(seed)
    for document in documents:
        for mark in workspace.marks.marks(document):
            if mark.kind == "relation" or chance.random() < 0.4:
                continue
            command = chance.choice(
                [
                    commands.Accept(document=document, key=mark.key),
                    commands.Reject(document=document, key=mark.key),
                    commands.Accept(document=document, key=mark.key),
                    commands.SetNote(document=document, key=mark.key, text=chance.choice(["Hm", "aha"])),
                ]
            )
            workspace.run(command)
        for mark in workspace.marks.marks(document):
            if mark.kind == "relation" and mark.state == "suggested" and chance.random() < 0.5:
                ends = workspace.marks.some(document, [mark.head or "", mark.tail or ""])
                if all(end.state != "rejected" for end in ends):
                    workspace.run(commands.Accept(document=document, key=mark.key))


def rows(workspace: Workspace, query: TableQuery) -> list[AnnotationRow]:
    """Return a whole table, checked to be the same in one page and in small ones."""
    listing = Listing(workspace.path, query)
    try:
        assert listing.fill()
        whole = listing.rows(0, listing.count + 5)
        pages = [row for first in range(0, listing.count, 7) for row in listing.rows(first, 7)]
        assert whole == pages and len(whole) == listing.count
        found = [row for row in whole if row is not None]
        assert len(found) == listing.count
        assert all(listing.number_of(row.key) == number for number, row in enumerate(found))
        return found
    finally:
        listing.close()


def shown(workspace: Workspace, document: str, kind: str, suggestions: bool) -> list[Mark]:
    """Return what a table shows: relations that end on something rejected are no longer proposed."""
    states = {"accepted", "corrected", "manual"} | ({"suggested"} if suggestions else set())
    marks = workspace.marks.marks(document)
    refused = {mark.key for mark in marks if mark.state == "rejected"}
    return [
        mark
        for mark in marks
        if mark.kind == kind and mark.state in states and not refused & {mark.head, mark.tail}
    ]


@pytest.fixture
def judged(tmp_path: Path):  # type: ignore[no-untyped-def]
    workspace, documents = project(tmp_path)
    judge(workspace, documents, 7)
    yield workspace, documents
    workspace.close()


@pytest.mark.parametrize("kind", ["claim", "relation"])
@pytest.mark.parametrize("suggestions", [False, True])
def test_a_table_lists_what_the_reader_shows(judged, kind: Kind, suggestions: bool) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    me = workspace.reads.me
    wanted = {d: {m.key: m for m in shown(workspace, d, kind, suggestions)} for d in documents}
    assert sum(map(len, wanted.values())) > 4
    for scope in (*documents, None):
        found = rows(workspace, TableQuery(kind, me, document=scope, suggestions=suggestions))
        here = {scope: wanted[scope]} if scope else wanted
        assert {(row.document, row.key) for row in found} == {
            (d, k) for d, marks in here.items() for k in marks
        }
        for row in found:
            mark = wanted[row.document][row.key]
            assert (row.state, row.label, row.note) == (mark.state, mark.label, mark.note)
            text = workspace.reads.text(row.document)
            if kind == "claim":
                assert row.quote == text[slice(*mark.spans[0])] and row.facets == mark.facets
            else:
                assert row.head and row.tail and (row.head_label, row.tail_label) == ("CLAIM", "PERSON")


@pytest.mark.parametrize("kind", ["claim", "relation"])
def test_every_order_holds_the_same_rows(judged, kind: Kind) -> None:  # type: ignore[no-untyped-def]
    workspace, _ = judged
    me, keys = workspace.reads.me, None
    for sort in SORTS[kind]:
        for descending in (False, True):
            found = rows(
                workspace, TableQuery(kind, me, suggestions=True, sort=sort, descending=descending)
            )
            assert keys in (None, sorted(row.key for row in found))
            keys = sorted(row.key for row in found)
            said = [_said(row, sort) for row in found]
            filled = [value for value in said if value]
            assert said[: len(filled)] == filled, "what has no value comes last"
            if sort != "text":
                assert filled == sorted(filled, reverse=descending), (sort, descending)


def _said(row: AnnotationRow, sort: str) -> str:
    if sort.startswith("facet:"):
        return str(row.facets.get(sort[6:], ""))
    if sort in ("quote", "speaker", "head", "tail", "note"):
        words = getattr(row, sort) or ""
        # SQLite's NOCASE knows a to z; and annotations sort as JSON, whose closing bracket ends a quote.
        small = "".join(c.lower() if c.isascii() else c for c in words)
        return small + '"]' if small and sort != "note" else small
    return {"text": row.name, "document": row.name, "label": row.label, "state": row.state}[sort]


def test_speakers_of_claims_are_found_whoever_said_so(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    found = rows(workspace, TableQuery("claim", workspace.reads.me, suggestions=True))
    speaking = {row.key: row.speaker for row in found if row.speaker}
    assert len(speaking) > 3
    for document in documents:
        views = DocumentViews(workspace, document)
        for mark in shown(workspace, document, "claim", True):
            speaker = views.view(mark).speaker
            if speaker is not None:
                assert speaking[mark.key] == speaker.quote


def test_filter_words_in_any_case_and_composition(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, _ = judged
    me = workspace.reads.me
    every = rows(workspace, TableQuery("claim", me, suggestions=True))
    for typed in ("ÅDALEN", "a\u030adalen", "BO", "hm", "%", "_", "'", "region nej"):
        words = filter_words(workspace, "claim", typed, "en")
        found = rows(workspace, TableQuery("claim", me, suggestions=True, words=words))
        assert len(found) < len(every) or typed == "'" or not found, typed
    figures = filter_words(workspace, "claim", "siffra", "sv")
    assert figures == (Word("siffra", (), (("kind", "figure"),)),)
    found = rows(workspace, TableQuery("claim", me, suggestions=True, words=figures))
    assert found and {row.facets["kind"] for row in found} == {"figure"}


def test_a_row_that_goes_is_none_and_one_that_changes_is_read_anew(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    made = workspace.run(
        commands.CreateAnnotation(document=documents[0], kind="claim", label="CLAIM", spans=(Span(0, 2),))
    )
    assert made.focus.mark is not None
    listing = Listing(workspace.path, TableQuery("claim", workspace.reads.me, document=documents[0]))
    assert listing.fill()
    number = listing.number_of(made.focus.mark)
    assert number is not None
    workspace.run(commands.SetNote(document=documents[0], key=made.focus.mark, text="Ny"))
    (row,) = listing.rows(number, 1)
    assert row is not None and row.note == "Ny"
    workspace.run(commands.Delete(document=documents[0], keys=(made.focus.mark,)))
    assert listing.rows(number, 1) == [None]
    listing.close()


def test_filling_can_be_stopped_from_another_thread(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, _ = judged
    listing = Listing(workspace.path, TableQuery("claim", workspace.reads.me, suggestions=True))
    results: list[bool] = []
    # This one never ends by itself.
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    slow += "INSERT INTO listing SELECT i, 0 FROM n"

    def never_ending(_: object) -> None:
        listing._connection.execute("CREATE TEMP TABLE listing (document TEXT, key TEXT)")
        listing._connection.execute(slow)

    listing._list = never_ending  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: results.append(listing.fill()))
    thread.start()
    listing.cancel()
    thread.join(30)
    assert results == [False]
    listing.close()


def test_what_lies_at_a_place_is_what_a_search_of_all_finds(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    for document in documents:
        index = SuggestionIndex(workspace.reads, document)
        stored = workspace.reads.connection.execute(
            'SELECT id, start, "end" FROM suggestions WHERE document_id = ? AND start IS NOT NULL',
            (document,),
        ).fetchall()
        made = workspace.reads.annotations(document)
        for start in range(0, 300, 11):
            place = Span(start, start + 9)
            assert set(index.overlapping(place)) == {k for k, a, b in stored if Span(a, b).overlaps(place)}
            found = {one.id for one in made if one.spans and any(s.overlaps(place) for s in one.spans)}
            assert set(annotations_overlapping(workspace.reads, document, place)) == found
            nearest = index.nearest(["PERSON", "CLAIM"], start, 5)
            begins = {key: begin for key, begin, _ in stored}
            away = sorted(abs(begin - start) for begin in begins.values())[:5]
            assert [abs(begins[key] - start) for key in nearest] == away


def test_links_of_a_mark_are_its_relations(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    seen = 0
    for document in documents:
        views = DocumentViews(workspace, document)
        marks = workspace.marks.marks(document)
        relations = [mark for mark in marks if mark.kind == "relation"]
        for mark in marks:
            if mark.kind == "relation":
                assert [end.key for end in views.view(mark).ends]
                continue
            names = {mark.key, mark.annotation, mark.suggestion} - {None}
            wanted = {one.key for one in relations if names & {one.head, one.tail}}
            assert {link.key for link in views.view(mark).links} == wanted
            seen += len(wanted)
    assert seen > 20


def test_a_relation_from_another_document_is_shown_at_both_ends(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    keys = [
        workspace.run(
            commands.CreateAnnotation(document=d, kind="claim", label="CLAIM", spans=(Span(0, 9),))
        ).focus.mark
        for d in documents[:2]
    ]
    assert keys[0] and keys[1]
    workspace.run(
        commands.CreateRelation(
            document=documents[0], label="SUPPORTS", head=keys[0], tail=keys[1], tail_document=documents[1]
        )
    )
    for here, there in ((0, 1), (1, 0)):
        mark = next(m for m in workspace.marks.some(documents[here], [keys[here]]) if m.key == keys[here])
        (link,) = DocumentViews(workspace, documents[here]).view(mark).links
        assert link.outgoing is (here == 0) and link.document == documents[0]
        assert (link.other.document, link.other.key) == (documents[there], keys[there])
    (row,) = rows(
        workspace,
        TableQuery("relation", workspace.reads.me, sort="tail", words=(Word("SUPP", ("SUPPORTS",)),)),
    )
    assert row.head and row.tail and row.head != row.tail


def test_orphans_are_listed_with_their_quote(judged) -> None:  # type: ignore[no-untyped-def]
    workspace, documents = judged
    assert orphans(workspace.reads, documents[0]) == []
    kept = {
        one.id: one.exact[0] for one in workspace.reads.annotations(documents[0]) if one.kind != "relation"
    }
    workspace.run(commands.ReplaceText(document=documents[0], text="Ingenting är kvar."))
    lost = orphans(workspace.reads, documents[0])
    assert {one.annotation: one.quote for one in lost}.items() <= kept.items() and len(lost) > 3
    assert all(one.mine for one in lost)
