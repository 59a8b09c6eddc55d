"""Where the workloads of a fleet stand today, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from orr.evaluate import Assessment, Decision, Step, Verdict
from orr.evaluate.applies import is_live
from orr.evaluate.states import State
from orr.messages import Message, say

Trend = Sequence[tuple[date, str | None]]
"""Days and verdicts of past runs, oldest first; a run that failed has no verdict."""

SHOWN = 12
"""How many of its last runs are shown of a workload."""

_ORDER = tuple(Verdict)


@dataclass(frozen=True)
class Standing:
    """One workload of the fleet.

    Attributes
    ----------
    workload
        Its name.
    assessment
        Its assessment; None where there is none.
    problem
        Why there is none.
    faulty
        Whether its files are the reason.
    trend
        Its last recorded runs.
    team
        Who owns it; None where its file does not tell.
    every
        Within how many days it is to be re-checked.
    failure
        Why its very last run failed, where it did.
    has_report
        Whether there is a report to link to.
    """

    workload: str
    assessment: Assessment | None
    problem: Message | None = None
    faulty: bool = False
    trend: Trend = ()
    team: str | None = None
    every: int | None = None
    failure: str | None = None
    has_report: bool = False

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
        found = self.assessment
        if found is None:
            return say("fleet.fleet.no-launch")
        workload, day = found.case.workload, found.case.launch_day
        if is_live(workload, found.today):
            return say("fleet.fleet.live-since", day=workload.live_since)
        if day is None:
            return say("fleet.fleet.no-launch")
        left = (day - found.today).days
        if left < 0:
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
        return say("fleet.fleet.nobody") if step is None else _step(step)

    @property
    def trend_in_words(self) -> Message:
        """The trend, for those who do not see its picture."""
        if not self.trend:
            return say("fleet.fleet.trend-none")
        verdicts = [Verdict(verdict) if verdict else say("fleet.fleet.not-assessed") for _, verdict in self.trend]
        first, last = self.trend[0][0], self.trend[-1][0]
        return say("fleet.fleet.trend", n=len(self.trend), first=first, last=last, verdicts=verdicts)

    @property
    def _order(self) -> tuple[int, bool, date, int, str]:
        """No assessment at all is worst; then by verdict, the next launch, the most critical tier."""
        found = self.assessment
        if found is None:
            return -1, self.faulty, date.max, 0, self.workload
        day = found.case.launch_day
        ahead = day is not None and day >= found.today and not is_live(found.case.workload, found.today)
        return (
            _ORDER.index(found.verdict),
            not ahead,
            day if ahead and day is not None else date.max,
            found.case.workload.tier,
            self.workload,
        )


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """Order a fleet by what needs a decision most."""
    return sorted(standings, key=lambda standing: standing._order)


def counted(standings: Iterable[Standing]) -> dict[Verdict | None, int]:
    """How many workloads have each verdict; None for those that could not be assessed."""
    found: dict[Verdict | None, int] = dict.fromkeys((None, *_ORDER), 0)
    for standing in standings:
        found[standing.assessment.verdict if standing.assessment is not None else None] += 1
    return found


def _step(step: Step) -> Message:
    do = step.action or step.item.ask
    if step.due is None:
        return say("fleet.fleet.step", owner=step.owner, do=do)
    return say("fleet.fleet.step-due", owner=step.owner, day=step.due, do=do)
