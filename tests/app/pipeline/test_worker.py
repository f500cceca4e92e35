"""The real process: what goes in, what comes out, and what happens when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.pipeline.client import BUILT_IN, PipelineProcess, installed_pipelines
from app.pipeline.mapping import apply, guess_mapping
from app.pipeline.protocol import Analyse, Failed, Load, decode_answer, encode_request
from app.services.trust import trust
from models.errors import Defect, EnvironmentFault, UserError
from models.suggestions import Analysis

ROOT = Path(__file__).resolve().parents[3]
NASTY = "😀 Va\u030arden va\u0308xer i Region\u00a0Ska\u030ane, sä\u00adger 👩\u200d⚕️ Karin Öst\u00adlund."


@pytest.fixture(scope="module")
def running() -> Iterator[PipelineProcess]:
    with PipelineProcess() as process:
        process.start()
        yield process


@pytest.fixture(scope="module", autouse=True)
def _outlives_a_test(running: PipelineProcess) -> None:
    """Have the shared process there before the first test counts threads."""


def surfaces(text: str, found: Analysis | UserError) -> list[str]:
    assert isinstance(found, Analysis)
    return [text[p.spans[0].start : p.spans[0].end] for p in found.proposals if p.kind == "entity"]


def test_the_client_side_loads_no_spacy() -> None:
    code = (
        "import sys; import app.pipeline.client, app.pipeline.mapping, app.pipeline.installed as i;"
        "i.installed_pipelines(); "
        "sys.exit(any(m.partition('.')[0] in ('spacy', 'thinc') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_the_built_in_pipeline_tells_who_it_is(running: PipelineProcess) -> None:
    assert running.info.name == "sv_kurator_rules"
    assert running.info.hash.startswith("sha256:")
    assert "PROGRAMME" in running.info.labels


def test_offsets_are_code_points_whatever_the_text_holds(running: PipelineProcess) -> None:
    ((name, found),) = running.analyse([("nasty", NASTY)])
    assert name == "nasty"
    assert surfaces(NASTY, found) == ["Region\u00a0Ska\u030ane", "Karin Öst\u00adlund"]


def test_odd_texts_are_answered_in_order(running: PipelineProcess) -> None:
    texts = ["", "\n", "\x00", "\ud800", "a" * 5000, "\r\n\r\n", NASTY, "Karin Östlund.\x00\n"]
    answers = list(running.analyse((str(i), text) for i, text in enumerate(texts)))
    assert [name for name, _ in answers] == [str(i) for i in range(len(texts))]
    assert surfaces(NASTY, answers[6][1])[1] == "Karin Öst\u00adlund"
    assert surfaces(texts[7], answers[7][1]) == ["Karin Östlund"]


def test_a_text_longer_than_the_pipeline_takes_is_cut_and_its_offsets_shifted(
    running: PipelineProcess,
) -> None:
    text = "Det finns inget att se på den här raden alls.\n\n" * 24_000 + "Karin Östlund, chef på Region Skåne, talade."
    assert len(text) > 1_000_000
    ((_, found),) = running.analyse([("long", text)])
    assert surfaces(text, found) == ["Karin Östlund", "chef", "Region Skåne"]
    assert isinstance(found, Analysis)
    (link,) = (p for p in found.proposals if p.label == "WORKS_FOR")
    assert link.head is not None
    assert text[slice(*found.proposals[link.head].spans[0])] == "Karin Östlund"


def test_texts_are_pulled_only_a_few_ahead_of_the_answers(running: PipelineProcess) -> None:
    pulled = 0

    def source() -> Iterator[tuple[str, str]]:
        nonlocal pulled
        for number in range(200):
            pulled += 1
            yield str(number), NASTY

    answers = running.analyse(source())
    for taken in range(1, 40):
        next(answers)
        assert pulled <= taken + 16
    answers.close()
    assert [name for name, _ in running.analyse([("0", "Karin Östlund")])] == ["0"]


def test_the_same_id_twice_gives_two_answers(running: PipelineProcess) -> None:
    answers = list(running.analyse([("a", "Karin Östlund"), ("a", "")]))
    assert [len(found.proposals) for _, found in answers if isinstance(found, Analysis)] == [1, 0]


def test_a_killed_process_is_started_again_once_and_no_text_is_lost() -> None:
    with PipelineProcess() as process:
        process.start()
        answers = process.analyse((str(number), NASTY) for number in range(40))
        got = [next(answers)[0]]
        assert process._running is not None
        process._running.process.kill()
        got += [name for name, _ in answers]
        assert got == [str(number) for number in range(40)]


def test_a_process_killed_twice_is_reported() -> None:
    with PipelineProcess() as process:
        process.start()
        answers = process.analyse((str(number), NASTY) for number in range(400))
        with pytest.raises(EnvironmentFault, match=r"pipeline\.died"):
            for _ in answers:
                if process._running is not None:
                    process._running.process.kill()


def test_closing_ends_the_work_and_closing_twice_does_nothing() -> None:
    process = PipelineProcess()
    process.start()
    answers = process.analyse((str(number), NASTY) for number in range(40))
    next(answers)
    process.close()
    process.close()
    assert len(list(answers)) < 39
    assert list(process.analyse([("a", NASTY)])) == []


def test_asking_before_starting_is_a_defect() -> None:
    with pytest.raises(Defect, match=r"pipeline\.not-loaded"):
        _ = PipelineProcess().info


def test_unknown_pipelines_are_refused_before_a_process_starts(tmp_path: Path) -> None:
    assert installed_pipelines()[0] == BUILT_IN
    with pytest.raises(UserError, match=r"pipeline\.unknown"):
        PipelineProcess().start("sv_no_such_pipeline")
    with pytest.raises(UserError, match=r"pipeline\.no-pipeline-folder"):
        PipelineProcess().start(str(tmp_path))


def test_a_broken_pipeline_folder_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'klingon'\n", "utf-8")
    (tmp_path / "meta.json").write_text("{}", "utf-8")
    trust(tmp_path)
    with pytest.raises(UserError) as caught:
        PipelineProcess().start(str(tmp_path))
    assert caught.value.code == "pipeline.cannot-load"
    assert caught.value.details["reason"]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A pipeline that is not ours, with labels of the Stockholm-Umeå Corpus."""
    code = (
        "import spacy, sys\n"
        "nlp = spacy.blank('sv', meta={'name': 'foreign', 'version': '3.2.1'})\n"
        "nlp.add_pipe('entity_ruler').add_patterns([\n"
        "    {'label': 'PRS', 'pattern': 'Karin Östlund'}, {'label': 'LOC', 'pattern': 'Luleå'},\n"
        "    {'label': 'MYTH', 'pattern': 'Oden'}])\n"
        "nlp.to_disk(sys.argv[1])\n"
    )
    folder = tmp_path / "foreign"
    subprocess.run([sys.executable, "-X", "utf8", "-c", code, str(folder)], check=True)
    return folder


def test_a_foreign_pipeline_speaks_through_a_label_mapping(foreign: Path) -> None:
    text = "😀 Karin Östlund och Oden for till Lulea\u030a och Luleå."
    trust(foreign)
    with PipelineProcess() as process:
        info = process.start(str(foreign))
        ((_, found),) = process.analyse([("a", text)])
    assert (info.name, info.version, info.labels) == ("sv_foreign", "3.2.1", ("LOC", "MYTH", "PRS"))
    assert isinstance(found, Analysis)
    mapped = apply(found, guess_mapping(info.labels))
    assert [(p.label, text[slice(*p.spans[0])], p.source) for p in mapped.proposals] == [
        ("PERSON", "Karin Östlund", "ents"),
        ("PLACE", "Luleå", "ents"),
    ]


def test_only_answers_reach_standard_output_and_bad_requests_are_told() -> None:
    requests = encode_request(Analyse("early", "text")) + b"nonsense\n" + encode_request(Load("no such pipeline"))
    done = subprocess.run(
        [sys.executable, "-m", "app.pipeline.worker"],
        input=requests,
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    answers = [decode_answer(line) for line in done.stdout.splitlines()]
    assert [answer.code for answer in answers if isinstance(answer, Failed)] == [
        "pipeline.not-loaded",
        "pipeline.bad-request",
        "pipeline.cannot-load",
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signals here")
def test_the_process_steps_back_behind_the_window(running: PipelineProcess) -> None:
    assert running._running is not None
    assert os.getpriority(os.PRIO_PROCESS, running._running.process.pid) >= 10
