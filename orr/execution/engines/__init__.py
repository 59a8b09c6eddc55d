"""Papermill engines: `orr-worker`, whose cells run in a fork server's worker, and papermill's own."""

from __future__ import annotations

import warnings

WORKER, STOCK = "orr-worker", "papermill"
ENGINES = (WORKER, STOCK)
ALIASES = {"orr-kernel": STOCK}  # engines of earlier releases, and what stands in their place
TIMEOUT = 600.0  # how many seconds a notebook may take where nobody says otherwise


def engine_or_default(asked: str | None) -> str:
    """Name of the requested engine, else of the quickest; ValueError for an unknown one."""
    if asked in ALIASES:
        from orr.messages import say

        warnings.warn(str(say("report.engine.renamed", old=asked, new=ALIASES[asked])), FutureWarning, stacklevel=2)
        return ALIASES[asked]
    if asked not in (None, *ENGINES):
        raise ValueError(f"{asked!r} is not one of {', '.join(ENGINES)}")
    return asked or WORKER
