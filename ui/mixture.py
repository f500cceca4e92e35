"""A reading that the adjudicator is putting together: attributes of several readings, or written anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.commands import AdjudicateCase
from app.services.adjudication_views import Case
from models.annotations import Annotation
from models.spans import Spans
from models.suggestions import Kind

Attribute = Literal["boundary", "label", "facets"]


def attributes(kind: Kind) -> tuple[Attribute, ...]:
    """Return what can be mixed; a relation's boundary is its ends."""
    return ("boundary", "label", "facets") if kind == "claim" else ("boundary", "label")


@dataclass(frozen=True)
class Mixture:
    """What would be taken for a case (``case`` None: beside all cases).

    ``sources`` names, for each attribute, the annotation that it comes from; what is written by hand is not
    there.
    """

    case: Case | None
    kind: Kind
    label: str
    spans: Spans
    facets: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[Attribute, str] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, one: Annotation, *, taken: bool = True) -> Mixture:
        """Begin with a reading as it is; without ``taken`` it only lends its values."""
        sources: dict[Attribute, str] = dict.fromkeys(attributes(one.kind), one.id) if taken else {}
        return cls(case, one.kind, one.label, one.spans, dict(one.facets), sources)

    def mixed(self, attribute: Attribute, one: Annotation) -> Mixture:
        """Return the mixture with one attribute from another reading."""
        sources = {**self.sources, attribute: one.id}
        if attribute == "boundary":
            return replace(self, spans=one.spans, sources=sources)
        if attribute == "label":
            return replace(self, label=one.label, sources=sources)
        return replace(self, facets=dict(one.facets), sources=sources)

    def written(
        self, *, spans: Spans | None = None, label: str | None = None, facets: Mapping[str, object] | None = None
    ) -> Mixture:
        """Return the mixture with attributes written by hand."""
        changed: dict[Attribute, object] = {"boundary": spans, "label": label, "facets": facets}
        kept = {name: source for name, source in self.sources.items() if changed[name] is None}
        return replace(
            self,
            spans=spans or self.spans,
            label=label or self.label,
            facets=self.facets if facets is None else facets,
            sources=kept,
        )

    def command(self, document: str, standing: tuple[str, ...], name_notes: bool) -> AdjudicateCase:
        """Return the command that takes the mixture."""
        taken = tuple(dict.fromkeys(self.sources[one] for one in attributes(self.kind) if one in self.sources))
        return AdjudicateCase(
            document=document,
            case=self.case.ids if self.case is not None else (),
            taken=taken,
            label=self.label,
            spans=self.spans or None,
            facets=dict(self.facets),
            standing=standing,
            name_notes=name_notes,
        )
