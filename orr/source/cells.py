"""What tables of every kind are read as: rows of cells with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from orr.messages import say
from orr.source.faults import Fault, FaultyInput, Place

MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, its place (in a workbook row and column), and the address behind it."""

    text: str
    place: Place
    link: str = ""


Rows = list[list[Cell]]
_MOST_NAMED = 20


def headings(cells: Sequence[Cell]) -> dict[str, Any]:
    """What a message says of headings: how many there are, and the first of them."""
    said = [cell.text.strip() for cell in cells[:_MOST_NAMED]]
    return {"n": len(cells), "headings": [*said, "…"] if len(cells) > len(said) else said}


def stop(path: str, place: Place, key: str, **values: object) -> NoReturn:
    """Refuse a table with the fault `exchange.<key>`."""
    raise FaultyInput([Fault(path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))])
