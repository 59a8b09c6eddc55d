"""Read objectives from files of Sloth, OpenSLO and Pyrra."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from orr.evidence.checks.slo import openslo, pyrra, sloth
from orr.evidence.checks.slo.objective import Measure, Objective, Thing
from orr.evidence.context import Context
from orr.evidence.documents.yamlstream import YamlDocument, streams, with_embedded
from orr.evidence.errors import Undetermined
from orr.messages import Said, say
from orr.source.faults import Path
from orr.source.yaml.go import text

_BEGINS = re.compile(
    r"^[\"']?(?:apiVersion[\"']?\s*:\s*[\"']?(?:openslo|sloth\.slok|pyrra)|version[\"']?\s*:\s*[\"']?prometheus/)",
    re.MULTILINE,
)
_OBJECTIVE = re.compile(r"\w*(?:SLOs?|Slo|ServiceLevel\w*|Objective)|slo")
"""Kinds of resources that hold objectives, whoever defines them."""
_TOOLS = re.compile(r"openslo(?:\.com)?/|sloth\.slok\.dev/|pyrra\.dev/")


@dataclass
class Library:
    """All that files hold of objectives.

    Attributes
    ----------
    objectives
        Every objective.
    policies, indicators, conditions
        What objectives and policies may name, by name.
    unread
        Why some of the files, or of what they hold, cannot be read.
    """

    objectives: list[Objective] = field(default_factory=list)
    policies: dict[str, openslo.Policy] = field(default_factory=dict)
    indicators: dict[str, Measure] = field(default_factory=dict)
    conditions: set[str] = field(default_factory=set)
    unread: list[Said] = field(default_factory=list)

    def has_policy(self, name: str) -> bool:
        """Whether a policy is there, and alerts on conditions that are."""
        policy = self.policies.get(name)
        return policy is not None and policy.holds(self.conditions)


def read_objectives(context: Context, files: tuple[str, ...]) -> Library:
    """Read the objectives of several files."""
    library = Library()
    for _, documents in streams(context, files, as_go=True):
        try:
            if isinstance(documents, Undetermined):
                raise documents
            add(library, documents)
        except Undetermined as cannot:
            library.unread.append(cannot.why)
    return library


def add(library: Library, documents: Iterable[YamlDocument]) -> None:
    """Add the objectives of a file's documents to a library.

    A list without a kind is read by the SDK of OpenSLO only, so it counts for nothing here and is named.

    Raises
    ------
    Undetermined
        If an objective is there that is not read, or programs read it differently.
    """
    for document in with_embedded(documents, _BEGINS):
        for thing in _things(document, document.data, ()):
            if isinstance(document.data, list):
                raise Undetermined(say("slo.list", path=document.path, line=thing.line()))
            _add(library, thing)


def _things(document: YamlDocument, data: Any, at: Path) -> Iterator[Thing]:
    """Find resources that hold objectives, at any depth."""
    if isinstance(data, dict):
        version, kind = text(data.get("apiVersion")), text(data.get("kind"))
        slos = data.get("slos")
        if (version and (_TOOLS.match(version) or _OBJECTIVE.fullmatch(kind))) or (
            isinstance(slos, list) and any(isinstance(one, dict) for one in slos)
        ):
            yield Thing(document, at, data)
        else:
            for key, value in data.items():
                yield from _things(document, value, (*at, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _things(document, value, (*at, place))


def _add(library: Library, thing: Thing) -> None:
    version, kind = text(thing.data.get("apiVersion")), text(thing.data.get("kind"))
    named = openslo.name_of(thing)
    if openslo.VERSIONS.fullmatch(version):
        thing.document.agreed()
        if kind == "SLO":
            library.objectives += openslo.objectives(thing)
        elif kind == "AlertPolicy" and named:
            library.policies[named] = openslo.Policy(thing.below("spec"))
        elif kind == "AlertCondition" and named:
            library.conditions |= {named} if thing.data.get("spec") else set()
        elif kind in ("SLI", "Indicator") and named:
            library.indicators[named] = openslo.measure(thing.data)
    elif (version, kind) == ("pyrra.dev/v1alpha1", "ServiceLevelObjective"):
        thing.document.agreed()
        library.objectives += pyrra.objectives(thing)
    elif (version, kind) == ("sloth.slok.dev/v1", "PrometheusServiceLevel"):
        thing.document.agreed()
        library.objectives += sloth.objectives(thing.below("spec"))
    elif not version and text(thing.data.get("version")) == "prometheus/v1":
        thing.document.agreed()
        library.objectives += sloth.objectives(thing)
    elif _OBJECTIVE.fullmatch(kind) or not kind:
        shown = " ".join(filter(None, (version or text(thing.data.get("version")), kind))) or "slos"
        raise Undetermined(
            say("slo.not-read", path=thing.document.path, line=thing.line("kind" if kind else "slos"), form=shown[:80])
        )
