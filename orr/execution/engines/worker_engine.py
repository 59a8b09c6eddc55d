"""The engine `orr-worker`: every cell in a fresh child of a warm process.

papermill imports this module, as it does every engine, while it is imported itself: import
papermill first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine
from papermill.exceptions import PapermillException
from papermill.log import logger

from orr.execution.engines.client import CannotFork, Crashed, Lost, shared
from orr.execution.engines.state import here, inside


class ForkedWorker(Engine):  # type: ignore[misc]
    """Executes a Python notebook in a child of a warm process; in such a child, in itself.

    The child has a fresh namespace and ends with the notebook. It ends at once with its
    parent, and is killed where a cell takes longer than `execution_timeout`. A notebook
    counts as executed only if the child says so of every cell.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: float | None = None,
        **settings: Any,
    ) -> None:
        """Execute a notebook for papermill."""
        del kernel_name, start_timeout
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language") or "python"
        if language.lower() != "python":
            raise PapermillException(f"orr-worker executes Python; the notebook is in {language}")
        if inside():
            from orr.execution.engines.cells import InProcess

            known = {name: settings[name] for name in ("allow_errors", "force_raise_errors") if name in settings}
            client = InProcess(
                nb_man, log=logger, log_output=log_output, stdout_file=stdout_file, stderr_file=stderr_file, **known
            )
            client.execute()
            return
        stand = settings.get("resources", {}).get("metadata", {}).get("path", ".")
        watched = _Watched(nb_man, execution_timeout)
        asked = {name: settings[name] for name in ("allow_errors", "force_raise_errors") if name in settings}
        try:
            about, finished = shared().call(
                execute_here, nb_man.nb, asked, stand=str(Path(stand).absolute()), on_event=watched.hear
            )
        except Lost as lost:
            if lost.late:
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "the process was killed", int(execution_timeout or 0), watched.cell()
                ) from None
            raise DeadKernelError("Kernel died") from None
        except CannotFork as not_here:
            raise PapermillException(str(not_here)) from None
        except Crashed as crashed:
            raise PapermillException(f"{crashed.kind}: {crashed.says}") from None
        nb_man.nb.metadata["language_info"] = about
        if finished != watched.finished:
            raise DeadKernelError("Kernel died")


class _Watched:
    """Follows from outside what the child says of its cells."""

    def __init__(self, nb_man: Any, cell_seconds: float | None) -> None:
        self._nb_man, self._cell_seconds = nb_man, cell_seconds
        self._index = 0
        self.finished: list[int] = []

    def cell(self) -> Any:
        """The cell that was begun last."""
        return self._nb_man.nb.cells[self._index]

    def hear(self, event: tuple[str, int, Any]) -> float | None:
        """Take over what became of a cell; give how long the next step may take."""
        what, index, told = event
        cell = self._nb_man.nb.cells[index]
        if what == "start":
            self._index = index
            self._nb_man.cell_start(cell, index)
            return self._cell_seconds
        kept = cell.metadata.papermill
        cell.update(told)
        cell.metadata.papermill = kept
        if what == "failed":
            self._nb_man.cell_exception(cell, cell_index=index)
        else:
            self.finished.append(index)
            self._nb_man.cell_complete(cell, cell_index=index)
        return None


class _Telling:
    """Stands for papermill's own manager in the child: it tells the caller."""

    def __init__(self, nb: Any) -> None:
        self.nb = nb
        self.finished: list[int] = []

    def cell_start(self, cell: Any, cell_index: int, **_: Any) -> None:
        del cell
        self._tell("start", cell_index, None)

    def cell_exception(self, cell: Any, cell_index: int, **_: Any) -> None:
        self._tell("failed", cell_index, cell)

    def cell_complete(self, cell: Any, cell_index: int, **_: Any) -> None:
        self.finished.append(cell_index)
        self._tell("complete", cell_index, cell)

    def autosave_cell(self) -> None:
        """It is not ours to save."""

    @staticmethod
    def _tell(what: str, index: int, cell: Any) -> None:
        child = here()
        assert child is not None
        child.tell((what, index, cell))


def execute_here(nb: Any, settings: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """Execute a notebook in this child; give what it ran in, and the cells that it got through."""
    from orr.execution.engines.cells import InProcess

    telling = _Telling(nb)
    InProcess(telling, log=logger, **settings).execute()
    return nb.metadata["language_info"], telling.finished
