"""The pictures of findings: data in, safe and complete markup out."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence import Context, Finding, Outcome
from orr.evidence.masking import masked_finding
from orr.form.view import _drawn
from orr.messages import LANGUAGES
from orr.model.picture import MAX_COLUMNS, MAX_POINTS, MAX_ROWS, Bars, Course, Heat, Picture, Stretches
from orr.report.pictures.findings import draw
from orr.report.sanitize import is_allowed
from orr.testing import run_check

HEAT = Heat("Hours", ("Mon", "Tue"), (("nobody", (0, 8), True), ("wei.chen", (24, 16), False)), 24)
BARS = Bars("Recovery", (("INC-1", 30, "30 min"), ("INC-2", 90, "1 h 30 min")), ("usual: 45 min", 45))
COURSE = Course("Errors", (0.1, 0.4, 0.2), ("14 days ago", "now"), (("at most 0.3", 0.3),))
CLOSED = Stretches(
    "Closed", (("freeze.ics", ((1, 3, "Mon to Wed"),)),), (("11-23", 0), ("11-30", 7)), ("launch", 5, 5.2)
)
ALL = [HEAT, BARS, COURSE, CLOSED]
HOSTILE = "<script>alert(1)</script>\"'&]]>\x00"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("picture", ALL, ids=lambda picture: type(picture).__name__)
def test_a_picture_is_drawn_as_a_report_allows_with_all_of_it_in_words(picture: Picture, language: str) -> None:
    drawn = draw(picture, language)
    assert is_allowed(drawn)
    svg = ET.fromstring(drawn)
    assert svg.get("role") == "img"
    assert svg.findtext("title") == picture.title
    described = svg.findtext("desc") or ""
    for words in {
        Heat: ("wei.chen", "Mon 24", "Tue 16", "nobody", "Tue 8"),
        Bars: ("INC-1", "30 min", "INC-2", "1 h 30 min", "usual: 45 min"),
        Course: ("14 days ago", "0.1", "now", "0.2", "at most 0.3"),
        Stretches: ("freeze.ics", "Mon to Wed", "launch"),
    }[type(picture)]:
        assert words in described


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: type(picture).__name__)
def test_no_label_becomes_markup(picture: Picture) -> None:
    drawn = draw(picture.changed(lambda said: f"{said}{HOSTILE}"), "en")
    assert is_allowed(drawn)
    assert "<script" not in drawn


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: type(picture).__name__)
def test_the_form_gets_the_same_picture_as_elements(picture: Picture) -> None:
    name, attributes, _, children = _drawn(picture.changed(lambda said: f"{said}{HOSTILE}"), "en")
    assert (name, attributes["role"]) == ("svg", "img")
    assert {child[0] for child in children} <= {"title", "desc", "text", "rect", "path"}


def test_what_is_lacking_is_outlined_and_what_is_there_is_filled() -> None:
    drawn = draw(HEAT, "en")
    assert drawn.count('class="fo"') == 2  # an outline and its cross
    assert drawn.count('class="fp"') == 2


def test_a_square_is_the_larger_the_more() -> None:
    sides = [float(one.attrib["width"]) for one in ET.fromstring(draw(HEAT, "en")).iter("rect")][1:]
    assert sides[0] == 16
    assert 12 < sides[1] < 14  # two thirds of the area


def test_a_bar_over_the_bound_is_told_in_bold() -> None:
    bold = [one.text for one in ET.fromstring(draw(BARS, "en")).iter("text") if "b" in one.attrib["class"][2:]]
    assert bold == ["1 h 30 min"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "3"])
def test_a_number_that_cannot_be_drawn_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Course("x", (1.0, value), ("a", "b"))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Heat("x", ("a",), (("b", (1,), False),) * (MAX_ROWS + 1), 1), id="rows"),
        pytest.param(lambda: Heat("x", ("a",) * (MAX_COLUMNS + 1), (), 1), id="columns"),
        pytest.param(lambda: Heat("x", ("a",), (("b", (1, 2), False),), 1), id="a row too long"),
        pytest.param(lambda: Heat("x", ("a",), (("b", (1,), False),), 0), id="nothing is full"),
        pytest.param(lambda: Bars("x", (("a", -1, "-1"),)), id="less than nothing"),
        pytest.param(lambda: Course("x", (1.0,) * (MAX_POINTS + 1), ("a", "b")), id="points"),
        pytest.param(lambda: Stretches("x", (), (("a", 0),)), id="no axis"),
    ],
)
def test_a_picture_that_is_too_large_or_makes_no_sense_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"picture|row|begin|axis"):
        make()


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=60)


@given(
    st.one_of(
        st.builds(Course, TEXTS, st.lists(NUMBERS, max_size=30).map(tuple), st.tuples(TEXTS, TEXTS),
                  st.lists(st.tuples(TEXTS, NUMBERS), max_size=4).map(tuple)),
        st.builds(Bars, TEXTS, st.lists(st.tuples(TEXTS, NUMBERS.map(abs), TEXTS), max_size=9).map(tuple),
                  st.none() | st.tuples(TEXTS, NUMBERS.map(abs))),
        st.builds(Stretches, TEXTS,
                  st.lists(st.tuples(TEXTS, st.lists(st.tuples(NUMBERS, NUMBERS, TEXTS), max_size=4).map(tuple)),
                           max_size=4).map(tuple),
                  st.lists(st.tuples(TEXTS, NUMBERS), min_size=2, max_size=6).map(tuple),
                  st.none() | st.tuples(TEXTS, NUMBERS, NUMBERS)),
    )
)  # fmt: skip
def test_whatever_can_be_made_can_be_drawn(picture: Picture) -> None:
    for language in LANGUAGES:
        drawn = draw(picture, language)
        assert is_allowed(drawn)
        ET.fromstring(drawn)


def test_secrets_in_a_picture_are_masked() -> None:
    secret = "ghp_" + "a1B2" * 9
    finding = Finding("x", Outcome.MET, "fine", picture=replace(BARS, bars=((secret, 1, secret),)))
    masked = masked_finding(finding).picture
    assert isinstance(masked, Bars)
    assert secret not in repr(masked)


def pictured(context: Context, what: str) -> Finding:
    """A check of another package that draws something."""
    made = {
        "good": lambda: BARS,
        "markup": lambda: "<svg onload='x'>",
        "wild": lambda: Bars("x", (("a", math.nan, ""),)),
    }
    return Finding("", Outcome.MET, "drawn", picture=made[what]())


@pytest.mark.parametrize(
    ("what", "outcome", "says"),
    [("good", "met", "drawn"), ("markup", "unknown", "orr.evidence"), ("wild", "unknown", "cannot be drawn")],
)
def test_a_check_of_others_can_draw_only_data(tmp_path: Path, what: str, outcome: str, says: str) -> None:
    finding = run_check(pictured, tmp_path, what=what)
    assert (finding.outcome, finding.picture is None) == (outcome, outcome != "met")
    assert says in str(finding.says)
