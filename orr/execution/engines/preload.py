"""Modules that a fork server preloads for notebooks."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from multiprocessing import parent_process

from orr.execution.engines import worker
from orr.system.held import held_back
from orr.system.processes import threads

gc.disable()  # nothing of what is loaded becomes garbage

# Where it is installed, jsonschema loads it for a format that no notebook has, and it builds a grammar for a second,
# which is more than all the rest takes.
with held_back("rfc3987_syntax"):
    import jsonschema  # type: ignore[import-untyped] # noqa: F401
    import papermill  # noqa: F401 - it loads engines, and so has to come before ours

    from orr.execution.engines import cells


def finish() -> None:
    """Note what is loaded; end a fork server in which a thread has begun.

    Nothing is forked beside a thread.
    """
    worker.note_code()
    program = getattr(sys.modules["__main__"], "main", None)
    if getattr(program, "__module__", "") == "multiprocessing.forkserver" and parent_process() is None:
        atexit.register(os._exit, 0)  # what is loaded need not be cleared away, which takes a quarter of loading it
        if threads() > 1:
            sys.exit()
        gc.freeze()  # a collection in a worker would write to every page that it shares
    gc.enable()


cells.shell_of_process()
finish()
