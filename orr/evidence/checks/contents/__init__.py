"""What a file of a known sort must hold to prove anything."""

from __future__ import annotations

from typing import Literal

from orr.evidence.checks.contents.build import no_build
from orr.evidence.checks.contents.freeze import no_freeze_gate
from orr.evidence.checks.contents.pipeline import no_pipeline
from orr.evidence.checks.contents.updates import no_updates
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.messages import Message

Sort = Literal["build", "pipeline", "freeze-gate", "dependency-updates"]


def lacking(context: Context, path: str, sort: Sort) -> Message | None:
    """Why a file proves nothing of its sort; None where it proves something.

    Raises
    ------
    Undetermined
        If it cannot be read, or what it runs cannot.
    """

    def read(other: str) -> str | None:
        try:
            return context.text(other) if context.has(other) else None
        except Undetermined:
            return None

    text = context.text(path)
    if sort in ("pipeline", "freeze-gate"):
        return (no_pipeline if sort == "pipeline" else no_freeze_gate)(path, text, read)
    return no_build(path, text) if sort == "build" else no_updates(path, text)
