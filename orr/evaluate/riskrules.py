"""Parse and evaluate the conditions of `risk_rules`.

The form is that of an AWS Well-Architected custom lens
(https://docs.aws.amazon.com/wellarchitected/latest/userguide/lenses-format-specification.html).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_
from typing import NamedTuple

DEFAULT = "default"
MAX_NESTING = 30
_TOKEN = re.compile(r"\s*(?:(&&|\|\||[!()])|([A-Za-z0-9][A-Za-z0-9_.-]*))")

Choices = Mapping[str, bool | None]
"""By choice: selected, not selected, or None where it is not applicable."""

Tables = Mapping[str, int]
"""By choice, its truth table: bit n is whether combination n of the choices selects it."""


class _Node(NamedTuple):
    """Part of a condition, for one combination (choices may lack) and for all."""

    value: Callable[[Choices], bool | None]
    table: Callable[[Tables, int], int]


class RuleError(ValueError):
    """A condition that cannot be read; `column` counts from 1 within its text."""

    def __init__(self, column: int, found: str) -> None:
        self.column, self.found = column, found
        super().__init__(f"column {column}: {found}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that was read.

    Attributes
    ----------
    names
        The choices that it mentions.
    node
        The condition; its value is None where it speaks of nothing applicable.
    """

    names: frozenset[str]
    node: _Node

    def holds(self, choices: Choices) -> bool:
        """Whether the condition holds; one of only inapplicable choices does not."""
        return self.node.value(choices) is True

    def table(self, tables: Tables, every: int) -> int:
        """The truth table of the condition; `every` has a bit for each combination."""
        return self.node.table(tables, every)


@lru_cache(maxsize=4096)
def read_rule(text: str) -> Rule:
    """Parse a condition such as ``a && (b || !c)`` or ``default``.

    A choice that is not applicable is left out of ``&&`` and ``||``; a group of only such
    choices does not hold.

    Raises
    ------
    RuleError
        If it is no such condition.
    """
    if text.strip() == DEFAULT:
        return Rule(frozenset(), _Node(lambda choices: True, lambda tables, every: every))
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = self.depth = 0
        self.names: set[str] = set()
        self.symbol = self.word = ""
        self.start = 0
        self._advance()

    def read(self) -> Rule:
        node = self._either()
        if self.symbol or self.word:
            raise RuleError(self.start + 1, self.symbol or self.word)
        return Rule(frozenset(self.names), node)

    def _advance(self) -> None:
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            rest = self.text[self.at :].strip()
            self.start = len(self.text) - len(self.text[self.at :].lstrip())
            if rest:
                raise RuleError(self.start + 1, rest[0])
            self.symbol = self.word = ""
            return
        self.symbol, self.word = match.group(1) or "", match.group(2) or ""
        self.start, self.at = match.end() - len(match.group(0).lstrip()), match.end()

    def _either(self) -> _Node:
        parts = [self._both()]
        while self.symbol == "||":
            self._advance()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _join(parts, any, or_)

    def _both(self) -> _Node:
        parts = [self._one()]
        while self.symbol == "&&":
            self._advance()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else _join(parts, all, and_)

    def _one(self) -> _Node:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise RuleError(self.start + 1, self.symbol or self.word)
        if self.symbol == "!":
            self._advance()
            outer, self.names = self.names, set()
            node = _not(self._one(), frozenset(self.names))
            self.names |= outer
        elif self.symbol == "(":
            self._advance()
            node = self._either()
            if self.symbol != ")":
                raise RuleError(self.start + 1, self.symbol or self.word or "…")
            self._advance()
        elif self.word and self.word != DEFAULT:
            self.names.add(self.word)
            node = _choice(self.word)
            self._advance()
        else:
            raise RuleError(self.start + 1, self.symbol or self.word or "…")
        self.depth -= 1
        return node


def _choice(name: str) -> _Node:
    return _Node(lambda choices: choices[name], lambda tables, every: tables[name])


def _not(node: _Node, names: frozenset[str]) -> _Node:
    def negated(choices: Choices) -> bool | None:
        if all(choices[name] is None for name in names):
            return None
        return not node.value(choices)

    return _Node(negated, lambda tables, every: every ^ node.table(tables, every))


def _join(parts: list[_Node], how: Callable[[list[bool]], bool], bits: Callable[[int, int], int]) -> _Node:
    def joined(choices: Choices) -> bool | None:
        values = [value for part in parts if (value := part.value(choices)) is not None]
        return how(values) if values else False

    return _Node(joined, lambda tables, every: reduce(bits, (part.table(tables, every) for part in parts)))
