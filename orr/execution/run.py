"""Running a notebook with papermill, in a process and a folder of its own.

papermill reports a notebook as completed when its kernel died, a cell ran out of time or
`sys.exit(0)` ended it, formats braces in paths, and changes the folder of the whole
process. So one function here drives it, nothing that a user named is given to it as a
path, and whoever calls it decides by what the notebook left whether it came to its end.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orr.execution.engines import KERNEL, STOCK, WORKER, can_fork
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system import processes

START_TIMEOUT = 60


class NotExecuted(OrrError):
    """A notebook that was not executed to its end.

    Attributes
    ----------
    cause
        What failed.
    by_cell
        Whether a cell of its own failed, and not what runs it.
    notebook
        As far as it came, where it was asked for and is known.
    """

    def __init__(self, cause: Message, by_cell: bool = False, notebook: Any = None) -> None:
        super().__init__(cause)
        self.cause, self.by_cell, self.notebook = cause, by_cell, notebook


def read(path: Path) -> Any:
    """Read a notebook.

    Raises
    ------
    NotExecuted
        If it is none.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
        version = notebook.get("nbformat")
        if version is None or version > 4:
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise NotExecuted(say("report.failed.template", path=path.name, problem=str(error))) from error
    if version is not None and version < 4:  # papermill reads no other, and what is converted is not what is tracked
        raise NotExecuted(say("notebookdocument.other-format", path=path.name))
    return notebook


def execute(
    notebook: Any,
    parameters: Mapping[str, Any],
    *,
    name: str,
    seconds: float,
    keep_failed: bool = False,
    engine: str = STOCK,
) -> Any:
    """Execute a notebook in this Python, in an empty folder.

    Parameters
    ----------
    notebook
        The notebook, read already.
    parameters
        JSON values by name.
    name
        What the executed notebook says that it was made from.
    seconds
        How long it may take; then its process is killed. Not for the worker, whose
        process is this one: who forked it looks at the clock.
    keep_failed
        Whether `NotExecuted` brings the notebook as far as it came.
    engine
        One of `orr.execution.engines.ENGINES`.

    Returns
    -------
    notebook
        The executed notebook.

    Raises
    ------
    NotExecuted
        If a cell raised or took too long, or the process did not start or died.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from orr.execution.engines.client import CannotFork, shared
    from orr.execution.kernel import kernel_class, last_words

    if engine == WORKER:
        return _execute_here(notebook, parameters, name)
    # Without a handler of its own, papermill's log would fall through to standard error.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    # A warm process that is there anyway clears away what is left where this one is killed.
    within = shared("kernel").scratch() if engine == KERNEL and can_fork() else None
    with processes.temporary_folder(within) as own:
        folder = Path(own)
        stand = folder / "empty"
        stand.mkdir()
        out = folder / "executed.ipynb"
        kernels = kernel_class(folder, forked=engine == KERNEL)
        late = threading.Event()
        timer = threading.Timer(seconds, _give_up, (late, kernels))
        timer.daemon = True
        timer.start()
        try:
            executed = papermill.execute_notebook(
                notebook,
                str(out) if keep_failed else None,
                parameters=dict(parameters),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=START_TIMEOUT,
                kernel_manager_class=kernels,
                resources={"metadata": {"path": str(stand)}},
            )
        except Exception as error:
            left = _left(out) if keep_failed else None
            if late.is_set():
                raise NotExecuted(say("report.failed.whole-timeout", n=seconds), notebook=left) from error
            if isinstance(error, PapermillExecutionError):
                raise NotExecuted(_cell_says(error), by_cell=True, notebook=left) from error
            if isinstance(error, DeadKernelError):
                raise NotExecuted(say("report.failed.kernel"), notebook=left) from error
            if isinstance(error, CannotFork):
                raise NotExecuted(say("report.failed.threads"), notebook=left) from error
            if isinstance(error, (RuntimeError, OSError)):
                problem = last_words(folder) or f"{type(error).__name__}: {error}"
                raise NotExecuted(say("report.failed.start", problem=problem), notebook=left) from error
            raise
        finally:
            timer.cancel()
    # papermill notes the whole notebook here, where it was not given as a path.
    executed.metadata.papermill["input_path"] = name
    return executed


def _execute_here(notebook: Any, parameters: Mapping[str, Any], name: str) -> Any:
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError

    from orr.execution.engines.worker_engine import ForkedWorker

    papermill_engines.register(WORKER, ForkedWorker)
    try:
        executed = papermill.execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            engine_name=WORKER,
        )
    except PapermillExecutionError as error:
        raise NotExecuted(_cell_says(error), by_cell=True) from error
    except DeadKernelError as error:
        raise NotExecuted(say("report.failed.kernel")) from error
    executed.metadata.papermill["input_path"] = name
    return executed


def is_whole(notebook: Any) -> bool:
    """Whether every cell of a notebook that was run was executed."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    return all(cell.execution_count is not None for cell in code)


def written(notebook: Any) -> str:
    """Write a notebook, a line for each cell.

    nbformat would copy it first and indent it, which takes ten times as long as all else.
    """
    import nbformat

    nbformat.validate(notebook)
    return in_lines(notebook, sort_keys=True)


def in_lines(data: Mapping[str, Any], *, sort_keys: bool = False) -> str:
    """Write data as JSON with a line for each of its values, and of those that are lists, for each entry.

    It is as good to compare as if it were indented, and takes a quarter of the time.
    """

    def told(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys)

    pieces = ["{\n"]  # joined once: a notebook is half a megabyte
    for key, value in data.items():
        pieces += (told(key), ": ")
        if isinstance(value, list) and value:
            pieces.append("[\n")
            for entry in value:
                pieces += (told(entry), ",\n")
            pieces[-1] = "\n]"
        else:
            pieces.append(told(value))
        pieces.append(",\n")
    pieces[-1] = "\n}\n" if data else "{}\n"
    return "".join(pieces)


def _cell_says(error: Any) -> Message:
    return say("report.failed.cell", says=f"{error.ename}: {error.evalue}".strip(": "))


def _give_up(late: threading.Event, kernels: type[Any]) -> None:
    from orr.execution.kernel import end

    late.set()
    end(kernels)


def _left(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:
        return None
