"""Earlier waivers, leave, exceptions and plans, from real commits and real runs."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.fleet_sample import git
from support.workspace_sample import FILES, put

from orr.assessing import assess, with_terms
from orr.evaluate import Evaluation
from orr.form.view import top
from orr.formats.record import to_json
from orr.formats.screen import first_screen
from orr.history import History
from orr.history.records import Run
from orr.messages import render
from orr.model.review import Answer, State, Vote
from orr.model.validation import read
from orr.workspace.approvals import Approvable, approve
from orr.workspace.challenges import lift
from orr.workspace.editing import Refused, approve_waiver
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 22)
CHECKLIST = """\
checklist: c
version: 1
title: C
sections:
  - section: plain
    items:
      - {item: own, ask: Own?, risk: high, plan_accepted: true}
      - {item: other, ask: Other?, risk: high}
"""
MORE = CHECKLIST.replace("checklist: c", "checklist: d").replace("title: C", "title: D")
OTHER = "  c/other: {answer: yes, by: wei, on: 2026-05-01}\n"
NO = f"answers:\n  c/own: {{answer: no, by: wei, on: 2026-05-01}}\n{OTHER}"
IMPACT = (
    "outage_cost: 0 EUR, users: 0, teams: 0, data: public, safety: false, legal: false, "
    "availability: 99%, rto: 1d, rpo: 1d"
)
REVIEW, WORKLOAD = "workloads/shop/review.yaml", "workloads/shop/workload.yaml"


def waiver(name: str, approved: str, expires: str, by: str = "ana", more: str = "") -> str:
    return (
        f"  - waiver: {name}\n    items: [c/own]\n    reason: later\n    requested_by: wei\n    approved_by: {by}\n"
        f"    approved_on: {approved}\n    states: {{c/own: not-met}}\n    expires: {expires}\n{more}"
    )


def waived(*waivers: str) -> dict[str, str]:
    return {REVIEW: f"review: shop\n{NO}waivers:\n{''.join(waivers)}"}


def planned(on: str, due: str) -> dict[str, str]:
    plan = f"{{action: do it, owner: wei, due: {due}}}"
    return {REVIEW: f"review: shop\nanswers:\n  c/own: {{answer: no, by: wei, on: {on}, plan: {plan}}}\n{OTHER}"}


def leaving(on: str, expires: str, by: str = "ana") -> dict[str, str]:
    leave = f"{{reason: later, requested_by: wei, approved_by: {by}, on: {on}, expires: {expires}}}"
    yes = NO.replace("answer: no", "answer: yes")
    text = f"workload: shop\ntitle: Shop\nimpact: {{{IMPACT}}}\nowner: {{team: t}}\nleave_out: {{d: {leave}}}\n"
    return {REVIEW: f"review: shop\n{yes}", WORKLOAD: text}


def excepted(on: str, expires: str, by: str = "ana") -> dict[str, str]:
    exception = (
        f"{{tier: 3, instead_of: 1, reason: r, requested_by: wei, approved_by: {by}, on: {on}, expires: {expires}}}"
    )
    text = (
        f"workload: shop\ntitle: Shop\ntier: 3\ntier_exception: {exception}\nowner: {{team: t}}\nchecklists: [c, d]\n"
    )
    return {REVIEW: f"review: shop\n{NO}", WORKLOAD: text}


LISTS = {
    "orr.yaml": "timezone: UTC\nhistory: sqlite:///reports/history.db\n",
    "checklists/c.yaml": CHECKLIST,
    "checklists/d.yaml": MORE,
    "teams/payments.yaml": "team: payments\n",
    "organization.yaml": "organization: acme\n",
}


def commit(root: Path, day: str) -> None:
    git(root, "add", "--all")
    dated = {**os.environ, "GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    told = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty"]
    subprocess.run([*told, "--message", day], cwd=root, env=dated, check=True)


def made(root: Path, files: dict[str, str]) -> Path:
    workload = FILES[WORKLOAD].replace("[c]", "[c, d]").replace("tier: 1\n", "")
    return put(root, {**LISTS, WORKLOAD: workload, **files})


def committed(root: Path, *versions: tuple[str, dict[str, str]]) -> Path:
    """A workspace whose files a commit changed on each of some days."""
    made(root, {})
    git(root, "init", "--quiet")
    for day, files in versions:
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        commit(root, day)
    return root


def recorded(root: Path, *versions: tuple[str, dict[str, str]]) -> Path:
    """The same without git, where a run was recorded on each day."""
    made(root, {})
    for day, files in versions:
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        today = date.fromisoformat(day)
        run = assess(Workspace(root, today), "shop")
        history = History("sqlite:///reports/history.db", root)
        history.record(Run("shop", today, datetime.now(UTC), to_json(run, "en")))
        history.close()
    return root


KEPT = {"git": committed, "runs": recorded}


def own(root: Path) -> Evaluation:
    return assess(Workspace(root, TODAY), "shop")


def flags(found: Evaluation) -> str:
    return "\n".join(render(flag.says, "en") for flag in found.flags)


LONG = [("2026-08-01", waived(waiver("W-1", "2026-08-01", "2026-10-25")))]
PLANS = [
    ("2026-08-01", planned("2026-08-01", "2026-09-01")),
    ("2026-09-01", planned("2026-09-01", "2026-10-01")),
    ("2026-10-01", planned("2026-10-01", "2026-11-01")),
]


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        pytest.param(
            LONG,
            waived(waiver("W-2", "2026-10-26", "2026-12-20")),
            "with W-1 (from 2026-08-01 to 2026-10-25, not in the file any more) it covers c/own for 140 days",
            id="a waiver that was taken out",
        ),
        pytest.param(
            LONG,
            waived(waiver("W-1", "2026-10-26", "2026-12-20")),
            "with an earlier W-1 (from 2026-08-01 to 2026-10-25, not in the file any more) it covers",
            id="a waiver that another took the name of",
        ),
        pytest.param(
            LONG,
            waived(waiver("W-1", "2026-08-01", "2026-08-02"), waiver("W-2", "2026-10-26", "2026-12-20")),
            "with W-1 it covers c/own for 140 days",
            id="a waiver that was shortened afterwards",
        ),
        pytest.param(
            LONG,
            waived(waiver("W-1", "2026-08-01", "2026-10-25", "bo"), waiver("W-2", "2026-10-26", "2026-12-20", "ana")),
            "with W-1",
            id="a waiver whose approver was rewritten",
        ),
        pytest.param(LONG, waived(waiver("W-2", "2026-10-26", "2026-12-20", "bo")), None, id="another approver"),
        pytest.param(
            [("2026-08-01", waived(waiver("W-1", "2026-08-01", "2026-09-01")))],
            waived(waiver("W-1", "2026-08-01", "2026-10-25"), waiver("W-2", "2026-11-01", "2026-11-30")),
            "with W-1 it covers c/own for 114 days",
            id="what is in the file counts as ever",
        ),
        pytest.param(
            [("2026-11-01", waived(waiver("W-1", "2026-11-01", "2026-11-30")))],
            waived(waiver("W-1", "2026-11-01", "2026-12-30")),
            "when ana approved it on 2026-11-01, it ended on 2026-11-30, not on 2026-12-30",
            id="a waiver that was prolonged after its approval",
        ),
        pytest.param(
            [("2026-11-01", waived(waiver("W-1", "2026-11-01", "2026-11-30").replace("not-met", "unanswered")))],
            waived(waiver("W-1", "2026-11-01", "2026-11-30")),
            "since ana approved it on 2026-11-01, it was changed for c/own",
            id="a waiver whose state was rewritten",
        ),
        pytest.param(
            [("2026-11-01", waived(waiver("W-1", "2026-11-01", "2026-11-30").replace("[c/own]", "[c/other]")))],
            waived(waiver("W-1", "2026-11-01", "2026-11-30").replace("[c/own]", "[c/other, c/own]")),
            "since ana approved it on 2026-11-01, it was changed for c/own",
            id="a waiver that names one item more",
        ),
        pytest.param(
            [("2026-11-01", waived(waiver("W-1", "2026-11-01", "2026-11-30")))],
            waived(waiver("W-1", "2026-11-01", "2026-11-25")),
            None,
            id="a waiver that was shortened",
        ),
        pytest.param(
            [("2026-11-01", leaving("2026-11-01", "2026-11-30"))],
            leaving("2026-11-01", "2026-12-30"),
            "when ana approved it on 2026-11-01, it ended on 2026-11-30",
            id="a leave that was prolonged",
        ),
        pytest.param(
            [("2026-11-01", excepted("2026-11-01", "2026-11-30"))],
            {WORKLOAD: excepted("2026-11-01", "2026-11-30")[WORKLOAD].replace("tier: 3", "tier: 4")},
            "it was changed for tier 4 for 1",
            id="an exception of a laxer tier",
        ),
        pytest.param(
            PLANS,
            planned("2026-11-01", "2026-12-01"),
            "due on 2026-12-01, 122 days after 2026-08-01, since when it has been planned (moves of the due day: 3)",
            id="a plan that is made again and again",
        ),
        pytest.param(
            PLANS[1:],
            planned("2026-11-01", "2026-11-29"),
            None,
            id="a plan that was moved within what the policy allows",
        ),
        pytest.param(
            [("2026-05-01", planned("2026-05-01", "2026-06-01"))],
            planned("2026-11-01", "2026-12-01"),
            None,
            id="a plan after a long time without",
        ),
        pytest.param(
            [("2026-08-01", leaving("2026-08-01", "2026-10-25"))],
            leaving("2026-10-26", "2026-12-20"),
            "with an earlier leave_out/d (from 2026-08-01 to 2026-10-25",
            id="a leave that was renewed",
        ),
        pytest.param(
            [("2026-08-01", leaving("2026-08-01", "2026-10-25"))],
            leaving("2026-10-26", "2026-12-20", "bo"),
            None,
            id="a leave that another person renewed",
        ),
        pytest.param(
            [("2026-08-01", excepted("2026-08-01", "2026-10-25"))],
            excepted("2026-10-26", "2026-12-20"),
            "with an earlier tier_exception (from 2026-08-01 to 2026-10-25",
            id="an exception that was renewed",
        ),
        pytest.param(
            [("2026-08-01", excepted("2026-08-01", "2026-10-25"))],
            excepted("2026-10-26", "2026-12-20", "bo"),
            None,
            id="an exception that another person renewed",
        ),
    ],
)
def test_earlier_terms_count_where_git_or_a_run_holds_them(
    tmp_path: Path, kept: str, before: list[tuple[str, dict[str, str]]], now: dict[str, str], why: str | None
) -> None:
    root = KEPT[kept](tmp_path, *before)
    for name, text in now.items():
        (root / name).write_text(text, encoding="utf-8")
    found = own(root)
    assert (why or "") in flags(found)
    assert ("for nothing" in flags(found)) is False
    assert any(word in flags(found) for word in ("has no effect", "covers nothing", "does not count")) is (
        why is not None
    )
    assert not any(said.key == "rule.terms.unrecorded" for said in found.uncompared)


def test_a_plan_that_was_moved_and_still_covers_is_named(tmp_path: Path) -> None:
    root = committed(tmp_path, *PLANS[1:], ("2026-11-01", planned("2026-11-01", "2026-11-29")))
    assert "c/own is planned since 2026-09-01, moved 2 times" in flags(own(root))


@pytest.mark.parametrize(
    "files",
    [
        waived(waiver("W-2", "2026-10-26", "2026-12-20")),
        planned("2026-11-01", "2026-12-01"),
        leaving("2026-10-26", "2026-12-20"),
        excepted("2026-10-26", "2026-12-20"),
    ],
    ids=["waiver", "plan", "leave", "exception"],
)
def test_where_nothing_records_earlier_terms_a_term_counts_alone_and_that_is_said_once(
    tmp_path: Path, files: dict[str, str]
) -> None:
    found = own(made(tmp_path, files))
    assert not any(words in flags(found) for words in ("has no effect", "covers nothing"))
    assert [said.key for said in found.uncompared].count("rule.terms.unrecorded") == 1


def test_a_clone_of_the_last_commits_alone_records_nothing(tmp_path: Path) -> None:
    root = committed(tmp_path / "whole", *LONG, ("2026-10-26", waived(waiver("W-2", "2026-10-26", "2026-12-20"))))
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
    assert "rule.terms.unrecorded" in [said.key for said in own(tmp_path / "shallow").uncompared]
    assert not any(said.key == "rule.terms.unrecorded" for said in own(root).uncompared)


def test_a_clone_without_the_contents_of_files_records_nothing(tmp_path: Path) -> None:
    root = committed(tmp_path / "whole", *LONG, ("2026-10-26", waived(waiver("W-2", "2026-10-26", "2026-12-20"))))
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", root.as_uri(), "partial")
    assert "rule.terms.unrecorded" in [said.key for said in own(tmp_path / "partial").uncompared]


def test_a_merge_onto_an_empty_root_hides_no_earlier_terms(tmp_path: Path) -> None:
    root = committed(tmp_path, *LONG, ("2026-10-26", waived(waiver("W-2", "2026-10-26", "2026-12-20"))))
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    empty = git(root, "hash-object", "-t", "tree", "-w", "/dev/null")
    start = git(root, *author, "commit-tree", empty, "-m", "start")
    merge = git(root, *author, "commit-tree", "HEAD^{tree}", "-p", start, "-p", "HEAD", "-m", "merge")
    git(root, "reset", "--quiet", "--hard", merge)
    assert "with W-1 (from 2026-08-01 to 2026-10-25" in flags(own(root))


def test_a_commit_that_bears_an_earlier_day_than_its_parent_shortens_no_term(tmp_path: Path) -> None:
    renewed = waived(waiver("W-2", "2026-10-26", "2026-12-20"))
    root = committed(
        tmp_path, *LONG, ("2026-10-25", {"organization.yaml": "organization: acme # x\n"}), ("2026-08-02", renewed)
    )
    assert "with W-1 (from 2026-08-01 to 2026-10-25" in flags(own(root))


def test_of_a_workload_that_is_in_no_commit_nothing_is_recorded(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "2026-08-01")
    found = own(made(tmp_path, waived(waiver("W-1", "2026-11-01", "2026-11-30"))))
    assert "rule.terms.unrecorded" in [said.key for said in found.uncompared]


@pytest.mark.parametrize("kept", KEPT)
def test_what_was_approved_at_first_stays_that_however_often_it_is_rewritten(tmp_path: Path, kept: str) -> None:
    ends = ["2026-11-24", "2026-12-10", "2026-12-20"]
    days = ["2026-11-01", "2026-11-10", "2026-11-15"]
    versions = [(day, waived(waiver("W-1", "2026-11-01", end))) for day, end in zip(days, ends, strict=True)]
    root = KEPT[kept](tmp_path, *versions)
    assert "when ana approved it on 2026-11-01, it ended on 2026-11-24, not on 2026-12-20" in flags(own(root))


@pytest.mark.parametrize("kept", KEPT)
def test_a_waiver_that_was_revoked_stays_revoked_when_that_is_taken_out_again(tmp_path: Path, kept: str) -> None:
    given = waived(waiver("W-1", "2026-11-01", "2026-11-30"))
    revoked = waived(waiver("W-1", "2026-11-01", "2026-11-30", more="    revoked_on: 2026-11-10\n"))
    root = KEPT[kept](tmp_path / "revoked", ("2026-11-01", given), ("2026-11-10", revoked), ("2026-11-11", given))
    assert "it was revoked on 2026-11-10, as git or a recorded run holds" in flags(own(root))
    assert not own(root).waivers[0].active
    (root / REVIEW).write_text(waived(waiver("W-2", "2026-11-12", "2026-11-30"))[REVIEW], encoding="utf-8")
    assert own(root).waivers[0].active
    never = KEPT[kept](tmp_path / "never", ("2026-11-01", given), ("2026-11-11", given))
    assert own(never).waivers[0].active


def test_a_version_that_cannot_be_read_holds_nothing_and_hides_none(tmp_path: Path) -> None:
    root = committed(tmp_path, *LONG, ("2026-09-01", {REVIEW: "review: [\n"}))
    (root / REVIEW).write_text(waived(waiver("W-2", "2026-10-26", "2026-12-20"))[REVIEW], encoding="utf-8")
    assert "with W-1 (from 2026-08-01 to 2026-09-01" not in flags(own(root))  # 31 and 55 days
    (root / REVIEW).write_text(waived(waiver("W-2", "2026-09-25", "2026-12-20"))[REVIEW], encoding="utf-8")
    assert "with W-1 (from 2026-08-01 to 2026-09-01" in flags(own(root))


def test_an_id_that_was_replaced_has_the_terms_of_the_old_one(tmp_path: Path) -> None:
    root = committed(tmp_path, *LONG)
    renamed = CHECKLIST.replace("item: own,", "item: ours, replaces: c/own,")
    (root / "checklists/c.yaml").write_text(renamed, encoding="utf-8")
    now = waived(waiver("W-2", "2026-10-26", "2026-12-20"))[REVIEW].replace("c/own", "c/ours")
    (root / REVIEW).write_text(now, encoding="utf-8")
    assert "it covers c/ours for 140 days" in flags(own(root))


LIFT = "{by: ana, on: 2026-11-12, why: shown}"


def doubted(lifted: str | None = None, by: str = "wei", challenged: bool = True) -> dict[str, str]:
    lift = f", lifted: {lifted}" if lifted else ""
    doubt = f", challenged: {{by: ana, on: 2026-11-10, why: who saw it?{lift}}}" if challenged else ""
    return {REVIEW: f"review: shop\nanswers:\n  c/own: {{answer: yes, by: {by}, on: 2026-05-01{doubt}}}\n{OTHER}"}


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize(
    ("before", "now", "stands"),
    [
        pytest.param([doubted()], doubted(challenged=False), "was taken out of the file", id="taken out"),
        pytest.param(
            [doubted(), doubted(challenged=False)], doubted(challenged=False), "was taken out", id="long taken out"
        ),
        pytest.param([doubted()], doubted(challenged=False, by="bo"), "was taken out", id="with another answer"),
        pytest.param([doubted()], doubted(LIFT), None, id="lifted"),
        pytest.param([doubted(), doubted(LIFT)], doubted(challenged=False), None, id="lifted and then taken out"),
        pytest.param(
            [doubted(), doubted("{by: wei, on: 2026-11-12, why: shown}")],
            doubted(challenged=False),
            "was taken out",
            id="lifted by who answered",
        ),
        pytest.param(
            [doubted()],
            doubted("{by: wei, on: 2026-11-12, why: shown}", by="bo"),
            "wei lifted the challenge of c/own",
            id="lifted by who answered before somebody else did",
        ),
    ],
)
def test_a_challenge_stands_until_it_is_lifted_whatever_the_file_says(
    tmp_path: Path, kept: str, before: list[dict[str, str]], now: dict[str, str], stands: str | None
) -> None:
    days = [f"2026-11-{day}" for day in range(15, 15 + len(before))]
    root = KEPT[kept](tmp_path, *zip(days, before, strict=True))
    (root / REVIEW).write_text(now[REVIEW], encoding="utf-8")
    found = own(root)
    state = next(item.state for item in found.items if item.name == "c/own")
    assert str(state) == ("unanswered" if stands else "met")
    assert (stands or "") in flags(found)


def test_who_challenged_may_lift_what_was_taken_out_and_who_answered_may_not(tmp_path: Path) -> None:
    root = committed(tmp_path, ("2026-11-15", doubted()))
    (root / REVIEW).write_text(doubted(challenged=False, by="bo")[REVIEW], encoding="utf-8")
    workspace = Workspace(root, TODAY)
    case = with_terms(workspace, workspace.case("shop"))
    with pytest.raises(Refused):
        lift(workspace, case, "c/own", "wei", TODAY, "shown")
    lift(workspace, case, "c/own", "cy", TODAY, "shown")
    assert not own(root).challenged
    assert "lifted:" in (root / REVIEW).read_text(encoding="utf-8")


@pytest.mark.parametrize("kept", KEPT)
def test_a_vote_for_no_go_counts_until_its_voter_votes_again(tmp_path: Path, kept: str) -> None:
    root = KEPT[kept](tmp_path, ("2026-11-15", doubted(challenged=False)))
    digest, role = own(root).digest, own(root).case.policy.sign_offs[0]

    def voted(*votes: str) -> str:
        lines = "".join(f"  - {{role: {role}, digest: '{digest}', {vote}}}\n" for vote in votes)
        return doubted(challenged=False)[REVIEW] + (f"sign_offs:\n{lines}" if votes else "")

    no, yes, other = ("by: ana, vote: no-go, on: 2026-11-16", "by: ana, vote: go, on: 2026-11-17",
                      "by: bo, vote: go, on: 2026-11-17")  # fmt: skip
    (root / REVIEW).write_text(voted(no), encoding="utf-8")
    if kept == "git":
        commit(root, "2026-11-16")
    else:
        History("sqlite:///reports/history.db", root).record(
            Run("shop", TODAY, datetime.now(UTC), to_json(own(root), "en"))
        )
    for votes, against in (((no,), ["ana"]), ((), ["ana"]), ((other,), ["ana"]), ((yes,), [])):
        (root / REVIEW).write_text(voted(*votes), encoding="utf-8")
        found = own(root)
        assert [one.sign_off.by for one in found.votes if one.valid and one.sign_off.vote is Vote.NO_GO] == against
        assert ("was taken out of the review" in flags(found)) is (votes in ((), (other,)))


def test_an_exception_that_was_closed_stays_closed_and_one_that_is_gone_stands_open(tmp_path: Path) -> None:
    approved = "approved_by: bo, approved_at: 2026-11-15T10:00"
    asked = "requested_by: wei, requested_at: 2026-11-15T10:00, reason: down"

    def excepted(*names: str, closed: str = "") -> dict[str, str]:
        lines = "".join(f"  - {{emergency: {name}, {asked}, {approved}{closed}}}\n" for name in names)
        return {REVIEW: f"review: shop\n{NO}emergencies:\n{lines}"}

    ended = excepted("E-1", closed=", closed_by: cy, closed_on: 2026-11-16")
    root = committed(tmp_path, ("2026-11-15", excepted("E-1", "E-2")), ("2026-11-16", ended))
    (root / REVIEW).write_text(excepted("E-1")[REVIEW], encoding="utf-8")
    known = own(root).case.emergencies
    assert [(one.emergency, one.closed_by) for one in known] == [("E-1", "cy"), ("E-2", None)]


def unapproved(files: dict[str, str]) -> dict[str, str]:
    """The same before anybody approved what stands there."""
    bare = re.sub(r"    (approved_by|approved_on|states): .*\n", "", files[REVIEW])
    rest = {name: re.sub(r"approved_by: \w+, on: [-\d]+, ", "", files[name]) for name in files if name != REVIEW}
    return {REVIEW: bare, **rest}


@pytest.mark.parametrize("by", ["ana", "bo"])
@pytest.mark.parametrize(
    ("before", "now", "approval"),
    [
        pytest.param(LONG, waived(waiver("W-2", "-", "2027-01-20")), "waiver", id="a waiver"),
        pytest.param(
            [("2026-08-01", leaving("2026-08-01", "2026-10-25"))],
            leaving("2026-10-26", "2027-01-20"),
            Approvable.LEAVE_OUT,
            id="a leave",
        ),
        pytest.param(
            [("2026-08-01", excepted("2026-08-01", "2026-10-25"))],
            excepted("2026-10-26", "2027-01-20"),
            Approvable.TIER_EXCEPTION,
            id="an exception",
        ),
    ],
)
def test_a_renewal_that_would_be_too_long_is_not_approved_by_the_same_person(
    tmp_path: Path, before: list[tuple[str, dict[str, str]]], now: dict[str, str], approval: str, by: str
) -> None:
    root = committed(tmp_path, *before)
    for name, text in unapproved(now).items():
        (root / name).write_text(text, encoding="utf-8")
    workspace = Workspace(root, TODAY)
    may = nullcontext() if by == "bo" else pytest.raises(Refused)
    case = with_terms(workspace, workspace.case("shop"))
    with may as refused:
        if approval == "waiver":
            noted = next(one["note"] for one in top(own(root), "en")["waivers"] if one["waiver"] == "W-2")
            assert "ana may approve one that ends by 2026-11-27" in noted  # before anybody approves it
            approve_waiver(case.review, own(root), "W-2", by)
        else:
            approve(workspace, case, Approvable(approval), "d" if approval == Approvable.LEAVE_OUT else "", by, TODAY)
    assert refused is None or "ana may approve one that ends by 2026-11-27" in render(refused.value.why, "en")


def test_a_renewal_that_is_asked_for_names_every_earlier_waiver_and_approver(tmp_path: Path) -> None:
    first, second = waiver("W-1", "2026-08-01", "2026-09-30"), waiver("W-2", "2026-10-01", "2026-11-20", "bo")
    root = committed(tmp_path, ("2026-10-01", waived(first, second)))
    asked = unapproved(waived(waiver("W-3", "-", "2027-01-20")))[REVIEW]
    (root / REVIEW).write_text(waived(first, second)[REVIEW] + asked[asked.index("  - ") :], encoding="utf-8")
    noted = next(one["note"] for one in top(own(root), "en")["waivers"] if one["waiver"] == "W-3")
    assert "with W-1, W-2 it covers" in noted
    assert "who approved none of them, not ana, bo" in noted


def spared(
    reason: str = "no store", by: str | None = "ana", on: str = "2026-11-01", to: str | None = None
) -> dict[str, str]:
    more = (f", approved_by: {by}" if by else "") + (f", agreed_to: {to}" if to else "")
    own = f"c/own: {{answer: not-applicable, reason: {reason}, by: wei, on: {on}{more}}}"
    return {REVIEW: f"review: shop\nanswers:\n  {own}\n{OTHER}"}


MARK = read(Answer, {"answer": "not-applicable", "reason": "no store", "by": "wei", "on": "2026-11-01"}).mark


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize(
    ("before", "now", "agreed"),
    [
        pytest.param([spared()], spared(), True, id="as it was"),
        pytest.param([spared()], spared("no  store"), True, id="with other white space"),
        pytest.param([spared()], spared("a store that nobody needs"), False, id="for another reason"),
        pytest.param([spared(), spared("x")], spared("x"), False, id="for another reason long since"),
        pytest.param([spared()], spared(on="2026-11-20"), False, id="given anew"),
        pytest.param([spared()], spared("x", by="bo"), True, id="another person agrees"),
        pytest.param([spared(), spared("x", by=None)], spared("x"), True, id="agreed to anew"),
        pytest.param([], spared("x"), True, id="nothing known"),
        pytest.param([spared()], spared(to=MARK), True, id="marked"),
        pytest.param([spared("x")], spared(to=MARK), True, id="marked anew"),
        pytest.param([], spared("x", to=MARK), False, id="marked for another reason"),
    ],
)
def test_who_agreed_that_an_item_does_not_apply_agreed_to_that_answer(
    tmp_path: Path, kept: str, before: list[dict[str, str]], now: dict[str, str], agreed: bool
) -> None:
    days = [f"2026-11-{day}" for day in range(15, 15 + len(before))]
    root = KEPT[kept](tmp_path, *zip(days, before, strict=True))
    (root / REVIEW).write_text(now[REVIEW], encoding="utf-8")
    found = own(root)
    state = next(item.state for item in found.items if item.name == "c/own")
    assert str(state) == ("not-applicable" if agreed else "unanswered")
    assert ("agreed that c/own does not apply, but to another" in flags(found)) is not agreed


def test_who_agreed_to_another_answer_may_agree_anew(tmp_path: Path) -> None:
    root = committed(tmp_path, ("2026-11-15", spared()))
    (root / REVIEW).write_text(spared("x")[REVIEW], encoding="utf-8")
    workspace = Workspace(root, TODAY)
    case = with_terms(workspace, workspace.case("shop"))
    approve(workspace, case, Approvable.NOT_APPLICABLE, "c/own", "ana", TODAY)
    assert next(item.state for item in own(root).items if item.name == "c/own") is State.NOT_APPLICABLE


def test_a_workload_whose_folder_was_renamed_goes_on_with_its_terms_and_requirements(tmp_path: Path) -> None:
    root = committed(tmp_path, *LONG)
    git(root, "mv", "workloads/shop", "workloads/store")
    now = waived(waiver("W-2", "2026-10-26", "2026-12-20"))[REVIEW].replace("review: shop", "review: store")
    (root / "workloads/store/review.yaml").write_text(now, encoding="utf-8")
    stated = (root / "workloads/store/workload.yaml").read_text(encoding="utf-8").replace(": shop", ": store")
    (root / "workloads/store/workload.yaml").write_text(f"{stated}tags: [internal]\n", encoding="utf-8")
    commit(root, "2026-10-26")
    (root / WORKLOAD).parent.mkdir()
    (root / WORKLOAD).write_text(FILES[WORKLOAD], encoding="utf-8")  # another one takes the old name
    commit(root, "2026-11-01")
    (root / "workloads/store/workload.yaml").write_text(stated, encoding="utf-8")
    commit(root, "2026-11-02")
    found = assess(Workspace(root, TODAY), "store")
    assert found.case.formerly.names == ("shop",)
    assert "with W-1 (from 2026-08-01 to 2026-10-25" in flags(found)
    assert any("internal" in render(one.change, "en") for one in found.milder)


def renamed(root: Path, title: str = "Shop", more: str = "") -> None:
    """Move the folder as a user does, without git."""
    (root / "workloads/shop").rename(root / "workloads/store")
    for file, new in (("workload", f"title: {title}\n{more}"), ("review", "")):
        path = root / f"workloads/store/{file}.yaml"
        text = path.read_text(encoding="utf-8").replace(": shop", ": store")
        path.write_text(text.replace("title: Shop\n", new) if new else text, encoding="utf-8")


@pytest.mark.parametrize("kept", ["git", "runs"])
def test_a_folder_that_was_renamed_and_not_committed_goes_on_as_well(tmp_path: Path, kept: str) -> None:
    root = committed(tmp_path, *LONG) if kept == "git" else recorded(tmp_path, *LONG)
    renamed(root, more="tags: [internal]\n")
    now = waived(waiver("W-2", "2026-10-26", "2026-12-20"))[REVIEW].replace("review: shop", "review: store")
    (root / "workloads/store/review.yaml").write_text(now, encoding="utf-8")
    found = assess(Workspace(root, TODAY), "store")
    assert found.case.formerly.names == ("shop",)
    assert "with W-1 (from 2026-08-01 to 2026-10-25" in flags(found)
    assert {one.kind for one in found.case.earlier} == {"commit" if kept == "git" else "run"}


@pytest.mark.parametrize("kept", ["git", "runs"])
def test_where_nothing_shows_that_a_folder_was_renamed_those_that_are_gone_are_named(tmp_path: Path, kept: str) -> None:
    root = committed(tmp_path, *LONG) if kept == "git" else recorded(tmp_path, *LONG)
    renamed(root, "Another", f"tags: [{', '.join(f'tag-{n}' for n in range(200))}]\n")
    (root / "workloads/store/review.yaml").write_text("review: store\n", encoding="utf-8")
    found = assess(Workspace(root, TODAY), "store")
    assert found.case.formerly.names == ()
    said = [render(one, "en") for one in found.uncompared]
    assert said[1] == (
        "The folder of shop is gone, which git or the history knows; whether this is one under a new name is not known"
    )
    assert "Whether less is asked" in said[0]
    assert said[1].split(",")[0] in first_screen(found, "en")


def test_runs_under_a_former_name_are_those_of_the_workload(tmp_path: Path) -> None:
    root = recorded(tmp_path, *LONG)
    git(root, "init", "--quiet")
    commit(root, "2026-10-20")
    git(root, "mv", "workloads/shop", "workloads/store")
    for file in ("workload", "review"):
        path = root / f"workloads/store/{file}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(": shop", ": store"), encoding="utf-8")
    commit(root, "2026-10-26")
    assert [one.kind for one in assess(Workspace(root, TODAY), "store").case.earlier][:1] == ["run"]
