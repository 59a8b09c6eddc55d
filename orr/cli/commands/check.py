"""`orr check`: collect evidence and print the assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from orr.cli import frame
from orr.cli.language import current_language, words
from orr.cli.options import only_touched, release_named, release_options
from orr.cli.statuses import assess_all, status_of
from orr.evaluate import Evaluation
from orr.messages.cleaning import json_text
from orr.source.faults import Fault, without_repeats


@frame.command("check")
@frame.workloads
@frame.form("json", "markdown", "junit")
@frame.option("--all", "in_full", is_flag=True, help="check.all")
@frame.option("--since", metavar="REV", help="recheck.since")
@release_options
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
    strict: bool,
    decided: bool,
) -> int:
    """Print the assessments of workloads; of all where none is named."""
    release = release_named(artifacts, environment)
    workspace = frame.open_workspace(today)
    names = workloads or workspace.workloads
    if since is not None:
        names = tuple(only_touched(workspace, names, since, workspace.root / "reports"))
        if not names:
            return frame.Status.GOOD
    faults: list[Fault] = []
    statuses: list[frame.Status] = []

    def assessed() -> Iterator[Evaluation]:
        for assessment in assess_all(workspace, names, faults, release):
            statuses.append(status_of(assessment, strict=strict, decided=decided))
            yield assessment

    _print(assessed(), "full" if in_full and form == "text" else form, alone=len(names) == 1)
    if form == "text" and not names:
        click.echo(words("no-workloads"), err=True)
    frame.show_faults(without_repeats(faults))
    return frame.worst([*statuses, *([frame.Status.BAD_INPUT] if faults or not names else [])])


def _print(assessments: Iterator[Evaluation], form: str, *, alone: bool) -> None:
    """Print each as soon as it is there."""
    language = current_language()
    if form == "json":
        from orr.formats.record import to_json

        _print_json((to_json(assessment, language) for assessment in assessments), alone=alone)
    elif form == "junit":
        from orr.formats.junit import junit

        click.echo(junit(assessments, language))
    elif form == "markdown":
        from orr.formats.markdown import markdown

        for assessment in assessments:
            click.echo(markdown(assessment, language))
    else:
        from orr.formats.screen import first_screen
        from orr.formats.text import text

        write = text if form == "full" else first_screen
        for assessment in assessments:
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
