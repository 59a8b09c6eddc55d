"""Find PromQL expressions that can never be true, such as `vector(0) > 1`.

An expression is worked out as far as it is constant; what is measured may be anything. What
cannot be taken apart, such as a query of another language, is not judged.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import NamedTuple

MAX_TOKENS = 2_000
MAX_DEPTH = 60

_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\s*)*(?:
    (?P<number>0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![a-z0-9_:.])|(?:inf|nan)\b)
    |(?P<duration>\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)
    |(?P<word>[a-z_:][a-z0-9_:.]*)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    |(?P<sign>==|!=|=~|!~|>=|<=|[-+*/%^<>=(){}\[\],@:])
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_END = re.compile(r"\s*(?:#[^\n]*\s*)*\Z")
_LEVELS = (("or",), ("and", "unless"), ("==", "!=", ">", "<", ">=", "<="), ("+", "-"), ("*", "/", "%", "atan2"))
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip
_KEEPS = frozenset({"vector", "scalar", "sum", "min", "max", "avg", "sort", "sort_desc", "last_over_time"})
_AGGREGATES = frozenset(
    {"sum", "min", "max", "avg", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile"}
)
_GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})


class _Value(NamedTuple):
    """Known value of a part of an expression.

    Attributes
    ----------
    number
        Its value where it is constant.
    empty
        Whether it never holds an element.
    is_scalar
        Whether it is a number by its type, not a vector.
    written
        Its tokens, by which two parts are alike.
    """

    number: float | None
    empty: bool
    is_scalar: bool
    written: tuple[str, ...]


class _Other(Exception):
    """The expression is not PromQL, or too long."""


def never_true(expression: str) -> bool:
    """Whether an expression can never give an element, whatever is measured."""
    try:
        return _Reader(expression).read().empty
    except _Other:
        return False


def is_constant(expression: str) -> bool:
    """Whether an expression gives the same whatever is measured."""
    try:
        value = _Reader(expression).read()
    except _Other:
        return False
    return value.empty or value.number is not None


def normal(query: str) -> str:
    """Spell a query in one way: spaces, comments and the order of matchers make no difference."""
    try:
        spelled = " ".join(written for _, _, written in _Reader(re.sub(r"\{\{.*?\}\}", "5m", query)).tokens)
    except _Other:
        return " ".join(query.split())
    return re.sub(r"\{([^{}]*)\}", lambda found: str(sorted(re.split(r" , |^ | $", found[1]))), spelled)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str, str]] = []  # what it is, in lower case, as it stands
        self.at = self.depth = 0
        place = 0
        while not _END.match(text, place):
            match = _TOKEN.match(text, place)
            if match is None or len(self.tokens) >= MAX_TOKENS:
                raise _Other
            kind = str(match.lastgroup)
            self.tokens.append((kind, match[kind].lower(), match[kind]))
            place = match.end()

    def read(self) -> _Value:
        value = self._binary(0)
        if self.at < len(self.tokens):
            raise _Other
        return value

    def _binary(self, level: int) -> _Value:
        if level == len(_LEVELS):
            return self._unary()
        start = self.at
        value = self._binary(level + 1)
        while self._here() in _LEVELS[level] and self._kind() in ("word", "sign"):
            sign = self._next()
            as_number = self._take("bool")
            matched = False
            while self._here() in ("on", "ignoring", "group_left", "group_right"):
                self._next()
                self._skip_round()
                matched = True
            other = self._binary(level + 1)
            if matched:  # by some labels: what is alike need not meet itself
                other = other._replace(written=())
            value = _combined(sign, value, other, as_number)._replace(written=self._written(start))
        return value

    def _unary(self) -> _Value:
        start = self.at
        if self._here() in ("-", "+") and self._kind() == "sign":
            sign = self._next()
            value = self._deeper(self._unary)
            number = None if value.number is None else value.number * (-1 if sign == "-" else 1)
            return value._replace(number=number, written=self._written(start))
        value = self._primary()
        if self._take("^"):
            value = _combined("^", value, self._deeper(self._unary), False)
        return value._replace(written=self._written(start))

    def _primary(self) -> _Value:
        kind, word = self._kind(), self._next()
        if kind == "number":
            return _Value(_number(word), False, True, ())
        if word == "(" and kind == "sign":
            value = self._deeper(lambda: self._binary(0))
            self._expect(")")
            return value if self._postfix() else value._replace(number=None)
        if word == "{" and kind == "sign":
            self.at -= 1
            self._postfix()
            return _Value(None, False, False, ())
        if kind != "word" or word in ("and", "or", "unless", "bool", "offset", *_GROUPING):
            raise _Other
        grouped = self._grouping()
        if self._here() == "(" and self._kind() == "sign":
            value = self._call(word)
            self._grouping()
            return value if self._postfix() else value._replace(number=None)
        if grouped:
            raise _Other
        self._postfix()
        return _Value(None, False, False, ())

    def _call(self, name: str) -> _Value:
        self._expect("(")
        given: list[_Value] = []
        while not self._take(")"):
            if self._kind() == "text":
                self._next()
                given.append(_Value(None, False, False, ()))
            else:
                given.append(self._deeper(lambda: self._binary(0)))
            if self._here() != ")":
                self._expect(",")
        last = given[-1] if given else _Value(None, False, True, ())
        if name in ("absent", "absent_over_time"):
            constant = last.number is not None and not last.empty
            return _Value(None, constant, False, ())
        if name == "scalar" and last.empty:
            return _Value(math.nan, False, True, ())
        empty = (last.empty and len(given) == 1) or (last.empty and name in _AGGREGATES)
        number = last.number if name in _KEEPS and len(given) == 1 else None
        if name in ("count", "group") and last.number is not None:
            number = 1.0
        return _Value(number, empty, name in ("scalar", "time", "pi"), ())

    def _postfix(self) -> bool:
        """Skip labels, ranges and times; return whether there were none."""
        none = True
        while True:
            if self._here() in ("{", "[") and self._kind() == "sign":
                self._skip_to({"{": "}", "[": "]"}[self._here()])
            elif self._here() in ("offset", "@") and self._kind() in ("word", "sign"):
                self._next()
                self._take("-")
                self._next()
                if self._here() == "(":  # as in `@ start()`
                    self._skip_round()
            else:
                return none
            none = False

    def _grouping(self) -> bool:
        found = False
        while self._kind() == "word" and self._here() in ("by", "without"):
            self._next()
            self._skip_round()
            found = True
        return found

    def _skip_round(self) -> None:
        if self._here() == "(":
            self._skip_to(")")

    def _skip_to(self, closing: str) -> None:
        while self._kind() == "text" or self._here() != closing:
            self._next()
        self._next()

    def _deeper(self, read: Callable[[], _Value]) -> _Value:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Other
        value = read()
        self.depth -= 1
        return value

    def _kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _here(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise _Other
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _take(self, token: str) -> bool:
        taken = self._here() == token and self._kind() != "text"
        self.at += taken
        return taken

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise _Other

    def _written(self, start: int) -> tuple[str, ...]:
        return tuple(token for _, _, token in self.tokens[start : self.at])


def _combined(sign: str, one: _Value, two: _Value, as_number: bool) -> _Value:
    numbers = None if one.number is None or two.number is None else (one.number, two.number)
    both_scalars = one.is_scalar and two.is_scalar
    if sign == "or":
        return _Value(None, one.empty and two.empty, False, ())
    if sign == "and":
        return _Value(None, one.empty or two.empty, False, ())
    if sign == "unless":
        # What a constant takes away has no labels, so only a constant is taken away by it.
        gone = one.written == two.written != () or (numbers is not None and not two.empty)
        return _Value(None, one.empty or gone, False, ())
    alike = one.written == two.written != ()
    if sign not in _COMPARE:
        number = _reckoned(sign, *numbers) if numbers else {"/": 1.0, "-": 0.0}.get(sign) if alike else None
        return _Value(number, one.empty or two.empty, both_scalars, ())
    if as_number:
        return _Value(None, one.empty or two.empty, both_scalars, ())
    if numbers is not None:
        # Of two plain numbers there is no comparison without `bool`: Prometheus refuses the rule.
        fails = both_scalars or not _COMPARE[sign](*numbers)
        return _Value(one.number, one.empty or two.empty or fails, False, ())
    fails = (alike and sign in ("!=", ">", "<")) or _beyond(sign, one, two)
    return _Value(None, one.empty or two.empty or fails, False, ())


def _beyond(sign: str, one: _Value, two: _Value) -> bool:
    """Whether a comparison with NaN or an infinity never holds."""
    for bound, towards in ((two.number, sign), (one.number, {">": "<", "<": ">"}.get(sign, sign))):
        if bound is not None and (
            (math.isnan(bound) and sign != "!=")
            or (bound == math.inf and towards == ">")
            or (bound == -math.inf and towards == "<")
        ):
            return True
    return False


def _reckoned(sign: str, one: float, two: float) -> float | None:
    try:
        if sign == "%":
            return math.fmod(one, two)
        if sign == "^":
            return math.pow(one, two)
        reckon = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "atan2": math.atan2}
        return float(reckon[sign](one, two))
    except (ArithmeticError, ValueError):
        return None


def _number(token: str) -> float:
    return float(int(token, 16)) if token.startswith("0x") else float(token)
