"""The check `slo`: objectives exist, are in range and have alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from orr.evidence.checks.alerts.rules import read_rules
from orr.evidence.checks.slo.objective import Measure, Objective
from orr.evidence.checks.slo.reading import Library, read_objectives
from orr.evidence.context import Context
from orr.evidence.documents.formats import beside_seen
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.kinds.parameters import Count, Globs
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.sentences import beside_unread, clauses, in_short, nothing_matches, worst_or_alike
from orr.messages import Message, Said, say
from orr.model.content import Content, data_text
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome, Table

MAX_ROWS = 200
READS = ("OpenSLO", "Sloth", "Pyrra", "YAML")
MAX_NAMED = 5
OBJECTIVE = ("sloth_slo", "slo", "slo_name", "objective")
"""Labels by which an alert names its objective."""
SERVICE = ("sloth_service", "slo_service", "service")
OWNER = ("owner", "team", "owner_team", "owning_team")


@dataclass
class Judged:
    """One objective as it was judged."""

    objective: Objective
    bad: list[Message] = field(default_factory=list)
    alert: Message | str = ""


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    lowest, highest = given.get("lowest", 50.0), given.get("highest", 99.999)
    if not 0 <= lowest <= highest < 100:
        key = "highest" if "highest" in given else "lowest"
        yield key, say("slo.range"), say("slo.range.do")
    if given.get("shortest", 7) > given.get("longest", 92):
        key = "shortest" if "shortest" in given else "longest"
        yield key, say("slo.windows"), say("slo.windows.do")
    if given.get("rules") and given.get("alerts") is False:
        yield "rules", say("slo.rules-unused"), say("slo.rules-unused.do")


@check(verify=_verify, day="never", movable=("path", "rules"))
def slo(
    context: Context,
    path: Globs,
    at_least: Count = 1,
    lowest: float = 50.0,
    highest: float = 99.999,
    shortest: Days = 7,
    longest: Days = 92,
    alerts: bool = True,
    rules: Globs | None = None,
    owner: bool = False,
) -> Finding:
    """Read service level objectives: their targets, windows and alerts."""
    found = context.find(path)
    unread: list[Said] = [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    if not found.files and not unread:
        return nothing_matches("slo.no-file", path, found)
    library = read_objectives(context, found.files)
    unread += library.unread
    named = _named_in(context, rules, unread) if alerts and rules else {}
    judged = [_judge(one, library, lowest, highest, shortest, longest, owner) for one in library.objectives]
    if alerts:
        for one in judged:
            _judge_alert(one, library, named)
    made = _sum_up(judged, unread, path, len(found.files), at_least)
    content = (Content.of(f"{one.path}: {one.name}", data_text(one.data)) for one in library.objectives)
    made = replace(made, content=tuple(content))
    if judged or unread:
        return made
    return replace(made, says=beside_seen(made.says, context, found.files, READS))


def _named_in(context: Context, rules: Sequence[str], unread: list[Said]) -> dict[tuple[str, str], str]:
    """Objectives named by alert labels, with their service or none, and the alert."""
    found = context.find(rules)
    unread += [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    named: dict[tuple[str, str], str] = {}
    listed, more_unread = read_rules(context, found.files)
    unread += more_unread
    for alert in listed:
        objective = alert.labels.get(next((key for key in OBJECTIVE if key in alert.labels), ""), "")
        if objective and not alert.faults and not alert.doubts:
            service = alert.labels.get(next((key for key in SERVICE if key in alert.labels), ""), "")
            named.setdefault((objective, service), alert.name)
    return named


def _judge(
    one: Objective, library: Library, lowest: float, highest: float, shortest: int, longest: int, owner: bool
) -> Judged:
    judged = Judged(one)
    if one.target is None:
        judged.bad.append(say("slo.no-target", written=one.written))
    elif one.wrong is not None:
        judged.bad.append(one.wrong)
    elif not lowest <= one.target <= highest:
        judged.bad.append(say("slo.out-of-range", target=one.target, lowest=lowest, highest=highest))
    if one.days is None:
        judged.bad.append(say("slo.no-window"))
    elif not shortest <= one.days <= longest:
        judged.bad.append(
            say(
                "slo.window",
                days=one.days,
                shortest=say("evidence.days", n=shortest),
                longest=say("evidence.days", n=longest),
            )
        )
    judged.bad += _unmeasured(one, library)
    if owner and all(is_placeholder(one.labels.get(key, "")) for key in OWNER):
        judged.bad.append(say("slo.no-owner"))
    return judged


def _unmeasured(one: Objective, library: Library) -> Iterator[Message]:
    """Reasons why nothing is measured."""
    gone = [name for name in one.indicators if name not in library.indicators]
    if gone:
        yield say("slo.indicators-gone", n=len(gone), indicators=gone[:MAX_NAMED])
    found: list[Measure] = [library.indicators[name] for name in one.indicators if name not in gone]
    found += [one.measure] if one.measure.said or not one.indicators else []
    if any(not measure.said for measure in found):
        yield say("slo.not-measured")
    yield from (measure.wrong for measure in found if measure.wrong is not None)


def _judge_alert(judged: Judged, library: Library, named: Mapping[tuple[str, str], str]) -> None:
    one = judged.objective
    gone = [policy for policy in one.policies if not library.has_policy(policy)]
    own = one.alerts + len(one.policies) - len(gone)
    by_rule = next((named[name, of] for name in one.names for of in (one.service, "") if (name, of) in named), None)
    if own:
        judged.alert = say("slo.alerts", n=own)
    elif by_rule is not None:
        judged.alert = by_rule
    elif gone:
        judged.bad.append(say("slo.policies-gone", n=len(gone), policies=gone[:MAX_NAMED]))
    else:
        judged.bad.append(say("slo.no-alert"))


def _sum_up(
    judged: Sequence[Judged], unread: Sequence[Said], patterns: Sequence[str], files: int, at_least: int
) -> Finding:
    bad = [one for one in judged if one.bad]
    table = _table(judged)
    if len(judged) < at_least and not unread:
        if not judged:
            return Finding("", Outcome.UNKNOWN, say("slo.none", n=files, patterns=in_short(patterns)))
        says = say("slo.too-few", n=len(judged), limit=at_least, patterns=in_short(patterns))
        return Finding("", Outcome.NOT_MET, says, table=table)
    if bad and len(bad) == len(judged):
        outcome = Outcome.NOT_MET
    elif unread:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PARTIAL if bad else Outcome.MET
    says = say("slo.all-good", n=len(judged), patterns=in_short(patterns), range=_range(judged))
    if bad:
        worst = max(bad, key=lambda one: len(one.bad))
        where = say("evidence.placed", what=worst.objective.name, path=worst.objective.path, line=worst.objective.line)
        why = clauses(worst.bad)
        says = say(
            "slo.some-bad",
            n=len(judged),
            good=len(judged) - len(bad),
            where=where,
            why=why,
            worst=worst_or_alike(where, why, [[str(words) for words in one.bad] for one in bad]),
        )
    if unread:
        says = beside_unread(says if judged else None, unread)
    return Finding("", outcome, says, table=table)


def _range(judged: Sequence[Judged]) -> str:
    targets = sorted({one.objective.target for one in judged if one.objective.target is not None})
    ends = targets if len(targets) < 2 else [targets[0], targets[-1]]
    return "–".join(f"{target:.10g}" for target in ends)


def _table(judged: Sequence[Judged]) -> Table | None:
    if not judged:
        return None
    columns = tuple(
        say(f"slo.column.{name}") for name in ("objective", "service", "place", "target", "window", "alert", "lacks")
    )
    ordered = sorted(judged, key=lambda one: (-len(one.bad), one.objective.path, one.objective.line))
    rows: list[tuple[Said, ...]] = [
        (
            one.objective.name,
            one.objective.service,
            f"{one.objective.path}:{one.objective.line}",
            one.objective.written if one.objective.target is None else say("slo.share", target=one.objective.target),
            "—" if one.objective.days is None else say("slo.days", days=one.objective.days),
            one.alert,
            clauses(one.bad) if one.bad else "",
        )
        for one in ordered[:MAX_ROWS]
    ]
    return Table(columns, tuple(rows))
