"""A report: an assessment in one language, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from orr.evaluate import Evaluation
from orr.history.past_runs import LastRun, Unreadable
from orr.report.base import BaseReport
from orr.report.fragment import CALENDAR, RECORD, Fragment
from orr.report.html import Html, tag
from orr.report.parts.changes import Before, changes
from orr.report.parts.items import items
from orr.report.parts.method import method, versions
from orr.report.parts.path import flags, path_to_go
from orr.report.parts.people import benefits, votes, waivers
from orr.report.parts.summary import card, in_a_line, page_title, summary
from orr.report.pictures.forecast import forecast
from orr.report.pictures.operating import operating_model
from orr.report.pictures.premortem import pre_mortem
from orr.report.pictures.readiness import readiness
from orr.report.pictures.trend import trend
from orr.report.words import Words
from orr.workspace.discussion import NOTHING_SAID, Discussion

Part = Callable[[Evaluation, Words], Html]


class Report(BaseReport):
    """An assessment as a reader sees it.

    Parameters
    ----------
    assessment
        What is reported.
    language
        One of `orr.messages.LANGUAGES`.
    runs
        Gives the last recorded runs, and raises `Unreadable` where it cannot; None where
        there is no history.
    discussion
        What people said about the items.
    before
        Gives the assessments of the last run and of the last decision, and raises `Unreadable` where it cannot.
    """

    def __init__(
        self,
        assessment: Evaluation,
        language: str,
        runs: Callable[[], Sequence[LastRun]] | None = None,
        discussion: Discussion = NOTHING_SAID,
        before: Callable[[], Before] | None = None,
    ) -> None:
        self.assessment = assessment
        self.language = language
        self._runs = runs
        self._discussion = discussion
        self._before = before
        self._words = Words(language, assessment.case.timezone)

    def __repr__(self) -> str:
        return in_a_line(self.assessment, self._words)

    def summary(self) -> Fragment:
        """The verdict, the decision, the dates and the reasons that matter most."""
        return self._fragment("summary", summary, in_a_line(self.assessment, self._words), listed=False)

    def card(self) -> Fragment:
        """The summary to show alone: dated, and without links."""
        return self._fragment("summary", card, in_a_line(self.assessment, self._words), listed=False)

    def changes(self) -> Fragment:
        """Changes since the last decision and run; never fails for lack of a history."""
        try:
            before = self._before() if self._before is not None else ()
        except Unreadable:
            before = None
        return self._fragment("changes", lambda assessment, words: changes(assessment, before, self._record, words))

    def path_to_go(self) -> Fragment:
        """Who must do what by when."""
        return self._fragment("path-to-go", path_to_go)

    def flags(self) -> Fragment:
        """What a reader should look at twice."""
        return self._fragment("flags", flags)

    def readiness(self) -> Fragment:
        """The states by checklist and section."""
        return self._fragment("readiness", readiness)

    def forecast(self) -> Fragment:
        """What lapses when, against the launch."""
        return self._fragment("forecast", forecast)

    def trend(self) -> Fragment:
        """Verdicts and open items of recent runs; never fails for lack of a history."""
        try:
            runs = self._runs() if self._runs is not None else ()
        except Unreadable:
            return self._fragment("trend", lambda _, words: trend(None, words))
        still_open = sum(item.open for item in self.assessment.items)
        now = LastRun(self.assessment.today, self.assessment.verdict.value, still_open, now=True)
        return self._fragment("trend", lambda _, words: trend((*runs, now), words))

    def pre_mortem(self) -> Fragment:
        """Ways to fail, by likelihood and impact."""
        return self._fragment("pre-mortem", pre_mortem)

    def operating_model(self) -> Fragment:
        """Who does what, and what nobody does."""
        return self._fragment("operating-model", operating_model)

    def waivers(self) -> Fragment:
        """Waivers, and the verdict without them."""
        return self._fragment("waivers", waivers)

    def votes(self) -> Fragment:
        """Who voted what on this assessment."""
        return self._fragment("votes", votes)

    def benefits(self) -> Fragment:
        """What launching is worth, against the open risk."""
        return self._fragment("benefits", benefits)

    def items(self) -> Fragment:
        """Every item with its answer, evidence and comments."""
        return self._fragment("items", lambda assessment, words: items(assessment, words, self._discussion))

    def method(self) -> Fragment:
        """How the verdict came about."""
        return self._fragment("method", method)

    def record(self) -> Fragment:
        """The assessment as data, from which programs read the verdict."""
        from orr.formats.ics import ics

        line = in_a_line(self.assessment, self._words)
        return Fragment(
            "record",
            None,
            tag("p", line, " · ", versions(), class_="record"),
            line,
            {**self._about(), "page-title": page_title(self.assessment, self._words)},
            {
                RECORD: self._record,
                CALENDAR: ics((self.assessment,), self.assessment.today, self.language).replace("\r\n", "\n"),
            },
        )

    @cached_property
    def _record(self) -> dict[str, Any]:
        from orr.formats.record import to_json

        return to_json(self.assessment, self.language)

    def parts(self) -> tuple[Fragment, ...]:
        """All parts in the order of the report, the record last."""
        return (
            self.summary(),
            self.changes(),
            self.readiness(),
            self.path_to_go(),
            self.flags(),
            self.forecast(),
            self.trend(),
            self.pre_mortem(),
            self.operating_model(),
            self.waivers(),
            self.votes(),
            self.benefits(),
            self.items(),
            self.method(),
            self.record(),
        )

    def _fragment(self, name: str, part: Part, text: str | None = None, *, listed: bool = True) -> Fragment:
        title = self._words(f"{_TITLES.get(name, name)}.title")
        return Fragment(
            name, title if listed else None, part(self.assessment, self._words), text or title, self._about()
        )

    def _about(self) -> Mapping[str, Any]:
        return {
            "workload": self.assessment.case.workload.workload,
            "today": self.assessment.today.isoformat(),
            "digest": self.assessment.digest,
            "language": self.language,
        }


_TITLES = {"path-to-go": "path", "operating-model": "model"}
