"""Standing of each workload today, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from orr.evaluate import Decision, Evaluation, Step, Verdict
from orr.evaluate.applies import is_live
from orr.evaluate.states import State
from orr.messages import Message, say
from orr.model.workload import Workload

Trend = Sequence[tuple[date, str | None]]
"""Days and verdicts of past runs, oldest first; a run that failed has no verdict."""

SHOWN = 12
"""How many of its last runs are known and shown of a workload."""

_ORDER = tuple(Verdict)


@dataclass(frozen=True)
class Standing:
    """One workload of the fleet.

    Attributes
    ----------
    workload
        Its name.
    today
        The day.
    assessment
        Its assessment; None where there is none.
    problem
        Why there is none.
    faulty
        Whether its files are the reason.
    file
        What its `workload.yaml` says, with which it may be told even where it is not
        assessed; None where it cannot be used.
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
    assessment: Evaluation | None
    problem: Message | None = None
    faulty: bool = False
    file: Workload | None = None
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
        """In how many days it is launched; None where it is live, or no launch lies ahead."""
        if self.launch_day is None or self.live or self.launch_day < self.today:
            return None
        return (self.launch_day - self.today).days

    @property
    def open(self) -> int:
        """How many items are open."""
        return sum(item.open for item in self.assessment.items) if self.assessment is not None else 0

    @property
    def applying(self) -> int:
        """How many items are assessed: all but those not applicable."""
        if self.assessment is None:
            return 0
        return sum(item.state is not State.NOT_APPLICABLE for item in self.assessment.items)

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
        """Who must act next: on the files, on the first step of the path to go, or by voting."""
        found = self.assessment
        if found is None:
            return say("fleet.fleet.repair" if self.faulty else "fleet.fleet.look", why=self.problem)
        step = next((step for step in found.path_to_go if step.item.covered_by is None), None)
        if step is None and found.decision is Decision.PENDING:
            voted = {vote.sign_off.role for vote in found.votes if vote.valid}
            return say("fleet.fleet.votes", roles=[role for role in found.case.policy.sign_offs if role not in voted])
        step = step or next(iter(found.path_to_go), None)
        return say("fleet.fleet.nothing") if step is None else _step(step, self.today)

    @property
    def _order(self) -> tuple[int, bool, int, int, str]:
        """No assessment at all is worst; then by verdict, the next launch, the most critical tier."""
        rank = _ORDER.index(self.assessment.verdict) if self.assessment is not None else -1
        left = self.launches_in
        tier = self.file.tier if self.file is not None else 0
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


def _step(step: Step, today: date) -> Message:
    do = step.action or step.item.ask
    if step.due is None:
        return say("fleet.fleet.step", owner=step.owner, do=do)
    key = "step-due" if step.due >= today else "step-late"
    return say(f"fleet.fleet.{key}", owner=step.owner, day=step.due, do=do)
