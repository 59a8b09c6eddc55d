"""What docs/python.md says of the public face is so: every name, column, type and error."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Mapping
from types import FunctionType

import pytest
from support import ROOT

import orr
from orr.api.assessment import FORECAST, ITEMS, LAPSES, PATH, WAIVERS
from orr.fleet.page.tables import COLUMNS
from orr.form import widget
from orr.history.frames import RUNS

TEXT = (ROOT / "docs/python.md").read_text(encoding="utf-8")
FRAMES = {
    "to_frame()": ITEMS,
    "path_to_go()": PATH,
    "forecast()": FORECAST,
    "lapses()": LAPSES,
    "waivers()": WAIVERS,
    "Fleet.to_frame()": COLUMNS["workloads"],
    "launches()": COLUMNS["launches"],
    "teams()": COLUMNS["teams"],
    "blockers()": COLUMNS["blockers"],
    "Fleet.waivers()": COLUMNS["waivers"],
    "owners()": COLUMNS["owners"],
    "unchecked()": COLUMNS["unchecked"],
    "heat_map()": COLUMNS["heat_map"],
    "over_time()": COLUMNS["over_time"],
    "runs()": RUNS,
}


def section(heading: str) -> str:
    """What stands below a heading."""
    return re.split(r"^#+ ", TEXT.split(heading, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """The names of code in the first cells of a table's rows."""
    return [name for line in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for name in re.findall(r"`(.*?)`", line)]


def public(kind: type) -> set[str]:
    """The attributes and methods of a class."""
    return {name for name, what in vars(kind).items() if name[0] != "_" and isinstance(what, (FunctionType, property))}


@pytest.mark.parametrize(("method", "columns"), FRAMES.items(), ids=FRAMES.keys())
def test_each_frame_has_the_columns_and_types_that_are_written(method: str, columns: Mapping[str, str]) -> None:
    rows = re.findall(r"^\| `(.*?)` \| ([^|]+) \| \S", section(f"### `{method}`"), re.MULTILINE)
    assert dict(rows) == dict(columns)


def test_every_frame_of_the_page_is_tried() -> None:
    assert re.findall(r"^### `(.*?)`", TEXT, re.MULTILINE) == list(FRAMES)


def test_every_call_is_written_with_its_parameters() -> None:
    calls = dict(re.findall(r"^\| `orr\.(\w+)\((.*?)\)`", section("# orr in Python"), re.MULTILINE))
    functions = {name for name in orr.__all__ if inspect.isfunction(getattr(orr, name))}
    assert set(calls) == functions
    for name, written in calls.items():
        taken = [("**" if one.kind is one.VAR_KEYWORD else "") + one.name for one in _parameters(name)]
        assert [part.split("=")[0] for part in written.split(", ") if part != "*"] == taken


def _parameters(name: str) -> list[inspect.Parameter]:
    return list(inspect.signature(getattr(orr, name)).parameters.values())


def test_every_attribute_and_method_of_an_assessment_is_written() -> None:
    written = {name.split("(")[0] for name in first_cells(section("## An assessment\n"))}
    assert written == public(orr.Assessment)


def test_every_method_of_a_fleet_is_written() -> None:
    text = TEXT.split("## A fleet\n", 1)[1].split("\n## ", 1)[0]
    written = set(re.findall(r"`(?:Fleet\.)?(\w+)(?:\([a-z]*\))?`", text))
    assert public(orr.Fleet) - written == {"today", "language"}


def test_every_error_is_written() -> None:
    for module in pkgutil.walk_packages(orr.__path__, "orr."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
    known: set[type] = set()
    waiting: list[type] = [orr.OrrError]
    while waiting:
        below = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("orr.")]
        known.update(below)
        waiting += below
    assert sorted(first_cells(section("## Errors\n"))) == sorted(kind.__name__ for kind in known)


def test_the_session_gives_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (session,) = re.findall(r"^```pycon\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(session, {}, "session", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(test, out=said.append).failed == 0, "".join(said)


def test_the_form_stands_in_a_box_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (source,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    space: dict[str, object] = {}
    try:
        exec(source, space)
        assert space["verdict"].value == space["form"].verdict == "no-go"  # type: ignore[attr-defined]
    finally:
        for form in widget._open.values():
            form.close()
        widget._open.clear()


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT)
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []
