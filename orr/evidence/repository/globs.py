"""Match file patterns: `*` and `?` within a name, `**` across folders."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

_WILD = re.compile(r"[*?\[]")


class BadPattern(ValueError):
    """A pattern that does not stay within the repository; its text is the cause's last word."""


class Pattern:
    """A pattern that was read; `/` divides folders, whatever the system.

    Parameters
    ----------
    text
        Such as `docs/runbooks/**/*.md`. A `/` at the end means everything below.

    Raises
    ------
    BadPattern
        With the text `empty`, `absolute` or `outside`.
    """

    def __init__(self, text: str) -> None:
        self.segments = _segments(text)
        self.literal = not any(_WILD.search(segment) for segment in self.segments)
        self.path = "/".join(self.segments)
        fixed = []
        for segment in self.segments[:-1]:
            if _WILD.search(segment):
                break
            fixed.append(segment)
        self.folder = "/".join(fixed)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        # Most patterns are only checked for their form, or name one file.
        return re.compile(_translate(self.segments))

    def matches(self, path: str) -> bool:
        """Whether a file's path, relative to the repository, matches."""
        return path == self.path if self.literal else self._regex.fullmatch(path) is not None

    def reaches_into(self, folder: str) -> bool:
        """Whether something below a folder could match."""
        return _reaches(self.segments, tuple(folder.split("/")))


@lru_cache(maxsize=4096)
def read_pattern(text: str) -> Pattern:
    """Read a pattern once."""
    return Pattern(text)


def _segments(text: str) -> tuple[str, ...]:
    if not text.strip() or "\0" in text:
        raise BadPattern("empty")
    if text.startswith(("/", "~")) or "\\" in text or re.match(r"[A-Za-z]:", text):
        raise BadPattern("absolute")
    kept: list[str] = []
    for segment in text.split("/"):
        if segment == "..":
            if not kept or _WILD.search(kept[-1]):
                raise BadPattern("outside")
            kept.pop()
        elif segment not in ("", ".") and not (segment == "**" and kept[-1:] == ["**"]):
            kept.append(segment)
    if text.endswith("/"):
        kept.append("**")
    if not kept:
        raise BadPattern("empty")
    return tuple(kept)


def _translate(segments: tuple[str, ...]) -> str:
    parts = []
    last = len(segments) - 1
    for place, segment in enumerate(segments):
        if segment == "**":
            parts.append(".+" if place == last else "(?:[^/]+/)*")
        else:
            parts.append(_segment(segment) + ("" if place == last else "/"))
    return "(?s:" + "".join(parts) + ")"


@lru_cache(maxsize=4096)
def _segment(segment: str) -> str:
    out, at = "", 0
    while at < len(segment):
        char = segment[at]
        at += 1
        if char == "*":
            out += "" if out.endswith("[^/]*") else "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "[" and (end := segment.find("]", at + 1)) > 0:
            inside = segment[at:end]
            negated, inside = inside[:1] in ("!", "^"), inside.lstrip("!^")
            listed = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside)
            out += f"[{'^/' if negated else ''}{listed}]"
            at = end + 1
        else:
            out += re.escape(char)
    return out


@lru_cache(maxsize=4096)
def _segment_regex(segment: str) -> re.Pattern[str]:
    return re.compile(_segment(segment))


def _reaches(segments: tuple[str, ...], folders: tuple[str, ...]) -> bool:
    if not segments:
        return False
    if not folders:
        return True
    if segments[0] == "**":
        return len(segments) == 1 or _reaches(segments[1:], folders) or _reaches(segments, folders[1:])
    return _segment_regex(segments[0]).fullmatch(folders[0]) is not None and _reaches(segments[1:], folders[1:])
