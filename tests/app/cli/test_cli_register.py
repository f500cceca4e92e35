"""The register on the command line, and as files: what is written is read again, byte for byte."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import register_commands as about
from app.cli import exit_codes
from app.services import register_files, register_views
from app.workspace import Workspace
from models.errors import UserError
from models.register import Register, form

Kurator = Callable[..., Any]


@pytest.fixture
def project(tmp_path: Path, kurator: Kurator) -> Path:
    path = tmp_path / "p.kurator"
    assert kurator("new", path, "--annotator", "Åsa", "--register", "none").status == 0
    with Workspace.open(path) as workspace:
        for name, label, aliases in (
            ("Region Ska\u030ane 😀", "ORGANISATION", ("RS", "Hälso\u00advårds\u00a0regionen, a|b")),
            ("=1+1", "SERVICE", ()),
        ):
            workspace.run(about.NewThing(name=name, label=label, aliases=aliases))
    return path


def test_the_register_is_listed(project: Path, kurator: Kurator) -> None:
    said = kurator("register", project, "--language", "en")
    assert said.status == 0
    assert said.out.splitlines() == [
        "SERVICE  =1+1  0",
        "ORGANISATION  Region Ska\u030ane 😀  0",
        "2 entries in the register",
    ]
    data = json.loads(kurator("register", project, "--words", "rs", "--json").out)
    (one,) = data["register"]
    assert (one["name"], one["mentions"], one["documents"]) == ("Region Ska\u030ane 😀", 0, 0)
    assert "0 entries" in kurator("register", project, "--label", "PERSON", "--language", "en").out


def test_json_comes_back_as_it_was(project: Path, tmp_path: Path, kurator: Kurator) -> None:
    first, again = tmp_path / "r.json", tmp_path / "igen.json"
    assert kurator("register", project, "export", "-o", first).status == 0
    other = tmp_path / "q.kurator"
    kurator("new", other)
    assert kurator("register", other, "import", first).status == 0
    kurator("register", other, "export", "-o", again)
    assert again.read_bytes() == first.read_bytes()
    said = kurator("register", other, "import", first, "--language", "en")
    assert "0 entries are new" in said.out


def test_a_table_comes_back_and_holds_no_formulas(project: Path, tmp_path: Path, kurator: Kurator) -> None:
    table = tmp_path / "r.csv"
    kurator("register", project, "export", "-o", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=1+1", "Region Ska\u030ane 😀"]
    table.write_text("label;name;aliases;wikidata\nPLACE;Halland;Hallands län | HL;Q103691\nNOTHING;X;;\n", "utf-8")
    said = kurator("register", project, "import", table, "--language", "en")
    assert said.status == exit_codes.REMARKS
    assert "1 entry has a label" in said.out
    with Workspace.open(project) as workspace:
        (row,) = register_views.listing(workspace, "hallands")
        assert row.thing[1:5] == ("PLACE", "Halland", ("Hallands län", "HL"), {"wikidata": "Q103691"})


@pytest.mark.parametrize(
    "content", ["", "{}", "name\nx\n", '{"register":[{"label":"PLACE","name":" "}]}', '{"register":5}']
)
def test_what_is_no_register_is_refused(project: Path, tmp_path: Path, kurator: Kurator, content: str) -> None:
    path = tmp_path / "fel.json"
    path.write_text(content, "utf-8")
    if content:
        with pytest.raises(UserError):
            register_files.read_register(path)
        said = kurator("register", project, "import", path)
        assert said.status == exit_codes.REFUSED
        assert str(path) in said.err


def test_what_is_missing_is_asked_for(project: Path, tmp_path: Path, kurator: Kurator) -> None:
    assert "--starter" in kurator("register", project, "import").err
    assert "-o" in kurator("register", project, "export").err
    assert str(tmp_path / "borta") in kurator("register", project, "import", tmp_path / "borta").err


def test_a_project_begins_with_the_list_that_ships(tmp_path: Path, kurator: Kurator) -> None:
    path = tmp_path / "s.kurator"
    assert kurator("new", path, "--register", "sweden").status == 0
    with Workspace.open(path) as workspace:
        assert len(register_views.listing(workspace)) == len(register_files.starter("sweden"))
        assert workspace.undo() is None
    said = kurator("register", path, "import", "--starter", "sweden", "--language", "en")
    assert "0 entries are new" in said.out


# The list that ships ------------------------------------------------------------------------------------------

STARTER = register_files.starter("sweden")


def test_every_name_of_the_list_means_one_thing() -> None:
    names = [(one["label"], form(name)) for one in STARTER for name in (one["name"], *one["aliases"])]
    assert len(names) == len(set(names))
    assert len({one["id"] for one in STARTER}) == len(STARTER)
    wikidata = [one["links"]["wikidata"] for one in STARTER if "wikidata" in one["links"]]
    assert all(re.fullmatch(r"Q[1-9][0-9]*", one) for one in wikidata)
    assert len(wikidata) == len(set(wikidata)) == 58


@pytest.mark.parametrize(
    ("mention", "label", "name"),
    [
        ("Landstinget Hallands", "ORGANISATION", "Region Halland"),
        ("Hallands läns landsting", "ORGANISATION", "Region Halland"),
        ("VGR:s", "ORGANISATION", "Västra Götalandsregionen"),
        ("Region Jönköpings län", "ORGANISATION", "Region Jönköpings län"),
        ("SKL", "ORGANISATION", "Sveriges Kommuner och Regioner"),
        ("Datainspektionens", "ORGANISATION", "Integritetsskyddsmyndigheten"),
        ("e-hälso\u00admyndigheten", "ORGANISATION", "E-hälsomyndigheten"),
        ("DIGG", "ORGANISATION", "Myndigheten för digital förvaltning"),
        ("1177\u00a0Vårdguiden", "SERVICE", "1177"),
        ("Vision e-hälsa 2025", "PROGRAMME", "Vision e-hälsa 2025"),
    ],
)
def test_the_list_knows_what_pages_call_things(mention: str, label: str, name: str) -> None:
    from app.services.register_files import things_of

    known = Register(things_of(STARTER))
    best = known.candidates(label, mention, {})[0]
    assert known.things[best.thing].name == name
    assert best.score > 0.9


def test_all_regions_are_there() -> None:
    regions = [
        one for one in STARTER if any("landsting" in name or name == "Gotlands kommun" for name in one["aliases"])
    ]
    assert len([one for one in regions if "egion" in one["name"]]) == 21
