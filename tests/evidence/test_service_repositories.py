"""`orr init` on the repositories of services, and what they prove and lack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.service_repositories import REPOSITORIES, make

from orr.cli import main

TODAY = "2026-11-23"
WATCHED, PIPELINE, OWNED = (
    "security-baseline/dependencies-watched",
    "prepare/pipeline-only",
    "organization/components-owned",
)
RUNBOOK, DECISIONS = "runbooks/routine-tasks-covered", "organization/trade-offs-recorded"

PROVES = {
    "in-a-catalogue": {OWNED, WATCHED},
    "open-to-all": {PIPELINE, WATCHED},
    "owned-as-a-whole": {OWNED, PIPELINE, WATCHED},
    "owned-by-nobody": {PIPELINE, WATCHED, DECISIONS},
    "with-one-runbook": {OWNED, PIPELINE, RUNBOOK},
}
"""By repository, which of the items above its files prove."""
READ = ("any_of", "document", "files", "ownership")


@pytest.mark.parametrize("name", REPOSITORIES)
def test_a_repository_without_answers_is_no_go_and_shows_what_it_proves(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = make(tmp_path / "services", name)
    monkeypatch.chdir(tmp_path)
    assert main(["init", name, "--repository", str(repository), "--today", TODAY]) == 0
    capsys.readouterr()
    assert main(["check", name, "--today", TODAY, "--format", "json"]) == 1
    assessment = json.loads(capsys.readouterr().out)
    assert (assessment["verdict"], assessment["verdict_at_best"]) == ("no-go", "no-go")
    unknown = [item["item"] for item in assessment["items"] if item["state"] == "unknown"]
    assert unknown == ["organization/launch-window-open"]  # no launch is known yet
    found = {
        item["item"]: {finding["outcome"] for finding in item["evidence"] if finding["check"] in READ}
        for item in assessment["items"]
    }
    items = (WATCHED, PIPELINE, OWNED, RUNBOOK, DECISIONS)
    assert {item for item in items if found[item] == {"met"}} == PROVES[name]
    assert "met" not in found["rollback-plan/rehearsed"]
