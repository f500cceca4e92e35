"""What we read of the tools' own files is what the tools' own readers see in them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from app.formats import brat, cas, doccano, inception_project, label_studio, prodigy, webanno_tsv
from app.formats.layers import LayerDocument, Link, Passage, Refusal
from tests.app.formats.peers.peer_files import CONTEXT, HERE, SHARED, check_text, expected, frags, same, taken

pytestmark = HERE
CAS_JSON, XMI = cas.JSON, cas.XMI

# brat


def brat_attributes(item: Passage | Link) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if item.facets:
        found["attributes"] = dict(item.facets)
    if item.note:
        found["notes"] = item.note.split("\n")
    if "norm" in item.origin:
        found["norm"] = item.origin["norm"]
    return found


def brat_rows(document: LayerDocument) -> tuple[list[Any], list[Any]]:
    """Return spans and relations as brat tells them: an event is one relation, and its attributes are its own."""
    by_id = {one.id: one for one in document.passages}
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in document.links:
        groups[str(link.origin["id"])].append(link)
    triggers = {group[0].head for identity, group in groups.items() if identity[0] == "E"}
    spans = [
        [frags(one), one.label, {"trigger": True} if one.id in triggers else brat_attributes(one)]
        for one in document.passages
    ]
    relations = []
    for identity, group in groups.items():
        ends = [by_id[group[0].head], *(by_id[link.tail] for link in group)]
        if identity[0] == "R":
            (link,) = group
            args = [["Arg1", frags(ends[0]), ends[0].label], ["Arg2", frags(ends[1]), ends[1].label]]
            relations.append([link.label, args, brat_attributes(link)])
        elif identity[0] == "*":
            relations.append([group[0].label, [["*", frags(one), one.label] for one in ends], {"kind": "equiv"}])
        else:
            roles = [[link.label, frags(one), one.label] for link, one in zip(group, ends[1:], strict=True)]
            args = [["trigger", frags(ends[0]), ends[0].label], *roles]
            relations.append([ends[0].label, args, brat_attributes(ends[0]) | {"kind": "event"}])
    return spans, relations


def plain(args: list[list[Any]]) -> list[list[Any]]:
    return [[role, place, label.removeprefix("event:")] for role, place, label in args]


@pytest.mark.parametrize("path", sorted(SHARED.glob("brat/*.ann")), ids=lambda path: path.stem)
def test_brat(path: Path) -> None:
    rows = expected("brat", path.name)
    documents, refused = taken(brat.FORMAT, path)
    if not any(row["k"] == "doc" for row in rows):  # brat itself does not open it
        assert documents == [] and [one.code for one in refused] == ["peers.event-without-trigger"]
        return
    (document,) = documents
    check_text(document, rows)
    spans, relations = brat_rows(document)
    same(spans, [[row["frags"], row["label"], row["attrs"]] for row in rows if row["k"] == "span"])
    rels = [row for row in rows if row["k"] == "rel"]
    same(
        [[label, args, sorted(attrs.items())] for label, args, attrs in relations],
        [[row["label"], plain(row["args"]), sorted(row["attrs"].items())] for row in rels],
    )
    kept = {row["msg"] for row in rows if row["k"] == "note" and "kept verbatim" in row["msg"]}
    told = {f"ERROR line {one.line} not understood by brat (kept verbatim)" for one in refused}
    assert kept <= told


# INCEpTION and WebAnno


def structure(row: dict[str, Any], relations: set[str]) -> bool:
    """Whether a row is about tag sets, is a relation told once more as a span, or the inside of a slot."""
    label = row["label"]
    if row["k"] == "span":
        return "TagsetDescription" in label or label in relations
    return label.endswith("LinkType")


def layer(item: Passage | Link) -> str:
    return str(item.origin["layer"])


def features(item: Passage | Link) -> dict[str, str]:
    """Return the features again: one of them became the label."""
    value = {} if item.label == layer(item).rpartition(".")[2] else {"value": item.label}
    return {name: str(worth) for name, worth in {**item.facets, **value}.items()}


def uima_rows(document: LayerDocument) -> tuple[list[Any], list[Any]]:
    by_id = {one.id: one for one in document.passages}
    spans = [[frags(one), layer(one), features(one)] for one in document.passages if not layer(one).endswith("Token")]
    ends: dict[str, list[Link]] = defaultdict(list)
    for link in document.links:
        ends[str(link.origin["id"])].append(link)
    relations = []
    for identity, links in ends.items():
        host = by_id.get(identity)
        shown = [
            [frags(by_id[end]), "?" if layer(by_id[end]).endswith("Token") else layer(by_id[end])]
            for link in links
            for end in (link.head, link.tail)
        ]
        if host is None:
            relations.append([layer(links[0]), shown, features(links[0])])
        else:
            relations.append([layer(host), [[frags(host), layer(host)], *shown[1::2]], features(host)])
    return spans, relations


def check_uima(documents: list[LayerDocument], rows: list[dict[str, Any]]) -> None:
    names = [row["doc"] for row in rows if row["k"] == "doc"]
    assert len(documents) == len(names)
    for document, name in zip(documents, names, strict=True):
        own = [row for row in rows if row["doc"] == name]
        check_text(document, own)
        relations = {
            row["label"] for row in own if row["k"] == "rel" and any(role == "Governor" for role, *_ in row["args"])
        }
        own = [row for row in own if row["k"] in ("span", "rel") and not structure(row, relations)]
        spans, found = uima_rows(document)
        same(
            spans,
            [
                [r["frags"], r["label"], r["attrs"]]
                for r in own
                if r["k"] == "span" and r["frags"][0][0] < r["frags"][0][1]
            ],
        )
        told = []
        for row in own:
            if row["k"] == "rel":
                args = row["args"][1:] if row["args"][1][0] == "Governor" else row["args"]
                told.append([row["label"], [[place, label] for _, place, label in args], row["attrs"]])
        same(found, told)


def empty_spans(rows: list[dict[str, Any]]) -> int:
    return sum(r["k"] == "span" and r["frags"][0][0] == r["frags"][0][1] and "Tagset" not in r["label"] for r in rows)


@pytest.mark.parametrize("path", sorted(SHARED.glob("webanno_tsv/*.tsv")), ids=lambda path: path.stem)
def test_webanno_tsv(path: Path) -> None:
    rows = expected("webanno_tsv", path.name)
    documents, refused = taken(webanno_tsv.FORMAT, path)
    check_uima(documents, rows)
    assert [one.code for one in refused] == ["span.empty"] * empty_spans(rows)


CAS = [*SHARED.glob("uima_json/*.data.json"), *SHARED.glob("uima_json/*.xmi"), *SHARED.glob("uima_xmi/*.xmi")]


@pytest.mark.parametrize("path", sorted(CAS), ids=lambda path: path.name)
def test_cas(path: Path) -> None:
    rows = expected(path.parent.name, path.name)
    documents, refused = taken(XMI if path.suffix == ".xmi" else CAS_JSON, path)
    if not rows[0]["len"]:  # a file without its text
        assert documents == [] and [one.code for one in refused] == ["peers.no-text"]
        return
    check_uima(documents, rows)
    assert [one.code for one in refused] == ["span.empty"] * empty_spans(rows)


@pytest.mark.parametrize("path", sorted(SHARED.glob("webanno_tsv/*.xmi")), ids=lambda path: path.stem)
def test_the_table_and_the_cas_of_one_document_say_the_same(path: Path) -> None:
    (table,), _ = taken(webanno_tsv.FORMAT, path.with_suffix(".tsv"))
    (whole,), _ = taken(XMI, path)
    assert table.text == whole.text + "\n"

    def told(document: LayerDocument) -> list[Any]:
        by_id = {one.id: one for one in document.passages}
        names = {"Span": "NamedEntity"}
        spans = [[one.spans, names.get(one.label, one.label)] for one in document.passages]
        return spans + [[by_id[one.head].spans, by_id[one.tail].spans] for one in document.links]

    same(told(table), told(whole))


def test_a_project_of_webanno() -> None:
    items = list(inception_project.read([SHARED / "webanno_project" / "curated_annotation_project_3_6_1.zip"], CONTEXT))
    (document,) = [one for one in items if isinstance(one, LayerDocument)]
    assert document.name == "example_sentence.txt" and document.text == "This is an example sentence.\n"
    assert {one.annotator for one in document.passages} == {"CURATION_USER"}
    assert {one.code for one in items if isinstance(one, Refusal)} == {"peers.no-annotations", "peers.java-only"}


# Label Studio, doccano, Prodigy


def studio_rows(document: LayerDocument) -> list[Any]:
    rows = []
    for one in document.passages:
        for label in [one.label, *(f"{facet}={[value]}" for facet, value in one.facets.items())]:
            rows.append([frags(one), label, one.origin["id"]])
    return rows


@pytest.mark.parametrize("path", sorted(SHARED.glob("label_studio/*.json")), ids=lambda path: path.stem)
def test_label_studio(path: Path) -> None:
    rows = expected("label_studio", path.name)
    documents, refused = taken(label_studio.FORMAT, path)
    if not any(row["k"] == "doc" for row in rows):  # the results alone, without the task and its text
        assert documents == [] and [one.code for one in refused] == ["peers.no-text"]
        return
    (document,) = documents
    check_text(document, rows)
    same(studio_rows(document), [[r["frags"], r["label"], r["attrs"]["id"]] for r in rows if r["k"] == "span"])
    predicted = {row["attrs"]["set"].startswith("predictions") for row in rows if row["k"] == "span"}
    assert {one.state == "suggested" for one in document.passages} == predicted


def test_doccano() -> None:
    """doccano's own reader takes nothing from this file (its relations lack ids); the file says this."""
    (document,), refused = taken(doccano.FORMAT, SHARED / "doccano" / "relation_extraction-example.jsonl")
    assert refused == []
    assert [(document.text[slice(*one.spans[0])], one.label) for one in document.passages] == [
        ("Google", "ORG"),
        ("September 4, 1998", "DATE"),
        ("Larry Page", "PERSON"),
        ("Sergey Brin", "PERSON"),
    ]
    assert [(one.label, one.head, one.tail) for one in document.links] == [
        ("foundedAt", "0", "1"),
        ("foundedBy", "0", "2"),
        ("foundedBy", "0", "3"),
    ]


def test_doccano_where_a_line_end_is_one_character() -> None:
    path = SHARED / "doccano" / "relation_extraction_wrong_character.jsonl"
    assert doccano.likely_unit(path) == "graphemes"
    (document,), _ = taken(doccano.FORMAT, path)
    assert [document.text[slice(*one.spans[0])] for one in document.passages] == ["medkit", "2022"]


def test_prodigy_answers() -> None:
    documents, refused = taken(prodigy.FORMAT, SHARED / "prodigy" / "headlines-answers.jsonl")
    assert documents == [] and {one.code for one in refused} == {"peers.ignored"}
    documents, refused = taken(prodigy.FORMAT, SHARED / "prodigy" / "rel_component-3.jsonl")
    assert refused == [] and [len(one.links) for one in documents] == [4, 9, 1]
    for path in (SHARED / "prodigy").glob("*.jsonl"):
        for line, document in zip(path.read_text("utf-8").splitlines(), taken(prodigy.FORMAT, path)[0], strict=False):
            said = [(one["start"], one["end"], one["label"]) for one in json.loads(line)["spans"]]
            same(said, [(*one.spans[0], one.label) for one in document.passages])
