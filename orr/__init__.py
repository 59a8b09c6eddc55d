"""Operational readiness reviews kept as code.

What is here is described in `docs/python.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orr.api.assessment import Assessment, assess
    from orr.api.fleet import Fleet, assess_fleet
    from orr.api.history import runs
    from orr.api.review import review
    from orr.api.roster import roster
    from orr.messages.errors import OrrError

__all__ = ["Assessment", "Fleet", "OrrError", "assess", "assess_fleet", "review", "roster", "runs"]

# Loaded when first used, so that `import orr` is quick. None may have the name of a module in this package: whoever
# imports that module would find it in the place of the function.
_HOMES = {
    "Assessment": "orr.api.assessment",
    "Fleet": "orr.api.fleet",
    "OrrError": "orr.messages.errors",
    "assess": "orr.api.assessment",
    "assess_fleet": "orr.api.fleet",
    "review": "orr.api.review",
    "roster": "orr.api.roster",
    "runs": "orr.api.history",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__} - {"TYPE_CHECKING", "annotations"})
