"""The check `slo`: objectives, their targets, windows and alerts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SAMPLES
from support.fuzzing import examples

from orr.evidence.checks.slo.openslo import window_days
from orr.evidence.checks.slo.reading import Library, add
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


def openslo(
    target: str = "target: 0.999",
    window: str = "[{duration: 28d}]",
    policies: str = "[p]",
    indicator: str = "indicatorRef: i",
    version: str = "openslo/v1",
) -> str:
    return (
        f"apiVersion: {version}\nkind: SLO\nmetadata: {{name: a}}\nspec:\n  service: s\n  {indicator}\n"
        f"  timeWindow: {window}\n  alertPolicies: {policies}\n  objectives: [{{{target}}}]\n"
    )


def thing(kind: str, name: str, spec: str, version: str = "openslo/v1") -> str:
    return f"---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def query(text: str) -> str:
    return f"{{metricSource: {{type: P, spec: {{query: '{text}'}}}}}}"


def ratio(good: str = "ok", total: str = "all", of: str = "good") -> str:
    return f"{{ratioMetric: {{{of}: {query(good)}, total: {query(total)}}}}}"


POLICY = thing("AlertPolicy", "p", "{conditions: [{conditionRef: c}]}")
CONDITION = thing("AlertCondition", "c", "{severity: page, condition: {kind: burnrate}}")
INDICATOR = thing("SLI", "i", ratio())
REST = POLICY + CONDITION + INDICATOR


def pyrra(target: str = "'99'", window: str = "4w", indicator: str = "", alerting: str = "{}") -> str:
    ratio = "ratio: {errors: {metric: 'e{a=\"b\"}'}, total: {metric: t}}"
    return (
        "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata:\n  name: p\n"
        "  labels: {pyrra.dev/team: x}\n"
        f"spec:\n  target: {target}\n  window: {window}\n  indicator: {{{indicator or ratio}}}\n"
        f"  alerting: {alerting}\n"
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
        pytest.param(sloth(labels="{owner: TBD}"), {"owner": True}, Outcome.NOT_MET, id="an owner still to be found"),
        pytest.param(sloth(labels="{owner: TBD, team: x}"), {"owner": True}, Outcome.MET, id="an owner by another key"),
        pytest.param(sloth(), {"at_least": 2}, Outcome.NOT_MET, id="too few"),
        pytest.param(sloth(), {"shortest": "60d"}, Outcome.NOT_MET, id="window too short"),
        pytest.param(openslo() + REST, {}, Outcome.MET, id="OpenSLO"),
        pytest.param(openslo() + INDICATOR, {}, Outcome.NOT_MET, id="a policy that is nowhere"),
        pytest.param(openslo("target: 99.9") + REST, {}, Outcome.NOT_MET, id="per cent for a ratio"),
        pytest.param(openslo("target: '0.99'") + REST, {}, Outcome.NOT_MET, id="a ratio in quotes"),
        pytest.param(openslo("targetPercent: 99.9") + REST, {}, Outcome.MET, id="per cent as such"),
        pytest.param(openslo(window="[{duration: 1Y}]") + REST, {}, Outcome.NOT_MET, id="window too long"),
        pytest.param(openslo(window="[]") + REST, {}, Outcome.NOT_MET, id="no window"),
        pytest.param(pyrra(), {}, Outcome.MET, id="Pyrra"),
        pytest.param(pyrra("99"), {"owner": True}, Outcome.MET, id="Pyrra, a number and an owner"),
        pytest.param(pyrra("'0.99'"), {}, Outcome.NOT_MET, id="Pyrra, a ratio for per cent"),
        pytest.param(pyrra("'10'"), {}, Outcome.NOT_MET, id="Pyrra, too low"),
        pytest.param(pyrra(window="1h"), {}, Outcome.NOT_MET, id="Pyrra, window too short"),
        pytest.param(pyrra(window="1w3d"), {}, Outcome.MET, id="Pyrra, a window of two units"),
        pytest.param(pyrra(alerting="{disabled: on}"), {}, Outcome.NOT_MET, id="Pyrra, alerts disabled"),
        pytest.param(pyrra(alerting="{burnrates: no}"), {}, Outcome.NOT_MET, id="Pyrra, no alert on burn rates"),
        pytest.param(pyrra(alerting="{disabled: no}"), {}, Outcome.MET, id="Pyrra, alerts not disabled"),
        pytest.param(pyrra(indicator="bool_gauge: {metric: up}"), {}, Outcome.MET, id="Pyrra, a gauge"),
        pytest.param(pyrra(indicator="bool_gauge: {}"), {}, Outcome.NOT_MET, id="Pyrra, nothing measured"),
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


def disabled(page: str, ticket: str = "true") -> str:
    return sloth(
        "99.9", SLI, f"alerting: {{name: A, page_alert: {{disable: {page}}}, ticket_alert: {{disable: {ticket}}}}}"
    )


@pytest.mark.parametrize(
    ("text", "outcome", "says"),
    [
        pytest.param(disabled("yes", "yes"), Outcome.NOT_MET, "has no alert", id="yes"),
        pytest.param(disabled("On", "TRUE"), Outcome.NOT_MET, "has no alert", id="on, and in capitals"),
        pytest.param(disabled("y", "Y"), Outcome.NOT_MET, "has no alert", id="one letter"),
        pytest.param(disabled("no"), Outcome.MET, "", id="no"),
        pytest.param(disabled("off"), Outcome.MET, "", id="off"),
        pytest.param(disabled("~"), Outcome.MET, "", id="null is the default"),
        pytest.param(
            disabled("'true'"), Outcome.UNKNOWN, "a.yaml:8: `disable` is true, which is no boolean", id="quoted"
        ),
        pytest.param(disabled("1"), Outcome.UNKNOWN, "`disable` is 1", id="a number"),
        pytest.param(
            disabled("$OFF"), Outcome.UNKNOWN, "`disable` is $OFF", id="a variable that Sloth does not fill in"
        ),
        pytest.param(disabled("yEs"), Outcome.UNKNOWN, "`disable` is yEs", id="a mixture of cases"),
        pytest.param(sloth("$TARGET"), Outcome.NOT_MET, "$TARGET, which is no number", id="a target to fill in"),
        pytest.param(sloth("099.9"), Outcome.NOT_MET, "099.9, which is no number", id="a leading zero"),
        pytest.param(
            sloth("99.9", SLI, "alerting: {name: A, labels: {severity: none}}"),
            Outcome.NOT_MET,
            "has no alert",
            id="alerts that wake nobody",
        ),
        pytest.param(
            sloth("99.9", "sli: &s {events: {error_query: e, total_query: t}}", ALERT)
            + "- {name: b, objective: 99, sli: {<<: *s}, alerting: {<<: {name: B}}}\n",
            Outcome.MET,
            "all 2 objectives",
            id="merge keys",
        ),
        pytest.param(
            sloth("99.9", SLI, "alerting: {name: A, page_alert: {disable: false, <<: {disable: true}}}"),
            Outcome.UNKNOWN,
            "`disable` stands before a `<<`",
            id="a merge key that programs read differently",
        ),
    ],
)
def test_words_are_read_as_the_tool_reads_them(tmp_path: Path, write, text: str, outcome: Outcome, says: str) -> None:
    write("slo/a.yaml", text)
    finding = slo(tmp_path)
    assert finding.outcome is outcome, render(finding.says, "en")
    assert says in render(finding.says, "en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(openslo() + POLICY + CONDITION, "an indicator that is in none of the files: i", id="indicator"),
        pytest.param(
            openslo(indicator="sliRef: j", version="openslo.com/v2alpha") + REST,
            "an indicator that is in none of the files: j",
            id="indicator of the next version",
        ),
        pytest.param(
            openslo("target: 0.9, indicatorRef: j") + REST, "none of the files: j", id="indicator of an objective"
        ),
        pytest.param(openslo() + POLICY + INDICATOR, "has no condition: p", id="condition"),
        pytest.param(
            openslo()
            + thing("AlertPolicy", "p", "{conditions: [{and: [{conditionRef: c}, {conditionRef: d}]}]}")
            + CONDITION
            + INDICATOR,
            "has no condition: p",
            id="one of two conditions",
        ),
        pytest.param(openslo() + REST.replace("[{conditionRef: c}]", "[]"), "has no condition: p", id="no condition"),
        pytest.param(openslo() + REST.replace("[{conditionRef: c}]", "[{}]"), "has no condition: p", id="an empty one"),
        pytest.param(
            openslo() + REST.replace("spec: {severity", "nope: {severity"), "has no condition: p", id="without a spec"
        ),
        pytest.param(
            openslo() + REST.replace("{conditions", "{alertWhenBreaching: no, conditions"),
            "has no condition: p",
            id="a policy that alerts on nothing",
        ),
        pytest.param(
            openslo(policies="[{spec: {conditions: [{conditionRef: d}]}}]") + REST, "has no alert", id="its own policy"
        ),
        pytest.param(
            openslo() + POLICY + CONDITION + thing("SLI", "i", "{}"),
            "does not define what is measured",
            id="empty indicator",
        ),
        pytest.param(
            openslo(indicator="indicator: {metadata: {name: x}}") + REST,
            "does not define what is measured",
            id="its own, empty",
        ),
        pytest.param(
            openslo(indicator="indicator: {spec: {thresholdMetric: {metricSource: {type: P}}}}") + REST,
            "does not define what is measured",
            id="a source without a query",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_proves_nothing(tmp_path: Path, write, text: str, says: str) -> None:
    write("slo/a.yaml", text)
    finding = slo(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert says in render(finding.says, "en")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(openslo(policies="[{alertPolicyRef: p}]") + REST, id="a policy by reference"),
        pytest.param(
            openslo(policies="[{spec: {conditions: [{spec: {a: b}}]}}]") + INDICATOR, id="a policy of its own"
        ),
        pytest.param(
            openslo(policies="[{spec: {conditions: [{conditionRef: c}]}}, p]") + REST, id="two, of which one holds"
        ),
        pytest.param(
            openslo("target: 0.9, indicatorRef: i", indicator="description: x") + REST, id="indicator of an objective"
        ),
        pytest.param(openslo(indicator=f"indicator: {{spec: {ratio()}}}") + REST, id="its own indicator"),
        pytest.param(openslo(indicator="sliRef: i", version="openslo.com/v2alpha") + REST, id="the next version"),
        pytest.param(
            openslo(
                indicator="sli: {spec: {thresholdMetric: {dataSourceRef: d, spec: {query: q}}}}",
                version="openslo/v2alpha1",
            )
            + REST,
            id="a metric of the next version",
        ),
        pytest.param(
            "kind: List\nitems:\n- " + openslo().replace("\n", "\n  ").rstrip() + "\n" + REST, id="a list of Kubernetes"
        ),
    ],
)
def test_references_are_followed_wherever_they_lead(tmp_path: Path, write, text: str) -> None:
    write("slo/a.yaml", text)
    finding = slo(tmp_path)
    assert finding.outcome is Outcome.MET, render(finding.says, "en")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            sloth("99", "sli: {events: {error_query: 'sum(a)', total_query: ' sum(a)\n'}}", ALERT), id="Sloth"
        ),
        pytest.param(openslo() + POLICY + CONDITION + thing("SLI", "i", ratio("x", "x")), id="OpenSLO"),
        pytest.param(
            openslo() + POLICY + CONDITION + thing("SLI", "i", ratio("x", "x", "bad")), id="OpenSLO, bad events"
        ),
        pytest.param(openslo(indicator=f"indicator: {{spec: {ratio('x', 'x  ')}}}") + REST, id="OpenSLO, its own"),
        pytest.param(pyrra(indicator="ratio: {errors: {metric: t}, total: {metric: t}}"), id="Pyrra"),
        pytest.param(
            pyrra(indicator='ratio: {errors: {metric: \'t{a="1", b="2"}\'}, total: {metric: \'t { b="2",a="1" }\'}}'),
            id="spaces and the order of matchers",
        ),
        pytest.param(pyrra(indicator="latency: {success: {metric: t}, total: {metric: t}}"), id="Pyrra, latency"),
    ],
)
def test_two_queries_that_are_alike_measure_nothing(tmp_path: Path, write, text: str) -> None:
    write("slo/a.yaml", text)
    finding = slo(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert "measures nothing" in render(finding.says, "en")


@pytest.mark.parametrize(
    "sli",
    [
        "{events: {error_query: 'vector(0)', total_query: 'sum(rate(a[{{.window}}]))'}}",
        "{events: {error_query: 'sum(rate(a[{{.window}}]))', total_query: '1'}}",
        "{raw: {error_ratio_query: 0}}",
        "{raw: {error_ratio_query: '1 - (sum(rate(a[{{ .window }}])) / sum(rate(a[{{ .window }}])))'}}",
    ],
)
def test_a_query_that_is_always_the_same_measures_nothing(tmp_path: Path, write, sli: str) -> None:
    write("slo/a.yaml", sloth("99", f"sli: {sli}", ALERT))
    assert "is always the same" in render(slo(tmp_path).says, "en")


def test_a_query_of_openslo_that_is_always_the_same_measures_nothing(tmp_path: Path, write) -> None:
    write("slo/a.yaml", openslo(indicator=f"indicator: {{spec: {ratio('vector(0)', 'vector(1)')}}}") + REST)
    assert "vector(0) is always the same" in render(slo(tmp_path).says, "en")


OF_OTHERS = [
    pytest.param("- " + openslo().replace("\n", "\n  "), "b.yaml:1 stands in a list of objects", id="a list"),
    pytest.param(
        openslo(version="openslo/v3"), "b.yaml:2 holds an objective of a form that is not read (openslo/v3", id="v3"
    ),
    pytest.param(
        pyrra().replace("v1alpha1", "v2"), "not read (pyrra.dev/v2 ServiceLevelObjective)", id="Pyrra of tomorrow"
    ),
    pytest.param("apiVersion: n9/v1alpha\nkind: SLO\n", "not read (n9/v1alpha SLO)", id="Nobl9"),
    pytest.param(
        "apiVersion: datadoghq.com/v1alpha1\nkind: DatadogSLO\n", "(datadoghq.com/v1alpha1 DatadogSLO)", id="Datadog"
    ),
    pytest.param(sloth().replace("prometheus/v1", "prometheus/v2"), "not read (prometheus/v2)", id="Sloth of tomorrow"),
    pytest.param("slos: [{name: a, target: 3}]\n", "not read (slos)", id="without a version"),
    pytest.param(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n    version: prometheus/v1\n    slos: [\n",
        "b.yaml:4 holds a text that cannot be read as YAML",
        id="a text that is broken",
    ),
]


@pytest.mark.parametrize(("text", "says"), OF_OTHERS)
def test_an_objective_that_is_not_read_is_named_beside_the_others(tmp_path: Path, write, text: str, says: str) -> None:
    write("slo/a.yaml", sloth())
    write("slo/b.yaml", text)
    finding = slo(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert says in render(finding.says, "en")


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: sloth.slok.dev/v1\nkind: AlertWindows\nspec: {sloPeriod: 7d}\n",
        "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\n",
        "apiVersion: v1\nkind: TimeSlot\n",
        "slos: [one, two]\n",
        "",
    ],
)
def test_what_holds_no_objective_is_passed_over(tmp_path: Path, write, text: str) -> None:
    write("slo/a.yaml", sloth())
    write("slo/b.yaml", text)
    assert slo(tmp_path).outcome is Outcome.MET


def test_objectives_stand_as_texts_in_a_config_map(tmp_path: Path, write) -> None:
    inner = "".join(f"    {line}\n" for line in sloth("100").splitlines())
    write("slo/a.yaml", f"apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n{inner}")
    assert "the one objective is not in order: a (slo/a.yaml:9)" in render(slo(tmp_path).says, "en")


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


def test_whole_files_of_objectives_are_read() -> None:
    finding = slo(SAMPLES / "slo", path="*.y*ml")
    assert finding.outcome is Outcome.PARTIAL
    assert render(finding.says, "en").startswith(
        "4 of 8 objectives are in order; all 4 have the same fault, such as orders-answered (openslo.yml:9)"
    )
    assert finding.table is not None
    lacking = {str(row[0]): render(row[6], "en") for row in finding.table.rows if row[6]}
    assert lacking == dict.fromkeys(
        ["index-fresh", "orders-answered", "orders-soon#1", "orders-soon#2"], "has no alert"
    )


_piece = st.sampled_from(
    ["version: prometheus/v1\n", "slos:\n", "- name: a\n", "  objective: 99\n", "  sli: {raw: 1}\n", "kind: SLO\n",
     "apiVersion: openslo/v1\n", "spec: {objectives: [{target: 1}]}\n", "  alerting: []\n", "---\n", "spec:\n",
     " a: [1]\n",
     "metadata: 1\n", "spec: {timeWindow: [1], alertPolicies: [{}, 1, x]}\n", "apiVersion: pyrra.dev/v1alpha1\n",
     "kind: ServiceLevelObjective\n", "  alerting: {page_alert: {disable: 1}}\n", "a: |\n version: prometheus/v1\n"]
)  # fmt: skip


@settings(max_examples=examples(300))
@given(st.one_of(st.text(max_size=200), st.lists(_piece, max_size=20).map("".join)))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str) -> None:
    try:
        add(library := Library(), read_stream(text, "a.yaml", as_go=True))
    except Undetermined:
        return
    assert all(0 < one.line <= text.count("\n") + 1 for one in library.objectives)
