"""The page that lists the recipes, written from the library."""

from __future__ import annotations

from orr.evidence.checks.aws.recipes import Recipe, library
from orr.messages import in_language

_HEAD = """\
# Recipes of `aws`

What [`aws`](checks/aws.md) can ask by name; `orr checks --recipes` prints the same in your language. This page is
generated: run `python -m tools.coverage_page` after a change of `orr/evidence/checks/aws/recipes`.

*Says* is what the item writes under `using`; a name without a default is mandatory. *Bound* is what holds where the
item says nothing else: where it is `at_most: …`, each row speaks against the workload, and the item has to say how many
there may be. *Where* is each region of the workload, the first of them, the global region of the account's partition,
where what belongs to no region is, the workload's regions and that one, or each enabled region.

| recipe | shows and proves | says | where | bound | permissions | practices |
|---|---|---|---|---|---|---|
"""
_WHERE = {
    None: "each region",
    "any": "first region",
    "global": "global region",
    "with-global": "each region, and the global one",
    "enabled": "each enabled region",
}


def recipes() -> str:
    """Write the page as Markdown."""
    return _HEAD + "".join(_row(recipe) for recipe in library().values())


def _row(recipe: Recipe) -> str:
    cells = [
        f"`{recipe.recipe}`",
        f"**{in_language(recipe.title, 'en')}.** {in_language(recipe.proves, 'en')}",
        ", ".join(_need(name, need.default) for name, need in recipe.needs.items()) or "–",
        _WHERE[recipe.home],
        _bound(recipe),
        ", ".join(f"`{permission}`" for permission in recipe.permissions),
        ", ".join(f"`{practice}`" for practice in recipe.practice),
    ]
    return f"| {' | '.join(cells)} |\n"


def _need(name: str, default: object) -> str:
    if default is None:
        return f"`{name}`"
    shown = ", ".join(default) if isinstance(default, list) else str(default)
    return f"`{name}` (`{shown}`)" if shown else f"`{name}` (empty)"


def _bound(recipe: Recipe) -> str:
    if recipe.findings:
        return "`at_most: …`"
    parts = ["all good"]
    for name in ("newest_within", "none_older_than"):
        days = getattr(recipe, name)
        if days is not None:
            parts.append(f"`{name}: {days}d`")
    return ", ".join(parts)
