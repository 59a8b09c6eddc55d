"""Parse front matter: YAML between `---`, TOML between `+++`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from orr.messages import Message, say
from orr.source.faults import FaultyInput

MAX_CHARACTERS = 65_536
_LONG_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){100}")
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


class FrontMatter(NamedTuple):
    """What stands at the head of a document.

    Attributes
    ----------
    values
        Its keys, as written.
    lines
        How many lines of the document it takes, fences included.
    fault
        Why it cannot be read, if so.
    """

    values: Mapping[str, Any] = {}
    lines: int = 0
    fault: Message | None = None

    def value(self, names: Iterable[str]) -> tuple[str, Any] | None:
        """First key of several, and its value.

        Case, `-` and `_` make no difference.
        """
        by_name = {_plain(key): key for key in self.values}
        for name in names:
            key = by_name.get(_plain(name))
            if key is not None and not _is_empty(self.values[key]):
                return key, self.values[key]
        return None


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Read the front matter of a document that may have none."""
    fence = text[:3]
    if fence not in _FENCES or text[3:4] not in ("\n", " ", ""):
        return FrontMatter()
    lines = text[: MAX_CHARACTERS + 1].split("\n")
    if lines[0].rstrip() != fence:
        return FrontMatter()
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in _FENCES[fence]), None)
    if end is None:
        too_large = len(text) > MAX_CHARACTERS and fence == "+++"
        return FrontMatter(fault=say("evidence.front.unclosed", path=path)) if too_large else FrontMatter()
    body = "\n".join(lines[1:end])
    if not body.strip() or all(not line.strip() or line.lstrip().startswith("#") for line in lines[1:end]):
        return FrontMatter(lines=end + 1)
    if fence == "---" and not re.search(r"^[\w\"'?{&!-][^\n]*:|^[\[{]", body, re.MULTILINE):
        return FrontMatter()  # a thematic break before plain words
    try:
        values: Any = read_toml(body) if fence == "+++" else _yaml(body, path)
    except FaultyInput as faulty:
        first = faulty.faults[0]
        fault = say("evidence.front.unreadable", path=path, line=first.place.line + 1, why=first.wrong)
        return FrontMatter(lines=end + 1, fault=fault)
    except (ValueError, RecursionError) as error:  # TOML's own fault is a ValueError
        fault = say("evidence.front.unreadable", path=path, line=1, why=str(error)[:200])
        return FrontMatter(lines=end + 1, fault=fault)
    if not isinstance(values, dict):
        return FrontMatter(lines=end + 1, fault=say("evidence.front.no-keys", path=path))
    return FrontMatter(values, end + 1)


def _yaml(body: str, path: str) -> Any:
    from orr.source.yaml.reader import read  # a document is remembered whole

    return read(body, path)


def read_toml(text: str) -> dict[str, Any]:
    """Read TOML, but refuse keys of more than 100 parts.

    The library takes very much memory for them.

    Raises
    ------
    ValueError, RecursionError
        If it cannot be read.
    """
    import tomllib  # few documents have it

    if _LONG_KEY.search(text):
        raise ValueError("a key of more than 100 parts")
    return tomllib.loads(text)


def _plain(key: str) -> str:
    return re.sub(r"[\s_-]", "", key).casefold()


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (list, dict)) and not value)
