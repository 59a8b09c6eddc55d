"""Evidence of a recorded run, and whether the workspace still matches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from orr.evaluate.ballot import Ballot
from orr.evaluate.case import Case
from orr.messages import say
from orr.model.content import Content
from orr.model.finding import Collected, Evidence, Finding, Outcome
from orr.model.release import Release, Subject, SubjectKind, digest_of

if TYPE_CHECKING:
    from orr.workspace.workspace import Workspace

_ASKED = ("workload", "checklist")
"""Parts of a ballot that say what checks are asked, and where they look."""
_REVIEWED = ("answer", "waiver", "pre-mortem", "policy")
"""Parts that a check of the review itself looks at."""


def evidence_of(recorded: Mapping[str, Any], today: date) -> Evidence:
    """The findings of a recorded assessment, as far as they hold on a day.

    Parameters
    ----------
    recorded
        In the form `orr.assessment/1`.
    today
        The day. What may be another each day is unknown on any day but that of the run.
    """
    made_from = collected_of(recorded)
    daily = set(made_from.daily) if made_from is not None and recorded["today"] != today.isoformat() else set()
    findings: dict[str, tuple[Finding, ...]] = {}
    contents = _contents(recorded)
    for item in recorded["items"]:
        told = [_finding(one) for one in item["evidence"]]
        if told and contents:  # a ballot has each part once, wherever it was found
            told[0], contents = replace(told[0], content=contents), ()
        for name, count in (item["choices"] or {item["item"]: len(told)}).items():
            findings[name], told = tuple(told[:count]), told[count:]
            if name in daily:
                findings[name] = tuple(_of_another_day(one, recorded["today"]) for one in findings[name])
    return Evidence({name: found for name, found in findings.items() if found}, collected=made_from)


def collected_of(recorded: Mapping[str, Any]) -> Collected | None:
    """What a recorded assessment was made from; None where it does not say."""
    told = recorded.get("collected")
    if told is None:
        return None
    return Collected(told["read"], told["found"], tuple(told["allowed"]), tuple(told["daily"]))


def with_files_now(workspace: Workspace, case: Case, evidence: Evidence) -> Evidence:
    """The same with what became by now of the files that are attached to answers."""
    from orr.evaluate.applies import left_out
    from orr.evidence.attachments import Verified, Verifier, with_attached
    from orr.model.checklist import item_id

    verifier = Verifier(workspace.places(case))
    attached: dict[str, Verified] = {}
    for checklist in case.checklists:
        for section in checklist.sections:
            for item in section.items:
                name = item_id(checklist.checklist, item.item)
                answer, answer_from = case.answer(item.scope, name)
                if answer is None or answer_from is None or not answer.evidence:
                    continue
                if left_out(item, case, workspace.today) is None:
                    attached[name] = verifier.verify(answer, answer_from)
    return with_attached(evidence, attached)


def differing(recorded: Mapping[str, Any], ballot: Ballot, workspace: Workspace, case: Case) -> Iterator[str]:
    """Name what the evidence of a run was made from and is not so any more.

    Parameters
    ----------
    recorded
        The run's assessment.
    ballot
        What is voted on by now.
    """
    from orr.evidence.provenance import differing as files_differing

    made_from = collected_of(recorded)
    assert made_from is not None
    then: Mapping[str, Sequence[str]] = recorded["ballot"]
    reviewed = any(spec.check == "review" for one in case.checklists for spec in one.specs)
    kinds = (*_ASKED, *_REVIEWED) if reviewed else _ASKED
    names = [name for name in {**then, **ballot} if name.partition(":")[0] in kinds or name == "review:occasion"]
    for name in names:
        now = ballot[name].digest if name in ballot else ""
        if name not in then or not now or not now.startswith(then[name][0]):
            yield name.replace(":", " ", 1)
    yield from files_differing(made_from, workspace.places(case), workspace.settings)


def release_of(recorded: Mapping[str, Any]) -> Release:
    """What a recorded assessment is about."""
    told = recorded.get("release") or {}
    return Release(**{**told, "images": tuple(told.get("images", ()))})


def is_of(recorded: Mapping[str, Any], release: Release) -> bool:
    """Whether a recorded assessment is about a release: every artifact of it, in the same environment."""
    if recorded.get("simulated", True) or not release:
        return False
    then = release_of(recorded)
    if release.commit is not None and not (
        then.commit is not None and (then.commit.startswith(release.commit) or release.commit.startswith(then.commit))
    ):
        return False
    same = all(
        (now is None and was is None) or (now is not None and then.is_about(Subject(kind, now, "")))
        for kind, now, was in (
            (SubjectKind.ENVIRONMENT, release.environment, then.environment),
            (SubjectKind.VERSION, release.version, then.version),
        )
    )
    return same and {digest_of(one) for one in release.images} <= then.digests


def _contents(recorded: Mapping[str, Any]) -> tuple[Content, ...]:
    found = ((name.partition(":")[2], told) for name, told in recorded["ballot"].items() if name.startswith("content:"))
    return tuple(Content(about, told[1] if len(told) > 1 else "", told[0]) for about, told in found)


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(
        told["check"],
        Outcome(told["outcome"]),
        told["says"],
        holds_until=date.fromisoformat(told["holds_until"]) if told["holds_until"] else None,
        collected=datetime.fromisoformat(told["collected"]) if told["collected"] else None,
        subjects=tuple(_subjects(told["subjects"])),
        nothing=told["nothing"],
    )


def _subjects(told: Iterable[Mapping[str, str]]) -> Iterator[Subject]:
    for one in told:
        yield Subject(SubjectKind(one["kind"]), one["value"], one["place"])


def _of_another_day(finding: Finding, day: str) -> Finding:
    if finding.outcome is Outcome.NOT_MET:
        return finding
    return replace(finding, outcome=Outcome.UNKNOWN, says=say("proof.daily", day=day, says=finding.says))
