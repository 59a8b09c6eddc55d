"""Python for browsers, from local files: Pyodide's npm package and pydantic's core."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

import pydantic_core

from orr.messages import say
from orr.site.build import STDLIB
from orr.site.facts import NotPacked
from orr.system.paths import is_file, shown_as
from orr.system.zips import unzipped, zipped

VERSION = "314.0.7"
ARCHIVE = f"pyodide-{VERSION}.tgz"
INTEGRITY = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
"""The archive's SHA-512, as npm's registry names it."""

ABI = "pyemscripten_2026_0_wasm32"
WHEEL = f"pydantic_core-{pydantic_core.__version__}-cp314-cp314-{ABI}.whl"
"""The wheel of the version that is installed here, since pydantic works with that one alone."""

COMMANDS = (
    f"npm pack pyodide@{VERSION} --pack-destination FOLDER",
    f"python -m pip download --no-deps --only-binary=:all: --platform {ABI} --python-version 314 "
    f"--implementation cp --abi cp314 --dest FOLDER pydantic-core=={pydantic_core.__version__}",
)
"""What brings both into a folder."""

_LEFT_OUT = (
    "_pyrepl/*", "doctest.py", "ftplib.py", "imaplib.py", "mailbox.py", "multiprocessing/*", "pdb.py", "poplib.py",
    "pydoc.py", "smtplib.py", "unittest/*", "wsgiref/*", "xmlrpc/*",
)  # fmt: skip
"""Of the standard library: processes, mail, servers, tests and terminals."""

_PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", STDLIB)


def parts_of(folder: Path) -> Mapping[str, bytes]:
    """The files of Pyodide by name.

    Raises
    ------
    NotPacked
        If the archive is not in the folder, or is another than the one known.
    """
    raw = _read(folder, ARCHIVE)
    if base64.b64encode(hashlib.sha512(raw).digest()).decode() != INTEGRITY:
        raise NotPacked(say("site.pyodide.other", path=shown_as(folder / ARCHIVE), version=VERSION))
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:gz") as archive:
        found = {name: archive.extractfile(f"package/{name}") for name in (*_PARTS, "pyodide-lock.json")}
        parts = {name: file.read() for name, file in found.items() if file is not None}
    lock = json.loads(parts.pop("pyodide-lock.json"))
    library = unzipped(parts[STDLIB])
    kept = {name: raw for name, raw in library.items() if not any(fnmatch(name, one) for one in _LEFT_OUT)}
    parts[STDLIB] = zipped(kept)
    return {**parts, "pyodide-lock.json": json.dumps({"info": lock["info"], "packages": {}}).encode()}


def core_of(folder: Path) -> Mapping[str, bytes]:
    """The files of pydantic's core by path.

    Raises
    ------
    NotPacked
        If the wheel is not in the folder, or is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(_read(folder, WHEEL))) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist() if not name.endswith((".pyi", "/"))}
    except zipfile.BadZipFile:
        raise NotPacked(say("site.pyodide.other", path=shown_as(folder / WHEEL), version=VERSION)) from None


def _read(folder: Path, name: str) -> bytes:
    if not is_file(folder / name):
        commands = [command.replace("FOLDER", shown_as(folder)) for command in COMMANDS]
        raise NotPacked(say("site.pyodide.missing", path=shown_as(folder / name), commands="\n".join(commands)))
    return (folder / name).read_bytes()
