import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.source.faults import FaultyInput, Place
from orr.source.json_text import parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_what_json_writes_is_read_as_it_was(value, ascii_only, indent):
    read, _ = parse_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent), "a.json")

    assert read == value


def test_an_entry_is_found_at_its_key_and_an_element_at_its_start():
    text = '{\n  "pillars": [\n    {"id": "sec"},\n    "最后"\n  ]\n}'

    _, places = parse_json(text, "a.json")

    assert places["pillars",] == Place(2, 3)
    assert places["pillars", 0] == Place(3, 5)
    assert places["pillars", 0, "id"] == Place(3, 6)
    assert places["pillars", 1] == Place(4, 5)


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        pytest.param("", "empty", Place(1, 1), id="empty"),
        pytest.param('{"a": 1,}', "syntax", Place(1, 9), id="a comma too many"),
        pytest.param("{'a': 1}", "syntax", Place(1, 2), id="single quotes"),
        pytest.param('{"a" 1}', "syntax", Place(1, 6), id="no colon"),
        pytest.param("[1\n2]", "syntax", Place(2, 1), id="no comma"),
        pytest.param("[NaN]", "syntax", Place(1, 2), id="not a number"),
        pytest.param("[01]", "syntax", Place(1, 3), id="a leading zero"),
        pytest.param("[1] 2", "syntax", Place(1, 5), id="two documents"),
        pytest.param('["a', "string", Place(1, 2), id="an open text"),
        pytest.param('["\\x"]', "string", Place(1, 3), id="an unknown escape"),
        pytest.param('["\\ud83d"]', "surrogate", Place(1, 2), id="half a character"),
        pytest.param('{"a": 1,\n "a": 2}', "twice", Place(2, 2), id="equal keys"),
        pytest.param("[" * 41 + "]" * 41, "too-deep", Place(1, 41), id="too deep"),
        pytest.param("[" + "9" * 5000 + "]", "syntax", Place(1, 2), id="an endless number"),
    ],
)
def test_what_is_not_json_is_a_fault_with_its_place(text, key, place):
    with pytest.raises(FaultyInput) as caught:
        parse_json(text, "a.json")

    assert [(fault.wrong.key, fault.place) for fault in caught.value.faults] == [(f"exchange.json.{key}", place)]
    assert caught.value.faults[0].in_words("zh-CN") != caught.value.faults[0].in_words("en")
