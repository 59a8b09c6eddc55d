"""Executing cells in this process as a kernel would, without a kernel, a socket or a loop.

The shell is ipykernel's own and papermill's client takes its messages, so that displays,
results, streams and errors become the outputs that they become elsewhere; only the wire
between the two is left out.
"""

from __future__ import annotations

import ast
import builtins
import gc
import getpass
import marshal
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel import compiler
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core import interactiveshell
from IPython.core.displayhook import DisplayHook
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from orr.execution.engines import streams
from orr.execution.engines.state import here

Hear = Callable[[str, dict[str, Any]], None]


class _Wire(Session):
    """Stands where messages would be sent: they are heard at once, in the same process."""

    hear: Hear | None = None

    def msg(
        self, msg_type: str, content: Any = None, parent: Any = None, header: Any = None, metadata: Any = None
    ) -> Any:
        del parent, header, metadata
        return {"msg_type": msg_type, "content": {} if content is None else content}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *more: Any, **named: Any) -> Any:
        del stream, more, named
        message = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        if self.hear is not None:
            self.hear(message["msg_type"], message["content"])
        return message


_OUTPUTS = {
    "execute_result": ("metadata", "data", "execution_count"),
    "display_data": ("metadata", "data"),
    "stream": ("name", "text"),
    "error": ("ename", "evalue", "traceback"),
}

_trees: dict[tuple[str, int], ast.Module] = {}
_ours: set[int] = set()


class _Compiler(XCachingCompiler):
    """Parses and compiles a cell of our own once: those that the warm process executes, which are of nobody else."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._made: dict[tuple[object, ...], Any] = {}

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> Any:
        key = source, self.flags
        tree: Any = _trees.get(key) if symbol == "exec" and not _shell.ast_transformers else None  # they may change it
        if tree is None:
            tree = super().ast_parse(source, filename, symbol)
            if here() is not None or not isinstance(tree, ast.Module):
                return tree
            _trees[key] = tree
            _ours.update(map(id, tree.body))
        return ast.Module([*tree.body], [*tree.type_ignores])

    def __call__(self, source: Any, filename: str, symbol: str, *more: Any, **named: Any) -> Any:
        nodes = [*map(id, source.body)] if isinstance(source, (ast.Module, ast.Interactive)) else []
        if more or named or not nodes or not _ours.issuperset(nodes):
            return super().__call__(source, filename, symbol, *more, **named)
        key = (*nodes, filename, symbol, self.flags)
        if key not in self._made:
            self._made[key] = super().__call__(source, filename, symbol)
        return self._made[key]


_shell: Any = None
_wire: Any = None


def make_shell(bundles: tuple[type[Any], ...] = ()) -> ZMQInteractiveShell:
    """Make a shell with an empty namespace; the one before it, if any, is gone.

    Parameters
    ----------
    bundles
        Classes that show themselves by `_repr_mimebundle_` alone, with a text and HTML: they are not asked for more.
    """
    global _shell, _wire
    ZMQInteractiveShell.clear_instance()
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = ZMQInteractiveShell.instance(config=quiet, kernel=SimpleNamespace(eventloop=None), compiler_class=_Compiler)
    _shell, _wire = shell, _Wire(key=b"")
    _shell.displayhook.session = _shell.display_pub.session = _wire
    _shell.display_formatter.format(None)  # makes what formats results, which it would make in every child
    for kind, formatter in _shell.display_formatter.formatters.items():
        if kind not in ("text/plain", "text/html"):
            formatter.type_printers.update(dict.fromkeys(bundles, _no_more))
    _remember_texts(_shell.input_transformer_manager)
    return shell


def _no_more(shown: object) -> None:
    del shown


# A cell of parameters, which is another one for each workload: remarks, and values that are given names.
_PLAIN = re.compile(r"(?:(?:\w+ = |# )[^%!?\\\x00-\x1f\x7f-\x9f\u2028\u2029]*\n)+", re.ASCII)


@lru_cache(maxsize=64)
def as_usual(text: str) -> str:
    """What IPython makes of a cell's text by itself; a warm process has seen the cells of our own notebook."""
    if _PLAIN.fullmatch(text):
        return text  # nothing in it is IPython's, which would look at it from seven sides
    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]
    return str(manager.transform_cell(text))


def _remember_texts(manager: Any) -> None:
    """Look at the text of a cell once."""
    transform = manager.transform_cell

    def by() -> list[Any]:
        return [*manager.cleanup_transforms, None, *manager.line_transforms, None, *manager.token_transformers]

    usual = by()
    # Cells may add transformers of their own, which may do anything.
    manager.transform_cell = lambda text: as_usual(text) if by() == usual else transform(text)
    for home, name in (
        (interactiveshell, "_should_be_async"),
        (compiler, "murmur2_x86"),
        (DisplayHook, "semicolon_at_end_of_expression"),
    ):
        _once(home, name)


def _once(home: Any, name: str) -> None:
    """Let a function that tells something of a cell's text alone be asked once for each of our own."""
    found = getattr(home, name, None)
    if found is None or hasattr(found, "known"):
        return
    known: dict[tuple[object, ...], object] = {}

    def once(*of: object) -> object:
        if of in known:
            return known[of]
        told = found(*of)  # of cells of others each time: it may warn
        if here() is None:
            known[of] = told
        return told

    once.known = known  # type: ignore[attr-defined]
    setattr(home, name, staticmethod(once) if isinstance(home, type) else once)


_own: set[str] = set()


def _look_first(shell: Any, text: str) -> None:
    """Look at a cell before it is run, as a kernel does; cells see that, by warnings or transformers of their own."""
    if here() is None:
        _own.add(text)
    if text not in _own:
        with suppress(Exception):  # told when it is run
            shell.should_run_async(text, transformed_cell=shell.transform_cell(text))


def begin(*, folder_is_ours: bool) -> None:
    """Make this process ready for the cells of one notebook.

    Parameters
    ----------
    folder_is_ours
        Whether the folder that it stands in is empty; else cells may import from it, as
        in a kernel.
    """
    assert _shell is not None, "a shell is made before the fork"
    _shell.init_environment()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if not folder_is_ours:
        sys.path.insert(0, "")

    def said(name: str, text: str) -> None:
        if _wire.hear is not None:
            _wire.hear("stream", {"name": name, "text": text})

    streams.replace(said)
    builtins.input = getpass.getpass = _nobody_answers


def begin_again() -> None:
    """Give the cells of another notebook an empty namespace, in a process in which cells did nothing else."""
    _shell.reset()  # it collects garbage too
    gc.freeze()  # what is left is not looked at once more


def _nobody_answers(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


class InProcess(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, where the kernel is this process."""

    def execute(self, **_: Any) -> Any:
        """Execute every cell, as far as they go."""
        self.reset_execution_trackers()
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        """Execute one cell."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        shell = _shell
        moments = cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1

        def hear(kind: str, content: dict[str, Any]) -> None:
            self.process_message(
                {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content},
                cell,
                cell_index,
            )

        _wire.hear = hear
        for moment in ("iopub.status.busy", "iopub.execute_input"):
            moments[moment] = _now()
        cell.execution_count = shell.execution_count
        try:
            _look_first(shell, cell.source)
            result = shell.run_cell(cell.source, store_history=True, cell_id=cell.get("id"))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            _wire.hear = None
            for moment in ("shell.execute_reply", "iopub.status.idle"):
                moments[moment] = _now()
        shell.payload_manager.clear_payload()
        child = here()
        if child is not None and child.interrupted:
            raise KeyboardInterrupt
        error = result.error_before_exec or result.error_in_exec
        failed = error is not None or getattr(shell, "_last_traceback_during_displayhook", False)
        if failed and not self._forgiven(cell, error):
            reply = {"ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        if shell.exit_now:
            raise DeadKernelError("Kernel died")
        return cell

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """Take an output over: as it is, since the whole notebook is validated once, at its end."""
        if self.clear_before_next_output:
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        kind, content = msg["msg_type"], msg["content"]
        names = _OUTPUTS.get(kind)
        if names is None:
            return None
        output = from_dict(  # type: ignore[no-untyped-call]
            {"output_type": kind, **{name: content[name] for name in names if name != "data"}}
        )
        if "data" in names:
            output["data"] = NotebookNode()  # type: ignore[no-untyped-call]
            dict.update(output["data"], {mime: _as_it_is(shown) for mime, shown in content["data"].items()})
        outs.append(output)
        return output

    def _forgiven(self, cell: Any, error: BaseException | None) -> bool:
        if self.force_raise_errors:
            return False
        return bool(
            self.allow_errors
            or type(error).__name__ in self.allow_error_names
            or "raises-exception" in cell.metadata.get("tags", [])
        )


def _as_it_is(shown: Any) -> Any:
    """What a cell shows, as it is now; plain data stays plain: it may be thousands of nodes."""
    if isinstance(shown, str):
        return shown
    try:
        return marshal.loads(marshal.dumps(shown))  # noqa: S302 - our own
    except ValueError:
        return from_dict(shown)  # type: ignore[no-untyped-call]


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
