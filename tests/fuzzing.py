"""How many inputs the parsers' tests try.

`ORR_FUZZ=10000 pytest -k "any or whatever" tests/test_evidence_*.py` tries so many of each; without it there are few.
"""

from __future__ import annotations

import os


def examples(usual: int) -> int:
    """So many as `ORR_FUZZ` says, else the usual number."""
    return int(os.environ.get("ORR_FUZZ", usual))
