"""Schema and loader of the recipes for other products."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BeforeValidator, Field, TypeAdapter

from orr.evidence.live.bounds import Bound
from orr.evidence.live.credentials import names_in
from orr.evidence.live.templates import fill, percent_encoded
from orr.model.fields import Text
from orr.model.validation import Form

_BOUND: TypeAdapter[Bound] = TypeAdapter(Bound)


class Also(Form):
    """Further request of a recipe: path, query, and the condition on its answer."""

    path: str
    query: dict[str, str] = Field(default={})
    complete: str | None = None


class ServiceRecipe(Form):
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
    newest_first
        Whether the first page suffices, since the newest comes first.
    also
        What else is requested, by name. Then `value` sees `answer`, each of these, and `values`.
    value, bound
        A JMESPath, and what it must find where the item says nothing else.
    absent
        Statuses that say that what was asked for is not there.
    """

    title: Text
    proves: Text
    needs: Text
    practice: Annotated[list[str], Field(min_length=1)]
    values: dict[str, str | list[str] | None] = Field(default={})
    method: Literal["GET", "POST"] = "GET"
    path: str
    query: dict[str, str] = Field(default={})
    body: dict[str, Any] | None = None
    complete: str | None = None
    newest_first: bool = False
    also: dict[str, Also] = Field(default={})
    value: str
    bound: Annotated[Bound, BeforeValidator(lambda given: _BOUND.validate_python(given))]
    absent: tuple[int, ...] = ()

    def filled(self, values: Mapping[str, str | int | list[str]]) -> Filled:
        """The recipe for the values of one item, all of them given."""
        return Filled(
            target=_target(self, values),
            also={name: _target(one, values) for name, one in self.also.items()},
            body=fill(self.body, values.get),
            value=fill(self.value, values.get, _quoted),
        )


class Filled(Form):
    """A recipe's addresses below the service's own, its body and its expression."""

    target: str
    also: dict[str, str]
    body: dict[str, Any] | None
    value: str


class Service(Form):
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
    headers: dict[str, str] = Field(default={})
    documented: str
    recipes: dict[str, ServiceRecipe]

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


def recipe_named(name: str) -> tuple[Service, ServiceRecipe] | None:
    """The recipe `service/recipe`; None if there is none of this name."""
    service = service_named(name.partition("/")[0])
    recipe = service.recipes.get(name.partition("/")[2]) if service else None
    return (service, recipe) if service and recipe else None


def all_names() -> list[str]:
    """The names of all recipes."""
    return [f"{service.service}/{name}" for service in services() for name in service.recipes]


def _target(asks: ServiceRecipe | Also, values: Mapping[str, str | int | list[str]]) -> str:
    path = fill(asks.path, values.get, percent_encoded)
    query = urlencode(fill(asks.query, values.get))
    return f"{path}?{query}" if query else str(path)


def _quoted(value: str) -> str:
    # Within '…' of JMESPath.
    return value.replace("\\", "\\\\").replace("'", "\\'")
