"""Read alerts from Prometheus-style rule files and Grafana provisioning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orr.evidence.documents.yamlstream import YamlDocument
from orr.messages import Message, say

MAX_NAME = 120
_FILLED_IN = re.compile(r"\{\{.*?\}\}", re.DOTALL)


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
    """

    name: str
    path: str
    line: int
    group: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Message, ...] = ()

    def value(self, keys: Sequence[str]) -> tuple[str, str] | None:
        """First non-empty value among several keys of labels and annotations."""
        for key in keys:
            for texts in (self.labels, self.annotations):
                value = texts.get(key, "").strip()
                if value:
                    return key, value
        return None


def alerts_in(documents: Iterable[YamlDocument]) -> list[Alert]:
    """The alerts of a file's documents: groups of rules are found wherever they stand.

    A plain rule file, a PrometheusRule resource, a list of them, values of a Helm chart
    and Grafana's alert provisioning are all alike: `groups` of `rules`.
    """
    return [alert for document in documents for alert in _alerts(document, document.data, ())]


def is_filled_in(value: str) -> bool:
    """Whether a text is known only when the alert fires."""
    return "{{" in value


def fixed_part(value: str) -> str:
    """What is known of a text before the alert fires."""
    return _FILLED_IN.sub("", value).strip()


def _alerts(document: YamlDocument, data: Any, at: tuple[str | int, ...]) -> Iterator[Alert]:
    if isinstance(data, dict):
        groups = data.get("groups")
        if isinstance(groups, list) and any(isinstance(one, dict) and "rules" in one for one in groups):
            for number, group in enumerate(groups):
                if isinstance(group, dict):
                    yield from _in_group(document, group, (*at, "groups", number))
            return
        for key, value in data.items():
            yield from _alerts(document, value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _alerts(document, value, (*at, number))


def _in_group(document: YamlDocument, group: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Alert]:
    rules = group.get("rules")
    if not isinstance(rules, list):
        return
    shared = _texts(group.get("labels"))
    for number, rule in enumerate(rules):
        if not isinstance(rule, dict) or ("record" in rule and "alert" not in rule):
            continue
        grafana = "alert" not in rule and "title" in rule and "data" in rule
        if not grafana and "alert" not in rule and "expr" not in rule:
            continue
        here = (*at, "rules", number)
        named = rule.get("title" if grafana else "alert")
        yield Alert(
            name=str(named)[:MAX_NAME] if named not in (None, "") else "?",
            path=document.path,
            line=document.line((*here, "title" if grafana else "alert")),
            group=str(group.get("name") or "")[:MAX_NAME],
            labels={**shared, **_texts(rule.get("labels"))},
            annotations=_texts(rule.get("annotations")),
            faults=tuple(_faults(rule, grafana)),
        )


def _faults(rule: Mapping[str, Any], grafana: bool) -> Iterator[Message]:
    if grafana:
        if not rule.get("data"):
            yield say("alerts.fault.no-data")
        if rule.get("isPaused") is True:
            yield say("alerts.fault.paused")
        return
    if not isinstance(rule.get("alert"), str) or not rule["alert"].strip():
        yield say("alerts.fault.no-name")
    expression = rule.get("expr")
    if isinstance(expression, bool) or not str("" if expression is None else expression).strip():
        yield say("alerts.fault.no-expression")
    if "record" in rule:
        yield say("alerts.fault.record")
    for key in ("labels", "annotations"):
        if rule.get(key) is not None and not isinstance(rule[key], dict):
            yield say("alerts.fault.no-mapping", part=key)


def _texts(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {
        str(key): str(value)
        for key, value in given.items()
        if value is not None and not isinstance(value, (dict, list))
    }
