"""What a document must hold: parameters of checks, and words for what it lacks."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any

from orr.evidence.documents.substance import kinds, titles
from orr.evidence.kinds.parameters import Expects, Refused, Texts
from orr.messages import Said, say
from orr.model.fields import After, Before, days


@dataclass(frozen=True)
class Demand:
    """A section or a key that must be there, and what must stand in it.

    Attributes
    ----------
    name
        Of the heading or key; `A|B` means either.
    has
        Kinds of `substance.yaml`, each of which it must hold; `A|B` means either.
    within
        How many days ago the newest date in it may be.
    """

    name: str
    has: tuple[str, ...] = ()
    within: int | None = None

    @property
    def title(self) -> str:
        """The first of its names."""
        return self.name.partition("|")[0]


def demands(given: Sequence[Mapping[str, Any]] | None) -> tuple[Demand, ...]:
    """Read what `Sections` or `Keys` hold."""
    return tuple(Demand(one["name"], tuple(one["has"]), one["within"]) for one in given or ())


def in_words(wanted: Sequence[str]) -> list[Said]:
    """Kinds for a reader; of `A|B` both."""
    return [
        reduce(lambda first, then: say("evidence.substance.or", first=first, then=then), titles(one)) for one in wanted
    ]


def _known(wanted: list[str]) -> list[str]:
    for kind in (kind for one in wanted for kind in one.split("|")):
        if kind not in kinds():
            near = difflib.get_close_matches(kind, kinds(), n=1)
            remedy = (
                say("file.model.unknown-key.near", near=near[0])
                if near
                else say("evidence.substance.known", known=list(kinds()))
            )
            raise Refused(say("evidence.substance.unknown", kind=kind), remedy)
    return wanted


def _demand(key: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, str):
            value = {key: value}
        malformed = Refused(say("evidence.substance.form", key=key), say("evidence.substance.form.do", key=key))
        if not isinstance(value, dict) or not isinstance(value.get(key), str) or set(value) - {key, "has", "within"}:
            raise malformed
        has = value.get("has", [])
        has = [has] if isinstance(has, str) else has
        if not isinstance(has, list) or not all(isinstance(one, str) for one in has):
            raise malformed
        within = value.get("within")
        try:
            limit = None if within is None else days(str(within))
        except ValueError:
            raise malformed from None
        return {"name": value[key], "has": _known(has), "within": limit}

    return read


def _listed(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


def _schema(key: str) -> Mapping[str, Any]:
    text = {"type": "string"}
    several = {"anyOf": [text, {"type": "array", "items": text}]}
    days_ = {"type": "string", "pattern": r"^[1-9]\d{0,4}d$"}
    mapping = {
        "type": "object",
        "properties": {key: text, "has": several, "within": days_},
        "required": [key],
        "additionalProperties": False,
    }
    return {"anyOf": [text, mapping]}


Has = Annotated[Texts, After(_known), Expects(say("evidence.expects.substance"))]
"""Kinds of `substance.yaml` that must be held; `A|B` means either."""

Sections = Annotated[
    list[Annotated[dict[str, Any], Before(_demand("heading"), _schema("heading"))]],
    Before(_listed),
    Expects(say("evidence.expects.demands", key="heading")),
]
"""Headings, each alone or with what must stand under it; a check receives mappings for `demands`."""

Keys = Annotated[
    list[Annotated[dict[str, Any], Before(_demand("key"), _schema("key"))]],
    Before(_listed),
    Expects(say("evidence.expects.demands", key="key")),
]
"""Keys of front matter, each alone or with what must stand in it; a check receives mappings for `demands`."""
