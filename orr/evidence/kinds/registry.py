"""Registry of the kinds of check, built in and from plug-ins."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orr.evidence.kinds.traits import Traits, traits_of
from orr.messages import Message, Said, say
from orr.messages.errors import OrrError
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.system.cache import remembered

if TYPE_CHECKING:
    from orr.evidence.kinds.signature import KeyFault, Signature

GROUP = "orr.checks"

# Known without asking the installed packages for their entry points, which is slow.
_BUILT_IN = {
    "alerts": "orr.evidence.checks.alerts.check:alerts",
    "aws": "orr.evidence.checks.aws.check:aws",
    "calendar": "orr.evidence.checks.calendar:calendar",
    "command": "orr.evidence.checks.command:command",
    "document": "orr.evidence.checks.document.check:document",
    "files": "orr.evidence.checks.files:files",
    "http": "orr.evidence.checks.http:http",
    "incidents": "orr.evidence.checks.incidents.check:incidents",
    "metric": "orr.evidence.checks.metric:metric",
    "notebook": "orr.evidence.checks.notebook:notebook",
    "ownership": "orr.evidence.checks.ownership.check:ownership",
    "results": "orr.evidence.checks.results.check:results",
    "roster": "orr.evidence.checks.roster.check:roster",
    "service": "orr.evidence.checks.service.check:service",
    "slo": "orr.evidence.checks.slo.check:slo",
}


class UnknownKind(OrrError):
    """A kind of check that is not there or cannot be used, with the words for it."""

    def __init__(self, wrong: Message, remedy: Message) -> None:
        super().__init__(say("evidence.cannot", wrong=wrong, remedy=remedy))
        self.wrong, self.remedy = wrong, remedy


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
        from orr.evidence.kinds.signature import Signature

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
        given = written(spec)
        if given in self._faultless:  # asked when the checklist is read, and again before the check is run
            return []
        faults = self.signature.faults(spec.parameters)
        if not faults:
            values = self.signature.read(spec.parameters)
            for key, wrong, remedy in self.traits.verify(values) if self.traits.verify is not None else ():
                keys = (key,) if key in spec.parameters else ()
                faults.append((keys, _message(wrong), _message(remedy)))
        if not faults:
            self._faultless[given] = _as_json(values)
        return faults

    def values(self, spec: CheckSpec) -> dict[str, Any]:
        """What to call it with, for parameters without faults."""
        kept = self._faultless.get(written(spec))
        return self.signature.read(spec.parameters) if kept is None else dict(json.loads(kept))

    @cached_property
    def _faultless(self) -> dict[str, str | None]:
        """By parameters as they are written, their values as JSON, None where JSON cannot hold them."""
        return {} if not self.built_in else _FAULTLESS.setdefault(self.name, {})


_FAULTLESS: dict[str, dict[str, str | None]] = {}
_MAKERS = ("orr.*", "pydantic")
"""All of orr: what a kind takes may depend on its recipes too."""


def all_right(text: str, specs: Sequence[CheckSpec]) -> bool:
    """Return whether no check of a checklist has a fault, cached by its text.

    Of kinds that are not built in nothing is remembered.
    """
    if not all(is_built_in(spec.check) for spec in specs):
        return False

    def look() -> list[str | None] | None:
        if any(faults_of(spec) for spec in specs):
            return None
        return [_FAULTLESS[spec.check][written(spec)] for spec in specs]

    kept = remembered(_MAKERS, f"checks\n{text}", look)
    if kept is None:
        return False
    for spec, values in zip(specs, kept, strict=True):
        _FAULTLESS.setdefault(spec.check, {})[written(spec)] = values
    return True


def is_built_in(name: str) -> bool:
    """Whether a kind is one of orr's own, so that no code of others is loaded for it."""
    return name in _BUILT_IN


def written(spec: CheckSpec) -> str:
    """The parameters of a check as text: the same for the same ones."""
    return spec.memoised("written", lambda: json.dumps(spec.parameters, sort_keys=True, default=str))


def _as_json(values: dict[str, Any]) -> str | None:
    try:
        text = json.dumps(values, allow_nan=False)
    except (TypeError, ValueError):
        return None
    return text if json.loads(text) == values else None


_others: set[str] = set()


def others_loaded() -> bool:
    """Whether this process has loaded a kind that is not built in, so that code of others ran in it."""
    return bool(_others)


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
    _others.add(name)
    try:
        kind = Kind(name, points[0].load(), False)
        _ = kind.signature
    except Exception as error:  # whatever a package does while it is imported
        why = f"{type(error).__name__}: {error}"
        raise UnknownKind(
            say("evidence.kind-broken", kind=name, place=points[0].value, why=why), say("evidence.kind-broken.do")
        ) from error
    return kind


def traits_of_kind(name: str) -> Traits:
    """How a kind is run; the defaults of one that cannot be used."""
    try:
        return kind_named(name).traits
    except UnknownKind:
        return Traits()


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
