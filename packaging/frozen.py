"""Where a frozen build begins: the command line, or another process that the first argument names."""

import sys
from collections.abc import Callable
from importlib import import_module

PROCESSES = {"--pipeline-worker": "app.pipeline.worker", "--window": "ui.__main__"}


def main() -> int:
    """Start what the arguments ask for and return the exit status."""
    name = PROCESSES.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if name:
        del sys.argv[1]
    module = import_module(name or "app.cli")
    start: Callable[[], int | None] = getattr(module, "run", module.main)
    return start() or 0


if __name__ == "__main__":
    sys.exit(main())
