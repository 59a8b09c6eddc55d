"""The tables of the history.

Names of workloads and items are written once and numbered. A run is one row. Of item
states, waivers and votes only what changed since the workload's run before is written: the
state at any run is that of the last row up to it. What a re-check sets out to do is one row of
starts and one of started per workload; the runs that come of it name it. Keys are a cache.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

SCHEMA = 4


class Tables(NamedTuple):
    """The tables by their place in the history."""

    metadata: Any
    schema: Any
    head: Any
    workloads: Any
    items: Any
    runs: Any
    states: Any
    waivers: Any
    votes: Any
    starts: Any
    started: Any
    keys: Any

    @property
    def append_only(self) -> tuple[Any, ...]:
        """Those whose rows are never changed and never removed."""
        content = self.states, self.waivers, self.votes, self.starts, self.started
        return self.schema, self.workloads, self.items, self.runs, *content


@cache
def tables() -> Tables:
    """All tables, made once, since SQLAlchemy may be missing."""
    from sqlalchemy.dialects import mysql

    def kind(usual: Any, in_mysql: Any) -> Any:
        """Column type with a variant for MySQL.

        Left to itself, MySQL drops fractions of seconds, takes `A` for `a`, and ends texts at 64 kB.
        """
        return usual.with_variant(in_mysql, "mysql", "mariadb")

    def word(length: int) -> Any:
        return kind(sa.String(length), mysql.VARCHAR(length, collation="utf8mb4_bin"))

    metadata = sa.MetaData()
    big = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    long_binary = kind(sa.LargeBinary(), mysql.LONGBLOB())
    moment = kind(sa.DateTime(timezone=True), mysql.DATETIME(fsp=6))
    text = kind(sa.Text(), mysql.LONGTEXT(collation="utf8mb4_bin"))
    short = word(16)

    def table(name: str, *columns: Any, **how: Any) -> Any:
        return sa.Table(f"orr_{name}", metadata, *columns, **how)

    def named(name: str) -> Any:
        return table(name, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", word(500), unique=True))

    def of_run() -> list[Any]:
        return [
            sa.Column("record", big, primary_key=True, autoincrement=False),
            sa.Column("workload", sa.Integer, nullable=False),
        ]

    schema = table("schema", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    head = table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", big, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    workloads, items = named("workloads"), named("items")
    runs = table(
        "runs",
        *of_run(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("today", sa.Date, nullable=False),
        sa.Column("occasion", short),
        sa.Column("verdict", short),
        sa.Column("decision", short),
        sa.Column("valid_until", sa.Date),
        sa.Column("digest", word(80)),
        sa.Column("open_items", sa.Integer),
        sa.Column("failure", text),
        sa.Column("unchanged_since", sa.Integer),
        sa.Column("begun", big),
        sa.Column("document", long_binary),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint(
            "(document IS NOT NULL AND failure IS NULL AND unchanged_since IS NULL)"
            " OR (document IS NULL AND failure IS NOT NULL AND unchanged_since IS NULL)"
            " OR (document IS NULL AND failure IS NULL AND unchanged_since IS NOT NULL)",
            name="orr_runs_one_of_three",
        ),
        sa.CheckConstraint("(failure IS NULL) = (verdict IS NOT NULL)", name="orr_runs_has_verdict"),
        # The verdict is in the indexes so that what is asked of the whole fleet reads no row.
        sa.Index("orr_runs_by_number", "workload", "number", "today", "verdict"),
        sa.Index("orr_runs_by_day", "workload", "today", "record", "verdict"),
    )
    states = table(
        "item_states",
        *of_run(),
        sa.Column("item", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Index("orr_item_states_by_workload", "workload", "item", "record", "state"),
        sa.Index("orr_item_states_by_item", "item", "workload", "record", "state"),
        sqlite_with_rowid=False,
    )
    waivers = table(
        "waivers",
        *of_run(),
        sa.Column("waiver", word(255), primary_key=True),
        sa.Column("stage", short, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("requested_by", text),
        sa.Column("approved_by", text),
        sa.Column("approved_on", sa.Date),
        sa.Column("expires", sa.Date),
        sa.Column("revoked_on", sa.Date),
        sa.Column("items", text, nullable=False),
        sa.Index("orr_waivers_by_workload", "workload", "record"),
    )
    votes = table(
        "votes",
        *of_run(),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("role", text),
        sa.Column("voter", text),
        sa.Column("vote", short),
        sa.Column("valid", sa.Boolean),
        sa.Column("voted_on", sa.Date),
        sa.Column("digest", word(80)),
        sa.Index("orr_votes_by_workload", "workload", "record"),
    )
    starts = table(
        "starts",
        sa.Column("record", big, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("today", sa.Date, nullable=False),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    started = table(
        "started",
        sa.Column("workload", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", big, primary_key=True, autoincrement=False),
        sa.Index("orr_started_by_record", "record"),
        sqlite_with_rowid=False,
    )
    keys = table(
        "keys",
        sa.Column("workload", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", word(64), primary_key=True),
        sa.Column("kept", sa.Date, nullable=False),
        sa.Column("body", text, nullable=False),
    )
    return Tables(metadata, schema, head, workloads, items, runs, states, waivers, votes, starts, started, keys)
