"""Python is packed as bytecode that its own interpreter made, and as source where that cannot be had."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.site_stage import PYODIDE

from orr.site import bytecode
from orr.site.build import STDLIB
from orr.site.compiler import compile_archive
from orr.site.facts import NotPacked
from orr.system.zips import unzipped, zipped

SOURCE = b'''"""A module."""


def half(number):
    """Halve it."""
    assert number
    return [number / two for two in (2,)]
'''


def made_of(folder: Path, files: Mapping[str, bytes]) -> bytes:
    (folder / "given.zip").write_bytes(zipped(files))
    compile_archive(str(folder / "given.zip"), str(folder / "made.zip"))
    return (folder / "made.zip").read_bytes()


def test_a_compiled_archive_is_imported_as_it_lies_and_holds_other_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = made_of(tmp_path, {"halving/__init__.py": SOURCE, "halving/data.yaml": b"a: 1\n"})
    assert unzipped(raw).keys() == {"halving/__init__.pyc", "halving/data.yaml"}
    assert unzipped(raw)["halving/data.yaml"] == b"a: 1\n"
    monkeypatch.syspath_prepend(str(tmp_path / "made.zip"))
    import halving  # type: ignore[import-not-found]

    try:
        assert halving.half(4) == [2]
        with pytest.raises(AssertionError):
            halving.half(0)
    finally:
        del sys.modules["halving"]


def test_the_same_source_gives_the_same_bytecode(tmp_path: Path) -> None:
    files = {"a.py": SOURCE, "b.py": b"def kind(one):\n    return one in {'x', 'y', 'z', 3, None}\n"}
    assert made_of(tmp_path, files) == made_of(tmp_path, files)


@pytest.mark.parametrize(
    ("node", "says"),
    [
        pytest.param(None, "not on PATH", id="missing"),
        pytest.param("#!/bin/sh\necho 'too old' >&2\nexit 1\n", "(too old)", id="failing"),
    ],
)
def test_without_a_node_that_can_run_it_the_command_is_told_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str | None, says: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if node is not None:
        (tmp_path / "node").write_text(node, encoding="utf-8")
        (tmp_path / "node").chmod(0o755)
    with pytest.raises(NotPacked) as refused:
        bytecode.compiled({**PYODIDE, STDLIB: zipped({"os.py": b""})}, {"a.py": b""})
    assert says in str(refused.value.why)
    assert "source" in str(refused.value.why)
