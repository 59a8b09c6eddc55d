"""The plan of the package: every module imports lower floors only, and begins what it documents with a short line."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET

from tools.architecture import (
    HEIGHT,
    MODULES,
    PACKAGE,
    PICTURE,
    arrows,
    imported,
    leaving,
    picture,
    reduced,
    room,
    tree,
)

DYNAMIC = {
    "orr": "what a notebook uses is loaded when it is used",
    "orr.cli": "a command is loaded when it is called",
    "orr.evidence": "what plug-ins use is loaded when it is used",
    "orr.evidence.kinds.registry": "a kind of check is loaded when a checklist names it",
}
"""The modules that load others by name, and why."""


def test_a_module_imports_only_lower_floors() -> None:
    assert [
        f"{MODULES[module]}:{line}: {module} imports {name}"
        for module in MODULES
        for line, name in leaving(module)
        if HEIGHT[room(name)] >= HEIGHT[room(module)]
    ] == []


def test_every_room_has_its_floor() -> None:
    assert {room(module) for module in MODULES} == set(HEIGHT)


def test_at_most_three_modules_lie_loose() -> None:
    assert len([path for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")]) <= 3


def test_only_the_modules_that_are_listed_load_others_by_name() -> None:
    loading = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "__import__")
    }
    assert loading == set(DYNAMIC)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {name for _, name in imported(module)} - {module} for module in MODULES}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " imports ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in sorted(graph[module]):
                visit(name, (*way, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_the_picture_shows_the_plan_as_it_is() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "draw it anew: python -m tools.architecture"


def test_the_picture_has_every_room_and_each_arrow_that_does_not_follow_from_others() -> None:
    drawn = ET.fromstring(PICTURE.read_text(encoding="utf-8"))
    classes = [part.get("class") for part in drawn.iter()]
    assert classes.count("box") == len(HEIGHT)
    assert classes.count("arrow") == sum(map(len, reduced(arrows()).values()))


def test_an_arrow_is_left_out_only_where_others_lead_to_its_end() -> None:
    assert reduced({"a": {"b", "c", "d"}, "b": {"c"}, "c": set(), "d": set()}) == {
        "a": {"b", "d"},
        "b": {"c"},
        "c": set(),
        "d": set(),
    }


DOCUMENTED = ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
LONGEST = 16
"""Words of a docstring's first line, which lists and hovers show alone."""


def test_a_docstring_begins_with_a_short_line_and_holds_no_half_of_a_surrogate_pair() -> None:
    halves = re.compile("[\ud800-\udfff]")  # Python 3.13.0 cannot compile such a module
    for path in MODULES.values():
        for node in ast.walk(tree(path)):
            if isinstance(node, DOCUMENTED):
                text = ast.get_docstring(node) or ""
                assert len(text.partition("\n")[0].split()) <= LONGEST, f"{path}: {text}"
                assert not halves.search(text), path
