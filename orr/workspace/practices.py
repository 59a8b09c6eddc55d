"""Practices that items serve, from `practices.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from orr.source.yaml import parse_shipped


@cache
def index() -> dict[str, Any]:
    """`practices.yaml`: the source, its practices and its further requirements."""
    return parse_shipped(Path(__file__).with_name("practices.yaml"))


@cache
def practice_ids() -> frozenset[str]:
    """The ids that an item's `practice` may name."""
    return frozenset(practice["practice"] for practice in index()["practices"])
