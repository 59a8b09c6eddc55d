"""Cache results by the content they were computed from.

A file of JSON each in the user's cache folder. It is only ever a short cut: what is missing, torn, written by
other code or by somebody else, or where somebody else may write, is not believed, and worked out anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from orr.system.paths import exists, is_file
from orr.system.private import is_ours, is_private, make_folder, usual_folder

VARIABLE = "ORR_CACHE"
"""The environment variable that names another folder; empty, there is no cache."""

TAG = "CACHEDIR.TAG"
SIGNATURE = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of orr, which may be deleted at any time.
# Without these lines (https://bford.info/cachedir/) orr neither reads nor deletes anything in it.
"""

worked_out: dict[str, Any] | None = None
"""What was worked out, by `named`; None where only the folder keeps it.

Where the same code goes on without that folder, as in a browser, it is given what it needs.
"""

_KEPT_DAYS = 30
_SWEPT = "swept"
_OURS = re.compile(r"[0-9a-f]{64}(\.[0-9]+\.[0-9]+)?")  # an entry, or a part of one that was never finished


def remembered(makers: tuple[str, ...], text: str, make: Callable[[], Any]) -> Any:
    """Return the cached result for a text, or compute and cache it.

    Parameters
    ----------
    makers
        The modules that do it, and the packages that they do it with: where the source of one
        changes (of a package, that of its `__init__` or `version`, which tells its version), all is
        forgotten. `package.*` is every file of a package, by its size and time.
    text
        What the result depends on, and nothing else does.
    make
        Works it out. What it raises is raised and not kept; neither is None, nor what JSON cannot hold.
    """
    if worked_out is None:
        return _kept(makers, text, make)
    name = named(makers, text)
    if name not in worked_out:
        worked_out[name] = _kept(makers, text, make)
    return deepcopy(worked_out[name])


def is_in_use() -> bool:
    """Whether anything is remembered."""
    return worked_out is not None or _folder(os.environ.get(VARIABLE)) is not None


def named(makers: tuple[str, ...], text: str) -> str:
    """The name of what makers make of a text."""
    return hashlib.sha256(json.dumps([makers, text]).encode("utf-8", "surrogatepass")).hexdigest()


def _kept(makers: tuple[str, ...], text: str, make: Callable[[], Any]) -> Any:
    folder, code = _folder(os.environ.get(VARIABLE)), _code(makers)
    if folder is None or code is None:
        return make()
    key = hashlib.sha256(code + text.encode("utf-8", "surrogatepass")).hexdigest()
    path = f"{folder}/{key}"
    body = _read(path, key)
    if body is not None:
        with suppress(ValueError, RecursionError):
            return json.loads(body)
    made = make()
    if made is not None:
        with suppress(OSError, TypeError, ValueError, RecursionError):
            _write(path, key, json.dumps(made, separators=(",", ":")).encode())
            _sweep(folder)
    return made


def _hash(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).hexdigest().encode()


def _read(path: str, key: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a string: thousands of them
            status, raw = os.fstat(file.fileno()), file.read()
        if time.time() - status.st_mtime > _KEPT_DAYS * 86400 / 2:
            os.utime(path)
    except OSError:
        return None
    return raw[64:] if is_ours(status) and _hash(key, raw[64:]) == raw[:64] else None


def _write(path: str, key: str, body: bytes) -> None:
    part = Path(f"{path}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(_hash(key, body) + body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _states(folder: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _states(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


@cache
def _code(makers: tuple[str, ...]) -> bytes | None:
    found = hashlib.sha256(sys.version.encode())
    try:
        for name in makers:
            spec = find_spec(name.removesuffix(".*"))
            if spec is None or spec.origin is None:
                return None
            home = Path(spec.origin).parent
            if name.endswith(".*"):
                found.update("\n".join(sorted(_states(str(home)))).encode())
                continue
            version = home / "version.py"
            told = [version] if spec.submodule_search_locations and is_file(version) else []
            for path in (Path(spec.origin), *told):
                found.update(hashlib.sha256(path.read_bytes()).digest())
    except (OSError, ImportError, ValueError):
        return None
    return found.digest()


@cache
def _folder(said: str | None) -> Path | None:
    """Folder of entries, created if missing; None where others could write to it."""
    if said == "":
        return None
    try:
        folder = (Path(said).absolute() if said else usual_folder("cache") / "orr") / "entries"
        make_folder(folder)
        tag = folder / TAG
        if not any(os.scandir(folder)):
            tag.write_text(SIGNATURE, encoding="utf-8")
        return folder if tag.read_text(encoding="utf-8") == SIGNATURE and is_private(folder) else None
    except (OSError, ValueError, RuntimeError):  # no home
        return None


@cache
def _sweep(folder: Path) -> None:
    """Delete entries unused for a month, once a week."""
    swept = folder / _SWEPT
    now = time.time()
    with suppress(OSError):
        if exists(swept) and now - swept.stat().st_mtime < 7 * 86400:
            return
        swept.touch()
        for entry in os.scandir(folder):
            with suppress(OSError):
                old = now - entry.stat(follow_symlinks=False).st_mtime > _KEPT_DAYS * 86400
                if old and _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    Path(entry).unlink()
