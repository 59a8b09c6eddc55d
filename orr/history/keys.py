"""What workloads depended on, kept between re-checks.

It is a cache beside the history: no record of its chain, changed at will, and without it all is executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from orr.history.tables import Tables
from orr.history.writing import AT_ONCE, numbers_of

KEPT_DAYS = 90
"""Keys that were written earlier, by a re-check that is no longer done, are removed."""


def read(connection: Any, tables: Tables, place: str) -> dict[str, str]:
    """The keys of one place, by workload."""
    keys, workloads = tables.keys, tables.workloads
    query = sa.select(workloads.c.name, keys.c.body).join(workloads, workloads.c.id == keys.c.workload)
    return {row.name: str(row.body) for row in connection.execute(query.where(keys.c.place == place))}


def write(connection: Any, tables: Tables, place: str, bodies: Mapping[str, str], today: date) -> None:
    """Put keys in the place of those that are there."""
    keys, names = tables.keys, sorted(bodies)
    numbers = numbers_of(connection, tables.workloads, names)
    connection.execute(keys.delete().where(keys.c.kept < today - timedelta(days=KEPT_DAYS)))
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        old = keys.c.workload.in_([numbers[name] for name in some])
        connection.execute(keys.delete().where(keys.c.place == place, old))
        rows = [{"workload": numbers[one], "place": place, "kept": today, "body": bodies[one]} for one in some]
        connection.execute(keys.insert(), rows)
