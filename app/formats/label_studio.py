"""Label Studio's JSON export, both ways: a folder with ``tasks.json`` and the labelling ``config.xml`` for it.

Offsets are code points of the text as it stands. Each annotator's work is an annotation of the task, suggestions
nobody judged are a prediction. Facets are choices or text per region, notes the region's own; the rest is kept in
``meta.kurator``. A passage of several spans is a region for each, numbered there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from app.formats.beside import KEY, STANDING, told, told_of
from app.formats.contract import Format, Holds, WriteContext
from app.formats.label_studio_reading import ID, read, recognises
from app.formats.layers import LayerDocument, Link, Loss, Losses, Passage
from app.formats.simplify import quoted
from models.labels import LabelSet

_CONTROL, _OBJECT = "label", "text"


def write(documents: Iterable[LayerDocument], target: Path, context: WriteContext) -> tuple[Loss, ...]:
    """Write ``tasks.json`` and ``config.xml`` into the folder ``target``."""
    losses = Losses()
    config = _Config(context.labels)
    with (target / "tasks.json").open("wb") as file:
        file.write(b"[")
        for number, document in enumerate(documents, 1):
            file.write(b",\n" if number > 1 else b"\n")
            file.write(orjson.dumps(_Task(document, config, context.annotators, losses).json(number)))
        file.write(b"\n]\n")
    (target / "config.xml").write_bytes(config.xml().encode("utf-8", "replace"))
    return losses.all()


class _Config:
    """The labelling configuration: everything the label set and the documents name."""

    def __init__(self, labels: LabelSet) -> None:
        self._colors = {label.id: label.color for label in labels}
        self.labels = {label.id: None for label in (*labels.entities, *labels.claims)}
        self.relations = {label.id: None for label in labels.relations}
        self._facets: dict[str, list[str] | None] = {}
        for facet in labels.facets:
            flag = ["true", "false"] if facet.type == "flag" else None
            self._facets[facet.id] = [value.id for value in facet.values] if facet.type == "choice" else flag

    def control(self, facet: str, value: object) -> tuple[str, str, Any]:
        """Return a facet's control, the type of its results, and the value as the result holds it."""
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        if facet not in self._facets:
            self._facets[facet] = ["true", "false"] if isinstance(value, bool) else None
        choices = self._facets[facet]
        if choices is None:
            return control_name(facet), "textarea", {"text": [shown]}
        if shown not in choices:
            choices.append(shown)
        return control_name(facet), "choices", {"choices": [shown]}

    def xml(self) -> str:
        """Return the configuration as Label Studio's settings take it."""
        lines = ["<View>", f'  <Labels name="{_CONTROL}" toName="{_OBJECT}">']
        for label in self.labels:
            color = self._colors.get(label, "#607080")
            lines.append(f"    <Label value={quoteattr(label)} background={quoteattr(color)}/>")
        lines += ["  </Labels>", "  <Relations>"]
        lines += [f"    <Relation value={quoteattr(label)}/>" for label in self.relations]
        lines += ["  </Relations>", f'  <Text name="{_OBJECT}" value="$text"/>']
        for facet, choices in self._facets.items():
            head = f'name={quoteattr(control_name(facet))} toName="{_OBJECT}" perRegion="true"'
            if choices is None:
                lines.append(f"  <TextArea {head}/>")
                continue
            lines.append(f'  <Choices {head} choice="single">')
            lines += [f"    <Choice value={quoteattr(choice)}/>" for choice in choices]
            lines.append("  </Choices>")
        return "\n".join([*lines, "</View>", ""])


def control_name(facet: str) -> str:
    """Return the name of a facet's control, none that the label and text controls have."""
    return f"{facet}_" if facet in (_CONTROL, _OBJECT) else facet


class _Task:
    def __init__(self, document: LayerDocument, config: _Config, annotators: Mapping[str, str], losses: Losses) -> None:
        self._document, self._config, self._annotators, self._losses = document, config, annotators, losses
        self._in: dict[str, tuple[str, str]] = {}

    def json(self, number: int) -> dict[str, Any]:
        """Return the task: an annotation for each annotator, a prediction for what nobody judged."""
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for one in self._document.passages:
            if one.state == "rejected":
                self._losses.add("formats.lost-rejected", quoted(self._document, one))
                continue
            group = ("annotations", one.annotator) if one.state in STANDING else ("predictions", "")
            self._in[one.id] = group
            groups.setdefault(group, []).extend(self._regions(one))
        for link in self._document.links:
            self._relate(link, groups)
        task: dict[str, Any] = {"id": number, "data": self._data(), "annotations": [], "predictions": []}
        for (kind, _), result in sorted(groups.items()):
            more = {"was_cancelled": False, "ground_truth": False} if kind == "annotations" else {"model_version": KEY}
            task[kind].append({"result": result, **more})
        return task

    def _data(self) -> dict[str, Any]:
        document = self._document
        notes = [[self._annotators.get(one.annotator, one.annotator), one.text] for one in document.notes]
        beside = told_of(document) | ({"notes": notes} if notes else {})
        return {"text": document.text, "name": document.name} | ({KEY: beside} if beside else {})

    def _regions(self, one: Passage) -> Iterator[dict[str, Any]]:
        beside = told(one, self._annotators, "facets", "note", "score")
        for number, (start, end) in enumerate(one.spans, 1):
            words = self._document.text[start:end]
            place = {"start": start, "end": end, "text": words}
            meta: dict[str, Any] = {KEY: beside | ({"fragment": number} if len(one.spans) > 1 else {})}
            if one.note and number == 1:
                meta["text"] = [one.note]
            identity = one.id if number == 1 else f"{one.id}.{number}"
            common = {"id": identity, "to_name": _OBJECT, "origin": "manual"}
            self._config.labels.setdefault(one.label, None)
            score = {} if one.score is None else {"score": one.score}
            value = place | {"labels": [one.label]}
            yield common | {"from_name": _CONTROL, "type": "labels", "value": value, "meta": meta} | score
            for facet, worth in one.facets.items() if number == 1 else ():
                if worth is not None:
                    name, kind, held = self._config.control(facet, worth)
                    yield common | {"from_name": name, "type": kind, "value": place | held}

    def _relate(self, link: Link, groups: dict[tuple[str, str], list[dict[str, Any]]]) -> None:
        shown = f"{self._document.name}: {link.label}"
        head, tail = self._in.get(link.head), self._in.get(link.tail)
        if link.state == "rejected":
            self._losses.add("formats.lost-rejected", shown)
        elif head is None or tail is None:
            self._losses.add("formats.lost-link-end", shown)
        elif head != tail or (link.state == "suggested") != (head[0] == "predictions"):
            self._losses.add("peers.lost-between-annotators", shown)
        else:
            self._config.relations.setdefault(link.label, None)
            ends = {"from_id": link.head, "to_id": link.tail, "direction": "right"}
            beside = told(link, self._annotators)
            groups[head].append({"type": "relation", **ends, "labels": [link.label], KEY: beside})


FORMAT = Format(
    id=ID,
    title="peers.label-studio",
    description="peers.label-studio-about",
    suffix="",
    folder=True,
    holds=Holds(
        entities="kept",
        overlaps="kept",
        discontinuous="convention",
        relations="kept",
        facets="kept",
        notes="kept",
        annotator="convention",
        decisions="convention",
        offsets="kept",
    ),
    beside=frozenset({"metadata", "furniture", "register", "score"}),
    write=write,
    read=read,
    recognises=recognises,
)
