"""Bring a workload's answers from the Well-Architected Tool into its review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from orr.evaluate.case import Case
from orr.evidence.checks.aws.reviews import SERVICE, LensReview, answers, lens_reviews
from orr.evidence.checks.aws.session import askers
from orr.evidence.context import Context
from orr.formats.lens.tool import Matched, answers_of_lens, remarks_of_framework
from orr.formats.questions import fault
from orr.messages import render, say
from orr.messages.cleaning import clean
from orr.model.discussion import MAX_TEXT
from orr.model.fields import Moment
from orr.model.review import Review
from orr.source.faults import Place
from orr.workspace.discussion import add_comment, read_discussion
from orr.workspace.editing import Refused
from orr.workspace.incoming import Incoming
from orr.workspace.practices import wa_choices
from orr.workspace.workspace import Workspace


def client_of(workspace: Workspace, case: Case) -> Any:
    """A client of the tool in the workload's account and first region.

    Raises
    ------
    Refused
        If `orr.yaml` does not allow `aws`, or the user does not trust it.
    Undetermined
        If boto3, a region or credentials of that account are missing.
    """
    if "aws" not in workspace.settings.allow:
        raise Refused(say("exchange.tool.not-allowed"))
    if workspace.untrusted is not None:
        raise Refused(workspace.untrusted)
    context = Context.of(
        case.rated_workload, workspace.places(case), workspace.today, case.timezone, workspace.settings
    )
    asker = askers(context, None, None)[0]
    asker.account()
    return asker.client(SERVICE, asker.regions[0])


def read_reviews(
    workspace: Workspace, name: str, tool_id: str, by: str, on: date | None, language: str
) -> tuple[Incoming, Matched]:
    """Read what the tool knows of a workload.

    Parameters
    ----------
    workspace, name
        The workload that is answered for.
    tool_id
        The workload's id in the tool.
    by, on
        Who answers, and when; by default each lens's review of the tool says when it was last changed.
    language
        Of words that the tool has only codes for.

    Returns
    -------
    tuple
        The answers, and beside them remarks and what was not matched.

    Raises
    ------
    Undetermined
        If the tool does not answer.
    FaultyInput
        If a file that the workload needs has faults.
    """
    case = workspace.case(name)
    tool, whole = client_of(workspace, case), Matched()
    reviews = lens_reviews(tool, tool_id)
    names = Counter(review.name for review in reviews)
    for review in reviews:
        path = f"wa:{review.name or review.alias}"
        own = [one for one in case.checklists if one.lens is not None and one.lens.name == review.name]
        if not own and not review.is_framework:
            whole.notes.append(fault(path, Place(1, 1), "tool.no-lens", lens=review.name, workload=name))
            continue
        if own and names[review.name] > 1:
            whole.notes.append(fault(path, Place(1, 1), "tool.same-name", lens=review.name, alias=review.alias))
            continue
        if review.status != "CURRENT":
            whole.notes.append(fault(path, Place(1, 1), "tool.outdated", lens=review.name, status=review.status))
        given, day = list(answers(tool, tool_id, review.alias)), _day(review, on, workspace)
        if own:
            found = answers_of_lens(given, path, own, by, day, language)
        else:
            title = render(say("exchange.tool.title", lens=review.name or review.alias, on=day), language)
            found = remarks_of_framework(given, path, _items(case), wa_choices(), title, language)
        whole.answers |= found.answers
        whole.remarks += found.remarks
        whole.notes += found.notes
    return Incoming(Review(review=name, answers=whole.answers)), whole


def _day(review: LensReview, on: date | None, workspace: Workspace) -> date:
    if on is not None or review.updated is None:
        return on or workspace.today
    return min(review.updated.astimezone(workspace.timezone).date(), workspace.today)


def _items(case: Case) -> list[tuple[str, Any]]:
    return [
        (f"{checklist.checklist}/{item.item}", item)
        for checklist in case.checklists
        for section in checklist.sections
        for item in section.items
    ]


def remark(
    workspace: Workspace, name: str, remarks: Sequence[tuple[str, str]], by: str, at: Moment
) -> list[tuple[str, str]]:
    """Add those remarks to the workload's discussion that are not in it already, and give them."""
    known = {(comment.item, comment.text) for comment in read_discussion(workspace, name).comments}
    said = dict.fromkeys((item, clean(text)[:MAX_TEXT].strip()) for item, text in remarks)
    new = [one for one in said if one not in known]
    for item, text in new:
        add_comment(workspace, name, item, by, at, text)
    return new
