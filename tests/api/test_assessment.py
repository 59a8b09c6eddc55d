"""One workload's assessment for a notebook: `orr.assess`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from support import ROOT
from support.form_stage import SETTINGS, workspace

import orr
from orr.api.assessment import FORECAST, ITEMS, LAPSES, PATH, WAIVERS, Assessment
from orr.report.publish import HTML
from orr.report.run import run_report

TODAY = "2026-11-22"
REVIEW = """\
review: shop
answers:
  rollback/rehearsed:
    answer: yes
    note: With the whole shift.
    evidence: [{title: The drill, path: docs/rollback.md, expires: 2026-12-10}, {url: "https://wiki.example.com/drill"}]
    by: ana
    on: 2026-11-20T09:30+08:00
  rollback/owner:
    answer: partial
    plan: {action: Name a deputy, owner: bo, due: 2026-12-05}
    by: bo
    on: 2026-11-19
  team/cake: {answer: not-applicable, reason: Nobody eats it., by: ana, on: 2026-11-18}
  team/one-team: {answer: yes, by: ana, on: 2026-11-17}
  team/on-call: {answer: no, by: lee, on: 2026-11-18}
waivers:
  - waiver: W-1
    items: [team/shape]
    reason: The second team is being built.
    compensating: Both leads share a phone.
    requested_by: ana
    approved_by: cho
    approved_on: 2026-11-20
    states: {team/shape: not-met}
    risks: {team/shape: high}
    expires: 2026-12-31
  - {waiver: W-2, items: [team/cake], reason: None., requested_by: bo, expires: 2026-12-01}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path, REVIEW)


@pytest.fixture
def assessed(root: Path) -> Assessment:
    return orr.assess("shop", root, today=TODAY)


def row(frame: pd.DataFrame, item: str) -> dict[str, object]:
    """What is there of an item: its values that are not missing."""
    (found,) = frame[frame["item"] == item].to_dict("records")
    return {name: value for name, value in found.items() if isinstance(value, list) or pd.notna(value)}


def test_it_says_what_was_assessed_and_what_came_out(assessed: Assessment) -> None:
    assert (assessed.workload, assessed.title, assessed.occasion, assessed.release) == ("shop", "Shop", "launch", None)
    assert (assessed.today, assessed.language) == (date(2026, 11, 22), "en")
    assert (assessed.verdict, assessed.decision) == ("conditional-go", "pending")
    assert assessed.asked == "2 of 2 checklists"
    assert (assessed.verdict_without_waivers, assessed.verdict_at_best) == ("conditional-go", "conditional-go")
    assert assessed.valid_until == date(2026, 12, 10)
    assert [reason.split(" (")[0] for reason in assessed.reasons] == [
        "team/shape is not met",
        "rollback/owner is partial",
    ]
    assert assessed.milder == ()
    assert assessed.not_compared[0].startswith("Whether less is asked than before is not known")
    assert assessed.flags[0] == "the waiver W-2 has no effect: asked for by bo and not approved yet"
    assert {state: count for state, count in assessed.counts.items() if count} == {
        "not-met": 1, "partial": 1, "met": 3, "not-applicable": 1,
    }  # fmt: skip
    assert assessed.to_dict()["digest"] == assessed.digest


def test_a_row_per_item_holds_question_state_answer_plan_and_evidence(assessed: Assessment) -> None:
    frame = assessed.to_frame()
    assert list(frame["item"]) == [
        "rollback/rehearsed", "rollback/owner", "rollback/written", "team/rota", "team/cake", "team/shape",
    ]  # fmt: skip
    assert row(frame, "rollback/rehearsed") == {
        "item": "rollback/rehearsed",
        "checklist": "rollback",
        "section": "plan",
        "question": "Was the rollback rehearsed?",
        "state": "met",
        "risk": "high",
        "blocking": True,
        "answer": "yes",
        "answered_by": "ana",
        "answered_on": pd.Timestamp("2026-11-20"),
        "owner": "sales",
        "note": "With the whole shift.",
        "reasons": [],
        "evidence": ["The drill: docs/rollback.md", "https://wiki.example.com/drill"],
    }
    owner = row(frame, "rollback/owner")
    assert (owner["plan"], owner["owner"], owner["due"]) == ("Name a deputy", "bo", pd.Timestamp("2026-12-05"))
    assert row(frame, "rollback/written")["evidence"] == ["document: met; docs/rollback.md: 2 of 2 sections"]
    assert row(frame, "team/rota")["answered_by"] == "lee"
    assert row(frame, "team/cake")["reasons"] == ["not applicable according to ana: Nobody eats it."]


def test_a_section_with_risk_rules_is_a_row_with_the_last_answer_of_its_choices(assessed: Assessment) -> None:
    shape = row(assessed.to_frame(), "team/shape")
    assert (shape["question"], shape["section"], shape["risk"]) == ("How the team is cut", "shape", "medium")
    assert (shape["state"], shape["covered_by"]) == ("not-met", "waiver:W-1")
    assert (shape["answered_by"], shape["answered_on"]) == ("lee", pd.Timestamp("2026-11-18"))
    assert "answer" not in shape


def test_the_path_to_go_has_who_must_do_what_by_when(assessed: Assessment) -> None:
    path = assessed.path_to_go()
    assert list(path["item"]) == ["rollback/owner", "team/shape"]
    assert row(path, "rollback/owner") == {
        "item": "rollback/owner",
        "question": "Does one person decide?",
        "state": "partial",
        "risk": "medium",
        "blocking": False,
        "covered_by": "plan",
        "owner": "bo",
        "action": "Name a deputy",
        "due": pd.Timestamp("2026-12-05"),
        "after_launch": True,
    }
    assert "action" not in row(path, "team/shape")


def test_the_forecast_has_each_change_of_the_verdict_and_the_lapses_behind_it(assessed: Assessment) -> None:
    forecast, lapses = assessed.forecast(), assessed.lapses()
    assert list(forecast["on"]) == [pd.Timestamp("2026-12-11")]
    assert list(forecast["verdict"]) == ["no-go"]
    assert forecast["reasons"][0] == list(lapses[lapses["on"] == "2026-12-11"]["reason"])
    assert row(lapses.head(1), "rollback/owner")["decides"] is True


def test_each_waiver_says_whether_and_why_it_works(assessed: Assessment) -> None:
    waivers = assessed.waivers()
    assert list(waivers["waiver"]) == ["W-1", "W-2"]
    assert list(waivers["active"]) == [True, False]
    assert waivers["why"][0] == "approved by cho on 2026-11-20, until 2026-12-31"
    assert waivers["items"][0] == ["team/shape"]
    assert waivers["compensating"][0] == "Both leads share a phone."
    assert waivers["expires"][1] == pd.Timestamp("2026-12-01")


@pytest.mark.parametrize(
    ("make", "columns"),
    [
        (Assessment.to_frame, ITEMS),
        (Assessment.path_to_go, PATH),
        (Assessment.forecast, FORECAST),
        (Assessment.lapses, LAPSES),
        (Assessment.waivers, WAIVERS),
    ],
    ids=["items", "path", "forecast", "lapses", "waivers"],
)
def test_a_frame_has_its_columns_and_types_with_and_without_rows(
    assessed: Assessment,
    tmp_path_factory: pytest.TempPathFactory,
    make: Callable[[Assessment], pd.DataFrame],
    columns: dict[str, str],
) -> None:
    nothing = workspace(tmp_path_factory.mktemp("empty"), **{"orr.yaml": "checklists: []\n"})
    (nothing / "teams/sales.yaml").unlink()
    for frame, empty in ((make(assessed), False), (make(orr.assess("shop", nothing, today=TODAY)), True)):
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == columns
        assert frame.empty is empty


# As it shows itself


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data if self.tags[-1] != "style" else ""


def parsed(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    return parser


@pytest.mark.parametrize(
    ("language", "line", "words"),
    [
        (
            "en",
            "Shop, launch review: conditional go: 2 known to be missing",
            ["Conditional go: 2 known to be missing", "as of 2026-11-22", "one person decide?"],
        ),
        ("zh-CN", "商店，上线评审：有条件上线：2 项已知缺失", ["2 项已知缺失", "截至 2026-11-22", "是否由一人决定？"]),
    ],
)
def test_it_is_a_line_of_text_and_a_card_in_the_language_asked_for(
    root: Path, language: str, line: str, words: list[str]
) -> None:
    assessed = orr.assess("shop", root, today=TODAY, language=language)
    assert repr(assessed) == line
    text = parsed(assessed._repr_html_()).text
    assert [word for word in words if word not in text] == []


def test_the_language_of_the_workspace_holds_where_none_is_asked_for(root: Path) -> None:
    (root / "orr.yaml").write_text(SETTINGS + "language: zh-CN\n", encoding="utf-8")
    assert repr(orr.assess("shop", root, today=TODAY)) == "商店，上线评审：有条件上线：2 项已知缺失"


@pytest.mark.parametrize("show", ["card", "report"])
def test_what_a_cell_shows_holds_no_script_and_asks_nobody(assessed: Assessment, show: str) -> None:
    html = (assessed if show == "card" else assessed.report())._repr_html_()
    seen = parsed(html)
    assert {"script", "iframe", "img", "link", "object", "embed"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    assert "url(http" not in html
    assert "@import" not in html


def test_the_card_leads_nowhere_that_is_not_there_and_names_nothing_twice(root: Path) -> None:
    full = orr.assess("checkout", ROOT, today=TODAY)
    attributes = parsed(full._repr_html_()).attributes
    assert [value for name, value in attributes if name == "href" and str(value).startswith("#")] == []
    assert [value for name, value in attributes if name == "id"] == []
    assert re.search(r"and \d+ more reasons, see \.path_to_go\(\)", parsed(full._repr_html_()).text)


def test_what_people_wrote_is_only_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    root = workspace(tmp_path, REVIEW)
    path = root / "workloads/shop/workload.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("en: Shop", f"en: '{hostile}'"), encoding="utf-8")
    assessed = orr.assess("shop", root, today=TODAY)
    assert assessed.title == hostile
    assert hostile not in assessed._repr_html_() + assessed.report()._repr_html_()


@pytest.mark.kernel
def test_the_report_is_saved_as_the_page_that_the_command_writes(
    assessed: Assessment, root: Path, tmp_path: Path
) -> None:
    assessed.report().save(tmp_path / "new" / "saved.html")
    run_report(root, "shop", tmp_path / "made", date(2026, 11, 22), "en")
    made = (tmp_path / "made" / HTML).read_text(encoding="utf-8")
    moment = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d| <a href=.calendar.ics.>[^<]*</a>")  # which lies beside one alone
    assert moment.sub("", (tmp_path / "new" / "saved.html").read_text(encoding="utf-8")) == moment.sub("", made)


def test_a_page_that_cannot_be_written_is_told_by_the_system(assessed: Assessment, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        assessed.report().save(tmp_path)


def test_the_occasion_and_the_release_are_those_asked_for(root: Path) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    live = path.read_text(encoding="utf-8").replace("launch: 2026-12-01", "launch: 2026-11-01")
    path.write_text(live + "live_since: 2026-11-01\n", encoding="utf-8")
    changed = orr.assess("shop", root, today=TODAY, occasion="change", release="2.4.1")
    assert (changed.occasion, changed.release) == (
        "change",
        {"commit": None, "images": [], "version": "2.4.1", "environment": None},
    )
    assert repr(changed) == "Shop, change review: conditional go: 2 known to be missing"
    assert "release 2.4.1" in parsed(changed._repr_html_()).text
