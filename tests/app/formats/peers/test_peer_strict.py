"""What we write, read by others: dkpro-cassis, networkx, csv, and strict readings of our own by the tools' rules.

None of the readings here shares a line with the program's readers.
"""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import cassis
import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import brat, cas, claims_csv, doccano, graph, label_studio, prodigy, web_annotation
from app.formats.beside import STANDING
from app.formats.contract import Format
from app.formats.layers import LayerDocument, Losses, Passage
from app.formats.simplify import simplifier

Spans = set[tuple[str, tuple[tuple[int, int], ...]]]
BREAK = re.compile("[\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029]")


def written(form: Format, document: LayerDocument, folder: Path, made: Any, **choices: str) -> Path:
    assert form.write is not None
    target = folder / f"out{form.suffix}"
    if form.folder:
        target.mkdir()
    complete = {name: values[0] for name, values in form.choices.items()} | choices
    simple = simplifier(form, {}, Losses())(document)
    form.write([simple], target, replace(made.CONTEXT, choices=complete))
    return target


def truth(document: LayerDocument, states: Any = STANDING) -> Spans:
    return {(one.label, tuple(map(tuple, one.spans))) for one in document.passages if one.state in states}


def pairs(document: LayerDocument) -> set[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Return the relations between passages that a person stands behind: label and the ends' first spans."""
    there = {one.id: tuple(one.spans[0]) for one in document.passages if one.state in STANDING}
    return {
        (one.label, there[one.head], there[one.tail]) for one in document.links if {one.head, one.tail} <= there.keys()
    }


def pieces(spans: Spans) -> set[tuple[str, tuple[int, int]]]:
    return {(label, piece) for label, fragments in spans for piece in fragments}


@pytest.mark.parametrize("form", [cas.JSON, cas.XMI], ids=lambda form: form.id)
def test_cassis_sees_the_same(form: Format, tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    folder = written(form, document, tmp_path, made)
    (path,) = [one for one in folder.iterdir() if one.name != "TypeSystem.xml"]
    types = cassis.load_typesystem(folder / "TypeSystem.xml")
    if form is cas.XMI:
        loaded = cassis.load_cas_from_xmi(path, typesystem=types)
    else:
        loaded = cassis.load_cas_from_json(path.read_text("utf-8"), typesystem=types)
    assert loaded.sofa_string == document.text
    assert loaded.typecheck() == []
    marks = loaded.select("webanno.custom.KuratorSpan")
    assert {(one.label, (one.begin, one.end)) for one in marks} == pieces(truth(document))
    relations = loaded.select("webanno.custom.KuratorRelation")
    found = {
        (one.label, (one.Governor.begin, one.Governor.end), (one.Dependent.begin, one.Dependent.end))
        for one in relations
    }
    assert found == pairs(document)
    (claim,) = [one for one in marks if one.category == "claim"]
    assert (claim.kind, claim.negated, claim.annotator) == ("forecast", False, "Bo")


def strict_brat(folder: Path) -> tuple[str, Spans, set[tuple[str, str, str]], dict[str, tuple[str, Any]]]:
    """Read by brat's rules: lines end where ``str.splitlines`` says, no fragment holds a line break."""
    (text_path,) = folder.glob("*.txt")
    text = text_path.read_bytes().decode("utf-8")
    spans: dict[str, tuple[str, Any]] = {}
    links = set()
    names = set()
    for line in text_path.with_suffix(".ann").read_bytes().decode("utf-8").splitlines():
        name, data, *tail = line.split("\t", 2)
        assert name not in names
        names.add(name)
        if name[0] == "T":
            label, places = data.split(" ", 1)
            fragments = tuple(tuple(map(int, one.split(" "))) for one in places.split(";"))
            assert all(a < b for a, b in fragments) and list(fragments) == sorted(fragments)
            covered = [text[a:b] for a, b in fragments]
            assert not any(BREAK.search(one) for one in covered)
            assert tail == [" ".join(covered)] and re.fullmatch(r"[A-Za-z0-9_-]+", label)
            spans[name] = (label, fragments)
        elif name[0] == "R":
            match = re.fullmatch(r"([A-Za-z0-9_-]+) Arg1:(T\d+) Arg2:(T\d+)", data)
            assert match is not None
            links.add(match.groups())
        else:
            assert re.fullmatch(r"[AN#]\d+", name) and data.split(" ")[1] in names
    return text, set(spans.values()), links, spans


def rejoined(text: str, fragments: Any) -> Any:
    found = [list(fragments[0])]
    for start, end in fragments[1:]:
        if not BREAK.sub("", text[found[-1][1] : start]):
            found[-1][1] = end
        else:
            found.append([start, end])
    return tuple(map(tuple, found))


def test_brat_by_its_rules(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    folder = written(brat.FORMAT, document, tmp_path, made)
    text, spans, links, names = strict_brat(folder)
    assert text == document.text
    assert {(label, rejoined(text, fragments)) for label, fragments in spans} == truth(document)
    assert {(label, names[a][1][0], names[b][1][0]) for label, a, b in links} == pairs(document)
    conf = (folder / "annotation.conf").read_text("utf-8")
    sections = dict(zip(*[iter(re.split(r"^\[(\w+)\]$", conf, flags=re.MULTILINE)[1:])] * 2, strict=True))
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    assert {label for label, _ in spans} <= set(sections["entities"].split())
    assert "negated\tArg:<ANY>, Value:true|false" in sections["attributes"]


@given(data=st.data())
def test_any_document_by_brats_rules(tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    document = data.draw(made.documents())
    strict_brat(written(brat.FORMAT, document, tmp_path_factory.mktemp("brat"), made))


def utf16(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_doccano_by_its_rules(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    path = written(doccano.FORMAT, document, tmp_path, made)
    raw = path.read_bytes()
    assert raw.isascii()
    (line,) = map(json.loads, raw.splitlines())
    assert line["text"] == document.text
    ids = [one["id"] for one in line["entities"]]
    assert len(set(ids)) == len(ids) and {type(one) for one in ids} == {int}
    covered = {
        (one.label, document.text[one.spans[0].start : one.spans[-1].end])
        for one in document.passages
        if one.state in STANDING
    }
    assert {
        (one["label"], utf16(line["text"], one["start_offset"], one["end_offset"])) for one in line["entities"]
    } == covered
    labels = {one["id"]: one["label"] for one in line["entities"]}
    assert {(one["type"], labels[one["from_id"]], labels[one["to_id"]]) for one in line["relations"]} == {
        ("ATTRIBUTED_TO", "CLAIM", "PERSON"),
        ("WORKS_FOR", "PERSON", "ORGANISATION"),
    }


def test_every_line_for_doccano_has_the_same_keys(tmp_path: Path, made: Any) -> None:
    documents = [LayerDocument("a", "x"), replace(made.one_of_everything(), name="b"), LayerDocument("c", "")]
    path = tmp_path / "out.jsonl"
    losses = doccano.write(documents, path, replace(made.CONTEXT, choices={"offsets": "auto"}))
    assert len({tuple(json.loads(line)) for line in path.read_bytes().splitlines()}) == 1
    assert [(loss.code, loss.examples) for loss in losses] == [("peers.lost-empty-document", ("c",))]


def test_label_studio_by_its_rules(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    folder = written(label_studio.FORMAT, document, tmp_path, made)
    (task,) = json.loads((folder / "tasks.json").read_bytes())
    config = ET.parse(folder / "config.xml").getroot()
    controls = {one.get("name"): one for one in config if one.get("toName") == "text"}
    texts = [one for one in config if one.tag == "Text"]
    assert [(one.get("name"), one.get("value")) for one in texts] == [("text", "$text")]
    text = task["data"]["text"]
    spans = set()
    for group, states in (("annotations", STANDING), ("predictions", {"suggested"})):
        found = set()
        for annotation in task[group]:
            places: dict[str, Any] = {}
            for one in annotation["result"]:
                if one["type"] == "relation":
                    assert {one["from_id"], one["to_id"]} <= places.keys()
                    spans.add((one["labels"][0], places[one["from_id"]], places[one["to_id"]]))
                    continue
                value = one["value"]
                control = controls[one["from_name"]]
                assert (control.tag.lower(), one["to_name"]) == (one["type"], "text")
                allowed = {child.get("value") for child in control}
                assert set(value.get("labels", value.get("choices", ()))) <= allowed
                if one["type"] == "labels":
                    assert text[value["start"] : value["end"]] == value["text"]
                    places[one["id"]] = (value["start"], value["end"])
                    found.add((value["labels"][0], places[one["id"]]))
        assert found == pieces(truth(document, states))
    assert spans <= pairs(document)


def test_prodigy_by_its_rules(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    path = written(prodigy.FORMAT, document, tmp_path, made)
    tasks = [json.loads(line) for line in path.read_bytes().splitlines()]
    found: dict[Any, Spans] = {}
    for task in tasks:
        assert "".join(token["text"] + " " * token["ws"] for token in task["tokens"]) == task["text"] == document.text
        assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
        for token in task["tokens"]:
            assert task["text"][token["start"] : token["end"]] == token["text"]
        for span in task["spans"]:
            assert task["tokens"][span["token_start"]]["start"] == span["start"]
            assert task["tokens"][span["token_end"]]["end"] == span["end"]
            found.setdefault(task.get("answer"), set()).add((span["label"], ((span["start"], span["end"]),)))
        for relation in task.get("relations", ()):
            assert relation["head"] == relation["head_span"]["token_end"]
            assert relation["child"] == relation["child_span"]["token_end"]
        assert not any(key.endswith("_hash") for key in task)

    def covered(states: Any) -> Spans:
        return {(label, ((spans[0][0], spans[-1][1]),)) for label, spans in truth(document, states)}

    assert found == {"accept": covered(STANDING), "reject": covered({"rejected"}), None: covered({"suggested"})}
    assert [len(task["spans"]) for task in tasks if task.get("answer") == "reject"] == [1]


@given(text=st.text("abå 😀\u030a\u200d\n\r-.\u00a0\t1", max_size=30), cuts=st.lists(st.integers(0, 30), max_size=6))
def test_tokens_make_the_text_and_are_cut_at_spans(text: str, cuts: list[int]) -> None:
    from models.spans import Span

    cuts = sorted(one for one in cuts if one <= len(text))
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    tokens = prodigy.tokenised(text, spans)
    assert "".join(token["text"] + " " * token["ws"] for token in tokens) == text
    edges = (
        {token["start"] for token in tokens}
        | {token["end"] for token in tokens}
        | {token["end"] + 1 for token in tokens if token["ws"]}
    )
    assert {edge for span in spans for edge in span} <= edges | {0, len(text)}


def test_web_annotations_by_the_standard(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    path = written(web_annotation.FORMAT, document, tmp_path, made)
    whole = json.loads(path.read_bytes())
    assert whole["@context"][0] == "http://www.w3.org/ns/anno.jsonld" and whole["type"] == "AnnotationCollection"
    items = whole["first"]["items"]
    assert whole["total"] == len(items) and len({one["id"] for one in items}) == len(items)
    spans: Spans = set()
    for one in items:
        if one["motivation"] != "classifying":
            continue
        targets = one["target"]["items"] if one["target"].get("type") == "Composite" else [one["target"]]
        places = []
        for target in targets:
            position, quote = target["selector"]
            start, end = position["start"], position["end"]
            assert document.text[start:end] == quote["exact"]
            assert document.text[:start].endswith(quote["prefix"]) and document.text[end:].startswith(quote["suffix"])
            assert target["source"] == document.source
            places.append((start, end))
        (label,) = [body["value"] for body in one["body"] if body.get("purpose") == "classifying"]
        spans.add((label, tuple(places)))
    assert spans == truth(document)
    ids = {one.id: one for one in document.passages}
    linking = [one for one in items if one["motivation"] == "linking"]
    ends = {
        (one["target"].removeprefix("urn:kurator:"), one["body"][0]["id"].removeprefix("urn:kurator:"))
        for one in linking
    }
    assert (
        ends == {(link.head, link.tail) for link in document.links}
        and {end for pair in ends for end in pair} <= ids.keys()
    )
    facets = {body["kurator:facet"]: body["value"] for one in items for body in one["body"] if "kurator:facet" in body}
    assert facets == {"kind": "forecast", "negated": "false"}


def test_networkx_sees_the_graph(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    found = networkx.read_graphml(written(graph.FORMAT, document, tmp_path, made), force_multigraph=True)
    passages: dict[str, Passage] = {one.id: one for one in document.passages}
    assert set(found.nodes) == {*passages, "r1"}
    for name, data in found.nodes(data=True):
        if name in passages:
            one = passages[name]
            assert (data["kind"], data["label"], data["state"]) == (one.kind, one.label, one.state)
            assert (data["start"], data["end"]) == (one.spans[0].start, one.spans[-1].end)
    edges = {(head, tail, data["label"]) for head, tail, data in found.edges(data=True)}
    assert edges == {(link.head, link.tail, link.label) for link in document.links} | {("p1", "r1", "REFERS_TO")}
    assert found.nodes["p4"]["facet_negated"] == "false"


def test_tables_as_a_spreadsheet_reads_them(tmp_path: Path, made: Any) -> None:
    document = made.one_of_everything()
    folder = written(claims_csv.FORMAT, document, tmp_path, made)
    tables = {}
    for path in folder.iterdir():
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.name] = list(csv.DictReader(file))
    rows = tables["actors.csv"] + tables["claims.csv"]
    assert {(row["label"], row["spans"]) for row in rows} == {
        (one.label, ";".join(f"{a}-{b}" for a, b in one.spans)) for one in document.passages
    }
    assert [row["facet_kind"] for row in tables["claims.csv"]] == ["forecast"]
    assert {(row["head"], row["tail"], row["tail_text"]) for row in tables["relations.csv"]} == {
        ("p4", "p1", "Anna … Ek"),
        ("p1", "p2", "Region\u00a0Norrby"),
    }
