"""Other tools' annotations into a project: matched, mapped, once, and nothing dropped silently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.formats.contract import ExportOptions
from app.formats.layers import DocumentNote, LayerDocument, Link, Losses, Passage, Refusal
from app.formats.reading import LayerSource
from app.services.corpus import import_documents
from app.services.foreign import ForeignReport, ForeignWishes, import_layers
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span
from models.store.export_reads import ExportReads

TEXT = "Anna 😀 Ek i va\u030arlag vid Region\u00a0Norrby sa\u00adde: vården blir bättre."


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


def document(**more: Any) -> LayerDocument:
    fields: dict[str, Any] = {
        "name": "sida.txt",
        "text": TEXT,
        "metadata": {"publisher": "Norrby", "licens": "CC0"},
        "language": "sv",
        "passages": (
            Passage("T1", "entity", "PERSON", (*at("Anna"), *at("Ek")), note="säker?", score=0.5),
            Passage("T2", "entity", "organisation", at("Region\u00a0Norrby"), {"okänd": "x"}),
            Passage("T3", "entity", "CLAIM", at("vården blir bättre"), {"kind": "forecast", "negated": "false"}),
            Passage("T4", "entity", "HUND", at("va\u030arlag")),
            Passage("T5", "entity", "PLACE", at("Norrby"), state="rejected", score=0.25, annotator="Bo"),
            Passage("T6", "entity", "EVENT", at("va\u030arlag"), state="suggested", score=0.75),
        ),
        "links": (
            Link("R1", "ATTRIBUTED_TO", "T3", "T1", annotator="Bo"),
            Link("R2", "WORKS_FOR", "T1", "T9"),
        ),
        "notes": (DocumentNote("Bo", "Läs om 😀"),),
    }
    return LayerDocument(**fields | more)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "Prov", "Eva") as workspace:
        yield workspace


def take(workspace: Workspace, *items: LayerDocument | Refusal, **wishes: Any) -> ForeignReport:
    return import_layers(workspace.writer, workspace.reads, items, ForeignWishes("prov", **wishes))


def rows(workspace: Workspace) -> list[Any]:
    tables = ("annotations", "suggestions", "decisions", "documents", "annotators", "notes", "label_sets", "texts")
    connection = workspace.file.connection
    return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]


def layers(workspace: Workspace, **options: Any) -> list[LayerDocument]:
    source = LayerSource(workspace.reads, ExportOptions(**options), Losses())
    return list(source.documents(ExportReads(workspace.reads, None, False).documents()))


def test_what_comes_in_is_what_stands(project: Workspace) -> None:
    report = take(project, document())
    expected = {"added": 1, "entities": 2, "claims": 1, "relations": 1, "suggestions": 2, "decisions": 1, "notes": 1}
    assert dict(report.counts) == expected
    (found,) = layers(project, rejected=True, suggestions=True)
    assert (found.name, found.text, found.metadata["publisher"]) == ("sida.txt", TEXT, "Norrby")
    people = {one.id: one.name for one in project.reads.annotators()}
    seen = {
        (one.kind, one.label, one.spans, tuple(one.facets.items()), people.get(one.annotator, ""), one.state)
        for one in found.passages
    }
    assert seen == {
        ("entity", "PERSON", (*at("Anna"), *at("Ek")), (), "Eva", "manual"),
        ("entity", "ORGANISATION", at("Region\u00a0Norrby"), (), "Eva", "manual"),
        ("claim", "CLAIM", at("vården blir bättre"), (("kind", "forecast"), ("negated", False)), "Eva", "manual"),
        ("entity", "PLACE", at("Norrby"), (), "Bo", "rejected"),
        ("entity", "EVENT", at("va\u030arlag"), (), "", "suggested"),
    }
    first = next(one for one in found.passages if one.label == "PERSON")
    assert first.note == "säker?" and first.origin["id"] == "T1" and first.origin["format"] == "prov"
    assert [(one.label, people[one.annotator]) for one in found.links] == [("ATTRIBUTED_TO", "Bo")]
    assert [(people[one.annotator], one.text) for one in found.notes] == [("Bo", "Läs om 😀")]
    states = {mark.label: mark.state for mark in project.marks.marks(found.id)}
    assert states["EVENT"] == "suggested"


def test_nothing_is_dropped_silently(project: Workspace) -> None:
    report = take(project, Refusal("x.ann", 3, "formats.other-text", {"name": "x"}), document())
    assert report.unknown_labels == {"HUND": 1}
    assert [(one.file, one.line, one.code) for one in report.refused] == [
        ("x.ann", 3, "formats.other-text"),
        ("sida.txt", None, "formats.end-missing"),
    ]
    assert [(one.code, one.count) for one in report.left] == [("formats.left-facet", 1)]


def test_twice_changes_nothing(project: Workspace) -> None:
    take(project, document())
    before = rows(project)
    report = take(project, document())
    assert rows(project) == before
    assert report.counts["unchanged"] == 1 and not report.documents


def test_twice_changes_nothing_after_a_correction_here(project: Workspace) -> None:
    from app import commands as c

    take(project, document())
    (found,) = layers(project)
    key = next(one.id for one in found.passages if one.label == "PERSON")
    project.run(c.MoveBoundaries(document=found.id, key=key, spans=at("Anna")))
    before = rows(project)
    take(project, document())
    assert rows(project) == before


def test_what_was_exported_from_here_is_known(project: Workspace) -> None:
    take(project, document())
    before = rows(project)
    take(project, *layers(project, rejected=True, suggestions=True))
    assert rows(project) == before


def test_equal_passages_stay_as_many_as_they_are(project: Workspace) -> None:
    twin = Passage("A", "entity", "PERSON", at("Anna"))
    take(project, document(passages=(twin, twin._replace(id="B")), links=()))
    before = rows(project)
    take(project, document(passages=(twin, twin._replace(id="B")), links=()))
    assert rows(project) == before
    (found,) = layers(project)
    assert len(found.passages) == 2


def test_documents_are_known_by_name_or_by_text(project: Workspace) -> None:
    sources = [SourceDocument(name=name, text=text) for name, text in (("a/sida.txt", TEXT), ("b.txt", TEXT + "!"))]
    list(import_documents(project.writer, project.reads, sources))
    report = take(project, document(), document(name="b.txt"))
    assert report.counts["updated"] == 1 and report.counts["added"] == 0
    assert ("b.txt", "formats.other-text") in [(one.file, one.code) for one in report.refused]


def test_labels_are_mapped_added_or_refused(project: Workspace) -> None:
    report = take(project, document(), mapping={"HUND": "EVENT", "PERSON": None}, add_labels=True)
    assert report.unknown_labels == {"PERSON": 1} and not report.added_labels
    assert report.counts["entities"] == 2
    link = Link("R9", "MÖTTE", "T1", "T2")
    report = take(project, document(name="c.txt", text=TEXT + " ", links=(link,)), add_labels=True)
    assert report.added_labels == ("HUND", "MÖTTE") and not report.unknown_labels
    labels = project.reads.label_set()
    assert labels.version == 2 and labels.kinds["HUND"] == "entity"
    assert labels.allows("MÖTTE", "PERSON", "ORGANISATION") and not labels.allows("MÖTTE", "PLACE", "PLACE")
    with pytest.raises(UserError, match=r"label\.unknown"):
        take(project, document(), mapping={"HUND": "KATT"})


def test_the_unsigned_is_somebodys(project: Workspace) -> None:
    take(project, document(), annotator="Carin")
    names = {one.name for one in project.reads.annotators()}
    assert names == {"Eva", "Bo", "Carin"}
    (found,) = layers(project)
    carin = next(one.id for one in project.reads.annotators() if one.name == "Carin")
    assert {one.annotator for one in found.passages} == {carin}


def test_ends_may_lie_in_a_later_document(project: Workspace) -> None:
    near = Passage("D1", "claim", "CLAIM", at("vården blir bättre"))
    far = Passage("D2", "claim", "CLAIM", at("vården blir bättre"))
    one = document(passages=(near,), links=(Link("R", "REPEATS", "D1", "D2"),), notes=())
    two = document(name="två.txt", text=TEXT + "?", passages=(far,), links=(), notes=())
    assert [one.code for one in take(project, one, two).refused] == ["formats.end-missing"]
    report = take(project, one, two, far_links=True)
    assert report.counts["relations"] == 1 and not report.refused
    before = rows(project)
    take(project, one, two, far_links=True)
    assert rows(project) == before
    third = document(name="tre.txt", text=TEXT + ".", passages=(far,), links=(), notes=())
    assert len(take(project, one, two, third, far_links=True).refused) == 1  # which D2 is meant?


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ((Span(5, 999),), "span.outside-text"),
        ((Span(4, 4),), "span.empty"),
        ((Span(0, 5), Span(3, 8)), "span.crossing"),
        ((), "span.empty"),
        ((("a", "b"),), "span.not-a-span"),
    ],
)
def test_impossible_places_are_refused(project: Workspace, spans: Any, code: str) -> None:
    report = take(project, document(passages=(Passage("X", "entity", "PERSON", spans),), links=()))
    assert [one.code for one in report.refused] == [code]
    assert report.counts["added"] == 1


@pytest.mark.parametrize("text", ["", "a\0b", "x\ud800y"])
def test_impossible_texts_are_refused(project: Workspace, text: str) -> None:
    before = rows(project)
    report = take(project, LayerDocument("x", text))
    assert len(report.refused) == 1 and rows(project) == before


def test_all_or_nothing(project: Workspace) -> None:
    before = rows(project)

    def broken() -> Iterator[LayerDocument]:
        yield document()
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError):
        import_layers(project.writer, project.reads, broken(), ForeignWishes("prov"))
    asked: list[int] = []

    def late() -> bool:
        asked.append(1)
        return len(asked) > 3  # the file is read, the first document is in

    items = [document(), document(name="två.txt", text=TEXT + "?")]
    for cancelled in (lambda: True, late):
        report = import_layers(project.writer, project.reads, items, ForeignWishes("prov"), cancelled=cancelled)
        assert report.cancelled
    assert rows(project) == before


def test_undo_does_not_reach_under_what_came_in(project: Workspace) -> None:
    from app import commands as c

    list(import_documents(project.writer, project.reads, [SourceDocument(name="sida.txt", text="Kort.")]))
    identity = project.reads.document_by_name("sida.txt")
    assert identity is not None
    project.run(c.ReplaceText(document=identity, text=TEXT))
    take(project, document())
    assert project.undo() is None


def test_suggested_relations_between_what_stands(project: Workspace) -> None:
    from app import commands as c

    links = (
        Link("R1", "ATTRIBUTED_TO", "T3", "T1", state="suggested", score=0.5),
        Link("R2", "LOCATED_IN", "T2", "T6", state="suggested", score=0.5),
        Link("R3", "WORKS_FOR", "T1", "T2", state="rejected", score=0.5, annotator="Bo"),
    )
    passages = (*document().passages[:-1], document().passages[-1]._replace(label="PLACE"))
    report = take(project, document(passages=passages, links=links))
    assert not report.refused
    before = rows(project)
    take(project, document(passages=passages, links=links))
    assert rows(project) == before
    (found,) = layers(project, suggestions=True, rejected=True)
    assert {(one.label, one.state) for one in found.links} == {
        ("ATTRIBUTED_TO", "suggested"),
        ("LOCATED_IN", "suggested"),
        ("WORKS_FOR", "rejected"),
    }
    marks = {mark.label: mark for mark in project.marks.marks(found.id)}
    assert marks["ATTRIBUTED_TO"].state == "suggested"
    project.run(c.Accept(document=found.id, key=marks["ATTRIBUTED_TO"].key))
    (found,) = layers(project)
    names = {one.id: one.label for one in found.passages}
    assert [(names[one.head], names[one.tail]) for one in found.links] == [("CLAIM", "PERSON")]
