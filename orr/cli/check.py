"""`orr check`: collect evidence and print the assessment."""

from __future__ import annotations

import json
from datetime import date

import click

from orr.cli import frame
from orr.cli.assess import assess_all, status_of


@frame.command("check")
@frame.workloads
@frame.form("json", "markdown", "junit")
@frame.option("--since", metavar="REV", help="recheck.since")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...], today: date | None, form: str, since: str | None, strict: bool, decided: bool
) -> int:
    """Print the assessments of workloads; of all where none is named."""
    workspace = frame.open_workspace(today)
    names = workloads or workspace.workloads
    if since is not None:
        from orr.cli.touching import only_touched

        names = tuple(only_touched(workspace, names, since, workspace.root / "reports"))
        if not names:
            return frame.Status.GOOD
    assessments, faults = assess_all(workspace, names)
    language = frame.language()
    if form == "json":
        from orr.assessment import to_json

        data = [to_json(assessment, language) for assessment in assessments]
        click.echo(json.dumps(data[0] if len(names) == 1 and data else data, ensure_ascii=False, indent=2))
    elif form == "markdown":
        from orr.formats.markdown import markdown

        click.echo("\n".join(markdown(assessment, language) for assessment in assessments))
    elif form == "junit":
        from orr.formats.junit import junit

        click.echo(junit(assessments, language))
    else:
        from orr.formats.text import text

        click.echo("\n".join(text(assessment, language) for assessment in assessments), nl=bool(assessments))
        if not names:
            click.echo(frame.words("no-workloads"), err=True)
    frame.show_faults(faults)
    statuses = [status_of(assessment, strict=strict, decided=decided) for assessment in assessments]
    return frame.worst([*statuses, *([frame.Status.BAD_INPUT] if faults or not names else [])])
