"""Training a pipeline on a project's labels, and measuring how well one meets them.

What lies in ``fitting`` knows spaCy and runs in a command's process; the other modules are plain Python.
"""

from typing import Literal

PartName = Literal["entities", "claims", "relations"]
PARTS: tuple[PartName, ...] = ("entities", "claims", "relations")
EPOCHS = 30
"""How often a network goes through its examples at most."""
