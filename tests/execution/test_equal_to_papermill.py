"""The engines under papermill alone: what they leave is what papermill's own engine leaves."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from jupyter_client.kernelspec import KernelSpec
from support.engine_notebooks import CELLS, FAILING, OverFiles, notebook, without_times

from orr.execution.engines import WORKER, engine_or_default
from orr.system.resources import shipped

EARLIER = "orr-kernel"
OURS = (WORKER, EARLIER)
pytestmark = [pytest.mark.kernel, pytest.mark.filterwarnings("ignore:orr-kernel is a name of earlier releases")]


def executed(what: Any, engine: str | None, folder: Path, **more: Any) -> tuple[Any, object]:
    """What is left of a notebook, and how papermill ended."""
    path = folder / "executed.ipynb"
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # a kernel that sees it does not hear what programs write
    try:
        papermill.execute_notebook(
            copy.deepcopy(what), path, {"p": 2}, engine_name=engine, progress_bar=False, cwd=folder, **more
        )
    except Exception as error:
        told = tuple(getattr(error, name, None) for name in ("exec_count", "ename"))
        return without_times(nbformat.read(path, as_version=4)), (type(error), *told)
    return without_times(nbformat.read(path, as_version=4)), None


@pytest.fixture(scope="module")
def by_papermill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, object]]:
    """What papermill makes of every notebook of these tests: the oracle."""
    folder = tmp_path_factory.mktemp("stock")
    (folder / "beside.py").write_text("x = 1", encoding="utf-8")
    return {name: executed(what, None, folder, kernel_manager_class=OverFiles) for name, what in NOTEBOOKS.items()}


SAID = "word = 'before'\nword"
OTHERWISE = """def otherwise(lines):
    return [line.replace('before', 'after') for line in lines]
get_ipython().input_transformers_cleanup.append(otherwise)"""
SHOW_ASSIGNED = "get_ipython().ast_node_interactivity = 'last_expr_or_assign'"
OWN = nbformat.read(shipped("notebooks") / "report.ipynb", as_version=4)
OURS_FIRST = next(cell.source for cell in OWN.cells if cell.metadata.get("tags"))
NOTEBOOKS = {
    "every kind of output": notebook(*CELLS.values()),
    "every kind of failure, forgiven": notebook(*FAILING.values(), tags=("raises-exception",)),
    "a module beside it": notebook("import beside; beside.x"),
    "a cell that has cells read otherwise": notebook(SAID, OTHERWISE, SAID),
    "cells of our own, with what they assign": notebook(SHOW_ASSIGNED, OURS_FIRST, OURS_FIRST),
    **{name: notebook(FAILING[name], "print('after')") for name in ("an exception", "no syntax", "leaving with 0")},
}


@pytest.mark.parametrize("engine", OURS)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_engine_leaves_the_notebook_that_papermill_leaves(
    by_papermill: dict[str, tuple[Any, object]], tmp_path: Path, name: str, engine: str
) -> None:
    (tmp_path / "beside.py").write_text("x = 1", encoding="utf-8")
    left, ended = executed(NOTEBOOKS[name], engine, tmp_path)
    assert left == by_papermill[name][0]
    assert ended == by_papermill[name][1]


@pytest.mark.parametrize("engine", OURS)
@pytest.mark.parametrize("cell", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
def test_a_process_that_dies_is_no_success(tmp_path: Path, engine: str, cell: str) -> None:
    _, ended = executed(notebook("print(1)", cell), engine, tmp_path)
    assert ended is not None
    assert "Dead" in str(ended)


def test_a_worker_whose_notebook_quits_is_no_success(tmp_path: Path) -> None:
    _, ended = executed(notebook("exit()", "1"), WORKER, tmp_path)
    assert "Dead" in str(ended)


@pytest.mark.parametrize("engine", OURS)
def test_a_cell_that_takes_too_long_is_ended(tmp_path: Path, engine: str) -> None:
    _, ended = executed(notebook("import time; time.sleep(60)"), engine, tmp_path, execution_timeout=1)
    assert "CellTimeout" in str(ended)


def test_papermill_alone_finds_the_worker(tmp_path: Path) -> None:
    nbformat.write(notebook("p * 21"), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", WORKER, "-p", "p", "2", "in.ipynb", "out.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outputs = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[-1].outputs
    assert outputs[0].data["text/plain"] == "42"


def test_a_worker_loads_what_takes_long_only_where_a_cell_asks_for_it(tmp_path: Path) -> None:
    loaded = "import sys; sorted({'matplotlib', 'nbconvert', 'pandas', 'rfc3987_syntax'} & set(sys.modules))"
    left, ended = executed(notebook(loaded, "import nbconvert", loaded), WORKER, tmp_path)
    assert ended is None
    shown = [cell["outputs"][0]["data"]["text/plain"] for cell in left["cells"] if cell.get("outputs")]
    assert shown == ["[]", "['nbconvert']"]


def test_a_notebook_that_a_cell_executes_leaves_the_cells_around_it_as_they_are(tmp_path: Path) -> None:
    nbformat.write(notebook("x = 6; p"), tmp_path / "inner.ipynb")
    inner = (
        "import papermill\n"
        f"done = papermill.execute_notebook('inner.ipynb', None, {{'p': 7}}, engine_name={WORKER!r}, "
        "progress_bar=False)\n"
        "done.cells[-1].outputs[0].data['text/plain']"
    )
    left, ended = executed(notebook("x = 5", inner, "x"), WORKER, tmp_path)
    assert ended is None
    shown = [cell["outputs"][-1]["data"]["text/plain"] for cell in left["cells"] if cell.get("outputs")]
    assert shown == ["'7'", "5"]


def test_the_worker_refuses_another_language(tmp_path: Path) -> None:
    what = notebook("1")
    what.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    with pytest.raises(papermill.exceptions.PapermillException, match="executes Python; the notebook is in R"):
        papermill.execute_notebook(what, None, engine_name=WORKER, progress_bar=False)


def test_an_engine_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="'warp' is not one of orr-worker, papermill"):
        engine_or_default("warp")
    assert engine_or_default(None) == WORKER


def test_a_name_of_earlier_releases_stands_for_another_engine_and_that_is_said() -> None:
    with pytest.warns(FutureWarning, match="orr-kernel is a name of earlier releases .* papermill stands in its place"):
        assert engine_or_default(EARLIER) == "papermill"


@pytest.mark.filterwarnings("default")
def test_the_earlier_names_of_the_engine_and_of_the_provisioner_start_kernels_and_say_what_stands_in_their_place(
    tmp_path: Path,
) -> None:
    with pytest.warns(FutureWarning, match="orr-kernel .* papermill stands in its place"):
        assert executed(notebook("1"), EARLIER, tmp_path)[1] is None
    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": "orr-forked"}},
    )

    class Forked(OverFiles):
        kernel_spec = spec

    with pytest.warns(FutureWarning, match="orr-forked .* local-provisioner stands in its place"):
        left, ended = executed(notebook("p"), None, tmp_path, kernel_manager_class=Forked)
    assert ended is None
    assert left["cells"][-1]["outputs"][0]["data"]["text/plain"] == "2"
