"""What may be given to a command: numbers, files and folders, each refused in the user's language."""

from __future__ import annotations

import math
from pathlib import Path

import click

from orr.cli import frame


class Whole(click.ParamType[int]):
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


class Seconds(click.ParamType[float]):
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


class Folder(click.Path):
    """A folder, which is there or may be made."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=False, exists=exists)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read it: nothing at all, as of a variable that is not set, is no folder."""
        path = Path(str(value))
        if not str(value) or (path.exists() and not path.is_dir()):
            self.fail(frame.words("given.folder", value=value), param, ctx)
        if self.exists and not path.exists():
            self.fail(frame.words("given.absent", value=value), param, ctx)
        return path


class File(click.Path):
    """A file, which is there or may be made."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(path_type=Path, dir_okay=False, exists=exists)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Read it."""
        path = Path(str(value))
        if not str(value) or path.is_dir():
            self.fail(frame.words("given.file", value=value), param, ctx)
        if self.exists and not path.exists():
            self.fail(frame.words("given.absent", value=value), param, ctx)
        return path
