"""Apply the changes that the page sends to a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from orr.evaluate import Evaluation
from orr.evaluate.subjects import demanded
from orr.form.drafts import Lack, answer_of, draft_of, version_of
from orr.form.signing import agree_elsewhere, approve_elsewhere, lift_elsewhere, vote_elsewhere
from orr.form.undo import Step
from orr.messages import say
from orr.model.checklist import Occasion
from orr.model.digest import normal_digest
from orr.model.person import alike
from orr.model.review import Assignment, Review, Scenario, Vote, Waiver
from orr.model.validation import ValidationError, read
from orr.source.faults import name_fault
from orr.workspace.approvals import agree
from orr.workspace.challenges import assigned, challenged, lifted_in, past_due
from orr.workspace.editing import (
    Refused,
    approve_waiver,
    ask_for_waiver,
    new_vote,
    revoke_waiver,
    unfit_end,
    waiver_named,
    with_vote,
)


@dataclass(frozen=True)
class Change:
    """What an edit makes of a review.

    Attributes
    ----------
    review
        The review as it should be; the same object where nothing changes.
    lacks
        What of the edit is not complete enough to be saved.
    part
        What was changed, as a part of the review that merges as one.
    step
        The step that was undone or done again, in the direction that it took.
    lasting
        Whether undo does not take it back: it is about what somebody else said.
    elsewhere
        Writes what is said in another file than the review's.
    """

    review: Review
    lacks: list[Lack] = field(default_factory=list)
    part: tuple[str, str] = ("", "")
    step: Step | None = None
    lasting: bool = False
    elsewhere: Callable[[], None] | None = None


class BothChanged(Exception):
    """The part was changed by somebody else since the page read it.

    Attributes
    ----------
    mine, theirs
        Both sides, as the page shows them.
    version
        What the other side is named by.
    """

    def __init__(self, mine: Any, theirs: Any, version: str) -> None:
        self.mine, self.theirs, self.version = mine, theirs, version
        super().__init__(version)


@dataclass(frozen=True)
class Maker:
    """Who makes a change, when, and before which assessment."""

    by: str
    on: date | datetime
    assessment: Evaluation


Edit = Mapping[str, Any]


def change(review: Review, edit: Edit, maker: Maker) -> Change:
    """Apply an edit.

    Raises
    ------
    Refused
        If the change may not be made.
    BothChanged
        If somebody else changed the same part since it was read.
    """
    kind = _KINDS.get(str(edit.get("what")))
    if kind is None:
        raise Refused(say("form.refused.unknown", what=str(edit.get("what"))))
    if not maker.by.strip():
        raise Refused(say("form.refused.who"))
    fault = name_fault(maker.by, say("form.who.label"))
    if fault is not None:
        raise Refused(fault)
    try:
        return kind(review, edit, maker)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        raise Refused(say("form.refused.form", fields=fields)) from None


def _answer(review: Review, edit: Edit, maker: Maker) -> Change:
    name = str(edit["item"])
    parts = (part for item in maker.assessment.items for part in (item.choices or (item,)))
    about = next((part for part in parts if part.name == name), None)
    if about is None:
        raise Refused(say("form.refused.item", item=name))
    before = review.answers.get(name)
    bound = (about.item is not None and demanded(about.item, review.release)) or (
        before is not None and before.release is not None
    )
    release = review.release if bound and review.release else None
    answer, lacks = answer_of(edit["draft"], before, maker.by, maker.on, release)
    if _meant(answer) != _meant(before):
        _still(edit, version_of(before), edit["draft"], {**draft_of(before)})
    if answer is before or (answer is None and before is None):
        return Change(review, lacks, ("answers", name))
    answers = {key: value for key, value in review.answers.items() if key != name}
    if answer is not None:
        answers[name] = answer
    return Change(replace(review, answers=answers), lacks, ("answers", name))


def _agree(review: Review, edit: Edit, maker: Maker) -> Change:
    name = str(edit["item"])
    agreed = agree(review, maker.assessment.case, name, maker.by)
    if agreed is not review:
        agree_elsewhere(maker.assessment, name, agreed.answers[name])
    return Change(agreed, part=("answers", name))


def _meant(answer: Any) -> Any:
    return None if answer is None else replace(answer, by="", on=date.min)


def _still(edit: Edit, version: str, mine: Any, theirs: Any) -> None:
    if "base" in edit and edit["base"] != version:
        raise BothChanged(mine, theirs, version)


def _waive(review: Review, edit: Edit, maker: Maker) -> Change:
    items = tuple(str(name) for name in edit["items"])
    values = {key: (str(edit.get(key) or "").strip() or None) for key in ("reason", "compensating", "expires")}
    lacks = [Lack(key, say(f"form.lack.waiver.{key}")) for key in ("reason", "expires") if not values[key]]
    if lacks:
        return Change(review, lacks)
    try:
        expires = date.fromisoformat(str(values["expires"]))
    except ValueError:
        return Change(review, [Lack("expires", say("form.lack.waiver.expires"))])
    policy, today = maker.assessment.case.policy, maker.assessment.today
    unfit = unfit_end(expires, policy, today)
    if unfit is not None:
        return Change(review, [Lack("expires", unfit)])
    asked = read(Waiver, {"waiver": "W-0", "items": items, **values, "requested_by": maker.by})
    for waiver in review.waivers:  # sent again after a lost acknowledgement
        if replace(waiver, waiver="W-0") == asked:
            return Change(review, part=("waivers", waiver.waiver))
    asks = (asked.reason, asked.compensating, maker.by, expires)
    changed, name = ask_for_waiver(review, items, *asks, maker.assessment)
    return Change(changed, part=("waivers", name))


def _approve(review: Review, edit: Edit, maker: Maker) -> Change:
    name = str(edit["waiver"])
    approved = approve_waiver(review, maker.assessment, name, maker.by)
    approve_elsewhere(maker.assessment, waiver_named(approved, name))
    return Change(approved, part=("waivers", name))


def _refuse(review: Review, edit: Edit, maker: Maker) -> Change:
    name = str(edit["waiver"])
    waiver = next((waiver for waiver in review.waivers if waiver.waiver == name), None)
    if waiver is not None and waiver.approved_by is not None:
        raise Refused(say("form.refused.approved", waiver=name, by=waiver.approved_by))
    if waiver is not None and alike(waiver.requested_by, maker.by):
        raise Refused(say("form.refused.own", by=waiver.requested_by))
    return Change(revoke_waiver(review, name, maker.assessment.today), part=("waivers", name))


def _revoke(review: Review, edit: Edit, maker: Maker) -> Change:
    name = str(edit["waiver"])
    return Change(revoke_waiver(review, name, maker.assessment.today), part=("waivers", name))


def _vote(review: Review, edit: Edit, maker: Maker) -> Change:
    role, vote = str(edit["role"]), Vote(edit["vote"])
    if normal_digest(str(edit["digest"])) != maker.assessment.digest:
        raise Refused(say("form.refused.digest"))
    given = new_vote(maker.assessment, role, maker.by, vote)
    vote_elsewhere(maker.assessment, given)
    return Change(with_vote(review, given), part=("sign_offs", role))


def _scenario(review: Review, edit: Edit, maker: Maker) -> Change:
    del maker
    was, given = edit.get("was"), edit.get("scenario")
    before = next((one for one in review.pre_mortem if one.scenario == was), None)
    fields = {key: str(value).strip() for key, value in (given or {}).items() if value and str(value).strip()}
    part = ("pre_mortem", fields.get("scenario", ""))  # as it is named from now on
    if given is not None and "scenario" not in fields:
        return Change(review, [Lack("scenario", say("form.lack.scenario"))], ("pre_mortem", str(was or "")))
    new = None if given is None else read(Scenario, fields)
    if new == before:
        return Change(review, part=part)
    _still(edit, version_of(before), given, before.as_data() if before else {})
    if new is not None and any(one.scenario == new.scenario and one is not before for one in review.pre_mortem):
        if new in review.pre_mortem:
            return Change(review, part=part)
        raise Refused(say("form.refused.scenario", scenario=new.scenario))
    if before is None:
        scenarios = (*review.pre_mortem, *((new,) if new else ()))
    else:
        swapped = ((new if one is before else one) for one in review.pre_mortem)
        scenarios = tuple(one for one in swapped if one is not None)
    return Change(replace(review, pre_mortem=scenarios), part=part)


def _benefits(review: Review, edit: Edit, maker: Maker) -> Change:
    del maker
    text = str(edit.get("text") or "").strip() or None
    if text == review.benefits:
        return Change(review, part=("benefits", ""))
    _still(edit, version_of(review.benefits), edit.get("text") or "", review.benefits or "")
    return Change(replace(review, benefits=text), part=("benefits", ""))


def _occasion(review: Review, edit: Edit, maker: Maker) -> Change:
    del maker
    occasion = Occasion(str(edit["occasion"]))
    if occasion is review.occasion:
        return Change(review, part=("occasion", ""))
    return Change(replace(review, occasion=occasion), part=("occasion", ""))


def _challenge(review: Review, edit: Edit, maker: Maker) -> Change:
    name, why = str(edit["item"]), str(edit.get("why") or "").strip()
    if not why:
        return Change(review, [Lack("why", say("form.lack.why"))])
    before, case = review.answers.get(name), maker.assessment.case
    if edit["what"] == "lift":
        answer = lifted_in(case, "workload", before, name, maker.by, maker.on, why)
        dated = lifted_in(case, "workload", before, name, maker.by, maker.assessment.today, why)
        lift_elsewhere(maker.assessment, case.holder("workload"), name, dated)
    else:
        answer = challenged(before, name, maker.by, maker.on, why)
    return Change(replace(review, answers={**review.answers, name: answer}), part=("answers", name), lasting=True)


def _assign(review: Review, edit: Edit, maker: Maker) -> Change:
    name, to = str(edit["item"]), str(edit.get("to") or "").strip()
    given = {"to": to, "due": edit.get("due") or None, "by": maker.by}
    if to and (fault := name_fault(to, say("form.team.to"))) is not None:
        return Change(review, [Lack("to", fault)])
    made = read(Assignment, given) if to else None
    if made is not None and (why := past_due(made, maker.assessment.today)) is not None:
        return Change(review, [Lack("due", why)])
    changed = assigned(review, name, made)
    return Change(review if changed == review else changed, part=("assigned", name))


_KINDS: Mapping[str, Callable[[Review, Edit, Maker], Change]] = {
    "answer": _answer,
    "agree": _agree,
    "challenge": _challenge,
    "lift": _challenge,
    "assign": _assign,
    "waive": _waive,
    "approve": _approve,
    "refuse": _refuse,
    "revoke": _revoke,
    "vote": _vote,
    "scenario": _scenario,
    "benefits": _benefits,
    "occasion": _occasion,
}
