"""The form of a review as a widget: `orr.review`."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import traitlets
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from support.form_stage import workspace

import orr
from orr.form import widget
from orr.form.faulty import FaultyReview
from orr.form.widget import ReviewForm

TODAY = "2026-11-22"
YES = """\
review: shop
answers:
  rollback/rehearsed: {answer: yes, by: ana, on: 2026-11-20, evidence: [{path: docs/rollback.md}]}
  rollback/owner: {answer: yes, by: ana, on: 2026-11-20}
  team/cake: {answer: yes, by: ana, on: 2026-11-20}
  team/one-team: {answer: yes, by: ana, on: 2026-11-20}
  team/on-call: {answer: yes, by: ana, on: 2026-11-20}
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield workspace(tmp_path, YES)
    for form in widget._open.values():
        form.close()
    widget._open.clear()


def moves(form: Any) -> queue.Queue[str]:
    """Every verdict that an observer of a form is told."""
    seen: queue.Queue[str] = queue.Queue()
    form.observe(lambda change: seen.put(change["new"]), "verdict")
    return seen


def send(form: ReviewForm, **message: Any) -> None:
    """What a page sends that shows the form."""
    content = {"client": "page", "who": "ana", **message}
    form._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def edit(form: ReviewForm, item: str, reply: str) -> None:
    """What the page sends when somebody answers."""
    version = form.session.everything()["items"][item].get("v", "")
    change = {"what": "answer", "item": item, "draft": {"answer": reply}, "base": version}
    send(form, kind="edit", id=f"{item}{reply}", edit=change)


def test_it_is_a_widget_that_stands_in_others(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    assert isinstance(form, ipywidgets.DOMWidget)
    box = ipywidgets.Accordion(children=[ipywidgets.VBox([ipywidgets.Label("Shop"), form])])
    assert box.children[0].children[1] is form


def test_it_states_no_verdict_before_the_checks_have_run(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    unchecked = "Review of Shop as of 2026-11-22: the checks have not run yet, so there is no verdict."
    assert repr(form) == f"{unchecked} Run the cell above to go on with it."
    seen = moves(form)
    send(form, kind="hello")
    assert seen.get(timeout=30) == "go"
    assert repr(form) == "Review of Shop as of 2026-11-22: go. Run the cell above to go on with it."


@pytest.mark.usefixtures("shell")
def test_its_still_picture_states_no_verdict_before_the_checks_have_run(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    with capture_output() as captured:
        form._ipython_display_()
        edit(form, "rollback/owner", "no")
        form._draw()
    _, first, second = (output.data for output in captured.outputs)
    assert first == second
    assert "no verdict" in second["text/html"]
    assert "no-go" not in second["text/html"]


def test_the_only_workload_needs_no_name(root: Path) -> None:
    assert isinstance(form := orr.review(workspace=root, today=TODAY), ReviewForm)
    assert form.session.name == "shop"


def test_the_verdict_is_observed_as_checks_answers_and_files_move_it(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    assert form.verdict == "no-go"  # what the checks have not yet found is unknown
    seen = moves(form)
    send(form, kind="hello")
    assert seen.get(timeout=30) == "go"
    edit(form, "rollback/owner", "no")
    assert form.verdict == "conditional-go"
    path = root / "workloads" / "shop" / "review.yaml"
    path.write_text(
        YES.replace("rollback/rehearsed: {answer: yes", "rollback/rehearsed: {answer: no"), encoding="utf-8"
    )
    assert [seen.get(timeout=30), seen.get(timeout=30)] == ["conditional-go", "no-go"]


def test_an_observer_s_mistake_is_printed_and_the_form_goes_on(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    form = orr.review("shop", root, today=TODAY)
    seen = moves(form)
    send(form, kind="hello")
    assert seen.get(timeout=30) == "go"
    form.observe(lambda change: 1 / 0, "verdict")
    edit(form, "rollback/owner", "no")
    edit(form, "rollback/owner", "yes")
    assert form.verdict == "go"
    assert capfd.readouterr().err.count("ZeroDivisionError: division by zero") == 2
    assert "answer: yes" in (root / "workloads/shop/review.yaml").read_text(encoding="utf-8").split("rollback/owner")[1]


def test_nobody_can_set_the_verdict_from_outside(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    with pytest.raises(traitlets.TraitError, match="read-only"):
        form.verdict = "go"


def test_a_form_that_is_opened_again_ends_the_one_before(root: Path) -> None:
    before = orr.review("shop", root, today=TODAY)
    after = orr.review("shop", root, today=TODAY)
    assert before.comm is None or before.comm is not after.comm
    assert list(widget._open.values()) == [after]


@pytest.fixture
def shell() -> Iterator[None]:
    """A shell in which something can be displayed, as a cell displays its last line."""
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


def shown(what: object) -> list[dict[str, Any]]:
    """What a cell whose last line is an object puts below itself, a bundle each."""
    with capture_output() as captured:
        InteractiveShell.instance().display_formatter.format(what)
    return [output.data for output in captured.outputs]


@pytest.mark.usefixtures("shell")
def test_at_the_end_of_a_cell_the_form_and_its_still_picture_are_shown(root: Path) -> None:
    form = orr.review("shop", root, today=TODAY)
    live, still = shown(form)
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == form.model_id
    assert live["text/plain"] == still["text/plain"] == repr(form)
    assert "orr-still" in still["text/html"]


@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "the key owner is missing"), ("zh-CN", "缺少键 owner"), (None, "the key owner is missing")],
)
def test_faulty_files_are_shown_in_place_of_the_form(root: Path, language: str | None, says: str) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    text = path.read_text(encoding="utf-8").replace("owner: {team: sales}\n", "").replace("title", "titel")
    path.write_text(text, encoding="utf-8")
    faulty = orr.review("shop", root, today=TODAY, language=language)
    assert isinstance(faulty, FaultyReview)
    assert isinstance(ipywidgets.VBox([faulty]).children[0], ipywidgets.DOMWidget)
    assert faulty.verdict is None
    assert len(faulty.faults) == 3
    (bundle,) = shown(faulty)
    assert bundle["text/plain"] == repr(faulty)
    assert says in repr(faulty)
    assert bundle["text/html"].startswith('<ul role="alert"><li>')
    assert bundle["text/html"].count("<li>") == len(repr(faulty).splitlines()) == 3


def test_a_workload_that_is_not_there_is_shown_with_those_that_are(root: Path) -> None:
    faulty = orr.review("shpo", root, today=TODAY)
    assert "there is no workload shpo; the workloads are: shop" in repr(faulty)


def test_which_of_several_workloads_has_to_be_said(root: Path) -> None:
    (root / "workloads" / "stock").mkdir()
    with pytest.raises(orr.OrrError, match=r"workload is None; give its name .*: shop, stock"):
        orr.review(workspace=root, today=TODAY)


def test_no_workspace_is_shown_as_well(tmp_path: Path) -> None:
    assert "there is no orr.yaml" in repr(orr.review("shop", tmp_path / "nowhere"))


def test_what_a_file_says_is_no_markup_in_its_faults(root: Path) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text("<b>x</b>: 1\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "<b>" not in orr.review("shop", root, today=TODAY).value
