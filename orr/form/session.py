"""Protocol between the page and a review: edits in, updates out.

Nothing here knows of a widget or a browser. A message about a changed verdict goes out
before the file is written, its acknowledgement after. All is done under one lock, so that
a watcher may look at the files beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orr.evaluate import Evaluation
from orr.evaluate.tasks import tasks
from orr.form import view
from orr.form.beside_review import beside_review, heirs
from orr.form.changes import BothChanged, Change, Maker, change
from orr.form.drafts import version_of
from orr.form.state import Moved, ReviewState
from orr.form.undo import History
from orr.messages import LANGUAGES, Said, render, say
from orr.model.finding import Evidence
from orr.model.person import alike
from orr.source.faults import Fault, FaultyInput
from orr.workspace.editing import Refused
from orr.workspace.saving import NotSaved, locked

if TYPE_CHECKING:
    from orr.evidence.recorded import Recorded

Send = Callable[[dict[str, Any]], None]
ACKNOWLEDGED_KEPT = 2000
PEOPLE_KEPT = 200


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
    recorded
        What stands in place of git, of the history and of checks that cannot run here.

    Attributes
    ----------
    held
        The review, its files and its assessment.
    lock
        Held while any of it moves.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        language: str | None = None,
        today: date | None = None,
        recorded: Recorded | None = None,
    ) -> None:
        self.name = name
        self.lock = threading.RLock()
        self.history = History()
        self.held = ReviewState(root, name, today, recorded)
        self.language = language or self.held.workspace.settings.language
        self._problems: dict[str, list[Fault]] = {}
        self._replies: dict[str, dict[str, Any]] = {}
        self._people: list[str] = []
        self._texts_of: object = None

    @property
    def assessment(self) -> Evaluation:
        """How things stand."""
        return self.held.assessment

    # What the page is told

    def everything(self) -> dict[str, Any]:
        """All that the page shows, for a page that begins."""
        with self.lock:
            self._texts_of = None
            return {
                **view.whole(self.held, self.language),
                "comments": self._comments(),
                "top": self._top(),
                "problem": self._problem(),
            }

    def behind(self) -> dict[str, Any]:
        """The decision, the digest and what else follows the verdict a moment later."""
        with self.lock:
            shown = view.behind(self.assessment, self.language)
            if self._texts_of is not self.held.evidence.findings:  # they are long, and change with the checks alone
                self._texts_of = self.held.evidence.findings
                shown |= {"votedOn": view.voted_on(self.assessment, self.language)}
            if self.held.unchecked:  # what the checks find will void a vote on this
                shown |= {"digest": None, "decisionSays": None}
            return {"kind": "patch", "top": {**shown, "unchecked": self.held.unchecked}}

    def meet(self, who: str) -> bool:
        """Note who looks at a page; returns whether they are new."""
        with self.lock:
            if not who or who in self._people:
                return False
            self._people = [*self._people[1 - PEOPLE_KEPT :], who]
            return True

    def own_waivers(self) -> dict[str, Any]:
        """Patch with each person's waivers, which they cannot approve, and open items."""
        with self.lock:
            asked = [(waiver.waiver, waiver.requested_by) for waiver in self.assessment.case.review.waivers]
            own = {who: [name for name, by in asked if alike(by, who)] for who in self._people}
            mine = {who: [item.name for item in tasks(self.assessment, who, None)] for who in self._people}
            return {"kind": "patch", "top": {"own": own, "mine": mine}}

    def _top(self) -> dict[str, Any]:
        return {**view.top(self.assessment, self.language), **self._saved(), **self.own_waivers()["top"]}

    def _comments(self) -> dict[str, Any]:
        return view.comments(self.held.read_discussion(), self.language, self.held.workspace.timezone)

    def heirs(self, item: str) -> str:
        """Who inherits an answer of the team or the organization, in words."""
        with self.lock:
            return self.says(heirs(self.held, item))

    def _saved(self) -> dict[str, Any]:
        saved = self.held.saved_at
        return {"undo": len(self.history.done), "redo": len(self.history.undone)} | {
            "savedAt": saved.strftime("%H:%M:%S") if saved else None
        }

    def _problem(self) -> list[str]:
        return [fault.in_words(self.language) for faults in self._problems.values() for fault in faults]

    def _patch(self, moved: Moved) -> dict[str, Any]:
        items = {item.name: view.moving(item, self.assessment, self.language, choice_of) for item, choice_of in moved}
        return {"kind": "patch", "items": items, "top": self._top()}

    # Changing

    def edit(self, message: Mapping[str, Any], send: Send) -> None:
        """Apply an edit, send what moved, save and acknowledge.

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
                self.refuse_other_day()
                with locked(self.held.path, self.held.shown):
                    self.refresh(send)
                    if self._problems:
                        send({**reply, **self._failed(say("form.refused.faulty", path=self.held.shown))})
                        return
                    made = self._made(message)
                    self.held.refuse_faulty(made.review)
                    self._carry_out(message, made, send)
            except BothChanged as both:
                send({**reply, **_conflict(message, both)})
            except Refused as refused:
                send({**reply, "kind": "refused", "says": self.says(refused.why)})
            except NotSaved as failed:
                for answer in self._race(message, failed, send):
                    send({**reply, **answer})
            except OSError as error:
                self._return(send)
                problem = error.strerror or type(error).__name__
                send({**reply, **self._failed(say("form.refused.disk", path=self.held.shown, problem=problem))})
            else:
                self._replies[number] = ack = {**reply, **self._acknowledged(made), **self._did(message, made)}
                if len(self._replies) > ACKNOWLEDGED_KEPT:
                    del self._replies[next(iter(self._replies))]
                send(ack)

    def refuse_other_day(self) -> None:
        """Refuse to write on another day than the clock's, which is written.

        Raises
        ------
        Refused
            If the form shows another day.
        """
        if self.held.simulated:
            raise Refused(say("form.refused.other-day", day=self.held.today))

    def _made(self, message: Mapping[str, Any]) -> Change:
        review = self.held.base.review
        if message.get("undo") or message.get("redo"):
            back = bool(message.get("undo"))
            steps = self.history.done if back else self.history.undone
            if not steps:
                raise Refused(say("form.refused.nothing"))
            step = steps[-1].turned() if back else steps[-1]
            return Change(step.applied(review), step=step)
        if self.held.unchecked and message["edit"].get("what") in ("vote", "approve"):
            raise Refused(say("form.refused.unchecked"))
        if self.held.unseen and message["edit"].get("what") == "vote":
            raise Refused(say("form.refused.unseen"))
        maker = Maker(str(message.get("who") or ""), self.held.now(), self.assessment)
        return beside_review(self.held, message["edit"], maker) or change(review, message["edit"], maker)

    def _carry_out(self, message: Mapping[str, Any], made: Change, send: Send) -> None:
        held, before = self.held, self.held.base.review
        if made.elsewhere is not None:
            made.elsewhere()
            self.refresh(send)
        if made.review is before:
            return
        held.verify_entries(before, made.review)
        send(self._patch(held.move_to(made.review)))
        held.save(made.review)
        if message.get("undo"):
            self.history.undone.append(self.history.done.pop())
        elif message.get("redo"):
            self.history.done.append(self.history.undone.pop())
        elif not made.lasting:
            self.history.record(before, made.review)
        if held.base.review != made.review:  # merged with what others wrote in this very moment
            send(self._patch(held.move_to(held.base.review)))

    def _acknowledged(self, made: Change) -> dict[str, Any]:
        lacks = [{"field": lack.field, "says": self.says(lack.says)} for lack in made.lacks]
        saved = self._saved()
        return {"kind": "ack", "lacks": lacks, **saved, "at": saved["savedAt"], **self._part(made)}

    def _part(self, made: Change) -> dict[str, Any]:
        kind, name = made.part
        review = self.held.base.review
        if kind == "answers":
            return {"item": name, "v": version_of(review.answers.get(name))}
        if kind == "benefits":
            return {"v": version_of(review.benefits)}
        if kind == "pre_mortem":
            return {
                "v": next((version_of(s) for s in review.pre_mortem if s.scenario == name), ""),
                "was": name or None,
            }
        return {"waiver": name} if kind == "waivers" else {}

    def _did(self, message: Mapping[str, Any], made: Change) -> dict[str, Any]:
        """What was undone or done again, and where it is to be seen."""
        if made.step is None:
            return {}
        asks = {item.name: item.ask for item, _ in self.held.units()}
        key = "form.did.undone" if message.get("undo") else "form.did.redone"
        item = made.step.item if made.step.item in asks else None
        return {"did": {"says": self.says(say(key, what=made.step.described(asks))), "item": item}}

    def _failed(self, why: Said) -> dict[str, Any]:
        return {"kind": "failed", "says": self.says(why)}

    def _race(self, message: Mapping[str, Any], failed: NotSaved, send: Send) -> Iterator[dict[str, Any]]:
        """Handle a write by somebody else between reading and writing."""
        self._return(send)
        if failed.kept is not None:
            failed.kept.unlink(missing_ok=True)  # the page still holds what was to be written
        if not failed.conflicts:
            yield self._failed(failed.why)
            return
        try:
            self._made(message)
        except BothChanged as both:
            yield _conflict(message, both)
        except Refused as refused:
            yield {"kind": "refused", "says": self.says(refused.why)}
        else:
            yield self._failed(failed.why)

    def _return(self, send: Send) -> None:
        """Go back to what is on disk."""
        held = self.held
        held.forget_stamp()
        self.refresh(send)
        held.verify_entries(held.base.review, held.base.review, every=True)
        send(self._patch(held.move_to(held.base.review)))

    # What others do

    def refresh(self, send: Send) -> bool:
        """Reload changed files and send what moved."""
        with self.lock:
            held = self.held
            if held.discussion_moved:
                send({"kind": "patch", "comments": self._comments()})
            if held.sources_moved:
                return self._reload(send)
            if not held.review_moved:
                return False
            try:
                old, changed = held.read_again()
            except FaultyInput as faulty:
                return self._troubled(faulty, "review", send)
            was_troubled = self._problems.pop("review", None) is not None
            if not changed and not was_troubled and self.assessment.today == held.today:
                return False
            held.verify_entries(old, held.base.review)
            patch = self._patch(held.move_to(held.base.review))
            send({**patch, "problem": self._problem(), "others": sorted(patch["items"]) if changed else []})
            return True

    def _troubled(self, faulty: FaultyInput, kind: str, send: Send) -> bool:
        self._problems[kind] = list(faulty.faults)
        send({"kind": "patch", "problem": self._problem()})
        return True

    def _reload(self, send: Send) -> bool:
        try:
            self.held.load()
        except FaultyInput as faulty:
            self.held.leave_sources()
            return self._troubled(faulty, "sources", send)
        self._problems = {}
        send(self.everything())
        return True

    def take(self, evidence: Evidence, only: frozenset[str] | None = None) -> dict[str, Any]:
        """Take over what checks found, for some items or for all; returns what moves."""
        with self.lock:
            return self._patch(self.held.take(evidence, only))

    # Words

    def speak(self, language: str) -> None:
        """Switch the language of all that goes out from now on."""
        if language in LANGUAGES:
            self.language = language

    def says(self, message: Said) -> str:
        """A message in the language of the session."""
        return render(message, self.language)


def _conflict(message: Mapping[str, Any], both: BothChanged) -> dict[str, Any]:
    item = (message.get("edit") or {}).get("item")
    return {"kind": "conflict", "item": item, "mine": both.mine, "theirs": both.theirs, "v": both.version}
