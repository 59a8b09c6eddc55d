"""Parse JSON with the place of every node.

The YAML parser reads most JSON but not all of it: it refuses the surrogate pairs that
other programs write for an emoji (D83D DE00), and it accepts a comma too many.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

from orr.messages import say
from orr.source.faults import MAX_FAULTS, Fault, FaultyInput, Path, Place, first
from orr.source.yaml.schema import MAX_DEPTH, MAX_NODES

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
_CONSTANTS = {"true": True, "false": False, "null": None}
_CONSTANT = re.compile(r"true|false|null")
_LONGEST_NUMBER = 100


def parse_json(text: str, path: str) -> tuple[Any, dict[Path, Place]]:
    """Read one JSON document.

    Returns
    -------
    tuple
        The data, and the place of every node by its path of keys and indices; an
        object's entry is found at its key.

    Raises
    ------
    FaultyInput
        For what is not JSON, keys that stand twice, lone surrogates, and anything over
        the bounds of `orr.source.yaml`.
    """
    reader = _Reader(text, path)
    data = reader.read()
    return data, reader.places


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.places: dict[Path, Place] = {(): Place(1, 1)}
        self.faults: list[Fault] = []
        self.nodes = 0
        self.at = 0
        self._line, self._line_start, self._counted = 1, 0, 0

    def read(self) -> Any:
        self._skip()
        if self.at == len(self.text):
            self._stop("exchange.json.empty")
        data = self._value(())
        self._skip()
        if self.at < len(self.text):
            self._stop("exchange.json.syntax", found=self._found())
        if self.faults:
            raise FaultyInput(self.faults)
        return data

    def _value(self, at: Path) -> Any:
        self.nodes += 1 + len(at) // 16
        if self.nodes > MAX_NODES:
            self._stop("exchange.json.too-many", limit=MAX_NODES)
        start = self.text[self.at : self.at + 1]
        if start == '"':
            return self._string()
        if start in ("{", "["):
            if len(at) >= MAX_DEPTH:
                self._stop("exchange.json.too-deep", limit=MAX_DEPTH)
            return self._object(at) if start == "{" else self._array(at)
        if match := _CONSTANT.match(self.text, self.at):
            self.at = match.end()
            return _CONSTANTS[match.group()]
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            self._stop("exchange.json.syntax", found=self._found())
        if len(match.group()) > _LONGEST_NUMBER:  # int() of a long literal takes quadratic time
            self._stop("exchange.json.syntax", found=match.group()[:12] + "…")
        self.at = match.end()
        whole = match.group(1) is None and match.group(2) is None
        return int(match.group()) if whole else float(match.group())

    def _object(self, at: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        self.at += 1
        self._skip()
        if self._take("}"):
            return result
        while True:
            place = self._place()
            if self.text[self.at : self.at + 1] != '"':
                self._stop("exchange.json.syntax", found=self._found())
            key = self._string()
            if key in result:
                self._note(place, "exchange.json.twice", key=key)
            self.places.setdefault((*at, key), place)
            self._skip()
            if not self._take(":"):
                self._stop("exchange.json.syntax", found=self._found())
            self._skip()
            result[key] = self._value((*at, key))
            if self._ends("}"):
                return result

    def _array(self, at: Path) -> list[Any]:
        result: list[Any] = []
        self.at += 1
        self._skip()
        if self._take("]"):
            return result
        while True:
            here = (*at, len(result))
            self.places[here] = self._place()
            result.append(self._value(here))
            if self._ends("]"):
                return result

    def _ends(self, bracket: str) -> bool:
        self._skip()
        if self._take(bracket):
            return True
        if not self._take(","):
            self._stop("exchange.json.syntax", found=self._found())
        self._skip()
        return False

    def _string(self) -> str:
        place = self._place()
        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except JSONDecodeError as error:
            self.at = min(error.pos, len(self.text))
            self._stop("exchange.json.string")
        if any("\ud800" <= character <= "\udfff" for character in value):
            self._note(place, "exchange.json.surrogate")
        return str(value)

    def _take(self, symbol: str) -> bool:
        if self.text.startswith(symbol, self.at):
            self.at += 1
            return True
        return False

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def _found(self) -> str:
        return self.text[self.at : self.at + 1] or "…"

    def _place(self) -> Place:
        """The place of `at`, counting lines only from where they were counted last."""
        newlines = self.text.count("\n", self._counted, self.at)
        if newlines:
            self._line += newlines
            self._line_start = self.text.rfind("\n", self._counted, self.at) + 1
        self._counted = self.at
        return Place(self._line, self.at - self._line_start + 1)

    def _note(self, place: Place, key: str, /, **values: Any) -> None:
        self.faults.append(Fault(self.path, place, say(key, **values), say(f"{key}.do", **values)))
        if len(self.faults) > MAX_FAULTS:
            raise FaultyInput(first(self.faults))

    def _stop(self, key: str, /, **values: Any) -> NoReturn:
        self._note(self._place(), key, **values)
        raise FaultyInput(self.faults)
