"""The style of reports: the whole of it for a page, and for one part of a notebook what can meet something in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)")
_CLASSES = re.compile(r' class="([^"]*)"')
_GROUPED = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_OURS = frozenset({"orr", "fleet"})


@cache
def style() -> str:
    """The style of reports; every rule of it is bound to the class `orr`."""
    return (files("orr.report") / "style.css").read_text(encoding="utf-8")


@cache
def fleet_style() -> str:
    """What the fleet's report needs besides; every rule of it is bound to the class `fleet`."""
    return (files("orr.fleet.page") / "fleet.css").read_text(encoding="utf-8")


def style_for(markup: str, extra: str = "") -> str:
    """What of the style, and of what is needed besides, can meet something in a part of a report.

    Parameters
    ----------
    markup
        The part, as `orr.report.html` writes it.
    extra
        What it needs beside the style of reports.

    Returns
    -------
    str
        In the order of the style sheet.
    """
    css = weighty(extra)
    named = {name for names in set(_CLASSES.findall(markup)) for name in names.split()}
    return _style_with(css, _classes(css) & (named | _OURS))


@lru_cache(maxsize=256)  # most parts have the classes that the same part of another workload has
def _style_with(css: str, there: frozenset[str]) -> str:
    return "".join(_kept(_rules(css), there))


@cache
def _classes(css: str) -> frozenset[str]:
    return frozenset(_CLASS.findall(css))


@cache
def weighty(extra: str = "") -> str:
    """The style, and what is needed besides, so that it outweighs JupyterLab's for lists, tables and terms."""
    return style().replace(".orr ", ".orr.orr.orr ") + extra.replace(".fleet ", ".orr.orr.orr .fleet ")


class _Rule(NamedTuple):
    """A rule.

    Attributes
    ----------
    text
        All of it; of one with rules in it, what stands before them.
    needs
        For each of its selectors the classes without which it meets nothing.
    inner
        The rules in it, as in those of `@media`.
    """

    text: str
    needs: tuple[frozenset[str], ...]
    inner: tuple[_Rule, ...] = ()


def _kept(rules: tuple[_Rule, ...], there: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if rule.inner:
            inner = "".join(_kept(rule.inner, there))
            if inner:
                yield f"{rule.text}{inner}}}\n"
        elif any(map(there.issuperset, rule.needs)):
            yield rule.text


@cache
def _rules(css: str) -> tuple[_Rule, ...]:
    """The rules of a style sheet of ours: no brace stands in a text of it."""
    rules: list[_Rule] = []
    rest = _COMMENT.sub("", css)
    while (opened := rest.find("{")) >= 0:
        head = rest[:opened].strip()
        depth, end = 1, opened
        while depth:
            end += 1
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
        body = rest[opened + 1 : end]
        if "{" in body:
            rules.append(_Rule(head + "{", (), _rules(body)))
        else:
            rules.append(_Rule(f"{head}{{{body}}}\n", tuple(_needs(head))))
        rest = rest[end + 1 :]
    return tuple(rules)


def _needs(head: str) -> Iterator[frozenset[str]]:
    bare = head
    while (less := _GROUPED.sub("", bare)) != bare:  # of what stands in brackets, one of several may do
        bare = less
    for selector in bare.split(","):
        yield frozenset(_CLASS.findall(selector))
