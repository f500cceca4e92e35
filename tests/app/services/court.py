"""Three readings of a document on the desk, and short ways to decide on them."""

from __future__ import annotations

from typing import Any

from app import commands as c
from app.services.adjudication_views import DocumentCases, Preview, previewed
from models.adjudication import Case
from models.annotations import Annotation
from models.store.adjudication_reads import adjudicator
from tests.app.services.conftest import Desk


class Court:
    """A desk with three readings of its first document, and short ways to decide on them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = [desk.me, "bo", "cilla"]

    def cases(self) -> DocumentCases:
        return DocumentCases(self.desk.workspace.reads, self.desk.a)

    def case(self, words: str, kind: str = "entity") -> Case:
        """Return the first case that one of its readings gives these words."""
        found = [one for one in self.cases().cases if one.kind == kind]
        return next(one for one in found if any(words in " ".join(m.exact) for m in one.members))

    def by(self, case: Case, person: str) -> str:
        return next(one.id for one in case.members if one.annotator == person)

    def take(self, case: Case, *people: str, **more: Any) -> str:
        taken = tuple(self.by(case, one) for one in people)
        made = self.desk.run(c.AdjudicateCase(document=self.desk.a, case=case.ids, taken=taken, **more))
        assert made.focus.mark
        return made.focus.mark

    def reading(self) -> list[Annotation]:
        """Return the adjudicated reading."""
        judge = adjudicator(self.desk.workspace.reads)
        return self.desk.workspace.reads.annotations(self.desk.a, judge) if judge else []

    def others(self) -> list[Annotation]:
        judge = adjudicator(self.desk.workspace.reads)
        found = self.desk.workspace.reads.annotations(self.desk.a)
        return sorted(one for one in found if one.annotator != judge)

    def preview(self, command: c.AdjudicateAll) -> Preview:
        return list(previewed(self.desk.workspace, command))[-1]


def seated(desk: Desk) -> Court:
    """Three people: all see Anna; Bo takes one word less and another label; only Cilla sees the place."""
    for person, words, label in (
        (desk.me, "Region Halland", "ORGANISATION"),
        ("bo", "Halland", "PLACE"),
        ("cilla", "Region Halland", "ORGANISATION"),
    ):
        if person != desk.me:
            desk.become(person)
        anna = desk.create("Anna Berg", "PERSON")
        region = desk.create(words, label)
        if label == "ORGANISATION":
            desk.run(c.CreateRelation(document=desk.a, label="WORKS_FOR", head=anna, tail=region))
        desk.create("Ska\u030ane", "PLACE") if person == "cilla" else None
        facets = {"kind": "fact" if person == "bo" else "goal", "mode": "author"}
        claim = desk.create("Region\u00a0Halland sparar", "CLAIM", facets=facets)
        desk.run(c.SetNote(document=desk.a, key=claim, text=f"Säger {person[:2] if person != desk.me else 'jag'}."))
    desk.become(desk.me)
    return Court(desk)
