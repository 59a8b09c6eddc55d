"""Every item, folded by checklist.

The next step of an item stands where it is needed most, on the path to go; here only that
of items which are not on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from orr.evaluate import Evaluation, State
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.states import STATES
from orr.evaluate.verdict import conditions
from orr.model.discussion import Comment
from orr.model.finding import Finding, Outcome, Table
from orr.model.review import Answer, EvidenceEntry
from orr.report.html import Content, Html, coded, join, link, tag
from orr.report.marks import counts_in_words, section, state_mark, weight
from orr.report.pictures.findings import draw
from orr.report.words import Words
from orr.workspace.discussion import NOTHING_SAID, Discussion

ROWS_SHOWN = 8


# Causes that the state, the answer or a finding beside them says already.
_SHOWN_ANYWAY = {
    f"rule.cause.{cause}"
    for cause in ("unanswered", "no", "partial", "not-applicable", "challenged", "check", "old-finding")
}


Said = Mapping[str, tuple[Comment, ...]]
"""The comments on each item."""


def items(assessment: Evaluation, words: Words, discussion: Discussion = NOTHING_SAID) -> Html:
    """Every item with its state, answer, note, evidence and comments."""
    said = discussion.by_item
    folded = (
        _checklist(assessment, list(group), said, words)
        for _, group in groupby(assessment.items, key=lambda item: item.checklist.checklist)
    )
    return section("items", words("items.title"), tag("p", words("items.lead"), class_="note"), folded)


def _checklist(assessment: Evaluation, members: Sequence[ItemAssessment], said: Said, words: Words) -> Html:
    checklist = members[0].checklist
    counted = Counter(item.state for item in members)
    counts = counts_in_words(((state, counted[state]) for state in STATES), words)
    return tag(
        "details",
        tag("summary", tag("h3", words.text(checklist.title)), " ", tag("span", counts, class_="counts")),
        (
            _section(assessment, list(group), said, words)
            for _, group in groupby(members, key=lambda item: item.section.section)
        ),
    )


def _section(assessment: Evaluation, members: Sequence[ItemAssessment], said: Said, words: Words) -> Html:
    part = members[0].section
    return join(
        tag("h4", words.text(part.title or part.section)),
        tag("ul", (_item(assessment, item, said, words) for item in members), class_="items"),
    )


def _item(assessment: Evaluation, item: ItemAssessment, said: Said, words: Words) -> Html:
    return tag(
        "li",
        _asked(item.state, words.text(item.ask), words),
        _small_print(assessment, item, words),
        _because(item, conditions(item, assessment.case.policy), words),
        _answer(item, words),
        _evidence(item, words),
        tag("ul", (_choice(choice, said, words) for choice in item.choices), class_="choices")
        if item.choices
        else None,
        _comments(said.get(item.name, ()), words),
        id=item.name,
    )


@lru_cache(maxsize=1024)  # all workloads are asked the same
def _asked(state: State, ask: str, words: Words) -> Html:
    return tag("p", state_mark(state, words), " ", tag("span", coded(ask), class_="ask"))


def _small_print(assessment: Evaluation, item: ItemAssessment, words: Words) -> Html:
    says: list[str] = [weight(item, assessment.case.policy, words)]
    if item.waived_by and item.open:
        says.append(words("items.waived", waiver=item.waived_by))
    elif item.planned and item.open:
        says.append(words("items.planned"))
    if item.contradicted:
        says.append(tag("span", words("flag.contradicted"), class_="flag"))
    if item.assigned is not None:
        key = "items.assigned-due" if item.assigned.due is not None else "items.assigned"
        given = words(key, to=item.assigned.to, by=item.assigned.by, due=item.assigned.due or "")
        says.append(tag("span", given, class_="tag"))
    says.append(tag("code", item.name))
    return _printed_small(*says)


@lru_cache(maxsize=1024, typed=True)  # text and markup that read alike are not the same
def _printed_small(*says: str) -> Html:
    return tag("p", [join(said, " ") for said in says], class_="sp")


def _because(item: ItemAssessment, on_path: bool, words: Words) -> Html | None:
    says = words.of([cause for cause in item.causes if cause.key not in _SHOWN_ANYWAY])
    fix = words.prose(item.fix) if item.open and item.fix and not on_path else None
    return join(
        tag("p", says, class_="why") if says else None,
        tag("p", tag("b", words("path.next")), " ", fix, class_="do") if fix else None,
    )


def _answer(item: ItemAssessment, words: Words) -> Html | None:
    answer = item.answer
    if answer is None:
        return None
    origin = item.answer_from or "workload"
    inherited: Content = None
    if origin != "workload":
        of = words("items.from-organization")
        if origin.startswith("team:"):
            of = words("items.from-team", team=origin.removeprefix("team:"))
        inherited = join(" ", tag("span", of, class_="tag"))
    return join(
        challenge(item, words),
        tag(
            "p",
            tag("b", _said(item, answer, words)),
            " ",
            answer.by,
            ", ",
            words.day(answer.on),
            inherited,
            class_="ans",
        ),
        tag("p", answer.note, class_="long") if answer.note else None,
        tag("p", words("items.reason", reason=answer.reason), class_="long") if answer.reason else None,
        tag(
            "p",
            words("items.plan", action=answer.plan.action, owner=answer.plan.owner, due=answer.plan.due),
            class_="long",
        )
        if answer.plan
        else None,
    )


def challenge(item: ItemAssessment, words: Words) -> Html | None:
    """Who challenges an item's answer and why; who lifted that."""
    one = item.answer.challenged if item.answer is not None else None
    if one is None:
        return None
    lifted = None
    if one.lifted is not None and item.challenge is None:
        lifted = tag("p", words("challenge.lifted", by=one.lifted.by, on=one.lifted.on, why=one.lifted.why))
    says = tag("p", tag("b", words("challenge", by=one.by, on=one.on)), " ", one.why)
    return tag("div", says, lifted, class_="challenge" if item.challenge is not None else "challenge over")


def _said(item: ItemAssessment, answer: Answer, words: Words) -> str:
    if answer.answer is None:
        return words("items.only-plan" if answer.plan is not None else "items.withdrawn")
    return words("items.answer" if item.attestation is None else "items.attested", answer=answer.answer)


def _evidence(item: ItemAssessment, words: Words) -> Html | None:
    entries = item.answer.evidence if item.answer is not None else ()
    if not entries and not item.findings:
        return None
    return tag(
        "ul",
        (_entry(entry, words) for entry in entries),
        (_finding(finding, words) for finding in item.findings),
        class_="ev",
    )


def _entry(entry: EvidenceEntry, words: Words) -> Html:
    title = entry.title or entry.path or entry.url or ""
    says: list[Content] = [link(entry.url, title)]
    if entry.path and entry.path != title:
        says.append(tag("code", entry.path))
    if entry.collected:
        says.append(words("items.collected", on=entry.collected))
    if entry.expires:
        says.append(words("items.expires", on=entry.expires))
    return tag("li", _spaced(says))


def _finding(finding: Finding, words: Words) -> Html:
    says: list[Content] = [
        tag("span", words.of(finding.label), class_=_outcome_class(finding)),
        *([tag("code", finding.kind)] if finding.kind else []),
        words.of(finding.says),
    ]
    if finding.collected:
        says.append(words("items.collected", on=words.short(finding.collected)))
    if finding.holds_until:
        says.append(words("items.holds-until", on=finding.holds_until))
    return tag(
        "li",
        _spaced(says),
        _wide(draw(finding.picture, words.language)) if finding.picture else None,
        _wide(_table(finding.table, words)) if finding.table else None,
    )


def _outcome_class(finding: Finding) -> str:
    return "out" if finding.outcome is Outcome.MET else "out none" if finding.nothing else "out bad"


def _wide(content: Html) -> Html:
    """Block that scrolls sideways, by finger or keys, where it exceeds the screen."""
    return tag("div", content, class_="wd", tabindex="0")


def _table(table: Table, words: Words) -> Html:
    head = tag("thead", tag("tr", (tag("th", words.of(column), scope="col") for column in table.columns)))
    rows = (tag("tr", (tag("td", words.of(cell)) for cell in row)) for row in table.rows[:ROWS_SHOWN])
    more = len(table.rows) - ROWS_SHOWN
    return join(
        tag("table", head, tag("tbody", rows)),
        tag("p", words("items.more-rows", n=more), class_="note") if more > 0 else None,
    )


def _comments(comments: Sequence[Comment], words: Words) -> Html | None:
    """What was said, folded; a reply says whom it replies to."""
    if not comments:
        return None
    authors = {comment.id: comment.by for comment in comments}

    def one(comment: Comment) -> Html:
        to = authors.get(comment.reply_to or "")
        head: list[Content] = [tag("b", comment.by), " ", words.day(comment.at)]
        if to is not None:
            head += [" ", words("comments.reply", to=to)]
        return tag("li", tag("p", head, class_="note"), tag("p", comment.text, class_="long"))

    summary = tag("summary", words("comments", n=len(comments)))
    return tag("details", summary, tag("ul", map(one, comments), class_="plain"), class_="comments")


def _choice(choice: ItemAssessment, said: Said, words: Words) -> Html:
    return tag(
        "li",
        tag("p", state_mark(choice.state, words), " ", words.prose(choice.ask)),
        _because(choice, False, words),
        _answer(choice, words),
        _evidence(choice, words),
        _comments(said.get(choice.name, ()), words),
    )


def _spaced(says: Iterable[Content]) -> Iterable[Html]:
    """Contents side by side; plain words among them are set apart by a dot."""
    for place, said in enumerate(says):
        yield join(("" if not place else " " if isinstance(said, Html) else " · "), said)
