"""Schema and loader of the recipes for other products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from orr.evidence.live.bounds import Bound
from orr.evidence.live.credentials import names_in
from orr.model.fields import Text

_BOUND: TypeAdapter[Bound] = TypeAdapter(Bound)
_NAME = re.compile(r"\{([a-z][a-z_]*)\}")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Recipe(_Part):
    """One question to a service.

    Attributes
    ----------
    title, proves, needs
        What it asks, what a good answer shows, and the permission that it takes.
    practice
        The practices that it serves.
    values
        What an item may say, `{name}` in the parts below; with their defaults, or None
        where the item must.
    method, path, query, body
        The request.
    complete
        A JMESPath that must be true, else there is more than was read.
    value, bound
        A JMESPath, and what it must find where the item says nothing else.
    absent
        Statuses that say that what was asked for is not there.
    """

    title: Text
    proves: Text
    needs: Text
    practice: Annotated[list[str], Field(min_length=1)]
    values: dict[str, str | None] = {}
    method: Literal["GET", "POST"] = "GET"
    path: str
    query: dict[str, str] = {}
    body: dict[str, Any] | None = None
    complete: str | None = None
    value: str
    bound: Annotated[Bound, BeforeValidator(lambda given: _BOUND.validate_python(given))]
    absent: list[int] = []

    def filled(self, values: Mapping[str, str | int]) -> Filled:
        """The recipe for the values of one item, all of them given."""
        texts = {name: str(value) for name, value in values.items()}

        def fill(template: Any, encode: Callable[[str], str] = str) -> Any:
            if isinstance(template, str):
                whole = _NAME.fullmatch(template)
                if whole and isinstance(values.get(whole[1]), int):
                    return values[whole[1]]  # in a body a number stays one
                return _NAME.sub(lambda name: encode(texts[name[1]]) if name[1] in texts else name[0], template)
            if isinstance(template, dict):
                return {key: fill(value, encode) for key, value in template.items()}
            if isinstance(template, list):
                return [fill(value, encode) for value in template]
            return template

        path = fill(self.path, lambda value: quote(value, safe=""))
        query = urlencode(fill(self.query))
        target = path + (f"?{query}" if query else "")
        return Filled(target=target, body=fill(self.body), value=fill(self.value, _quoted))


class Filled(_Part):
    """A recipe's address below the service's own, its body and its expression."""

    target: str
    body: dict[str, Any] | None
    value: str


class Service(_Part):
    """The recipes for one service.

    Attributes
    ----------
    service, title
        Its name here, and its own.
    at
        Its address, where it has one for all.
    headers
        What each request carries; `$NAME` stands for a secret of the environment.
    documented
        Where its interface is described.
    recipes
        By name.
    """

    service: str
    title: str
    at: str | None = None
    headers: dict[str, str] = {}
    documented: str
    recipes: dict[str, Recipe]

    @property
    def tokens(self) -> list[str]:
        """The names of the secrets that it takes."""
        return list(dict.fromkeys(name for value in self.headers.values() for name in names_in(value)))


@cache
def service_named(name: str) -> Service | None:
    """The recipes for a service; None if there are none."""
    from orr.source.yaml import parse

    if re.fullmatch(r"[a-z-]+", name) is None:
        return None
    file = files("orr.evidence.checks.service") / "recipes" / f"{name}.yaml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Service.model_validate(parse(text, file.name))


def services() -> Iterator[Service]:
    """All of them, by name."""
    folder = files("orr.evidence.checks.service") / "recipes"
    for name in sorted(file.name for file in folder.iterdir()):
        service = service_named(name.removesuffix(".yaml"))
        if service is not None:
            yield service


def recipe_named(name: str) -> tuple[Service, Recipe] | None:
    """The recipe `service/recipe`; None if there is none of this name."""
    service = service_named(name.partition("/")[0])
    recipe = service.recipes.get(name.partition("/")[2]) if service else None
    return (service, recipe) if service and recipe else None


def all_names() -> list[str]:
    """The names of all recipes."""
    return [f"{service.service}/{name}" for service in services() for name in service.recipes]


def _quoted(value: str) -> str:
    # Within '…' of JMESPath.
    return value.replace("\\", "\\\\").replace("'", "\\'")
