"""The workspace: what is found in it, what it is made of, and what a fault in it stops."""

from __future__ import annotations

import os
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.permissions import like_anybody
from support.workspace_sample import FILES, other, put

from orr.evaluate import Verdict, evaluate
from orr.evaluate.ballot import ballot_of
from orr.model.checklist import Scope
from orr.model.finding import Evidence
from orr.source.faults import FaultyInput
from orr.workspace.replaced import replaced
from orr.workspace.trust import find_root
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 22)
SHOP = "workloads/shop/"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ws"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def open_with(root: Path, changes: Any = None) -> Workspace:
    return Workspace.open(put(root, changes), TODAY)


def told_of(workspace: Workspace) -> list[str]:
    return [fault.in_words("en") for fault in workspace.faults()]


def told(root: Path, changes: Any = None) -> list[str]:
    """Every fault of the workspace; or why it cannot be opened at all."""
    try:
        return told_of(open_with(root, changes))
    except FaultyInput as faulty:
        return [fault.in_words("en") for fault in faulty.faults]


def refused(workspace: Workspace, name: str) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        workspace.case(name)
    return [fault.in_words("en") for fault in caught.value.faults]


# What is found


def test_the_sample_has_no_fault(root: Path) -> None:
    assert told(root) == []


def test_a_case_holds_what_every_file_says(root: Path) -> None:
    case = open_with(root).case("shop")
    assert (case.workload.title, case.review.answers["c/own"].by) == ("Shop", "wei")
    assert (case.team_answers["c/ours"].by, case.organization_answers["c/all"].by) == ("ana", "bo")
    assert (case.organization, case.timezone, case.rating.policy_found) == ("acme", ZoneInfo("Asia/Shanghai"), False)
    assert [checklist.checklist for checklist in case.checklists] == ["c"]


@pytest.mark.parametrize("place", ["", SHOP, f"{SHOP}docs", "services/shop", "inner"])
def test_the_workspace_is_the_outermost_folder_upwards_since_anybody_may_have_written_what_is_in_it(
    root: Path, place: str
) -> None:
    put(root)
    (root / place).mkdir(parents=True, exist_ok=True)
    if place:
        (root / place / "orr.yaml").write_text("allow: [command]")
    assert find_root(root / place) == root
    assert Workspace.open(root / place, TODAY).settings.timezone == "Asia/Shanghai"


@pytest.mark.parametrize("kind", ["a folder", "a link to nowhere", "a named pipe"])
def test_an_orr_yaml_that_is_no_file_makes_none_below_it_the_workspace(root: Path, kind: str) -> None:
    put(root, {SHOP + "orr.yaml": "policy: []\n"})
    settings = root / "orr.yaml"
    settings.unlink()
    match kind:
        case "a folder":
            settings.mkdir()
        case "a link to nowhere":
            settings.symlink_to("gone")
        case _:
            os.mkfifo(settings)
    assert find_root(root / SHOP) == root
    with pytest.raises(FaultyInput, match=r"orr\.yaml:1:1: it cannot be read"):
        Workspace.open(root / SHOP, TODAY)


@pytest.mark.parametrize(
    "place",
    ["inner", "workloads/shop", "workloads/shop/docs/deep", "services/shop", "../services/shop", "../services/shop/a"],
)
def test_another_orr_yaml_below_the_workspace_or_in_a_repository_is_a_fault(root: Path, place: str) -> None:
    root = put(root / "workspace", {
        SHOP + "workload.yaml": "workload: shop\ntitle: S\ntier: 1\nowner: {team: payments}\n"
        "repository: ../../../services/shop\n",
    })  # fmt: skip
    for folder in (root / place, root / "../services/shop", root / ".git", root / ".venv"):
        folder.mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "orr.yaml").write_text("language: en\n")  # of a package
    assert told_of(Workspace(root, TODAY)) == []
    (root / place / "orr.yaml").write_text("allow: [command]\n")
    (only,) = told_of(Workspace(root, TODAY))
    assert "orr.yaml:1:1: it is below the workspace " in only
    assert "never obeyed; delete it" in only


def test_the_workspace_may_lie_in_the_repository_of_its_workload(root: Path) -> None:
    root = put(root / "repository" / "readiness", {
        "orr.yaml": "timezone: UTC\nrepositories: [..]\n",
        SHOP + "workload.yaml": "workload: shop\ntitle: S\ntier: 1\nowner: {team: payments}\nrepository: ../../..\n",
    })  # fmt: skip
    assert told_of(Workspace(root, TODAY)) == []


def test_without_a_workspace_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput, match=r"there is no orr\.yaml in this folder or above it"):
        find_root(tmp_path)


def test_no_review_file_means_that_nothing_is_answered_yet(root: Path) -> None:
    case = open_with(root, {SHOP + "review.yaml": None}).case("shop")
    assert (case.review.review, case.review.occasion, case.review.answers) == ("shop", "launch", {})


def test_teams_and_organization_may_have_no_file(root: Path) -> None:
    case = open_with(root, {"teams/payments.yaml": None, "organization.yaml": None}).case("shop")
    assert (case.team_answers, case.organization_answers, case.organization) == ({}, {}, None)


def test_a_workload_without_a_list_is_reviewed_on_all_checklists(root: Path) -> None:
    second = FILES["checklists/c.yaml"].replace("checklist: c", "checklist: d")
    changes = other(SHOP + "workload.yaml", "checklists: [c]\n", "") | {"checklists/d.yaml": second}
    assert [checklist.checklist for checklist in open_with(root, changes).case("shop").checklists] == ["c", "d"]


def test_workloads_are_the_folders_of_workloads_in_order(root: Path) -> None:
    put(
        root,
        {
            "workloads/b/x": "",
            "workloads/a/x": "",
            "workloads/.git/x": "",
            "workloads/_template/x": "",
            "workloads/file": "",
        },
    )
    assert Workspace.open(root).workloads == ("a", "b", "shop")


def test_checklists_may_be_files_folders_or_the_shipped_ones(root: Path) -> None:
    put(root, {"more/d.yaml": FILES["checklists/c.yaml"].replace("checklist: c", "checklist: d")})
    for named, expected in {"[checklists]": ["c"], "[more/d.yaml, checklists]": ["d", "c"], "[]": []}.items():
        (root / "orr.yaml").write_text(f"checklists: {named}")
        assert list(Workspace.open(root).checklists) == expected
    (root / "orr.yaml").write_text("language: en")
    (root / "checklists" / "c.yaml").unlink()
    (root / "checklists").rmdir()
    assert "rollback-plan" in Workspace.open(root).checklists


@pytest.mark.parametrize(("tier", "days", "found"), [(1, 10, True), (2, 10, True), (3, 20, True), (4, 90, False)])
def test_the_first_row_that_holds_the_tier_is_the_policy(root: Path, tier: int, days: int, found: bool) -> None:
    rows = "policy:\n- {tiers: [1, 2], waiver_max_days: 10}\n- {tiers: [2, 3], waiver_max_days: 20}\n"
    settings = {"orr.yaml": f"{rows}tiers: {{shop: {tier}}}\n"}
    case = open_with(root, other(SHOP + "workload.yaml", "tier: 1\n", "") | settings).case("shop")
    assert (case.policy.waiver_max_days, case.rating.policy_found) == (days, found)


def test_today_is_the_day_in_the_time_zone_of_the_workspace(root: Path) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        before = datetime.now(ZoneInfo(zone)).date()
        day = Workspace.open(put(root, {"orr.yaml": f"timezone: {zone}"})).today
        assert before <= day <= datetime.now(ZoneInfo(zone)).date()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_byte_order_mark_and_crlf_are_fine(root: Path, name: str) -> None:
    raw = b"\xef\xbb\xbf" + FILES[name].replace("\n", "\r\n").encode()
    assert told(root, {name: raw}) == []


# What a fault stops


def test_a_faulty_file_stops_only_the_workloads_that_need_it(root: Path) -> None:
    bad = FILES["checklists/c.yaml"].replace("checklist: c", "checklist: d\nrequired: false")
    bad = bad.replace("risk: high\n", "risk: huge\n")
    cafe = {"workload.yaml": FILES[SHOP + "workload.yaml"].replace("shop", "cafe").replace("[c]", "[d]")}
    bank = {"workload.yaml": FILES[SHOP + "workload.yaml"].replace("shop", "bank").replace("payments", "search")}
    changes = {
        "checklists/d.yaml": bad,
        "teams/search.yaml": "team: [",
        **{f"workloads/cafe/{name}": text for name, text in cafe.items()},
        **{f"workloads/bank/{name}": text for name, text in bank.items()},
    }
    workspace = open_with(root, changes)
    assert workspace.case("shop")
    assert [said.split(":")[0] for said in refused(workspace, "cafe")] == ["checklists/d.yaml"]
    assert [said.split(":")[0] for said in refused(workspace, "bank")] == ["teams/search.yaml"]
    assert len(workspace.faults()) == 2


def test_all_files_tell_all_their_faults_at_once(root: Path) -> None:
    changes = {
        **other("checklists/c.yaml", "risk: high\n", "risk: huge\n"),
        **other(SHOP + "workload.yaml", "tier: 1", "tier: 9"),
        **other(SHOP + "review.yaml", "2026-11-20", "yesterday"),
        **other("teams/payments.yaml", "by: ana, ", ""),
        "organization.yaml": "organization: acme\nx: 1\ny: 2\n",
    }
    assert [said.split(": ")[0] for said in told(root, changes)] == [
        "checklists/c.yaml:9:9",
        "organization.yaml:2:1",
        "organization.yaml:3:1",
        "teams/payments.yaml:3:3",
        "workloads/shop/review.yaml:3:33",
        "workloads/shop/workload.yaml:3:1",
    ]


@pytest.mark.parametrize(
    ("settings", "places"),
    [
        ("timezone: Mars/Olympus\n", ["1:1"]),
        ("timezone: [\n", ["2:1"]),
        ("languages: en\n", ["1:1"]),
        ("repositories: 3\nchecklists: [checklists, gone]\n", ["1:1", "2:26"]),
        ("checklists: [checklists, gone]\n", ["1:26"]),
        ("- a list\n", ["1:1"]),
    ],
    ids=["zone", "syntax", "key", "type", "folder", "list"],
)
def test_faults_of_orr_yaml_hide_no_others(root: Path, settings: str, places: list[str]) -> None:
    changes = {
        "orr.yaml": settings,
        "checklists/d.yaml": FILES["checklists/c.yaml"]
        .replace("checklist: c", "checklist: d")
        .replace("risk: high\n", "risk: huge\n"),
        **other(SHOP + "workload.yaml", "tier: 1", "tier: 9"),
        **other(SHOP + "review.yaml", "2026-11-20", "yesterday"),
        "organization.yaml": "organization: acme\nx: 1\n",
    }
    put(root, changes)
    with pytest.raises(FaultyInput):
        Workspace.open(root, TODAY)
    faults = told_of(Workspace.open(root, TODAY, despite_faults=True))
    assert [said.split(": ")[0] for said in faults if said.startswith("orr.yaml:")] == [
        f"orr.yaml:{one}" for one in places
    ]
    assert [said.split(":")[0] for said in faults if not said.startswith("orr.yaml:")] == [
        "checklists/d.yaml",
        "organization.yaml",
        "workloads/shop/review.yaml",
        "workloads/shop/workload.yaml",
    ]


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ("timezone: Asia/Shangai\n", other(SHOP + "review.yaml", "2026-11-20", "2026-11-22T23:00:00-11:00")),
        ("repositories: 3\n", other(SHOP + "workload.yaml", "tier: 1", "tier: 1\nrepository: ../../..")),
        ("repositorys: [..]\n", other(SHOP + "workload.yaml", "tier: 1", "tier: 1\nrepository: ../../..")),
        ("checklists: 3\n", other(SHOP + "review.yaml", "c/own", "d/any")),
        ("checklists: [checklists, gone]\n", other(SHOP + "workload.yaml", "[c]", "[c, d]")),
    ],
    ids=["zone", "repositories", "a key that may be repositories", "checklists", "a folder of checklists"],
)
def test_what_orr_yaml_may_have_meant_is_not_held_against_other_files(root: Path, settings: str, changes: Any) -> None:
    put(root, {"orr.yaml": settings, **changes})
    faults = told_of(Workspace.open(root, TODAY, despite_faults=True))
    assert [said.split(":")[0] for said in faults] == ["orr.yaml"]


BOTH = {
    "checklists/d.yaml": """\
checklist: d
version: one
title: D
sections:
  - section: plain
    items:
      - {item: a, ask: A?, risk: huge}
      - {item: b, ask: B?, risk: low, colour: red, checks: [{check: no-such}]}
      - {item: c, ask: C?, practice: no-such}
      - {item: c, ask: C?, risk: low, checks: [{check: files, pathes: a}]}
  - section: ruled
    risk_rules:
      - {if: x && z, risk: none}
      - {if: default, risk: high}
    items:
      - {item: x, ask: 3}
""",
    SHOP + "workload.yaml": "workload: bank\ntier: 9\nowner: {team: payments}\nchecklists: [c, c]\n",
    SHOP + "review.yaml": """\
review: bank
answers:
  c/own: {answer: perhaps, by: wei, on: 2026-11-20}
  c/ours: {answer: yes, by: wei, on: 2027-11-20}
waivers:
  - {waiver: W-1, items: [c/own]}
  - {waiver: W-2, items: [c/own], reason: r, requested_by: wei, expires: 2026-12-01, approved_on: 2027-01-01}
""",
    "teams/payments.yaml": (
        "team: bank\nanswers:\n  c/ours: {answer: perhaps}\n  c/own: {answer: yes, by: bo, on: 2026-11-20}\n"
    ),
    "organization.yaml": "answers:\n  c/own: {answer: yes, by: bo, on: 2026-11-20}\n",
}


def test_faults_of_form_hide_no_faults_of_meaning_in_the_same_file(root: Path) -> None:
    assert [said.split(": ")[0] for said in told(root, BOTH)] == [
        *(
            f"checklists/d.yaml:{place}"
            for place in ["2:1", "7:28", "8:39", "8:62", "9:10", "9:28", "10:10", "10:63", "16:19"]
        ),
        *(f"organization.yaml:{place}" for place in ["1:1", "2:3"]),
        *(f"teams/payments.yaml:{place}" for place in ["1:1", "3:3", "3:3", "3:12", "4:3"]),
        *(f"{SHOP}review.yaml:{place}" for place in ["1:1", "3:11", "4:34", "6:5", "6:5", "6:5", "7:86"]),
        *(f"{SHOP}workload.yaml:{place}" for place in ["1:1", "1:1", "2:1", "4:17"]),
    ]


def test_a_team_that_no_workload_names_is_read_all_the_same(root: Path) -> None:
    assert told(root, {"teams/search.yaml": "team: x\n"}) == [
        "teams/search.yaml:1:1: team is x, but it lies under the name search; make the two names equal"
    ]


def test_a_name_in_a_checklist_that_cannot_be_read_is_not_held_against_a_review(root: Path) -> None:
    optional = "checklist: d\nrequired: false\n"
    changes = {"checklists/d.yaml": optional, **other(SHOP + "review.yaml", "c/own", "d/any")}
    assert {said.split(":")[0] for said in told(root, changes)} == {"checklists/d.yaml"}
    assert Workspace.open(root, TODAY).case("shop")


@pytest.mark.parametrize(
    "faulty", ["checklist: d\n", "checklist: d\nrequired: maybe\n", "checklist: [", "", "required: [false]\n"]
)
def test_a_faulty_checklist_that_does_not_say_it_is_optional_stops_every_workload(root: Path, faulty: str) -> None:
    workspace = open_with(root, {"checklists/d.yaml": faulty})
    assert {said.split(":")[0] for said in refused(workspace, "shop")} == {"checklists/d.yaml"}


def test_a_fault_names_its_file_from_where_the_user_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, other(SHOP + "workload.yaml", "tier: 1", "tier: 9"))
    monkeypatch.chdir(root / SHOP)
    assert refused(Workspace.open(".", TODAY), "shop")[0].startswith("workload.yaml:3:1: ")
    monkeypatch.chdir(root / "teams")
    assert refused(Workspace.open(".", TODAY), "shop")[0].startswith(str(root / SHOP / "workload.yaml") + ":3:1: ")


MORE: dict[str, Any] = {"checklists/d.yaml": FILES["checklists/c.yaml"].replace("checklist: c", "checklist: d")}
"""Another required checklist, which the shop does not ask."""


def left_out(**changed: str) -> dict[str, Any]:
    """The shop leaves the checklist `d` out."""
    leave = {
        "reason": "later",
        "requested_by": "wei",
        "approved_by": "ana",
        "on": "2026-11-20",
        "expires": "2026-12-20",
        **changed,
    }
    written = ", ".join(f"{key}: {value}" for key, value in leave.items())
    return {SHOP + "workload.yaml": FILES[SHOP + "workload.yaml"] + f"leave_out: {{d: {{{written}}}}}\n"}


def test_a_workload_tells_the_faults_of_its_files_and_of_its_checklists_at_once(root: Path) -> None:
    changes = {
        "checklists/d.yaml": "checklist: d\n",
        "orr.yaml": "policy:\n  - {tiers: [1], checklists: [c, e]}\n",
        **other("checklists/c.yaml", "risk: high\n", "risk: huge\n"),
        **other(SHOP + "review.yaml", "2026-11-20", "yesterday"),
    }
    places = {said.split(":")[0] for said in refused(open_with(root, changes), "shop")}
    assert places == {"checklists/c.yaml", "checklists/d.yaml", SHOP + "review.yaml"}


def test_a_checklist_that_is_left_out_with_leave_is_no_fault(root: Path) -> None:
    assert told(root, MORE | left_out()) == []
    assert list(Workspace.open(root, TODAY).case("shop").not_asked) == ["d"]


def test_the_policy_of_a_tier_says_which_checklists_are_required_of_it(root: Path) -> None:
    policy = {"orr.yaml": "policy:\n  - {tiers: [1], checklists: [c]}\n"}
    assert told(root, MORE | policy) == []
    assert not open_with(root, MORE | policy).case("shop").not_asked


@pytest.mark.parametrize("missing", ["reason", "requested_by", "on", "expires"])
def test_a_leave_holds_who_why_and_until_when(root: Path, missing: str) -> None:
    written = left_out()[SHOP + "workload.yaml"]
    text = re.sub(rf"\b{missing}: [^,}}]*(, )?", "", written)
    assert len(text) < len(written)
    (only,) = told(root, MORE | {SHOP + "workload.yaml": text})
    assert missing in only


def test_a_leave_that_is_asked_for_has_no_effect_before_it_is_approved(root: Path) -> None:
    text = re.sub(r"\bapproved_by: [^,}]*(, )?", "", left_out()[SHOP + "workload.yaml"])
    (only,) = told(root, MORE | {SHOP + "workload.yaml": text})
    assert "not approved yet" in only


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        pytest.param(
            {SHOP + "workload.yaml": None}, SHOP + "workload.yaml:1:1", "has no workload.yaml", id="no workload.yaml"
        ),
        pytest.param(
            other(SHOP + "workload.yaml", "workload: shop", "workload: cafe"),
            SHOP + "workload.yaml:1:1",
            "lies under the name shop",
            id="workload of another name",
        ),
        pytest.param(
            other(SHOP + "review.yaml", "review: shop", "review: cafe"),
            SHOP + "review.yaml:1:1",
            "lies under the name shop",
            id="review of another name",
        ),
        pytest.param(
            other("teams/payments.yaml", "team: payments", "team: search"),
            "teams/payments.yaml:1:1",
            "lies under the name payments",
            id="team of another name",
        ),
        pytest.param(
            other(SHOP + "workload.yaml", "[c]", "[c, d]"),
            SHOP + "workload.yaml:5:17",
            "there is no checklist d; the checklists are: c",
            id="unknown checklist",
        ),
        pytest.param(
            other(SHOP + "workload.yaml", "[c]", "[c, c]"),
            SHOP + "workload.yaml:5:17",
            "c is listed twice",
            id="checklist listed twice",
        ),
        pytest.param(
            MORE,
            SHOP + "workload.yaml:5:1",
            "d is required, and neither asked nor left out with leave; add d to `checklists`, or `leave_out: {d: {",
            id="required checklist that is not asked",
        ),
        pytest.param(
            MORE | left_out(expires="2026-11-21"),
            SHOP + "workload.yaml:6:13",
            "d is not asked: it is required, and its `leave_out` has no effect: it ended on 2026-11-21",
            id="leave that has ended",
        ),
        pytest.param(
            MORE | left_out(approved_by="wei"),
            SHOP + "workload.yaml:6:13",
            "wei asked for it and approved it; another person must approve it",
            id="leave that its requester approved",
        ),
        pytest.param(
            MORE | left_out(on="2026-11-23"),
            SHOP + "workload.yaml:6:69",
            "on is 2026-11-23, which is after 2026-11-22, the day that you ask about (`--today`); ask about",
            id="leave approved tomorrow",
        ),
        pytest.param(
            left_out(),
            SHOP + "workload.yaml:6:13",
            "there is no checklist d; the checklists are: c",
            id="leave for an unknown checklist",
        ),
        pytest.param(
            {"orr.yaml": "policy:\n  - {tiers: [1], checklists: [c, d]}\n"},
            "orr.yaml:2:34",
            "there is no checklist d; the checklists are: c",
            id="unknown checklist in the policy",
        ),
        pytest.param(
            {"orr.yaml": "policy:\n  - {tiers: [4], checklists: [d]}\n"},
            "orr.yaml:2:31",
            "there is no checklist d; the checklists are: c",
            id="unknown checklist in the policy of another tier",
        ),
        pytest.param(
            other("checklists/c.yaml", "item: own", "item: asked") | {SHOP + "review.yaml": None},
            "checklists/c.yaml:7:9",
            "asked is the name of what stands for a required checklist that is not asked; give it another name",
            id="item with the name of what is not asked",
        ),
        pytest.param(
            other("checklists/c.yaml", "section: ruled", "section: asked"),
            "checklists/c.yaml:18:5",
            "asked is the name of what stands for a required checklist that is not asked; give it another name",
            id="ruled section with the name of what is not asked",
        ),
        pytest.param(
            {"checklists/d.yaml": FILES["checklists/c.yaml"]},
            "checklists/d.yaml:1:1",
            "the checklist c is defined in checklists/c.yaml too",
            id="checklist defined twice",
        ),
        pytest.param(
            other(SHOP + "workload.yaml", "tier: 1", "tier: 1\nlive_since: 2026-11-23"),
            SHOP + "workload.yaml:4:1",
            "live_since is 2026-11-23, which is after 2026-11-22, the day that you ask about",
            id="live since tomorrow",
        ),
        pytest.param(
            other(SHOP + "workload.yaml", "{team: payments}", "{team: ../x}"),
            SHOP + "workload.yaml:4:9",
            "no name that can stand here",
            id="team that is a path",
        ),
        pytest.param(
            other("orr.yaml", "Asia/Shanghai", "Asia/Nowhere"),
            "orr.yaml:1:1",
            "Asia/Nowhere is no time zone",
            id="no time zone",
        ),
        pytest.param(
            other("orr.yaml", "Asia/Shanghai", "../../etc/passwd"),
            "orr.yaml:1:1",
            "is no time zone",
            id="time zone that is a path",
        ),
        pytest.param(
            other("orr.yaml", "Asia/Shanghai", "Asia"),
            "orr.yaml:1:1",
            "Asia is no time zone",
            id="time zone that is a folder",
        ),
        pytest.param(
            {"orr.yaml": "checklists: [checklists, nowhere]"},
            "orr.yaml:1:26",
            "nowhere is neither a checklist nor a folder",
            id="checklists nowhere",
        ),
        pytest.param({"orr.yaml": ""}, "orr.yaml:1:1", "the file holds no data", id="empty settings"),
        pytest.param({"orr.yaml": "- a"}, "orr.yaml:1:1", "orr.yaml must be a mapping", id="settings that are a list"),
        pytest.param(
            {"workloads/Fleet.html/workload.yaml": "workload: Fleet.html\ntitle: F\ntier: 1\nowner: {team: t}\n"},
            "workloads/Fleet.html/workload.yaml:1:1",
            "reports/Fleet.html is a file of orr's own",
            id="name of ours",
        ),
        *(
            pytest.param({"orr.yaml": f"{key}: {value}"}, place, "holds a null character", id=f"no path in {key}")
            for key, value, place in (
                ("repositories", r'["a\0b"]', "orr.yaml:1:16"),
                ("checklists", r'["a\0b"]', "orr.yaml:1:14"),
                ("history", r'"sqlite:///a\0b"', "orr.yaml:1:1"),
            )
        ),
        pytest.param({"orr.yaml": "history: hello"}, "orr.yaml:1:1", "no database URL", id="no database"),
        pytest.param(
            {"orr.yaml": "history: postgresql://u:p@h:abc/x"},
            "orr.yaml:1:1",
            "names a port that is none",
            id="no port",
        ),
        pytest.param(
            {"orr.yaml": "history: postgresql://u:p@q@h/x"}, "orr.yaml:1:1", "write @ as %40", id="an @ too many"
        ),
        pytest.param({"orr.yaml": "allow: [http, nope]"}, "orr.yaml:1:15", "no kind of check named nope", id="no kind"),
        pytest.param({"orr.yaml": "sources: [github, nope]"}, "orr.yaml:1:19", "check named nope", id="no source"),
        pytest.param(
            {"orr.yaml": "sources: {github: {ownr: acme}}"},
            "orr.yaml:1:20",
            "no question to github takes ownr",
            id="no value of a source",
        ),
        pytest.param({"orr.yaml": "report_url: https://x:0/"}, "orr.yaml:1:1", "not a web address", id="port zero"),
        pytest.param({"orr.yaml": "timezon: UTC"}, "orr.yaml:1:1", "did you mean timezone?", id="misspelt setting"),
        pytest.param({SHOP + "review.yaml": ""}, SHOP + "review.yaml:1:1", "the file holds no data", id="empty review"),
        pytest.param(
            {SHOP + "review.yaml": b"review: \xff"}, SHOP + "review.yaml:1:9", "byte 0xff is not UTF-8", id="not UTF-8"
        ),
        pytest.param(
            {SHOP + "review.yaml": b"review: shop\nbenefits: " + b"x" * 4_000_000},
            SHOP + "review.yaml:1:1",
            "more than the 4000000 that are read",
            id="too large",
        ),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(root: Path, changes: Any, place: str, words: str) -> None:
    (only,) = told(root, changes)
    assert only.startswith(place + ": ")
    assert words in only


def test_an_unknown_workload_is_answered_with_those_there_are(root: Path) -> None:
    (only,) = refused(open_with(root), "cafe")
    assert "there is no workload cafe; the workloads are: shop" in only


def test_a_workload_is_found_without_a_look_at_the_others(root: Path) -> None:
    workspace = open_with(root)
    assert workspace.case("shop").workload.workload == "shop"
    assert "workloads" not in vars(workspace), "with thousands of workloads, each report would list them all"


def test_what_is_no_folder_is_no_workload(root: Path) -> None:
    workspace = open_with(root, {"workloads/notes.md": "", "workloads/.git/HEAD": "", "workloads/_old/x": ""})
    (root / "workloads" / "round").symlink_to("round")
    (root / "workloads" / "gone").symlink_to("nowhere")
    assert workspace.workloads == ("shop",)
    for name in ("notes.md", ".git", "_old", "round", "gone", "x" * 300, "a\0b"):
        assert refused(workspace, name)


@pytest.mark.parametrize("name", ["../shop", "shop/../shop", "", ".", "/etc"])
def test_a_workload_s_name_is_never_a_path(root: Path, name: str) -> None:
    assert refused(open_with(root), name)


# Links and odd files


@pytest.mark.parametrize(
    "name", [SHOP + "workload.yaml", SHOP + "review.yaml", "teams/payments.yaml", "organization.yaml"]
)
def test_a_link_out_of_the_workspace_is_not_followed(root: Path, name: str) -> None:
    outside = root.parent / "outside.yaml"
    outside.write_text(FILES[name])
    put(root)
    (root / name).unlink()
    (root / name).symlink_to(outside)
    (only,) = refused(Workspace.open(root, TODAY), "shop")
    assert only.startswith(f"{name}:1:1: it is a link that leads out of the workspace")


def test_a_folder_that_is_a_link_out_of_the_workspace_is_not_followed(root: Path) -> None:
    put(root.parent / "elsewhere")
    put(root)
    (root / "workloads" / "cafe").symlink_to(root.parent / "elsewhere" / SHOP)
    assert "leads out of the workspace" in refused(Workspace.open(root, TODAY), "cafe")[0]


def test_a_link_within_the_workspace_is_followed(root: Path) -> None:
    put(root, {"shared/review.yaml": FILES[SHOP + "review.yaml"], SHOP + "review.yaml": None})
    (root / SHOP / "review.yaml").symlink_to(root / "shared" / "review.yaml")
    assert Workspace.open(root, TODAY).case("shop").review.answers


@pytest.mark.parametrize("kind", ["dangling link", "circle of links", "folder", "pipe"])
def test_what_is_there_but_no_file_is_a_fault_not_an_empty_review(root: Path, kind: str) -> None:
    put(root, {SHOP + "review.yaml": None})
    path = root / SHOP / "review.yaml"
    if kind == "dangling link":
        path.symlink_to("nowhere")
    elif kind == "circle of links":
        path.symlink_to(path.name)
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    (only,) = refused(Workspace.open(root, TODAY), "shop")
    assert only.startswith(SHOP + "review.yaml:1:1: it cannot be read: ")


def test_a_file_without_permission_is_a_fault(root: Path) -> None:
    put(root)
    (root / SHOP / "review.yaml").chmod(0)
    with like_anybody():
        assert "Permission denied" in refused(Workspace.open(root, TODAY), "shop")[0]


def test_a_workspace_may_lie_in_a_folder_called_teams(tmp_path: Path) -> None:
    root = put(tmp_path / "teams")
    assert Workspace.open(root, TODAY).case("shop").organization == "acme"


# Repositories


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        (".", None),
        ("../../services/shop", None),
        ("../../../services/shop", None),
        ("../../../private", "lies outside what orr.yaml allows"),
        ("../../../services-private", "lies outside what orr.yaml allows"),
        ("/etc", "lies outside what orr.yaml allows"),
        ("../../../services/../private", "lies outside what orr.yaml allows"),
        ("../../../services/link", "lies outside what orr.yaml allows"),
        ("../../../services/circle", "is missing; correct the path"),
        ("../../services/nothing", "is missing; correct the path"),
        ("review.yaml", "is missing; correct the path"),
        ("a" * 5000, "is missing; correct the path"),
        ('"a\\0b"', "is missing; correct the path"),
        ('"../../../services/a\\0b"', "is missing; correct the path"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_repository_lies_in_the_workspace_or_where_orr_yaml_allows(
    root: Path, repository: str, words: str | None
) -> None:
    for folder in ("ws/services/shop", "services/shop", "private", "services-private"):
        (root.parent / folder).mkdir(parents=True)
    (root.parent / "services" / "link").symlink_to(root.parent / "private")
    (root.parent / "services" / "circle").symlink_to("circle")
    found = told(root, other(SHOP + "workload.yaml", "tier: 1", f"tier: 1\nrepository: {repository}"))
    assert [said for said in found if words is None or words not in said] == []
    assert len(found) == (words is not None)


SHARED = {"teams/payments.yaml": "team: payments\n", "organization.yaml": "organization: acme\n"}


@pytest.mark.parametrize("file", SHARED)
@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("services/all", None),
        ("private", "lies outside what orr.yaml allows"),
        ("services/gone", "is missing; correct the path"),
    ],
)
def test_a_team_and_the_organization_name_a_repository_by_the_same_rules(
    root: Path, file: str, repository: str, words: str | None
) -> None:
    for folder in ("services/shop", "services/all", "private"):
        (root.parent / folder).mkdir(parents=True)
    up = "../" * (file.count("/") + 1)
    changes = {**SHARED, file: f"{SHARED[file]}repository: {up}{repository}\n"}
    found = told(root, changes)
    assert [said for said in found if words is None or words not in said] == []
    assert len(found) == (words is not None)
    if words is None:
        workspace = open_with(root, changes)
        case = workspace.case("shop")
        scope = "team" if file.startswith("teams") else "organization"
        assert workspace.places(case).shared == {scope: root.parent / repository}
        parts = ballot_of(case, Evidence(), [])
        assert f"workload:{scope}.repository" in parts


def test_evidence_is_looked_for_in_the_repository_else_beside_the_file_that_names_it(root: Path) -> None:
    (root.parent / "services" / "shop").mkdir(parents=True)
    changes = other(SHOP + "workload.yaml", "tier: 1", "tier: 1\nrepository: ../../../services/shop")
    workspace = open_with(root, changes)
    places = workspace.places(workspace.case("shop"))
    assert places.repository == root.parent / "services" / "shop"
    assert places.roots == (root, root.parent / "services")
    assert places.beside == {"workload": root / SHOP, "team": root / "teams", "organization": root}


@pytest.mark.parametrize(
    ("folder", "named"),
    [("checklists", "{}"), ("checklists", "checklists: [checklists]"), ("teams", "{}")],
    ids=["the usual folder of checklists", "a folder of checklists that is named", "teams"],
)
def test_a_folder_that_may_not_be_listed_is_a_fault_and_not_an_empty_one(root: Path, folder: str, named: str) -> None:
    put(root, {"orr.yaml": named, "teams/t.yaml": "team: t\n"})
    closed = root / folder
    closed.chmod(0o300)
    try:
        with like_anybody():
            (only,) = told_of(Workspace.open(root, TODAY))
        assert only.startswith(f"{folder}:1:1: it cannot be read: Permission denied")
    finally:
        closed.chmod(0o700)


def test_a_workload_that_may_not_be_looked_at_is_not_left_out(root: Path) -> None:
    workspace = open_with(root)
    elsewhere = root.parent / "elsewhere"
    (elsewhere / "cafe").mkdir(parents=True)
    (root / "workloads" / "linked").symlink_to(elsewhere / "cafe")
    elsewhere.chmod(0)
    try:
        with like_anybody():
            assert "linked" in workspace.workloads
            assert "Permission denied" in refused(workspace, "linked")[0]
    finally:
        elsewhere.chmod(0o700)


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("orr.yaml", True),
        ("organization.yaml", True),
        ("teams/payments.yaml", True),
        ("lists/launch.yaml", True),
        ("one.yaml", True),
        ("workloads/shop/review.yaml", True),
        ("workloads/other/workload.yaml", True),
        ("reports/shop/assessment.json", True),
        ("reports/shop/2.4.1/report.html", True),
        ("runs.db", True),
        ("workloads/shop/review.not-saved-1a2b3c.yaml", True),
        ("lists/.shipped.json", True),
        ("reports/fleet.html", True),
        ("reports/junit.xml", False),
        ("workloads/shop/drills/review.yaml", False),
        ("teams/evidence/payments.yaml", False),
        ("checklists/launch.yaml", False),
    ],
)
def test_the_files_of_the_reviews_are_known_as_evidence_of_nothing(tmp_path: Path, path: str, own: bool) -> None:
    root = tmp_path / "ws[1]"
    (root / "workloads" / "shop").mkdir(parents=True)
    (root / "orr.yaml").write_text("checklists: [lists/, one.yaml]\nhistory: sqlite:///runs.db\n", encoding="utf-8")
    file = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n"
    (root / "workloads/shop/workload.yaml").write_text(file, encoding="utf-8")
    (root / "lists").mkdir()
    (root / "one.yaml").write_text(
        "checklist: one\nversion: 1\ntitle: One\nsections: [{section: s, items: [{item: a, ask: A, risk: low}]}]\n",
        encoding="utf-8",
    )
    workspace = Workspace(root, date(2026, 11, 22))
    places = workspace.places(workspace.case("shop"))
    assert places.is_own(str((root / path).resolve())) is own


# Ids that other items have replaced

MERGED = other(
    "checklists/c.yaml",
    "      - item: own\n        ask: Own?\n        risk: high\n",
    "      - item: both\n        ask: Both?\n        risk: high\n"
    "        replaces: [c/own, c/team-own, gone/from-all]\n",
)
OLD = {
    "workloads/shop/review.yaml": """\
review: shop
answers:
  c/own: {answer: yes, by: wei, on: 2026-11-20}
waivers:
  - {waiver: W-1, items: [c/own], reason: later, requested_by: wei, expires: 2026-12-20}
""",
    "teams/payments.yaml": "team: payments\nanswers:\n  c/team-own: {answer: partial, by: ana, on: 2026-11-20}\n",
    "organization.yaml": "organization: acme\nanswers:\n  gone/from-all: {answer: yes, by: bo, on: 2026-11-20}\n",
}


def test_what_stands_under_an_id_that_was_replaced_is_no_fault(root: Path) -> None:
    assert told(root, {**MERGED, **OLD}) == []


def test_the_worst_of_what_workload_team_and_organization_answered_counts(root: Path) -> None:
    case = open_with(root, {**MERGED, **OLD}).case("shop")
    answer, whose = case.answer(Scope.WORKLOAD, "c/both")
    assert answer is not None
    assert (answer.answer, whose) == ("partial", "workload")
    assert case.review.waivers[0].items == ("c/both",)


def test_a_team_s_old_answer_counts_for_an_item_that_is_the_workload_s_now(root: Path) -> None:
    changes = {**MERGED, **OLD, "workloads/shop/review.yaml": "review: shop\n"}
    answer, whose = open_with(root, changes).case("shop").answer(Scope.WORKLOAD, "c/both")
    assert answer is not None
    assert (answer.answer, whose) == ("partial", "team:payments")


def test_each_place_of_a_replaced_id_is_listed_with_what_to_write(root: Path) -> None:
    listed = [fault.in_words("en") for fault in replaced(open_with(root, {**MERGED, **OLD}))]
    do = "write c/both here; where answers to both stand, the worst counts"
    assert listed == [
        f"organization.yaml:3:3: gone/from-all is asked as c/both now; {do}",
        f"teams/payments.yaml:3:3: c/team-own is asked as c/both now; {do}",
        f"workloads/shop/review.yaml:3:3: c/own is asked as c/both now; {do}",
        f"workloads/shop/review.yaml:5:27: c/own is asked as c/both now; {do}",
    ]


@pytest.mark.parametrize(
    ("ids", "fault"),
    [
        pytest.param("[own]", "own is not the id of an item", id="no checklist"),
        pytest.param("[d/old]", "d/old is replaced by c/own too", id="by two checklists"),
    ],
)
def test_an_id_that_cannot_be_replaced_is_a_fault(root: Path, ids: str, fault: str) -> None:
    own = other("checklists/c.yaml", "ask: Own?", f"ask: Own?\n        replaces: {ids}")
    two = "checklist: d\nversion: 1\ntitle: D\nsections:\n  - section: s\n    items:\n"
    two += "      - {item: new, ask: New?, risk: low, replaces: d/old}\n"
    assert any(fault in line for line in told(root, {**own, "checklists/d.yaml": two}))


def test_core_questions_alone_are_not_enough_for_tiers_1_and_2(root: Path) -> None:
    rows = "policy:\n  - {tiers: [2, 3], items: core}\n  - {tiers: [4], items: core}\n"
    wrong = told(root, {"orr.yaml": FILES["orr.yaml"] + rows})
    assert [line for line in wrong if "core" in line] == [
        "orr.yaml:4:21: only core questions are asked of the tiers 2, 3, of which 1 and 2 are asked all; "
        "write `items: core` in a row of tiers 3 and 4 alone"
    ]


BEFORE = """\
      - item: own
        ask: Own?
        risk: high
      - item: other
        ask: Other?
        risk: high
"""
WAIVED = """\
review: shop
answers:
  c/own: {answer: no, by: wei, on: 2026-11-20}
  c/other: {answer: OTHER, by: wei, on: 2026-11-20}
waivers:
  - {waiver: W-1, items: [c/own], reason: later, requested_by: wei, approved_by: ana, approved_on: 2026-11-20,
     states: {c/own: not-met}, expires: 2026-12-20}
"""


@pytest.mark.parametrize(("reply", "covered"), [("yes", True), ("no", False)])
def test_a_merge_neither_breaks_what_a_waiver_covers_nor_widens_it(root: Path, reply: str, covered: bool) -> None:
    plain = FILES["checklists/c.yaml"].split("  - section: plain")[0] + "  - section: plain\n    items:\n"
    after = plain + "      - {item: both, ask: Both?, risk: high, replaces: [c/own, c/other]}\n"
    rest = {"teams/payments.yaml": None, "organization.yaml": None}
    verdicts = []
    for name, text in (("before", plain + BEFORE), ("after", after)):
        changes = {"checklists/c.yaml": text, "workloads/shop/review.yaml": WAIVED.replace("OTHER", reply), **rest}
        workspace = Workspace.open(put(root / name, changes), TODAY)
        verdicts.append(evaluate(workspace.case("shop"), Evidence(), TODAY).verdict)
    assert verdicts == [Verdict.CONDITIONAL_GO if covered else Verdict.NO_GO] * 2
