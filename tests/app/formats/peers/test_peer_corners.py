"""What the tools' manuals say and no file of theirs here shows."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import cassis
import pytest

from app.formats import brat, cas, doccano, inception_project, label_studio, prodigy, webanno_tsv
from app.formats.contract import ReadContext
from app.formats.layers import LayerDocument, Refusal
from models.labels import LabelSet

CONTEXT = ReadContext(LabelSet("x", "x", 1, (), (), (), ()))
CORE = "de.tudarmstadt.ukp.dkpro.core.api"


def taken(form: Any, *paths: Path, **choices: str) -> tuple[list[LayerDocument], list[Refusal]]:
    complete = {name: values[0] for name, values in form.choices.items()} | choices
    items = list(form.read(paths, replace(CONTEXT, choices=complete)))
    return [one for one in items if isinstance(one, LayerDocument)], [one for one in items if isinstance(one, Refusal)]


def test_dependencies_and_parts_of_speech(tmp_path: Path) -> None:
    """Tokens are passages only where a dependency ends on them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how the library finds its own file
        types = cassis.load_dkpro_core_typesystem()
    made = cassis.Cas(typesystem=types, sofa_string="😀 Anna ler .")
    token, pos = types.get_type(f"{CORE}.segmentation.type.Token"), types.get_type(f"{CORE}.lexmorph.type.pos.POS")
    link = types.get_type(f"{CORE}.syntax.type.dependency.Dependency")
    tokens = []
    for begin, end, tag in ((2, 6, "PROPN"), (7, 10, "VERB"), (11, 12, "PUNCT")):
        tag_mark = pos(begin=begin, end=end, PosValue=tag)
        tokens.append(token(begin=begin, end=end, pos=tag_mark))
        made.add_all([tag_mark, tokens[-1]])
    made.add(link(begin=2, end=6, Governor=tokens[1], Dependent=tokens[0], DependencyType="nsubj"))
    made.to_xmi(tmp_path / "x.xmi")
    (document,), refused = taken(cas.XMI, tmp_path / "x.xmi")
    assert refused == []
    words = [(document.text[slice(*one.spans[0])], one.label) for one in document.passages]
    assert sorted(words) == [(".", "PUNCT"), ("Anna", "PROPN"), ("Anna", "Token"), ("ler", "Token"), ("ler", "VERB")]
    by_id = {one.id: document.text[slice(*one.spans[0])] for one in document.passages}
    assert [(one.label, by_id[one.head], by_id[one.tail]) for one in document.links] == [("nsubj", "ler", "Anna")]


def test_a_type_that_nobody_describes_is_told(tmp_path: Path, made: Any) -> None:
    cas.XMI.write([made.one_of_everything()], tmp_path, made.CONTEXT)  # type: ignore[misc]
    (tmp_path / "TypeSystem.xml").unlink()
    (document,), refused = taken(cas.XMI, tmp_path)
    assert document.passages == ()
    assert {(one.code, one.details["type"].rpartition(".")[2], one.details["count"]) for one in refused} == {
        ("peers.unknown-type", "KuratorSpan", 6),
        ("peers.unknown-type", "KuratorRelation", 2),
        ("peers.unknown-type", "KuratorDocument", 2),
    }


def test_a_text_with_control_characters_has_no_xmi(tmp_path: Path, made: Any) -> None:
    documents = [LayerDocument("a", "bra\x0b"), LayerDocument("b", "bra\x85\x7f\u2028\t")]
    losses = cas.XMI.write(documents, tmp_path, made.CONTEXT)  # type: ignore[misc]
    assert [(one.code, one.examples) for one in losses] == [("peers.lost-control-document", ("a",))]
    (read,), _ = taken(cas.XMI, tmp_path)
    assert read.text == documents[1].text


def test_brat_counts_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes("\ufeffAnna ler".encode())
    (tmp_path / "x.ann").write_text("T1\tPER 1 5\tAnna\nM1\tGlad T1\n")
    (document,), refused = taken(brat.FORMAT, tmp_path)
    (one,) = document.passages
    assert (document.text, one.spans, dict(one.facets), refused) == ("Anna ler", ((0, 4),), {"Glad": True}, [])


def test_brat_needs_both_files(tmp_path: Path) -> None:
    (tmp_path / "under").mkdir()
    (tmp_path / "under" / "a.txt").write_text("a")
    (tmp_path / "b.ann").write_text("")
    documents, refused = taken(brat.FORMAT, tmp_path)
    assert documents == [] and [one.code for one in refused] == ["peers.no-txt", "peers.no-ann"]


@pytest.mark.parametrize("text", ["rad ett\nrad två", "rad ett\r\nrad två", "rad ett\x85\u2028rad två", "rad\x0bett"])
def test_a_place_over_a_line_break_in_brat(text: str, tmp_path: Path, made: Any) -> None:
    from app.formats.layers import Passage
    from models.spans import Span

    whole = Passage("p", "entity", "A", (Span(1, len(text)),))
    assert brat.write([LayerDocument("x", text, passages=(whole,))], tmp_path, made.CONTEXT) == ()
    first, *_ = (tmp_path / "x.ann").read_bytes().decode().split("\n")
    assert ";" in first and not set("\r\x0b\x85\u2028") & set(first)
    (document,), refused = taken(brat.FORMAT, tmp_path)
    assert [one.spans for one in document.passages] == [whole.spans] and refused == []


def test_what_brat_cannot_place_is_told(tmp_path: Path, made: Any) -> None:
    from app.formats.layers import Link, Passage
    from models.spans import Span

    passages = (
        Passage("p1", "entity", "Åtgärd", (Span(0, 2),)),
        Passage("p2", "entity", "Åtgärd", (Span(1, 2),)),
        Passage("p3", "entity", "B", (Span(2, 4),), {"topic": "en\trad\ntill"}),
    )
    document = LayerDocument("x/y", "a\nbc", passages=passages, links=(Link("l", "B", "p2", "p3"),))
    losses = brat.write([document], tmp_path, made.CONTEXT)
    assert {one.code: one.count for one in losses} == {
        "peers.lost-name": 1,
        "peers.lost-line-break": 1,
        "peers.lost-only-line-breaks": 1,
        "peers.lost-blanks": 1,
        "formats.lost-link-end": 1,
    }
    (read,), _ = taken(brat.FORMAT, tmp_path)
    assert [(one.label, one.spans) for one in read.passages] == [("Åtgärd", ((0, 1),)), ("B", ((2, 4),))]


def test_file_names_of_any_documents(tmp_path: Path, made: Any) -> None:
    names = ["a/b", "a_b", "A_B", "..", "con", "x" * 300, "http://exempel.se/?a=1", "plan 😀"]
    losses = brat.write([LayerDocument(name, "t") for name in names], tmp_path, made.CONTEXT)
    files = sorted(path.name for path in tmp_path.glob("*.txt"))
    assert len({name.casefold() for name in files}) == len(names) and "plan 😀.txt" in files
    assert losses[0].count == len(names) - 1


def test_answers_in_prodigy(tmp_path: Path) -> None:
    span = {"start": 0, "end": 4, "label": "PER", "token_start": 0, "token_end": 0}
    tasks = [
        {"text": "Anna ler", "spans": [span], "answer": "accept", "_session_id": "ds-anna"},
        {"text": "Anna ler", "spans": [span], "answer": "reject"},
        {"text": "Anna ler", "spans": [span]},
        {"text": "Anna ler", "spans": [], "answer": "ignore"},
        {"text": "Anna ler", "spans": [span, span], "relations": [{"head": 0, "child": 0, "label": "R"}]},
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(map(json.dumps, tasks)))
    assert prodigy.FORMAT.recognises(path)
    documents, refused = taken(prodigy.FORMAT, path)
    assert {one.name for one in documents} == {"x#1"}
    assert [one.passages[0].state for one in documents[:3]] == ["manual", "rejected", "suggested"]
    assert documents[0].passages[0].annotator == "ds-anna"
    assert [(one.line, one.code) for one in refused] == [(4, "peers.ignored"), (5, "peers.end-unclear")]


def test_label_studio_says_what_disagrees(tmp_path: Path) -> None:
    value = {"start": 0, "end": 4, "text": "Anna", "labels": ["PER", "CHEF"]}
    result = [
        {"id": "a", "type": "labels", "from_name": "l", "to_name": "t", "value": value},
        {"id": "b", "type": "labels", "from_name": "l", "to_name": "t", "value": {**value, "start": 1}},
        {"id": "c", "type": "labels", "from_name": "l", "to_name": "t", "value": {**value, "end": 99}},
        {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["R"]},
    ]
    task = {
        "id": 7,
        "data": {"brödtext": "Anna ler", "id": "x"},
        "annotations": [
            {"result": result, "completed_by": {"email": "bo@exempel.se", "id": 3}},
            {"result": [], "was_cancelled": True},
        ],
    }
    (tmp_path / "x.json").write_text(json.dumps([task]))
    (document,), refused = taken(label_studio.FORMAT, tmp_path / "x.json")
    assert document.text == "Anna ler" and document.name == "x#7"
    assert [(one.label, one.annotator) for one in document.passages] == [
        ("PER", "bo@exempel.se"),
        ("CHEF", "bo@exempel.se"),
    ]
    codes = [one.code for one in refused]
    assert sorted(codes) == ["peers.cancelled", "peers.end-missing", "peers.quote-disagrees", "span.outside-text"]


def test_slots_and_control_characters_in_a_table(tmp_path: Path) -> None:
    """A host over two words, its targets told apart by number; control characters as Java writes them."""
    table = (
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Role|value\n"
        "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:who_webanno.custom.HostWhoLink|webanno.custom.Role\n\n\n"
        "#Text=Anna ler\\r\n#Text=åt Bo\\\\\n"
        "1-1\t0-4\tAnna\tA[1]|B[2]\t_\t_\t\n"
        "1-2\t5-8\tler\t_\tagent;mål[3]\t1-1[2];1-4\t\n"
        "1-3\t10-12\tåt\t_\tagent;mål[3]\t1-1[2];1-4\t\n"
        "1-4\t13-15\tBo\ten\\_annan\\[1\\]\t_\t_\t\n"
    )
    (tmp_path / "x.tsv").write_text(table, "utf-8")
    (document,), refused = taken(webanno_tsv.FORMAT, tmp_path)
    assert document.text == "Anna ler\r\nåt Bo\\\n" and refused == []
    by_id = {one.id: one for one in document.passages}
    assert [one.label for one in document.passages] == ["A", "B", "Host", "en_annan[1]"]
    assert [(one.label, by_id[one.head].spans, by_id[one.tail].label) for one in document.links] == [
        ("agent", ((5, 12),), "B"),
        ("mål", ((5, 12),), "en_annan[1]"),
    ]


def test_a_project_of_inception(tmp_path: Path, made: Any) -> None:
    """Each annotator's reading under the document's name, whatever the file in the archive is called."""
    import zipfile

    folder = tmp_path / "cas"
    folder.mkdir()
    plain = replace(made.one_of_everything(), name="sida.txt")
    unsigned = replace(plain, passages=tuple(one._replace(annotator="") for one in plain.passages))
    cas.JSON.write([unsigned], folder, made.CONTEXT)  # type: ignore[misc]
    data = (folder / "sida.txt.json").read_bytes()
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name in ("anna", "bo", "INITIAL_CAS"):
            archive.writestr(f"annotation/sida.txt/{name}.json", data)
        archive.writestr("annotation_ser/sida.txt/anna.ser", b"")
        archive.writestr("curation/sida.txt/CURATION_USER.json", data)
        archive.writestr("exportedproject1.json", b"{}")
        archive.writestr("source/sida.txt", plain.text)
    assert inception_project.FORMAT.recognises(tmp_path / "p.zip")
    documents, refused = taken(inception_project.FORMAT, tmp_path / "p.zip")
    assert refused == [] and {(one.name, one.text) for one in documents} == {("sida.txt", plain.text)}
    assert [{one.annotator for one in document.passages} for document in documents] == [
        {"anna"},
        {"bo"},
        {"CURATION_USER"},
    ]


def test_doccano_units_are_found_out(tmp_path: Path) -> None:
    text = "Vården 👩\u200d🔬 i va\u030ard\r\nsedan Region Norrby"
    start = text.index("Region")
    units = {"utf-16": start + 2, "graphemes": start - 4, "code-points": start}
    for unit, place in units.items():
        path = tmp_path / f"{unit}.jsonl"
        path.write_text(json.dumps({"text": text, "label": [[place, place + 13, "ORG"]]}))
        assert doccano.FORMAT.recognises(path) and doccano.likely_unit(path) == unit
        (document,), refused = taken(doccano.FORMAT, path)
        assert document.passages[0].spans == ((start, start + 13),) and refused == []
