"""Whatever is done in a project, its exchange file reads back to the same project and the same bytes."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import commands as c
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.formats.exchange_read import read_exchange
from app.formats.exchange_schema import schema
from app.workspace import Workspace
from models.errors import UserError
from models.spans import Span
from models.store import writes

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "exchange-1.0.json"
ENTITIES = ("PERSON", "ORGANISATION", "PLACE", "ROLE")
RELATIONS = ("ATTRIBUTED_TO", "SAME_AS", "PART_OF", "REPEATS", "WORKS_FOR")


def _spans(draw: Any, length: int) -> tuple[Span, ...]:
    ends = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
    pairs = [Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    return tuple(pairs[: draw(st.integers(1, 3))])


class Hands:
    """Does what the drawn numbers say, as a curator could."""

    def __init__(self, draw: Any, workspace: Workspace, ids: list[str], tools: Any) -> None:
        self.draw, self.workspace, self.ids, self.tools = draw, workspace, ids, tools

    def document(self) -> str:
        return str(self.draw(st.sampled_from(self.ids)))

    def key(self, document: str) -> str:
        keys = sorted(mark.key for mark in self.workspace.marks.marks(document))
        return self.draw(st.sampled_from(keys)) if keys else "none"

    def command(self) -> c.Command:
        draw, d = self.draw, self.document()
        length, key = max(2, len(self.workspace.reads.text(d))), self.key(d)
        label = draw(st.sampled_from(ENTITIES))
        scope = draw(st.sampled_from(["here", "document", "corpus"]))
        makers: list[Callable[[], c.Command]] = [
            lambda: c.Accept(document=d, key=key),
            lambda: c.Accept(document=d, key=key, spans=_spans(draw, length), label=label),
            lambda: c.AcceptAll(document=d, keys=(key, self.key(d))),
            lambda: c.Reject(document=d, key=key, scope=scope),
            lambda: c.Reopen(document=d, key=key),
            lambda: c.CreateAnnotation(document=d, kind="entity", label=label, spans=_spans(draw, length)),
            lambda: c.CreateAnnotation(
                document=d, kind="claim", label="CLAIM", spans=_spans(draw, length), facets={"topic": "å 😀"}
            ),
            self._relation,
            lambda: c.Relabel(document=d, key=key, label=label),
            lambda: c.MoveBoundaries(document=d, key=key, spans=_spans(draw, length)),
            lambda: c.SetFacets(document=d, key=key, facets={"kind": "goal", "negated": draw(st.booleans())}),
            lambda: c.SetSpeaker(document=d, key=key, speaker=self.key(d)),
            lambda: c.SetNote(document=d, key=key, text=draw(st.sampled_from(["", "a\u030a\u00a0\u00ad😀\n\u2028"]))),
            lambda: c.Delete(document=d, keys=(key,)),
            lambda: c.ApplyToIdentical(document=d, key=key, scope="corpus", create_missing=True),
            lambda: c.SetDone(document=d, done=draw(st.booleans())),
            lambda: c.SetFurniture(document=d, start=1, end=length - 1, on=draw(st.booleans())),
            lambda: c.SetDocumentNote(document=d, text="Not"),
            lambda: c.SetDocumentFields(document=d, changes={"date": "2020", "publisher": "R", "title": None}),
            lambda: c.RemoveDocuments(document=d, documents=(d,)),
            lambda: c.ReplaceText(document=d, text=self._corrected(d)),
        ]
        return draw(st.sampled_from(makers))()

    def _relation(self) -> c.Command:
        d, other = self.document(), self.document()
        label = self.draw(st.sampled_from(RELATIONS))
        return c.CreateRelation(document=d, label=label, head=self.key(d), tail=self.key(other), tail_document=other)

    def _corrected(self, document: str) -> str:
        text = self.workspace.reads.text(document)
        at = self.draw(st.integers(0, len(text)))
        return text[:at] + self.draw(st.sampled_from(["", "😀 ", "ord "])) + text[at + self.draw(st.integers(0, 9)) :]

    def act(self) -> None:
        kind = self.draw(st.integers(0, 19))
        if kind == 0:
            self.workspace.undo()
        elif kind == 1:
            self.workspace.redo()
        elif kind == 2:
            name = self.draw(st.sampled_from([self.tools.OTHER, self.tools.OTHER.replace("b", "c")]))
            self.tools.become(self.workspace, name, "Bo")
        elif kind == 3:
            with contextlib.suppress(ValueError):
                document = self.document()
                self.tools.analyse(self.workspace, document, self.workspace.reads.text(document))
        else:
            with contextlib.suppress(UserError):
                self.workspace.run(self.command())


def content(workspace: Workspace) -> Any:
    """Return all that a project shows of its documents, to each of its annotators."""
    reads = workspace.reads
    ids = [row[0] for row in reads.connection.execute("SELECT id FROM documents WHERE removed IS NULL")]
    shown: dict[str, Any] = {"name": reads.meta("name"), "labels": reads.label_set()}
    for one in sorted(ids):
        shown[one] = (
            reads.text(one),
            sorted(map(repr, reads.annotations(one))),
            sorted(map(repr, reads.decisions(one))),
            sorted(map(repr, reads.notes(one))),
        )
    working = reads.connection.execute(
        "SELECT annotator_id FROM annotations UNION SELECT annotator_id FROM decisions ORDER BY 1"
    ).fetchall()
    me = reads.me
    for (annotator,) in working:
        _set_me(workspace, annotator)
        for one in sorted(ids):
            marks = sorted(repr(mark) for mark in workspace.marks.marks(one))
            shown[f"{annotator} {one}"] = (marks, reads.document(one))
    _set_me(workspace, me)
    return shown


def _set_me(workspace: Workspace, annotator: str) -> None:
    with workspace.writer.unrecorded() as work:
        writes.set_meta(work, "annotator", annotator)


def round_trip(workspace: Workspace, folder: Path, **options: Any) -> Workspace:
    """Return the project that an export of this one makes, the files compared."""
    first, second = folder / "1.json", folder / "2.json"
    report = export_exchange(workspace.reads, first, **options)
    data = json.loads(first.read_bytes())
    jsonschema.Draft202012Validator(schema()).validate(data)
    for name in ("entities", "claims", "relations", "suggestions", "decisions", "status", "notes"):
        assert report.counts[name] == sum(len(one[name]) for one in data["documents"])
    deleted = len(data["deleted"]) + sum(len(one["deleted"]) for one in data["documents"])
    assert report.counts["deleted"] == deleted
    found = read_exchange(first)
    assert found.problems == () and found.notices == () and found.by_lines
    assert {name: count for name, count in data["kurator"]["counts"].items() if count} == found.counts
    other = Workspace.create(folder / "other.kurator", "Tomt", "Eva")
    import_exchange(other.writer, other.reads, first)
    export_exchange(other.reads, second, **{name: options[name] for name in options if name != "documents"})
    assert second.read_bytes() == first.read_bytes()
    return other


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_project_comes_back_the_same(data: st.DataObject, tools: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace, ids = tools.new_project(Path(folder, "one.kurator"))
        hands = Hands(data.draw, workspace, ids, tools)
        for _ in range(data.draw(st.integers(0, 15))):
            with contextlib.suppress(UserError):
                hands.act()
        whole = data.draw(st.booleans())
        other = round_trip(workspace, Path(folder), suggestions=whole)
        if whole:
            _forget_removed(workspace)
            assert content(other) == content(workspace)
        for one in (workspace, other):
            one.close()


def _forget_removed(workspace: Workspace) -> None:
    """Take away what an exchange file leaves out: all that is in removed documents."""
    with workspace.writer.unrecorded() as work:
        for table in ("annotations", "decisions"):
            removed = "SELECT id FROM documents WHERE removed IS NOT NULL"
            work.raw.execute(f"DELETE FROM {table} WHERE document_id IN ({removed})")


def test_without_texts(tiny: Workspace, tmp_path: Path) -> None:
    other = round_trip(tiny, tmp_path, texts=False)
    document = other.reads.documents([row[0] for row in other.reads.connection.execute("SELECT id FROM documents")])
    assert all(other.reads.text(one.id) == "" and one.length for one in document)
    other.close()


def test_part_of_a_corpus_keeps_the_ends_of_its_relations(tiny: Workspace, tmp_path: Path) -> None:
    names = {document["name"]: document["id"] for document in json.loads(_exported(tiny, tmp_path))["documents"]}
    other = round_trip(tiny, tmp_path, documents=[names["a.txt"]])
    data = json.loads((tmp_path / "1.json").read_bytes())
    assert [document["name"] for document in data["documents"]] == ["a.txt"]
    (outside,) = [one["outside"] for one in data["documents"][0]["relations"] if "outside" in one]
    assert outside["tail"]["document"] == names["b.txt"] and outside["tail"]["exact"]
    assert len(data["annotators"]) == 1, "the other annotator worked elsewhere"
    other.close()


def _exported(workspace: Workspace, folder: Path) -> bytes:
    target = folder / "exported.json"
    export_exchange(workspace.reads, target)
    return target.read_bytes()


def test_without_unjudged_suggestions(tiny: Workspace, tmp_path: Path, tools: Any) -> None:
    a = tiny.reads.document_by_name("b.txt")
    tools.analyse(tiny, a, tiny.reads.text(a))
    all_of_them = json.loads(_exported(tiny, tmp_path))
    other = round_trip(tiny, tmp_path, suggestions=False)
    judged = json.loads((tmp_path / "1.json").read_bytes())
    more, fewer = (sum(len(one["suggestions"]) for one in data["documents"]) for data in (all_of_them, judged))
    assert fewer < more
    other.close()


def test_a_newer_minor_version_is_carried_through(empty: Callable[[], Workspace], tmp_path: Path) -> None:
    data = json.loads(GOLDEN.read_bytes())
    new = {"later": {"b": [1, 2.5, None], "a": "😀"}}
    data["kurator"] |= {"version": "1.7", **new}
    data["kurator"]["project"] |= new
    data |= {"later": "så", "threads": [{"id": 1, "text": "hej"}, {"id": 2}]}
    for name in ("annotators", "runs", "register", "deleted"):
        data[name][0] |= new
    for document in data["documents"]:
        document |= {"later": 5, "threads": [{"x": 1}], "no_threads": []}
        for name in (
            "entities",
            "claims",
            "relations",
            "suggestions",
            "decisions",
            "status",
            "deleted",
            "notes",
        ):
            for record in document[name]:
                record |= new
    data["label_set"]["entities"][0] |= new
    newer, first, second = (tmp_path / name for name in ("newer.json", "1.json", "2.json"))
    newer.write_text(json.dumps(data), "utf-8")
    project = empty()
    import_exchange(project.writer, project.reads, newer)
    export_exchange(project.reads, first)
    assert json.loads(first.read_bytes()) == data
    again = empty()
    import_exchange(again.writer, again.reads, first)
    export_exchange(again.reads, second)
    assert read_exchange(first).by_lines
    assert second.read_bytes() == first.read_bytes()


def test_a_moved_passage_is_found_again_and_a_lost_one_kept(empty: Callable[[], Workspace], tmp_path: Path) -> None:
    data = json.loads(GOLDEN.read_bytes())
    entities = data["documents"][0]["entities"]
    moved = next(one for one in entities if one["exact"] == ["säger Anna Ek"])
    right = [list(span) for span in moved["spans"]]
    moved["spans"] = [[0, 13]]
    lost = next(one for one in entities if one["exact"] == ["Mårdby"])
    lost["exact"] = ["Ingenstans"]
    path = tmp_path / "moved.json"
    path.write_text(json.dumps(data), "utf-8")
    project = empty()
    report = import_exchange(project.writer, project.reads, path)
    assert sorted(notice.code for notice in report.notices) == ["exchange.orphaned", "exchange.reanchored"]
    assert all(notice.sentence() for notice in report.notices)
    found = project.reads.annotation(moved["id"])
    assert [list(span) for span in found.spans] == right and not found.orphan
    assert project.reads.annotation(lost["id"]).orphan


def test_the_importing_person_stays_who_they_are(empty: Callable[[], Workspace], tmp_path: Path) -> None:
    project = empty()
    me = project.reads.me
    import_exchange(project.writer, project.reads, GOLDEN)
    assert project.reads.me == me
    assert len(project.reads.annotators()) == 3
    document = project.reads.document_by_name("a.txt")
    project.run(c.CreateAnnotation(document=document, kind="entity", label="PLACE", spans=(Span(0, 3),)))
    assert me in {one["id"] for one in json.loads(_exported(project, tmp_path))["annotators"]}
    assert project.undo() is not None and project.undo() is None


@pytest.mark.parametrize("target", ["", "folder", "missing/x.json"])
def test_a_target_that_cannot_be_written(target: str, tiny: Workspace, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Exception) as caught:
        export_exchange(tiny.reads, tmp_path / target)
    assert getattr(caught.value, "code", "") == "exchange.cannot-write"
    assert sorted(tmp_path.rglob("*")) == before


def test_the_project_itself_is_no_target(tiny: Workspace) -> None:
    with pytest.raises(UserError) as caught:
        export_exchange(tiny.reads, tiny.path)
    assert caught.value.code == "exchange.target-is-project"
    assert tiny.reads.meta("name")


def test_a_failure_leaves_the_old_file(tiny: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("förut", "utf-8")

    def fail(done: int, total: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception) as caught:
        export_exchange(tiny.reads, target, progress=fail)
    assert getattr(caught.value, "code", "") == "exchange.disk-full"
    assert export_exchange(tiny.reads, target, cancelled=lambda: True).cancelled
    assert target.read_text("utf-8") == "förut"
    assert [path.name for path in tmp_path.glob("*out.json*")] == ["out.json"]
    assert not tiny.file.connection.in_transaction


def test_an_unknown_document(tiny: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        export_exchange(tiny.reads, tmp_path / "out.json", documents=["nej"])
    assert caught.value.code == "document.unknown"
