"""What all commands share: the language, common options, exit statuses, and how an error ends."""

from __future__ import annotations

import errno
import getpass
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from orr.cli import completion
from orr.cli.language import current_language, set_workspace_language, tell, words
from orr.messages import LANGUAGES, Said, say
from orr.messages.errors import OrrError
from orr.system import clock, processes

if TYPE_CHECKING:
    from orr.source.faults import Fault
    from orr.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])

crowded = False
"""Whether this process, where it is all orr's own, had more threads than one before orr did anything."""


class Status(IntEnum):
    """The exit statuses."""

    GOOD = 0
    NO_GO = 1
    BAD_INPUT = 2
    NOT_ASSESSED = 3
    INTERRUPTED = 130


def worst(statuses: Iterable[int]) -> int:
    """The status of several workloads: the worst of theirs."""
    return max(statuses, default=int(Status.GOOD))


# click, in both languages


class Option(click.Option):
    """An option whose help is the key of a text."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        return None if record is None else (record[0], _translated(record[1]))


def _translated(help_text: str) -> str:
    key, space, rest = help_text.partition("  ")
    try:
        return words(key) + space + rest
    except KeyError:
        return help_text


def _short(argument: click.Argument, context: click.Context) -> str:
    """How help names an argument; the values that it may have stand in the usage."""
    shown = " ".join(argument.get_usage_pieces(context))
    return shown if "|" not in shown or argument.metavar else str(argument.name).upper()


class _Formatter(click.HelpFormatter):
    """A writer of help whose headings end with the language's own colon."""

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':{self.current_indent}}{words('heading', heading=heading)}\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is the key of a text."""

    context_class = _Context

    def format_help_text(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(words(self.help or ""))

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for part in ("formats", "examples"):
            with suppress(KeyError):
                text = words(f"{(self.help or '').removesuffix('.help')}.{part}")
                with formatter.section(words(part)):
                    for line in text.split("\n"):
                        formatter.write(f"{'':{formatter.current_indent}}{line}\n")

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's
        return words(self.help or "").split("\n")[0]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = super().shell_complete(ctx, incomplete)
        for one in found:
            one.help = _translated(one.help) if one.help else None
        return found

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), words("usage"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        arguments = [param for param in self.get_params(ctx) if isinstance(param, click.Argument)]
        if arguments:
            with formatter.section(words("arguments")):
                formatter.write_dl([(_short(param, ctx), self._explained(param)) for param in arguments])
        records = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section(words("options")):
            formatter.write_dl([(name, _translated(text)) for name, text in filter(None, records)])

    def _explained(self, argument: click.Argument) -> str:
        """Help for an argument: the command's own text, else the shared one."""
        own = f"argument.{self.name}.{argument.name}"
        with suppress(KeyError):
            return words(own)
        return words(f"argument.{argument.name}")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words("option.help")
        return option


class Group(Command, click.Group):
    """A group of commands whose help is the key of a text."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def day(_ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read an option's date, `YYYY-MM-DD`; a callback for click."""
    if value is None:
        return None
    try:
        if len(value) != len("2026-01-31"):
            raise ValueError(value)
        found = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(words("not-a-day", value=value), param=param) from None
    if not clock.is_within_reach(found):
        far = words("far-day", value=value, first=clock.FIRST_YEAR, last=clock.LAST_YEAR)
        raise click.BadParameter(far, param=param)
    return found


def command(name: str, *, dated: bool = True) -> Callable[[F], click.Command]:
    """Make a function a command with the options that every command takes.

    The function's parameters `today` and `lang` are filled by them; its help is the text
    `cli.<name>.help`. What is not `dated` does not offer `--today`.
    """

    def decorate(function: F) -> click.Command:
        today = option("--today", metavar="YYYY-MM-DD", callback=day, hidden=not dated, help="option.today")
        make = click.command(name, cls=Command, help=f"{name}.help", context_settings={"max_content_width": 100})
        return make(today(speaks(function)))

    return decorate


def option(*names: str, **how: Any) -> Callable[[F], F]:
    """Make an option whose help is the text `cli.<help>`."""
    return click.option(*names, cls=Option, **how)


def form(*others: str) -> Callable[[F], F]:
    """Make the option `--format`: `text` for people, and others for programs."""

    def take(_context: click.Context, _param: click.Parameter, form: str) -> str:
        if form != "text":
            print_utf8()
        return form

    formats = click.Choice(("text", *others))
    return option(
        "--format", "form", type=formats, default="text", show_default=True, callback=take, help="check.format"
    )


def print_utf8() -> None:
    """Print UTF-8 from now on, as programs expect (RFC 8259, section 8.1)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def print_what_can_be_shown() -> None:
    """Print `?` for characters that the terminal's encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


speaks = click.option("--lang", type=click.Choice(LANGUAGES), cls=Option, help="option.lang", expose_value=False)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # in a container a process may run as a number that has no name
        raise Stop(Status.BAD_INPUT, say("cli.no-login")) from None


def _person(_ctx: click.Context, param: click.Parameter, value: str) -> str:
    from orr.source.faults import name_fault

    fault = name_fault(value, "--by")
    if fault is not None:
        raise click.BadParameter(tell(fault), param=param)
    return value


by = click.option("--by", envvar="ORR_BY", default=_login, callback=_person, cls=Option, help="option.by")
workloads = click.argument("workloads", nargs=-1, metavar="[WORKLOAD]…", shell_complete=completion.workloads)


def workload(*, required: bool = True) -> Callable[[F], F]:
    """Make an argument of one workload."""
    return click.argument("workload", required=required, shell_complete=completion.workloads)


# Errors


def show_faults(faults: Iterable[Fault]) -> None:
    """Print every fault on standard error, a line each."""
    for fault in faults:
        click.echo(fault.in_words(current_language()), err=True)


def open_workspace(today: date | None, *, despite_faults: bool = False) -> Workspace:
    """Open the workspace that the process stands in, and speak its language.

    Raises
    ------
    FaultyInput
        If there is none, or its `orr.yaml` is faulty and that is not allowed.
    """
    from orr.workspace.workspace import Workspace

    workspace = Workspace.open(".", today, despite_faults=despite_faults)
    set_workspace_language(workspace.settings.language)
    return workspace


def open_workspace_to_write(today: date | None) -> Workspace:
    """Open the workspace on the clock's day, which is the day written."""
    workspace = open_workspace(today)
    if not workspace.simulated:
        return workspace
    present = open_workspace(None)
    click.echo(words("writes-today", asked=workspace.today, today=present.today), err=True)
    return present


class Stop(Exception):
    """End a command with a message on standard error and a status."""

    def __init__(self, status: Status, message: Said) -> None:
        self.status, self.message = status, message
        super().__init__(str(message))


_REFUSED = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG,
    errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE,
}  # fmt: skip
"""What the system says of a disk, of rights and of limits, which is no mistake of orr."""


def explain(error: Exception) -> Status:
    """Say what went wrong in a line, and give the status that it means."""
    if isinstance(error, Stop):
        click.echo(tell(error.message), err=True)
        return error.status
    if isinstance(error, OrrError):
        return _refusal(error)
    if isinstance(error, click.Abort):
        click.echo(words("interrupted"), err=True)
        return Status.INTERRUPTED
    if isinstance(error, click.exceptions.Exit):
        return Status(error.exit_code)
    if isinstance(error, click.ClickException):
        click.echo(_usage(error), err=True)
        return Status.BAD_INPUT
    if isinstance(error, BrokenPipeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - held until the process ends
        return Status.NOT_ASSESSED
    if processes.interrupted and not isinstance(error, OSError):  # code in C put an error in the interrupt's place
        click.echo(words("interrupted"), err=True)
        return Status.INTERRUPTED
    if os.environ.get("ORR_TRACEBACK"):
        traceback.print_exception(error)
    if isinstance(error, OSError) and error.errno in _REFUSED:
        from orr.system.paths import refusal

        click.echo(words("refused", problem=refusal(error)), err=True)
        # Only a name that somebody gave can be too long.
        return Status.BAD_INPUT if error.errno == errno.ENAMETOOLONG else Status.NOT_ASSESSED
    click.echo(words("bug", kind=type(error).__name__, problem=str(error)), err=True)
    return Status.NOT_ASSESSED


def _refusal(error: OrrError) -> Status:
    from orr.source.faults import FaultyInput
    from orr.workspace.editing import Refused
    from orr.workspace.saving import NotSaved

    click.echo(error.in_words(current_language()), err=True)
    if isinstance(error, NotSaved):
        for (key, name), (mine, theirs) in error.conflicts.items():
            click.echo(words("conflict", part=name or key, mine=str(mine), theirs=str(theirs)), err=True)
        if error.kept is not None:
            click.echo(words("kept", path=str(error.kept)), err=True)
    return Status.BAD_INPUT if isinstance(error, (FaultyInput, Refused, NotSaved)) else Status.NOT_ASSESSED


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "orr"
    return words("usage-error", problem=_problem(error), command=path)


def _problem(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f" {words('did-you-mean', near=error.possibilities[0])}" if error.possibilities else ""
        return words("no-such-option", option=error.option_name) + near
    if isinstance(error, click.MissingParameter):
        return words("missing-parameter", name=_name(error.param) if error.param else "")
    if isinstance(error, click.BadParameter) and error.param is not None:
        name, kind = _name(error.param), error.param.type
        if isinstance(kind, click.Choice):
            return words("not-a-choice", option=name, choices=list(kind.choices))
        return words("bad-option", option=name, problem=error.message)
    if isinstance(error, click.BadOptionUsage):
        key = "takes-no-value" if "does not take" in error.message else "needs-a-value"
        return words(key, option=error.option_name)
    if isinstance(error, click.UsageError) and error.message.startswith("Got unexpected extra argument"):
        return words("too-much", what=error.message.partition("(")[2].removesuffix(")"))
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        from orr.source.faults import nearest

        name = error.message.split("'")[1]
        group = error.ctx.command if error.ctx is not None else None
        meant = nearest(name, group.list_commands(error.ctx)) if isinstance(group, click.Group) and error.ctx else None
        return words("no-such-command", name=name) + (f" {words('did-you-mean', near=meant)}" if meant else "")
    return error.format_message()


def _name(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
