"""The last recorded runs, read without SQLAlchemy where possible.

A report or `orr check` must not wait for SQLAlchemy to load where the history is a file of SQLite, as it is
by default: that would take longer than all else. So such a file is read directly, and only read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from orr.evaluate.ballot_changes import Known, ballot_of_record
from orr.evaluate.milder import Earlier
from orr.evaluate.recorded_terms import terms_of_record
from orr.evaluate.terms import Formerly
from orr.evaluate.withdrawn import stood_in
from orr.history import altered
from orr.history.records import unpacked
from orr.messages import say
from orr.system.open_files import read_only
from orr.system.paths import exists

SHOWN = 12
_SQLITE = "sqlite:///"
_SCHEMA = 4
_QUERY = """SELECT today, verdict, open_items FROM orr_runs
WHERE workload = (SELECT id FROM orr_workloads WHERE name = ?) AND today <= ? ORDER BY number DESC LIMIT ?"""
_DOCUMENTS = """SELECT number, document FROM orr_runs
WHERE workload = (SELECT id FROM orr_workloads WHERE name = ?) AND today <= ? AND document IS NOT NULL
AND (decision <> 'pending' OR NOT ?) ORDER BY number DESC LIMIT 1"""

_BY_DIGEST = """SELECT document FROM orr_runs WHERE document IS NOT NULL
AND workload = (SELECT id FROM orr_workloads WHERE name = ?) AND digest IN ({}) ORDER BY number"""
_FROM_FIRST = """SELECT recorded_at, document FROM orr_runs WHERE document IS NOT NULL
AND workload = (SELECT id FROM orr_workloads WHERE name = ?) ORDER BY number"""


_NEWEST = """SELECT number, today, recorded_at, failure, unchanged_since, document FROM orr_runs
WHERE workload = (SELECT id FROM orr_workloads WHERE name = ?) ORDER BY number DESC LIMIT ?"""
_LOST = """SELECT coalesce((SELECT max(record) FROM orr_head), 0)
- (SELECT count(*) FROM orr_runs) - (SELECT count(*) FROM orr_starts)"""
_OF_NUMBER = """SELECT document FROM orr_runs
WHERE workload = (SELECT id FROM orr_workloads WHERE name = ?) AND number = ? AND document IS NOT NULL"""
LOOKED_THROUGH = 400


class Unreadable(Exception):
    """The history cannot be read."""


class Incomplete(Unreadable):
    """Records were removed from or added to the history; its text counts them."""


class LastRun(NamedTuple):
    """Day, verdict (None if unassessed) and number of open items of a run.

    `now` is true for an assessment that is not recorded yet.
    """

    today: date
    verdict: str | None
    open_items: int | None
    now: bool = False


def last_runs(url: str, root: Path, workload: str, today: date) -> tuple[LastRun, ...]:
    """The last runs for days up to today, oldest first; none where there is no history.

    Raises
    ------
    Unreadable
        If there is a history and it cannot be read, for whatever reason.
    """
    try:
        path = _file_of(url, root)
        if path is None:
            return _from_database(url, root, workload, today)
        with _opened(path) as opened:
            rows = opened.execute(_QUERY, (workload, today.isoformat(), SHOWN)).fetchall() if opened else ()
        return tuple(LastRun(date.fromisoformat(day), verdict, count) for day, verdict, count in reversed(rows))
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def terms_of_runs(url: str, root: Path, workload: str, today: date) -> Formerly:
    """Earlier terms as the last run holds them; unknown where it holds none.

    Terms are those of waivers, leave, exceptions and plans.
    """
    with suppress(Exception):
        found = _last_document(url, root, workload, today)
        if found is not None and "terms" in (document := unpacked(found[1])):
            return terms_of_record(document["terms"], today)
    return Formerly()


@lru_cache(maxsize=2)  # a fleet without runs asks for each of its workloads
def gone_from(url: str, root: Path, present: tuple[str, ...]) -> frozenset[str]:
    """Workloads that have recorded runs and are not present; none where that cannot be read."""
    names: Iterable[str] = ()
    with suppress(Exception):
        path = _file_of(url, root)
        if path is None:
            from orr.history.store import History

            with closing(History(url, root)) as history:
                names = [one.workload for one in history.summaries()]
        else:
            with _opened(path) as opened:
                names = [name for (name,) in opened.execute("SELECT name FROM orr_workloads")] if opened else ()
    return frozenset(name for name in names if "/" not in name).difference(present)


def of_title(url: str, root: Path, workloads: Iterable[str], titles: Collection[str], today: date) -> str | None:
    """The one of some workloads whose last run bears a title; None unless just one does."""
    with suppress(Exception):
        documents = {name: _last_document(url, root, name, today) for name in sorted(workloads)}
        found = [name for name, one in documents.items() if one is not None and unpacked(one[1])["title"] in titles]
        return found[0] if len(found) == 1 else None
    return None


def _last_document(url: str, root: Path, workload: str, today: date) -> Any:
    path = _file_of(url, root)
    if path is None:
        from orr.history.store import History

        with closing(History(url, root)) as history:
            return history.last_document(workload, today, decided=False)
    with _opened(path) as opened:
        return _document(opened, workload, today, False) if opened else None


def required_by_runs(url: str, root: Path, workload: str, today: date) -> tuple[Earlier, ...]:
    """What the last run required, and the run of the last decision.

    Returns
    -------
    tuple
        None, one or two; where the last run was decided itself, it stands as the decision alone. A history
        that cannot be read is one of which nothing is known.
    """
    try:
        return tuple(_earlier(kind, document) for kind, document in _last_and_decided(url, root, workload, today))
    except Exception as error:
        why = say("rule.milder.unreadable", problem=f"{type(error).__name__}: {error}")
        return (Earlier("history", "", None, why),)


def compared_runs(url: str, root: Path, workload: str, today: date) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Earlier assessments to compare with: of the last `run` and the last `decision`.

    Returns
    -------
    tuple
        None, one or two, as for `required_by_runs`.

    Raises
    ------
    Unreadable
        If there is a history and it cannot be read, for whatever reason.
    """
    try:
        return tuple((kind, unpacked(packed)) for kind, packed in _last_and_decided(url, root, workload, today))
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _last_and_decided(url: str, root: Path, workload: str, today: date) -> list[tuple[str, bytes]]:
    path = _file_of(url, root)
    if path is None:
        from orr.history.store import History

        with closing(History(url, root)) as history:
            last, decided = (history.last_document(workload, today, decided=decided) for decided in (False, True))
    else:
        with _opened(path) as opened:
            last, decided = (_document(opened, workload, today, one) if opened else None for one in (False, True))
    same = last is not None and decided is not None and last[0] == decided[0]
    return [
        *([("run", last[1])] if last is not None and not same else []),
        *([("decision", decided[1])] if decided is not None else []),
    ]


class Past(NamedTuple):
    """A recorded run with its assessment.

    Attributes
    ----------
    number, today, recorded_at
        Which of its workload's runs it is, for which day, and when it was recorded, in UTC.
    assessment
        In the form `orr.assessment/1`; that of the run that it found unchanged, where it did; None where there
        was none.
    """

    number: int
    today: date
    recorded_at: datetime
    assessment: Mapping[str, Any] | None


def newest_runs(url: str, root: Path, workload: str) -> Iterator[Past]:
    """The last runs of a workload, newest first, each read when it is asked for.

    Raises
    ------
    Incomplete
        If the history does not hold as many records as its head says.
    Unreadable
        If there is a history and it cannot be read, for whatever reason.
    """
    try:
        path = _file_of(url, root)
        if path is None:
            yield from _from_any(url, root, workload)
            return
        with _opened(path) as opened:
            if opened and (lost := opened.execute(_LOST).fetchone()[0]):
                raise Incomplete(str(lost))
            for number, day, at, failure, same_as, document in (
                opened.execute(_NEWEST, (workload, LOOKED_THROUGH)) if opened else ()
            ):
                if same_as is not None and opened:
                    document = (opened.execute(_OF_NUMBER, (workload, same_as)).fetchone() or (None,))[0]
                held = None if failure is not None or document is None else unpacked(document)
                yield Past(number, date.fromisoformat(day), datetime.fromisoformat(at).replace(tzinfo=UTC), held)
    except Incomplete:
        raise
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def altered_since(url: str, root: Path, workload: str, number: int) -> int | None:
    """First run of a workload, from one on, that was altered; else None.

    Raises
    ------
    Unreadable
        If there is a history and it cannot be read, for whatever reason.
    """
    try:
        path = _file_of(url, root)
        if path is None:
            from orr.history.store import History

            with closing(History(url, root)) as history:
                return history.altered_since(workload, number)
        with _opened(path) as opened:
            if opened is None:
                return number
            opened.row_factory = sqlite3.Row
            opened.execute("BEGIN")  # so that all of it is of one state
            return altered.altered_since(
                lambda query, **given: map(dict, opened.execute(query, given)), workload, number
            )
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _from_any(url: str, root: Path, workload: str) -> Iterator[Past]:
    from orr.history.store import History

    with closing(History(url, root)) as history:
        if lost := history.lost():
            raise Incomplete(str(lost))
        runs = history.runs(workload, LOOKED_THROUGH)
    for run in reversed(runs):
        yield Past(run.number or 0, run.today, run.recorded_at, run.assessment)


def recorded_ballots(url: str, root: Path, workload: str, digests: Collection[str]) -> Known:
    """Ballots of runs with some digests; nothing where the runs cannot be read."""
    recorded: list[Mapping[str, Any]] = []
    with suppress(Exception):
        path = _file_of(url, root)
        if path is None:
            from orr.history.store import History

            with closing(History(url, root)) as history:
                packed = history.documents(workload, digests)
        else:
            query = _BY_DIGEST.format(", ".join("?" * len(digests)))
            with _opened(path) as opened:
                rows = opened.execute(query, (workload, *digests)).fetchall() if opened else ()
            packed = [document for (document,) in rows]
        recorded = [unpacked(document) for document in packed]
    found = [one for one in recorded if "ballot" in one]
    return {one["digest"]: ballot_of_record(one["ballot"]) for one in found}


def first_recorded(url: str, root: Path, workload: str, seals: Collection[str]) -> Mapping[str, datetime]:
    """Time at which runs first recorded each signature, as far as readable."""
    found: dict[str, datetime] = {}
    with suppress(Exception):
        path = _file_of(url, root)
        if path is None:
            from orr.history.store import History

            with closing(History(url, root)) as history:
                _search(history.documents_in_order(workload), seals, found)
        else:
            with _opened(path) as opened:
                rows = opened.execute(_FROM_FIRST, (workload,)) if opened else ()
                _search(((datetime.fromisoformat(at), document) for at, document in rows), seals, found)
    return found


def _search(runs: Iterable[tuple[datetime, bytes]], seals: Collection[str], found: dict[str, datetime]) -> None:
    for recorded_at, packed in runs:
        if len(found) == len(seals):
            return
        signatures = unpacked(packed).get("signatures", {}).get("found", ())
        for seal in {one["seal"] for one in signatures} & set(seals) - found.keys():
            found[seal] = recorded_at.replace(tzinfo=UTC) if recorded_at.tzinfo is None else recorded_at


def _earlier(kind: str, packed: bytes) -> Earlier:
    document = unpacked(packed)
    required = document.get("requirements")
    why = None if required else say("rule.milder.no-record")
    return Earlier(kind, document["today"], required, why, stood=stood_in(document))


def _document(opened: Any, workload: str, today: date, decided: bool) -> Any:
    return opened.execute(_DOCUMENTS, (workload, today.isoformat(), decided)).fetchone()


def _file_of(url: str, root: Path) -> Path | None:
    """The file of a history that is one of SQLite."""
    path = url.removeprefix(_SQLITE)
    plain = url.startswith(_SQLITE) and "?" not in url and path and not path.startswith((":memory:", "file:"))
    return Path(root, path) if plain else None


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open a history; None where there is none yet."""
    if not exists(path):
        yield None
        return
    with closing(sqlite3.connect(read_only(path.resolve()), uri=True, timeout=5)) as connection:
        (schema,) = connection.execute("SELECT max(version) FROM orr_schema").fetchone()
        if schema != _SCHEMA:
            raise ValueError(f"schema {schema}")
        yield connection


def _from_database(url: str, root: Path, workload: str, today: date) -> tuple[LastRun, ...]:
    from orr.history import History

    with closing(History(url, root)) as history:
        runs = [run for run in history.summaries(workload) if run.today <= today]
    return tuple(LastRun(run.today, run.verdict, run.open_items) for run in runs[-SHOWN:])
