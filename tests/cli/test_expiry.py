"""What has an end is judged on the day of reading, by every command and by the form alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from support.fleet_sample import OWNER, answer, checklist, make_workload, make_workspace, write

import orr
from orr.cli import main
from orr.fleet.page.gather import gather
from orr.form.session import Session
from orr.history import open_history
from orr.workspace.workspace import Workspace

LAST, AFTER = "2026-11-25", "2026-11-26"
"""The last day on which everything here holds, and the day after it."""
APPROVED = "requested_by: wei, approved_by: ana"


def _waiver(root: Path) -> None:
    more = f"  - {{waiver: W-1, items: [basics/owner], reason: later, {APPROVED}, approved_on: 2026-11-20,"
    answer(root, "shop", owner="no", more=f"waivers:\n{more} expires: {LAST}, states: {{basics/owner: not-met}}}}\n")


def _plan(root: Path) -> None:
    write(root / "checklists/basics.yaml", checklist(OWNER.replace("}", ", plan_accepted: true}")))
    told = f"{{answer: no, by: ann, on: 2026-11-20, plan: {{action: name one, owner: ann, due: {LAST}}}}}"
    write(root / "workloads/shop/review.yaml", f"review: shop\nanswers: {{basics/owner: {told}}}\n")


def _age(root: Path) -> None:
    write(root / "checklists/basics.yaml", checklist(OWNER.replace("}", ", valid_for: 5d}")))
    write(
        root / "workloads/shop/review.yaml",
        "review: shop\nanswers: {basics/owner: {answer: yes, by: ann, on: 2026-11-20}}\n",
    )


def _evidence(root: Path) -> None:
    entry = f"{{title: drill, url: https://example.com/drill, expires: {LAST}}}"
    told = f"{{answer: yes, by: ann, on: 2026-11-20, evidence: [{entry}]}}"
    write(root / "workloads/shop/review.yaml", f"review: shop\nanswers: {{basics/owner: {told}}}\n")


def _launch(root: Path) -> None:
    _plan(root)
    text = (root / "workloads/shop/workload.yaml").read_text(encoding="utf-8")
    write(root / "workloads/shop/workload.yaml", text.replace("2026-12-01", LAST))
    review = (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")
    write(root / "workloads/shop/review.yaml", review.replace(f"due: {LAST}", "due: 2026-12-20"))


def _leave(root: Path) -> None:
    write(root / "checklists/more.yaml", checklist(OWNER, name="more"))
    leave = f"leave_out: {{more: {{reason: later, {APPROVED}, on: 2026-11-20, expires: {LAST}}}}}\n"
    make_workload(root, "shop", more=leave)


def _exception(root: Path) -> None:
    strict = OWNER.replace("owner,", "strict,").replace("}", ", when: {tier: [1, 2]}}")
    write(root / "checklists/basics.yaml", checklist(OWNER, strict))
    exception = f"{{tier: 4, instead_of: 2, reason: small, {APPROVED}, on: 2026-11-20, expires: {LAST}}}"
    make_workload(root, "shop", more=f"tier: 4\ntier_exception: {exception}\n")
    write(
        root / "workloads/shop/review.yaml",
        "review: shop\nanswers: {basics/owner: {answer: yes, by: ann, on: 2026-11-20}}\n",
    )


ENDS: Mapping[str, Callable[[Path], None]] = MappingProxyType(
    {
        "a waiver": _waiver,
        "a plan": _plan,
        "an answer": _age,
        "evidence": _evidence,
        "what only covers before the launch": _launch,
        "a leave to go without a checklist": _leave,
        "an exception to the tier": _exception,
    }
)


@pytest.mark.kernel
@pytest.mark.parametrize("what", ENDS)
def test_the_day_after_an_end_every_reader_says_no_go(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ENDS[what](make_workspace(tmp_path, "shop"))
    monkeypatch.chdir(tmp_path)

    def verdicts() -> set[str]:
        """What check, re-check, its recorded run, form, fleet and Python say."""
        main(["check", "shop", "--format", "json"])
        said = {json.loads(capsys.readouterr().out)["verdict"]}
        main(["recheck", "--progress", "none"])
        assert capsys.readouterr().err == ""
        with open_history(tmp_path) as history:
            said.add(history.trends(9)["shop"][-1][1])
        said.add(Session(tmp_path, "shop").assessment.verdict.value)
        (standing,) = gather(Workspace(tmp_path), tmp_path / "reports").standings
        assert standing.assessment is not None
        return said | {standing.assessment.verdict.value, orr.assess("shop").verdict}

    monkeypatch.setenv("ORR_TEST_CLOCK", LAST)
    before = verdicts()
    monkeypatch.setenv("ORR_TEST_CLOCK", AFTER)
    assert (before & {"no-go"}, verdicts()) == (set(), {"no-go"})
    assert len(before) == 1
