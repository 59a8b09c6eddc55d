"""How the verdict was derived, for a reader who verifies it."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from orr.evaluate import Evaluation, Verdict
from orr.evaluate.applies import practices_asked
from orr.evaluate.verdict import conditions, is_stopping
from orr.messages import say
from orr.model.checklist import Checklist
from orr.report.html import Content, Html, join, tag
from orr.report.marks import counts_in_words, facts, section, word_of
from orr.report.parts.summary import milder_list
from orr.report.words import Words
from orr.system.version import __version__
from orr.workspace.practices import index


def method(assessment: Evaluation, words: Words) -> Html:
    """The rule with its counts, the checklists and policy used, the digest and the versions."""
    return section(
        "method",
        words("method.title"),
        tag("h3", words("method.rule")),
        _rule(assessment, words),
        tag("h3", words("method.inputs")),
        _inputs(assessment, words),
        _milder(assessment, words),
        tag("h3", words("method.checklists")),
        _checklists(assessment.case.asked, words),
        _practices(assessment, words),
    )


def _rule(assessment: Evaluation, words: Words) -> Html:
    policy = assessment.case.policy
    still_open = [item for item in assessment.items if item.open]
    stopping = sum(is_stopping(item, policy) for item in still_open)
    counting = sum(conditions(item, policy) for item in still_open)
    applying = sum(item.applies for item in assessment.items)
    kinds_stop = _kinds(policy.no_go, words)
    kinds_count = _kinds((*policy.no_go, *policy.conditional), words)
    lines: list[tuple[Verdict, str, bool]] = [
        (Verdict.NO_GO, words("rule.no-go", kinds=kinds_stop, n=stopping), stopping > 0),
        (Verdict.CONDITIONAL_GO, words("rule.conditional-go", kinds=kinds_count, n=counting), counting > 0),
        (Verdict.GO, words("rule.go"), applying > 0),
        (Verdict.NO_GO, words("rule.nothing"), applying == 0),
    ]
    decided = next(place for place, (_, _, holds) in enumerate(lines) if holds)
    listed = (
        tag(
            "li",
            word_of(verdict, words),
            " ",
            says,
            join(" ", tag("b", words("rule.decided"))) if place == decided else None,
            class_="decided" if place == decided else None,
        )
        for place, (verdict, says, _) in enumerate(lines)
    )
    counts = words("method.counts", n=len(assessment.items), counts=counts_in_words(assessment.counts.items(), words))
    return join(tag("p", counts), tag("ol", listed, class_="rule"), tag("p", words("method.unknown"), class_="note"))


def _kinds(risks: tuple[object, ...], words: Words) -> str:
    kinds = [words("rule.blocking"), *(words("weight.risk", risk=risk) for risk in risks)]
    return words("rule.or").join(kinds)


def _inputs(assessment: Evaluation, words: Words) -> Html:
    case, policy = assessment.case, assessment.case.policy
    tiers = words.of([str(tier) for tier in policy.tiers])
    row = words(
        "method.policy-row" if case.rating.policy_found else "method.policy-default",
        tiers=tiers,
        no_go=_risks(policy.no_go, words),
        conditional=_risks(policy.conditional, words),
        roles=list(policy.sign_offs) or words("nothing"),
        days=policy.waiver_max_days,
        plan_days=policy.plan_max_days,
    )
    pairs: tuple[tuple[str, Content], ...] = (
        (words("method.policy"), row),
        (words("method.today"), join(words.day(assessment.today), f" ({case.timezone})")),
        (words("method.digest"), tag("code", assessment.digest, class_="digest")),
        (words("method.versions"), versions()),
    )
    return facts(pairs, "pairs wide")


def _milder(assessment: Evaluation, words: Words) -> Html:
    if not assessment.milder:
        return join()
    title = tag("h3", words.of(say("rule.milder.title")), id="milder")
    return join(title, milder_list(assessment, words))


def _risks(risks: tuple[object, ...], words: Words) -> str:
    return words.of(list(risks)) if risks else words("nothing")


def _checklists(checklists: tuple[Checklist, ...], words: Words) -> Html:
    head = (tag("th", words(f"method.{column}"), scope="col") for column in ("checklist", "version", "owner"))
    rows = (
        tag(
            "tr",
            tag("th", words.text(checklist.title), " ", tag("code", checklist.checklist), scope="row"),
            tag("td", str(checklist.version)),
            tag("td", checklist.owner or "—"),
        )
        for checklist in checklists
    )
    return tag("table", tag("thead", tag("tr", head)), tag("tbody", rows))


def _practices(assessment: Evaluation, words: Words) -> Html:
    """The practices that no question of any occasion is about, for this tier and these checklists."""
    asked, known = practices_asked(assessment.case, assessment.today), index()["practices"]
    lacking = [practice for practice in known if practice["practice"] not in asked]
    if not asked or not lacking:
        return join()
    title = tag("h3", words("method.practices", n=len(lacking), of=len(known)), id="practices")
    listed = (tag("li", words.text(one["title"]), " ", tag("code", one["practice"])) for one in lacking)
    return join(title, tag("ul", *listed))


@cache
def versions() -> str:
    """Versions of orr, Python and the tools that wrote the report."""
    said = [f"orr {__version__}", f"Python {platform.python_version()}"]
    for package in ("papermill", "nbconvert"):
        try:
            said.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(said)
