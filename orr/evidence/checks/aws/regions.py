"""The regions in which a recipe is asked."""

from __future__ import annotations

from orr.evidence.checks.aws.calls import ask
from orr.evidence.checks.aws.expressions import value_of
from orr.evidence.checks.aws.recipes import ENABLED_REGIONS, Recipe, Step
from orr.evidence.checks.aws.session import Asker
from orr.evidence.errors import Undetermined
from orr.messages import say

_ENABLED = Step(service=ENABLED_REGIONS[0], operation=ENABLED_REGIONS[1], rows="Regions[].RegionName")


def regions_of(recipe: Recipe, asker: Asker, deadline: float) -> tuple[str, ...]:
    """Choose the regions for a recipe.

    Raises
    ------
    Undetermined
        If AWS does not say which regions are enabled, or nobody knows the partition.
    """
    if recipe.home is None:
        return asker.regions
    if recipe.home == "any":
        return asker.regions[:1]
    home = asker.global_region()
    if recipe.home == "global":
        return (home,)
    more = asker.regions if recipe.home == "with-global" else _enabled(asker, home, deadline)
    return tuple(dict.fromkeys((*more, home)))


def _enabled(asker: Asker, home: str, deadline: float) -> list[str]:
    answer = ask(asker, home, _ENABLED, {}, deadline)
    found = value_of(_ENABLED.rows, answer.data)
    if not found or answer.cut:
        raise Undetermined(say("aws.no-regions"))
    return [str(region) for region in found]
