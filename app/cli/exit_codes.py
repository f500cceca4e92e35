"""What the command line's exit status says; ``kurator --help`` tells the same."""

from __future__ import annotations

FINE = 0
REMARKS = 1
"""Done, but something is worth a look: findings, skipped files, texts that failed."""
USAGE = 2
REFUSED = 3
"""What was asked for cannot be done; nothing has changed."""
SURROUNDINGS = 4
"""The disk, a lock, a missing pipeline; what was done before stays."""
DEFECT = 5
INTERRUPTED = 130
PIPE_CLOSED = 141
