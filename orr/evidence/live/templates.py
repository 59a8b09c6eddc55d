"""Fill values into templates: as data, never more.

`{name}` in a text stands for a value; braces around anything else stand for themselves. A
text of nothing but one name takes its value as it is, be it a number or a list. An entry
`{each: tags, Key: "{key}", Value: "{value}"}` of a list stands once for each of the tags.
What is filled in is never filled in again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.model.workload import Workload

_BRACES = re.compile(r"\{([a-z][\w.:+-]*)\}")
_OF_WORKLOAD = re.compile(r"workload|team|tier|tag:[\w.-]{1,64}")
_PLAIN = re.compile(r"\w[\w.:/@=+-]*")


def fill(template: Any, value: Callable[[str], Any], encode: Callable[[str], str] = str) -> Any:
    """Fill in a text, or the texts (not the keys) of any structure of them.

    Parameters
    ----------
    value
        The value of a name; None for what is no name.
    encode
        Makes a value safe for its place.
    """
    if isinstance(template, str):
        whole = _BRACES.fullmatch(template)
        found = value(whole[1]) if whole else None
        if found is not None and not isinstance(found, str):
            return found

        def put(braces: re.Match[str]) -> str:
            found = value(braces[1])
            return braces[0] if found is None else encode(str(found))

        return _BRACES.sub(put, template)
    if isinstance(template, Mapping):
        return {key: fill(inner, value, encode) for key, inner in template.items()}
    if isinstance(template, (list, tuple)):
        filled: list[Any] = []
        for entry in template:
            each = entry.get("each") if isinstance(entry, Mapping) else None
            several = value(each) if isinstance(each, str) else None
            if isinstance(several, Mapping):
                rest = {key: inner for key, inner in entry.items() if key != "each"}
                filled += [fill(rest, _with(value, {"key": key, "value": one}), encode) for key, one in several.items()]
            else:
                filled.append(fill(entry, value, encode))
        return filled
    return template


def _with(value: Callable[[str], Any], more: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda name: more[name] if name in more else value(name)


def has_form(text: str) -> bool:
    """Whether a text holds a value of the workload."""
    return any(_OF_WORKLOAD.fullmatch(name) for name in _BRACES.findall(text))


class Filling:
    """Fills a workload's values into a checklist's parameters.

    They are `{workload}`, `{team}`, `{tier}` and `{tag:NAME}`, the value of the tag
    `NAME:value` or `NAME=value`. Who writes workload.yaml chooses them, so only plain ones
    are filled in: letters, digits and `. _ - : / @ = +`, without `..`.

    Parameters
    ----------
    workload
        What is reviewed.
    """

    def __init__(self, workload: Workload) -> None:
        self.workload = workload

    def value(self, name: str) -> str | None:
        """The value behind `{name}`; None for a name of anything else.

        Raises
        ------
        Undetermined
            If the workload has none, or one that is not plain.
        """
        if _OF_WORKLOAD.fullmatch(name) is None:
            return None
        own = {"workload": self.workload.workload, "team": self.workload.owner.team, "tier": str(self.workload.tier)}
        value = own[name] if name in own else self._tag(name.removeprefix("tag:"))
        if _PLAIN.fullmatch(value) is None or ".." in value:
            raise Undetermined(say("act.fill.not-plain", name=name, value=_shown(value)))
        return value

    def text(self, template: str) -> str:
        """A text with every form in it replaced."""
        return str(fill(template, self.value))

    def address(self, template: str) -> str:
        """A web address, or a part of one, with every form replaced and percent-encoded."""
        return str(fill(template, self.value, percent_encoded))

    def data(self, template: Any) -> Any:
        """Nested data with every form in its texts (not its keys) replaced."""
        return fill(template, self.value)

    def _tag(self, name: str) -> str:
        found = [tag[len(name) + 1 :] for tag in self.workload.tags if re.match(rf"{re.escape(name)}[:=]", tag)]
        if len(found) != 1:
            raise Undetermined(say("act.fill.tag", n=len(found), name=name))
        return found[0]


def percent_encoded(value: str) -> str:
    """A value as one segment of a web address."""
    return quote(value, safe="")


def _shown(value: str) -> str:
    shown = "".join(char if char.isprintable() else "�" for char in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
