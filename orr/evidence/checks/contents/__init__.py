"""What a file of a known sort must hold to prove anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from orr.evidence.checks.contents.build import no_build
from orr.evidence.checks.contents.pipeline import no_pipeline
from orr.evidence.checks.contents.updates import no_updates
from orr.messages import Message

Sort = Literal["build", "pipeline", "dependency-updates"]

LACKING: Mapping[str, Callable[[str, str], Message | None]] = {
    "build": no_build,
    "pipeline": no_pipeline,
    "dependency-updates": no_updates,
}
"""By sort: from a file's path and text to why it proves nothing, None where it proves something."""
