"""One review that is being held: the case, its evidence, the assessment, and the file.

Nothing here knows of a widget or a browser: edits come in, messages for the page go out.
A message about a changed verdict goes out before the file is written, its acknowledgement
after. All is done under one lock, so that a watcher may look at the files beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orr import crosscheck
from orr.edit import Refused
from orr.evaluate import Assessment, evaluate
from orr.evaluate.case import ItemAssessment
from orr.faults import InputFile
from orr.finding import Evidence
from orr.form import showing
from orr.form.changes import BothChanged, Change, Maker, change
from orr.form.drafts import version_of
from orr.form.files import Files
from orr.form.history import History, Step, changed_answers
from orr.messages import LANGUAGES, Message, render, say
from orr.model import Review
from orr.saving import NotSaved, canonical, read_review, save_review
from orr.workspace import Workspace
from orr.yamlfile import Fault, FaultyInput

Send = Callable[[dict[str, Any]], None]
ACKNOWLEDGED_KEPT = 2000


class Session:
    """A workload's review, open for changes.

    Parameters
    ----------
    root
        The workspace's folder.
    name
        The workload.
    language
        The language of every word that goes out; that of `orr.yaml` where None.
    today
        The day to assess for; each time the present day where None.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    """

    def __init__(self, root: Path, name: str, language: str | None = None, today: date | None = None) -> None:
        self.name, self.fixed_day = name, today
        self.lock = threading.RLock()
        self.evidence = Evidence()
        self.history = History()
        self.unchecked = True
        self._problems: dict[str, list[Fault]] = {}
        self.saved_at: datetime | None = None
        self._replies: dict[str, dict[str, Any]] = {}
        self._root = root
        self._load()
        self.language = language or self.workspace.settings.language

    # What there is

    def _load(self) -> None:
        workspace = Workspace(self._root, self.fixed_day)
        seen = _stamp(_sources(workspace, self.name))
        case = workspace.case(self.name)
        self.workspace, self.case = workspace, case
        self.path = workspace.review_path(self.name)
        self.shown = workspace.shown_as(self.path)
        self.base = read_review(self.path, self.shown)
        self.case = replace(case, review=self.base.review)
        self._stamp = _stamp([self.path])
        self._sources = seen
        self.files = Files(workspace.places(case), workspace.folder(self.name))
        self.assessment = self._assess(self.base.review)

    @property
    def today(self) -> date:
        """The day to assess for, in the workspace's time zone."""
        return self.fixed_day or datetime.now(self.workspace.timezone).date()

    def now(self) -> date | datetime:
        """When an answer is given: the moment, or only the day where that day is not the present one."""
        moment = datetime.now(self.workspace.timezone).replace(microsecond=0)
        return moment if moment.date() == self.today else self.today

    def _assess(self, review: Review) -> Assessment:
        return evaluate(replace(self.case, review=review), self.evidence, self.today)

    def units(self, assessment: Assessment | None = None) -> Iterator[tuple[ItemAssessment, str | None]]:
        """Every item and every section with risk rules; a choice with the section that it belongs to."""
        for item in (assessment or self.assessment).items:
            yield item, None
            for choice in item.choices:
                yield choice, item.name

    # What the page is told

    def everything(self) -> dict[str, Any]:
        """All that the page shows, for a page that begins."""
        with self.lock:
            workload = self.case.workload
            return {
                "kind": "all",
                "workload": self.name,
                "home": str(self.workspace.root),
                "title": render(workload.title, self.language),
                "tier": workload.tier,
                "launch": render(workload.launch, self.language) if workload.launch else None,
                "file": self.path.relative_to(self.workspace.root).as_posix(),
                "language": self.language,
                "languages": list(LANGUAGES),
                "words": showing.words(self.language),
                "checklists": showing.outline(self.case, self.language),
                "items": {
                    item.name: {
                        **showing.fixed(item, self.language, choice_of),
                        **showing.moving(item, self.assessment, self.language, choice_of),
                    }
                    for item, choice_of in self.units()
                },
                "moving": MOVING,
                "top": self._top(),
                "problem": self._problem(),
            }

    def _top(self) -> dict[str, Any]:
        return {
            **showing.top(self.assessment, self.language),
            "savedAt": self.saved_at.strftime("%H:%M:%S") if self.saved_at else None,
            "undo": len(self.history.done),
            "redo": len(self.history.undone),
        }

    def behind(self) -> dict[str, Any]:
        """The decision, the digest and what else follows the verdict a moment later."""
        with self.lock:
            shown = showing.behind(self.assessment, self.language)
            if self.unchecked:  # what the checks find will void a vote on this
                shown |= {"digest": None, "decisionSays": None}
            return {"kind": "patch", "top": {**shown, "unchecked": self.unchecked}}

    def _problem(self) -> list[str]:
        return [fault.in_words(self.language) for faults in self._problems.values() for fault in faults]

    def _move_to(self, new: Assessment) -> dict[str, Any]:
        """Take an assessment as the present one, and say what moved."""
        old, self.assessment = self.assessment, new
        self.case = new.case
        items: dict[str, Any] = {}
        before = self.units(old)
        for (was, _), (item, choice_of) in zip(before, self.units(new), strict=True):
            if was != item or self._answered_anew(old, new, item.name):
                items[item.name] = showing.moving(item, new, self.language, choice_of)
        return {"kind": "patch", "items": items, "top": self._top()}

    @staticmethod
    def _answered_anew(old: Assessment, new: Assessment, name: str) -> bool:
        before, after = old.case.review.answers.get(name), new.case.review.answers.get(name)
        return before is not after and before != after

    # Changing

    def edit(self, message: Mapping[str, Any], send: Send) -> None:
        """Apply an edit, tell what moves, save, and acknowledge.

        Parameters
        ----------
        message
            `id`, `client`, `who` and `edit`, or in place of the edit `undo` or `redo`. A message
            that was acknowledged already is only acknowledged again.
        send
            Called with each message for the page, as soon as it is known.
        """
        number = str(message.get("id"))
        reply = {"to": message.get("client"), "id": number}
        with self.lock:
            if number in self._replies:
                send(self._replies[number])
                return
            try:
                self.refresh(send)
                if self._problems:
                    says = render(say("form.refused.faulty", path=self.shown), self.language)
                    send({**reply, "kind": "failed", "says": says})
                    return
                made = self._made(message)
                self._check(made)
                self._carry_out(message, made, send)
            except BothChanged as both:
                send(self._conflict(reply, message, both))
            except Refused as refused:
                send({**reply, "kind": "refused", "says": render(refused.why, self.language)})
            except NotSaved as failed:
                for conflict in self._race(reply, message, failed, send):
                    send(conflict)
            except OSError as error:
                self._return(send)
                why = say("form.refused.disk", path=self.shown, problem=error.strerror or type(error).__name__)
                send({**reply, "kind": "failed", "says": render(why, self.language)})
            else:
                ack = {
                    **reply,
                    "kind": "ack",
                    "lacks": [{"field": lack.field, "says": render(lack.says, self.language)} for lack in made.lacks],
                    "at": self.saved_at.strftime("%H:%M:%S") if self.saved_at else None,
                    "undo": len(self.history.done),
                    "redo": len(self.history.undone),
                    **self._part(made),
                }
                self._replies[number] = ack
                if len(self._replies) > ACKNOWLEDGED_KEPT:
                    del self._replies[next(iter(self._replies))]
                send(ack)

    def _made(self, message: Mapping[str, Any]) -> Change:
        review = self.base.review
        if message.get("undo") or message.get("redo"):
            back = bool(message.get("undo"))
            steps = self.history.done if back else self.history.undone
            if not steps:
                raise Refused(say("form.refused.nothing"))
            return Change((steps[-1].turned() if back else steps[-1]).applied(review))
        if self.unchecked and message["edit"].get("what") == "vote":
            raise Refused(say("form.refused.unchecked"))
        maker = Maker(str(message.get("who") or ""), self.now(), self.assessment)
        return change(review, message["edit"], maker)

    def _carry_out(self, message: Mapping[str, Any], made: Change, send: Send) -> None:
        before = self.base.review
        if made.review is before:
            return
        self._verify_entries(before, made.review)
        send(self._move_to(self._assess(made.review)))
        self.base = save_review(self.path, self.shown, self.base, made.review)
        self._stamp = _stamp([self.path])
        self.saved_at = datetime.now(self.workspace.timezone)
        if message.get("undo"):
            self.history.undone.append(self.history.done.pop())
        elif message.get("redo"):
            self.history.done.append(self.history.undone.pop())
        else:
            self.history.record(before, made.review)
        if self.base.review != made.review:  # merged with what others wrote in this very moment
            send(self._move_to(self._assess(self.base.review)))

    def _part(self, made: Change) -> dict[str, Any]:
        kind, name = made.part
        if kind == "answers":
            return {"item": name, "v": version_of(self.base.review.answers.get(name))}
        if kind == "benefits":
            return {"v": version_of(self.base.review.benefits)}
        if kind == "pre_mortem":
            return {"v": next((version_of(s) for s in self.base.review.pre_mortem if s.scenario == name), "")}
        return {"waiver": name} if kind == "waivers" else {}

    def _check(self, made: Change) -> None:
        """Hold the changed parts against the rules for files, as `orr lint` does.

        Raises
        ------
        Refused
            With the first fault, in words.
        """
        moved = Step.between(self.base.review, made.review).moved if made.review is not self.base.review else {}
        if not moved:
            return
        names = [name for kind, name in moved if kind == "answers" and name in made.review.answers]
        part = made.review.model_copy(update={"answers": {name: made.review.answers[name] for name in names}})
        file = InputFile(self.path, self.shown, canonical(part).encode())
        inherited = {**self.case.organization_answers, **self.case.team_answers}
        catalogue = self.workspace.catalogue
        try:
            read = file.read_as(Review)
            faults = list(
                crosscheck.review_faults(file, read, catalogue, inherited, self.today, self.workspace.timezone)
            )
        except FaultyInput as faulty:
            faults = list(faulty.faults)
        if faults:
            raise Refused(say("form.refused.fault", wrong=faults[0].wrong, remedy=faults[0].remedy))

    def _verify_entries(self, before: Review, after: Review, *, every: bool = False) -> None:
        """Look again at the evidence that changed answers name."""
        missing = dict(self.evidence.missing)
        names = {*before.answers, *after.answers} if every else changed_answers(before, after)
        for name in names:
            answer = after.answers.get(name)
            missing.pop(name, None)
            gone = self.files.missing(answer) if answer is not None else ()
            if gone:
                missing[name] = gone
        self.evidence = Evidence(self.evidence.findings, missing)

    def _conflict(self, reply: dict[str, Any], message: Mapping[str, Any], both: BothChanged) -> dict[str, Any]:
        edit = message.get("edit") or {}
        return {
            **reply,
            "kind": "conflict",
            "item": edit.get("item"),
            "mine": both.mine,
            "theirs": both.theirs,
            "v": both.version,
        }

    def _race(
        self, reply: dict[str, Any], message: Mapping[str, Any], failed: NotSaved, send: Send
    ) -> Iterator[dict[str, Any]]:
        """Somebody wrote between our reading and our writing: look again, and ask if need be."""
        self._return(send)
        if failed.kept is not None:
            failed.kept.unlink(missing_ok=True)  # the page still holds what was to be written
        if not failed.conflicts:
            yield {**reply, "kind": "failed", "says": render(failed.why, self.language)}
            return
        try:
            self._made(message)
        except BothChanged as both:
            yield self._conflict(reply, message, both)
        except Refused as refused:
            yield {**reply, "kind": "refused", "says": render(refused.why, self.language)}
        else:
            yield {**reply, "kind": "failed", "says": render(failed.why, self.language)}

    def _return(self, send: Send) -> None:
        """Go back to what is on disk."""
        self._stamp = None
        self.refresh(send)
        self._verify_entries(self.base.review, self.base.review, every=True)
        send(self._move_to(self._assess(self.base.review)))

    # What others do

    def refresh(self, send: Send) -> bool:
        """Take over what changed in the files; tell the page if anything did."""
        with self.lock:
            if _stamp(_sources(self.workspace, self.name)) != self._sources:
                return self._reload(send)
            stamp = _stamp([self.path])
            if stamp == self._stamp and self.assessment.today == self.today:
                return False
            try:
                base = read_review(self.path, self.shown)
                faults = self._faults(base.review, base.raw)
                if faults:
                    raise FaultyInput(faults)
            except FaultyInput as faulty:
                self._stamp = stamp
                return self._troubled(faulty, "review", send)
            was_troubled = self._problems.pop("review", None) is not None
            old, self.base, self._stamp = self.base, base, stamp
            changed = base.raw != old.raw
            if not changed and not was_troubled and self.assessment.today == self.today:
                return False
            self._verify_entries(old.review, base.review)
            patch = self._move_to(self._assess(base.review))
            send({**patch, "problem": self._problem(), "others": sorted(patch["items"]) if changed else []})
            return True

    def _faults(self, review: Review, raw: bytes | None) -> list[Fault]:
        if raw is None:
            return []
        file = InputFile(self.path, self.shown, raw)
        inherited = {**self.case.organization_answers, **self.case.team_answers}
        catalogue, timezone = self.workspace.catalogue, self.workspace.timezone
        return list(crosscheck.review_faults(file, review, catalogue, inherited, self.today, timezone))

    def _troubled(self, faulty: FaultyInput, kind: str, send: Send) -> bool:
        self._problems[kind] = list(faulty.faults)
        send({"kind": "patch", "problem": self._problem()})
        return True

    def _reload(self, send: Send) -> bool:
        try:
            self._load()
        except FaultyInput as faulty:
            self._sources = _stamp(_sources(self.workspace, self.name))
            return self._troubled(faulty, "sources", send)
        self._problems, self.unchecked = {}, True
        send(self.everything())
        return True

    # Evidence

    def take(self, evidence: Evidence, only: frozenset[str] | None = None) -> dict[str, Any]:
        """Take over what checks found, for some items or for all; returns what moves."""
        with self.lock:
            if only is not None:
                findings = {**self.evidence.findings, **{k: v for k, v in evidence.findings.items() if k in only}}
                evidence = Evidence(findings, self.evidence.missing)
            else:
                self.unchecked = False
            self.evidence = evidence
            self._verify_entries(self.base.review, self.base.review, every=True)
            return self._move_to(self._assess(self.base.review))

    def speak(self, language: str) -> None:
        """Switch the language of all that goes out from now on."""
        if language in LANGUAGES:
            self.language = language

    def says(self, message: Message) -> str:
        """A message in the language of the session."""
        return render(message, self.language)


MOVING = (
    "state",
    "open",
    "risk",
    "blocking",
    "decides",
    "covered",
    "contradicted",
    "because",
    "out",
    "findings",
    "draft",
    "v",
    "inherited",
    "owner",
)
"""The keys of an item that a patch replaces as a whole: one that it does not hold is gone."""

Stamp = tuple[tuple[str, int, int, int], ...] | None


def _stamp(paths: list[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino))
        except OSError:
            found.append((str(path), 0, 0, 0))
    return tuple(found)


def _sources(workspace: Workspace, name: str) -> list[Path]:
    """The files beside the review that the assessment is made from."""
    team = workspace.root / "teams"
    return [
        workspace.root / "orr.yaml",
        workspace.root / "organization.yaml",
        workspace.folder(name) / "workload.yaml",
        *(sorted(team.glob("*.yaml")) if team.is_dir() else ()),
        *(read.file.path for read in workspace.checklist_files if read.file is not None),
    ]
