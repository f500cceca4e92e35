"""How much is learned by deciding a document: its doubts, in bits, for the work that reading it takes.

Uncertainty sampling by entropy, summed over a document's suggestions and divided by what the document costs (Settles,
*Active Learning Literature Survey*, 2009, sections 3.1 and 7; Settles, Craven and Friedland, *Active Learning with
Real Annotation Costs*, 2008). Labels with few decisions weigh more: the standard error of what is known of a label
falls with the root of its decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from models.calibration import entropy
from models.usage import FEW

LEAST = 1e-9
"""What a document with nothing to decide is worth; 0 stands for what was not worked out."""
OPENING = 1000
"""Taking up another document costs as much as reading so many code points."""
PER = 1000
"""Values are bits for so many code points."""
DOUBTFUL = 0.8
"""From this entropy on (bits; one right in four to three in four) a suggestion is doubtful."""


def weight(judged: int) -> float:
    """Return how much a doubt counts whose label was decided on so often: 1 for a new one."""
    return 1 / sqrt(1 + judged / FEW)


def worth(doubts: Iterable[tuple[float, float, int]], length: int) -> float:
    """Return the value of a document of ``length`` code points: bits for each :data:`PER` of its cost.

    Args:
        doubts: probability that a suggestion is right, weight of its label, and how many suggestions are alike.
    """
    bits = sum(entropy(probability) * counts * number for probability, counts, number in doubts)
    return max(LEAST, PER * bits / (OPENING + length))
