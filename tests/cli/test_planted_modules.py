"""Commands among modules that somebody planted: none is imported in place of one of Python's, of a package or of orr.

A file of every name that can be imported lies in the workspace, in the folder of a workload, in its repository and
beside the notebooks; each leaves a trace when it is executed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import cycle
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from support import ROOT
from support.lab_stage import free_port
from support.processes import wait_for
from support.workspace_sample import put

TODAY = "2026-11-22"
BESIDE = "beside_the_notebook"
"""The name of nothing that is installed."""
CHECKLIST = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - item: own
        ask: Own?
        risk: high
        checks: [{check: command, argv: [git, version], folder: repository}, {check: files, paths: '*'}]
"""


def packages() -> set[str]:
    """The packages that can be imported; a search through all that is installed."""
    return {name for name in packages_distributions() if name.isidentifier()} - {"orr"}


class Planted:
    """A workspace, and how its commands are called.

    Parameters
    ----------
    folder
        Where it is made.
    names
        The modules that are planted.
    """

    def __init__(self, folder: Path, names: set[str]) -> None:
        self.root, self.traces, self.script = folder / "workspace", folder / "traces", folder / "bin" / "orr"
        self.repository = folder / "services" / "shop"
        workload = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\nrepository: ../../../services/shop\n"
        put(self.root, {
            "orr.yaml": "repositories: [../services]\nallow: [command]\nhistory: sqlite:///history.db\n",
            "checklists/c.yaml": CHECKLIST, "workloads/shop/workload.yaml": workload, "teams/payments.yaml": None,
            "workloads/shop/review.yaml": None, "organization.yaml": None,
        })  # fmt: skip
        self.script.parent.mkdir()
        self.script.write_text("from orr.cli import run\nrun()\n", encoding="utf-8")  # as pip writes it
        self.traces.mkdir()
        for place in (self.root, self.root / "workloads" / "shop", self.repository, self.root / "notebooks"):
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                trace = self.traces / f"{name} of {place.name}"
                (place / f"{name}.py").write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")

    @property
    def executed(self) -> list[str]:
        return sorted(path.name for path in self.traces.iterdir())

    def call(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words, "--today", TODAY], cwd=folder or self.root, capture_output=True, text=True,
            check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """One for all commands: what any of them executes leaves its trace."""
    every = {*sys.stdlib_module_names, *packages(), "orr", "sitecustomize", "usercustomize"}
    return Planted(tmp_path_factory.mktemp("planted"), every)


@pytest.fixture(autouse=True)
def orr_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))


QUICK = {
    "check": "check shop", "lint": "lint", "history": "history shop", "checks": "checks", "schema": "schema workload",
    "waive": "waive shop c/own --reason R --expires 2026-12-01 --by wei", "impact": "impact HEAD", "init": "init cart",
    "export": "export shop", "sign": "sign shop security no-go --by ana", "trust": "trust",
}  # fmt: skip
SLOW = {
    "fleet": "fleet", "report": "report shop", "report-papermill": "report shop --engine papermill",
    "recheck": "recheck", "recheck-papermill": "recheck --jobs 2 --engine papermill",
}  # fmt: skip


PLACES = ("workspace", "workload")


@pytest.mark.parametrize(
    ("words", "place"),
    [
        pytest.param(QUICK["check"], "workload", id="check in a workload"),
        # The others in one place each, in turn: Python looks for modules in the folder that it stands in, whichever.
        *(pytest.param(QUICK[name], place, id=name) for name, place in zip(QUICK, cycle(PLACES), strict=False)),
        *(
            pytest.param(SLOW[name], place, id=name, marks=pytest.mark.kernel)
            for name, place in zip(SLOW, cycle(PLACES), strict=False)
        ),
    ],
)
def test_a_command_imports_nothing_from_where_it_stands(planted: Planted, words: str, place: str) -> None:
    folder = planted.root if place == "workspace" else planted.root / "workloads" / "shop"
    done = planted.call(str(planted.script), *words.split(), folder=folder)
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr
    assert planted.executed == []


def test_a_module_of_python_imports_no_package_from_where_it_stands(tmp_path: Path) -> None:
    planted = Planted(tmp_path, packages())
    assert "shop" in planted.call("-m", "orr", "check", "shop").stdout
    assert planted.executed == []


NOTEBOOK = """
import nbformat, papermill
made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import BESIDE, pandas; 1 / 0")])
made.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": ""}
try:
    papermill.execute_notebook(made, None, engine_name="orr-worker", progress_bar=False)
except papermill.PapermillExecutionError as error:
    assert error.ename == "ZeroDivisionError", error
""".replace("BESIDE", BESIDE)


@pytest.mark.kernel
def test_a_cell_of_papermills_in_a_worker_imports_what_lies_beside_it_but_never_in_place_of_what_is_installed(
    planted: Planted,
) -> None:
    (planted.root / f"{BESIDE}.py").write_text("HERE = True\n", encoding="utf-8")
    script = planted.script.with_name("cells")
    script.write_text(NOTEBOOK, encoding="utf-8")
    done = planted.call(str(script))
    assert (done.returncode, planted.executed) == (0, []), done.stderr


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder for sockets, which have short names."""
    folder = Path(tempfile.mkdtemp(prefix="orr-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.kernel
def test_a_reviews_cell_imports_what_lies_beside_it_but_never_in_place_of_what_is_installed(
    planted: Planted, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = planted.root / "notebooks" / f"{BESIDE}.py"
    beside.write_text("HERE = True\n", encoding="utf-8")
    port, token = free_port(), "token"
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    options = ["--allow-root", f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command = [sys.executable, str(planted.script), "review", "shop", "--no-browser", "--", *options]
    with (runtime / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=planted.root, stdout=log, stderr=log, start_new_session=True)

    def ask(path: str, content: object = None) -> dict[str, dict[str, str]] | None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/{path}",
            data=None if content is None else json.dumps(content).encode(),
            headers={"Authorization": f"token {token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return dict(json.load(answer))
        except OSError:
            assert process.poll() is None, (runtime / "log").read_text()
            return None

    try:
        wait_for("JupyterLab answers", lambda: ask("status"))
        asked = {"path": "notebooks/review.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        session = ask("sessions", asked)
        assert session is not None
        client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{session['kernel']['id']}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(60)
        for cell in (f"import os, orr, {BESIDE}; assert os.getcwd().endswith('notebooks')", 'orr.review("shop")'):
            reply = client.execute_interactive(cell, timeout=60, output_hook=lambda _: None)
            assert reply["content"]["status"] == "ok", reply["content"]
        client.stop_channels()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
    assert planted.executed == []
