"""Options that several commands take; a bad value is refused in the user's language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import click

from orr.cli import frame
from orr.cli.language import tell, words
from orr.execution.engines import ALIASES, ENGINES, STOCK, TIMEOUT, engine_or_default
from orr.messages import say
from orr.messages.errors import BadArgument
from orr.system.paths import exists, is_folder

if TYPE_CHECKING:
    from orr.model.release import Release
    from orr.model.settings import PolicyRow
    from orr.model.statement import Statement
    from orr.report.remote import Elsewhere
    from orr.workspace.signing import Pen
    from orr.workspace.workspace import Workspace


class Whole(click.ParamType):  # type: ignore[type-arg]  # click has them since 8.4
    """A whole number from 1 on."""

    name = "integer"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Convert the value; an empty one is refused."""
        try:
            number = int(str(value))
        except ValueError:
            number = 0
        if number < 1:
            self.fail(words("given.whole", value=value), param, ctx)
        return number


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A number of seconds from 1 on, which ends some time."""

    name = "float"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Convert the value; an empty one is refused."""
        try:
            number = float(str(value))
        except ValueError:
            number = 0
        if not math.isfinite(number) or number < 1:
            self.fail(words("given.seconds", value=value), param, ctx)
        return number


class Age(click.ParamType):  # type: ignore[type-arg]
    """How long ago at most: `12h` or `7d`."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Convert the value; an empty one is refused."""
        found = re.fullmatch(r"([1-9]\d{0,4})([hd])", str(value))
        if found is None:
            self.fail(words("given.age", value=value), param, ctx)
        return timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1))


class _Place(click.Path):
    """A file or a folder, which is there or may be made.

    Parameters
    ----------
    exists
        Whether it has to be there.
    """

    is_folder: bool

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=not self.is_folder, dir_okay=self.is_folder, exists=exists)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Convert the value; an empty one is refused."""
        path = Path(str(value))
        if not str(value) or (exists(path) and is_folder(path) is not self.is_folder):
            self.fail(words("given.folder" if self.is_folder else "given.file", value=value), param, ctx)
        if self.exists and not exists(path):
            self.fail(words("given.absent", value=value), param, ctx)
        return path


class Folder(_Place):
    """A folder."""

    is_folder = True


class File(_Place):
    """A file."""

    is_folder = False


engine_option = frame.option("--engine", type=click.Choice((*ENGINES, *ALIASES)), help="option.engine")
timeout_option = frame.option("--timeout", type=Seconds(), default=TIMEOUT, metavar="SECONDS", help="option.timeout")


def chosen_engine(asked: str | None) -> str:
    """Choose the engine, and log on standard error where it is unusual."""
    if asked in ALIASES:
        click.echo(tell(say("report.engine.renamed", old=asked, new=ALIASES[asked])), err=True)
        return ALIASES[asked]
    if asked is None and frame.crowded:
        click.echo(words("engine.threads"), err=True)
        return STOCK
    return engine_or_default(asked)


class OutFolder(click.ParamType):  # type: ignore[type-arg]  # click has them since 8.4
    """A folder as a path; a URL as the text that it is."""

    name = "folder"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Convert the value; an empty one is refused."""
        from orr.report.remote import is_url

        if isinstance(value, str) and is_url(value):
            return value
        return Folder().convert(value, param, ctx)


def opened(out: Path | str | None, default: Path) -> tuple[Path, Elsewhere | None]:
    """The folder that reports are written to, and where they are sent from there."""
    if not isinstance(out, str):
        return (out if out is not None else default).absolute(), None
    from orr.report.remote import Elsewhere, NotSent

    try:
        return default.absolute(), Elsewhere(out)
    except NotSent as none:
        status = frame.Status.BAD_INPUT if none.by_choice else frame.Status.NOT_ASSESSED
        raise frame.Stop(status, none.why) from None


def send(elsewhere: Elsewhere | None, folder: Path, name: str, *, printed: bool = True) -> frame.Status:
    """Send the report of a workload and print where it is."""
    return _sent(elsewhere, lambda to: to.send(folder, name), printed) if is_folder(folder) else frame.Status.GOOD


def send_file(elsewhere: Elsewhere | None, path: Path) -> frame.Status:
    """Send one file, likewise."""
    return _sent(elsewhere, lambda to: to.send_file(path), True)


def _sent(elsewhere: Elsewhere | None, send_to: Callable[[Elsewhere], str], printed: bool) -> frame.Status:
    if elsewhere is None:
        return frame.Status.GOOD
    from orr.report.remote import NotSent

    try:
        where = send_to(elsewhere)
    except NotSent as lost:
        click.echo(tell(lost.why), err=True)
        return frame.Status.NOT_ASSESSED
    if printed:
        click.echo(words("sent", where=where))
    return frame.Status.GOOD


def check_items(workspace: Workspace, items: Iterable[str]) -> None:
    """Stop where an item certainly does not exist, with the nearest that does."""
    for item in items:
        if workspace.catalogue.missing(item):
            hint = workspace.catalogue.hint(item)
            raise frame.Stop(frame.Status.BAD_INPUT, say("cli.given.no-item", name=item, hint=hint))


def only_touched(workspace: Workspace, names: Iterable[str], rev: str, out: Path) -> list[str]:
    """Keep the workloads touched since a revision; log how many and what is in doubt.

    Raises
    ------
    Stop
        If git cannot tell.
    """
    from orr.fleet.touched import touched
    from orr.workspace.git import NoRevision

    try:
        found = touched(workspace, rev, out)
    except NoRevision as none:
        raise frame.Stop(frame.Status.BAD_INPUT, none.why) from None
    for note in found.notes:
        click.echo(tell(note), err=True)
    left = [name for name in names if name in found.workloads]
    key = "recheck.touched" if left else "recheck.untouched"
    click.echo(words(key, rev=rev, n=len(left)), err=True)
    return left


F = TypeVar("F", bound=Callable[..., object])

MAX_SIGNATURE = 100_000
"""How many bytes of a file with a signature are read."""


class Signing(NamedTuple):
    """Means of signing a statement: a key, an external signature, or none yet."""

    key: str | None = None
    signature: Path | None = None
    prints: bool = False

    def pen(self, workspace: Workspace, *, needed: bool = True) -> Pen:
        """Source of a statement's signature; prints the statement where that is wanted.

        Parameters
        ----------
        needed
            False for what counts without a signature in any case.
        """
        from orr.workspace.signing import checked, no_pen, sign_with

        def sign(statement: Statement, policy: PolicyRow) -> str | None:
            if self.prints:
                click.echo(statement.content, nl=False)
                raise click.exceptions.Exit(frame.Status.GOOD)
            if self.key is not None:
                return sign_with(workspace, statement, self.key)
            if self.signature is not None:
                with self.signature.open("rb") as opened:
                    text = opened.read(MAX_SIGNATURE).decode("utf-8", "replace")
                return checked(workspace, statement, text)
            return no_pen(statement, policy) if needed else None

        return sign


def signing_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add `--key`, `--signature` and `--print-statement`, which become the parameter `signing`."""

    @wraps(command)
    def together(
        *arguments: object, key: str | None, signature: Path | None, print_statement: bool, **named: object
    ) -> int:
        if (key is not None) + (signature is not None) + print_statement > 1:
            raise click.UsageError(words("signing.one"))
        return command(*arguments, signing=Signing(key, signature, print_statement), **named)

    prints = frame.option("--print-statement", is_flag=True, help="signing.print")
    given = frame.option("--signature", metavar="FILE", type=File(exists=True), help="signing.signature")
    return frame.option("--key", metavar="FILE|agent", help="signing.key")(given(prints(together)))


def release_options(command: F) -> F:
    """Add `--artifact` and `--environment`, which name what is released where."""
    where = frame.option("--environment", metavar="NAME", help="option.environment")
    return frame.option("--artifact", "artifacts", metavar="ARTIFACT", multiple=True, help="option.artifact")(
        where(command)
    )


def signer_options(command: F) -> F:
    """Add `--key`, `--signers`, `--revoked` and `--identity`, whose signatures count, as one `signers`."""

    @wraps(command)
    def taking(
        keys: tuple[Path, ...], signers: Path | None, revoked: Path | None, identity: str | None, **more: object
    ) -> object:
        from orr.proof.signing import Signers

        return command(signers=Signers(keys, signers, revoked, identity), **more)

    add = (
        frame.option("--key", "keys", type=File(exists=True), multiple=True, help="option.key"),
        frame.option("--signers", type=File(exists=True), help="option.signers"),
        frame.option("--revoked", type=File(exists=True), help="option.revoked"),
        frame.option("--identity", metavar="NAME", help="option.identity"),
    )
    made: Callable[..., object] = taking
    for one in reversed(add):
        made = one(made)
    return cast("F", made)


def release_named(artifacts: Iterable[str], environment: str | None, version: str | None = None) -> Release:
    """The release that the options name.

    Raises
    ------
    Stop
        If one of them names nothing.
    """
    from orr.assessing import named_release

    try:
        return named_release(version, list(artifacts), environment)
    except BadArgument as bad:
        raise frame.Stop(frame.Status.BAD_INPUT, bad.why) from None
