"""Linking mentions to things, and changing things: in a real project, each as one undo step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import commands
from app import register_commands as about
from app.services import register_views as views
from app.services.checks import check_project
from app.services.register_links import CONFIRM_OPTION
from models.register import Thing
from tests.app.services.registering import ORG, PERSON, Desk, accept_all, new, things, which


def test_a_link_is_suggested_and_confirmed_with_its_entity(desk: Desk) -> None:
    halland = new(desk, "Region Halland")
    mark = desk.mark(ORG)
    found = which(desk, mark)
    assert found.thing is None and found.best is not None
    assert (found.best[0].why, found.best[1].id) == ("name", halland)
    outcome = desk.run(about.ConfirmLink(document=desk.a, key=mark.key, thing=halland))
    assert outcome.focus == (desk.a, mark.key)
    assert which(desk, mark).thing == found.best[1]
    assert desk.now(mark).state == "accepted"
    desk.workspace.undo()
    assert desk.now(mark).state == "suggested"
    assert which(desk, mark).best == found.best


def test_a_new_thing_is_made_from_a_mention_with_its_full_name(desk: Desk) -> None:
    person = desk.mark(PERSON)
    desk.run(commands.Accept(document=desk.a, key=person.key))
    desk.run(about.NewThing(document=desk.a, key=person.key))
    assert which(desk, person).thing == things(desk)["Anna Berg"]
    surname = desk.create("ANNA", PERSON, desk.b)
    assert views.which_thing(desk.workspace, desk.b, desk.workspace.marks.some(desk.b, [surname])[0]).name == "ANNA"


def test_what_is_refused_stays_away_until_somebody_chooses_it(desk: Desk) -> None:
    halland = new(desk, "Region Halland")
    mark = desk.mark(ORG)
    desk.run(about.RejectLink(document=desk.a, key=mark.key, things=(halland,)))
    found = which(desk, mark)
    assert (found.best, found.candidates) == (None, ())
    assert [one.id for one in found.refused] == [halland]
    assert desk.now(mark).state == "accepted"
    other = desk.mark(ORG, 1)
    assert which(desk, other).best is not None
    desk.run(about.LinkTo(document=desk.a, key=mark.key, thing=halland))
    assert which(desk, mark).refused == ()
    desk.run(about.RejectLink(document=desk.a, key=mark.key, things=(halland,)))
    assert which(desk, mark).thing is None
    desk.workspace.undo()
    assert which(desk, mark).thing is not None


def test_a_link_can_be_taken_away_and_claims_have_none(desk: Desk) -> None:
    halland = new(desk, "Region Halland")
    mark, claim = desk.mark(ORG), desk.mark("CLAIM")
    desk.run(about.LinkTo(document=desk.a, key=mark.key, thing=halland))
    desk.run(about.LinkTo(document=desk.a, key=mark.key, thing=None))
    assert which(desk, mark).thing is None
    desk.refuses("register.not-an-entity", about.LinkTo(document=desk.a, key=claim.key, thing=halland))
    desk.refuses("register.no-such-thing", about.LinkTo(document=desk.a, key=mark.key, thing="x"))
    desk.refuses("register.no-name", about.NewThing(name=" – ", label=ORG))
    desk.refuses("label.wrong-kind", about.NewThing(name="Ja", label="CLAIM"))
    desk.refuses("register.merge-with-itself", about.MergeThings(keep=halland, drop=(halland,)))
    desk.refuses("register.no-mentions", about.SplitMentions(thing=halland, mentions=("x",)))
    desk.does_nothing(about.LinkTo(document=desk.a, key=mark.key, thing=None))
    desk.does_nothing(about.SetAliases(thing=halland, aliases=()))


def test_somebody_elses_mention_is_not_linked(desk: Desk) -> None:
    halland = new(desk, "Region Halland")
    key = desk.create("direktör", ORG)
    desk.become("någon")
    desk.refuses("mark.not-yours", about.LinkTo(document=desk.a, key=key, thing=halland))


def test_names_aliases_and_links_are_changed(desk: Desk) -> None:
    halland = new(desk, "Landstinget Halland", aliases=("LH", " ", "LH"))
    assert things(desk)["Landstinget Halland"].aliases == ("LH",)
    desk.run(about.RenameThing(thing=halland, name="Region  Halland 😀"))
    assert things(desk)["Region Halland 😀"].aliases == ("Landstinget Halland", "LH")
    desk.run(about.RenameThing(thing=halland, name="Region\u00a0Halland😀"))
    assert views.thing(desk.workspace, halland).aliases == ("Landstinget Halland", "LH")
    desk.run(about.SetAliases(thing=halland, aliases=("RH", "RH ", "")))
    desk.run(about.SetThingLinks(thing=halland, links={"wikidata": " Q1 ", "web": "", "x": 1}))
    assert views.thing(desk.workspace, halland)[3:] == (("RH",), {"wikidata": "Q1", "x": 1}, ())
    for _ in range(5):
        desk.workspace.undo()
    assert things(desk) == {}


def test_a_survey_finds_what_waits_and_many_links_are_confirmed_at_once(desk: Desk) -> None:
    marks = accept_all(desk)
    accept_all(desk, PERSON)
    halland = new(desk, "Region Halland")
    found = views.survey(desk.workspace.reads)
    assert [(one.name, one.size) for one in found.groups] == [("Anna Berg", 1)]
    rows = views.waiting(desk.workspace, halland, found)
    assert {row.mention.annotation for row in rows} == {mark.annotation for _, mark in marks}
    assert rows[0].mention.left.endswith(desk.text(rows[0].mention.document)[: rows[0].mention.start][-5:])
    desk.run(about.RejectLink(document=desk.a, key=marks[0][1].key, things=(halland,)))
    found = views.survey(desk.workspace.reads)
    rows = views.waiting(desk.workspace, halland, found)
    assert found.waiting(halland) == len(rows) == len(marks) - 1
    outcome = desk.run(about.ConfirmLinks(thing=halland, mentions=tuple(row.mention.annotation for row in rows)))
    assert outcome.count == len(rows)
    (row,) = views.listing(desk.workspace, found=views.survey(desk.workspace.reads))
    assert (row.mentions, row.documents, row.waiting) == (len(rows), 2, 0)
    desk.workspace.undo()
    (row,) = views.listing(desk.workspace)
    assert (row.mentions, row.documents, row.waiting) == (0, 0, None)


def test_a_group_of_mentions_becomes_a_thing(desk: Desk) -> None:
    accept_all(desk)
    found = views.survey(desk.workspace.reads)
    (group,) = found.groups
    assert (group.name, group.aliases) == ("Region Halland", ())
    rows = views.group_mentions(desk.workspace, group, found)
    assert len(rows) == group.size == 4
    desk.run(about.NewThing(name=group.name, label=ORG, mentions=tuple(row.annotation for row in rows)))
    (row,) = views.listing(desk.workspace)
    assert (row.mentions, row.documents) == (4, 2)
    assert not views.survey(desk.workspace.reads).groups
    assert [one.key for one in views.mentions(desk.workspace, row.thing.id)] == [one.key for one in rows]


def test_a_survey_in_the_background_is_the_same_and_can_be_stopped(desk: Desk) -> None:
    accept_all(desk)
    background = views.BackgroundSurvey(desk.workspace.path)
    assert background.take() == views.survey(desk.workspace.reads)
    assert background.done
    views.BackgroundSurvey(desk.workspace.path).cancel()


def test_merged_things_are_one_and_are_split_again(desk: Desk) -> None:
    marks = accept_all(desk)
    first = new(desk, "Region Halland", mentions=tuple(mark.annotation for _, mark in marks[:2]))
    second = new(desk, "Regionen", aliases=("RH",), mentions=tuple(mark.annotation for _, mark in marks[2:]))
    desk.run(about.SetThingLinks(thing=second, links={"web": "https://exempel.se"}))
    before = {one: {row.annotation for row in views.mentions(desk.workspace, one)} for one in (first, second)}
    outcome = desk.run(about.MergeThings(keep=first, drop=(second,)))
    assert outcome.count == 2
    kept = views.thing(desk.workspace, second)
    assert kept == Thing(first, ORG, "Region Halland", ("Regionen", "RH"), {"web": "https://exempel.se"}, (second,))
    assert len(views.mentions(desk.workspace, first)) == 4
    assert which(desk, marks[3][1], desk.b).thing == kept
    desk.run(about.SplitMentions(thing=first, mentions=tuple(before[second]), name="Regionen 2"))
    split = things(desk)["Regionen 2"]
    assert {row.annotation for row in views.mentions(desk.workspace, split.id)} == before[second]
    assert {row.annotation for row in views.mentions(desk.workspace, first)} == before[first]
    desk.run(about.SplitMentions(thing=first, mentions=tuple(before[first]), into=split.id))
    assert len(views.mentions(desk.workspace, split.id)) == 4
    for _ in range(3):
        desk.workspace.undo()
    assert {one: {row.annotation for row in views.mentions(desk.workspace, one)} for one in (first, second)} == before


def test_a_split_takes_along_the_aliases_that_only_its_mentions_use(desk: Desk) -> None:
    marks = accept_all(desk)
    other = desk.create("direktör", ORG)
    thing = new(desk, "Region Halland", aliases=("Direktör", "Chef"), mentions=(marks[0][1].annotation, other))
    desk.run(about.SplitMentions(thing=thing, mentions=(other,), name="Ledningen"))
    assert things(desk)["Ledningen"].aliases == ("Direktör",)
    assert things(desk)["Region Halland"].aliases == ("Chef",)


def test_a_deleted_thing_leaves_its_mentions(desk: Desk) -> None:
    marks = accept_all(desk)
    thing = new(desk, "Region Halland", mentions=tuple(mark.annotation for _, mark in marks))
    desk.run(about.DeleteThings(things=(thing,)))
    assert not views.listing(desk.workspace)
    assert which(desk, marks[0][1], marks[0][0]).thing is None
    desk.workspace.undo()
    assert len(views.mentions(desk.workspace, thing)) == len(marks)


def test_things_are_listed_found_and_sorted(desk: Desk) -> None:
    made = {name: new(desk, name, label, aliases=aliases) for name, label, aliases in (
        ("Region Skåne", ORG, ("RS",)), ("Region Halland", ORG, ()), ("Skåne", "PLACE", ()),
        ("Anna Skåning", PERSON, ()),
    )}  # fmt: skip

    def names(found: list[Any]) -> list[str]:
        return [getattr(one, "thing", one).name for one in found]

    assert names(views.find(desk.workspace, "ska\u030a", "PLACE")) == ["Skåne", "Anna Skåning", "Region Skåne"]
    assert names(views.find(desk.workspace, "region", ORG, limit=1)) == ["Region Halland"]
    assert names(views.listing(desk.workspace, "skåne region")) == ["Region Skåne"]
    assert names(views.listing(desk.workspace, "rs")) == ["Region Skåne"]
    assert names(views.listing(desk.workspace, labels=(PERSON, "PLACE"), descending=True)) == ["Skåne", "Anna Skåning"]
    accept_all(desk)
    desk.run(about.LinkTo(document=desk.a, key=desk.mark(ORG).key, thing=made["Region Halland"]))
    assert names(views.listing(desk.workspace, order="mentions", descending=True))[0] == "Region Halland"
    assert names(views.listing(desk.workspace, order="label"))[-1] == "Skåne"


def test_things_of_one_name_are_offered_as_one(desk: Desk) -> None:
    first, second = new(desk, "Region Halland"), new(desk, "Region-halland")
    ((left, right),) = views.twins(desk.workspace)
    assert {left.id, right.id} == {first, second}
    mark = desk.mark(ORG)
    assert which(desk, mark).best is None
    assert len(which(desk, mark).candidates) == 2
    desk.run(about.MergeThings(keep=first, drop=(second,)))
    assert not views.twins(desk.workspace)
    assert which(desk, mark).best[1].id == first


def test_sure_links_are_confirmed_with_the_entity_only_where_the_project_wants_it(desk: Desk) -> None:
    halland = new(desk, "Region Halland")
    doubtful = new(desk, "Anna Berg", PERSON), new(desk, "Anna Berg", PERSON)
    first, second, person = desk.mark(ORG), desk.mark(ORG, 1), desk.mark(PERSON)
    desk.run(commands.Accept(document=desk.a, key=first.key))
    assert which(desk, first).thing is None
    desk.workspace.set_option(CONFIRM_OPTION, "1")
    for mark in (second, person):
        desk.run(commands.Accept(document=desk.a, key=mark.key))
    assert which(desk, second).thing.id == halland
    assert which(desk, person).thing is None and doubtful


def test_lists_are_taken_over_once(desk: Desk) -> None:
    told = {"id": "0197-a", "label": ORG, "name": "Region Halland", "aliases": ["RH"], "links": {"wikidata": "Q1"}}
    halland = new(desk, "region halland")
    outcome = desk.run(about.AddThings(things=(told, {"label": "PLACE", "name": "Halland"})))
    assert outcome.count == 2
    assert views.thing(desk.workspace, halland)[2:5] == ("region halland", ("Region Halland", "RH"), {"wikidata": "Q1"})
    desk.does_nothing(about.AddThings(things=(told, {"label": "PLACE", "name": "Halland"})))
    desk.refuses("label.unknown", about.AddThings(things=({"label": "NOTHING", "name": "x"},)))


def test_links_survive_a_change_of_the_mention_and_history_tells_of_things(desk: Desk) -> None:
    from app.services.annotation_views import steps

    mark = desk.mark(ORG)
    desk.run(about.NewThing(document=desk.a, key=mark.key))
    made = which(desk, mark).thing
    desk.run(commands.SetNote(document=desk.a, key=mark.key, text="viktig"))
    assert which(desk, mark).thing == made
    desk.run(about.RenameThing(thing=made.id, name="RH"))
    assert steps(desk.workspace, 1)[0].detail == (ORG, "RH")


def test_a_dangling_link_is_found(desk: Desk, tmp_path: Path) -> None:
    key = desk.create("direktör", ORG)
    desk.workspace.file.connection.execute("UPDATE annotations SET register = 'borta' WHERE id = ?", (key,))
    desk.workspace.close()
    assert [one.code for one in check_project(tmp_path / "p.kurator")] == ["check.thing-missing"]


def test_the_register_travels_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    from app.formats.exchange_export import export_exchange
    from app.formats.exchange_import import import_exchange
    from app.workspace import Workspace

    marks = accept_all(desk)
    first = new(desk, "Region Halland", aliases=("RH 😀", "Ska\u030ane"), mentions=(marks[0][1].annotation,))
    second = new(desk, "Hälso\u00adrådet")
    desk.run(about.MergeThings(keep=first, drop=(second,)))
    desk.run(about.SetThingLinks(thing=first, links={"wikidata": "Q1", "web": "https://exempel.se/å"}))
    desk.run(about.RejectLink(document=desk.a, key=marks[1][1].key, things=(first,)))
    there, again = tmp_path / "ut.json", tmp_path / "igen.json"
    export_exchange(desk.workspace.reads, there)
    with Workspace.create(tmp_path / "q.kurator", "q", "Bo") as other:
        import_exchange(other.writer, other.reads, there)
        export_exchange(other.reads, again)
        assert views.thing(other, second) == views.thing(desk.workspace, second)
    assert again.read_bytes() == there.read_bytes()
    assert f'"not_register":["{first}"]' in there.read_text("utf-8")


def test_what_another_connection_wrote_is_seen_and_a_large_register_is_read_ahead(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr(views.BackgroundRegister, "MANY", 0)
    assert not views.BackgroundRegister.wanted(desk.workspace)
    assert not views.listing(desk.workspace)
    other = sqlite3.connect(desk.workspace.path)
    other.execute("INSERT INTO register(id, label, name, aliases, links) VALUES ('x', 'PLACE', 'Ö', '[]', '{}')")
    other.commit()
    assert things(desk)["Ö"].id == "x"
    other.execute("DELETE FROM register")
    other.commit()
    other.close()
    assert not things(desk)
    new(desk, "Region Halland")
    assert views.BackgroundRegister.wanted(desk.workspace)
    desk.workspace.reads.__dict__.pop("_register")
    ahead = views.BackgroundRegister(desk.workspace)
    ahead.give(desk.workspace)
    new(desk, "Region Skåne")
    assert set(things(desk)) == {"Region Halland", "Region Skåne"}
    views.BackgroundRegister(desk.workspace).give(None)
