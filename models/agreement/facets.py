"""Facets: what annotators say of claims that they both found, the speaker included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.agreement.material import Material
from models.agreement.records import SPEAKER, Passage
from models.agreement.series import Series, Units, nominal_all, nominal_pair, pooled, shares
from models.labels import Facet
from models.text import surface

SPEAKS = "ATTRIBUTED_TO"
"""The relation that names a claim's speaker."""

_Codes = NDArray[np.intp]


def facet_series(material: Material) -> list[Series]:
    """Return agreement on each facet of the label set that anybody set, between aligned claims.

    A facet that is not set counts as a value of its own. Free text is compared by its surface (case, spacing and
    composed letters do not count), and the speaker by whether both name the same aligned passages; of these two
    only the share of equal values is told, since chance has no finite list to draw from.
    """
    claims = _Claims(material)
    found: list[Series] = []
    for facet in material.labels.facets:
        codes = claims.codes(facet)
        if not codes.any():
            continue
        units = {pair: claims.units(pair, codes) for pair in material.pairs()}
        equal = [shares("facet", facet.id, units[pair], pair) for pair in material.pairs()]
        found += [*equal, *pooled(equal)]
        if facet.type != "text":
            kappas = [one for pair in units for one in nominal_pair("facet", facet.id, units[pair], pair)]
            together = claims.units(range(len(material.annotators)), codes)
            found += [*kappas, *nominal_all("facet", facet.id, together, kappas)]
    if claims.speakers(range(len(material.annotators))).any():
        equal = [shares("facet", SPEAKER, claims.units(pair, claims.speakers(pair)), pair) for pair in material.pairs()]
        found += [*equal, *pooled(equal)]
    return found


class _Claims:
    """All claims by number, and which of them align between some annotators."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._claims: list[Passage] = [
            passage
            for readings in material.readings
            for reading in readings
            for passage in (reading.passages if reading else ())
            if passage.kind == "claim"
        ]
        self._numbers = {claim.id: number for number, claim in enumerate(self._claims)}
        self._rows: dict[tuple[int, ...], tuple[_Codes, _Codes]] = {}

    def _aligned(self, annotators: Sequence[int]) -> tuple[_Codes, _Codes]:
        """Return the document and the claims' numbers of each group that two have, -1 where one has none."""
        key = tuple(annotators)
        if key not in self._rows:
            documents: list[int] = []
            rows: list[list[int]] = []
            for document, groups in enumerate(self._material.aligned(key)):
                for group in groups or ():
                    members = [self._numbers.get(one.id, -1) if one else -1 for one in group.members]
                    if len(members) - members.count(-1) > 1:
                        documents.append(document)
                        rows.append(members)
            self._rows[key] = np.array(documents, np.intp), np.array(rows, np.intp).reshape(-1, len(key))
        return self._rows[key]

    def codes(self, facet: Facet) -> _Codes:
        """Return each claim's value of a facet by number, 0 where it is not set."""
        return _numbered([_value(claim.facets.get(facet.id)) for claim in self._claims])

    def speakers(self, annotators: Sequence[int]) -> _Codes:
        """Return each claim's speakers by number: those that some annotators' alignment puts together are one."""
        place = self._material.places(annotators)
        named: dict[str, set[str]] = {}
        for _, _, reading in self._material.links(annotators):
            for link in reading.links:
                if link.label == SPEAKS:
                    named.setdefault(link.head, set()).add(place.get(link.tail, link.tail))
        return _numbered([frozenset(named[claim.id]) if claim.id in named else None for claim in self._claims])

    def units(self, annotators: Sequence[int], codes: _Codes) -> Units:
        """Return the aligned claims with the values that ``codes`` gives them."""
        document, rows = self._aligned(annotators)
        values = np.full((len(rows), len(self._material.annotators)), -1)
        if len(codes):
            values[:, list(annotators)] = np.where(rows >= 0, codes[rows], -1)
        nothing = np.zeros(len(self._material.documents))
        return Units(document, values, nothing, self._material.only(annotators))


def _value(value: object) -> object:
    return (surface(value) or None) if isinstance(value, str) else value


def _numbered(values: Sequence[object]) -> _Codes:
    numbers: dict[object, int] = {None: 0}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.intp)
