"""What `import orr` offers: names, errors and the line by which each object shows itself."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT
from support.form_stage import workspace
from support.fuzzing import examples

import orr
from orr.evidence.collect import collect
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES
from orr.messages.errors import BadArgument
from orr.source.faults import FaultyInput
from orr.workspace.workspace import Workspace

TODAY = "2026-11-22"
NAMES = ["Assessment", "Fleet", "OrrError", "assess", "assess_fleet", "review", "roster", "runs"]
MODULES = [
    module.name for module in pkgutil.walk_packages(orr.__path__, "orr.") if not module.name.endswith(".__main__")
]

SIGNALS = {
    "orr.cli.frame.Stop": "ends a command",
    "orr.evaluate.riskrules.RuleError": "becomes a fault of the checklist",
    "orr.evidence.calendars.ical.recurrence.Refused": "becomes `unknown` with its words",
    "orr.evidence.checks.incidents.times.UnclearMoment": "becomes `unknown` with its cause",
    "orr.evidence.checks.ownership.codeowners.TooManyRules": "becomes `unknown`",
    "orr.evidence.checks.results.shape.Misshapen": "becomes `unknown` with the place",
    "orr.evidence.checks.results.shape.TooMany": "becomes `unknown` with the place",
    "orr.evidence.kinds.parameters.Refused": "pydantic wants a ValueError, and makes a fault of it",
    "orr.evidence.live.query.BadExpression": "becomes a fault, or `unknown`",
    "orr.evidence.repository.globs.BadPattern": "becomes a fault, or `unknown`",
    "orr.execution.engines.worker.Crashed": "the report fails",
    "orr.execution.engines.workers.CannotFork": "another engine is taken, or the report fails",
    "orr.execution.engines.workers.Lost": "the report fails",
    "orr.form.changes.BothChanged": "the form asks",
    "orr.history.past_runs.Incomplete": "the gate lets nothing pass",
    "orr.history.past_runs.Unreadable": "the report says that there is no history",
    "orr.system.git.GitRefused": "becomes `NoRevision`, or `unknown`",
    "orr.system.programs.NotRun": "becomes `unknown`, or `KeygenRefused`",
    "orr.system.ssh_signatures.KeygenRefused": "what is signed becomes `unknown`",
    "orr.workspace.git.Outside": "the file counts as missing",
}
"""The exceptions that are caught inside, and what becomes of them."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path)


# Names

EVERYTHING_FIRST = f"""
import importlib, inspect, json, pkgutil
import orr
for module in pkgutil.walk_packages(orr.__path__, "orr."):
    if not module.name.endswith(".__main__"):
        importlib.import_module(module.name)
found = {{name: getattr(orr, name) for name in orr.__all__}}
assert not any(inspect.ismodule(one) for one in found.values())
calls = [
    orr.assess("checkout", today="{TODAY}"), orr.assess_fleet(today="{TODAY}"), orr.roster("checkout", today="{TODAY}"),
    orr.runs("checkout"), orr.review("checkout", today="{TODAY}"),
]
print(json.dumps([type(one).__name__ for one in calls]))
"""


def test_the_public_names_are_these() -> None:
    assert orr.__all__ == NAMES
    shown = {name for name in dir(orr) if not name.startswith("_")}
    assert {name for name in shown if not inspect.ismodule(getattr(orr, name))} == set(NAMES)


@pytest.mark.slow
def test_every_name_works_after_every_module_was_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING_FIRST], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["Assessment", "Fleet", "Roster", "DataFrame", "ReviewForm"]


def test_no_public_name_is_that_of_a_module() -> None:
    assert {name.split(".")[1] for name in MODULES} & set(NAMES) == set()


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'asess'"):
        orr.asess  # noqa: B018


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_documented(name: str) -> None:
    said = inspect.getdoc(getattr(orr, name))
    assert said is not None
    assert "Parameters\n" in said or "Attributes\n" in said


# Errors


@pytest.mark.slow
def test_every_exception_is_an_orr_error_or_a_signal_that_is_caught() -> None:
    ours = {
        f"{module}.{name}": kind
        for module in MODULES
        for name, kind in vars(importlib.import_module(module)).items()
        if inspect.isclass(kind) and issubclass(kind, BaseException) and kind.__module__ == module
    }
    assert len(ours) > len(SIGNALS)
    signals = {name for name, kind in ours.items() if not issubclass(kind, orr.OrrError)}
    assert {name for name in signals if not name.rpartition(".")[2].startswith("_")} == set(SIGNALS)


WORKLOADS = "the workloads are: shop"
MISTAKES: dict[str, tuple[Callable[[Path], Any], type[Exception], str]] = {
    "a workload": (lambda root: orr.assess("shpo", root), FaultyInput, WORKLOADS),
    "a number as workload": (lambda root: orr.assess(7, root), BadArgument, "papermill: -r workload NAME.*: shop"),  # type: ignore[arg-type]
    "a language": (lambda root: orr.assess("shop", root, language="de"), BadArgument, "it is one of en, zh-CN"),
    "an occasion": (
        lambda root: orr.assess("shop", root, occasion="lunch"), BadArgument, "one of launch, change, recurring",
    ),
    "a day": (lambda root: orr.assess("shop", root, today="soon"), BadArgument, "1900 to 9000 as YYYY-MM-DD"),
    "a workspace": (lambda root: orr.assess("shop", root.parent / "no"), FaultyInput, r"there is no orr\.yaml"),
    "a number as workspace": (lambda _: orr.assess("shop", 7), BadArgument, "give a folder as text or path"),  # type: ignore[arg-type]
    "a fleet's language": (lambda root: orr.assess_fleet(root, language="de"), BadArgument, "one of en, zh-CN"),
    "a fleet's day": (lambda root: orr.assess_fleet(root, today="soon"), BadArgument, "write a day"),
    "a form's language": (lambda root: orr.review("shop", root, language="de"), BadArgument, "one of en, zh-CN"),
    "a roster's workload": (lambda root: orr.roster("shpo", root), FaultyInput, WORKLOADS),
    "a roster's parameter": (lambda root: orr.roster("shop", root, day=3), BadArgument, "read by path, days"),
    "a roster that is not asked for": (lambda root: orr.roster("shop", root), Undetermined, "no checklist of shop"),
    "a history's workload": (lambda root: orr.runs("shpo", root), FaultyInput, WORKLOADS),
}  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_an_orr_error_that_says_what_there_is(
    root: Path, call: Callable[[Path], Any], kind: type[Exception], says: str
) -> None:
    with pytest.raises(orr.OrrError, match=says) as raised:
        call(root)
    assert type(raised.value) is kind
    assert all(raised.value.in_words(language) for language in LANGUAGES)


ANYTHING = st.none() | st.text(max_size=12) | st.integers() | st.sampled_from(["shop", "en", TODAY, "launch", "."])


@settings(max_examples=examples(60))
@given(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING), st.data())
def test_whatever_is_given_only_an_orr_error_leaves(root: Path, given: tuple[Any, ...], data: st.DataObject) -> None:
    workload, today, language, other = given
    call: Callable[[], Any] = data.draw(
        st.sampled_from(
            [
                lambda: orr.assess(workload, root, today=today, language=language, occasion=other),
                lambda: orr.assess("shop", other),
                lambda: orr.assess_fleet(root, today=today, language=language),
                lambda: orr.roster(workload, root, today=today, path=other, days=language),
                lambda: orr.runs(workload, root),
            ]
        )
    )
    with suppress(orr.OrrError):
        call()


# The line by which each shows itself


@pytest.mark.slow
def test_what_a_notebook_meets_shows_itself_in_a_line() -> None:
    space = Workspace(ROOT, date(2026, 11, 22))
    case = space.case("checkout")
    evidence = collect(case, space.places(case), space.settings, space.today)
    assessment, roster = orr.assess("checkout", ROOT, today=TODAY), orr.roster("checkout", ROOT, today=TODAY)
    found = assessment.report().assessment
    shown = {
        "<Workspace ": space,
        "<Case of checkout: launch>": case,
        "<Evidence on ": evidence,
        "<Evaluation of checkout on 2026-11-22: conditional-go>": found,
        "<ItemAssessment of ": found.items[0],
        "Checkout, launch review: conditional go": assessment,
        "Checkout, launch review as of 2026-11-22: conditional go: ": assessment.report(),
        "Roster of checkout, 2026-11-": roster,
        "<Opened ": roster.opened,
        "Fleet of ": (fleet := orr.assess_fleet(ROOT, today=TODAY)),
        "Fleet readiness, 2026-11-22": fleet.report(),
    }
    for begins, what in shown.items():
        assert repr(what).startswith(begins)
        assert len(repr(what)) < 200
        assert "\n" not in repr(what)
