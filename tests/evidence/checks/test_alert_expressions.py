"""Expressions of alerts that no measurement can make true."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.checks.alerts.expressions import is_constant, never_true

NEVER = [
    "vector(0) > 1",
    "vector(0)>1 # some day",
    "# some day\nvector(0) > 1",
    "(vector(0)) > (1)",
    "2 > vector(3)",
    "-vector(1) > 0",
    "vector(1) == 0",
    "vector(1) - vector(1) > 0",
    "vector(2) ^ 2 < 3",
    "vector(7) % 2 == 0",
    "sum(vector(0) > 1)",
    "sum by (job) (vector(0) > 1)",
    "abs(vector(0) > 1)",
    "count(vector(0)) > 5",
    "(vector(0) > 1) > bool 0",
    "absent(vector(1))",
    "vector(0) > 1 or vector(0) > 2",
    "vector(1) unless vector(1)",
    "up == 0 and vector(0) > 1",
    "vector(0) > 1 and up == 0",
    "up == 0 and on() vector(0) == 1",
    "1 > 2",
    "1 < 2",
    "up > Inf",
    "up > +Inf",
    "+Inf < up",
    "up < -Inf",
    "up == NaN",
    "up > up",
    "rate(a[5m]) != rate(a[5m])",
    "up unless up",
    "up - up > 0",
    "sum(up) / sum(up) > 1",
    "1 - (sum(up) / sum(up)) > 0",
]
PERHAPS = [
    "up == 0",
    "up",
    "vector(1)",
    "vector(0)",
    "vector(1) > 0",
    "1 > bool 2",
    "up == bool 2",
    "absent(up)",
    "absent_over_time(up[1h])",
    "time() > 5",
    "hour() == 3",
    "vector(time()) > 3",
    "vector(0) > 1 or up == 0",
    "up unless on(job) up",
    "up != up offset 5m",
    "up > UP",
    "up < Inf",
    "up and vector(1)",
    "-up < 0",
    "a % 2 == 1",
    "scalar(up) > 1",
    '{__name__="x"} > 0',
    'up{x="vector(0) > 1"} == 0',
    '{a=~"x.*"} != ON(a) {a=~"y.*"} OFFSET 10m',
    'sum by (job) (rate(a{code=~"5.."}[5m])) / sum by (job) (rate(a[5m])) > 0.05',
    "rate(a[5m]) > rate(a[5m] offset 1d)",
    "count without (x) (up) > 1",
    "sum(a) by (b) > 2",
    "x > ignoring(a) group_left(b) y",
    "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1",
    'label_replace(up, "a", "b", "c", "d") == 0',
    "min_over_time(a[1h:5m]) > 0",
    "a @ start() > 0",
]
OTHER = [
    'sum(rate({app="x"} |= "err" [5m])) > 0',
    "up ==",
    "(((",
    "",
    "up ) > 1",
    "SELECT 1",
    "by > 1",
    "a by (x)",
    "1 2",
]


@pytest.mark.parametrize("expression", NEVER)
def test_what_no_measurement_makes_true_is_known(expression: str) -> None:
    assert never_true(expression)


@pytest.mark.parametrize("expression", [*PERHAPS, *OTHER])
def test_what_a_measurement_may_make_true_or_is_not_understood_is_not_judged(expression: str) -> None:
    assert not never_true(expression)


@pytest.mark.parametrize(
    ("expression", "constant"),
    [
        ("vector(0)", True),
        ("0", True),
        ("1 - 1", True),
        ("vector(0) > 1", True),
        ("1 - sum(up) / sum(up)", True),
        ("sum(up) / sum(down)", False),
        ("up", False),
        ("sum(up)", False),
        ("(", False),
    ],
)
def test_an_expression_without_a_measurement_is_constant(expression: str, constant: bool) -> None:
    assert is_constant(expression) is constant


@pytest.mark.parametrize(
    "expression", ["(" * 5_000 + "1", "-" * 5_000 + "1", "1+" * 5_000 + "1", "9^" * 50 + "9 > 1", "a" * 100_000]
)
def test_a_long_expression_is_given_up(expression: str) -> None:
    assert not never_true(expression)


WORDS = "up vector(0) 1 0x1f 1e3 Inf NaN > == != and or unless bool on( ) ( [5m] {a='b'} offset 5m by , - ^ % sum("


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join)))
def test_any_text_is_judged_or_not(expression: str) -> None:
    assert never_true(expression) in (True, False)


@given(st.lists(st.sampled_from(PERHAPS), min_size=1, max_size=3), st.sampled_from(NEVER))
def test_what_never_holds_makes_no_other_alternative_impossible(others: list[str], never: str) -> None:
    either = " or ".join(f"({one}\n)" for one in [*others, never])
    assert not never_true(either)
    assert never_true(f"({either}) and ({never}\n)")
