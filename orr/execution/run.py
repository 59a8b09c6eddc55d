"""Run a notebook with papermill, in a process and a folder of its own.

papermill reports a notebook as completed when its kernel died, a cell ran out of time or `sys.exit(0)` ended it,
formats braces in paths, and changes the folder of the whole process. So one function here drives it, nothing that a
user named is given to it as a path, and whoever calls it decides by what the notebook left whether it came to its end.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from orr.execution.engines import STOCK, WORKER
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system import processes
from orr.system.paths import exists

KERNEL, LOG, KEPT = "python3", "kernel.log", "executed.ipynb"


class NotExecuted(OrrError):
    """Notebook that did not run to its end: cause, partial outputs, and cell failure."""

    def __init__(self, cause: Message, by_cell: bool = False, notebook: Any = None) -> None:
        super().__init__(cause)
        self.cause, self.by_cell, self.notebook = cause, by_cell, notebook


def read(path: Path) -> Any:
    """Read a notebook, with what papermill keeps in it; `NotExecuted` is raised if it is none."""
    from papermill.iorw import load_notebook_node

    try:
        version = json.loads(path.read_text(encoding="utf-8")).get("nbformat")
        notebook = load_notebook_node(str(path))
    except Exception as error:
        raise NotExecuted(say("report.failed.template", path=path.name, problem=str(error))) from error
    if version is not None and version < 4:  # papermill reads no other, and what is converted is not what is tracked
        raise NotExecuted(say("notebookdocument.other-format", path=path.name))
    return notebook


def execute(
    notebook: Any, given: Mapping[str, Any], *, name: str, seconds: float, keep: bool = False, engine: str = STOCK
) -> Any:
    """Execute a notebook in this Python, in an empty folder; return it as it was executed.

    Parameters
    ----------
    notebook, given, name
        The notebook, read already; JSON values by name; what it says that it was made from.
    seconds
        How long it may take; then its kernel is killed. A worker is this process, and its caller looks at the clock.
    keep
        Whether `NotExecuted`, which is raised if it does not come to its end, brings it as far as it came.
    """
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    with nullcontext("") if engine == WORKER else processes.temporary_folder() as own:  # a worker stands in one
        folder = Path(own)
        kept, kernels = folder / KEPT if keep else None, None if engine == WORKER else kernel_class(folder)
        try:
            if kernels is None:
                executed = _in_worker(notebook, dict(given))
            else:
                executed = _in_kernel(kernels, notebook, dict(given), seconds, kept)
        except Exception as error:
            late, log, left = kernels is not None and kernels.late, folder / LOG, None
            if late:
                cause = say("report.failed.whole-timeout", n=seconds)
            elif isinstance(error, PapermillExecutionError):
                cause = say("report.failed.cell", says=f"{error.ename}: {error.evalue}".strip(": "))
            elif isinstance(error, DeadKernelError):
                cause = say("report.failed.kernel")
            elif isinstance(error, (RuntimeError, OSError)) and kernels is not None:
                words = log.read_text(encoding="utf-8", errors="replace").strip() if exists(log) else ""
                problem = "\n".join(words.splitlines()[-5:]) or f"{type(error).__name__}: {error}"
                cause = say("report.failed.start", problem=problem)
            else:
                raise
            if kept is not None:
                with suppress(Exception):  # it may be half of one, or none
                    left = nbformat.read(kept, as_version=4)  # type: ignore[no-untyped-call]
            raise NotExecuted(cause, isinstance(error, PapermillExecutionError) and not late, left) from error
    executed.metadata.papermill["input_path"] = name  # papermill would note the whole notebook
    return executed


def _in_worker(notebook: Any, parameters: dict[str, Any]) -> Any:
    from orr.execution.engines import preload  # noqa: F401, I001 - before anything else loads what it holds back
    from papermill.engines import papermill_engines
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
    from papermill.parameterize import parameterize_notebook

    from orr.execution.engines.worker_engine import ForkedWorker

    papermill_engines.register(WORKER, ForkedWorker)  # which papermill has not done where orr is not installed
    # The steps of `papermill.execute_notebook`, which would write the notebook as text first, and read it again.
    given = parameterize_notebook(notebook, parameters, kernel_name=KERNEL, language="python", engine_name=WORKER)
    given = remove_error_markers(prepare_notebook_metadata(given, None, None))
    executed = papermill_engines.execute_notebook_with_engine(WORKER, given, kernel_name=KERNEL, progress_bar=False)
    raise_for_execution_errors(executed, None)
    return executed


def _in_kernel(kernels: Any, notebook: Any, given: dict[str, Any], seconds: float, out: Path | None) -> Any:
    import papermill

    # Without a handler of its own, papermill's log would fall through to standard error.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    how = {"kernel_name": KERNEL, "language": "python", "progress_bar": False, "start_timeout": 60}
    stand = {"metadata": {"path": kernels.stand}}
    timer = threading.Timer(seconds, kernels.end)
    timer.daemon = True
    timer.start()
    try:
        return papermill.execute_notebook(notebook, out, given, kernel_manager_class=kernels, resources=stand, **how)
    finally:
        timer.cancel()


def kernel_command(*options: str) -> list[str]:
    """Command that starts a kernel in this interpreter, which imports nothing from where it stands."""
    apart = "--InteractiveShellApp.ignore_cwd=True"  # of IPython before 9.7, which does not look at -P
    return [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}", apart, *options]


def kernel_class(folder: Path) -> Any:
    """Make the kernel manager of one run, which has the folder for itself.

    The kernel runs in this interpreter and its environment whatever kernels are installed, imports nothing from where
    it stands, reads no one's start-up files, and talks over sockets in the folder: runs never fight for a port.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    specification = KernelSpec(
        argv=kernel_command("--HistoryManager.enabled=False"),
        display_name="orr",
        language="python",
        env={"IPYTHONDIR": str(folder / "ipython"), **processes.home_instead(folder), **processes.python_path()},
    )
    (folder / "empty").mkdir(exist_ok=True)

    class RunKernel(AsyncKernelManager):
        stand, kernel_spec = str(folder / "empty"), specification
        running: Any = None
        late = False

        def __init__(self, **kw: Any) -> None:
            super().__init__(**kw)
            type(self).running = self
            self.connection_file = str(folder / "kernel.json")
            if os.name == "posix" and len(str(folder)) <= 90:  # the name of a socket may not be much longer
                self.transport = "ipc"

        def start_kernel(self, **kw: Any) -> Any:
            with (folder / LOG).open("ab") as log:
                number = os.dup(log.fileno())  # the process keeps the file open for itself
            return super().start_kernel(**{"stdout": number, "stderr": number, **kw})

        @classmethod
        def end(cls) -> None:
            """End the process of a run at once, from whatever thread: it is late."""
            cls.late = True
            process = getattr(getattr(cls.running, "provisioner", None), "process", None)
            if process is not None:
                processes.kill(process)

    return RunKernel
