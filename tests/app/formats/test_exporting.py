"""From a project to a file: what is narrowed, simplified, put in place, and told in the data card."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app import commands as c
from app.formats.atomic import MARK, replacing_folder, replacing_path
from app.formats.contract import ExportOptions, Format, Holds, WriteContext
from app.formats.exporting import export
from app.formats.layers import LayerDocument, Loss, Losses, Passage
from app.formats.registry import format_named
from app.formats.simplify import flattened, simplifier
from app.messages import set_language
from app.workspace import Workspace
from models.errors import EnvironmentFault, UserError
from models.spans import Span


class Taker:
    """A format that keeps what it is given."""

    def __init__(self, **more: Any) -> None:
        self.seen: list[LayerDocument] = []
        self.context: WriteContext | None = None
        everything = Holds("kept", "kept", "kept", "kept", "kept", "kept", "kept", "kept", "kept")
        beside = frozenset({"metadata", "furniture", "register", "score"})
        fields = {"holds": everything, "beside": beside} | more
        self.format = Format("taker", "formats.spacy", "formats.spacy-about", ".txt", write=self.write, **fields)

    def write(self, documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
        self.context = context
        for document in documents:
            self.seen.append(document)
        target.write_text("x", "utf-8")
        return (Loss("formats.snapped", 1, ("a",)), Loss("formats.snapped", 2, ("b",)))


def taken(workspace: Workspace, folder: Path, **options: Any) -> tuple[dict[str, LayerDocument], Any]:
    taker = Taker()
    report = export(taker.format, workspace.reads, folder / "x.txt", ExportOptions(**options))
    return {one.name: one for one in taker.seen}, report


def states(document: LayerDocument) -> set[str]:
    return {one.state for one in (*document.passages, *document.links)}


def test_everything_of_a_project(tiny: Workspace, tmp_path: Path) -> None:
    found, report = taken(tiny, tmp_path)
    assert sorted(found) == ["a.txt", "b.txt"] and report.documents == 2 and report.size == 1
    a, b = found["a.txt"], found["b.txt"]
    assert states(a) | states(b) <= {"manual", "accepted", "corrected"}
    assert any(len(one.spans) == 2 for one in a.passages)
    assert any(one.note == "Samma\u00a0Anna?" for one in a.passages)
    for document in (a, b):
        keys = [(one.spans[0].start, one.spans[-1].end, one.id) for one in document.passages]
        assert keys == sorted(keys)
        ids = {one.id for one in document.passages}
        assert all({link.head, link.tail} <= ids for link in document.links)
    codes = {one.code: one for one in report.losses}
    assert codes["formats.lost-far-link"].count == 1
    assert codes["formats.snapped"] == Loss("formats.snapped", 3, ("a", "b"))
    assert {note.text for note in (*a.notes, *b.notes)} == {"Läs om."}


def test_what_was_turned_down_and_what_nobody_judged(tiny: Workspace, tmp_path: Path) -> None:
    found, _ = taken(tiny, tmp_path, rejected=True)
    rejected = {(name, p.label) for name, one in found.items() for p in one.passages if p.state == "rejected"}
    assert ("a.txt", "ORGANISATION") in rejected and ("b.txt", "PERSON") in rejected
    assert all(p.annotator for one in found.values() for p in one.passages if p.state == "rejected")
    assert not any("suggested" in states(one) for one in found.values())
    both, _ = taken(tiny, tmp_path, rejected=True, suggestions=True)
    open_only, _ = taken(tiny, tmp_path, suggestions=True)
    marks = {
        name: {mark.key for mark in tiny.marks.marks(one.id) if mark.state == "suggested" and mark.kind != "relation"}
        for name, one in open_only.items()
    }
    for name, one in both.items():
        suggested = {p.origin["suggestion"] for p in one.passages if p.state == "suggested"}
        assert suggested <= marks[name]  # a wide rejection of anybody's counts
    assert not any("rejected" in states(one) for one in open_only.values())


def test_narrowed(tiny: Workspace, tmp_path: Path) -> None:
    found, _ = taken(tiny, tmp_path, kinds=frozenset({"claim"}))
    assert {p.kind for one in found.values() for p in one.passages} == {"claim"}
    assert not any(one.links for one in found.values())
    found, report = taken(tiny, tmp_path, labels=frozenset({"PLACE", "ATTRIBUTED_TO"}))
    assert {p.label for one in found.values() for p in one.passages} == {"PLACE"}
    assert "formats.lost-link-end" in {one.code for one in report.losses}
    others = [one.id for one in tiny.reads.annotators() if one.id != tiny.reads.me]
    found, _ = taken(tiny, tmp_path, annotators=tuple(others))
    assert {p.annotator for one in found.values() for p in one.passages} == set(others)
    found, _ = taken(tiny, tmp_path, adjudicated=True)
    assert not any(one.passages for one in found.values())
    document = tiny.reads.document_by_name("b.txt")
    assert document is not None
    found, _ = taken(tiny, tmp_path, documents=(document,))
    assert sorted(found) == ["b.txt"]
    with pytest.raises(UserError, match=r"document\.unknown"):
        taken(tiny, tmp_path, documents=("nowhere",))


def test_relations_between_documents_where_a_format_holds_them(tiny: Workspace, tmp_path: Path) -> None:
    taker = Taker(far_links=True)
    report = export(taker.format, tiny.reads, tmp_path / "x.txt")
    ids = {p.id for one in taker.seen for p in one.passages}
    far = [link for one in taker.seen for link in one.links if link.label == "REPEATS"]
    assert len(far) == 1 and {far[0].head, far[0].tail} <= ids
    assert "formats.lost-far-link" not in {one.code for one in report.losses}


def test_names_are_told_apart(tiny: Workspace, tmp_path: Path) -> None:
    taker = Taker()
    export(taker.format, tiny.reads, tmp_path / "x.txt")
    assert taker.context is not None
    everybody = tiny.reads.annotators()
    assert set(taker.context.annotators) == {one.id for one in everybody}
    assert len(set(taker.context.annotators.values())) == len(everybody)  # two are called Bo


def test_orphans_and_missing_texts_are_listed(tiny: Workspace, tmp_path: Path) -> None:
    document = tiny.reads.document_by_name("a.txt")
    assert document is not None
    tiny.run(c.ReplaceText(document=document, text="Helt annan text 😀."))
    with tiny.writer.unrecorded() as work:
        work.raw.execute("UPDATE texts SET text = NULL WHERE document_id != ?", (document,))
    found, report = taken(tiny, tmp_path)
    assert sorted(found) == ["a.txt"]
    codes = {one.code: one.count for one in report.losses}
    assert codes["formats.lost-no-text"] == 1 and codes["formats.lost-orphan"] > 0


def test_cancelled_or_failed_leaves_everything_as_it_was(tiny: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("förut", "utf-8")
    report = export(Taker().format, tiny.reads, target, cancelled=lambda: True)
    assert report.cancelled and target.read_text("utf-8") == "förut"

    def fails(documents: Iterable[LayerDocument], place: Path, context: WriteContext) -> tuple[Loss, ...]:
        place.write_text("halv", "utf-8")
        raise OSError(28, "No space left on device")

    chosen = Format("x", "formats.spacy", "formats.spacy-about", ".txt", Holds(), write=fails)
    with pytest.raises(EnvironmentFault, match=r"exchange\.disk-full"):
        export(chosen, tiny.reads, target)
    assert target.read_text("utf-8") == "förut"
    assert sorted(one.name for one in tmp_path.iterdir() if "x.txt" in one.name) == ["x.txt"]
    with pytest.raises(UserError, match=r"formats\.only-read"):
        export(format_named("webanno-tsv"), tiny.reads, target)
    with pytest.raises(UserError, match=r"formats\.nothing-split"):
        export(Taker().format, tiny.reads, tmp_path / "y", ExportOptions(split=True))
    with pytest.raises(UserError, match=r"exchange\.target-is-project"):
        export(Taker().format, tiny.reads, tiny.path)


def test_a_folder_is_replaced_only_where_it_is_ours(tmp_path: Path) -> None:
    target = tmp_path / "ut"
    for content in ("ett", "två"):
        with replacing_folder(target, "x") as beside:
            (beside / "under").mkdir()
            (beside / "under" / "a.txt").write_text(content, "utf-8")
    assert (target / "under" / "a.txt").read_text("utf-8") == "två"
    with pytest.raises(ZeroDivisionError), replacing_folder(target, "x") as beside:
        (beside / "b").write_text(str(1 // 0), "utf-8")
    assert sorted(one.name for one in target.iterdir()) == [MARK, "under"]
    (target / "mitt").symlink_to(tmp_path)
    with pytest.raises(UserError, match=r"formats\.folder-of-others"), replacing_folder(target, "x"):
        pass
    other = tmp_path / "annans"
    other.write_text("fil", "utf-8")
    with pytest.raises(UserError, match=r"formats\.folder-of-others"), replacing_folder(other, "x"):
        pass
    with replacing_path(other) as beside:
        beside.write_text("ny", "utf-8")
    assert other.read_text("utf-8") == "ny"
    assert {one.name for one in tmp_path.iterdir()} == {"ut", "annans"}


def test_one_reading_without_overlaps() -> None:
    def entity(identity: str, start: int, end: int, **more: Any) -> Passage:
        return Passage(identity, more.pop("kind", "entity"), "X", (Span(start, end),), **more)

    whole, inner, later = entity("1", 0, 9), entity("2", 0, 4), entity("3", 9, 12)
    claim, other = entity("4", 0, 30, kind="claim"), entity("5", 2, 3, annotator="first")
    kept, dropped = flattened([whole, inner, claim, later], {})
    assert ([one.id for one in kept], [one.id for one in dropped]) == (["1", "3"], ["2", "4"])
    kept, _ = flattened([whole, inner, other, later], {"first": 0, "": 1})
    assert [one.id for one in kept] == ["5", "3"]
    rejected = entity("6", 0, 4, state="rejected")
    assert [one.id for one in flattened([rejected, whole], {})[0]] == ["1"]


def test_a_format_that_holds_little_gets_little() -> None:
    losses = Losses()
    chosen = Format("x", "formats.spacy", "formats.spacy-about", ".x", Holds())
    text = "Anna Ek i Va\u030arby"
    passage = Passage("1", "entity", "PERSON", (Span(0, 4), Span(5, 7)), {"kind": "x"}, "a", "n", "accepted", 0.5)
    document = LayerDocument("d", text, title="t", passages=(passage,))
    (simple,) = simplifier(chosen, {}, losses)(document).passages
    assert simple == Passage("1", "entity", "PERSON", (Span(0, 7),), state="accepted", score=0.5)
    assert {one.code.partition(".")[2] for one in losses.all()} == {
        "lost-state", "lost-discontinuous", "lost-facet", "lost-note", "lost-annotator", "lost-metadata", "lost-score",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_data_card_tells_what_matters(tiny: Workspace, tmp_path: Path, language: str) -> None:
    set_language(language)
    target = tmp_path / "hf"
    export(format_named("hf"), tiny.reads, target, ExportOptions(rejected=True))
    card = (target / "README.md").read_text("utf-8")
    head, _, body = card.partition("\n---\n")
    assert head.startswith("---\n") and "config_name: tokens" in head
    counts = {
        line.split(" | ")[0].removeprefix("| "): line.rstrip(" |").split(" | ")[1:]
        for line in body.splitlines()
        if " | " in line
    }
    found, _ = taken(tiny, tmp_path, rejected=True)
    people = [p for one in found.values() for p in one.passages if p.label == "PERSON"]
    true = sum(p.state not in ("rejected", "suggested") for p in people)
    assert counts["PERSON"] == [str(true), str(len(people) - true)]
    assert "version 1" in body and tiny.reads.label_set().id in body
    agreement = {"sv": "Överensstämmelse", "en": "Agreement"}[language]
    assert f"## {agreement}" in body


def test_the_data_card_tells_agreement_and_licence(tmp_path: Path) -> None:
    from app.services.foreign import ForeignWishes, import_layers

    text = "Anna Ek bor i Va\u030arby 😀 med Bo Al."
    spans = [Span(0, 7), Span(text.index("Bo"), text.index("Bo") + 5)]
    both = tuple(
        Passage(f"{who}{n}", "entity", "PERSON", (span,), annotator=who)
        for who in ("A", "B")
        for n, span in enumerate(spans)
    )
    documents = [LayerDocument("ett", text, metadata={"licens": "CC0", "publisher": "Vi"}, passages=both[:-1])]
    with Workspace.create(tmp_path / "p.kurator", "Prov") as workspace:
        import_layers(workspace.writer, workspace.reads, documents, ForeignWishes("prov"))
        export(format_named("hf"), workspace.reads, tmp_path / "hf")
    body = (tmp_path / "hf" / "README.md").read_text("utf-8").partition("\n---\n")[2]
    assert "| Entities | F1, exact | 0.667 | 3 |" in body  # 2 · 1 / (2 + 1)
    assert "- CC0: 1" in body and "- Vi: 1" in body and "- A: 2" in body and "- B: 1" in body
