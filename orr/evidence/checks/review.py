"""The check `review`: what the review itself holds, beside votes, decision and states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from orr.evaluate.states import day_of, severity_of
from orr.evaluate.waivers import ineffective
from orr.evidence.context import Context
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.errors import Undetermined
from orr.evidence.held import Held
from orr.evidence.kinds.parameters import Count, Texts
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.sentences import clauses, in_short
from orr.messages import Message, say
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome
from orr.model.review import Level, Scenario
from orr.source.dates import after

_ASKS = ("checklists", "scenarios", "responses", "drilled_within", "answered_within", "waivers_within")
_PATH = re.compile(r"\S+/\S+|\S+\.[A-Za-z]{1,8}(?:#\S*)?")
_WORD = re.compile(r"[\u3400-\u9fff]{2}|[^\W\u3400-\u9fff]+")
MIN_WORDS = 3


class _Judged(NamedTuple):
    outcome: Outcome
    says: Message
    holds_until: date | None = None
    nothing: bool = False


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    if not any(given.get(key) for key in _ASKS):
        yield "check", say("evidence.review.nothing-asked"), say("evidence.review.nothing-asked.do")
    if "drills" in given and "drilled_within" not in given:
        yield "drills", say("evidence.review.needs-age"), say("evidence.review.needs-age.do")


@check(verify=_verify, day="until")
def review(
    context: Context,
    checklists: Texts | None = None,
    scenarios: Count | None = None,
    responses: bool = False,
    drilled_within: Days | None = None,
    drills: Count = 1,
    answered_within: Days | None = None,
    waivers_within: Days | None = None,
) -> Finding:
    """Read the review: lists asked, pre-mortem, drills, age of the answers, waivers."""
    held = context.held
    if held is None:
        raise Undetermined(say("evidence.review.not-held"))
    judged = []
    if checklists:
        judged.append(_lists(held, checklists))
    if scenarios:
        judged.append(_scenarios(held, scenarios))
    if responses:
        judged.append(_responses(context, held))
    if drilled_within:
        judged.append(_drills(context, held, drilled_within, drills))
    if answered_within:
        judged.append(_answers(context, held, answered_within))
    if waivers_within:
        judged.append(_waivers(context, held, waivers_within))
    worst = max((one.outcome for one in judged), key=severity_of)
    shown = [one for one in judged if one.outcome is worst]
    ends = [one.holds_until for one in judged if one.holds_until is not None]
    until = min(ends, default=None) if worst is Outcome.MET else None
    return Finding("", worst, clauses([one.says for one in shown]), until, nothing=all(one.nothing for one in shown))


def _lists(held: Held, wanted: list[str]) -> _Judged:
    lacking = [name for name in wanted if name not in held.asked]
    if lacking:
        return _Judged(Outcome.NOT_MET, say("evidence.review.not-asked", names=in_short(lacking)))
    return _Judged(Outcome.MET, say("evidence.review.asked", names=in_short(wanted)))


def _scenarios(held: Held, least: int) -> _Judged:
    # The same words under several names are one scenario.
    number = len({" ".join(_words(one.scenario)) for one in held.pre_mortem if _says_something(one.scenario)})
    key = "scenarios" if number >= least else "few-scenarios"
    says = say(f"evidence.review.{key}", n=number, limit=least)
    return _Judged(Outcome.MET if number >= least else Outcome.NOT_MET, says, nothing=not held.pre_mortem)


def _responses(context: Context, held: Held) -> _Judged:
    if not held.pre_mortem:
        return _Judged(Outcome.NOT_MET, say("evidence.review.no-pre-mortem"), nothing=True)
    weighty = [one for one in held.pre_mortem if Level.LOW not in (one.likelihood, one.impact)]
    lacking = [one.scenario for one in weighty if not _is_answered(context, one)]
    if lacking:
        says = say("evidence.review.no-response", n=len(lacking), of=len(weighty), scenarios=in_short(lacking))
        return _Judged(Outcome.NOT_MET, says)
    return _Judged(Outcome.MET, say("evidence.review.responses", n=len(weighty)))


def _is_answered(context: Context, scenario: Scenario) -> bool:
    """Whether a response is a repository file with content, or a meaningful text."""
    response = (scenario.response or "").strip()
    if "://" in response:  # where nobody looked
        return False
    if _PATH.fullmatch(response):
        path = response.partition("#")[0]
        return bool(context.find(path).files) and _says_something(context.text(path))
    return _says_something(response)


def _drills(context: Context, held: Held, days: int, least: int) -> _Judged:
    tested = sorted(
        (one.tested_on for one in held.pre_mortem if one.tested_on is not None and one.tested_on <= context.today),
        reverse=True,
    )
    if len(tested) < least:
        says = say("evidence.review.few-drills", n=len(tested), limit=least)
        return _Judged(Outcome.NOT_MET, says, nothing=not tested)
    day = tested[least - 1]
    return _Judged(Outcome.MET, say("evidence.review.drills", n=least, day=day), after(day, days))


def _answers(context: Context, held: Held, days: int) -> _Judged:
    given = {name: day_of(one.on, context.timezone) for name, one in held.answers.items()}
    given = {name: day for name, day in given.items() if day <= context.today}
    if not given:
        return _Judged(Outcome.NOT_MET, say("evidence.review.no-answer"), nothing=True)
    oldest = min(given, key=lambda name: (given[name], name))
    says = say("evidence.review.answers", n=len(given), item=oldest, day=given[oldest])
    return _Judged(Outcome.MET, says, after(given[oldest], days))


def _waivers(context: Context, held: Held, days: int) -> _Judged:
    standing = [one for one in held.waivers if one.revoked_on is None and one.expires >= context.today]
    wrong = [
        one.waiver
        for one in standing
        if one.expires > after(context.today, days)
        or not _says_something(one.compensating or "")
        or ineffective(one, held.policy, context.today) is not None
    ]
    if wrong:
        return _Judged(Outcome.NOT_MET, say("evidence.review.loose-waivers", n=len(wrong), names=in_short(wrong)))
    return _Judged(Outcome.MET, say("evidence.review.waivers", n=len(standing)))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _says_something(text: str) -> bool:
    """Whether it is more than a word or a placeholder, such as `ok` or `TBD`."""
    return not is_placeholder(text) and len(set(_words(text))) >= MIN_WORDS
