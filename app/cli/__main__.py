"""``python -m app.cli``: the command line where it is not installed, and every job."""

from __future__ import annotations

from app.cli.program import run

if __name__ == "__main__":
    run()
