"""What a page knows, gives and refuses; its Python runs here as it does in a browser."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support import every_kind
from support.site_stage import PYODIDE, Told, laid_out, talk, workspace_in
from support.ssh_keys import make_key, signer

from orr.assessing import assess
from orr.evidence.kinds.registry import known_kinds
from orr.evidence.recorded import Recorded, key_of
from orr.model.checklist import CheckSpec
from orr.model.finding import Outcome
from orr.site import build, packed
from orr.site.facts import Facts, NotPacked, facts_of
from orr.workspace.workspace import Workspace

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace_in(tmp_path / "shop")


def of(root: Path, *names: str) -> Facts:
    return facts_of(Workspace(root), names, MOMENT)


@pytest.fixture
def page(root: Path, tmp_path: Path) -> Iterator[Path]:
    with laid_out(of(root, "shop"), tmp_path / "page") as folder:
        yield folder


async def opened(told: Told, kept: Any = None, name: str = "shop") -> dict[str, Any]:
    told.page.open(name, "en", json.dumps(kept or {}))
    return await told.checked()


def test_what_git_knows_what_it_ignores_and_what_acts_is_as_orr_check_has_it(root: Path, page: Path) -> None:
    expected = assess(Workspace(root), "shop")

    async def work(told: Told) -> Any:
        top = await opened(told)
        assert told.page.conversation is not None
        return top, told.page.conversation.session.assessment

    top, found = talk(page, work)
    assert top["digest"] == expected.digest
    states = {one.name.partition("/")[2]: one.state.value for one in found.items}
    assert states == {one.name.partition("/")[2]: one.state.value for one in expected.items}
    assert (states["recent"], states["tidy"], states["tested"], states["later"]) == (
        "stale", "met", "met", "not-applicable",
    )  # fmt: skip


def test_what_was_recorded_lapses_as_an_answer_of_that_moment_would(root: Path, tmp_path: Path) -> None:
    facts = facts_of(Workspace(root), ("shop",), datetime(2020, 1, 5, tzinfo=UTC))

    async def work(told: Told) -> Any:
        top = await opened(told)
        assert told.page.conversation is not None
        return top["digest"], told.page.conversation.session.assessment

    with laid_out(facts, tmp_path / "page") as folder:
        digest, found = talk(folder, work)
    states = {one.name: one for one in found.items}
    assert digest == assess(Workspace(root), "shop").digest
    assert (states["ready/tested"].state, states["ready/written"].state) == ("stale", "met")
    assert states["ready/tested"].findings[0].holds_until == date(2021, 1, 4)


def test_every_kind_of_check_is_in_the_workspace_that_browsers_are_shown() -> None:
    assert set(every_kind.CHECKS) == {*known_kinds(), "licence"}


def test_where_signatures_are_required_the_page_tells_and_takes_no_vote(root: Path, tmp_path: Path) -> None:
    settings = (root / "orr.yaml").read_text(encoding="utf-8").replace("90}", "90, signatures: required}")
    (root / "orr.yaml").write_text(f"{settings}signers: signers\n", encoding="utf-8")
    make_key(tmp_path, "lee")
    (root / "signers").write_text(signer("lee", tmp_path / "lee"), encoding="utf-8")
    facts = of(root, "shop")
    assert "signers" in facts.files
    assert build.parts_of(facts, PYODIDE, {}, "shop", "en").about["whole"] == {"shop": False}

    async def work(told: Told) -> Any:
        top = await opened(told)
        edit = {"what": "vote", "role": "service-owner", "vote": "go", "digest": top["digest"]}
        told.say("edit", id="1", edit=edit)
        return top, told.messages[-1]

    with laid_out(facts, tmp_path / "page") as folder:
        top, refused = talk(folder, work)
    assert top["digest"] == assess(Workspace(root), "shop").digest
    assert (refused["kind"], "`orr check`" in refused["says"]) == ("refused", True)


def test_a_kind_of_another_package_that_is_only_allowed_is_known_in_the_page(root: Path, tmp_path: Path) -> None:
    settings = (root / "orr.yaml").read_text(encoding="utf-8").replace("[command, http]", "[command, http, licence]")
    (root / "orr.yaml").write_text(settings, encoding="utf-8")
    with every_kind.plug_in(tmp_path / "package"):
        facts = of(root, "shop")

    async def work(told: Told) -> Any:
        await opened(told)
        return told.of("faulty")

    with laid_out(facts, tmp_path / "page") as folder:
        assert talk(folder, work) == []


def test_a_click_is_taken_over_before_the_first_checks_have_ended(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orr.evidence.pool.STEP", 0)  # each check counts as a long one

    async def work(told: Told) -> Any:
        told.page.open("shop", "en", "{}")
        told.say("hello")
        while not any(one.get("done") for one in told.messages):
            await asyncio.sleep(0)
        told.answer("ready/cake", "yes")
        while not any(one.get("ended") for one in told.messages):
            await asyncio.sleep(0)
        return [name for one in told.messages for name in ("ack", "ended") if one.get("kind") == name or one.get(name)]

    assert talk(page, work) == ["ack", "ended"]


def test_only_what_the_checks_read_is_packed(root: Path) -> None:
    assert set(of(root, "shop").files) == {
        "orr.yaml", "checklists/ready.yaml", "workloads/shop/workload.yaml", "workloads/shop/review.yaml",
        "workloads/shop/docs/plan.md", "workloads/shop/docs/minutes.txt",
    }  # fmt: skip


def test_the_same_input_gives_the_same_facts(root: Path) -> None:
    one, other = (packed.as_json(of(root, "shop").page) for _ in range(2))
    assert one == other


def test_a_file_that_holds_a_secret_is_left_out_and_no_vote_is_taken(root: Path, tmp_path: Path) -> None:
    (root / "workloads/shop/docs/minutes.txt").write_text(f"It is Lee: {TOKEN}\n", encoding="utf-8")
    facts = of(root, "shop")
    assert list(facts.left_out) == ["workloads/shop/docs/minutes.txt"]
    assert TOKEN not in packed.as_json(facts.page).decode() + repr(facts.files)

    async def work(told: Told) -> Any:
        top = await opened(told)
        edit = {"what": "vote", "role": "service-owner", "vote": "go", "digest": top["digest"]}
        told.say("edit", id="1", edit=edit)
        return told.messages[-1]

    with laid_out(facts, tmp_path / "page") as folder:
        assert talk(folder, work)["kind"] == "refused"


def test_a_review_that_holds_a_secret_is_not_packed_at_all(root: Path) -> None:
    with (root / "orr.yaml").open("a", encoding="utf-8") as file:
        file.write(f"# {TOKEN}\n")
    with pytest.raises(NotPacked, match=r"orr\.yaml"):
        of(root, "shop")


def test_a_check_that_nobody_ran_is_unknown_and_holds_votes_back(page: Path) -> None:
    async def work(told: Told) -> Any:
        await opened(told)
        told.say("edit", id="1", edit={"what": "occasion", "occasion": "recurring"})
        vote = {"what": "vote", "role": "service-owner", "vote": "go"}
        told.messages.clear()
        told.say("check", items=None)
        top = await told.checked()
        told.say("edit", id="3", edit={**vote, "digest": top["digest"]})
        assert told.page.conversation is not None
        states = {one.name: one for one in told.page.conversation.session.assessment.items}
        return states["ready/later"], [one for one in told.messages if one.get("id") == "3"]

    item, refused = talk(page, work)
    assert item.state == "unknown"
    assert "cannot be seen in a browser" in str(item.findings[0].says)
    assert [(one["kind"], "`orr check`" in one["says"]) for one in refused] == [("refused", True)]


def test_votes_are_refused_where_the_folder_holds_other_files(page: Path) -> None:
    async def work(told: Told) -> Any:
        top = await opened(told)
        vote = {"what": "vote", "role": "service-owner", "vote": "go", "digest": top["digest"]}
        kinds = []
        for number, files in enumerate((["docs/plan.md"], [])):
            told.say("differ", files=files)
            told.say("edit", id=str(number), edit=vote)
            kinds.append(told.messages[-1]["kind"] if told.messages[-1].get("kind") == "refused" else "ack")
        return kinds

    assert talk(page, work) == ["refused", "ack"]


REVIEW, DISCUSSION = "workloads/shop/review.yaml", "workloads/shop/discussion.jsonl"


def kept_of(told: Told) -> dict[str, Any]:
    """What the browser keeps of an open review."""
    return {one["name"]: {"base": one["base"], "content": one["content"]} for one in told.of("file")}


def text_of(content: str) -> str:
    return base64.b64decode(content).decode()


def test_a_draft_is_laid_over_a_newer_review_and_what_both_changed_goes_to_the_form(page: Path) -> None:
    async def first(told: Told) -> Any:
        await opened(told)
        for item in ("ready/cake", "ready/tested"):
            assert told.answer(item, "yes")["kind"] == "ack"
        return kept_of(told)

    kept = talk(page, first)
    theirs = text_of(kept[REVIEW]["base"]) + (
        "  ready/cake: {answer: no, by: kim, on: 2026-11-20}\nbenefits: The sale.\n"
    )
    (page / packed.FILES / REVIEW).write_text(theirs, encoding="utf-8")

    async def second(told: Told) -> Any:
        await opened(told, kept)
        return told.of("opened")[0]["edits"], told.review()

    edits, merged = talk(page, second)
    assert [edit["key"] for edit in edits] == ["answer:ready/cake"]
    assert edits[0]["message"]["edit"]["draft"]["answer"] == "yes"
    assert "ready/tested" in merged
    assert "benefits: The sale." in merged
    assert "by: kim" in merged


def test_what_another_tab_wrote_is_merged_and_told(page: Path) -> None:
    async def work(told: Told) -> Any:
        await opened(told)
        told.answer("ready/cake", "yes")
        base = kept_of(told)[REVIEW]["base"]
        theirs = text_of(base) + "benefits: The sale.\n"
        told.page.theirs(REVIEW, base, base64.b64encode(theirs.encode()).decode())
        return told.review(), told.messages

    review, messages = talk(page, work)
    assert "ready/cake" in review
    assert "benefits: The sale." in review
    assert any(one.get("top", {}).get("benefits") == "The sale." for one in messages)


def test_a_scenario_that_both_changed_goes_to_the_form_with_both(page: Path) -> None:
    scenario = "  - {scenario: It is away, likelihood: low, impact: high, response: %s}\n"
    packed_review = page / packed.FILES / REVIEW
    base = packed_review.read_text(encoding="utf-8") + "pre_mortem:\n"
    was, mine, theirs = (base + scenario % words for words in ("Wait", "Call Lee", "Call Kim"))
    packed_review.write_text(theirs, encoding="utf-8")
    kept = {
        REVIEW: {name: base64.b64encode(text.encode()).decode() for name, text in (("base", was), ("content", mine))}
    }

    async def work(told: Told) -> Any:
        await opened(told, kept)
        (edit,) = told.of("opened")[0]["edits"]
        told.say("edit", id="1", **edit["message"])
        return edit["key"], told.messages[-1], told.of("lost")

    key, answered, lost = talk(page, work)
    assert key == "scenario:It is away"
    assert answered["kind"] == "conflict"
    assert (answered["mine"]["response"], answered["theirs"]["response"]) == ("Call Lee", "Call Kim")
    assert lost == []


def test_a_review_in_which_nothing_was_changed_here_gives_way_to_a_newer_one(page: Path) -> None:
    theirs = "review: shop\nanswers:\n  ready/cake: {answer: no, by: kim, on: 2026-11-20}\n"

    async def work(told: Told) -> Any:
        await opened(told)
        told.page.theirs(REVIEW, None, base64.b64encode(theirs.encode()).decode())
        return told.of("edits"), told.review(), told.of("merged")

    edits, review, merged = talk(page, work)
    assert (edits, review) == ([], theirs)
    assert [one["name"] for one in merged] == [REVIEW]


def test_comments_of_both_sides_are_kept(page: Path) -> None:
    line = '{"id": "%s", "item": "ready/cake", "by": "%s", "on": "2026-11-20T08:00:00+00:00", "text": "Which?"}\n'
    mine, theirs = (
        base64.b64encode((line % (n * 8, who)).encode()).decode() for n, who in (("a", "ana"), ("b", "kim"))
    )

    async def work(told: Told) -> Any:
        await opened(told, {DISCUSSION: {"base": None, "content": mine}})
        told.page.theirs(DISCUSSION, None, theirs)
        return [one for one in told.of("file") if one["name"] == DISCUSSION]

    *_, last = talk(page, work)
    assert sorted(text_of(last["content"]).splitlines()) == sorted((text_of(mine) + text_of(theirs)).splitlines())


def test_a_file_of_the_team_that_others_changed_too_is_handed_back(page: Path) -> None:
    path = page / packed.FILES / "teams/sales.yaml"
    path.parent.mkdir()
    path.write_text("team: sales\n", encoding="utf-8")
    mine = base64.b64encode(b"team: sales\nanswers: {}\n").decode()

    async def work(told: Told) -> Any:
        await opened(told, {"teams/sales.yaml": {"base": None, "content": mine}})
        return told.of("lost")

    (lost,) = talk(page, work)
    assert (lost["name"], lost["content"]) == ("sales.yaml", mine)
    assert path.read_text(encoding="utf-8") == "team: sales\n"


def test_what_is_acknowledged_was_given_to_the_page_before(page: Path) -> None:
    async def work(told: Told) -> Any:
        await opened(told)
        told.messages.clear()
        told.answer("ready/cake", "yes")
        return [one.get("site") or one["kind"] for one in told.messages]

    kinds = talk(page, work)
    assert kinds.index("file") < kinds.index("ack")


def test_a_kind_of_another_package_is_as_recorded(tmp_path: Path) -> None:
    spec = CheckSpec(check="theirs", parameters={})
    key = key_of(tmp_path, tmp_path, spec)
    recorded = Recorded(seen=frozenset({"other"}))
    unseen = recorded.finding(key)
    assert unseen is not None
    assert unseen.outcome is Outcome.UNKNOWN
    assert Recorded.is_unseen(unseen)
    assert recorded.finding("other") is None
