"""Engine `orr-worker`: cells run in a worker.

papermill imports this module; import papermill first, not in a circle.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine
from papermill.exceptions import PapermillException
from papermill.log import logger

from orr.execution.engines import worker
from orr.execution.engines.workers import CannotFork, Lost, shared

FORGIVING = ("allow_errors", "force_raise_errors")
LOGGING = ("log_output", "stdout_file", "stderr_file")


class ForkedWorker(Engine):  # type: ignore[misc]
    """Execute a Python notebook in a worker of its own; inside one, right there.

    The worker ends with the notebook, and is killed where a cell takes longer than `execution_timeout`.
    """

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, _kernel_name: str, execution_timeout: float | None = None, **settings: Any
    ) -> None:
        """Execute a notebook for papermill."""
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language") or "python"
        if language.lower() != "python":
            raise PapermillException(f"orr-worker executes Python; the notebook is in {language}")
        if worker.here is not None and not worker.here.runs_cells:
            _execute(nb_man, {name: settings[name] for name in (*FORGIVING, *LOGGING) if name in settings})
            return
        index = 0

        def report(event: tuple[str, int, Any]) -> float | None:
            """Tell papermill what became of a cell; give how long the next step may take."""
            nonlocal index
            what, index, done = event
            cell = nb_man.nb.cells[index]
            cell.update({**done, "metadata": {**done.metadata, "papermill": cell.metadata.papermill}})
            getattr(nb_man, what)(cell, cell_index=index)
            return execution_timeout if what == "cell_start" else None

        asked = {name: settings[name] for name in FORGIVING if name in settings}
        stand = Path(settings.get("resources", {}).get("metadata", {}).get("path", ".")).absolute()
        try:
            about = shared().call(_execute_here, nb_man.nb, asked, stand=str(stand), on_event=report)
        except Lost as lost:
            if not lost.late:
                raise DeadKernelError("Kernel died") from None
            raise CellTimeoutError.error_from_timeout_and_cell(
                "the process was killed", int(execution_timeout or 0), nb_man.nb.cells[index]
            ) from None
        except (CannotFork, worker.Crashed) as cannot:
            raise PapermillException(str(cannot)) from None
        nb_man.nb.metadata["language_info"] = about


def _execute(nb_man: Any, settings: dict[str, Any]) -> None:
    from orr.execution.engines import preload  # noqa: F401 - before anything else loads what it holds back
    from orr.execution.engines.cells import InProcess

    InProcess(nb_man, log=logger, **settings).execute()


def _execute_here(nb: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Execute a notebook in this worker and stream its events to the caller."""

    def send(what: str, cell: Any, cell_index: int, **_: Any) -> None:
        assert worker.here is not None
        worker.here.send("event", (what, cell_index, cell))

    reports = {what: partial(send, what) for what in ("cell_start", "cell_exception", "cell_complete")}
    _execute(SimpleNamespace(nb=nb, autosave_cell=lambda: None, **reports), settings)
    return dict(nb.metadata["language_info"])
