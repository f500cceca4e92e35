# -*- coding: utf-8 -*-
"""Set the program up and start it, or run its tests: ``python3 packaging/bootstrap.py run|test``.

Needs Python 3.11 or later and nothing else. This file holds only what older versions of Python can still
read, so that they too can answer with a sentence; the work is done in the files beside it.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Kurator needs Python 3.11 or later; this is Python %d.%d. "
        "Install a newer Python and use it: python3.12 packaging/bootstrap.py run\n"
        "Kurator kräver Python 3.11 eller senare; detta är Python %d.%d. "
        "Installera ett nyare Python och använd det: python3.12 packaging/bootstrap.py run"
        % (sys.version_info[:2] * 2)
    )

import bootstrap_commands

if __name__ == "__main__":
    sys.exit(bootstrap_commands.main(sys.argv[1:]))
