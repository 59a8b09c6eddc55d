"""The plan of the package: every module imports lower floors only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest
from support import ROOT

PACKAGE = ROOT / "orr"
FLOORS = (
    "messages system",
    "model execution",
    "source evaluate",
    "evidence formats",
    "workspace",
    "history assessing",
    "report",
    "fleet form",
    "api testing",
    "cli",
    "__init__ __main__",
)
"""The rooms of each floor, from the ground; a room imports lower floors only."""
HEIGHT = {name: floor for floor, names in enumerate(FLOORS) for name in names.split()}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
DYNAMIC = {
    "orr.cli": "a command is loaded when it is called",
    "orr.evidence": "what plug-ins use is loaded when it is used",
    "orr.evidence.kinds.registry": "a kind of check is loaded when a checklist names it",
    "orr.report.warming": "what a warm process loads is looked up in packages of others",
}
"""The modules that load others by name, and why."""


def room(module: str) -> str:
    """The file or folder of `orr/` that a module lies in."""
    return module.split(".")[1] if "." in module else "__init__"


def imported(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """The line and the module of every import of orr's own: at the top, in functions, for types, relative."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name in MODULES)


def arrows(module: str) -> Iterator[tuple[int, str]]:
    """The imports that leave a room."""
    for line, name in imported(module, MODULES[module]):
        if room(name) != room(module):
            yield line, name


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_lower_floors(module: str) -> None:
    for line, name in arrows(module):
        assert HEIGHT[room(name)] < HEIGHT[room(module)], f"{MODULES[module]}:{line}: {module} imports {name}"


def test_every_room_has_its_floor() -> None:
    assert {room(module) for module in MODULES} == set(HEIGHT)


def test_at_most_three_modules_lie_loose() -> None:
    assert len([path for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")]) <= 3


def test_only_the_modules_that_are_listed_load_others_by_name() -> None:
    loading = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "__import__")
    }
    assert loading == set(DYNAMIC)


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {name for _, name in imported(module, MODULES[module])} - {module} for module in MODULES}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " imports ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in sorted(graph[module]):
                visit(name, (*way, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())
