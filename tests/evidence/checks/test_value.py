"""The check `value`: a bound on a value in YAML, JSON or TOML, in every document that is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence import CheckSpec, faults_of
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
spec:
  replicas: {replicas}
  template: {{spec: {{containers: [{{name: web, {probe}}}]}}}}
"""
SERVICE = "apiVersion: v1\nkind: Service\nspec: {type: ClusterIP}\n"
PROBE = "livenessProbe: {httpGet: {path: /}}"


def value(folder: Path, **parameters: object) -> Finding:
    finding = run_check("value", folder, today=TODAY, **parameters)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


@pytest.mark.parametrize(
    ("name", "text", "expression"),
    [
        ("values.yaml", "web:\n  replicas: 3\n", "web.replicas"),
        ("values.yml", "web: {replicas: 3}\n", "web.replicas"),
        ("values.json", '{"web": {"replicas": 3}}', "web.replicas"),
        ("values.toml", "[web]\nreplicas = 3\n", "web.replicas"),
        ("VALUES.JSON", '{"web": [{"replicas": 3}]}', "web[0].replicas"),
    ],
)
def test_a_value_is_read_from_each_format(tmp_path: Path, write, name: str, text: str, expression: str) -> None:
    write(name, text)
    finding = value(tmp_path, path=name, value=expression, at_least=2)
    assert (finding.outcome, finding.nothing) == (MET, False)
    assert render(finding.says, "en") == f"{name}: {expression}: the value 3, at least 2"
    assert [content.text for content in finding.content] == ["3"]


@pytest.mark.parametrize(
    ("text", "bound", "outcome", "nothing"),
    [
        ("replicas: 1\n", {"at_least": 2}, NOT_MET, False),
        ("replicas: 2\n", {"at_least": 2, "at_most": 9}, MET, False),
        ("replicas: '3'\n", {"at_least": 2}, UNKNOWN, False),
        ("replicas: true\n", {"at_least": 1}, UNKNOWN, False),
        ("replicas: null\n", {"at_least": 2}, NOT_MET, True),
        ("# replicas: 3\nother: 1\n", {"at_least": 2}, NOT_MET, True),
        ("", {"at_least": 2}, NOT_MET, True),
        ("replicas: 3\nreplicas: 1\n", {"at_least": 2}, UNKNOWN, False),
        ("replicas: {{ .Values.replicas }}\n", {"at_least": 2}, UNKNOWN, False),
        ("replicas: []\n", {"all_in": ["a"]}, UNKNOWN, False),
        ("replicas: []\n", {"none": True}, MET, False),
        ("replicas: [a, b]\n", {"all_in": ["a"]}, NOT_MET, False),
        ("replicas: yes\n", {"equals": True}, NOT_MET, False),
        ("replicas: true\n", {}, MET, False),
        ("replicas: 3\n", {}, UNKNOWN, False),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)
def test_a_value_is_held_against_its_bound_and_never_met_by_nothing(
    tmp_path: Path, write, text: str, bound: dict[str, object], outcome: Outcome, nothing: bool
) -> None:
    write("values.yaml", text)
    finding = value(tmp_path, path="values.yaml", value="replicas", **bound)
    assert (finding.outcome, finding.nothing) == (outcome, nothing), str(finding.says)


def test_a_file_that_is_not_there_is_nothing_found(tmp_path: Path, write) -> None:
    write("other.yaml", "replicas: 3")
    finding = value(tmp_path, path="values.yaml", value="replicas", at_least=2)
    assert (finding.outcome, finding.nothing) == (NOT_MET, True)


def test_every_file_and_every_document_that_is_meant_must_hold(tmp_path: Path, write) -> None:
    asked = {"path": "deploy/*.yaml", "where": "kind == 'Deployment'", "value": "spec.replicas", "at_least": 2}
    write("deploy/a.yaml", SERVICE + "---\n" + DEPLOYMENT.format(replicas=2, probe=PROBE))
    write("deploy/b.yaml", DEPLOYMENT.format(replicas=3, probe=PROBE))
    assert value(tmp_path, **asked).outcome is MET
    write("deploy/c.yaml", SERVICE + "---\n" + DEPLOYMENT.format(replicas=1, probe=PROBE))
    finding = value(tmp_path, **asked)
    assert finding.outcome is NOT_MET
    assert render(finding.says, "en").startswith(
        "deploy/c.yaml:4: spec.replicas: the value 1, fewer or less than the 2"
    )
    assert finding.table is not None
    assert len(finding.table.rows) == 3


@pytest.mark.parametrize(("probe", "outcome"), [(PROBE, MET), ("image: a", NOT_MET)], ids=["with a probe", "without"])
def test_a_list_that_must_be_empty_names_what_is_in_it(tmp_path: Path, write, probe: str, outcome: Outcome) -> None:
    write("a.yaml", DEPLOYMENT.format(replicas=2, probe=probe))
    lacking = "spec.template.spec.containers[?!livenessProbe].name"
    finding = value(tmp_path, path="a.yaml", value=lacking, none=True)
    assert finding.outcome is outcome
    assert ("web" in render(finding.says, "en")) is (outcome is NOT_MET)


def test_one_document_without_the_value_among_others_is_wrong(tmp_path: Path, write) -> None:
    write("a.yaml", "replicas: 3\n---\nother: 1\n")
    finding = value(tmp_path, path="a.yaml", value="replicas", at_least=2)
    assert (finding.outcome, finding.nothing) == (NOT_MET, False)
    assert "a.yaml:2" in render(finding.says, "en")


def test_no_document_that_is_meant_is_nothing_found(tmp_path: Path, write) -> None:
    write("a.yaml", SERVICE)
    finding = value(tmp_path, path="a.yaml", where="kind == 'Deployment'", value="spec.replicas", at_least=2)
    assert (finding.outcome, finding.nothing) == (NOT_MET, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: [\n"),
        ("a.json", "{"),
        ("a.json", '{"replicas": 3, "replicas": 1}'),
        ("a.json", "[" * 1000),
        ("a.json", '{"replicas": NaN}'),
        ("a.toml", "replicas = \n"),
        ("a.toml", ".".join("a" * 200) + " = 1"),
        ("a.toml", "replicas = 3\nreplicas = 1\n"),
        ("a.toml", "replicas = inf\n"),
        ("a.yaml", "a: &a [*a]\n"),
        ("a.yaml", "replicas is 3\n"),
        ("a.xml", "<replicas>3</replicas>"),
    ],
)
def test_what_cannot_be_read_is_unknown_with_its_cause(tmp_path: Path, write, name: str, text: str) -> None:
    write(name, text)
    finding = value(tmp_path, path="a.*", value="replicas", at_least=2)
    assert finding.outcome is UNKNOWN
    assert name in render(finding.says, "en")


def test_a_condition_that_is_neither_true_nor_false_is_unknown(tmp_path: Path, write) -> None:
    write("a.yaml", "kind: Deployment\nreplicas: 3\n")
    assert value(tmp_path, path="a.yaml", where="kind", value="replicas", at_least=2).outcome is UNKNOWN


def test_a_time_holds_until_it_is_too_old(tmp_path: Path, write) -> None:
    write("a.toml", "reviewed = 2026-11-01\n")
    write("b.yaml", "reviewed: 2026-11-10\n")
    finding = value(tmp_path, path=["a.toml", "b.yaml"], value="reviewed", younger_than="30d")
    assert (finding.outcome, finding.holds_until) == (MET, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"value": "a"}, ()),
        ({"path": "a"}, ()),
        ({"path": "a", "value": "a["}, ("value",)),
        ({"path": "a", "value": "a", "where": "]"}, ("where",)),
        ({"path": "../a", "value": "a"}, ("path",)),
        ({"path": "a", "value": "a", "at_least": 3, "at_most": 2}, ("at_most",)),
        ({"path": "a", "value": "a", "none": True, "equals": 1}, ("none",)),
    ],
)
def test_a_wrong_parameter_is_a_fault_at_its_key(parameters: dict[str, object], at: tuple[str, ...]) -> None:
    faults = faults_of(CheckSpec("value", parameters))
    assert faults
    assert all(keys[: len(at)] == at for keys, _, _ in faults)


@settings(max_examples=examples(50))
@given(st.integers(-5, 5), st.integers(-5, 5))
def test_raising_the_bound_never_betters(tmp_path_factory: pytest.TempPathFactory, set_to: int, least: int) -> None:
    folder = tmp_path_factory.mktemp("value")
    (folder / "a.json").write_text(f'{{"replicas": {set_to}}}')
    outcome = value(folder, path="a.json", value="replicas", at_least=least).outcome
    assert outcome is (MET if set_to >= least else NOT_MET)
