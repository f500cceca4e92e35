"""Random sessions over every command: each state comes back by undo and redo, and views are told enough."""

from __future__ import annotations

import itertools
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import commands as c
from app import register_commands as r
from app.services.corpus import import_documents
from app.services.suggestions import store_analysis
from app.workspace import Workspace, default_label_set
from models.documents import Document, SourceDocument
from models.errors import UserError
from models.history import Outcome
from models.marks import Mark
from models.spans import Span
from models.store import writes
from models.store.tables import RECORDED
from models.suggestions import Analysis, PipelineInfo, Proposal

TEXTS = (
    "Region Halland 😀 satsar på e-hälsa, säger Anna Berg. – Vi ska\u030all\u00a0bli bättre, menar "
    "region\u00a0Halland.\n"
    "Hälso\u00advården kostar 3 miljoner. Anna Berg är digitaliserings\u00addirektör i Region Halland.",
    "ANNA BERG: Region Halland sparar. Region Halland växer 😀, enligt Anna  Berg i Ska\u030ane.",
)
THIRD = "01970000-0000-7000-8000-00000000000c"
LABELS = ("PERSON", "ORGANISATION", "PLACE", "CLAIM")
MENTIONS = (("ORGANISATION", "Region Halland"), ("PERSON", "Anna Berg"), ("PLACE", "Ska\u030ane"))
RELATIONS = ("ATTRIBUTED_TO", "WORKS_FOR", "COLLABORATES_WITH", "SAME_AS", "ABOUT", "CONTRADICTS")
Pick = Callable[[int], int]
"""Returns a number below the given one."""


def analysis(text: str, chance: random.Random) -> Analysis:
    """Return what the fake pipeline says: mentions, claims (one in two parts), relations between them."""
    found: list[Proposal] = []
    for label, words in MENTIONS:
        at = text.find(words)
        while at >= 0:
            if chance.random() < 0.8:
                found.append(Proposal("entity", label, (Span(at, at + len(words)),), score=0.9, source="ord"))
            at = text.find(words, at + 1)
    entities = len(found)
    middle = len(text) // 2
    found.append(Proposal("claim", "CLAIM", (Span(0, middle),), facets={"kind": "fact"}, score=0.7))
    found.append(Proposal("claim", "CLAIM", (Span(0, 5), Span(8, middle)), facets={"kind": "goal"}, score=0.6))
    for head, tail in itertools.product(range(entities + 2), range(entities)):
        if head != tail and chance.random() < 0.3:
            claim, person = head >= entities, found[tail].label == "PERSON"
            label = "ATTRIBUTED_TO" if claim and person else "ABOUT" if claim else "WORKS_FOR"
            found.append(Proposal("relation", label, (), head, tail, score=0.5, source="nära"))
    return Analysis(tuple(found))


def analyse(workspace: Workspace, document: str, version: int) -> None:
    """Let another version of the fake pipeline look at a document."""
    info = PipelineInfo("fejk", str(version), "0")
    with workspace.writer.unrecorded() as work:
        run = writes.ensure_run(work, info)
        (text_seq,) = work.raw.execute("SELECT text_seq FROM documents WHERE id = ?", (document,)).fetchone()
        said = analysis(workspace.reads.text(document), random.Random(version))
        store_analysis(work, workspace.reads, document, text_seq, run, info, said)


def become(workspace: Workspace, annotator: str) -> None:
    with workspace.writer.unrecorded() as work:
        writes.set_meta(work, "annotator", annotator)


# What a random session does ---------------------------------------------------------------------------------


class Session:
    """A workspace under random commands, with what its recorded tables and views held at each step."""

    def __init__(self, path: Path) -> None:
        self.workspace = Workspace.open(path)
        self.ids = [row[0] for row in self.sql("SELECT id FROM documents ORDER BY name")]
        self.people = [row[0] for row in self.sql("SELECT id FROM annotators ORDER BY seq")]
        self.states = [self.dump()]
        self.at = 0
        self.view = self.fresh_view()
        self.listed = self.fresh_list()

    def sql(self, statement: str) -> list[Any]:
        return self.workspace.file.connection.execute(statement).fetchall()

    def dump(self) -> dict[str, list[Any]]:
        return {table.name: self.sql(f"SELECT * FROM {table.name} ORDER BY seq") for table in RECORDED}

    def everything(self) -> dict[str, list[Any]]:
        names = [row[0] for row in self.sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: self.sql(f"SELECT * FROM {name}") for name in names if "search_" not in name}

    def present(self) -> list[str]:
        return [one for one in self.ids if self.workspace.reads.has_document(one)]

    def fresh_view(self) -> dict[str, dict[str, Mark]]:
        view: dict[str, dict[str, Mark]] = {}
        for document in self.present():
            marks = self.workspace.marks.marks(document)
            view[document] = {mark.key: mark for mark in marks}
            assert len(view[document]) == len(marks), "two marks with one key"
        return view

    def fresh_list(self) -> dict[str, Document]:
        return {one.id: one for one in self.workspace.reads.documents(self.ids)}

    def look(self, outcome: Outcome) -> None:
        """Read again what was touched, as a view does, and compare with all that there is to see."""
        touched = outcome.touched
        if not touched.everything:
            for document, keys in touched.marks.items():
                shown = self.view[document]
                for key in keys:
                    shown.pop(key, None)
                for mark in self.workspace.marks.some(document, keys):
                    shown[mark.key] = mark
            assert self.view == self.fresh_view()
            listed = self.fresh_list()
            assert {k: v for k, v in self.listed.items() if k not in touched.documents} == {
                k: v for k, v in listed.items() if k not in touched.documents
            }
        self.view, self.listed = self.fresh_view(), self.fresh_list()

    def run(self, command: c.Command) -> None:
        before = self.everything()
        try:
            outcome = self.workspace.run(command)
        except UserError:
            assert self.everything() == before
            return
        if outcome.change_set is None:
            assert self.dump() == self.states[self.at]
        else:
            del self.states[self.at + 1 :]
            self.states.append(self.dump())
            assert self.states[-1] != self.states[-2]
            self.at += 1
        self.look(outcome)

    def step(self, by: int) -> None:
        """Undo (-1) or redo (+1)."""
        outcome = self.workspace.undo() if by < 0 else self.workspace.redo()
        if outcome is None:
            assert self.at == (0 if by < 0 else len(self.states) - 1)
            return
        self.at += by
        assert self.dump() == self.states[self.at]
        self.look(outcome)

    def reopen(self) -> None:
        path = self.workspace.path
        self.workspace.close()
        self.workspace = Workspace.open(path)
        assert self.dump() == self.states[self.at]

    def all_the_way(self) -> None:
        for by in (-1, 1):
            for _ in range(len(self.states) + 1):
                self.step(by)
        assert self.at == len(self.states) - 1

    def check(self) -> None:
        """The file is sound and the search indexes hold what the tables hold."""
        assert self.sql("PRAGMA integrity_check") == [("ok",)]
        assert self.sql("PRAGMA foreign_key_check") == []
        for index in ("annotation_search", "text_search"):
            self.workspace.file.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        body = "coalesce(exact,'') || ' ' || label || ' ' || coalesce(note,'') || ' ' || coalesce(facets,'')"
        assert self.sql("SELECT rowid, body FROM annotation_search ORDER BY 1") == self.sql(
            f"SELECT seq, {body} FROM annotations ORDER BY 1"
        )


def span(pick: Pick, text: str, label: str) -> Span:
    """Return a passage: often one that some version of the pipeline suggests, else any (also past the end)."""
    words = dict(MENTIONS).get(label, "Halland")
    places = [match.start() for match in re.finditer(re.escape(words), text)]
    if places and pick(3):
        start = places[pick(len(places))]
        return Span(start, start + len(words))
    start = pick(max(1, len(text) - 1))
    return Span(start, start + 1 + pick(20))


def facets(pick: Pick) -> dict[str, object]:
    choices: list[dict[str, object]] = [
        {"kind": "goal"},
        {"kind": None},
        {"negated": True},
        {"topic": "vård\x00å"},
        {"topic": ""},
        {"kind": "nej"},
    ]
    return choices[pick(len(choices))]


def edited(text: str, pick: Pick) -> str:
    at, much = pick(len(text) + 1), pick(12)
    return (text[:at] + ("", "Nytt 😀. ", "å")[pick(3)] + text[at + much :]) or "tom"


def label_set(workspace: Workspace, pick: Pick) -> c.ChangeLabelSet:
    data = workspace.reads.label_set().to_json()
    moves: dict[str, str | None] = {}
    change = pick(3)
    if change == 0:
        data["entities"][pick(len(data["entities"]))]["name"] += "X"
    elif change == 1:
        gone = data["entities"].pop(pick(len(data["entities"])))["id"]
        for relation in data["relations"]:
            relation["pairs"] = [pair for pair in relation["pairs"] if gone not in pair]
        moves = ({}, {gone: None}, {gone: data["entities"][0]["id"] if data["entities"] else None})[pick(3)]
    else:
        data = default_label_set()
    return c.ChangeLabelSet(label_set=data, moves=moves)


def one_of(session: Session, document: str, label: str, pick: Pick) -> str | None:
    found = sorted(key for key, mark in session.view.get(document, {}).items() if mark.label == label)
    return found[pick(len(found))] if found else None


def related(session: Session, document: str, pick: Pick) -> c.Command | None:
    """Return a relation that the label set may allow."""
    ends = {
        "WORKS_FOR": ("PERSON", "ORGANISATION"), "COLLABORATES_WITH": ("ORGANISATION", "ORGANISATION"),
        "ATTRIBUTED_TO": ("CLAIM", "PERSON"), "ABOUT": ("CLAIM", "PLACE"), "CONTRADICTS": ("CLAIM", "CLAIM"),
    }  # fmt: skip
    label = sorted(ends)[pick(len(ends))]
    head, tail = (one_of(session, document, end, pick) for end in ends[label])
    return c.CreateRelation(document=document, label=label, head=head, tail=tail) if head and tail else None


def registering(session: Session, document: str, key: str, pick: Pick) -> c.Command:
    things = [row[0] for row in session.sql("SELECT id FROM register ORDER BY id")]
    one, other = (things[pick(len(things))] if things else "inget" for _ in range(2))
    made: list[c.Command] = [r.NewThing(document=document, key=key), r.LinkTo(document=document, key=key, thing=one)]
    made += [r.MergeThings(keep=one, drop=(other,)), r.RejectLink(document=document, key=key, things=(one, other))]
    made += [r.RenameThing(thing=one, name="Ö"), r.SetAliases(thing=one, aliases=("Å",)), r.DeleteThings(things=(one,))]
    return made[pick(7 if pick(4) else 2)]


def command(session: Session, kind: int, pick: Pick) -> c.Command:
    """Return command number ``kind`` with what ``pick`` chooses for it."""
    workspace = session.workspace
    document = session.ids[pick(2)]
    here = sorted(session.view.get(document, {}), key=lambda key: (session.view[document][key].spans, key))
    keys = [*here, "finns-inte"]
    key, other, third = (keys[pick(len(keys))] for _ in range(3))
    mark = session.view.get(document, {}).get(key)
    kind_labels = {"entity": LABELS[:3], "claim": ("CLAIM",), "relation": RELATIONS}
    fitting = kind_labels[mark.kind if mark else "entity"]
    label = fitting[pick(len(fitting))] if pick(4) else (*LABELS, *RELATIONS, "OKÄND")[pick(11)]
    scope: Any = ("here", "document", "corpus")[pick(3)]
    place = span(pick, workspace.reads.text(document), label)
    far = session.ids[pick(2)]
    theirs = sorted(session.view.get(far, {})) or ["inget"]
    claim, person = (one_of(session, document, label, pick) or key for label in ("CLAIM", "PERSON"))
    notes = workspace.reads.notes(document)
    note = notes[pick(len(notes))].id if notes and pick(2) else None
    two = (place, Span(place.end + 1, place.end + 3))
    makers: list[Callable[[], c.Command]] = [
        lambda: c.Accept(document=document, key=key),
        lambda: c.Accept(document=document, key=key, label=label, spans=(place,)),
        lambda: c.AcceptAll(document=document, keys=(other, key, third)),
        lambda: c.AcceptAll(document=document, keys=tuple(keys)),
        lambda: c.Reject(document=document, key=key, scope=scope),
        lambda: c.Reopen(document=document, key=key),
        lambda: c.CreateAnnotation(
            document=document,
            kind="claim" if label == "CLAIM" else "entity",
            label=label,
            spans=mark.spans if mark and mark.spans and pick(2) else (place,),
            speaker=other if pick(2) else None,
        ),
        lambda: c.CreateRelation(
            document=document,
            label=RELATIONS[pick(6)],
            head=key,
            tail=theirs[pick(len(theirs))],
            tail_document=far,
        ),
        lambda: related(session, document, pick) or c.SetDone(document=document),
        lambda: c.Relabel(document=document, key=key, label=label),
        lambda: c.MoveBoundaries(document=document, key=key, spans=two if pick(4) == 0 else (place,)),
        lambda: c.SetFacets(document=document, key=claim if pick(4) else key, facets=facets(pick)),
        lambda: c.SetSpeaker(document=document, key=claim, speaker=person if pick(3) else None),
        lambda: c.SetNote(document=document, key=key, text=("", " not 😀 ", "en\x00nolla")[pick(3)]),
        lambda: c.Delete(document=document, keys=(key, other)),
        lambda: c.Delete(document=document, keys=(key,)),
        lambda: c.ApplyToIdentical(
            document=document,
            key=key,
            scope="corpus" if pick(2) else "document",
            create_missing=bool(pick(2)),
        ),
        lambda: c.SetDone(document=document, done=bool(pick(3))),
        lambda: c.SetFurniture(document=document, start=place.start, end=place.end, on=bool(pick(3))),
        lambda: c.SetDocumentNote(document=document, text=("hej", "", "å\u030a")[pick(3)], note=note),
        lambda: c.SetDocumentFields(document=document, changes={"title": ("T", None, " å ")[pick(3)], "date": "2024"}),
        lambda: c.RemoveDocuments(documents=(document, document) if pick(3) == 0 else ()),
        lambda: c.ReplaceText(document=document, text=edited(workspace.reads.text(document), pick)),
        lambda: c.Reanchor(document=document, annotation=(mark and mark.annotation) or "", spans=(place,)),
        lambda: label_set(workspace, pick),
        lambda: c.SetControls(share=(None, 0.6)[pick(2)], documents=(document,) if pick(2) else (), on=bool(pick(3))),
        lambda: c.SetAssignments(assignments={document: tuple(session.people[pick(3) :])}, people={THIRD: "Tredje"}),
        lambda: c.SamePerson(keep=session.people[pick(2)], drop=session.people[pick(2)]),
        lambda: registering(session, document, key, pick),
        lambda: registering(session, document, key, pick),
    ]
    return makers[kind % len(makers)]()


KINDS = 30


def play(session: Session, moves: list[tuple[int, int]]) -> None:
    for kind, seed in moves:
        chance = random.Random(seed)
        if kind < KINDS:
            session.run(command(session, kind, chance.randrange))
        elif kind < KINDS + 6:
            session.step(-1)
        elif kind < KINDS + 10:
            session.step(1)
        elif kind == KINDS + 10:
            session.reopen()
        elif kind == KINDS + 11:
            become(session.workspace, chance.choice(session.people))
            session.view, session.listed = session.fresh_view(), session.fresh_list()
        else:
            for document in session.present():
                analyse(session.workspace, document, chance.randrange(3))
            session.view, session.listed = session.fresh_view(), session.fresh_list()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two documents, suggestions and another annotator's work in both."""
    path = tmp_path_factory.mktemp("mall") / "p.kurator"
    with Workspace.create(path, "prov", "Första") as workspace:
        sources = [SourceDocument(f"{n}.txt", text) for n, text in enumerate(TEXTS)]
        documents = [item.document or "" for item in import_documents(workspace.writer, workspace.reads, sources)]
        me = workspace.reads.me
        with workspace.writer.unrecorded() as work:
            work.raw.execute("INSERT INTO annotators(id, kind, name) VALUES ('andra', 'human', 'Andra')")
        become(workspace, "andra")
        for document in documents:
            analyse(workspace, document, 0)
            keys = [mark.key for mark in workspace.marks.marks(document)]
            workspace.run(c.AcceptAll(document=document, keys=tuple(keys[::2])))
        with workspace.writer.unrecorded() as work:
            workspace.writer.close_history(work)
        become(workspace, me)
    return path


_numbers = itertools.count()


def test_every_command_is_played(template: Path) -> None:
    path = template.with_name("alla.kurator")
    shutil.copy(template, path)
    session = Session(path)
    made = {type(command(session, kind, random.Random(kind).randrange)) for kind in range(KINDS)}
    elsewhere = {one for one in session.workspace._handlers if one.NAME.startswith("adjudicate")} | {c.ResolveConflict}
    elsewhere |= {one for one in session.workspace._handlers if one.__module__ == "app.register_commands"}
    assert made | elsewhere == set(session.workspace._handlers)  # those have random work of their own
    session.workspace.close()


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, KINDS + 14), st.integers(0, 2**16)), max_size=30))
def test_every_state_comes_back(template: Path, moves: list[tuple[int, int]]) -> None:
    path = template.with_name(f"{next(_numbers)}.kurator")
    shutil.copy(template, path)
    session = Session(path)
    try:
        play(session, moves)
        session.all_the_way()
        session.reopen()
        session.all_the_way()
        session.check()
    finally:
        session.workspace.close()
        for leftover in path.parent.glob(f"*{path.name}*"):
            leftover.unlink()
