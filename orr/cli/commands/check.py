"""`orr check`: collect evidence and print the assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import only_touched, release_named, release_options
from orr.cli.statuses import assess_all, faults_of, status_of
from orr.evaluate import Evaluation
from orr.formats.unread import Outcome, Unread, noting, readable
from orr.messages.cleaning import json_text
from orr.model.checklist import Role


@frame.command("check")
@frame.workloads
@frame.form("json", "markdown", "junit")
@frame.option("--all", "in_full", is_flag=True, help="check.all")
@frame.option("--since", metavar="REV", help="recheck.since")
@release_options
@frame.option("--mine", metavar="NAME", help="check.mine")
@frame.option("--role", type=click.Choice([one.value for one in Role]), help="check.role")
@frame.option("--strict", is_flag=True, help="option.strict")
@frame.option("--decided", is_flag=True, help="option.decided")
def command(
    workloads: tuple[str, ...],
    today: date | None,
    form: str,
    in_full: bool,
    since: str | None,
    artifacts: tuple[str, ...],
    environment: str | None,
    mine: str | None,
    role: str | None,
    strict: bool,
    decided: bool,
) -> int:
    """Print the assessments of workloads; of all where none is named."""
    if (mine or role) and (form != "text" or in_full):
        raise click.UsageError(words("check.tasks-alone"))
    release = release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    names = workloads or workspace.workloads
    if since is not None:
        names = tuple(only_touched(workspace, names, since, workspace.root / "reports"))
        if not names:
            return frame.Status.GOOD
    unread: list[Unread] = []
    statuses: list[frame.Status] = []

    def outcomes() -> Iterator[Outcome]:
        for outcome in noting(assess_all(workspace, names, release), unread):
            if not isinstance(outcome, Unread):
                statuses.append(status_of(outcome, strict=strict, decided=decided))
            yield outcome

    if form == "junit":
        from orr.formats.junit import junit

        click.echo(junit(outcomes(), current_language(), strict=strict, decided=decided))
    else:
        _print(outcomes(), form, _writer(in_full, mine, role), alone=len(names) == 1)
    if form == "text" and not names:
        click.echo(words("no-workloads"), err=True)
    frame.show_faults(faults_of(unread))
    return frame.worst([*statuses, *([frame.Status.BAD_INPUT] if unread or not names else [])])


def _writer(in_full: bool, mine: str | None, role: str | None) -> Callable[[Evaluation, str], str]:
    """What a terminal shows of an assessment."""
    if mine or role:
        from orr.formats.tasks import tasks_text

        return lambda assessment, language: tasks_text(assessment, mine, Role(role) if role else None, language)
    if in_full:
        from orr.formats.text import text

        return text
    from orr.formats.screen import first_screen

    return first_screen


def _print(outcomes: Iterator[Outcome], form: str, write: Callable[[Evaluation, str], str], *, alone: bool) -> None:
    """Print each outcome as soon as it is there; comments with a size limit, together."""
    language = current_language()
    if form == "json":
        from orr.formats.record import outcome_json

        _print_json((outcome_json(outcome, language) for outcome in outcomes), alone=alone)
    elif form == "markdown":
        from orr.formats.markdown import comment

        click.echo(comment(outcomes, language))
    else:
        for assessment in readable(outcomes):  # a terminal shows the faults anyway
            click.echo(write(assessment, language))


def _print_json(records: Iterator[Mapping[str, Any]], *, alone: bool) -> None:
    """Print a list of records, or a single one by itself."""
    before = "["
    for record in records:
        text = json_text(record)
        if alone:
            click.echo(text)
            return
        click.echo(before + "\n  " + text.replace("\n", "\n  "), nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")
