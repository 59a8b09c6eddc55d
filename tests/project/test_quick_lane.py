"""The quick lane leaves no module out: each is tried by a test that `make quick` runs."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support import ROOT, TESTS
from support.lanes import BY_FIXTURE, PROGRAMS

from tools.architecture import MODULES, imported, tree

LANES = {*PROGRAMS, "slow"}
KINDS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["orr.checks"]
BY_NAME = {kind: entry.partition(":")[0] for kind, entry in KINDS.items()} | {
    module.rpartition(".")[2].strip("_"): module for module in MODULES if module.startswith("orr.cli.commands.")
}
"""What is loaded where somebody names it: kinds of checks, and commands."""
FARTHER = {
    "orr.__main__": "cli/test_cli.py",
    "orr.evidence.checks.contents.tools": "evidence/checks/contents/test_contents.py",
    "orr.evidence.checks.results.attestations": "evidence/checks/test_results.py",
    "orr.history.database": "history/test_history.py",
}
"""Modules that are tried through more than one other, and the tests that do it."""
IN_AN_ENGINE = ("orr.execution.engines.", "orr.report.sample", "orr.report.warming")
"""What works only in the processes of an engine: only tests with the marker `kernel` may start those."""


def marks(nodes: list[ast.expr]) -> set[str]:
    """The markers in decorators, or in what `pytestmark` is."""
    return {
        node.attr
        for one in nodes
        for node in ast.walk(one)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pytest.mark"
    }


def is_quick(path: Path) -> bool:
    """Whether a file has a test that no marker, and no fixture that brings one, keeps out of the quick lane."""
    body = tree(path).body
    assigned = [node for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"]
    if any(marks([node.value]) & LANES for node in assigned):
        return False
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not marks(node.decorator_list) & LANES
        and not BY_FIXTURE.keys() & {argument.arg for argument in node.args.args}
        for node in body
    )


def used(path: Path) -> Iterator[str]:
    """The modules that a file of tests mirrors, imports, or names to what loads by name."""
    words: set[str] = set()
    inner = path.relative_to(TESTS).with_suffix("").parts
    mirrored = [*inner[:-1], inner[-1].removeprefix("test_")]
    yield ".".join(["orr", *(mirrored[:-1] if mirrored[-2:-1] == mirrored[-1:] else mirrored)])
    modules = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
    yield from modules
    if modules & {"orr.cli", "orr.testing"}:
        yield from (BY_NAME[word] for word in words & BY_NAME.keys())


@cache
def at_hand() -> dict[str, set[str]]:
    """By file with a quick test, the modules that it uses and those that they import."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if is_quick(path):
            near = set(used(path)) & MODULES.keys()
            name = path.relative_to(TESTS).as_posix()
            found[name] = near | {other for module in near for _, other in imported(module)}
    return found


def holds_code(module: str) -> bool:
    return any(not isinstance(node, ast.Expr) for node in tree(MODULES[module]).body)


def test_every_module_is_tried_by_a_quick_test() -> None:
    tried = {module for modules in at_hand().values() for module in modules}
    missing = {module for module in MODULES if holds_code(module) and not module.startswith(IN_AN_ENGINE)} - tried
    assert missing == set(FARTHER), "write a test in the file that mirrors it"


@pytest.mark.parametrize(("module", "file"), FARTHER.items(), ids=FARTHER)
def test_what_is_tried_from_farther_away_is_reached_from_there(module: str, file: str) -> None:
    reached, ahead = set[str](), set(at_hand()[file])
    while ahead:
        reached |= ahead
        ahead = {other for one in ahead for _, other in imported(one)} - reached
    program = {"orr.__main__": "orr.cli"}  # run as `python -m`
    assert program.get(module, module) in reached
