"""Guess title, owner, tier, contact and environment from a repository, and find where its files lie.

Nothing here is proof; a person reads the new `workload.yaml` and corrects it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
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
from orr.messages import Said
from orr.workspace.topics import Topic, topics_in

MAX_BYTES = 500_000
MAX_RUNBOOKS = 50
_TIERS = {"platinum": 1, "gold": 2, "silver": 3, "bronze": 4, "critical": 1, "1": 1, "2": 2, "3": 3, "4": 4}
MAX_FILES = 200
KEYS = ("title", "team", "contact", "tier", "environment", "aws")
EXPECTED = (
    "alert-rules", "dashboards", "runbooks", "on-call-page", "roster", "objectives", "codeowners", "catalog", "scans",
    "pipelines", "change-calendar", "incidents",
)  # fmt: skip
"""What nearly every service has, so that its absence is worth a word."""
_REGION = r"[\"']?([a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2})\b"
_REGIONS = (
    (["**/*.tf"], rf"provider[ \t]+\"aws\"[ \t]*\{{[^}}]{{0,2000}}?\bregion[ \t]*=[ \t]*{_REGION}"),
    (["**/serverless.y*ml"], rf"\n[ \t]+region:[ \t]*{_REGION}"),
    (["**/samconfig.toml"], rf"\bregion[ \t]*=[ \t]*{_REGION}"),
)
_PRODUCTION = re.compile(
    r"^[ \t]+environment:(?:[ \t]*\n[ \t]+name:)?[ \t]*"
    r"[\"']?((?:prod|production|prd|live)(?:[-_/][\w-]+)?)[\"']?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SECTIONS = (("tier", "Service Tier"), ("team", "Delivered By"), ("contact", "Supported By"))


class Guess(NamedTuple):
    """A value that was seen, and the file and line where."""

    value: Any
    source: str


class Seen(NamedTuple):
    """What a repository shows of its workload.

    Attributes
    ----------
    guesses
        Of `title`, `team`, `contact`, `tier`, `environment` and `aws` those that were found.
    topics
        Where its files lie.
    missing
        Of the topics that nearly every service has and `paths` may name those of which nothing was found.
    unread
        Why the repository could not be looked through; None where it could.
    """

    guesses: Mapping[str, Guess]
    topics: tuple[Topic, ...] = ()
    missing: tuple[Convention, ...] = ()
    unread: Said | None = None


def look_around(root: Path | None, movable: Collection[str]) -> Seen:
    """Read what can be seen of a workload in its repository.

    Parameters
    ----------
    root
        The repository; None where there is none yet.
    movable
        The topics for which checks go by a workload's `paths`.
    """
    if root is None:
        return Seen({})
    repository = Repository(root)
    try:
        guesses = _guesses(repository)
        fixed = (name for name, one in conventions().items() if one.fixed)
        topics = topics_in(repository, {*movable, *EXPECTED, *fixed})
    except Undetermined as cannot:
        return Seen({}, unread=cannot.why)
    finally:
        repository.close()
    # Of what no check reads it is said where it lies, and nothing is written.
    topics = [
        one if one.convention.name in movable or one.convention.fixed else one._replace(patterns=()) for one in topics
    ]
    there = {one.convention.name for one in topics}
    missing = (conventions()[name] for name in EXPECTED if name in movable and name not in there)
    return Seen(guesses, tuple(topics), tuple(missing))


def _guesses(repository: Repository) -> dict[str, Guess]:
    """The first that any source has of each; one person is no team."""
    found: dict[str, Guess] = {}
    sources: tuple[Callable[[Repository], Iterator[tuple[str, Guess]]], ...] = (
        _catalog,
        _runbook,
        _codeowners,
        _owners,
        _readme,
        _package,
        _regions,
        _environment,
    )
    for source in sources:
        for key, seen in source(repository):
            value = " ".join(seen.value.split()) if isinstance(seen.value, str) else seen.value
            found.setdefault(key, seen._replace(value=value))
    return {key: found[key] for key in KEYS if key in found}


def _texts(repository: Repository, *names: str) -> Iterator[tuple[str, str]]:
    """Readable files of conventions with their texts, in the order of patterns."""
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
    """First heading of level 1, else the first HTML one of level 2."""
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


def _regions(repository: Repository) -> Iterator[tuple[str, Guess]]:
    """The region that the first file of Terraform, Serverless or SAM names."""
    for patterns, written in _REGIONS:
        try:
            for path in repository.find(patterns).files[:MAX_FILES]:
                text = repository.text(path, MAX_BYTES)
                named = re.search(written, text)
                if named is not None:
                    source = f"{path}:{text.count(chr(10), 0, named.start(1)) + 1}"
                    yield "aws", Guess({"regions": [named[1]]}, source)
        except Undetermined:
            continue


def _environment(repository: Repository) -> Iterator[tuple[str, Guess]]:
    """The environment of production that a pipeline deploys to."""
    for path, text in _texts(repository, "pipelines"):
        named = _PRODUCTION.search(text)
        if named is not None:
            yield "environment", Guess(named[1], f"{path}:{text.count(chr(10), 0, named.start(1)) + 1}")
            return


def _as_name(team: str) -> str:
    """A team's name as a file can bear it."""
    return re.sub(r"[^\w.-]+", "-", team).strip("-.") or "unknown"
