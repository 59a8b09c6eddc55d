"""`orr checks`: the kinds of check and their parameters."""

from __future__ import annotations

from datetime import date

import click

from orr.cli import frame


@frame.command("checks")
@click.argument("kinds", nargs=-1, metavar="[KIND]…")
def command(kinds: tuple[str, ...], today: date | None) -> int:
    """List all kinds, or those named, each with its parameters."""
    del today  # the kinds are the same on every day
    from orr.evidence.kinds import Kind, all_kinds

    known = dict(all_kinds())
    unknown = [name for name in kinds if name not in known]
    if unknown:
        raise click.UsageError(frame.words("checks.unknown", names=unknown, known=sorted(known)))
    status = frame.Status.GOOD
    for name in kinds or known:
        kind = known[name]
        if not isinstance(kind, Kind):
            click.echo(f"{click.style(name, bold=True)}: {frame.tell(kind.wrong)}; {frame.tell(kind.remedy)}", err=True)
            status = frame.Status.BAD_INPUT
            continue
        acts = frame.words("checks.acts", kind=name) if kind.traits.acts else ""
        click.echo(f"{click.style(name, bold=True)}: {frame.tell(kind.summary)}{acts}")
        for parameter in kind.signature.parameters:
            given = frame.words("checks.required") if parameter.required else _default(parameter.default)
            about = frame.tell(kind.about(parameter.name))
            head = f"  {parameter.name} ({frame.tell(parameter.expects)}{given})"
            click.echo(f"{head}\n      {about}" if about else head)
        click.echo()
    return status


def _default(value: object) -> str:
    if value is None:
        return ""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return frame.words("checks.default", value=shown)
