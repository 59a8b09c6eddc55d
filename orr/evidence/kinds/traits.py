"""Optional traits of a kind of check."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

from orr.messages import Said

SECONDS = 60.0

F = TypeVar("F", bound=Callable[..., Any])

Refusal = tuple[str, Said, Said]
"""A parameter, what is wrong with it, and what to do."""

Verify = Callable[[Mapping[str, Any]], Iterable[Refusal]]
"""From the parameters as given to what is wrong with them together."""


Supplied = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any] | None]
"""From the parameters as given, and what a source is passed, to all of them; None where something lacks."""

Day = Literal["never", "until", "daily"]
"""How a finding in the same files depends on the day: not; a good one says until when; each day may have another."""


class Traits(NamedTuple):
    """How a kind is run.

    Attributes
    ----------
    acts
        It does more than read files: it runs only where `allow` in `orr.yaml` names it.
    seconds
        How long it may take before its finding is `unknown`.
    at_once
        How many of it run side by side; None for as many as there is room for.
    verify
        What must hold among its parameters.
    day
        How what it finds depends on the day; None where it depends on more than files and the day.
    ages
        Parameters of which one must be given for the day to matter; none where it always does.
    git
        Parameters with which it asks git; all of them for True.
    movable
        Parameters under which it looks for something to be there: a workload's `paths` may stand in for the
        places by convention there.
    fixed_by
        Parameters with which it looks for something that must not be there, so that nothing is movable.
    product
        The parameter that names a product before its first `/`; none where the kind itself is the source.
    supplied
        In a group, its parameters together with what `orr.yaml` passes to its source; None where something lacks.
    may_lack
        Names of faults that are none in a group, since `orr.yaml` may pass what lacks.
    """

    acts: bool = False
    seconds: float = SECONDS
    at_once: int | None = None
    verify: Verify | None = None
    day: Day | None = None
    ages: tuple[str, ...] = ()
    git: bool | tuple[str, ...] = False
    movable: tuple[str, ...] = ()
    fixed_by: tuple[str, ...] = ()
    product: str | None = None
    supplied: Supplied | None = None
    may_lack: tuple[str, ...] = ()

    def source(self, kind: str, parameters: Mapping[str, Any]) -> str:
        """The name by which `orr.yaml` sets up where a check looks."""
        return kind if self.product is None else str(parameters.get(self.product, "")).partition("/")[0]

    def day_for(self, parameters: Mapping[str, Any]) -> Day | None:
        """How what it finds with these parameters depends on the day."""
        return "never" if self.ages and not set(self.ages) & set(parameters) else self.day

    def asks_git(self, parameters: Mapping[str, Any]) -> bool:
        """Whether it asks git with these parameters."""
        return self.git if isinstance(self.git, bool) else bool(set(self.git) & set(parameters))

    def movable_in(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The parameters among these whose places by convention a workload may replace."""
        is_fixed = any(parameters.get(key) for key in self.fixed_by)
        return () if is_fixed else tuple(key for key in self.movable if key in parameters)


def passed(source: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    """What `orr.yaml` passes to a source, as far as a check takes it."""
    taken = {name: value for name, value in source.items() if name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in taken.items()}


def check(
    *,
    acts: bool = False,
    seconds: float = SECONDS,
    at_once: int | None = None,
    verify: Verify | None = None,
    day: Day | None = None,
    ages: tuple[str, ...] = (),
    git: bool | tuple[str, ...] = False,
    movable: tuple[str, ...] = (),
    fixed_by: tuple[str, ...] = (),
    product: str | None = None,
    supplied: Supplied | None = None,
    may_lack: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Say how a check is run; a check without this decorator has the defaults."""

    def mark(function: F) -> F:
        given = Traits(acts, seconds, at_once, verify, day, ages, git, movable, fixed_by, product, supplied, may_lack)
        function.__dict__["orr_traits"] = given
        return function

    return mark


def acting(function: F) -> F:
    """Mark a check that does more than read files; shorthand for ``check(acts=True)``."""
    return check(acts=True)(function)


def traits_of(function: Callable[..., Any]) -> Traits:
    """Traits that a check declares."""
    said = getattr(function, "orr_traits", None)
    return said if isinstance(said, Traits) else Traits()
