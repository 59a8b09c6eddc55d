"""The Python packages that a page needs, taken from where orr itself runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import yaml

from orr.messages import LOCALES
from orr.source.yaml import parse
from orr.system.paths import is_file
from orr.system.resources import shipped

_PACKAGES = (
    "annotated_types", "dateutil", "docutils", "filelock", "icalendar", "jmespath", "markdown_it", "mdurl",
    "markupsafe", "orr", "pydantic", "six", "typing_extensions", "typing_inspection", "tzdata", "yaml",
)  # fmt: skip
_LEFT_OUT = (
    "*/__pycache__/*", "*.so", "*.pyd", "*.pyi", "*.c", "*.pyx", "*/tests/*", "*/test_*.py",
    "pydantic/v1/*", "pydantic/mypy.py", "pydantic/_hypothesis_plugin.py",
    "docutils/writers/*", "docutils/languages/*", "docutils/parsers/rst/languages/*", "docutils/parsers/rst/include/*",
    "docutils/utils/math/*", "docutils/parsers/recommonmark_wrapper.py",
    "tzdata/zoneinfo/tzdata.zi", "icalendar/fuzzing/*",
    "orr/cli/*", "orr/execution/*", "orr/fleet/*", "orr/labextension/*", "orr/lab/*", "orr/api/*",
    "orr/__main__.py", "orr/evidence/kinds/foreign.py", "orr/evidence/kinds/preload.py", "orr/report/run.py",
    "orr/form/widget.py", "orr/form/js/*", "orr/form/form.css", "orr/data/*",
    "orr/site/*.js", "orr/site/bytecode.py", "orr/site/compile*",
)  # fmt: skip
_KEPT = (
    "docutils/writers/__init__.py", "docutils/languages/__init__.py", "docutils/languages/en.py",
    "docutils/parsers/rst/languages/__init__.py", "docutils/parsers/rst/languages/en.py",
    "docutils/utils/math/__init__.py", "orr/execution/__init__.py",
)  # fmt: skip


@cache
def packages() -> Mapping[str, bytes]:
    """The files by path, as they are imported."""
    found = {}
    for name in _PACKAGES:
        for path, file in _files_of(name):
            is_left_out = any(fnmatch(path, pattern) for pattern in _LEFT_OUT)
            if not is_left_out or any(fnmatch(path, pattern) for pattern in _KEPT):
                found[path] = _as_json(file) if path.endswith(".yaml") else file.read_bytes()
    checklists = {
        f"orr/data/checklists/{file.name}": file.read_bytes() for file in shipped("checklists").glob("*.yaml")
    }
    about = f"Metadata-Version: 2.1\nName: orr\nVersion: {version('orr')}\n".encode()
    return {**found, **checklists, f"orr-{version('orr')}.dist-info/METADATA": about, "regex.py": _patterns()}


def _files_of(name: str) -> Iterator[tuple[str, Path]]:
    spec = find_spec(name)
    origin = Path(str(spec.origin if spec is not None else name))
    if origin.name != "__init__.py":
        yield origin.name, origin
        return
    for file in sorted(origin.parent.rglob("*")):
        if is_file(file):
            yield file.relative_to(origin.parent.parent).as_posix(), file


def _as_json(file: Path) -> bytes:
    """Convert a YAML file of orr to JSON, for speed where libyaml is missing."""
    text = file.read_text(encoding="utf-8")
    if file.parent == LOCALES:
        data = yaml.load(text, yaml.CSafeLoader)
    elif file.name == "nobody.yaml":
        data = yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - makes texts alone: `no` is a word there
    else:
        data = parse(text, file.name)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _patterns() -> bytes:
    """Replacement module for `regex`, which no browser has: orr's patterns for `re`."""
    from orr.model.person import patterns

    no_letter, writings = patterns()
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    known = {
        one.pattern: _spelled_out(one.findall(everything), one.pattern.endswith("+")) for one in (no_letter, *writings)
    }
    return (
        f'"""Patterns of `regex` for `re`."""\n\nimport re\n\nVERSION1 = 0\n_KNOWN = {known!a}\n\n\n'
        "def compile(pattern, flags=0):\n    return re.compile(_KNOWN[pattern])\n"
    ).encode()


def _spelled_out(found: list[str], several: bool) -> str:
    codes = sorted({ord(one) for run in found for one in run})
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    parts = (re.escape(chr(first)) + (f"-{re.escape(chr(last))}" if last > first else "") for first, last in ranges)
    return f"[{''.join(parts)}]" + "+" * several
