"""The review that a form holds: files, assessment and saving.

No word for the page and no lock is here: `orr.form.session` talks, under its own lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orr.assessing import recorded_signatures, with_known, with_surroundings, with_terms
from orr.evaluate import evaluate, reassess
from orr.evaluate.asked import asked_items
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.case import Case
from orr.evidence.attachments import with_attached
from orr.form.files import Files
from orr.form.freshness import Stamp, sources, stamp
from orr.form.undo import Step, changed_answers
from orr.messages import say
from orr.model.finding import Evidence
from orr.model.review import Review
from orr.source.faults import Fault, FaultyInput
from orr.source.file import InputFile
from orr.system import clock
from orr.system.paths import shown_as
from orr.workspace import crosscheck
from orr.workspace.discussion import Discussion, discussion_path, read_discussion
from orr.workspace.editing import Refused
from orr.workspace.saving import canonical, read_review, save_review
from orr.workspace.workspace import Workspace

if TYPE_CHECKING:
    from orr.evidence.recorded import Recorded

Moved = list[tuple[ItemAssessment, str | None]]
"""Units that are not what they were; a choice with the section that it belongs to."""


class ReviewState:
    """A workload's files, and the assessment of them.

    Parameters
    ----------
    root
        The workspace's folder.
    name
        The workload.
    today
        The day to assess for; each time the present day where None.
    recorded
        What stands in place of git, of the history and of checks that cannot run here.

    Attributes
    ----------
    base
        The review as it is on disk.
    assessment
        What the rule makes of it, or of an answer that is about to be written.
    unchecked
        Whether the checks have yet to say what they find.
    saved_at
        When this form last wrote the file.
    altered
        Whether files that the checks read are others where the review is written to.
    """

    def __init__(self, root: Path, name: str, today: date | None = None, recorded: Recorded | None = None) -> None:
        self.root, self.name, self.fixed_day, self.recorded = root, name, today, recorded
        self.evidence = Evidence()
        self.saved_at: datetime | None = None
        self.altered = False
        self.load()
        self._said: Stamp = stamp([discussion_path(self.workspace, name)])

    def load(self) -> None:
        """Read every file anew.

        Raises
        ------
        FaultyInput
            If a file that the workload needs is faulty; all stays as it was then.
        """
        workspace = Workspace(self.root, self.fixed_day, recorded=self.recorded)
        seen = stamp(sources(workspace, self.name))
        case = workspace.case(self.name)
        path = workspace.review_path(self.name)
        self.base = read_review(path, shown_as(path), workspace.catalogue.renaming)
        self.workspace, self.path, self.shown = workspace, path, shown_as(path)
        self._recorded = recorded_signatures(workspace, case)
        case = with_terms(workspace, workspace.proven(case, self._recorded))
        self.case = self._proven(replace(with_surroundings(workspace, case), review=self.base.review))
        self._stamp, self._sources = stamp([path]), seen
        self.files = Files(case, workspace.places(case), workspace.folder(self.name))
        self.unchecked = True
        self.assessment = evaluate(self.case, self.evidence, self.today)

    @property
    def unseen(self) -> bool:
        """Whether a check neither runs here nor was recorded, so the digest differs."""
        if self.recorded is None:
            return False
        findings = self.evidence.findings
        unrun = any(item.checks and name not in findings for name, item in asked_items(self.case, self.today))
        unseen = any(self.recorded.is_unseen(one) for found in findings.values() for one in found)
        return self.altered or not self.recorded.is_whole or unrun or unseen

    @property
    def today(self) -> date:
        """The day to assess for, in the workspace's time zone."""
        return self.fixed_day or clock.today(self.workspace.timezone)

    @property
    def simulated(self) -> bool:
        """Whether that is another day than the clock's, so that nothing may be written."""
        return not clock.is_today(self.today, self.workspace.timezone)

    def now(self) -> date | datetime:
        """Moment of an answer, or its day where that is not the present one."""
        moment = datetime.now(self.workspace.timezone).replace(microsecond=0)
        return moment if moment.date() == self.today else self.today

    def units(self, some: Iterable[ItemAssessment] | None = None) -> Iterator[tuple[ItemAssessment, str | None]]:
        """Items and sections that are asked, all or some; choices with their section."""
        found = self.assessment
        for item in found.items if some is None else some:
            if item.checklist.checklist in found.case.not_asked:
                continue
            yield item, None
            for choice in item.choices:
                yield choice, item.name

    def move_to(self, review: Review) -> Moved:
        """Evaluate a review, make it current and return what moved."""
        old, case, today = self.assessment, self._proven(replace(self.case, review=review)), self.today
        new = reassess(old, case, self.evidence) if old.today == today else evaluate(case, self.evidence, today)
        self.assessment, self.case = new, case
        anew = set(changed_answers(old.case.review, review))
        moved = []
        changed = [(was, item) for was, item in zip(old.items, new.items, strict=True) if was is not item]
        before, after = self.units(was for was, _ in changed), self.units(item for _, item in changed)
        for (was, _), (item, choice_of) in zip(before, after, strict=True):
            if (was is not item and was != item) or item.name in anew:
                moved.append((item, choice_of))
        return moved

    def _proven(self, case: Case) -> Case:
        return self.workspace.proven(case, self._recorded)

    # What others do

    @property
    def sources_moved(self) -> bool:
        """Whether a file beside the review is not what was read."""
        return stamp(sources(self.workspace, self.name)) != self._sources

    @property
    def review_moved(self) -> bool:
        """Whether the review is not what was read, or the day has turned."""
        return stamp([self.path]) != self._stamp or self.assessment.today != self.today

    @property
    def discussion_moved(self) -> bool:
        """Whether the comments are not what was read last."""
        return stamp([discussion_path(self.workspace, self.name)]) != self._said

    def read_discussion(self) -> Discussion:
        """The comments, read anew."""
        self._said = stamp([discussion_path(self.workspace, self.name)])
        return read_discussion(self.workspace, self.name)

    def leave_sources(self) -> None:
        """Look at the files beside the review again only when they change once more."""
        self._sources = stamp(sources(self.workspace, self.name))

    def read_again(self) -> tuple[Review, bool]:
        """Reload the review; return the former one and whether it changed.

        Raises
        ------
        FaultyInput
            If it is faulty; what is held stays, and only a further change is looked at.
        """
        seen = stamp([self.path])
        try:
            base = read_review(self.path, self.shown, self.workspace.catalogue.renaming)
            if base.raw is not None:
                file = InputFile(self.path, self.shown, base.raw)
                faults = self._faults(file, file.read_as(Review))
                if faults:
                    raise FaultyInput(faults)
        except FaultyInput:
            self._stamp = seen
            raise
        old, self.base, self._stamp = self.base, base, seen
        return old.review, base.raw != old.raw

    # Changing

    def refuse_faulty(self, review: Review) -> None:
        """Validate the changed parts of a review as `orr lint` does.

        Raises
        ------
        Refused
            With the first fault, in words.
        """
        moved = Step.between(self.base.review, review).moved if review is not self.base.review else {}
        if not moved:
            return
        names = [name for kind, name in moved if kind == "answers" and name in review.answers]
        part = replace(review, answers={name: review.answers[name] for name in names})
        file = InputFile(self.path, self.shown, canonical(part).encode())
        try:
            faults = self._faults(file, file.read_as(Review))
        except FaultyInput as faulty:
            faults = list(faulty.faults)
        if faults:
            raise Refused(say("form.refused.fault", wrong=faults[0].wrong, remedy=faults[0].remedy))

    def save(self, review: Review) -> None:
        """Write a review; `base` is then what is on disk, with what others wrote meanwhile.

        Raises
        ------
        NotSaved
            See `orr.workspace.saving.save_review`.
        """
        self.base = save_review(self.path, self.shown, self.base, review)
        self._stamp = stamp([self.path])
        self.saved_at = datetime.now(self.workspace.timezone)

    def forget_stamp(self) -> None:
        """Read the file at the next look, whatever its stamp."""
        self._stamp = None

    def _faults(self, file: InputFile, review: Review) -> list[Fault]:
        inherited = {**self.case.organization_answers, **self.case.team_answers}
        catalogue, timezone = self.workspace.catalogue, self.workspace.timezone
        return [
            *crosscheck.review_faults(file, review, catalogue, inherited, self.today, timezone),
            *crosscheck.occasion_faults(file, review.occasion, self.case.workload, self.today, self.workspace.timezone),
        ]

    # Evidence

    def verify_entries(self, before: Review, after: Review, *, every: bool = False) -> None:
        """Look again at the evidence that changed answers name."""
        names = {*before.answers, *after.answers} if every else {*changed_answers(before, after)}
        asked = asked_items(self.case, self.today, names)  # as when everything is collected
        attached = {name: self.files.verify(after.answers.get(name)) for name, _ in asked}
        self.evidence = with_attached(self.evidence, attached)

    def take(self, evidence: Evidence, only: frozenset[str] | None) -> Moved:
        """Take over what checks found, for some items or for all."""
        if only is not None:
            found = {name: new for name, new in evidence.findings.items() if name in only}
            evidence = replace(self.evidence, findings={**self.evidence.findings, **found})
        else:
            self.unchecked = False
        self.evidence = evidence
        self.verify_entries(self.base.review, self.base.review, every=True)
        moved = self.move_to(self.base.review)
        if only is None:
            self.assessment = with_known(self.workspace, self.assessment)
        return moved
