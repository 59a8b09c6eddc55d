"""What may be given to a command: numbers, files and folders, each refused in the user's language."""

from __future__ import annotations

import math
from pathlib import Path

import click

from orr.cli import frame


class Whole(click.ParamType):  # type: ignore[type-arg]  # click has them since 8.4
    """A whole number from 1 on."""

    name = "integer"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        try:
            number = int(str(value))
        except ValueError:
            number = 0
        if number < 1:
            self.fail(frame.words("given.whole", value=value), param, ctx)
        return number


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A number of seconds from 1 on, which ends some time."""

    name = "float"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        try:
            number = float(str(value))
        except ValueError:
            number = 0
        if not math.isfinite(number) or number < 1:
            self.fail(frame.words("given.seconds", value=value), param, ctx)
        return number


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
        """Read it: nothing at all, as of a variable that is not set, is no place."""
        path = Path(str(value))
        if not str(value) or (path.exists() and path.is_dir() is not self.is_folder):
            self.fail(frame.words("given.folder" if self.is_folder else "given.file", value=value), param, ctx)
        if self.exists and not path.exists():
            self.fail(frame.words("given.absent", value=value), param, ctx)
        return path


class Folder(_Place):
    """A folder."""

    is_folder = True


class File(_Place):
    """A file."""

    is_folder = False
