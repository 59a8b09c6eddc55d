"""Guess title, owner, tier and contact from a repository.

Nothing here is proof; a person reads the new `workload.yaml` and corrects it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from orr.system.paths import is_file, is_link

MAX_BYTES = 500_000
_TIERS = {"platinum": 1, "gold": 2, "silver": 3, "bronze": 4, "critical": 1, "1": 1, "2": 2, "3": 3, "4": 4}


class Guess(NamedTuple):
    """A value that was seen, and the file and line where."""

    value: Any
    source: str


def guess(repository: Path) -> dict[str, Guess]:
    """Read what can be seen of a workload.

    Returns
    -------
    dict
        Of `title`, `team`, `contact` and `tier` those that were found; the first source
        that tells one wins: Backstage's `catalog-info.yaml`, a runbook, `CODEOWNERS`,
        package metadata, `README.md`.
    """
    found: dict[str, Guess] = {}
    sources: tuple[Callable[[Path], Iterator[tuple[str, Guess]]], ...] = (
        _catalog_info,
        _runbook,
        _codeowners,
        _package,
        _readme,
    )
    for source in sources:
        for key, seen in source(repository):
            found.setdefault(key, seen)
    return found


def _text(path: Path) -> str | None:
    try:
        if is_link(path) or not is_file(path) or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _catalog_info(repository: Path) -> Iterator[tuple[str, Guess]]:
    text = _text(repository / "catalog-info.yaml")
    if text is None:
        return
    try:
        documents = [document for document in yaml.safe_load_all(text) if isinstance(document, dict)]
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    component = next((one for one in documents if one.get("kind") in ("Component", "System")), None)
    if component is None:
        return
    metadata, spec = component.get("metadata"), component.get("spec")
    if isinstance(metadata, dict) and isinstance(metadata.get("title"), str):
        yield "title", Guess(metadata["title"], "catalog-info.yaml")
    if isinstance(spec, dict) and isinstance(spec.get("owner"), str):
        yield "team", Guess(_team(spec["owner"]), "catalog-info.yaml")


def _runbook(repository: Path) -> Iterator[tuple[str, Guess]]:
    for path in sorted([*repository.glob("runbook.md"), *repository.glob("runbooks/*.md")])[:50]:
        text = _text(path)
        if text is None:
            continue
        shown = str(path.relative_to(repository))
        for key, heading in (("tier", "Service Tier"), ("team", "Delivered By"), ("contact", "Supported By")):
            match = re.search(rf"^#+ +{heading} *\n+([^\n#]+)", text, re.MULTILINE | re.IGNORECASE)
            if match is None:
                continue
            line = text[: match.start(1)].count("\n") + 1
            value: Any = match[1].strip()
            if key == "tier":
                value = _TIERS.get(value.lower())
            if value:
                yield key, Guess(value, f"{shown}:{line}")


def _codeowners(repository: Path) -> Iterator[tuple[str, Guess]]:
    for place in (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"):
        text = _text(repository / place)
        for number, line in enumerate((text or "").splitlines(), 1):
            words = line.split("#")[0].split()
            owners = [word for word in words[1:] if word.startswith("@") or "@" in word[1:]]
            if words[:1] == ["*"] and owners:
                yield "team", Guess(_team(owners[0]), f"{place}:{number}")
                yield "contact", Guess(owners[0], f"{place}:{number}")
                return


def _package(repository: Path) -> Iterator[tuple[str, Guess]]:
    text = _text(repository / "package.json")
    if text is not None:
        try:
            name = json.loads(text).get("name")
        except (ValueError, AttributeError, RecursionError):
            name = None
        if isinstance(name, str):
            yield "name", Guess(name, "package.json")
    text = _text(repository / "pyproject.toml")
    if text is not None:
        try:
            name = tomllib.loads(text).get("project", {}).get("name")
        except (tomllib.TOMLDecodeError, AttributeError, RecursionError):
            name = None
        if isinstance(name, str):
            yield "name", Guess(name, "pyproject.toml")


def _readme(repository: Path) -> Iterator[tuple[str, Guess]]:
    text = _text(repository / "README.md")
    for number, line in enumerate((text or "").splitlines(), 1):
        match = re.match(r"# +(.+)", line)
        if match is not None:
            title = re.sub(r"<[^>]*>|!\[[^\]]*\]\([^)]*\)", "", match[1])
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).strip(" #`*_")
            if title:
                yield "title", Guess(title, f"README.md:{number}")
                return


def _team(owner: str) -> str:
    """A team's name as a file can bear it: the last part of `@org/team` or `group:team`."""
    last = re.split(r"[/:@]", owner.strip().lstrip("@"))[-1 if "@" not in owner[1:] else 0]
    return re.sub(r"[^\w.-]+", "-", last).strip("-.") or "unknown"
