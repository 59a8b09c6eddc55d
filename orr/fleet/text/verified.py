"""Result of verifying a history, as text and JSON."""

from __future__ import annotations

from typing import Any

from orr.formats.lines import WIDTH, wrap
from orr.history import Verified
from orr.messages import render, say

SHOWN = 50
"""How many findings are shown in a terminal; programs get all."""


def as_json(found: Verified, language: str) -> dict[str, Any]:
    """What a look at the chain brought, in the form `orr.verified/1`."""
    return {
        "format": "orr.verified/1",
        "whole": not found.findings,
        "records": found.records,
        "runs": found.runs,
        "head": found.head,
        "compared": found.compared,
        "findings": [{"record": one.record, "says": render(one.what, language)} for one in found.findings],
    }


def as_text(found: Verified, language: str) -> str:
    """Whether the history is whole, as far as that shows; else a line per finding."""

    def words(key: str, **values: object) -> str:
        return render(say(f"fleet.verify.{key}", **values), language)

    findings = found.findings
    if not findings:
        shows = words("has-noted" if found.compared else "alone")
        whole = words("whole", n=found.records, runs=found.runs, starts=found.records - found.runs)
        return "\n".join([whole, words("its-head", head=found.head), *wrap(shows, "", "", WIDTH)])
    lines = [words("broken", n=len(findings), records=found.records)]
    lines += [f"  - {render(one.what, language)}" for one in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append("  " + words("more", n=len(findings) - SHOWN))
    return "\n".join(lines)
