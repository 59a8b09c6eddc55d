"""Field types of the files, and constraints that pydantic understands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from orr.system.addresses import database_fault, read_address

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Before:
    """A function through which a value goes before its type is looked at.

    Parameters
    ----------
    function
        Takes what stands in the file and returns what the type takes; raises a ValueError.
    schema
        The JSON Schema of what it takes; None where that is the type's own.
    """

    def __init__(self, function: Callable[[Any], Any], schema: Mapping[str, Any] | None = None) -> None:
        self.function, self.schema = function, schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic import BeforeValidator

        return BeforeValidator(self.function).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core) if self.schema is None else dict(self.schema)


class After:
    """A validator that runs after pydantic's own."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic import AfterValidator

        return AfterValidator(self.function).__get_pydantic_core_schema__(source, handler)


class Within:
    """Limits of the preceding type, as pydantic's core schemas name them."""

    def __init__(self, **limits: Any) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = {**handler(source), **self.limits}
        return schema  # type: ignore[no-any-return]


def unfit(kind: str, **values: Any) -> ValueError:
    """Build the error whose text is `model.<kind>`."""
    from pydantic_core import PydanticCustomError

    return PydanticCustomError(f"orr.{kind}", "{kind}", {"kind": kind, **values})


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?")


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    read = _read_moment(value) if isinstance(value, str) else None
    if read is None or isinstance(read, datetime):
        raise unfit("day", value=str(value))
    return read


def _moment(value: object) -> object:
    if isinstance(value, date):
        return value
    read = _read_moment(value) if isinstance(value, str) else None
    if read is not None:
        return read
    looks_like_a_day = isinstance(value, str) and _DAY.fullmatch(value)
    raise unfit("day" if looks_like_a_day else "moment", value=str(value))


@lru_cache(maxsize=1024)
def _read_moment(text: str) -> date | datetime | None:
    """The day or the time that a text is; the same few stand in most answers."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None


def _days(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,4}d", value):
        return int(value[:-1])
    raise unfit("days", value=str(value))


def _minutes(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}m", value, re.ASCII):
        return int(value[:-1])
    raise unfit("minutes", value=str(value))


def days(value: str) -> int:
    """Read a duration such as `90d` as a number of days.

    Raises
    ------
    ValueError
        If the text is not a positive whole number followed by `d`.
    """
    try:
        read = _days(value)
    except ValueError:
        raise ValueError(value) from None
    assert isinstance(read, int)
    return read


def one_or_many(value: object) -> object:
    """A value alone is a list of one."""
    return [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value


def _sha256(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"(sha256:)?[0-9a-fA-F]{64}", value):
        return value
    raise unfit("sha256", value=str(value))


def _account(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value, re.ASCII):
        return value
    raise unfit("aws-account", value=str(value))


def _region(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}", value, re.ASCII):
        return value
    raise unfit("aws-region", value=str(value))


def _web_address(value: object) -> object:
    read = read_address(value) if isinstance(value, str) and re.fullmatch(r"https?://[^\s/]+\S*", value) else None
    if read is None:
        raise unfit("url", value=str(value))
    if read.user is not None:
        raise unfit("url-user")  # without the value, which holds a password
    return value


def _path(value: str) -> str:
    if "\0" in value:
        raise unfit("path-null")
    return value


def _database(value: object) -> object:
    if isinstance(value, str) and (fault := database_fault(value)) is not None:
        raise unfit(fault)  # without the value, which may hold a password
    return _path(value) if isinstance(value, str) else value


def _person(value: str) -> str:
    from orr.model.nobody import unfit_name

    found = unfit_name(value)
    if found is not None:
        raise unfit(found.kind, **found.values)
    return value


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value:
        for language, words in value.items():
            if language not in ("en", "zh-CN"):
                raise unfit("language", value=str(language))
            if not isinstance(words, str) or not words.strip():
                raise unfit("text")
        return value
    raise unfit("text")


Day = Annotated[date, Before(_day, {"type": "string", "format": "date"})]
"""A date, `YYYY-MM-DD`; it ends when the day ends in the workspace's time zone."""

Moment = Annotated[
    date | datetime, Before(_moment, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$"})
]
"""A date, or a date with a time; a time without offset is in the workspace's time zone."""

Days = Annotated[int, Before(_days, {"type": "string", "pattern": r"^[1-9]\d{0,4}d$"})]
"""A duration in whole days, written `90d`."""

WRITTEN_DAYS = {"written": lambda value: f"{value}d"}
"""How a field that is a duration is written; its metadata."""

Minutes = Annotated[int, Before(_minutes, {"type": "string", "pattern": r"^[1-9]\d{0,2}m$"})]
"""A duration in whole minutes, written `5m`; at most `999m`."""

WRITTEN_MINUTES = {"written": lambda value: None if value is None else f"{value}m"}
"""How a field that is a duration in minutes, or None, is written; its metadata."""

Text = Annotated[
    str | dict[str, str],
    Before(
        _text,
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"en": {"type": "string"}, "zh-CN": {"type": "string"}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        },
    ),
]
"""Words for people: one string, or one per language."""

Truth = Annotated[bool, Within(strict=True)]
Words = Annotated[str, Within(strip_whitespace=True, min_length=1)]
PathWords = Annotated[str, Within(strip_whitespace=True, min_length=1), After(_path)]
"""A path that the system can be asked for."""
Person = Annotated[str, Within(strip_whitespace=True, min_length=1, max_length=200), After(_person)]
"""A name that everybody reads as the one that it is; see `orr.model.person`."""
Id = Annotated[str, Within(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=128)]
KebabId = Annotated[str, Within(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=128)]
Names = Annotated[tuple[Words, ...], Before(one_or_many)]
Name = Annotated[str, Within(pattern=r"^[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$", max_length=128)]
"""A name that is also a file's or folder's."""
Tier = Annotated[int, Within(ge=1, le=4, strict=True)]
Sha256 = Annotated[
    str,
    Before(_sha256, {"type": "string", "pattern": "^(sha256:)?[0-9a-fA-F]{64}$"}),
]
AwsAccount = Annotated[str, Before(_account, {"type": "string", "pattern": "^[0-9]{12}$"})]
"""The number of an AWS account; in quotes, since its zeros count."""
AwsRegion = Annotated[
    str,
    Before(_region, {"type": "string", "pattern": "^[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$"}),
]
"""The name of an AWS region; nothing else, since it becomes part of an address."""
DatabaseAddress = Annotated[str, Before(_database, {"type": "string", "format": "uri"})]
WebAddress = Annotated[str, Before(_web_address, {"type": "string", "format": "uri"})]
