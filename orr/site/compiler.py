"""Compile the Python of an archive to bytecode; runs in the Python of a page."""

from __future__ import annotations

import marshal
import zipfile
from importlib.util import MAGIC_NUMBER
from types import CodeType

_HEAD = MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
"""Of a file whose source nobody looks for."""
_HAS_DOCSTRING = 0x4000000


def compile_archive(given: str, made: str) -> None:
    """Compile each Python file of a ZIP archive; other files stay as they are."""
    with zipfile.ZipFile(given) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            name, raw = entry.filename, source.read(entry)
            if name.endswith(".py"):
                name, raw = f"{name}c", _HEAD + marshal.dumps(_small(compile(raw, name, "exec", dont_inherit=True)))
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), raw)


def _small(code: CodeType) -> CodeType:
    """The code without its functions' docstrings and line numbers: a third of all bytes."""
    constants = [_small(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    flags = code.co_flags
    if flags & _HAS_DOCSTRING:
        constants[0], flags = None, flags & ~_HAS_DOCSTRING
    return code.replace(co_consts=tuple(constants), co_flags=flags, co_linetable=b"")
