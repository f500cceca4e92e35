"""Names and numbers of a report as people read them."""

from __future__ import annotations

from app.messages import language, tr
from models.agreement.records import SPEAKER, AgreementReport, Layer
from models.labels import LabelSet, localised


def number(value: float | None, places: int = 2) -> str:
    """Return a number with two places in the way of the language, "–" where there is none."""
    if value is None:
        return "–"
    shown = f"{value:.{places}f}".replace("-", "\u2212")
    if shown.strip("\u22120.") == "":
        shown = shown.replace("\u2212", "")
    return shown.replace(".", ",") if language() == "sv" else shown


def whole(value: int) -> str:
    """Return a whole number in groups of three."""
    return f"{value:,}".replace(",", "\u00a0")


def interval(low: float | None, high: float | None, places: int = 2) -> str:
    """Return the bounds of an interval."""
    between = "–" if (low or 0) >= 0 else " … "
    return number(low, places) + between + number(high, places)


class Words:
    """What the people and labels of a report are called."""

    def __init__(self, report: AgreementReport, labels: LabelSet) -> None:
        names = [one.name for one in report.annotators]
        self._people = {
            one.id: one.name if one.name and names.count(one.name) == 1 else f"{one.name} ({one.id[-6:]})".strip()
            for one in report.annotators
        }
        self._labels = labels

    def annotator(self, annotator: str) -> str:
        """Return a name; where two share it, with the end of the id."""
        return self._people.get(annotator, annotator)

    def pair(self, pair: tuple[str, str]) -> str:
        """Return two annotators' names."""
        return f"{self.annotator(pair[0])} – {self.annotator(pair[1])}"

    def subject(self, layer: Layer, subject: str | None) -> str:
        """Return what a label or facet is called; all together where there is none."""
        if subject is None:
            return tr("agreement.all-labels")
        if layer != "facet":
            return self._labels.title(subject, language())
        if subject == SPEAKER:
            return tr("agreement.speaker")
        facet = self._labels.facet(subject)
        return localised(facet.title, language(), subject) if facet else subject
