"""The first screen: verdict, reasons, validity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orr.evaluate import Decision, Evaluation, Verdict
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.milder_groups import first_few, grouped
from orr.evaluate.reasons import lacking
from orr.evaluate.subjects import release_in_words
from orr.messages import Message, say
from orr.model.review import Vote
from orr.report.html import Content, Html, contact_link, join, link, tag
from orr.report.marks import dotted, facts, shape, state_mark, verdict_mark, weight
from orr.report.parts.items import challenge
from orr.report.parts.one_page import one_page
from orr.report.words import Words

REASONS = 3


def summary(assessment: Evaluation, words: Words) -> Html:
    """Workload, occasion, verdict, decision, launch, validity and the reasons that matter most."""
    return _first_screen(assessment, words)


def card(assessment: Evaluation, words: Words) -> Html:
    """The summary to show alone: dated, and without links."""
    return _first_screen(assessment, words, alone=True)


def _first_screen(assessment: Evaluation, words: Words, *, alone: bool = False) -> Html:
    return tag(
        "section",
        _heading(assessment, words, dated=alone),
        tag("div", _verdict(assessment, words), _facts(assessment, words), class_="top"),
        _milder(assessment, words, alone=alone),
        _challenged(assessment, words, alone=alone),
        _reasons(assessment, words, alone=alone),
        *(tag("p", words.prose(words.first(said)), class_="note") for said in _notes(assessment)),
        None if alone else one_page(assessment, words),
        id=None if alone else "summary",
        class_="sum",
        aria_label=words("summary.title"),
    )


def _notes(assessment: Evaluation) -> Iterator[Message]:
    """Notes on the tier, the release and incomparable earlier requirements."""
    yield assessment.case.rating.says
    if not assessment.case.release:
        yield release_in_words(assessment.case.release)
    if assessment.compared is not None:
        yield assessment.compared
    yield from assessment.uncompared
    yield from assessment.unknown_agreements


def in_a_line(assessment: Evaluation, words: Words) -> str:
    """The verdict in a line of plain text."""
    workload = assessment.case.workload
    return words(
        "summary.line",
        title=words.text(workload.title),
        occasion=assessment.case.review.occasion,
        verdict=assessment.headline,
        today=assessment.today,
    )


def page_title(assessment: Evaluation, words: Words) -> str:
    """Title of the page, verdict first, since browser tabs cut the end."""
    return words(
        "page.title", verdict=words.first(assessment.verdict), title=words.text(assessment.case.workload.title)
    )


def _heading(assessment: Evaluation, words: Words, *, dated: bool) -> Html:
    workload = assessment.case.workload
    contact = workload.owner.contact
    says: list[Content] = [words(f"occasion.{assessment.case.review.occasion.value}")]
    says += [words("summary.tier", tier=assessment.case.tier), words("summary.team", team=workload.owner.team)]
    if contact:
        says.append(contact_link(contact))
    release = assessment.case.release
    if not release:
        says.append(words("summary.no-release"))
    if dated or assessment.simulated:
        says.append(words("summary.as-of", today=assessment.today))
    return tag(
        "div",
        tag("h1", words.text(workload.title)),
        tag("p", dotted(*(tag("span", part) for part in says)), class_="meta"),
        tag("p", words.first(release_in_words(release)), class_="meta") if release else None,
        class_="title",
    )


def _verdict(assessment: Evaluation, words: Words) -> Html:
    verdict = assessment.verdict
    gloss, colon = words("gloss.go"), None
    if verdict is not Verdict.GO:
        found = assessment.against
        gloss = words.of(lacking(len(found.missing), len(found.not_known)))
        colon = tag("span", words("summary.colon"), class_="colon")  # for who hears or copies it
    return tag(
        "div",
        shape(verdict.value),
        tag(
            "p",
            tag("span", words("summary.verdict"), class_="lab"),
            " ",
            tag("strong", words.first(verdict), colon),
            " ",
            tag("span", gloss, class_="gloss"),
            " ",
            tag(
                "span",
                dotted(words.of(assessment.asked.in_words), words.of(assessment.share_left_out or "")),
                class_="gloss",
            ),
        ),
        class_=f"verdict v-{verdict.value}",
    )


def _facts(assessment: Evaluation, words: Words) -> Html:
    decision = verdict_mark(assessment.decision.value, words.first(assessment.decision))
    return facts(
        (
            (words("summary.decision"), join(decision, " ", tag("small", _votes(assessment, words)))),
            (words("summary.launch"), _launch(assessment, words)),
            (words("summary.valid-until"), _valid_until(assessment, words)),
        )
    )


def _votes(assessment: Evaluation, words: Words) -> str:
    said = _counted(assessment, words)
    return words.of(say("formats.decision-claims", decision=said)) if assessment.names_are_claims else said


def _counted(assessment: Evaluation, words: Words) -> str:
    valid = [vote.sign_off for vote in assessment.votes if vote.valid]
    if assessment.decision is Decision.NO_GO:
        against = [vote for vote in valid if vote.vote is Vote.NO_GO]
        if against:
            return words("votes.against", roles=[vote.role for vote in against])
    asked = set(assessment.case.policy.sign_offs)
    voted = len(asked & {vote.role for vote in valid})
    return words("votes.so-far", voted=voted, n=len(asked))


def _launch(assessment: Evaluation, words: Words) -> Html:
    workload, today = assessment.case.workload, assessment.today
    day = assessment.case.launch_day
    if workload.launch is None or day is None:
        if workload.live_since is not None:
            return join(words("summary.live"), " ", tag("small", words("summary.since", on=workload.live_since)))
        return join(words("summary.no-launch"), " ", tag("small", words("summary.no-launch-why")))
    return join(words.long_day(workload.launch), " ", tag("small", words.days_from(today, day)))


def _valid_until(assessment: Evaluation, words: Words) -> Html:
    last, launch = assessment.valid_until, assessment.case.launch_day
    if assessment.verdict is Verdict.NO_GO:
        return join(words("valid.no-go"), " ", tag("small", words("valid.no-go-why")))
    if last is None:
        return join(words("valid.no-end"), " ", tag("small", words("valid.no-end-why", n=HORIZON_DAYS)))
    if launch is not None and assessment.today <= launch and last < launch:
        return join(words.long_day(last), " ", tag("small", words("valid.before-launch"), class_="warn"))
    return join(words.long_day(last), " ", tag("small", words.days_from(assessment.today, last)))


def _milder(assessment: Evaluation, words: Words, *, alone: bool) -> Html:
    """What is asked less than before; nothing where nothing is."""
    if not assessment.milder:
        return join()
    title = tag("h2", words.of(say("rule.milder.title")), f" ({len(assessment.milder)})")
    shown, is_all = first_few(grouped(assessment.milder))
    parts = [_compared(since, changes, words) for since, changes in shown]
    more = words("milder.all", n=len(assessment.milder))
    folded = tag("details", tag("summary", more), milder_list(assessment, words)) if alone else link("#milder", more)
    return tag("div", title, *parts, None if is_all else tag("div", folded, class_="more"), class_="milder")


def milder_list(assessment: Evaluation, words: Words) -> Html:
    """All that is asked less than before, by what it was compared with."""
    found = grouped(assessment.milder)
    return join(*(_compared(one.says, [group.says() for group in one.groups], words) for one in found))


def _compared(since: Message, changes: Sequence[Message], words: Words) -> Html:
    lines = (tag("li", tag("p", words.coded(change))) for change in changes)
    return join(tag("p", words.coded(since), class_="note"), tag("ul", *lines))


def _challenged(assessment: Evaluation, words: Words, *, alone: bool) -> Html:
    """The answers that somebody challenges; nothing where nobody does."""
    if not assessment.challenged:
        return join()

    def one(item: ItemAssessment) -> Html:
        ask = words.prose(item.ask)
        return tag("li", tag("p", ask if alone else link(f"#{item.name}", ask), class_="ask"), challenge(item, words))

    return tag(
        "div",
        tag("h2", words("challenged.title", n=len(assessment.challenged))),
        tag("ul", *(one(item) for item in assessment.challenged)),
        class_="milder challenged",
    )


def _reasons(assessment: Evaluation, words: Words, *, alone: bool) -> Html:
    groups = assessment.reasons_apart(REASONS)
    shown = _allotted([len(group.reasons) for group in groups])
    more = sum(group.total for group in groups) - sum(shown)
    said = words("reasons.more-in-notebook" if alone else "reasons.more", n=more)
    lead = words.prose(said) if alone else link("#path-to-go", said)
    lists = (
        join(
            tag("h3", words.of(group.title)) if group.title is not None else None,
            tag("ol", (_reason(assessment, reason, words) for reason in group.reasons[:n])),
        )
        for group, n in zip(groups, shown, strict=True)
    )
    return tag(
        "div",
        tag("h2", words("reasons.title")),
        *lists,
        tag("p", lead, class_="more") if more > 0 else None,
        class_="reasons",
    )


def _allotted(counts: Sequence[int]) -> list[int]:
    """Number of reasons shown per group: one each, then up to `REASONS`."""
    left = max(0, REASONS - len(counts))
    shown = []
    for count in counts:
        more = min(left, count - 1)
        shown.append(min(count, 1) + max(0, more))
        left -= max(0, more)
    return shown


def _reason(assessment: Evaluation, reason: Message, words: Words) -> Html:
    if reason.key != "rule.reason.item":
        return tag("li", tag("p", words.of(reason), class_="ask"))
    name = reason.values["item"]
    item = next(item for item in assessment.items if item.name == name)
    covered = None
    if item.covered_by is not None:
        covered = words("path.waived", waiver=item.waived_by) if item.waived_by else words("path.planned")
    return tag(
        "li",
        tag("p", words.prose(item.ask), class_="ask"),
        tag(
            "p",
            dotted(
                state_mark(item.state, words),
                weight(item, assessment.case.policy, words),
                tag("span", covered, class_="cov") if covered else None,
                tag("span", words.causes(item.causes), class_="why") if item.causes else None,
            ),
            class_="cause",
        ),
    )
