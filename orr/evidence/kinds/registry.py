"""Registry of the kinds of check, built in and from plug-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from orr.evidence.kinds.kind import FAULTLESS, GROUP, Kind, UnknownKind, written
from orr.evidence.kinds.traits import Traits
from orr.messages import say
from orr.model.checklist import ANY_OF, CheckSpec
from orr.system.cache import remembered

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from orr.evidence.kinds.signature import KeyFault
    from orr.model.settings import Settings

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
    "review": "orr.evidence.checks.review:review",
    "roster": "orr.evidence.checks.roster.check:roster",
    "service": "orr.evidence.checks.service.check:service",
    "slo": "orr.evidence.checks.slo.check:slo",
    "value": "orr.evidence.checks.value:value",
}

_ACTING = {"aws": None, "command": None, "http": None, "metric": None, "notebook": None, "service": "recipe"}
"""Those of them that act, with `Traits.product`: most workspaces set up none, and should not load them."""

ELSEWHERE: dict[str, Kind] = {}
"""Kinds of other packages that are not here, where what they found was recorded."""

_MAKERS = ("orr.*", "pydantic")
"""All of orr: what a kind takes may depend on its recipes too."""


def all_right(text: str, specs: Sequence[CheckSpec]) -> bool:
    """Return whether no check of a checklist has a fault, cached by its text.

    Of kinds that are not built in nothing is remembered.
    """
    sources = [one for spec in specs for one in spec.sources]
    if not all(is_built_in(one.check) for one in sources):
        return False

    def look() -> list[tuple[str, str, str | None]] | None:
        if any(faults_of(spec) for spec in specs):
            return None
        # What lacks in a group is no fault of the checklist, but one of the check until it is passed.
        known = ((one.check, written(one), FAULTLESS.get(one.check, {})) for one in sources)
        return [(check, given, of_kind[given]) for check, given, of_kind in known if given in of_kind]

    kept = remembered(_MAKERS, f"checks\n{text}", look)
    if kept is None:
        return False
    for check, given, values in kept:
        FAULTLESS.setdefault(check, {})[given] = values
    return True


def is_built_in(name: str) -> bool:
    """Whether a kind is one of orr's own, which loads no foreign code."""
    return name in _BUILT_IN


def known_kinds() -> list[str]:
    """The names of all kinds, whether or not each can be used."""
    return sorted({*_BUILT_IN, *ELSEWHERE, *_entry_points()})


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
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    points = _entry_points().get(name, [])
    if not points:
        raise UnknownKind(say("evidence.unknown-kind", kind=name), say("evidence.unknown-kind.do", known=known_kinds()))
    if len(points) > 1:
        packages = sorted(point.dist.name if point.dist else point.value for point in points)
        raise UnknownKind(
            say("evidence.kind-twice", kind=name, packages=packages), say("evidence.kind-twice.do", kind=name)
        )
    from orr.evidence.kinds.foreign import Foreign  # most checks are orr's own

    return Foreign.of(name, points[0].value)


def traits_of_kind(name: str) -> Traits:
    """How a kind is run; the defaults of one that cannot be used."""
    try:
        return kind_named(name).traits
    except UnknownKind:
        return Traits()


def set_up(spec: CheckSpec, settings: Settings) -> tuple[list[CheckSpec], list[str]]:
    """Checks of a group whose source is set up.

    Files always are, all else where `orr.yaml` names it.

    Of a group those are run whose source is there: files always, all else where `orr.yaml` names it, with what it is
    passed there. Where that is none of them, they all are: a group without a source must not pass for one that was
    asked.
    """
    if not spec.any_of:
        return [spec], []
    asked = [(source_of(one), _supplied(one, settings)) for one in spec.any_of]
    run = [whole for _, whole in asked if whole is not None]
    known = {source for source, whole in asked if whole is not None}
    aside = dict.fromkeys(source for source, whole in asked if whole is None and source not in known)
    return (run, [one for one in aside if one is not None]) if run else (list(spec.any_of), [])


def source_of(spec: CheckSpec) -> str | None:
    """The name by which `orr.yaml` sets up where a check looks; None where it reads files."""
    if is_built_in(spec.check) and spec.check not in _ACTING:
        return None
    traits = Traits(True, product=_ACTING[spec.check]) if spec.check in _ACTING else traits_of_kind(spec.check)
    return traits.source(spec.check, spec.parameters) if traits.acts else None


def _supplied(spec: CheckSpec, settings: Settings) -> CheckSpec | None:
    """Check of a group with its source's settings; None where not set up."""
    source = source_of(spec)
    if source is None:
        return spec
    if source not in settings.sources and not (source == spec.check and source in settings.allow):
        return None
    supplied = traits_of_kind(spec.check).supplied
    if supplied is None:
        return spec
    whole = supplied(spec.parameters, settings.sources.get(source, {}))
    return None if whole is None else replace(spec, parameters=dict(whole))


def all_kinds() -> list[tuple[str, Kind | UnknownKind]]:
    """Every kind by name, with what is wrong with those that cannot be used."""
    found: list[tuple[str, Kind | UnknownKind]] = []
    for name in known_kinds():
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
    if spec.any_of:
        members = enumerate(spec.any_of)
        return [((ANY_OF, m, *keys), wrong, do) for m, one in members for keys, wrong, do in _member_faults(one)]
    try:
        return kind_named(spec.check).faults(spec)
    except UnknownKind as unknown:
        return [(("check",), unknown.wrong, unknown.remedy)]


def _member_faults(spec: CheckSpec) -> list[KeyFault]:
    may_lack = traits_of_kind(spec.check).may_lack
    return [fault for fault in faults_of(spec) if fault[1].key not in may_lack]


@cache
def _entry_points() -> dict[str, list[EntryPoint]]:
    from importlib.metadata import entry_points

    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        if point.name not in _BUILT_IN:
            found.setdefault(point.name, []).append(point)
    return found
