"""The check `alerts`: severity, owner and response of every alert."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SAMPLES
from support.fuzzing import examples

from orr.evidence.checks.alerts.responses import speaks_of
from orr.evidence.checks.alerts.rules import alerts_in
from orr.evidence.documents.markdown import read_document
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)


def alerts(folder: Path, **parameters: object) -> Finding:
    finding = run_check("alerts", folder, today=TODAY, **{"path": "rules/**/*.y*ml", **parameters})
    assert all(render(finding.says, language) for language in LANGUAGES)
    for row in finding.table.rows if finding.table else ():
        assert all(render(cell, language) is not None for cell in row for language in LANGUAGES)
    return finding


def rule(name: str = "DiskFull", **keys: str) -> str:
    given = {"severity": "page", "team": "infra", "runbook_url": "docs/disk-full.md", **keys}
    labels = "".join(f"      {key}: '{value}'\n" for key, value in given.items() if value and key != "runbook_url")
    link = f"    annotations: {{runbook_url: '{given['runbook_url']}'}}\n" if given["runbook_url"] else ""
    return f"  - alert: {name}\n    expr: up == 0\n    labels:\n{labels or '      x: y'}\n{link}"


def rules(*listed: str) -> str:
    return "groups:\n- name: g\n  rules:\n" + "".join(listed)


@pytest.fixture
def disk(write) -> None:  # type: ignore[no-untyped-def]
    write("docs/disk-full.md", "# Disk full\n\nDelete old logs.\n")


@pytest.mark.parametrize(
    ("listed", "parameters", "outcome"),
    [
        pytest.param([rule()], {}, Outcome.MET, id="in order"),
        pytest.param([rule(severity="")], {}, Outcome.NOT_MET, id="no severity"),
        pytest.param([rule(team="")], {}, Outcome.NOT_MET, id="no owner"),
        pytest.param([rule(team="", owner="x")], {}, Outcome.MET, id="owner by another key"),
        pytest.param([rule()], {"owner": "destination"}, Outcome.NOT_MET, id="the owner's key is the item's"),
        pytest.param([rule(runbook_url="")], {}, Outcome.NOT_MET, id="no response"),
        pytest.param([rule(), rule(severity="")], {}, Outcome.PARTIAL, id="one of two"),
        pytest.param([rule(severity="sev9")], {"severities": ["page"]}, Outcome.NOT_MET, id="no such severity"),
        pytest.param([rule(severity="{{ $labels.s }}")], {"severities": ["page"]}, Outcome.NOT_MET, id="filled in"),
        pytest.param([rule(severity="low", runbook_url="")], {"respond_to": ["page"]}, Outcome.MET, id="needs none"),
        pytest.param([rule(severity="", runbook_url="")], {"respond_to": ["page"]}, Outcome.NOT_MET, id="may page"),
        pytest.param([rule()], {"at_least": 2}, Outcome.NOT_MET, id="too few"),
        pytest.param([rule("Watchdog", team="")], {"ignore": ["Watch*"]}, Outcome.UNKNOWN, id="only ignored ones"),
        pytest.param([rule(), rule("Watchdog", team="")], {"ignore": ["Watch*"]}, Outcome.MET, id="one ignored"),
        pytest.param(["  - alert: A\n    labels: {severity: a, team: b}\n"], {}, Outcome.NOT_MET, id="no expression"),
        pytest.param(["  - record: a:b\n    expr: up\n"], {}, Outcome.UNKNOWN, id="no alert among the rules"),
        pytest.param([rule(severity="none")], {}, Outcome.NOT_MET, id="a severity that wakes nobody"),
        pytest.param(
            [rule(severity="none")], {"severities": ["none", "page"]}, Outcome.MET, id="one that the item knows"
        ),
        pytest.param([rule(severity="silent")], {}, Outcome.NOT_MET, id="a silent severity"),
        pytest.param([rule(severity="{{ $labels.s }}")], {}, Outcome.MET, id="a severity known when it fires"),
        pytest.param([rule(team="TBD")], {}, Outcome.NOT_MET, id="an owner still to be found"),
        pytest.param([rule(team="vacant")], {}, Outcome.NOT_MET, id="an owner who is not there"),
        pytest.param([rule(team="n/a")], {}, Outcome.NOT_MET, id="no owner in words"),
        pytest.param([rule(team="$TEAM")], {}, Outcome.NOT_MET, id="a variable that Prometheus does not fill in"),
        pytest.param([rule(runbook_url="https://$HOST/a")], {}, Outcome.NOT_MET, id="an address to fill in"),
    ],
)
def test_each_alert_is_held_to_what_is_asked(
    tmp_path: Path, write, disk, listed: list[str], parameters: dict, outcome: Outcome
) -> None:
    write("rules/a.yaml", rules(*listed))
    assert alerts(tmp_path, **parameters).outcome is outcome


def test_a_host_that_is_not_allowed_is_told_with_how_to_allow_it(tmp_path: Path, write) -> None:
    write("rules/a.yaml", rules(rule(runbook_url="https://wiki.example.com/disk-full")))
    assert "wiki.example.com, which is no allowed host; add it to `hosts` of this check" in render(
        alerts(tmp_path).says, "en"
    )


@pytest.mark.parametrize(
    ("target", "parameters", "outcome"),
    [
        ("docs/disk-full.md", {}, Outcome.MET),
        ("docs/disk-full", {}, Outcome.MET),
        ("../docs/disk-full.md", {}, Outcome.MET),
        ("docs/all.md", {}, Outcome.NOT_MET),
        ("docs/all.md", {"heading": False}, Outcome.MET),
        ("docs/all.md#space", {}, Outcome.MET),
        ("docs/all.md#nothing", {}, Outcome.NOT_MET),
        ("docs/all.md#nothing", {"heading": False}, Outcome.NOT_MET),
        ("docs/gone.md", {}, Outcome.NOT_MET),
        ("docs", {}, Outcome.NOT_MET),
        ("../../etc/passwd", {}, Outcome.NOT_MET),
        ("docs/empty.md", {}, Outcome.NOT_MET),
        ("docs/out.md", {}, Outcome.UNKNOWN),
        ("docs/binary.md", {}, Outcome.UNKNOWN),
        ("docs/{{ $labels.x }}.md", {}, Outcome.NOT_MET),
        ("https://wiki.example.com/x", {}, Outcome.NOT_MET),
        ("https://wiki.example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.MET),
        ("https://wiki.example.com/{{ $labels.x }}", {"hosts": ["wiki.example.com"]}, Outcome.MET),
        ("https://{{ $labels.x }}.example.com/", {"hosts": ["*.example.com"]}, Outcome.NOT_MET),
        ("https://wiki.example.com.evil.example/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://wiki.example.com@evil.example/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("//wiki.example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://evil.example\\@wiki.example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://wiki.example.com\\.evil.example/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https:\\\\wiki.example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https:/wiki.example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://wiki。example.com/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://wiki.example.com{{ $labels.x }}/x", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ('https://wiki.example.com/{{ $labels.x | f "\\." }}', {"hosts": ["wiki.example.com"]}, Outcome.MET),
        ("https://wiki.example.com/x", {"hosts": ["https://wiki.example.com"]}, Outcome.UNKNOWN),
        ("https://wiki.example.com/x", {"base": ["wiki.example.com"]}, Outcome.UNKNOWN),
        ("javascript:alert(1)", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://[bad", {"hosts": ["wiki.example.com"]}, Outcome.NOT_MET),
        ("https://git.example/blob/main/docs/disk-full.md", {"base": ["https://git.example/blob/main/"]}, Outcome.MET),
        ("https://git.example/blob/main/docs/x.md", {"base": ["https://git.example/blob/main/"]}, Outcome.NOT_MET),
    ],
)
def test_a_response_is_followed_to_its_end(
    tmp_path: Path, write, disk, target: str, parameters: dict, outcome: Outcome
) -> None:
    write("docs/all.md", "# All\n\n## Space\n\nDelete.\n")
    write("docs/empty.md", "# Disk full\n")
    write("docs/binary.md", b"# Disk full\n\0")
    (tmp_path / "docs/out.md").symlink_to("/etc/passwd")
    write("rules/a.yaml", rules(rule(runbook_url=target)))
    assert alerts(tmp_path, **parameters).outcome is outcome


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("https://git.example/blob/main/docs/disk-full.md#disk-full", Outcome.MET),
        ("https://GIT.example./blob/main/docs/disk-full.md?plain=1", Outcome.MET),
        ("https://git.example/blob/main/x/../docs/disk-full.md", Outcome.MET),
        ("https://git.example/blob/mainline/docs/disk-full.md", Outcome.NOT_MET),
        ("https://git.example/blob/main/../main/x/disk-full.md", Outcome.NOT_MET),
        ("https://git.example/blob/main/../docs/disk-full.md", Outcome.NOT_MET),
        ("https://git.example/blob/main/%2E%2e/docs/disk-full.md", Outcome.NOT_MET),
        ("https://git.example/blob/main/docs/disk-full", Outcome.NOT_MET),
        ("https://git.example/blob/main/docs/Disk-Full.md", Outcome.NOT_MET),
        ("https://git.example/blob/main/{{ $labels.x }}.md", Outcome.NOT_MET),
        ("https://git.example:444/blob/main/docs/disk-full.md", Outcome.NOT_MET),
        ("http://git.example/blob/main/docs/disk-full.md", Outcome.NOT_MET),
        ("https://evil.example\\@git.example/blob/main/docs/disk-full.md", Outcome.NOT_MET),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_files_that_a_code_host_shows_have_their_own_names(
    tmp_path: Path, write, disk, target: str, slash: str, outcome: Outcome
) -> None:
    write("rules/a.yaml", rules(rule(runbook_url=target)))
    assert alerts(tmp_path, base=f"https://git.example/blob/main{slash}").outcome is outcome


@pytest.mark.parametrize(
    ("file", "target", "parameters", "outcome"),
    [
        (
            "content/a/DiskFull.md",
            "https://x.netlify.app/a/diskfull",
            {"base": ["https://x.netlify.app/"]},
            Outcome.MET,
        ),
        ("content/a/DiskFull.md", "https://x.netlify.app/A/DISKFULL/", {"base": "https://x.netlify.app"}, Outcome.MET),
        ("content/a/DiskFull.md", "https://X.Netlify.app/a/diskfull", {"base": "https://x.netlify.app/a"}, Outcome.MET),
        (
            "content/a/DiskFull.md",
            "https://wiki.example/a/diskfull",
            {"base": "https://wiki.example/"},
            Outcome.NOT_MET,
        ),
        ("content/a/DiskFull.md", "https://wiki.example/a/DiskFull", {"base": "https://wiki.example/"}, Outcome.MET),
        (
            "content/a/DiskFull.md",
            "https://wiki.example/a/diskfull",
            {"base": ["https://wiki.example/"], "any_case": ["wiki.example"]},
            Outcome.MET,
        ),
        (
            "docs/DiskFull/index.md",
            "https://wiki.example/DiskFull.html",
            {"base": "https://wiki.example/"},
            Outcome.MET,
        ),
        ("docs/DiskFull.md", "docs/diskfull.md", {}, Outcome.NOT_MET),
    ],
)
def test_a_page_is_found_as_its_host_finds_it(
    tmp_path: Path, write, file: str, target: str, parameters: dict, outcome: Outcome
) -> None:
    write(file, "# DiskFull\n\nDelete old logs.\n")
    write("rules/a.yaml", rules(rule(runbook_url=target)))
    assert alerts(tmp_path, **parameters).outcome is outcome


@pytest.mark.parametrize("text", ["# Disk full\n\nTODO\n", "# Disk full\n\n## Steps\n\nTBD.\n\n- TODO\n"])
def test_a_document_that_is_still_to_be_written_is_no_response(tmp_path: Path, write, text: str) -> None:
    write("docs/disk-full.md", text)
    write("rules/a.yaml", rules(rule()))
    assert "in which nothing stands" in render(alerts(tmp_path).says, "en")


def test_a_document_of_nothing_but_commands_is_a_response(tmp_path: Path, write) -> None:
    write("docs/disk-full.md", "# Disk full\n\n```sh\nrm -r /var/log/old\n```\n")
    write("rules/a.yaml", rules(rule()))
    assert alerts(tmp_path).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("keys", "group", "says"),
    [
        ("expr: vector(0) > 1", "", "vector(0) > 1 is never true"),
        ("expr: 'up == 0 and vector(1) == 0'", "", "is never true"),
        ("expr: up, for: 365d", "", "its for of 365d is longer than a week"),
        ("expr: up, for: 1y", "", "its for of 1y is longer"),
        ("expr: up, for: 8760h", "", "its for of 8760h is longer"),
        ("expr: up, for: 1w1ms", "", "its for of 1w1ms is longer"),
        ("expr: up, for: 5 minutes", "", "its for is 5 minutes, which is no duration"),
        ("expr: up, for: 5", "", "its for is 5, which is no duration"),
        ("expr: up, for: ''", "", "which is no duration"),
        ("expr: up, for: 1w", "", None),
        ("expr: up, for: 0", "", None),
        ("expr: up, for: 1d12h", "", None),
        ("expr: up, for: ", "", None),
        ("expr: up", "interval: 30d", "its interval of 30d is longer"),
        ("expr: up", "interval: often", "its interval is often, which is no duration"),
        ("expr: ", "", "it has no expression"),
        ("expr: '# up == 0'", "", "it has no expression"),
        ("expr: TODO", "", "it has no expression"),
        ("expr: up, record: a", "", "it is a recording rule as well"),
        ("expr: up, annotations: x", "", "its annotations are no mapping"),
    ],
)
def test_an_alert_that_cannot_fire_says_why(keys: str, group: str, says: str | None) -> None:
    text = f"groups:\n- name: g\n  {group}\n  rules:\n  - {{alert: A, {keys}}}\n"
    (alert,) = alerts_in(read_stream(text, "a.yaml", as_go=True))
    said = [render(fault, "en") for fault in alert.faults]
    assert (said == []) if says is None else (len(said) == 1 and says in said[0])


MERGED = """groups:
- name: g
  rules:
  - &a
    alert: DiskFull
    expr: up == 0
    labels: &l {severity: page, team: infra}
    annotations: &n {runbook_url: docs/disk-full.md}
"""
OWN = "  - {alert: DiskFull, expr: up, annotations: *n, labels: "


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        pytest.param("  - <<: *a\n    expr: up == 1\n", Outcome.MET, id="a rule"),
        pytest.param(OWN + "{<<: *l, severity: ticket}}\n", Outcome.MET, id="labels"),
        pytest.param(OWN + "{severity: ticket, <<: *l}}\n", Outcome.MET, id="labels, the merge last"),
        pytest.param("  - {<<: [*a, {expr: x}], labels: {<<: [*l]}}\n", Outcome.MET, id="lists"),
        pytest.param("  - <<: *a\n    labels: {zone: b}\n", Outcome.PARTIAL, id="labels of its own alone"),
        pytest.param(OWN + "{!!merge <<: *l}}\n", Outcome.MET, id="as yq writes them"),
        pytest.param(OWN + "{'<<': x, team: a}}\n", Outcome.PARTIAL, id="a label of that name"),
        pytest.param("  - <<: 1\n", Outcome.UNKNOWN, id="no mapping"),
    ],
)
def test_merge_keys_are_merged(tmp_path: Path, write, disk, more: str, outcome: Outcome) -> None:
    write("rules/a.yaml", MERGED + more)
    assert alerts(tmp_path).outcome is outcome


def test_a_merge_that_programs_read_differently_is_unknown(tmp_path: Path, write, disk) -> None:
    resource = (MERGED + OWN + "{severity: low, <<: *l}}").replace("\n", "\n  ")
    write("rules/a.yaml", f"kind: PrometheusRule\napiVersion: v1\nspec:\n  {resource}\n")
    finding = alerts(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "rules/a.yaml:12: `severity` stands before a `<<`" in render(finding.says, "en")


def grafana(**keys: str) -> str:
    given = {
        "condition": "A",
        "labels": "{severity: page, team: infra}",
        "annotations": "{runbook_url: docs/disk-full.md}",
        **keys,
    }
    lines = "".join(f"    {key}: {value}\n" for key, value in given.items() if value)
    head = "apiVersion: 1\ngroups:\n- name: g\n  interval: 60s\n  rules:\n  - title: DiskFull\n    data: [{refId: A}]\n"
    return head + lines


@pytest.mark.parametrize(
    ("keys", "outcome", "says"),
    [
        ({}, Outcome.MET, ""),
        ({"isPaused": "false"}, Outcome.MET, ""),
        ({"isPaused": "'0'"}, Outcome.MET, ""),
        ({"isPaused": "true"}, Outcome.NOT_MET, "it is paused"),
        ({"isPaused": "'true'"}, Outcome.NOT_MET, "it is paused"),
        ({"isPaused": "1"}, Outcome.NOT_MET, "it is paused"),
        ({"isPaused": "T"}, Outcome.NOT_MET, "it is paused"),
        ({"isPaused": "yes"}, Outcome.NOT_MET, "its isPaused is yes, which is neither true nor false"),
        ({"isPaused": "$PAUSED"}, Outcome.UNKNOWN, "its isPaused ($PAUSED) is filled in from an environment"),
        ({"isPaused": "${PAUSED}"}, Outcome.UNKNOWN, "its isPaused (${PAUSED}) is filled in"),
        ({"for": "$WAIT"}, Outcome.UNKNOWN, "its for ($WAIT) is filled in"),
        ({"for": "90d"}, Outcome.NOT_MET, "longer than a week"),
        ({"condition": "B"}, Outcome.NOT_MET, "its condition B is none of its queries"),
        ({"condition": ""}, Outcome.NOT_MET, "none of its queries"),
        ({"labels": "{severity: page, team: $TEAM}"}, Outcome.UNKNOWN, "its team ($TEAM) is filled in"),
        ({"labels": "{severity: '$__env{SEV}', team: a}"}, Outcome.UNKNOWN, "its severity ($__env{SEV}) is filled in"),
        ({"labels": "{severity: page, team: 'a$$b'}"}, Outcome.MET, ""),
        ({"annotations": "{runbook_url: 'https://$HOST/a'}"}, Outcome.UNKNOWN, "its runbook_url (https://$HOST/a)"),
        ({"record": "{metric: m, from: A}"}, Outcome.UNKNOWN, "holds no alert"),
    ],
    ids=str,
)
def test_an_alert_of_grafana_is_read_as_grafana_reads_it(
    tmp_path: Path, write, disk, keys: dict[str, str], outcome: Outcome, says: str
) -> None:
    write("rules/a.yaml", grafana(**keys))
    finding = alerts(tmp_path)
    assert finding.outcome is outcome, render(finding.says, "en")
    assert says in render(finding.says, "en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("apiVersion: d/v1\nkind: DatadogMonitor\n", "rules/b.yaml:2 holds an alert of the kind DatadogMonitor"),
        ("apiVersion: x/v1\nkind: MonitoringAlertPolicy\n", "of the kind MonitoringAlertPolicy"),
        ("groups: [{name: g, rules: {alert: A, expr: up}}]\n", "rules/b.yaml:1: `rules` is no list of rules"),
        ("groups: [{name: g, rules: [x]}]\n", "`rules` is no list of rules"),
        (
            "kind: ConfigMap\ndata:\n  a.yml: |\n    groups:\n    - [\n",
            "rules/b.yaml:3 holds a text that cannot be read",
        ),
    ],
)
def test_an_alert_that_is_not_read_is_named_beside_the_others(
    tmp_path: Path, write, disk, text: str, says: str
) -> None:
    write("rules/a.yaml", rules(rule()))
    write("rules/b.yaml", text)
    finding = alerts(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert says in render(finding.says, "en")


def test_labels_are_texts_as_they_are_written() -> None:
    text = "groups: [{rules: [{alert: A, expr: up, labels: {a: yes, b: 1.10, c: 007, d: ~, e: [x]}}]}]"
    (alert,) = alerts_in(read_stream(text, "a.yaml", as_go=True))
    assert alert.labels == {"a": "yes", "b": "1.10", "c": "007"}


@pytest.mark.parametrize(
    ("path", "text", "spoken"),
    [
        ("a.md", "# DiskAlmostFull\n\nx", True),
        ("a.md", "# Runbook\n\n## Alert DiskAlmostFull (warning)\n\nx", True),
        ("a.md", "# Disk almost full\n\nx", True),
        ("disk-almost-full.md", "x", True),
        ("diskalmostfull.md", "x", True),
        ("almost-full.md", "x", True),
        ("a.md", "---\nalerts: [DiskAlmostFull]\n---\nx", True),
        ("a.md", "# Space\n\nAlert: DiskAlmostFull. Delete.", True),
        ("a.md", "# 空间\n\n告警：DiskAlmostFull", True),
        ("a.md", "# Space\n\nWe once had DiskAlmostFull.", False),
        ("full.md", "# Full\n\nx", False),
        ("a.md", "# DiskAlmostFullSoon\n\nx", False),
    ],
)
def test_a_document_names_the_alert_that_it_is_for(path: str, text: str, spoken: bool) -> None:
    assert speaks_of(read_document(text, path), "DiskAlmostFull", "disk") is spoken


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rules(rule("A")), id="rule file"),
        pytest.param("kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: A, expr: up}\n", id="resource"),
        pytest.param("a: 1\n---\n" + rules(rule("A")), id="second document"),
        pytest.param("prom:\n  rules:\n    groups: [{rules: [{alert: A, expr: up}]}]\n", id="values of a chart"),
        pytest.param(
            "kind: ConfigMap\ndata:\n  a.rules: |\n    groups: # all\n    - rules: [{alert: A, expr: up}]\n",
            id="ConfigMap",
        ),
        pytest.param('rules: \'{"groups": [{"rules": [{"alert": "A", "expr": "up"}]}]}\'\n', id="JSON in a text"),
        pytest.param(
            "apiVersion: g/v1\nkind: GrafanaAlertRuleGroup\n"
            "spec: {rules: [{title: A, condition: B, data: [{refId: B}]}]}\n",
            id="Grafana's operator",
        ),
        pytest.param(
            "apiVersion: 1\ngroups: [{rules: [{title: A, condition: A, data: [{refId: A}]}]}]\n", id="Grafana"
        ),
    ],
)
def test_alerts_are_found_wherever_their_groups_stand(text: str) -> None:
    assert [(one.name, one.faults) for one in alerts_in(read_stream(text, "a.yaml", as_go=True))] == [("A", ())]


def test_an_alert_in_a_config_map_has_its_line_in_the_file() -> None:
    text = "kind: ConfigMap\ndata:\n  a.rules: |\n    groups:\n    - rules:\n      - expr: up\n        alert: A\n"
    assert [one.line for one in alerts_in(read_stream(text, "a.yaml", as_go=True))] == [7]
    quoted = 'data:\n  a.rules: "groups:\\n- rules:\\n  - {alert: A, expr: up}\\n"\n'
    assert [one.line for one in alerts_in(read_stream(quoted, "a.yaml", as_go=True))] == [2]


def test_an_alert_has_the_labels_of_its_group_and_its_line() -> None:
    group = "- labels: {team: a, severity: x}\n  rules:\n  - expr: up\n    alert: A\n    labels: {team: b}\n"
    text = "# head\n---\ngroups:\n" + group
    (alert,) = alerts_in(read_stream(text, "a.yaml", as_go=True))
    assert alert.labels == {"team": "b", "severity": "x"}
    assert alert.line == 7


def test_a_finding_names_the_figures_and_the_worst_alert(tmp_path: Path, write, disk) -> None:
    write("rules/a.yaml", rules(rule(), rule("B", severity="", team="")))
    finding = alerts(tmp_path)
    says = render(finding.says, "en")
    assert says.startswith("1 of 2 alerts are in order (one without severity, one without owner, one without response)")
    assert "B (rules/a.yaml:" in says
    assert finding.table is not None
    assert finding.table.rows[0][0] == "B"


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ({"severity": ""}, {"severity": "", "team": ""}, "; the worst is B (rules/a.yaml:"),
        ({"team": ""}, {"severity": ""}, "; the worst is A (rules/a.yaml:"),
        ({"team": ""}, {"team": ""}, "; all 2 have the same fault, such as A (rules/a.yaml:"),
    ],
    ids=["more is lacking", "as much is lacking", "the same is lacking"],
)
def test_the_worst_alert_lacks_most_unless_all_lack_the_same(
    tmp_path: Path, write, disk, first: dict, second: dict, says: str
) -> None:
    write("rules/a.yaml", rules(rule("A", **first), rule("B", **second)))
    assert says in render(alerts(tmp_path).says, "en")


@pytest.mark.parametrize(
    ("content", "outcome", "says"),
    [
        (None, Outcome.NOT_MET, "no rule file matches"),
        ("groups: []\n", Outcome.UNKNOWN, "holds no alert"),
        ("", Outcome.UNKNOWN, "holds no alert"),
        ("spec:\n{{ toYaml .x }}\n  b: 1\n", Outcome.UNKNOWN, "template"),
        ("a: 1\nname: {{ .Values.name }}\n", Outcome.UNKNOWN, "rules/a.yaml:2 is a template"),
        ("groups: [\n", Outcome.UNKNOWN, "cannot be read as YAML"),
        ("a: &x [1]\n" + "b: [" + "*x," * 10_001 + "]\n", Outcome.UNKNOWN, "cannot be read as YAML"),
        ("a: " + "[" * 1000 + "]" * 1000, Outcome.UNKNOWN, "cannot be read as YAML"),
        (b"groups: \0", Outcome.UNKNOWN, "binary"),
        (b"x" * 3_000_000, Outcome.UNKNOWN, "more than the 2 MB"),
        ("---\n" * 1000, Outcome.UNKNOWN, "documents"),
    ],
    ids=[
        "missing",
        "no groups",
        "empty",
        "template",
        "template in a value",
        "broken",
        "aliases",
        "deep",
        "binary",
        "large",
        "documents",
    ],
)
def test_what_cannot_be_judged_is_unknown(
    tmp_path: Path, write, content: str | bytes | None, outcome: Outcome, says: str
) -> None:
    if content is not None:
        write("rules/a.yaml", content)
    finding = alerts(tmp_path)
    assert finding.outcome is outcome
    assert says in render(finding.says, "en")


def test_an_unreadable_file_beside_good_ones_leaves_it_unknown(tmp_path: Path, write, disk) -> None:
    write("rules/a.yaml", rules(rule()))
    write("rules/b.yaml", "groups: [\n")
    assert alerts(tmp_path).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("source", "parameters", "outcome", "figures"),
    [
        (
            "prometheus",
            {"path": "rules/*.yml"},
            Outcome.NOT_MET,
            "0 of 4 alerts are in order (2 without owner, 2 without response)",
        ),
        (
            "chart",
            {
                "owner": "destination",
                "hosts": ["manual.example.com", "papers.example.org"],
                "ignore": ["PagerDrill"],
            },
            Outcome.PARTIAL,
            "2 of 3 alerts are in order (one without owner, one without response)",
        ),
        (
            "grafana",
            {"path": "alerting/*.y*ml", "hosts": "docs.example.com"},
            Outcome.PARTIAL,
            "1 of 2 alerts are in order (one without severity, one without owner, one without response)",
        ),
    ],
    ids=["Prometheus", "a chart", "Grafana"],
)
def test_whole_rule_files_are_read(source: str, parameters: dict, outcome: Outcome, figures: str) -> None:
    finding = alerts(SAMPLES / "alerts" / source, **parameters)
    assert finding.outcome is outcome
    assert render(finding.says, "en").startswith(figures)


def test_rules_and_runbooks_of_one_team_fit_together() -> None:
    folder = SAMPLES / "alerts" / "prometheus"
    finding = alerts(folder, path="rules/*.yml", owner=["alert_type"], heading=False)
    assert finding.outcome is Outcome.PARTIAL
    assert finding.table is not None
    assert [str(row[4]) for row in finding.table.rows if not row[5]] == [
        "docs/queue/queue-too-long.md",
        "docs/queue/README.md#messages-were-lost",
    ]


_piece = st.sampled_from(
    ["groups:\n", "- rules:\n", "  - alert: A\n", "    expr: up\n", "    labels: {severity: x}\n", "---\n", "...\n",
     "{{ x }}\n", "&a ", "*a\n", "? x\n", "!!set {}\n", "'", '"', "[", "{", ": ", "|\n", "\t", "%YAML 1.2\n",
     "title: x\n"]
)  # fmt: skip


@settings(max_examples=examples(300))
@given(st.one_of(st.text(max_size=200), st.lists(_piece, max_size=25).map("".join)))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    try:
        found = alerts_in(read_stream(text, "a.yaml", as_go=True))
    except Undetermined as cannot:
        said = [render(cannot.why, language) for language in LANGUAGES]
    else:
        said = [one.name for one in found]
        assert all(0 < one.line <= text.count("\n") + 1 for one in found)
    assert all(said)
