"""A document that one deletes and another goes on with is never gone without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import commands as c
from app.services.merging import merge_into
from tests.app.merging.test_mailing_traps import mail, open_conflicts, relabel, shared


def test_what_was_annotated_before_the_mail_came_is_asked_about(laptops: Callable[..., Any]) -> None:
    """The file that deletes the document never saw the annotations that its receiver had merged from a third."""
    here, there, third = laptops(), laptops(), laptops()
    shared(here, there, third)
    relabel(there, "PLACE")
    merge_into(here.workspace, mail(there))
    document = here.ids[0]
    assert third.run(c.RemoveDocuments(documents=(document,)))
    merge_into(here.workspace, mail(third))
    assert here.workspace.reads.has_document(document)
    assert open_conflicts(here) == 1


def test_what_nobody_went_on_with_goes(laptops: Callable[..., Any]) -> None:
    here, there = laptops(), laptops("Andra")
    shared(here, there)
    document = here.ids[0]
    assert there.run(c.RemoveDocuments(documents=(document,)))
    merge_into(here.workspace, mail(there))
    assert not here.workspace.reads.has_document(document)
    assert open_conflicts(here) == 0
