"""`orr checks`: list kinds of check, recipes and the IAM policy they need."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import frame
from orr.cli.language import tell, words
from orr.messages import say
from orr.messages.cleaning import json_text


@frame.command("checks")
@click.argument("kinds", nargs=-1, metavar="[KIND]…")
@frame.option("--policy", is_flag=True, help="checks.option.policy")
@frame.option("--recipes", is_flag=True, help="checks.option.recipes")
def command(kinds: tuple[str, ...], today: date | None, policy: bool, recipes: bool) -> int:
    """List all kinds, or those named, each with its parameters."""
    if policy:
        return _policy(today)
    if recipes:
        return _recipes()
    from orr.evidence.kinds.kind import Kind
    from orr.evidence.kinds.registry import all_kinds
    from orr.source.faults import with_nearest

    known = dict(all_kinds())
    unknown = [name for name in kinds if name not in known]
    if unknown:
        raise click.UsageError(words("checks.unknown", names=unknown, known=with_nearest(unknown[0], sorted(known))))
    status = frame.Status.GOOD
    for name in kinds or known:
        kind = known[name]
        if not isinstance(kind, Kind):
            click.echo(f"{click.style(name, bold=True)}: {tell(kind.wrong)}; {tell(kind.remedy)}", err=True)
            status = frame.Status.BAD_INPUT
            continue
        acts = words("checks.acts", kind=name) if kind.traits.acts else ""
        click.echo(f"{click.style(name, bold=True)}: {tell(kind.summary)}{acts}")
        for parameter in kind.parameters:
            given = words("checks.required") if parameter.required else _default(parameter.default)
            about = tell(kind.about(parameter.name))
            head = f"  {parameter.name} ({tell(parameter.expects)}{given})"
            click.echo(f"{head}\n      {about}" if about else head)
        click.echo()
    return status


def _default(value: object) -> str:
    if value is None:
        return ""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return words("checks.default", value=shown)


def _policy(today: date | None) -> int:

    from orr.evidence.checks.aws.policy import policy
    from orr.evidence.kinds.registry import set_up

    workspace = frame.open_workspace(today)
    items = [
        item for checklist in workspace.checklists.values() for section in checklist.sections for item in section.items
    ]
    written = policy(one for item in items for spec in item.checks for one in set_up(spec, workspace.settings)[0])
    if not written["Statement"]:
        raise frame.Stop(frame.Status.GOOD, say("cli.checks.no-policy"))
    click.echo(json_text(written))
    return frame.Status.GOOD


def _recipes() -> int:
    from orr.evidence.checks.aws.recipes import library

    for recipe in library().values():
        click.echo(f"{click.style(recipe.recipe, bold=True)}: {tell(recipe.title)}")
        click.echo(f"  {tell(recipe.proves)}")
        for name, need in recipe.needs.items():
            default = words("checks.required") if need.default is None else _default(need.default)
            click.echo(f"  {name} ({tell(need.says)}{default})")
        click.echo(f"  {', '.join(recipe.permissions)}")
        click.echo()
    return frame.Status.GOOD
