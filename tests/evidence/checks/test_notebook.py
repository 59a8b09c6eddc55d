"""The kind `notebook`: run to its end, or it is no evidence; the executed copy is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from orr.evidence import EvidencePlaces, faults_of
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload
from orr.testing import TODAY

SHOP = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"), tags=("svc:web",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("notebooks", "workloads/shop"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def runbook(path: Path, *cells: str | Any, parameters: str = "dry_run = True\nservice = ''", **metadata: Any) -> None:
    head = [new_markdown_cell("# Fail over"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    body = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[*head, *body], metadata=metadata), path)


def check(root: Path, path: str = "notebooks/failover.ipynb", allow: str = "notebook", **parameters: Any) -> Finding:
    repository = root / "workloads" / "shop"
    places = EvidencePlaces(repository, (root,), {"workload": repository})
    context = Context.of(SHOP, places, TODAY, settings=Settings(allow=(allow,)))
    try:
        return run(context, CheckSpec("notebook", dict(path=path, **parameters)))
    finally:
        context.reader.close()


def words(finding: Finding) -> str:
    assert all(render(finding.says, language) for language in LANGUAGES)
    return render(finding.says, "en")


def kept(root: Path) -> list[Path]:
    return sorted((root / "reports").rglob("*")) if (root / "reports").is_dir() else []


@pytest.mark.kernel
def test_a_notebook_that_runs_to_its_end_is_met_and_kept_without_secrets(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "h0rse+battery")
    runbook(
        root / "notebooks/failover.ipynb",
        "import os\nassert os.listdir('.') == [] and dry_run is False and service == 'web-shop'",
        "print('token', os.environ['DEPLOY_TOKEN'], 'password=' + 'hunter' + '22')\n"
        "{'text': os.environ['DEPLOY_TOKEN']}",
        "from IPython.display import Image, display\ndisplay(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 30))",
    )
    given = {"dry_run": False, "service": "{tag:svc}-{workload}"}
    finding = check(root, parameters=given, good_for="30d")
    assert (finding.outcome, finding.holds_until) == ("met", date(2026, 12, 23)), words(finding)
    (copy,) = [path for path in kept(root) if path.is_file()]
    assert copy.parent == root / "reports" / "shop" / "evidence"
    assert f"all 4 cells of code succeeded (executed copy: {copy.relative_to(root).as_posix()})" in words(finding)
    text = copy.read_text(encoding="utf-8")
    assert "h0rse" not in text
    assert "hunter22" not in text
    executed = nbformat.read(copy, as_version=4)
    nbformat.validate(executed)
    assert executed.cells[4].outputs[0].text == "token *** password=***\n"
    assert executed.cells[5].outputs[0].data["image/png"].startswith("iVBORw0KGgow")
    # Again with the same parameters: the copy takes the place of the one before.
    assert check(root, parameters=given).holds_until is None
    assert [path for path in kept(root) if path.is_file()] == [copy]


FAILURES = {
    "a cell that raises": (["1 / 0", "2"], {}, "not-met", "ZeroDivisionError", True),
    "an end before its end": (["import sys; sys.exit(0)", "1"], {}, "not-met", "cells of code", True),
    "a skipped cell": (
        [new_code_cell("1", metadata={"tags": ["skip-execution"]})],
        {},
        "not-met",
        "after 1 of 2",
        True,
    ),
    "a killed kernel": (["import os; os.kill(os.getpid(), 9)", "1"], {}, "unknown", "died", True),
    "too slow in all": (["import time"] + ["time.sleep(1.2)"] * 6, {"timeout": 4}, "unknown", "longer than", True),
}


@pytest.mark.kernel
@pytest.mark.parametrize(("cells", "parameters", "outcome", "says", "copy"), FAILURES.values(), ids=FAILURES.keys())
def test_a_notebook_that_does_not_run_to_its_end_is_not_met_or_unknown(
    root: Path, cells: list[Any], parameters: dict[str, Any], outcome: str, says: str, copy: bool
) -> None:
    runbook(root / "notebooks/failover.ipynb", *cells)
    finding = check(root, **parameters)
    assert finding.outcome == outcome, words(finding)
    assert says in words(finding)
    assert bool(kept(root)) is copy


UNRUN = {
    "no notebook": ("notebooks/none.ipynb", {}, "there is no file"),
    "a notebook of the repository": ("workloads/shop/failover.ipynb", {}, "where it may be run"),
    "a link to one of the repository": ("notebooks/link.ipynb", {}, "where it may be run"),
    "an executed copy": ("reports/shop/evidence/failover.ipynb", {}, "where it may be run"),
    "outside": ("../failover.ipynb", {}, "where it may be run"),
    "an absolute path": ("/etc/passwd", {}, "no path relative"),
    "no notebook in it": ("notebooks/text.ipynb", {}, "cannot be read"),
    "another language": ("notebooks/r.ipynb", {}, "written in R"),
    "nothing to run": ("notebooks/empty.ipynb", {}, "no code to run"),
    "an unknown parameter": ("notebooks/failover.ipynb", {"parameters": {"dryrun": True}}, "no parameter dryrun"),
}


@pytest.mark.parametrize(("path", "parameters", "says"), UNRUN.values(), ids=UNRUN.keys())
def test_what_may_not_or_cannot_be_run_is_unknown_and_not_run(
    root: Path, path: str, parameters: dict[str, Any], says: str
) -> None:
    touch = f"open({str(root / 'touched')!r}, 'w')"
    for place in ("notebooks", "workloads/shop", "reports/shop/evidence"):
        runbook(root / place / "failover.ipynb", touch)
    runbook(root.parent / "failover.ipynb", touch)
    runbook(root / "notebooks/r.ipynb", touch, kernelspec={"name": "ir", "display_name": "R", "language": "R"})
    runbook(root / "notebooks/empty.ipynb")
    (root / "notebooks/text.ipynb").write_text("{}")
    (root / "notebooks/link.ipynb").symlink_to("../workloads/shop/failover.ipynb")
    finding = check(root, path, **parameters)
    assert finding.outcome == "unknown"
    assert says in words(finding)
    assert not (root / "touched").exists()


def test_a_notebook_of_format_3_is_unknown_and_says_how_to_convert_it(root: Path) -> None:
    cell = '{"cell_type": "code", "input": "print(1)", "language": "python", "outputs": [], "metadata": {}}'
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "notebooks/old.ipynb").write_text(
        f'{{"nbformat": 3, "nbformat_minor": 0, "metadata": {{"name": ""}}, "worksheets": [{{"cells": [{cell}]}}]}}'
    )
    finding = check(root, "notebooks/old.ipynb")
    assert finding.outcome.value == "unknown"
    assert "old.ipynb is no notebook of format 4; convert it with `jupyter nbconvert --to notebook`" in words(finding)


@pytest.mark.kernel
def test_the_copy_is_not_written_through_a_link_out_of_the_workspace(root: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "reports").symlink_to(outside)
    runbook(root / "notebooks/failover.ipynb", "1")
    assert check(root).outcome == "unknown"
    assert list(outside.iterdir()) == []


def test_it_runs_only_where_it_is_allowed(root: Path) -> None:
    runbook(root / "notebooks/failover.ipynb", f"open({str(root / 'touched')!r}, 'w')")
    assert check(root, allow="command").outcome == "unknown"
    assert not (root / "touched").exists()


FAULTS = {
    "a name that is code": {"import os; x": 1},
    "a keyword": {"import": 1},
    "not a number": {"x": float("nan")},
}


@pytest.mark.parametrize("parameters", FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_parameter_of_the_notebook_is_a_fault(parameters: dict[str, Any]) -> None:
    spec = CheckSpec("notebook", {"path": "notebooks/failover.ipynb", "parameters": parameters})
    assert [keys for keys, _, _ in faults_of(spec)] == [("parameters",)]
