"""Runs in a database: SQLite in the workspace by default, any URL of SQLAlchemy where it is shared.

The database is only added to. A run is written in one
transaction together with the look at the run before it, so writers side by side neither
lose a run nor see half of one; and every record is chained to the one before it.
"""

from orr.history.chain import Finding, Verified
from orr.history.reading import ItemChange, Summary
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
