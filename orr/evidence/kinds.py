"""The kinds of check that there are: those built in, and those of installed packages."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from orr.evidence.parameters import KeyFault, Signature
from orr.evidence.traits import Traits, traits_of
from orr.finding import Finding, Said
from orr.messages import Message, say
from orr.model import CheckSpec

GROUP = "orr.checks"

# Known without asking the installed packages for their entry points, which is slow.
_BUILT_IN = {
    "alerts": "orr.evidence.alerts:alerts",
    "aws": "orr.evidence.aws.check:aws",
    "calendar": "orr.evidence.calendar:calendar",
    "command": "orr.evidence.command:command",
    "document": "orr.evidence.document:document",
    "files": "orr.evidence.files:files",
    "http": "orr.evidence.http:http",
    "incidents": "orr.evidence.incidents.check:incidents",
    "metric": "orr.evidence.metric:metric",
    "notebook": "orr.evidence.notebook:notebook",
    "ownership": "orr.evidence.ownership:ownership",
    "results": "orr.evidence.results.check:results",
    "roster": "orr.evidence.roster.check:roster",
    "service": "orr.evidence.service:service",
    "slo": "orr.evidence.slo:slo",
}


class UnknownKind(Exception):  # noqa: N818 - named for what it is about
    """A kind of check that is not there or cannot be used, with the words for it."""

    def __init__(self, wrong: Message, remedy: Message) -> None:
        self.wrong, self.remedy = wrong, remedy
        super().__init__(str(wrong))


@dataclass(frozen=True)
class Kind:
    """A kind of check.

    Attributes
    ----------
    name
        The word after `check:`.
    function
        The check.
    built_in
        Whether it is one of orr's own.
    """

    name: str
    function: Callable[..., Finding]
    built_in: bool

    @cached_property
    def traits(self) -> Traits:
        """How it is run."""
        return traits_of(self.function)

    @cached_property
    def signature(self) -> Signature:
        """Its parameters."""
        return Signature(self.function)

    @property
    def summary(self) -> Said:
        """What it does, in one line."""
        if self.built_in:
            return say(f"evidence.kind.{self.name}")
        return (inspect.getdoc(self.function) or "").strip().split("\n")[0]

    def about(self, parameter: str) -> Said:
        """What a parameter means, in one line."""
        if self.built_in:
            return say(f"evidence.parameter.{self.name}.{parameter}")
        described = re.search(
            rf"^{re.escape(parameter)}\b[^\n]*\n((?:[ \t]+\S[^\n]*\n?)+)",
            inspect.getdoc(self.function) or "",
            re.MULTILINE,
        )
        return " ".join(described.group(1).split()) if described else ""

    def faults(self, spec: CheckSpec) -> list[KeyFault]:
        """Everything that is wrong with its parameters in a checklist."""
        written = json.dumps(spec.parameters, sort_keys=True, default=str)
        if written not in self._faultless:  # asked when the checklist is read, and again before the check is run
            faults = self._faults(spec)
            if faults:
                return faults
            self._faultless.add(written)
        return []

    @cached_property
    def _faultless(self) -> set[str]:
        return set()

    def _faults(self, spec: CheckSpec) -> list[KeyFault]:
        faults = self.signature.faults(spec.parameters)
        if not faults and self.traits.verify is not None:
            for key, wrong, remedy in self.traits.verify(self.signature.read(spec.parameters)):
                keys = (key,) if key in spec.parameters else ()
                faults.append((keys, _message(wrong), _message(remedy)))
        return faults


@cache
def kind_named(name: str) -> Kind:
    """The kind of a name.

    Raises
    ------
    UnknownKind
        If no package has it, several have it, or it cannot be loaded.
    """
    place = _BUILT_IN.get(name)
    if place is not None:
        module, _, attribute = place.partition(":")
        return Kind(name, getattr(import_module(module), attribute), True)
    points = _entry_points().get(name, [])
    if not points:
        known = sorted({*_BUILT_IN, *_entry_points()})
        raise UnknownKind(say("evidence.unknown-kind", kind=name), say("evidence.unknown-kind.do", known=known))
    if len(points) > 1:
        packages = sorted(point.dist.name if point.dist else point.value for point in points)
        raise UnknownKind(
            say("evidence.kind-twice", kind=name, packages=packages), say("evidence.kind-twice.do", kind=name)
        )
    try:
        kind = Kind(name, points[0].load(), False)
        _ = kind.signature
    except Exception as error:  # whatever a package does while it is imported
        why = f"{type(error).__name__}: {error}"
        raise UnknownKind(
            say("evidence.kind-broken", kind=name, place=points[0].value, why=why), say("evidence.kind-broken.do")
        ) from error
    return kind


def all_kinds() -> list[tuple[str, Kind | UnknownKind]]:
    """Every kind by name, with what is wrong with those that cannot be used."""
    found: list[tuple[str, Kind | UnknownKind]] = []
    for name in sorted({*_BUILT_IN, *_entry_points()}):
        try:
            found.append((name, kind_named(name)))
        except UnknownKind as unknown:
            found.append((name, unknown))
    return found


def faults_of(spec: CheckSpec) -> list[KeyFault]:
    """What is wrong with a check as it stands in a checklist.

    Parameters
    ----------
    spec
        The check: its kind and its parameters.

    Returns
    -------
    list
        The path of keys within the check's mapping, what is wrong, and what to do.
    """
    try:
        return kind_named(spec.check).faults(spec)
    except UnknownKind as unknown:
        return [(("check",), unknown.wrong, unknown.remedy)]


@cache
def _entry_points() -> dict[str, list[Any]]:
    from importlib.metadata import entry_points

    found: dict[str, list[Any]] = {}
    for point in entry_points(group=GROUP):
        if point.name not in _BUILT_IN:
            found.setdefault(point.name, []).append(point)
    return found


def _message(words: Said) -> Message:
    return words if isinstance(words, Message) else say("evidence.said", words=words)
