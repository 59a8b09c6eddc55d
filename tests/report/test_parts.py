"""What each part of a report says, in both languages, and that nothing in it acts."""

import re
from dataclasses import replace
from datetime import UTC, date
from html import unescape
from typing import Any

import html5lib
import pytest
from support import ROOT
from support.report_notebook import notebook_of
from support.report_sample import FOUR, HOSTILE, TODAY, assessment, case, evidence, workload

from orr.evaluate import Evaluation, Verdict, evaluate
from orr.evaluate.asked import with_checklists
from orr.evaluate.ballot import Part
from orr.evaluate.ballot_changes import ballot_of_record, recorded_ballot
from orr.evaluate.milder import Earlier
from orr.messages import LANGUAGES, texts
from orr.messages import render as words_of
from orr.model.discussion import Comment
from orr.model.finding import Evidence, Finding, Outcome, Table
from orr.model.review import Assignment, Challenge, Reply, Review, SignOff
from orr.model.validation import read
from orr.model.workload import Workload
from orr.report.exporter import OrrExporter
from orr.report.parts.one_page import STEPS
from orr.report.parts.path import SHOWN
from orr.report.parts.summary import _allotted, card
from orr.report.report import Report
from orr.report.sanitize import is_allowed
from orr.report.words import Words
from orr.workspace.discussion import Discussion

ALL = (*FOUR, "prepare", "operate", "organization", "evolve")


def texts_of(report: Report) -> dict[str, str]:
    """What each part says, without its markup; spaces are single."""
    return {part.name: unescape(" ".join(re.sub(r"<[^>]*>", " ", part.html).split())) for part in report.parts()}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made() -> Evaluation:
    return assessment()


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    def shape(language: str) -> dict[str, Any]:
        return {
            key: set(re.findall(r"\{(\w+)\}", str(text))) | ({"one", "other"} if isinstance(text, dict) else set())
            for key, text in texts("report", language).items()
            if not key.startswith(("long-day", "forecast.month"))
        }

    assert shape("en") == shape("zh-CN")


def test_every_part_has_the_form_that_a_page_lets_in(made: Evaluation, language: str) -> None:
    for part in Report(made, language).parts():
        assert is_allowed(part.standing()), part.name


def test_the_first_screen_says_all_that_a_reader_needs_at_once(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["summary"]
    for words in ("Checkout", "Launch review", "No-go", "Pending", "0 of 3 roles have voted", "Tue 1 Dec 2026, 09:00"):
        assert words in says
    assert "in 9 days" in says
    assert "Until it is fixed" in says
    chinese = texts_of(Report(made, "zh-CN"))["summary"]
    for words in ("结账服务", "上线评审", "不可上线", "待定", "2026年12月1日（周二） 09:00", "还有 9 天"):
        assert words in chinese


def test_the_first_screen_and_the_method_say_what_is_milder_than_before(made: Evaluation) -> None:
    was = {**made.requirements, "tags": [*made.requirements["tags"], "t-1", "t-2", "t-3", "t-4", "t-5", "t-6"]}
    laxer = replace(made, case=replace(made.case, earlier=(Earlier("run", "2026-11-20", was),)))
    says = texts_of(Report(laxer, "en"))
    assert "Milder than before (6) Compared with the run of 2026-11-20 the tag t-1 is gone" in says["summary"]
    assert "All 6 changes" in says["summary"]
    assert "t-6" not in says["summary"]
    assert "the tag t-6 is gone" in says["method"]
    assert "要求比以前宽松" in texts_of(Report(laxer, "zh-CN"))["summary"]
    assert is_allowed(Report(laxer, "en").summary().html)
    alone = card(laxer, Words("en", UTC))
    assert is_allowed(alone)
    assert "<details><summary>All 6 changes</summary>" in alone
    assert "the tag t-6 is gone" in alone
    assert "Milder" not in texts_of(Report(made, "en"))["summary"]


def test_challenges_stand_first_and_comments_with_their_items(made: Evaluation, language: str) -> None:
    name, answer = next((name, one) for name, one in made.case.review.answers.items() if one.answer is Reply.YES)
    doubt = read(Challenge, {"by": "bo", "on": "2026-11-21", "why": HOSTILE})
    answers = {**made.case.review.answers, name: replace(answer, challenged=doubt)}
    assigned = {name: read(Assignment, {"to": "li.na", "due": "2026-11-24", "by": "bo"})}
    review = replace(made.case.review, answers=answers, assigned=assigned)
    doubted = evaluate(replace(made.case, review=review), made.evidence, TODAY)
    comment = read(Comment, {"id": "a1", "item": name, "by": "ana", "at": "2026-11-21", "text": f"{HOSTILE}\x1b[31m"})
    report = Report(doubted, language, discussion=Discussion((comment,)))
    for part in (report.summary(), report.card(), report.items()):
        assert is_allowed(part.html)
        assert "<script" not in part.html
    says = texts_of(report)
    title = {"en": "1 answer is challenged", "zh-CN": "1 个回答受到质疑"}[language]
    assert says["summary"].index(title) < says["summary"].index(texts("report", language)["reasons.title"])
    for words in {"en": ("assigned to li.na until 2026-11-24", "1 comment"), "zh-CN": ("已指派给 li.na", "1 条评论")}[
        language
    ]:
        assert words in says["items"]
    assert "\x1b" not in says["items"]


def test_the_first_screen_says_where_there_is_nothing_to_compare_with(made: Evaluation) -> None:
    assert "Whether less is asked than before is not known" in texts_of(Report(made, "en"))["summary"]
    same = replace(made, case=replace(made.case, earlier=(Earlier("run", "2026-11-20", made.requirements),)))
    assert "not there yet: a recorded run" not in texts_of(Report(same, "en"))["summary"]


def test_the_first_screen_counts_the_checklists_and_the_register_holds_who_let_some_be_left_out() -> None:
    leave = {
        "reason": "later",
        "requested_by": "wei",
        "approved_by": "ana",
        "on": "2026-11-20",
        "expires": "2026-12-20",
    }
    small = workload(checklists=list(FOUR), leave_out={"evolve": leave, "operate": leave})
    lists = {one.checklist: one for one in case("go", ALL).checklists}
    held = with_checklists(replace(case("go"), workload=small), lists)
    report = Report(evaluate(held, evidence(case("go"), "go"), TODAY), "en")
    rest = "left out until 2026-12-20 (approved by ana): operate, evolve"
    for screen in (texts_of(report)["summary"], unescape(re.sub(r"<[^>]*>", "", report.card().html))):
        assert "4 of 8 checklists" in screen
        assert rest in screen or "left out until 2026-12-20 (approved by ana): evolve, operate" in screen
        assert "not asked: prepare, organization" in screen
    assert "leave_out/evolve" in texts_of(report)["waivers"]


def test_of_each_kind_a_reason_is_shown_and_three_in_all_in_the_order_of_the_assessment(made: Evaluation) -> None:
    html = Report(made, "en").summary().html
    groups = made.reasons_apart(3)
    assert re.findall(r"<h3>([^<]*)</h3>", html) == [str(group.title) for group in groups if group.title]
    shown = [unescape(ask) for ask in re.findall(r'<li><p class="ask">([^<]*)</p>', html)]
    assert shown == [group.reasons[0].values["ask"]["en"] for group in groups]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [([], []), ([3], [3]), ([1, 3], [1, 2]), ([3, 3], [2, 1]), ([3, 3, 3], [1, 1, 1]), ([2, 1], [2, 1])],
)
def test_the_first_screen_holds_three_reasons_at_most(counts: list[int], shown: list[int]) -> None:
    assert _allotted(counts) == shown


def test_the_first_screen_tells_what_is_missing_from_what_is_not_known(made: Evaluation, language: str) -> None:
    said = words_of(made.headline, language)
    assert made.against.missing
    assert made.against.not_known
    assert said[1:].replace(" ", "") in texts_of(Report(made, language))["summary"].replace(" ", "")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_is_told_in_word_and_shape(verdict: Verdict, language: str) -> None:
    state = assessment(verdict.value)
    assert state.verdict is verdict
    html = Report(state, language).summary().html
    assert f'<div class="verdict v-{verdict.value}"><svg' in html
    assert words_of(verdict, language).capitalize() in html


def test_a_verdict_that_ends_before_the_launch_is_marked() -> None:
    late = assessment("go", ("rollback-plan",), workload=workload(launch="2028-06-01"))
    assert late.valid_until is not None
    assert "ends before the launch" in texts_of(Report(late, "en"))["summary"]
    assert "ends before the launch" not in texts_of(Report(assessment("go"), "en"))["summary"]


def test_the_path_names_who_what_and_when_and_marks_what_falls_after_the_launch(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["path-to-go"]
    for step in made.path_to_go:
        assert step.item.ask["en"] in says  # type: ignore[index]
        assert step.owner in says
    assert says.count("after the launch") == 1 + sum(step.after_launch for step in made.path_to_go)
    assert sum(step.after_launch for step in made.path_to_go) > 0
    assert "no date" in says


def test_the_path_shows_ten_steps_and_folds_the_rest_which_go_on_counting(made: Evaluation) -> None:
    assert len(made.path_to_go) > SHOWN
    seen, *folded = Report(made, "en").path_to_go().html.split("<details>")
    steps = [part.count('<div class="what">') for part in (seen, *folded)]
    bare = sum(step.item.covered_by is None for step in made.path_to_go)
    assert steps[0] == min(SHOWN, bare)
    assert sum(steps) == len(made.path_to_go)
    assert '<ol class="steps on">' in folded[0]


def test_the_first_screen_names_for_print_who_does_what_by_when_and_what_lies_ahead(made: Evaluation) -> None:
    html = Report(made, "en").summary().html
    for_print = html[html.index('<div class="one-page">') :]
    assert for_print.count("<tr>") == 1 + STEPS
    assert made.path_to_go[0].owner in for_print
    assert "Forecast" in for_print
    assert "one-page" not in Report(made, "en").card().html


def test_readiness_says_how_long_answers_take_and_with_how_many_people_the_steps_are(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["readiness"]
    assert re.search(r"About \d+ min to answer what is left: \d+ for [a-z]+", says)
    people = len({step.owner for step in made.path_to_go})
    assert f"{len(made.path_to_go)} steps to a go are left, with {people} people or teams." in says


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        pytest.param("oncall@example.com", "mailto:oncall@example.com", id="mail"),
        pytest.param("https://chat.example.com/oncall", "https://chat.example.com/oncall", id="web"),
        pytest.param("@shop/team", None, id="a team of GitHub"),
        pytest.param("#oncall", None, id="a channel"),
        pytest.param("slack:@oncall", None, id="a scheme that is none of ours"),
    ],
)
def test_only_an_address_to_reach_somebody_is_a_link(contact: str, address: str | None) -> None:
    owned = workload(owner={"team": "shop", "contact": contact})
    html = Report(assessment("go", ("rollback-plan",), workload=owned), "en").summary().html
    link = f'<a href="{address}" rel="noreferrer">{contact}</a>'
    assert (link in html) is (address is not None)
    assert contact in html
    assert ("mailto:" in html) is ("@example.com" in contact)


def test_waivers_say_who_why_until_when_and_what_limits_the_risk(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["waivers"]
    for words in ("W-1", "active", "The web application firewall", "wei.chen", "ana.ruiz", "2026-12-31", "second week"):
        assert words in says
    assert "W-2 no effect" in says
    assert "not approved yet" in says
    assert "Without waivers the verdict would be: no-go" in says


def test_a_void_vote_and_a_missing_vote_are_told_apart(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["votes"]
    assert "operations go void" in says
    assert says.count("no vote yet") == 2


def test_every_item_is_listed_once_with_its_state(made: Evaluation, language: str) -> None:
    report = Report(made, language)
    shown = re.findall(r'<li id="([^"]+)">', report.items().html)
    assert shown == [item.name for item in made.items]


def test_the_method_gives_the_counts_on_which_the_rule_decided(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["method"]
    assert made.digest in says
    assert "blocking or high risk" in says
    assert re.search(r"no-go if an open item .*?: \d+ such items?\. This line decided\.", says)
    for checklist in made.case.checklists:
        assert checklist.checklist in says


def test_gaps_of_the_operating_model_are_named(made: Evaluation) -> None:
    says = texts_of(Report(made, "en"))["operating-model"]
    assert "Nobody is named for operating the infrastructure." in says
    whole = texts_of(Report(assessment(workload=workload(operating_model={})), "zh-CN"))["operating-model"]
    assert whole.count("没有指定谁负责") == 4
    assert "没有说明治理是集中式还是分散式" in whole


def test_a_workload_to_which_nothing_applies_is_no_go_and_says_why(language: str) -> None:
    nothing = evaluate(case(names=("rollback-plan",), checklists=()), Evidence(), TODAY)
    says = texts_of(Report(nothing, language))
    assert {"en": "nothing was assessed", "zh-CN": "什么都没有评估"}[language] in says["summary"]
    assert {"en": "This line decided", "zh-CN": "结论由这一条得出"}[language] in says["method"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tier": 1, "impact": None}, "Tier 1, because workload.yaml has no impact; add "),
        ({"tier": 2, "impact": None}, "Tier 2, which workload.yaml says, does not count"),
        ({"tier": None, "impact": {"legal": False, "safety": True}}, "people's safety depends on it"),
    ],
)
def test_the_first_screen_and_the_card_say_which_tier_counts_and_why(changes: dict[str, object], says: str) -> None:
    report = Report(assessment(workload=workload(**changes)), "en")
    assert says in texts_of(report)["summary"]
    assert says in unescape(report.card()._repr_html_())


def test_a_bare_review_still_makes_a_report(language: str) -> None:
    bare = read(Workload, {"workload": "bare", "title": "Bare", "tier": 4, "owner": {"team": "a"}})
    empty = assessment("go", workload=bare, review=Review(review="bare"), organization=None)
    for part in Report(empty, language).parts():
        assert is_allowed(part.standing()), part.name


def hostile() -> Evaluation:
    original = case(names=("rollback-plan",))
    item = original.checklists[0].sections[0].items[0]
    name = f"rollback-plan/{item.item}"
    answer = {
        "answer": "partial",
        "note": HOSTILE,
        "by": HOSTILE,
        "on": "2026-11-20",
        "plan": {"action": HOSTILE, "owner": HOSTILE, "due": "2026-12-24"},
        "evidence": [{"title": HOSTILE, "path": HOSTILE}, {"title": "x", "url": 'https://a.example/"><script>'}],
    }
    review = read(
        Review,
        {
            "review": "checkout",
            "answers": {name: answer},
            "waivers": [
                {
                    "waiver": "W-1",
                    "items": [name, "a/b"],
                    "reason": HOSTILE,
                    "compensating": HOSTILE,
                    "requested_by": HOSTILE,
                    "approved_by": f"{HOSTILE}2",
                    "approved_on": "2026-11-20",
                    "expires": "2026-12-20",
                }
            ],
            "sign_offs": [
                {"role": role, "by": HOSTILE, "vote": "go", "on": "2026-11-20", "digest": "0" * 64}
                for role in ("operations", HOSTILE)
            ],
            "pre_mortem": [{"scenario": HOSTILE, "detection": HOSTILE, "response": f"https://a/{HOSTILE}"}],
            "benefits": HOSTILE,
        },
    )
    own = workload(
        title=HOSTILE,
        owner={"team": HOSTILE.replace("/", "|"), "contact": "javascript:alert(1)"},
        operating_model={"application": {"engineering": HOSTILE}, "provider": HOSTILE},
    )
    found = Finding("document", Outcome.NOT_MET, HOSTILE, table=Table((HOSTILE,), ((HOSTILE,),)))
    evil = case(names=("rollback-plan",), review=review, workload=own, organization=HOSTILE)
    return evaluate(evil, Evidence({name: (found,)}), TODAY)


def test_hostile_text_stays_text_everywhere(language: str) -> None:
    page, _ = OrrExporter().from_notebook_node(notebook_of(Report(hostile(), language)))
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    names = {element.tag for element in document.iter()}
    assert not names & {"script", "img", "iframe", "object", "form", "link"}
    assert len(list(document.iter("style"))) == 1
    for element in document.iter():
        assert not [name for name in element.attrib if str(name).startswith("on")]
        address = element.attrib.get("href", "#")
        assert address.startswith(("#", "https://", "mailto:")), address
    assert "alert(1)" in "".join(document.find("head").find("title").itertext())


def test_every_picture_has_a_text_alternative(made: Evaluation, language: str) -> None:
    page, _ = OrrExporter().from_notebook_node(notebook_of(Report(made, language)))
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) > 30
    for picture in pictures:
        start = picture[: picture.index(">")].replace('"', "")
        named = re.search(r"<title>[^<]+</title>", picture)
        assert ("role=img" in start and named) or "aria-hidden=true" in start, picture[:200]


def test_bars_are_told_apart_without_colour(made: Evaluation) -> None:
    html = Report(made, "en").readiness().html
    fills = re.findall(r'fill="url\(#(orr-[a-z-]+)\)"', html)
    assert set(fills) == {"orr-unknown", "orr-stale", "orr-unanswered", "orr-partial"}
    for name in set(fills):
        assert f'<pattern id="{name}"' in html or f'id="{name}"' in html
    assert "Staffing: " in html


def test_a_report_on_many_items_stays_below_220_kilobytes(language: str) -> None:
    large = assessment(
        names=("staffing", "runbooks", "rollback-plan", "data-protection", "prepare", "operate", "evolve")
    )
    assert 110 <= len(large.items) < 125
    page, _ = OrrExporter().from_notebook_node(notebook_of(Report(large, language)))
    assert len(page.encode()) < 220_000


def test_dates_with_a_time_are_shown_in_the_time_zone_of_the_workspace() -> None:
    late = assessment(workload=workload(launch="2026-11-30T18:30Z"))
    assert "Tue 1 Dec 2026, 02:30" in texts_of(Report(late, "en"))["summary"]
    assert late.case.launch_day == date(2026, 12, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_has_a_title(language: str) -> None:
    source = (ROOT / "orr" / "evaluate" / "flags.py").read_text(encoding="utf-8")
    flags = set(re.findall(r"\bFlag\(\s*\"([a-z-]+)\"", source))
    assert len(flags) > 10
    assert {flag for flag in flags if f"flag.{flag}" not in texts("report", language)} == set()


def test_the_method_names_the_practices_that_are_not_asked(made: Evaluation, language: str) -> None:
    told = texts_of(Report(made, language))["method"]
    assert "define-drivers-for-improvement" in told
    assert "plan-for-unsuccessful-changes" not in told


def test_a_void_vote_lists_what_changed_and_folds_the_rest(made: Evaluation) -> None:
    was = {**made.ballot, **{f"answer:c/{n}": Part("answer", f"c/{n}", "0" * 64, "x") for n in range(6)}}
    cast = read(SignOff, {"role": "owner", "by": "ana", "vote": "go", "on": "2026-11-20", "digest": "0" * 64})
    other = replace(cast, role="security", by="bo")
    review = replace(made.case.review, sign_offs=(cast, other))
    row = replace(made.case.policy, sign_offs=("owner", "security"))
    rules = replace(made.case.rules, policy=(row,))
    known = {f"sha256:{cast.digest}": ballot_of_record(recorded_ballot(was))}
    void = replace(made, case=replace(made.case, review=review, rules=rules), known=known)
    html = Report(void, "en").votes().html
    assert is_allowed(html)
    says = texts_of(Report(void, "en"))["votes"]
    assert "vote again on what is so now" in says
    assert says.count("the answer to c/0 (gone): “x”") == 1
    assert "owner, security voted before" in says
    assert [flag.about for flag in void.flags if flag.flag == "void-vote"] == ["owner, security"]
    assert html.index("the answer to c/0 (gone)") < html.index("<details><summary>and ") < html.index("c/5 (gone)")
