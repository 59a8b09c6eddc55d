"""Read objectives of Sloth, in its own form and for Kubernetes.

https://sloth.dev/specs/default/ has both; each is read by sigs.k8s.io/yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orr.evidence.checks.alerts.expressions import is_constant
from orr.evidence.checks.alerts.rules import wakes_nobody
from orr.evidence.checks.slo.objective import MAX_NAME, Measure, Objective, Thing, counted, mapping, per_cent, texts
from orr.messages import say
from orr.source.yaml.go import text

DAYS = 30.0
"""Sloth's window where its file names none, which it never does."""


def objectives(spec: Thing) -> Iterator[Objective]:
    """The objectives of a service."""
    slos = spec.data.get("slos")
    for place, slo in enumerate(slos if isinstance(slos, list) else ()):
        if not isinstance(slo, dict):
            continue
        here = Thing(spec.document, (*spec.at, "slos", place), slo)
        target, wrong = per_cent(slo.get("objective"), "Sloth")
        name = text(slo.get("name"))[:MAX_NAME] or "?"
        yield Objective(
            name=name,
            service=text(spec.data.get("service"))[:MAX_NAME],
            path=spec.document.path,
            line=here.line(),
            target=target,
            written=text(slo.get("objective"))[:20] or "—",
            days=DAYS,
            measure=_measure(_plain(slo.get("sli"))),
            alerts=_alerts(here.below("alerting")),
            labels={**texts(spec.data.get("labels")), **texts(slo.get("labels"))},
            names=(name,),
            wrong=wrong,
            data=slo,
        )


def _measure(sli: Mapping[str, Any]) -> Measure:
    events, raw, plugin = (_plain(sli.get(kind)) for kind in ("events", "raw", "plugin"))
    queries = [text(events.get(key)).strip() for key in ("errorquery", "totalquery")]
    ratio = text(raw.get("errorratioquery")).strip()
    for query in (*queries, ratio):
        if query and is_constant(query.replace("{{.window}}", "5m").replace("{{ .window }}", "5m")):
            return Measure(True, say("slo.constant", query=query[:80]))
    return counted(*queries) if all(queries) else Measure(bool(ratio or text(plugin.get("id")).strip()))


def _alerts(alerting: Thing) -> int:
    """Number of alerts: a page and a ticket, unless disabled."""
    if not text(alerting.data.get("name")).strip():
        return 0
    written = {_key(key): key for key in alerting.data}
    alerts = [alerting.below(written.get(kind, kind)) for kind in ("pagealert", "ticketalert")]
    shared = texts(alerting.data.get("labels"))
    return sum(not alert.flag("disable") and _wakes(shared | texts(alert.data.get("labels"))) for alert in alerts)


def _wakes(labels: Mapping[str, str]) -> bool:
    return not wakes_nobody(labels.get("severity", "page"))


def _plain(given: Any) -> dict[str, Any]:
    return {_key(key): value for key, value in mapping(given).items()}


def _key(key: str) -> str:
    # `page_alert` in its own form is `pageAlert` in that for Kubernetes.
    return key.replace("_", "").casefold()
