"""Three annotators on three laptops, exchange files by mail: merged in every order, measured, adjudicated."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from simulated_annotator import SimulatedAnnotator, Wanted, gold, reading

from app import commands
from app.cli.program import main
from app.formats.exchange_export import export_exchange
from app.formats.exchange_import import import_exchange
from app.merge.files import merge_files
from app.services.agreement import Selection, measured, project_source
from app.services.checks import check_project
from app.workspace import Workspace
from models.agreement.measure import Wishes
from tests.app.services.test_adjudicating_gold import Judge
from tests.app.services.test_adjudicating_gold import gold as gold_pages

SHARED = Path(__file__).resolve().parents[3] / "shared"
NAMES = ("Åsa", "Bo", "Cecilia 😀")

pytestmark = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the corpus and its gold pages are not here")


@dataclass(frozen=True)
class Team:
    """What went around by mail: the file that all began with, one file of each annotator, and what is right."""

    folder: Path
    start: Path
    files: tuple[Path, ...]
    wanted: dict[str, Wanted]


def export(project: Path, target: Path) -> Path:
    with Workspace.open(project) as workspace:
        export_exchange(workspace.reads, target)
    return target


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("lag")
    first = folder / "början.kurator"
    for arguments in (["new", str(first)], ["import", str(first), str(SHARED / "corpus")], ["suggest", str(first)]):
        assert main(["--quiet", "--language", "sv", *arguments]) == 0
    start = export(first, folder / "början.json")
    pages = {one.name.split(".")[0]: gold(one) for one in (SHARED / "gold").glob("*.gold.json")}
    documents = json.loads(start.read_bytes())["documents"]
    wanted = {one["id"]: pages[one["name"].split(".")[0]] for one in documents}
    files = tuple(annotated(folder, start, name, seed, wanted) for seed, name in enumerate(NAMES))
    yield Team(folder, start, files, wanted)


def annotated(folder: Path, start: Path, name: str, seed: int, wanted: dict[str, Wanted]) -> Path:
    """Let one annotator take the file in on a laptop of their own, work, and send what they have."""
    project = folder / f"laptop {seed}.kurator"
    with Workspace.create(project, "min", name) as workspace:
        import_exchange(workspace.writer, workspace.reads, start)
        person = SimulatedAnnotator(workspace, seed)
        for document, page in wanted.items():
            person.annotate(document, page)
    return export(project, folder / f"från {name}.json")


def merged(team: Team, order: tuple[Path, ...], out: Path) -> bytes:
    ours = team.start
    for theirs in order:
        report = merge_files(team.start, ours, theirs, out)
        assert not report.conflicts
        ours = out
    return out.read_bytes()


def test_files_merge_to_the_same_in_every_order(team: Team, tmp_path: Path) -> None:
    results = {merged(team, order, tmp_path / "m.json") for order in itertools.permutations(team.files)}
    assert len(results) == 1
    whole = json.loads(results.pop())
    for kind in ("entities", "claims", "relations", "decisions", "notes", "status"):
        sent = [
            sorted(one.get("id") or one["annotator"] for one in document[kind])
            for path in team.files
            for document in json.loads(path.read_bytes())["documents"]
        ]
        held = [one.get("id") or one["annotator"] for document in whole["documents"] for one in document[kind]]
        assert sorted(held) == sorted(itertools.chain.from_iterable(sent)), kind


def test_projects_take_the_files_in_every_order(team: Team, tmp_path: Path) -> None:
    """The base of each file is found by itself: what was mailed last."""
    results = set()
    for number, order in enumerate(itertools.permutations(team.files)):
        project = tmp_path / f"{number}.kurator"
        assert main(["--quiet", "new", str(project), "--annotator", "Samordnare"]) == 0
        for path in (team.start, *order):
            assert main(["--quiet", "import", str(project), str(path)]) == 0
        once = export(project, tmp_path / "en gång.json").read_bytes()
        assert main(["--quiet", "import", str(project), str(order[0])]) == 0
        assert export(project, tmp_path / "två gånger.json").read_bytes() == once
        assert not list(check_project(project))
        results.add(once)
    assert results == {merged(team, team.files, tmp_path / "m.json")}


@pytest.fixture(scope="module")
def agreed(team: Team) -> Path:
    """The coordinator's project with everybody's files in it."""
    project = team.folder / "samordnare.kurator"
    assert main(["--quiet", "new", str(project), "--annotator", "Samordnare"]) == 0
    for path in (team.start, *team.files):
        assert main(["--quiet", "import", str(project), str(path)]) == 0
    return project


def test_agreement_is_what_counting_by_hand_gives(team: Team, agreed: Path) -> None:
    with Workspace.open(agreed) as workspace:
        report = measured(project_source(workspace.reads), Selection(), Wishes(samples=50))
        readings = {
            one.id: {
                (document, *place)
                for document in team.wanted
                for place in reading(workspace, document, one.id)
                if place[0] == "entity"
            }
            for one in report.annotators
        }
    assert {one.name for one in report.annotators} == set(NAMES)
    for first, second in itertools.combinations(readings, 2):
        ours, theirs = readings[first], readings[second]
        by_hand = 2 * len(ours & theirs) / (len(ours) + len(theirs))
        figure = report.find("entity", "f1-exact", pair=(first, second))
        assert figure is not None and figure.value == pytest.approx(by_hand)
        assert figure.low is not None and figure.high is not None and figure.low <= by_hand <= figure.high


def test_the_readings_are_adjudicated_to_the_gold_and_mailed_back(team: Team, agreed: Path, tmp_path: Path) -> None:
    pages = {name: rest for name, _, *rest in gold_pages()}
    with Workspace.open(agreed) as workspace:
        judges = [
            Judge(workspace, document, *pages[workspace.reads.document(document).name]) for document in team.wanted
        ]
        workspace.run(commands.AdjudicateAll(least="majority"))
        for judge in judges:
            judge.decide("passages")
            judge.decide("relation")
        left = [judge.wanted - judge.reached() for judge in judges]
        wrong = [judge.reached() - judge.wanted for judge in judges]
        by_majority = sum(map(len, wrong))  # what two of three had wrong, and nobody looked at again
        assert not any(left)
        assert by_majority < 0.05 * sum(len(judge.wanted) for judge in judges)
        reached = [judge.reached() for judge in judges]
    sent = export(agreed, tmp_path / "bedömt.json")
    own = team.folder / "laptop 0.kurator"
    assert main(["--quiet", "import", str(own), str(sent)]) == 0
    with Workspace.open(own) as workspace:
        assert [Judge(workspace, document, [], []).reached() for document in team.wanted] == reached
        assert not list(check_project(own))
