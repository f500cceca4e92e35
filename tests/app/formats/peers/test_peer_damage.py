"""Files that are cut off, mistyped, huge or no files at all are refused line by line; nothing is raised."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.formats import brat, cas, doccano, inception_project, label_studio, prodigy, webanno_tsv
from app.formats.contract import Format, ReadContext
from app.formats.layers import LayerDocument, Refusal
from app.formats.registry import format_of
from app.messages import tr
from models.labels import LabelSet
from models.spans import check_spans

CONTEXT = ReadContext(LabelSet("x", "x", 1, (), (), (), ()))
TSV = (
    "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n#T_RL=webanno.custom.Rel|kind|BT_webanno.custom.Span\n"
    "#T_CH=webanno.custom.Link|relation|type\n#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:slots_x.LinkType|webanno.custom.Span\n"
    "\n\n#Text=Vården växer 😀 nu\n"
    "1-1\t0-6\tVården\tA[1]|B[2]\tr\t1-1[1_2]\tx->1-1\ty\t_\t_\t\n"
    "1-2\t7-12\tväxer\tA[1]\t_\t_\tx->1-2\ty\tp\t1-1[2]\t\n"
    "1-3\t13-15\t😀\t_\t_\t_\t_\t_\t_\t_\t\n"
)
TEXT = "Vården växer 😀 nu, säger Anna\u00a0Ek.\r\nMer sen."


def folder_of(form: Format, folder: Path, made: Any) -> dict[str, bytes]:
    """Return sound files of a format, by name."""
    if form is webanno_tsv.FORMAT:
        return {"x.tsv": TSV.encode()}
    if form is inception_project.FORMAT:
        inner = folder_of(cas.XMI, folder, made)
        packed = {"annotation/d.txt/anna.zip": zipped(inner), "curation/d.txt/CURATION_USER.tsv": TSV.encode()}
        return {"x.zip": zipped(packed | {"annotation_ser/d.txt/bo.ser": b"x"})}
    assert form.write is not None
    target = folder / f"x{form.suffix}"
    if form.folder:
        target.mkdir(exist_ok=True)
    made_context = made.CONTEXT.__class__(made.LABELS, made.CONTEXT.annotators, "", {"offsets": "auto"})
    form.write([made.one_of_everything()], target, made_context)
    if form.folder:
        return {path.name: path.read_bytes() for path in target.iterdir()}
    return {target.name: target.read_bytes()}


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # the same time each time
    return buffer.getvalue()


FORMS = [
    cas.JSON,
    cas.XMI,
    webanno_tsv.FORMAT,
    inception_project.FORMAT,
    brat.FORMAT,
    doccano.FORMAT,
    label_studio.FORMAT,
    prodigy.FORMAT,
]
SLOW = [cas.JSON, cas.XMI, inception_project.FORMAT]
EACH = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
EACH_QUICK = pytest.mark.parametrize("form", [one for one in FORMS if one not in SLOW], ids=lambda form: form.id)
EACH_SLOW = pytest.mark.parametrize("form", SLOW, ids=lambda form: form.id)
FEWER = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=settings().max_examples // 3)
ODD = [None, True, -1, 10**30, 1.5, 1e308, "", "x" * 9, "\ud83d", [], {}, [[1]], {"id": None}]


def check(form: Format, files: dict[str, bytes], folder: Path) -> list[Any]:
    """Read the files; what comes is sound, and every refusal has a sentence."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert form.read is not None
    items = list(form.read([folder], CONTEXT))
    for item in items:
        if isinstance(item, Refusal):
            assert tr(item.code, **item.details)
            continue
        ids = {one.id for one in item.passages}
        assert len(ids) == len(item.passages)
        for one in item.passages:
            assert check_spans(one.spans, len(item.text)) == one.spans and one.label
        for link in item.links:
            assert {link.head, link.tail} <= ids and link.head != link.tail and link.label
    format_of(folder)
    for name in files:
        format_of(folder / name)
    return items


@EACH
def test_sound_files_are_read(form: Format, tmp_path: Path, made: Any) -> None:
    items = check(form, folder_of(form, tmp_path, made), tmp_path / "again")
    documents = [one for one in items if isinstance(one, LayerDocument)]
    assert documents and all(one.passages for one in documents)
    refused = [one.code for one in items if isinstance(one, Refusal)]
    assert refused == (["peers.java-only"] if form is inception_project.FORMAT else [])


@EACH_QUICK
@given(data=st.data())
def test_damaged_bytes(form: Format, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    damage(form, tmp_path_factory.mktemp("damage"), made, data)


@EACH_SLOW
@FEWER
@given(data=st.data())
def test_damaged_cas(form: Format, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    damage(form, tmp_path_factory.mktemp("damage"), made, data)


def damage(form: Format, base: Path, made: Any, data: st.DataObject) -> None:
    """Cut a file off, or put something else in a part's place."""
    files = folder_of(form, base, made)
    name = data.draw(st.sampled_from(sorted(files)))
    whole = files[name]
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    put = data.draw(st.binary(max_size=6) | st.sampled_from([b"9" * 400, b"\0", b"\xff", b"\n", b"\t", b"|", b'"']))
    files[name] = data.draw(st.sampled_from([whole[:start], whole[:start] + put + whole[end:], put + whole, put]))
    check(form, files, base / "again")


@EACH_QUICK
@given(data=st.data())
def test_odd_values(form: Format, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject) -> None:
    oddities(form, tmp_path_factory.mktemp("damage"), made, data)


@EACH_SLOW
@FEWER
@given(data=st.data())
def test_odd_values_in_a_cas(
    form: Format, tmp_path_factory: pytest.TempPathFactory, made: Any, data: st.DataObject
) -> None:
    oddities(form, tmp_path_factory.mktemp("damage"), made, data)


def oddities(form: Format, base: Path, made: Any, data: st.DataObject) -> None:
    """Put a value of another type or size in one's place, or a word in a word's."""
    files = folder_of(form, base, made)
    jsons = sorted(name for name in files if name.endswith((".json", ".jsonl")))
    if not jsons:
        name = data.draw(st.sampled_from(sorted(files)))
        words = files[name].split(b" ")
        place = data.draw(st.integers(0, len(words) - 1))
        odd = [b"", b"-1", b"9" * 30, b"T1", b"E1", b"\xe2\x80\xa8", b"0;0", b'"1"']
        words[place] = data.draw(st.sampled_from(odd))
        files[name] = b" ".join(words)
    else:
        whole = files[jsons[0]].decode()
        values = [json.loads(line) for line in (whole.strip().split("\n") if jsons[0].endswith("l") else [whole])]
        mistype(values, data)
        files[jsons[0]] = "\n".join(map(json.dumps, values)).encode()
    check(form, files, base / "again")


def mistype(value: Any, data: st.DataObject) -> None:
    """Put something odd into a JSON value, somewhere."""
    while True:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(value[key], dict | list) or not value[key] or data.draw(st.integers(0, 5)) == 0:
            if isinstance(value, dict) and data.draw(st.booleans()):
                del value[key]
            else:
                value[key] = data.draw(st.sampled_from(ODD))
            return
        value = value[key]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0">'
    b'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text/plain" sofaString="&b;"/>'
    b'<cas:View sofa="1" members=""/></xmi:XMI>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_expanded(encoding: str, tmp_path: Path) -> None:
    data = BOMB if encoding == "utf-8" else BOMB.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")
    (refusal,) = check(cas.XMI, {"x.xmi": data}, tmp_path / "x")
    assert refusal.code == "peers.doctype"
    types = b'<!DOCTYPE x [<!ENTITY a "b">]><typeSystemDescription/>'
    sound = BOMB[: BOMB.index(b"<!DOCTYPE")] + BOMB[BOMB.index(b"<xmi:XMI") :].replace(b"&b;", b"b")
    items = check(cas.XMI, {"y.xmi": sound, "TypeSystem.xml": types}, tmp_path / "y")
    assert [one.code for one in items] == ["peers.doctype"]


def test_offsets_inside_a_character_are_told(tmp_path: Path) -> None:
    entities = [
        {"id": 1, "label": "A", "start_offset": 0, "end_offset": 1},
        {"id": 2, "label": "B", "start_offset": 0, "end_offset": 2},
    ]
    line = {"text": "😀 x", "entities": entities, "relations": [{"id": 1, "from_id": 1, "to_id": 2, "type": "R"}]}
    (tmp_path / "x.jsonl").write_text(json.dumps(line))
    document, *refused = doccano.read([tmp_path / "x.jsonl"], ReadContext(CONTEXT.labels, {"offsets": "utf-16"}))
    assert isinstance(document, LayerDocument) and [one.label for one in document.passages] == ["B"]
    assert [(one.code, one.line) for one in refused] == [("peers.inside-character", 1), ("peers.end-missing", 1)]


@pytest.mark.parametrize("xmi", [False, True])
def test_a_cas_that_counts_wrongly_is_told(xmi: bool, tmp_path: Path, made: Any) -> None:
    form = cas.XMI if xmi else cas.JSON
    files = folder_of(form, tmp_path, made)
    (name,) = [one for one in files if one != "TypeSystem.xml"]
    text = files[name].decode()
    place = made.TEXT.index("😀") + 1
    old, new = ('begin="0"', f'begin="{place}"') if xmi else ('"begin": 0', f'"begin": {place}')
    start = text.index("KuratorSpan xmi:id" if xmi else '"%TYPE": "webanno.custom.KuratorSpan"')
    files[name] = (text[:start] + text[start:].replace(old, new, 1)).encode()
    _, *refused = check(form, files, tmp_path / "again")
    assert refused[0].code == "peers.inside-character" and refused[0].details["offset"] == place


def test_unclear_offsets_are_asked_about(tmp_path: Path) -> None:
    """😀 counts 2 and 1: both readings stand on whole words, so the file says nothing."""
    line = {
        "text": "😀 a b c",
        "entities": [{"id": 1, "label": "A", "start_offset": 4, "end_offset": 5}],
        "relations": [],
    }
    other = {
        "text": "😀 a bc d",
        "entities": [{"id": 2, "label": "A", "start_offset": 5, "end_offset": 7}],
        "relations": [],
    }
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({**line, "entities": [{**line["entities"][0], "start_offset": 2, "end_offset": 3}]}))
    assert doccano.likely_unit(path) == "graphemes"  # in UTF-16 a blank would be marked
    path.write_text("\n".join(map(json.dumps, [line, {**other, "entities": []}])))
    text = {**line, "text": "😀 a bb cc", "entities": [{"id": 1, "label": "A", "start_offset": 5, "end_offset": 6}]}
    path.write_text(json.dumps(text))
    assert doccano.likely_unit(path) is None
    (refusal,) = check(doccano.FORMAT, {"x.jsonl": path.read_bytes()}, tmp_path / "again")
    assert refusal.code == "peers.offsets-unclear" and "graphemes" in tr(refusal.code, **refusal.details)
