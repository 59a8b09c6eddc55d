"""The options `--engine` and `--timeout`: what runs the notebooks, and how long one may take."""

from __future__ import annotations

import click

from orr.cli import frame
from orr.cli.given import Seconds
from orr.engine import ENGINES, STOCK, TIMEOUT, can_fork, engine_or_default
from orr.messages import say

option = frame.option("--engine", type=click.Choice(ENGINES), help="option.engine")
timeout = frame.option("--timeout", type=Seconds(), default=TIMEOUT, metavar="SECONDS", help="option.timeout")


def chosen(asked: str | None) -> str:
    """The engine to use; said on standard error where it is not the usual one."""
    if asked is None and not can_fork():
        click.echo(frame.words("engine.no-fork"), err=True)
    elif asked is None and frame.crowded:
        click.echo(frame.words("engine.threads"), err=True)
        return STOCK
    elif asked not in (None, STOCK) and not can_fork():
        raise frame.Stop(frame.Status.BAD_INPUT, say("report.failed.no-fork"))
    return engine_or_default(asked)
