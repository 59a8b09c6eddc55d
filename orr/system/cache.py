"""Cache results by the content they were computed from.

A file each in the user's cache folder. It is only ever a short cut: what is missing, torn, written by
other code or in a folder that others may write to is not believed, and worked out anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from orr.system.paths import exists, is_file

VARIABLE = "ORR_CACHE"
"""The environment variable that names another folder; empty, there is no cache."""

_KEPT_DAYS = 30
_SWEPT = "swept"


class Form(NamedTuple):
    """How what was made is kept: to bytes, and back."""

    dumps: Callable[[Any], bytes]
    loads: Callable[[bytes], Any]


AS_JSON = Form(lambda made: json.dumps(made, separators=(",", ":")).encode(), json.loads)


def remembered(makers: tuple[str, ...], text: str, make: Callable[[], Any], form: Form = AS_JSON) -> Any:
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
        Works it out. What it raises is raised and not kept; neither is None, nor what the form cannot hold.
    form
        How it is kept; as JSON, where nothing else is said.
    """
    folder, code = _folder(os.environ.get(VARIABLE)), _code(makers)
    if folder is None or code is None:
        return make()
    key = hashlib.sha256(code + text.encode("utf-8", "surrogatepass")).hexdigest()
    path = f"{folder}/{key[:2]}/{key[2:]}"
    body = _read(path, key)
    if body is not None:
        with suppress(Exception):  # whatever is wrong with what was kept, it is worked out anew
            return form.loads(body)
    made = make()
    if made is not None:
        with suppress(OSError, TypeError, ValueError, RecursionError):
            _write(path, key, form.dumps(made))
    return made


def _hash(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).hexdigest().encode()


def _read(path: str, key: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a string: thousands of them
            raw = file.read()
        if time.time() - Path(path).stat().st_mtime > _KEPT_DAYS * 86400 / 2:
            os.utime(path)
    except OSError:
        return None
    return raw[64:] if _hash(key, raw[64:]) == raw[:64] else None


def _write(path: str, key: str, body: bytes) -> None:
    target = Path(path)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        part.write_bytes(_hash(key, body) + body)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sweep(target.parent.parent)


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
    """The folder, made where it is not there; None where there is none that only the user writes to."""
    if said == "":
        return None
    try:
        folder = Path(said).absolute() if said else _usual() / "orr"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # no home
        return None
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        return None
    return folder


def _usual() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))  # a relative one counts for nothing, says XDG's specification
    return named if named.is_absolute() else Path.home() / ".cache"


@cache
def _sweep(folder: Path) -> None:
    """Delete entries unused for a month, once a week."""
    swept = folder / _SWEPT
    now = time.time()
    with suppress(OSError):
        if exists(swept) and now - swept.stat().st_mtime < 7 * 86400:
            return
        swept.touch()
        for path in folder.glob("??/*"):
            with suppress(OSError):
                if now - path.stat().st_mtime > _KEPT_DAYS * 86400:
                    path.unlink()
