"""Amounts, durations and shares of an impact: written in a few ways, held in one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from orr.model.impact import DEFAULT_TABLE, FIELDS, Impact, ImpactRow, TierException, amount, severity
from orr.model.validation import errors_of, read

EXCEPTION = {
    "tier": 3,
    "instead_of": 2,
    "reason": "it moves",
    "requested_by": "wei",
    "approved_by": "ana",
    "on": "2026-11-20",
    "expires": "2026-12-31",
}


@pytest.mark.parametrize(
    ("field", "written", "held"),
    [
        ("outage_cost", "20000 EUR", "20000 EUR"),
        ("outage_cost", "20,000 EUR", "20000 EUR"),
        ("outage_cost", "20k EUR", "20000 EUR"),
        ("outage_cost", "1.5M CNY", "1500000 CNY"),
        ("outage_cost", "12.50 USD", "12.5 USD"),
        ("outage_cost", "0 USD", "0 USD"),
        ("availability", 99.9, "99.9%"),
        ("availability", "99.90 %", "99.9%"),
        ("availability", 100, "100%"),
        ("rto", "240m", "4h"),
        ("rto", "24h", "1d"),
        ("rto", "90m", "90m"),
        ("rpo", "0s", "0m"),
    ],
)
def test_what_means_the_same_is_held_the_same(field: str, written: Any, held: str) -> None:
    made = read(Impact, {field: written})
    assert made.as_data() == {field: held}
    assert read(Impact, made.as_data()) == made


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        *(
            ("outage_cost", value, "orr.money")
            for value in (20000, "20000", "EUR 20000", "-5 EUR", "2,00 EUR", "1e9 EUR")
        ),
        *(("outage_cost", value, "orr.money") for value in ("nan EUR", "20k eur", "9" * 16 + " EUR", "２０ EUR", True)),
        *(
            ("availability", value, "orr.share")
            for value in (100.1, "101%", -1, "high", True, None, float("nan"), 1e-9)
        ),
        *(("rto", value, "orr.span") for value in (4, "4", "4 h", "-4h", "1.5h", "4w", "9" * 7 + "h", "")),
        ("users", -1, "greater_than_equal"),
        ("users", "many", "int_type"),
        ("users", True, "int_type"),
        ("teams", 1.5, "int_type"),
        ("data", "secret", "enum"),
        ("safety", "no", "bool_type"),
        ("legal", 0, "bool_type"),
    ],
)
def test_what_cannot_be_read_surely_is_refused(field: str, value: Any, kind: str) -> None:
    if value is None:
        assert read(Impact, {field: value}) == Impact()
        return
    with pytest.raises(ValidationError) as refused:
        read(Impact, {field: value})
    assert [(one["loc"], one["type"]) for one in errors_of(refused.value)] == [((field,), kind)]


@pytest.mark.parametrize("key", ["safety", "legal"])
def test_a_row_is_not_reached_by_what_is_not_so(key: str) -> None:
    with pytest.raises(ValidationError):
        read(ImpactRow, {"tier": 1, key: False})


@pytest.mark.parametrize("key", ["tier", "instead_of", "reason", "requested_by", "expires"])
def test_an_exception_says_what_was_approved_in_place_of_what(key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(TierException, {name: value for name, value in EXCEPTION.items() if name != key})
    assert [(one["loc"], one["type"]) for one in errors_of(refused.value)] == [((key,), "missing")]


def test_a_table_has_each_field_of_an_impact_and_the_default_one_bounds_them_all() -> None:
    assert {"tier", *FIELDS} == set(ImpactRow.__dataclass_fields__)
    for field in FIELDS:
        assert any(getattr(row, field) is not None for row in DEFAULT_TABLE), field


def test_more_severe_is_a_shorter_time_and_a_higher_share_number_or_class() -> None:
    assert severity("rto", "59m") > severity("rto", "1h") > severity("rto", "1d")
    assert severity("availability", "99.95%") > severity("availability", "99.9%")
    assert severity("data", read(Impact, {"data": "restricted"}).data) > severity(
        "data", read(Impact, {"data": "public"}).data
    )
    assert severity("users", 2) > severity("users", 1)
    assert amount("1200.5 EUR")[0] > amount("1200 EUR")[0]
