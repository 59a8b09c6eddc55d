"""Of several sources of one question one that proves is enough, and one that finds something wrong decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import TODAY, assess, case, check, found, item
from support.builders import evidence as evidence_of

from orr.evaluate.sources import combined
from orr.evaluate.states import severity_of
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.review import State

NOTHING = replace(found("not-met", says="nothing there", kind="aws"), nothing=True)
NO_DATA = replace(found("unknown", says="nothing to look at", kind="aws"), nothing=True)
PROOF, WRONG, HALF = found("met"), found("not-met", says="it is broken", kind="aws"), found("partial")
FAILED = found("unknown", says="boto3 is not installed", kind="aws")


@pytest.mark.parametrize(
    ("findings", "outcome", "nothing"),
    [
        ([PROOF], Outcome.MET, False),
        ([PROOF, NOTHING], Outcome.MET, False),
        ([PROOF, NO_DATA], Outcome.MET, False),
        ([HALF, NOTHING], Outcome.PARTIAL, False),
        ([PROOF, HALF], Outcome.PARTIAL, False),
        ([PROOF, WRONG], Outcome.NOT_MET, False),
        ([PROOF, FAILED], Outcome.UNKNOWN, False),
        ([FAILED], Outcome.UNKNOWN, False),
        ([NOTHING], Outcome.NOT_MET, True),
        ([NO_DATA], Outcome.NOT_MET, True),
        ([NOTHING, NO_DATA], Outcome.NOT_MET, True),
        ([NOTHING, FAILED], Outcome.NOT_MET, False),
        ([PROOF, NOTHING, FAILED, WRONG], Outcome.NOT_MET, False),
    ],
    ids=lambda value: "+".join(str(one.says) for one in value) if isinstance(value, list) else str(value),
)
def test_the_worst_decides_and_nothing_is_silent_beside_a_proof(
    findings: list[Finding], outcome: Outcome, nothing: bool
) -> None:
    whole = combined(findings)
    assert (whole.check, whole.outcome, whole.nothing) == ("any_of", outcome, nothing)


def test_what_decides_is_told_first_and_what_failed_beside_it() -> None:
    assert render(combined([FAILED, NOTHING]).says, "en") == "aws: nothing there; aws: boto3 is not installed"
    assert render(combined([PROOF, NOTHING]).says, "en") == "files: said so"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_asked_is_named_where_nothing_proves(language: str) -> None:
    assert "github" in render(combined([NOTHING], ["github"]).says, language)
    assert "github" not in render(combined([PROOF], ["github"]).says, language)


def test_every_source_has_a_row_with_its_outcome() -> None:
    table = combined([PROOF, NOTHING], ["github"]).table
    assert table is not None
    assert [render(row[:2], "en") for row in table.rows] == ["files, met", "aws, nothing found"]


def test_it_holds_as_long_as_one_that_proves_it() -> None:
    assert combined([found(holds=3), found(holds=9)]).holds_until == TODAY + timedelta(days=9)
    assert combined([found(holds=3), found()]).holds_until is None
    assert combined([found(holds=3), replace(NOTHING, holds_until=None)]).holds_until == TODAY + timedelta(days=3)
    assert combined([found("partial", holds=3), found(holds=1)]).holds_until == TODAY + timedelta(days=3)


OUTCOMES = st.builds(
    lambda base, holds: replace(base, holds_until=None if holds is None else TODAY + timedelta(days=holds)),
    st.sampled_from([PROOF, HALF, WRONG, FAILED, NOTHING, NO_DATA]),
    st.none() | st.integers(-3, 3),
)
GROUPS = st.lists(OUTCOMES, min_size=1, max_size=5)


def state(findings: list[Finding]) -> State:
    asked = item("a", checks=[{"any_of": [check(path=str(n)) for n in range(len(findings))]}])
    return assess(case(asked), evidence_of(a=[combined(findings)])).items[0].state


def proves(finding: Finding, today: date = TODAY) -> bool:
    return finding.outcome is Outcome.MET and (finding.holds_until is None or finding.holds_until >= today)


@given(GROUPS, st.sampled_from([FAILED, WRONG]))
def test_another_source_that_fails_or_finds_something_wrong_never_betters(group, bad) -> None:
    assert severity_of(state([*group, bad])) >= severity_of(state(group))


@given(GROUPS, OUTCOMES.filter(proves))
def test_taking_away_a_source_that_proves_never_betters(group, proof) -> None:
    assert severity_of(state(group)) >= severity_of(state([*group, proof]))


@given(GROUPS)
def test_it_is_met_only_where_one_proves_and_none_failed_or_is_wrong(group) -> None:
    if state(group) is State.MET:
        assert any(map(proves, group))
        assert all(one.outcome is Outcome.MET or one.nothing for one in group)


@given(GROUPS, st.randoms())
def test_the_order_of_the_sources_does_not_matter(group, random) -> None:
    shuffled = random.sample(group, len(group))
    assert state(shuffled) is state(group)


@given(GROUPS)
def test_what_turned_out_wrong_is_never_bettered_by_failing_instead(group) -> None:
    assert severity_of(state([*group, WRONG])) >= severity_of(state([*group, FAILED]))
    assert state([*group, FAILED]) not in (State.MET, State.PARTIAL)
