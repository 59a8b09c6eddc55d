"""Runs in a database: SQLite in the workspace, or any URL of SQLAlchemy.

The database is only added to. A run is written in one
transaction together with the look at the run before it, so writers side by side neither
lose a run nor see half of one; and every record is chained to the one before it.
SQLAlchemy is loaded with the first of these names; `orr.history.past_runs` does without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orr.history.chain import Finding, Verified
    from orr.history.fleet_reading import ItemChange
    from orr.history.reading import Summary
    from orr.history.records import Before, HistoryUnavailable, Run, Stage, Start
    from orr.history.store import History, UnchangedRun, open_history
    from orr.history.tables import SCHEMA
    from orr.history.waivers import WaiverLife

__all__ = [
    "SCHEMA",
    "Before",
    "Finding",
    "History",
    "HistoryUnavailable",
    "ItemChange",
    "Run",
    "Stage",
    "Start",
    "Summary",
    "UnchangedRun",
    "Verified",
    "WaiverLife",
    "open_history",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from orr.history import chain, fleet_reading, reading, records, store, tables, waivers

    for module in (chain, fleet_reading, reading, records, store, tables, waivers):
        if hasattr(module, name):
            globals()[name] = getattr(module, name)
    return globals()[name]
