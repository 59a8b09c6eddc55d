"""Pictures of findings as data: labels and numbers, never markup.

Any check may add one. Its numbers are finite and its size is bounded from the start, so
that drawing it can neither fail nor run over; `orr.report.pictures.findings` draws it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from orr.messages import Said

Change = Callable[[Said], Said]

MAX_ROWS = 40
MAX_COLUMNS = 31
MAX_POINTS = 400


@dataclass(frozen=True, slots=True)
class Heat:
    """Grid of squares sized by value, such as a person's hours by day.

    Attributes
    ----------
    title
        What is shown.
    columns
        The columns' titles.
    rows
        Each row's title, its values, and whether what it counts is lacking, which is
        drawn as an outline with a cross.
    full
        The value of a square that fills its cell.
    """

    title: Said
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, tuple[float, ...], bool], ...]
    full: float

    def __post_init__(self) -> None:
        _within(len(self.rows), MAX_ROWS)
        _within(len(self.columns), MAX_COLUMNS)
        _finite([self.full, *(value for _, values, _ in self.rows for value in values)])
        if self.full <= 0 or any(len(values) != len(self.columns) for _, values, _ in self.rows):
            raise ValueError("a row has a value for each column, and `full` is more than nothing")

    def changed(self, change: Change) -> Heat:
        """The same with every text changed."""
        rows = tuple((change(label), values, lacking) for label, values, lacking in self.rows)
        return replace(self, title=change(self.title), columns=_all(self.columns, change), rows=rows)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars beside a bound: such as times to recover against a baseline, or findings by severity.

    Attributes
    ----------
    title
        What is shown.
    bars
        Each bar's title, its value, and the value in words.
    bound
        The bound in words, and its value; None where there is none.
    """

    title: Said
    bars: tuple[tuple[Said, float, Said], ...]
    bound: tuple[Said, float] | None = None

    def __post_init__(self) -> None:
        _within(len(self.bars), MAX_ROWS)
        _finite([value for _, value, _ in self.bars] + ([self.bound[1]] if self.bound else []))
        if any(value < 0 for _, value, _ in self.bars) or (self.bound and self.bound[1] < 0):
            raise ValueError("bars begin at nothing and grow")

    def changed(self, change: Change) -> Bars:
        """The same with every text changed."""
        bars = tuple((change(label), value, change(words)) for label, value, words in self.bars)
        bound = None if self.bound is None else (change(self.bound[0]), self.bound[1])
        return replace(self, title=change(self.title), bars=bars, bound=bound)


@dataclass(frozen=True, slots=True)
class Course:
    """A value over time, with lines at bounds: such as a metric's past.

    Attributes
    ----------
    title
        What is shown.
    points
        The values, oldest first, at equal distances.
    ends
        The times of the first and the last value, in words.
    bounds
        Each bound in words, and its value.
    """

    title: Said
    points: tuple[float, ...]
    ends: tuple[Said, Said]
    bounds: tuple[tuple[Said, float], ...] = ()

    def __post_init__(self) -> None:
        _within(len(self.points), MAX_POINTS)
        _within(len(self.bounds), 4)
        _finite([*self.points, *(value for _, value in self.bounds)])

    def changed(self, change: Change) -> Course:
        """The same with every text changed."""
        bounds = tuple((change(label), value) for label, value in self.bounds)
        ends = (change(self.ends[0]), change(self.ends[1]))
        return replace(self, title=change(self.title), ends=ends, bounds=bounds)


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of time: such as when calendars are closed around a launch.

    Attributes
    ----------
    title
        What is shown.
    rows
        Each row's title, and its stretches: from, to, and a name.
    ticks
        Where the axis is marked, and with what.
    marked
        The stretch that all is about, in words and from, to; None where there is none.
    """

    title: Said
    rows: tuple[tuple[Said, tuple[tuple[float, float, Said], ...]], ...]
    ticks: tuple[tuple[Said, float], ...]
    marked: tuple[Said, float, float] | None = None

    def __post_init__(self) -> None:
        _within(len(self.rows), MAX_ROWS)
        _within(len(self.ticks), MAX_COLUMNS)
        _within(sum(len(stretches) for _, stretches in self.rows), MAX_POINTS)
        _finite([value for _, stretches in self.rows for first, last, _ in stretches for value in (first, last)])
        _finite([*(at for _, at in self.ticks), *(self.marked[1:] if self.marked else ())])
        if len(self.ticks) < 2:
            raise ValueError("an axis has two ticks at least")

    def changed(self, change: Change) -> Stretches:
        """The same with every text changed."""
        rows = tuple(
            (change(label), tuple((first, last, change(name)) for first, last, name in stretches))
            for label, stretches in self.rows
        )
        ticks = tuple((change(label), at) for label, at in self.ticks)
        marked = None if self.marked is None else (change(self.marked[0]), *self.marked[1:])
        return replace(self, title=change(self.title), rows=rows, ticks=ticks, marked=marked)


Picture = Heat | Bars | Course | Stretches


def _all(texts: Iterable[Said], change: Change) -> tuple[Said, ...]:
    return tuple(change(text) for text in texts)


def _within(count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"a picture of {count} parts is too large; at most {most}")


def _finite(values: Iterable[float]) -> None:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{value!r} cannot be drawn")
