"""The real widget and the real page program, without a server and a kernel in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import TODAY, Stage, saved, show, workspace

from orr.form.session import Session


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path)


Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, root: Path) -> Iterator[Open]:
    """Open the form; what goes wrong in the page fails the test."""
    stages: list[Stage] = []
    contexts: list[Any] = []
    wrong: list[str] = []
    asked: list[str] = []

    def open_form(
        by: str | None = "ana",
        *,
        suggested: str | None = None,
        language: str = "en",
        light: bool = True,
        width: int = 1280,
        remembered: str = "{}",
        **how: Any,
    ) -> Any:
        stage = Stage(Session(root, "shop", language, TODAY), by, suggested)
        stages.append(stage)
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(f"Object.assign(localStorage, {remembered})")
        show(page, stage, light=light)
        stage.form.conversation.begin()
        return page

    yield open_form
    for context in contexts:
        context.close()
    for stage in stages:
        stage.end()
    assert wrong == []
    assert {url for url in asked if not url.startswith(("http://form.test/", "blob:"))} == set()


def item(page: Any, question: str) -> Any:
    return page.get_by_role("group", name=question, exact=True)


def whole(page: Any, question: str) -> Any:
    return item(page, question).locator("xpath=..")


def details(page: Any, question: str) -> Any:
    whole(page, question).get_by_role("button", name="Details").click()
    return whole(page, question)


def eventually(page: Any, holds: Callable[[], Any]) -> None:
    for _ in range(400):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def answers(root: Path) -> Any:
    return saved(root).get("answers", {})


def test_an_answer_moves_the_verdict_and_is_acknowledged_when_it_is_on_disk(visit: Open, root: Path) -> None:
    page = visit()
    assert page.locator(".top").get_attribute("data-verdict") == "no-go"
    item(page, "Does one person decide?").get_by_role("radio", name="Yes").check()
    page.locator(".saved").get_by_text("Saved at").wait_for()
    assert answers(root)["rollback/owner"]["answer"] == "yes"
    assert "Saved at" in page.locator(".bar .sr[role=status]").inner_text()


def test_code_in_the_next_step_is_shown_as_code_and_stays_text(visit: Open) -> None:
    asked = details(visit(), "Was the rollback rehearsed?").locator(".asked")
    assert asked.locator("code").all_inner_texts() == ["undo --all", "<b>"]
    assert "Rehearse it with undo --all or <b>." in asked.inner_text()


def test_not_applicable_is_saved_only_with_a_reason(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Is there cake?").get_by_role("radio", name="Not applicable").check()
    page.get_by_text("Not applicable needs a reason").wait_for()
    assert "team/cake" not in answers(root)
    item(page, "Is there cake?").get_by_label("Reason why it does not apply").fill("Nobody eats it.")
    eventually(page, lambda: answers(root).get("team/cake", {}).get("reason") == "Nobody eats it.")
    assert page.get_by_text("Not applicable needs a reason").count() == 0


def test_a_half_written_plan_is_kept_and_told_until_it_is_complete(visit: Open, root: Path) -> None:
    page = visit()
    box = details(page, "Does one person decide?")
    box.get_by_label("What will be done").fill("Name a person")
    page.get_by_text("The plan lacks an owner").wait_for()
    box.get_by_label("By whom").fill("wei")
    box.get_by_label("By when").fill("2026-11-30")
    eventually(page, lambda: answers(root).get("rollback/owner", {}).get("plan"))
    assert answers(root)["rollback/owner"]["plan"] == {"action": "Name a person", "owner": "wei", "due": "2026-11-30"}
    whole(page, "Does one person decide?").get_by_text("plan accepted").wait_for()


def test_inherited_answers_show_their_source_and_are_departed_from_only_with_a_note(visit: Open, root: Path) -> None:
    page = visit()
    whole(page, "Is there a rota?").get_by_text("From the team sales: Yes (lee, 2026-11-01)").wait_for()
    item(page, "Is there a rota?").get_by_role("radio", name="No", exact=True).check()
    whole(page, "Is there a rota?").get_by_label("Note", exact=True).fill("")
    whole(page, "Is there a rota?").get_by_role("button", name="Only for this workload").click()
    whole(page, "Is there a rota?").get_by_text("Not saved").wait_for()
    details(page, "Is there a rota?").get_by_label("Note", exact=True).fill("Ended in May.")
    eventually(page, lambda: answers(root).get("team/rota", {}).get("answer") == "no")


def test_a_path_is_offered_from_the_repository_and_one_that_is_not_there_proves_nothing(
    visit: Open, root: Path
) -> None:
    page = visit()
    item(page, "Was the rollback rehearsed?").get_by_role("radio", name="Yes").check()
    box = details(page, "Was the rollback rehearsed?")
    box.get_by_role("button", name="Add link or path").click()
    where = box.get_by_label("Link or path in the repository")
    where.fill("docs")
    page.locator("datalist option[value='docs/rollback.md']").wait_for(state="attached")
    where.fill("docs/gone.md")
    whole(page, "Was the rollback rehearsed?").locator(".state", has_text="unknown").wait_for()
    eventually(page, lambda: "docs/gone.md" in str(answers(root)))
    whole(page, "Was the rollback rehearsed?").locator(".because", has_text="docs/gone.md").wait_for()
    where.fill("docs/rollback.md")
    whole(page, "Was the rollback rehearsed?").locator(".state", has_text="met").wait_for()


def test_a_dropped_file_lies_beside_the_review_with_its_digest(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Was the rollback rehearsed?").get_by_role("radio", name="Yes").check()
    box = details(page, "Was the rollback rehearsed?")
    box.get_by_label("Add a file").set_input_files(
        files=[{"name": "../drill <1>.txt", "mimeType": "text/plain", "buffer": b"all went well"}]
    )
    eventually(page, lambda: answers(root).get("rollback/rehearsed", {}).get("evidence"))
    entry = answers(root)["rollback/rehearsed"]["evidence"][0]
    assert (root / "workloads/shop" / entry["path"]).read_bytes() == b"all went well"
    assert entry["sha256"]
    whole(page, "Was the rollback rehearsed?").locator(".state", has_text="met").wait_for()


def test_a_waiver_is_asked_for_by_one_and_approved_by_another(visit: Open, root: Path) -> None:
    page = visit("ana")
    details(page, "Was the rollback rehearsed?").get_by_role("button", name="Ask for a waiver").click()
    form = page.get_by_role("group", name="Ask for a waiver of rollback/rehearsed")
    form.get_by_role("button", name="Ask for it").click()
    form.get_by_text("Say until which day.").wait_for()
    form.get_by_label("Why it may stay open").fill("No time before the sale.")
    form.get_by_label("Last day").fill("2026-12-20")
    form.get_by_role("button", name="Ask for it").click()
    page.get_by_text("W-1 is asked for").wait_for()
    page.get_by_role("tab", name="Waivers and votes").click()
    assert page.get_by_role("button", name="Approve").is_disabled()
    other = visit("wei")
    other.get_by_role("tab", name="Waivers and votes").click()
    other.get_by_role("button", name="Approve").click()
    other.get_by_text("active", exact=True).wait_for()
    assert saved(root)["waivers"][0]["approved_by"] == "wei"
    other.get_by_role("button", name="Revoke").click()
    other.get_by_text("ended", exact=True).wait_for()


def test_not_applicable_is_unanswered_until_another_person_agrees(visit: Open, root: Path) -> None:
    page = visit("ana")
    asked = whole(page, "Was the rollback rehearsed?")
    asked.get_by_role("radio", name="Not applicable").check()
    asked.locator("[data-field=reason]").fill("Nothing to roll back.")
    page.locator(".verdict-word", has_text="no-go: ").wait_for()
    asked.get_by_text("another person has to agree").wait_for()
    asked.get_by_role("button", name="I agree").click()
    asked.get_by_text("ana answered not applicable; another person has to agree.").wait_for()
    other = visit("wei")
    theirs = whole(other, "Was the rollback rehearsed?")
    theirs.get_by_role("button", name="I agree").click()
    theirs.locator(".state", has_text="not applicable").wait_for()
    assert not theirs.get_by_role("button", name="I agree").is_visible()
    assert answers(root)["rollback/rehearsed"]["approved_by"] == "wei"


def test_a_vote_is_bound_to_the_digest_that_is_shown_and_a_change_voids_it(visit: Open, root: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Waivers and votes").click()
    page.locator(".votes code[title^=sha256]").wait_for()
    role = page.get_by_role("group", name="operations")
    role.get_by_role("button", name="Vote no-go").click()
    role.get_by_text("by ana on").wait_for()
    page.get_by_text("Decision by votes: no-go").wait_for()
    assert saved(root)["sign_offs"][0]["digest"].startswith("sha256:")
    page.get_by_role("tab", name="Items").click()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    page.get_by_role("tab", name="Waivers and votes").click()
    role.get_by_text("Void", exact=True).wait_for()
    page.locator(".voided", has_text="the answer to team/cake").wait_for()


def test_what_a_vote_is_on_unfolds_and_stays_so_while_answers_change(visit: Open, root: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Waivers and votes").click()
    page.get_by_text("What you vote on").click()
    page.locator(".voted summary", has_text="docs/rollback.md").click()
    page.locator(".voted h4", has_text="Trigger").wait_for()
    page.get_by_role("tab", name="Items").click()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    page.get_by_role("tab", name="Waivers and votes").click()
    assert page.locator(".voted h4", has_text="Trigger").is_visible()


def test_the_pre_mortem_and_the_benefits_are_written_down(visit: Open, root: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Pre-mortem and benefits").click()
    page.get_by_role("button", name="Add a scenario").click()
    page.keyboard.type("The cache is cold.")
    page.get_by_label("Likelihood").select_option("high")
    page.get_by_label("Impact").select_option("medium")
    page.get_by_label("What launching now is worth").fill("The sale.")
    eventually(page, lambda: saved(root).get("benefits") == "The sale.")
    eventually(page, lambda: saved(root).get("pre_mortem"))
    eventually(page, lambda: saved(root)["pre_mortem"][0].get("impact") == "medium")
    assert saved(root)["pre_mortem"] == [{"scenario": "The cache is cold.", "likelihood": "high", "impact": "medium"}]
    page.get_by_label("What goes wrong").fill("The cache is cold and small.")
    eventually(page, lambda: [one["scenario"] for one in saved(root)["pre_mortem"]] == ["The cache is cold and small."])
    page.get_by_role("button", name="Remove").click()
    eventually(page, lambda: "pre_mortem" not in saved(root))


def test_a_scenario_that_is_typed_with_pauses_while_answers_are_slow_stays_one(visit: Open, root: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Pre-mortem and benefits").click()
    page.get_by_role("button", name="Add a scenario").click()
    typed = ""
    for more in ("The cache", " is cold", " and small."):
        page.evaluate(
            """() => { const real = window.fromPython; const held = new Promise((done) => { window.release = done; });
            window.fromPython = () => held.then(() => { window.fromPython = real; return real(); }); }"""
        )
        before = saved(root).get("pre_mortem")
        page.keyboard.type(more)
        eventually(page, lambda before=before: saved(root).get("pre_mortem") != before)
        page.keyboard.type(" now")
        page.evaluate("() => window.release()")
        typed += more + " now"
        eventually(page, lambda typed=typed: saved(root).get("pre_mortem") == [{"scenario": typed}])
    page.get_by_label("Likelihood").select_option("high")
    eventually(page, lambda: saved(root)["pre_mortem"] == [{"scenario": typed, "likelihood": "high"}])
    assert page.get_by_label("What goes wrong").count() == 1


def test_undo_and_redo_write_the_file(visit: Open, root: Path) -> None:
    page = visit()
    radio = item(page, "Is there cake?").get_by_role("radio", name="Yes")
    radio.check()
    eventually(page, lambda: "team/cake" in answers(root))
    radio.focus()
    page.keyboard.press("Control+z")
    eventually(page, lambda: "team/cake" not in answers(root))
    eventually(page, lambda: not radio.is_checked())
    page.keyboard.press("r")
    eventually(page, lambda: "team/cake" in answers(root))
    page.get_by_role("button", name="Undo").click()
    eventually(page, lambda: "team/cake" not in answers(root))


@pytest.mark.parametrize(
    ("how", "left"),
    [
        (lambda page: page.get_by_role("searchbox").fill("cake"), ["team/cake"]),
        (lambda page: page.get_by_role("checkbox", name="only what decides").check(),
         ["rollback/rehearsed", "rollback/owner", "team/one-team", "team/on-call"]),
        (lambda page: more(page).get_by_label("State").select_option("met"), ["rollback/written", "team/rota"]),
        (lambda page: more(page).get_by_label("Risk").select_option("low"), ["team/cake"]),
        (lambda page: more(page).get_by_role("checkbox", name="only blocking").check(), ["rollback/rehearsed"]),
        (lambda page: more(page).get_by_role("checkbox", name="only the core").check(), ["rollback/owner"]),
        (lambda page: more(page).get_by_label("Role").select_option("management"), ["rollback/owner"]),
        (lambda page: more(page).get_by_label("Role").select_option("product"), ["team/one-team", "team/on-call"]),
        (lambda page: more(page).get_by_label("Checklist", exact=True).select_option("The team"),
         ["team/rota", "team/cake", "team/one-team", "team/on-call"]),
    ],
    ids=["text", "decides", "state", "risk", "blocking", "core", "role", "a section's role", "checklist"],
)  # fmt: skip
def test_filters_show_what_they_say(visit: Open, how: Callable[[Any], None], left: list[str]) -> None:
    page = visit()
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    how(page)
    eventually(
        page,
        lambda: page.locator("[data-item]:visible").evaluate_all("all => all.map(one => one.dataset.item)") == left,
    )


def more(page: Any) -> Any:
    page.get_by_role("button", name="Filter and group").click()
    return page.get_by_role("search")


def names(page: Any) -> list[str]:
    """The items that are seen, in their order."""
    shown: list[str] = page.locator("[data-item]:visible").evaluate_all("all => all.map(one => one.dataset.item)")
    return shown


def titles(page: Any) -> list[str]:
    return list(page.locator(".group:visible > h3").all_inner_texts())


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("checklist", ["What blocks, then the core", "Rollback", "The team"]),
        ("role", ["Operations", "Product", "No role named"]),
        ("person", ["lee", "wei", "Nobody named yet"]),
        ("state", ["Not met", "Unanswered", "Met"]),
    ],
)
def test_items_are_grouped_as_asked_with_what_blocks_first(visit: Open, root: Path, by: str, groups: list[str]) -> None:
    workspace(root, "review: shop\nanswers:\n  team/cake: {answer: no, by: wei, on: 2026-11-20}\n")
    page = visit()
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    assert names(page)[:2] == ["rollback/rehearsed", "rollback/owner"]
    more(page).get_by_label("Group by").select_option(by)
    assert titles(page) == groups
    plan = {f"rollback/{name}" for name in ("rehearsed", "owner", "written")}
    assert set(names(page)) == plan | {f"team/{name}" for name in ("rota", "cake", "one-team", "on-call")}
    assert len(names(page)) == 7


def test_an_item_stays_in_its_group_while_it_is_answered_and_moves_when_grouped_anew(visit: Open) -> None:
    page = visit()
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    more(page).get_by_label("Group by").select_option("state")
    cake = page.locator(".group", has=page.locator("[data-item='team/cake']"))
    assert cake.get_attribute("data-group") == "unanswered"
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    whole(page, "Is there cake?").locator(".state", has_text="met").wait_for()
    assert cake.get_attribute("data-group") == "unanswered"
    page.get_by_role("searchbox").fill("cake")
    assert cake.get_attribute("data-group") == "met"


def current(page: Any) -> str | None:
    """The item that the keys act on."""
    found = page.locator("[aria-current=true]")
    return str(found.get_attribute("data-item")) if found.count() else None


def test_o_goes_to_the_next_open_item_and_ends_at_the_last(visit: Open) -> None:
    page = visit()
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    page.get_by_role("button", name="Next open item").click()
    seen = [current(page)]
    for _ in range(5):
        page.keyboard.press("o")
        seen.append(current(page))
    expected = ["rollback/rehearsed", "rollback/owner", "team/cake", "team/one-team", "team/on-call", "team/on-call"]
    assert seen == expected
    page.get_by_text("There is no open item after this one.").wait_for()
    page.keyboard.press("k")
    assert page.get_by_text("There is no open item after this one.").count() == 0


def test_u_goes_to_the_next_unanswered_item_and_passes_what_is_only_open(visit: Open, root: Path) -> None:
    workspace(root, "review: shop\nanswers:\n  rollback/owner: {answer: no, by: wei, on: 2026-11-20}\n")
    page = visit()
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    item(page, "Was the rollback rehearsed?").get_by_role("radio", name="Yes").focus()
    page.keyboard.press("u")
    assert current(page) == "team/cake"


def test_a_click_on_its_words_makes_an_item_the_one_that_keys_answer(visit: Open, root: Path) -> None:
    page = visit()
    whole(page, "Is there cake?").locator("legend").click()
    assert current(page) == "team/cake"
    page.keyboard.press("p")
    eventually(page, lambda: answers(root).get("team/cake", {}).get("answer") == "partial")
    page.get_by_role("tab", name="Waivers and votes").focus()
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert answers(root)["team/cake"]["answer"] == "partial"


def test_undo_and_redo_say_what_they_did_and_lead_there(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    eventually(page, lambda: "team/cake" in answers(root))
    page.locator(".scroll").evaluate("one => { one.scrollTop = 0; }")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone: “Is there cake?”: Answer yes → none").wait_for()
    page.get_by_role("button", name="Redo").click()
    page.get_by_text("Redone: “Is there cake?”: Answer none → yes").wait_for()
    page.get_by_role("button", name="Show it").click()
    assert current(page) == "team/cake"
    page.keyboard.press("n")
    assert page.get_by_text("Redone").count() == 0


def test_a_conflict_and_what_is_not_complete_lead_to_their_items(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Is there cake?").get_by_role("radio", name="Not applicable").check()
    page.get_by_role("button", name="One entry is not complete").click()
    assert current(page) == "team/cake"
    item(page, "Does one person decide?").get_by_role("radio", name="Yes").check()
    eventually(page, lambda: "rollback/owner" in answers(root))
    page.evaluate("window.lineIsCut = true")
    item(page, "Does one person decide?").get_by_role("radio", name="Partial").check()
    path = root / "workloads/shop/review.yaml"
    path.write_text(path.read_text().replace("answer: yes", "answer: no"), encoding="utf-8")
    page.evaluate("window.lineIsCut = false")
    alarm = page.get_by_role("alert")
    alarm.get_by_text("Somebody else changed").wait_for()
    alarm.get_by_role("button", name="Does one person decide?").click()
    assert current(page) == "rollback/owner"
    page.get_by_role("button", name="Keep mine").click()
    eventually(page, lambda: answers(root)["rollback/owner"]["answer"] == "partial")
    assert alarm.get_by_role("button").count() == 0


PLANNED = """\
review: shop
answers:
  team/cake: {answer: no, by: wei, on: 2026-11-20, plan: {action: Bake one, owner: wei, due: 2026-11-30}}
"""


def test_a_plan_is_asked_for_only_where_it_counts_and_shown_where_there_is_one(visit: Open, root: Path) -> None:
    workspace(root, PLANNED)
    page = visit()
    assert details(page, "Does one person decide?").get_by_role("group", name="Plan").is_visible()
    assert not details(page, "Was the rollback rehearsed?").get_by_role("group", name="Plan").is_visible()
    idle = details(page, "Is there cake?").get_by_role("group", name="Plan")
    idle.get_by_text("The item accepts no plan in place of a yes").wait_for()
    assert idle.get_by_label("By whom").input_value() == "wei"


def test_no_plan_is_asked_for_once_the_workload_is_live(visit: Open, root: Path) -> None:
    path = root / "workloads/shop/workload.yaml"
    path.write_text(path.read_text() + "live_since: 2026-11-01\n", encoding="utf-8")
    page = visit()
    assert not details(page, "Does one person decide?").get_by_role("group", name="Plan").is_visible()


DROP = """(element) => {
  const data = new DataTransfer();
  data.items.add(new File(['all went well'], 'drill.txt', {type: 'text/plain'}));
  const how = {bubbles: true, cancelable: true, dataTransfer: data};
  const fire = (kind) => element.dispatchEvent(new DragEvent(kind, how));
  const lit = (fire('dragover'), document.querySelector('.over')?.dataset.item ?? null);
  return {lit, stays: !fire('drop')};
}"""


def test_a_file_dropped_on_a_closed_item_opens_it_and_is_its_evidence(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Was the rollback rehearsed?").get_by_role("radio", name="Yes").check()
    box = whole(page, "Was the rollback rehearsed?")
    assert box.locator("legend").first.evaluate(DROP) == {"lit": "rollback/rehearsed", "stays": True}
    eventually(page, lambda: answers(root).get("rollback/rehearsed", {}).get("evidence"))
    assert box.get_by_role("button", name="Close details").is_visible()
    assert box.get_by_label("Link or path in the repository").input_value().endswith("drill.txt")
    assert page.locator(".over").count() == 0


def test_a_file_dropped_beside_the_items_does_not_make_the_browser_leave(visit: Open) -> None:
    page = visit()
    assert page.locator(".verdict-word").evaluate(DROP) == {"lit": None, "stays": True}
    assert page.locator(".entries li").count() == 0


def test_a_waiver_longer_than_the_policy_allows_is_refused_where_it_is_asked(visit: Open, root: Path) -> None:
    page = visit()
    details(page, "Was the rollback rehearsed?").get_by_role("button", name="Ask for a waiver").click()
    form = page.get_by_role("group", name="Ask for a waiver of rollback/rehearsed")
    form.get_by_text("The policy allows 2027-02-20 at the latest.").wait_for()
    form.get_by_label("Why it may stay open").fill("No time before the sale.")
    form.get_by_label("Last day").fill("2027-02-21")
    form.get_by_role("button", name="Ask for it").click()
    form.get_by_text("The policy allows a waiver for 90 days, so until 2027-02-20 at most").wait_for()
    assert "waivers" not in saved(root)
    form.get_by_label("Last day").fill("2027-02-20")
    form.get_by_role("button", name="Ask for it").click()
    page.get_by_text("W-1 is asked for").wait_for()


MANY = "".join(f"      - {{item: more-{n}, ask: Is part {n} ready?, risk: low}}\n" for n in range(40))


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (768, 1024), (375, 812), (290, 600)])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_once_it_is_scrolled_the_head_is_one_line_and_the_list_has_all_the_rest(
    visit: Open, root: Path, width: int, height: int, language: str
) -> None:
    path = root / "checklists/more.yaml"
    path.write_text(
        f"checklist: more\nversion: 1\ntitle: More\nsections:\n  - section: parts\n    items:\n{MANY}", encoding="utf-8"
    )
    page = visit(width=width, language=language, has_touch=width < 500)
    page.set_viewport_size({"width": width, "height": height})
    page.locator(".facts > *").nth(1).wait_for()
    assert not page.locator(".standing").is_visible()
    page.locator(".scroll").evaluate("one => { one.scrollTop = 1500; }")
    page.locator(".stuck .standing").wait_for()
    bar, form = (page.locator(one).bounding_box() for one in (".bar > .line", ".orr-form"))
    assert bar["height"] <= 52
    assert bar["y"] - form["y"] < 2
    for seen in (".standing .word", ".standing .count", ".saved .sign", ".filter-toggle", ".filters .next"):
        box = page.locator(seen).bounding_box()
        assert box["x"] >= form["x"], seen
        assert box["x"] + box["width"] <= form["x"] + form["width"], seen
        assert box["y"] + box["height"] <= bar["y"] + bar["height"], seen
    replies = page.locator(".reply").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(replies) <= form["x"] + form["width"]
    assert page.locator(".scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.locator(".standing").click()
    eventually(page, lambda: page.locator(".scroll").evaluate("one => one.scrollTop") == 0)


def test_an_item_that_is_gone_to_is_not_hidden_by_the_line_above(visit: Open, root: Path) -> None:
    page = visit()
    page.set_viewport_size({"width": 1280, "height": 600})
    details(page, "Was the rollback rehearsed?")
    page.keyboard.press("o")
    page.keyboard.press("k")
    box, bar = whole(page, "Was the rollback rehearsed?").bounding_box(), page.locator(".bar").bounding_box()
    assert box["y"] >= bar["y"] + bar["height"]


def test_a_reason_leads_to_its_item(visit: Open) -> None:
    page = visit()
    page.locator(".reasons button").first.click()
    assert page.evaluate("document.activeElement.closest('[data-item]').dataset.item") == "rollback/rehearsed"


def test_the_language_is_switched_on_the_spot_and_nothing_typed_is_lost(visit: Open, root: Path) -> None:
    page = visit()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    details(page, "Is there cake?").get_by_label("Note", exact=True).fill("<b>chocolate</b>")
    page.get_by_label("Language").select_option("zh-CN")
    page.locator(".verdict-word", has_text="不可上线").wait_for()
    assert page.get_by_role("group", name="有蛋糕吗？", exact=True).get_by_role("radio", name="是").is_checked()
    eventually(page, lambda: answers(root).get("team/cake", {}).get("note") == "<b>chocolate</b>")
    assert page.locator(".orr-form b").count() == 0


def test_who_i_am_is_asked_once_and_stands_on_the_answer(visit: Open, root: Path) -> None:
    page = visit(None)
    page.get_by_label("Your name or account").fill("mia")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="You are mia").wait_for()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    eventually(page, lambda: answers(root).get("team/cake", {}).get("by") == "mia")


def test_whoever_is_asked_later_can_answer_and_nothing_is_saved_before_they_say_who_they_are(
    visit: Open, root: Path
) -> None:
    page = visit(None)
    page.get_by_role("button", name="Later").click()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    page.get_by_role("alert").get_by_text("until you give your name").wait_for()
    assert "team/cake" not in answers(root)
    assert page.get_by_role("dialog").count() == 0
    page.get_by_role("button", name="Who are you?").click()
    page.get_by_label("Your name or account").fill("mia")
    page.keyboard.press("Enter")
    eventually(page, lambda: answers(root).get("team/cake", {}).get("by") == "mia")
    eventually(page, lambda: page.get_by_role("alert").inner_text() == "")


def test_whose_server_it_is_is_suggested_and_another_may_say_otherwise(visit: Open, root: Path) -> None:
    page = visit(None, suggested="ana")
    assert page.get_by_label("Your name or account").input_value() == "ana"
    item(page, "Is there cake?").get_by_role("radio", name="Yes").dispatch_event("click")
    assert "team/cake" not in answers(root)
    page.get_by_label("Your name or account").fill("wei")
    page.keyboard.press("Enter")
    eventually(page, lambda: answers(root).get("team/cake", {}).get("by") == "wei")


def test_while_the_line_is_cut_the_form_says_so_keeps_what_is_said_and_sends_it_later(visit: Open, root: Path) -> None:
    page = visit()
    page.evaluate("window.lineIsCut = true")
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    page.get_by_role("alert").get_by_text("not saved yet").wait_for()
    assert "team/cake" not in answers(root)
    page.evaluate("window.lineIsCut = false")
    eventually(page, lambda: "team/cake" in answers(root))
    page.locator(".saved").get_by_text("Saved at").wait_for()
    eventually(page, lambda: page.get_by_role("alert").inner_text() == "")


def test_what_somebody_points_at_stays_where_it_is_while_an_alarm_comes_and_goes_above(visit: Open) -> None:
    page = visit()
    page.set_viewport_size({"width": 1280, "height": 500})
    whole(page, "Is the plan written down?").locator(".state", has_text="met").wait_for()
    page.get_by_text("Decision by votes").wait_for()
    alarm = page.get_by_role("alert")
    reply = item(page, "Is there cake?").get_by_role("radio", name="Yes")
    reply.scroll_into_view_if_needed()
    reply.hover()
    where = "one => one.getBoundingClientRect().top"
    before = reply.evaluate(where)
    heights = [page.locator(".bar").evaluate("one => one.offsetHeight")]
    page.evaluate("window.lineIsCut = true")
    reply.check()
    for shown in (True, False):
        if not shown:
            page.evaluate("window.lineIsCut = false")
        eventually(page, lambda shown=shown: bool(alarm.inner_text()) == shown)
        page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        heights.append(page.locator(".bar").evaluate("one => one.offsetHeight"))
        assert abs(reply.evaluate(where) - before) < 1
    assert heights[1] > heights[0] + 20
    assert heights[2] == heights[0]


def test_a_faulty_file_stops_saving_and_is_told_in_words(visit: Open, root: Path) -> None:
    page = visit()
    path = root / "workloads/shop/review.yaml"
    path.write_text("review: shop\nanswers: [\n", encoding="utf-8")
    page.get_by_role("alert").get_by_text("have faults now").wait_for()
    item(page, "Is there cake?").get_by_role("radio", name="Yes").check()
    page.wait_for_timeout(400)
    assert path.read_text() == "review: shop\nanswers: [\n"
    path.unlink()
    eventually(page, lambda: "team/cake" in answers(root))


# Each width in each language and in each scheme, and both languages in both schemes.
@pytest.mark.parametrize(
    ("width", "light", "language"),
    [(1440, True, "en"), (1440, False, "zh-CN"), (1024, True, "zh-CN"), (1024, False, "en"),
     (375, True, "en"), (375, False, "zh-CN")],
    ids=["1440-light-en", "1440-dark-zh-CN", "1024-light-zh-CN", "1024-dark-en", "375-light-en", "375-dark-zh-CN"],
)  # fmt: skip
def test_axe_finds_nothing_wrong_and_nothing_is_cut_off(visit: Open, language: str, light: bool, width: int) -> None:
    page = visit(language=language, light=light, width=width)
    page.locator(".item .toggle").first.click()
    page.locator(".filter-toggle").click()
    for tab in range(4):
        page.get_by_role("tab").nth(tab).click()
        page.wait_for_timeout(250)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page_box = page.locator("[role=tabpanel]:visible").first
        assert page_box.evaluate(
            """box => [box.closest('.scroll'), ...box.querySelectorAll('.page')]
            .every(one => one.scrollWidth <= one.clientWidth + 1)"""
        )


def violations(page: Any) -> list[Any]:
    """What axe finds wrong with the form."""
    import axe_core_python.sync_playwright as axe

    found = axe.Axe().run(page, context=".orr-form", options={"resultTypes": ["violations"]})
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]


@pytest.mark.parametrize(("width", "light"), [(1440, False), (375, True)], ids=["1440-dark", "375-light"])
def test_axe_finds_nothing_wrong_with_what_appears_only_at_times(
    visit: Open, root: Path, light: bool, width: int
) -> None:
    page = visit(light=light, width=width)
    page.set_viewport_size({"width": width, "height": 600})
    item(page, "Does one person decide?").get_by_role("radio", name="Yes").check()
    eventually(page, lambda: "rollback/owner" in answers(root))
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone:").wait_for()
    details(page, "Was the rollback rehearsed?").get_by_role("button", name="Ask for a waiver").click()
    item(page, "Is there cake?").get_by_role("radio", name="Not applicable").check()
    page.get_by_text("Not applicable needs a reason").wait_for()
    page.locator(".stuck").wait_for()
    assert violations(page) == []
    page.evaluate("window.lineIsCut = true")
    item(page, "Does one person decide?").get_by_role("radio", name="Partial").check()
    text = "review: shop\nanswers:\n  rollback/owner: {answer: no, by: wei, on: 2026-11-20}\n"
    (root / "workloads/shop/review.yaml").write_text(text, encoding="utf-8")
    page.evaluate("window.lineIsCut = false")
    page.get_by_role("group", name="Both changed").wait_for()
    assert violations(page) == []
    page.evaluate("document.querySelector('.tools button:last-child').click()")
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []


def test_the_groups_of_replies_are_named_by_their_questions(visit: Open) -> None:
    page = visit()
    tree = page.locator(".scroll").aria_snapshot()
    for question in ("Was the rollback rehearsed?", "Does one person decide?", "One team owns it"):
        assert f'group "{question}"' in tree
    assert tree.count('radio "Not applicable"') == 7


TOO_SMALL = """(size) => {
  const targets = 'button, select, summary, label.reply, label.check, label.filelabel, [role=tab]';
  return [...document.querySelectorAll(`.orr-form :is(${targets})`)]
    .filter((one) => one.checkVisibility() && one.getClientRects().length)
    .map((one) => [one.className || one.textContent.slice(0, 20), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < size || box.width < size)
    .map(([name, box]) => `${name} ${box.width} x ${box.height}`);
}"""


def test_a_phone_answers_opens_details_and_votes_by_tapping(visit: Open, root: Path) -> None:
    page = visit(width=375, has_touch=True, is_mobile=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    item(page, "Is there cake?").locator("label", has_text="Yes").tap()
    eventually(page, lambda: answers(root).get("team/cake", {}).get("answer") == "yes")
    whole(page, "Is there cake?").get_by_role("button", name="Details").tap()
    whole(page, "Is there cake?").get_by_label("Note", exact=True).tap()
    page.keyboard.type("A sponge.")
    eventually(page, lambda: answers(root)["team/cake"].get("note") == "A sponge.")
    assert page.evaluate(TOO_SMALL, 24) == []
    assert page.locator(".reply:visible, .foot .toggle:visible").evaluate_all(
        "all => all.every((one) => one.getBoundingClientRect().height >= 44)"
    )
    page.get_by_role("tab", name="Waivers and votes").tap()
    page.locator(".votes code[title^=sha256]").wait_for()
    page.get_by_role("group", name="operations").get_by_role("button", name="Vote no-go").tap()
    page.get_by_text("Decision by votes: no-go").wait_for()
    assert page.evaluate(TOO_SMALL, 24) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_answer_of_the_team_is_saved_after_the_page_said_who_inherits_it(visit: Open, root: Path) -> None:
    page = visit(width=375)
    rota = whole(page, "Is there a rota?")
    item(page, "Is there a rota?").get_by_role("radio", name="Partial").focus()
    page.keyboard.press("p")
    rota.get_by_text("The answer stands in the file of team sales; 1 workload inherits it: shop.").wait_for()
    assert violations(page) == []
    rota.get_by_label("Note", exact=True).fill("Not in August.")
    assert "Not in August" not in (root / "teams/sales.yaml").read_text(encoding="utf-8")
    rota.get_by_role("button", name="Save for the team").click()
    rota.get_by_text("From the team sales: Partial (ana").wait_for()
    assert "Not in August" in (root / "teams/sales.yaml").read_text(encoding="utf-8")
    assert "team/rota" not in answers(root)
    # Whom it does not suit cancels, and nothing is chosen.
    page.keyboard.press("n")
    rota.get_by_role("button", name="Cancel").click()
    assert item(page, "Is there a rota?").get_by_role("radio", checked=True).count() == 0


def test_two_people_challenge_assign_and_talk(visit: Open, root: Path) -> None:
    question = "Does one person decide?"
    review = root / "workloads/shop/review.yaml"
    text = "review: shop\nanswers:\n  rollback/owner: {answer: yes, by: wei, on: 2026-11-20}\n"
    review.write_text(text, encoding="utf-8")
    page, other = visit(), visit("wei")
    box = details(page, question)
    box.get_by_role("button", name="Challenge the answer").click()
    page.keyboard.type("She left in May.")
    box.get_by_role("button", name="Save").click()
    other.locator(".top .challenged").get_by_text("ana challenges the answer: She left in May.").wait_for()
    assert other.locator(".list legend").first.inner_text() != question  # nothing moves under somebody's hands
    theirs = details(other, question)
    theirs.get_by_role("button", name="Lift the challenge").click()
    other.keyboard.type("No.")
    theirs.get_by_role("button", name="Save").click()
    theirs.get_by_text("or another person, has to lift the challenge").wait_for()  # of whoever answered
    theirs.get_by_role("button", name="Cancel").click()
    theirs.get_by_label("Comment", exact=True).fill("Li decides now.\n\u202eyes")
    theirs.get_by_role("button", name="Add the comment").click()
    box.get_by_text("Li decides now.").wait_for()
    assert "\u202e" not in box.inner_text()
    box.get_by_role("button", name="Reply to wei").click()
    box.get_by_label("Comment", exact=True).fill("Then write it down.")
    box.get_by_role("button", name="Add the comment").click()
    theirs.get_by_text("replies to wei").wait_for()
    box.get_by_label("Assigned to").fill("wei")
    box.get_by_label("Until").fill("2026-12-01")
    box.get_by_role("button", name="Assign", exact=True).click()
    theirs.get_by_text("Assigned to wei until 2026-12-01 (by ana)").wait_for()
    other.locator(".filter-toggle").click()
    other.get_by_role("checkbox", name="Mine").check()
    assert shown(other) == [question]
    assert violations(page) == violations(other) == []
    box.get_by_role("button", name="Lift the challenge").click()
    page.keyboard.type("Seen.")
    box.get_by_role("button", name="Save").click()
    other.locator(".top .challenged").wait_for(state="hidden")
    assert answers(root)["rollback/owner"]["challenged"]["lifted"]["by"] == "ana"


def test_an_address_leads_to_an_item_and_what_changed_since_is_shown(visit: Open, root: Path) -> None:
    page = visit()
    page.evaluate("location.hash = '#%'")  # which names nothing
    page.evaluate("location.hash = '#team/cake'")
    current = page.locator("[aria-current=true]")
    current.get_by_text("Is there cake?").wait_for()
    link = current.get_by_role("link", name="team/cake")
    assert link.get_attribute("href") == "http://form.test/#team/cake"
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    memory = page.evaluate("JSON.stringify({...localStorage})")
    text = "review: shop\nanswers:\n  rollback/owner: {answer: yes, by: wei, on: 2026-11-20}\n"
    (root / "workloads/shop/review.yaml").write_text(text, encoding="utf-8")
    again = visit(remembered=memory)
    again.locator(".filter-toggle").click()
    again.get_by_role("checkbox", name="Changed since I last looked").check()
    assert shown(again) == ["Does one person decide?"]


def shown(page: Any) -> list[str]:
    """The questions of the items that are shown."""
    return page.locator(".item > fieldset > legend:visible").all_inner_texts()
