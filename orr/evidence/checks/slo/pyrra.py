"""Objectives of Pyrra: `ServiceLevelObjective` of pyrra.dev/v1alpha1.

https://github.com/pyrra-dev/pyrra/blob/main/kubernetes/api/v1alpha1/servicelevelobjective_types.go
"""

from __future__ import annotations

from collections.abc import Iterator

from orr.evidence.checks.alerts.rules import duration_days
from orr.evidence.checks.slo.objective import MAX_NAME, Measure, Objective, Thing, counted, mapping, per_cent, texts
from orr.source.yaml.go import Plain, text


def objectives(resource: Thing) -> Iterator[Objective]:
    """The one objective of a resource."""
    spec, metadata = resource.below("spec"), mapping(resource.data.get("metadata"))
    written = text(spec.data.get("target"))
    target, wrong = per_cent(Plain(written), "Pyrra")  # a text by its schema
    name = text(metadata.get("name"))[:MAX_NAME] or "?"
    labels = texts(metadata.get("labels"))
    yield Objective(
        name=name,
        service=labels.get("pyrra.dev/service", labels.get("service", ""))[:MAX_NAME],
        path=resource.document.path,
        line=resource.line("metadata", "name"),
        target=target,
        written=written[:20] or "—",
        days=duration_days(text(spec.data.get("window")).strip()),
        measure=_measure(spec.below("indicator")),
        alerts=_alerts(spec.below("alerting")),
        labels={key.removeprefix("pyrra.dev/"): value for key, value in labels.items()},
        names=(name,),
        wrong=wrong,
        data=spec.data,
    )


def _measure(indicator: Thing) -> Measure:
    def metric(*keys: str) -> str:
        return text(indicator.below(*keys).data.get("metric")).strip()

    if "ratio" in indicator.data:
        return counted(metric("ratio", "errors"), metric("ratio", "total"))
    if "latency" in indicator.data:
        return counted(metric("latency", "success"), metric("latency", "total"))
    return Measure(bool(metric("latencyNative", "total") or metric("bool_gauge")))


def _alerts(alerting: Thing) -> int:
    """Number of alerts: one on burn rates, unless it is disabled."""
    return int(not alerting.flag("disabled") and alerting.flag("burnrates") is not False)
