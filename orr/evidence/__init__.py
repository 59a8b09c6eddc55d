"""Evidence: what a machine can read."""

from __future__ import annotations

from orr.messages import Message
from orr.model import CheckSpec


def faults_of(spec: CheckSpec) -> list[tuple[tuple[str | int, ...], Message, Message]]:
    """What is wrong with a check as it stands in a checklist, by key."""
    del spec
    return []
