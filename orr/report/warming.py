"""The program of a warm process: it loads everything by use, executes nothing of any user's, and then forks.

    python -m orr.report.warming PURPOSE CONTROL FOLDER [WORKSPACE]

It stands above the engines, which know nothing of reports, and above the reports, which they
execute.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from orr.execution.engines import WORKER, threads
from orr.execution.engines.parent import main
from orr.report.sample import SAMPLE, TODAY
from orr.system import cache

if TYPE_CHECKING:
    from orr.evaluate.case import Case


def warm(purpose: str, folder: Path, workspace: Path | None = None) -> None:
    """Load what a child needs, by doing once what children do.

    Parameters
    ----------
    purpose
        `worker`, `kernel`, or anything else for work that needs nothing.
    folder
        A private folder.
    workspace
        The workspace that most children will be about, where it is known.
    """
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    if purpose == "worker":
        _report(folder / "sample", workspace)
    elif purpose == "kernel":
        import ipykernel.kernelapp  # noqa: F401


def _report(folder: Path, workspace: Path | None) -> None:
    _load_jsonschema()
    _load_papermill()
    from orr import messages
    from orr.execution.engines import cells
    from orr.execution.engines.state import enter
    from orr.model.checklist import Checklist
    from orr.model.validation import adapter
    from orr.report.fragment import Fragment
    from orr.report.run import ReportFailed, run_report
    from orr.workspace.workspace import Workspace

    write_sample(folder)
    _spare_papermill()
    enter()
    cells.make_shell((Fragment,))
    # What comes with the package may be remembered; of the sample every file is read, and so all loaded that reads.
    messages.load()
    case = Workspace(folder, TODAY).case("sample")
    with _remembering_nothing():
        if workspace is None:  # else its own checklists are read, if what was made of them is not known
            adapter(Checklist)
        try:
            run_report(folder, "sample", folder / "reports", TODAY, messages.DEFAULT_LANGUAGE, engine=WORKER)
        except ReportFailed as failed:
            # A child will say it of its own workload, with the cause.
            print(f"orr: warming up failed: {failed.cause}", flush=True)  # noqa: T201
    cells.make_shell((Fragment,))
    shutil.rmtree(folder)
    if workspace is not None:
        _know_checklists(workspace, case)
    _wait_for_threads()


def write_sample(folder: Path) -> None:
    """Write the workspace of a sample workload, with the checklists that come with the package."""
    from orr.system.resources import shipped

    for name, text in SAMPLE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(shipped("checklists"), folder / "checklists")


def _know_checklists(root: Path, case: Case) -> None:
    """Know the checklists of a workspace, which its workloads share; no workload is read.

    What is known of a text counts only where a child reads the same text.
    """
    from orr.evaluate import evaluate
    from orr.evidence.kinds.registry import is_built_in
    from orr.formats.record import to_json
    from orr.messages import DEFAULT_LANGUAGE
    from orr.model.finding import Evidence
    from orr.source.faults import FaultyInput
    from orr.workspace.workspace import Workspace

    with suppress(FaultyInput):  # each child will find the same, and say it of its own workload
        workspace = Workspace(root)
        known = workspace.well_formed_checklists
        kinds = {spec.check for one in known for part in one.sections for item in part.items for spec in item.checks}
        if all(map(is_built_in, kinds)):  # to look at those of others would execute them
            _ = workspace.checklist_files
        to_json(evaluate(replace(case, checklists=known), Evidence({}, {}), TODAY), DEFAULT_LANGUAGE)


def _load_jsonschema() -> None:
    """Load jsonschema without the grammar of addresses that it builds: half of all start-up, and not for notebooks."""
    with _without("rfc3987_syntax"):
        import_module("jsonschema")


_STORES = {
    "S3": ("papermill.s3", "S3"),
    "ADL": ("papermill.adl", "ADL"),
    "AzureBlobStore": ("papermill.abs", "AzureBlobStore"),
    "GCSFileSystem": ("gcsfs", "GCSFileSystem"),
    "gs_is_retriable": ("gcsfs.retry", "is_retriable"),
    "HadoopFileSystem": ("pyarrow.fs", "HadoopFileSystem"),
    "FileSelector": ("pyarrow.fs", "FileSelector"),
    "Github": ("github", "Github"),
}
"""What papermill takes from other packages, each by its name in `papermill.iorw`."""


def _load_papermill() -> None:
    """Load papermill without what it reads and writes elsewhere with, which it loads whether or not it is asked for.

    Some of that takes seconds to load, and some begins threads, beside which nothing may be forked.
    """
    web: Any = ModuleType("requests")

    def of_the_web(name: str) -> Any:
        if sys.modules.get("requests") is web:
            del sys.modules["requests"]
        return getattr(import_module("requests"), name)

    web.__getattr__ = of_the_web
    sys.modules.setdefault("requests", web)
    with _without(*{module for module, _ in _STORES.values()}):
        io = vars(import_module("papermill.iorw"))
    if sys.modules.get("requests") is web:
        del sys.modules["requests"]
    io.update({name: _later(module, what, io.get(name)) for name, (module, what) in _STORES.items()})


def _later(module: str, name: str, otherwise: Callable[..., Any] | None) -> Callable[..., Any]:
    """What a module has under a name, loaded by its first call; something else where there is no such module."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        try:
            found = getattr(import_module(module), name)
        except ImportError:
            if otherwise is None:
                raise
            found = otherwise
        return found(*arguments, **keywords)

    return call


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Let what is loaded meanwhile find none of some modules, but where they are loaded already."""
    absent: Any = None
    hidden = [module for module in modules if module not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden, absent))
    try:
        yield
    finally:
        for module in hidden:
            if sys.modules[module] is None:
                del sys.modules[module]


@contextmanager
def _remembering_nothing() -> Iterator[None]:
    """Do everything anew, as children must for files of their own."""
    said = os.environ.get(cache.VARIABLE)
    os.environ[cache.VARIABLE] = ""
    try:
        yield
    finally:
        del os.environ[cache.VARIABLE]
        if said is not None:
            os.environ[cache.VARIABLE] = said


def _spare_papermill() -> None:
    """Spare papermill five detours.

    A notebook that it is given it writes, only to read it again, and validates it both times, for each
    workload anew; it validates the cell with the parameters, which is validated with the notebook; it
    looks in every folder for a formatter that is not there; it writes the whole notebook as text before
    it asks whether it is kept anywhere; and it guesses the format of each moment that it wrote itself.
    """
    import nbformat
    import papermill.engines
    import papermill.execute
    import papermill.parameterize
    import papermill.translators

    load = papermill.execute.load_notebook_node

    @lru_cache(maxsize=1)  # the template
    def loaded(text: str) -> str:
        return json.dumps(load(json.loads(text, object_hook=nbformat.NotebookNode)))

    def load_once(what: Any) -> Any:
        if not isinstance(what, nbformat.NotebookNode):
            return load(what)
        return json.loads(loaded(json.dumps(what)), object_hook=nbformat.NotebookNode)

    papermill.execute.load_notebook_node = load_once
    papermill.engines.dateutil = SimpleNamespace(parser=SimpleNamespace(parse=datetime.fromisoformat))
    write = papermill.execute.write_ipynb

    def write_if_kept(nb: Any, path: str | None) -> None:
        if path is not None:
            write(nb, path)

    papermill.execute.write_ipynb = write_if_kept

    make = nbformat.v4.new_code_cell
    unseen = {**make.__globals__, "validate": lambda *_, **__: None}
    new_code_cell = FunctionType(make.__code__, unseen, make.__name__, make.__defaults__, make.__closure__)
    papermill.parameterize.nbformat = _with(nbformat, v4=_with(nbformat.v4, new_code_cell=new_code_cell))
    if find_spec("black") is None:
        papermill.translators.PythonTranslator.codify = classmethod(papermill.translators.Translator.codify.__func__)


def _with(module: ModuleType, **instead: Any) -> ModuleType:
    """A module with other values under some names, for one that uses it."""
    other = ModuleType(module.__name__)
    vars(other).update(vars(module), **instead)
    return other


def _wait_for_threads(seconds: float = 3) -> None:
    """Checks run in threads; the last of them may still be about to end."""
    until = time.monotonic() + seconds
    while threads() > 1 and time.monotonic() < until:
        time.sleep(0.01)


if __name__ == "__main__":
    # The module that runs is named __main__; children and callers know it by its own name.
    from orr.report.warming import warm as load

    main(load)
