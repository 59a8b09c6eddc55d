"""Read alerts from Prometheus-style rule files and Grafana provisioning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from orr.evidence.checks.alerts.expressions import never_true
from orr.evidence.context import Context
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.yamlstream import YamlDocument, streams, with_embedded
from orr.evidence.errors import Undetermined
from orr.messages import Message, Said, say
from orr.source.faults import Path
from orr.source.yaml.go import text

MAX_NAME = 120
LONGEST_WAIT = 7.0
"""How many days an alert may wait before it fires (`for`), or between two looks (`interval`)."""

_FILLED_IN = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_DURATION = re.compile(
    r"(?:([0-9]{1,9})y)?(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?"
    r"(?:([0-9]{1,9})ms)?"
)
_UNITS = (365.0, 7.0, 1.0, 1 / 24, 1 / 1_440, 1 / 86_400, 1 / 86_400_000)
_PAUSED = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_RUNS = frozenset({"", "0", "f", "F", "FALSE", "false", "False"})
_SILENT = frozenset({"disabled", "ignore", "ignored", "null", "off", "silent", "silenced"})
_VARIABLE = re.compile(r"\$(?:\{|[A-Za-z0-9_*#@!?-])")
_BEGINS = re.compile(r"^(?:\{\s*)?[\"']?groups[\"']?\s*:\s*(?:$|[\[#&])", re.MULTILINE)
_OF_OTHERS = re.compile(r"DatadogMonitor|MonitoringAlertPolicy|\w*Alarm|\w*AlertRules?(?:Group)?")
"""Kinds of resources that are alerts of a form which is not read."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as its rule file defines it.

    Attributes
    ----------
    name, path, line
        What it is called and where it stands.
    group
        The group of rules that it belongs to.
    labels, annotations
        Texts by key; a rule's own label goes before that of its group.
    faults
        Why it can never fire.
    doubts
        Why nobody can tell whether it can.
    variables
        Keys whose text an environment fills in that is not known here.
    rule
        All of it as data.
    """

    name: str
    path: str
    line: int
    group: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Message, ...] = ()
    doubts: tuple[Message, ...] = ()
    variables: frozenset[str] = frozenset()
    rule: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def value(self, keys: Sequence[str]) -> tuple[str, str] | None:
        """First non-empty value among several keys of labels and annotations."""
        for key in keys:
            for texts in (self.labels, self.annotations):
                value = texts.get(key, "").strip()
                if value:
                    return key, value
        return None


def read_rules(context: Context, files: tuple[str, ...]) -> tuple[list[Alert], list[Said]]:
    """Read the alerts of several files, with reasons for what is unread."""
    alerts: list[Alert] = []
    unread: list[Said] = []
    for _, documents in streams(context, files, as_go=True):
        try:
            if isinstance(documents, Undetermined):
                raise documents
            alerts += alerts_in(documents)
        except Undetermined as cannot:
            unread.append(cannot.why)
    return alerts, unread


def alerts_in(documents: Iterable[YamlDocument]) -> list[Alert]:
    """Find the alerts of a file's documents, at any depth.

    A plain rule file, a PrometheusRule resource, a list of them, a ConfigMap that holds rule
    files, values of a Helm chart and Grafana's alert provisioning are all alike: `groups` of
    `rules`.

    Raises
    ------
    Undetermined
        If something is there that is not read, or programs read it differently.
    """
    return [alert for document in with_embedded(documents, _BEGINS) for alert in _alerts(document, document.data, ())]


def is_filled_in(value: str) -> bool:
    """Whether a text is known only when the alert fires."""
    return "{{" in value


def fixed_part(value: str, filled: str = "") -> str:
    """Text with its templates replaced by a placeholder."""
    return _FILLED_IN.sub(filled, value).strip()


def wakes_nobody(severity: str) -> bool:
    """Whether a severity notifies nobody: none, off, a placeholder."""
    return not is_filled_in(severity) and (is_placeholder(severity) or severity.strip().casefold() in _SILENT)


def duration_days(written: str) -> float | None:
    """Length in days of a Prometheus duration such as `1d12h`."""
    if written == "0":
        return 0.0
    found = _DURATION.fullmatch(written) if written else None
    return None if found is None else sum(int(n) * unit for n, unit in zip(found.groups("0"), _UNITS, strict=True))


def _alerts(document: YamlDocument, data: Any, at: Path) -> Iterator[Alert]:
    if isinstance(data, dict):
        groups = data.get("groups")
        if isinstance(groups, list) and any(isinstance(one, dict) and "rules" in one for one in groups):
            if at or "apiVersion" in data:  # kubectl, Helm and Grafana read it, not Prometheus itself
                document.agreed()
            for number, group in enumerate(groups):
                if isinstance(group, dict):
                    yield from _in_group(document, group, (*at, "groups", number))
            return
        kind = text(data.get("kind"))
        if "apiVersion" in data and kind == "GrafanaAlertRuleGroup":
            document.agreed()
            yield from _in_group(document, data.get("spec") or {}, (*at, "spec"))
            return
        if "apiVersion" in data and _OF_OTHERS.fullmatch(kind):
            raise _refused(document, (*at, "kind"), "kind", kind=kind)
        for key, value in data.items():
            yield from _alerts(document, value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _alerts(document, value, (*at, number))


def _in_group(document: YamlDocument, group: Mapping[str, Any], at: Path) -> Iterator[Alert]:
    rules = group.get("rules")
    if rules is None:
        return
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise _refused(document, (*at, "rules"), "rules")
    shared = _texts(group.get("labels"))
    for number, rule in enumerate(rules):
        grafana = "alert" not in rule and "title" in rule and "data" in rule
        if ("record" in rule and "alert" not in rule) or not (grafana or "alert" in rule or "expr" in rule):
            continue
        here = (*at, "rules", number)
        labels, annotations = {**shared, **_texts(rule.get("labels"))}, _texts(rule.get("annotations"))
        made = Alert(
            name=text(rule.get("title" if grafana else "alert"))[:MAX_NAME] or "?",
            path=document.path,
            line=document.line((*here, "title" if grafana else "alert")),
            group=text(group.get("name"))[:MAX_NAME],
            labels=labels,
            annotations=annotations,
            faults=(*(_of_grafana(rule) if grafana else _of_prometheus(rule)), *_waits(rule, group)),
            doubts=tuple(_unknown(rule)) if grafana else (),
            variables=frozenset(_variables(labels, annotations)) if grafana else frozenset(),
            rule={**rule, "labels": labels},
        )
        yield made if grafana else _without_bare_variables(made)


def _refused(document: YamlDocument, at: Path, what: str, **values: object) -> Undetermined:
    return Undetermined(say(f"alerts.unread.{what}", path=document.path, line=document.line(at), **values))


def _of_prometheus(rule: Mapping[str, Any]) -> Iterator[Message]:
    if not text(rule.get("alert")).strip():
        yield say("alerts.fault.no-name")
    expression = re.sub(r"^\s*#[^\n]*$", "", text(rule.get("expr")), flags=re.MULTILINE).strip()
    if not expression or is_placeholder(expression):
        yield say("alerts.fault.no-expression")
    elif never_true(expression):
        yield say("alerts.fault.never", expression=expression[:80])
    if "record" in rule:
        yield say("alerts.fault.record")
    for key in ("labels", "annotations"):
        if rule.get(key) is not None and not isinstance(rule[key], dict):
            yield say("alerts.fault.no-mapping", part=key)


def _of_grafana(rule: Mapping[str, Any]) -> Iterator[Message]:
    queries = rule.get("data")
    names = [text(one.get("refId")) for one in queries if isinstance(one, dict)] if isinstance(queries, list) else []
    if not names:
        yield say("alerts.fault.no-data")
    elif text(rule.get("condition")) not in names and not _VARIABLE.search(text(rule.get("condition"))):
        yield say("alerts.fault.condition", condition=text(rule.get("condition"))[:40] or "–")
    paused = text(rule.get("isPaused"))
    if paused in _PAUSED:
        yield say("alerts.fault.paused")
    elif paused not in _RUNS and not _VARIABLE.search(paused):
        yield say("alerts.fault.no-boolean", key="isPaused", value=paused[:40])


def _waits(rule: Mapping[str, Any], group: Mapping[str, Any]) -> Iterator[Message]:
    for key, holder in (("for", rule), ("interval", group)):
        written = text(holder.get(key)).strip()
        if holder.get(key) is None or _VARIABLE.search(written):
            continue
        days = duration_days(written)
        if days is None:
            yield say("alerts.fault.no-duration", key=key, value=written[:40])
        elif days > LONGEST_WAIT:
            yield say("alerts.fault.waits", key=key, value=written[:40])


def _unknown(rule: Mapping[str, Any]) -> Iterator[Message]:
    for key in ("isPaused", "for", "condition"):
        if _VARIABLE.search(text(rule.get(key)).replace("$$", "")):
            yield say("alerts.variable", key=key, value=text(rule.get(key))[:40])


def _variables(labels: Mapping[str, str], annotations: Mapping[str, str]) -> Iterator[str]:
    """Keys whose text Grafana fills in from its environment.

    A dollar itself is `$$`:
    https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables
    """
    for key, value in labels.items():
        if _VARIABLE.search(value.replace("$$", "")):
            yield key
    for key, value in annotations.items():
        # Its newer versions leave `{{ $labels.x }}` in annotations as it is.
        if _VARIABLE.search(fixed_part(value).replace("$$", "")):
            yield key


def _without_bare_variables(alert: Alert) -> Alert:
    """Drop values such as `$TEAM`, which Prometheus does not fill in."""
    labels, annotations = (
        {key: value for key, value in texts.items() if not re.fullmatch(r"\$(?:\w+|\{\w+\})", value.strip())}
        for texts in (alert.labels, alert.annotations)
    )
    return replace(alert, labels=labels, annotations=annotations)


def _texts(given: Any) -> dict[str, str]:
    return {str(key): text(value) for key, value in given.items() if text(value)} if isinstance(given, dict) else {}
