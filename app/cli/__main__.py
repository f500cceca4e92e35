"""``python -m app.cli``: the command line where it is not installed, and every job."""

from __future__ import annotations

import sys

from app.cli.program import main

sys.exit(main())
