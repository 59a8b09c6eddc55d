"""Public interface of the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from orr.history import chain, fleet_reading, keys, reading, structure
from orr.history.database import Database
from orr.history.fleet_reading import ItemChange
from orr.history.hashes import START, shown
from orr.history.reading import Summary
from orr.history.records import Before, Run, Start, VoteRow, WaiverRow
from orr.history.waivers import WaiverLife, lives
from orr.history.writing import Writer


class UnchangedRun(NamedTuple):
    """The run whose assessment still holds: its number among the workload's runs, and the assessment's digest."""

    number: int
    digest: str


class History:
    """The runs of all workloads.

    Parameters
    ----------
    url
        As `history` of `orr.yaml` says.
    root
        The workspace: where a relative path of SQLite starts.

    Raises
    ------
    HistoryUnavailable
        If SQLAlchemy or a driver is missing, the URL is none, the database does not
        answer, or a newer version of orr wrote it. Every method may raise it.
    """

    def __init__(self, url: str, root: Path) -> None:
        self._database = Database(url, root)
        self._tables = self._database.tables

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    # Writing

    def guard(self) -> None:
        """Put back the triggers that keep the database from changing records."""
        self._database.guard()

    def prepare(self) -> None:
        """Make or migrate the tables, so that what cannot be recorded is known before the work."""
        self._database.prepare()

    def start(self, workloads: Iterable[str], today: date, at: datetime) -> int | None:
        """Record the start of a re-check, so that a killed one leaves a trace.

        Returns
        -------
        int
            Its record, which the runs that come of it name (`Run.begun`); None, and nothing
            is added, where there is no workload.
        """
        names = list(workloads)
        if not names:
            return None
        with self._database.writing() as connection:
            writer = Writer(connection, self._tables)
            record = writer.start(names, today, at)
            writer.finish()
        return record

    def record(self, run: Run) -> Before:
        """Append a run and return what was known before it, in one transaction."""
        with self._database.writing() as connection:
            writer = Writer(connection, self._tables)
            before = writer.add(run)
            writer.finish()
        return before

    def record_unchanged(self, held: Mapping[str, UnchangedRun], today: date, at: datetime) -> dict[str, Summary]:
        """Add a run to each workload whose last assessment still holds, in one transaction.

        Parameters
        ----------
        held
            By workload the run that is said to hold.
        today, at
            The day, and the moment of recording.

        Returns
        -------
        dict
            What was recorded. A workload is missing where its last assessment is another,
            or its last run failed: nothing is recorded of it, and it has to be assessed.
        """
        if not held:
            return {}
        with self._database.writing() as connection:
            writer = Writer(connection, self._tables)
            found = {name: writer.add_unchanged(name, *run, today, at) for name, run in held.items()}
            writer.finish()
        return {name: summary for name, summary in found.items() if summary is not None}

    # What workloads depended on

    def keys(self, place: str) -> dict[str, str]:
        """What was kept last of each workload in a place."""
        with self._database.reading() as connection:
            return keys.read(connection, self._tables, place) if connection is not None else {}

    def keep_keys(self, place: str, bodies: Mapping[str, str], today: date) -> None:
        """Keep what workloads depended on until the next re-check; it is no record of the chain."""
        if bodies:
            with self._database.writing() as connection:
                keys.write(connection, self._tables, place, bodies, today)

    # One workload

    def runs(self, workload: str, last: int | None = None) -> list[Run]:
        """The runs of a workload, oldest first; only the last so many where asked."""
        with self._database.reading() as connection:
            return reading.runs(connection, self._tables, workload, last) if connection is not None else []

    def last_document(self, workload: str, today: date, *, decided: bool) -> tuple[int, bytes] | None:
        """Last packed assessment up to a day, with its run; optionally the last decided."""
        with self._database.reading() as connection:
            if connection is None:
                return None
            return reading.last_document(connection, self._tables, workload, today, decided=decided)

    def documents(self, workload: str, digests: Collection[str]) -> list[bytes]:
        """The assessments with some digests, packed, oldest first."""
        with self._database.reading() as connection:
            return reading.documents(connection, self._tables, workload, digests) if connection is not None else []

    def documents_in_order(self, workload: str) -> list[tuple[datetime, bytes]]:
        """The assessments of a workload, packed, oldest first, each with when it was recorded."""
        with self._database.reading() as connection:
            return reading.documents_in_order(connection, self._tables, workload) if connection is not None else []

    def starts(self, workload: str | None = None) -> list[Start]:
        """Re-checks started for one workload, or for any, and whether each finished."""
        with self._database.reading() as connection:
            return reading.starts(connection, self._tables, workload) if connection is not None else []

    def summaries(self, workload: str | None = None) -> list[Summary]:
        """The runs of one workload, or of all, without their assessments, as they were recorded."""
        with self._database.reading() as connection:
            return reading.summaries(connection, self._tables, workload) if connection is not None else []

    def waivers(self, workload: str | None = None) -> list[WaiverLife]:
        """The life of each waiver of one workload, or of all."""
        return lives(self.waiver_changes(workload))

    def waiver_changes(self, workload: str | None = None) -> list[tuple[Summary, str, WaiverRow]]:
        """What became of waivers, each with the run that found it."""
        with self._database.reading() as connection:
            return reading.waiver_rows(connection, self._tables, workload) if connection is not None else []

    def vote_changes(self, workload: str | None = None) -> list[tuple[Summary, int, VoteRow | None]]:
        """Changes of votes by place in the review, with the run of each."""
        with self._database.reading() as connection:
            return reading.vote_rows(connection, self._tables, workload) if connection is not None else []

    # The fleet

    def trends(self, last: int, workloads: Iterable[str] | None = None) -> dict[str, list[tuple[date, str | None]]]:
        """Days and verdicts of the last runs by workload, oldest first.

        A failed run has no verdict.
        """
        with self._database.reading() as connection:
            return fleet_reading.trends(connection, self._tables, last, workloads) if connection is not None else {}

    def unended(self) -> dict[str, Start]:
        """Unfinished re-check by workload, where no run came after it."""
        with self._database.reading() as connection:
            return fleet_reading.unended(connection, self._tables) if connection is not None else {}

    def fleet_at(self, day: date | None = None) -> list[Summary]:
        """Last run of every workload up to a day, or to now."""
        with self._database.reading() as connection:
            return fleet_reading.fleet_at(connection, self._tables, day) if connection is not None else []

    def last_assessed(self) -> dict[str, date]:
        """Latest day with a verdict by workload; missing where there is none."""
        with self._database.reading() as connection:
            return fleet_reading.last_assessed(connection, self._tables) if connection is not None else {}

    def unbroken(self) -> dict[str, date]:
        """Day since which all runs of a workload have the same verdict, or none."""
        with self._database.reading() as connection:
            return fleet_reading.unbroken(connection, self._tables) if connection is not None else {}

    def verdicts_over_time(
        self,
        days: Iterable[date],
        workloads: Iterable[str] | None = None,
        every: Mapping[str, int] | None = None,
    ) -> dict[date, Counter[str | None]]:
        """Number of workloads by verdict on several days, by their last runs.

        Parameters
        ----------
        days
            Which days.
        workloads
            Only these; all that were ever recorded where None.
        every
            By workload, for how many days a run tells how it is.

        Returns
        -------
        dict
            By day and verdict the number of workloads; None counts those whose last run
            could not be assessed, or was too long ago.
        """
        days = list(days)
        with self._database.reading() as connection:
            if connection is None:
                return {day: Counter() for day in days}
            return fleet_reading.verdicts_at(connection, self._tables, days, workloads, every)

    def states_at(self, day: date | None = None) -> dict[str, dict[str, str]]:
        """The state of every item of every workload on a day: by workload, then by item."""
        with self._database.reading() as connection:
            return fleet_reading.states_at(connection, self._tables, day) if connection is not None else {}

    def item_changes(
        self, *, workload: str | None = None, item: str | None = None, since: date | None = None
    ) -> list[ItemChange]:
        """States of items: of a workload, of an item, or since a day."""
        with self._database.reading() as connection:
            if connection is None:
                return []
            return fleet_reading.item_changes(connection, self._tables, workload=workload, item=item, since=since)

    # The chain

    def verify(self, noted: str | None = None) -> chain.Verified:
        """Hold every record against its hash, its neighbours and the head.

        Parameters
        ----------
        noted
            A head that was noted elsewhere: it has to be in the chain.
        """
        with self._database.looking() as connection:
            if connection is None or not structure.is_there(connection, self._tables):
                return chain.nothing(noted)
            wrong = structure.faults_of(connection, self._tables.schema)
            if not wrong and self._database.is_of_this_version(connection):
                wrong = structure.faults_of(connection, *self._tables.metadata.sorted_tables)
            if wrong:
                return chain.Verified(0, None, tuple(chain.Finding(None, what) for what in wrong))
            return chain.verify(connection, self._tables, noted)

    def altered_since(self, workload: str, number: int) -> int | None:
        """First run of a workload, from one on, that was altered; else None."""
        with self._database.reading() as connection:
            return number if connection is None else chain.altered_since(connection, workload, number)

    def lost(self) -> int:
        """Number of records that the head counts beyond those present; else none."""
        with self._database.reading() as connection:
            return chain.lost(connection, self._tables) if connection is not None else 0

    def exported(self, workloads: Collection[str]) -> list[tuple[dict[str, Any], bytes | None]]:
        """Records for an external verifier: some workloads whole, of others the links."""
        with self._database.reading() as connection:
            return list(chain.exported(connection, self._tables, workloads)) if connection is not None else []

    def head(self) -> str:
        """The hash of the last record, to be kept elsewhere."""
        with self._database.reading() as connection:
            return chain.head(connection, self._tables) if connection is not None else shown(START)

    def has_head(self, noted: str) -> bool:
        """Whether a head kept elsewhere is that of a record or an empty history."""
        with self._database.reading() as connection:
            return noted == shown(START) or (connection is not None and chain.has_head(connection, self._tables, noted))


@contextmanager
def open_history(workspace: str | Path = ".") -> Iterator[History]:
    """Use the history of a workspace: the one that its `orr.yaml` names.

    Parameters
    ----------
    workspace
        The workspace, or a folder somewhere in it.
    """
    from orr.workspace.workspace import Workspace

    opened = Workspace.open(workspace)
    with closing(History(opened.settings.history, opened.root)) as history:
        yield history
