"""Recognize by its content what sort of file one is, wherever it lies."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from orr.evidence.checks.alerts.rules import alerts_in
from orr.evidence.checks.contents.build import no_build
from orr.evidence.checks.contents.pipeline import no_pipeline
from orr.evidence.checks.contents.updates import no_updates
from orr.evidence.checks.ownership.backstage import OWNED, entities_in
from orr.evidence.checks.results.asff import is_asff
from orr.evidence.checks.results.checkov import is_checkov
from orr.evidence.checks.results.inspec import is_inspec
from orr.evidence.checks.results.ocsf import is_ocsf
from orr.evidence.checks.results.sarif import is_sarif
from orr.evidence.checks.slo.reading import Library, add
from orr.evidence.documents.headings import is_any
from orr.evidence.documents.json_text import parse_json
from orr.evidence.documents.pages import is_beside, is_of_an_alert
from orr.evidence.documents.reading import markdown
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.evidence.repository.repository import Repository

MAX_BYTES = 500_000

_ALERTS = re.compile(r"\b(?:alert|condition)\b[\"']?\s*:|GrafanaAlertRuleGroup")
_OBJECTIVES = re.compile(r"openslo|sloth\.slok|pyrra\.dev|prometheus/v1\b")
_RUNBOOK = re.compile(r"\b(?:run[- ]?books?|sops?|operating[- ]procedures?)\b|运行手册|操作手册", re.I)
_PLAYBOOK = re.compile(r"\bplay[- ]?books?\b|应急预案|处置手册", re.I)
_ROTA = re.compile(r"on-?call|\brota\b|\broster|duty-?(?:roster|rota|schedule)|pager-?duty|值班", re.I)
_CLOSED = re.compile(r"freeze|blackout|change[- ]?calendar|maintenance[- ]window|封网|封版|冻结|变更日历", re.I)
_COLUMNS = re.compile(r"\b(?:start|from|begins?|date|day|week|shift|primary|on-?call)\b|开始|日期|班次|主值", re.I)
_TITLE = re.compile(r"^#[ \t]+(.+)$|^(.+)\n=+[ \t]*$|^title:[ \t]*(.+)$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class Sort(NamedTuple):
    """How files of a topic are told by what they hold.

    Attributes
    ----------
    endings
        Of the files that may be of it, anywhere in a repository; none where it is looked for by name alone.
    holds
        Whether a file of these endings is of it.
    by_place
        Whether a file in a place for them needs no more to be of it.
    """

    endings: tuple[str, ...]
    holds: Callable[[Repository, str], bool]
    by_place: bool = False


def holds(repository: Repository, topic: str, path: str, in_place: bool = False) -> bool:
    """Whether a file fits its topic, by place alone or by content."""
    sort = SORTS.get(topic)
    if sort is None:
        return True
    if sort.by_place and in_place:
        return not is_beside(path)
    try:
        return sort.holds(repository, path)
    except Undetermined:
        return False


def _text(repository: Repository, path: str) -> str:
    return repository.text(path, MAX_BYTES)


def _alerts(repository: Repository, path: str) -> bool:
    text = _text(repository, path)
    return bool(_ALERTS.search(text)) and bool(alerts_in(read_stream(text, path, as_go=True)))


def _objectives(repository: Repository, path: str) -> bool:
    text, library = _text(repository, path), Library()
    if _OBJECTIVES.search(text):
        add(library, read_stream(text, path, as_go=True))
    return bool(library.objectives)


def _catalog(repository: Repository, path: str) -> bool:
    text = _text(repository, path)
    return "backstage.io/" in text and any(one.kind in OWNED for one in entities_in(read_stream(text, path)))


def _dashboard(repository: Repository, path: str) -> bool:
    text = _text(repository, path)
    data = parse_json(text, path) if '"panels"' in text or '"Dashboard"' in text else None
    inner = data.get("dashboard", data) if isinstance(data, dict) else {}
    return isinstance(inner, dict) and (isinstance(inner.get("panels"), list) or inner.get("kind") == "Dashboard")


def _scan(repository: Repository, path: str) -> bool:
    data: Any = parse_json(_text(repository, path), path)
    return any(recognises(data) for recognises in (is_sarif, is_ocsf, is_asff, is_inspec, is_checkov))


def _tests(repository: Repository, path: str) -> bool:
    return re.search(r"<testsuites?\b", _text(repository, path)[:4_000]) is not None


def _runbook(repository: Repository, path: str) -> bool:
    if is_beside(path):
        return False
    text = _text(repository, path)
    title = _TITLE.search(text)
    named = _RUNBOOK.search(posixpath.splitext(path)[0].replace("_", "-"))
    return bool(named or (title and _RUNBOOK.search(title[title.lastindex or 0])))


def _playbook(repository: Repository, path: str) -> bool:
    if is_beside(path):
        return False
    if _PLAYBOOK.search(posixpath.splitext(path)[0].replace("_", "-")):
        return True
    text = _text(repository, path)
    forms = ("Meaning|含义", "Impact|影响", "Diagnosis|诊断|排查", "Mitigation|止损|缓解")
    found = sum(any(is_any(heading, form) for heading in _HEADING.findall(text)) for form in forms)
    return found >= 2 and is_of_an_alert(markdown(text, path))


def _incident(repository: Repository, path: str) -> bool:
    headings = _HEADING.findall(_text(repository, path))
    forms = (
        "Timeline|Chronology|时间线|时间轴",
        "Root cause|Root causes|Contributing factors|Lessons learned|根因|根因分析",
    )
    return not is_beside(path) and all(any(is_any(one, form) for one in headings) for form in forms)


def _roster(repository: Repository, path: str) -> bool:
    if not _ROTA.search(path.replace("_", "-")):
        return False
    if path.casefold().endswith(".xlsx"):
        return True
    text = _text(repository, path)
    if path.casefold().endswith(".csv"):
        return _COLUMNS.search(text.partition("\n")[0].replace("_", " ")) is not None
    return "BEGIN:VEVENT" in text or re.search(r'"(?:schedules?|final_schedule|oncalls)"\s*:', text) is not None


def _calendar(repository: Repository, path: str) -> bool:
    text = _text(repository, path)
    titles = re.findall(r"^(?:SUMMARY|X-WR-CALNAME)[^:\n]*:(.*)$", text, re.MULTILINE)
    return "BEGIN:VCALENDAR" in text and any(_CLOSED.search(one) for one in (path.replace("_", "-"), *titles))


def _pipeline(repository: Repository, path: str) -> bool:
    def read(other: str) -> str | None:
        try:
            return repository.text(other) if other in repository.tree else None
        except Undetermined:
            return None

    return no_pipeline(path, _text(repository, path), read) is None


def _build(repository: Repository, path: str) -> bool:
    return no_build(path, _text(repository, path)) is None


def _updates(repository: Repository, path: str) -> bool:
    return no_updates(path, _text(repository, path)) is None


_YAML, _PAGES = (".yaml", ".yml"), (".md", ".rst", ".markdown", ".md.erb")

SORTS: Mapping[str, Sort] = {
    "alert-rules": Sort(_YAML, _alerts),
    "objectives": Sort(_YAML, _objectives),
    "catalog": Sort(_YAML, _catalog),
    "dashboards": Sort((".json",), _dashboard),
    "runbooks": Sort(_PAGES, _runbook, by_place=True),
    "playbooks": Sort(_PAGES, _playbook, by_place=True),
    "incidents": Sort(_PAGES, _incident, by_place=True),
    "roster": Sort((".ics", ".csv", ".xlsx", ".json"), _roster, by_place=True),
    "change-calendar": Sort((".ics",), _calendar),
    "scans": Sort((".sarif", ".sarif.json"), _scan),
    "test-results": Sort((), _tests),
    "pipelines": Sort((), _pipeline),
    "build": Sort((), _build),
    "dependency-updates": Sort((), _updates),
}
"""By topic."""
