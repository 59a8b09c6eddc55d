"""Objectives, indicators and alert policies of OpenSLO, from v1alpha to v2alpha.

https://github.com/OpenSLO/OpenSLO and its `enhancements/v2alpha.md`, where indicators are called `sli`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orr.evidence.checks.alerts.expressions import is_constant, normal
from orr.evidence.checks.slo.objective import MAX_NAME, Measure, Objective, Thing, mapping, texts
from orr.messages import say
from orr.source.yaml.go import number, text

VERSIONS = re.compile(r"openslo/v1(?:alpha|beta1)?|openslo(?:\.com)?/v2alpha1?")

_DAYS = {"s": 1 / 86_400, "m": 1 / 1_440, "h": 1 / 24, "d": 1.0, "w": 7.0, "M": 30.0, "Q": 91.0, "Y": 365.0}
_DURATION = re.compile(r"(\d{1,6})([smhdwMQY])")
_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "quarter": "Q", "year": "Y"}
_INLINE = ("indicator", "sli")
_NAMED = ("indicatorRef", "sliRef")


class Policy:
    """Alert policy: whether it alerts, and the conditions that it names.

    Parameters
    ----------
    spec
        Its specification.
    """

    def __init__(self, spec: Thing) -> None:
        self.alerts = spec.flag("alertWhenBreaching") is not False
        self.named: set[str] = set()
        self.inline = 0
        self._conditions(spec.data.get("conditions"))

    def holds(self, conditions: set[str]) -> bool:
        """Whether it alerts on conditions that all are there."""
        return self.alerts and bool(self.named or self.inline) and self.named <= conditions

    def _conditions(self, given: Any) -> None:
        for one in given if isinstance(given, list) else ():
            condition = mapping(one)
            reference = text(condition.get("conditionRef")).strip()
            if reference:
                self.named.add(reference)
            elif condition.get("spec"):
                self.inline += 1
            for key in ("and", "or"):
                self._conditions(condition.get(key))


def window_days(written: str) -> float | None:
    """The days of a duration such as `28d`, `4w` or `1M`."""
    found = _DURATION.fullmatch(written.strip())
    return None if found is None else int(found[1]) * _DAYS[found[2]]


def name_of(thing: Thing) -> str:
    """The name by which others refer to it."""
    return text(mapping(thing.data.get("metadata")).get("name"))[:MAX_NAME]


def objectives(slo: Thing) -> Iterator[Objective]:
    """The objectives of one SLO."""
    spec = slo.below("spec")
    inline, named = _policies(spec)
    metadata = mapping(slo.data.get("metadata"))
    given = spec.data.get("objectives")
    listed = given if isinstance(given, list) and given else [{}]
    name = name_of(slo) or "?"
    for place, one in enumerate(listed):
        objective = mapping(one)
        target, written, wrong = _target(objective)
        shown = text(objective.get("displayName"))[:MAX_NAME] or f"{name}#{place + 1}"
        own = [part for part in (objective, spec.data) if any(part.get(key) for key in (*_INLINE, *_NAMED))]
        own += [objective] if "ratioMetrics" in objective else []
        yield Objective(
            name=shown if len(listed) > 1 else name,
            service=text(spec.data.get("service"))[:MAX_NAME],
            path=slo.document.path,
            line=slo.line("spec", "objectives", place) if given else slo.line("metadata", "name"),
            target=target,
            written=written[:20] or "—",
            days=_window(spec.data),
            measure=_measured(own),
            indicators=tuple(text(part[key]).strip() for part in own for key in _NAMED if text(part.get(key)).strip()),
            alerts=inline,
            policies=named,
            labels=texts(metadata.get("labels")),
            names=(f"{name}-{place}", *(() if len(listed) > 1 else (name,))),
            wrong=wrong,
            data={**spec.data, "objectives": [objective]},
        )


def measure(indicator: Mapping[str, Any]) -> Measure:
    """Measure of an indicator."""
    spec = mapping(indicator.get("spec")) or indicator
    ratio = mapping(spec.get("ratioMetric") or spec.get("ratioMetrics") or indicator.get("ratioMetrics"))
    threshold = _content(spec.get("thresholdMetric"))
    good, bad, total, raw = (_content(ratio.get(key)) for key in ("good", "bad", "total", "raw"))
    for key, query in (*threshold, *good, *bad, *total, *raw):
        if key.endswith("query") and is_constant(query):
            return Measure(True, say("slo.constant", query=query[:80]))
    if (good or bad) and total:
        some, others, every = ([(key, normal(query)) for key, query in one] for one in (good, bad, total))
        return Measure(True, say("slo.alike") if every in (some, others) else None)
    return Measure(bool(threshold or raw))


def _measured(parts: list[Mapping[str, Any]]) -> Measure:
    """Measure of the indicators inside an objective."""
    found = [measure(mapping(part[key])) for part in parts for key in _INLINE if part.get(key)]
    found += [measure(part) for part in parts if "ratioMetrics" in part]
    if any(not one.said for one in found):
        return Measure(False)
    return next((one for one in found if one.wrong is not None), found[0] if found else Measure(False))


def _content(metric: Any) -> tuple[tuple[str, str], ...]:
    """Texts of a metric by key; none if only its source is given."""
    found: list[tuple[str, str]] = []

    def walk(value: Any, at: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{at}/{key}")
        elif isinstance(value, list):
            for inner in value:
                walk(inner, at)
        elif text(value).strip():
            found.append((at, " ".join(text(value).split())))

    walk(metric, "")
    says = any(not re.search(r"/(?:type|source|queryType|\w+Ref)$", key) for key, _ in found)
    return tuple(sorted(found)) if says else ()


def _target(objective: Mapping[str, Any]) -> tuple[float | None, str, Any]:
    percent = objective.get("targetPercent")
    if percent is not None:
        return number(percent), text(percent), None
    target = number(objective.get("target"))
    written = text(objective.get("target"))
    # A ratio by the specification; 99.9 as a ratio can never be met.
    wrong = say("slo.percent", target=written) if target is not None and target > 1 else None
    return None if target is None else round(target * 100, 9), written, wrong


def _window(spec: Mapping[str, Any]) -> float | None:
    windows = spec.get("timeWindow") or spec.get("timeWindows")
    first = mapping(windows[0] if isinstance(windows, list) and windows else windows)
    if "duration" in first:
        return window_days(text(first["duration"]))
    unit = _UNITS.get(text(first.get("unit")).casefold().rstrip("s"))
    count = number(first.get("count"))
    return None if unit is None or count is None else count * _DAYS[unit]


def _policies(spec: Thing) -> tuple[int, tuple[str, ...]]:
    """Number of inline policies that alert, and names of others."""
    given = spec.data.get("alertPolicies")
    inline, named = 0, []
    for place, policy in enumerate(given if isinstance(given, list) else ()):
        reference = text(policy if isinstance(policy, str) else mapping(policy).get("alertPolicyRef")).strip()
        if reference:
            named.append(reference)
        elif isinstance(policy, dict):
            here = Thing(spec.document, (*spec.at, "alertPolicies", place), policy)
            inline += Policy(here.below("spec")).holds(set())
    return inline, tuple(named)
