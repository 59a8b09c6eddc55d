"""What earlier runs required, read with and without SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.fleet_sample import TODAY, assessed, make_workload, make_workspace, write
from support.history_sample import Where, assessment, postgresql, run_of, where

from orr.assessing import assess
from orr.history import History
from orr.history.past_runs import recorded_ballots, required_by_runs
from orr.messages import render
from orr.workspace.workspace import Workspace

__all__ = ["postgresql", "where"]

URL = "sqlite:///reports/history.db"


def record(where: Where, *runs: tuple[int, str, str]) -> None:
    """Record runs: how many days ago, the decision, and what was required."""
    with closing(History(*where)) as history:
        for ago, decision, required in runs:
            day = TODAY - timedelta(days=ago)
            history.record(
                run_of({**assessment(today=day), "decision": decision, "requirements": {"x": required}}, today=day)
            )


def found(where: Where, name: str = "shop") -> list[tuple[str, str, Any]]:
    return [(one.kind, one.name, one.required) for one in required_by_runs(*where, name, TODAY)]


def test_the_last_run_and_that_of_the_last_decision_are_read_from_any_database(where: Where) -> None:
    record(where, (9, "go", "a"), (8, "no-go", "b"), (7, "pending", "c"), (6, "pending", "d"))
    assert found(where) == [("run", "2026-11-17", {"x": "d"}), ("decision", "2026-11-15", {"x": "b"})]
    assert found(where, "nobody") == []


def test_a_last_run_that_was_decided_stands_once(where: Where) -> None:
    record(where, (9, "pending", "a"), (8, "go", "b"))
    assert found(where) == [("decision", "2026-11-15", {"x": "b"})]


def test_runs_for_later_days_and_of_releases_and_simulations_are_not_looked_at(where: Where) -> None:
    record(where, (9, "pending", "a"), (-1, "go", "b"))
    with closing(History(*where)) as history:
        for name in ("shop/2.4.1", "shop/@simulated"):
            history.record(run_of({**assessment(), "requirements": {"x": name}}, workload=name))
    assert found(where) == [("run", "2026-11-14", {"x": "a"})]
    assert [one[2] for one in found(where, "shop/2.4.1")] == [{"x": "shop/2.4.1"}]


def test_a_run_that_holds_no_requirements_is_told_to_be_not_compared(where: Where) -> None:
    with closing(History(*where)) as history:
        history.record(run_of(assessment()))
    (one,) = required_by_runs(*where, "shop", TODAY)
    assert one.required is None
    assert render(one.why, "en") == "it does not hold what was required"


@pytest.mark.parametrize(
    "url",
    ["sqlite:///bad.db", "sqlite:///empty.db", "nonsense", "postgresql+psycopg://me@127.0.0.1:1/x?connect_timeout=1"],
)
def test_a_history_that_cannot_be_read_is_told_to_be_not_compared(tmp_path: Path, url: str) -> None:
    write(tmp_path / "bad.db", "no database at all" * 100)
    write(tmp_path / "empty.db", "")
    (one,) = required_by_runs(url, tmp_path, "shop", TODAY)
    assert (one.kind, one.required) == ("history", None)
    assert "cannot be read" in render(one.why, "en")


def test_an_assessment_is_compared_with_the_runs_of_its_workspace_and_loads_no_sqlalchemy(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop")
    with closing(History(URL, root)) as history:
        history.record(run_of(assessed(root, "shop")))
    make_workload(root, "shop", more="tags: [internal]\nlaunch: 2026-12-20\n")
    assert [render(one.says, "en") for one in assess(Workspace(root, TODAY), "shop").milder] == [
        "launch: 2026-12-01 → 2026-12-20 (compared with the run of 2026-11-23)"
    ]
    program = (
        "import sys; from orr.assessing import assess, open_workspace;"
        f" found = assess(open_workspace({str(root)!r}, '2026-11-23')[0], 'shop');"
        " sys.exit(len(found.milder) != 1 or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_was_voted_on_is_read_by_its_digest_from_any_database(where: Where) -> None:
    digests = {name: f"sha256:{name * 64}" for name in "abc"}
    with closing(History(*where)) as history:
        for ago, (name, digest) in enumerate(digests.items(), 1):
            day = TODAY - timedelta(days=9 - ago)
            told = {"digest": digest, "ballot": {"answer:c/a": [name * 16, f"said {name}"]}}
            history.record(run_of({**assessment(today=day), **told}, today=day))
    found = recorded_ballots(*where, "shop", [digests["a"], digests["c"], "sha256:" + "0" * 64])
    assert {digest: old.parts["answer:c/a"].text for digest, old in found.items()} == {
        digests["a"]: "said a",
        digests["c"]: "said c",
    }
    assert recorded_ballots(*where, "nobody", [digests["a"]]) == {}
