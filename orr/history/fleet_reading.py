"""Queries over the histories of all workloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from orr.history.reading import Summary, as_summary, id_of, summary_query
from orr.history.records import GONE, STATES, Start
from orr.history.rows import moment
from orr.history.tables import Tables

STATE_OF: Mapping[int, str | None] = {number: state for state, number in STATES.items()}


class ItemChange(NamedTuple):
    """New state of a workload's item; None where it is no longer asked."""

    workload: str
    item: str
    number: int
    today: date
    state: str | None


def trends(
    connection: Any, tables: Tables, last: int, workloads: Iterable[str] | None = None
) -> dict[str, list[tuple[date, str | None]]]:
    """Days and verdicts of the last runs by workload, oldest first.

    A failed run has no verdict.
    """
    all_runs, names, others = tables.runs, tables.workloads, tables.runs.alias()
    highest = sa.select(sa.func.max(others.c.number)).where(others.c.workload == names.c.id).scalar_subquery()
    newest = _once(sa.select(names.c.id, names.c.name, highest.label("number")))
    recent = sa.and_(all_runs.c.workload == newest.c.id, all_runs.c.number > newest.c.number - last)
    query = (
        sa.select(newest.c.name, all_runs.c.today, all_runs.c.verdict)
        .select_from(newest)
        # An outer join, so that SQLite goes from the names to the runs and not the other way.
        .outerjoin(all_runs, recent)
        .order_by(newest.c.id, all_runs.c.number)
    )
    wanted = set(workloads) if workloads is not None else None
    found: dict[str, list[tuple[date, str | None]]] = {}
    for name, today, verdict in connection.execute(query):
        if today is not None and (wanted is None or name in wanted):
            found.setdefault(name, []).append((today, verdict))
    return found


def _at(tables: Tables, day: date | None) -> Any:
    """Query for each workload's last record up to a day."""
    names, others = tables.workloads, tables.runs.alias()
    query = sa.select(others.c.record).where(others.c.workload == names.c.id)
    if day is None:
        query = query.order_by(others.c.number.desc())
    else:
        query = query.where(others.c.today <= day).order_by(others.c.today.desc(), others.c.record.desc())
    return _once(sa.select(names.c.id, names.c.name, query.limit(1).scalar_subquery().label("record")))


def _once(query: Any) -> Any:
    """Query that PostgreSQL evaluates once, not for every joined row."""
    return query.cte().prefix_with("MATERIALIZED", dialect="postgresql")


def fleet_at(connection: Any, tables: Tables, day: date | None = None) -> list[Summary]:
    """Last run of every workload up to a day, or to now; by workload."""
    at = _at(tables, day)
    query = (
        summary_query(tables).where(tables.runs.c.record.in_(sa.select(at.c.record))).order_by(tables.workloads.c.name)
    )
    return [as_summary(row) for row in connection.execute(query)]


def unended(connection: Any, tables: Tables) -> dict[str, Start]:
    """Per workload the last start, where no run of the workload was recorded after it."""
    names, started, all_runs = tables.workloads, tables.started, tables.runs.alias()
    last = sa.select(all_runs.c.record).where(all_runs.c.workload == names.c.id).order_by(all_runs.c.number.desc())
    began = sa.select(sa.func.max(started.c.record)).where(started.c.workload == names.c.id)
    both = _once(
        sa.select(
            names.c.name,
            began.scalar_subquery().label("began"),
            sa.func.coalesce(last.limit(1).scalar_subquery(), 0).label("last"),
        )
    )
    query = (
        sa.select(both.c.name, tables.starts)
        .join(tables.starts, tables.starts.c.record == both.c.began)
        .where(both.c.began > both.c.last)
    )
    return {
        row.name: Start(row.name, row.record, moment(row.recorded_at), row.today) for row in connection.execute(query)
    }


def last_assessed(connection: Any, tables: Tables) -> dict[str, date]:
    """Latest day with a verdict by workload; missing where there is none."""
    names, others = tables.workloads, tables.runs.alias()
    latest = (
        sa.select(others.c.today)
        .where(others.c.workload == names.c.id, others.c.verdict.is_not(None))
        .order_by(others.c.today.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = connection.execute(sa.select(names.c.name, latest))
    return {name: day for name, day in rows if day is not None}


def unbroken(connection: Any, tables: Tables) -> dict[str, date]:
    """Day since which all runs of a workload have the same verdict, or none."""
    names, others, last, first = tables.workloads, tables.runs.alias(), tables.runs.alias(), tables.runs.alias()
    newest = sa.select(last.c.verdict).where(last.c.workload == names.c.id).order_by(last.c.number.desc()).limit(1)
    verdicts = _once(
        sa.select(names.c.id, names.c.name, sa.func.coalesce(newest.scalar_subquery(), "-").label("verdict"))
    )
    other = (
        sa.select(others.c.number)
        .where(others.c.workload == verdicts.c.id, sa.func.coalesce(others.c.verdict, "-") != verdicts.c.verdict)
        .order_by(others.c.number.desc())
        .limit(1)
    )
    broken = _once(
        sa.select(verdicts.c.id, verdicts.c.name, sa.func.coalesce(other.scalar_subquery(), 0).label("number"))
    )
    query = sa.select(broken.c.name, first.c.today).join(
        first, sa.and_(first.c.workload == broken.c.id, first.c.number == broken.c.number + 1)
    )
    return {name: today for name, today in connection.execute(query)}  # noqa: C416 - rows are no pairs to a type checker


def verdicts_at(
    connection: Any,
    tables: Tables,
    days: Iterable[date],
    workloads: Iterable[str] | None = None,
    every: Mapping[str, int] | None = None,
) -> dict[date, Counter[str | None]]:
    """Number of workloads by verdict on several days; None counts unknown ones."""
    wanted = set(workloads) if workloads is not None else None
    cadence = every or {}
    names, others, latest = tables.workloads, tables.runs.alias(), tables.runs.alias()
    found: dict[date, Counter[str | None]] = {}
    for day in days:
        # Both columns come from the index alone; "-" is a run without a verdict, NULL is no run.
        verdict = (
            sa.select(sa.func.coalesce(others.c.verdict, "-"))
            .where(others.c.workload == names.c.id, others.c.today <= day)
            .order_by(others.c.today.desc(), others.c.record.desc())
            .limit(1)
            .scalar_subquery()
        )
        on = sa.select(sa.func.max(latest.c.today)).where(latest.c.workload == names.c.id, latest.c.today <= day)
        rows = connection.execute(sa.select(names.c.name, verdict, on.scalar_subquery() if cadence else sa.null()))
        found[day] = Counter(
            None if said == "-" or (name in cadence and (day - last).days > cadence[name]) else said
            for name, said, last in rows
            if said is not None and (wanted is None or name in wanted)
        )
    return found


def states_at(connection: Any, tables: Tables, day: date | None = None) -> dict[str, dict[str, str]]:
    """The state of every item of every workload on a day: by workload, then by item."""
    at, states, earlier = _at(tables, day), tables.states, tables.states.alias()
    newest = (
        sa.select(at.c.name, earlier.c.workload, earlier.c.item, sa.func.max(earlier.c.record).label("record"))
        .select_from(at)
        .join(earlier, sa.and_(earlier.c.workload == at.c.id, earlier.c.record <= at.c.record))
        .group_by(at.c.name, earlier.c.workload, earlier.c.item)
        .subquery()
    )
    same = (getattr(states.c, key) == getattr(newest.c, key) for key in ("workload", "item", "record"))
    query = (
        sa.select(newest.c.name, tables.items.c.name, states.c.state)
        .select_from(newest)
        .join(states, sa.and_(*same))
        .join(tables.items, tables.items.c.id == states.c.item)
        .where(states.c.state != GONE)
    )
    found: dict[str, dict[str, str]] = {}
    for name, item, state in connection.execute(query):
        found.setdefault(name, {})[item] = STATE_OF[state] or ""
    return found


def item_changes(
    connection: Any,
    tables: Tables,
    *,
    workload: str | None = None,
    item: str | None = None,
    since: date | None = None,
) -> list[ItemChange]:
    """The states that items came into, in the order of their recording.

    Parameters
    ----------
    workload, item
        Of one workload, or of one item in all workloads; of all where neither is given.
    since
        Only in runs for later days.
    """
    states, all_runs = tables.states, tables.runs
    query = (
        sa.select(tables.workloads.c.name, tables.items.c.name, all_runs.c.number, all_runs.c.today, states.c.state)
        .select_from(states)
        .join(all_runs, all_runs.c.record == states.c.record)
        .join(tables.workloads, tables.workloads.c.id == states.c.workload)
        .join(tables.items, tables.items.c.id == states.c.item)
        .order_by(states.c.record, states.c.item)
    )
    if workload is not None:
        query = query.where(states.c.workload == id_of(tables.workloads, workload))
    if item is not None:
        query = query.where(states.c.item == id_of(tables.items, item))
    if since is not None:
        later = all_runs.alias()
        first = sa.select(sa.func.min(later.c.record)).where(later.c.today > since).scalar_subquery()
        query = query.where(all_runs.c.today > since, states.c.record >= first)
    rows = connection.execute(query)
    return [ItemChange(name, told, number, today, STATE_OF.get(state)) for name, told, number, today, state in rows]
