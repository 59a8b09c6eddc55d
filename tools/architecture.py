"""The plan of the package: its floors, what imports what, and the picture of both.

`python -m tools.architecture` draws `docs/images/architecture.svg` anew.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "orr"
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
FLOORS = (
    "messages system",
    "model execution",
    "source evaluate",
    "evidence formats",
    "workspace",
    "history",
    "assessing",
    "report",
    "proof",
    "fleet form",
    "site lab",
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

Arrows = Mapping[str, set[str]]
"""The rooms that each room imports."""


# What imports what


@cache
def tree(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def room(module: str) -> str:
    """The file or folder of `orr/` that a module lies in."""
    return module.split(".")[1] if "." in module else "__init__"


@cache
def imported(module: str) -> list[tuple[int, str]]:
    """The line and the module of every import of orr's own: at the top, in functions, for types, relative."""
    path, found = MODULES[module], list[tuple[int, str]]()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]
        else:
            continue
        found += [(node.lineno, name) for name in names if name in MODULES]
    return found


def leaving(module: str) -> Iterator[tuple[int, str]]:
    """The imports of a module that leave its room."""
    for line, name in imported(module):
        if room(name) != room(module):
            yield line, name


def arrows() -> dict[str, set[str]]:
    """The rooms that each room imports."""
    found: dict[str, set[str]] = {name: set() for name in HEIGHT}
    for module in MODULES:
        found[room(module)].update(room(name) for _, name in leaving(module))
    return found


def reduced(graph: Arrows) -> dict[str, set[str]]:
    """Leave out what follows: an arrow whose end is reached by way of others too."""
    return {name: {end for end in ends if not _beyond(graph, ends - {end}, end)} for name, ends in graph.items()}


def _beyond(graph: Arrows, starts: set[str], end: str) -> bool:
    return any(end in graph[start] or _beyond(graph, graph[start], end) for start in starts)


def purpose(name: str) -> str:
    """The first sentence of a room's docstring."""
    path = PACKAGE / name
    documented = ast.get_docstring(tree(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))) or ""
    return documented.partition("\n\n")[0].replace("\n", " ").replace("`", "")


# The picture

WIDTH, BAND, TOP = 820, 112, 8
BOX, TALL, LINE = 340, 68, 45
STYLE = """
.paper { fill: #ffffff } .odd { fill: #f2f5f9 } .box { fill: #ffffff; stroke: #5b6f8a }
text { font: 13px system-ui, sans-serif; fill: #42526a }
.name { font: 600 16px ui-monospace, monospace; fill: #14213a }
.arrow { fill: none; stroke: #7387a3; stroke-width: 1.5 } .head { fill: #7387a3 }
@media (prefers-color-scheme: dark) {
.paper { fill: #161b24 } .odd { fill: #1d2430 } .box { fill: #232c3b; stroke: #7f93b0 }
text { fill: #b9c6da } .name { fill: #f1f5fb } .arrow { stroke: #7f93b0 } .head { fill: #7f93b0 }
}"""
SHOWN = {"__init__": "orr", "__main__": "python -m orr"}


def picture() -> str:
    """Draw the floors as bands, highest first, the rooms as boxes, and the arrows that do not follow from others."""
    height = TOP * 2 + BAND * len(FLOORS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">',
        '<title id="title">The rooms of the package orr by floor; each imports lower floors only</title>',
        f"<style>{STYLE}\n</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
    ]
    for floor in range(len(FLOORS)):
        y = _y(floor)
        if floor % 2:
            parts.append(f'<rect class="odd" y="{y}" width="{WIDTH}" height="{BAND}"/>')
        parts.append(f'<text x="16" y="{y + BAND / 2 + 4:g}">{floor + 1}</text>')
    graph, taken = reduced(arrows()), set[tuple[int, float]]()
    parts += [
        f'<path class="arrow" marker-end="url(#head)" d="{_way(graph, name, end, taken)}"/>'
        for name in sorted(graph)
        for end in sorted(graph[name])
    ]
    parts += [_box(name) for name in sorted(HEIGHT)]
    return "\n".join([*parts, "</svg>", ""])


def _y(floor: int) -> int:
    return TOP + BAND * (len(FLOORS) - 1 - floor)


def _x(name: str) -> float:
    """The middle of a room's box: the rooms of a floor share its width."""
    beside = FLOORS[HEIGHT[name]].split()
    return WIDTH * (beside.index(name) + 0.5) / len(beside)


def _box(name: str) -> str:
    x, y = _x(name) - BOX / 2, _y(HEIGHT[name]) + (BAND - TALL) / 2
    lines = textwrap.wrap(purpose(name), LINE, max_lines=2, placeholder=" …")
    words = "".join(
        f'<text x="{x + BOX / 2:g}" y="{y + 41 + 17 * n:g}" text-anchor="middle">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    return (
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{BOX}" height="{TALL}" rx="6"/>'
        f'<text class="name" x="{x + BOX / 2:g}" y="{y + 21:g}" text-anchor="middle">{SHOWN.get(name, name)}</text>'
        f"{words}"
    )


def _way(graph: Arrows, name: str, end: str, taken: set[tuple[int, float]]) -> str:
    """The line of an arrow: from box to box, between those of the floors that it passes, beside lines there."""
    x, goal = _port(name, end, graph[name]), _port(end, name, {one for one in graph if end in graph[one]})
    y = _y(HEIGHT[name]) + (BAND + TALL) / 2
    way = f"M{x:g} {y:g}"
    for floor in range(HEIGHT[name] - 1, HEIGHT[end] - 1, -1):
        to = goal if floor == HEIGHT[end] else _free(floor, (x + goal) / 2, taken)
        middle, below = _y(floor), y + BAND - TALL
        way += f" C{x:g} {middle:g} {to:g} {middle:g} {to:g} {below:g}"
        if floor != HEIGHT[end]:
            way += f" V{below + TALL:g}"
        x, y = to, below + TALL
    return way


def _port(name: str, other: str, others: set[str]) -> float:
    """Where an arrow touches a box: the arrows share its edge in the order of their other ends."""
    order = sorted(others, key=lambda one: (_x(one), HEIGHT[one]))
    return _x(name) + (order.index(other) - (len(order) - 1) / 2) * 46


def _free(floor: int, x: float, taken: set[tuple[int, float]]) -> float:
    """The nearest place of a floor that neither a box nor another line covers."""
    boxes = [_x(one) for one in FLOORS[floor].split()]
    places = [
        place
        for place in range(24, WIDTH, 12)
        if (floor, place) not in taken and all(abs(place - box) >= BOX / 2 + 14 for box in boxes)
    ]
    nearest = min(places, key=lambda place: abs(place - x))
    taken.add((floor, nearest))
    return nearest


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
