"""Item to open a form at, handed on by `orr review` to the form."""

from __future__ import annotations

import os

REVIEW_AT = "ORR_REVIEW_AT"
"""The variable that holds `workload#item`."""


def item_asked(workload: str) -> str | None:
    """The item of a workload at which `orr review` was told to open the form."""
    named, _, item = os.environ.get(REVIEW_AT, "").partition("#")
    return item if item and named == workload else None
