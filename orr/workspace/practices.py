"""Practices that items serve, from `practices.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from orr.source.yaml import parse


@cache
def index() -> dict[str, Any]:
    """`practices.yaml`: the source, its practices and its further requirements."""
    text = Path(__file__).with_name("practices.yaml").read_text(encoding="utf-8")
    data = parse(text, "practices.yaml")
    assert isinstance(data, dict)
    return data


@cache
def practice_ids() -> frozenset[str]:
    """The ids that an item's `practice` may name."""
    return frozenset(practice["practice"] for practice in index()["practices"])
