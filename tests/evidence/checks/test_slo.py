"""The check `slo`: objectives, their targets, windows and alerts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.checks.slo.objectives import objectives_in, policies_in, window_days
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
SLI = "sli: {events: {error_query: e, total_query: t}}"
ALERT = "alerting: {name: A}"


def slo(folder: Path, **parameters: object) -> Finding:
    finding = run_check("slo", folder, today=TODAY, **{"path": "slo/*.y*ml", **parameters})
    assert all(render(finding.says, language) for language in LANGUAGES)
    for row in finding.table.rows if finding.table else ():
        assert all(render(cell, language) is not None for cell in row for language in LANGUAGES)
    return finding


def sloth(objective: str = "99.9", *keys: str, labels: str = "{}") -> str:
    given = keys or (SLI, ALERT)
    lines = "".join(f"  {key}\n" for key in given)
    return f"version: prometheus/v1\nservice: s\nlabels: {labels}\nslos:\n- name: a\n  objective: {objective}\n{lines}"


def openslo(target: str = "target: 0.999", window: str = "[{duration: 28d}]", policies: str = "[p]") -> str:
    return (
        f"apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: a}}\nspec:\n  service: s\n  indicatorRef: i\n"
        f"  timeWindow: {window}\n  alertPolicies: {policies}\n  objectives: [{{{target}}}]\n"
    )


POLICY = (
    "---\napiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: {name: p}\nspec: {conditions: [{conditionRef: c}]}\n"
)


@pytest.mark.parametrize(
    ("text", "parameters", "outcome"),
    [
        pytest.param(sloth(), {}, Outcome.MET, id="Sloth"),
        pytest.param(sloth("100"), {}, Outcome.NOT_MET, id="no budget at all"),
        pytest.param(sloth("20"), {}, Outcome.NOT_MET, id="too low"),
        pytest.param(sloth("95"), {"lowest": 99}, Outcome.NOT_MET, id="lower than asked"),
        pytest.param(sloth("0.999"), {}, Outcome.NOT_MET, id="a ratio for per cent"),
        pytest.param(sloth("'99.9'"), {}, Outcome.NOT_MET, id="a text for a number"),
        pytest.param(sloth(".nan"), {}, Outcome.NOT_MET, id="not a number"),
        pytest.param(sloth("99.9", ALERT), {}, Outcome.NOT_MET, id="nothing measured"),
        pytest.param(sloth("99.9", SLI), {}, Outcome.NOT_MET, id="no alert"),
        pytest.param(sloth("99.9", SLI), {"alerts": False}, Outcome.MET, id="no alert asked"),
        pytest.param(sloth("99.9", SLI, "alerting: {page_alert: {}}"), {}, Outcome.NOT_MET, id="an alert without name"),
        pytest.param(
            sloth("99.9", SLI, "alerting: {name: A, page_alert: {disable: true}}"), {}, Outcome.MET, id="only a ticket"
        ),
        pytest.param(
            sloth("99.9", SLI, "alerting: {name: A, page_alert: {disable: true}, ticket_alert: {disable: true}}"),
            {},
            Outcome.NOT_MET,
            id="both disabled",
        ),
        pytest.param(sloth(), {"owner": True}, Outcome.NOT_MET, id="no owner"),
        pytest.param(sloth(labels="{owner: x}"), {"owner": True}, Outcome.MET, id="an owner"),
        pytest.param(sloth(), {"at_least": 2}, Outcome.NOT_MET, id="too few"),
        pytest.param(sloth(), {"shortest": "60d"}, Outcome.NOT_MET, id="window too short"),
        pytest.param(openslo() + POLICY, {}, Outcome.MET, id="OpenSLO"),
        pytest.param(openslo(), {}, Outcome.NOT_MET, id="a policy that is nowhere"),
        pytest.param(openslo() + POLICY.replace("[{conditionRef: c}]", "[]"), {}, Outcome.NOT_MET, id="no condition"),
        pytest.param(openslo(policies="[{spec: {conditions: [1]}}]"), {}, Outcome.MET, id="a policy of its own"),
        pytest.param(openslo(policies="[{alertPolicyRef: p}]") + POLICY, {}, Outcome.MET, id="a policy by reference"),
        pytest.param(openslo("target: 99.9") + POLICY, {}, Outcome.NOT_MET, id="per cent for a ratio"),
        pytest.param(openslo("targetPercent: 99.9") + POLICY, {}, Outcome.MET, id="per cent as such"),
        pytest.param(openslo(window="[{duration: 1Y}]") + POLICY, {}, Outcome.NOT_MET, id="window too long"),
        pytest.param(openslo(window="[]") + POLICY, {}, Outcome.NOT_MET, id="no window"),
        pytest.param(sloth() + "---\n" + sloth("100"), {}, Outcome.PARTIAL, id="one of two"),
        pytest.param("kind: AlertWindows\n", {}, Outcome.UNKNOWN, id="no objective"),
        pytest.param("version: [\n", {}, Outcome.UNKNOWN, id="broken"),
        pytest.param(sloth() + "---\nx: [\n", {}, Outcome.UNKNOWN, id="good and broken"),
        pytest.param(None, {}, Outcome.NOT_MET, id="no file"),
        pytest.param(sloth(), {"highest": 100}, Outcome.UNKNOWN, id="a bound without budget"),
        pytest.param(sloth(), {"shortest": "30d", "longest": "7d"}, Outcome.UNKNOWN, id="bounds the wrong way round"),
    ],
)
def test_each_objective_is_held_to_what_is_asked(
    tmp_path: Path, write, text: str | None, parameters: dict, outcome: Outcome
) -> None:
    if text is not None:
        write("slo/a.yaml", text)
    assert slo(tmp_path, **parameters).outcome is outcome


@pytest.mark.parametrize(
    ("labels", "outcome"),
    [
        ("{sloth_slo: a, sloth_service: s}", Outcome.MET),
        ("{slo: a}", Outcome.MET),
        ("{slo: a, service: other}", Outcome.NOT_MET),
        ("{category: a}", Outcome.NOT_MET),
    ],
)
def test_an_alert_elsewhere_counts_where_its_labels_name_the_objective(
    tmp_path: Path, write, labels: str, outcome: Outcome
) -> None:
    write("slo/a.yaml", sloth("99.9", SLI))
    write("rules/a.yaml", f"groups: [{{rules: [{{alert: A, expr: up, labels: {labels}}}]}}]\n")
    assert slo(tmp_path, rules="rules/*.yaml").outcome is outcome


@pytest.mark.parametrize(
    ("written", "days"), [("28d", 28), ("4w", 28), ("1M", 30), ("1Q", 91), ("720h", 30), ("x", None), ("", None)]
)
def test_a_window_is_read_in_days(written: str, days: float | None) -> None:
    assert window_days(written) == days


def test_a_finding_names_the_range_and_the_worst(tmp_path: Path, write) -> None:
    write("slo/a.yaml", sloth("99.9") + "---\n" + sloth("95"))
    assert render(slo(tmp_path).says, "en") == "all 2 objectives of slo/*.y*ml (95–99.9 %) are in order"
    write("slo/b.yaml", sloth("100"))
    assert "a (slo/b.yaml:5): has the target 100 %" in render(slo(tmp_path).says, "en")


def test_the_objectives_of_others_are_read(shared_data: Path) -> None:
    finding = slo(shared_data / "slo-sloth/data", path="examples/*.y*ml")
    assert finding.outcome is Outcome.PARTIAL
    assert render(finding.says, "en").startswith("22 of 27 objectives are in order; the worst is http-availability")
    assert finding.table is not None
    lacking = [(str(row[0]), render(row[6], "en")) for row in finding.table.rows if row[6]]
    assert len(lacking) == 5
    assert {why for _, why in lacking} == {"has no alert"}


_piece = st.sampled_from(
    ["version: prometheus/v1\n", "slos:\n", "- name: a\n", "  objective: 99\n", "  sli: {raw: 1}\n", "kind: SLO\n",
     "apiVersion: openslo/v1\n", "spec: {objectives: [{target: 1}]}\n", "  alerting: []\n", "---\n", "spec:\n",
     " a: [1]\n",
     "metadata: 1\n", "spec: {timeWindow: [1], alertPolicies: [{}, 1, x]}\n"]
)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_piece, max_size=20).map("".join)))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    try:
        documents = read_stream(text, "a.yaml")
    except Undetermined:
        return
    policies_in(documents)
    assert all(0 < one.line <= text.count("\n") + 1 for one in objectives_in(documents))
