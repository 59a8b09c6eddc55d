"""Severities of incidents in the words of many tools and teams."""

from __future__ import annotations

import re

SEVERE = ("0", "1", "2", "critical", "major", "high", "严重", "重大")
_MILD = frozenset(
    (
        *("3", "4", "5", "6", "minor", "medium", "moderate", "normal", "low", "lower", "lowest", "none", "trivial"),
        *("info", "informational", "information", "notice", "maintenance", "cosmetic", "negligible", "insignificant"),
        *("三级", "四级", "五级", "较大", "一般", "较小", "轻微", "次要", "低", "中", "提示", "通知", "维护", "无"),
    )
)
_LEVEL = r"(?:sev(?:erity)?|prio(?:rity)?|level|p|s)"
_DIGIT = r"[\s_:#-]{0,3}(\d)(?![\d%]|\.\d)"
_NUMBERED = re.compile(rf"{_LEVEL}?{_DIGIT}")
_ANYWHERE = re.compile(rf"(?<![a-z\d.]){_LEVEL}{_DIGIT}")
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


def bare(severity: str) -> str:
    """A severity without what people put around it: `SEV-1`, `P1` and `1 (critical)` are `1`."""
    word = severity.strip().casefold()
    numbered = _NUMBERED.match(word)
    return numbered[1] if numbered else word


def _named(severity: str) -> set[str]:
    """All that a severity may be called by: `Critical (P1)` is `critical` and `1`."""
    word = severity.strip().casefold()
    return {bare(word), *_ANYWHERE.findall(word), *_WORD.findall(word)}


def is_known(severity: str, severe: frozenset[str]) -> bool:
    """Whether a severity is one of those that are severe, or that are mild."""
    return bool(_named(severity) & (severe | _MILD))


def is_severe(severity: str, severe: frozenset[str]) -> bool:
    """Whether an incident counts as severe; one without a severity, or of an unknown one, does.

    Parameters
    ----------
    severity
        As it is recorded.
    severe
        The severities that are; where they are a team's own, it is to name all of them.
    """
    if not severity or _named(severity) & severe:
        return True
    return severe == frozenset(SEVERE) and not is_known(severity, severe)
