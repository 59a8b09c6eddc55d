"""The command line: one thin function per command, each loaded when it is called."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from orr.cli import frame
from orr.cli.frame import Status
from orr.cli.language import choose_language, words
from orr.system import processes

COMMANDS = (
    "init",
    "trust",
    "check",
    "review",
    "assign",
    "challenge",
    "comment",
    "report",
    "recheck",
    "remind",
    "fleet",
    "history",
    "impact",
    "waive",
    "revoke",
    "approve",
    "sign",
    "gate",
    "emergency",
    "attest",
    "verify",
    "audit",
    "lint",
    "schema",
    "checks",
    "import",
    "export",
    "tickets",
    "site",
)


class _Commands(frame.Group):
    """The commands, each in a module of its own name below this package."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = "import_" if name == "import" else name  # `import` is a word of Python's own
        command: Any = import_module(f"orr.cli.commands.{module}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(words("commands")):
            formatter.write_dl([(name, words(f"{name}.help").split("\n")[0]) for name in self.list_commands(ctx)])


@click.group(
    "orr",
    cls=_Commands,
    help="orr.help",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@frame.speaks
@click.version_option(package_name="orr", message="%(prog)s %(version)s", help="option.version")
def app() -> None:
    """Run a command; everything is in the subcommands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Parameters
    ----------
    arguments
        The words after `orr`; those of the process where None.

    Returns
    -------
    int
        The exit status of `docs/commands.md`: 0, 1, 2, 3 or 130.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for plug-ins costs 25 ms
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    choose_language(arguments)
    if sys.stdout is None:  # a status of 0 would say that what was asked for was printed
        click.echo(words("no-output"), err=True)
        return int(Status.NOT_ASSESSED)
    processes.interrupted = False
    try:
        color = False if os.environ.get("NO_COLOR") else None  # https://no-color.org; None leaves it to the terminal
        status = app.main(arguments, prog_name="orr", standalone_mode=False, color=color)
    except Exception as error:
        return int(frame.explain(error))
    except KeyboardInterrupt:
        click.echo(words("interrupted"), err=True)
        return int(Status.INTERRUPTED)
    return int(status or 0)


def run() -> None:
    """Run the process's command line and exit: the `orr` command."""
    frame.crowded = processes.threads() > 1
    frame.print_what_can_be_shown()
    sys.unraisablehook = processes.interrupt_again
    status = int(Status.INTERRUPTED)
    with suppress(KeyboardInterrupt):  # before or after the command
        # Whoever stops a service or a container means what ^C means: what is done is kept, and nothing is left behind.
        signal.signal(signal.SIGTERM, processes.interrupt_first_time)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, processes.interrupt)
        status = main()
    processes.end_interrupts()
    gc.freeze()  # to look for garbage in all that was loaded takes as long as a short command
    sys.exit(status)
