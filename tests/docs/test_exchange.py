"""Every format that assessments are exported in has a page, whose example is what is written."""

from __future__ import annotations

import re

import pytest
from support import ROOT
from support.outcomes import TODAY, documented

from orr.formats.outputs import OUTPUTS
from orr.formats.unread import readable

PAGES = {"items": "tables", "path": "tables"}
"""The pages that are named otherwise than their format."""


def page(name: str) -> str:
    return (ROOT / "docs/exchange" / f"{PAGES.get(name, name)}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in OUTPUTS if name != "items"])
def test_the_example_of_a_format_is_what_is_written(name: str) -> None:
    output = OUTPUTS[name]
    outcomes = documented() if output.holds_unread else readable(documented())
    written = iter(output.write(outcomes, TODAY, "en").removeprefix("\ufeff").splitlines())
    (example,) = re.findall(r"^```(?:text|xml|json|yaml)\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)
    shown = [line for line in example.splitlines() if line != "…"]
    assert len(shown) > 1
    assert [line for line in shown if line not in written] == []  # in this order, "…" for what is left out


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_page_names_the_specification_and_what_is_lost(name: str) -> None:
    text = page(name)
    assert f"orr export {name}" in text
    assert "**Specification**" in text
    assert "**Lost**" in text
