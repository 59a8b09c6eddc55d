"""One workload's assessment, as a card and pandas frames.

import orr

assessment = orr.assess("checkout")
assessment.to_frame().query("state == 'stale'")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import day_of
from orr.messages import Message, render, say
from orr.report import open as open_report
from orr.report.report import Report
from orr.system.frames import DAY, frame

if TYPE_CHECKING:
    from pandas import DataFrame

ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "item": "string",
        "checklist": "category",
        "section": "category",
        "question": "string",
        "state": "category",
        "risk": "category",
        "blocking": "bool",
        "covered_by": "string",
        "answer": "category",
        "answered_by": "string",
        "answered_on": DAY,
        "owner": "category",
        "plan": "string",
        "due": DAY,
        "note": "string",
        "reasons": "object",
        "evidence": "object",
    }
)
"""The columns of `Assessment.to_frame` and their types."""

PATH: Mapping[str, str] = MappingProxyType(
    {
        "item": "string",
        "question": "string",
        "state": "category",
        "risk": "category",
        "blocking": "bool",
        "covered_by": "string",
        "owner": "category",
        "action": "string",
        "due": DAY,
        "after_launch": "bool",
    }
)
"""The columns of `Assessment.path_to_go` and their types."""

FORECAST: Mapping[str, str] = MappingProxyType({"on": DAY, "verdict": "category", "reasons": "object"})
"""The columns of `Assessment.forecast` and their types."""

LAPSES: Mapping[str, str] = MappingProxyType(
    {"on": DAY, "item": "string", "state": "category", "decides": "bool", "reason": "string"}
)
"""The columns of `Assessment.lapses` and their types."""

WAIVERS: Mapping[str, str] = MappingProxyType(
    {
        "waiver": "string",
        "active": "bool",
        "why": "string",
        "items": "object",
        "reason": "string",
        "compensating": "string",
        "requested_by": "string",
        "approved_by": "string",
        "approved_on": DAY,
        "expires": DAY,
        "revoked_on": DAY,
    }
)
"""The columns of `Assessment.waivers` and their types."""


def assess(
    workload: str,
    workspace: str | Path = ".",
    *,
    today: str | date | None = None,
    language: str | None = None,
    occasion: str | None = None,
    release: str | None = None,
    artifact: str | Iterable[str] | None = None,
    environment: str | None = None,
) -> Assessment:
    """Collect a workload's evidence and assess it.

    Parameters
    ----------
    workload
        The workload.
    workspace
        The workspace, or a folder somewhere in it.
    today
        The day to assess for, `YYYY-MM-DD`; the present day in the workspace's time zone
        where it is not given.
    language
        `en` or `zh-CN`; that of `orr.yaml` where it is not given.
    occasion
        `launch`, `change` or `recurring`; that of the review where it is not given.
    release
        The release that the review of a change is about.
    artifact, environment
        What is released where, before what the review says: `sha256:…`, `registry/name@sha256:…` or `git:COMMIT`,
        several in a list or with spaces between.

    Raises
    ------
    FaultyInput
        If there is no such workload, or a file that it needs is faulty.
    BadArgument
        If a parameter is not what it should be.
    """
    return Assessment(open_report(workload, workspace, today, language, occasion, release, artifact, environment))


class Assessment:
    """How ready one workload is on one day; `orr.assess` returns it.

    In a notebook it shows itself as a card with the verdict and its main reasons. States,
    verdicts and names of columns are the same in every language; sentences are in its own.

    Parameters
    ----------
    report
        The report of the workload.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._found = report.assessment

    # What was assessed

    @property
    def workload(self) -> str:
        """The workload's name."""
        return self._found.case.workload.workload

    @property
    def title(self) -> str:
        """The workload's title."""
        return self._said(self._found.case.workload.title)

    @property
    def occasion(self) -> str:
        """`launch`, `change` or `recurring`."""
        return self._found.case.review.occasion.value

    @property
    def release(self) -> dict[str, Any] | None:
        """What the verdict is about: `commit`, `images`, `version` and `environment`; None where nothing is named."""
        return self._found.case.release.as_json()

    @property
    def today(self) -> date:
        """The day that it is assessed for."""
        return self._found.today

    @property
    def language(self) -> str:
        """The language of its sentences: `en` or `zh-CN`."""
        return self._report.language

    @property
    def tier(self) -> int:
        """The tier that counts, from 1, the most critical, to 4."""
        return self._found.case.tier

    @property
    def tier_because(self) -> str:
        """Why it is this tier."""
        return self._said(self._found.case.rating.says)

    # What came out

    @property
    def verdict(self) -> str:
        """`go`, `conditional-go` or `no-go`."""
        return self._found.verdict.value

    @property
    def headline(self) -> str:
        """The verdict with how much is known to be missing, and how much is not known."""
        return self._said(self._found.headline)

    @property
    def verdict_without_waivers(self) -> str:
        """The verdict if no waiver counted."""
        return self._found.verdict_without_waivers.value

    @property
    def verdict_at_best(self) -> str:
        """The verdict if all that is unknown, stale or unanswered proved good."""
        return self._found.verdict_at_best.value

    @property
    def decision(self) -> str:
        """What the votes make of the verdict: `pending`, or a verdict."""
        return self._found.decision.value

    @property
    def valid_until(self) -> date | None:
        """The last day of the verdict; None without an end."""
        return self._found.valid_until

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the verdict is what it is, most important first."""
        return tuple(self._each(self._found.reasons))

    @property
    def milder(self) -> tuple[str, ...]:
        """What is required less strictly than before, each with what it was compared with."""
        return tuple(self._each(one.says for one in self._found.milder))

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What could not be compared, or that there was nothing to compare with."""
        return tuple(self._each(self._found.uncompared))

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader should look at twice."""
        return tuple(self._each(flag.says for flag in self._found.flags))

    @property
    def asked(self) -> str:
        """How many of the checklists are asked, and which are not."""
        return self._said(self._found.asked.in_words)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items are in each state, worst first."""
        return {state.value: count for state, count in self._found.counts.items()}

    @property
    def digest(self) -> str:
        """What votes on this assessment are bound to."""
        return self._found.digest

    def to_dict(self) -> dict[str, Any]:
        """The whole assessment in JSON types: the form `orr.assessment/1`."""
        from orr.formats.record import to_json

        return to_json(self._found, self.language)

    # As frames

    def to_frame(self) -> DataFrame:
        """A row per item, in the order of the checklists; columns: `ITEMS`."""
        return frame([self._item(item) for item in self._found.items], ITEMS)

    def path_to_go(self) -> DataFrame:
        """A row per open item that counts, most urgent first; columns: `PATH`."""
        rows = [
            {
                **self._named(step.item),
                "owner": step.owner,
                "action": self._said(step.action) if step.action is not None else None,
                "due": step.due,
                "after_launch": step.after_launch,
            }
            for step in self._found.path_to_go
        ]
        return frame(rows, PATH)

    def forecast(self) -> DataFrame:
        """A row per coming change of the verdict; columns: `FORECAST`.

        What comes if nobody touches anything.
        """
        rows = [
            {"on": change.on, "verdict": change.verdict.value, "reasons": self._each(change.because)}
            for change in self._found.forecast
        ]
        return frame(rows, FORECAST)

    def lapses(self) -> DataFrame:
        """A row per item that lapses, by date; columns: `LAPSES`.

        An item lapses where the calendar alone makes it worse. `decides` is true where the
        item's risk is one that the verdict looks at.
        """
        rows = [
            {
                "on": lapse.on,
                "item": lapse.name,
                "state": lapse.state.value,
                "decides": lapse.decides,
                "reason": self._said(lapse.cause),
            }
            for lapse in self._found.lapses
        ]
        return frame(rows, LAPSES)

    def waivers(self) -> DataFrame:
        """A row per waiver; columns: `WAIVERS`.

        `why` is why it is or is not active.
        """
        rows = [
            {
                **{name: getattr(waiver, name, None) for name in WAIVERS},
                "active": status.active,
                "why": self._said(status.why),
                "items": list(waiver.items),
            }
            for waiver, status in zip(self._found.case.waivers, self._found.waivers, strict=True)
        ]
        return frame(rows, WAIVERS)

    # To look at

    def report(self) -> Report:
        """The whole report, to show below a cell or to `save(path)`."""
        return self._report

    def __repr__(self) -> str:
        occasion = self._found.case.review.occasion
        return self._said(say("api.assessment", title=self.title, occasion=occasion, verdict=self._found.headline))

    def _repr_html_(self) -> str:
        return self._report.card()._repr_html_()

    # Within

    def _said(self, what: object) -> str:
        return render(what, self.language)

    def _each(self, messages: Iterable[Message]) -> list[str]:
        return [self._said(message) for message in messages]

    def _named(self, item: ItemAssessment) -> dict[str, Any]:
        return {
            "item": item.name,
            "question": self._said(item.ask),
            "state": item.state.value,
            "risk": item.risk.value,
            "blocking": item.blocking,
            "covered_by": item.covered_by,
        }

    def _item(self, item: ItemAssessment) -> dict[str, Any]:
        step = self._found.step(item)
        zone = self._found.case.timezone
        # A section with risk rules is answered by its choices: the last answer among them is shown.
        answers = [part.answer for part in (item, *item.choices) if part.answer is not None]
        last = max(answers, key=lambda answer: day_of(answer.on, zone), default=None)
        return {
            **self._named(item),
            "checklist": item.checklist.checklist,
            "section": item.section.section,
            "answer": item.answer.answer.value if item.answer is not None and item.answer.answer is not None else None,
            "answered_by": last.by if last is not None else None,
            "answered_on": day_of(last.on, zone) if last is not None else None,
            "owner": step.owner,
            "plan": self._said(step.plan.action) if step.plan is not None else None,
            "due": step.due,
            "note": item.answer.note if item.answer is not None else None,
            "reasons": self._each(item.causes),
            "evidence": [said for part in (item, *item.choices) for said in self._evidence(part)],
        }

    def _evidence(self, item: ItemAssessment) -> Iterable[str]:
        for finding in item.findings:
            yield self._said(say("api.finding", check=finding.check, outcome=finding.outcome, says=finding.says))
        for entry in item.answer.evidence if item.answer is not None else ():
            place = entry.path or entry.url
            named = say("api.entry", title=entry.title, place=place) if entry.title and place else entry.title or place
            yield self._said(named)
