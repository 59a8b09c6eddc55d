"""What a workload says of itself, filled into a checklist's parameters: as data, never more.

A parameter may hold `{workload}`, `{team}`, `{tier}` and `{tag:NAME}`, the value of the
tag `NAME:value` or `NAME=value`. All other braces stand for themselves. Who writes
workload.yaml chooses these values, so only plain ones are filled in: letters, digits and
`. _ - : / @ = +`, without `..`. In an address they are percent-encoded besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.model.workload import Workload

_FORM = re.compile(r"\{(workload|team|tier|tag:[\w.-]{1,64})\}")
_PLAIN = re.compile(r"\w[\w.:/@=+-]*")


def has_form(text: str) -> bool:
    """Whether a text holds something to fill in."""
    return _FORM.search(text) is not None


class Filling:
    """Fills a workload's values into parameters.

    Parameters
    ----------
    workload
        What is reviewed.
    """

    def __init__(self, workload: Workload) -> None:
        self.workload = workload

    def value(self, name: str) -> str:
        """The value behind `{name}`.

        Raises
        ------
        Undetermined
            If the workload has none, or one that is not plain.
        """
        value = self._tag(name.removeprefix("tag:")) if name.startswith("tag:") else self._plain(name)
        if _PLAIN.fullmatch(value) is None or ".." in value:
            raise Undetermined(say("act.fill.not-plain", name=name, value=_shown(value)))
        return value

    def text(self, template: str, encode: Callable[[str], str] = str) -> str:
        """A text with every form in it replaced."""
        return _FORM.sub(lambda form: encode(self.value(form[1])), template)

    def address(self, template: str) -> str:
        """A web address, or a part of one, with every form replaced and percent-encoded."""
        return self.text(template, lambda value: quote(value, safe=""))

    def data(self, template: Any) -> Any:
        """Nested data with every form in its texts (not its keys) replaced."""
        if isinstance(template, str):
            return self.text(template)
        if isinstance(template, dict):
            return {key: self.data(value) for key, value in template.items()}
        if isinstance(template, list):
            return [self.data(value) for value in template]
        return template

    def _plain(self, name: str) -> str:
        values = {
            "workload": self.workload.workload,
            "team": self.workload.owner.team,
            "tier": str(self.workload.tier),
        }
        return values[name]

    def _tag(self, name: str) -> str:
        found = [tag[len(name) + 1 :] for tag in self.workload.tags if re.match(rf"{re.escape(name)}[:=]", tag)]
        if len(found) != 1:
            raise Undetermined(say("act.fill.tag", n=len(found), name=name))
        return found[0]


def _shown(value: str) -> str:
    shown = "".join(char if char.isprintable() else "�" for char in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
