"""Kinds of check of other packages, whose code runs in processes of its own alone.

Whatever it does there, prints there or ends with, this process goes on, and what it prints
is its own.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any, get_args

from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.kind import GROUP, Kind, Run, UnknownKind, written
from orr.evidence.kinds.traits import SECONDS, Day, Traits
from orr.execution.engines.worker import Crashed
from orr.execution.engines.workers import CannotFork, Lost, shared
from orr.messages import Message, Said, say
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding

if TYPE_CHECKING:
    from orr.evidence.kinds.signature import KeyFault, Parameter

PRELOAD = "orr.evidence.kinds.preload"
PLAIN = {"orr", "builtins", "collections", "copyreg", "datetime", "decimal", "enum", "pathlib", "types", "zoneinfo"}
"""The packages of what may come back: to take anything else would load the plug-in here."""


@dataclass(frozen=True)
class Description:
    """Traits, parameters and words of a kind, as its own process reports them."""

    traits: Traits
    summary: str
    parameters: tuple[Parameter, ...]
    about: Mapping[str, str]


@dataclass(frozen=True)
class Foreign(Kind):
    """A kind of another package, as far as it is known here.

    Attributes
    ----------
    place
        The value of its entry point.
    described
        Its traits, parameters and words.
    """

    place: str
    described: Description
    _faults: dict[str, list[KeyFault]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, place: str) -> Foreign:
        """Ask a kind of itself; UnknownKind is raised if it cannot be loaded."""
        described = _described(name, place)
        if isinstance(described, Message):
            raise _broken(name, place, described)
        return cls(name, _not_here, False, place, described)

    @property
    def traits(self) -> Traits:
        """How it is run."""
        return self.described.traits

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, for people."""
        return self.described.parameters

    @property
    def summary(self) -> Said:
        """What it does, in one line."""
        return self.described.summary

    def about(self, parameter: str) -> Said:
        """What a parameter means, in one line."""
        return self.described.about.get(parameter, "")

    def faults(self, spec: CheckSpec) -> list[KeyFault]:
        """Everything that is wrong with its parameters; UnknownKind is raised if it cannot say."""
        key = written(spec)
        if key not in self._faults:
            try:
                self._faults[key] = elsewhere(SECONDS, _faults_here, self.name, self.place, spec)
            except Undetermined as cannot:
                raise _broken(self.name, self.place, cannot.why) from None
        return self._faults[key]

    def find(self, context: Context, spec: CheckSpec, run: Run) -> Finding:
        """Run it in a process of its own; Undetermined is raised if that does not answer."""
        about = (context.workload, context.places, context.today, context.timezone, context.settings)
        seconds = context.seconds
        found = elsewhere(seconds, _find_here, run, self.name, self.place, spec, seconds, *about)
        finding, read, looked = found
        for path, digest in read.items():
            context.reader.read_files.setdefault(path, digest)
        for pattern, names in looked.items():
            context.reader.note(pattern, names)
        described: Finding = finding
        return described


def elsewhere(seconds: float, work: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that runs foreign code, in a process of its own.

    Raises
    ------
    Undetermined
        If it raises, takes longer, ends its process, or returns what cannot be used here.
    """
    path = [os.path.abspath(folder) for folder in sys.path]  # noqa: PTH100 - no objects are needed
    for forks in (True, False) if os.name == "posix" else (False,):
        try:
            answer = shared(PRELOAD, forks=forks).call(_apart, path, work, *arguments, seconds=seconds)
            return pickle.loads(answer)  # noqa: S301 - plain data, which was looked at when it was made
        except CannotFork:
            continue
        except Lost as lost:
            raise Undetermined(_end(lost, seconds)) from None
        except Crashed as crashed:
            error, _, says = str(crashed).partition(": ")
            raise Undetermined(say("evidence.crashed", error=error, says=says)) from None
    raise Undetermined(say("evidence.no-process"))


def load(name: str, place: str) -> Kind:
    """Load a kind of another package into this process, which its code may end."""
    try:
        kind = Kind(name, EntryPoint(name, place, GROUP).load(), False)
        _ = kind.signature
        _look_at(kind.traits)
    except BaseException as error:  # whatever a package does while it is imported
        raise Undetermined(f"{type(error).__name__}: {error}") from None
    return kind


def _look_at(traits: Traits) -> None:
    seconds, at_once, day = traits.seconds, traits.at_once, traits.day
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        raise TypeError(f"seconds is {seconds!r}")
    if at_once is not None and (type(at_once) is not int or at_once < 1):
        raise TypeError(f"at_once is {at_once!r}")
    if day not in (None, *get_args(Day)):
        raise TypeError(f"day is {day!r}")


@cache
def _described(name: str, place: str) -> Description | Message:
    """Description of a kind, else why it cannot be loaded."""
    try:
        described: Description = elsewhere(SECONDS, _described_here, name, place)
    except Undetermined as cannot:
        return say("evidence.said", words=cannot.why)
    return described


def _described_here(name: str, place: str) -> Description:
    kind = load(name, place)
    parameters = tuple(
        one if isinstance(one.default, bool | None) else replace(one, default=str(one.default))
        for one in kind.parameters
    )
    about = {one.name: str(kind.about(one.name)) for one in parameters}
    return Description(kind.traits._replace(verify=None), str(kind.summary), parameters, about)


def _faults_here(name: str, place: str, spec: CheckSpec) -> list[KeyFault]:
    return load(name, place).faults(spec)


def _find_here(
    run: Run, name: str, place: str, spec: CheckSpec, seconds: float, *about: Any
) -> tuple[Finding, Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """What it found, with the files that it read whole and what it looked for."""
    context = replace(Context.of(*about), seconds=seconds)
    finding = run(context, spec, load(name, place))
    reader = context.reader
    return finding, dict(reader.read_files), {pattern: tuple(names) for pattern, names in reader.listings()}


def _apart(path: list[str], work: Callable[..., Any], *arguments: Any) -> bytes:
    """Do the work in this dedicated process, with its streams silenced."""
    sys.path[:] = path
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    try:
        answer = pickle.dumps(work(*arguments))
        _Plain(io.BytesIO(answer)).load()
    except Undetermined as cannot:
        raise Undetermined(str(cannot)) from None  # it may be of a class that only its package knows
    except BaseException as error:
        raise Undetermined(say("evidence.crashed", error=type(error).__name__, says=str(error) or "–")) from None
    return answer


class _Plain(pickle.Unpickler):
    """Reader of what is made of the words of Python and of orr alone."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] not in PLAIN:
            raise TypeError(f"the answer holds {module}.{name}, which only its package knows")
        return super().find_class(module, name)


def _not_here(*_: object, **__: object) -> Any:
    raise AssertionError("code of other packages does not run here")


def _broken(name: str, place: str, why: Said) -> UnknownKind:
    return UnknownKind(say("evidence.kind-broken", kind=name, place=place, why=why), say("evidence.kind-broken.do"))


def _end(lost: Lost, seconds: float) -> Message:
    if lost.late:
        return say("evidence.late", seconds=seconds)
    if lost.exitcode is not None and lost.exitcode < 0:
        return say("evidence.killed", signal=signal.strsignal(-lost.exitcode) or -lost.exitcode)
    return say("evidence.ended", status="–" if lost.exitcode is None else lost.exitcode)
