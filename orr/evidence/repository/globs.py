"""Match file patterns: `*` and `?` within a name, `**` across folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
        return re.compile(f"(?s:{expression(self.segments, _segment)})")

    def matches(self, path: str) -> bool:
        """Whether a file's path, relative to the repository, matches."""
        return path == self.path if self.literal else self._regex.fullmatch(path) is not None

    def reaches_into(self, folder: str) -> bool:
        """Whether something below a folder could match."""
        return _reaches(self.segments, folder.split("/"))


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


def expression(segments: Sequence[str], segment: Callable[[str], str]) -> str:
    """Regular expression of paths, in which `**` stands for any number of folders.

    What stands between two `**` is taken where it is first found and never looked for again, so the time grows with
    the path's length and no power of it, whatever the pattern.

    Parameters
    ----------
    segments
        What stands between the slashes.
    segment
        Makes the expression of one; see `between_stars`.
    """
    runs: list[list[str]] = [[]]
    for one in segments:
        if one == "**":
            runs.append([])
        else:
            runs[-1].append(segment(one))
    first, *others = runs
    if not others:
        return "/".join(first)
    *middle, last = others
    found = ["".join(f"{one}/" for one in first)]
    found += ["(?>(?:[^/]+/)*?" + "".join(f"{one}/" for one in run) + ")" for run in middle if run]
    return "".join(found) + ("(?:[^/]+/)*" + "/".join(last) if last else ".+")


def between_stars(chunks: Sequence[str]) -> str:
    """Regular expression for one name, from the chunks between its `*`.

    It matches in time as `expression` does.
    """
    first, *others = chunks
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>[^/]*?{chunk})" for chunk in middle if chunk) + "[^/]*" + last


@lru_cache(maxsize=4096)
def _segment(segment: str) -> str:
    chunks, at = [""], 0
    while at < len(segment):
        char = segment[at]
        at += 1
        if char == "*":
            chunks.append("")
        elif char == "?":
            chunks[-1] += "[^/]"
        elif char == "[" and (end := segment.find("]", at + 1 + segment.startswith(("!", "^"), at))) > 0:
            chunks[-1] += _class(segment[at:end])
            at = end + 1
        else:
            chunks[-1] += re.escape(char)
    return between_stars(chunks)


def _class(inside: str) -> str:
    negated = inside.startswith(("!", "^"))
    listed = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[negated:])
    made = f"(?!/)[{'^' if negated else ''}{listed}]"
    try:
        re.compile(made)
    except re.error:  # a range that ends before it begins holds nothing
        return "(?!)"
    return made


@lru_cache(maxsize=4096)
def _segment_regex(segment: str) -> re.Pattern[str]:
    return re.compile(_segment(segment))


def _reaches(segments: tuple[str, ...], folders: Sequence[str]) -> bool:
    places = {0}  # how many segments may have been matched so far
    for folder in ("", *folders):
        if folder:
            places = {
                place if segments[place] == "**" else place + 1
                for place in places
                if segments[place] == "**" or _segment_regex(segments[place]).fullmatch(folder)
            }
        places |= {place + 1 for place in places if place < len(segments) and segments[place] == "**"}
        places.discard(len(segments))  # nothing is left to match what lies below
    return bool(places)
