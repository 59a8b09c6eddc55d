"""What the history stores of an assessment, and changes between runs. Pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from orr.messages import Message, say
from orr.messages.errors import OrrError

STATES = MappingProxyType(
    {"not-met": 1, "unknown": 2, "stale": 3, "unanswered": 4, "partial": 5, "met": 6, "not-applicable": 7}
)
"""The numbers of the states in the tables. They stand in every history: none is ever given another meaning."""

GONE = 0
"""The number of an item that is not asked any more."""

ENDING_DAYS = 30

LARGEST = 2**24
"""The bytes of an assessment as text; a thousandth of it may expand to more."""


class HistoryUnavailable(OrrError):
    """The history cannot be read or written.

    Attributes
    ----------
    why
        The reason, in words.
    by_choice
        True where installation or settings have to change; False where the database
        failed.
    """

    def __init__(self, why: Message, *, by_choice: bool) -> None:
        super().__init__(why)
        self.by_choice = by_choice


@dataclass(frozen=True)
class Run:
    """A recorded assessment, or the record that there was none.

    Attributes
    ----------
    workload, today
        What was assessed, and for which day.
    recorded_at
        When, in UTC.
    assessment
        The assessment in the form `orr.assessment/1`; None where there was none.
    failure
        Why there was none; None where there was one.
    unchanged_since
        The number of the run whose assessment still held, so that nothing was executed.
    begun
        The record of the start that it came of.
    number
        Which run of its workload it is, from 1; None until it is recorded.
    record
        Its place in the whole history, from 1; None until it is recorded.
    """

    workload: str
    today: date
    recorded_at: datetime
    assessment: Mapping[str, Any] | None
    failure: str | None = None
    unchanged_since: int | None = None
    begun: int | None = field(default=None, compare=False)
    number: int | None = field(default=None, compare=False)
    record: int | None = field(default=None, compare=False)


class Start(NamedTuple):
    """That a re-check set out to look at a workload.

    Attributes
    ----------
    workload, record
        Which, and its place in the whole history.
    recorded_at, today
        When it began, and for which day.
    ended
        Whether a run of the workload came of it, with an assessment or without.
    """

    workload: str
    record: int
    recorded_at: datetime
    today: date
    ended: bool = False


@dataclass(frozen=True)
class Before:
    """What was known of a workload before a run.

    Attributes
    ----------
    assessed
        Its last run that has an assessment.
    failed
        Whether its very last run failed.
    number
        The number that the new run got.
    """

    assessed: Run | None = None
    failed: bool = False
    number: int = field(default=1, compare=False)


class Stage(StrEnum):
    """Where a waiver is in its life."""

    ASKED = "asked"
    APPROVED = "approved"
    ACTIVE = "active"
    ENDING = "ending"
    INACTIVE = "inactive"
    EXPIRED = "expired"
    REVOKED = "revoked"
    GONE = "gone"


class WaiverRow(NamedTuple):
    """A waiver on the day of a run."""

    stage: Stage
    active: bool = False
    requested_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    expires: date | None = None
    revoked_on: date | None = None
    items: str = "[]"


class VoteRow(NamedTuple):
    """A vote as a run found it; its digest is what it was given on."""

    role: str
    voter: str
    vote: str
    valid: bool
    voted_on: date | None = None
    digest: str | None = None


class Kept(NamedTuple):
    """What the tables hold of one assessment, or what became of it since the one before.

    Attributes
    ----------
    items
        By item the number of its state; `GONE` only among changes.
    waivers
        By waiver.
    votes
        By their place in the review, from 1; None only among changes.
    """

    items: Mapping[str, int]
    waivers: Mapping[str, WaiverRow]
    votes: Mapping[int, VoteRow | None]


NOTHING = Kept({}, {}, {})


def kept(assessment: Mapping[str, Any]) -> Kept:
    """Take from an assessment (`orr.assessment/1`) what the tables hold."""
    today = date.fromisoformat(assessment["today"])
    return Kept(
        {item["item"]: STATES[item["state"]] for item in assessment["items"]},
        {waiver["waiver"]: _waiver(waiver, today) for waiver in assessment["waivers"]},
        {place: _vote(vote) for place, vote in enumerate(assessment.get("sign_offs", ()), 1)},
    )


def changes(before: Kept, after: Kept) -> Kept:
    """What differs: only this is written, so that a quiet year costs next to nothing."""
    items = {name: after.items.get(name, GONE) for name in {**before.items, **after.items}}
    waivers = {name: after.waivers.get(name, WaiverRow(Stage.GONE)) for name in {**before.waivers, **after.waivers}}
    votes = {place: after.votes.get(place) for place in {**before.votes, **after.votes}}
    return Kept(
        {name: state for name, state in items.items() if before.items.get(name, GONE) != state},
        {name: waiver for name, waiver in waivers.items() if before.waivers.get(name) != waiver},
        {place: vote for place, vote in votes.items() if before.votes.get(place) != vote},
    )


def _waiver(told: Mapping[str, Any], today: date) -> WaiverRow:
    # Assessments of earlier versions say of a waiver only whether it works.
    approved_on, expires, revoked_on = (_day(told.get(key)) for key in ("approved_on", "expires", "revoked_on"))
    row = WaiverRow(
        Stage.INACTIVE,
        bool(told["active"]),
        told.get("requested_by"),
        told.get("approved_by"),
        approved_on,
        expires,
        revoked_on,
        json.dumps(list(told.get("items", ())), ensure_ascii=False),
    )
    return row._replace(stage=_stage(row, today))


def _stage(row: WaiverRow, today: date) -> Stage:
    if row.active:
        ends = row.expires is not None and row.expires <= today + timedelta(days=ENDING_DAYS)
        return Stage.ENDING if ends else Stage.ACTIVE
    if row.revoked_on is not None:
        return Stage.REVOKED
    if row.requested_by is not None and row.approved_by is None:
        return Stage.ASKED
    if row.expires is not None and row.expires < today:
        return Stage.EXPIRED
    if row.approved_on is not None and row.approved_on > today:
        return Stage.APPROVED
    return Stage.INACTIVE


def _vote(told: Mapping[str, Any]) -> VoteRow:
    on = told.get("on")
    return VoteRow(
        told["role"], told["by"], told["vote"], bool(told["valid"]), _day(on[:10] if on else None), told.get("digest")
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def packed(assessment: Mapping[str, Any]) -> bytes:
    """The assessment as the table holds it."""
    text = json.dumps(assessment, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST:
        raise HistoryUnavailable(say("fleet.history.too-large", size=len(raw), limit=LARGEST), by_choice=False)
    return zlib.compress(raw)


def unpacked(document: bytes) -> dict[str, Any]:
    """The assessment that a table holds.

    Raises
    ------
    HistoryUnavailable
        If it is not what `packed` wrote.
    """
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(document, LARGEST)
        if not stream.eof:
            raise ValueError(f"> {LARGEST}")
        found = json.loads(raw.decode("utf-8", "surrogatepass"))
        _refuse_unlike(found)
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = f"{type(error).__name__}: {error}"[:200]
        raise HistoryUnavailable(say("fleet.history.no-assessment", problem=problem), by_choice=False) from None
    return dict(found)


def _refuse_unlike(found: Any) -> None:
    """Check the shape of a recorded assessment, so that anything else fails here."""
    kept(found)
    _ = [str(found[key]) for key in ("workload", "occasion", "verdict", "decision", "valid_until", "digest")]
    _ = [str(step[key]) for step in found["path_to_go"] for key in ("item", "owner", "due")]
