"""Combine what several sources found for one question. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orr.evaluate.states import severity_of
from orr.messages import Said, say
from orr.model.checklist import ANY_OF
from orr.model.finding import Finding, Outcome, Table

_PROVING = (Outcome.MET, Outcome.PARTIAL)


def combined(findings: Sequence[Finding], aside: Sequence[str] = ()) -> Finding:
    """The finding of a group of checks of which one that proves is enough.

    The worst decides: something wrong before what could not be found out, and that before any proof. What found
    nothing is silent beside what proves, in whole or in part; without any proof the group is not met.

    Parameters
    ----------
    findings
        What each source found, in the order of the group; at least one.
    aside
        Kinds or products of the group that `orr.yaml` does not set up, and that were not asked.

    Returns
    -------
    Finding
        It holds as long as one of those that prove it does.
    """
    proven = any(one.outcome in _PROVING for one in findings)
    counted = [one for one in findings if not (proven and one.nothing)]
    outcomes = [Outcome.NOT_MET if one.nothing else one.outcome for one in counted]
    worst = max(outcomes, key=severity_of)
    deciding = [one for one, outcome in zip(counted, outcomes, strict=True) if outcome is worst]
    told = deciding if worst is Outcome.MET else [one for one in counted if one.outcome is not Outcome.MET]
    says: Said = _sentence([*deciding, *(one for one in told if one not in deciding)])
    nothing = all(one.nothing for one in counted)
    if aside and nothing:  # what another source finds betters nothing that is wrong
        says = say("evidence.sources.aside", says=says, sources=list(aside))
    return Finding(
        ANY_OF,
        worst,
        says,
        _last_day(deciding, worst),
        max((one.collected for one in findings if one.collected is not None), default=None),
        _table(findings),
        sum(one.seconds for one in findings),
        deciding[0].picture if len(deciding) == 1 else None,
        tuple(dict.fromkeys(content for one in counted for content in one.content)),
        tuple(subject for one in deciding for subject in one.subjects),
        nothing,
        deciding[0].where,
    )


def _sentence(findings: Sequence[Finding]) -> Said:
    says: Said = say("evidence.sources.said", check=findings[0].check, says=findings[0].says)
    for one in findings[1:]:
        says = say("evidence.joined", first=says, then=say("evidence.sources.said", check=one.check, says=one.says))
    return says


def _last_day(deciding: Sequence[Finding], worst: Outcome) -> date | None:
    """Last day of validity: the latest of full proofs, the earliest of partial ones."""
    ends = [one.holds_until for one in deciding if one.holds_until is not None]
    if worst is Outcome.MET:
        return max(ends) if len(ends) == len(deciding) else None
    return min(ends, default=None) if worst is Outcome.PARTIAL else None


def _table(findings: Sequence[Finding]) -> Table | None:
    if len(findings) < 2:
        return findings[0].table
    rows: list[tuple[Said, ...]] = [(one.check, one.label, one.says) for one in findings]
    columns = tuple(say(f"evidence.column.{name}") for name in ("source-asked", "outcome", "said"))
    return Table(columns, tuple(rows))
