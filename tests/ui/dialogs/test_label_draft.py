"""The draft behind the label set editor: ids, order, faults, files. No widget takes part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.label_views import Draft, label_id, lost_facets, read_label_set, write_label_set
from app.workspace import Workspace, default_label_set
from models.errors import UserError
from models.labels import label_set
from ui.dialogs.label_set import reserved_keys
from ui.dialogs.tints import distance, farthest, palette


@pytest.fixture
def draft() -> Draft:
    return Draft(label_set(default_label_set()))


def codes(draft: Draft) -> set[tuple[str, str]]:
    return {(fault.id, fault.code) for fault in draft.faults(reserved_keys(), distance)}


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("Vårdrum", [], "VARDRUM"),
        ("va\u030ard rum", [], "VARD_RUM"),
        ("Människa & maskin!", ["MANNISKA_MASKIN"], "MANNISKA_MASKIN_2"),
        ("😀", [], "LABEL"),
        ("Øresund", [], "ORESUND"),
    ],
)
def test_an_id_is_made_from_the_name(name: str, taken: list[str], made: str) -> None:
    assert label_id(name, taken) == made


@given(st.text(), st.sets(st.sampled_from(["LABEL", "A", "B", "A_2"])))
def test_an_id_is_always_new_and_plain(name: str, taken: set[str]) -> None:
    made = label_id(name, taken)
    assert made not in taken
    assert made.isascii() and made.replace("_", "").isalnum() and made == made.upper()


def test_the_shipped_set_has_no_fault(draft: Draft) -> None:
    assert codes(draft) == set()
    assert not draft.changed


def test_a_new_labels_id_follows_its_name_and_an_old_ones_does_not(draft: Draft) -> None:
    made = draft.add("entities", "Ny sak", "#123456")
    draft.record("relations", "ABOUT")["pairs"].append(["CLAIM", made])
    moved = draft.rename("entities", made, "Vårdplats")
    assert moved == "VARDPLATS"
    assert ["CLAIM", "VARDPLATS"] in draft.record("relations", "ABOUT")["pairs"]
    assert draft.rename("entities", "PERSON", "Människa") == "PERSON"
    assert draft.as_set().get("PERSON").name == "Människa"  # type: ignore[union-attr]


def test_the_id_of_a_removed_label_is_not_given_to_another(draft: Draft) -> None:
    draft.remove("entities", "PERSON")
    assert draft.add("entities", "Person", "#123456") == "PERSON_2"


def test_a_removed_label_leaves_no_pair_behind(draft: Draft) -> None:
    draft.remove("entities", "ORGANISATION")
    assert all("ORGANISATION" not in pair for one in draft.records("relations") for pair in one["pairs"])
    draft.as_set()


def test_labels_change_places(draft: Draft) -> None:
    assert draft.shift("entities", "ROLE", -1)
    assert [one["id"] for one in draft.records("entities")][:2] == ["ROLE", "PERSON"]
    assert not draft.shift("entities", "ROLE", -1)


def test_faults_are_seen_where_they_are(draft: Draft) -> None:
    draft.record("entities", "ROLE")["key"] = "1"
    draft.record("entities", "PLACE")["color"] = "#022bfe"
    draft.record("entities", "EVENT")["key"] = "x"
    draft.record("entities", "DATE")["name"] = " "
    draft.record("entities", "MONEY")["name"] = "quantity"
    draft.record("facets", "kind")["values"] = []
    draft.record("relations", "FUNDS")["pairs"] = []
    assert codes(draft) == {
        ("ROLE", "labelset.key-twice"),
        ("PLACE", "labelset.colours-close"),
        ("EVENT", "labelset.key-reserved"),
        ("DATE", "labelset.no-name"),
        ("QUANTITY", "labelset.name-twice"),
        ("kind", "labelset.no-values"),
        ("FUNDS", "labelset.no-pairs"),
    }
    grave = [fault.grave for fault in draft.faults(reserved_keys(), distance)]
    assert grave == sorted(grave, reverse=True)


def test_a_claims_key_must_differ_from_an_entitys(draft: Draft) -> None:
    draft.record("claims", "CLAIM")["key"] = "1"
    assert ("CLAIM", "labelset.key-twice") in codes(draft)


def test_a_retired_labels_key_is_free(draft: Draft) -> None:
    draft.record("entities", "PERSON")["retired"] = True
    draft.record("entities", "ROLE")["key"] = "1"
    assert codes(draft) == set()


def test_the_version_goes_up_with_a_change(draft: Draft) -> None:
    draft.record("entities", "PERSON")["name"] = "MÄNNISKA"
    assert draft.changed
    assert draft.as_set().version == draft.standing.version + 1


def test_a_set_is_written_and_read_alike(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "etiketter.json"
    write_label_set(draft.standing, path)
    assert read_label_set(path) == draft.standing
    assert list(tmp_path.iterdir()) == [path]


def test_a_set_is_found_in_an_exchange_file(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "utbyte.json"
    path.write_text(json.dumps({"kurator": {"format": "1.0"}, "label_set": draft.standing.to_json()}))
    assert read_label_set(path) == draft.standing


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\x00", b'{"id": 1}', b"[" * 100_000])
def test_a_file_that_is_no_label_set_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "fel.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"label\.bad-set"):
        read_label_set(path)


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"labelset\.cannot-read"):
        read_label_set(tmp_path / "saknas.json")
    with pytest.raises(UserError, match=r"labelset\.cannot-write"):
        write_label_set(label_set(default_label_set()), tmp_path / "saknas" / "a.json")


def test_facets_that_claims_carry_are_missed(workspace: Workspace) -> None:
    draft = Draft(workspace.reads.label_set())
    assert lost_facets(workspace.reads, draft.as_set()) == []
    draft.remove("facets", "mode")
    kind = draft.record("facets", "kind")
    kind["values"] = [value for value in kind["values"] if value["id"] != "fact"]
    lost = lost_facets(workspace.reads, draft.as_set())
    assert [(one.facet, one.value, one.claims) for one in lost] == [("kind", "fact", 1), ("mode", None, 1)]


def test_the_palettes_colours_are_apart() -> None:
    colours = palette()
    assert len(set(colours)) == len(colours) > 15
    near = min(distance(one, other) for one in colours for other in colours if one != other)
    assert near > 0.06


def test_a_new_colour_is_far_from_those_in_use() -> None:
    taken = [one["color"] for one in default_label_set()["entities"]]
    made = farthest(taken)
    assert min(distance(made, other) for other in taken) > 0.1
