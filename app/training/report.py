"""An evaluation as a table: CSV for spreadsheets, one HTML page that needs nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from app.messages import language, tr

_COLUMNS = ("right", "proposed", "there", "precision", "recall", "f1", "low", "high")

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    ":root{color:#1d2430;background:#fff}"
    "table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .75rem;border-bottom:1px solid #d5dae2;"
    "text-align:right}th:first-child,td:first-child{text-align:left}tr.all{font-weight:600}"
    "@media(prefers-color-scheme:dark){:root{color:#e6e9ef;background:#181c22}th,td{border-color:#3a424e}}"
)


def rows(told: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield layer, label ("" for all) and values."""
    for layer, found in told["scores"]["layers"].items():
        yield layer, "", found["all"]
        for label, one in found["labels"].items():
            yield layer, label, one


def _values(one: Mapping[str, Any]) -> list[Any]:
    bounds = one["interval"] or (None, None)
    return [*(one[name] for name in _COLUMNS[:6]), *bounds]


def as_csv(told: Mapping[str, Any]) -> str:
    """Return a row for each layer and label, then the facets; columns named as in the JSON."""
    place = io.StringIO()
    writer = csv.writer(place, lineterminator="\n")
    writer.writerow(["layer", "label", *_COLUMNS, "calibration"])
    errors = told["scores"]["calibration"]
    for layer, label, one in rows(told):
        error = errors.get(label) if layer != "overlap" else None
        writer.writerow([layer, label, *("" if value is None else value for value in (*_values(one), error))])
    for facet, one in told["scores"]["facets"].items():
        share = one["right"] / one["compared"] if one["compared"] else ""
        writer.writerow(
            ["facet", facet, one["right"], one["compared"], one["compared"], share, share, share, "", "", ""]
        )
    return place.getvalue()


def as_html(told: Mapping[str, Any]) -> str:
    """Return a page with the scores and with what was taken for what."""
    title = tr(
        "training.evaluated", pipeline=f"{told['pipeline']} {told['version']}", count=told["scores"]["documents"]
    )
    body = [f"<h1>{escape(title)}</h1>", *_scores(told), *_facets(told), *_confusion(told)]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{language()}"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _row(cells: Sequence[object], tag: str = "td", of: str = "") -> str:
    shown = "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells)
    return f"<tr{of}>{shown}</tr>"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _scores(told: Mapping[str, Any]) -> Iterator[str]:
    names = ("label", "precision", "recall", "f1", "interval", "there", "calibrated")
    yield f"<table>{_row([tr(f'training.{name}') for name in names], 'th')}"
    errors = told["scores"]["calibration"]
    for layer, label, one in rows(told):
        bounds = f"{one['interval'][0]:.3f}–{one['interval'][1]:.3f}" if one["interval"] else "–"
        error = _shown(errors.get(label)) if layer != "overlap" and label else ""
        values = [_shown(one[name]) for name in ("precision", "recall", "f1")]
        name = label or tr(f"training.layer-{layer}")
        yield _row([name, *values, bounds, one["there"], error], of="" if label else ' class="all"')
    yield "</table>"


def _facets(told: Mapping[str, Any]) -> Iterator[str]:
    for facet, one in told["scores"]["facets"].items():
        if one["compared"]:
            value = _shown(one["right"] / one["compared"])
            yield f"<p>{escape(tr('training.card-facet', facet=facet, value=value, count=one['compared']))}</p>"


def _confusion(told: Mapping[str, Any]) -> Iterator[str]:
    found = {(there, said): count for there, said, count in told["scores"]["confusion"]}
    if not found:
        return
    there, said = (sorted({pair[side] for pair in found}, key=lambda one: (not one, one)) for side in (0, 1))
    yield f"<h2>{escape(tr('training.confusion'))}</h2><p>{escape(tr('training.confusion-how'))}</p>"
    yield f"<table>{_row(['', *(one or tr('training.nothing-proposed') for one in said)], 'th')}"
    for one in there:
        yield _row([one or tr("training.nothing-there"), *(found.get((one, other), "") for other in said)])
    yield "</table>"
