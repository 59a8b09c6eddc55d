"""Which kinds of check there are, and what is remembered of what a checklist asks of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orr.evidence.kinds import registry as kinds
from orr.evidence.kinds import signature
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import all_kinds, kind_named, source_of
from orr.model.checklist import Checklist, CheckSpec
from orr.source.faults import Fault
from orr.source.file import InputFile
from orr.workspace.crosscheck import check_faults

TEXT = """\
checklist: c
version: 1
title: C
sections:
  - section: s
    items:
      - item: a
        ask: A?
        risk: high
        checks:
          - {check: document, path: docs/a.md, sections: [Steps]}
          - {check: files, paths: ["*.md"], at_least: 2}
"""


@pytest.fixture(autouse=True)
def _other_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ORR_CACHE", str(tmp_path / "cache"))
    forget()
    yield
    forget()


def forget() -> None:
    """As another process, which has only what lies in the cache."""
    kinds.FAULTLESS.clear()
    kind_named.cache_clear()


def faults(text: str = TEXT) -> list[Fault]:
    file = InputFile(Path("c.yaml"), "c.yaml", text.encode())
    return list(check_faults(file, file.read_as(Checklist)))


def never(*_: Any) -> None:
    raise AssertionError("a signature was looked at")


def test_what_a_checklist_asks_of_its_checks_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults() == []
    values = [kind_named("document").values(CheckSpec("document", {"path": "docs/a.md", "sections": ["Steps"]}))]
    forget()
    monkeypatch.setattr(signature.Signature, "__init__", never)
    assert faults() == []
    assert [
        kind_named("document").values(CheckSpec("document", {"path": "docs/a.md", "sections": ["Steps"]}))
    ] == values
    assert values[0]["path"] == ["docs/a.md"]


def test_a_changed_checklist_is_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults() == []
    forget()
    monkeypatch.setattr(signature.Signature, "__init__", never)
    with pytest.raises(AssertionError):
        faults(TEXT.replace("at_least: 2", "at_least: 3"))


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [("at_least: 2", "at_least: 0", (12, 45)), ("check: files", "check: fils", (12, 14))],
    ids=["a parameter", "a kind"],
)
def test_a_fault_is_told_each_time(good: str, bad: str, place: tuple[int, int]) -> None:
    for _ in range(2):
        found = faults(TEXT.replace(good, bad))
        assert [(one.place.line, one.place.column) for one in found] == [place]
        forget()


def test_of_a_kind_of_another_package_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    def tide(context: Any, least: int = 1) -> None:
        """See whether the tide is in."""

    made: list[str] = []

    def named(name: str) -> Kind:
        made.append(name)
        return Kind(name, tide, False)

    monkeypatch.setattr(kinds, "kind_named", named)
    text = TEXT.split("          - {check: document")[0] + "          - {check: tide, least: 3}\n"
    for times in (1, 2):
        assert faults(text) == []
        assert made.count("tide") == times


def test_each_run_is_given_values_of_its_own() -> None:
    kind, spec = kind_named("files"), CheckSpec("files", {"paths": ["*.md"]})
    assert kind.faults(spec) == []
    kind.values(spec)["paths"].append("changed")
    assert kind.values(spec) == {"paths": ["*.md"]}


def test_values_that_json_cannot_hold_are_read_each_time() -> None:
    def tide(context: Any, day: date) -> None:
        """See whether the tide is in."""

    kind, spec = Kind("tide", tide, True), CheckSpec("tide", {"day": "2026-11-28"})
    assert kind.faults(spec) == []
    assert kind.values(spec) == {"day": date(2026, 11, 28)}


def test_a_check_may_import_for_type_checkers_what_it_is_given() -> None:
    # From Python 3.14 on without quotes, since annotations are evaluated when somebody asks for them.
    context = "Context" if sys.version_info >= (3, 14) else "'Context'"
    space: dict[str, Any] = {}
    exec(f"def changelog(context: {context}, path: str = 'a.md', n: 'int | None' = None) -> {context}: ...", space)
    found = signature.Signature(space["changelog"])
    assert [(one.name, one.required) for one in found.parameters] == [("path", False), ("n", False)]
    assert found.read({"n": 3}) == {"n": 3}


@pytest.mark.parametrize(
    "kind", [kind for _, kind in all_kinds() if isinstance(kind, Kind)], ids=lambda kind: kind.name
)
def test_where_a_kind_looks_is_known_without_loading_it(kind: Kind) -> None:
    spec = CheckSpec(kind.name, {"recipe": "github/branch-protected"})
    expected = kind.traits.source(kind.name, spec.parameters) if kind.traits.acts else None
    assert source_of(spec) == expected
