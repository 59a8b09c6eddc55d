"""The check `metric`: a Prometheus query against bounds and its own past."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from orr.evaluate.states import severity_of
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects, Refused
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.live.bounds import Bound, Judged, Number, bound_faults
from orr.evidence.live.client import place_of
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.query import shown
from orr.evidence.live.request import SECONDS, Address, Headers, Seconds, address_and_secrets, json_of, request_of
from orr.evidence.live.templates import Filling
from orr.messages import Message, Said, say
from orr.model.fields import After, Days, Within
from orr.model.finding import Finding, Outcome, Table
from orr.model.picture import Course

POINTS = 500
HALF = 0.5
MAX_SERIES = 500
MAX_ROWS = 100
DRAWN = 120
_DAY = 86_400

Labels = tuple[tuple[str, str], ...]


def _query(query: str) -> str:
    if not query.strip():
        raise Refused(say("act.metric.no-query"), say("act.metric.no-query.do"))
    return query


Query = Annotated[str, After(_query), Expects(say("act.expects.query"))]
Times = Annotated[float, Within(gt=0, allow_inf_nan=False), Expects(say("act.expects.times"))]


@dataclass(frozen=True)
class Past:
    """What a series was over the time before.

    Attributes
    ----------
    usual
        The median.
    lowest, highest
        Between what it was.
    covered
        How much of the time has points, from 0 to 1.
    points
        Some of its values, oldest first, at equal distances.
    """

    usual: float
    lowest: float
    highest: float
    covered: float
    points: tuple[float, ...] = ()


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from bound_faults(given)
    yield from address_and_secrets(given["at"], given.get("headers"), "at")
    times = [name for name in ("at_least_times", "at_most_times") if given.get(name) is not None]
    bounded = [name for name in ("at_least", "at_most") if given.get(name) is not None]
    if not times and not bounded and not given.get("none"):
        yield "check", say("act.metric.no-bound"), say("act.metric.no-bound.do")
    if times and given.get("baseline") is None:
        yield times[0], say("act.metric.no-baseline"), say("act.metric.no-baseline.do")
    if given.get("baseline") is not None and not times:
        yield "baseline", say("act.metric.no-times"), say("act.metric.no-times.do")
    if given.get("none") and times:
        yield "none", say("act.bound.none-beside"), say("act.bound.none-beside.do")


@check(acts=True, seconds=120, at_once=4, verify=_verify)
def metric(
    context: Context,
    at: Address,
    query: Query,
    at_least: Number | None = None,
    at_most: Number | None = None,
    none: bool = False,
    baseline: Days | None = None,
    at_least_times: Times | None = None,
    at_most_times: Times | None = None,
    headers: Headers | None = None,
    timeout: Seconds = SECONDS,
) -> Finding:
    """Query Prometheus and hold every series against bounds or its past."""
    tokens = Tokens()
    filling = Filling(context.workload)
    asked = filling.text(query)
    now = time.time()

    def ask(path: str, **parameters: Any) -> list[Any]:
        url = f"{filling.address(at).rstrip('/')}/api/v1/{path}?{urlencode(parameters)}"
        request = request_of(filling, tokens, url, headers=headers)
        return _result(json_of(request, tokens, timeout)[1], place_of(url))

    with tokens.guarded():
        series = _instant(ask("query", query=asked, time=f"{now:.3f}"))
        if none or not series:
            return tokens.hidden_finding(_emptiness(none, series, asked))
        past = {}
        if baseline is not None:
            span = baseline * _DAY
            step = max(15, math.ceil(span / POINTS))
            matrix = ask("query_range", query=asked, start=f"{now - span:.3f}", end=f"{now:.3f}", step=step)
            past = _past(matrix, span / step, now - step)
        bound = Bound(at_least=at_least, at_most=at_most)
        judged = {
            labels: _judge(value, bound, context, past.get(labels), baseline, at_least_times, at_most_times)
            for labels, value in series.items()
        }
    finding = _finding(asked, series, judged, past)
    if baseline is not None:
        finding = replace(finding, picture=_picture(series, judged, past, baseline, bound))
    return tokens.hidden_finding(finding)


def _result(data: Any, place: str) -> list[Any]:
    """The series of an answer of Prometheus."""
    if not isinstance(data, dict) or data.get("status") != "success":
        why = data.get("error", "") if isinstance(data, dict) else ""
        raise Undetermined(say("act.metric.failed", place=place, why=shown(why)))
    if data.get("warnings"):
        raise Undetermined(say("act.metric.warnings", place=place, why=shown(data["warnings"])))
    found = data.get("data")
    if not isinstance(found, dict) or not isinstance(found.get("result"), list):
        raise Undetermined(say("act.metric.no-answer", place=place))
    kind = found.get("resultType")
    result: list[Any] = found["result"]
    if kind == "scalar":
        return [{"metric": {}, "value": result}]
    if kind not in ("vector", "matrix"):
        raise Undetermined(say("act.metric.kind", kind=shown(kind)))
    if len(result) > MAX_SERIES:
        raise Undetermined(say("act.metric.too-many", n=len(result), limit=MAX_SERIES))
    return result


def _instant(result: list[Any]) -> dict[Labels, float]:
    series: dict[Labels, float] = {}
    for one in result:
        if not isinstance(one, dict) or "value" not in one:
            raise Undetermined(say("act.metric.kind", kind="histogram"))
        labels = _labels(one)
        if labels in series:
            raise Undetermined(say("act.metric.twice", series=_name(labels)))
        series[labels] = _sample(one["value"])[1]
    return series


def _past(result: list[Any], expected: float, before: float) -> dict[Labels, Past]:
    past: dict[Labels, Past] = {}
    for one in result:
        if not isinstance(one, dict) or not isinstance(one.get("values"), list):
            raise Undetermined(say("act.metric.kind", kind="histogram"))
        samples = [_sample(sample) for sample in one["values"]]
        values = [value for moment, value in samples if moment <= before and math.isfinite(value)]
        if values:
            usual = statistics.median(values)
            every = values[:: math.ceil(len(values) / (DRAWN - 1))]
            past[_labels(one)] = Past(usual, min(values), max(values), len(values) / expected, tuple(every))
    return past


def _labels(one: Mapping[str, Any]) -> Labels:
    labels = one.get("metric")
    if not isinstance(labels, dict):
        raise Undetermined(say("act.metric.kind", kind=shown(labels)))
    return tuple(sorted((str(name), str(value)) for name, value in labels.items()))


def _sample(sample: Any) -> tuple[float, float]:
    try:
        moment, value = sample
        if not isinstance(value, str):
            raise TypeError
        return float(moment), float(value)
    except (TypeError, ValueError):
        raise Undetermined(say("act.metric.sample", sample=shown(sample))) from None


def _emptiness(none: bool, series: Mapping[Labels, float], query: str) -> Finding:
    if not none:
        raise Undetermined(say("act.metric.empty", query=shown(query)))
    if not series:
        return Finding("", Outcome.MET, say("act.metric.none", query=shown(query)))
    says = say("act.metric.some", n=len(series), query=shown(query), series=_name(next(iter(series))))
    return Finding("", Outcome.NOT_MET, says, table=_table(series, {}))


def _judge(
    value: float,
    bound: Bound,
    context: Context,
    past: Past | None,
    days: int | None,
    least_times: float | None,
    most_times: float | None,
) -> Judged:
    if not math.isfinite(value):
        return Judged(Outcome.UNKNOWN, say("act.metric.not-finite", value=str(value)))
    judged = [bound.judge(value, context.today, context.timezone)] if bound.asks else []
    if days is not None:
        beside = _beside(value, past, days, least_times, most_times)
        if bound.asks and beside.outcome is Outcome.NOT_MET:
            beside = replace(beside, outcome=Outcome.PARTIAL)  # within what is allowed, though not as usual
        judged.append(beside)
    worst = max(judged, key=lambda one: severity_of(one.outcome))
    return worst if worst.outcome is not Outcome.MET else Judged(worst.outcome, _joined(judged))


def _beside(value: float, past: Past | None, days: int, least: float | None, most: float | None) -> Judged:
    if past is None:
        return Judged(Outcome.UNKNOWN, say("act.metric.no-past", n=days))
    if past.covered < HALF:
        return Judged(Outcome.UNKNOWN, say("act.metric.short-past", n=days, part=f"{past.covered:.0%}"))
    if past.usual <= 0:
        return Judged(Outcome.UNKNOWN, say("act.metric.usual-zero", usual=past.usual))
    times = value / past.usual
    figures = {"value": value, "usual": past.usual, "times": f"{times:.2f}", "n": days}
    if least is not None and times < least:
        return Judged(Outcome.NOT_MET, say("act.metric.under-usual", limit=least, **figures))
    if most is not None and times > most:
        return Judged(Outcome.NOT_MET, say("act.metric.over-usual", limit=most, **figures))
    return Judged(Outcome.MET, say("act.metric.as-usual", **figures))


def _joined(judged: list[Judged]) -> Message:
    return say("act.bound.said", words=[one.says for one in judged])


def _finding(
    query: str, series: Mapping[Labels, float], judged: Mapping[Labels, Judged], past: Mapping[Labels, Past]
) -> Finding:
    worst_labels, worst = max(judged.items(), key=lambda entry: severity_of(entry[1].outcome))
    good = sum(one.outcome is Outcome.MET for one in judged.values())
    says = say(
        "act.metric.said" if len(judged) == 1 else "act.metric.said-many",
        query=shown(query),
        good=good,
        of=len(judged),
        series=_name(worst_labels),
        words=worst.says,
    )
    table = _table(series, past) if len(series) > 1 or past else None
    return Finding("", worst.outcome, says, table=table)


def _picture(
    series: Mapping[Labels, float],
    judged: Mapping[Labels, Judged],
    past: Mapping[Labels, Past],
    days: int,
    bound: Bound,
) -> Course | None:
    """The past of the worst series, with its usual value and the bounds."""
    labels = max(judged, key=lambda one: severity_of(judged[one].outcome))
    before = past.get(labels)
    if before is None or not math.isfinite(series[labels]):
        return None
    bounds: list[tuple[Said, float]] = [(say("act.metric.picture.usual", value=before.usual), before.usual)]
    for name, limit in (("most", bound.at_most), ("least", bound.at_least)):
        if limit is not None and math.isfinite(limit):
            bounds.append((say(f"act.metric.picture.{name}", value=float(limit)), float(limit)))
    ends = say("act.metric.picture.past", n=days), say("act.metric.picture.now")
    title = say("act.metric.picture", n=days, series=_name(labels))
    return Course(title, (*before.points[: DRAWN - 1], series[labels]), ends, tuple(bounds))


def _name(labels: Labels) -> str:
    inside = ", ".join(f'{name}="{value}"' for name, value in labels if name != "__name__")
    return shown(dict(labels).get("__name__", "") + "{" + inside + "}")


def _table(series: Mapping[Labels, float], past: Mapping[Labels, Past]) -> Table:
    names = ("series", "value") + (("usual", "lowest", "highest") if past else ())
    rows = []
    for labels, value in list(series.items())[:MAX_ROWS]:
        before = past.get(labels)
        figures = [value] + ([before.usual, before.lowest, before.highest] if before else [])
        cells = [_name(labels), *(f"{figure:g}" for figure in figures)]
        rows.append(tuple(cells + [""] * (len(names) - len(cells))))
    return Table(tuple(say(f"act.column.{name}") for name in names), tuple(rows))
