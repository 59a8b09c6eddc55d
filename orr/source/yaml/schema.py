"""Scalars of YAML 1.2, and the bounds of a file."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MAX_DEPTH = 40
MAX_NODES = 400_000

# The core schema, https://yaml.org/spec/1.2.2/#1032-tag-resolution
_CONSTANTS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STARTS_A_NUMBER = frozenset("0123456789+-.")
_MAX_DIGITS = 100  # int() of a long literal takes quadratic time


def resolve(text: str) -> Any:
    """What a plain scalar means in the core schema of YAML 1.2."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in _STARTS_A_NUMBER:
        if INT.fullmatch(text):
            if len(text) > _MAX_DIGITS:
                return text
            value = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
            return value if abs(value) < 10 ** (_MAX_DIGITS - 1) else text
        if FLOAT.fullmatch(text):
            return _float(text.lower())
    return text


WORD = 24
resolve_word = lru_cache(maxsize=4096)(resolve)
"""The same few words and dates are most of what stands in the files."""


def _float(text: str) -> float:
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))
