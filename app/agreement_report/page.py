"""An agreement report as one page to read and print, in the language in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from app.agreement_report.words import Words, interval, number, whole
from app.messages import language, tr
from models.agreement.records import LAYERS, MEASURES, PARTS, AgreementReport, Figure, Layer, Measure
from models.labels import LabelSet

MOST_DOCUMENTS = 200
"""How many documents are listed, those that agree least first; the other files hold all."""

_HEAT: dict[Layer, Measure] = {
    "entity": "f1-exact",
    "claim": "f1-exact",
    "facet": "share",
    "relation-ends": "f1",
    "relation": "f1-exact",
}
"""The measure that the coloured tables show: it is defined for every label that anybody used."""

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#1c1c1c;background:#fff;max-width:75em;margin:2em auto;padding:0 1.5em}
h1{font-size:1.7em}h2{font-size:1.3em;margin-top:2em;border-bottom:1px solid #bbb}h3{font-size:1.05em}
table{border-collapse:collapse;margin:.8em 0;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.3em 0;color:#444}
th,td{border:1px solid #ccc;padding:.25em .6em;text-align:right;vertical-align:top}
th{background:#f2f2f2;font-weight:600}th[scope=row],td.words{text-align:left}
small{color:#555;white-space:nowrap}
.heat td{min-width:5em;text-align:center;print-color-adjust:exact;-webkit-print-color-adjust:exact}
dt{font-weight:600;margin-top:.6em}dd{margin-left:1.5em}
@media print{body{margin:0;max-width:none;font-size:9pt}h2{break-after:avoid}tr,dt{break-inside:avoid}}
"""


def as_html(report: AgreementReport, labels: LabelSet) -> str:
    """Return the page: self-contained, without scripts, every number with what it rests on."""
    page = _Page(report, labels)
    body = "\n".join(page.sections())
    title = escape(tr("agreement.title"))
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}\n</body></html>\n"
    )


class _Page:
    """The parts of the page."""

    def __init__(self, report: AgreementReport, labels: LabelSet) -> None:
        self._report = report
        self._words = Words(report, labels)
        self._parts = [part for part in PARTS if any(one.part == part for one in report.figures)]
        self._layers = [layer for layer in LAYERS if any(one.layer == layer for one in report.figures)]
        self._pairs = list(dict.fromkeys(one.pair for one in report.figures if one.pair is not None))
        self._known = {(one.part, one.layer, one.subject, one.pair, one.measure): one for one in report.figures}

    def sections(self) -> Iterator[str]:
        yield self._compared()
        yield self._overview()
        for layer in self._layers:
            yield self._layer(layer)
        yield self._documents()
        yield self._explained()

    # What was compared ------------------------------------------------------------------------------------

    def _compared(self) -> str:
        report = self._report
        lines = [tr("agreement.compared", count=len(report.documents), documents=whole(len(report.documents)))]
        controls = sum(one.control for one in report.documents)
        if controls:
            lines.append(tr("agreement.compared-controls", count=controls, documents=whole(controls)))
        lines += [tr(code, count=count, documents=whole(count)) for code, count in report.left_out.items()]
        if report.samples:
            level = whole(round(report.level * 100))
            lines.append(tr("agreement.intervals", samples=whole(report.samples), level=level, seed=report.seed))
        rows = []
        for one in report.annotators:
            read = [document for document in report.documents if one.id in document.annotators]
            rows.append([whole(len(read))])
        names = [self._words.annotator(one.id) for one in report.annotators]
        table = _table([tr("agreement.annotator"), tr("agreement.documents")], names, rows)
        return "".join(f"<p>{escape(line)}</p>" for line in lines) + table

    def _overview(self) -> str:
        rows, names = [], []
        measures = [
            one
            for one in MEASURES
            if any(figure.measure == one and figure.subject is None for figure in self._report.figures)
        ]
        for layer in self._layers:
            for part in self._parts:
                figures = [self._known.get((part, layer, None, None, one)) for one in measures]
                if any(figures):
                    title = tr(f"agreement.layer-{layer}")
                    names.append(title if part == "all" else f"\u2003{tr(f'agreement.part-{part}')}")
                    rows.append([self._cell(one) for one in figures])
        heads = ["", *(tr(f"agreement.measure-{one}") for one in measures)]
        return _section(tr("agreement.overview"), _table(heads, names, rows))

    def _measures(self, layer: Layer, pair: bool = False) -> list[Measure]:
        used = {one.measure for one in self._report.figures if one.layer == layer and (one.pair is not None) == pair}
        return [one for one in MEASURES if one in used]

    # One layer --------------------------------------------------------------------------------------------

    def _layer(self, layer: Layer) -> str:
        subjects: list[str | None] = [*self._report.labels.get(layer, ())]
        if any(one.layer == layer and one.subject is None for one in self._report.figures):
            subjects.insert(0, None)
        parts = [f"<p>{escape(tr(f'agreement.layer-{layer}-about'))}</p>"]
        measures = self._measures(layer)
        heads = ["", *(tr(f"agreement.measure-{one}") for one in measures)]
        for part in self._parts:
            cells = [[self._cell(self._known.get((part, layer, s, None, m))) for m in measures] for s in subjects]
            names = [self._words.subject(layer, one) for one in subjects]
            parts.append(_table(heads, names, cells, tr(f"agreement.part-{part}") if len(self._parts) > 1 else ""))
        parts += [*self._heat(layer, subjects), self._between(layer)]
        return _section(tr(f"agreement.layer-{layer}"), "".join(parts))

    def _heat(self, layer: Layer, subjects: Sequence[str | None]) -> Iterator[str]:
        measure = _HEAT[layer]
        rows = [
            [_coloured(self._known.get(("all", layer, s, pair, measure))) for pair in self._pairs] for s in subjects
        ]
        heads = ["", *(self._words.pair(pair) for pair in self._pairs)]
        caption = tr("agreement.heat", measure=tr(f"agreement.measure-{measure}"))
        yield _table(heads, [self._words.subject(layer, one) for one in subjects], rows, caption, "heat")
        people = [one.id for one in self._report.annotators]
        if len(people) > 2 and None in subjects:
            rows = [[self._each_other(layer, measure, one, other) for other in people] for one in people]
            names = [self._words.annotator(one) for one in people]
            yield _table(["", *names], names, rows, caption, "heat")

    def _each_other(self, layer: Layer, measure: Measure, one: str, other: str) -> str:
        if one == other:
            return "<td></td>"
        known = self._known
        pairs = ((one, other), (other, one))
        found = next((f for pair in pairs if (f := known.get(("all", layer, None, pair, measure)))), None)
        return _coloured(found)

    def _between(self, layer: Layer) -> str:
        """Return each pair's figures over all labels, or over each facet."""
        measures = self._measures(layer, pair=True)
        rows, names = [], []
        for pair in self._pairs:
            figures = [self._known.get(("all", layer, None, pair, one)) for one in measures]
            if any(figures):
                names.append(self._words.pair(pair))
                rows.append([self._cell(one) for one in figures])
        heads = [tr("agreement.pair"), *(tr(f"agreement.measure-{one}") for one in measures)]
        return _table(heads, names, rows) if rows and len(self._pairs) > 1 else ""

    # Documents --------------------------------------------------------------------------------------------

    def _documents(self) -> str:
        columns = [
            one for one in self._report.document_figures if one.subject is None and _HEAT[one.layer] == one.measure
        ]
        columns = [one for one in columns if any(value is not None for value in one.values)]

        def least(at: int) -> float:
            return min([value for one in columns if (value := one.values[at]) is not None], default=2.0)

        order = sorted(range(len(self._report.documents)), key=least)
        names, rows = [], []
        for at in order[:MOST_DOCUMENTS]:
            document = self._report.documents[at]
            control = f" ({tr('agreement.control')})" if document.control else ""
            names.append(document.name + control)
            cells = [f"<td>{number(one.values[at])}<br><small>n {whole(one.units[at])}</small></td>" for one in columns]
            rows.append([f"<td>{len(document.annotators)}</td>", *cells])
        heads = [tr("agreement.document"), tr("agreement.annotators")]
        heads += [f"{tr(f'agreement.layer-{one.layer}')}, {tr(f'agreement.measure-{one.measure}')}" for one in columns]
        more = len(order) - MOST_DOCUMENTS
        note = f"<p>{escape(tr('agreement.more-documents', count=more, documents=whole(more)))}</p>" if more > 0 else ""
        return _section(tr("agreement.by-document"), _table(heads, names, rows) + note)

    # Explanations -----------------------------------------------------------------------------------------

    def _explained(self) -> str:
        used = [one for one in MEASURES if any(figure.measure == one for figure in self._report.figures)]
        told = [(tr(f"agreement.measure-{one}"), tr(f"agreement.measure-{one}-about")) for one in used]
        reasons = sorted({one.reason for one in self._report.figures if one.reason is not None})
        told += [("–", tr(f"agreement.reason-{one}")) for one in reasons]
        told.append(("n", tr("agreement.n-about")))
        terms = "".join(f"<dt>{escape(term)}</dt><dd>{escape(words)}</dd>" for term, words in told)
        return _section(tr("agreement.explained"), f"<dl>{terms}</dl>")

    def _cell(self, figure: Figure | None) -> str:
        if figure is None:
            return "<td></td>"
        if figure.value is None:
            return f'<td title="{escape(tr(f"agreement.reason-{figure.reason}"))}">–</td>'
        bounds = f"<br><small>{interval(figure.low, figure.high)}</small>" if figure.low is not None else ""
        return f"<td>{number(figure.value)}{bounds}<br><small>n {whole(figure.units)}</small></td>"


def _coloured(figure: Figure | None) -> str:
    """Return a cell whose colour goes from reddish (0 and below) over yellow to green (1); the number stays."""
    if figure is None or figure.value is None:
        return "<td>–</td>"
    value = max(0.0, min(1.0, figure.value))
    low, high = ((244, 204, 196), (253, 243, 207)) if value < 0.5 else ((253, 243, 207), (188, 224, 196))
    share = value * 2 % 1 if value < 1 else 1.0
    colour = "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(low, high, strict=True))
    return f'<td style="background:#{colour}">{number(figure.value)}</td>'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _table(
    heads: Sequence[str], names: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", kind: str = ""
) -> str:
    """Return a table; a cell that is no ``td`` yet becomes one."""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(cell if cell.startswith("<td") else f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for name, row in zip(names, rows, strict=True)
    )
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<table class="{kind}">{above}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
