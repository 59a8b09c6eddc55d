"""Read a workload's reviews from the Well-Architected Tool; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orr.evidence.checks.aws.causes import cause_of
from orr.evidence.errors import Undetermined

SERVICE = "wellarchitected"
FRAMEWORK = "wellarchitected"
"""The alias of the lens that is AWS's own framework."""
_PAGE = 50


@dataclass(frozen=True, slots=True)
class LensReview:
    """A lens that a workload is reviewed with.

    Attributes
    ----------
    alias, name
        The alias or ARN of the lens, and its name.
    status
        `CURRENT`, or why its version is not: `NOT_CURRENT` where a newer one waits, `DELETED` and others.
    updated
        When the review was last changed.
    """

    alias: str
    name: str
    status: str
    updated: datetime | None

    @property
    def is_framework(self) -> bool:
        """Whether it is the lens of AWS's own framework, by its alias or ARN."""
        return self.alias.rpartition("/")[2] == FRAMEWORK


def lens_reviews(client: Any, workload: str) -> list[LensReview]:
    """The lenses that a workload is reviewed with.

    Raises
    ------
    Undetermined
        If the tool does not answer.
    """
    found = _pages(client.list_lens_reviews, "ListLensReviews", "LensReviewSummaries", WorkloadId=workload)
    return [
        LensReview(
            one.get("LensAlias") or one.get("LensArn") or "",
            one.get("LensName") or "",
            one.get("LensStatus") or "NOT_CURRENT",
            one.get("UpdatedAt"),
        )
        for one in found
    ]


def answers(client: Any, workload: str, alias: str) -> Iterator[Mapping[str, Any]]:
    """Answers to a lens, with notes and the choices offered; see `lens_reviews`."""
    given = {"WorkloadId": workload, "LensAlias": alias}
    for summary in _pages(client.list_answers, "ListAnswers", "AnswerSummaries", **given):
        whole = _ask(client.get_answer, "GetAnswer", **given, QuestionId=summary["QuestionId"])
        yield whole["Answer"]


def milestones(client: Any, workload: str) -> list[str]:
    """The names of a workload's milestones; see `lens_reviews`."""
    found = _pages(client.list_milestones, "ListMilestones", "MilestoneSummaries", WorkloadId=workload)
    return [str(one.get("MilestoneName", "")) for one in found]


def _pages(call: Callable[..., Any], operation: str, key: str, **given: Any) -> Iterator[Mapping[str, Any]]:
    token = None
    while True:
        page = _ask(call, operation, **given, MaxResults=_PAGE, **({"NextToken": token} if token else {}))
        yield from page.get(key, ())
        token = page.get("NextToken")
        if not token:
            return


def _ask(call: Callable[..., Any], operation: str, **given: Any) -> Any:
    try:
        return call(**given)
    except Exception as error:
        raise Undetermined(cause_of(error, SERVICE, operation)) from error
