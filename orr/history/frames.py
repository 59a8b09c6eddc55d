"""The history as pandas frames.

    from orr.history import open_history
    from orr.history.frames import runs

    with open_history("/srv/readiness") as history:
        runs(history).groupby("verdict").size()

Days are `datetime64`, moments are in UTC, what repeats is a category, and what may be missing has a type
that can say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from orr.history.fleet_reading import ItemChange
from orr.history.records import STATES
from orr.history.store import History
from orr.system.frames import DAY, MOMENT, frame

if TYPE_CHECKING:
    from pandas import DataFrame

RUNS: Mapping[str, str] = MappingProxyType(
    {
        "workload": "category",
        "number": "int64",
        "record": "int64",
        "recorded_at": MOMENT,
        "today": DAY,
        "occasion": "category",
        "verdict": "category",
        "decision": "category",
        "valid_until": DAY,
        "digest": "string",
        "open_items": "Int64",
        "failure": "string",
        "unchanged_since": "Int64",
    }
)
"""The columns of `runs` and their types."""

ITEM_STATES: Mapping[str, str] = MappingProxyType(
    {
        "workload": "category",
        "item": "category",
        "state": "category",
        "number": "int64",
        "since": DAY,
        "until": DAY,
    }
)
"""The columns of `item_states` and their types."""

STARTS: Mapping[str, str] = MappingProxyType(
    {"workload": "category", "record": "int64", "recorded_at": MOMENT, "today": DAY, "ended": "bool"}
)
"""The columns of `starts` and their types."""

WAIVERS: Mapping[str, str] = MappingProxyType(
    {
        "workload": "category",
        "waiver": "string",
        "stage": "category",
        "active": "bool",
        "number": "int64",
        "today": DAY,
        "requested_by": "string",
        "approved_by": "string",
        "approved_on": DAY,
        "expires": DAY,
        "revoked_on": DAY,
        "items": "object",
    }
)
"""The columns of `waivers` and their types."""

VOTES: Mapping[str, str] = MappingProxyType(
    {
        "workload": "category",
        "place": "int64",
        "number": "int64",
        "today": DAY,
        "role": "string",
        "voter": "string",
        "vote": "category",
        "valid": "boolean",
        "voted_on": DAY,
        "digest": "string",
    }
)
"""The columns of `votes` and their types."""


def runs(history: History, workload: str | None = None) -> DataFrame:
    """A row per run, in the order of their recording; the columns are those of `RUNS`.

    `verdict` is missing where the workload could not be assessed; `failure` says why.
    """
    return frame([summary._asdict() for summary in history.summaries(workload)], RUNS)


def starts(history: History, workload: str | None = None) -> DataFrame:
    """Row per workload of a started re-check; the columns are those of `STARTS`.

    `ended` is false where no run came of it: the re-check was killed, or is still under way.
    """
    return frame([start._asdict() for start in history.starts(workload)], STARTS)


def item_states(
    history: History, workload: str | None = None, item: str | None = None, ids: Mapping[str, str] | None = None
) -> DataFrame:
    """A row per state that an item was in; the columns are those of `ITEM_STATES`.

    `since` is the day of the run (`number`) that first found it so, `until` the day of the run
    that found it otherwise; missing where it still is so. `state` is missing where the item
    was not asked any more. `ids` gives by old id the new one, such as
    `Workspace.catalogue.renaming.ids`: of several that became one it is the worst state.
    """
    changes = history.item_changes(workload=workload, item=None if ids else item)
    if ids:
        changes = [change for change in _by_new_ids(changes, ids) if item in (None, change.item)]
    ends: dict[tuple[str, str], ItemChange] = {}
    rows = []
    for change in reversed(changes):
        after = ends.get((change.workload, change.item))
        rows.append({**change._asdict(), "since": change.today, "until": after.today if after else None})
        ends[change.workload, change.item] = change
    return frame(rows[::-1], ITEM_STATES)


def _by_new_ids(changes: Iterable[ItemChange], ids: Mapping[str, str]) -> Iterator[ItemChange]:
    """Changes of items by new ids; of merged ones the worst state per run."""
    states: dict[tuple[str, str], dict[str, str | None]] = {}
    for _, run in groupby(changes, key=lambda change: (change.workload, change.number)):
        moved: dict[tuple[str, str], ItemChange] = {}
        before: dict[tuple[str, str], str | None] = {}
        for change in run:
            key = change.workload, ids.get(change.item, change.item)
            before.setdefault(key, _worst(states.get(key, {})))
            states.setdefault(key, {})[change.item] = change.state
            moved[key] = change
        for key, change in moved.items():
            state = _worst(states[key])
            if state != before[key]:
                yield change._replace(item=key[1], state=state)


def _worst(states: Mapping[str, str | None]) -> str | None:
    asked = [state for state in states.values() if state is not None]
    return min(asked, key=list(STATES).index, default=None)


def waivers(history: History, workload: str | None = None) -> DataFrame:
    """Row per change of a waiver, with its run; the columns are `WAIVERS`."""
    rows = [
        {
            **row._asdict(),
            "workload": run.workload,
            "waiver": name,
            "number": run.number,
            "today": run.today,
            "stage": str(row.stage),
            "items": json.loads(row.items),
        }
        for run, name, row in history.waiver_changes(workload)
    ]
    return frame(rows, WAIVERS)


def votes(history: History, workload: str | None = None) -> DataFrame:
    """Row per change of a vote, with its run; the columns are `VOTES`.

    `place` is the vote's place in the review; `role` is missing where it was taken back.
    """
    rows = [
        {
            **(row._asdict() if row is not None else {}),
            "workload": run.workload,
            "place": place,
            "number": run.number,
            "today": run.today,
        }
        for run, place, row in history.vote_changes(workload)
    ]
    return frame(rows, VOTES)
