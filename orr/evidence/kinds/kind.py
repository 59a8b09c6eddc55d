"""A kind of check: a function, how it is run and what it takes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orr.evidence.kinds.traits import Traits, traits_of
from orr.evidence.repository.conventions import PREFIX, at_own_places
from orr.messages import Message, Said, say
from orr.messages.errors import OrrError
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding

if TYPE_CHECKING:
    from orr.evidence.context import Context
    from orr.evidence.kinds.signature import KeyFault, Parameter, Signature

GROUP = "orr.checks"
"""The entry points of kinds of check."""

Run = Callable[["Context", CheckSpec, "Kind"], Finding]
"""Runs a check here and now, whatever becomes of it: `orr.evidence.collect.run`."""


class UnknownKind(OrrError):
    """Unknown or unusable kind of check, with the message for it."""

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
    def parameters(self) -> Sequence[Parameter]:
        """Its parameters, for people."""
        return self.signature.parameters

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

    def moved(self, spec: CheckSpec, paths: Mapping[str, Sequence[str]]) -> CheckSpec:
        """Check with a workload's `paths` in place of movable conventions that they name."""
        keys = self.traits.movable_in(spec.parameters) if paths else ()
        changed = {key: at_own_places(spec.parameters[key], paths) for key in keys}
        return replace(spec, parameters={**spec.parameters, **changed}) if changed else spec

    def topics(self, spec: CheckSpec) -> list[str]:
        """Conventions that it names and a workload's `paths` may replace."""
        given = (spec.parameters[key] for key in self.traits.movable_in(spec.parameters))
        patterns = [str(one) for value in given for one in (value if isinstance(value, list) else [value])]
        return [one.removeprefix(PREFIX) for one in patterns if one.startswith(PREFIX)]

    def find(self, context: Context, spec: CheckSpec, _run: Run) -> Finding:
        """Call it, for parameters without faults."""
        return self.function(context, **self.values(spec))

    @cached_property
    def _faultless(self) -> dict[str, str | None]:
        """By parameters as they are written, their values as JSON, None where JSON cannot hold them."""
        return {} if not self.built_in else FAULTLESS.setdefault(self.name, {})


FAULTLESS: dict[str, dict[str, str | None]] = {}
"""By kind that is built in, what `Kind._faultless` gives."""


def written(spec: CheckSpec) -> str:
    """The parameters of a check as text: the same for the same ones."""
    return spec.memoised("written", lambda: json.dumps(spec.parameters, sort_keys=True, default=str))


def _as_json(values: dict[str, Any]) -> str | None:
    try:
        text = json.dumps(values, allow_nan=False)
    except (TypeError, ValueError):
        return None
    return text if json.loads(text) == values else None


def _message(words: Said) -> Message:
    return words if isinstance(words, Message) else say("evidence.said", words=words)
