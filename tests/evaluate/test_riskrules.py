"""The conditions of a section's risk rules."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evaluate.riskrules import RuleError, read_rule


@pytest.fixture(autouse=True)
def anew() -> None:
    """Read each condition anew, whatever other tests read."""
    read_rule.cache_clear()


SIGNS = {"1": True, "0": False, "-": None}


def holds(text: str, **choices: str) -> bool:
    return read_rule(text).holds({name: SIGNS[sign] for name, sign in choices.items()})


@pytest.mark.parametrize("a", ["0", "1"])
@pytest.mark.parametrize("b", ["0", "1"])
@pytest.mark.parametrize("c", ["0", "1"])
def test_not_binds_tightest_then_and_then_or(a: str, b: str, c: str) -> None:
    p, q, r = a == "1", b == "1", c == "1"
    assert holds("!a && b || c", a=a, b=b, c=c) is ((not p and q) or r)
    assert holds("a || b && !c", a=a, b=b, c=c) is (p or (q and not r))
    assert holds("(a || b) && c", a=a, b=b, c=c) is ((p or q) and r)
    assert holds("!(a || b) && !!c", a=a, b=b, c=c) is (not (p or q) and r)


def test_default_always_holds() -> None:
    assert holds("default")
    assert holds(" default ")


@pytest.mark.parametrize(
    ("text", "choices", "expected"),
    [
        ("a && b", "-1", True),
        ("a && b", "-0", False),
        ("a || b", "-1", True),
        ("a || b", "-0", False),
        ("!a && b", "-1", True),
        ("!a || b", "-0", False),
        ("!a || b", "-1", True),
        ("a", "-1", False),
        ("!a", "-1", False),
        ("!!a", "-1", False),
        ("a && b", "--", False),
        ("a || b", "--", False),
        ("!(a && b)", "--", False),
        ("!(a || b) || c", "--0", False),
        ("!(a || b) && c", "--1", True),
        ("(a || b) && c", "--1", False),
        ("a && b || c", "--1", True),
        ("a && b || c", "--0", False),
        ("a && b && c", "--1", True),
        ("(a && b) || c", "--1", True),
        ("(a || b) && c", "-11", True),
        ("(a || b) && c", "-01", False),
        ("(a) && b", "-1", True),
    ],
)
def test_what_is_not_applicable_is_true_beside_and_and_false_beside_or(text: str, choices: str, expected: bool) -> None:
    assert holds(text, **dict(zip("abc", choices, strict=False))) is expected


CONDITIONS = st.recursive(
    st.sampled_from(["a", "b", "c", "!a", "!b"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" && ", "||"]), inner).map("".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"!({text})"),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_means_what_it_means_to_python_where_all_applies(text: str) -> None:
    python = text.replace("!", " not ").replace("&&", " and ").replace("||", " or ")
    for values in itertools.product([True, False], repeat=3):
        choices = dict(zip("abc", values, strict=True))
        assert read_rule(text).holds(choices) is eval(python, {}, choices)


@given(CONDITIONS)
def test_a_condition_of_only_what_is_not_applicable_never_holds(text: str) -> None:
    assert not read_rule(text).holds(dict.fromkeys("abc"))


@pytest.mark.parametrize(
    ("text", "column", "sign"),
    [
        ("", 1, "…"),
        ("   ", 4, "…"),
        ("a &&", 5, "…"),
        ("a & b", 3, "&"),
        ("a | b", 3, "|"),
        ("&& a", 1, "&&"),
        ("a b", 3, "b"),
        ("(a", 3, "…"),
        ("a)", 2, ")"),
        ("()", 2, ")"),
        ("!", 2, "…"),
        ("a && default", 6, "default"),
        ("a == b", 3, "="),
        ("a and b", 3, "and"),
        ("__import__('os')", 1, "_"),
        ("a; rm -rf /", 2, ";"),
        ("a\n&&\nb || 中", 11, "中"),
        ("{a}", 1, "{"),
    ],
)
def test_what_is_no_condition_is_refused_where_it_goes_wrong(text: str, column: int, sign: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_rule(text)
    assert (caught.value.column, caught.value.found) == (column, sign)


def test_a_refusal_says_where_and_what() -> None:
    assert str(RuleError(3, "&")) == "column 3: &"


@pytest.mark.parametrize("sign", ["(", "!"])
def test_conditions_may_be_nested_thirty_deep(sign: str) -> None:
    def nested(depth: int) -> str:
        return sign * depth + "a" + (")" * depth if sign == "(" else "")

    assert holds(nested(28), a="1")
    with pytest.raises(RuleError) as caught:
        read_rule(nested(30))
    assert caught.value.column == 31


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a && (b || !c)", "abc"), ("default", ""), ("!(a || b) && !a", "ab"), ("!!x.y-z_1", ["x.y-z_1"]),
        ("!(!a && b) || c", "abc"),
    ],
)  # fmt: skip
def test_a_rule_knows_the_choices_that_it_mentions(text: str, names: str | list[str]) -> None:
    assert read_rule(text).names == set(names)


@pytest.mark.parametrize(
    ("text", "choices", "expected"),
    [("!(!a && b) || c", "-00", True), ("!(!a && b)", "-1-", False), ("!(!a && b) && c", "--1", True)],
)
def test_a_denial_looks_only_at_the_choices_within_it(text: str, choices: str, expected: bool) -> None:
    assert holds(text, **dict(zip("abc", choices, strict=True))) is expected


@pytest.mark.parametrize("text", ["(" * 10_000 + "a", "!" * 10_000 + "a", "a && (" * 10_000 + "a"])
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        read_rule(text)


def test_a_long_condition_is_read() -> None:
    assert holds(" && ".join(["a"] * 10_000), a="1")


@given(st.text(st.sampled_from("ab&|!() \n\t'\"\\;{}中\x00default"), max_size=20))
def test_any_text_is_a_condition_or_is_refused(text: str) -> None:
    try:
        names = read_rule(text).names
    except RuleError:
        return
    assert read_rule(text).holds(dict.fromkeys(names, True)) in (True, False)
