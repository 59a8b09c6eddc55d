"""Guess title, owner, tier and contact from a repository, and where its files may lie.

Nothing here is proof; a person reads the new `workload.yaml` and corrects it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from orr.evidence.checks.ownership.backstage import OWNED, entities_in, referred
from orr.evidence.checks.ownership.codeowners import TooManyRules, read_codeowners
from orr.evidence.checks.ownership.folders import owners_of_folders, read_aliases
from orr.evidence.documents.frontmatter import read_toml
from orr.evidence.documents.reading import markdown
from orr.evidence.documents.yamlstream import read_stream
from orr.evidence.errors import Undetermined
from orr.evidence.repository.conventions import Convention, conventions, usual
from orr.evidence.repository.repository import Repository

MAX_BYTES = 500_000
MAX_RUNBOOKS = 50
_TIERS = {"platinum": 1, "gold": 2, "silver": 3, "bronze": 4, "critical": 1, "1": 1, "2": 2, "3": 3, "4": 4}
_SECTIONS = (("tier", "Service Tier"), ("team", "Delivered By"), ("contact", "Supported By"))


class Guess(NamedTuple):
    """A value that was seen, and the file and line where."""

    value: Any
    source: str


class Offer(NamedTuple):
    """Files that may be of a convention, in a place where no check looks for them."""

    convention: Convention
    pattern: str
    files: tuple[str, ...]


def guess(root: Path) -> dict[str, Guess]:
    """Read what can be seen of a workload.

    Returns
    -------
    dict
        Of `title`, `team`, `contact` and `tier` those that were found; the first source
        that tells one wins: the catalog, a runbook, CODEOWNERS, OWNERS, es-metadata.yml, the
        front page, package metadata. One person is no team.
    """
    repository = Repository(root)
    found: dict[str, Guess] = {}
    sources: tuple[Callable[[Repository], Iterator[tuple[str, Guess]]], ...] = (
        _catalog,
        _runbook,
        _codeowners,
        _owners,
        _readme,
        _package,
    )
    for source in sources:
        for key, seen in source(repository):
            found.setdefault(key, seen)
    repository.close()
    return found


def offers(root: Path) -> list[Offer]:
    """What lies in places where no check looks, of conventions of which nothing lies where they do."""
    repository = Repository(root)
    found: list[Offer] = []
    for convention in conventions().values():
        try:
            if not convention.offered or repository.find(convention.read).files:
                continue
            seen = ((pattern, repository.find([pattern]).files) for pattern in convention.offered)
            found += [Offer(convention, pattern, files) for pattern, files in seen if files]
        except Undetermined:
            continue
    repository.close()
    return found


def _texts(repository: Repository, *names: str) -> Iterator[tuple[str, str]]:
    """The files of conventions that can be read, each with its text, in the order of the patterns."""
    for pattern in dict.fromkeys(pattern for name in names for pattern in usual(name)):
        try:
            for path in repository.find([pattern]).files:
                yield path, repository.text(path, MAX_BYTES)
        except Undetermined:
            continue


def _catalog(repository: Repository) -> Iterator[tuple[str, Guess]]:
    for path, text in _texts(repository, "catalog"):
        try:
            documents = read_stream(text, path)
        except Undetermined:
            continue
        for document, entity in ((one, entity) for one in documents for entity in entities_in([one])):
            if entity.kind not in OWNED:
                continue
            title = document.data.get("metadata", {}).get("title")
            if isinstance(title, str) and title.strip():
                yield "title", Guess(title.strip(), path)
            kind, name = referred(entity.owner)
            if entity.owner and kind == "group":
                yield "team", Guess(_as_name(name), path)


def _runbook(repository: Repository) -> Iterator[tuple[str, Guess]]:
    for number, (path, text) in enumerate(_texts(repository, "runbooks")):
        if number >= MAX_RUNBOOKS:
            return
        for key, heading in _SECTIONS:
            match = re.search(rf"^#+ +{heading} *\n+([^\n#]+)", text, re.MULTILINE | re.IGNORECASE)
            if match is None:
                continue
            line = text[: match.start(1)].count("\n") + 1
            value: Any = match[1].strip()
            if key == "tier":
                value = _TIERS.get(value.lower())
            if value:
                yield key, Guess(value, f"{path}:{line}")


def _codeowners(repository: Repository) -> Iterator[tuple[str, Guess]]:
    for path, text in _texts(repository, "codeowners"):
        try:
            rules = read_codeowners(text, path).rules
        except TooManyRules:
            return
        for rule in (one for one in rules if one.pattern == "*" and one.owners):
            source = f"{path}:{rule.line}"
            team = next((owner for owner in rule.owners if "/" in owner), None)
            if team is not None:
                yield "team", Guess(_as_name(team.rpartition("/")[2]), source)
            if team is not None or len(rule.owners) == 1:  # of several people none is the one to call
                yield "contact", Guess(team or rule.owners[0], source)
        return


def _owners(repository: Repository) -> Iterator[tuple[str, Guess]]:
    """The team of the root's OWNERS file, or the area that the engineering inventory names."""
    try:
        aliases = {
            name: members
            for path, text in _texts(repository, "owner-aliases")
            for name, members in read_aliases(text, path).items()
        }
        for path, text in _texts(repository, "owners"):
            for folder in owners_of_folders(text, path, aliases) if path == "OWNERS" else ():
                team = next((owner for owner in folder.owners if owner in aliases), None)
                if team is not None:
                    yield "team", Guess(_as_name(team), path)
    except Undetermined:
        pass
    for path, text in _texts(repository, "inventory"):
        area = re.search(r"^[ \t]*path:[ \t]*[\"']?([^\"'\n#]*[^\"'\s#])", text, re.MULTILINE)
        if area is not None:
            yield (
                "team",
                Guess(
                    _as_name(re.split(r"[\\/]+", area[1])[-1]), f"{path}:{text.count(chr(10), 0, area.start(1)) + 1}"
                ),
            )


def _readme(repository: Repository) -> Iterator[tuple[str, Guess]]:
    for path, text in _texts(repository, "readme"):
        title = _title_of_rst(text) if path.endswith(".rst") else _title_of_markdown(text, path)
        if title is not None:
            yield "title", Guess(title[0], f"{path}:{title[1]}")
            return


def _title_of_markdown(text: str, path: str) -> tuple[str, int] | None:
    """The first heading of level 1; where there is none, of those of level 2 the first that is HTML."""
    try:
        headings = [one for one in markdown(text, path).headings if _bare(one.text)]
    except Undetermined:
        return None
    lines = text.split("\n")
    first = next((one for one in headings if one.level == 1), None)
    if first is None:
        first = next((one for one in headings if one.level == 2 and "<h2" in lines[one.line - 1].casefold()), None)
    return None if first is None else (_bare(first.text), first.line)


def _bare(title: str) -> str:
    return re.sub(r"<[^>]*>|!\[[^\]]*\]\([^)]*\)", "", title).strip(" #`*_")


def _title_of_rst(text: str) -> tuple[str, int] | None:
    found = re.search(
        r"^(?P<title>[^\s.:|][^\n]*)\n(?P<mark>[=\-~#*^\"'+`_:.])(?P=mark){2,}[ \t]*$", text, re.MULTILINE
    )
    if found is None or len(found[0].split("\n")[1].rstrip()) < len(found["title"].rstrip()):
        return None
    return found["title"].strip(), text.count("\n", 0, found.start()) + 1


def _package(repository: Repository) -> Iterator[tuple[str, Guess]]:
    for path, text in _texts(repository, "packages"):
        try:
            data = json.loads(text) if path.endswith(".json") else read_toml(text).get("project", {})
            name = data.get("name")
        except (ValueError, AttributeError, RecursionError):
            continue
        if isinstance(name, str) and name.strip():
            yield "title", Guess(posixpath.basename(name.strip()), path)


def _as_name(team: str) -> str:
    """A team's name as a file can bear it."""
    return re.sub(r"[^\w.-]+", "-", team).strip("-.") or "unknown"
