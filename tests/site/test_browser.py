"""What a page knows, gives and refuses; its Python runs here as it does in a browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from support.site_stage import Told, laid_out, talk, workspace_in

from orr.assessing import assess
from orr.evidence.recorded import Recorded, key_of
from orr.model.checklist import CheckSpec
from orr.model.finding import Outcome
from orr.site import packed
from orr.site.facts import Facts, NotPacked, facts_of
from orr.workspace.workspace import Workspace

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
EXAMPLES = ("checkout", "image-resizer", "loyalty-points", "orr")


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


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_gives_the_digest_the_verdict_and_the_findings_of_orr_check(name: str, tmp_path: Path) -> None:
    expected = assess(Workspace(ROOT), name)

    async def work(told: Told) -> Any:
        top = await opened(told, name=name)
        assert told.page.conversation is not None
        return top, told.page.conversation.session.assessment

    with laid_out(of(ROOT, name), tmp_path) as folder:
        top, found = talk(folder, work)
    assert (top["digest"], found.verdict) == (expected.digest, expected.verdict)
    said, here = (
        {item.name: [(one.outcome, str(one.says)) for one in item.findings] for item in assessment.items}
        for assessment in (expected, found)
    )
    assert here == said


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
