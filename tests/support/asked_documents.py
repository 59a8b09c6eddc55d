"""The documents that checks of the checklists ask for."""

from __future__ import annotations

import re

from orr.evidence.repository.conventions import spelled_out
from orr.model.checklist import CheckSpec

WILD = {"**/": "", "*books": "runbooks", "*rollback*": "2026-11-20-rollback", "*failover*": "2026-11-20-failover"}


def patterns(check: CheckSpec) -> list[str]:
    given = check.parameters.get("path") or check.parameters.get("paths") or []
    return spelled_out([given] if isinstance(given, str) else given)


def document_of(check: CheckSpec) -> str | None:
    """The name of a Markdown file that a check reads; None where it reads none."""
    pattern = next((one for one in patterns(check) if one.endswith(".md")), None)
    for wild, tame in WILD.items():
        pattern = pattern and pattern.replace(wild, tame)
    return pattern and re.sub(r"\*|\[[^]]*\]", "2026-11-20", pattern)


def headings(check: CheckSpec) -> list[str]:
    return [one["heading"].split("|")[0].strip() for one in check.parameters.get("sections", ())]
