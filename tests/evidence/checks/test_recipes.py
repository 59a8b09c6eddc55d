"""Every recipe, of AWS and of other products, told good from bad in each situation.

Answers of AWS have the shapes of botocore's model; those of other products are as the page documents that the example
names. That a call is refused, that nothing is there, or that one page is not all is made from what is written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import aws_cases, service_cases
from support.local_server import Local, local_server

from orr.evidence.checks.aws import calls
from orr.evidence.checks.aws.recipes import library
from orr.evidence.checks.service.recipes import all_names, services
from orr.messages import LANGUAGES, render
from orr.model.workload import Owner, Workload
from orr.testing import run_check

SHOP = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"))
ALWAYS = ("proves", "disproves", "empty", "forbidden")
PARTIAL = {
    **{name: bool(aws_cases.pages(name)) for name in library()},
    **{name: bool(service_cases.pages(name)) for name in all_names()},
}
"""The recipes, and whether their answers come in pages, of which one may be missing."""


@pytest.fixture(scope="module")
def server() -> Iterator[Local]:
    with local_server() as local:
        yield local


@pytest.mark.parametrize("name", PARTIAL)
def test_a_recipe_tells_good_from_bad(
    name: str, server: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = _of_aws if name in library() else _of_others
    for which in (*ALWAYS, *["partial page"] * PARTIAL[name]):
        judged = 0
        for finding, outcomes in findings(name, which, server, tmp_path, monkeypatch):
            judged += 1
            assert finding.outcome in outcomes, (which, outcomes, str(finding.says))
            assert all(render(finding.says, language) for language in LANGUAGES), which
            assert "Stub" not in str(finding.says), which
        assert judged, which


def _of_aws(
    name: str, which: str, _: Local, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for played in aws_cases.situation(name, which):
        monkeypatch.setattr(calls, "MAX_PAGES", played.pages)
        finding, left = aws_cases.play(name, played.calls, folder)
        assert left == {} or "unknown" in played.outcomes or which == "empty", (left, str(finding.says))
        yield finding, played.outcomes


def _of_others(
    name: str, which: str, server: Local, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for token in (token for service in services() for token in service.tokens):
        monkeypatch.setenv(token, f"secret-of-{token}")
    for served in service_cases.situation(name, which):
        server.answers.clear()
        server.asked.clear()
        server.answers.update(served.answers)
        values = service_cases.EXAMPLES[name].get("values", {})
        finding = run_check("service", folder, recipe=name, at=server.url, workload=SHOP, values=values)
        assert {one.path for one in server.asked} <= set(served.answers)
        assert "secret-of" not in str(finding.says)
        yield finding, served.outcomes


def test_no_case_is_of_a_recipe_that_is_gone() -> None:
    assert set(aws_cases.EXAMPLES) == set(library())
    assert set(service_cases.EXAMPLES) == set(all_names())
