"""Train, dev and test: every label in its share, stable under additions, no text on two sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import commands as c
from app.formats.contract import SPLITS
from app.formats.splits import Group, assign, deal, shares
from app.services.corpus import import_documents
from app.workspace import Workspace
from models.documents import SourceDocument
from models.errors import UserError
from models.spans import Span
from models.store.layer_reads import LayerReads

COUNTS = st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 9), max_size=3)
EVEN = {"train": 0.8, "dev": 0.1, "test": 0.1}


@pytest.mark.parametrize(
    ("written", "expected"),
    [("80/10/10", (0.8, 0.1, 0.1)), ("2/1/1", (0.5, 0.25, 0.25)), ("1/0/0", (1, 0, 0)), ("7,5/2,5/0", (0.75, 0.25, 0))],
)
def test_shares_are_read(written: str, expected: tuple[float, float, float]) -> None:
    assert tuple(shares(written).values()) == pytest.approx(expected)


@pytest.mark.parametrize("written", ["", "80", "80/20", "0/0/0", "-1/1/1", "a/b/c", "nan/1/1", "inf/1/1", "1/1/1/1"])
def test_other_shares_are_refused(written: str) -> None:
    with pytest.raises(UserError, match=r"formats\.bad-shares"):
        shares(written)


@given(st.lists(COUNTS, max_size=60))
def test_everything_gets_a_part_that_is_wanted(labels: list[dict[str, int]]) -> None:
    groups = [Group([str(number)], Counter(one)) for number, one in enumerate(labels)]
    deal(groups, {"train": 0.9, "dev": 0.0, "test": 0.1})
    assert all(one.part in ("train", "test") for one in groups)


@given(st.lists(COUNTS, max_size=40), st.lists(COUNTS, max_size=20))
def test_what_is_assigned_stays(first: list[dict[str, int]], later: list[dict[str, int]]) -> None:
    old = [Group([f"a{number}"], Counter(one)) for number, one in enumerate(first)]
    deal(old, EVEN)
    before = [one.part for one in old]
    new = [Group([f"b{number}"], Counter(one)) for number, one in enumerate(later)]
    deal([*new, *old], EVEN)
    assert [one.part for one in old] == before
    assert all(one.part for one in new)


@given(st.lists(st.sampled_from("AABBC"), min_size=100, max_size=150), st.booleans())
def test_every_label_has_its_share(labels: list[str], in_two_steps: bool) -> None:
    groups = [Group([str(number)], Counter({label: 1})) for number, label in enumerate(labels)]
    if in_two_steps:
        deal(groups[: len(groups) // 2], EVEN)
    deal(groups, EVEN)
    for label, count in Counter(labels).items():
        got = Counter(one.part for one in groups if label in one.labels)
        for part in SPLITS:
            assert abs(got[part] - count * EVEN[part]) <= 1.01


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "p.kurator", "Prov", "Eva") as workspace:
        yield workspace


def fill(workspace: Workspace, count: int, since: int = 0) -> None:
    sources = [
        SourceDocument(name=f"{one:03}.txt", text=f"Anna {one // 2} 😀 i Va\u030arby") for one in range(since, count)
    ]
    for item in import_documents(workspace.writer, workspace.reads, sources):
        assert item.document is not None
        if int(item.name[:3]) % 4 == 0:
            span = (Span(0, 4),)
            workspace.run(c.CreateAnnotation(document=item.document, kind="entity", label="PERSON", spans=span))


def test_documents_keep_their_part_in_the_project(project: Workspace) -> None:
    fill(project, 40)
    given_ = assign(project.writer, project.reads, EVEN)
    assert sum(given_.values()) == 40
    before = LayerReads(project.reads).splits()
    assert len(before) == 40 and set(before.values()) == set(SPLITS)
    texts = {}
    for document in project.reads.documents(list(before)):
        assert texts.setdefault(document.fingerprint, before[document.id]) == before[document.id]
    assert not assign(project.writer, project.reads, EVEN)
    fill(project, 60, since=40)
    assert sum(assign(project.writer, project.reads, EVEN).values()) == 20
    after = LayerReads(project.reads).splits()
    assert before.items() <= after.items() and len(after) == 60


def test_a_part_travels_and_survives_undo(project: Workspace) -> None:
    fill(project, 8)
    assign(project.writer, project.reads, EVEN)
    before = LayerReads(project.reads).splits()
    while project.undo():
        pass
    assert LayerReads(project.reads).splits() == before
