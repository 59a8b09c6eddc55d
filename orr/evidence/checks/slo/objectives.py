"""Read objectives from Sloth and OpenSLO files."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orr.evidence.documents.yamlstream import YamlDocument
from orr.messages import Message, say

MAX_NAME = 120
SLOTH_DAYS = 30.0
"""Sloth's window where its file names none, which it never does."""

_DAYS = {"s": 1 / 86_400, "m": 1 / 1_440, "h": 1 / 24, "d": 1.0, "w": 7.0, "M": 30.0, "Q": 91.0, "Y": 365.0}
_DURATION = re.compile(r"(\d{1,6})([smhdwMQY])")
_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective.

    Attributes
    ----------
    name, service, path, line
        What it is called, of what, and where it stands.
    target
        In per cent; None where it cannot be read.
    written
        The target as it stands in the file.
    days
        The length of its window; None where it cannot be read.
    measured
        Whether it says what is measured.
    alerts
        The alerts that its own file gives it.
    policies
        Alert policies that it names and that stand elsewhere.
    labels
        Texts that say more of it.
    names
        By which rules know it.
    wrong
        Why its target means something else than it seems to.
    """

    name: str
    service: str
    path: str
    line: int
    target: float | None
    written: str
    days: float | None
    measured: bool
    alerts: int = 0
    policies: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    wrong: Message | None = None


def objectives_in(documents: Iterable[YamlDocument]) -> list[Objective]:
    """The objectives of all documents; those of other kinds hold none."""
    return [objective for document in documents for objective in _objectives(document)]


def policies_in(documents: Iterable[YamlDocument]) -> set[str]:
    """The OpenSLO alert policies that have a condition, by name."""
    return {
        _name(document.data.get("metadata"))
        for document in documents
        if _is(document.data, "openslo/", "AlertPolicy") and _of(document.data, "spec").get("conditions")
    } - {""}


def window_days(written: Any) -> float | None:
    """The days of a duration such as `28d`, `4w` or `1M`."""
    found = _DURATION.fullmatch(str(written).strip())
    return None if found is None else int(found[1]) * _DAYS[found[2]]


def _objectives(document: YamlDocument) -> Iterator[Objective]:
    data = document.data
    if not isinstance(data, dict):
        return
    if str(data.get("version", "")).startswith("prometheus/") and "slos" in data:
        yield from _sloth(document, data, ())
    elif _is(data, "sloth.slok.dev/", "PrometheusServiceLevel"):
        yield from _sloth(document, _of(data, "spec"), ("spec",))
    elif _is(data, "openslo/", "SLO"):
        yield from _openslo(document, data)


def _sloth(document: YamlDocument, data: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Objective]:
    slos = data.get("slos")
    for number, slo in enumerate(slos if isinstance(slos, list) else ()):
        if not isinstance(slo, dict):
            continue
        written = slo.get("objective")
        target = _number(written)
        # Sloth counts in per cent: 0.999 would be met by one request in a hundred and one.
        wrong = say("slo.ratio", target=str(written)) if target is not None and 0 < target <= 1 else None
        kept = {_plain(key): value for key, value in slo.items()}
        yield Objective(
            name=str(slo.get("name") or "?")[:MAX_NAME],
            service=str(data.get("service") or "")[:MAX_NAME],
            path=document.path,
            line=document.line((*at, "slos", number)),
            target=target,
            written="—" if written is None else str(written)[:20],
            days=SLOTH_DAYS,
            measured=_sloth_measures(kept.get("sli")),
            alerts=_sloth_alerts(kept.get("alerting")),
            labels={**_texts(data.get("labels")), **_texts(slo.get("labels"))},
            names=(str(slo.get("name") or "?"),),
            wrong=wrong,
        )


def _sloth_measures(sli: Any) -> bool:
    if not isinstance(sli, dict):
        return False
    events, raw, plugin = (
        {_plain(key): value for key, value in _of(sli, name).items()} for name in ("events", "raw", "plugin")
    )
    return bool(
        (events.get("errorquery") and events.get("totalquery")) or raw.get("errorratioquery") or plugin.get("id")
    )


def _sloth_alerts(alerting: Any) -> int:
    """Sloth writes a page and a ticket alert, each unless it is disabled, under one name."""
    if not isinstance(alerting, dict) or not str(alerting.get("name") or "").strip():
        return 0
    kinds = {_plain(key): value for key, value in alerting.items()}
    return sum(_of(kinds, kind).get("disable") is not True for kind in ("pagealert", "ticketalert"))


def _openslo(document: YamlDocument, data: Mapping[str, Any]) -> Iterator[Objective]:
    spec = _of(data, "spec")
    days = _openslo_days(spec)
    inline, named = _openslo_policies(spec.get("alertPolicies"))
    shared = spec.get("indicator") or spec.get("indicatorRef")
    metadata = _of(data, "metadata")
    objectives = spec.get("objectives")
    listed = objectives if isinstance(objectives, list) and objectives else [{}]
    for number, objective in enumerate(listed):
        one: Mapping[str, Any] = objective if isinstance(objective, dict) else {}
        percent = one.get("targetPercent")
        written = percent if percent is not None else one.get("target")
        target, wrong = _number(written), None
        if percent is None and target is not None:
            # A ratio by the specification; 99.9 as a ratio can never be met.
            wrong = say("slo.percent", target=str(written)) if target > 1 else None
            target = round(target * 100, 9)
        name = _name(metadata) or "?"
        shown = str(one.get("displayName") or f"{name}#{number + 1}")[:MAX_NAME] if len(listed) > 1 else name
        yield Objective(
            name=shown,
            service=str(spec.get("service") or "")[:MAX_NAME],
            path=document.path,
            line=document.line(("spec", "objectives", number) if objectives else ("metadata", "name")),
            target=target,
            written="—" if written is None else str(written)[:20],
            days=days,
            measured=bool(shared or any(one.get(key) for key in ("indicator", "indicatorRef", "ratioMetrics"))),
            alerts=inline,
            policies=named,
            labels=_texts(metadata.get("labels")),
            names=(f"{name}-{number}", *(() if len(listed) > 1 else (name,))),
            wrong=wrong,
        )


def _openslo_days(spec: Mapping[str, Any]) -> float | None:
    windows = spec.get("timeWindow") or spec.get("timeWindows")
    first = windows[0] if isinstance(windows, list) and windows else windows
    if not isinstance(first, dict):
        return None
    if "duration" in first:
        return window_days(first["duration"])
    unit = _UNITS.get(str(first.get("unit", "")).casefold().rstrip("s"))
    count = _number(first.get("count"))
    return None if unit is None or count is None else count * _DAYS[unit]


def _openslo_policies(given: Any) -> tuple[int, tuple[str, ...]]:
    inline, named = 0, []
    for policy in given if isinstance(given, list) else ():
        if isinstance(policy, str) and policy.strip():
            named.append(policy.strip())
        elif isinstance(policy, dict):
            reference = policy.get("alertPolicyRef")
            if isinstance(reference, str) and reference.strip():
                named.append(reference.strip())
            elif _of(policy, "spec").get("conditions"):
                inline += 1
    return inline, tuple(named)


def _is(data: Any, version: str, kind: str) -> bool:
    return isinstance(data, dict) and str(data.get("apiVersion", "")).startswith(version) and data.get("kind") == kind


def _of(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _name(metadata: Any) -> str:
    return str(metadata.get("name") or "")[:MAX_NAME] if isinstance(metadata, dict) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if not isinstance(value, float) or math.isfinite(value) else None


def _texts(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {str(key): str(value).strip() for key, value in given.items() if isinstance(value, (str, int, float))}


def _plain(key: Any) -> str:
    return str(key).replace("_", "").casefold()
