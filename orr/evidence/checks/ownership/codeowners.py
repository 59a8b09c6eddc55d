"""Match CODEOWNERS as GitHub, GitLab and Bitbucket do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from orr.evidence.repository.globs import between_stars, expression

MAX_RULES = 5_000
MAX_PATTERN = 1_000
MAX_STARS = 30

_SECTION = re.compile(
    r"(?P<optional>\^?)\[(?P<name>[^\[\]]{1,200})\](?:\[(?P<approvals>\d{1,3})\])?(?P<owners>(?:\s.*)?)$"
)
_OWNER = re.compile(r"@@?[\w./-]{1,200}|[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a pattern and its owners, or nobody."""

    pattern: str
    owners: tuple[str, ...]
    line: int
    section: str
    matches: re.Pattern[str]


@dataclass(slots=True)
class CodeOwners:
    """The rules of a file, in order.

    Attributes
    ----------
    path
        Where it lies.
    rules
        Its rules; within a section the last that matches decides.
    unread
        The lines that are no rule.
    sections
        The sections that have a rule; "" before the first.
    """

    path: str
    rules: list[Rule] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    sections: set[str] = field(default_factory=set)

    def owners(self, file: str) -> tuple[str, ...]:
        """Owners of a file: in each section the last matching rule."""
        decided: dict[str, tuple[str, ...]] = {}
        for rule in reversed(self.rules):
            if rule.section not in decided and rule.matches.fullmatch(file):
                decided[rule.section] = rule.owners
                if len(decided) == len(self.sections):
                    break
        return tuple(dict.fromkeys(owner for section in reversed(decided) for owner in decided[section]))


class TooManyRules(ValueError):
    """A file with more rules than are read."""


def read_codeowners(text: str, path: str) -> CodeOwners:
    """Read a CODEOWNERS file.

    Sections are GitLab's: a rule without owners in a section with some has the section's.

    Raises
    ------
    TooManyRules
        If it has more than `MAX_RULES`.
    """
    read = CodeOwners(path)
    section = ""
    default: tuple[str, ...] = ()
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        head = _SECTION.fullmatch(_uncommented(line))
        if head is not None and not _is_class(line):
            section, default = head["name"].strip().casefold(), _owners(head["owners"].split())
            continue
        pattern, words = _split(line)
        if not pattern or len(pattern) > MAX_PATTERN or pattern.count("*") > MAX_STARS or pattern.startswith("!"):
            read.unread.append(number)
            continue
        owners = _owners(words)
        if words and not owners:
            read.unread.append(number)
            continue
        read.sections.add(section)
        read.rules.append(Rule(pattern, owners or default, number, section, re.compile(_translate(pattern))))
        if len(read.rules) > MAX_RULES:
            raise TooManyRules
    return read


def _owners(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if _OWNER.fullmatch(word)))


def _uncommented(line: str) -> str:
    return re.split(r"\s#", line, maxsplit=1)[0].rstrip()


def _is_class(line: str) -> bool:
    # `[ab]*.c @owner` begins with a class of signs, and is a pattern.
    return re.match(r"\[[^\]]*\](?:\[\d+\])?[^\s]", line) is not None


def _split(line: str) -> tuple[str, list[str]]:
    """The pattern, with escaped spaces kept, and the words after it up to a comment."""
    end = 0
    while end < len(line) and not line[end].isspace():
        end += 2 if line[end] == "\\" else 1
    words = []
    for word in line[end:].split():
        if word.startswith("#"):
            break
        words.append(word)
    return line[:end], words


def _translate(pattern: str) -> str:
    """Translate a gitignore pattern to an expression for paths without a leading `/`."""
    below = pattern.endswith("/")
    bare = pattern.strip("/") if below else pattern.lstrip("/")
    anchored = pattern.startswith("/") or "/" in bare
    segments = [segment for segment in bare.split("/") if segment]
    if not segments:
        return "(?s:.*)"  # the root itself
    parts = [expression(segments if anchored else ["**", *segments], _segment)]
    if below:
        parts.append("/.+")
    elif segments[-1] == "*" and len(segments) > 1:
        pass  # `docs/*` is what lies in docs itself, not what lies deeper
    elif segments[-1] != "**":
        parts.append("(?:/.+)?")
    return "(?s:" + "".join(parts) + ")"


def _segment(segment: str) -> str:
    chunks = [""]
    at = 0
    while at < len(segment):
        sign = segment[at]
        at += 1
        if sign == "*":
            chunks.append("")
        elif sign == "\\" and at < len(segment):
            chunks[-1] += re.escape(segment[at])
            at += 1
        else:
            chunks[-1] += "[^/]" if sign == "?" else re.escape(sign)
    return between_stars(chunks)
