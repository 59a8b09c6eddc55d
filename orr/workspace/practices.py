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


@cache
def wa_choices() -> dict[str, tuple[str, str]]:
    """By practice, the ids of its question and its choice in the Well-Architected Tool."""
    return {one["practice"]: (one["wa_question_id"], one["wa_choice_id"]) for one in index()["practices"]}
