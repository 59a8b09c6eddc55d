"""Execute cells in this process as a kernel would, without kernel, socket or loop.

The shell is ipykernel's own and papermill's client takes its messages, so that displays, results, streams and errors
become the outputs that they become elsewhere; only the wire between the two is left out.
"""

from __future__ import annotations

import atexit
import builtins
import getpass
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from orr.execution.engines import worker
from orr.system.processes import set_environment

Publish = Callable[[str, dict[str, Any]], None]
SHOWN = ("metadata", "data", "execution_count", "name", "text", "ename", "evalue", "traceback")  # of a message


class _Wire(Session):
    """Session that publishes each message at once, in the same process."""

    publish: Publish

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> Any:
        return {"msg_type": msg_type, "content": content or {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> Any:
        del stream
        message = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        self.publish(message["msg_type"], message["content"])
        return message


class _Stream(io.TextIOWrapper):
    """Standard stream that publishes, on flush, what Python and C code wrote to it."""

    def __init__(self, title: str, number: int, folder: Path, publish: Publish) -> None:
        self._title, self._number, self._publish, self._before = title, number, publish, os.dup(number)
        with (folder / title).open("wb") as file:
            os.dup2(file.fileno(), number)
        self._written = (folder / title).open("rb", buffering=0)
        raw: Any = io.FileIO(number, "w", closefd=False)
        super().__init__(raw, encoding="utf-8", errors="backslashreplace", write_through=True)

    def flush(self) -> None:
        super().flush()
        if text := self._written.read().decode("utf-8", "replace"):
            self._publish("stream", {"name": self._title, "text": text})

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.dup2(self._before, self._number)
            os.close(self._before)
            self._written.close()


@cache
def shell_of_process() -> Any:
    """Make the shell of this process; its module is the main one only while cells run."""
    main, this = sys.modules["__main__"], worker.here
    try:
        shell: Any = ZMQInteractiveShell.instance(
            config=Config({"HistoryManager": {"enabled": False}}),
            ipython_dir=str(this.folder) if this is not None else None,
            kernel=SimpleNamespace(eventloop=None),
            compiler_class=XCachingCompiler,
        )
    finally:
        sys.modules["__main__"] = main
    atexit.unregister(shell.atexit_operations)
    shell.displayhook.session = shell.display_pub.session = _Wire(key=b"")
    return shell


def _nobody_answers(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


@contextmanager
def _as_in_a_kernel(publish: Publish, folder: Path) -> Iterator[Any]:
    """Give cells what a kernel gives them: an empty main module, streams, variables, nobody to ask."""
    shell = shell_of_process()
    if shell.execution_count > 1:
        hook = shell.displayhook
        hook.do_full_cache = False  # else it collects garbage, which takes as long as the cells of a report
        shell.reset()
        hook.do_full_cache, hook._, hook.__, hook.___ = True, "", "", ""
    shell.display_pub.session.publish = publish
    main, asking, environment = sys.modules["__main__"], (builtins.input, getpass.getpass), dict(os.environ)
    try:
        sys.modules["__main__"] = shell.user_module
        builtins.input = getpass.getpass = _nobody_answers
        shell.init_environment()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        with (
            _Stream("stdout", 1, folder, publish) as output,
            _Stream("stderr", 2, folder, publish) as errors,
            redirect_stdout(output),
            redirect_stderr(errors),
        ):
            yield shell
    finally:
        sys.modules["__main__"] = main
        builtins.input, getpass.getpass = asking
        set_environment(environment)


_node: Any = from_dict  # nbformat types some of its functions only


class InProcess(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, where the kernel is this process."""

    def execute(self, **_: Any) -> Any:
        """Execute every cell, as far as they go."""
        self.reset_execution_trackers()
        this = worker.here
        assert this is not None, "cells run in a worker"
        with _as_in_a_kernel(self._publish, this.folder) as self._shell:
            this.runs_cells = True
            self.papermill_execute_cells()
        this.runs_cells = False
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def _publish(self, kind: str, content: dict[str, Any]) -> None:
        message = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}
        self.process_message(message, *self._running)

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Take over an output unvalidated; the whole notebook is validated once, at its end."""
        content = msg["content"]
        if self.clear_before_next_output:  # type: ignore[has-type]
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        shown = {name: content[name] for name in SHOWN if name in content}
        outs.append(_node({"output_type": msg["msg_type"], **shown}))
        return outs[-1]

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        """Execute one cell."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        shell, self._running = self._shell, (cell, cell_index)
        moments = cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        moments["iopub.status.busy"] = moments["iopub.execute_input"] = datetime.now(UTC).isoformat()
        cell.execution_count = shell.execution_count
        result = shell.run_cell(cell.source, store_history=True, cell_id=cell.get("id"))
        sys.stdout.flush()
        sys.stderr.flush()
        moments["shell.execute_reply"] = moments["iopub.status.idle"] = datetime.now(UTC).isoformat()
        shell.payload_manager.clear_payload()
        if worker.here is not None and worker.here.interrupted:
            raise KeyboardInterrupt
        error = result.error_before_exec or result.error_in_exec
        if error is not None or getattr(shell, "_last_traceback_during_displayhook", False):
            name = type(error).__name__
            allowed = self.allow_errors or name in self.allow_error_names or "raises-exception" in tags
            if self.force_raise_errors or not allowed:
                reply = {"ename": name, "evalue": str(error), "traceback": shell._last_traceback or []}
                raise CellExecutionError.from_cell_and_msg(cell, reply)
        if shell.exit_now:
            raise DeadKernelError("Kernel died")
        return cell
