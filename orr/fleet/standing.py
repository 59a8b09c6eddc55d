"""Standing of each workload today, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from orr.evaluate import Decision, Evaluation, Step, Verdict
from orr.evaluate.applies import is_live
from orr.evaluate.emergencies import in_words, unclosed
from orr.evaluate.states import severity_of
from orr.evaluate.subjects import release_in_words
from orr.evaluate.tier import Rating
from orr.evaluate.verdict import conditions, is_stopping
from orr.messages import Message, Said, say
from orr.model.checklist import Risk
from orr.model.fields import Text
from orr.model.finding import Outcome
from orr.model.person import identity
from orr.model.review import State
from orr.model.workload import Workload

Trend = Sequence[tuple[date, str | None]]
"""Days and verdicts of past runs, oldest first; a run that failed has no verdict."""

SHOWN = 12
"""How many of its last runs are known and shown of a workload."""

_ORDER = tuple(Verdict)


class Blocker(NamedTuple):
    """Open item that the verdict considers; equal ones of all workloads share an object."""

    item: str
    ask: Text
    owner: str | None
    risk: Risk
    stopping: bool


class Ahead(NamedTuple):
    """Steps of one owner on a path to go: number, and overdue days."""

    owner: str
    steps: int
    overdue: tuple[date, ...]


class Ending(NamedTuple):
    """An active waiver, with the items that it works for."""

    waiver: str
    expires: date
    approved_by: str | None
    items: tuple[str, ...]


class Cell(NamedTuple):
    """How many items of a checklist stop a workload, are open, and apply."""

    checklist: str
    stopping: int
    open: int
    applying: int


class Assessed(NamedTuple):
    """Small part of an assessment that a fleet of ten thousand can keep.

    Attributes
    ----------
    verdict, headline, without_waivers, decision, valid_until
        As in the assessment.
    release
        What the verdict is about; None where no release is named.
    next
        Who must act next: on the first step of the path to go, or by voting.
    emergencies
        The exceptions by which releases passed in an emergency and that nobody has closed, in words.
    calendar
        The worst outcome of the change calendars at the launch, and its words; None where none is asked.
    asked
        How many checklists are asked, and of how many that are asked or required.
    blockers, ahead, waivers, cells
        What keeps it from go; who has to act; the active waivers; its checklists.
    """

    verdict: Verdict
    headline: Message
    without_waivers: Verdict
    decision: Decision
    valid_until: date | None
    release: Message | None
    next: Message
    calendar: tuple[Outcome, Said] | None
    asked: tuple[int, int]
    blockers: tuple[Blocker, ...]
    ahead: tuple[Ahead, ...]
    waivers: tuple[Ending, ...]
    cells: tuple[Cell, ...]
    emergencies: tuple[Message, ...] = ()

    @classmethod
    def of(cls, found: Evaluation) -> Assessed:
        """Keep what matters of an assessment."""
        return cls(
            found.verdict,
            found.headline,
            found.verdict_without_waivers,
            found.decision,
            found.valid_until,
            release_in_words(found.case.release) if found.case.release else None,
            _next(found),
            _calendar(found),
            (found.asked.n, found.asked.of),
            tuple(_blockers(found)),
            _ahead(found),
            tuple(_endings(found)),
            tuple(_cells(found)),
            tuple(in_words(one, found.case.timezone) for one in unclosed(found.case.emergencies)),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One workload of the fleet.

    Attributes
    ----------
    workload
        Its name.
    today
        The day.
    assessment
        What is kept of its assessment; None where there is none.
    problem
        Why there is none.
    faulty
        Whether its files are the reason.
    file
        What its `workload.yaml` says, with which it may be told even where it is not
        assessed; None where it cannot be used.
    rating
        The tier that counts today, and why; None where the file cannot be used.
    launch_day
        The day of its launch in the workspace's time zone.
    every
        Within how many days it is to be re-checked.
    trend
        Its last recorded runs.
    last
        The day of its last run that could be assessed, however long ago.
    since
        The day from which on all its runs have the verdict of the last one.
    failure
        Why its very last run failed, where it did, or that it was begun and has not ended.
    has_report
        Whether there is a report to link to.
    """

    workload: str
    today: date
    assessment: Assessed | None
    problem: Message | None = None
    faulty: bool = False
    file: Workload | None = None
    rating: Rating | None = None
    launch_day: date | None = None
    every: int | None = None
    trend: Trend = ()
    last: date | None = None
    since: date | None = None
    failure: Message | str | None = None
    has_report: bool = False

    @property
    def team(self) -> str | None:
        """Owning team; None where the file cannot be read."""
        return self.file.owner.team if self.file is not None else None

    @property
    def live(self) -> bool:
        """Whether it is live today."""
        return self.file is not None and is_live(self.file, self.today)

    @property
    def launches_in(self) -> int | None:
        """Days until launch; None where it is live or no launch is planned."""
        if self.launch_day is None or self.live or self.slipped:
            return None
        return (self.launch_day - self.today).days

    @property
    def slipped(self) -> bool:
        """Whether its launch day went by without the workload going live."""
        return self.launch_day is not None and not self.live and self.launch_day < self.today

    @property
    def open(self) -> int:
        """How many items are open."""
        return sum(cell.open for cell in self.assessment.cells) if self.assessment is not None else 0

    @property
    def applying(self) -> int:
        """How many items are assessed: all but those not applicable."""
        return sum(cell.applying for cell in self.assessment.cells) if self.assessment is not None else 0

    @property
    def not_all_asked(self) -> Message | None:
        """How many of the checklists are asked, where some are not."""
        n, of = self.assessment.asked if self.assessment is not None else (0, 0)
        return say("rule.asked", asked=n, n=of) if n < of else None

    @property
    def launch(self) -> Message:
        """When the launch is, or since when the workload is live."""
        day, left = self.launch_day, self.launches_in
        if self.file is not None and self.live:
            return say("fleet.fleet.live-since", day=self.file.live_since)
        if day is None:
            return say("fleet.fleet.no-launch")
        if left is None:
            return say("fleet.fleet.past", day=day)
        return say("fleet.fleet.days", day=day, n=left) if left else say("fleet.fleet.today", day=day)

    @property
    def until(self) -> Message | date:
        """Until when the verdict holds."""
        found = self.assessment
        if found is None or found.verdict is Verdict.NO_GO:
            return say("fleet.fleet.until-no-go")
        return found.valid_until or say("fleet.fleet.until-no-end")

    @property
    def next(self) -> Message:
        """Who must act next: on files, on the first step, or by voting."""
        found = self.assessment
        if found is None:
            return say("fleet.fleet.repair" if self.faulty else "fleet.fleet.look", why=self.problem)
        return found.next

    @property
    def _order(self) -> tuple[int, bool, int, int, str]:
        """No assessment at all is worst; then by verdict, the next launch, the most critical tier."""
        rank = _ORDER.index(self.assessment.verdict) if self.assessment is not None else -1
        left = self.launches_in
        tier = self.rating.tier if self.rating is not None else 0
        return rank, left is None, left or 0, tier, self.workload


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """Order a fleet by what needs a decision most."""
    return sorted(standings, key=lambda standing: standing._order)


def counted(standings: Iterable[Standing]) -> dict[Verdict | None, int]:
    """How many workloads have each verdict; None for those that could not be assessed."""
    found: dict[Verdict | None, int] = dict.fromkeys((None, *_ORDER), 0)
    for standing in standings:
        found[standing.assessment.verdict if standing.assessment is not None else None] += 1
    return found


def _next(found: Evaluation) -> Message:
    step = next((step for step in found.path_to_go if step.item.covered_by is None), None)
    if step is None and found.decision is Decision.PENDING:
        voted = {vote.sign_off.role for vote in found.votes if vote.valid}
        return say("fleet.fleet.votes", roles=[role for role in found.case.policy.sign_offs if role not in voted])
    step = step or next(iter(found.path_to_go), None)
    return say("fleet.fleet.nothing") if step is None else _step(step, found.today)


def _step(step: Step, today: date) -> Message:
    do = step.action or step.item.ask
    if step.due is None:
        return say("fleet.fleet.step", owner=step.owner, do=do)
    key = "step-due" if step.due >= today else "step-late"
    return say(f"fleet.fleet.{key}", owner=step.owner, day=step.due, do=do)


def _calendar(found: Evaluation) -> tuple[Outcome, Said] | None:
    said = [
        finding
        for item in found.items
        for part in (item.choices or (item,))
        for finding in part.findings
        if finding.check == "calendar"
    ]
    worst = max(said, key=lambda finding: severity_of(finding.outcome), default=None)
    return (worst.outcome, worst.says) if worst is not None else None


def _blockers(found: Evaluation) -> Iterator[Blocker]:
    for item in found.items:
        if item.open and conditions(item, found.case.policy):
            one = Blocker(item.name, item.ask, item.checklist.owner, item.risk, is_stopping(item, found.case.policy))
            yield item.checklist.memoised(f"blocker {one.item} {one.risk} {one.stopping}", partial(Blocker, *one))


def _ahead(found: Evaluation) -> tuple[Ahead, ...]:
    owners: dict[str, Ahead] = {}
    for step in found.path_to_go:
        known = owners.get(identity(step.owner), Ahead(step.owner, 0, ()))
        late = (step.due,) if step.due is not None and step.due < found.today else ()
        owners[identity(step.owner)] = known._replace(steps=known.steps + 1, overdue=(*known.overdue, *late))
    return tuple(owners.values())


def _endings(found: Evaluation) -> Iterator[Ending]:
    active = {status.name: status for status in found.waivers if status.active}
    for waiver in found.case.waivers:
        if waiver.waiver in active:
            items = tuple(sorted(active[waiver.waiver].items))
            yield Ending(waiver.waiver, waiver.expires, waiver.approved_by, items)


def _cells(found: Evaluation) -> Iterator[Cell]:
    cells = {one.checklist: Cell(one.checklist, 0, 0, 0) for one in found.case.checklists}
    for item in found.items:
        name, stopping, still_open, applying = cells[item.checklist.checklist]
        applies = item.state is not State.NOT_APPLICABLE
        cells[name] = Cell(
            name, stopping + is_stopping(item, found.case.policy), still_open + item.open, applying + applies
        )
    yield from cells.values()
