"""The model card of a trained pipeline: what it learned from, what it is worth, and where it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from app.messages import tr
from app.services.training import TrainingDocument
from app.training.recipe import Material, Setting
from app.training.scores import Scores, summary
from models.times import now

WEAK = 0.6
"""F1 below which a label is named among the limits."""
FEW = 10
"""Labels in the held-out part below which a label's score is called uncertain."""
_LIBRARIES = ("kurator", "spacy", "thinc", "numpy")


@dataclass(frozen=True, slots=True)
class Told:
    """What the card says beside scores: the project's name, and annotators' names by id."""

    project: str
    annotators: Mapping[str, str]


def facts(material: Material, setting: Setting, told: Told) -> dict[str, Any]:
    """Return what a trained pipeline keeps about itself, as JSON data, under ``kurator`` in ``meta.json``."""
    recipe, everything = setting.recipe, [*material.train, *_once(material)]
    people = sorted({one.annotator for one in everything})
    days = sorted(one.at[:10] for one in everything if one.at)
    return {
        "project": told.project,
        "trained": now(),
        "base": recipe.base,
        "parts": list(setting.parts),
        "seed": recipe.seed,
        "documents": {"train": len(material.train), "dev": len(material.dev), "test": len(material.test)},
        "held_out_shared": material.shared,
        "labels": {label: count for (_, label), count in sorted(material.counts(material.train).items())},
        "annotators": [told.annotators.get(one, one) for one in people] if recipe.names else len(people),
        "adjudicated": recipe.choice.adjudicated,
        "label_set": {"id": setting.labels.id, "name": setting.labels.name, "version": setting.labels.version},
        "days": [days[0], days[-1]] if days else [],
        "notes": list(setting.notes),
        "versions": {library: version(library) for library in _LIBRARIES},
    }


def _once(material: Material) -> Sequence[TrainingDocument]:
    return material.test if material.shared else [*material.dev, *material.test]


def card(
    kept: Mapping[str, Any],
    scores: Scores,
    licence: str,
    curve: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
) -> str:
    """Return the card as Markdown, in the user's language."""
    lines = [
        f"# {kept['name']}",
        "",
        tr("training.card-intro", project=kept["project"] or "–", day=kept["trained"][:10], base=kept["base"]),
        "",
        *_section("data", _data(kept)),
        *_section("scores", _scores(scores, before)),
        *_section("curve", _curve(curve) if curve else iter(())),
        *_section("decided", (f"- {note}" for note in kept["notes"])),
        *_section("limits", _limits(scores, kept)),
        *_section("licence", iter((licence or tr("training.card-no-licence"),))),
        *_section("versions", (f"- {name} {number}" for name, number in kept["versions"].items())),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _section(name: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from (f"## {tr(f'training.card-{name}')}", "", *found, "")


def row(*cells: object) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def shown(value: float | None) -> str:
    """Return a share with three decimals, a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def _data(kept: Mapping[str, Any]) -> Iterator[str]:
    people = kept["annotators"]
    yield tr("training.card-documents", **kept["documents"])
    yield ""
    if kept["held_out_shared"]:
        yield tr("training.card-shared")
        yield ""
    labels = kept["label_set"]
    yield f"- {tr('training.card-label-set', name=labels['name'], version=labels['version'])}"
    if isinstance(people, int):
        yield f"- {tr('training.card-annotators', count=people)}"
    else:
        yield f"- {tr('training.card-named', names=', '.join(people))}"
    if kept["adjudicated"]:
        yield f"- {tr('training.card-adjudicated')}"
    if kept["days"]:
        yield f"- {tr('training.card-days', first=kept['days'][0], last=kept['days'][1])}"
    yield ""
    yield row(tr("training.label"), tr("training.card-trained-on"))
    yield row("---", "---:")
    for label, count in kept["labels"].items():
        yield row(label, count)


def compared(scores: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield a line for each layer that says what the base reached on the same documents; values as JSON data."""
    for layer, told in (before or {}).items():
        now = scores["layers"].get(layer, {"all": {"f1": None}})["all"]["f1"]
        name = tr(f"training.layer-{layer}")
        yield tr("training.before", layer=name, before=shown(told["f1"]), now=shown(now))


def _scores(scores: Scores, before: Mapping[str, Any] | None) -> Iterator[str]:
    yield tr("training.card-held-out", count=len(scores.documents))
    yield ""
    yield row(*(tr(f"training.{name}") for name in ("label", "precision", "recall", "f1", "interval", "there")))
    yield row("---", *["---:"] * 5)
    for layer, label, count in summary(scores):
        interval = scores.interval(layer, label or None)
        bounds = f"{interval.low:.3f}–{interval.high:.3f}" if interval else "–"
        name = label or f"**{tr(f'training.layer-{layer}')}**"
        yield row(name, shown(count.precision), shown(count.recall), shown(count.f1), bounds, count.there)
    if before:
        yield ""
        yield from (f"- {line}" for line in compared(scores.to_json(intervals=False), before))
    shares = scores.facets()
    if shares:
        yield ""
        for name, one in sorted(shares.items()):
            yield "- " + tr("training.card-facet", facet=name, value=shown(one.value), count=one.whole)
    if mixed := mistakes(scores):
        yield ""
        yield tr("training.card-confused", pairs="; ".join(mixed))


def mistakes(scores: Scores, most: int = 5) -> list[str]:
    """Return the labels taken for others most often, as ``A → B (3)``."""
    wrong = Counter({pair: count for pair, count in scores.confusion.items() if pair[0] != pair[1] and all(pair)})
    return [f"{there} → {said} ({count})" for (there, said), count in sorted(wrong.items(), key=_rank)[:most]]


def _rank(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _curve(curve: Mapping[str, Any]) -> Iterator[str]:
    yield row(tr("training.share"), tr("training.card-trained-on"), tr("training.f1"), tr("training.interval"))
    yield row("---:", "---:", "---:", "---:")
    for point in curve["points"]:
        bounds = f"{point['interval'][0]:.3f}–{point['interval'][1]:.3f}" if point["interval"] else "–"
        yield row(f"{round(100 * point['share'])} %", point["labels"], shown(point["f1"]), bounds)
    yield ""
    yield curve["verdict"]


def _limits(scores: Scores, kept: Mapping[str, Any]) -> Iterator[str]:
    yield f"- {tr('training.card-genre')}"
    layers = [(layer, label, count) for layer, label, count in summary(scores) if label and layer != "overlap"]
    weak = [label for _, label, count in layers if count.there >= FEW and (count.f1 or 0) < WEAK]
    few = [label for _, label, count in layers if count.there < FEW]
    if weak:
        yield f"- {tr('training.card-weak', labels=', '.join(weak))}"
    if few:
        yield f"- {tr('training.card-few', labels=', '.join(few), least=FEW)}"
