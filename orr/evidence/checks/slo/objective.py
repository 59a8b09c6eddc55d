"""Common model of objectives, and helpers to read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orr.evidence.checks.alerts.expressions import normal
from orr.evidence.documents.yamlstream import YamlDocument
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.source.faults import Path
from orr.source.yaml.go import boolean, number, text

MAX_NAME = 120


class Measure(NamedTuple):
    """What an objective measures.

    Attributes
    ----------
    said
        Whether the file has it.
    wrong
        Why it measures nothing.
    """

    said: bool
    wrong: Message | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective.

    Attributes
    ----------
    name, service, path, line
        What it is called, of what, and where it stands.
    target
        In per cent; None where it cannot be read.
    written
        The target as it stands in the file.
    days
        The length of its window; None where it cannot be read.
    measure
        What is measured, as far as it says so itself.
    indicators
        Indicators that it names and that stand elsewhere.
    alerts
        The alerts that its own file gives it.
    policies
        Alert policies that it names and that stand elsewhere.
    labels
        Texts that say more of it.
    names
        By which rules know it.
    wrong
        Why its target means something else than it seems to.
    data
        All of it as data.
    """

    name: str
    service: str
    path: str
    line: int
    target: float | None
    written: str
    days: float | None
    measure: Measure
    indicators: tuple[str, ...] = ()
    alerts: int = 0
    policies: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    wrong: Message | None = None
    data: Any = field(default=None, compare=False)


class Thing(NamedTuple):
    """A mapping of a document, and where it stands."""

    document: YamlDocument
    at: Path
    data: Mapping[str, Any]

    def line(self, *keys: str | int) -> int:
        """The line of what keys lead to from here."""
        return self.document.line((*self.at, *keys))

    def below(self, *keys: str) -> Thing:
        """A mapping within; an empty one where there is none."""
        data: Mapping[str, Any] = self.data
        for key in keys:
            data = mapping(data.get(key))
        return Thing(self.document, (*self.at, *keys), data)

    def flag(self, key: str) -> bool | None:
        """A boolean; None where it is not given.

        Raises
        ------
        Undetermined
            If it is none to the tool, which then refuses the file.
        """
        given = self.data.get(key)
        if given is None:
            return None
        read = boolean(given)
        if read is None:
            shown = text(given)[:40] or "…"
            line = self.line(key)
            raise Undetermined(say("slo.no-boolean", path=self.document.path, line=line, key=key, value=shown))
        return read


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping; an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def texts(given: Any) -> dict[str, str]:
    """The texts of a mapping, by key."""
    return {str(key): text(value).strip() for key, value in mapping(given).items() if isinstance(value, str)}


def per_cent(written: Any, tool: str) -> tuple[float | None, Message | None]:
    """Target in per cent, and a warning if it looks like a ratio."""
    target = number(written)
    # To who reads per cent, 0.999 would be met by one request in a hundred and one.
    is_ratio = target is not None and 0 < target <= 1
    return target, say("slo.ratio", target=text(written), tool=tool) if is_ratio else None


def counted(good_or_bad: Any, total: Any) -> Measure:
    """Measure of two queries: some events, and all events."""
    if not good_or_bad or not total:
        return Measure(False)
    return Measure(True, say("slo.alike") if normal(good_or_bad) == normal(total) else None)
