"""Evidence and answers count for the release that they are about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import TODAY, answer, check, day, found, item, plan
from support.builders import case as make_case

from orr.evaluate import Case, Evaluation, evaluate, reassess
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.milder import Earlier, milder
from orr.evaluate.requirements import requirements
from orr.evaluate.states import severity_of
from orr.evaluate.subjects import release_in_words
from orr.messages import LANGUAGES, render
from orr.model.finding import Evidence, Finding
from orr.model.release import Release, Subject, SubjectKind
from orr.model.review import State
from orr.model.validation import read

OURS, THEIRS = "sha256:" + "1" * 64, "sha256:" + "2" * 64
GIVEN = {"commit": "42cd0e1f", "images": [f"shop@{OURS}"], "version": "2.4.1", "environment": "production"}
GOOD = {"commit": "42cd0e1", "image": OURS, "version": "2.4.1", "environment": "production"}
BAD = {"commit": "41ab0e1", "image": THEIRS, "version": "2.4.0", "environment": "staging"}


def subject(kind: str, value: str, place: str = "scan.sarif") -> Subject:
    return Subject(SubjectKind(kind), value, place)


def of_checks(
    *findings: Finding, demand: Any = (), release: Any = GIVEN, said: Any = None, attached: tuple[Subject, ...] = ()
) -> ItemAssessment:
    asked = item("a", checks=[check() for _ in findings], subject=demand)
    return _only(asked, findings, release, said, attached)


def of_person(said: Any, *attached: Subject, demand: Any = (), release: Any = GIVEN, **keys: Any) -> ItemAssessment:
    return _only(item("a", subject=demand, **keys), (), release, said, attached)


def _only(asked: Any, findings: Any, release: Any, said: Any, attached: tuple[Subject, ...]) -> ItemAssessment:
    case = make_case(asked, answers={"a": said} if said else {}, release=release)
    evidence = Evidence({"c/a": tuple(findings)}, attached={"c/a": attached} if attached else {})
    return evaluate(case, evidence, TODAY).items[0]


def why(assessed: ItemAssessment) -> str:
    return render(assessed.causes, "en")


# Evidence that names its subject


@pytest.mark.parametrize("kind", GOOD)
def test_evidence_of_the_release_counts(kind: str) -> None:
    assert of_checks(found(subjects=[subject(kind, GOOD[kind])])).state is State.MET


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("commit", "scan.sarif proves commit 41ab0e1, not 42cd0e1f"),
        ("image", "scan.sarif proves image sha256:222222222222…, not shop@sha256:111111111111…"),
        ("version", "scan.sarif proves release 2.4.0, not 2.4.1"),
        ("environment", "scan.sarif proves it in staging, not in production"),
    ],
)
def test_evidence_of_another_release_is_unknown(kind: str, words: str) -> None:
    assessed = of_checks(found(subjects=[subject(kind, BAD[kind])]))
    assert assessed.state is State.UNKNOWN
    assert words in why(assessed)
    assert "said so" in why(assessed)


@pytest.mark.parametrize("kind", BAD)
def test_evidence_is_compared_with_its_own_kind_only(kind: str) -> None:
    given = {key: value for key, value in GIVEN.items() if not key.startswith(kind)}
    assert of_checks(found(subjects=[subject(kind, BAD[kind])]), release=given).state is State.MET


@pytest.mark.parametrize("kind", BAD)
def test_without_a_release_nothing_is_bound(kind: str) -> None:
    assert of_checks(found(subjects=[subject(kind, BAD[kind])]), release=None).state is State.MET


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("not-met", "not-met"), ("unknown", "unknown"), ("partial", "unknown"), ("met", "unknown")],
)
def test_a_finding_of_another_commit_is_never_better_than_before(outcome: str, state: str) -> None:
    assert of_checks(found(outcome, subjects=[subject("commit", BAD["commit"])])).state == state


def test_stale_evidence_of_another_commit_is_unknown() -> None:
    old = found(holds=-1, subjects=[subject("commit", BAD["commit"])])
    assert of_checks(old).state is State.UNKNOWN


def test_one_of_several_subjects_of_a_place_is_enough() -> None:
    both = [subject("image", THEIRS), subject("image", OURS)]
    assert of_checks(found(subjects=both)).state is State.MET


def test_every_place_has_to_be_of_the_release() -> None:
    both = [subject("image", OURS, "a.sarif"), subject("image", THEIRS, "b.sarif")]
    assessed = of_checks(found(subjects=both))
    assert assessed.state is State.UNKNOWN
    assert "b.sarif" in why(assessed)
    assert "a.sarif" not in why(assessed)


def test_a_person_cannot_answer_away_evidence_of_another_commit() -> None:
    other = found(subjects=[subject("commit", BAD["commit"])])
    for reply in ("yes", "not-applicable"):
        assert of_checks(other, said=answer(reply)).state is State.UNKNOWN


def test_only_what_was_bound_to_the_old_artifact_is_void_under_a_new_one() -> None:
    asked = [item(name, checks=[check()]) for name in ("bound", "unbound")]
    evidence = Evidence(
        {"c/bound": (found(subjects=[subject("commit", "41ab0e1")]),), "c/unbound": (found(),)},
    )
    old = evaluate(make_case(*asked, release={"commit": "41ab0e1"}), evidence, TODAY)
    new = evaluate(make_case(*asked, release={"commit": "42cd0e1"}), evidence, TODAY)
    assert [one.state for one in old.items] == [State.MET, State.MET]
    assert [one.state for one in new.items] == [State.UNKNOWN, State.MET]


# Items that demand a subject


@pytest.mark.parametrize(
    ("demand", "subjects", "release", "state"),
    [
        pytest.param("artifact", ["commit"], GIVEN, "met", id="the commit is the artifact"),
        pytest.param("artifact", ["image"], GIVEN, "met", id="the image is the artifact"),
        pytest.param("artifact", ["version"], GIVEN, "unknown", id="a version is no artifact"),
        pytest.param("artifact", ["environment"], GIVEN, "unknown", id="an environment is no artifact"),
        pytest.param("environment", ["environment"], GIVEN, "met", id="the environment"),
        pytest.param("environment", ["commit"], GIVEN, "unknown", id="a commit is no environment"),
        pytest.param(["artifact", "environment"], ["commit"], GIVEN, "unknown", id="one of two"),
        pytest.param(["artifact", "environment"], ["commit", "environment"], GIVEN, "met", id="both"),
        pytest.param("artifact", [], GIVEN, "unknown", id="no subject at all"),
        pytest.param("artifact", ["image"], {"commit": "42cd0e1"}, "unknown", id="of a kind that is not given"),
        pytest.param("artifact", ["commit"], {"environment": "production"}, "unknown", id="no artifact given"),
        pytest.param("artifact", ["commit"], None, "unknown", id="no release"),
        pytest.param("environment", ["environment"], {"commit": "42cd0e1"}, "unknown", id="no environment given"),
    ],
)
def test_an_item_may_demand_a_subject(demand: Any, subjects: list[str], release: Any, state: str) -> None:
    named = [subject(kind, GOOD[kind]) for kind in subjects]
    assert of_checks(found(subjects=named), demand=demand, release=release).state == state
    assert of_person(answer(), *named, demand=demand, release=release).state == state


def test_every_check_of_an_item_has_to_name_what_it_demands() -> None:
    named = found(subjects=[subject("commit", GOOD["commit"])])
    assert of_checks(named, named, demand="artifact").state is State.MET
    assert of_checks(named, found(), demand="artifact").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (None, "the release names no commit or image to compare with; write it under `release` in review.yaml"),
        (GIVEN, "the evidence names no commit or image of the release, and the item demands it"),
    ],
    ids=["no release", "no subject"],
)
def test_what_a_demand_lacks_is_told(release: Any, words: str) -> None:
    assert words in why(of_checks(found(), demand="artifact", release=release))


# What people answer


def test_an_answer_may_be_bound_to_a_release() -> None:
    assert of_person(answer(release={"commit": "42cd0e1"})).state is State.MET
    assessed = of_person(answer(release={"commit": "41ab0e1"}))
    assert assessed.state is State.UNKNOWN
    assert why(assessed) == "the answer of wei proves commit 41ab0e1, not 42cd0e1f"


@pytest.mark.parametrize(
    ("reply", "state"),
    [("yes", "unknown"), ("partial", "unknown"), ("no", "not-met"), ("not-applicable", "unknown")],
)
def test_an_answer_on_another_release_is_never_better(reply: str, state: str) -> None:
    assert of_person(answer(reply, release={"environment": "staging"})).state == state


def test_an_answer_on_a_release_meets_a_demand() -> None:
    assert of_person(answer(release=GOOD_RELEASE), demand=["artifact", "environment"]).state is State.MET
    assert of_person(answer(), demand="artifact").state is State.UNKNOWN


GOOD_RELEASE = {"commit": GOOD["commit"], "environment": "production"}


def test_a_file_of_another_commit_proves_nothing_of_this_one() -> None:
    shown = answer(evidence=[{"path": "drills/rollback.md"}])
    assert of_person(shown, subject("commit", BAD["commit"], "drills/rollback.md")).state is State.UNKNOWN
    assert of_person(shown, subject("commit", GOOD["commit"], "drills/rollback.md")).state is State.MET


def test_a_plan_made_for_another_release_covers_nothing() -> None:
    planned = answer(None, plan=plan())
    assert of_person(planned, plan_accepted=True).covered_by == "plan"
    other = {**planned, "release": {"commit": "41ab0e1"}}
    assert of_person(other, plan_accepted=True).covered_by is None


def test_what_is_left_out_stays_out() -> None:
    asked = item("a", when={"tier": [4]}, subject="artifact", checks=[check()])
    assert _only(asked, [found()], GIVEN, None, ()).state is State.NOT_APPLICABLE


# The release as a whole


@pytest.mark.parametrize(("binds", "digests"), [("artifact", 3), ("workload", 1)])
def test_a_vote_counts_for_the_release_that_it_was_given_on_where_the_policy_binds_it(binds: str, digests: int) -> None:
    made = [
        make_case(item("a"), release=release, policy={"binds": binds})
        for release in ({"commit": "41ab0e1"}, GIVEN, None)
    ]
    assert len({evaluate(case, Evidence(), TODAY).digest for case in made}) == digests


def test_a_changed_release_assesses_everything_again() -> None:
    before = make_case(item("a", checks=[check()]), release={"commit": "42cd0e1"})
    evidence = Evidence({"c/a": (found(subjects=[subject("commit", "42cd0e1")]),)})
    was = evaluate(before, evidence, TODAY)
    after = replace(before, review=replace(before.review, release=Release(commit="41ab0e1")))
    assert (was.items[0].state, reassess(was, after, evidence).items[0].state) == (State.MET, State.UNKNOWN)


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (GIVEN, "about release 2.4.1, commit 42cd0e1f, image shop@sha256:111111111111…, in production"),
        ({"commit": "42cd0e1"}, "about commit 42cd0e1; no environment is named, so none is compared"),
        ({"version": "2"}, "about release 2; no commit, image or environment is named, so none is compared"),
        ({"environment": "live"}, "about whatever runs in live; no commit or image is named, so none is compared"),
        (
            {},
            "about no release, so evidence of any counts; name it under `release` in review.yaml",
        ),
    ],
)
def test_the_first_screen_says_what_a_verdict_is_about(release: dict[str, Any], words: str) -> None:
    made = read(Release, release)
    assert render(release_in_words(made), "en") == words
    assert render(release_in_words(made), "zh-CN") != words


# Laws

RELEASES = st.builds(
    Release,
    commit=st.sampled_from([None, "42cd0e1", "41ab0e1"]),
    images=st.sampled_from([(), (f"shop@{OURS}",), (THEIRS,)]),
    version=st.sampled_from([None, "2.4.1"]),
    environment=st.sampled_from([None, "production", "staging"]),
)
SUBJECTS = st.builds(
    lambda named, place: subject(*named, place),
    st.sampled_from([*GOOD.items(), *BAD.items(), ("artifact", OURS), ("artifact", THEIRS), ("commit", "main")]),
    st.sampled_from(["a.sarif", "b.md"]),
)
SOME = st.lists(SUBJECTS, max_size=4).map(tuple)
DEMANDS = st.sampled_from([(), ("artifact",), ("environment",), ("artifact", "environment")])
OUTCOMES = st.sampled_from(["met", "partial", "not-met", "unknown"])
REPLIES = st.sampled_from(["yes", "partial", "no", "not-applicable", None])


def drawn(
    demand: Any, outcome: str, reply: str | None, named: Any, attached: Any, by: str, release: Release
) -> Evaluation:
    said = {} if reply is None else {"a": answer(reply, on=day(-3))}
    checks = [] if by == "person" else [check()]
    case: Case = make_case(item("a", checks=checks, subject=list(demand), answered_by=by), answers=said)
    evidence = Evidence(
        {"c/a": (found(outcome, subjects=named),)} if checks else {}, attached={"c/a": attached} if attached else {}
    )
    return evaluate(replace(case, given=release), evidence, TODAY)


def never_better(worse: Evaluation, before: Evaluation) -> None:
    for one, other in zip(worse.items, before.items, strict=True):
        assert severity_of(one.state) >= severity_of(other.state)
    assert list(type(worse.verdict)).index(worse.verdict) <= list(type(worse.verdict)).index(before.verdict)


BY = st.sampled_from(["person", "checks", "both"])


@given(DEMANDS, OUTCOMES, REPLIES, SOME, SOME, BY, RELEASES)
def test_no_release_makes_a_state_better_than_one_that_is_bound_to_nothing(
    demand: Any, outcome: str, reply: str | None, named: Any, attached: Any, by: str, release: Release
) -> None:
    bound = drawn(demand, outcome, reply, named, attached, by, release)
    never_better(bound, drawn((), outcome, reply, named, attached, by, Release()))


@given(DEMANDS.filter(bool), OUTCOMES, REPLIES, SOME, SOME, BY, RELEASES)
def test_evidence_without_a_subject_is_never_better_where_one_is_demanded(
    demand: Any, outcome: str, reply: str | None, named: Any, attached: Any, by: str, release: Release
) -> None:
    without = drawn(demand, outcome, reply, (), (), by, release)
    never_better(without, drawn(demand, outcome, reply, named, attached, by, release))


@given(DEMANDS.filter(bool), OUTCOMES, REPLIES, SOME, SOME, BY, RELEASES)
def test_a_release_left_out_is_never_better_where_a_subject_is_demanded(
    demand: Any, outcome: str, reply: str | None, named: Any, attached: Any, by: str, release: Release
) -> None:
    without = drawn(demand, outcome, reply, named, attached, by, Release())
    never_better(without, drawn(demand, outcome, reply, named, attached, by, release))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words(language: str) -> None:
    for kind in SubjectKind:
        value = {"artifact": THEIRS}.get(kind.value) or BAD[kind.value]
        release = {**GIVEN, "images": [OURS]}
        assessed = of_checks(found(subjects=[subject(kind, value)]), release=release)
        assert render(assessed.causes, language)
    for demand in ("artifact", "environment"):
        for given_release in (GIVEN, None):
            assert render(of_checks(found(), demand=demand, release=given_release).causes, language)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["commit", "image"], ["commit", "image"], []),
        (["commit", "image"], ["image"], ["the evidence of c/a names no commit any more"]),
        (["commit"], [], ["the evidence of c/a names no commit any more"]),
        ([], ["commit"], []),
        (["commit"], ["commit", "environment"], []),
    ],
    ids=["as before", "less", "nothing", "more", "also where"],
)
@pytest.mark.parametrize("by", ["a check", "a file of the answer"])
def test_evidence_that_names_its_subject_no_more_is_listed_as_milder(
    before: list[str], after: list[str], told: list[str], by: str
) -> None:
    def required(kinds: list[str]) -> Any:
        subjects = tuple(subject(kind, GOOD[kind]) for kind in kinds)
        if by == "a check":
            made, evidence = (
                make_case(item("a", checks=[check()])),
                Evidence({"c/a": (found("met", subjects=subjects),)}),
            )
        else:
            made, evidence = make_case(item("a"), answers={"a": answer()}), Evidence(attached={"c/a": subjects})
        return evaluate(made, evidence, TODAY).requirements

    assert [render(one, "en") for one in milder(required(before), required(after))] == told


def test_what_is_compared_without_evidence_tells_nothing_of_subjects() -> None:
    made = make_case(item("a", checks=[check()]))
    bare, full = requirements(made, TODAY), {**requirements(made, TODAY), "named": {"c/a": ["commit"]}}
    assert milder(full, bare) == milder(bare, full) == ()
    compared = replace(made, earlier=(Earlier("run", "2026-11-20", full),))
    assert evaluate(compared, Evidence(), TODAY).milder == ()  # the check has not run yet
    (one,) = evaluate(compared, Evidence({"c/a": (found("met"),)}), TODAY).milder
    assert render(one.change, "en") == "the evidence of c/a names no commit any more"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ({"subject": "artifact"}, {"subject_if_released": "artifact"}, True),
        ({"subject_if_released": "artifact"}, {"subject": "artifact"}, False),
        ({"subject_if_released": "artifact"}, {}, True),
        ({}, {"subject_if_released": "artifact"}, False),
    ],
    ids=["of a release only", "in any case", "no more", "newly"],
)
def test_a_demand_that_becomes_laxer_is_listed_as_milder(was: Any, now: Any, told: bool) -> None:
    before, after = (requirements(make_case(item("a", **keys)), TODAY) for keys in (was, now))
    assert bool(milder(before, after)) is told


@pytest.mark.parametrize("release", [GIVEN, None, {"version": "2"}], ids=["given", "none", "a version"])
def test_an_answer_beside_checks_need_not_name_what_they_name(release: Any) -> None:
    asked = item("a", checks=[check()], subject_if_released="artifact", answered_by="both")
    named = found("met", subjects=(subject("commit", GOOD["commit"]),))
    assert _only(asked, (named,), release, answer(), ()).state is State.MET
    alone = item("a", subject_if_released="artifact")
    assert _only(alone, (), release, answer(), ()).state is (State.UNKNOWN if release == GIVEN else State.MET)
