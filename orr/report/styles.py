"""The style of reports: as a page has it, and as each part of a notebook brings it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def style() -> str:
    """The style of reports; every rule of it is bound to the class `orr`."""
    return (files("orr.report") / "style.css").read_text(encoding="utf-8")


@cache
def fleet_style() -> str:
    """What the fleet's report needs besides; every rule of it is bound to the class `fleet`."""
    return (files("orr.fleet.page") / "fleet.css").read_text(encoding="utf-8")


@cache
def weighty(extra: str = "") -> str:
    """The style, and what is needed besides, so that it outweighs JupyterLab's for lists, tables and terms."""
    return style().replace(".orr ", ".orr.orr.orr ") + extra.replace(".fleet ", ".orr.orr.orr .fleet ")
