"""The page's program: one module made of small ones, with tests of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from support import ROOT
from support.lanes import needed

from orr.form import bundle


def test_each_module_stands_after_those_that_it_imports() -> None:
    names = list(bundle.sources())
    for place, (name, text) in enumerate(bundle.sources().items()):
        for imported in re.findall(r'from "\./([\w-]+\.js)"', text):
            assert names.index(imported) < place, f"{name} imports {imported}"


def test_every_module_of_the_folder_is_part_of_the_program() -> None:
    assert set(bundle.sources()) == {path.name for path in (ROOT / "orr/form/js").glob("*.js")}


def test_the_program_is_one_module_that_imports_nothing(tmp_path: Path) -> None:
    program = bundle.program()
    assert not re.search(r"^\s*import\b|\bimport\(", program, re.MULTILINE)
    assert re.findall(r"^export .*", program, re.MULTILINE) == ["export default { render };"]
    (tmp_path / "form.mjs").write_text(program, encoding="utf-8")
    subprocess.run([needed("node"), "--check", str(tmp_path / "form.mjs")], check=True)


@pytest.mark.parametrize(
    "way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttpRequest"]
)
def test_the_program_neither_reads_text_as_markup_nor_asks_anybody(way: str) -> None:
    assert way not in bundle.program()


def test_the_style_asks_nobody_and_is_bound_to_the_form() -> None:
    style = bundle.style()
    assert "url(" not in style
    assert "@import" not in style
    rules = re.findall(r"^([^@}\n][^{\n]*)\{", style, re.MULTILINE)
    assert rules
    assert [rule for rule in rules if not all(".orr-form" in one for one in re.split(r",(?![^(]*\))", rule))] == []


def test_the_modules_are_small_enough_to_read() -> None:
    assert {name: text.count("\n") for name, text in bundle.sources().items() if text.count("\n") > 250} == {}


def test_the_tests_of_the_program_pass() -> None:
    done = subprocess.run([needed("node"), "--test", str(ROOT / "tests/js")], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-4000:]
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE)
