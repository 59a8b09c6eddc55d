"""Waivers, votes and the benefits of launching now."""

from __future__ import annotations

from orr.evaluate import Evaluation
from orr.evaluate.assessed import WaiverStatus
from orr.evaluate.ballot_changes import MAX_NAMED, in_a_word
from orr.evaluate.votes import CHANGED, Voided, VoteStatus, changes_of, voided
from orr.messages import say
from orr.model.checklist import Risk
from orr.model.review import Waiver
from orr.report.html import Content, Html, join, link, tag
from orr.report.marks import facts, section, verdict_mark, word_of
from orr.report.parts.voted import voted_on
from orr.report.words import Words

SCREEN = 30
"""How much of what changed under a vote is listed at most."""


def waivers(assessment: Evaluation, words: Words) -> Html:
    """Waivers with who, why, until when and what limits the risk; the verdict without them."""
    given = assessment.case.waivers
    statuses = {status.name: status for status in assessment.waivers}
    without = tag("p", words("waivers.without"), " ", word_of(assessment.verdict_without_waivers, words), class_="lead")
    if not given:
        return section("waivers", words("waivers.title"), tag("p", words("waivers.none"), class_="note"))
    cards = (_waiver(assessment, waiver, statuses[waiver.waiver], words) for waiver in given)
    return section("waivers", words("waivers.title"), without, tag("div", cards, class_="cards"))


def _waiver(assessment: Evaluation, waiver: Waiver, status: WaiverStatus, words: Words) -> Html:
    reviewed = {item.name: item for item in assessment.items}
    covers = (
        tag(
            "li",
            link(f"#{name}", words.prose(reviewed[name].ask)) if name in reviewed else tag("code", name),
            join(" ", tag("span", words("waivers.refused"), class_="flag")) if name in status.refused else None,
        )
        for name in waiver.items
    )
    asked = words("waivers.asked-by", by=waiver.requested_by)
    approved: Content = words("waivers.not-approved")
    if waiver.approved_by is not None:
        approved = words("waivers.by-on", by=waiver.approved_by, on=waiver.approved_on or "—")
    compensating = waiver.compensating or tag("span", words("waivers.no-compensating"), class_="warn")
    return tag(
        "article",
        tag(
            "h3",
            waiver.waiver,
            " ",
            tag(
                "span",
                words("waivers.active" if status.active else "waivers.inactive"),
                class_="tag" if status.active else "flag",
            ),
        ),
        tag("ul", covers, class_="plain"),
        facts(
            (
                (words("waivers.why"), waiver.reason),
                (words("waivers.compensating"), compensating),
                (words("waivers.asked"), asked),
                (words("waivers.approved"), approved),
                (words("waivers.until"), words.day(waiver.expires)),
                (words("waivers.works"), None if status.active else words.of(status.why)),
            ),
            "pairs",
        ),
        class_="card",
    )


def votes(assessment: Evaluation, words: Words) -> Html:
    """Votes of the roles that the policy requires, on this assessment."""
    decision = assessment.decision
    lead = join(words("votes.lead"), " ", verdict_mark(decision.value, words.of(decision)))
    given = assessment.votes
    asked = assessment.case.policy.sign_offs
    silent = [role for role in asked if not any(vote.sign_off.role == role for vote in given)]
    rows = [_vote(vote, words) for vote in given]
    rows += [
        tag(
            "tr",
            tag("th", role, scope="row", class_="nb"),
            tag("td", words("votes.none-yet"), class_="warn"),
            tag("td", "—"),
        )
        for role in silent
    ]
    head = (tag("th", words(f"votes.{column}"), scope="col") for column in ("role", "vote", "who"))
    return section(
        "votes",
        words("votes.title"),
        tag("p", lead, class_="lead"),
        tag("table", tag("thead", tag("tr", head)), tag("tbody", rows)),
        *(_why_void(assessment, one, words) for one in voided(given)),
        tag("p", words.of(say("rule.signature.claims")), class_="note") if assessment.names_are_claims else None,
        voted_on(assessment, words),
    )


def _vote(vote: VoteStatus, words: Words) -> Html:
    sign_off, is_void = vote.sign_off, not vote.valid and vote.why is not None
    said: Content = verdict_mark(sign_off.vote.value, words.of(sign_off.vote))
    if is_void:
        said = join(tag("s", words.of(sign_off.vote)), " ", tag("span", words("votes.void"), class_="flag"))
    return tag(
        "tr",
        tag("th", sign_off.role, scope="row", class_="nb"),
        tag("td", said),
        tag("td", sign_off.by, " ", tag("span", words.day(sign_off.on), class_="nb")),
        class_="void" if is_void else None,
    )


def _why_void(assessment: Evaluation, voided: Voided, words: Words) -> Html:
    """Why some votes are void: the first changes since, and the others folded."""
    changed = changes_of(voided.sign_offs[0], assessment.ballot, assessment.known) if voided.why.key == CHANGED else ()
    if not changed:
        return tag("p", words.of(voided.why), class_="note")
    listed = [tag("li", words.of(in_a_word(one))) for one in changed[:SCREEN]]
    if len(changed) > SCREEN:
        listed.append(tag("li", words.of(say("evidence.more", n=len(changed) - SCREEN))))
    first, rest = listed[:MAX_NAMED], listed[MAX_NAMED:]
    more = tag("summary", words.of(say("evidence.more", n=len(changed) - MAX_NAMED)))
    return tag(
        "div",
        tag("p", words.of(say("rule.vote.changed-in", role=voided.roles, n=len(changed)))),
        tag("ul", first),
        tag("details", more, tag("ul", rest)) if rest else None,
        class_="note changed",
    )


def benefits(assessment: Evaluation, words: Words) -> Html:
    """What launching now is worth, beside the risk that is still open."""
    worth = assessment.case.review.benefits
    return section(
        "benefits",
        words("benefits.title"),
        tag(
            "div",
            tag(
                "div",
                tag("h3", words("benefits.worth")),
                tag("p", worth, class_="long") if worth else tag("p", words("benefits.none"), class_="warn"),
                class_="card",
            ),
            tag("div", tag("h3", words("benefits.risk")), _open_risk(assessment, words), class_="card"),
            class_="cards",
        ),
    )


def _open_risk(assessment: Evaluation, words: Words) -> Html:
    still_open = [item for item in assessment.items if item.open]
    if not still_open:
        return tag("p", words("benefits.no-risk"))
    groups = [(words("benefits.blocking"), [item for item in still_open if item.blocking])]
    groups += [
        (words("weight.risk", risk=risk), [item for item in still_open if item.risk is risk and not item.blocking])
        for risk in Risk
    ]
    rows = (
        tag(
            "tr",
            tag("th", name, scope="row"),
            tag("td", str(sum(item.covered_by is None for item in items)), class_="num"),
            tag("td", str(sum(item.covered_by is not None for item in items)), class_="num"),
        )
        for name, items in groups
    )
    head = (
        tag("th", words(f"benefits.{column}"), scope="col", class_=None if column == "open" else "num")
        for column in ("open", "bare", "covered")
    )
    return tag("table", tag("thead", tag("tr", head)), tag("tbody", rows))
