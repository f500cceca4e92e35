"""Shards in, exchange files out: what is in them, what tells twins apart, and what happens to broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.exchange_read import read_exchange
from app.shards import suggesting
from app.shards.plan import find_shards
from app.shards.sources import look_into
from app.shards.suggesting import suggest_shards
from models.errors import EnvironmentFault, UserError
from models.ids import fingerprint

Kurator = Callable[..., tuple[int, str, str]]
MORE = "Va\u030arden i Malmö leds av Karin Öst\u00adlund, chef på Region Skåne 😀.\n"


def suggested(document: dict[str, Any]) -> list[str]:
    return [one["id"] for one in document["suggestions"]]


def test_lines_become_an_exchange_file_that_is_sound(bench: Any, text: str) -> None:
    given_id = "0f0f0f0f-0f0f-7f0f-8f0f-0f0f0f0f0f0f"
    shard = bench.lines(
        "a.jsonl",
        {"text": text, "title": "Rubrik å", "language": "sv", "metadata": {"publisher": "Regionen", "län": "Skåne"}},
        {"text": MORE, "id": given_id, "name": "b.txt"},
        {"text": MORE + "2", "id": "nr 7"},
    )
    report = bench.suggest("ut", shard)
    target = bench.folder / "ut" / "a.json"
    assert (report.written, report.documents, report.broken) == ([target], 3, [])
    checked = read_exchange(target)
    assert not checked.problems and not checked.notices and checked.by_lines
    found = bench.read(target)
    counts = found["kurator"]["counts"]
    assert {name: counts[name] for name in checked.counts} == checked.counts
    assert counts["suggestions"] == report.suggestions == sum(len(one["suggestions"]) for one in found["documents"])
    documents = {one["title"] or one["metadata"].get("id") or one["name"]: one for one in found["documents"]}
    titled, named, numbered = documents["Rubrik å"], documents["b.txt"], documents["nr 7"]
    assert titled["metadata"] == {"publisher": "Regionen", "län": "Skåne"} and titled["language"] == "sv"
    assert titled["text"] == text and titled["fingerprint"] == fingerprint(text) and titled["id"][14] == "5"
    assert named["id"] == given_id and named["metadata"] == {}
    assert numbered["id"][14] == "5" and numbered["name"] == "nr 7"
    (run,) = found["runs"]
    assert (run["pipeline"], run["version"], run["hash"]) == ("prov", "1", "sha256:1")
    assert {one["analysed_by"] for one in found["documents"]} == {run["id"]}
    assert [one["name"] for one in found["documents"]] == sorted(one["name"] for one in found["documents"])
    surfaces = {text[slice(*one["spans"][0])] for one in titled["suggestions"] if one["kind"] == "entity"}
    assert {"Åsa Öberg", "Region Skåne"} <= surfaces


def test_twice_gives_the_same_bytes_and_what_is_finished_is_not_done_again(bench: Any, rules: Any, text: str) -> None:
    shards = [bench.lines("a.jsonl", text, MORE), bench.lines("b.jsonl", MORE + "b")]
    bench.suggest("ett", *shards)
    bench.suggest("två", *reversed(shards), pipeline=rules(ahead=1))
    before = bench.bytes("ett")
    assert before == bench.bytes("två") and len(before) == 4
    seen = rules()
    report = bench.suggest("ett", *shards, pipeline=seen)
    assert (len(report.finished), report.written, seen.seen) == (2, [], [])
    report = bench.suggest("ett", *shards, again=True)
    assert len(report.written) == 2 and bench.bytes("ett") == before


@pytest.mark.parametrize("change", ["input", "output", "mark", "pipeline", "gone"])
def test_what_changed_is_done_again(bench: Any, rules: Any, text: str, change: str) -> None:
    shards = [bench.lines("a.jsonl", text), bench.lines("b.jsonl", MORE)]
    bench.suggest("ut", *shards)
    folder = bench.folder / "ut"
    pipeline = rules("2") if change == "pipeline" else rules()
    if change == "input":
        bench.lines("a.jsonl", text, text + "!")
    elif change == "output":
        (folder / "a.json").write_bytes((folder / "a.json").read_bytes() + b" ")
    elif change == "mark":
        (folder / ".kurator-shards" / "a.json").write_text("[]", "utf-8")
    elif change == "gone":
        (folder / "a.json").unlink()
    report = bench.suggest("ut", *shards, pipeline=pipeline)
    wanted = ["a.json", "b.json"] if change == "pipeline" else ["a.json"]
    assert [one.name for one in report.written] == wanted
    assert not read_exchange(folder / "a.json").problems


# Twins ------------------------------------------------------------------------------------------------------


def test_the_same_line_is_one_document_in_whatever_shard_it_stands(bench: Any, text: str) -> None:
    a = bench.lines("a.jsonl", text, MORE, text)
    b = bench.lines("b.jsonl", "något annat", text)
    report = bench.suggest("ut", a, b)
    assert report.repeated == 1
    first, second = (bench.documents(f"ut/{name}.json") for name in "ab")
    assert len(first) == 2 and len(second) == 2
    (twin,) = {one["id"] for one in first} & {one["id"] for one in second}
    assert [one for one in first if one["id"] == twin] == [one for one in second if one["id"] == twin]


def test_documents_with_one_text_are_told_apart_and_so_are_their_suggestions(bench: Any, text: str) -> None:
    a = bench.lines("a.jsonl", {"text": text, "title": "1"}, {"text": text, "title": "2"}, MORE)
    b = bench.lines("b.jsonl", {"text": text, "name": "c"}, {"text": text, "title": "1"})
    bench.suggest("ut", b, a)
    found = {one["id"]: one for one in bench.documents("ut/a.json", "ut/b.json")}
    assert len(found) == 4
    everything = [identity for one in found.values() for identity in suggested(one)]
    assert len(everything) == len(set(everything)) and len(everything) > 8
    for one in found.values():
        known = set(suggested(one))
        assert all({s["head"], s["tail"]} <= known for s in one["suggestions"] if s["kind"] == "relation")


words = st.lists(st.sampled_from([MORE, MORE + "å", "Bo Ek 😀 bor i Lund.\n", "Va\u030ar"]), min_size=1, max_size=9)


@settings(max_examples=15)
@given(texts=words, cuts=st.sets(st.integers(0, 9)), ahead=st.integers(1, 5))
def test_how_a_corpus_is_cut_changes_no_document(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cuts: set[int], ahead: int
) -> None:
    from importlib import util

    spec = util.spec_from_file_location("shard_bench", Path(__file__).with_name("conftest.py"))
    assert spec and spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    bench = module.Bench(tmp_path_factory.mktemp("delar"))
    records = [{"text": one, "title": str(number)} for number, one in enumerate(texts)]
    whole = bench.lines("0.jsonl", *records)
    pieces: list[list[Any]] = [[]]
    for number, one in enumerate(records):
        if number in cuts:
            pieces.append([])
        pieces[-1].append(one)
    cut = [bench.lines(f"{number:02}.jsonl", *piece) for number, piece in enumerate(pieces, 1)]
    bench.suggest("hel", whole)
    bench.suggest("delad", *cut, pipeline=module.Rules(ahead=ahead))
    together = bench.documents(*(f"delad/{one.stem}.json" for one in cut))
    assert sorted(together, key=lambda one: (one["name"], one["id"])) == bench.documents("hel/0.json")


# What goes wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('{"text": "trasig', "Line 2 is not valid JSON"),
        ("[1]", "Line 2 is not an object"),
        ('{"txt": "a"}', "The object in line 2 has no text"),
        ('{"text": 5}', "The text in line 2 is not a string"),
        ('{"text": "a\\u0000b"}', "Line 2: It holds bytes"),
        ('{"text": "\\ud800"}', "Line 2: It holds half characters"),
        ('{"text": "x", "a\\u0000": "y"}', "Line 2: The record holds a NUL"),
        ('{"id": "ett", "text": "annan"}', "Line 2 has the id"),
    ],
)
def test_a_broken_shard_is_reported_with_its_line_and_the_others_finish(
    bench: Any, kurator: Kurator, text: str, second: str, said: str
) -> None:
    broken = bench.lines("a.jsonl", {"id": "ett", "text": text})
    broken.write_text(broken.read_text("utf-8") + second + "\n", "utf-8")
    good = bench.lines("b.jsonl", text)
    report = bench.suggest("ut", broken, good)
    ((path, reason),) = report.broken
    assert path == broken and said in reason
    assert [one.name for one in report.written] == ["b.json"]
    assert sorted(bench.bytes("ut")) == [".kurator-shards/b.json", "b.json"]


def test_damaged_exchange_shards_are_reported(bench: Any, text: str) -> None:
    bench.suggest("ut", bench.lines("a.jsonl", text, MORE))
    whole = (bench.folder / "ut" / "a.json").read_bytes()
    damage = {
        "cut": (whole[:-40], "its end is missing"),
        "print": (whole.replace(b'"fingerprint":"sha256:', b'"fingerprint":"sha256:00', 1), "Line"),
        "span": (whole.replace(b'"spans":[[', b'"spans":[[9', 1), "Line"),
        "none": (b'{"a":1}', "not an exchange file"),
        "empty": (b"", "not an exchange file"),
    }
    shards = []
    for name, (data, _) in damage.items():
        shards.append(bench.folder / f"{name}.json")
        shards[-1].write_bytes(data)
    report = bench.suggest("två", *shards)
    assert {path.stem: damage[path.stem][1] in reason for path, reason in report.broken} == dict.fromkeys(damage, True)
    assert not report.written


def test_an_id_that_another_shard_gives_to_something_else_is_reported(bench: Any, text: str) -> None:
    a = bench.lines("a.jsonl", {"id": "ett", "text": text})
    b = bench.lines("b.jsonl", {"id": "två", "text": MORE}, {"id": "ett", "text": MORE})
    report = bench.suggest("ut", b, a)
    ((path, reason),) = report.broken
    assert path == b and "Line 2 has the id of line 1 in a.jsonl" in reason
    assert [one.name for one in report.written] == ["a.json"]


def test_a_text_that_fails_goes_through_and_its_shard_is_done_again_next_time(bench: Any, text: str) -> None:
    shard = bench.lines("a.jsonl", text, {"text": "FEL", "name": "fel.txt"}, "", MORE)
    for _ in range(2):
        report = bench.suggest("ut", shard)
        assert [(path, name) for path, name, _ in report.failed] == [(shard, "fel.txt")]
        assert report.documents == 2
    documents = {one["name"]: one for one in bench.documents("ut/a.json")}
    assert len(documents) == 3 and documents["fel.txt"]["analysed_by"] is None
    assert not read_exchange(bench.folder / "ut" / "a.json").problems


def test_a_shard_that_changes_meanwhile_is_reported(bench: Any, rules: Any, text: str) -> None:
    a, b = bench.lines("a.jsonl", text, MORE), bench.lines("b.jsonl", MORE)
    plan = bench.plan("ut", a, b)
    a.write_text("{", "utf-8")
    report = suggest_shards(plan, rules(), None)
    assert [path for path, _ in report.broken] == [a]
    assert [one.name for one in report.written] == ["b.json"]


def test_stopping_leaves_what_is_finished_and_nothing_half(bench: Any, rules: Any, text: str) -> None:
    a, b = bench.lines("a.jsonl", text), bench.lines("b.jsonl", MORE, MORE + "2", MORE + "3", MORE + "4")
    done: list[int] = []
    plan = bench.plan("ut", a, b)
    report = suggest_shards(
        plan, rules(ahead=1), None, progress=lambda one, total: done.append(one), cancelled=lambda: len(done) >= 3
    )
    assert report.cancelled and [one.name for one in report.written] == ["a.json"]
    assert sorted(bench.bytes("ut")) == [".kurator-shards/a.json", "a.json"]
    assert [one.name for one in bench.suggest("ut", a, b).written] == ["b.json"]


def test_only_a_few_documents_wait_at_any_time(bench: Any, rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shard = bench.lines("a.jsonl", *(f"Text {number}" for number in range(300)))
    bench.suggest("ut", shard)
    pulled = done = most = 0
    reading = suggesting.entries

    def entries(*arguments: Any) -> Any:
        nonlocal pulled, most
        for one in reading(*arguments):
            pulled += 1
            most = max(most, pulled - done)
            yield one

    def progress(now: int, total: int) -> None:
        nonlocal done
        done = now

    monkeypatch.setattr(suggesting, "entries", entries)
    for source, again in ((shard, True), (bench.folder / "ut" / "a.json", False)):
        pulled = done = 0
        plan = bench.plan("två", source, again=True)
        suggest_shards(plan, rules(ahead=4), None, again=again, progress=progress)
    assert done == 300 and most <= 5


def test_a_file_that_cannot_be_written_is_told(bench: Any, text: str) -> None:
    shard = bench.lines("a.jsonl", text)
    (bench.folder / "ut" / "a.json").mkdir(parents=True)
    with pytest.raises(EnvironmentFault, match=r"exchange\.cannot-write"):
        bench.suggest("ut", shard)


def test_what_is_no_shard_is_refused_before_anything_is_done(bench: Any, text: str) -> None:
    shard, folder = bench.lines("a.jsonl", text), bench.folder
    (folder / "x").mkdir()
    other = folder / "x" / "a.ndjson"
    other.write_bytes(shard.read_bytes())
    (folder / "a.json").write_text("{}", "utf-8")
    refused = {
        "cli.cannot-read": [folder / "saknas.jsonl"],
        "shards.same-name": [shard, other],
        "shards.is-project": [folder / "p.kurator"],
        "shards.not-a-shard": [folder / "a.txt"],
        "shards.none": [folder / "tom"],
        "shards.over-itself": [folder / "a.json"],
    }
    (folder / "tom").mkdir()
    (folder / "p.kurator").touch()
    (folder / "a.txt").touch()
    for code, paths in refused.items():
        with pytest.raises(UserError) as caught:
            find_shards(paths, folder)
        assert caught.value.code == code
    found = find_shards([folder / "x", folder / "x" / "a.ndjson"], folder / "ut")
    assert found == [(other, folder / "ut" / "a.json")]


def test_what_is_known_of_a_shard_is_small(bench: Any) -> None:
    contents = look_into(bench.lines("a.jsonl", *(f"Text {number}" for number in range(50))))
    assert contents.documents == len(contents.prints) == len(contents.ids) == 50
    assert contents.prints.itemsize == contents.ids.itemsize == 8
