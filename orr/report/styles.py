"""Styles of reports, for a page and for single parts in a notebook."""

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
    """Style with enough weight to override JupyterLab's for lists, tables and terms."""
    return style().replace(".orr ", ".orr.orr.orr ") + extra.replace(".fleet ", ".orr.orr.orr .fleet ")
