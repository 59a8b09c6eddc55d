"""What docs/architecture.md says of the code is there."""

from __future__ import annotations

import ast
import re

import pytest
from support import ROOT

from tools.architecture import FLOORS, PACKAGE, SHOWN, tree

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:\w+/)*\w+\.py)(?::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=":".join)
def test_each_file_and_function_that_it_names_exists(path: str, name: str) -> None:
    file = ROOT / path if path.startswith("tests/") else PACKAGE / path
    defined = {node.name for node in ast.walk(tree(file)) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert not name or name in defined


def test_its_table_has_every_floor_with_its_rooms() -> None:
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", TEXT, re.MULTILINE)
    listed = {int(floor): set(re.findall(r"`([^`]+)`", rooms)) for floor, rooms in rows}
    assert listed == {n: {SHOWN.get(name, name) for name in names.split()} for n, names in enumerate(FLOORS, 1)}
