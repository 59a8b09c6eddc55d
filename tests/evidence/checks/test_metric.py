"""The kind `metric`: what Prometheus says now, against bounds and its own past."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples
from support.local_server import Asked, Local, local_server

from orr.evidence import Undetermined, faults_of
from orr.evidence.checks.metric import Past, _instant, _past, _result
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.picture import Course
from orr.model.workload import Owner, Workload
from orr.testing import run_check

DAY = 86_400


@pytest.fixture(scope="module")
def server() -> Iterator[Local]:
    with local_server() as local:
        yield local


@pytest.fixture(autouse=True)
def fresh(server: Local) -> None:
    server.answers.clear()
    server.asked.clear()


def series(value: str, **labels: str) -> dict[str, Any]:
    return {"metric": labels, "value": [1795400000.123, value]}


def now(server: Local, *result: Any, kind: str = "vector", **more: Any) -> None:
    server.answer("/api/v1/query", {"status": "success", "data": {"resultType": kind, "result": list(result)}, **more})


def before(server: Local, values: list[str], part: float = 1.0, **labels: str) -> None:
    """A past of these values, over and over, that covers the last part of the time."""

    def answer(asked: Asked) -> tuple[int, dict[str, str], Any]:
        start, end, step = (float(asked.query[name][0]) for name in ("start", "end", "step"))
        first = end - (end - start) * part
        moments = [first + number * step for number in range(int((end - first) / step) + 1)]
        samples = [[moment, values[number % len(values)]] for number, moment in enumerate(moments)]
        result = [{"metric": labels, "values": samples}]
        return 200, {}, {"status": "success", "data": {"resultType": "matrix", "result": result}}

    server.answers["/api/v1/query_range"] = answer


def metric(server: Local, folder: Path, query: str = "up", **parameters: Any) -> Finding:
    return run_check("metric", folder, at=server.url, query=query, **parameters)


def words(finding: Finding) -> str:
    return render(finding.says, "en")


JUDGED = {
    "in bounds": ([series("0.999")], {"at_least": 0.99}, "met", "the value 0.999, at least 0.99"),
    "below": ([series("0.9")], {"at_least": 0.99}, "not-met", "less than the 0.99 required"),
    "above": ([series("3e2")], {"at_most": 200}, "not-met", "the value 300, more than the 200 allowed"),
    "no series": ([], {"at_least": 0}, "unknown", "gives no series"),
    "no series, as asked": ([], {"none": True}, "met", "as it should"),
    "a series where none may be": ([series("1", alertname="Down")], {"none": True}, "not-met", 'alertname="Down"'),
    "not a number": ([series("NaN")], {"at_most": 1}, "unknown", "no number to judge"),
    "infinite": ([series("-Inf")], {"at_most": 1}, "unknown", "no number to judge"),
    "one bad of two": (
        [series("1", pod="a"), series("0", pod="b")],
        {"at_least": 1},
        "not-met",
        '1 of 2 series are good; {pod="b"}: the value 0',
    ),
    "one unknown of two": ([series("1", pod="a"), series("NaN", pod="b")], {"at_least": 1}, "unknown", '{pod="b"}'),
    "a bad one beside an unknown one": (
        [series("NaN", pod="a"), series("0", pod="b")],
        {"at_least": 1},
        "not-met",
        '{pod="b"}',
    ),
    "one series twice": ([series("0"), series("1")], {"at_least": 1}, "unknown", "comes twice"),
    "a histogram": ([{"metric": {}, "histogram": [1, {}]}], {"at_least": 1}, "unknown", "histogram"),
    "a value that is no text": ([{"metric": {}, "value": [1, 5]}], {"at_least": 1}, "unknown", "no sample"),
    "labels that are none": ([{"metric": [], "value": [1, "5"]}], {"at_least": 1}, "unknown", ""),
    "too many": ([series("1", n=str(n)) for n in range(501)], {"at_least": 1}, "unknown", "501 series"),
}


@pytest.mark.parametrize(("result", "parameters", "outcome", "says"), JUDGED.values(), ids=JUDGED.keys())
def test_every_series_is_held_against_the_bounds(
    server: Local, tmp_path: Path, result: list[Any], parameters: dict[str, Any], outcome: str, says: str
) -> None:
    now(server, *result)
    finding = metric(server, tmp_path, **parameters)
    assert finding.outcome == outcome, words(finding)
    assert says in words(finding)
    assert all(render(finding.says, language) for language in LANGUAGES)


def test_a_scalar_is_one_series(server: Local, tmp_path: Path) -> None:
    now(server, 1795400000, "5", kind="scalar")
    assert metric(server, tmp_path, "scalar(up)", at_most=5).outcome == "met"


BAD = {
    "an error": ({"status": "error", "errorType": "bad_data", "error": "parse error"}, 200, "parse error"),
    "an error with its status": (
        {"status": "error", "error": "parse error"},
        400,
        "answered 400 instead of data: parse error; see whether what",
    ),
    "an error of its own": ({"status": "error", "error": "no space"}, 503, "no space; the service fails"),
    "a refusal without words": ("<html>", 422, "answered 422 instead of data: Unprocessable"),
    "an address of something else": ("404 page not found", 404, "see whether the address is right"),
    "a warning": (
        {"status": "success", "warnings": ["partial"], "data": {"resultType": "vector", "result": []}},
        200,
        "may not be whole",
    ),
    "another shape": ({"hits": []}, 200, "refused the query"),
    "no data": ({"status": "success"}, 200, "does not answer as Prometheus"),
    "a text": ({"status": "success", "data": {"resultType": "string", "result": [1, "x"]}}, 200, "string"),
    "a list": ([], 200, "refused the query"),
    "no permission": ({}, 403, "no permission"),
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_parameter_is_advised_that_the_kind_has_not(server: Local, tmp_path: Path, host: str) -> None:
    target = f"{server.url.replace('127.0.0.1', host)}/login"
    server.answer("/api/v1/query", status=302, Location=target + "?next=T0-secret")
    said = words(metric(server, tmp_path, at_least=1))
    assert f"leads on to {target}, which is not followed" in said
    assert "redirect_hosts" not in said
    assert "T0-secret" not in said


@pytest.mark.parametrize(("body", "status", "says"), BAD.values(), ids=BAD.keys())
def test_what_is_no_whole_answer_is_unknown(server: Local, tmp_path: Path, body: Any, status: int, says: str) -> None:
    server.answer("/api/v1/query", body, status)
    finding = metric(server, tmp_path, none=True)
    assert finding.outcome == "unknown"
    assert says in words(finding)


PASTS = {
    "as usual": ("105", ["90", "100", "110"], 1.0, {"at_most_times": 1.5, "at_least_times": 0.5}, "met", "1.05 times"),
    "too much": ("200", ["90", "100", "110"], 1.0, {"at_most_times": 1.5}, "not-met", "at most 1.5 times"),
    "too little": ("20", ["90", "100", "110"], 1.0, {"at_least_times": 0.5}, "not-met", "at least 0.5 times"),
    "too short a past": ("100", ["100"], 0.3, {"at_most_times": 1.5}, "unknown", "too little for a baseline"),
    "a past without numbers": ("100", ["NaN"], 1.0, {"at_most_times": 1.5}, "unknown", "no past"),
    "a past of nothing": ("0", ["0"], 1.0, {"at_most_times": 1.5}, "unknown", "no ratio"),
    "too much, though within the bound": (
        "200",
        ["100"],
        1.0,
        {"at_most_times": 1.5, "at_most": 500},
        "partial",
        "at most 1.5 times",
    ),
    "within the bound, without a past": (
        "200",
        ["100"],
        0.3,
        {"at_most_times": 1.5, "at_most": 500},
        "unknown",
        "too little for a baseline",
    ),
    "a bound beside it": ("105", ["100"], 1.0, {"at_most_times": 1.5, "at_most": 50}, "not-met", "more than the 50"),
}


@pytest.mark.parametrize(("value", "past", "part", "parameters", "outcome", "says"), PASTS.values(), ids=PASTS.keys())
def test_a_series_is_compared_with_its_past(
    server: Local,
    tmp_path: Path,
    value: str,
    past: list[str],
    part: float,
    parameters: dict[str, Any],
    outcome: str,
    says: str,
) -> None:
    now(server, series(value, job="api"))
    before(server, past, part, job="api")
    finding = metric(server, tmp_path, baseline="14d", **parameters)
    assert finding.outcome == outcome, words(finding)
    assert says in words(finding)
    asked = server.asked[-1].query
    assert float(asked["end"][0]) - float(asked["start"][0]) == pytest.approx(14 * DAY, abs=1)
    assert 14 * DAY / float(asked["step"][0]) <= 500


def test_one_series_over_the_bound_is_not_made_good_by_another_that_is_only_unusual(
    server: Local, tmp_path: Path
) -> None:
    now(server, series("200", job="a"), series("600", job="b"))
    before(server, ["100"], 1.0, job="a")
    finding = metric(server, tmp_path, baseline="14d", at_most_times=1.5, at_most=500)
    assert finding.outcome == "not-met"
    assert '{job="b"}: the value 600, more than the 500' in words(finding)


def test_a_series_without_a_past_of_its_own_is_unknown(server: Local, tmp_path: Path) -> None:
    now(server, series("100", job="api"), series("100", job="web"))
    before(server, ["100"], job="api")
    finding = metric(server, tmp_path, baseline="14d", at_most_times=2)
    assert (finding.outcome, 'job="web"' in words(finding)) == ("unknown", True)


def test_the_table_shows_each_series_beside_its_past(server: Local, tmp_path: Path) -> None:
    now(server, series("100", job="api"))
    before(server, ["90", "110"], job="api")
    table = metric(server, tmp_path, baseline="7d", at_most_times=2).table
    assert table is not None
    assert list(table.rows[0])[:2] == ['{job="api"}', "100"]
    assert [render(title, "en") for title in table.columns][1:] == ["Now", "Usual (median)", "Lowest", "Highest"]


def test_the_past_is_drawn_with_the_bound(server: Local, tmp_path: Path) -> None:
    now(server, series("100", job="api"))
    before(server, ["90", "90", "110"], job="api")
    picture = metric(server, tmp_path, baseline="7d", at_most_times=2, at_most=250).picture
    assert isinstance(picture, Course)
    assert len(picture.points) <= 120
    assert (set(picture.points), picture.points[-1]) == ({90, 110, 100}, 100)
    assert [value for _, value in picture.bounds] == [90, 250]
    assert metric(server, tmp_path, at_most=250).picture is None


def test_the_workload_is_filled_into_the_query_and_braces_of_promql_stay(server: Local, tmp_path: Path) -> None:
    now(server, series("1"))
    metric(server, tmp_path, 'up{job="{workload}",tier="{tier}"}', at_least=1)
    assert server.asked[-1].query["query"] == [f'up{{job="{tmp_path.name}",tier="3"}}']


def test_a_name_that_would_change_the_query_is_not_filled_in(server: Local, tmp_path: Path) -> None:
    of = Workload(workload='x"} or vector(1) or up{a="', title="Shop", tier=1, owner=Owner(team="payments"))
    finding = metric(server, tmp_path, 'up{job="{workload}"}', at_least=1, workload=of)
    assert (finding.outcome, server.asked) == ("unknown", [])


FAULTS = {
    "nothing that is good": ({}, ()),
    "times without a baseline": ({"at_most_times": 2.0}, ("at_most_times",)),
    "a baseline without times": ({"at_most": 2, "baseline": "7d"}, ("baseline",)),
    "an empty query": ({"query": " ", "at_most": 2}, ("query",)),
    "none beside a bound": ({"none": True, "at_most": 2}, ("none",)),
    "bounds that cross": ({"at_least": 3, "at_most": 2}, ("at_most",)),
    "a bound that is no number": ({"at_most": float("nan")}, ("at_most",)),
}


@pytest.mark.parametrize(("parameters", "where"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_parameter_is_a_fault_at_its_place(parameters: dict[str, Any], where: tuple[str, ...]) -> None:
    given = {"at": "https://prometheus.example.com", "query": "up", **parameters}
    assert [keys for keys, _, _ in faults_of(CheckSpec("metric", given))] == [where]


KEYS = ["status", "data", "resultType", "result", "metric", "value", "values", "warnings"]
LEAVES = st.none() | st.booleans() | st.floats() | st.sampled_from(["success", "vector", "1", "x"])
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)
VECTORS = st.lists(JSON, max_size=3).map(
    lambda found: {"status": "success", "data": {"resultType": "vector", "result": found}}
)


@settings(max_examples=examples(150))
@given(JSON | VECTORS)
def test_any_answer_is_series_or_cannot_be_told(answer: Any) -> None:
    with contextlib.suppress(Undetermined):
        assert all(isinstance(value, float) for value in _instant(_result(answer, "x")).values())
    with contextlib.suppress(Undetermined):
        assert all(isinstance(one, Past) for one in _past([answer], 10.0, 1e12).values())
