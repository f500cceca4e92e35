"""Where a frozen build begins: the command line, or the pipeline process when the first argument says so."""

import sys
from importlib import import_module

WORKER = "--pipeline-worker"


def main() -> int:
    """Start what the arguments ask for and return the exit status."""
    name = "app.cli"
    if sys.argv[1:2] == [WORKER]:
        del sys.argv[1]
        name = "app.pipeline.worker"
    return import_module(name).main() or 0


if __name__ == "__main__":
    sys.exit(main())
