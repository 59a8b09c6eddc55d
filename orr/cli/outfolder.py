"""`--out`: a folder, or a URL to which the reports are sent after they were written to the workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orr.cli import frame
from orr.cli.given import Folder

if TYPE_CHECKING:
    from orr.report.elsewhere import Elsewhere


class OutFolder(click.ParamType):  # type: ignore[type-arg]  # click has them since 8.4
    """A folder as a path; a URL as the text that it is."""

    name = "folder"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Tell a URL from a path."""
        from orr.report.elsewhere import is_url

        if isinstance(value, str) and is_url(value):
            return value
        return Folder().convert(value, param, ctx)


def opened(out: Path | str | None, default: Path) -> tuple[Path, Elsewhere | None]:
    """The folder that reports are written to, and where they are sent from there."""
    if not isinstance(out, str):
        return (out if out is not None else default).absolute(), None
    from orr.report.elsewhere import Elsewhere, NotSent

    try:
        return default.absolute(), Elsewhere(out)
    except NotSent as none:
        status = frame.Status.BAD_INPUT if none.by_choice else frame.Status.NOT_ASSESSED
        raise frame.Stop(status, none.why) from None


def send(elsewhere: Elsewhere | None, folder: Path, name: str, *, tell: bool = True) -> frame.Status:
    """Send the report of a workload, and tell where it is; one that does not arrive is told, and its status is 3."""
    return _sent(elsewhere, lambda to: to.send(folder, name), tell) if folder.is_dir() else frame.Status.GOOD


def send_file(elsewhere: Elsewhere | None, path: Path) -> frame.Status:
    """Send one file, likewise."""
    return _sent(elsewhere, lambda to: to.send_file(path), True)


def _sent(elsewhere: Elsewhere | None, send_to: Callable[[Elsewhere], str], tell: bool) -> frame.Status:
    if elsewhere is None:
        return frame.Status.GOOD
    from orr.report.elsewhere import NotSent

    try:
        where = send_to(elsewhere)
    except NotSent as lost:
        click.echo(frame.tell(lost.why), err=True)
        return frame.Status.NOT_ASSESSED
    if tell:
        click.echo(frame.words("sent", where=where))
    return frame.Status.GOOD
