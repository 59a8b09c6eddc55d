"""What is derived from a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.evidence.context import Context
from orr.evidence.documents.facts import Facts, facts_of
from orr.evidence.errors import Undetermined
from orr.model.finding import Finding, Outcome
from orr.testing import run_check


def facts_in(folder: Path, text: str) -> Facts:
    (folder / "a.md").write_text(text, encoding="utf-8")
    found: list[Facts] = []

    def keep(context: Context) -> Finding:
        found.append(facts_of(context, "a.md"))
        assert facts_of(context, "a.md") is found[0]
        with pytest.raises(Undetermined):
            facts_of(context, "gone.md")
        return Finding("keep", Outcome.MET, "kept")

    assert run_check(keep, folder).outcome is Outcome.MET
    return found[0]


def test_each_fact_is_derived_once_with_its_lines(tmp_path: Path) -> None:
    facts = facts_in(tmp_path, "# A\n\n![p](gone.png)\n\n[x](gone.md)\n\nTODO\n\nReal.\n")
    assert [link.target for link in facts.dead_links] == ["gone.png", "gone.md"]
    assert 3 not in facts.substance
    assert 9 in facts.own_text
    assert 5 not in facts.own_text
    assert facts.placeholders == [("TODO", 7)]
