"""What tables of every kind are read as: rows of cells with their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from orr.messages import say
from orr.source.faults import Fault, FaultyInput, Place

MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it stands; in a workbook, its row and column."""

    text: str
    place: Place


Rows = list[list[Cell]]


def stop(path: str, place: Place, key: str, **values: object) -> NoReturn:
    """Refuse a table with the fault `exchange.<key>`."""
    raise FaultyInput([Fault(path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))])
