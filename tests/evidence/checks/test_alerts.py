"""The check `alerts`: severity, owner and response of every alert."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.checks.alerts.responses import allowed_host, speaks_of
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
    ],
)
def test_each_alert_is_held_to_what_is_asked(
    tmp_path: Path, write, disk, listed: list[str], parameters: dict, outcome: Outcome
) -> None:
    write("rules/a.yaml", rules(*listed))
    assert alerts(tmp_path, **parameters).outcome is outcome


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
        ("javascript:alert(1)", {"hosts": ["*"]}, Outcome.NOT_MET),
        ("https://[bad", {"hosts": ["*"]}, Outcome.NOT_MET),
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


def test_hosts_are_allowed_by_name_or_below_a_name() -> None:
    assert allowed_host("A.Example.com.", ["a.example.com"])
    assert allowed_host("x.example.com", ["*.example.com"])
    assert not allowed_host("example.com", ["*.example.com"])
    assert not allowed_host("evil-example.com", ["*.example.com"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rules(rule("A")), id="rule file"),
        pytest.param("kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - {alert: A, expr: up}\n", id="resource"),
        pytest.param("a: 1\n---\n" + rules(rule("A")), id="second document"),
        pytest.param("prom:\n  rules:\n    groups: [{rules: [{alert: A, expr: up}]}]\n", id="values of a chart"),
        pytest.param("apiVersion: 1\ngroups: [{rules: [{title: A, data: [{refId: A}]}]}]\n", id="Grafana"),
    ],
)
def test_alerts_are_found_wherever_their_groups_stand(text: str) -> None:
    assert [(one.name, one.faults) for one in alerts_in(read_stream(text, "a.yaml"))] == [("A", ())]


def test_an_alert_has_the_labels_of_its_group_and_its_line() -> None:
    group = "- labels: {team: a, severity: x}\n  rules:\n  - expr: up\n    alert: A\n    labels: {team: b}\n"
    text = "# head\n---\ngroups:\n" + group
    (alert,) = alerts_in(read_stream(text, "a.yaml"))
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
    ("content", "outcome", "says"),
    [
        (None, Outcome.NOT_MET, "no rule file matches"),
        ("groups: []\n", Outcome.UNKNOWN, "holds no alert"),
        ("", Outcome.UNKNOWN, "holds no alert"),
        ("spec:\n{{ toYaml .x }}\n  b: 1\n", Outcome.UNKNOWN, "template"),
        ("groups: [\n", Outcome.UNKNOWN, "cannot be read as YAML"),
        ("a: &x [1]\n" + "b: [" + "*x," * 200 + "]\n", Outcome.UNKNOWN, "cannot be read as YAML"),
        ("a: " + "[" * 1000 + "]" * 1000, Outcome.UNKNOWN, "cannot be read as YAML"),
        (b"groups: \0", Outcome.UNKNOWN, "binary"),
        (b"x" * 3_000_000, Outcome.UNKNOWN, "more than the 2 MB"),
        ("---\n" * 1000, Outcome.UNKNOWN, "documents"),
    ],
    ids=["missing", "no groups", "empty", "template", "broken", "aliases", "deep", "binary", "large", "documents"],
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
            "alerts-gitlab",
            {"path": "rules/*.yml"},
            Outcome.NOT_MET,
            "0 of 184 alerts are in order (160 without owner, 184 without response)",
        ),
        (
            "workload-govuk-platform",
            {
                "path": "charts/monitoring-config/rules/**/*.yaml",
                "owner": "destination",
                "hosts": ["docs.publishing.service.gov.uk", "docs.google.com"],
                "ignore": ["PagerDutyDrill"],
            },
            Outcome.PARTIAL,
            "50 of 73 alerts are in order (12 without owner, 17 without response)",
        ),
        (
            "workload-opentelemetry-demo",
            {"path": "src/grafana/provisioning/alerting/*.y*ml", "hosts": "opentelemetry.io"},
            Outcome.NOT_MET,
            "0 of 11 alerts are in order (10 without owner, one without response)",
        ),
    ],
    ids=["gitlab", "govuk", "opentelemetry"],
)
def test_the_rules_of_others_are_read(
    shared_data: Path, source: str, parameters: dict, outcome: Outcome, figures: str
) -> None:
    finding = alerts(shared_data / source / "data", **parameters)
    assert finding.outcome is outcome
    assert render(finding.says, "en").startswith(figures)


def test_rules_and_runbooks_of_one_team_fit_together(shared_data: Path, tmp_path: Path) -> None:
    shutil.copytree(shared_data / "alerts-gitlab/data", tmp_path, dirs_exist_ok=True)
    shutil.copytree(shared_data / "runbooks-gitlab/data", tmp_path, dirs_exist_ok=True)
    finding = alerts(tmp_path, path="rules/*.yml", owner=["alert_type"], heading=False)
    assert finding.outcome is Outcome.PARTIAL
    assert finding.table is not None
    reached = {str(row[4]) for row in finding.table.rows if not row[5]}
    assert reached
    assert all((tmp_path / target.partition("#")[0]).is_file() for target in reached)


_piece = st.sampled_from(
    ["groups:\n", "- rules:\n", "  - alert: A\n", "    expr: up\n", "    labels: {severity: x}\n", "---\n", "...\n",
     "{{ x }}\n", "&a ", "*a\n", "? x\n", "!!set {}\n", "'", '"', "[", "{", ": ", "|\n", "\t", "%YAML 1.2\n",
     "title: x\n"]
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_piece, max_size=25).map("".join)))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    try:
        found = alerts_in(read_stream(text, "a.yaml"))
    except Undetermined as cannot:
        said = [render(cannot.why, language) for language in LANGUAGES]
    else:
        said = [one.name for one in found]
        assert all(0 < one.line <= text.count("\n") + 1 for one in found)
    assert all(said)
