"""Every kind of damaged file is answered with a list of what is wrong, and changes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.exchange_check import DEFINITIONS
from app.formats.exchange_import import ExchangeRefused, import_exchange
from app.formats.exchange_read import ExchangeFile, read_exchange
from app.formats.exchange_schema import fault_in, schema
from app.messages import sentence, set_language
from app.workspace import Workspace
from models.errors import UserError
from models.ids import fingerprint

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "exchange-1.0.json"
Data = dict[str, Any]
Edit = Callable[[Data], None]


def golden() -> Data:
    data: Data = json.loads(GOLDEN.read_bytes())
    return data


def laid_out(data: Data) -> bytes:
    """Return the file in the program's layout, as an edit by hand in a line would leave it."""
    lines: list[str] = []
    for name, value in data.items():
        if name != "documents":
            lines.append(f"{json.dumps(name)}:{_value(value, name not in ('kurator', 'label_set'))}")
    documents = []
    for document in data["documents"]:
        if not isinstance(document, dict):
            documents.append(_record(document))
            continue
        lists = [name for name in document if name in DEFINITIONS]
        fields = {name: value for name, value in document.items() if name not in lists}
        head = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))[:-1]
        body = ",\n".join(f"{json.dumps(name)}:{_value(document[name], True)}" for name in lists)
        documents.append(f"{head},\n{body}}}")
    return ("{" + ",\n".join(lines) + ',\n"documents":[\n' + ",\n".join(documents) + "]}\n").encode()


def _value(value: Any, by_lines: bool) -> str:
    if isinstance(value, list) and value and by_lines:
        return "[\n" + ",\n".join(map(_record, value)) + "]"
    return _record(value)


def _record(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def first(data: Data, name: str) -> Data:
    """Return the first record of a list in any document."""
    record: Data = next(document[name][0] for document in data["documents"] if document[name])
    return record


def _set(name: str, field: str, value: Any) -> Edit:
    return lambda data: first(data, name).__setitem__(field, value)


def _same_id(name: str) -> Edit:
    return lambda data: data["documents"][0][name].append(data["documents"][0][name][0])


def _field(name: str, value: Any) -> Edit:
    return lambda data: data["documents"][0].__setitem__(name, value)


UNKNOWN = "01970000-0000-7000-8000-00000000ffff"


def _relation_on_a_relation(data: Data) -> None:
    one, two = data["documents"][0]["relations"][:2]
    one["tail"], two["tail"] = two["id"], one["id"]


def _half_an_emoji(data: Data) -> None:
    data["documents"][0]["text"] = data["documents"][0]["text"].replace("😀", "?")


EDITS: dict[str, tuple[Edit, str]] = {
    "newer major": (lambda data: data["kurator"].update(version="2.0"), "exchange.newer"),
    "no version": (lambda data: data["kurator"].pop("version"), "exchange.bad-record"),
    "other offsets": (lambda data: data["kurator"].update(offsets="bytes"), "exchange.bad-record"),
    "other format": (lambda data: data["kurator"].update(format="brat"), "exchange.not-exchange"),
    "no label set": (lambda data: data.pop("label_set"), "exchange.missing"),
    "no annotators": (lambda data: data.pop("annotators"), "exchange.missing"),
    "annotators no list": (lambda data: data.update(annotators={"a": 1}), "exchange.bad-record"),
    "label twice": (
        lambda data: data["label_set"]["entities"].append(data["label_set"]["entities"][0]),
        "label.twice",
    ),
    "no entities": (lambda data: data["documents"][0].pop("entities"), "exchange.missing"),
    "document twice": (lambda data: data["documents"].append(data["documents"][0]), "exchange.twice"),
    "annotation twice": (_same_id("entities"), "exchange.twice"),
    "suggestion twice": (_same_id("suggestions"), "exchange.twice"),
    "decision twice": (_same_id("decisions"), "exchange.twice"),
    "status twice": (_same_id("status"), "exchange.twice"),
    "no id": (lambda data: first(data, "entities").pop("id"), "exchange.bad-record"),
    "bad id": (_set("entities", "id", "e1"), "exchange.bad-record"),
    "fraction": (_set("entities", "revision", 1.0), "exchange.bad-record"),
    "huge number": (_set("entities", "revision", 2**70), "exchange.bad-record"),
    "no time": (_set("entities", "created", "i går"), "exchange.bad-record"),
    "spans no list": (_set("entities", "spans", {"start": 1}), "exchange.bad-record"),
    "span of three": (_set("entities", "spans", [[1, 2, 3]]), "exchange.bad-record"),
    "span empty": (_set("entities", "spans", [[2, 2]]), "span.empty"),
    "span outside": (_set("entities", "spans", [[1, 5000]]), "span.outside-text"),
    "spans crossing": (_set("claims", "spans", [[4, 8], [6, 9]]), "span.crossing"),
    "suggestion outside": (_set("suggestions", "spans", [[1, 5000]]), "span.outside-text"),
    "decision outside": (_set("decisions", "spans", [[1, 5000]]), "span.outside-text"),
    "furniture outside": (_field("furniture", [[0, 5000]]), "span.outside-text"),
    "label unknown": (_set("entities", "label", "RYMDSKEPP"), "exchange.label-unknown"),
    "label of other kind": (_set("entities", "label", "CLAIM"), "exchange.label-of-other-kind"),
    "annotator unknown": (_set("entities", "annotator", UNKNOWN), "exchange.annotator-unknown"),
    "annotator of status unknown": (_set("status", "annotator", UNKNOWN), "exchange.annotator-unknown"),
    "register unknown": (_set("entities", "register", UNKNOWN), "exchange.register-unknown"),
    "run unknown": (_set("suggestions", "run", UNKNOWN), "exchange.run-unknown"),
    "no run": (_set("suggestions", "run", None), "exchange.suggestion-without-run"),
    "analysed by unknown": (_field("analysed_by", UNKNOWN), "exchange.run-unknown"),
    "end missing": (_set("relations", "tail", UNKNOWN), "exchange.end-missing"),
    "relation to itself": (
        lambda data: first(data, "relations").update(tail=first(data, "relations")["head"]),
        "exchange.to-itself",
    ),
    "relations in a circle": (_relation_on_a_relation, "exchange.end-is-relation"),
    "suggested end missing": (
        lambda data: data["documents"][0]["suggestions"][-1].update(head=UNKNOWN),
        "exchange.end-missing",
    ),
    "suggestion missing": (_set("decisions", "suggestion", UNKNOWN), "exchange.suggestion-missing"),
    "result missing": (_set("decisions", "result", UNKNOWN), "exchange.result-missing"),
    "verdict": (_set("decisions", "verdict", "kanske"), "exchange.bad-record"),
    "score too high": (_set("suggestions", "score", 1.5), "exchange.bad-record"),
    "judged nonsense": (_set("decisions", "judged", {"spans": "här"}), "exchange.bad-record"),
    "fingerprint": (_field("fingerprint", fingerprint("annat")), "exchange.other-text"),
    "text": (_half_an_emoji, "exchange.other-text"),
    "length": (_field("length", 3), "exchange.other-length"),
    "nul": (_set("entities", "note", "a\0b"), "exchange.nul-character"),
    "nul in a key": (_set("entities", "origin", {"a\0": 1}), "exchange.nul-character"),
    "metadata": (_field("metadata", {"år": 2019}), "exchange.bad-record"),
    "document no object": (lambda data: data["documents"].append(7), "exchange.bad-record"),
    "record no object": (lambda data: data["documents"][0]["entities"].append([1]), "exchange.bad-record"),
    "too deep": (_set("entities", "later", json.loads("[" * 200 + "]" * 200)), "exchange.too-deep"),
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Return one empty project for all refusals, since none of them changes it."""
    with Workspace.create(tmp_path_factory.mktemp("bare") / "bare.kurator", "Tomt", "Eva") as workspace:
        yield workspace


def refused(path: Path, project: Workspace, dump: Any) -> ExchangeFile:
    """Check that the file is refused with sentences in both languages and that nothing changed."""
    found = read_exchange(path)
    assert found.problems
    before = dump(project)
    with pytest.raises(ExchangeRefused) as caught:
        import_exchange(project.writer, project.reads, path)
    assert caught.value.problems == found.problems
    for language in ("sv", "en"):
        set_language(language)
        assert sentence(caught.value)
        assert all(problem.sentence() for problem in found.problems)
    assert dump(project) == before
    return found


@pytest.mark.parametrize("by_lines", [True, False], ids=["lines", "pretty"])
@pytest.mark.parametrize("name", EDITS)
def test_damage_is_told(name: str, by_lines: bool, tmp_path: Path, bare: Workspace, tools: Any) -> None:
    edit, code = EDITS[name]
    data = golden()
    edit(data)
    path = tmp_path / "damaged.json"
    path.write_bytes(laid_out(data) if by_lines else json.dumps(data, indent=1).encode())
    found = refused(path, bare, tools.dump)
    assert code in {problem.code for problem in found.problems}


def test_the_layout_of_these_tests_is_the_programs(tmp_path: Path) -> None:
    path = tmp_path / "same.json"
    path.write_bytes(laid_out(golden()))
    found = read_exchange(path)
    assert found.by_lines and not found.problems


def test_all_problems_are_listed_with_their_lines(tmp_path: Path) -> None:
    data = golden()
    data["documents"][0]["entities"][0]["label"] = "RYMDSKEPP"
    data["documents"][0]["claims"][0]["annotator"] = UNKNOWN
    data["documents"][1]["decisions"][0]["result"] = UNKNOWN
    path = tmp_path / "damaged.json"
    path.write_bytes(laid_out(data))
    problems = read_exchange(path).problems
    assert [problem.record for problem in problems] == [
        "documents[0].entities[0]",
        "documents[0].claims[0]",
        "documents[1].decisions[0]",
    ]
    lines = path.read_text("utf-8").split("\n")
    assert "RYMDSKEPP" in lines[(problems[0].line or 0) - 1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw[: len(raw) * 2 // 3], "exchange.cut-off"),
        (lambda raw: raw[:-2], "exchange.cut-off"),
        (lambda raw: raw[: raw.index(b"\n", 5000)], "exchange.cut-off"),
        (lambda raw: b"", "exchange.not-exchange"),
        (lambda raw: b"[1, 2]", "exchange.not-exchange"),
        (lambda raw: b'{"a": 1}', "exchange.not-exchange"),
        (lambda raw: b'{"kurator": 1}', "exchange.not-exchange"),
        (lambda raw: b"Ett brev.", "exchange.not-exchange"),
        (lambda raw: raw.replace(b'"revision":1', b'"revision":', 1), "exchange.not-json"),
        (lambda raw: raw + b"{}", "exchange.not-json"),
        (lambda raw: raw.replace("😀".encode(), b"\xff\xfe", 1), "exchange.not-utf8"),
        (lambda raw: raw.decode().encode("utf-16"), "exchange.nul"),
        (lambda raw: raw[:900] + b"\0" + raw[901:], "exchange.nul"),
        (lambda raw: raw.replace(b'"revision":1', b'"revision":NaN', 1), "exchange.not-json"),
        (lambda raw: raw.replace(b'"note":null', b'"note":"\\ud83d"', 1), "exchange.not-json"),
        (lambda raw: raw.replace(b'"note":null', b'"x":' + b"[" * 9000, 1), "exchange.not-json"),
    ],
)
def test_a_broken_file_is_told(
    change: Callable[[bytes], bytes], code: str, tmp_path: Path, bare: Workspace, tools: Any
) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(change(GOLDEN.read_bytes()))
    assert [problem.code for problem in refused(path, bare, tools.dump).problems] == [code]


def test_a_file_that_is_not_there(tmp_path: Path, bare: Workspace, tools: Any) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        found = refused(path, bare, tools.dump)
        assert [problem.code for problem in found.problems] == ["exchange.cannot-read"]


def test_chance_never_ends_in_a_traceback(tmp_path: Path, empty: Callable[[], Workspace], tools: Any) -> None:
    raw, chance = GOLDEN.read_bytes(), random.Random(11)
    path, project = tmp_path / "chance.json", empty()
    before = tools.dump(project)
    for _ in range(250):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            at, size = chance.randrange(len(damaged)), chance.choice((0, 1, 1, 7, 400))
            damaged[at : at + size] = chance.choice((b"", b"0", b'"', b"\n", b"}", b"]}", b"\x80", b",null"))
        path.write_bytes(damaged)
        found = read_exchange(path)
        for problem in found.problems:
            assert problem.sentence()
        if found.problems:
            with pytest.raises(ExchangeRefused):
                import_exchange(project.writer, project.reads, path)
    assert tools.dump(project) == before


def test_swapped_values_never_end_in_a_traceback(tmp_path: Path, empty: Callable[[], Workspace]) -> None:
    """What passes the check can be imported: no other error comes from a file with odd but typed values."""
    chance, path = random.Random(5), tmp_path / "odd.json"
    values = [
        None,
        True,
        0,
        -1,
        1.5,
        2**60,
        "",
        "x",
        UNKNOWN,
        [],
        [[0, 1]],
        [[5, 2]],
        {},
        {"state": "manual"},
    ]
    taken = 0
    for _ in range(250):
        data = golden()
        for _ in range(chance.randint(1, 2)):
            document = chance.choice(data["documents"])
            name = chance.choice([*DEFINITIONS, ""])
            record = chance.choice(document[name]) if document.get(name) else document
            record[chance.choice(list(record))] = chance.choice(values)
        path.write_text(json.dumps(data), "utf-8")
        if not read_exchange(path).problems:
            project = empty()
            import_exchange(project.writer, project.reads, path)
            taken += 1
    assert taken


def test_a_project_with_documents_is_left_alone(tiny: Workspace, tools: Any) -> None:
    before = tools.dump(tiny)
    with pytest.raises(UserError) as caught:
        import_exchange(tiny.writer, tiny.reads, GOLDEN)
    assert caught.value.code == "exchange.not-empty"
    assert tools.dump(tiny) == before


def test_a_cancelled_import_changes_nothing(empty: Callable[[], Workspace], tools: Any) -> None:
    project = empty()
    before = tools.dump(project)
    for patience in range(3):
        asked = iter([False] * patience + [True] * 9)
        report = import_exchange(project.writer, project.reads, GOLDEN, cancelled=lambda asked=asked: next(asked))
        assert report.cancelled or patience == 2
        if report.cancelled:
            assert tools.dump(project) == before


RECORDS = [
    (DEFINITIONS[name], record)
    for document in golden()["documents"]
    for name in DEFINITIONS
    if name in document
    for record in document[name]
]
WORDS = [UNKNOWN, "entity", "relation", "rejected", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z\n"]
NUMBERS = st.integers(-2, 2**70) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=40) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["state", "head"]), inner),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.sampled_from(RECORDS), st.data())
def test_the_quick_check_says_what_the_schema_says(chosen: tuple[str, Data], data: st.DataObject) -> None:
    definition, record = chosen
    changed = dict(record)
    field = data.draw(st.sampled_from([*record, "spans", "facets", "past"]))
    if data.draw(st.booleans()):
        changed[field] = data.draw(VALUES)
    else:
        changed.pop(field, None)
    rule = {"$ref": f"#/$defs/{definition}", "$defs": schema()["$defs"]}
    valid = jsonschema.Draft202012Validator(rule).is_valid(changed)
    found = fault_in(definition, changed)
    if found is None:
        assert valid
    elif valid:
        assert found == ("", "a whole number is written with a fraction")
        assert any(type(one) is float for one in _leaves(changed))


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for one in (value.values() if isinstance(value, dict) else value) for leaf in _leaves(one)]
    return [value]
