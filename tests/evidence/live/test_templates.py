"""A workload's values in a checklist's parameters: data, or nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence import Undetermined
from orr.evidence.live.templates import Filling, has_form
from orr.model.workload import Owner, Workload


def filling(**more: Any) -> Filling:
    values = {"workload": "checkout", "title": "C", "tier": 2, "owner": Owner(team="payments"), **more}
    return Filling(Workload(**values))


FILLED = {
    "the name": ("a {workload} b", "a checkout b"),
    "the team": ("{team}", "payments"),
    "the tier": ("tier-{tier}", "tier-2"),
    "a tag": ("{tag:svc}", "web-1"),
    "a tag with an equals sign": ("{tag:env}", "prod"),
    "several": ("{workload}{tier}{workload}", "checkout2checkout"),
    "other braces": ('up{job="x"} {title} {} {{tier}} {tags} {tag:}', 'up{job="x"} {title} {} {2} {tags} {tag:}'),
}


@pytest.mark.parametrize(("template", "expected"), FILLED.values(), ids=FILLED.keys())
def test_known_forms_are_filled_in_and_nothing_else(template: str, expected: str) -> None:
    assert filling(tags=("svc:web-1", "env=prod", "svcs:x", "public")).text(template) == expected


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    with pytest.raises(Undetermined):
        filling(tags=("svc:{tier}",)).text("{tag:svc}")


def test_data_is_filled_in_its_texts_and_not_its_keys() -> None:
    given = {"{tier}": ["{tier}", 1, None, {"a": "{workload}"}]}
    assert filling().data(given) == {"{tier}": ["2", 1, None, {"a": "checkout"}]}


def test_an_address_takes_values_as_parts_of_a_segment() -> None:
    filled = filling(tags=("svc:a/b",)).address("https://x.org/{tag:svc}?q={tag:svc}")
    assert filled == "https://x.org/a%2Fb?q=a%2Fb"


@given(st.text(max_size=30))
def test_no_value_reaches_beyond_its_place(value: str) -> None:
    """Whatever a tag holds, it is one segment, one argument, one string of a query, or not filled in."""
    try:
        filled = filling(tags=(f"svc:{value}",))
        text, address = filled.text("{tag:svc}"), filled.address("https://x.org/a/{tag:svc}/b?q={tag:svc}&r=1")
    except Undetermined:
        return
    assert text.strip() == text
    assert not set(text) & set("\"'\\{}[]()<>|;&$`!*?#% \n\t\0,~^")
    assert not text.startswith(("-", ".", "/", "@"))
    assert ".." not in text
    parts = urlsplit(address)
    assert (parts.netloc, parts.path.count("/"), parts.query.count("&")) == ("x.org", 3, 1)
    assert unquote(parts.path) == f"/a/{text}/b"


def test_a_form_is_told_from_other_braces() -> None:
    assert [has_form(one) for one in ("{workload}", "x{tag:a}", "{x}", "{tags}")] == [True, True, False, False]
