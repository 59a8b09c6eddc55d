"""Map the ids and conditions of a lens to those of checklists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

FRAMEWORK_PILLARS = (
    "operationalExcellence",
    "security",
    "reliability",
    "performance",
    "costOptimization",
    "sustainability",
)
"""The ids that stand for the pillars of the Well-Architected Framework."""

SCHEMA_VERSION = "2021-11-01"
RISKS: Mapping[str, Literal["high", "medium", "none"]] = {
    "HIGH_RISK": "high",
    "MEDIUM_RISK": "medium",
    "NO_RISK": "none",
}
HELP, PLAN = "HELPFUL_RESOURCE", "IMPROVEMENT_PLAN"
LONGEST_PREFIX = 60
_CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def kebab(text: str) -> str:
    """Write a name or title in kebab-case: ``costOptimization`` becomes ``cost-optimization``.

    Only a text that is camel case as a whole is divided at its humps, so SaaS stays one word.
    Letters outside ASCII are left out, so the result can be empty.
    """
    if _CAMEL.fullmatch(text):
        text = re.sub("([A-Z])", r"-\1", text)
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def shortened(name: str, limit: int) -> str:
    """Cut a kebab-case name at a word, to at most `limit` characters."""
    if len(name) <= limit:
        return name
    return name[: limit + 1].rpartition("-")[0] or name[:limit]


def unique(name: str, taken: Iterable[str], joint: str = "-") -> str:
    """Number a name that is taken already: `name`, `name-2`, `name-3` and so on."""
    names, number, result = set(taken), 1, name
    while result in names:
        number += 1
        result = f"{name}{joint}{number}"
    return result


def lens_id(name: str) -> str:
    """Write one of our ids with the characters that a lens allows."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


_PILLAR_OF = {kebab(pillar): pillar for pillar in FRAMEWORK_PILLARS}


def pillar_id(checklist: str) -> str:
    """Id of the pillar for a checklist; the Framework's own where it matches."""
    return _PILLAR_OF.get(checklist, lens_id(checklist))


def renamed(condition: str, names: Mapping[str, str]) -> str:
    """Put other names into a condition, leaving everything else as it is written."""
    return _NAME.sub(lambda match: names.get(match.group(), match.group()), condition)
