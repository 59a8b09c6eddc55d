"""Compile a page's Python to bytecode, so that it starts in half the time.

Only the Python that will run it can make it: Pyodide, here in Node.js. The result is remembered.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from orr.messages import say
from orr.site.build import STDLIB
from orr.site.facts import NotPacked
from orr.system import cache
from orr.system.processes import find_program, temporary_folder
from orr.system.zips import unzipped, zipped

PROGRAM = "node"
SECONDS = 300
_COMPILER = "compiler.py"
_ENV, _LIB = "env/", "lib/"


def compiled(
    pyodide: Mapping[str, bytes], python: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """Compile the standard library and the packages.

    Parameters
    ----------
    pyodide
        The files of Pyodide.
    python
        The Python packages, file by file.

    Raises
    ------
    NotPacked
        If Node.js is missing or fails.
    """
    given = {f"{_ENV}{path}": raw for path, raw in python.items()}
    given |= {f"{_LIB}{path}": raw for path, raw in unzipped(pyodide[STDLIB]).items()}
    parts = {**pyodide, "given.zip": zipped(given)}
    digest = hashlib.sha256(b"".join(hashlib.sha256(raw).digest() for _, raw in sorted(parts.items())))
    packed = cache.remembered(("orr.site.compiler",), digest.hexdigest(), lambda: _compiled(parts))
    made = unzipped(base64.b64decode(packed))
    env, lib = (
        {name.removeprefix(kind): raw for name, raw in made.items() if name.startswith(kind)} for kind in (_ENV, _LIB)
    )
    return {**pyodide, STDLIB: zipped(lib)}, env


def _compiled(parts: Mapping[str, bytes]) -> str:
    node = find_program(PROGRAM, os.environ.get("PATH", ""))
    if node is None:
        raise NotPacked(say("site.source.no-node"))
    ours = files("orr.site")
    with temporary_folder() as folder:
        for name, raw in {**parts, _COMPILER: (ours / _COMPILER).read_bytes()}.items():
            (Path(folder) / name).write_bytes(raw)
        try:
            done = subprocess.run(  # noqa: S603 - an absolute path, and files of ours
                [node, str(ours / "compile.mjs"), folder],
                stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS, cwd=folder, env={},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotPacked(say("site.source.failed", says=str(error))) from None
        if done.returncode:
            raise NotPacked(say("site.source.failed", says=done.stderr.decode(errors="replace").strip()[-300:]))
        return base64.b64encode((Path(folder) / "made.zip").read_bytes()).decode("ascii")
