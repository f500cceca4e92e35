"""The usage report in words that say no more than the counts do, and as CSV, JSON and a page to be printed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, NamedTuple

from app.messages import language, tr
from app.services.usage import Cost, LabelUsage, Usage
from models.labels import LabelSet
from models.proportions import Share

NOTHING = "–"


class Column(NamedTuple):
    """A column: its part of a catalogue key, how it is read, and a number to sort by (None: last)."""

    id: str
    words: Callable[[LabelUsage], str]
    number: Callable[[LabelUsage], float | None]


def _counted(name: str) -> Column:
    return Column(name, lambda one: str(getattr(one, name)), lambda one: float(getattr(one, name)))


def _shared(name: str) -> Column:
    def share(one: LabelUsage) -> Share:
        found: Share = getattr(one, name)
        return found

    return Column(name.replace("_", "-"), lambda one: percent(share(one)), lambda one: share(one).value)


def _spent(name: str, cost: Callable[[LabelUsage], Cost], what: str) -> Column:
    def number(one: LabelUsage) -> float | None:
        found: float | None = getattr(cost(one), what)
        return found

    return Column(name, lambda one: decimal(number(one)), number)


COLUMNS: tuple[Column, ...] = (
    _counted("accepted"),
    _counted("corrected"),
    _counted("rejected"),
    _counted("manual"),
    _shared("precision"),
    _shared("precision_alone"),
    _shared("added"),
    _shared("added_alone"),
    _spent("seconds-shown", lambda one: one.shown, "seconds_each"),
    _spent("seconds-hidden", lambda one: one.hidden, "seconds_each"),
    _spent("keys-shown", lambda one: one.shown, "keys_each"),
    _spent("keys-hidden", lambda one: one.hidden, "keys_each"),
)


CONTROLS_ONLY = frozenset({"precision-alone", "added-alone", "seconds-hidden", "keys-hidden"})
"""The columns that tell nothing before a control was annotated."""


def decimal(value: float | None) -> str:
    """Return a number with one place as the language writes it."""
    if value is None:
        return NOTHING
    return f"{value:.1f}".replace(".", "," if language() == "sv" else ".")


def percent(share: Share) -> str:
    """Return a share with its 95 % interval, ``83 % (70–91)``; a dash of nothing."""
    if share.value is None:
        return NOTHING
    low, high = share.interval
    return f"{share.value:.0%}".replace("%", tr("team.percent-sign")) + f" ({100 * low:.0f}–{100 * high:.0f})"


def titled(label: str, labels: LabelSet) -> str:
    """Return what a line is called: its label's title, or all labels together."""
    return labels.title(label, language()) if label else tr("team.all-labels")


def sentences(report: Usage, labels: LabelSet) -> Iterator[str]:
    """Yield what the report comes to, the most important first."""
    whole = report.whole
    if report.alone:
        yield tr("team.said-controls", count=report.alone, controls=report.controls)
        acceptance = {"accepted": percent(whole.precision), "found": percent(whole.precision_alone)}
        yield tr(f"team.acceptance-{whole.acceptance}", **acceptance)
        yield tr(f"team.attention-{whole.attention}", added=percent(whole.added), alone=percent(whole.added_alone))
    else:
        yield tr("team.said-no-controls", count=report.controls) if report.controls else tr("team.said-none-set")
    if report.revised:
        yield tr("team.said-revised", count=report.revised)
    yield from _concerned(report, labels)
    yield from _costs(whole)


def _concerned(report: Usage, labels: LabelSet) -> Iterator[str]:
    """Yield which labels to look at, where there are any."""
    for key, named in (
        ("team.labels-misled", [one.label for one in report.labels if one.acceptance == "higher"]),
        ("team.labels-overlooked", [one.label for one in report.labels if one.attention == "lower"]),
    ):
        if named:
            yield tr(key, labels=", ".join(titled(label, labels) for label in named), count=len(named))


def _costs(whole: LabelUsage) -> Iterator[str]:
    for key, cost in (("shown", whole.shown), ("hidden", whole.hidden)):
        if cost.seconds_each is not None:
            seconds, keys = decimal(cost.seconds_each), decimal(cost.keys_each)
            yield tr(f"team.cost-{key}", count=cost.annotations, seconds=seconds, keys=keys)
    if whole.shown.seconds_each is None and whole.hidden.seconds_each is None:
        yield tr("team.cost-unknown")


def finding(one: LabelUsage, report: Usage) -> str:
    """Return what a line's comparison tells, in a word or two; empty where there is nothing to compare."""
    if not report.alone:
        return tr("team.finding-no-controls") if not one.label else ""
    if not one.judged and not one.alone.suggested and not one.alone.annotations:
        return ""
    if one.acceptance == "higher":
        return tr("team.finding-misled")
    if one.attention == "lower":
        return tr("team.finding-overlooked")
    if "few" in (one.acceptance, one.attention):
        return tr("team.finding-few")
    return tr("team.finding-alike")


# Files ------------------------------------------------------------------------------------------------------


def as_data(report: Usage) -> dict[str, Any]:
    """Return the report as JSON data: counts, shares with intervals, seconds and key presses."""
    return {
        "annotator": report.annotator,
        "controls": {"documents": report.controls, "alone": report.alone, "revised": report.revised},
        "finished": {"shown": report.shown._asdict(), "hidden": report.hidden._asdict()},
        "labels": [_line_data(one) for one in report.labels],
        "all": _line_data(report.whole),
    }


def _line_data(one: LabelUsage) -> dict[str, Any]:
    shares = {name: getattr(one, name) for name in ("precision", "precision_alone", "added", "added_alone")}
    return {
        "label": one.label or None,
        "accepted": one.accepted,
        "corrected": one.corrected,
        "rejected": one.rejected,
        "manual": one.manual,
        "alone": one.alone._asdict(),
        **{
            name: {"value": share.value, "low": share.interval[0], "high": share.interval[1], "of": share.whole}
            for name, share in shares.items()
        },
        "shown": {**one.shown._asdict(), "seconds_each": one.shown.seconds_each, "keys_each": one.shown.keys_each},
        "hidden": {**one.hidden._asdict(), "seconds_each": one.hidden.seconds_each, "keys_each": one.hidden.keys_each},
        "acceptance": one.acceptance,
        "attention": one.attention,
    }


def as_json(report: Usage) -> str:
    """Return the report as JSON."""
    return json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Usage) -> str:
    """Return a table with a line for each label and one for all (``*``), the same in every language."""
    out = io.StringIO()
    rows = [_flat(_line_data(one)) for one in (*report.labels, report.whole)]
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "label": row["label"] or "*"} for row in rows)
    return out.getvalue()


def _flat(data: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


_STYLE = (
    "body{font:11pt/1.45 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1c2024}"
    "table{border-collapse:collapse;width:100%;font-size:9.5pt}"
    "th,td{border-bottom:1px solid #ccc;padding:.35em .5em;text-align:right;vertical-align:bottom}"
    "th:first-child,td:first-child,td:nth-child(2),th:nth-child(2){text-align:left}"
    "tr:last-child td{font-weight:bold;border-top:2px solid #888}small{color:#555}"
    "@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}"
)


def as_html(report: Usage, labels: LabelSet, project: str, annotator: str | None) -> str:
    """Return the report as a page that stands alone and prints well."""
    title = f"{tr('team.usage')} – {project}"
    who = annotator or tr("team.everybody")
    heads = [tr("team.label"), tr("team.column-finding"), *(tr(f"team.column-{column.id}") for column in COLUMNS)]
    lines = [
        [titled(one.label, labels), finding(one, report), *(column.words(one) for column in COLUMNS)]
        for one in (*report.labels, report.whole)
    ]
    said = "".join(f"<li>{escape(line)}</li>" for line in sentences(report, labels))
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1><p>{escape(who)}</p><ul>{said}</ul>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><small>{escape(tr('team.how-counted'))}</small></p></body></html>\n"
    )
