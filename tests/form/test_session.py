"""The session behind the form: edits in, messages for the page and a file out."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import TODAY, WORKLOAD, Stage, saved, workspace
from support.permissions import like_anybody

from orr.evidence.collect import collect
from orr.form.session import Session
from orr.formats.record import to_json
from orr.history import History as RunHistory
from orr.history import Run
from orr.source.faults import FaultyInput
from orr.source.yaml.writer import dump

Messages = list[dict[str, Any]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path)


@pytest.fixture
def session(root: Path) -> Session:
    return Session(root, "shop", today=TODAY)


def edit(session: Session, who: str = "ana", **what: Any) -> Messages:
    sent: Messages = []
    edit.count += 1  # type: ignore[attr-defined]
    number = edit.count  # type: ignore[attr-defined]
    session.edit({"id": f"{who}-{number}", "client": "page", "who": who, "edit": what}, sent.append)
    return sent


edit.count = 0  # type: ignore[attr-defined]


def answer(
    session: Session, item: str = "rollback/owner", who: str = "ana", base: str | None = None, **draft: Any
) -> Messages:
    version = session.everything()["items"][item].get("v", "") if base is None else base
    return edit(session, who, what="answer", item=item, draft=draft, base=version)


def collected(session: Session) -> Session:
    held = session.held
    session.take(collect(held.case, held.workspace.places(held.case), held.workspace.settings, TODAY))
    return session


def kinds(sent: Messages) -> list[str]:
    return [message["kind"] for message in sent]


def test_the_verdict_moves_before_the_file_is_written_and_the_acknowledgement_comes_after(
    session: Session, root: Path
) -> None:
    on_disk: list[tuple[str, bool]] = []
    path = root / "workloads/shop/review.yaml"
    version = session.everything()["items"]["rollback/owner"].get("v", "")
    given = {"what": "answer", "item": "rollback/owner", "draft": {"answer": "yes"}, "base": version}
    message = {"id": "1", "client": "c", "who": "ana", "edit": given}
    session.edit(message, lambda sent: on_disk.append((sent["kind"], path.exists())))
    assert on_disk == [("patch", False), ("ack", True)]
    assert saved(root)["answers"]["rollback/owner"]["by"] == "ana"


def test_a_patch_holds_only_what_moved(session: Session) -> None:
    patch = answer(session, answer="yes")[0]
    assert list(patch["items"]) == ["rollback/owner"]
    assert patch["items"]["rollback/owner"]["state"] == "met"


def test_a_message_that_comes_twice_is_written_once_and_acknowledged_twice(session: Session, root: Path) -> None:
    ask = {"what": "waive", "items": ["rollback/rehearsed"], "reason": "No time.", "expires": "2026-12-20"}
    message = {"id": "x", "client": "c", "who": "ana", "edit": ask}
    sent: Messages = []
    session.edit(message, sent.append)
    session.edit(message, sent.append)
    assert kinds(sent) == ["patch", "ack", "ack"]
    assert len(saved(root)["waivers"]) == 1


def test_a_waiver_that_is_sent_again_after_the_kernel_was_gone_is_not_asked_for_twice(root: Path) -> None:
    ask = {"what": "waive", "items": ["rollback/rehearsed"], "reason": "No time.", "expires": "2026-12-20"}
    edit(Session(root, "shop", today=TODAY), **ask)
    again = edit(Session(root, "shop", today=TODAY), **ask)
    assert again[-1]["waiver"] == "W-1"
    assert len(saved(root)["waivers"]) == 1


def test_each_change_of_a_scenario_is_made_from_what_the_last_one_was_acknowledged_as(
    session: Session, root: Path
) -> None:
    made: dict[str, Any] = {"was": None, "base": ""}
    for words in ("The cache", "The cache is cold", "The cache is cold."):
        ack = edit(session, what="scenario", scenario={"scenario": words}, **made)[-1]
        made = {"was": ack["was"], "base": ack["v"]}
        assert (ack["kind"], ack["was"], saved(root)["pre_mortem"]) == ("ack", words, [{"scenario": words}])
    ack = edit(session, what="scenario", scenario={"scenario": " "}, **made)[-1]  # half done: it stays as it was
    assert [lack["field"] for lack in ack["lacks"]] == ["scenario"]
    assert {"was": ack["was"], "base": ack["v"]} == made
    ack = edit(session, what="scenario", scenario=None, **made)[-1]
    assert (ack["was"], ack["v"], "pre_mortem" in saved(root)) == (None, "", False)


@pytest.mark.parametrize(
    ("draft", "lacking", "kept"),
    [
        ({"answer": "not-applicable"}, ["reason"], None),
        ({"note": "only this"}, ["answer"], None),
        ({"plan": {"action": "Do it"}}, ["plan.owner", "plan.due"], None),
        ({"answer": "no", "plan": {"action": "Do it", "owner": "wei", "due": "soon"}}, ["plan.due"], "no"),
        ({"answer": "no", "plan": {"action": "Do it", "owner": "TBD", "due": "2026-12-01"}}, ["plan.owner"], "no"),
        ({"answer": "yes", "evidence": [{"where": "ftp://x/y"}]}, ["evidence.0.where"], "yes"),
        ({"answer": "yes", "evidence": [{"where": "a.md", "expires": "2026-13-01"}]}, ["evidence.0.expires"], "yes"),
    ],
    ids=["reason", "answer", "half a plan", "bad date", "nobody's plan", "no web link", "bad expiry"],
)
def test_what_is_not_complete_is_told_field_by_field_and_the_rest_is_saved(
    session: Session, root: Path, draft: dict[str, Any], lacking: list[str], kept: str | None
) -> None:
    ack = answer(session, **draft)[-1]
    assert [lack["field"] for lack in ack["lacks"]] == lacking
    assert saved(root).get("answers", {}).get("rollback/owner", {}).get("answer") == kept


def test_a_note_does_not_make_an_old_answer_young(tmp_path: Path) -> None:
    old = "review: shop\nanswers:\n  rollback/owner: {answer: yes, by: lee, on: 2026-01-05}\n"
    session = Session(workspace(tmp_path, old), "shop", today=TODAY)
    answer(session, answer="yes", note="Still Lee.")
    assert saved(tmp_path)["answers"]["rollback/owner"] == {
        "answer": "yes", "note": "Still Lee.", "by": "lee", "on": "2026-01-05",
    }  # fmt: skip
    answer(session, answer="yes", note="Still Lee.", confirm=True)
    assert saved(tmp_path)["answers"]["rollback/owner"]["by"] == "ana"


def test_departing_from_an_inherited_answer_needs_a_note(session: Session, root: Path) -> None:
    refused = answer(session, "team/rota", answer="no")
    assert kinds(refused) == ["refused"]
    assert saved(root) == {}
    assert kinds(answer(session, "team/rota", answer="no", note="Ended in May.")) == ["patch", "ack"]


def test_nobody_answers_without_a_name(session: Session, root: Path) -> None:
    assert kinds(answer(session, who="", answer="yes")) == ["refused"]
    assert saved(root) == {}


def test_different_items_of_two_people_merge_and_each_sees_the_other(root: Path) -> None:
    one, two = Session(root, "shop", today=TODAY), Session(root, "shop", today=TODAY)
    answer(one, answer="yes")
    sent = answer(two, "team/cake", who="wei", answer="no")
    assert kinds(sent) == ["patch", "patch", "ack"]
    assert sent[0]["others"] == ["rollback/owner"]
    heard: Messages = []
    assert one.refresh(heard.append)
    assert heard[0]["others"] == ["team/cake"]
    assert set(saved(root)["answers"]) == {"rollback/owner", "team/cake"}


def test_the_same_item_of_two_people_is_asked_about_and_nothing_is_overwritten(root: Path) -> None:
    one, two = Session(root, "shop", today=TODAY), Session(root, "shop", today=TODAY)
    answer(one, answer="yes", note="one")
    conflict = answer(two, who="wei", base="", answer="no", note="two")[-1]
    assert (conflict["kind"], conflict["mine"]["note"], conflict["theirs"]["note"]) == ("conflict", "two", "one")
    assert saved(root)["answers"]["rollback/owner"]["note"] == "one"
    assert kinds(answer(two, who="wei", base=conflict["v"], answer="no", note="two")) == ["patch", "ack"]
    assert saved(root)["answers"]["rollback/owner"]["note"] == "two"


def test_the_same_answer_of_two_people_is_no_conflict(root: Path) -> None:
    one, two = Session(root, "shop", today=TODAY), Session(root, "shop", today=TODAY)
    answer(one, answer="yes")
    assert answer(two, base="", answer="yes")[-1]["kind"] == "ack"


def test_many_hands_at_once_lose_nothing(root: Path) -> None:
    items = ["rollback/owner", "rollback/rehearsed", "team/cake", "team/one-team", "team/on-call"]
    acks: list[str] = []

    def give(item: str) -> None:
        session = Session(root, "shop", today=TODAY)
        for number in range(6):
            message = {"id": f"{item}-{number}", "client": "c", "who": item}
            for _ in range(20):
                version = session.everything()["items"][item].get("v", "")
                draft = {"answer": "no", "note": f"{number}"}
                sent: Messages = []
                session.edit(
                    {**message, "edit": {"what": "answer", "item": item, "draft": draft, "base": version}}, sent.append
                )
                if sent[-1]["kind"] == "ack":
                    acks.append(item)
                    break

    threads = [threading.Thread(target=give, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(acks) == 30
    assert {name: one["note"] for name, one in saved(root)["answers"].items()} == dict.fromkeys(items, "5")
    assert list(root.glob("workloads/shop/*not-saved*")) == []


def test_undo_goes_back_step_by_step_and_redo_forward(session: Session, root: Path) -> None:
    answer(session, answer="yes")
    answer(session, answer="no")
    sent: Messages = []
    for number, what in enumerate(["undo", "undo", "undo", "redo"]):
        session.edit({"id": f"s{number}", "client": "c", "who": "ana", what: True}, sent.append)
    assert [one["kind"] for one in sent if one["kind"] != "patch"] == ["ack", "ack", "refused", "ack"]
    assert saved(root)["answers"]["rollback/owner"]["answer"] == "yes"


BY_KIND = [
    ({"what": "answer", "item": "team/cake", "draft": {"answer": "no"}, "base": ""},
     "“Is there cake?”: Answer no → none."),
    ({"what": "waive", "items": ["rollback/rehearsed"], "reason": "No time.", "expires": "2026-12-20"}, "waiver W-1."),
    ({"what": "scenario", "was": None, "scenario": {"scenario": "It is cold."}}, "the scenario “It is cold.”."),
    ({"what": "benefits", "text": "The sale."}, "the benefits."),
]  # fmt: skip


@pytest.mark.parametrize(("made", "says"), BY_KIND, ids=[str(made["what"]) for made, _ in BY_KIND])
def test_undo_says_what_it_undid(session: Session, made: dict[str, Any], says: str) -> None:
    edit(session, **made)
    sent: Messages = []
    session.edit({"id": "u", "client": "c", "who": "ana", "undo": True}, sent.append)
    assert sent[-1]["did"] == {"says": f"Undone: {says}", "item": made.get("item")}
    session.speak("zh-CN")
    session.edit({"id": "r", "client": "c", "who": "ana", "redo": True}, sent.append)
    assert sent[-1]["did"]["says"].startswith("已重做：")


def test_undo_says_which_occasion_it_went_back_to(root: Path) -> None:
    path = root / "workloads/shop/workload.yaml"
    live = path.read_text(encoding="utf-8").replace("launch: 2026-12-01", "launch: 2026-11-01")
    path.write_text(live + "live_since: 2026-11-01\n", encoding="utf-8")
    session = Session(root, "shop", today=TODAY)
    edit(session, what="occasion", occasion="change")
    sent: Messages = []
    session.edit({"id": "u", "client": "c", "who": "ana", "undo": True}, sent.append)
    assert sent[-1]["did"]["says"] == "Undone: the occasion, change → launch."


def test_undo_names_the_fields_of_an_answer_that_it_undid_and_a_vote_by_its_role(session: Session) -> None:
    answer(session, "team/cake", answer="no")
    answer(session, "team/cake", answer="no", note="Stale.")
    sent: Messages = []
    session.edit({"id": "u", "client": "c", "who": "ana", "undo": True}, sent.append)
    assert sent[-1]["did"]["says"] == "Undone: “Is there cake?”: Note."
    digest = collected(session).behind()["top"]["digest"]
    edit(session, what="vote", role="operations", vote="no-go", digest=digest)
    session.edit({"id": "v", "client": "c", "who": "ana", "undo": True}, sent.append)
    assert sent[-1]["did"]["says"] == "Undone: the vote of operations (ana)."


@pytest.mark.parametrize(
    ("expires", "lack"), [("2027-02-20", None), ("2027-02-21", "2027-02-20"), ("2026-11-21", "past")]
)
def test_a_waiver_runs_no_longer_than_the_policy_allows(session: Session, expires: str, lack: str | None) -> None:
    sent = edit(session, what="waive", items=["rollback/rehearsed"], reason="No time.", expires=expires)
    lacks = sent[-1]["lacks"]
    assert [one["field"] for one in lacks] == ([] if lack is None else ["expires"])
    assert lack is None or lack in lacks[0]["says"]
    assert session.everything()["top"]["waiverLast"] == "2027-02-20"


def test_undo_does_not_undo_what_somebody_else_made_of_it(root: Path) -> None:
    one, two = Session(root, "shop", today=TODAY), Session(root, "shop", today=TODAY)
    answer(one, answer="yes")
    two.refresh(lambda _: None)
    answer(two, who="wei", answer="no")
    sent: Messages = []
    one.edit({"id": "u", "client": "c", "who": "ana", "undo": True}, sent.append)
    assert sent[-1]["kind"] == "refused"
    assert saved(root)["answers"]["rollback/owner"]["answer"] == "no"


def test_nobody_votes_before_the_checks_have_run(session: Session, root: Path) -> None:
    assert (session.behind()["top"]["digest"], session.behind()["top"]["unchecked"]) == (None, True)
    digest = session.assessment.digest
    assert kinds(edit(session, what="vote", role="operations", vote="no-go", digest=digest)) == ["refused"]
    now = collected(session).behind()["top"]["digest"]
    assert now not in (None, digest)
    assert kinds(edit(session, what="vote", role="operations", vote="no-go", digest=now)) == ["patch", "ack"]
    assert session.behind()["top"]["decision"] == "no-go"


def test_checks_that_break_leave_their_items_unknown_and_hold_no_vote_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **_more: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("orr.evidence.collect.prepared", breaks)
    stage = Stage(Session(root, "shop", today=TODAY))
    stage.form.conversation.jobs.check(None)
    end = time.monotonic() + 30
    while stage.session.held.unchecked:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert stage.session.behind()["top"]["digest"]
    assert stage.session.everything()["items"]["rollback/written"]["state"] == "unknown"


def test_the_page_gets_what_a_vote_is_on_once_and_again_when_the_checks_ran(session: Session) -> None:
    assert session.behind()["top"]["votedOn"] == {"texts": [], "measured": []}
    assert "votedOn" not in session.behind()["top"]
    on = collected(session).behind()["top"]["votedOn"]
    (file,) = [one for one in on["texts"] if one["file"] == "docs/rollback.md"]
    assert [text["name"] for text in file["texts"]]
    assert "votedOn" not in session.behind()["top"]
    session.everything()  # for a page that begins
    assert session.behind()["top"]["votedOn"] == on


def test_a_vote_counts_only_for_the_assessment_that_was_seen(session: Session, root: Path) -> None:
    seen = collected(session).behind()["top"]["digest"]
    answer(session, answer="yes")
    assert kinds(edit(session, what="vote", role="operations", vote="go", digest=seen)) == ["refused"]
    now = session.behind()["top"]["digest"]
    assert kinds(edit(session, what="vote", role="operations", vote="go", digest=now)) == ["patch", "ack"]
    assert saved(root)["sign_offs"][0]["digest"] == now


@pytest.mark.parametrize("who", ["ana", "ANA", "ana@example.com"])
def test_who_asks_for_a_waiver_can_neither_approve_nor_refuse_it(session: Session, who: str) -> None:
    edit(session, what="waive", items=["rollback/rehearsed"], reason="No time.", expires="2026-12-20")
    assert kinds(edit(session, who, what="approve", waiver="W-1")) == ["refused"]
    assert kinds(edit(session, who, what="refuse", waiver="W-1")) == ["refused"]
    assert (session.meet(who), session.meet("wei"), session.meet(who), session.meet("")) == (True, True, False, False)
    assert session.everything()["top"]["own"] == {who: ["W-1"], "wei": []}
    assert kinds(edit(session, "wei", what="refuse", waiver="W-1")) == ["patch", "ack"]


def test_a_waiver_is_approved_on_the_state_that_the_checks_found(session: Session, root: Path) -> None:
    edit(session, what="waive", items=["rollback/written", "rollback/rehearsed"], reason="No.", expires="2026-12-20")
    assert kinds(edit(session, "wei", what="approve", waiver="W-1")) == ["refused"]
    collected(session)
    assert kinds(edit(session, "wei", what="approve", waiver="W-1")) == ["patch", "ack"]
    states = {item.name: item.state.value for item in session.assessment.items}
    assert saved(root)["waivers"][0]["states"] == {
        name: states[name] for name in ("rollback/written", "rollback/rehearsed")
    }


def test_a_waiver_that_is_given_in_a_session_adds_up_with_one_that_was_taken_out_before(
    session: Session, root: Path
) -> None:
    days = {"approved_on": "2026-09-01", "expires": "2026-11-20"}
    before = {"waiver": "W-0", "items": ["rollback/rehearsed"], "requested_by": "bo", "approved_by": "wei", **days}
    terms = {"waivers": [{**before, "states": {}, "risks": {}}], "approved": [], "plans": {}}
    with closing(RunHistory("sqlite:///reports/history.db", root)) as history:
        recorded = {**to_json(session.assessment, "en"), "simulated": False, "terms": terms}
        history.record(Run("shop", TODAY, datetime.now(UTC), recorded))
    later = collected(Session(root, "shop", today=TODAY))
    edit(later, what="waive", items=["rollback/rehearsed"], reason="No.", expires="2026-12-20")
    (refused,) = edit(later, "wei", what="approve", waiver="W-1")
    assert "with W-0 (from 2026-09-01 to 2026-11-20" in refused["says"]
    assert kinds(edit(later, "cy", what="approve", waiver="W-1")) == ["patch", "ack"]


def test_another_person_agrees_that_an_item_does_not_apply(session: Session, root: Path) -> None:
    name = "rollback/rehearsed"
    assert kinds(edit(session, "wei", what="agree", item=name)) == ["refused"]
    (patch, _) = answer(session, name, answer="not-applicable", reason="Nothing to roll back.")
    assert (patch["items"][name]["state"], patch["items"][name]["unapproved"]) == ("unanswered", True)
    assert kinds(edit(session, "Ana", what="agree", item=name)) == ["refused"]
    (patch, _) = edit(session, "wei", what="agree", item=name)
    assert patch["items"][name]["state"] == "not-applicable"
    assert "unapproved" not in patch["items"][name]
    assert saved(root)["answers"][name]["approved_by"] == "wei"
    answer(session, name, answer="not-applicable", reason="Nothing to roll back.", note="See the design.")
    assert saved(root)["answers"][name]["approved_by"] == "wei"
    answer(session, name, answer="not-applicable", reason="We never roll back.")
    assert "approved_by" not in saved(root)["answers"][name]


def test_the_top_tells_what_is_missing_from_what_is_not_known(session: Session) -> None:
    top = session.everything()["top"]
    found = session.assessment.against
    assert top["headline"] == str(session.assessment.headline)
    kinds = {"Known to be missing": found.missing, "Not known": found.not_known, "Open besides": found.besides}
    told = {str(group["title"]).partition(" (")[0].partition(",")[0]: group for group in top["reasons"]}
    for kind, items in kinds.items():
        assert (kind in told) is bool(items)
        if items:
            assert len(told[kind]["reasons"]) + told[kind]["more"] == len(items)
            assert {reason["item"] for reason in told[kind]["reasons"]} <= {item.name for item in items}


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("an\u200ba", "Your name or account is “ana” with an invisible character, U+200B ZERO WIDTH SPACE, at place 3"),
        ("\u0430na", "U+0430 CYRILLIC SMALL LETTER A is no letter that goes with its other letters"),
        ("TBD", "names nobody"),
    ],
    ids=["invisible", "two scripts", "nobody"],
)
def test_nothing_is_saved_under_a_name_that_may_be_read_as_another(
    session: Session, root: Path, who: str, says: str
) -> None:
    before = saved(root)
    sent = edit(session, who, what="answer", item="rollback/owner", draft={"answer": "yes"}, base="")
    assert kinds(sent) == ["refused"]
    assert says in sent[0]["says"]
    assert saved(root) == before


def test_a_checklist_that_is_not_asked_is_told_and_is_no_item_to_answer(tmp_path: Path) -> None:
    files = {"workloads/shop/workload.yaml": WORKLOAD + "checklists: [rollback]\n"}
    session = Session(workspace(tmp_path, **files), "shop", today=TODAY)
    everything = session.everything()
    assert {name.split("/")[0] for name in everything["items"]} == {"rollback"}
    assert [one["name"] for one in everything["checklists"]] == ["rollback"]
    top = everything["top"]
    assert top["asked"] == "1 of 2 checklists; not asked: team"
    assert [row["name"] for row in top["progress"]] == ["rollback"]
    told = next(reason for group in top["reasons"] for reason in group["reasons"] if "team/asked" in reason["says"])
    assert told["item"] is None
    assert kinds(edit(session, what="answer", item="team/asked", draft={"answer": "yes"}, base=""))[-1] == "refused"


def test_without_its_checks_an_item_is_unknown_and_with_them_it_is_what_they_say(session: Session) -> None:
    assert session.everything()["items"]["rollback/written"]["state"] == "unknown"
    assert collected(session).everything()["items"]["rollback/written"]["state"] == "met"


def test_evidence_that_is_not_there_proves_nothing_at_once(session: Session) -> None:
    patch = answer(session, "rollback/rehearsed", answer="yes", evidence=[{"where": "gone.md"}])[0]
    assert patch["items"]["rollback/rehearsed"]["state"] == "unknown"
    patch = answer(session, "rollback/rehearsed", answer="yes", evidence=[{"where": "docs/rollback.md"}])[0]
    assert patch["items"]["rollback/rehearsed"]["state"] == "met"


def test_evidence_that_somebody_else_names_is_looked_for_as_well(session: Session, root: Path) -> None:
    answered = "{answer: yes, evidence: [{path: gone.md}], by: vim, on: 2026-11-20}"
    text = f"review: shop\nanswers:\n  rollback/rehearsed: {answered}\n"
    (root / "workloads/shop/review.yaml").write_text(text, encoding="utf-8")
    sent: Messages = []
    session.refresh(sent.append)
    assert sent[0]["items"]["rollback/rehearsed"]["state"] == "unknown"


def test_a_faulty_file_is_left_alone_and_told_by_its_place(session: Session, root: Path) -> None:
    path = root / "workloads/shop/review.yaml"
    path.write_text("review: shop\nanswer: {}\n", encoding="utf-8")
    sent = answer(session, answer="yes")
    assert kinds(sent) == ["patch", "failed"]
    assert "review.yaml:2:1" in sent[0]["problem"][0]
    assert path.read_text() == "review: shop\nanswer: {}\n"
    path.unlink()
    assert answer(session, answer="yes")[-1]["kind"] == "ack"


def test_a_changed_workload_file_is_read_anew(session: Session, root: Path) -> None:
    path = root / "workloads/shop/workload.yaml"
    path.write_text(path.read_text().replace("tier: 1", "tier: 3"), encoding="utf-8")
    sent: Messages = []
    assert session.refresh(sent.append)
    assert sent[0]["kind"] == "all"
    assert "Tier 3, which workload.yaml says, does not count" in sent[0]["tier"]


def test_a_disk_that_takes_nothing_is_told_and_nothing_is_acknowledged(session: Session, root: Path) -> None:
    folder = root / "workloads/shop"
    folder.chmod(0o500)
    try:
        with like_anybody():
            assert answer(session, answer="yes")[-1]["kind"] == "failed"
    finally:
        folder.chmod(0o700)


def test_a_workload_with_faults_does_not_open(tmp_path: Path) -> None:
    root = workspace(tmp_path, "review: [\n")
    with pytest.raises(FaultyInput):
        Session(root, "shop", today=TODAY)


def test_the_day_turns_while_the_form_is_open(root: Path) -> None:
    old = "review: shop\nanswers:\n  rollback/owner: {answer: yes, by: lee, on: 2026-11-20}\n"
    session = Session(workspace(root, old), "shop", today=TODAY)
    session.held.fixed_day = date(2028, 1, 1)
    sent: Messages = []
    assert session.refresh(sent.append)
    assert sent[0]["items"]["rollback/owner"]["state"] == "stale"


def test_both_languages_say_every_word_that_the_page_asks_for() -> None:
    import re

    from orr.form import bundle
    from orr.form import view as showing

    asked = set(re.findall(r'(?<![.\w])say\("([\w.-]+)"', bundle.program()))
    assert asked
    for language in ("en", "zh-CN"):
        assert asked - set(showing.words(language)) == set()


def test_a_thousand_answers_are_acknowledged_in_order(tmp_path: Path) -> None:
    stage = Stage(Session(workspace(tmp_path), "shop", today=TODAY))
    version = ""
    for number in range(50):
        message = {"kind": "edit", "id": f"n{number}", "client": "c", "who": "ana"}
        change = {
            "what": "answer",
            "item": "team/cake",
            "draft": {"answer": ("yes", "no")[number % 2]},
            "base": version,
        }
        ack = stage.receive({**message, "edit": change})[-1]
        assert (ack["kind"], ack["id"]) == ("ack", f"n{number}")
        version = ack["v"]
    stage.end()


def test_the_watcher_tells_the_page_what_an_editor_did(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    stage = Stage(Session(root, "shop", today=TODAY))
    stage.form.conversation.begin()
    stage.receive({"kind": "hello", "client": "c"})
    (root / "workloads/shop/review.yaml").write_text("review: shop\nbenefits: The sale.\n", encoding="utf-8")
    end = time.monotonic() + 10
    heard: Messages = []
    while not any(one.get("top", {}).get("benefits") == "The sale." for one in heard):
        assert time.monotonic() < end
        heard += stage.line.drain()
        time.sleep(0.02)
    stage.end()


@pytest.mark.kernel
def test_the_report_of_now_is_built_beside_the_form(tmp_path: Path) -> None:
    stage = Stage(Session(workspace(tmp_path), "shop", today=TODAY))
    answer(stage.session, "team/cake", answer="no", note="The cake is a lie.")
    stage.receive({"kind": "report", "client": "c"})
    stage.receive({"kind": "here", "client": "c"})  # it does not wait for the report
    end = time.monotonic() + 120
    heard: Messages = []
    while not any(one.get("job") == "report" and (one.get("page") or one.get("failed")) for one in heard):
        assert time.monotonic() < end
        heard += stage.line.drain()
        time.sleep(0.05)
    assert "The cake is a lie." in heard[-1].get("page", heard[-1].get("failed"))
    stage.end()


# What is milder than before


def test_the_top_says_what_is_milder_than_before_and_keeps_it_while_answers_move(root: Path, session: Session) -> None:
    assert session.everything()["top"]["milder"]["n"] == 0
    assert "no earlier commit" in session.everything()["top"]["uncompared"][0]
    with closing(RunHistory("sqlite:///reports/history.db", root)) as history:
        recorded = {**to_json(session.assessment, "en"), "simulated": False}
        history.record(Run("shop", TODAY, datetime.now(UTC), recorded))
    for name, line in (("orr.yaml", "tiers: {{shop: {}}}"), ("workloads/shop/workload.yaml", "tier: {}")):
        text = (root / name).read_text(encoding="utf-8")
        (root / name).write_text(text.replace(line.format(1), line.format(4)), encoding="utf-8")
    later = Session(root, "shop", today=TODAY)
    top = later.everything()["top"]
    (shown,) = top["milder"]["shown"]
    assert shown["since"] == ""  # there is but one run, which stands beside the verdict
    assert "tier: 1 → 4" in shown["changes"]
    assert top["uncompared"] == [
        "Compared with the run of 2026-11-22; not there yet: an earlier decision, an earlier commit"
    ]
    patches = [message["top"] for message in answer(later, answer="yes") if message["kind"] == "patch"]
    assert patches
    assert all(patch["milder"] == top["milder"] for patch in patches)


def test_another_occasion_is_refused_before_the_workload_is_live(session: Session) -> None:
    (said,) = edit(session, what="occasion", occasion="recurring")
    assert said["kind"] == "refused"
    assert "the launch lies ahead" in said["says"]


# A release


def release(root: Path, commit: str) -> None:
    path = root / "workloads/shop/review.yaml"
    kept = saved(root)["answers"] if path.exists() else {}
    path.write_text(dump({"review": "shop", "release": {"commit": commit}, **({"answers": kept} if kept else {})}))


def test_the_release_is_shown_and_survives_what_the_form_saves(root: Path) -> None:
    release(root, "42cd0e1")
    session = Session(root, "shop", today=TODAY)
    assert session.everything()["top"]["release"].startswith("about commit 42cd0e1;")
    answer(session, answer="yes")
    assert saved(root)["release"] == {"commit": "42cd0e1"}
    assert "release" not in saved(root)["answers"]["rollback/owner"]


def test_an_answer_that_was_bound_is_bound_to_what_is_released_when_it_is_given_anew(root: Path) -> None:
    release(root, "41ab0e1")
    path = root / "workloads/shop/review.yaml"
    given = {"answer": "yes", "by": "ana", "on": "2026-11-20", "release": {"commit": "41ab0e1"}}
    path.write_text(dump({"review": "shop", "release": {"commit": "42cd0e1"}, "answers": {"rollback/owner": given}}))
    session = Session(root, "shop", today=TODAY)
    assert session.everything()["items"]["rollback/owner"]["state"] == "unknown"
    answer(session, answer="yes", note="The same.")
    assert saved(root)["answers"]["rollback/owner"]["release"] == {"commit": "41ab0e1"}
    answer(session, answer="yes", confirm=True)
    assert saved(root)["answers"]["rollback/owner"]["release"] == {"commit": "42cd0e1"}
    assert session.everything()["items"]["rollback/owner"]["state"] == "met"


def test_a_release_that_somebody_else_writes_is_taken_over(root: Path) -> None:
    session = Session(root, "shop", today=TODAY)
    release(root, "42cd0e1")
    answer(session, answer="yes")
    assert session.held.case.release.commit == saved(root)["release"]["commit"] == "42cd0e1"
