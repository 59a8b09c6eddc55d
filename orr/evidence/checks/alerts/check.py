"""The check `alerts`: every alert has a severity, an owner and a response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from orr.evaluate.states import severity_of
from orr.evidence.checks.alerts.responses import Allowed, Response, few, response_of
from orr.evidence.checks.alerts.rules import Alert, is_filled_in, read_rules, wakes_nobody
from orr.evidence.context import Context
from orr.evidence.documents.formats import beside_seen
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.kinds.parameters import Count, Globs, Texts
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.sentences import beside_unread, clauses, in_short, nothing_matches, worst_or_alike
from orr.messages import Message, Said, say
from orr.model.content import Content, data_text
from orr.model.finding import Finding, Outcome, Table
from orr.system.addresses import host_name, read_address

MAX_ROWS = 200
READS = ("Prometheus rules", "YAML")

SEVERITY = ("severity",)
OWNER = ("owner", "team", "owner_team", "owning_team", "team_name", "service_owner", "squad")
RESPONSE = ("runbook_url", "runbook", "playbook_url", "playbook")


@dataclass(frozen=True)
class Asked:
    """What each alert is held to."""

    severity: Sequence[str]
    severities: Sequence[str]
    owner: Sequence[str]
    response: Sequence[str]
    respond_to: Sequence[str]
    allowed: Allowed


@dataclass
class Judged:
    """One alert as it was judged; `bad` is by what it lacks."""

    alert: Alert
    bad: dict[str, tuple[Outcome, Said]] = field(default_factory=dict)
    severity: str = "—"
    owner: str = "—"
    response: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        return max((one for one, _ in self.bad.values()), key=severity_of, default=Outcome.MET)


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    for key in ("hosts", "any_case"):
        for host in given.get(key) or ():
            if host_name(host.strip().removeprefix("*.")) is None:
                yield key, say("alerts.no-host", host=host), say("alerts.no-host.do")
    for address in given.get("base") or ():
        if read_address(address) is None:
            yield "base", say("alerts.no-base", address=address), say("alerts.no-base.do")


@check(verify=_verify, day="never", movable=("path",))
def alerts(
    context: Context,
    path: Globs,
    at_least: Count = 1,
    severity: Texts | None = None,
    severities: Texts | None = None,
    owner: Texts | None = None,
    response: Texts | None = None,
    respond_to: Texts | None = None,
    hosts: Texts | None = None,
    base: Texts | None = None,
    heading: bool = True,
    any_case: Texts | None = None,
    ignore: Texts | None = None,
) -> Finding:
    """Read alerting rules: the severity, the owner and the response of each alert."""
    found = context.find(path)
    unread: list[Said] = [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    if not found.files and not unread:
        return nothing_matches("alerts.no-file", path, found)
    listed, more_unread = read_rules(context, found.files)
    unread += more_unread
    asked = Asked(
        severity or SEVERITY,
        severities or (),
        owner or OWNER,
        response or RESPONSE,
        respond_to or (),
        Allowed(hosts or (), [one for one in map(read_address, base or ()) if one], heading, any_case or ()),
    )
    kept = [one for one in listed if not any(fnmatchcase(one.name, pattern) for pattern in ignore or ())]
    judged = [_judge(context, one, asked) for one in kept]
    made = _sum_up(judged, unread, path, len(found.files), len(listed) - len(kept), at_least)
    content = (Content.of(f"{one.path}: {one.name}", data_text(one.rule)) for one in kept)
    made = replace(made, content=tuple(content))
    if listed or unread:
        return made
    return replace(made, says=beside_seen(made.says, context, found.files, READS))


def _judge(context: Context, alert: Alert, asked: Asked) -> Judged:
    judged = Judged(alert)
    if alert.faults:
        judged.bad["fault"] = (Outcome.NOT_MET, say("alerts.fault", faults=list(alert.faults)))
    elif alert.doubts:
        judged.bad["fault"] = (Outcome.UNKNOWN, clauses(alert.doubts))
    severity, owner = alert.value(asked.severity), alert.value(asked.owner)
    judged.severity = severity[1][:60] if severity else "—"
    judged.owner = owner[1][:80] if owner else "—"
    for what, found, why in (
        ("severity", severity, _severity_fault(severity, asked)),
        ("owner", owner, _owner_fault(owner, asked)),
    ):
        if found is not None and found[0] in alert.variables:
            judged.bad[what] = (Outcome.UNKNOWN, _variable(found))
        elif why is not None:
            judged.bad[what] = (Outcome.NOT_MET, why)
    # An alert of a severity that nobody knows may wake someone.
    known = severity is not None and severity[0] not in alert.variables and not is_filled_in(severity[1])
    if asked.respond_to and severity is not None and known and severity[1] not in asked.respond_to:
        return judged
    response = alert.value(asked.response)
    if response is not None and response[0] in alert.variables:
        judged.response = response[1][:200]
        judged.bad["response"] = (Outcome.UNKNOWN, _variable(response))
        return judged
    answer: Response = response_of(context, alert, asked.response, asked.allowed)
    judged.response = answer.shown[:200]
    if answer.why is not None:
        judged.bad["response"] = (answer.outcome, answer.why)
    return judged


def _severity_fault(found: tuple[str, str] | None, asked: Asked) -> Message | None:
    if found is None:
        return say("alerts.no-severity", keys=few(asked.severity))
    severity = found[1]
    if severity in asked.severities:
        return None
    if asked.severities:
        key = "alerts.severity-filled-in" if is_filled_in(severity) else "alerts.other-severity"
        return say(key, severity=severity[:60], known=list(asked.severities))
    if wakes_nobody(severity):
        return say("alerts.wakes-nobody", severity=severity[:60])
    return None


def _owner_fault(found: tuple[str, str] | None, asked: Asked) -> Message | None:
    if found is None:
        return say("alerts.no-owner", keys=few(asked.owner))
    if not is_filled_in(found[1]) and is_placeholder(found[1]):
        return say("alerts.placeholder-owner", key=found[0], owner=found[1][:60])
    return None


def _variable(found: tuple[str, str]) -> Message:
    return say("alerts.variable", key=found[0], value=found[1][:40])


def _sum_up(
    judged: Sequence[Judged], unread: Sequence[Said], patterns: Sequence[str], files: int, ignored: int, at_least: int
) -> Finding:
    bad = [one for one in judged if one.bad]
    table = _table(judged)
    if len(judged) < at_least and not unread:
        if not judged:
            key = "alerts.only-ignored" if ignored else "alerts.none"
            return Finding("", Outcome.UNKNOWN, say(key, n=files, patterns=in_short(patterns), ignored=ignored))
        says = say("alerts.too-few", n=len(judged), limit=at_least, patterns=in_short(patterns))
        return Finding("", Outcome.NOT_MET, says, table=table)
    if bad and len(bad) == len(judged) and any(one.outcome is Outcome.NOT_MET for one in bad):
        outcome = Outcome.NOT_MET
    elif unread or any(one.outcome is Outcome.UNKNOWN for one in bad):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PARTIAL if bad else Outcome.MET
    if not bad:
        says = say("alerts.all-good", n=len(judged), files=say("alerts.files", n=files), patterns=in_short(patterns))
    else:
        # What two rules get wrong beside a severity, an owner and a response may be two things.
        lacks = [
            [f"{lack} {words}" if lack == "fault" else lack for lack, (_, words) in one.bad.items()] for one in bad
        ]
        worst = max(bad, key=lambda one: (severity_of(one.outcome), len(one.bad)))
        where = say("evidence.placed", what=worst.alert.name, path=worst.alert.path, line=worst.alert.line)
        why = clauses([words for _, words in worst.bad.values()])
        says = say(
            "alerts.some-bad",
            n=len(judged),
            good=len(judged) - len(bad),
            figures=_figures(bad),
            where=where,
            why=why,
            worst=worst_or_alike(where, why, lacks),
        )
    if unread:
        says = beside_unread(says if judged else None, unread)
    return Finding("", outcome, says, table=table)


def _figures(bad: Sequence[Judged]) -> list[Message]:
    counted = Counter(lack for one in bad for lack in one.bad)
    return [
        say(f"alerts.lacking.{lack}", n=counted[lack])
        for lack in ("fault", "severity", "owner", "response")
        if lack in counted
    ]


def _table(judged: Sequence[Judged]) -> Table | None:
    if not judged:
        return None
    columns = tuple(
        say(f"alerts.column.{name}") for name in ("alert", "place", "severity", "owner", "response", "lacks")
    )
    ordered = sorted(judged, key=lambda one: (-severity_of(one.outcome), -len(one.bad), one.alert.path, one.alert.line))
    rows: list[tuple[Said, ...]] = [
        (
            one.alert.name,
            f"{one.alert.path}:{one.alert.line}",
            one.severity,
            one.owner,
            one.response,
            clauses([words for _, words in one.bad.values()]) if one.bad else "",
        )
        for one in ordered[:MAX_ROWS]
    ]
    return Table(columns, tuple(rows))
